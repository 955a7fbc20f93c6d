import { plainText } from '../kernel/decimal.ts'
import type { CreditGrade } from './credit-grade.ts'
import { findingText } from './finding.rules.ts'
import { foundText, limitText, limitWithUnit, timesOverText } from './judged-text.ts'
import type { Exceedance, JudgedResult, JudgedSample, LimitOfOutlet, Referral } from './quality.queries.ts'
import type { SamplesImport } from './samples-import.queries.ts'
import type { JudgedTotal } from './total.queries.ts'
import { meanText, unitOfTotal, volumeText, wholeMonths } from './total-text.ts'

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

export const totalJson = (total: JudgedTotal) => ({
  totalId: total.totalId,
  period: total.period,
  discharger: total.outlet.dischargerCode,
  dischargerName: total.outlet.dischargerName,
  outletNo: total.outlet.outletNo,
  pollutant: total.limit.pollutant,
  limit: limitWithUnit(total.limit, 'zh'),
  limitDocument: total.limit.document,
  verdict: total.verdict,
  unit: unitOfTotal(total),
  least: plainText(total.least),
  most: wholeMonths(total) ? plainText(total.most) : null,
  timesOver: timesOverText(total) || null,
  missing: total.months.filter(({ gap }) => gap !== undefined).map(({ month }) => month),
  months: total.months.map((month) => ({
    month: month.month,
    method: month.method,
    samples: month.samples,
    meanMgL: meanText(month) || null,
    volumeM3: volumeText(month) || null,
    leastKg: plainText(month.least),
    mostKg: month.gap === undefined ? plainText(month.most) : null,
    why: month.gap ?? null,
    accounts: [...month.accounts],
  })),
  referrals: [...total.referrals],
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
