import type { CivilDate, FeeMonth, Validity } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'

/** On which ground a volume is billable (151 art. 9–11; the Measures art. 8). The list is closed. */
export const volumeBases = [
  'public_meter',
  'own_meter',
  'rated_flow',
  'actual_discharge',
  'construction_meter',
  'construction_quota',
  'exempt',
] as const
export type VolumeBasisKind = (typeof volumeBases)[number]

export const basisNames: Record<
  VolumeBasisKind,
  { readonly zh: string; readonly en: string; readonly clause: string }
> = {
  public_meter: { zh: '公共供水水表', en: 'public supply meter', clause: '办法第八条；财税〔2014〕151号第十条' },
  own_meter: { zh: '自备水源计量', en: 'own-source meter', clause: '财税〔2014〕151号第十条、第十五条' },
  rated_flow: { zh: '取水设施额定流量×24小时', en: 'rated flow × 24 h', clause: '财税〔2014〕151号第十条' },
  actual_discharge: {
    zh: '实际排放量（认定并公示）',
    en: 'actual discharge, determined and posted',
    clause: '财税〔2014〕151号第十一条',
  },
  construction_meter: {
    zh: '施工临时排水计量',
    en: 'construction discharge meter',
    clause: '财税〔2014〕151号第十一条',
  },
  construction_quota: { zh: '施工规模定额', en: 'construction quota', clause: '财税〔2014〕151号第十一条' },
  exempt: {
    zh: '免征（自行处理且不进公共系统）',
    en: 'exempt (own treatment, nothing into the public system)',
    clause: '财税〔2014〕151号第九条',
  },
}

/** A ground other than the public meter, with its evidence and validity. */
export interface VolumeBasis {
  readonly basisId: string
  readonly accountId: AccountId
  readonly basis: VolumeBasisKind
  readonly ratedFlowM3PerHour: string | null
  readonly quotaM3PerMonth: string | null
  readonly determinationNo: string | null
  readonly evidence: string
  readonly clause: string
  readonly validity: Validity
}

/** What an own-source user declared for a month and the bureau reviewed. */
export interface OwnSourceDeclaration {
  readonly declarationId: string
  readonly accountId: AccountId
  readonly feeMonth: FeeMonth
  readonly volumeM3: string
  readonly evidence: string
}

/** A person's decision to bill a month at rated flow × 24 h where nothing was declared. */
export interface RatedFlowDecision {
  readonly accountId: AccountId
  readonly feeMonth: FeeMonth
  readonly ratedFlowM3PerHour: string
  readonly reason: string
}

/** What a person proposes as a new ground. Dates are checked by `checkBasis`. */
export interface ProposedBasis {
  readonly accountId: AccountId
  readonly accountNo: string
  readonly basis: VolumeBasisKind
  readonly ratedFlowM3PerHour: string | null
  readonly quotaM3PerMonth: string | null
  readonly outletId: string | null
  readonly outletHasOnlineMeter: boolean
  readonly determinationNo: string | null
  readonly postedFrom: CivilDate | null
  readonly postedUntil: CivilDate | null
  readonly evidence: string
  readonly productIsMainlyWater: boolean
  readonly validFrom: CivilDate
  readonly validUntil: CivilDate | null
}
