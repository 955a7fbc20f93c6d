import type { AccountTerms, Installation, MeterShare } from '../dischargers/account.ts'
import {
  type DateInterval,
  daysIn,
  type FeeMonth,
  intersect,
  lastDay,
  monthInterval,
  plusDays,
} from '../kernel/calendar.ts'
import { Exact, plainText, withoutZeros } from '../kernel/decimal.ts'
import type { AccountId, InstallationId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import {
  addVolumes,
  roundToVolume,
  splitVolumeByShares,
  subtractVolume,
  type Volume,
  volume,
  volumeText,
  zeroVolume,
} from '../kernel/volume.ts'
import { countUnits, rangeOf, unitsToVolume } from '../readings/counter.ts'
import { trueUpShares } from '../readings/estimate.rules.ts'
import type { MeterReading } from '../readings/reading.ts'
import type {
  HeldReason,
  SharedMeter,
  SubMeter,
  Use,
  VolumeFacts,
  VolumeOutcome,
  VolumeSource,
} from './billable-volume.ts'
import { basisNames, type VolumeBasis, type VolumeBasisKind } from './volume-basis.ts'

/**
 * What is billable of one account in one fee month, on its ground, with every source named (the Measures art. 8;
 * 151 art. 9–11). Refuses nothing: what cannot be billed is held with all its reasons, so that nobody is forgotten.
 */
export function billableVolume(facts: VolumeFacts): VolumeOutcome {
  const basis = basisOfMonth(facts.bases, facts.terms, facts.feeMonth)
  if (basis?.basis === 'exempt') return { outcome: 'exempt', basis }
  const kind = basis?.basis ?? (facts.terms.supply === 'public' ? 'public_meter' : undefined)

  const reasons: HeldReason[] = []
  const month = monthInterval(facts.feeMonth)
  const needsAgreement = facts.terms.categories.some(
    (category) => category.needsAgreement && intersect(month, category.validity) !== undefined,
  )
  if (needsAgreement && !facts.agreementInForce) reasons.push({ code: 'no_agreement', parameters: {} })
  for (const { importId, rowNo } of facts.rowsUnderReview) {
    reasons.push({ code: 'reading_under_review', parameters: { importId, rowNo } })
  }
  if (kind === undefined) {
    reasons.push({ code: 'own_source_without_basis', parameters: {} })
    return { outcome: 'held', reasons }
  }

  const uses = usesByBasis(kind, basis, facts, reasons)
  if (reasons.length > 0) return { outcome: 'held', reasons }
  return {
    outcome: 'billable',
    basis: kind,
    clause: basis?.clause ?? basisNames[kind].clause,
    uses,
    estimated: uses.some(({ sources }) => sources.some((each) => each.kind === 'reading' && each.estimated === true)),
  }
}

/**
 * The ground of a month is the one in force on its last day: grounds begin and end with months, and a month in which
 * an exemption ends is due in full (151 art. 9, 足额缴纳).
 */
export function basisOfMonth(
  bases: readonly VolumeBasis[],
  terms: AccountTerms,
  month: FeeMonth,
): VolumeBasis | undefined {
  const last = lastDay(month)
  const day = terms.closedOn !== null && terms.closedOn <= last ? plusDays(terms.closedOn, -1) : last
  return bases.find(({ validity }) => validity.from <= day && (validity.until === null || day < validity.until))
}

function usesByBasis(
  kind: VolumeBasisKind,
  basis: VolumeBasis | undefined,
  facts: VolumeFacts,
  reasons: HeldReason[],
): readonly Use[] {
  switch (kind) {
    case 'public_meter':
      return meteredUses(facts, 'supply', reasons)
    case 'construction_meter':
      return meteredUses(facts, 'construction', reasons)
    case 'actual_discharge':
      return meteredUses(facts, 'discharge', reasons)
    case 'own_meter':
      return declaredUses(facts, reasons)
    case 'rated_flow':
      return ratedFlowUses(facts, present(basis?.ratedFlowM3PerHour, 'a rated-flow ground has its flow'), undefined)
    case 'construction_quota': {
      const perMonth = present(basis?.quotaM3PerMonth, 'a quota ground has its quota')
      const quota = roundToVolume(new Exact(perMonth))
      return [{ used: openDays(facts), volumeM3: quota, sources: [{ kind: 'quota', perMonth, m3: volumeText(quota) }] }]
    }
    case 'exempt':
      return []
  }
}

/** The days of the month on which the account was open; the whole month where dates leave nothing. */
function openDays(facts: VolumeFacts): DateInterval {
  const month = monthInterval(facts.feeMonth)
  return intersect(month, { from: facts.terms.openedOn, until: facts.terms.closedOn }) ?? month
}

/** Rated flow × 24 h × days: 25 m³/h over 31 days are 18,600 m³ (151 art. 10). */
function ratedFlowUses(facts: VolumeFacts, perHour: string, reason: string | undefined): readonly Use[] {
  const used = openDays(facts)
  const days = daysIn(used)
  const volumeM3 = roundToVolume(new Exact(perHour).times(24).times(days))
  const source: VolumeSource = {
    kind: 'rated-flow',
    perHour,
    days,
    m3: volumeText(volumeM3),
    ...(reason === undefined ? {} : { reason }),
  }
  return [{ used, volumeM3, sources: [source] }]
}

function declaredUses(facts: VolumeFacts, reasons: HeldReason[]): readonly Use[] {
  if (facts.declaration !== undefined) {
    const { declarationId, volumeM3 } = facts.declaration
    const declared = volume(volumeM3)
    return [
      {
        used: openDays(facts),
        volumeM3: declared,
        sources: [{ kind: 'declared', declaration: declarationId, m3: volumeText(declared) }],
      },
    ]
  }
  if (facts.ratedFlowDecision !== undefined) {
    return ratedFlowUses(facts, facts.ratedFlowDecision.ratedFlowM3PerHour, facts.ratedFlowDecision.reason)
  }
  reasons.push({ code: facts.declarationUnderReview ? 'declaration_under_review' : 'nothing_declared', parameters: {} })
  return []
}

function meteredUses(facts: VolumeFacts, purpose: Installation['purpose'], reasons: HeldReason[]): readonly Use[] {
  const { terms, readings } = facts
  const ownMeters = terms.installations.filter(
    (each) => each.purpose === purpose && !facts.sharedMeters.some((shared) => isOf(shared, each.installationId)),
  )
  // A volume of the account as a whole is its supply, never what an outlet's meter saw leave.
  const withoutMeter = purpose === 'discharge' ? [] : readings.filter((reading) => reading.installationId === null)
  if (purpose === 'discharge' && ownMeters.length === 0) {
    reasons.push({ code: 'discharge_meter_missing', parameters: {} })
    return []
  }

  for (const { installationId, readOn } of readings) {
    const isKnown =
      installationId === null ||
      terms.installations.some((each) => each.installationId === installationId) ||
      facts.sharedMeters.some((shared) => isOf(shared, installationId))
    if (!isKnown) reasons.push({ code: 'reading_of_removed_meter', parameters: { readOn } })
  }

  const uses: Use[] = withoutMeter.map((reading) => useOfReading(reading, undefined, facts.estimatedRun))
  for (const place of placesOf(ownMeters)) {
    const subs = facts.subMeters.filter(({ installation }) =>
      place.some(({ installationId }) => installationId === installation.masterInstallationId),
    )
    // Nothing can be taken off a volume that covers all meters, so a master needs a reading of its own.
    // A row under review is reason enough: the reading that is missing is most likely that one.
    const explained = isSuspendedThroughout(facts) || facts.rowsUnderReview.length > 0
    const mustBeRead = (withoutMeter.length === 0 || subs.length > 0) && !explained
    const ofPlace = place.flatMap((meter) => {
      const ofMeter = readings.filter((reading) => reading.installationId === meter.installationId)
      if (ofMeter.length === 0 && mustBeRead) reportMissing(meter, facts.feeMonth, reasons)
      return ofMeter.map((reading) => useOfReading(reading, meter, facts.estimatedRun))
    })
    const master = place.at(-1)
    if (ofPlace.length === 0 || master === undefined) continue
    uses.push(...lessSubMeters(ofPlace, master, subs, facts.estimatedRun, reasons))
  }
  for (const shared of facts.sharedMeters) {
    if (shared.installation.purpose === purpose) uses.push(...shareOf(shared, facts, reasons))
  }

  if (isSuspendedThroughout(facts)) {
    const used = addVolumes(uses.map((use) => use.volumeM3))
    if (!used.isZero()) reasons.push({ code: 'used_while_suspended', parameters: { volumeM3: volumeText(used) } })
    if (uses.length === 0) {
      return [
        { used: openDays(facts), volumeM3: zeroVolume, sources: [{ kind: 'suspended', m3: volumeText(zeroVolume) }] },
      ]
    }
  }
  if (uses.length === 0 && reasons.length === 0) reasons.push({ code: 'no_reading', parameters: { meter: '—' } })
  return uses
}

function isOf({ installation }: SharedMeter, installationId: InstallationId): boolean {
  return installation.installationId === installationId
}

/** Meters that replaced one another hang in one place and are read as one: subs behind it are taken off them together. */
function placesOf(meters: readonly Installation[]): readonly (readonly Installation[])[] {
  const places: Installation[][] = []
  for (const meter of meters) {
    const place = places.find((each) =>
      each.some(({ installationId }) => installationId === meter.replacesInstallationId),
    )
    if (place === undefined) places.push([meter])
    else place.push(meter)
  }
  return places
}

/** A meter in place at the month's end needs its reading, one taken down within the month its residual. */
function reportMissing(meter: Installation, month: FeeMonth, reasons: HeldReason[]): void {
  const interval = monthInterval(month)
  const { from, until } = meter.validity
  // Hung after the month's last day, or in place for no day of it: nothing to read.
  if (from >= interval.until || (until !== null && until <= interval.from)) return
  const takenDown = until !== null && until < interval.until
  reasons.push({ code: takenDown ? 'no_residual' : 'no_reading', parameters: { meter: meter.meterNo } })
}

function isSuspendedThroughout(facts: VolumeFacts): boolean {
  if (facts.terms.suspensions.length === 0) return false
  const open = openDays(facts)
  return facts.terms.suspensions.some(({ from, until }) => from <= open.from && (until === null || until >= open.until))
}

function useOfReading(reading: MeterReading, meter: Installation | undefined, run: readonly MeterReading[]): Use {
  const stated = volume(reading.volumeM3)
  const share = trueUpShareOf(reading, run)
  if (share !== undefined) {
    return {
      used: share.used,
      volumeM3: share.volumeM3,
      sources: [
        {
          kind: 'true-up',
          reading: reading.readingId,
          closing: share.closing.readingId,
          ...(meter === undefined ? {} : { meter: meter.meterNo }),
          ...(share.start === null || share.closing.endReading === null
            ? {}
            : { start: withoutZeros(share.start), end: withoutZeros(share.closing.endReading) }),
          statedM3: volumeText(stated),
          wholeM3: volumeText(share.wholeM3),
          days: share.days,
          part: share.part,
          m3: volumeText(share.volumeM3),
        },
      ],
    }
  }
  return {
    used: reading.used,
    volumeM3: stated,
    sources: [
      {
        kind: 'reading',
        reading: reading.readingId,
        ...(meter === undefined ? {} : { meter: meter.meterNo }),
        ...(reading.startReading === null || reading.endReading === null
          ? {}
          : { start: withoutZeros(reading.startReading), end: withoutZeros(reading.endReading) }),
        ...(meter === undefined || withoutZeros(meter.multiplier) === '1'
          ? {}
          : { multiplier: withoutZeros(meter.multiplier) }),
        m3: volumeText(stated),
        ...(reading.source === 'estimated' ? { estimated: true as const } : {}),
        ...wayCounted(reading, meter, stated),
      },
    ],
  }
}

/** Why the use is not just the end less the start, so that nobody who checks the bill has to guess. */
function wayCounted({ startReading, endReading }: MeterReading, meter: Installation | undefined, stated: Volume) {
  if (meter === undefined || startReading === null || endReading === null) return {}
  const { units, way } = countUnits(meter, volume(startReading), volume(endReading))
  const countedM3 = unitsToVolume(units, meter.multiplier)
  return {
    ...(way === 'reversed' && !units.isZero() ? { reversed: true as const } : {}),
    ...(way === 'turned_over' ? { turnedOverAt: rangeOf(meter.digits).toFixed() } : {}),
    ...(countedM3.eq(stated) ? {} : { countedM3: volumeText(countedM3) }),
  }
}

interface ShareOfRun {
  readonly volumeM3: Volume
  readonly used: DateInterval
  readonly closing: MeterReading
  /** What the meter showed where the run began. */
  readonly start: string | null
  readonly wholeM3: Volume
  readonly days: readonly number[]
  readonly part: number
}

/** A reading's share of its closed run. A closing reading may count from the last actual one: its days are its own. */
function trueUpShareOf(reading: MeterReading, run: readonly MeterReading[]): ShareOfRun | undefined {
  const ofMeter = run.filter((each) => each.installationId === reading.installationId)
  const part = ofMeter.findIndex((each) => each.readingId === reading.readingId)
  const closing = ofMeter.at(-1)
  if (ofMeter.length < 2 || part === -1 || closing === undefined) return undefined
  const shares = trueUpShares(ofMeter)
  const share = present(shares[part], 'each reading of a run has a share')
  const { from, until } = reading.used
  return {
    volumeM3: share.volumeM3,
    used: { from: share.days > 0 ? plusDays(until, -share.days) : from, until },
    closing,
    start: ofMeter.find(({ startReading }) => startReading !== null)?.startReading ?? null,
    wholeM3: addVolumes(shares.map(({ volumeM3 }) => volumeM3)),
    days: shares.map(({ days }) => days),
    part,
  }
}

/** Master less subs (law: subs are read first; a negative rest is held, never billed negative). */
function lessSubMeters(
  uses: readonly Use[],
  master: Installation,
  subs: readonly SubMeter[],
  run: readonly MeterReading[],
  reasons: HeldReason[],
): readonly Use[] {
  if (subs.length === 0) return uses
  for (const { installation, readings } of subs) {
    if (readings.length === 0) {
      reasons.push({ code: 'sub_without_reading', parameters: { master: master.meterNo, meter: installation.meterNo } })
    }
  }
  const ofSubs = subs.flatMap(({ installation, readings }) =>
    readings.map((reading) => {
      const volumeM3 = trueUpShareOf(reading, run)?.volumeM3 ?? volume(reading.volumeM3)
      return { reading: reading.readingId, meter: installation.meterNo, volumeM3, left: volumeM3 }
    }),
  )
  const subTotal = addVolumes(ofSubs.map(({ volumeM3 }) => volumeM3))
  const masterTotal = addVolumes(uses.map((use) => use.volumeM3))
  if (subTotal.greaterThan(masterTotal)) {
    reasons.push({
      code: 'master_less_subs_negative',
      parameters: { master: master.meterNo, masterM3: masterTotal.toFixed(), subsM3: subTotal.toFixed() },
    })
    return []
  }
  // The subs' water is taken from the uses in order, so that no part goes below zero (a replaced master has two); each
  // use names what was taken off it, so that its arithmetic stands by itself.
  return uses.map((use, index) => {
    const less: VolumeSource[] = []
    let rest = use.volumeM3
    for (const sub of ofSubs) {
      const taken = sub.left.lessThan(rest) ? sub.left : rest
      sub.left = subtractVolume(sub.left, taken)
      rest = subtractVolume(rest, taken)
      if (taken.isZero() && !(index === 0 && sub.volumeM3.isZero())) continue
      less.push({ kind: 'less-sub', reading: sub.reading, meter: sub.meter, m3: volumeText(taken) })
    }
    return { used: use.used, volumeM3: rest, sources: [...use.sources, ...less] }
  })
}

/** This account's share of a meter that several users share, cut to the agreement's unit; the last takes the rest. */
function shareOf(shared: SharedMeter, facts: VolumeFacts, reasons: HeldReason[]): readonly Use[] {
  const { installation, readings, subMeters } = shared
  const { accountId } = facts.terms
  const { meterNo: meter } = installation
  const missing: HeldReason = { code: 'share_meter_without_reading', parameters: { meter } }
  if (readings.length === 0) {
    reasons.push(missing)
    return []
  }
  const whole = lessSubMeters(
    readings.map((reading) => useOfReading(reading, installation, facts.estimatedRun)),
    installation,
    subMeters,
    facts.estimatedRun,
    reasons,
  )
  const uses: Use[] = []
  for (const use of whole) {
    const { portions, unit } = portionsOf(shared.shares, use.used)
    if (portions.length === 0) {
      reasons.push(missing)
      return []
    }
    const position = portions.findIndex((each) => each.accountId === accountId)
    const mine = portions[position]
    // An owner who keeps no share of the own meter is billed 0.00 for it; another account has no part in this use.
    if (mine === undefined && installation.accountId !== accountId) continue
    const parts = splitVolumeByShares(
      use.volumeM3,
      portions.map(({ weight }) => weight),
      unit,
    )
    const volumeM3 = parts[position] ?? zeroVolume
    const source: VolumeSource = {
      kind: 'share',
      meter,
      shareNo: mine?.shareNo ?? 0,
      ratio: mine?.ratio ?? '0',
      unit,
      wholeM3: volumeText(use.volumeM3),
      m3: volumeText(volumeM3),
    }
    uses.push({ used: use.used, volumeM3, sources: [...use.sources, source] })
  }
  return uses
}

interface Portion {
  readonly accountId: AccountId
  readonly shareNo: number
  readonly weight: Exact
  /** For people: `0.3`, or `0.3 × 15/31 + 0.5 × 16/31` where the agreement changed within the use. */
  readonly ratio: string
}

/**
 * The users of a shared meter in one use, with the unit of their agreement. Where the agreement changed within the use,
 * its ratios weigh by the days they held, so that the parts still add up to the meter; the last user of the latest
 * agreement comes last and takes the rest. None where no share holds on any day of the use.
 */
function portionsOf(
  shares: readonly MeterShare[],
  used: DateInterval,
): { readonly portions: readonly Portion[]; readonly unit: '1' | '0.001' } {
  const held = shares
    .flatMap((share) => {
      const days = intersect(used, share.validity)
      return days === undefined ? [] : [{ share, days: daysIn(days) }]
    })
    .sort((a, b) => compareText(a.share.validity.from, b.share.validity.from) || a.share.shareNo - b.share.shareNo)
  // On every shared day the ratios add up to 1, so that these are the shared days.
  const sharedDays = held.reduce((sum, { share, days }) => sum.plus(new Exact(share.ratio).times(days)), new Exact(0))
  const portions = new Map<AccountId, Portion>()
  for (const { share, days } of held) {
    const before = portions.get(share.accountId)
    portions.delete(share.accountId)
    const ratio = sharedDays.equals(days)
      ? withoutZeros(share.ratio)
      : `${withoutZeros(share.ratio)} × ${days}/${plainText(sharedDays)}`
    portions.set(share.accountId, {
      accountId: share.accountId,
      shareNo: share.shareNo,
      weight: new Exact(share.ratio).times(days).plus(before?.weight ?? 0),
      ratio: before === undefined ? ratio : `${before.ratio} + ${ratio}`,
    })
  }
  return { portions: [...portions.values()], unit: held.at(-1)?.share.unitM3 ?? '1' }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
