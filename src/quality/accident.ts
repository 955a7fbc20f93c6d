import type { CivilDate } from '../kernel/calendar.ts'

/** The five kinds of substances that may never reach the sewers (办法第六条第一款). */
export const substanceKinds = ['volatile', 'toxic', 'corrosive', 'pathogenic', 'other'] as const
export type SubstanceKind = (typeof substanceKinds)[number]
export const substanceKindNames: Record<SubstanceKind, { readonly zh: string; readonly en: string }> = {
  volatile: { zh: '（一）挥发性有机溶剂及易燃易爆物质', en: '(1) volatile solvents, flammables, explosives' },
  toxic: { zh: '（二）有毒物质', en: '(2) toxic substances' },
  corrosive: { zh: '（三）腐蚀或者堵塞管道的物质', en: '(3) what corrodes or blocks sewers' },
  pathogenic: { zh: '（四）不符合标准的含病原体及放射性污水', en: '(4) pathogenic or radioactive wastewater' },
  other: { zh: '（五）其他禁止排放的有毒、有害物质', en: '(5) other banned substances' },
}

/** A report of an accident as it came in. */
export interface AccidentReport {
  readonly dischargerCode: string
  /** '' where the outlet is not known. */
  readonly outletNo: string
  readonly occurredOn: CivilDate
  readonly reportedOn: CivilDate
  readonly reportedBy: string
  readonly substanceKind: SubstanceKind
  readonly substances: string
  readonly description: string
  readonly measures: string
}
