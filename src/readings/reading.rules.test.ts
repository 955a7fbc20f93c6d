import { describe, expect, it } from 'vitest'
import type { Installation, SupplyAccount } from '../dischargers/account.ts'
import { civilDate, feeMonth } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import type { AccountId, InstallationId, MeterReadingId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { volume, volumeText } from '../kernel/volume.ts'
import { readingReasons, reasonOf, sayReason } from './reading.reasons.ts'
import { type JudgingContext, judgeReading, type KnownOfRow, mayBeAccepted, noHistory } from './reading.rules.ts'
import type { AccountHistory, LastReading, MonthUse, StatedReading, StoredReading } from './reading.ts'

const march = feeMonth('2026-03')
const context: JudgingContext = {
  feeMonth: march,
  month: { from: civilDate('2026-03-01'), last: civilDate('2026-03-31'), until: civilDate('2026-04-01') },
  limits: {
    estimatesInARow: 3,
    jumpFactor: new Exact('3'),
    jumpMinimumM3: volume('50'),
    toleranceM3: volume('1'),
    rolloverTopShare: new Exact('0.10'),
  },
  columns: {
    account: '户号',
    name: '户名',
    meter: '表号',
    start: '起码',
    end: '止码',
    volume: '用水量',
    readOn: '抄表日期',
    previousReadOn: '上次抄表日期',
    category: '用水性质',
  },
  correctsStored: true,
}

const meterId = '71' as InstallationId

function meter(more: Partial<Installation> = {}): Installation {
  return {
    installationId: meterId,
    meterNo: 'M-77120',
    accountId: '11' as AccountId,
    purpose: 'supply',
    digits: 5,
    multiplier: '1',
    initialReading: '0.000',
    runsBackwards: false,
    masterInstallationId: null,
    replacesInstallationId: null,
    finalReading: null,
    validity: { from: civilDate('2020-01-01'), until: null },
    ...more,
  }
}

function account(more: Partial<SupplyAccount> = {}): SupplyAccount {
  return {
    accountId: '11' as AccountId,
    accountNo: '0010233',
    holderName: '示例化工有限公司',
    categoryCode: 'non-resident',
    categoryNameZh: '非居民',
    installations: [meter()],
    openedOn: civilDate('2020-01-01'),
    closedOn: null,
    ...more,
  }
}

function row(more: Partial<StatedReading> = {}): StatedReading {
  return {
    accountNo: '0010233',
    holderName: undefined,
    meterNo: 'M-77120',
    start: volume('21300'),
    end: volume('21420'),
    volumeM3: volume('120'),
    readOn: civilDate('2026-03-31'),
    previousReadOn: undefined,
    feeMonth: undefined,
    category: undefined,
    kind: 'normal',
    source: 'actual',
    rolledOver: false,
    remark: undefined,
    ...more,
  }
}

const readings = (start: string, end: string, volumeM3?: string): Partial<StatedReading> => ({
  start: volume(start),
  end: volume(end),
  volumeM3: volumeM3 === undefined ? undefined : volume(volumeM3),
})

function use(monthsBefore: number, volumeM3: string, estimated = false): MonthUse {
  return { monthsBefore, volumeM3, estimated }
}

function lastAt(endReading: string, readOn = '2026-02-28', more: Partial<LastReading> = {}): Partial<AccountHistory> {
  const last: LastReading = { readOn: civilDate(readOn), endReading, lastActual: undefined, ...more }
  return {
    lastOf: (installationId) => (installationId === meterId ? { readOn: last.readOn, reading: last } : undefined),
  }
}

const usual: AccountHistory = {
  ...noHistory,
  ...lastAt('21300.000'),
  uses: [use(1, '110.000'), use(2, '130.000'), use(3, '120.000')],
}

function judge(
  stated: StatedReading,
  known: Partial<Omit<KnownOfRow, 'history'>> & { history?: Partial<AccountHistory> } = {},
  faults: readonly RowReason[] = [],
  more: Partial<JudgingContext> = {},
) {
  const { history, ...others } = known
  return judgeReading(
    stated,
    faults,
    { account: account(), likelyAccountNos: [], rowsAlike: [], ...others, history: { ...usual, ...history } },
    { ...context, ...more },
  )
}

const codes = (reasons: readonly RowReason[]) => reasons.map(({ code }) => code)

function expectHeld(judgement: ReturnType<typeof judge>, ...expected: string[]) {
  expect({ verdict: judgement.verdict, codes: codes(judgement.reasons) }).toEqual({ verdict: 'held', codes: expected })
}
function expectRejected(judgement: ReturnType<typeof judge>, ...expected: string[]) {
  expect({ verdict: judgement.verdict, codes: codes(judgement.reasons) }).toEqual({
    verdict: 'rejected',
    codes: expected,
  })
}
function expectAccepted(judgement: ReturnType<typeof judge>, ...notes: string[]) {
  expect({ verdict: judgement.verdict, reasons: judgement.reasons, notes: codes(judgement.notes) }).toEqual({
    verdict: 'accepted',
    reasons: [],
    notes,
  })
}

describe('an ordinary row is accepted', () => {
  it('with its readings, its volume and the days since the reading before', () => {
    const judgement = judge(row())
    expectAccepted(judgement)
    expect(judgement.draft).toMatchObject({
      installationId: meterId,
      feeMonth: '2026-03',
      kind: 'normal',
      source: 'actual',
      used: { from: '2026-03-01', until: '2026-04-01' },
      readOn: '2026-03-31',
      startReading: '21300.000',
      endReading: '21420.000',
      volumeM3: '120.000',
    })
  })

  it('with the difference × multiplier where the file has readings only', () => {
    const judgement = judge(row(readings('21300', '21312')), {
      account: account({ installations: [meter({ multiplier: '10' })] }),
    })
    expectAccepted(judgement)
    expect(judgement.draft?.volumeM3).toBe('120.000')
  })

  it('with the stated volume where the file has volumes only, for its only meter', () => {
    const judgement = judge(row({ start: undefined, end: undefined, meterNo: undefined }))
    expectAccepted(judgement)
    expect(judgement.draft).toMatchObject({
      installationId: meterId,
      startReading: null,
      endReading: null,
      volumeM3: '120.000',
    })
  })

  it('for the account as a whole where it has several meters and the row states a volume alone', () => {
    const second = meter({ installationId: '72' as InstallationId, meterNo: 'M-2' })
    const judgement = judge(row({ start: undefined, end: undefined, meterNo: undefined }), {
      account: account({ installations: [meter(), second] }),
    })
    expectAccepted(judgement)
    expect(judgement.draft?.installationId).toBeNull()
  })

  it('where the file leaves out the previous reading: the stored one is taken, and said', () => {
    const judgement = judge(row({ start: undefined, volumeM3: undefined }))
    expectAccepted(judgement, 'start_taken_from_last')
    expect(judgement.draft?.startReading).toBe('21300.000')
  })

  it('from the opening or initial reading where nothing else is stored', () => {
    const first = judge(row(readings('5', '125', '120')), {
      account: account({ installations: [meter({ initialReading: '5.000' })] }),
      history: { lastOf: () => undefined },
    })
    expectAccepted(first)
  })

  it('knows a meter number without its leading zeros or in other letters', () => {
    const judgement = judge(row({ meterNo: 'm7' }), {
      account: account({ installations: [meter({ meterNo: '00M7' })] }),
    })
    expectAccepted(judgement)
  })
})

describe('use runs from the day after the previous reading through the day of this one (decision 3)', () => {
  const days = (more: Partial<StatedReading>, history: Partial<AccountHistory> = {}) =>
    judge(row(more), { history }).draft?.used

  it('28 Feb to 31 Mar is 1 March until 1 April', () => {
    expect(days({})).toEqual({ from: '2026-03-01', until: '2026-04-01' })
  })
  it('the row’s own previous date counts, and a difference is noted', () => {
    const judgement = judge(row({ previousReadOn: civilDate('2026-02-26') }))
    expectAccepted(judgement, 'previous_date_differs')
    expect(judgement.draft?.used).toEqual({ from: '2026-02-27', until: '2026-04-01' })
  })
  it('without an earlier reading it begins with the month', () => {
    const firstOne = { lastOf: () => undefined }
    expect(days({ ...readings('0', '120', '120'), readOn: civilDate('2026-03-20') }, firstOne)).toEqual({
      from: '2026-03-01',
      until: '2026-03-21',
    })
  })
  it('without a date it is the whole fee month', () => {
    expect(days({ readOn: undefined })).toEqual({ from: '2026-03-01', until: '2026-04-01' })
  })
  it('a new meter begins on the day it was hung', () => {
    const hung = meter({ validity: { from: civilDate('2026-03-15'), until: null } })
    const judgement = judge(row(readings('0', '70', '70')), {
      account: account({ installations: [hung] }),
      history: { lastOf: () => undefined },
    })
    expect(judgement.draft?.used).toEqual({ from: '2026-03-15', until: '2026-04-01' })
  })
})

describe('a row is rejected where it lacks what a reading is made of', () => {
  const unreadable = (
    code: 'number_unreadable' | 'date_unreadable' | 'account_in_exponent_form',
    column: string,
    value: string,
  ) => reasonOf(code, {}, { column, value })

  it('an unreadable number, whatever else the row holds', () => {
    const judgement = judge(row({ end: undefined }), {}, [unreadable('number_unreadable', '止码', '12吨')])
    expectRejected(judgement, 'number_unreadable')
    expect(volumeText(judgement.volumeM3!)).toBe('120.000')
  })
  it('an unreadable date', () => {
    expectRejected(
      judge(row({ readOn: undefined }), {}, [unreadable('date_unreadable', '抄表日期', '31/3')]),
      'date_unreadable',
    )
  })
  it('an account number in the form 1.23E+11', () => {
    const judgement = judge(row({ accountNo: '' }), { account: undefined }, [
      unreadable('account_in_exponent_form', '户号', '1.23E+11'),
    ])
    expectRejected(judgement, 'account_in_exponent_form')
  })
  it('an unknown account without a likely match', () => {
    expectRejected(judge(row({ accountNo: '99' }), { account: undefined }), 'account_unknown')
  })
  it('an account number that fits several accounts without leading zeros', () => {
    expectRejected(
      judge(row({ accountNo: '10233' }), { account: undefined, likelyAccountNos: ['010233', '0010233'] }),
      'account_ambiguous',
    )
  })
  it('no account number at all', () => {
    expectRejected(judge(row({ accountNo: '' }), { account: undefined }), 'account_missing')
  })
  it('neither a volume nor a current reading', () => {
    expectRejected(judge(row({ end: undefined, volumeM3: undefined })), 'nothing_stated')
  })
})

describe('a row is held where a person must look', () => {
  it('lost leading zeros with one likely account, for that account', () => {
    const judgement = judge(row({ accountNo: '10233' }))
    expectHeld(judgement, 'account_likely')
    expect(judgement.draft?.accountId).toBe('11')
    expect(mayBeAccepted(judgement)).toBe(true)
  })
  it('an unknown meter; accepting it means the account’s only one', () => {
    const judgement = judge(row({ meterNo: 'M-9' }))
    expectHeld(judgement, 'meter_unknown')
    expect(judgement.draft?.installationId).toBe(meterId)
  })
  it('an unknown meter of an account with several, which cannot be accepted as it stands', () => {
    const second = meter({ installationId: '72' as InstallationId, meterNo: 'M-2' })
    const judgement = judge(row({ meterNo: 'M-9' }), { account: account({ installations: [meter(), second] }) })
    expectHeld(judgement, 'meter_unknown')
    expect(mayBeAccepted(judgement)).toBe(false)
  })
  it('readings that do not say which of several meters', () => {
    const second = meter({ installationId: '72' as InstallationId, meterNo: 'M-2' })
    expectHeld(
      judge(row({ meterNo: undefined }), { account: account({ installations: [meter(), second] }) }),
      'meter_not_named',
    )
  })
  it('readings of an account without a registered meter', () => {
    expectHeld(judge(row({ meterNo: undefined }), { account: account({ installations: [] }) }), 'meter_unregistered')
  })
  it('a start that is not the last end', () => {
    const judgement = judge(row(readings('21310', '21430', '120')))
    expectHeld(judgement, 'start_differs')
    expect(judgement.reasons[0]).toEqual({
      code: 'start_differs',
      column: '起码',
      value: '21310',
      parameters: { expected: '21300', lastOn: '2026-02-28' },
    })
  })
  it('an end that is not where a later month begins, which is stored already', () => {
    const next = { readOn: civilDate('2026-04-30'), startReading: '21420.000' }
    const history = { nextOf: () => next }
    const judgement = judge(row(readings('21300', '21430', '130')), { history })
    expectHeld(judgement, 'next_start_differs')
    expect(judgement.reasons[0]).toEqual({
      code: 'next_start_differs',
      column: '止码',
      value: '21430',
      parameters: { next: '21420', nextOn: '2026-04-30' },
    })
    expectAccepted(judge(row(readings('21300', '21420', '120')), { history }))
  })
  it('an end below the start without an explanation; its volume is nobody’s guess', () => {
    const judgement = judge(row(readings('21300', '412')))
    expectHeld(judgement, 'end_before_start')
    expect(judgement.volumeM3).toBeUndefined()
    expect(judgement.draft?.volumeM3).toBe('79112.000')
  })
  it('a stated volume off by more than 1 m³', () => {
    expectHeld(judge(row({ volumeM3: volume('121.001') })), 'volume_differs')
  })
  it('a jump above 3 × the mean and more than 50 m³, with last year’s figure', () => {
    const judgement = judge(row(readings('21300', '21661', '361')), {
      history: { uses: [...usual.uses, use(12, '350.000')] },
    })
    expectHeld(judgement, 'jump')
    expect(judgement.reasons[0]?.parameters).toEqual({
      span: 1,
      mean: '120',
      months: 3,
      volume: '361',
      lastYear: '350',
    })
  })
  it('a drop below a third of the mean and more than 50 m³', () => {
    expectHeld(judge(row(readings('21300', '21339', '39'))), 'jump')
  })
  it('zero with history', () => {
    expectHeld(judge(row(readings('21300', '21300', '0'))), 'zero_with_history')
  })
  it('a category other than the registered one', () => {
    expectHeld(judge(row({ category: '居民生活' })), 'category_differs')
  })
  it('the fourth estimate in a row', () => {
    const uses = [use(1, '100.000', true), use(2, '100.000', true), use(3, '100.000', true)]
    expectHeld(judge(row({ source: 'estimated' }), { history: { uses } }), 'estimates_beyond_limit')
  })
  it('a read date outside the month', () => {
    expectHeld(judge(row({ readOn: civilDate('2026-04-02') })), 'read_date_outside')
  })
  it('a read date that is not after the previous one', () => {
    const judgement = judge(row(), { history: lastAt('21300.000', '2026-03-31') })
    expectHeld(judgement, 'read_date_backwards')
    expect(mayBeAccepted(judgement)).toBe(false)
  })
  it('a reading with more digits than the meter', () => {
    expectHeld(judge(row(readings('21300', '121420')), { history: { uses: [] } }), 'digits_exceeded')
  })
  it('a row of another month', () => {
    expectHeld(judge(row({ feeMonth: feeMonth('2026-02') })), 'other_month')
  })
  it('both rows of the same account and meter in one file', () => {
    const judgement = judge(row(), { rowsAlike: [5, 9] })
    expectHeld(judgement, 'twice_in_file')
    expect(judgement.reasons[0]?.parameters).toEqual({ rows: '5、9' })
  })
  it('an account that was closed before the month', () => {
    const closed = account({ closedOn: civilDate('2026-02-15') })
    expectHeld(judge(row(), { account: closed }), 'account_not_open')
  })
  it('a negative volume', () => {
    const judgement = judge(row({ start: undefined, end: undefined, volumeM3: volume('-5') }))
    expectHeld(judgement, 'volume_negative')
    expect(volumeText(judgement.volumeM3!)).toBe('-5.000')
  })
  it('a word for the source that is not known, and one that says something is wrong', () => {
    const remark = (meaning: 'unknown' | 'abnormal', value: string) => ({ meaning, column: '抄表状态', value })
    expectHeld(judge(row({ remark: remark('unknown', '天晓得') })), 'source_unknown')
    expectHeld(judge(row({ remark: remark('abnormal', '3') })), 'source_abnormal')
  })
  it('a previous reading without a current one', () => {
    expectHeld(judge(row({ end: undefined })), 'end_reading_missing')
  })
  it('a reversed meter that rises', () => {
    expectHeld(
      judge(row(), { account: account({ installations: [meter({ runsBackwards: true })] }) }),
      'rises_on_reversed_meter',
    )
  })
  it('a reading below the estimate, which points at the last actual one', () => {
    const history = lastAt('21300.000', '2026-02-28', {
      lastActual: { readOn: civilDate('2025-12-31'), endReading: '21000.000' },
    })
    const judgement = judge(row(readings('21300', '21250')), { history })
    expectHeld(judgement, 'below_estimate')
    expect(judgement.reasons[0]?.parameters).toMatchObject({ actual: '21000', actualOn: '2025-12-31' })
  })
  it('every reason at once, so that one correction is enough', () => {
    expectHeld(
      judge(row({ category: '居民', readOn: civilDate('2026-04-02'), ...readings('21310', '21430', '500') })),
      'category_differs',
      'start_differs',
      'volume_differs',
      'read_date_outside',
      'jump',
    )
  })
})

describe('what looks odd but is explained is accepted with a note', () => {
  const nearTheTop = { ...readings('98770', '412', '1642') }
  const history = { ...lastAt('98770.000'), uses: [use(1, '1600.000')] }

  it('a rollover from the top tenth of the range with a plausible volume', () => {
    const judgement = judge(row(nearTheTop), { history })
    expectAccepted(judgement, 'rollover')
    expect(judgement.draft?.volumeM3).toBe('1642.000')
  })
  it('a rollover that the file flags, from anywhere in the range', () => {
    const judgement = judge(row({ ...readings('80000', '412'), rolledOver: true }), {
      history: { ...lastAt('80000.000'), uses: [use(1, '20000.000')] },
    })
    expectAccepted(judgement, 'rollover')
    expect(judgement.draft?.volumeM3).toBe('20412.000')
  })
  it('but not an implausible one, nor one below the top tenth', () => {
    expectHeld(
      judge(row(readings('98770', '9000')), { history: { ...history, uses: [use(1, '100.000')] } }),
      'end_before_start',
    )
    expectHeld(
      judge(row(readings('89999', '5')), { history: { ...lastAt('89999.000'), uses: [] } }),
      'end_before_start',
    )
  })
  it('a registered reversed meter: start less end', () => {
    const judgement = judge(row(readings('21300', '21180', '120')), {
      account: account({ installations: [meter({ runsBackwards: true })] }),
    })
    expectAccepted(judgement, 'reversed_meter')
    expect(judgement.draft?.volumeM3).toBe('120.000')
  })
  it('a stated volume within 1 m³: the stated one counts', () => {
    const judgement = judge(row({ volumeM3: volume('121') }))
    expectAccepted(judgement, 'volume_within_tolerance')
    expect(judgement.draft?.volumeM3).toBe('121.000')
  })
  it('another name of the holder', () => {
    expectAccepted(judge(row({ holderName: '示例化工（集团）' })), 'name_differs')
    expectAccepted(judge(row({ holderName: ' 示例化工 有限公司' })))
  })
  it('a category by its code or its Chinese name', () => {
    expectAccepted(judge(row({ category: 'Non-Resident' })))
    expectAccepted(judge(row({ category: '非居民' })))
  })
  it('the same month last year far off while the last three months agree', () => {
    expectAccepted(judge(row(), { history: { uses: [...usual.uses, use(12, '1000.000')] } }), 'same_month_last_year')
  })
  it('a meter nobody saw counts as estimated', () => {
    const remark = { meaning: 'not_seen' as const, column: '抄表状态', value: '未见表' }
    expectAccepted(judge(row({ source: 'estimated', remark })), 'meter_not_seen')
  })
  it('a reading that goes back to the last actual one behind estimates', () => {
    const estimated = lastAt('21300.000', '2026-02-28', {
      lastActual: { readOn: civilDate('2025-12-31'), endReading: '21000.000' },
    })
    const judgement = judge(row(readings('21000', '21400')), { history: { ...estimated, uses: [] } })
    expectAccepted(judgement, 'spans_estimates')
    expect(judgement.draft?.used).toEqual({ from: '2026-01-01', until: '2026-04-01' })
  })
})

describe('limits belong to what is still accepted', () => {
  it('exactly 3 × the mean, exactly a third of it, and a difference of exactly 50 m³', () => {
    expectAccepted(judge(row(readings('21300', '21660', '360'))))
    expectAccepted(judge(row(readings('21300', '21340', '40'))))
    const small = { history: { uses: [use(1, '10.000')] } }
    expectAccepted(judge(row(readings('21300', '21360', '60')), small))
    expectHeld(judge(row(readings('21300', '21360.001')), small), 'jump')
  })
  it('a start at the very edge of the top tenth', () => {
    const edge = { ...lastAt('90000.000'), uses: [use(1, '10000.000')] }
    expectAccepted(judge(row(readings('90000', '5')), { history: edge }), 'rollover')
  })
  it('the third estimate in a row', () => {
    const uses = [use(1, '120.000', true), use(2, '120.000', true), use(3, '120.000')]
    expectAccepted(judge(row({ source: 'estimated' }), { history: { uses } }))
  })
  it('the first and the last day of the month', () => {
    expectAccepted(judge(row({ readOn: civilDate('2026-03-01') })))
    expectAccepted(judge(row({ readOn: civilDate('2026-03-31') })))
  })
})

describe('a replaced meter gives two rows', () => {
  const removed = meter({
    validity: { from: civilDate('2020-01-01'), until: civilDate('2026-03-15') },
    finalReading: '21350.000',
  })
  const hung = meter({
    installationId: '72' as InstallationId,
    meterNo: 'M-90001',
    initialReading: '3.000',
    replacesInstallationId: meterId,
    validity: { from: civilDate('2026-03-15'), until: null },
  })
  const replaced = account({ installations: [removed, hung] })

  it('the rest of the old one up to its removal', () => {
    const judgement = judge(row({ ...readings('21300', '21350', '50'), kind: 'residual' }), { account: replaced })
    expectAccepted(judgement, 'residual_of_removal')
    expect(judgement.draft).toMatchObject({
      installationId: meterId,
      kind: 'residual',
      readOn: '2026-03-15',
      used: { from: '2026-03-01', until: '2026-03-15' },
      volumeM3: '50.000',
    })
  })
  it('also where the file only names the old meter', () => {
    expect(judge(row(readings('21300', '21350', '50')), { account: replaced }).draft?.kind).toBe('residual')
  })
  it('the new one from its initial reading, without alarm over half a month', () => {
    const judgement = judge(row({ ...readings('3', '33', '30'), meterNo: 'M-90001' }), { account: replaced })
    expectAccepted(judgement)
    expect(judgement.draft).toMatchObject({ kind: 'normal', used: { from: '2026-03-15', until: '2026-04-01' } })
  })
  it('held where the rest does not end at the registered final reading', () => {
    expectHeld(judge(row(readings('21300', '21360', '60')), { account: replaced }), 'residual_differs')
  })
  it('held where the file says residual and no removal is registered', () => {
    expectHeld(judge(row({ kind: 'residual', meterNo: undefined })), 'removal_missing')
    expectHeld(judge(row({ kind: 'residual' })), 'removal_missing')
  })
  it('held where the old meter was closed off by an earlier reading', () => {
    const closedOff = { ...lastAt('21350.000', '2026-03-15') }
    expectHeld(
      judge(row(readings('21350', '21390', '40')), { account: replaced, history: closedOff }),
      'meter_not_in_place',
    )
  })
})

describe('a reading that is stored already', () => {
  const stored: StoredReading = {
    readingId: '900' as MeterReadingId,
    accountId: '11' as AccountId,
    installationId: meterId,
    feeMonth: march,
    kind: 'normal',
    source: 'actual',
    used: { from: civilDate('2026-03-01'), until: civilDate('2026-04-01') },
    readOn: civilDate('2026-03-31'),
    startReading: '21300.000',
    endReading: '21420.000',
    volumeM3: '120.000',
    revision: 0,
    withdrawn: false,
  }

  it('with equal content is accepted as unchanged, even where it was held at first', () => {
    const judgement = judge(row(), { history: { stored: [stored], uses: [use(1, '5.000')] } })
    expectAccepted(judgement)
    expect(judgement.unchanged).toBe(true)
  })
  it('with other content takes its place and says what was there', () => {
    const judgement = judge(row(readings('21300', '21430', '130')), { history: { stored: [stored] } })
    expectAccepted(judgement, 'replaces_reading')
    expect(judgement.draft?.replaces?.readingId).toBe('900')
    expect(judgement.notes[0]?.parameters).toEqual({ start: '21300', end: '21420', volume: '120' })
  })
  it('waits for the person where one row is decided by hand', () => {
    const judgement = judge(row(readings('21300', '21430', '130')), { history: { stored: [stored] } }, [], {
      correctsStored: false,
    })
    expectHeld(judgement, 'stored_differs')
    expect(mayBeAccepted(judgement)).toBe(true)
  })
  it('is not lost to a row that states a volume alone: it waits, whoever decides', () => {
    const alone = row({ start: undefined, end: undefined, volumeM3: volume('195') })
    for (const correctsStored of [true, false]) {
      const judgement = judge(alone, { history: { stored: [stored] } }, [], { correctsStored })
      expectHeld(judgement, 'readings_lost')
      expect(judgement.reasons[0]?.parameters).toEqual({ start: '21300', end: '21420', volume: '120' })
      expect(mayBeAccepted(judgement)).toBe(true)
    }
    const volumeOnly = { ...stored, startReading: null, endReading: null }
    expectAccepted(judge(alone, { history: { stored: [volumeOnly] } }), 'replaces_reading')
    const estimate = { ...stored, readOn: civilDate('2026-03-30'), source: 'estimated' as const }
    expectHeld(judge(alone, { history: { stored: [estimate] } }), 'month_already_read')
  })
  it('on another date of the same days is held; accepting it takes the other’s place', () => {
    const judgement = judge(row({ readOn: civilDate('2026-03-30') }), { history: { stored: [stored] } })
    expectHeld(judgement, 'month_already_read')
    expect(judgement.draft?.replaces?.readingId).toBe('900')
  })
  it('an actual reading takes the place of the month’s estimate', () => {
    const estimate = { ...stored, source: 'estimated' as const, startReading: null, endReading: null }
    expectAccepted(
      judge(row({ readOn: civilDate('2026-03-30') }), { history: { stored: [estimate] } }),
      'replaces_estimate',
    )
  })
  it('goes on from an earlier reading of the same month', () => {
    const half = {
      ...stored,
      readOn: civilDate('2026-03-15'),
      endReading: '21360.000',
      volumeM3: '60.000',
      used: { ...stored.used, until: civilDate('2026-03-16') },
    }
    const judgement = judge(row(readings('21360', '21420', '60')), { history: { stored: [half], uses: [] } })
    expectAccepted(judgement)
    expect(judgement.draft?.used).toEqual({ from: '2026-03-16', until: '2026-04-01' })
  })
  it('that was withdrawn is read anew as its next revision', () => {
    const judgement = judge(row(), { history: { stored: [{ ...stored, withdrawn: true }] } })
    expectAccepted(judgement)
    expect(judgement.draft?.replaces?.readingId).toBe('900')
  })
})

describe('what is used over several months is compared with as many', () => {
  const lastActual = { readOn: civilDate('2025-12-31'), endReading: '21100.000' }
  const estimated: Partial<AccountHistory> = {
    ...lastAt('21300.000', '2026-02-28', { lastActual }),
    uses: [use(1, '100.000', true), use(2, '100.000', true), use(3, '100.000')],
  }
  const closing = (end: string, volumeM3: string, more: Partial<StatedReading> = {}) =>
    judge(row({ ...readings('21100', end, volumeM3), ...more }), { history: estimated })

  it('where it closes a run of estimates: 360 m³ in three months at 100 a month are ordinary', () => {
    expectAccepted(closing('21460', '360'), 'spans_estimates')
    expectAccepted(closing('21460', '360', { readOn: undefined }), 'spans_estimates')
    expectAccepted(closing('22000', '900'), 'spans_estimates')
    const judgement = closing('22001', '901')
    expectHeld(judgement, 'jump')
    expect(judgement.reasons[0]?.parameters).toMatchObject({ span: 3, mean: '100', volume: '901' })
    expect(sayReason(judgement.reasons[0]!, 'zh').cause).toMatch(/3 个月的水量 901 m³.*平均每月 100 m³/)
    expectHeld(closing('21199', '99'), 'jump')
  })
  it('where months before it were not read at all', () => {
    const history = { ...lastAt('21100.000', '2025-12-31'), uses: [use(3, '100.000')] }
    expectAccepted(judge(row(readings('21100', '21460', '360')), { history }))
  })
  it('and with last year’s month as many times', () => {
    const history = { ...estimated, uses: [...(estimated.uses ?? []), use(12, '110.000')] }
    expectAccepted(judge(row(readings('21100', '21460', '360')), { history }), 'spans_estimates')
  })
  it('not where only the file says that the months before were not read', () => {
    const previousReadOn = civilDate('2025-12-31')
    const uses = [use(1, '100.000'), use(2, '100.000'), use(3, '100.000')]
    const held = judge(row({ ...readings('21300', '21660', '360'), previousReadOn }), {
      history: { ...lastAt('21300.000'), uses },
    })
    expect(codes(held.reasons)).toContain('jump')
  })
  it('a meter that ran through its range meanwhile', () => {
    const history = {
      ...lastAt('99900.000', '2025-12-31'),
      uses: [use(3, '100.000')],
    }
    expectAccepted(judge(row(readings('99900', '260', '360')), { history }), 'rollover')
  })
})

describe('one meter of several is compared with its own past', () => {
  it('and with that of the meter it replaced', () => {
    const old = meter({ validity: { from: civilDate('2020-01-01'), until: civilDate('2026-02-10') } })
    const successor = meter({
      installationId: '72' as InstallationId,
      meterNo: 'M-2',
      replacesInstallationId: meterId,
      validity: { from: civilDate('2026-02-10'), until: null },
    })
    const beside = meter({ installationId: '73' as InstallationId, meterNo: 'M-3' })
    const judgement = judge(row({ ...readings('0', '20', '20'), meterNo: 'M-2' }), {
      account: account({ installations: [old, successor, beside] }),
      history: {
        uses: [use(1, '5000.000')],
        usesByInstallation: new Map([
          [meterId, [use(2, '21.000')]],
          ['73' as InstallationId, [use(1, '5000.000')]],
        ]),
      },
    })
    expectAccepted(judgement)
  })
})

describe('every reason can be said', () => {
  it('in both languages, with a remedy wherever a person must act', () => {
    for (const [code, entry] of Object.entries(readingReasons)) {
      for (const language of ['zh', 'en'] as const) {
        const said = sayReason({ code }, language)
        expect(said.cause, code).not.toBe('')
        if (entry.weight !== 'note') expect(said.remedy, code).not.toBe('')
      }
    }
  })
  it('with its values put in', () => {
    const judgement = judge(row(readings('21310', '21430', '120')))
    expect(sayReason(judgement.reasons[0]!, 'zh').cause).toBe('起码 21310 与上次的止码 21300（2026-02-28）不符。')
  })
})
