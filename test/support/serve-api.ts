import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { sql } from 'kysely'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { civilDate } from '../../src/kernel/calendar.ts'
import { clockActingOn } from '../../src/kernel/clock.ts'
import { connectPostgres } from '../../src/platform/connect-postgres.ts'

/**
 * The API with the pages, or beside it a bare Hono route and a bare page with one primary-key query each, in a process of
 * its own on a free port of this machine, which it prints:
 *   serve-api.ts api|bare DATABASE_URL [TODAY]
 */
const [what, url = '', today = '2026-05-02'] = process.argv.slice(2)
const services = { ...connectPostgres(url, 8), clock: clockActingOn(civilDate(today)) }

function bare(): Hono {
  const app = new Hono()
  app.get('/bare/:bill', async (context) => {
    const { rows } = await sql`select * from bills where id = ${context.req.param('bill')}::bigint`.execute(services.db)
    return context.json(rows[0] ?? null)
  })
  app.get('/bare-page/:bill', async (context) => {
    const { rows } = await sql<{ id: string; total_amount: string }>`
      select * from bills where id = ${context.req.param('bill')}::bigint`.execute(services.db)
    const [bill] = rows
    return context.html(html`<!doctype html><title>${bill?.id}</title><p>${bill?.total_amount}</p>`)
  })
  return app
}

const report = (_: string, error: unknown) => void process.stderr.write(`${String(error)}\n`)
const app =
  what === 'bare'
    ? bare()
    : createApp(() => services, { access: { kind: 'development', actor: 'clerk' }, parts: partsOnNode(report) })
serve({ fetch: (request) => app.fetch(request), hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  process.stdout.write(`${port}\n`)
})
