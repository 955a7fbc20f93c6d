import { civilDate } from '../../src/kernel/calendar.ts'
import { clockActingOn } from '../../src/kernel/clock.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { importPayments } from '../../src/payments/import-payments.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'
import { secondsOf } from './baseline.ts'
import { askedOn } from './billed-months.ts'

/** One import of payments in a process of its own, so that its memory is its own: `measured-payments.ts DATABASE FILE`. */
const [database = '', file = ''] = process.argv.slice(2)
const services = { ...connectPostgres(database), clock: clockActingOn(civilDate(askedOn)) }
let answer: { readonly payments: number } = { payments: 0 }
const seconds = await secondsOf(async () => {
  const envelope = { commandId: 'bench-payments', actor: 'operator' }
  const outcome = await importPayments(services, envelope, { collectorCode: 'bench', path: file })
  if (isRefusal(outcome)) throw new Error(outcome.sentence('en'))
  answer = outcome.answer
})
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${JSON.stringify({ seconds, peakMiB, answer: { payments: answer.payments } })}\n`)
await services.close()
