import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { type Api, apiOver } from '../support/api.ts'
import { CaseWork } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'

onEveryDatabase('Orders and cases over the API', (connection) => {
  let work: CaseWork
  let api: Api
  const parts = partsOnNode(() => undefined)
  const as = (actor: string) => ({ 'qingliu-actor': actor })
  /** A decision by somebody who has seen the proposal. */
  const decide = async (proposals: string, proposalId: string, body: object, actor = 'approver') => {
    const etag = (await api.get(`/proposals/${proposalId}`)).headers.get('etag') ?? ''
    return api.write('post', `${proposals}/${proposalId}/decision`, body, { ...as(actor), 'if-match': etag })
  }
  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    await work.enrol('1')
    work.on('2025-04-02')
    await work.town.read('2025-03', [{ account: '1', start: '0', end: '1000', on: '2025-03-31' }])
    await work.town.bill('2025-03')
    work.on('2025-04-15')
    api = apiOver(() => work.town.services, { parts })
  })
  afterAll(async () => {
    await parts.settled()
    work.leave()
  })

  it('take an order from its draft to the end of its term', async () => {
    const drafted = await api.write('post', '/orders/drafts', { discharger: 'P1' })
    expect([drafted.status, drafted.body.amount]).toEqual([200, '1400.00'])
    const issued = await decide('/order-drafts', drafted.body.proposalId, { outcome: 'approved' })
    expect(issued.body).toMatchObject({ outcome: 'approved', number: '2025-0001', paper: '城管责缴〔2025〕1号' })
    const sent = await api.raw('/evidence?fileName=scan.pdf', {
      method: 'post',
      body: '示例扫描件',
      headers: { 'idempotency-key': 'evidence-of-service', 'content-type': 'application/octet-stream' },
    })
    await parts.settled()
    const kept = await api.get(`/works/${sent.body.workId}`)
    const { digest } = kept.body.answer
    const service = { how: 'direct', to: '张三', capacity: 'mail_receiver' }
    const bare = await api.write('post', '/orders/2025-0001/serve', service)
    expect([bare.status, bare.body.code]).toEqual([422, 'step_needs_evidence'])
    const unknown = await api.write('post', '/orders/2025-0001/serve', { ...service, evidence: '0'.repeat(64) })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'evidence_unknown'])
    const served = await api.write('post', '/orders/2025-0001/serve', { ...service, evidence: digest })
    expect(served.body).toMatchObject({ step: 'order_served', particulars: { termEndsOn: '2025-04-30' } })
    const file = await api.get('/orders/2025-0001/steps/1/evidence')
    expect([file.status, file.body]).toEqual([200, '示例扫描件'])
    const receipt = await api.get('/orders/2025-0001/receipt')
    expect([receipt.status, receipt.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(receipt.body.slice(0, 5)).toBe('%PDF-')
    const shown = await api.get('/orders/2025-0001')
    expect(shown.body).toMatchObject({ standing: 'running', unpaid: '1400.00', steps: [{ name: 'order_served' }] })
    const listed = await api.get('/orders?limit=1')
    expect(listed.body.items).toMatchObject([{ number: '2025-0001', termEndsOn: '2025-04-30' }])
  })

  it('report and file a case, and say what is due', async () => {
    work.on('2025-05-06')
    const due = await api.get('/enforcement/work')
    // To the court by 15 January: ten working days lie between the demand and that day.
    expect(due.body.items[0]).toMatchObject({ what: 'demand', log: 'order', until: '2025-12-30' })
    expect(due.body.items.map(({ what }: { what: string }) => what)).toContain('file_case')
    const none = await api.write('post', '/orders/2025-0001/case-reports', { second: 'officer-b' }, as('officer-a'))
    expect(none.body.code).toBe('step_needs_evidence')
    const report = (await api.get('/orders/2025-0001')).body.steps[0].evidenceDigest
    const reported = await api.write(
      'post',
      '/orders/2025-0001/case-reports',
      { second: 'officer-b', report },
      as('officer-a'),
    )
    const filed = await decide('/case-reports', reported.body.proposalId, { outcome: 'approved' })
    expect(filed.body).toMatchObject({ number: '2025-0001' })
    await api.write('post', '/cases/2025-0001/investigate', { facts: '未缴', evidence: report }, as('officer-b'))
    const words = { facts: '未缴', reason: '仍不缴纳' }
    const wide = await api.write('post', '/cases/2025-0001/notice', { multiplier: '4', ...words }, as('officer-a'))
    expect([wide.status, wide.body.code]).toEqual([422, 'multiplier_out_of_bounds'])
    const notice = await api.write('post', '/cases/2025-0001/notice', { multiplier: '3', ...words }, as('officer-a'))
    expect(notice.body.computed).toMatchObject({ fineAmount: '4200.00', hearingRight: false })
    const back = { outcome: 'returned', reason: '改拟' }
    const returned = await decide('/enforcement-steps', notice.body.proposalId, back)
    expect(returned.body).toMatchObject({ outcome: 'returned', paper: null })
    const shown = await api.get('/cases/2025-0001')
    expect(shown.body).toMatchObject({ base: '1400.00', bounds: ['1400.00', '4200.00'], balance: { fine: '0.00' } })
    const hearing = 'hearingOn=2025-06-10&at=上午9时30分&place=局二楼会议室&host=host'
    const early = await api.get(`/cases/2025-0001/hearing-notice?${hearing}`)
    expect([early.status, early.body.code]).toEqual([409, 'step_out_of_order'])
    expect((await api.get('/cases')).body.items).toMatchObject([{ number: '2025-0001', isOver: false }])
    expect(api.failures).toEqual([])
  })
})
