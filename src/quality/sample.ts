import type { CivilDate } from '../kernel/calendar.ts'
import type { Exact } from '../kernel/decimal.ts'

/** Who found out (办法第七条): the plant, a body with a certificate, the online meter, or the authority itself. */
export const sources = ['plant', 'qualified_body', 'online', 'supervision'] as const
export type SampleSource = (typeof sources)[number]
export const sourceNames: Record<SampleSource, { readonly zh: string; readonly en: string }> = {
  plant: { zh: '污水处理厂', en: 'treatment plant' },
  qualified_body: { zh: '有资质单位', en: 'qualified body' },
  online: { zh: '在线监测', en: 'online' },
  supervision: { zh: '监督监测', en: 'supervision' },
}
/** What was found of one pollutant: a number, or that it is below what the method can see. Never 0. */
export type Finding =
  | { readonly kind: 'measured'; readonly value: Exact }
  | { readonly kind: 'below'; readonly detectionLimit: Exact }

export interface SampleResult {
  readonly pollutant: string
  readonly finding: Finding
  readonly unit: string
  readonly method: string
}

/** A sample as it is entered, with all its results. */
export interface NewSample {
  readonly dischargerCode: string
  readonly outletNo: string
  readonly body: string
  readonly sampleNo: string
  readonly source: SampleSource
  readonly certificateNo: string
  readonly takenOn: CivilDate
  /** `08:30`; '' where only the day is known. */
  readonly takenAt: string
  readonly sampler: string
  /** m³ discharged on that day, exact text; '' where unknown. */
  readonly dayVolumeM3: string
  readonly reportNo: string
  readonly results: readonly SampleResult[]
}
