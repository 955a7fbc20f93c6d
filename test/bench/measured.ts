import { migrate } from '../../db/migrate.ts'
import { approveRun } from '../../src/bills/approve-run.ts'
import { draftRun } from '../../src/bills/draft-run.ts'
import { feeMonth as asMonth, civilDate } from '../../src/kernel/calendar.ts'
import { clockActingOn } from '../../src/kernel/clock.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import type { Services } from '../../src/platform/command.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { importReadings } from '../../src/readings/import-readings.ts'
import { secondsOf } from './baseline.ts'
import { feeMonth, seedRegistry, today } from './seed.ts'

/**
 * One measured piece of work in a process of its own, so that its memory is its own:
 *   measured.ts import|run|seed-embedded DATABASE [FILE|ACCOUNTS]
 * Prints one JSON line: seconds by step, seconds of processor the program itself took, its peak memory in MiB.
 */
const [task, database = '', argument = ''] = process.argv.slice(2)

async function open(): Promise<Services> {
  const connection = database.startsWith('postgres') ? connectPostgres(database) : await connectEmbedded(database)
  if (isRefusal(connection)) throw new Error(connection.sentence('en'))
  return { ...connection, clock: clockActingOn(civilDate(today)) }
}

function answered<T>(outcome: T): Exclude<T, { sentence: unknown }> {
  if (isRefusal(outcome)) throw new Error(outcome.sentence('en'))
  return outcome as Exclude<T, { sentence: unknown }>
}

const services = await open()
const seconds: Record<string, number> = {}
if (task === 'seed-embedded') {
  await migrate(services.db)
  await seedRegistry(services, Number(argument))
}
if (task === 'import') {
  seconds['import'] = await secondsOf(async () => {
    const outcome = answered(
      await importReadings(
        services,
        { commandId: 'bench-import', actor: 'operator' },
        { collectorCode: 'bench', path: argument, feeMonth: asMonth(feeMonth) },
      ),
    )
    process.stderr.write(`${JSON.stringify(outcome.answer).slice(0, 400)}\n`)
  })
}
if (task === 'run') {
  let digest = ''
  let runId = ''
  seconds['draft'] = await secondsOf(async () => {
    const drafted = answered(
      await draftRun(services, { commandId: 'bench-draft', actor: 'clerk' }, { feeMonth: asMonth(feeMonth) }),
    )
    digest = drafted.answer.digest
    runId = drafted.answer.runId
  })
  seconds['issue'] = await secondsOf(async () => {
    const issued = answered(
      await approveRun(
        services,
        { commandId: 'bench-approve', actor: 'approver' },
        { runId, digestSeen: digest, acknowledge: '基准测试' },
        settleIssued,
      ),
    )
    process.stderr.write(`${JSON.stringify(issued.answer)}\n`)
  })
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6
process.stdout.write(`${JSON.stringify({ task, seconds, cpuSeconds, peakMiB: Math.round(maxRSS / 1024) })}\n`)
await services.close()
