import { createApp } from './app.tsx'
import { systemClock } from './kernel/clock.ts'
import type { Services } from './platform/command.ts'
import { connectPostgres } from './platform/connect-postgres.ts'

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
}

function openServices({ HYPERDRIVE: hyperdrive }: WorkerBindings): Services | undefined {
  if (hyperdrive === undefined) return undefined
  return { ...connectPostgres(hyperdrive.connectionString, 1), clock: systemClock }
}
