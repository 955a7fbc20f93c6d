import type { Installation, SupplyAccount } from '../dischargers/account.ts'
import {
  type CivilDate,
  type DateInterval,
  daysIn,
  type FeeMonth,
  firstDay,
  holdsOn,
  lastDay,
  monthOf,
  plusDays,
} from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { roundToVolume, type Volume, volume, volumeText, zeroVolume } from '../kernel/volume.ts'
import { countUnits, rangeOf, unitsToVolume } from './counter.ts'
import { entryOf, isReasonCode, type ReasonCode, reasonOf } from './reading.reasons.ts'
import {
  type AccountHistory,
  comparableMeterNo,
  type LastReading,
  type MonthUse,
  type ReadingDraft,
  type ReadingKind,
  type StatedReading,
  type StoredReading,
} from './reading.ts'

/** The settings that decide about a row. */
export interface ReadingLimits {
  readonly estimatesInARow: number
  readonly jumpFactor: Exact
  readonly jumpMinimumM3: Volume
  readonly toleranceM3: Volume
  readonly rolloverTopShare: Exact
}

/** Fields whose cell a reason may point at. */
export type CitedField =
  | 'account'
  | 'name'
  | 'meter'
  | 'start'
  | 'end'
  | 'volume'
  | 'readOn'
  | 'previousReadOn'
  | 'category'

/** What is the same for every row of an import, or for one entry by hand. */
export interface JudgingContext {
  readonly feeMonth: FeeMonth
  /** Its first and last day, and the day after. */
  readonly month: { readonly from: CivilDate; readonly last: CivilDate; readonly until: CivilDate }
  readonly limits: ReadingLimits
  /** What the file calls the column of each field. */
  readonly columns: Readonly<Record<CitedField, string>>
  /**
   * A file that states a stored reading anew corrects it by itself; a single row that a person decides on may do so
   * only when they say so.
   */
  readonly correctsStored: boolean
}

/** What is known about one row before it is judged. */
export interface KnownOfRow {
  /** The account of the row's number, or else the one account that differs from it by leading zeros only. */
  readonly account: SupplyAccount | undefined
  /** Where there is no such account: all that differ by leading zeros only. */
  readonly likelyAccountNos: readonly string[]
  readonly history: AccountHistory
  /** All rows of the file with the same account, meter and kind, this one included; empty where it is alone. */
  readonly rowsAlike: readonly number[]
}

export type Verdict = 'accepted' | 'held' | 'rejected'

export interface Judgement {
  readonly verdict: Verdict
  /** An accepted row that repeats what is stored: nothing is written. */
  readonly unchanged: boolean
  /** Why it is not accepted; empty where it is. */
  readonly reasons: readonly RowReason[]
  /** What goes along with it when it is accepted, at once or later. */
  readonly notes: readonly RowReason[]
  /** What it becomes; `undefined` where the row does not hold enough for a reading. */
  readonly draft: ReadingDraft | undefined
  readonly accountId: AccountId | undefined
  /** The volume the row counts with, m³; `undefined` where none can be made out. */
  readonly volumeM3: Volume | undefined
}

export const noHistory: AccountHistory = {
  lastOf: () => undefined,
  nextOf: () => undefined,
  uses: [],
  usesByInstallation: new Map(),
  stored: [],
}

/**
 * One verdict for one row, with all its reasons (domain §6): rejected where it lacks what a reading is made of, held
 * where a person must look, accepted otherwise. `faults` are the cells that could not be read. Volumes in m³.
 */
export function judgeReading(
  stated: StatedReading,
  faults: readonly RowReason[],
  known: KnownOfRow,
  context: JudgingContext,
): Judgement {
  const lacking = whatIsLacking(stated, faults, known, context)
  if (lacking.length > 0 || known.account === undefined) return rejected(lacking, stated, known)
  return new RowUnderReview(stated, known.account, known, context).judge()
}

/** Whether a person may take the row as it stands: a reading can be made of it, and no reason asks for a correction. */
export function mayBeAccepted(judgement: Pick<Judgement, 'draft' | 'reasons'>): boolean {
  return judgement.draft !== undefined && !judgement.reasons.some(({ code }) => needsCorrection(code))
}

/** Whether a reason can only be answered by correcting the row. */
export function needsCorrection(code: string): boolean {
  return isReasonCode(code) && (entryOf(code).needsCorrection === true || entryOf(code).weight === 'rejected')
}

function whatIsLacking(
  stated: StatedReading,
  faults: readonly RowReason[],
  known: KnownOfRow,
  context: JudgingContext,
): readonly RowReason[] {
  const hasNumber = stated.volumeM3 !== undefined || stated.end !== undefined
  if (known.account !== undefined && faults.length === 0 && hasNumber) return faults
  const reasons = [...faults]
  const accountUnread = faults.some(({ column }) => column === context.columns.account)
  if (known.account === undefined && !accountUnread) {
    const cell = { column: context.columns.account, value: stated.accountNo }
    if (stated.accountNo === '') reasons.push(reasonOf('account_missing'))
    else if (known.likelyAccountNos.length > 1) {
      reasons.push(reasonOf('account_ambiguous', { likely: known.likelyAccountNos.join('、') }, cell))
    } else reasons.push(reasonOf('account_unknown', {}, cell))
  }
  if (!hasNumber && !faults.some(({ code }) => code === 'number_unreadable')) reasons.push(reasonOf('nothing_stated'))
  return reasons
}

function rejected(reasons: readonly RowReason[], stated: StatedReading, { account }: KnownOfRow): Judgement {
  return {
    verdict: 'rejected',
    unchanged: false,
    reasons,
    notes: [],
    draft: undefined,
    accountId: account?.accountId,
    volumeM3: stated.volumeM3,
  }
}

/** The meter a row is about, and what kind of reading that makes it. */
interface MeterOfRow {
  /** `null`: the account as a whole. */
  readonly installation: Installation | null
  readonly kind: ReadingKind
  /** Of a residual or final reading: the first day on which the meter no longer measured. */
  readonly removedOn: CivilDate | null
}

interface Counted {
  readonly start: Volume | undefined
  readonly end: Volume | undefined
  readonly volumeM3: Volume | undefined
  /** The date of the reading it begins at, where that is stored. */
  readonly beginsOn: CivilDate | undefined
  /** False where the volume is only what a person's acceptance would make of it. */
  readonly isCertain: boolean
}

/** One row whose account is known, on its way through the checks; it collects reasons and notes as it goes. */
class RowUnderReview {
  readonly #reasons: RowReason[] = []
  readonly #notes: RowReason[] = []
  readonly #stated: StatedReading
  readonly #account: SupplyAccount
  readonly #known: KnownOfRow
  readonly #context: JudgingContext

  constructor(stated: StatedReading, account: SupplyAccount, known: KnownOfRow, context: JudgingContext) {
    this.#stated = stated
    this.#account = account
    this.#known = known
    this.#context = context
  }

  judge(): Judgement {
    this.#checkAccount()
    this.#checkRow()
    const meter = this.#chooseMeter()
    if (meter === undefined) return this.#conclude(undefined, this.#stated.volumeM3)
    const counted = meter.installation === null ? this.#volumeAlone() : this.#count(meter.installation, meter.kind)
    const { volumeM3, isCertain } = counted
    const { readOn, used } = this.#placeInTime(meter, counted)
    if (volumeM3 === undefined) return this.#conclude(undefined, undefined)
    if (volumeM3.isNegative() && !volumeM3.isZero()) {
      this.#hold('volume_negative', {}, 'volume', volumeM3.toFixed())
      return this.#conclude(undefined, volumeM3)
    }
    if (isCertain) this.#checkUse(meter, volumeM3, this.#monthsOf(counted, used))
    return this.#conclude(
      {
        accountId: this.#account.accountId,
        installationId: meter.installation?.installationId ?? null,
        feeMonth: this.#context.feeMonth,
        kind: meter.kind,
        source: this.#stated.source,
        used,
        readOn,
        startReading: counted.start === undefined || counted.end === undefined ? null : volumeText(counted.start),
        endReading: counted.start === undefined || counted.end === undefined ? null : volumeText(counted.end),
        volumeM3: volumeText(volumeM3),
        replaces: undefined,
      },
      isCertain ? volumeM3 : undefined,
    )
  }

  #hold(code: ReasonCode, parameters: Record<string, string | number>, field?: CitedField, value = ''): void {
    const cell = field === undefined ? {} : { column: this.#context.columns[field], value }
    this.#reasons.push(reasonOf(code, parameters, cell))
  }

  #note(code: ReasonCode, parameters: Record<string, string | number>, field?: CitedField, value = ''): void {
    const cell = field === undefined ? {} : { column: this.#context.columns[field], value }
    this.#notes.push(reasonOf(code, parameters, cell))
  }

  #checkAccount(): void {
    const { accountNo, category, holderName } = this.#stated
    const account = this.#account
    const { month } = this.#context
    if (accountNo !== account.accountNo) {
      this.#hold('account_likely', { likely: account.accountNo, name: account.holderName }, 'account', accountNo)
    }
    if (account.openedOn > month.last || (account.closedOn !== null && account.closedOn <= month.from)) {
      this.#hold('account_not_open', {
        account: account.accountNo,
        opened: account.openedOn,
        closed: account.closedOn ?? '—',
      })
    }
    if (category !== undefined && !isSameCategory(category, account)) {
      const registered = `${account.categoryNameZh} (${account.categoryCode})`
      this.#hold('category_differs', { registered }, 'category', category)
    }
    if (holderName !== undefined && holderName !== account.holderName && !isSameName(holderName, account.holderName)) {
      this.#note('name_differs', { registered: account.holderName }, 'name', holderName)
    }
  }

  #checkRow(): void {
    const { feeMonth, remark } = this.#stated
    const importing = this.#context.feeMonth
    if (feeMonth !== undefined && feeMonth !== importing) this.#hold('other_month', { month: feeMonth, importing })
    const { rowsAlike } = this.#known
    if (rowsAlike.length > 0) this.#hold('twice_in_file', { rows: listOfRows(rowsAlike) })
    if (remark === undefined) return
    const cell = { column: remark.column, value: remark.value }
    if (remark.meaning === 'not_seen') this.#notes.push(reasonOf('meter_not_seen', {}, cell))
    else this.#reasons.push(reasonOf(remark.meaning === 'unknown' ? 'source_unknown' : 'source_abnormal', {}, cell))
  }

  /**
   * The meter the row names, or the only one it can mean. A row of a meter that was removed within the period is its
   * residual, whether the file says so or not. `undefined` (with a reason) where nobody can say which meter is meant.
   */
  #chooseMeter(): MeterOfRow | undefined {
    const { meterNo, kind, end } = this.#stated
    const wantsRemoved = kind === 'residual' || kind === 'final'
    const account = this.#account
    const supplying = account.installations.filter(({ purpose }) => purpose !== 'discharge')
    const candidates = this.#candidates(meterNo === undefined ? supplying : account.installations, wantsRemoved)
    const named = meterNo === undefined ? candidates : candidates.filter((each) => isSameMeterNo(each.meterNo, meterNo))
    const [only, another] = named
    if (only !== undefined && another === undefined) return this.#inPlace(only)

    const registered = account.installations.map((each) => each.meterNo).join('、') || '—'
    if (meterNo !== undefined) {
      const elsewhen = account.installations.find((each) => isSameMeterNo(each.meterNo, meterNo))
      if (elsewhen !== undefined) {
        this.#holdOutOfPlace(elsewhen)
        return undefined
      }
      this.#hold('meter_unknown', { account: account.accountNo, registered }, 'meter', meterNo)
      const [meant, further] = this.#candidates(supplying, wantsRemoved)
      return meant !== undefined && further === undefined ? this.#inPlace(meant) : undefined
    }
    if (only === undefined && wantsRemoved && supplying.length > 0) {
      const [living, further] = this.#candidates(supplying, false)
      // The last reading before closing may come before the meter's removal is registered.
      if (kind === 'final' && living !== undefined && further === undefined) return this.#inPlace(living)
      this.#hold('removal_missing', { account: account.accountNo })
      return undefined
    }
    if (end === undefined) return { installation: null, kind, removedOn: null }
    this.#hold(supplying.length === 0 ? 'meter_unregistered' : 'meter_not_named', {
      account: account.accountNo,
      registered,
    })
    return undefined
  }

  /** Meters the row can be about by their dates: in place on the day it was read, or removed within the period. */
  #candidates(installations: readonly Installation[], wantsRemoved: boolean): readonly Installation[] {
    const readOn = this.#stated.readOn ?? this.#context.month.last
    const removed = installations.filter((each) => this.#wasRemovedWithin(each))
    if (wantsRemoved) return removed
    const inPlace = installations.filter(({ validity }) => holdsOn(validity, readOn))
    // A removed meter is meant where the row names it, or where nothing else hangs there.
    if (this.#stated.meterNo !== undefined) return [...inPlace, ...removed.filter((each) => !inPlace.includes(each))]
    return inPlace.length > 0 ? inPlace : removed
  }

  /** Whether it was taken down since its last reading and by the end of the month. */
  #wasRemovedWithin({ installationId, validity }: Installation): boolean {
    const { until } = validity
    if (until === null || until > this.#context.month.until) return false
    const lastReadOn = this.#known.history.lastOf(installationId)?.readOn
    return until > (lastReadOn ?? plusDays(this.#context.month.from, -1))
  }

  #inPlace(installation: Installation): MeterOfRow {
    const { kind, readOn } = this.#stated
    const removedOn = installation.validity.until
    const isRest =
      removedOn !== null && this.#wasRemovedWithin(installation) && (readOn === undefined || readOn >= removedOn)
    if (!isRest && kind !== 'residual') return { installation, kind, removedOn: null }
    if (kind !== 'final') {
      this.#note('residual_of_removal', { meter: installation.meterNo, removedOn: removedOn ?? '—' })
    }
    return { installation, kind: kind === 'final' ? 'final' : 'residual', removedOn }
  }

  #holdOutOfPlace({ meterNo, validity }: Installation): void {
    if (this.#stated.kind === 'residual' && validity.until === null) {
      this.#hold('removal_missing', { account: this.#account.accountNo })
      return
    }
    this.#hold('meter_not_in_place', {
      meter: meterNo,
      readOn: this.#stated.readOn ?? this.#context.month.last,
      from: validity.from,
      until: validity.until ?? '—',
    })
  }

  #volumeAlone(): Counted {
    const { volumeM3 } = this.#stated
    return { start: undefined, end: undefined, volumeM3, beginsOn: undefined, isCertain: true }
  }

  /** What the meter counted: its readings checked against each other, against the stored ones and the stated volume. */
  #count(installation: Installation, kind: ReadingKind): Counted {
    const stated = this.#stated
    const { end } = stated
    if (end === undefined) {
      if (stated.start !== undefined) {
        this.#hold('end_reading_missing', { start: stated.start.toFixed(), volume: stated.volumeM3?.toFixed() ?? '—' })
      }
      return this.#volumeAlone()
    }
    const begin = this.#begin(installation, kind)
    const { start } = begin
    const range = rangeOf(installation.digits)
    for (const [field, reading] of [
      ['start', start],
      ['end', end],
    ] as const) {
      if (reading.lt(range)) continue
      const { meterNo: meter, digits } = installation
      this.#hold('digits_exceeded', { meter, digits }, field, reading.toFixed())
    }
    if (kind === 'residual' && installation.finalReading !== null && !end.eq(installation.finalReading)) {
      this.#hold('residual_differs', { final: plain(installation.finalReading) }, 'end', end.toFixed())
    }
    this.#checkNext(installation, kind, end)
    const difference = this.#difference(installation, begin, end, range)
    const computed = unitsToVolume(difference.units, installation.multiplier)
    const volumeM3 = this.#settleVolume(computed, difference.explained, start, end, installation)
    const isCertain = difference.explained || this.#stated.volumeM3 !== undefined
    return { start, end, volumeM3, beginsOn: begin.beginsOn, isCertain }
  }

  /** Where the reading begins: as stated if that is where the meter stood, else held; taken from there if unstated. */
  #begin(
    installation: Installation,
    kind: ReadingKind,
  ): { start: Volume; beginsOn: CivilDate | undefined; last: LastReading | undefined } {
    const { history } = this.#known
    const stated = this.#stated.start
    const last = history.lastOf(installation.installationId)?.reading
    const expected = last === undefined ? installation.initialReading : last.endReading
    const beginsOn = last?.readOn
    if (stated === undefined) {
      const start = volume(expected)
      this.#note('start_taken_from_last', { start: start.toFixed() })
      return { start, beginsOn, last }
    }
    // Stored readings have three decimals: their texts are equal before anything is computed.
    if (volumeText(stated) === expected || stated.eq(expected) || kind === 'supplement')
      return { start: stated, beginsOn, last }
    const earlierInMonth = this.#earlierInMonth(installation)
    if (earlierInMonth?.endReading != null && stated.eq(earlierInMonth.endReading)) {
      return { start: stated, beginsOn: earlierInMonth.readOn, last }
    }
    if (last?.lastActual !== undefined && stated.eq(last.lastActual.endReading)) {
      this.#note('spans_estimates', { actualOn: last.lastActual.readOn })
      return { start: stated, beginsOn: last.lastActual.readOn, last }
    }
    const lastOn = last?.readOn ?? installation.validity.from
    this.#hold('start_differs', { expected: plain(expected), lastOn }, 'start', stated.toFixed())
    return { start: stated, beginsOn, last }
  }

  /** A later month that begins elsewhere would count the water between twice, or nobody would be billed for it. */
  #checkNext({ installationId }: Installation, kind: ReadingKind, end: Volume): void {
    const next = this.#known.history.nextOf(installationId)
    if (next === undefined || kind === 'supplement' || this.#stated.source === 'estimated') return
    const readOn = this.#stated.readOn ?? this.#context.month.last
    const isLastOfMonth = !this.#known.history.stored.some(
      (each) => !each.withdrawn && each.installationId === installationId && each.readOn > readOn,
    )
    if (!isLastOfMonth || end.eq(next.startReading)) return
    this.#hold('next_start_differs', { next: plain(next.startReading), nextOn: next.readOn }, 'end', end.toFixed())
  }

  /** The latest effective reading of the same meter in this month before the row's day. */
  #earlierInMonth({ installationId }: Installation): StoredReading | undefined {
    const { readOn } = this.#stated
    if (readOn === undefined) return undefined
    return this.#known.history.stored
      .filter((each) => !each.withdrawn && each.installationId === installationId && each.readOn < readOn)
      .sort((a, b) => (a.readOn < b.readOn ? 1 : -1))[0]
  }

  /** Units counted from start to end; `explained` is false where they cannot be relied upon. */
  #difference(
    installation: Installation,
    { start, beginsOn, last }: { start: Volume; beginsOn: CivilDate | undefined; last: LastReading | undefined },
    end: Volume,
    range: Exact,
  ): { units: Exact; explained: boolean } {
    const { units, way } = countUnits(installation, start, end)
    if (way === 'rising') return { units, explained: true }
    if (way === 'reversed') {
      this.#note('reversed_meter', {})
      return { units, explained: true }
    }
    if (way === 'rising_on_reversed') {
      this.#hold('rises_on_reversed_meter', { meter: installation.meterNo, start: start.toFixed(), end: end.toFixed() })
      return { units, explained: false }
    }
    const around = unitsToVolume(units, installation.multiplier)
    const parameters = { start: start.toFixed(), end: end.toFixed() }
    const { rolloverTopShare } = this.#context.limits
    const nearTheTop = start.gte(range.minus(range.times(rolloverTopShare)))
    if (this.#stated.rolledOver || (nearTheTop && this.#isPlausible(installation, around, range, beginsOn))) {
      this.#note('rollover', { ...parameters, range: range.toFixed() })
      return { units, explained: true }
    }
    const actual = last?.lastActual
    if (actual !== undefined && start.eq(last?.endReading ?? '') && end.gte(actual.endReading)) {
      this.#hold('below_estimate', { ...parameters, actual: plain(actual.endReading), actualOn: actual.readOn })
    } else this.#hold('end_before_start', { ...parameters, rollover: around.toFixed() })
    return { units, explained: false }
  }

  /** A rollover is believed where its volume fits the history; without one, the stated volume or a small part of the range. */
  #isPlausible(installation: Installation, around: Volume, range: Exact, beginsOn: CivilDate | undefined): boolean {
    const lately = lastThree(usesOf(this.#account, this.#known.history, installation))
    const { from, last } = this.#context.month
    const since = beginsOn === undefined ? from : nextDay(beginsOn)
    const past =
      lately === undefined
        ? undefined
        : over(monthsIn({ from: since, until: nextDay(this.#stated.readOn ?? last) }), lately)
    if (past !== undefined) return !this.#isJump(around, past) || around.times(past.months).lt(past.sum)
    const stated = this.#stated.volumeM3
    if (stated !== undefined) return around.minus(stated).abs().lte(this.#context.limits.toleranceM3)
    return around.lte(range.times(installation.multiplier).times(this.#context.limits.rolloverTopShare))
  }

  /** The stated volume where it agrees with the readings: it is the one the company bills its water by. */
  #settleVolume(
    computed: Volume,
    explained: boolean,
    start: Volume,
    end: Volume,
    { multiplier }: Installation,
  ): Volume {
    const { volumeM3: stated } = this.#stated
    if (stated === undefined) return computed
    if (stated.eq(computed) || !explained) return stated
    const { toleranceM3 } = this.#context.limits
    if (computed.minus(stated).abs().lte(toleranceM3)) {
      this.#note('volume_within_tolerance', { stated: stated.toFixed(), computed: computed.toFixed() })
    } else {
      const readings = { start: start.toFixed(), end: end.toFixed(), multiplier: plain(multiplier) }
      const parameters = { ...readings, computed: computed.toFixed(), tolerance: toleranceM3.toFixed() }
      this.#hold('volume_differs', parameters, 'volume', stated.toFixed())
    }
    return stated
  }

  /**
   * The day of the reading and the days of the use it closes: [previous reading + 1 day, this reading + 1 day), never
   * empty; without a date, the whole fee month (decision 3).
   */
  #placeInTime(meter: MeterOfRow, counted: Counted): { readOn: CivilDate; used: DateInterval } {
    const { feeMonth, month } = this.#context
    const stated = this.#stated
    const { installation, removedOn } = meter
    const lastReadOn =
      installation === null ? undefined : this.#known.history.lastOf(installation.installationId)?.readOn
    const readOn = dayOf(stated.readOn, removedOn, month.last)
    if (stated.readOn !== undefined && removedOn === null && monthOf(stated.readOn) !== feeMonth) {
      this.#hold('read_date_outside', { month: feeMonth }, 'readOn', stated.readOn)
    }
    const previous = stated.previousReadOn ?? counted.beginsOn ?? lastReadOn
    // A removed meter measured through the day before; its successor begins on the day itself.
    const until = removedOn !== null && removedOn <= readOn ? removedOn : nextDay(readOn)
    if (stated.readOn === undefined && removedOn === null)
      return { readOn, used: { from: month.from, until: month.until } }
    if (stated.previousReadOn !== undefined && lastReadOn !== undefined && stated.previousReadOn !== lastReadOn) {
      if (stated.previousReadOn !== counted.beginsOn) {
        this.#note('previous_date_differs', { stored: lastReadOn }, 'previousReadOn', stated.previousReadOn)
      }
    }
    const latest = lastReadOn !== undefined && (previous === undefined || lastReadOn > previous) ? lastReadOn : previous
    if (latest !== undefined && nextDay(latest) >= until) {
      this.#hold('read_date_backwards', { readOn, previous: latest })
      return { readOn, used: { from: plusDays(until, -1), until } }
    }
    return {
      readOn,
      used: { from: previous === undefined ? this.#firstDayOfUse(installation, until) : nextDay(previous), until },
    }
  }

  /** Without an earlier reading: the first of the month, or the day the meter was hung in it. */
  #firstDayOfUse(installation: Installation | null, until: CivilDate): CivilDate {
    const { month } = this.#context
    const monthOfUse = firstDay(monthOf(plusDays(until, -1)))
    const from = monthOfUse < month.from ? monthOfUse : month.from
    const hungOn = installation?.validity.from
    return hungOn !== undefined && hungOn > from && hungOn < until ? hungOn : from
  }

  /**
   * How many months the use is of: more than one where the row closes a run of estimates, or where months before it were
   * not read. The stored reading it begins at says so; a date before that only the file knows says nothing.
   */
  #monthsOf({ beginsOn }: Counted, used: DateInterval): number {
    const unstored = this.#stated.previousReadOn === undefined ? used.from : this.#context.month.from
    return monthsIn({ from: beginsOn === undefined ? unstored : nextDay(beginsOn), until: used.until })
  }

  /** The volume against what was used before in as many months, and estimates against their limit. */
  #checkUse({ installation, kind }: MeterOfRow, volumeM3: Volume, span: number): void {
    const uses = usesOf(this.#account, this.#known.history, installation)
    const { limits } = this.#context
    if (this.#stated.source === 'estimated') {
      const count = estimatesInARow(uses)
      if (count >= limits.estimatesInARow)
        this.#hold('estimates_beyond_limit', { count, limit: limits.estimatesInARow })
    }
    if (kind === 'residual' || kind === 'supplement') return
    const lastYear = uses.find(({ monthsBefore }) => monthsBefore === 12)?.volumeM3
    const lately = lastThree(uses)
    if (lately !== undefined) {
      const past = over(span, lately)
      const isPartOfMonth =
        kind === 'final' ||
        this.#account.openedOn > this.#context.month.from ||
        (installation !== null && installation.validity.from > this.#context.month.from)
      if (volumeM3.isZero() && past.sum.gt(0)) {
        if (!isPartOfMonth) this.#hold('zero_with_history', { mean: meanText(lately), months: past.months })
      } else if (this.#isJump(volumeM3, past) && !(isPartOfMonth && volumeM3.times(past.months).lt(past.sum))) {
        const sameMonthLastYear = lastYear === undefined ? '—' : plain(lastYear)
        this.#hold('jump', {
          mean: meanText(lately),
          months: past.months,
          volume: volumeM3.toFixed(),
          span,
          lastYear: sameMonthLastYear,
        })
        return
      }
    }
    if (lastYear !== undefined && this.#isJump(volumeM3, over(span, { sum: new Exact(lastYear), months: 1 }))) {
      this.#note('same_month_last_year', { volume: volumeM3.toFixed(), lastYear: plain(lastYear) })
    }
  }

  /** Whether it lies above so many times the mean or below that part of it, and further from it than the minimum. */
  #isJump(volumeM3: Volume, { sum, months }: PastUse): boolean {
    const { jumpFactor, jumpMinimumM3 } = this.#context.limits
    // Everything times the number of months: the mean itself may have no end of decimals.
    const asManyMonths = volumeM3.times(months)
    if (asManyMonths.minus(sum).abs().lte(jumpMinimumM3.times(months))) return false
    return asManyMonths.gt(sum.times(jumpFactor)) || asManyMonths.times(jumpFactor).lt(sum)
  }

  #conclude(draft: ReadingDraft | undefined, volumeM3: Volume | undefined): Judgement {
    const { accountId } = this.#account
    const settled = draft === undefined ? undefined : this.#compareWithStored(draft)
    const isHeld = this.#reasons.length > 0
    return {
      verdict: isHeld ? 'held' : 'accepted',
      unchanged: !isHeld && settled === 'unchanged',
      reasons: this.#reasons,
      notes: this.#notes,
      draft: settled === 'unchanged' ? draft : settled,
      accountId,
      volumeM3,
    }
  }

  /**
   * The same reading stored before: equal content is no news, whatever the row looks like against its history (it was
   * judged then); other content takes its place. A reading of other days that overlaps waits for a person.
   */
  #compareWithStored(draft: ReadingDraft): ReadingDraft | 'unchanged' {
    const { stored } = this.#known.history
    if (stored.length === 0) return draft
    const same = stored.find((each) => hasSameKey(each, draft))
    if (same !== undefined) {
      if (same.withdrawn) return { ...draft, replaces: same }
      if (hasSameContent(same, draft)) {
        this.#forgetWhatWasDecided()
        return 'unchanged'
      }
      const { startReading, endReading, volumeM3 } = same
      const before = { start: plain(startReading), end: plain(endReading), volume: plain(volumeM3) }
      if (losesReadings(same, draft)) this.#hold('readings_lost', before)
      else if (this.#context.correctsStored) this.#note('replaces_reading', before)
      else this.#hold('stored_differs', before)
      return { ...draft, replaces: same }
    }
    const [overlapping] = stored.filter((each) => !each.withdrawn && coversSameUse(each, draft))
    if (overlapping === undefined) return draft
    const { readOn, startReading, endReading, volumeM3, source } = overlapping
    if (source === 'estimated' && draft.source !== 'estimated' && !losesReadings(overlapping, draft))
      this.#note('replaces_estimate', { volume: plain(volumeM3) })
    else {
      const parameters = { readOn, start: plain(startReading), end: plain(endReading), volume: plain(volumeM3) }
      this.#hold('month_already_read', parameters)
    }
    return { ...draft, replaces: overlapping }
  }

  /** Only what concerns the row itself stays: its history was judged when the reading was stored. */
  #forgetWhatWasDecided(): void {
    const kept = this.#reasons.filter(({ code }) => reasonsOfTheRowItself.has(code))
    this.#reasons.splice(0, this.#reasons.length, ...kept)
  }
}

const reasonsOfTheRowItself: ReadonlySet<string> = new Set<ReasonCode>(['twice_in_file', 'other_month'])

const nextDays = new Map<CivilDate, CivilDate>()
/** The day after; kept, because a file of a million rows has but a few dates. */
function nextDay(date: CivilDate): CivilDate {
  const known = nextDays.get(date)
  if (known !== undefined) return known
  const next = plusDays(date, 1)
  if (nextDays.size > 1_000) nextDays.clear()
  nextDays.set(date, next)
  return next
}

interface PastUse {
  readonly sum: Exact
  readonly months: number
}

/** The use of the last three months, of those that are there. */
function lastThree(uses: readonly MonthUse[]): PastUse | undefined {
  let sum: Exact = zeroVolume
  let months = 0
  let latest = 0
  for (const { monthsBefore, volumeM3 } of uses) {
    if (monthsBefore > 3) continue
    sum = sum.plus(volume(volumeM3))
    if (monthsBefore !== latest) months += 1
    latest = monthsBefore
  }
  return months === 0 ? undefined : { sum, months }
}

/** What would be used in so many months if each were like the mean of the past. */
function over(span: number, { sum, months }: PastUse): PastUse {
  return { sum: span === 1 ? sum : sum.times(span), months }
}

/** Whole months, rounded, at least one: reading days move about by some days. */
function monthsIn(used: DateInterval): number {
  return Math.max(1, Math.round((daysIn(used) * 12) / 365))
}

/** Rounded to 0.001 m³, for people. */
function meanText({ sum, months }: PastUse): string {
  return roundToVolume(sum.div(months)).toFixed()
}

/** The meters of an account that hang at the end of a month, all or those of a number; not those at an outlet. */
export function metersInPlace(
  account: Pick<SupplyAccount, 'installations'>,
  feeMonth: FeeMonth,
  meterNo?: string,
): readonly Installation[] {
  return account.installations.filter(
    (each) =>
      each.purpose !== 'discharge' &&
      holdsOn(each.validity, lastDay(feeMonth)) &&
      (meterNo === undefined || isSameMeterNo(each.meterNo, meterNo)),
  )
}

/** Past use of a meter and of those it replaced, where the account has several side by side; else of the account. Newest first. */
export function usesOf(
  account: SupplyAccount,
  history: AccountHistory,
  installation: Installation | null,
): readonly MonthUse[] {
  const { uses, usesByInstallation } = history
  if (installation === null || usesByInstallation.size === 0) return uses
  const ofMeter: MonthUse[] = []
  let each: Installation | undefined = installation
  while (each !== undefined) {
    ofMeter.push(...(usesByInstallation.get(each.installationId) ?? []))
    const replacedId: Installation['replacesInstallationId'] = each.replacesInstallationId
    each = account.installations.find(({ installationId }) => installationId === replacedId)
  }
  return ofMeter.sort((a, b) => a.monthsBefore - b.monthsBefore)
}

/** How many months directly before, without a gap, were estimated. */
export function estimatesInARow(uses: readonly MonthUse[]): number {
  let count = 0
  while (uses.some((use) => use.monthsBefore === count + 1 && use.estimated)) count += 1
  return count
}

function dayOf(stated: CivilDate | undefined, removedOn: CivilDate | null, lastDay: CivilDate): CivilDate {
  if (removedOn === null) return stated ?? lastDay
  return stated !== undefined && stated < removedOn ? stated : removedOn
}

type Keyed = Pick<ReadingDraft, 'installationId' | 'kind' | 'readOn' | 'used'>

/** Whether two readings of one account and month are of the same water, so that only one of them can count. */
export function areOfTheSameUse(one: Keyed, other: Keyed): boolean {
  return hasSameKey(one, other) || coversSameUse(one, other)
}

function hasSameKey(stored: Keyed, draft: Keyed): boolean {
  if (stored.installationId !== draft.installationId || stored.kind !== draft.kind) return false
  return stored.installationId === null || stored.readOn === draft.readOn
}

function hasSameContent(stored: StoredReading, draft: ReadingDraft): boolean {
  return (
    stored.volumeM3 === draft.volumeM3 &&
    stored.startReading === draft.startReading &&
    stored.endReading === draft.endReading &&
    stored.source === draft.source &&
    stored.used.from === draft.used.from &&
    stored.used.until === draft.used.until
  )
}

/** Whether a volume alone would take the place of readings of the same meter: the next one would have nothing to begin at. */
function losesReadings(stored: StoredReading, draft: ReadingDraft): boolean {
  return stored.endReading !== null && draft.endReading === null
}

function coversSameUse(stored: Keyed, draft: Keyed): boolean {
  if (stored.kind === 'supplement' || draft.kind === 'supplement') return false
  const isSameMeter =
    stored.installationId === draft.installationId || stored.installationId === null || draft.installationId === null
  return isSameMeter && stored.used.from < draft.used.until && draft.used.from < stored.used.until
}

function isSameCategory(stated: string, account: SupplyAccount): boolean {
  return (
    stated === account.categoryNameZh ||
    stated === account.categoryCode ||
    stated.toLowerCase() === account.categoryCode.toLowerCase() ||
    comparable(stated) === comparable(account.categoryNameZh)
  )
}

function isSameName(stated: string, registered: string): boolean {
  return comparable(stated) === comparable(registered)
}

/** Names are compared without spaces and without the width of their brackets. */
function comparable(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toLowerCase()
}

function isSameMeterNo(registered: string, stated: string): boolean {
  return registered === stated || comparableMeterNo(registered) === comparableMeterNo(stated)
}

/** A stored decimal without useless zeros; `—` where there is none. */
function plain(text: string | null): string {
  return text === null ? '—' : new Exact(text).toFixed()
}

const rowsNamed = 8
function listOfRows(rows: readonly number[]): string {
  return rows.length <= rowsNamed ? rows.join('、') : `${rows.slice(0, rowsNamed).join('、')} …`
}
