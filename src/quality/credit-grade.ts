import type { CivilDate, Validity } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'

/** Environmental credit in the five colours in use since 2013, best first. */
export const grades = ['green', 'blue', 'yellow', 'red', 'black'] as const
export type Grade = (typeof grades)[number]
export const gradeNames: Record<Grade, { readonly zh: string; readonly en: string }> = {
  green: { zh: '绿', en: 'green' },
  blue: { zh: '蓝', en: 'blue' },
  yellow: { zh: '黄', en: 'yellow' },
  red: { zh: '红', en: 'red' },
  black: { zh: '黑', en: 'black' },
}

/** The grade of a discharger with the days it holds on and the document it was given by. */
export interface CreditGrade {
  readonly dischargerId: DischargerId
  readonly grade: Grade
  readonly ratedYear: number
  readonly document: string
  readonly validity: Validity
}

export interface ProposedGrade {
  readonly dischargerCode: string
  readonly grade: Grade
  readonly ratedYear: number
  readonly document: string
  readonly from: CivilDate
  /** Day after the last one; '' while the end is not set. */
  readonly until: CivilDate | ''
}
