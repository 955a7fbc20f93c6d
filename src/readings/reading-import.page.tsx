import { z } from '@hono/zod-openapi'
import { collectorFilter } from '../dischargers/collector-filter.ts'
import { listCollectors, ownCollector } from '../dischargers/discharger.queries.ts'
import { collectorNames } from '../dischargers/known-names.queries.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { instantForPeople } from '../platform/cli-text.ts'
import type { CommandAnswer } from '../platform/command.ts'
import { count, id, month, text } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import type { Said } from '../platform/http/route.ts'
import { downloadPage, formPage, given, type Preview, routeAt, runRoute } from '../platform/pages/forms.tsx'
import {
  asPageAsked,
  beingTried,
  chosenField,
  correctionFields,
  decisionQuery,
  keptFile,
  OpenRows,
  openFilter,
  openWords,
  type ReadingWay,
  ReasonCounts,
  ReasonNotices,
  reasonOnPage,
  reasonsInOneLine,
  rowButtons,
  rowFilters,
  rowState,
  rowsInWords,
  rowsQuery,
  rowTone,
  started,
  toImport,
  toWork,
  triedOf,
  tryAgain,
  typedOtherwise,
  typedWay,
  Verdicts,
  verdictColumn,
  wayFields,
  whyField,
} from '../platform/pages/import-parts.tsx'
import { type Crumb, type PageAsked, type PageRoute, type Posted, page } from '../platform/pages/page-route.ts'
import {
  ButtonLink,
  Code,
  Count,
  Facts,
  Instant,
  NextStep,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  type Tone,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { withoutCommands } from '../platform/pages/without-commands.ts'
import { rowDecisionNames } from '../platform/row-decisions.ts'
import { fieldWords } from '../platform/tables/field-words.ts'
import type { WorkResult } from '../platform/works.page.tsx'
import { acceptRows, correctRow, type DecisionAnswer, rejectRows } from './decide-row.ts'
import { sayFinding } from './import.findings.ts'
import { type HeldRowLine, heldRowLines, type ImportListRow, importListRows } from './import-list.queries.ts'
import type { ImportAnswer } from './import-readings.ts'
import { absentAccountPage, type ImportReport, type ImportRow, importReport, rowsOf } from './import-report.queries.ts'
import type { ReadingsPreview } from './preview-readings.ts'
import { readingFileRoutes } from './reading.file-routes.ts'
import { canBeAccepted, sayReason } from './reading.reasons.ts'
import { type ReadingField, readingColumnNames, readingFields } from './reading-columns.ts'
import { refuseReading } from './readings.refusals.ts'
import { acceptedCodes, acceptField, reasonTitle } from './reason-titles.ts'

const title: Said = { zh: '抄表导入', en: 'imports of readings' }
const home = '/office/readings/imports'
const importsCrumb = (say: Say): Crumb => ({ text: say(title), href: home })
const importCrumb = (say: Say, importId: string): Crumb => ({
  text: say(`导入 ${importId}`, `import ${importId}`),
  href: `${home}/${importId}`,
})

const previewOperation = 'post-readings-previews'
const previewRoute = routeAt(readingFileRoutes, '/readings/previews')
const importRoute = routeAt(readingFileRoutes, '/readings/imports')

/** The columns a person may want to set right; money and what an export adds are recognised or left out. */
const mappedFields = [
  'account',
  'meter',
  'start',
  'end',
  'volume',
  'readOn',
  'previousReadOn',
  'month',
  'category',
  'source',
  'kind',
  'residual',
  'remark',
] as const satisfies readonly ReadingField[]

const fieldName = (field: string): Said => fieldWords(readingColumnNames, field)
/** What a row states, in the order in which fields are named. */
const inOrder = (stated: Readonly<Record<string, string | undefined>>) =>
  readingFields.flatMap((field) => (stated[field] === undefined ? [] : [[field, stated[field]] as const]))

// The list of imports

const importColumns: readonly Column<ImportListRow>[] = [
  { key: 'id', title: { zh: '导入', en: 'import' }, cell: (row) => row.id, text: (row) => row.id, sort: 'id' },
  {
    key: 'month',
    title: { zh: '用水月份', en: 'month of use' },
    cell: (row) => row.fee_month,
    text: (row) => row.fee_month,
    sort: 'fee_month',
  },
  {
    key: 'collector',
    title: { zh: '供水公司', en: 'water company' },
    cell: (row) => row.collector_name,
    text: (row) => row.collector_name,
    sort: 'collector_name',
  },
  {
    key: 'file',
    title: { zh: '文件', en: 'file' },
    cell: (row) => row.file_name,
    text: (row) => row.file_name,
    sort: 'file_name',
    wide: true,
  },
  {
    key: 'rows_in',
    title: { zh: '行数', en: 'rows' },
    number: true,
    decimals: 0,
    cell: (row) => <Count of={row.rows_in} />,
    text: (row) => String(row.rows_in),
    sort: 'rows_in',
  },
  {
    key: 'accepted',
    title: { zh: '通过', en: 'accepted' },
    number: true,
    decimals: 0,
    cell: (row) => <Count of={row.rows_accepted} />,
    text: (row) => String(row.rows_accepted),
    sort: 'rows_accepted',
    wide: true,
  },
  {
    key: 'volume',
    title: { zh: '水量（m³）', en: 'volume (m³)' },
    number: true,
    decimals: 3,
    cell: (row) => <VolumeM3 of={row.volume_in_m3} />,
    text: (row) => row.volume_in_m3,
    sort: 'volume_in_m3',
    wide: true,
  },
  {
    key: 'by',
    title: { zh: '导入人', en: 'by' },
    cell: (row) => row.imported_by,
    text: (row) => row.imported_by,
    sort: 'imported_by',
    wide: true,
  },
  {
    key: 'at',
    title: { zh: '时间', en: 'at' },
    cell: (row) => <Instant of={row.recorded_at} />,
    text: (row) => instantForPeople(row.recorded_at),
    sort: 'recorded_at',
    wide: true,
  },
  {
    key: 'undecided',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => <OpenRows of={row.undecided} say={say} />,
    text: (row, say) => openWords(row.undecided, say),
    sort: 'undecided',
  },
]

const importListPage = tablePage(home, {
  title,
  permits: 'readings.imports.read',
  query: { collector: text(40).optional(), month: month.optional(), open: z.enum(['yes']).optional() },
  filters: async ({ services }) => [
    { name: 'month', label: { zh: '用水月份', en: 'month of use' }, kind: 'month' },
    await collectorFilter(services.db),
    openFilter,
  ],
  columns: importColumns,
  rows: ({ query }) => importListRows(query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `${home}/${row.id}`,
  file: title,
  next: ({ say, visitor }) => (
    <NextStep permits="readings.import" visitor={visitor} href="/office/readings/upload">
      {say('上传抄表文件', 'upload a file')}
    </NextStep>
  ),
  empty: ({ say }) => ({
    text: say(
      '还没有导入过抄表。供水公司每月的抄表文件（CSV、Excel）在这里上传，先试读，再导入。',
      'No readings yet. The monthly file of a water company (CSV, Excel) is uploaded here: tried first, then taken in.',
    ),
    action: <PrimaryLink href="/office/readings/upload">{say('上传抄表文件', 'upload a file')}</PrimaryLink>,
  }),
})

// Upload: always tried first

interface TriedInput extends ReadingWay {
  readonly collector: string
  readonly month?: string
  readonly unitNote?: string
}

const tried = (asked: unknown, workId: string) =>
  triedOf<TriedInput, ReadingsPreview>(asPageAsked(asked), workId, previewOperation)

const monthField = {
  label: { zh: '用水月份', en: 'month of use' },
  help: { zh: '文件有月份列时可不填。', en: 'May be left out where the file has a column for it.' },
  kind: 'month',
  optional: true,
  schema: month,
} as const

/** Starts a trial of a file that is kept meanwhile. */
async function tryFile(
  asked: PageAsked,
  posted: Posted,
  file: File,
  input: object,
): Promise<CommandAnswer<{ readonly workId: string }> | Refusal> {
  await asked.files?.keep(posted.envelope.commandId, file)
  return started(await runRoute(previewRoute, asked, posted, { file, query: input }))
}

const uploadPage = formPage('/office/readings/upload', {
  title: { zh: '上传抄表文件', en: 'upload a file of readings' },
  permits: 'readings.import',
  query: { collector: text(40).optional(), month: month.optional() },
  crumbs: ({ say }) => [importsCrumb(say)],
  about: ({ say }) => (
    <Notice>
      {say(
        '先试读：列出认出的列、各类行数和合计比对，不保存任何东西；看过之后再导入。',
        'The file is tried first: recognised columns, counts and totals are shown and nothing is stored; then it is taken in.',
      )}{' '}
      <a href="/office/readings/template">{say('下载空白导入表', 'a blank form')}</a>
    </Notice>
  ),
  initial: async (asked) => ({
    collector: asked.query.collector ?? (await ownCollector(asked.services.db, asked.visitor.organisation.id)) ?? '',
    month: asked.query.month ?? '',
  }),
  fields: {
    collector: {
      label: { zh: '供水公司', en: 'water company' },
      kind: 'choice',
      choices: async ({ services }) =>
        (await listCollectors(services.db)).map(({ code, name }) => [code, `${name}（${code}）`] as const),
    },
    month: monthField,
    file: {
      label: { zh: '文件', en: 'file' },
      help: { zh: 'CSV、XLSX 或 XLS，一行一表。', en: 'CSV, XLSX or XLS, a row for each meter.' },
      kind: 'file',
      accept: '.csv,.txt,.xlsx,.xls',
    },
  },
  submit: { zh: '试读文件', en: 'try the file' },
  run: (asked, { file, ...values }, posted) => tryFile(asPageAsked(asked), posted, file, { ...given(values), map: {} }),
  preview: 'none',
  done: (answer, { say }) => toWork(answer, say(beingTried)),
})

const againPage = formPage('/office/readings/trials/{work}/again', {
  title: { zh: '换个读法再试读', en: 'read the file another way' },
  permits: 'works.read',
  postPermits: 'readings.import',
  params: { work: z.uuid() },
  crumbs: ({ say }) => [importsCrumb(say)],
  about: async (asked) => keptFile((await tried(asked, asked.params.work))?.file, asked.say),
  initial: async (asked) => {
    const input = (await tried(asked, asked.params.work))?.input
    return { month: input?.month ?? '', ...typedWay(input), unitNote: input?.unitNote ?? '' }
  },
  fields: {
    month: monthField,
    ...wayFields({
      zh: '只写要改的，每行一个：用水量=实收水量；不用某列写 用水性质=-。导入后会记住。',
      en: 'What is to be changed, one a line: 用水量=实收水量; “-” for none. Remembered once taken in.',
    }),
    unitNote: { label: { zh: '关于单位的说明', en: 'a remark on units' }, optional: true, schema: text(500) },
  },
  submit: { zh: '重新试读', en: 'try again' },
  run: async (asked, { map, ...values }, posted) => {
    const before = await tried(asked, asked.params.work)
    if (before?.file === undefined) return refuseHttp('tried_file_gone')
    const { collector } = before.input
    return tryFile(asPageAsked(asked), posted, before.file, { collector, ...given(values), map: map ?? {} })
  },
  preview: 'none',
  done: (answer, { say }) => toWork(answer, say(beingTried)),
})

// A trial: what the file would come to

const trialPath = (workId: string) => `/office/readings/trials/${workId}`

const trialPage = formPage('/office/readings/trials/{work}', {
  title: { zh: '试读结果', en: 'what the file would come to' },
  permits: 'works.read',
  postPermits: 'readings.import',
  params: { work: z.uuid() },
  crumbs: ({ say }) => [importsCrumb(say)],
  about: async (asked) => {
    const { params, say, url } = asked
    const preview = (await tried(asked, params.work))?.answer
    if (preview === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    const code = preview.outcome.collector
    const collector = (await collectorNames(asked.services.db)).get(code) ?? code
    return <Tried preview={preview} collector={collector} workId={params.work} say={say} />
  },
  fields: {},
  submit: async (asked) => {
    const preview = (await tried(asked, asked.params.work))?.answer
    const rows = (preview?.outcome.rows.in ?? 0).toLocaleString('en')
    return { zh: `导入 ${rows} 行`, en: `take in ${rows} rows` }
  },
  run: async (asked, _values, posted) => {
    const before = await tried(asked, asked.params.work)
    if (before?.file === undefined) return refuseHttp('tried_file_gone')
    const query = { ...before.input, map: before.input.map ?? {} }
    return started(await runRoute(importRoute, asPageAsked(asked), posted, { file: before.file, query }))
  },
  preview: 'none',
  done: (answer, { say }) => toWork(answer, say('正在导入。', 'Being taken in.')),
})

const columnsPage = formPage('/office/readings/trials/{work}/columns', {
  title: { zh: '改列对应', en: 'set the columns right' },
  permits: 'works.read',
  postPermits: 'readings.import',
  params: { work: z.uuid() },
  crumbs: ({ say, params }) => [importsCrumb(say), { text: say('试读结果', 'trial'), href: trialPath(params.work) }],
  about: async (asked) => {
    const { params, say, url } = asked
    const preview = (await tried(asked, params.work))?.answer
    if (preview === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    return <FirstRows preview={preview} say={say} />
  },
  initial: async (asked) => {
    const preview = (await tried(asked, asked.params.work))?.answer
    return Object.fromEntries(mappedFields.map((field) => [field, preview?.mapping[field] ?? ''])) as Record<
      (typeof mappedFields)[number],
      string
    >
  },
  fields: Object.fromEntries(
    mappedFields.map((field) => [
      field,
      {
        label: fieldName(field),
        kind: 'choice',
        optional: true,
        choices: async (asked: PageAsked) => {
          const { work } = asked.params as unknown as { readonly work: string }
          const preview = (await tried(asked, work))?.answer
          return (preview?.titles ?? []).filter((each) => each !== '').map((each) => [each, each] as const)
        },
      },
    ]),
  ) as unknown as Record<
    (typeof mappedFields)[number],
    {
      label: Said
      kind: 'choice'
      optional: true
      choices: (asked: PageAsked) => Promise<readonly (readonly [string, string])[]>
    }
  >,
  submit: { zh: '按此重新试读', en: 'try again with these' },
  run: async (asked, values, posted) => {
    const before = await tried(asked, asked.params.work)
    if (before?.file === undefined) return refuseHttp('tried_file_gone')
    const chosenFor = values as Record<string, string | undefined>
    const changed = mappedFields.filter((field) => chosenFor[field] !== before.answer?.mapping[field])
    // A field left at a column that is now another's too was chosen for both: said so, it is not dropped in silence.
    const moved = new Set(changed.flatMap((field) => chosenFor[field] ?? []))
    const corrected = mappedFields
      .filter((field) => changed.includes(field) || moved.has(chosenFor[field] ?? ''))
      .map((field) => [field, chosenFor[field] ?? '-'] as const)
    const map = { ...before.input.map, ...Object.fromEntries(corrected) }
    return tryFile(asPageAsked(asked), posted, before.file, { ...before.input, map })
  },
  preview: 'none',
  done: (answer, { say }) => toWork(answer, say('按新的列对应重新试读。', 'Being tried again with these columns.')),
})

function Tried({
  preview,
  collector,
  workId,
  say,
}: {
  readonly preview: ReadingsPreview
  readonly collector: string
  readonly workId: string
  readonly say: Say
}) {
  const { outcome } = preview
  return (
    <>
      {preview.importedBefore ? (
        <Notice tone="waiting">
          {say(
            `这个文件已按同样的列对应导入过：下面是当时的结果，再导入不会改变什么。`,
            'This file was taken in before with the same columns: below is what came of it; taking it in again changes nothing.',
          )}{' '}
          <a href={`${home}/${outcome.importId}`}>{say('看那次导入', 'that import')}</a>
        </Notice>
      ) : (
        <Notice>
          {say(
            `${collector} ${outcome.feeMonth}：试读，还没有保存。`,
            `${collector} ${outcome.feeMonth}: a trial, nothing is stored yet.`,
          )}
        </Notice>
      )}
      <Counted rows={outcome.rows} volumes={outcome.volumesM3} say={say} />
      <Findings of={outcome.findings} say={say} />
      <ReasonCounts counts={outcome.reasons} titleOf={reasonTitle} say={say} />
      <Changes of={outcome} say={say} />
      <Section title={say('列对应', 'columns')}>
        <Mapping of={preview.mapping} say={say} />
        <p>
          {say(mappingSources[preview.mappingSource])}{' '}
          <a href={`${trialPath(workId)}/columns`}>{say('修改列对应', 'change the columns')}</a>
          {'　'}
          <a href={`${trialPath(workId)}/again`}>
            {say('换月份、工作表或表头行', 'another month, sheet or header row')}
          </a>
        </p>
      </Section>
      <FirstRows preview={preview} say={say} />
    </>
  )
}

const mappingSources: Record<ReadingsPreview['mappingSource'], Said> = {
  recognised: { zh: '由表头认出。', en: 'Recognised by the header.' },
  remembered: { zh: '按上次改正的记住。', en: 'Remembered from a correction.' },
  corrected: { zh: '按您改正的，导入后记住。', en: 'As you corrected them; remembered once taken in.' },
}

const Mapping = ({ of, say }: { readonly of: Readonly<Record<string, string | undefined>>; readonly say: Say }) => (
  <Facts of={Object.entries(of).map(([field, column]) => [say(fieldName(field)), column])} />
)

const FirstRows = ({ preview, say }: { readonly preview: ReadingsPreview; readonly say: Say }) => (
  <div class="raw">
    <PlainTable
      caption={say(
        `前 ${preview.firstRows.length} 行（表头在第 ${preview.headerRow} 行）`,
        `the first ${preview.firstRows.length} rows (header in row ${preview.headerRow})`,
      )}
      columns={[{ title: say('行', 'row'), number: true }, ...preview.titles.map((each) => ({ title: each }))]}
      rows={preview.firstRows.map(({ rowNo, cells }) => [
        String(rowNo),
        ...preview.titles.map((_, at) => cells[at] ?? ''),
      ])}
    />
  </div>
)

const Counted = ({
  rows,
  volumes,
  say,
}: {
  readonly rows: ImportAnswer['rows']
  readonly volumes: ImportAnswer['volumesM3']
  readonly say: Say
}) => (
  <Verdicts
    rows={rows}
    sums={{ title: say('水量（m³）', 'volume (m³)'), of: (verdict) => <VolumeM3 of={volumes[verdict]} /> }}
    say={say}
  />
)

const findingTones: Readonly<Record<string, Tone>> = {
  totals_equal: 'settled',
  totals_differ: 'overdue',
  count_differs: 'overdue',
  total_unreadable: 'waiting',
  no_total: 'waiting',
  accounts_absent: 'waiting',
  columns_unrecognised: 'waiting',
  sheets_ignored: 'waiting',
  master_below_subs: 'waiting',
}

const Findings = ({ of, say }: { readonly of: ImportAnswer['findings']; readonly say: Say }) => (
  <>
    {of.map((finding) => (
      <Notice tone={findingTones[finding.code] ?? 'plain'}>{withoutCommands(sayFinding(finding, say.language))}</Notice>
    ))}
  </>
)

function Changes({ of, say }: { readonly of: ImportAnswer; readonly say: Say }) {
  if (of.replaced === 0) return null
  return (
    <PlainTable
      caption={say(
        `更正此前的抄表 ${of.replaced} 条（列前 ${of.changes.length} 条）`,
        `corrects ${of.replaced} stored readings (the first ${of.changes.length})`,
      )}
      columns={[
        { title: say('户号', 'account') },
        { title: say('此前（m³）', 'before (m³)'), number: true },
        { title: say('之后（m³）', 'after (m³)'), number: true },
      ]}
      rows={of.changes.map(({ accountNo, before, after }) => [
        <code>{accountNo}</code>,
        <VolumeM3 of={before.volumeM3} />,
        <VolumeM3 of={after.volumeM3} />,
      ])}
    />
  )
}

/** Shown on the page of a work once it is done. */
const triedResult: WorkResult = (report, say) => {
  const preview = report.answer as unknown as ReadingsPreview
  return (
    <>
      <Counted rows={preview.outcome.rows} volumes={preview.outcome.volumesM3} say={say} />
      <Findings of={preview.outcome.findings} say={say} />
      <p class="buttons">
        <PrimaryLink href={trialPath(report.workId)}>{say('看试读结果', 'see the trial')}</PrimaryLink>
      </p>
    </>
  )
}

const importedResult: WorkResult = (report, say) => {
  const answer = report.answer as unknown as ImportAnswer
  return (
    <>
      <Counted rows={answer.rows} volumes={answer.volumesM3} say={say} />
      <Findings of={answer.findings} say={say} />
      <p class="buttons">{toImport(`${home}/${answer.importId}`, answer.rows, say)}</p>
    </>
  )
}

/** What works of this stage lead to, by their operation id. */
export const readingWorkResults: Readonly<Record<string, WorkResult>> = {
  [previewOperation]: triedResult,
  'post-readings-imports': importedResult,
}
export const readingWorkRefused: Readonly<Record<string, WorkResult>> = { [previewOperation]: tryAgain(trialPath) }

// One import and its rows

const titledReasons = (row: Pick<HeldRowLine, 'reasons'>, say: Say) =>
  row.reasons.map((reason) => ({
    title: reasonTitle(reason.code, say.language),
    ...reasonOnPage(sayReason(reason, say.language)),
  }))

const stated = (row: HeldRowLine, field: ReadingField): string => row.subject.stated[field] ?? ''

const rowColumns: readonly Column<HeldRowLine>[] = [
  {
    key: 'row',
    title: { zh: '行', en: 'row' },
    cell: (row) => String(row.row_no),
    text: (row) => String(row.row_no),
    sort: 'row_no',
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no ?? '—'}</code>,
    text: (row) => row.account_no ?? '',
    sort: 'account_no',
  },
  {
    key: 'name',
    title: { zh: '户名', en: 'name' },
    cell: (row) => stated(row, 'name') || '—',
    text: (row) => stated(row, 'name'),
    sort: 'name',
    wide: true,
  },
  {
    key: 'start',
    title: { zh: '上期', en: 'before' },
    number: true,
    cell: (row) => stated(row, 'start') || '—',
    text: (row) => stated(row, 'start'),
    sort: 'start',
  },
  {
    key: 'end',
    title: { zh: '本期', en: 'now' },
    number: true,
    cell: (row) => stated(row, 'end') || '—',
    text: (row) => stated(row, 'end'),
    sort: 'end',
  },
  {
    key: 'volume',
    title: { zh: '水量（m³）', en: 'volume (m³)' },
    number: true,
    decimals: 3,
    cell: (row) => <VolumeM3 of={row.volume_m3} />,
    text: (row) => row.volume_m3 ?? '',
    sort: 'volume_m3',
  },
  verdictColumn as Column<HeldRowLine>,
  {
    key: 'why',
    title: { zh: '原因 → 建议', en: 'reason → remedy' },
    cell: (row, say) => (
      <>
        {titledReasons(row, say).map(({ title: reason, cause, remedy }) => (
          <div class="reason">
            <strong>{reason}</strong> {cause} <span class="quiet">{remedy}</span>
          </div>
        ))}
      </>
    ),
    text: (row, say) => reasonsInOneLine(titledReasons(row, say), say),
    sort: 'reasons',
  },
]

const importPage = tablePage('/office/readings/imports/{import}', {
  title: { zh: '一次抄表导入', en: 'one import of readings' },
  permits: 'readings.imports.read',
  params: { import: id() },
  query: rowsQuery,
  filters: async ({ services, params, query }) => {
    const report = await importReport(services.db, params.import)
    return rowFilters(isRefusal(report) ? [] : report.reasons, query.code, reasonTitle)
  },
  columns: rowColumns,
  rows: async ({ services, params, query }) => {
    const report = await importReport(services.db, params.import)
    return isRefusal(report) ? report : heldRowLines(params.import, query)
  },
  order: { by: 'row_no', direction: 'asc' },
  unique: 'row_no',
  open: (row) => rowPath(row.import_id, row.row_no),
  head: async ({ services, params, say }) => {
    const report = await importReport(services.db, params.import)
    if (isRefusal(report)) return {}
    const { collectorCode: code, feeMonth, importId } = report
    const collector = (await collectorNames(services.db)).get(code) ?? code
    return {
      title: say(
        `${collector} ${feeMonth} 抄表导入 ${importId}`,
        `readings of ${collector} for ${feeMonth}, import ${importId}`,
      ),
      crumbs: [importsCrumb(say)],
      state: <OpenRows of={report.undecided} say={say} />,
    }
  },
  intro: async ({ services, params, say }) => {
    const report = await importReport(services.db, params.import)
    return isRefusal(report) ? null : <ImportIntro report={report} say={say} />
  },
  file: { zh: '待审和拒绝的抄表行', en: 'held and rejected readings' },
  empty: ({ say }) => ({
    text: say('没有待审或拒绝的行：文件各行全部通过。', 'No row was held or rejected: all were accepted.'),
  }),
  bulk: {
    action: ({ params }) => `${home}/${params.import}/acceptance`,
    value: (row) => String(row.row_no),
    buttons: (say, { params, may }) =>
      rowButtons(
        `${home}/${params.import}`,
        { accept: may('readings.accept-rows'), reject: may('readings.reject-rows') },
        say,
      ),
  },
})

function ImportIntro({ report, say }: { readonly report: ImportReport; readonly say: Say }) {
  const open = report.reasons.filter(({ undecided }) => undecided > 0)
  const at = `${home}/${report.importId}`
  return (
    <>
      <Counted rows={report.rows} volumes={report.volumesM3} say={say} />
      <Findings of={report.findings} say={say} />
      {open.length === 0 ? null : (
        <PlainTable
          caption={say('未处理的行，按原因', 'rows to settle, by reason')}
          columns={[
            { title: say('原因', 'reason') },
            { title: say('未处理', 'to settle'), number: true },
            { title: say('共', 'of'), number: true },
            { title: say('只因此原因的各行', 'rows with no other reason') },
          ]}
          rows={open.map(({ code, rows, undecided }) => [
            <a href={`${at}?code=${code}&open=yes`}>{reasonTitle(code, say.language)}</a>,
            <Count of={undecided} />,
            <Count of={rows} />,
            <>
              {canBeAccepted(code) ? (
                <>
                  <a href={`${at}/acceptance?code=${code}`}>{say('全部接受', 'accept all')}</a>
                  {'　'}
                </>
              ) : null}
              <a href={`${at}/rejection?code=${code}`}>{say('全部拒绝', 'reject all')}</a>
            </>,
          ])}
        />
      )}
      <ImportFile report={report} say={say} />
      <h2>{say('待审和拒绝的行', 'held and rejected rows')}</h2>
      {report.rows.held + report.rows.rejected === 0 ? null : (
        <p class="buttons">
          <ButtonLink href={`${at}/rows/file?format=xlsx&undecided=true`}>
            {say('导出未处理行（XLSX）', 'rows to settle (XLSX)')}
          </ButtonLink>
          <ButtonLink
            href={`/office/readings/upload?collector=${encodeURIComponent(report.collectorCode)}&month=${report.feeMonth}`}
          >
            {say('改正后重新导入', 'bring it back corrected')}
          </ButtonLink>
        </p>
      )}
    </>
  )
}

function ImportFile({ report, say }: { readonly report: ImportReport; readonly say: Say }) {
  return (
    <details>
      <summary>{say(`文件 ${report.fileName} 与列对应`, `the file ${report.fileName} and its columns`)}</summary>
      <Facts
        of={[
          [say('摘要', 'digest'), <Code of={report.fileDigest.slice(0, 12)} />],
          [say('导入人', 'by'), report.importedBy],
          [say('时间', 'at'), <Instant of={report.recordedAt} />],
          ...report.decisions.map(
            ({ decision, rows }) => [say(rowDecisionNames[decision]), <Count of={rows} />] as const,
          ),
          [say('缺抄户', 'absent accounts'), <a href={`${home}/${report.importId}/absent`}>{say('查看', 'see')}</a>],
        ]}
      />
      <Mapping of={report.mapping} say={say} />
    </details>
  )
}

const rowPath = (importId: string, rowNo: number | string) => `${home}/${importId}/rows/${rowNo}`

const rowPage = page('/office/readings/imports/{import}/rows/{row}', {
  title: { zh: '一行抄表', en: 'one row' },
  permits: 'readings.imports.read',
  params: { import: id(), row: count(1, 9_999_999) },
  show: async ({ services: { db }, params, say, url }) => {
    const found = await findRow(db, params.import, params.row)
    if (isRefusal(found)) return found
    if (found === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    const { report, row } = found
    const at = rowPath(params.import, params.row)
    return {
      title: say(`第 ${row.rowNo} 行`, `row ${row.rowNo}`),
      crumbs: [importsCrumb(say), importCrumb(say, params.import)],
      state: (
        <State tone={rowTone({ verdict: row.verdict, decision: row.decision?.decision ?? null })}>
          {rowState({ verdict: row.verdict, decision: row.decision?.decision ?? null }, say)}
        </State>
      ),
      ...(row.decision === undefined
        ? { next: <PrimaryLink href={`${at}/correction`}>{say('改正这一行', 'correct the row')}</PrimaryLink> }
        : {}),
      figures: [
        { label: say('户号', 'account'), value: row.accountNo ?? '—' },
        { label: say('水量（m³）', 'volume (m³)'), value: <VolumeM3 of={row.volumeM3} /> },
      ],
      body: (
        <>
          <ReasonNotices
            reasons={titledReasons(row, say)}
            tone={rowTone({ verdict: row.verdict, decision: row.decision?.decision ?? null })}
          />
          {row.decision === undefined ? (
            <p class="buttons">
              {row.verdict === 'held' ? (
                <ButtonLink href={`${home}/${params.import}/acceptance?row=${row.rowNo}`}>
                  {say('属实，接受', 'true: accept')}
                </ButtonLink>
              ) : null}
              <ButtonLink href={`${home}/${params.import}/rejection?row=${row.rowNo}`}>
                {say('拒绝', 'reject')}
              </ButtonLink>
            </p>
          ) : (
            <Facts
              of={[
                [say('处理', 'settled'), say(rowDecisionNames[row.decision.decision])],
                [say('原因', 'why'), row.decision.reason],
                [say('经办', 'by'), row.decision.by],
                [say('时间', 'at'), <Instant of={row.decision.at} />],
              ]}
            />
          )}
          <Section title={say('读出的内容', 'what was read')}>
            <Facts of={inOrder(row.subject.stated).map(([field, value]) => [say(fieldName(field)), value])} />
          </Section>
          <PlainTable
            caption={say('文件中的这一行', 'the row in the file')}
            columns={report.format.titles.map((each) => ({ title: each }))}
            rows={[report.format.titles.map((_, position) => row.cells[position] ?? '')]}
          />
        </>
      ),
    }
  },
})

async function findRow(
  db: PageAsked['services']['db'],
  importId: string,
  rowNo: number,
): Promise<{ readonly report: ImportReport; readonly row: ImportRow } | undefined | Refusal> {
  const report = await importReport(db, importId)
  if (isRefusal(report)) return report
  const [row] = await rowsOf(db, report.importId, { rowNos: [rowNo] })
  return row === undefined ? undefined : { report, row }
}

// Decisions on rows

type Deciding = PageAsked<{ import: z.ZodType<string, string> }, typeof decisionQuery>

/** Which rows are meant: those checked in the list, the one of the address, or all that have no reason but one. */
function choiceOf({ params, query }: Deciding, chosen: readonly number[] | undefined) {
  const rowNos = chosen ?? (query.row === undefined ? undefined : [query.row])
  return {
    importId: params.import,
    ...(rowNos === undefined ? {} : { rowNos }),
    ...(rowNos !== undefined || query.code === undefined ? {} : { codes: [query.code] }),
  }
}

async function aboutChoice({ services, params, query, say }: Deciding) {
  const report = await importReport(services.db, params.import)
  if (isRefusal(report)) return report
  return (
    <Notice>
      {report.fileName}：{rowsInWords(query, reasonTitle, say)}
    </Notice>
  )
}

function previewOfDecision(answer: DecisionAnswer, words: Said, say: Say): Preview {
  const rows = answer.rows.join('、')
  return {
    changes: [
      { what: say('处理的行', 'rows settled'), before: '0', after: <Count of={answer.decided} /> },
      { what: say('成为抄表记录', 'become readings'), before: '0', after: <Count of={answer.readings} /> },
      ...(answer.replaced === 0
        ? []
        : [
            {
              what: say('取代已存的记录', 'take a stored reading’s place'),
              before: '0',
              after: <Count of={answer.replaced} />,
            },
          ]),
      ...(answer.unchanged === 0
        ? []
        : [{ what: say('与已存相同', 'the same as stored'), before: '0', after: <Count of={answer.unchanged} /> }]),
    ],
    more: (
      <p class="quiet">
        {say(`行号：${rows}`, `rows: ${rows}`)}
        {answer.decided > answer.rows.length ? ' …' : ''}
      </p>
    ),
    button: say(`${words.zh} ${answer.decided} 行`, `${words.en} ${answer.decided} rows`),
  }
}

const saidOf = (answer: DecisionAnswer, words: Said, say: Say): string =>
  say(
    `已${words.zh} ${answer.decided} 行，成为抄表记录 ${answer.readings} 条。`,
    `${answer.decided} rows settled (${words.en}), ${answer.readings} became readings.`,
  )

const accepting: Said = { zh: '接受', en: 'accept' }
const rejecting: Said = { zh: '拒绝', en: 'reject' }
const correcting: Said = { zh: '改正', en: 'correct' }

const acceptancePage = formPage('/office/readings/imports/{import}/acceptance', {
  title: { zh: '接受待审的行', en: 'accept held rows' },
  permits: 'readings.accept-rows',
  params: { import: id() },
  query: decisionQuery,
  crumbs: ({ say, params }) => [importsCrumb(say), importCrumb(say, params.import)],
  about: aboutChoice,
  fields: {
    chosen: chosenField,
    reason: whyField({
      zh: '这些行为什么属实：现场核实、照片、用户来函。',
      en: 'Why the rows are true: a visit, a photograph, a letter.',
    }),
    accept: acceptField({
      zh: '导入之后新出现、一并接受的原因',
      en: 'reasons that came up since and are accepted too',
    }),
  },
  run: ({ services, ...asked }, { chosen, reason, accept }, { envelope }) =>
    acceptRows(services, envelope, {
      ...choiceOf(asked as unknown as Deciding, chosen),
      reason,
      accept: acceptedCodes(accept),
    }),
  preview: (answer, { say }) => previewOfDecision(answer, accepting, say),
  done: (answer, { say, params }) => ({ to: `${home}/${params.import}`, said: saidOf(answer, accepting, say) }),
})

const rejectionPage = formPage('/office/readings/imports/{import}/rejection', {
  title: { zh: '拒绝行', en: 'reject rows' },
  permits: 'readings.reject-rows',
  params: { import: id() },
  query: decisionQuery,
  crumbs: ({ say, params }) => [importsCrumb(say), importCrumb(say, params.import)],
  about: aboutChoice,
  fields: {
    chosen: chosenField,
    reason: whyField({
      zh: '为什么不用这些行：重复、误录他户。',
      en: 'Why the rows are not used: twice, of another account.',
    }),
  },
  run: ({ services, ...asked }, { chosen, reason }, { envelope }) =>
    rejectRows(services, envelope, { ...choiceOf(asked as unknown as Deciding, chosen), reason }),
  preview: (answer, { say }) => previewOfDecision(answer, rejecting, say),
  done: (answer, { say, params }) => ({ to: `${home}/${params.import}`, said: saidOf(answer, rejecting, say) }),
})

const correctable = [
  'account',
  'meter',
  'start',
  'end',
  'volume',
  'readOn',
  'previousReadOn',
  'month',
  'source',
  'kind',
] as const satisfies readonly ReadingField[]
type Correctable = (typeof correctable)[number]
const correctionPage = formPage('/office/readings/imports/{import}/rows/{row}/correction', {
  title: { zh: '改正一行', en: 'correct a row' },
  permits: 'readings.correct-row',
  params: { import: id(), row: count(1, 9_999_999) },
  crumbs: ({ say, params }) => [
    importsCrumb(say),
    importCrumb(say, params.import),
    { text: say(`第 ${params.row} 行`, `row ${params.row}`), href: rowPath(params.import, params.row) },
  ],
  about: async ({ services: { db }, params, say, url }) => {
    const found = await findRow(db, params.import, params.row)
    if (isRefusal(found)) return found
    if (found === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    return <ReasonNotices reasons={titledReasons(found.row, say)} tone="waiting" />
  },
  initial: async ({ services: { db }, params }) => {
    const found = await findRow(db, params.import, params.row)
    if (found === undefined || isRefusal(found)) return {}
    const { stated } = found.row.subject
    return Object.fromEntries(correctable.map((field) => [field, stated[field] ?? ''])) as Record<Correctable, string>
  },
  fields: {
    ...correctionFields(correctable, fieldName),
    reason: whyField({ zh: '凭什么改正：照片、来电核对。', en: 'What the correction rests on: a photograph, a call.' }),
    accept: acceptField({ zh: '改正后仍在、但属实的原因', en: 'reasons that remain and are true' }),
  },
  run: async ({ services, params }, { reason, accept, ...typed }, { envelope }) => {
    const found = await findRow(services.db, params.import, params.row)
    if (isRefusal(found)) return found
    if (found === undefined) return refuseReading('readings_import_unknown', { importId: params.import })
    return correctRow(services, envelope, {
      importId: params.import,
      rowNo: params.row,
      values: Object.fromEntries(typedOtherwise(correctable, found.row.subject.stated, typed)),
      reason,
      accept: acceptedCodes(accept),
    })
  },
  preview: async (answer, { services, params, say }, typed) => {
    const found = await findRow(services.db, params.import, params.row)
    const decided = previewOfDecision(answer, correcting, say)
    if (found === undefined || isRefusal(found)) return decided
    const { stated } = found.row.subject
    return {
      ...decided,
      changes: [
        ...typedOtherwise(correctable, found.row.subject.stated, typed).map(([field, value]) => ({
          what: say(fieldName(field)),
          before: stated[field] ?? '—',
          after: value === '' ? '—' : value,
        })),
        ...decided.changes,
      ],
      button: say(`改正第 ${params.row} 行`, `correct row ${params.row}`),
    }
  },
  done: (answer, { say, params }) => ({ to: `${home}/${params.import}`, said: saidOf(answer, correcting, say) }),
})

const absentShown = 1_000

const absentPage = page('/office/readings/imports/{import}/absent', {
  title: { zh: '缺抄户', en: 'absent accounts' },
  permits: 'readings.imports.read',
  params: { import: id() },
  show: async ({ services: { db }, params, say }) => {
    const report = await importReport(db, params.import)
    if (isRefusal(report)) return report
    const absent = await absentAccountPage(db, report.importId, '', absentShown)
    return {
      title: say('文件中没有的在用户', 'open accounts the file does not name'),
      crumbs: [importsCrumb(say), importCrumb(say, params.import)],
      figures: [{ label: say('户', 'accounts'), value: <Count of={absent.length} /> }],
      body:
        absent.length === 0 ? (
          <Notice tone="settled">{say('没有缺抄的户。', 'No account is missing.')}</Notice>
        ) : (
          <>
            <Notice tone="waiting">
              {say(
                `这些户 ${report.feeMonth} 没有抄表记录，也没有报停。补一份文件，或逐户登记、估抄。`,
                `These have no reading for ${report.feeMonth} and are not suspended. Bring a further file, or enter or estimate them one by one.`,
              )}
              {absent.length === absentShown
                ? say(`只列前 ${absentShown} 户。`, ` The first ${absentShown} only.`)
                : ''}
            </Notice>
            <PlainTable
              columns={[{ title: say('户号', 'account') }, { title: say('办理', 'do') }]}
              rows={absent.map(({ accountNo }) => {
                const at = `/office/accounts/${encodeURIComponent(report.collectorCode)}/${encodeURIComponent(accountNo)}`
                return [
                  <a href={at}>
                    <code>{accountNo}</code>
                  </a>,
                  <>
                    <a href={`${at}/readings/new?month=${report.feeMonth}`}>{say('登记抄表', 'enter a reading')}</a>
                    {'　'}
                    <a href={`${at}/readings/estimate?month=${report.feeMonth}`}>{say('估抄', 'estimate')}</a>
                  </>,
                ]
              })}
            />
          </>
        ),
    }
  },
})

/** Files of readings: upload, trial, imports, their rows. */
export const readingImportPages: readonly PageRoute[] = [
  importListPage,
  uploadPage,
  againPage,
  trialPage,
  columnsPage,
  importPage,
  rowPage,
  acceptancePage,
  rejectionPage,
  correctionPage,
  absentPage,
  downloadPage(
    '/office/readings/imports/{import}/rows/file',
    'readings.imports.read',
    routeAt(readingFileRoutes, '/readings/imports/{import}/rows/file', 'get'),
  ),
  downloadPage('/office/readings/template', 'readings.import', routeAt(readingFileRoutes, '/readings/template', 'get')),
]
