import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { migrate } from '../../db/migrate.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { benchApi } from './api.ts'
import { bareImport, bareRun } from './baseline.ts'
import { benchPages } from './pages.ts'
import { benchPaymentImport, benchReads } from './payments.ts'
import { fileRows, seedRegistry } from './seed.ts'

/**
 * `npm run bench`: each part beside the bare baseline of the same rows in the same run. Machines are noisy, so the ratio
 * is what counts. `-- WORD` runs one part alone (`parts` below), `-- --sizes 10000,1000000` and the like choose its size.
 * All but the embedded part need DATABASE_URL.
 */
const option = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? otherwise : (process.argv[at + 1] ?? otherwise)
}
const sizes = option('sizes', '10000,1000000').split(',').map(Number)
const embeddedSize = Number(option('embedded', '100000'))
const folder = mkdtempSync(join(tmpdir(), 'qingliu-bench-'))

/** As `npm run qingliu` starts the program. */
const nodeOptions = ['--max-semi-space-size=64', '--import', 'tsx']

interface Measured {
  readonly seconds: Record<string, number>
  readonly cpuSeconds: number
  readonly peakMiB: number
}
async function inOwnProcess(...args: string[]): Promise<Measured> {
  const script = fileURLToPath(new URL('./measured.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, script, ...args], {
    maxBuffer: 1 << 26,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Measured
}

async function writeFile(rows: number): Promise<string> {
  const file = join(folder, `readings-${rows}.csv`)
  const lines = function* () {
    let text = ''
    for (const row of fileRows(rows)) {
      text += `${row}\n`
      if (text.length > 1 << 16) {
        yield text
        text = ''
      }
    }
    yield text
  }
  await pipeline(Readable.from(lines()), createWriteStream(file))
  return file
}

const rate = (rows: number, seconds: number) => `${Math.round(rows / seconds).toLocaleString('en')}/s`
const ownUse = ({ cpuSeconds, peakMiB }: Measured) => `program's CPU ${cpuSeconds.toFixed(1)} s, peak ${peakMiB} MiB`
const print = (text: string) => process.stdout.write(`${text}\n`)

async function onPostgres(url: string): Promise<void> {
  const rates: { rows: number; importRate: number; runRate: number }[] = []
  for (const rows of sizes) {
    const file = await writeFile(rows)
    const admin = connectPostgres(url, 1)
    const name = `qingliu_bench_${randomUUID().slice(0, 8)}`
    const address = (database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).toString()
    try {
      await sql`create database ${sql.id(name)}`.execute(admin.db)
      const seeded = connectPostgres(address(name))
      await migrate(seeded.db)
      await seedRegistry(seeded, rows)
      await seeded.close()
      await sql`create database ${sql.id(`${name}_bare`)} template ${sql.id(name)}`.execute(admin.db)

      // Nobody pays for the pages that the piece before has left to be written.
      const settled = () => sql`checkpoint`.execute(admin.db)
      await settled()
      const bare = await bareImport(address(`${name}_bare`), file)
      await settled()
      const imported = await inOwnProcess('import', address(name), file)
      await settled()
      const bareBills = await bareRun(address(`${name}_bare`))
      await settled()
      const ran = await inOwnProcess('run', address(name))

      const bareImportSeconds = bare.copy + bare.insert
      const importSeconds = imported.seconds['import'] ?? Number.NaN
      const bareRunSeconds = bareBills.bills + bareBills.lines + bareBills.items
      const draft = ran.seconds['draft'] ?? Number.NaN
      const issue = ran.seconds['issue'] ?? Number.NaN
      print(`PostgreSQL, ${rows.toLocaleString('en')} accounts`)
      print(
        `  import    bare ${bareImportSeconds.toFixed(2)} s (COPY ${bare.copy.toFixed(2)}, INSERT ${bare.insert.toFixed(2)})   qingliu ${importSeconds.toFixed(2)} s, ${rate(rows, importSeconds)}, ${ownUse(imported)}   ratio ${(importSeconds / bareImportSeconds).toFixed(2)}`,
      )
      print(
        `  bill run  bare ${bareRunSeconds.toFixed(2)} s (bills ${bareBills.bills.toFixed(2)}, lines ${bareBills.lines.toFixed(2)}, items ${bareBills.items.toFixed(2)})   qingliu ${(draft + issue).toFixed(2)} s (draft ${draft.toFixed(2)}, issue ${issue.toFixed(2)}), ${rate(rows, draft + issue)}, ${ownUse(ran)}   ratio ${((draft + issue) / bareRunSeconds).toFixed(2)}`,
      )
      rates.push({ rows, importRate: rows / importSeconds, runRate: rows / (draft + issue) })
    } finally {
      for (const database of [`${name}_bare`, name])
        await sql`drop database if exists ${sql.id(database)} with (force)`.execute(admin.db)
      await admin.close()
      rmSync(file, { force: true })
    }
  }
  const [small] = rates
  const large = rates.at(-1)
  if (small === undefined || large === undefined || small === large) return
  print(
    `  rate at ${large.rows.toLocaleString('en')} ÷ rate at ${small.rows.toLocaleString('en')}: import ${(large.importRate / small.importRate).toFixed(2)}, bill run ${(large.runRate / small.runRate).toFixed(2)}`,
  )
}

async function onEmbedded(rows: number): Promise<void> {
  const file = await writeFile(rows)
  const data = join(folder, 'data')
  await inOwnProcess('seed-embedded', data, String(rows))
  const imported = await inOwnProcess('import', data, file)
  const ran = await inOwnProcess('run', data)
  const importSeconds = imported.seconds['import'] ?? Number.NaN
  const runSeconds = (ran.seconds['draft'] ?? Number.NaN) + (ran.seconds['issue'] ?? Number.NaN)
  print(`Embedded (PGlite), ${rows.toLocaleString('en')} accounts`)
  print(`  import    ${importSeconds.toFixed(2)} s, ${rate(rows, importSeconds)}, ${ownUse(imported)}`)
  print(`  bill run  ${runSeconds.toFixed(2)} s, ${rate(rows, runSeconds)}, ${ownUse(ran)}`)
}

/** Bills of a month, the way a district makes them: its file, a draft, an approval. */
async function billAMonth(address: string, rows: number): Promise<void> {
  await inOwnProcess('import', address, await writeFile(rows))
  await inOwnProcess('run', address)
}

type Part = (url: string) => Promise<void>

/** The parts that ask PostgreSQL, by the word that runs one alone. */
const parts: Readonly<Record<string, Part>> = {
  'import-and-run': onPostgres,
  payments: async (url) => {
    for (const rows of option('payments', '1000000').split(',').map(Number)) await benchPaymentImport(url, rows, print)
  },
  reads: (url) => benchReads(url, Number(option('reads', '100000')), print),
  api: (url) => benchApi(url, Number(option('bills', '10000')), billAMonth),
  pages: (url) => benchPages(url, Number(option('accounts', '100000')), print),
}
/** Without a word. The API is measured by itself: its load wants both cores. */
const usualParts = ['import-and-run', 'payments', 'reads', 'embedded']

const word = process.argv[2]?.startsWith('--') === false ? process.argv[2] : undefined
const url = process.env['DATABASE_URL']
try {
  for (const name of word === undefined ? usualParts : [word]) {
    const part = parts[name]
    if (name === 'embedded') {
      if (embeddedSize > 0) await onEmbedded(embeddedSize)
    } else if (part === undefined) {
      print(`There is no part "${name}": ${[...Object.keys(parts), 'embedded'].join(' | ')}.`)
      process.exitCode = 2
    } else if (url === undefined) print(`DATABASE_URL is not set: ${name} was not measured.`)
    else await part(url)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
// Nothing that was left open, such as a connection of a server that was ended, keeps the answer waiting.
process.exit()
