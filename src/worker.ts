import { refuseJob } from '../jobs/jobs.refusals.ts'
import { runDueJobs } from '../jobs/run-due-jobs.ts'
import { sendDueMessages, sentInWords } from '../jobs/send-due-messages.ts'
import { createApp } from './app.tsx'
import { systemClock } from './kernel/clock.ts'
import { isRefusal } from './kernel/refusal.ts'
import type { Services } from './platform/command.ts'
import { connectPostgres } from './platform/connect-postgres.ts'
import { smsSettings } from './platform/outbox/carrier-settings.ts'
import { smsHook } from './platform/outbox/sms-hook.ts'

/** The part of a cron trigger’s event that is used. */
export interface CronEvent {
  /** The instant of the tick, in milliseconds. */
  readonly scheduledTime: number
}
/** What wrangler.toml binds to the worker. Without Hyperdrive there is no database. */
export interface WorkerBindings {
  readonly HYPERDRIVE?: { readonly connectionString: string }
  /** The hook for SMS; a worker has no sockets for mail, which a Node server of the same database sends. */
  readonly QINGLIU_SMS_URL?: string
  readonly QINGLIU_SMS_SECRET?: string
}
/** The part of Cloudflare's execution context that is used. */
export interface WorkerContext {
  waitUntil(work: Promise<unknown>): void
}

const app = createApp((bindings: { services: Services | undefined }) => bindings.services)

export default {
  /** Answers one request with a pool of its own: a connection of another request is dead here. */
  async fetch(request: Request, bindings: WorkerBindings, context: WorkerContext): Promise<Response> {
    const services = openServices(bindings)
    try {
      return await app.fetch(request, { services })
    } finally {
      if (services !== undefined) context.waitUntil(services.close())
    }
  },

  /** One tick of the schedule, with a pool of its own. What it leaves over is due at the next. */
  async scheduled(event: CronEvent, bindings: WorkerBindings, context: WorkerContext): Promise<void> {
    // A second connection gives signs of life while the first one works.
    const services = openServices(bindings, 2)
    if (services === undefined) return
    const runner = `worker-${crypto.randomUUID()}`
    const tickAt = new Date(event.scheduledTime)
    try {
      const report = await runDueJobs(services, tickAt, {
        runner,
        slotsMaximum: 50,
        told: ({ slot, outcome, result, error }) => {
          const said = { job: slot.job, dueAt: slot.dueAt.toISOString(), outcome, summary: result?.summary.en }
          if (error !== undefined) console.error(JSON.stringify({ ...said, error: String(error) }))
          else console.log(JSON.stringify(said))
        },
      })
      const sent = sentInWords(await sendDueMessages(services, tickAt, { runner, most: 20 }))
      if (sent !== undefined) console.log(JSON.stringify({ sent }))
      if (!report.appointed) console.warn(refuseJob('nobody_appointed').sentence('en'))
    } finally {
      context.waitUntil(services.close())
    }
  },
}

function openServices(bindings: WorkerBindings, connections = 1): Services | undefined {
  const { HYPERDRIVE: hyperdrive, QINGLIU_SMS_URL, QINGLIU_SMS_SECRET } = bindings
  if (hyperdrive === undefined) return undefined
  const sms = smsSettings({ QINGLIU_SMS_URL, QINGLIU_SMS_SECRET })
  if (isRefusal(sms)) console.error(sms.sentence('en'))
  const carriers = sms === undefined || isRefusal(sms) ? {} : { sms: smsHook(sms) }
  return { ...connectPostgres(hyperdrive.connectionString, connections), clock: systemClock, carriers }
}
