import { refuseJob } from '../jobs/jobs.refusals.ts'
import { runDueJobs } from '../jobs/run-due-jobs.ts'
import { createApp } from './app.tsx'
import { systemClock } from './kernel/clock.ts'
import type { Services } from './platform/command.ts'
import { connectPostgres } from './platform/connect-postgres.ts'

/** The part of a cron trigger’s event that is used. */
export interface CronEvent {
  /** The instant of the tick, in milliseconds. */
  readonly scheduledTime: number
}
/** What wrangler.toml binds to the worker. Without Hyperdrive there is no database. */
export interface WorkerBindings {
  readonly HYPERDRIVE?: { readonly connectionString: string }
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
    try {
      const report = await runDueJobs(services, new Date(event.scheduledTime), {
        runner: `worker-${crypto.randomUUID()}`,
        slotsMaximum: 50,
        told: ({ slot, outcome, result, error }) => {
          const said = { job: slot.job, dueAt: slot.dueAt.toISOString(), outcome, summary: result?.summary.en }
          if (error !== undefined) console.error(JSON.stringify({ ...said, error: String(error) }))
          else console.log(JSON.stringify(said))
        },
      })
      if (!report.appointed) console.warn(refuseJob('nobody_appointed').sentence('en'))
    } finally {
      context.waitUntil(services.close())
    }
  },
}

function openServices({ HYPERDRIVE: hyperdrive }: WorkerBindings, connections = 1): Services | undefined {
  if (hyperdrive === undefined) return undefined
  return { ...connectPostgres(hyperdrive.connectionString, connections), clock: systemClock }
}
