import { as, done } from '../../fixtures/load-district.ts'
import { runDueJobs } from '../../jobs/run-due-jobs.ts'
import { openRounds } from '../../jobs/slots.store.ts'
import { approveRun } from '../../src/bills/approve-run.ts'
import { draftRun } from '../../src/bills/draft-run.ts'
import { civilDate, feeMonth } from '../../src/kernel/calendar.ts'
import { clockActingOn } from '../../src/kernel/clock.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { settleIssued } from '../../src/payments/settle-issued.ts'
import type { Services } from '../../src/platform/command.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { importReadings } from '../../src/readings/import-readings.ts'

/**
 * One piece of work in a process of its own, to be killed or repeated by a test: `act.ts import DATABASE FILE`,
 * `act.ts run DATABASE`, `act.ts approve DATABASE RUN DIGEST`, `act.ts pay DATABASE FILE` (of `gx-water`, on 21 April),
 * `act.ts tick DATABASE INSTANT LEASE` (until nothing that is due is left, here or with another; the lease in seconds). Prints `ready` when the database is open and the work begins, then the answer, then `closed`.
 */
const [task, database = '', named = '', digestSeen = ''] = process.argv.slice(2)
const month = feeMonth('2026-03')
// Fifty processes share a server: one connection each.
const connection = database.startsWith('postgres') ? connectPostgres(database, 1) : await connectEmbedded(database)
if (isRefusal(connection)) {
  process.stdout.write(`refused ${connection.code}\n`)
  process.exit(0)
}
const today = civilDate(task === 'pay' ? '2026-04-21' : '2026-04-03')
const services: Services = { ...connection, clock: clockActingOn(today) }
process.stdout.write('ready\n')
if (task === 'import') {
  // Bundled code does not know where the fixtures are, so the file is named.
  const file = { collectorCode: 'gx-water', path: named, feeMonth: month }
  const answer = done(await importReadings(services, as('gx-operator', 'readings', 'gx-water', '2026-03'), file))
  process.stdout.write(`answer ${JSON.stringify(answer)}\n`)
} else if (task === 'pay') {
  const file = { collectorCode: 'gx-water', path: named }
  const answer = done(await importPayments(services, as('gx-operator', 'payments', 'gx-water'), file))
  process.stdout.write(`answer ${JSON.stringify(answer)}\n`)
} else if (task === 'tick') {
  const options = { runner: `act-${process.pid}`, leaseSeconds: Number(process.argv[5]) }
  const mine: string[] = []
  for (;;) {
    const report = await runDueJobs(services, new Date(named), options)
    mine.push(...report.worked.map(({ slot }) => `${slot.job} ${slot.dueAt.toISOString()}`))
    if (report.leftForNextTick === 0 && (await openRounds(services.db)).length === 0) break
    if (report.worked.length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  process.stdout.write(`answer ${JSON.stringify(mine)}\n`)
} else if (task === 'approve') {
  const approval = { runId: named, digestSeen, acknowledge: '已逐户核对' }
  const answer = done(await approveRun(services, as('approver', 'approve'), approval, settleIssued))
  process.stdout.write(`answer ${JSON.stringify(answer)}\n`)
} else {
  const drafted = done(await draftRun(services, as('clerk', 'draft'), { feeMonth: month }))
  const approval = { runId: drafted.runId, digestSeen: drafted.digest, acknowledge: '已逐户核对' }
  const answer = done(await approveRun(services, as('approver', 'approve'), approval, settleIssued))
  process.stdout.write(`answer ${JSON.stringify(answer)}\n`)
}
await services.close()
process.stdout.write('closed\n')
