/**
 * What the law itself fixes, each with its clause. No office may choose otherwise, so these are no settings; a change of
 * the law is a change of this file, and cases keep the dates that were stored with their steps.
 */
export const statutoryTerms = {
  /** Bounds of the fine as multiples of the unpaid fee, both ends included. */
  multiplierMinimum: { value: '1', clause: '城镇排水与污水处理条例第五十四条' },
  multiplierMaximum: { value: '3', clause: '城镇排水与污水处理条例第五十四条' },
  /** Calendar days from filing. */
  decisionDays: { value: 90, clause: '行政处罚法第六十条' },
  /** Working days from the decision. */
  serveDecisionDays: { value: 7, clause: '行政处罚法第六十一条、第八十五条' },
  /** Calendar days from the receipt of the decision. */
  payFineDays: { value: 15, clause: '行政处罚法第六十七条' },
  /** Working days from being told. */
  askHearingDays: { value: 5, clause: '行政处罚法第六十四条、第八十五条' },
  /** Full working days between the notification of a hearing and its day, neither of the two counted. */
  notifyHearingDays: { value: 7, clause: '行政处罚法第六十四条、第八十五条' },
  /** Share of the fine per calendar day; in all no more than the fine. */
  additionPerDay: { value: '0.03', clause: '行政处罚法第七十二条' },
  limitationYears: { value: 2, clause: '行政处罚法第三十六条' },
  reviewDays: { value: 60, clause: '行政复议法第二十条' },
  suitMonths: { value: 6, clause: '行政诉讼法第四十六条' },
  suitAfterReviewDays: { value: 15, clause: '行政诉讼法第四十五条' },
  courtMonths: { value: 3, clause: '行政强制法第五十三条' },
  /** Working days from the service of the demand. */
  demandDays: { value: 10, clause: '行政强制法第五十四条、第六十九条' },
  /** Working days for the court to accept an application, and to rule on what it accepted; calendar days where it doubts. */
  courtAcceptsDays: { value: 5, clause: '行政强制法第五十六条、第六十九条' },
  courtRulesDays: { value: 7, clause: '行政强制法第五十七条、第六十九条' },
  courtDoubtsDays: { value: 30, clause: '行政强制法第五十八条' },
  /** Calendar days to ask the higher court, and those it has to say whether an application is to be accepted. */
  challengeDays: { value: 15, clause: '行政强制法第五十六条、第五十八条' },
  higherCourtAcceptsDays: { value: 15, clause: '行政强制法第五十六条' },
  /** Without enforcement for so long, the higher court may be asked to have it done. */
  courtEnforcesMonths: { value: 6, clause: '行政诉讼法第一百零一条、民事诉讼法第二百三十七条' },
} as const
