import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { findDischarger } from '../dischargers/account.queries.ts'
import { dischargerField, dischargerFilter } from '../dischargers/discharger-field.ts'
import { dischargerNames } from '../dischargers/known-names.queries.ts'
import { yearOf } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { count, date, id, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf, listed } from '../platform/pages/columns.tsx'
import { FilterRow, findFiltered, isSettled, withFound } from '../platform/pages/filters.tsx'
import { downloadPage, formPage, paperOf, routeAt, withFile } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  ButtonLink,
  Count,
  Empty,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  type Tone,
  unknown,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { proposalPages } from '../platform/proposal-pages.tsx'
import { type SubstanceKind, substanceKindNames, substanceKinds } from './accident.ts'
import { addPollutant } from './add-pollutant.ts'
import { approveLimits, returnQualityProposal } from './approve-limits.ts'
import { type Grade, gradeNames, grades, type ProposedGrade } from './credit-grade.ts'
import type { Verdict } from './exceedance.rules.ts'
import { findingText } from './finding.rules.ts'
import { approveCreditGrade, gradeProposal, proposeCreditGrade } from './grade-discharger.ts'
import { importSamples } from './import-samples.ts'
import { foundText, judgedText, limitWithUnit, timesOverText, unitText, withUnit } from './judged-text.ts'
import { boundNames } from './limit.ts'
import { readLimitsFile } from './limits-file.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import { type LimitsProposal, limitsProposal, proposeLimits } from './propose-limits.ts'
import { qualityFileRoutes } from './quality.file-routes.ts'
import {
  creditGradesOf,
  type JudgedSample,
  limitsOfDischarger,
  listExceedances,
  listJudgedSamples,
  listPollutants,
  listReferrals,
  listReferredAccidents,
} from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { samplingFilter, samplingQuery } from './quality.routes.ts'
import { recordSample, withdrawSample } from './record-sample.ts'
import { approveReferral, proposeReferral, recordReply, referralProposal } from './refer-matter.ts'
import { type MatterKind, matterKinds, matterNames, type ReferralMatter, type ReferralProposal } from './referral.ts'
import { reportAccident } from './report-accident.ts'
import { saySampleReason } from './sample.reasons.ts'
import { type SampleSource, sourceNames, sources } from './sample.ts'
import { samplesImports, samplesRowsOf } from './samples-import.queries.ts'
import { TotalsOfYear, totalPage } from './total.page.tsx'
import { listTotals } from './total.queries.ts'

const crumb = (zh: string, en: string, href: string) => (say: Say) => ({ text: say(zh, en), href })
const samplesCrumb = crumb('水质样品', 'samples', '/office/quality/samples')
const limitsCrumb = crumb('许可限值', 'limits', '/office/quality/limits')
const referralsCrumb = crumb('移送', 'referrals', '/office/quality/referrals')
const accidentsCrumb = crumb('事故报告', 'accidents', '/office/quality/accidents')

const verdictTones: Record<Verdict, Tone> = {
  within: 'settled',
  exceeds: 'overdue',
  undecided: 'waiting',
  unlimited: 'plain',
}
const reasonField = { label: { zh: '理由', en: 'why' }, kind: 'long', schema: text(500) } as const
const paperField = {
  label: { zh: '证据文件（扫描件）', en: 'evidence (a scan)' },
  kind: 'file',
  optional: true,
} as const

// Samples

interface SampleRow {
  readonly id: number
  readonly taken_on: string
  readonly discharger: string
  readonly outlet: string
  readonly sample_no: string
  readonly source: SampleSource
  readonly results: number
  readonly exceeds: number
  readonly state: SampleStanding
}
const sampleStates = {
  withdrawn: { zh: '已撤回', en: 'withdrawn', tone: 'plain' },
  exceeds: { zh: '超标', en: 'exceeds', tone: 'overdue' },
  within: { zh: '未见超标', en: 'within', tone: 'settled' },
} as const
type SampleStanding = keyof typeof sampleStates
const col = columnsOf<SampleRow>()
const exceedsOf = ({ judged }: JudgedSample): number =>
  judged.filter((each) => each.judged.verdict === 'exceeds').length
const standingOf = (each: JudgedSample): SampleStanding =>
  each.sample.withdrawn !== undefined ? 'withdrawn' : exceedsOf(each) > 0 ? 'exceeds' : 'within'

function SampleState({ of, say }: { readonly of: SampleStanding; readonly say: Say }) {
  return <State tone={sampleStates[of].tone}>{say(sampleStates[of])}</State>
}

const sampleList = tablePage('/office/quality/samples', {
  title: { zh: '水质样品', en: 'samples' },
  permits: 'quality.read',
  query: { ...samplingQuery, discharger: text(100).optional() },
  filters: [
    dischargerFilter,
    { name: 'from', label: { zh: '采样自', en: 'from' }, kind: 'date' },
    { name: 'until', label: { zh: '至', en: 'until' }, kind: 'date' },
  ],
  columns: [
    col.text('taken_on', '采样', 'taken', (row) => row.taken_on),
    col.code('sample_no', '样品编号', 'sample', (row) => row.sample_no, { wide: true }),
    col.text('discharger', '排污者', 'discharger', (row) => row.discharger),
    col.text('outlet', '排污口', 'outlet', (row) => row.outlet, { wide: true }),
    col.text('source', '来源', 'source', (row, say) => say(sourceNames[row.source]), { wide: true }),
    col.count('results', '结果（项）', 'results', (row) => row.results, { wide: true }),
    col.count('exceeds', '超标（项）', 'exceeds', (row) => row.exceeds),
    col.text('state', '判定', 'verdict', (row, say) => say(sampleStates[row.state]), {
      cell: (row, say) => <SampleState of={row.state} say={say} />,
    }),
  ],
  rows: async ({ services, query }) =>
    listed<SampleRow>(
      {
        id: 'integer',
        taken_on: 'date',
        discharger: 'text',
        outlet: 'text',
        sample_no: 'text',
        source: 'text',
        results: 'integer',
        exceeds: 'integer',
        state: 'text',
      },
      (await listJudgedSamples(services.db, { ...samplingFilter(query), limit: 2_000 })).map((each) => ({
        id: Number(each.sample.sampleId),
        taken_on: each.sample.takenOn,
        discharger: each.sample.outlet.dischargerName,
        outlet: each.sample.outlet.outletNo,
        sample_no: each.sample.sampleNo,
        source: each.sample.source,
        results: each.sample.results.length,
        exceeds: exceedsOf(each),
        state: standingOf(each),
      })),
    ),
  order: { by: 'taken_on', direction: 'desc' },
  unique: 'id',
  open: (row) => `/office/quality/samples/${row.id}`,
  next: ({ say, may }) =>
    may('quality.record-sample') ? (
      <PrimaryLink href="/office/quality/samples/new">{say('登记样品', 'enter a sample')}</PrimaryLink>
    ) : null,
  intro: ({ say, may }) => (
    <p class="buttons">
      {may('quality.import-samples') ? (
        <ButtonLink href="/office/quality/samples/upload">{say('导入样品文件', 'take in a file')}</ButtonLink>
      ) : null}
      {may('quality.imports.read') ? (
        <ButtonLink href="/office/quality/samples/imports">{say('导入记录', 'files taken in')}</ButtonLink>
      ) : null}
    </p>
  ),
  file: { zh: '水质样品', en: 'samples' },
  empty: ({ say }) => ({
    text: say('还没有样品。逐个登记，或导入化验单文件。', 'No samples yet: enter one, or take in a file.'),
  }),
})

const samplePage = page('/office/quality/samples/{sample}', {
  title: { zh: '一个样品', en: 'one sample' },
  permits: 'quality.read',
  params: { sample: id() },
  show: async ({ services, params, say, may }) => {
    const [found] = await listJudgedSamples(services.db, { sampleId: params.sample })
    if (found === undefined) return refuseQuality('sample_missing', { sample: params.sample })
    const { sample, judged } = found
    const standing = standingOf(found)
    const referrals = await listReferrals(services.db, { matters: [{ kind: 'sample', id: sample.sampleId }] })
    const names = new Map((await listPollutants(services.db)).map((each) => [each.code, say(each)]))
    const open = standing === 'exceeds' && referrals.length === 0
    return {
      title: say(`样品 ${sample.sampleNo}`, `sample ${sample.sampleNo}`),
      crumbs: [samplesCrumb(say)],
      state: <SampleState of={standing} say={say} />,
      next:
        open && may('quality.propose-referral') ? (
          <PrimaryLink href={`/office/quality/referrals/new?kind=sample&matter=${sample.sampleId}`}>
            {say('提出移送', 'refer it')}
          </PrimaryLink>
        ) : null,
      body: (
        <>
          {sample.withdrawn === undefined ? null : (
            <Notice tone="waiting">{say(`已撤回：${sample.withdrawn}`, `withdrawn: ${sample.withdrawn}`)}</Notice>
          )}
          <Facts
            of={[
              [say('排污者', 'discharger'), `${sample.outlet.dischargerName}（${sample.outlet.dischargerCode}）`],
              [say('排污口', 'outlet'), sample.outlet.outletNo],
              [say('采样', 'taken'), `${sample.takenOn} ${sample.takenAt}`],
              [say('采样人', 'sampler'), sample.sampler],
              [say('监测单位', 'analysed by'), `${sample.body}（${say(sourceNames[sample.source])}）`],
              [say('报告编号', 'report'), sample.reportNo || unknown],
              [say('当日排水量（m³）', 'volume of the day (m³)'), sample.dayVolumeM3 || unknown],
            ]}
          />
          <PlainTable
            caption={say('结果，按采样当日的限值判定', 'results under the limits of that day')}
            columns={[
              { title: say('污染物', 'pollutant') },
              { title: say('结果', 'result') },
              { title: say('限值', 'limit') },
              { title: say('判定', 'verdict') },
              { title: say('超标倍数', 'times above'), number: true },
              { title: say('方法', 'method') },
            ]}
            rows={judged.map(({ result, judged: each }) => [
              names.get(result.pollutant) ?? result.pollutant,
              withUnit(findingText(result.finding), result.unit, say.language),
              each.limit === undefined ? null : limitWithUnit(each.limit, say.language),
              <State tone={verdictTones[each.verdict]}>{judgedText(each, say.language)}</State>,
              timesOverText(each) || unknown,
              result.method,
            ])}
          />
          {referrals.length === 0 ? null : (
            <Section title={say('移送', 'referred')}>
              <p>
                {referrals.map(({ number }) => (
                  <a href={`/office/quality/referrals/${encodeURIComponent(number)}`}>{number}</a>
                ))}
              </p>
            </Section>
          )}
          <p class="buttons">
            {sample.withdrawn === undefined && may('quality.withdraw-sample') ? (
              <ButtonLink href={`/office/quality/samples/${sample.sampleId}/withdrawal`}>
                {say('撤回登记有误的样品', 'withdraw it')}
              </ButtonLink>
            ) : null}
          </p>
        </>
      ),
    }
  },
})

/** One result to a line: 污染物 结果 单位 方法. */
const resultLines = z.string().transform((typed, context) => {
  const lines = typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.map((line) => {
    const [pollutant = '', result = '', ...rest] = line.split(/\s+/)
    const unit = rest.length > 1 ? (rest[0] ?? '') : ''
    const method = rest.slice(unit === '' ? 0 : 1).join(' ')
    if (result === '' || method === '')
      context.addIssue('每行：污染物 结果 单位 方法 · each line: pollutant result unit method')
    return { pollutant, result, unit, detectionLimit: '', method }
  })
}) as unknown as z.ZodType<
  { pollutant: string; result: string; unit: string; detectionLimit: string; method: string }[],
  string
>

const recordPage = formPage('/office/quality/samples/new', {
  title: { zh: '登记样品', en: 'enter a sample' },
  permits: 'quality.record-sample',
  crumbs: ({ say }) => [samplesCrumb(say)],
  initial: ({ services }) => ({ takenOn: services.clock.today() }),
  fields: {
    discharger: dischargerField,
    outletNo: { label: { zh: '排污口', en: 'outlet' }, schema: text(40) },
    sampleNo: { label: { zh: '样品编号', en: 'number of the sample' }, schema: text(100) },
    source: {
      label: { zh: '来源', en: 'source' },
      kind: 'choice',
      choices: ({ say }) => sources.map((each) => [each, say(sourceNames[each])] as const),
      schema: z.enum(sources) as unknown as z.ZodType<SampleSource, string>,
    },
    body: { label: { zh: '监测单位', en: 'who analysed it' }, schema: text(200) },
    certificateNo: {
      label: { zh: '资质证书号', en: 'certificate' },
      help: { zh: '有资质单位须填。', en: 'Of a qualified body.' },
      optional: true,
      schema: text(100),
    },
    takenOn: { label: { zh: '采样日', en: 'day' }, kind: 'date', schema: date },
    takenAt: {
      label: { zh: '采样时间', en: 'time' },
      help: { zh: '如 08:30。', en: 'Such as 08:30.' },
      optional: true,
      schema: text(10),
    },
    sampler: { label: { zh: '采样人', en: 'sampler' }, schema: text(100) },
    dayVolumeM3: {
      label: { zh: '当日排水量（m³）', en: 'volume of the day (m³)' },
      kind: 'number',
      optional: true,
      schema: text(40),
    },
    reportNo: { label: { zh: '报告编号', en: 'report' }, optional: true, schema: text(100) },
    results: {
      label: { zh: '结果，每行一项', en: 'results, one to a line' },
      help: {
        zh: '污染物 结果 单位 方法，如：COD 412 mg/L HJ 828-2017；低于检出限写 <0.05。',
        en: 'pollutant result unit method, such as: COD 412 mg/L HJ 828-2017.',
      },
      kind: 'long',
      schema: resultLines,
    },
    evidence: { ...paperField, label: { zh: '化验单（扫描件）', en: 'the report (a scan)' } },
  },
  run: async ({ services }, { discharger, evidence, ...values }, { envelope }) =>
    recordSample(
      services,
      envelope,
      {
        ...values,
        dischargerCode: discharger,
        certificateNo: values.certificateNo ?? '',
        takenAt: values.takenAt ?? '',
        dayVolumeM3: values.dayVolumeM3 ?? '',
        reportNo: values.reportNo ?? '',
      },
      evidence instanceof File ? await paperOf(evidence) : undefined,
    ),
  preview: ({ sampleNo, results, exceeds }, { say }) => ({
    changes: [
      {
        what: say(`样品 ${sampleNo} 的结果（项）`, `results of ${sampleNo}`),
        before: '0',
        after: <Count of={results} />,
      },
      { what: say('其中超标（项）', 'of them above a limit'), before: '0', after: <Count of={exceeds} /> },
    ],
    button: say(`登记样品 ${sampleNo}，${results} 项`, `record ${sampleNo}, ${results} results`),
  }),
  done: ({ sampleId, sampleNo, exceeds }, { say }) => ({
    to: `/office/quality/samples/${sampleId}`,
    said: say(`已登记样品 ${sampleNo}，超标 ${exceeds} 项。`, `Recorded ${sampleNo}: ${exceeds} above a limit.`),
  }),
})

const withdrawPage = formPage('/office/quality/samples/{sample}/withdrawal', {
  title: { zh: '撤回样品', en: 'withdraw a sample' },
  permits: 'quality.withdraw-sample',
  params: { sample: id() },
  crumbs: ({ say, params }) => [
    samplesCrumb(say),
    { text: params.sample, href: `/office/quality/samples/${params.sample}` },
  ],
  fields: { reason: reasonField },
  run: ({ services, params }, { reason }, { envelope }) =>
    withdrawSample(services, envelope, { sampleId: params.sample, reason }),
  preview: ({ sampleNo }, { say }, { reason }) => ({
    changes: [
      {
        what: say(`样品 ${sampleNo}`, `sample ${sampleNo}`),
        before: say('有效', 'counts'),
        after: say(`撤回：${reason}`, `withdrawn: ${reason}`),
      },
    ],
    button: say(`撤回样品 ${sampleNo}`, `withdraw ${sampleNo}`),
  }),
  done: ({ sampleId, sampleNo }, { say }) => ({
    to: `/office/quality/samples/${sampleId}`,
    said: say(`已撤回样品 ${sampleNo}。`, `${sampleNo} is withdrawn.`),
  }),
})

const uploadPage = formPage('/office/quality/samples/upload', {
  title: { zh: '导入样品文件', en: 'take in a file of samples' },
  permits: 'quality.import-samples',
  crumbs: ({ say }) => [samplesCrumb(say)],
  about: ({ say }) => (
    <p>
      <a href="/office/quality/samples/template">{say('下载空白样品导入表', 'a blank form')}</a>
    </p>
  ),
  fields: {
    file: {
      label: { zh: '样品文件（每行一项结果）', en: 'the file, one result to a row' },
      kind: 'file',
      accept: '.xlsx,.xls,.csv',
    },
  },
  submit: { zh: '试读', en: 'try it' },
  run: (asked, { file }, { envelope }) =>
    withFile(asked, file, ({ path }) => importSamples(asked.services, envelope, path)),
  preview: ({ rows, samples, exceeds }, { say }) => ({
    changes: [
      { what: say('行数', 'rows'), before: '—', after: <Count of={rows.in} /> },
      { what: say('通过（行）', 'accepted'), before: '—', after: <Count of={rows.accepted} /> },
      { what: say('待审（行）', 'held'), before: '—', after: <Count of={rows.held} /> },
      { what: say('拒绝（行）', 'rejected'), before: '—', after: <Count of={rows.rejected} /> },
      { what: say('样品（个）', 'samples'), before: '—', after: <Count of={samples} /> },
      { what: say('超标（项）', 'above a limit'), before: '—', after: <Count of={exceeds} /> },
    ],
    button: say(`导入 ${rows.in} 行，${samples} 个样品`, `take in ${rows.in} rows, ${samples} samples`),
  }),
  done: ({ importId, rows }, { say }) => ({
    to: `/office/quality/samples/imports/${importId}`,
    said: say(
      `已导入 ${rows.in} 行：通过 ${rows.accepted}，待审 ${rows.held}，拒绝 ${rows.rejected}。`,
      `Took in ${rows.in} rows: ${rows.accepted} accepted, ${rows.held} held, ${rows.rejected} rejected.`,
    ),
  }),
})

const importsPage = page('/office/quality/samples/imports', {
  title: { zh: '样品导入记录', en: 'files of samples taken in' },
  permits: 'quality.imports.read',
  show: async ({ services, say }) => {
    const imports = await samplesImports(services.db, { limit: 200 })
    return {
      title: say('样品导入记录', 'files of samples taken in'),
      crumbs: [samplesCrumb(say)],
      body:
        imports.length === 0 ? (
          <Notice>{say('还没有导入过样品文件。', 'No file of samples yet.')}</Notice>
        ) : (
          <PlainTable
            columns={[
              { title: say('文件', 'file') },
              { title: say('导入人', 'by') },
              { title: say('行数', 'rows'), number: true },
              { title: say('通过', 'accepted'), number: true },
              { title: say('待审', 'held'), number: true },
              { title: say('拒绝', 'rejected'), number: true },
              { title: say('待处理', 'to be decided'), number: true },
            ]}
            rows={imports.map((each) => [
              <a href={`/office/quality/samples/imports/${each.importId}`}>{each.fileName}</a>,
              each.importedBy,
              <Count of={each.rows.in} />,
              <Count of={each.rows.accepted} />,
              <Count of={each.rows.held} />,
              <Count of={each.rows.rejected} />,
              <Count of={each.undecided} />,
            ])}
          />
        ),
    }
  },
})

const importPage = page('/office/quality/samples/imports/{import}', {
  title: { zh: '一份样品文件', en: 'one file of samples' },
  permits: 'quality.imports.read',
  params: { import: id() },
  show: async ({ services, params, say }) => {
    const told = await samplesRowsOf(services.db, params.import)
    if (isRefusal(told)) return told
    const { found, rows } = told
    return {
      title: found.fileName,
      crumbs: [samplesCrumb(say), { text: say('导入记录', 'files'), href: '/office/quality/samples/imports' }],
      figures: [
        { label: say('行数', 'rows'), value: <Count of={found.rows.in} /> },
        { label: say('通过', 'accepted'), value: <Count of={found.rows.accepted} /> },
        { label: say('待审', 'held'), value: <Count of={found.rows.held} /> },
        { label: say('拒绝', 'rejected'), value: <Count of={found.rows.rejected} /> },
      ],
      body:
        rows.length === 0 ? (
          <Notice tone="settled">{say('每一行都通过了。', 'Every row was accepted.')}</Notice>
        ) : (
          <>
            <p class="buttons">
              <ButtonLink href={`/office/quality/samples/imports/${found.importId}/rows`} download>
                {say('导出这些行，改正后再导入', 'these rows, to be corrected')} XLSX
              </ButtonLink>
            </p>
            <PlainTable
              columns={[
                { title: say('行', 'row'), number: true },
                { title: say('内容', 'as in the file') },
                { title: say('结论', 'verdict') },
                { title: say('原因 → 建议', 'why → remedy') },
                { title: say('处理', 'decision') },
              ]}
              rows={rows.map((row) => [
                <Count of={row.rowNo} />,
                row.cells.filter((cell) => cell !== '').join(say('，', ', ')),
                row.verdict === 'held' ? (
                  <State tone="waiting">{say('待审', 'held')}</State>
                ) : (
                  <State tone="overdue">{say('拒绝', 'rejected')}</State>
                ),
                row.reasons.map((reason) => {
                  const { cause, remedy } = saySampleReason(reason, say.language)
                  return (
                    <p class="reason">
                      {cause} → {remedy}
                    </p>
                  )
                }),
                row.decision ?? say('待改正', 'to be corrected'),
              ])}
            />
          </>
        ),
    }
  },
})

/** What was found, beside its limit. */
function exceededWords(
  name: string,
  result: Parameters<typeof foundText>[0],
  judged: Parameters<typeof foundText>[1],
  say: Say,
): string {
  const limit = judged.limit === undefined ? '' : limitWithUnit(judged.limit, say.language)
  return `${name} ${foundText(result, judged, say.language)}${limit === '' ? '' : say(`（${limit}）`, ` (${limit})`)}`
}

const exceedancePage = (volumes: OutletVolumes) =>
  page('/office/quality/exceedances', {
    title: { zh: '超标', en: 'exceedances' },
    permits: 'quality.read',
    query: { open: z.enum(['yes']).optional(), year: count(1900, 2199).optional() },
    show: async ({ services, query, say, may }) => {
      const { db, clock } = services
      const open = query.open === 'yes'
      const found = await listExceedances(db, { open, limit: 200 })
      const names = new Map((await listPollutants(db)).map((each) => [each.code, say(each)]))
      const today = clock.today()
      const year = query.year ?? yearOf(today)
      const totals = may('quality.totals.read') ? await listTotals({ db, volumes, today }, { year }) : undefined
      return {
        title: say('超过许可限值的样品', 'samples above their limits'),
        crumbs: [samplesCrumb(say)],
        body: (
          <>
            <p class="buttons">
              {open ? (
                <ButtonLink href="/office/quality/exceedances">{say('看全部', 'all of them')}</ButtonLink>
              ) : (
                <ButtonLink href="/office/quality/exceedances?open=yes">
                  {say('只看未移送的', 'not referred only')}
                </ButtonLink>
              )}
            </p>
            {found.length === 0 ? (
              <Notice tone="settled">{say('没有超标的样品。', 'No sample is above its limits.')}</Notice>
            ) : (
              <PlainTable
                columns={[
                  { title: say('采样', 'taken') },
                  { title: say('排污者', 'discharger') },
                  { title: say('排污口', 'outlet'), wide: true },
                  { title: say('超标', 'above') },
                  { title: say('移送', 'referred') },
                ]}
                rows={found.map(({ sample, exceeded, referrals }) => [
                  <a href={`/office/quality/samples/${sample.sampleId}`}>{sample.takenOn}</a>,
                  sample.outlet.dischargerName,
                  sample.outlet.outletNo,
                  exceeded
                    .map(({ result, judged }) =>
                      exceededWords(names.get(result.pollutant) ?? result.pollutant, result, judged, say),
                    )
                    .join(say('；', '; ')),
                  referrals.length > 0 ? (
                    referrals.join(say('、', ', '))
                  ) : may('quality.propose-referral') ? (
                    <a href={`/office/quality/referrals/new?kind=sample&matter=${sample.sampleId}`}>
                      {say('提出移送', 'refer it')}
                    </a>
                  ) : (
                    <State tone="waiting">{say('未移送', 'not referred')}</State>
                  ),
                ])}
              />
            )}
            {totals === undefined ? null : (
              <TotalsOfYear
                year={year}
                totals={
                  open
                    ? totals.filter(({ verdict, referrals }) => verdict === 'exceeds' && referrals.length === 0)
                    : totals
                }
                names={names}
                say={say}
              />
            )}
          </>
        ),
      }
    },
  })

// Limits

const limitsPage = page('/office/quality/limits', {
  title: { zh: '许可限值', en: 'permitted limits' },
  permits: 'quality.read',
  query: { discharger: text(100).optional() },
  show: async (given) => {
    const named = await findFiltered(given, [dischargerFilter])
    const { services, say, may, query: meant } = withFound(given, named)
    const query = isSettled(named) ? meant : {}
    const found = query.discharger === undefined ? undefined : await limitsOfDischarger(services.db, query.discharger)
    if (isRefusal(found)) return found
    const pollutants = await listPollutants(services.db)
    const names = new Map(pollutants.map((each) => [each.code, say(each)]))
    const discharger = query.discharger === undefined ? undefined : await findDischarger(services.db, query.discharger)
    const rated =
      discharger === undefined || isRefusal(discharger)
        ? []
        : await creditGradesOf(services.db, discharger.dischargerId)
    return {
      title: say('许可限值与污染物', 'permitted limits and pollutants'),
      next: may('quality.propose-limits') ? (
        <PrimaryLink href="/office/quality/limits/upload">{say('按批准文件提交限值', 'propose limits')}</PrimaryLink>
      ) : null,
      body: (
        <>
          <FilterRow filters={[dischargerFilter]} found={named} asked={given} button={{ zh: '查看', en: 'show' }} />
          {found === undefined ? null : found.limits.length === 0 ? (
            <Notice>{say('这个排污者没有限值。', 'This discharger has no limits.')}</Notice>
          ) : (
            <PlainTable
              caption={say(
                `${query.discharger ?? ''} 的限值，历次的都在内`,
                `limits of ${query.discharger ?? ''}, past ones too`,
              )}
              columns={[
                { title: say('排污口', 'outlet') },
                { title: say('污染物', 'pollutant') },
                { title: say('限值', 'limit') },
                { title: say('批准文件', 'document') },
                { title: say('自', 'from') },
                { title: say('至（不含）', 'until') },
              ]}
              rows={found.limits.map((limit) => [
                limit.outletNo,
                names.get(limit.pollutant) ?? limit.pollutant,
                limitWithUnit(limit, say.language),
                limit.document,
                limit.validity.from,
                limit.validity.until,
              ])}
            />
          )}
          {rated.length === 0 ? null : (
            <PlainTable
              caption={say('环境信用等级', 'credit grades')}
              columns={[
                { title: say('等级', 'grade') },
                { title: say('评定年度', 'rated year') },
                { title: say('文件', 'document') },
                { title: say('自', 'from') },
                { title: say('至（不含）', 'until') },
              ]}
              rows={rated.map((each) => [
                say(gradeNames[each.grade]),
                String(each.ratedYear),
                each.document,
                each.validity.from,
                each.validity.until,
              ])}
            />
          )}
          <PlainTable
            caption={say('污染物', 'pollutants')}
            columns={[
              { title: say('代码', 'code') },
              { title: say('名称', 'name') },
              { title: say('别名', 'aliases') },
              { title: say('单位', 'unit') },
              { title: say('第一类', 'first class') },
            ]}
            rows={pollutants.map((each) => [
              <code>{each.code}</code>,
              say(each),
              each.aliases.join(say('、', ', ')),
              unitText(each.unit, say.language),
              each.firstClass ? say('是', 'yes') : '',
            ])}
          />
          <p class="buttons">
            {may('quality.add-pollutant') ? (
              <ButtonLink href="/office/quality/pollutants/new">{say('增加污染物', 'add a pollutant')}</ButtonLink>
            ) : null}
            {may('quality.propose-credit-grade') ? (
              <ButtonLink href="/office/quality/grades/new">{say('提交信用等级', 'propose a credit grade')}</ButtonLink>
            ) : null}
          </p>
        </>
      ),
    }
  },
})

const limitsUpload = formPage('/office/quality/limits/upload', {
  title: { zh: '按批准文件提交限值', en: 'propose permitted limits' },
  permits: 'quality.propose-limits',
  crumbs: ({ say }) => [limitsCrumb(say)],
  about: ({ say }) => (
    <p>
      <a href="/office/quality/limits/template">{say('下载空白限值表', 'a blank form of limits')}</a>
    </p>
  ),
  fields: { file: { label: { zh: '限值表', en: 'the file of limits' }, kind: 'file', accept: '.xlsx,.xls,.csv' } },
  run: (asked, { file }, { envelope }) =>
    withFile(asked, file, async ({ path }) => {
      const entered = await readLimitsFile(path)
      return isRefusal(entered) ? entered : proposeLimits(asked.services, envelope, entered)
    }),
  preview: ({ limits }, { say }) => ({
    changes: [{ what: say('限值（条）', 'limits'), before: '—', after: <Count of={limits} /> }],
    button: say(`提交 ${limits} 条限值，待他人批准`, `propose ${limits} limits`),
  }),
  done: ({ proposalId }, { say }) => ({
    to: `/office/quality/limits/proposals/${proposalId}`,
    said: say('已提交限值，需他人批准。', 'The limits are proposed; another person approves them.'),
  }),
})

const limitsDecision = proposalPages('/office/quality/limits/proposals', {
  kind: limitsProposal,
  title: { zh: '许可限值审批', en: 'proposed limits' },
  crumbs: ({ say }) => [limitsCrumb(say)],
  permits: { read: 'quality.read', approve: 'quality.approve-limits', giveBack: 'quality.return-proposal' },
  show: async (content, { say, services: { db } }) => {
    const { changes } = content as unknown as LimitsProposal
    const names = new Map((await listPollutants(db)).map((each) => [each.code, say(each)]))
    const dischargers = await dischargerNames(
      db,
      changes.map(({ discharger }) => discharger),
    )
    return (
      <PlainTable
        columns={[
          { title: say('排污者', 'discharger') },
          { title: say('排污口', 'outlet') },
          { title: say('污染物', 'pollutant') },
          { title: say('限值', 'limit') },
          { title: say('批准文件', 'document') },
          { title: say('自', 'from') },
        ]}
        rows={changes.map((change) => [
          dischargers.get(change.discharger) ?? change.discharger,
          change.outletNo,
          names.get(change.pollutant) ?? change.pollutant,
          change.value === undefined
            ? say('取消', 'ends')
            : `${say(boundNames[change.bound])} ${change.value} ${unitText(change.unit, say.language)}`,
          change.document,
          change.from,
        ])}
      />
    )
  },
  approve: ({ services }, envelope, decision) => approveLimits(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnQualityProposal(services, envelope, limitsProposal, decision),
  preview: ({ limits, ended }, { say }) => ({
    changes: [
      { what: say('执行的限值（条）', 'limits in force'), before: '—', after: <Count of={limits} /> },
      { what: say('终止的限值（条）', 'limits ended'), before: '—', after: <Count of={ended} /> },
    ],
    button: say(`批准 ${limits} 条限值`, `approve ${limits} limits`),
  }),
  approved: ({ limits }, { say }) => ({
    to: '/office/quality/limits',
    said: say(`已批准 ${limits} 条限值。`, `${limits} limits are in force.`),
  }),
})

const pollutantPage = formPage('/office/quality/pollutants/new', {
  title: { zh: '增加污染物', en: 'add a pollutant' },
  permits: 'quality.add-pollutant',
  crumbs: ({ say }) => [limitsCrumb(say)],
  fields: {
    code: {
      label: { zh: '代码', en: 'code' },
      help: { zh: '小写字母、数字和下划线。', en: 'Small letters, digits and underscores.' },
      schema: text(40),
    },
    zh: { label: { zh: '中文名', en: 'Chinese name' }, schema: text(100) },
    en: { label: { zh: '英文名', en: 'English name' }, schema: text(100) },
    unit: { label: { zh: '单位', en: 'unit' }, schema: text(40) },
    aliases: {
      label: { zh: '别名', en: 'aliases' },
      help: { zh: '以顿号分隔。', en: 'Separated by commas.' },
      optional: true,
      schema: text(500),
    },
    firstClass: { label: { zh: '第一类污染物', en: 'of the first class' }, kind: 'check' },
  },
  run: ({ services }, { aliases, ...values }, { envelope }) =>
    addPollutant(services, envelope, {
      ...values,
      aliases: (aliases ?? '').split(/[、,，]/).filter((each) => each.trim() !== ''),
    }),
  preview: ({ code, zh, unit }, { say }) => ({
    changes: [{ what: code, before: '—', after: `${zh}（${unit}）` }],
    button: say(`增加 ${zh}`, `add ${code}`),
  }),
  done: ({ zh }, { say }) => ({ to: '/office/quality/limits', said: say(`已增加污染物 ${zh}。`, `Added ${zh}.`) }),
})

// Accidents

const accidentsPage = page('/office/quality/accidents', {
  title: { zh: '意外事故报告', en: 'accident reports' },
  permits: 'quality.read',
  show: async ({ services, say, may }) => {
    const accidents = await listReferredAccidents(services.db, { limit: 200 })
    return {
      title: say('意外事故报告', 'accident reports'),
      next: may('quality.report-accident') ? (
        <PrimaryLink href="/office/quality/accidents/new">{say('登记事故报告', 'record a report')}</PrimaryLink>
      ) : null,
      body:
        accidents.length === 0 ? (
          <Notice>
            {say(
              '没有事故报告。禁止排放的物质进入管网的，排污者须立即报告。',
              'No accidents were reported. Whoever lets banned substances in must report at once.',
            )}
          </Notice>
        ) : (
          <PlainTable
            columns={[
              { title: say('发生', 'occurred') },
              { title: say('排污者', 'discharger') },
              { title: say('物质', 'substances') },
              { title: say('经过', 'what happened') },
              { title: say('移送', 'referred') },
            ]}
            rows={accidents.map((each) => [
              each.occurredOn,
              each.dischargerName,
              `${say(substanceKindNames[each.substanceKind])}：${each.substances}`,
              each.description,
              each.referrals.length > 0 ? (
                each.referrals.join(say('、', ', '))
              ) : may('quality.propose-referral') ? (
                <a href={`/office/quality/referrals/new?kind=accident&matter=${each.accidentId}`}>
                  {say('提出移送', 'refer it')}
                </a>
              ) : (
                <State tone="waiting">{say('未移送', 'not referred')}</State>
              ),
            ])}
          />
        ),
    }
  },
})

const accidentPage = formPage('/office/quality/accidents/new', {
  title: { zh: '登记事故报告', en: 'record the report of an accident' },
  permits: 'quality.report-accident',
  crumbs: ({ say }) => [accidentsCrumb(say)],
  initial: ({ services }) => ({ occurredOn: services.clock.today(), reportedOn: services.clock.today() }),
  fields: {
    discharger: dischargerField,
    outletNo: {
      label: { zh: '排污口', en: 'outlet' },
      help: { zh: '不明不填。', en: 'Empty where unknown.' },
      optional: true,
      schema: text(40),
    },
    occurredOn: { label: { zh: '发生日', en: 'day it occurred' }, kind: 'date', schema: date },
    reportedOn: { label: { zh: '报告日', en: 'day it was reported' }, kind: 'date', schema: date },
    reportedBy: { label: { zh: '报告人', en: 'reported by' }, schema: text(100) },
    substanceKind: {
      label: { zh: '物质种类', en: 'kind of substances' },
      kind: 'choice',
      choices: ({ say }) => substanceKinds.map((each) => [each, say(substanceKindNames[each])] as const),
      schema: z.enum(substanceKinds) as unknown as z.ZodType<SubstanceKind, string>,
    },
    substances: { label: { zh: '物质', en: 'substances' }, schema: text(500) },
    description: { label: { zh: '经过', en: 'what happened' }, kind: 'long', schema: text(4_000) },
    measures: { label: { zh: '已采取的措施', en: 'what was done' }, kind: 'long', optional: true, schema: text(4_000) },
    evidence: paperField,
  },
  run: async ({ services }, { discharger, evidence, ...values }, { envelope }) =>
    reportAccident(
      services,
      envelope,
      { ...values, dischargerCode: discharger, outletNo: values.outletNo ?? '', measures: values.measures ?? '' },
      evidence instanceof File ? await paperOf(evidence) : undefined,
    ),
  preview: ({ discharger }, { say }, { occurredOn, substances }) => ({
    changes: [
      {
        what: say(`${discharger} 的事故`, `accident of ${discharger}`),
        before: say('未登记', 'not recorded'),
        after: `${occurredOn} ${substances}`,
      },
    ],
    button: say('登记事故报告', 'record the report'),
  }),
  done: (_answer, { say }) => ({
    to: '/office/quality/accidents',
    said: say('已登记事故报告。', 'The report is recorded.'),
  }),
})

// Referrals

function MatterLink({ matter, say }: { readonly matter: ReferralMatter; readonly say: Say }) {
  const named = `${say(matterNames[matter.kind])} ${matter.id}`
  if (matter.kind === 'accident') return <>{named}</>
  return <a href={`/office/quality/${matter.kind === 'sample' ? 'samples' : 'totals'}/${matter.id}`}>{named}</a>
}

const referralsPage = page('/office/quality/referrals', {
  title: { zh: '移送', en: 'referrals' },
  permits: 'quality.read',
  show: async ({ services, say }) => {
    const referrals = await listReferrals(services.db, { limit: 200 })
    return {
      title: say('移送有权机关的事项', 'what was referred'),
      next: (
        <ButtonLink href="/office/quality/exceedances?open=yes">
          {say('看未移送的超标', 'exceedances not referred')}
        </ButtonLink>
      ),
      body:
        referrals.length === 0 ? (
          <Notice>
            {say(
              '还没有移送。超标由执法人员提出、他人批准后移送生态环境部门，不与收费相混。',
              'Nothing was referred yet. An exceedance is referred by two persons and never mixed into the fee.',
            )}
          </Notice>
        ) : (
          <PlainTable
            columns={[
              { title: say('移送函', 'letter') },
              { title: say('日期', 'dated') },
              { title: say('受移送机关', 'authority') },
              { title: say('事项', 'matter') },
              { title: say('回复', 'answer') },
            ]}
            rows={referrals.map((each) => [
              <a href={`/office/quality/referrals/${encodeURIComponent(each.number)}`}>{each.number}</a>,
              each.datedOn,
              each.recipient,
              <MatterLink matter={each.matter} say={say} />,
              each.replies.length === 0 ? (
                <State tone="waiting">{say('未回复', 'none yet')}</State>
              ) : (
                each.replies.map((reply) => `${reply.receivedOn} ${reply.document}`).join('；')
              ),
            ])}
          />
        ),
    }
  },
})

const referralPage = page('/office/quality/referrals/{number}', {
  title: { zh: '一份移送函', en: 'one referral' },
  permits: 'quality.read',
  params: { number: text(100) },
  show: async ({ services, params, say, may }) => {
    const [found] = await listReferrals(services.db, { number: params.number })
    if (found === undefined) return refuseQuality('referral_missing', { number: params.number })
    return {
      title: found.number,
      crumbs: [referralsCrumb(say)],
      state:
        found.replies.length === 0 ? (
          <State tone="waiting">{say('未回复', 'no answer yet')}</State>
        ) : (
          <State tone="settled">{say('已回复', 'answered')}</State>
        ),
      next: may('quality.record-reply') ? (
        <PrimaryLink href={`/office/quality/referrals/${encodeURIComponent(found.number)}/reply`}>
          {say('登记回复', 'record an answer')}
        </PrimaryLink>
      ) : null,
      body: (
        <>
          <Facts
            of={[
              [say('受移送机关', 'authority'), found.recipient],
              [say('日期', 'dated'), found.datedOn],
              [say('移送函', 'letter'), <a href={`/office/papers/${encodeURIComponent(found.number)}`}>PDF</a>],
              [say('附件', 'enclosed'), found.evidence.map(({ name }) => name).join(say('、', ', ')) || unknown],
            ]}
          />
          {found.replies.map((reply) => (
            <Notice>
              <p>
                {reply.receivedOn} {reply.document}
              </p>
              <p class="written">{reply.content}</p>
            </Notice>
          ))}
        </>
      ),
    }
  },
})

const matterWords: Record<MatterKind, Said> = {
  sample: { zh: '超标的样品', en: 'a sample above its limits' },
  accident: { zh: '事故', en: 'an accident' },
  total: { zh: '超过许可的排放总量', en: 'a total above its limit' },
}
const matterLink = (kind: MatterKind, matter: string): Child =>
  kind === 'accident' ? (
    <a href="/office/quality/accidents">{matter}</a>
  ) : (
    <a href={`/office/quality/${kind}s/${encodeURIComponent(matter)}`}>{matter}</a>
  )

const referPage = (volumes: OutletVolumes) =>
  formPage('/office/quality/referrals/new', {
    title: { zh: '提出移送', en: 'refer a matter' },
    permits: 'quality.propose-referral',
    query: { kind: z.enum(matterKinds).optional(), matter: text(40).optional() },
    crumbs: ({ say }) => [referralsCrumb(say)],
    about: ({ query: { kind, matter }, say }) =>
      kind === undefined || matter === undefined ? (
        <Empty>
          {say('移送从它的事项提出：', 'A referral begins at its matter: ')}
          <a href="/office/quality/samples">{say('超标的样品', 'a sample above its limits')}</a>
          {say('、', ', ')}
          <a href="/office/quality/accidents">{say('事故', 'an accident')}</a>
          {say('或', ' or ')}
          <a href="/office/quality/exceedances">{say('超过许可的排放总量', 'a total above its limit')}</a>
          {say('。', '.')}
        </Empty>
      ) : (
        <Facts of={[[say(matterWords[kind]), matterLink(kind, matter)]]} />
      ),
    ready: async ({ query: { kind, matter } }) => kind !== undefined && matter !== undefined,
    initial: ({ query }) => ({ kind: query.kind ?? '', matter: query.matter ?? '' }),
    fields: {
      kind: {
        label: { zh: '事项', en: 'matter' },
        kind: 'hidden',
        schema: z.enum(matterKinds) as unknown as z.ZodType<MatterKind, string>,
      },
      matter: { label: { zh: '事项编号', en: 'its number' }, kind: 'hidden', schema: text(40) },
      recipient: { label: { zh: '受移送机关全称', en: 'the authority' }, schema: text(200) },
      facts: { label: { zh: '补充的事实', en: 'facts to add' }, kind: 'long', optional: true, schema: text(4_000) },
      evidence: { ...paperField, label: { zh: '附件（扫描件）', en: 'enclosure (a scan)' } },
    },
    run: async ({ services }, { kind, matter, recipient, facts, evidence }, { envelope }) =>
      proposeReferral(
        services,
        envelope,
        { matter: { kind, id: matter }, recipient, facts: facts ?? '' },
        evidence instanceof File ? [await paperOf(evidence)] : [],
        volumes,
      ),
    preview: ({ exceeded }, { say }, { recipient }) => ({
      changes: [
        {
          what: say(`移送${recipient}`, `refer to ${recipient}`),
          before: say('未移送', 'not referred'),
          after: exceeded.length === 0 ? say('事故', 'an accident') : exceeded.map((line) => <p>{line}</p>),
        },
      ],
      button: say(`提出移送${recipient}`, `propose to refer to ${recipient}`),
    }),
    done: ({ proposalId }, { say }) => ({
      to: `/office/quality/referral-proposals/${proposalId}`,
      said: say('已提出移送，需他人批准。', 'The referral is proposed; another person approves it.'),
    }),
  })

const referralDecision = (volumes: OutletVolumes) =>
  proposalPages('/office/quality/referral-proposals', {
    kind: referralProposal,
    title: { zh: '移送审批', en: 'a proposed referral' },
    crumbs: ({ say }) => [referralsCrumb(say)],
    permits: { read: 'quality.read', approve: 'quality.approve-referral', giveBack: 'quality.return-proposal' },
    show: (content, { say }) => {
      const found = content as unknown as ReferralProposal
      return (
        <>
          <Facts
            of={[
              [say('受移送机关', 'authority'), found.recipient],
              [say('事项', 'matter'), <MatterLink matter={found.matter} say={say} />],
              [say('补充的事实', 'facts'), found.facts || unknown],
              [say('附件', 'enclosed'), found.evidence.map(({ name }) => name).join(say('、', ', ')) || unknown],
            ]}
          />
          {found.exceeded.map((line) => (
            <Notice tone="overdue">{line}</Notice>
          ))}
        </>
      )
    },
    approve: ({ services }, envelope, decision) => approveReferral(services, envelope, decision, volumes),
    giveBack: ({ services }, envelope, decision) =>
      returnQualityProposal(services, envelope, referralProposal, decision),
    preview: ({ number, recipient }, { say }) => ({
      changes: [
        { what: say(`移送${recipient}`, `referral to ${recipient}`), before: say('待批准', 'proposed'), after: number },
      ],
      button: say(`批准并出具 ${number}`, `approve and issue ${number}`),
    }),
    approved: ({ number, recipient }, { say }) => ({
      to: `/office/quality/referrals/${encodeURIComponent(number)}`,
      said: say(`已移送${recipient}：${number}。`, `Referred to ${recipient}: ${number}.`),
    }),
  })

const replyPage = formPage('/office/quality/referrals/{number}/reply', {
  title: { zh: '登记移送的回复', en: 'record the authority’s answer' },
  permits: 'quality.record-reply',
  params: { number: text(100) },
  crumbs: ({ say, params }) => [
    referralsCrumb(say),
    { text: params.number, href: `/office/quality/referrals/${encodeURIComponent(params.number)}` },
  ],
  initial: ({ services }) => ({ receivedOn: services.clock.today() }),
  fields: {
    receivedOn: { label: { zh: '收到日', en: 'received' }, kind: 'date', schema: date },
    document: { label: { zh: '回复文号', en: 'document' }, schema: text(200) },
    content: { label: { zh: '内容', en: 'content' }, kind: 'long', schema: text(4_000) },
  },
  run: ({ services, params }, values, { envelope }) =>
    recordReply(services, envelope, { number: params.number, ...values }),
  preview: ({ number, receivedOn }, { say }, { document }) => ({
    changes: [{ what: number, before: say('未回复', 'no answer'), after: `${receivedOn} ${document}` }],
    button: say(`登记 ${document}`, `record ${document}`),
  }),
  done: ({ number }, { say }) => ({
    to: `/office/quality/referrals/${encodeURIComponent(number)}`,
    said: say('已登记回复。', 'The answer is recorded.'),
  }),
})

// Credit grades

const gradePage = formPage('/office/quality/grades/new', {
  title: { zh: '提交环境信用等级', en: 'propose a credit grade' },
  permits: 'quality.propose-credit-grade',
  crumbs: ({ say }) => [limitsCrumb(say)],
  fields: {
    discharger: dischargerField,
    grade: {
      label: { zh: '等级', en: 'grade' },
      kind: 'choice',
      choices: ({ say }) => grades.map((each) => [each, say(gradeNames[each])] as const),
      schema: z.enum(grades) as unknown as z.ZodType<Grade, string>,
    },
    ratedYear: {
      label: { zh: '评定年度', en: 'rated year' },
      kind: 'number',
      schema: z
        .string()
        .regex(/^(19|20|21)\d\d$/, '年度，如 2025 · a year such as 2025')
        .transform(Number) as unknown as z.ZodType<number, string>,
    },
    document: { label: { zh: '评定文件', en: 'document' }, schema: text(200) },
    from: { label: { zh: '自', en: 'from' }, kind: 'date', schema: date },
    until: { label: { zh: '至（不含）', en: 'until (excluded)' }, kind: 'date', optional: true, schema: date },
  },
  run: ({ services }, { discharger, ratedYear, until, ...values }, { envelope }) =>
    proposeCreditGrade(services, envelope, {
      ...values,
      dischargerCode: discharger,
      ratedYear,
      until: until ?? '',
    }),
  preview: ({ discharger }, { say }, { grade, from }) => ({
    changes: [
      {
        what: say(`${discharger} 的信用等级`, `grade of ${discharger}`),
        before: '—',
        after: say(`${gradeNames[grade].zh}，自 ${from} 起`, `${grade} from ${from}`),
      },
    ],
    button: say('提交信用等级', 'propose the grade'),
  }),
  done: ({ proposalId }, { say }) => ({
    to: `/office/quality/grade-proposals/${proposalId}`,
    said: say('已提交信用等级，需他人批准。', 'The grade is proposed; another person approves it.'),
  }),
})

const gradeDecision = proposalPages('/office/quality/grade-proposals', {
  kind: gradeProposal,
  title: { zh: '信用等级审批', en: 'a proposed credit grade' },
  crumbs: ({ say }) => [limitsCrumb(say)],
  permits: { read: 'quality.read', approve: 'quality.approve-credit-grade', giveBack: 'quality.return-proposal' },
  show: (content, { say }) => {
    const found = content as unknown as ProposedGrade
    return (
      <Facts
        of={[
          [say('排污者', 'discharger'), found.dischargerCode],
          [say('等级', 'grade'), say(gradeNames[found.grade])],
          [say('评定年度', 'rated year'), String(found.ratedYear)],
          [say('评定文件', 'document'), found.document],
          [say('自', 'from'), found.from],
          [say('至（不含）', 'until'), found.until || unknown],
        ]}
      />
    )
  },
  approve: ({ services }, envelope, decision) => approveCreditGrade(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnQualityProposal(services, envelope, gradeProposal, decision),
  preview: ({ discharger, grade, from }, { say }) => ({
    changes: [
      {
        what: say(`${discharger} 的信用等级`, `grade of ${discharger}`),
        before: '—',
        after: say(`${gradeNames[grade].zh}，自 ${from} 起`, `${grade} from ${from}`),
      },
    ],
    button: say('批准信用等级', 'approve the grade'),
  }),
  approved: ({ discharger }, { say }) => ({
    to: `/office/quality/limits?discharger=${discharger}`,
    said: say(`已批准 ${discharger} 的信用等级。`, `The grade of ${discharger} is in force.`),
  }),
})

/** Limits, samples and what they exceed, totals, accidents, referrals and credit grades. */
export const qualityPages = (volumes: OutletVolumes): readonly PageRoute[] => [
  sampleList,
  samplePage,
  recordPage,
  withdrawPage,
  uploadPage,
  importsPage,
  importPage,
  exceedancePage(volumes),
  totalPage(volumes),
  limitsPage,
  limitsUpload,
  ...limitsDecision,
  pollutantPage,
  accidentsPage,
  accidentPage,
  referralsPage,
  referralPage,
  referPage(volumes),
  ...referralDecision(volumes),
  replyPage,
  gradePage,
  ...gradeDecision,
  downloadPage(
    '/office/quality/limits/template',
    'quality.propose-limits',
    routeAt(qualityFileRoutes, '/permitted-limits/template', 'get'),
  ),
  downloadPage(
    '/office/quality/samples/template',
    'quality.import-samples',
    routeAt(qualityFileRoutes, '/samples/template', 'get'),
  ),
  downloadPage(
    '/office/quality/samples/imports/{import}/rows',
    'quality.imports.read',
    routeAt(qualityFileRoutes, '/samples/imports/{import}/rows/file', 'get'),
  ),
]
