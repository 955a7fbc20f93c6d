import { findDischarger } from '../dischargers/account.queries.ts'
import { findOutlets, type Outlet } from '../dischargers/outlet.queries.ts'
import { holdsOn, parseCivilDate } from '../kernel/calendar.ts'
import { parseExact, plainText } from '../kernel/decimal.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { faultList } from '../platform/fault-list.ts'
import type { Json } from '../platform/platform.tables.ts'
import { propose } from '../platform/proposals.ts'
import { type EnteredLimit, limitColumnNames } from './entered-limit.ts'
import { unitText } from './judged-text.ts'
import { type Bound, boundNames, bounds, type LimitChange, totalUnits } from './limit.ts'
import { type Pollutant, pollutantNamed } from './pollutant.ts'
import { type LimitOfOutlet, limitsOf, listPollutants } from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'

export const limitsProposal = 'quality.limits'
export type LimitsProposal = { readonly changes: readonly LimitChange[] }

/**
 * Proposes permitted limits from their approval documents: each holds from its day on and ends the one before it; 取消
 * ends without a follower. Refuses all faults at once: unknown dischargers, outlets, pollutants and units, values that
 * are no number, rows of the same limit, and changes before a limit that is set.
 */
export async function proposeLimits(
  services: Services,
  envelope: Envelope,
  entered: readonly EnteredLimit[],
): Promise<CommandAnswer<{ proposalId: string; digest: string; limits: number }> | Refusal> {
  return runCommand(
    services,
    envelope,
    {
      name: 'quality.propose-limits',
      zh: '提交许可限值',
    },
    entered.map((each) => ({ ...each })),
    async (context) => {
      const { trx } = context
      const pollutants = await listPollutants(trx)
      const changes: LimitChange[] = []
      const faults: Refusal[] = []
      const seen = new Map<string, number>()
      for (const row of entered) {
        const change = readChange(row, pollutants)
        if (Array.isArray(change)) {
          faults.push(...change)
          continue
        }
        const key = [change.discharger, change.outletNo, change.pollutant, change.bound].join('\n')
        const other = seen.get(key)
        seen.set(key, row.row)
        if (other !== undefined) faults.push(refuseQuality('limit_twice', { row: row.row, other }))
        else changes.push(change)
      }
      const planned = await planLimits(trx, changes)
      if (Array.isArray(planned)) faults.push(...planned)
      if (faults.length > 0) return refuseQuality('limits_faulty', faultList(faults))
      const content: LimitsProposal = { changes }
      const proposed = await propose(context, {
        kind: limitsProposal,
        subject: [...new Set(changes.map(({ discharger }) => discharger))].join('、'),
        content: content as unknown as Json,
      })
      return { ...proposed, limits: changes.length }
    },
  )
}

/** What is stored and ended by changes: found anew on approval. */
export interface PlannedLimit {
  readonly change: LimitChange
  readonly outletId: string
  /** The open limit that ends on the day of the change. */
  readonly ends: LimitOfOutlet | undefined
}

/** Finds outlets and the limits that end. Answers everything that stands against the changes, where something does. */
export async function planLimits(
  trx: Trx,
  changes: readonly LimitChange[],
): Promise<{ readonly limits: readonly PlannedLimit[] } | Refusal[]> {
  const faults: Refusal[] = []
  const codes = [...new Set(changes.map(({ discharger }) => discharger))]
  for (const code of codes) {
    const discharger = await findDischarger(trx, code)
    if (isRefusal(discharger)) faults.push(discharger)
  }
  if (faults.length > 0) return faults
  const outlets = await findOutlets(trx, { dischargerCodes: codes })
  const stored = await limitsOf(
    trx,
    outlets.map(({ outletId }) => outletId),
  )
  const limits: PlannedLimit[] = []
  for (const change of changes) {
    const { discharger, outletNo, pollutant, bound, from } = change
    const outlet = outletOn(outlets, discharger, outletNo, from)
    if (outlet === undefined) {
      faults.push(refuseQuality('outlet_not_registered', { discharger, outlet: outletNo, date: from }))
      continue
    }
    const same = stored.filter(
      (each) => each.outletId === outlet.outletId && each.pollutant === pollutant && each.bound === bound,
    )
    const told = { discharger, outlet: outletNo, pollutant, bound: boundNames[bound].zh, from }
    const later = same.find(
      ({ validity }) => validity.from >= from || (validity.until !== null && validity.until > from),
    )
    const ends = same.find(({ validity }) => validity.until === null && validity.from < from)
    if (later !== undefined) {
      faults.push(refuseQuality('limit_starts_before_another', { ...told, since: later.validity.from }))
    } else if (change.value === undefined && ends === undefined) {
      faults.push(refuseQuality('limit_to_end_missing', told))
    } else limits.push({ change, outletId: outlet.outletId, ends })
  }
  return faults.length > 0 ? faults : { limits }
}

export function outletOn(outlets: readonly Outlet[], code: string, outletNo: string, on: Outlet['validity']['from']) {
  return outlets.find(
    (outlet) => outlet.dischargerCode === code && outlet.outletNo === outletNo && holdsOn(outlet.validity, on),
  )
}

function readChange(entered: EnteredLimit, pollutants: readonly Pollutant[]): LimitChange | Refusal[] {
  const { row } = entered
  const faults: Refusal[] = []
  for (const field of ['discharger', 'outlet', 'pollutant', 'value', 'document', 'from'] as const) {
    if (entered[field].trim() === '')
      faults.push(refuseQuality('limit_row_incomplete', { row, column: limitColumnNames[field][0] }))
  }
  if (faults.length > 0) return faults
  const pollutant = pollutantNamed(pollutants, entered.pollutant)
  if (pollutant === undefined) faults.push(refuseQuality('pollutant_unknown', { pollutant: entered.pollutant }))
  const from = parseCivilDate(entered.from)
  if (from === undefined) faults.push(refuseQuality('limit_date_unreadable', { row, value: entered.from }))
  const bound = boundOf(entered)
  if (bound === undefined) {
    const known = Object.values(boundNames).map(({ zh }) => zh)
    faults.push(refuseQuality('limit_bound_unknown', { row, value: entered.bound, known: known.join('、') }))
  }
  const value = readValue(entered, bound)
  if (value === null) faults.push(refuseQuality('limit_value_unreadable', { row, value: entered.value }))
  if (pollutant === undefined || from === undefined || bound === undefined || value === null) return faults
  const totalUnit = totalUnits[bound]
  if (totalUnit !== undefined && pollutant.unit !== 'mg/L')
    return [refuseQuality('limit_total_needs_mass', { row, pollutant: pollutant.zh, unit: pollutant.unit })]
  const expected = totalUnit ?? pollutant.unit
  const shown = unitText(expected, 'zh')
  const unit = entered.unit === '' || entered.unit === shown ? expected : entered.unit
  if (unit.toLowerCase() !== expected.toLowerCase())
    return [refuseQuality('limit_unit_differs', { row, unit, expected: shown, pollutant: pollutant.zh })]
  return {
    discharger: entered.discharger,
    outletNo: entered.outlet,
    pollutant: pollutant.code,
    bound,
    value,
    unit: expected,
    document: entered.document,
    from,
  }
}

function boundOf({ bound, value }: EnteredLimit): Bound | undefined {
  if (value === boundNames.not_detected.zh) return 'not_detected'
  if (bound === '') return 'at_most'
  return bounds.find((each) => each === bound || boundNames[each].zh === bound)
}

/** The value as exact text, '' where nothing may be found, `undefined` where the limit ends, `null` for anything else. */
function readValue({ value }: EnteredLimit, bound: Bound | undefined): string | undefined | null {
  if (value === '取消') return undefined
  if (bound === 'not_detected') return value === boundNames.not_detected.zh ? '' : null
  const number = parseExact(value)
  return number === undefined || !number.gt(0) ? null : plainText(number)
}
