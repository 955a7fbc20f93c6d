import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { openTable } from '../../src/platform/tables/read-table.ts'
import { type Answered, apiOver } from '../support/api.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { SmallTown } from '../support/small-town.ts'

const csv = (rows: readonly string[]) => ['户号,表号,上期读数,本期读数,用水量,抄表日期', ...rows].join('\n')
const march = csv([
  '1001,M1001,0,100,100,2026-03-31',
  '1002,M1002,0,250,250,2026-03-31',
  '1003,M1003,0,7,7,2026-03-31',
  ',,,,,',
])

// A place of this file's own, so that what is left behind is its own.
const place = mkdtempSync(join(tmpdir(), 'qingliu-works-'))
process.env['TMPDIR'] = place
afterAll(() => rmSync(place, { recursive: true, force: true }))

onEveryDatabase('files and long work over the API', (connection) => {
  let town: SmallTown
  const parts = partsOnNode(() => undefined)
  const api = apiOver(() => town.services, { parts })

  const send = (path: string, body: string, headers: Record<string, string>): Promise<Answered> =>
    api.raw(path, { method: 'POST', body, headers: { 'content-type': 'text/csv', ...headers } })
  /** Asks until the work is over, as a client would. */
  async function outcome(started: Answered): Promise<Answered['body']> {
    expect([started.status, started.body.problem ?? null]).toEqual([202, null])
    const location = started.headers.get('location') ?? ''
    expect(location).toBe(`/api/v1/works/${started.body.workId}`)
    for (;;) {
      const { body } = await api.get(location.slice('/api/v1'.length))
      if (body.state !== 'running') return body
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const etagOf = async (path: string) => (await api.get(path)).headers.get('etag') ?? ''

  beforeAll(async () => {
    town = await SmallTown.found(connection(), '2026-01-20')
    for (const no of ['1001', '1002', '1003', '1004']) await town.enrol(no, { openedOn: '2026-02-01' })
    town.on('2026-04-02')
  })
  afterAll(() => town.leave())

  it('a file of readings is taken in after the request, and the poller is told rows, then the verdict', async () => {
    const started = await send('/readings/imports?collector=water&month=2026-03&fileName=三月.csv', march, {
      'idempotency-key': 'import-march',
    })
    expect(started.body).toMatchObject({ fileName: '三月.csv', byteCount: Buffer.byteLength(march), state: 'running' })
    const done = await outcome(started)
    expect(done).toMatchObject({ state: 'done', repeated: false, problem: null })
    expect(done.answer).toMatchObject({ collector: 'water', feeMonth: '2026-03', file: '三月.csv', rows: { in: 3 } })
    expect(done.progress).toMatchObject({ done: expect.any(Number) })
    expect(Date.parse(done.endedAt)).toBeGreaterThanOrEqual(Date.parse(done.startedAt))

    // Sent again under its key: the same work; under another key: a repeat of the import; other content: refused by name.
    const path = '/readings/imports?collector=water&month=2026-03&fileName=三月.csv'
    const again = await send(path, march, { 'idempotency-key': 'import-march' })
    expect([again.status, again.body.workId, again.headers.get('idempotent-replayed')]).toEqual([
      202,
      done.workId,
      'true',
    ])
    expect((await outcome(await send(path, march, { 'idempotency-key': 'import-march-2' }))).answer.importId).toBe(
      done.answer.importId,
    )
    const other = await send(path, `${march}\n1004,M1004,0,1,1,2026-03-31`, { 'idempotency-key': 'import-march' })
    expect([other.status, other.body.code]).toEqual([409, 'command_id_reused'])

    const listed = await api.get('/works?limit=1')
    expect(listed.body.items[0]).toMatchObject({ route: 'post-readings-imports', state: 'done' })
    expect((await api.get(listed.body.next.slice('/api/v1'.length))).body.items[0].workId).toBe(done.workId)
  })

  it('what is refused says so to the poller, in both languages, and begins anew when it is sent again', async () => {
    const bad = '甲,乙\n1,2'
    const path = '/readings/imports?collector=water&month=2026-03&fileName=x.csv'
    const first = await outcome(await send(path, bad, { 'idempotency-key': 'bad-header' }))
    expect(first).toMatchObject({ state: 'refused', answer: null, problem: { status: 422 } })
    expect(first.problem.zh).toMatch(/\p{Script=Han}/u)
    const second = await outcome(await send(path, bad, { 'idempotency-key': 'bad-header' }))
    expect([second.state, second.workId === first.workId]).toEqual(['refused', false])
  })

  it('a trial stores nothing, and its key is free afterwards', async () => {
    const april = csv(['1001,M1001,100,150,50,2026-04-30'])
    const path = '/readings/imports?collector=water&month=2026-04&fileName=april.csv'
    town.on('2026-05-02')
    const tried = await outcome(await send(`${path}&dryRun=true`, april, { 'idempotency-key': 'april-once' }))
    expect(tried).toMatchObject({ state: 'done', dryRun: true, answer: { rows: { accepted: 1 } } })
    expect((await api.get('/readings/imports?month=2026-04')).body.items).toEqual([])
    const preview = await outcome(
      await send(path.replace('imports', 'previews'), april, { 'idempotency-key': 'april-preview' }),
    )
    expect(preview.answer).toMatchObject({ headerRow: 1, mappingSource: 'recognised', importedBefore: false })
    const done = await outcome(await send(path, april, { 'idempotency-key': 'april-once' }))
    expect(done).toMatchObject({ state: 'done', dryRun: false, repeated: false })
    town.on('2026-04-02')
  })

  it('a body too large, of another type, or without a sensible name is refused before any work', async () => {
    const path = '/readings/imports?collector=water&fileName='
    const types = await send(`${path}a.csv`, march, { 'content-type': 'text/plain', 'idempotency-key': 'type-wrong' })
    expect([types.status, types.body.code]).toEqual([415, 'media_type_unsupported'])
    for (const name of ['..', '..%2Fa.csv', 'a%2Fb', '', 'a%5Cb']) {
      const named = await send(path + name, march, { 'idempotency-key': 'name-wrong' })
      expect([named.status, named.body.code], name).toEqual([400, 'input_invalid'])
    }
    expect((await send(`${path}a.csv`, march, {})).body.code).toBe('idempotency_key_missing')
  })

  it('leaves no file behind', async () => {
    await parts.settled()
    expect(tmpdir()).toBe(place)
    expect(readdirSync(place).filter((name) => /^qingliu-[A-Za-z0-9]{6}$/.test(name))).toEqual([])
  })

  it('held rows are listed, decided under If-Match, and given back as a file that opens', async () => {
    town.on('2026-05-02')
    const doubtful = csv(['1002,M1002,250,100250,100000,2026-04-30', '9999,M9,0,1,1,2026-04-30'])
    const { answer } = await outcome(
      await send('/readings/imports?collector=water&month=2026-04&fileName=d.csv', doubtful, {
        'idempotency-key': 'doubtful-1',
      }),
    )
    const at = `/readings/imports/${answer.importId}`
    const held = await api.get(`${at}/rows?undecided=true`)
    expect(held.body.items.length).toBe(answer.rows.held + answer.rows.rejected)
    expect(held.body.items.length).toBeGreaterThan(0)

    for (const format of ['csv', 'xlsx']) {
      const file = await connectionlessDownload(`${at}/rows/file?format=${format}`)
      expect(file.headers.get('content-disposition')).toContain(encodeURIComponent(`待改正.${format}`))
      const folder = mkdtempSync(join(tmpdir(), 'qingliu-test-'))
      const saved = join(folder, `x.${format}`)
      writeFileSync(saved, Buffer.from(await file.arrayBuffer()))
      const table = await openTable({ path: saved, name: `x.${format}` })
      if (isRefusal(table)) throw new Error(table.sentence('en'))
      let rows = 0
      for await (const block of table.blocks()) if (!isRefusal(block)) rows += block.rows.length
      await table.close()
      expect(rows).toBeGreaterThan(held.body.items.length)
    }

    const reject = (headers: Record<string, string>) =>
      api.write('POST', `${at}/rows/rejection`, { rowNos: [held.body.items[0].rowNo], reason: '核实不属实' }, headers)
    expect((await reject({})).body.code).toBe('if_match_missing')
    const seen = await etagOf(at)
    expect((await reject({ 'if-match': seen })).body).toMatchObject({ decided: 1 })
    expect([(await reject({ 'if-match': seen })).status]).toEqual([412])
  })

  async function connectionlessDownload(path: string): Promise<Response> {
    const { createApp } = await import('../../src/app.tsx')
    const app = createApp(() => town.services, { access: { kind: 'development', actor: 'clerk' }, parts })
    const response = await app.request(`/api/v1${path}`)
    expect(response.status).toBe(200)
    return response
  }

  it('a month is drafted as long work, issued by another person who saw it, and its bills are read', async () => {
    town.on('2026-04-02')
    await town.freeze('2026-03')
    const draft = await outcome(await api.write('POST', '/bill-runs', { feeMonth: '2026-03' }))
    expect(draft).toMatchObject({ state: 'done', answer: { runId: expect.any(String), digest: expect.any(String) } })
    const at = `/bill-runs/${draft.answer.runId}`
    const { body: run } = await api.get(at)
    expect(run).toMatchObject({ state: 'open', issued: null, summary: { bills: 3, complete: true } })
    expect((await api.get(`${at}/exceptions?limit=1`)).body).toMatchObject({
      items: [{ accountNo: '1004', status: 'held', zh: expect.stringMatching(/\p{Script=Han}/u) }],
      next: null,
    })

    const approve = async (headers: Record<string, string>) =>
      api.write('POST', `${at}/approval`, { digestSeen: run.summary.digest, acknowledge: '已核对' }, headers)
    const seen = { 'if-match': await etagOf(at) }
    expect((await approve(seen)).body.code).toBe('role_missing')
    const issued = await approve({ ...seen, 'qingliu-actor': 'approver' })
    expect(issued.body).toMatchObject({ billCount: 3, totalAmount: '499.80' })
    expect((await approve({ ...seen, 'qingliu-actor': 'approver-2' })).status).toBe(412)

    const first = await api.get('/bills?month=2026-03&limit=2')
    expect(first.body.items.map(({ amount }: { amount: string }) => amount)).toEqual(['140.00', '350.00'])
    const second = await api.get(first.body.next.slice('/api/v1'.length))
    expect([second.body.items.length, second.body.next]).toEqual([1, null])
    const [bill] = first.body.items
    const shown = (await api.get(`/bills/${bill.number}?explain=en`)).body
    expect(shown).toMatchObject({ ...bill, lines: [{ volumeM3: '100.000', amount: '140.00' }] })
    expect(shown.explanation.join('\n')).toContain('100 m³ × 1.40')

    const verified = await outcome(await api.write('POST', '/bills/verifications', {}))
    expect(verified.answer).toMatchObject({ checked: 3, faultCount: 0, faults: [], monthFaults: [] })
  })

  it('payments are taken in, reversed under If-Match, and the books tie out', async () => {
    town.on('2026-04-20')
    const file = '户号,收款日期,流水号,污水处理费\n1001,2026-04-05,T1,140.00\n1002,2026-04-15,T2,100.00'
    const { answer, state, problem } = await outcome(
      await send('/payments/imports?collector=water&fileName=收款.csv', file, { 'idempotency-key': 'pay-april' }),
    )
    expect([state, problem]).toEqual(['done', null])
    expect(answer).toMatchObject({ payments: 2, allocated: '240.00' })
    expect((await api.get('/overdue?asOf=2026-04-14')).body.items).toMatchObject([
      { accountNo: '1002', outstanding: '350.00' },
      { accountNo: '1003', outstanding: '9.80' },
    ])
    const [payment] = (await api.get('/payments?reference=T1')).body.items
    const at = `/payments/${payment.paymentId}`
    const reverse = await api.write('POST', `${at}/reversal`, { reason: '退票' }, { 'if-match': await etagOf(at) })
    expect(reverse.body).toMatchObject({ amount: '140.00', openAgain: '140.00' })
    expect((await api.get('/journal/tie-out')).body.equal).toBe(true)
    const books = await api.raw('/journal/export', {})
    expect([books.status, books.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(books.body).toContain('Assets')
    expect((await outcome(await api.write('POST', '/payments/verifications', undefined))).answer.faults).toEqual([])
  })

  describe('when the process that worked is gone', () => {
    const stored = (id: string, key: string, startedAt: string) =>
      sql`insert into works (id, command_id, actor, route, input, input_digest, started_at)
        values (${id}::uuid, ${key}, 'clerk', 'post-bill-runs', '{}', 'digest', ${startedAt}::timestamptz)`.execute(
        connection().db,
      )
    const beat = (id: string, age: string) =>
      sql`insert into work_beats (work_id, progress, beat_at) values (${id}::uuid, ${JSON.stringify({ what: 'x', done: 5, total: 10, perSecond: 2 })}::jsonb, now() - ${age}::interval)`.execute(
        connection().db,
      )

    it('another one says interrupted, and that sending again is harmless', async () => {
      const id = '00000000-0000-4000-8000-000000000001'
      await stored(id, 'gone-process', '2026-04-01T00:00:00Z')
      const { body } = await api.get(`/works/${id}`)
      expect(body).toMatchObject({ state: 'interrupted', problem: { code: 'work_interrupted' } })
      expect(body.problem.en).toContain('under the same Idempotency-Key')
      await beat(id, '31 seconds')
      expect((await api.get(`/works/${id}`)).body.state).toBe('interrupted')
    })

    it('but running, with its progress, while another process shows signs of life', async () => {
      const id = '00000000-0000-4000-8000-000000000002'
      await stored(id, 'other-process', '2026-04-01T00:00:01Z')
      await beat(id, '1 second')
      expect((await api.get(`/works/${id}`)).body).toMatchObject({
        state: 'running',
        progress: { done: 5, total: 10, perSecond: 2 },
      })
    })

    it('and done, where its command had been carried out', async () => {
      const id = '00000000-0000-4000-8000-000000000003'
      await stored(id, 'import-march-2', '2026-04-01T00:00:02Z')
      expect((await api.get(`/works/${id}`)).body).toMatchObject({ state: 'done', answer: { file: '三月.csv' } })
    })

    it('and what it left is done when it is sent again', async () => {
      const april = csv(['1003,M1003,7,9,2,2026-04-30'])
      const path = '/readings/imports?collector=water&month=2026-04&fileName=again.csv'
      town.on('2026-05-02')
      const { body } = await send(path, april, { 'idempotency-key': 'cut-off-import' })
      await parts.settled()
      // As if that process had died before its first word: nothing but the row that it was asked for.
      const reborn = apiOver(() => town.services, { parts: partsOnNode(() => undefined) })
      expect((await reborn.get(`/works/${body.workId}`)).body.state).toBe('done')
      const again = await reborn.raw(path, {
        method: 'POST',
        body: april,
        headers: { 'content-type': 'text/csv', 'idempotency-key': 'cut-off-import' },
      })
      expect([again.status, again.body.workId]).toEqual([202, body.workId])
    })
  })
})
