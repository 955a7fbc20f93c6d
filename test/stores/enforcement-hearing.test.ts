import { afterAll, beforeAll, expect, it } from 'vitest'
import { viewFile } from '../../src/enforcement/enforcement.queries.ts'
import { printHearingNotice } from '../../src/enforcement/print-hearing.ts'
import { printReceipt } from '../../src/enforcement/print-receipt.ts'
import type { StepName } from '../../src/enforcement/steps.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { present } from '../../src/kernel/invariant.ts'
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts'
import type { PrintedDocument } from '../../src/platform/documents/print-document.ts'
import { CaseWork, type Taken } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { refusedWith } from '../support/office.ts'
import { textOfPdf } from '../support/pdf-text.ts'

onEveryDatabase('A hearing asked for or called', (connection) => {
  let work: CaseWork
  const number = '2025-0001'
  const step = (name: StepName, more: Taken = {}) => refusedWith(work.try('case', number, name, more))
  const due = async (today: string) =>
    (await viewFile(connection().db, 'case', number, civilDate(today)))?.clocks.map(({ what }) => what)

  beforeAll(async () => {
    work = await CaseWork.found(connection(), '2025-01-02')
    await work.enrol('1')
    work.on('2025-04-02')
    await work.town.read('2025-03', [{ account: '1', start: '0', end: '10000', on: '2025-03-31' }])
    await work.town.bill('2025-03')
    work.on('2025-04-15')
    const order = await work.order('P1')
    await work.take('order', order, 'order_served')
    work.on('2025-05-06')
    await work.file(order)
    await work.take('case', number, 'investigated')
    await work.take('case', number, 'notice_issued')
    work.on('2025-05-12')
    await work.take('case', number, 'notice_served')
    work.on('2025-05-13')
    await work.take('case', number, 'hearing_requested')
  })
  afterAll(() => work.leave())

  const textOf = (printed: PrintedDocument | Refusal) => {
    if (isRefusal(printed)) throw new Error(printed.sentence('en'))
    return textOfPdf(printed.bytes)
      .flat()
      .map(({ text }) => text)
      .join('')
  }

  it('stays open when the notice is issued again, even where the new fine alone would give none', async () => {
    await work.take('case', number, 'notice_issued', { fields: { multiplier: '1' } })
    await work.take('case', number, 'notice_served')
    work.on('2025-05-28')
    expect(await step('legal_reviewed')).toBe('hearing_open')
    expect(await step('decided', { fields: { multiplier: '1' } })).toBe('hearing_open')
    expect(await due('2025-05-28')).toEqual(['notify_hearing'])
  })

  it('has its notice printed, with what its service would be refused for refused before', async () => {
    const view = present(await viewFile(connection().db, 'case', number, civilDate('2025-05-28')), 'the case')
    const { db, printer } = work.town.services
    const planned = { hearingOn: civilDate('2025-06-10'), at: '上午9时30分', place: '局二楼会议室', host: 'host' }
    const print = (more: Partial<typeof planned> = {}) =>
      printHearingNotice(db, printer, view.matter, { ...planned, ...more })
    expect(await print({ hearingOn: civilDate('2025-06-09') })).toMatchObject({ code: 'hearing_too_soon' })
    expect(await print({ host: 'officer-a' })).toMatchObject({ code: 'not_hearing_host' })
    const notice = textOf(await print())
    expect(notice).toContain('听通〔2025〕1号')
    expect(notice).toContain('2025年5月13日')
    expect(notice).toContain('2025年6月10日上午9时30分')
    expect(notice).toContain('局二楼会议室')
    expect(notice).toContain('视为放弃听证权利')
    const receipt = textOf(await printReceipt(db, printer, view.matter, 'hearing'))
    expect(receipt).toContain('行政处罚听证通知书')
    expect(receipt).toContain('听通〔2025〕1号')
  })

  it('is open while the day the party was called to is to come, whatever was dropped before', async () => {
    // Neither the rest days from 31 May to 2 June nor the two ends count: 29, 30 May, 3, 4, 5, 6, 9 June lie between.
    expect(await step('hearing_notified', { fields: { hearingOn: '2025-06-09' } })).toBe('hearing_too_soon')
    await work.take('case', number, 'hearing_notified', { fields: { hearingOn: '2025-06-10' } })
    work.on('2025-06-03')
    await work.take('case', number, 'hearing_dropped', { as: 'clerk', fields: { why: 'withdrawn' } })
    expect(await step('hearing_held')).toBe('step_out_of_order')
    expect(await due('2025-06-03')).toEqual(['legal_review'])
    const { db, printer } = work.town.services
    const asOf = async () => present(await viewFile(db, 'case', number, civilDate('2025-06-03')), 'the case').matter
    const again = { hearingOn: civilDate('2025-06-20'), at: '上午9时', place: '局二楼会议室', host: 'host' }
    expect(textOf(await printHearingNotice(db, printer, await asOf(), again))).toContain('听通〔2025〕1号之二')
    await work.take('case', number, 'hearing_notified', { fields: { hearingOn: '2025-06-20' } })
    expect(textOf(await printReceipt(db, printer, await asOf(), 'hearing'))).toContain('听通〔2025〕1号之二')
    expect(await step('legal_reviewed')).toBe('hearing_open')
    expect(await step('decided', { fields: { multiplier: '1' } })).toBe('hearing_open')
    expect(await due('2025-06-03')).toEqual(['hold_hearing'])
  })

  it('is followed by review and discussion, in their order and by their days', async () => {
    work.on('2025-06-20')
    await work.take('case', number, 'hearing_held')
    expect(await step('legal_reviewed', { on: '2025-06-19' })).toBe('step_before_its_ground')
    expect(await step('discussed', { on: '2025-06-19' })).toBe('step_before_its_ground')
    await work.take('case', number, 'legal_reviewed')
    expect(await due('2025-06-20')).toEqual(['decide'])
    // A defence that comes in once more is heard before anything is decided: the review is due again.
    await work.take('case', number, 'defence_received')
    await work.take('case', number, 'defence_rechecked')
    expect(await due('2025-06-20')).toEqual(['legal_review'])
    await work.take('case', number, 'rights_waived')
    await work.take('case', number, 'legal_reviewed')
    await work.take('case', number, 'rights_waived')
    expect(await due('2025-06-20')).toEqual(['legal_review'])
    expect(await step('decided', { fields: { multiplier: '1' } })).toBe('review_missing')
    await work.take('case', number, 'legal_reviewed')
    await work.take('case', number, 'decided', { fields: { multiplier: '1' } })
  })
})
