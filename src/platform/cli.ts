import { randomUUID } from 'node:crypto'
import { Command, Option } from 'commander'
import { type CivilDate, parseCivilDate } from '../kernel/calendar.ts'
import { type Clock, clockActingOn, systemClock } from '../kernel/clock.ts'
import { isRefusal, type Refusal, refusalKinds } from '../kernel/refusal.ts'
import { refuseUnlessPermitted } from './authorisation/authorisation.ts'
import { readsOfCommandLine } from './authorisation/command-line-reads.ts'
import { fencedReading } from './authorisation/fence.ts'
import { type CommandAnswer, type Envelope, findActor, type Progress, type Services, sha256 } from './command.ts'
import { printerWhenUsed } from './documents/printer-when-used.ts'
import { openDatabase } from './open-database.ts'
import { carriersFrom } from './outbox/carriers-when-used.ts'
import { refusePlatform } from './platform.refusals.ts'
import type { Json } from './platform.tables.ts'
import { isProduction } from './production.ts'
import { readSettings } from './settings.ts'
import { usageRefusal } from './usage-errors.ts'

export type Language = 'zh' | 'en'

/** What a human-readable answer is made of: lines, printed as they are. */
export type Lines = readonly string[]

/**
 * What the command line gives to the stages' own command files: the database, the envelope, and one way to print an
 * answer (lines or JSON), a refusal (sentence on stderr, exit code of its kind) and progress.
 */
export interface Cli {
  readonly language: Language
  readonly json: boolean
  /** The day acted for: `--today` or the civil date in China. */
  today(): CivilDate
  /** Opens the database once and checks that its schema fits this program; a refusal ends the command. */
  services(): Promise<Services>
  /** The same with who carries messages; settings that cannot work end this command alone, for the others send nothing. */
  sendingServices(): Promise<Services>
  /** Opens the database whatever its schema is; only the commands that prepare it use this. */
  unpreparedServices(): Promise<Services>
  /**
   * Envelope of a writing command: `--as`, `--dry-run`, and the command id: `--command-id`, else one derived from
   * `content` where the same content from the same person must be the same command (an import, an approval), else a
   * new one. `actor` stands in for `--as` where the command itself makes its first actor (set-up).
   */
  envelope(content?: readonly string[], actor?: string): Envelope
  /** Prints an answer: the value itself with `--json`, else the lines. */
  show(value: Json, lines: (language: Language) => Lines): void
  /** Prints a command's outcome: its refusal, or its answer with a word where it is a repeat or a dry run (`trial`). */
  showOutcome<Answer extends Json>(
    outcome: CommandAnswer<Answer> | Refusal,
    lines: (answer: Answer, language: Language, trial: boolean) => Lines,
  ): void
  /** Prints a refusal and sets the exit code of its kind. */
  refuse(refusal: Refusal): void
}

/** Ends the running command after its refusal was printed. */
export class Ended extends Error {}

interface GlobalOptions {
  as?: string
  json?: boolean
  lang?: Language
  today?: string
  data?: string
  commandId?: string
  dryRun?: boolean
  quiet?: boolean
}

/** Who may open the database: `cli.ts` adds the check that the schema fits this program. */
export type Prepare = (services: Services) => Promise<Refusal | undefined>

/** The program with its global options, and the `Cli` that reads them. */
export function createProgram(prepare: Prepare): { program: Command; cli: Cli; close: () => Promise<void> } {
  const program = new Command('qingliu')
    .description('清流：工业污水处理费计费与开账 · fee calculation and billing for industrial wastewater')
    .addOption(new Option('--as <code>', '经办人代码 who acts').env('QINGLIU_AS'))
    .addOption(new Option('--json', '以 JSON 输出 answer in JSON'))
    .addOption(new Option('--lang <lang>', '语言 language').choices(['zh', 'en']).env('QINGLIU_LANG').default('zh'))
    .addOption(new Option('--today <date>', '以此日期办理 act for this day, YYYY-MM-DD').env('QINGLIU_TODAY'))
    .addOption(
      new Option('--data <folder>', '内嵌数据库目录 folder of the embedded database')
        .env('QINGLIU_DATA')
        .default('.qingliu'),
    )
    .addOption(new Option('--command-id <id>', '命令编号，重复提交不会重复办理 id that makes a repeat harmless'))
    .addOption(new Option('--dry-run', '只试算，不保存 show what would happen, save nothing'))
    .addOption(new Option('--quiet', '不显示进度 no progress on long work'))
    .showHelpAfterError()
    .configureOutput({
      outputError: (complaint) => cli.refuse(usageRefusal(complaint)),
      // With --json a refusal is one object on stderr: the usage would follow it.
      writeErr: (text) => void (options().json || process.stderr.write(text)),
    })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()

  let opened: Services | undefined
  let prepared = false
  // In production a name on the command line is no proof of who acts, so a setting must allow it (decision 18).
  let actorByFlag: 'unused' | 'used' | 'allowed' | 'refused' = 'unused'
  const options = () => program.opts<GlobalOptions>()
  const language = (): Language => options().lang ?? 'zh'

  const cli: Cli = {
    get language() {
      return language()
    },
    get json() {
      return options().json ?? false
    },
    today: () => clockFromOptions(options(), cli).today(),
    services: async () => {
      const services = await cli.unpreparedServices()
      if (prepared) return services
      const unfit = await prepare(services)
      if (unfit !== undefined) return end(cli, unfit)
      prepared = true
      if (isProduction()) {
        const allowed = (await readSettings(services.db))['cli.actor_by_flag']
        if (!allowed && actorByFlag === 'used') return end(cli, refusePlatform('actor_flag_not_allowed'))
        actorByFlag = allowed ? 'allowed' : 'refused'
      }
      return services
    },
    sendingServices: async () => {
      const carriers = carriersFrom(process.env)
      return isRefusal(carriers) ? end(cli, carriers) : { ...(await cli.services()), carriers }
    },
    unpreparedServices: async () => {
      if (opened !== undefined) return opened
      const clock = clockFromOptions(options(), cli)
      const connection = await openDatabase(options().data ?? '.qingliu')
      if (isRefusal(connection)) return end(cli, connection)
      opened = {
        ...connection,
        clock,
        printer: printerWhenUsed(process.env['QINGLIU_FONT']),
        ...(showsProgress(options()) ? { progress: await progressBar() } : {}),
      }
      return opened
    },
    envelope: (content, founder) => {
      const { as: named, commandId, dryRun } = options()
      const actor = founder ?? named
      if (actor === undefined) return end(cli, refusePlatform('actor_missing'))
      if (founder === undefined) {
        if (actorByFlag === 'refused') return end(cli, refusePlatform('actor_flag_not_allowed'))
        if (actorByFlag === 'unused') actorByFlag = 'used'
      }
      return {
        actor,
        commandId:
          commandId ?? (content === undefined ? randomUUID() : sha256([actor, ...content].join('\n')).slice(0, 40)),
        dryRun: dryRun ?? false,
      }
    },
    show: (value, lines) => {
      process.stdout.write(
        options().json
          ? `${JSON.stringify(value, null, 2)}\n`
          : lines(language())
              .map((line) => `${line}\n`)
              .join(''),
      )
    },
    showOutcome: (outcome, lines) => {
      if (isRefusal(outcome)) return cli.refuse(outcome)
      cli.show({ answer: outcome.answer, repeated: outcome.repeated, dryRun: outcome.dryRun }, (spoken) => [
        ...(outcome.repeated
          ? [
              spoken === 'zh'
                ? '（重复提交：以下为首次办理的结果，未作改动）'
                : '(A repeat: the first answer follows; nothing was changed.)',
            ]
          : []),
        ...(outcome.dryRun ? [spoken === 'zh' ? '（试算：未保存）' : '(Dry run: nothing was saved.)'] : []),
        ...lines(outcome.answer, spoken, outcome.dryRun),
      ])
    },
    refuse: (refusal) => {
      process.exitCode = refusalKinds[refusal.entry.kind].exitCode
      if (options().json) {
        const said = {
          code: refusal.code,
          kind: refusal.entry.kind,
          zh: refusal.sentence('zh'),
          en: refusal.sentence('en'),
        }
        process.stderr.write(`${JSON.stringify({ refusal: { ...said, parameters: refusal.parameters } }, null, 2)}\n`)
      } else {
        const [first, second] = language() === 'zh' ? (['zh', 'en'] as const) : (['en', 'zh'] as const)
        process.stderr.write(`${refusal.sentence(first)}\n${refusal.sentence(second)}\n`)
      }
    },
  }
  // Whoever is on the machine with its database reads everything; who is named by --as reads what they may, and no more.
  let endReading: (() => Promise<void>) | undefined
  program.hook('preAction', async (_, command) => {
    const permission = readsOfCommandLine[wordsOf(command)]
    const { as: code } = options()
    if (permission === undefined || code === undefined) return
    const services = await cli.services()
    const actor = await findActor(services.db, code, services.clock.today())
    if (actor === undefined) return end(cli, refusePlatform('actor_unknown', { actor: code }))
    const forbidden = refuseUnlessPermitted(actor, permission)
    if (forbidden !== undefined) return end(cli, forbidden)
    const reading = await fencedReading(services, actor, permission)
    opened = reading.services
    endReading = reading.end
  })
  const close = async () => {
    await endReading?.()
    await opened?.close()
    opened = undefined
  }
  return { program, cli, close }
}

/** `bills show`: a command by its words, without the program's own. */
function wordsOf(command: Command): string {
  const words: string[] = []
  for (let at: Command | null = command; at?.parent != null; at = at.parent) words.unshift(at.name())
  return words.join(' ')
}

function end(cli: Cli, refusal: Refusal): never {
  cli.refuse(refusal)
  throw new Ended(refusal.code)
}

function clockFromOptions(options: GlobalOptions, cli: Cli): Clock {
  if (options.today === undefined) return systemClock
  const today = parseCivilDate(options.today)
  if (today === undefined) {
    return end(cli, refusePlatform('value_malformed', { field: '--today', value: options.today, rule: 'YYYY-MM-DD' }))
  }
  return clockActingOn(today)
}

function showsProgress(options: GlobalOptions): boolean {
  return !options.json && !options.quiet && process.stderr.isTTY === true
}

/** A bar on stderr for long work; one after the other as the work changes. */
export async function progressBar(): Promise<(step: Progress) => void> {
  const { SingleBar } = await import('cli-progress')
  let bar: InstanceType<typeof SingleBar> | undefined
  let current: string | undefined
  return (step) => {
    if (current !== step.what) {
      bar?.stop()
      bar = new SingleBar({
        format: `${step.what} {bar} {value} / {total}  {eta_formatted}`,
        stream: process.stderr,
        hideCursor: null,
      })
      bar.start(step.total ?? 0, 0)
      current = step.what
    }
    if (step.total !== undefined) bar?.setTotal(step.total)
    bar?.update(step.done)
    if (step.total !== undefined && step.done >= step.total) {
      bar?.stop()
      bar = undefined
      current = undefined
    }
  }
}

/** How many to list, as an option says: a whole number from 1 to `most`. */
export function readCount(field: string, text: string, most: number): number | Refusal {
  const count = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
  return count <= most ? count : malformed(field, text, `1 … ${most}`)
}

/** Refuses a malformed argument in the words of `value_malformed`. */
export function malformed(field: string, value: string, rule: string): Refusal {
  return refusePlatform('value_malformed', { field, value, rule })
}
