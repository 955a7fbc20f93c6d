import { afterAll, beforeAll, expect, it } from 'vitest'
import { viewFile, workOn } from '../../src/enforcement/enforcement.queries.ts'
import { fineTieOut } from '../../src/enforcement/fine-books.ts'
import { trialBalance } from '../../src/journal/journal.queries.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { money, moneyText } from '../../src/kernel/money.ts'
import { tieOut } from '../../src/payments/verify-payments.ts'
import { CaseWork } from '../support/case-work.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { refusedWith } from '../support/office.ts'

/** The worked timeline of the Measures' article 14, every date and amount (domain: the way of the money). */
onEveryDatabase('From an unpaid March to the court', (connection) => {
  let work: CaseWork
  let order: string
  let number: string
  beforeAll(async () => {
    work = await CaseWork.found(connection())
    await work.enrol('1001', { initialReading: '21300', openedOn: '2025-03-01' })
    work.on('2025-04-02')
    await work.town.read('2025-03', [{ account: '1001', start: '21300', end: '33645', on: '2025-03-31' }])
    await work.town.bill('2025-03')
  })
  afterAll(() => work.leave())
  const balances = async () => {
    const { accounts } = await trialBalance(connection().db)
    const shown = accounts.filter(({ accountCode }) => accountCode.includes('fine'))
    return Object.fromEntries(shown.map((account) => [account.accountCode, moneyText(account.balance)]))
  }

  it('orders payment of 17,283.00 when the 10th has passed', async () => {
    work.on('2025-04-11')
    order = await work.order('P1001')
    expect(order).toBe('2025-0001')
    work.on('2025-04-15')
    const served = await work.take('order', order, 'order_served')
    expect(served.particulars).toMatchObject({ servedOn: '2025-04-15', termEndsOn: '2025-04-30' })
  })

  it('files a case after it lapsed', async () => {
    work.on('2025-05-06')
    number = await work.file(order)
    expect(number).toBe('2025-0001')
    work.on('2025-05-09')
    await work.take('case', number, 'investigated')
  })

  it('tells of an intended 2×, with the right to a hearing until 19 May', async () => {
    const notice = await work.take('case', number, 'notice_issued')
    expect(notice.particulars).toMatchObject({ baseAmount: '17283.00', fineAmount: '34566.00', hearingRight: true })
    work.on('2025-05-12')
    const served = await work.take('case', number, 'notice_served')
    expect(served.particulars).toMatchObject({
      servedOn: '2025-05-12',
      askHearingBy: '2025-05-19',
      defenceBy: '2025-05-19',
    })
  })

  it('decides on 26 May and is received on 30 May, to be paid by Monday 16 June', async () => {
    work.on('2025-05-22')
    await work.take('case', number, 'legal_reviewed')
    work.on('2025-05-26')
    const decided = await work.take('case', number, 'decided')
    expect(decided).toMatchObject({ paper: '城管罚决〔2025〕1号', particulars: { fineAmount: '34566.00' } })
    expect(await balances()).toEqual({
      fines_receivable: '34566.00',
      fine_income: '-34566.00',
      fine_treasury_received: '0.00',
    })
    work.on('2025-05-30')
    const served = await work.take('case', number, 'decision_served')
    expect(served.particulars).toMatchObject({ servedOn: '2025-05-30', payBy: '2025-06-16' })
  })

  const finePage = async (today: string) => {
    const found = await viewFile(connection().db, 'case', number, civilDate(today))
    if (found?.balance === undefined) throw new Error('the case is there')
    return found
  }
  const additionOf = async (today: string) => {
    const { addition } = (await finePage(today)).balance ?? {}
    return [moneyText(addition?.amount ?? money('0')), addition?.days, addition?.capped]
  }

  it('puts on paper what the law asks for, with the arithmetic of the bill', async () => {
    const ordered = await work.printed('城管责缴〔2025〕1号')
    for (const said of ['人民币壹万柒仟贰佰捌拾叁元整', '《城镇排水与污水处理条例》第五十四条', '15日内缴清'])
      expect(ordered).toContain(said)
    for (const said of ['21,300→33,645=12,345m³', '12,345m³×1.40元/m³=17,283.00', '六十日内向赣州市赣县区人民政府'])
      expect(ordered).toContain(said)
    const notice = await work.printed('城管罚告〔2025〕1号')
    for (const said of [
      '行政处罚听证告知书',
      '2倍的罚款',
      '5个工作日内提出',
      '执法甲（示例证001）、执法乙（示例证002）',
    ])
      expect(notice).toContain(said)
    const decision = await work.printed('城管罚决〔2025〕1号')
    for (const said of [
      '示例单位1001',
      '赣县区示例路1号',
      '逾期未缴17,283.00元',
      '该通知书于2025年4月15日送达，期限至2025年4月30日届满',
      '当事人未在法定期限内要求听证',
      '计34,566.00元（人民币叁万肆仟伍佰陆拾陆元整）',
      '15日内，将罚款缴至示例银行赣县支行（示例账户0001）',
      '每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额',
      '六个月内向赣县区人民法院提起行政诉讼',
      '2025年5月26日',
    ])
      expect(decision).toContain(said)
  })

  it('adds 1,036.98 a day from 17 June, 34,220.34 on day 33, capped on day 34, 20 July', async () => {
    expect(await additionOf('2025-06-16')).toEqual(['0.00', 0, false])
    expect(await additionOf('2025-06-17')).toEqual(['1036.98', 1, false])
    expect(await additionOf('2025-07-19')).toEqual(['34220.34', 33, false])
    expect(await additionOf('2025-07-20')).toEqual(['34566.00', 34, true])
    expect(await additionOf('2026-02-01')).toEqual(['34566.00', 34, true])
  })

  it('keeps two claims with clocks of their own', async () => {
    const { dates } = await finePage('2025-06-17')
    expect(dates).toEqual({ reviewBy: '2025-07-29', suitBy: '2025-12-01', courtBy: '2026-03-02' })
    const fee = await viewFile(connection().db, 'order', order, civilDate('2025-06-17'))
    expect(fee?.dates).toEqual({ reviewBy: '2025-06-16', suitBy: '2025-10-15', courtBy: '2026-01-15' })
  })

  it('takes the fee to the court within its window', async () => {
    work.on('2025-10-09')
    const demand = await work.take('order', order, 'demand_issued')
    expect(demand.particulars).toMatchObject({ amount: '17283.00', addition: '0.00' })
    const served = await work.take('order', order, 'demand_served')
    expect(served.particulars).toMatchObject({ servedOn: '2025-10-09', performBy: '2025-10-22' })
    work.on('2025-10-22')
    expect(await refusedWith(work.try('order', order, 'court_applied'))).toBe('demand_running')
    work.on('2025-10-23')
    await work.take('order', order, 'court_applied')
    work.on('2025-11-03')
    await work.take('order', order, 'court_ruled')
  })

  it('demands the fine with its addition and applies to the court from 17 December', async () => {
    work.on('2025-12-01')
    await work.take('case', number, 'demand_issued')
    work.on('2025-12-02')
    const served = await work.take('case', number, 'demand_served')
    expect(served.particulars).toMatchObject({ performBy: '2025-12-16' })
    expect(await balances()).toEqual({
      fines_receivable: '69132.00',
      fine_income: '-69132.00',
      fine_treasury_received: '0.00',
    })
    work.on('2025-12-16')
    expect(await refusedWith(work.try('case', number, 'court_applied'))).toBe('demand_running')
    const clocks = (await finePage('2025-12-16')).clocks.map(({ what, until, from }) => [what, from, until])
    expect(clocks).toEqual([
      ['perform', null, '2025-12-16'],
      ['apply_to_court', '2025-12-17', '2026-03-02'],
    ])
    work.on('2025-12-17')
    const applied = await work.take('case', number, 'court_applied')
    expect(applied.particulars).toMatchObject({ amount: '34566.00', addition: '34566.00' })
  })

  it('takes the fine into the treasury, apart from every fee, and closes', async () => {
    work.on('2026-01-20')
    await work.take('case', number, 'court_ruled')
    const paid = await work.take('case', number, 'fine_paid', {
      fields: { amount: '69132.00', reference: '缴款书0001' },
    })
    expect(paid.particulars).toMatchObject({ toFine: '34566.00', toAddition: '34566.00' })
    await work.take('case', number, 'closed')
    expect(await balances()).toEqual({
      fines_receivable: '0.00',
      fine_income: '-69132.00',
      fine_treasury_received: '69132.00',
    })
    expect((await fineTieOut(connection().db)).every(({ books, subledger }) => books.eq(subledger))).toBe(true)
    const fees = await tieOut(connection().db)
    expect(fees.map((tie) => [tie.accountCode, moneyText(tie.books)])).toEqual([
      ['fees_due_to_treasury', '-17283.00'],
      ['fees_receivable', '17283.00'],
    ])
    // The fee, which the court allowed on 3 November, is still the court's to enforce.
    const left = await workOn(connection().db, civilDate('2026-01-20'))
    expect(left.map(({ what, log, about, until }) => [what, log, about, until])).toEqual([
      ['court_enforces', 'order', '17283.00', '2026-05-03'],
    ])
  })

  it('lists the annulment for a person when a late file shows payment in time, and annuls nothing itself', async () => {
    work.on('2026-02-10')
    await work.pay('1001', '17283.00', '2025-04-30', 'LATE-1')
    const work1 = await workOn(connection().db, civilDate('2026-02-10'))
    expect(work1.map(({ what, number: of, about }) => [what, of, about])).toEqual([
      ['undo_fine', '2025-0001', '17283.00 → 0.00'],
    ])
    expect((await finePage('2026-02-10')).balance?.fine.toString()).toBe('34566')
    await work.take('case', number, 'annulled')
    expect(await balances()).toEqual({
      fines_receivable: '-69132.00',
      fine_income: '0.00',
      fine_treasury_received: '69132.00',
    })
    await work.take('case', number, 'fine_refunded', { fields: { amount: '69132.00' } })
    expect(await balances()).toEqual({ fines_receivable: '0.00', fine_income: '0.00', fine_treasury_received: '0.00' })
    expect(await workOn(connection().db, civilDate('2026-02-10'))).toEqual([])
  })
})
