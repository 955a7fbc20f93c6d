import { type CivilDate, holdsOn } from '../kernel/calendar.ts'
import { plainText } from '../kernel/decimal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { parseVolume, volumeText } from '../kernel/volume.ts'
import { findingText, readFinding } from './finding.rules.ts'
import { type Pollutant, pollutantNamed } from './pollutant.ts'
import { type SampleReasonCode, sampleReason } from './sample.reasons.ts'
import { type NewSample, type SampleResult, type SampleSource, sourceNames, sources } from './sample.ts'

/** What a row says about its sample, as text, and about one result of it. */
export interface StatedRow {
  readonly rowNo: number
  readonly dischargerCode: string
  readonly outletNo: string
  readonly body: string
  readonly sampleNo: string
  readonly source: string
  readonly certificateNo: string
  readonly takenOn: CivilDate | undefined
  readonly takenAt: string
  readonly sampler: string
  readonly dayVolumeM3: string
  readonly reportNo: string
  readonly pollutant: string
  readonly result: string
  readonly unit: string
  readonly detectionLimit: string
  readonly method: string
  /** Of cells that could not be read. */
  readonly faults: readonly RowReason[]
}

interface KnownOutlet {
  readonly dischargerCode: string
  readonly outletNo: string
  readonly outletId: string
  readonly validity: { readonly from: CivilDate; readonly until: CivilDate | null }
}

/** What rows are judged by. */
export interface KnownOfSamples {
  readonly today: CivilDate
  readonly pollutants: readonly Pollutant[]
  readonly dischargerCodes: ReadonlySet<string>
  readonly outlets: readonly KnownOutlet[]
  /** Sources that this person may enter, and who may enter the others. */
  readonly maySource: (source: SampleSource) => boolean
  readonly rolesOf: (source: SampleSource) => string
  /** A stored sample of a body with a number, in the form of `sampleText`. */
  readonly stored: (body: string, sampleNo: string) => { readonly sampleId: string; readonly text: string } | undefined
}

export interface SampleToStore {
  readonly sample: NewSample
  readonly outletId: string
  readonly rowNos: readonly number[]
}

export interface SamplesJudged {
  /** Reasons by row; a row without any is accepted. */
  readonly reasons: ReadonlyMap<number, readonly RowReason[]>
  readonly samples: readonly SampleToStore[]
  /** Samples that are stored already, word for word. */
  readonly unchanged: number
}

const titles = {
  dischargerCode: '排污者代码',
  outletNo: '排污口',
  body: '监测单位',
  sampleNo: '样品编号',
  source: '来源',
  certificateNo: '资质证书号',
  takenOn: '采样日期',
  takenAt: '采样时间',
  sampler: '采样人',
  dayVolumeM3: '日排水量',
  reportNo: '报告编号',
  pollutant: '污染物',
  method: '方法',
} as const
/** What every row of a sample must say alike. */
const headFields = [
  'dischargerCode',
  'outletNo',
  'source',
  'certificateNo',
  'takenOn',
  'takenAt',
  'sampler',
  'dayVolumeM3',
  'reportNo',
] as const
const requiredFields = [
  'dischargerCode',
  'outletNo',
  'body',
  'sampleNo',
  'source',
  'takenOn',
  'sampler',
  'pollutant',
  'method',
] as const

/**
 * Judges rows, one per result, and puts them together to samples by body and number. A sample is stored whole or not at
 * all: where one row has a fault, its others are held. A sample that is stored word for word changes nothing.
 */
export function judgeRows(rows: readonly StatedRow[], known: KnownOfSamples): SamplesJudged {
  const reasons = new Map<number, RowReason[]>()
  const blame = (row: StatedRow, reason: RowReason) =>
    reasons.set(row.rowNo, [...(reasons.get(row.rowNo) ?? []), reason])
  const results = new Map<number, SampleResult>()
  for (const row of rows) {
    const { faults, result } = judgeRow(row, known)
    for (const fault of faults) blame(row, fault)
    if (result !== undefined) results.set(row.rowNo, result)
  }
  const groups = new Map<string, StatedRow[]>()
  for (const row of rows) {
    if (row.sampleNo === '' || row.body === '') continue
    const key = `${row.body}\n${row.sampleNo}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const samples: SampleToStore[] = []
  let unchanged = 0
  for (const group of groups.values()) {
    for (const [row, reason] of disagreements(group, results)) blame(row, reason)
    const outcome = group.some((row) => reasons.has(row.rowNo)) ? undefined : sampleOf(group, results, known)
    if (outcome !== undefined) {
      const stored = known.stored(outcome.sample.body, outcome.sample.sampleNo)
      if (stored === undefined) samples.push(outcome)
      else if (stored.text === sampleText(outcome.sample)) unchanged += 1
      else {
        const reason = sampleReason(
          'sample_known_differs',
          { sample: stored.sampleId },
          { value: outcome.sample.sampleNo },
        )
        for (const row of group) blame(row, reason)
      }
      continue
    }
    const faulty = group.filter((row) => reasons.has(row.rowNo)).map(({ rowNo }) => rowNo)
    for (const row of group) {
      if (!faulty.includes(row.rowNo)) blame(row, sampleReason('sample_incomplete', { rows: faulty.join('、') }))
    }
  }
  return { reasons, samples, unchanged }
}

function judgeRow(row: StatedRow, known: KnownOfSamples): { faults: RowReason[]; result: SampleResult | undefined } {
  const faults: RowReason[] = [...row.faults]
  const blame = (...reason: Parameters<typeof sampleReason>) => void faults.push(sampleReason(...reason))
  const unreadable = new Set(faults.map(({ column }) => column))
  for (const field of requiredFields) {
    const value = row[field]
    if ((value === undefined || value === '') && !unreadable.has(titles[field]))
      blame('sample_field_missing', {}, { column: titles[field] })
  }
  const { takenOn, dischargerCode, outletNo } = row
  if (takenOn !== undefined && takenOn > known.today)
    blame('sample_in_future', { today: known.today }, { value: takenOn })
  if (dischargerCode !== '' && !known.dischargerCodes.has(dischargerCode))
    blame('sample_discharger_unknown', {}, { value: dischargerCode })
  else if (takenOn !== undefined && outletNo !== '' && dischargerCode !== '' && outletOf(row, known) === undefined)
    blame('sample_outlet_unknown', { discharger: dischargerCode, date: takenOn }, { value: outletNo })
  judgeSource(row, known, blame)
  if (row.takenAt !== '' && !/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(row.takenAt))
    blame('sample_time_malformed', {}, { value: row.takenAt })
  if (row.dayVolumeM3 !== '' && dayVolumeOf(row.dayVolumeM3) === undefined)
    blame('sample_volume_malformed', {}, { value: row.dayVolumeM3 })
  return { faults, result: resultOf(row, known, blame) }
}

type Blame = (
  code: SampleReasonCode,
  parameters?: Record<string, string>,
  cell?: { value?: string; column?: string },
) => void

function judgeSource(row: StatedRow, known: KnownOfSamples, blame: Blame): void {
  if (row.source === '') return
  const source = sourceNamed(row.source)
  if (source === undefined) {
    blame(
      'sample_source_unknown',
      { known: sources.map((each) => sourceNames[each].zh).join('、') },
      { value: row.source },
    )
    return
  }
  if (!known.maySource(source))
    blame('sample_source_not_yours', { roles: known.rolesOf(source) }, { value: row.source })
  if (source === 'qualified_body' && row.certificateNo === '') blame('sample_certificate_missing')
}

function resultOf(row: StatedRow, known: KnownOfSamples, blame: Blame): SampleResult | undefined {
  const finding = readFinding(row.result, row.detectionLimit)
  if (typeof finding === 'string') blame(finding, {}, { value: row.result })
  if (row.pollutant === '') return undefined
  const pollutant = pollutantNamed(known.pollutants, row.pollutant)
  if (pollutant === undefined) {
    blame('sample_pollutant_unknown', {}, { value: row.pollutant })
    return undefined
  }
  if (row.unit !== '' && row.unit.toLowerCase() !== pollutant.unit.toLowerCase()) {
    blame('sample_unit_differs', { pollutant: pollutant.zh, expected: pollutant.unit }, { value: row.unit })
  }
  if (typeof finding === 'string') return undefined
  return { pollutant: pollutant.code, finding, unit: pollutant.unit, method: row.method }
}

export function sourceNamed(name: string): SampleSource | undefined {
  return sources.find((each) => each === name || sourceNames[each].zh === name)
}

function outletOf(row: StatedRow, known: KnownOfSamples): KnownOutlet | undefined {
  const { takenOn } = row
  return known.outlets.find(
    (outlet) =>
      takenOn !== undefined &&
      outlet.dischargerCode === row.dischargerCode &&
      outlet.outletNo === row.outletNo &&
      holdsOn(outlet.validity, takenOn),
  )
}

function dayVolumeOf(text: string): string | undefined {
  const volume = parseVolume(text)
  return volume === undefined || volume.isNegative() ? undefined : plainText(volume)
}

/** What rows of one sample say differently, and pollutants that stand in several of them. */
function disagreements(
  group: readonly StatedRow[],
  results: ReadonlyMap<number, SampleResult>,
): (readonly [StatedRow, RowReason])[] {
  const rows = group.map(({ rowNo }) => rowNo).join('、')
  const [first] = group
  const found: (readonly [StatedRow, RowReason])[] = []
  const differing = headFields.find((field) => group.some((row) => row[field] !== first?.[field]))
  if (differing !== undefined) {
    const reason = sampleReason('sample_rows_differ', { rows }, { column: titles[differing] })
    found.push(...group.map((row) => [row, reason] as const))
  }
  const byPollutant = new Map<string, StatedRow[]>()
  for (const row of group) {
    const pollutant = results.get(row.rowNo)?.pollutant
    if (pollutant !== undefined) byPollutant.set(pollutant, [...(byPollutant.get(pollutant) ?? []), row])
  }
  for (const alike of byPollutant.values()) {
    if (alike.length === 1) continue
    const parameters = { pollutant: alike[0]?.pollutant ?? '', rows: alike.map(({ rowNo }) => rowNo).join('、') }
    found.push(...alike.map((row) => [row, sampleReason('sample_pollutant_twice', parameters)] as const))
  }
  return found
}

function sampleOf(
  group: readonly StatedRow[],
  results: ReadonlyMap<number, SampleResult>,
  known: KnownOfSamples,
): SampleToStore | undefined {
  const [first] = group
  const outlet = first && outletOf(first, known)
  const source = first && sourceNamed(first.source)
  if (first?.takenOn === undefined || outlet === undefined || source === undefined) return undefined
  const { dischargerCode, outletNo, body, sampleNo, certificateNo, takenOn, takenAt, sampler, reportNo } = first
  const dayVolumeM3 = first.dayVolumeM3 === '' ? '' : (dayVolumeOf(first.dayVolumeM3) ?? '')
  const head = {
    dischargerCode,
    outletNo,
    body,
    sampleNo,
    source,
    certificateNo,
    takenOn,
    takenAt,
    sampler,
    dayVolumeM3,
    reportNo,
  }
  return {
    sample: { ...head, results: group.flatMap(({ rowNo }) => results.get(rowNo) ?? []) },
    outletId: outlet.outletId,
    rowNos: group.map(({ rowNo }) => rowNo),
  }
}

/** Everything a sample says, as one text: two samples are the same where their texts are. */
export function sampleText(sample: NewSample): string {
  const { results, dayVolumeM3, ...head } = sample
  const volume = dayVolumeM3 === '' ? undefined : parseVolume(dayVolumeM3)
  const findings = results
    .map(({ pollutant, finding, unit, method }) => [pollutant, findingText(finding), unit, method].join(' '))
    .sort()
  return [
    head.dischargerCode,
    head.outletNo,
    head.body,
    head.sampleNo,
    head.source,
    head.certificateNo,
    head.takenOn,
    head.takenAt,
    head.sampler,
    volume === undefined ? '' : volumeText(volume),
    head.reportNo,
    ...findings,
  ].join('\n')
}
