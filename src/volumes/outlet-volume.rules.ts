import type { DischargerId } from '../kernel/ids.ts'
import { addVolumes, zeroVolume } from '../kernel/volume.ts'
import type { VolumeGap, VolumeOfMonth } from '../quality/total.ts'
import type { VolumeOutcome } from './billable-volume.ts'
import type { VolumeBasisKind } from './volume-basis.ts'

/** An account in a month: who held it on its days, what is billable, and the outlet its discharge is metered at, if any. */
export interface AccountOfMonth {
  readonly accountNo: string
  readonly holders: readonly DischargerId[]
  readonly outcome: VolumeOutcome
  readonly meteredAt: string | undefined
}

/** Presumed for the fee, not measured: nobody is said to have discharged that much. */
const presumed: readonly VolumeBasisKind[] = ['rated_flow', 'construction_quota']

/**
 * What went through an outlet of a discharger in a month, by its accounts: discharge is water use (the Measures art. 8),
 * all of it through the one outlet it has (art. 7); use that is metered at an outlet (151 art. 11) is that outlet's
 * alone, and of an exempt account nothing enters the sewers (151 art. 9). Says why not, naming accounts, where there are
 * several outlets and use is metered at none of them, where an account has no billable volume, changed hands within the
 * month, or has a volume that is estimated or presumed.
 */
export function outletVolume(
  outletId: string,
  outletsOfMonth: readonly string[],
  accounts: readonly AccountOfMonth[],
): VolumeOfMonth {
  const unknown = (why: VolumeGap, of: readonly AccountOfMonth[] = []) => ({
    why,
    accounts: of.map(({ accountNo }) => accountNo),
  })
  if (!outletsOfMonth.includes(outletId)) return unknown('outlet_not_registered')
  const here = accounts.filter(
    ({ meteredAt, outcome }) => outcome.outcome !== 'exempt' && (meteredAt === undefined || meteredAt === outletId),
  )
  // That no account discharges there by the records is not that nothing is discharged.
  if (here.length === 0) return unknown('no_account')
  const anywhere = here.filter(({ meteredAt }) => meteredAt === undefined)
  if (outletsOfMonth.length > 1 && anywhere.length > 0) return unknown('several_outlets', anywhere)
  for (const [why, of] of [
    ['account_changed_hands', ({ holders }) => holders.length > 1],
    ['account_without_volume', ({ outcome }) => outcome.outcome === 'held'],
    [
      'volume_not_measured',
      ({ outcome }) => outcome.outcome === 'billable' && (outcome.estimated || presumed.includes(outcome.basis)),
    ],
  ] satisfies readonly (readonly [VolumeGap, (account: AccountOfMonth) => boolean])[]) {
    const found = here.filter(of)
    if (found.length > 0) return unknown(why, found)
  }
  const volumes = here.flatMap(({ outcome }) => (outcome.outcome === 'billable' ? outcome.uses : []))
  return { m3: addVolumes([zeroVolume, ...volumes.map(({ volumeM3 }) => volumeM3)]) }
}
