import { type CivilDate, holdsOn } from '../kernel/calendar.ts'
import type { InstallationId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { dayRefusal } from './account.rules.ts'
import { allocateIds } from './account.store.ts'
import type { MeterPurpose } from './account.ts'
import { type AccountChoice, changeAccount } from './account-command.ts'
import type { AccountLife } from './account-life.ts'
import { lockCollector } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { formRefusal } from './entry.rules.ts'
import type { Guards } from './guards.ts'
import {
  digitsRange,
  masterRefusal,
  multiplierRule,
  parseMultiplier,
  parseReading,
  placeRefusal,
  readingRefusal,
  readingRule,
  sizeRange,
} from './meter.rules.ts'
import { insertInstallations, insertMeters, type MeterHistory, meterHistories } from './meter.store.ts'

export interface MeterEntry {
  readonly meterNo: string
  /** 口径 in mm, where it is known. */
  readonly sizeMm?: number
  readonly purpose: MeterPurpose
  /** Places of the counter. */
  readonly digits: number
  /** m³ per unit of the counter, `1` for most. */
  readonly multiplier: string
  readonly initialReading: string
  readonly runsBackwards: boolean
  /** The master meter it hangs behind, of the same collector. */
  readonly masterMeterNo?: string
}

/**
 * Hangs a meter at an account from a day on. Refuses a meter that hangs elsewhere at the time, another size than it is
 * registered with, a reading its counter cannot show, a master that does not hang on that day, and a day out of the
 * account's life or billed.
 */
export async function installMeter(
  services: Services,
  envelope: Envelope,
  entry: AccountChoice & MeterEntry & { readonly on: CivilDate },
  options: { readonly guards?: Guards } = {},
): Promise<CommandAnswer<{ accountNo: string; meterNo: string; on: CivilDate }> | Refusal> {
  const command = { name: 'dischargers.install-meter', zh: '装表' } as const
  return changeAccount(services, envelope, command, { ...entry }, options.guards ?? {}, async (change) => {
    const { context, life, billedThrough } = change
    const untimely = dayRefusal(life, entry.on, billedThrough)
    if (untimely !== undefined) return untimely
    const meter = await judgeMeter(context.trx, life, entry, entry.on)
    if (isRefusal(meter)) return meter
    await hangMeter(context.trx, context.commandId, life, meter, { on: entry.on, replaces: null })
    return { accountNo: life.accountNo, meterNo: meter.meterNo, on: entry.on }
  })
}

export interface JudgedMeter extends Omit<MeterEntry, 'sizeMm' | 'masterMeterNo'> {
  readonly sizeMm: number | null
  readonly masterInstallationId: InstallationId | null
  readonly known: MeterHistory | undefined
}

/**
 * Whether this meter can hang at the account from that day on, with its values as they are stored. `ending` is the
 * installation that ends on that very day: a new counter may hang under the old one's number.
 */
export async function judgeMeter(
  trx: Trx,
  life: AccountLife,
  entry: MeterEntry,
  on: CivilDate,
  ending?: InstallationId,
): Promise<JudgedMeter | Refusal> {
  const meterNo = entry.meterNo.trim()
  const malformed = formRefusal({ meterNo }) ?? rangeRefusal(entry)
  if (malformed !== undefined) return malformed
  const multiplier = parseMultiplier(entry.multiplier)
  if (multiplier === undefined) {
    return refuse('value_wrong', { column: '倍率 multiplier', value: entry.multiplier, rule: multiplierRule })
  }
  const initialReading = parseReading(entry.initialReading)
  if (initialReading === undefined) {
    return refuse('value_wrong', { column: '初始读数 initial reading', value: entry.initialReading, rule: readingRule })
  }
  const beyond = readingRefusal(initialReading, entry.digits)
  if (beyond !== undefined) return beyond
  await lockCollector(trx, life.collectorId)
  const { masterMeterNo } = entry
  const histories = await meterHistories(trx, life.collectorId, [
    meterNo,
    ...(masterMeterNo === undefined ? [] : [masterMeterNo]),
  ])
  const known = histories.get(meterNo)
  const sizeMm = entry.sizeMm ?? known?.sizeMm ?? null
  if (known !== undefined && known.sizeMm !== sizeMm) {
    return refuse('meter_size_differs', { meterNo, stored: known.sizeMm ?? '—', value: sizeMm ?? '—' })
  }
  const elsewhere = known?.places.filter(({ installationId }) => installationId !== ending) ?? []
  const misplaced = placeRefusal(meterNo, { from: on, until: null }, elsewhere)
  if (misplaced !== undefined) return misplaced
  let masterInstallationId: InstallationId | null = null
  if (masterMeterNo !== undefined) {
    const places = histories.get(masterMeterNo)?.places ?? []
    const master = { meterNo: masterMeterNo, validities: places.map(({ validity }) => validity) }
    const refusal = masterRefusal(meterNo, master, on)
    if (refusal !== undefined) return refusal
    masterInstallationId = places.find(({ validity }) => holdsOn(validity, on))?.installationId ?? null
  }
  const { purpose, digits, runsBackwards } = entry
  return { meterNo, sizeMm, purpose, digits, multiplier, initialReading, runsBackwards, masterInstallationId, known }
}

function rangeRefusal(entry: MeterEntry): Refusal | undefined {
  const { digits, sizeMm } = entry
  const outside = (value: number, range: { from: number; to: number }) =>
    !Number.isInteger(value) || value < range.from || value > range.to
  if (outside(digits, digitsRange)) {
    return refuse('value_wrong', {
      column: '位数 digits',
      value: digits,
      rule: `${digitsRange.from} – ${digitsRange.to}`,
    })
  }
  if (sizeMm !== undefined && outside(sizeMm, sizeRange)) {
    return refuse('value_wrong', {
      column: '口径 size (mm)',
      value: sizeMm,
      rule: `${sizeRange.from} – ${sizeRange.to} mm`,
    })
  }
  return undefined
}

/** Writes the meter, where it is new, and its installation. */
export async function hangMeter(
  trx: Trx,
  commandId: string,
  life: AccountLife,
  meter: JudgedMeter,
  place: { readonly on: CivilDate; readonly replaces: InstallationId | null },
): Promise<InstallationId> {
  const [installationId] = (await allocateIds(trx, 'installations', 1)) as [InstallationId]
  let meterId = meter.known?.meterId
  if (meterId === undefined) {
    const [allocated] = (await allocateIds(trx, 'meters', 1)) as [string]
    meterId = allocated
    await insertMeters(trx, commandId, life.collectorId, [{ meterId, meterNo: meter.meterNo, sizeMm: meter.sizeMm }])
  }
  const { purpose, digits, multiplier, initialReading, runsBackwards, masterInstallationId } = meter
  await insertInstallations(trx, commandId, [
    {
      installationId,
      meterId,
      accountId: life.accountId,
      purpose,
      digits,
      multiplier,
      initialReading,
      runsBackwards,
      masterInstallationId,
      replacesInstallationId: place.replaces,
      from: place.on,
      until: null,
    },
  ])
  return installationId
}
