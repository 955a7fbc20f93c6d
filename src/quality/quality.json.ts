import { plainText } from '../kernel/decimal.ts'
import type { CreditGrade } from './credit-grade.ts'
import { findingText } from './finding.rules.ts'
import { foundText, limitText, limitWithUnit, timesOverText } from './judged-text.ts'
import type { Exceedance, JudgedResult, JudgedSample, LimitOfOutlet, Referral } from './quality.queries.ts'
import type { SamplesImport } from './samples-import.queries.ts'

/** The JSON of limits, samples, exceedances, grades and referrals: of the command line and of the API alike. */
export const limitJson = ({ value, validity, ...limit }: LimitOfOutlet & { readonly outletNo: string }) => ({
  ...limit,
  value: value === undefined ? null : plainText(value),
  from: validity.from,
  until: validity.until,
})

export function sampleLineJson({ sample: { results, outlet, withdrawn, ...sample }, judged }: JudgedSample) {
  return {
    ...sample,
    discharger: outlet.dischargerCode,
    dischargerName: outlet.dischargerName,
    outletNo: outlet.outletNo,
    results: results.length,
    exceeds: judged.filter((each) => each.judged.verdict === 'exceeds').length,
    withdrawn: withdrawn ?? null,
  }
}

export const sampleJson = (each: JudgedSample) => ({ ...sampleLineJson(each), results: each.judged.map(resultJson) })

const resultJson = ({ result, judged }: JudgedResult) => ({
  pollutant: result.pollutant,
  result: findingText(result.finding),
  unit: result.unit,
  method: result.method,
  verdict: judged.verdict,
  why: judged.why ?? null,
  limit: judged.limit === undefined ? null : limitText(judged.limit, 'zh'),
  limitDocument: judged.limit?.document ?? null,
  timesOver: timesOverText(judged) || null,
})

export const exceedanceJson = ({ sample, exceeded, referrals }: Exceedance) => ({
  sampleId: sample.sampleId,
  takenOn: sample.takenOn,
  discharger: sample.outlet.dischargerCode,
  dischargerName: sample.outlet.dischargerName,
  outletNo: sample.outlet.outletNo,
  exceeded: exceeded.map(({ result, judged }) => ({
    pollutant: result.pollutant,
    result: foundText(result, judged),
    limit: judged.limit === undefined ? null : limitWithUnit(judged.limit, 'zh'),
    timesOver: timesOverText(judged) || null,
  })),
  referrals: [...referrals],
})

export const gradeJson = ({ dischargerId: _, validity, ...grade }: CreditGrade) => ({
  ...grade,
  from: validity.from,
  until: validity.until,
})

export const referralJson = ({ matter, evidence, replies, ...referral }: Referral) => ({
  ...referral,
  matter: { ...matter },
  evidence: evidence.map((each) => ({ ...each })),
  replies: replies.map((each) => ({ ...each })),
})

export const samplesImportJson = ({ recordedAt, titles, ...each }: SamplesImport) => ({
  ...each,
  rows: { ...each.rows },
  titles: [...titles],
  recordedAt: recordedAt.toISOString(),
})
