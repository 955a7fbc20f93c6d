import { serve } from '@hono/node-server'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import type { Services } from '../../src/platform/command.ts'

export interface Served {
  readonly address: string
  /** What failed in the server since it was asked last. */
  readonly failures: () => string[]
  readonly stop: () => Promise<void>
}

/** Serves the sites on a free port of this machine; a window says in whose name it asks. */
export function serveSites(services: () => Services): Promise<Served> {
  const failed: string[] = []
  const app = createApp(services, {
    access: { kind: 'development', actor: 'clerk' },
    parts: partsOnNode((_, error) => failed.push(String(error))),
    report: ({ path, error }) => failed.push(`${path}: ${error instanceof Error ? error.stack : String(error)}`),
  })
  return new Promise((resolve) => {
    const server = serve({ fetch: (request) => app.fetch(request), hostname: '127.0.0.1', port: 0 }, ({ port }) =>
      resolve({
        address: `http://127.0.0.1:${port}`,
        failures: () => failed.splice(0),
        stop: () =>
          new Promise<void>((done) => {
            server.close(() => done())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      }),
    )
  })
}
