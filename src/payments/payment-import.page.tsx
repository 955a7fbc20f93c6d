import { z } from '@hono/zod-openapi'
import { collectorFilter } from '../dischargers/collector-filter.ts'
import { listCollectors, ownCollector } from '../dischargers/discharger.queries.ts'
import { collectorNames } from '../dischargers/known-names.queries.ts'
import { money, moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { instantForPeople } from '../platform/cli-text.ts'
import { count, id, text } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import type { Route, Said } from '../platform/http/route.ts'
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
  Amount,
  ButtonLink,
  Count,
  Facts,
  Instant,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  type Tone,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { withoutCommands } from '../platform/pages/without-commands.ts'
import { rowDecisionNames } from '../platform/row-decisions.ts'
import { fieldWords } from '../platform/tables/field-words.ts'
import type { WorkResult } from '../platform/works.page.tsx'
import {
  acceptPaymentRows,
  correctPaymentRow,
  type PaymentDecisionAnswer,
  rejectPaymentRows,
} from './decide-payment-row.ts'
import type { PaymentImportAnswer } from './import-payments.ts'
import { needsCorrection, sayPaymentReason } from './payment.reasons.ts'
import { refusePayment } from './payment.refusals.ts'
import { correctablePaymentFields, type PaymentField, paymentColumnNames } from './payment-columns.ts'
import { type PaymentFinding, sayPaymentFinding } from './payment-import.findings.ts'
import { findPaymentImport, type PaymentImport, paymentRowsOf } from './payment-import.queries.ts'
import {
  type HeldPaymentRow,
  heldPaymentRows,
  type PaymentImportListRow,
  paymentImportRows,
  paymentRowReasons,
  undecidedRowNos,
  verdictsWithoutAmount,
} from './payment-list.queries.ts'
import { paymentReasonTitle } from './reason-titles.ts'

const title: Said = { zh: '缴款导入', en: 'files of payments' }
const home = '/office/payments/imports'
const importsCrumb = (say: Say): Crumb => ({ text: say(title), href: home })
const importCrumb = (say: Say, importId: string): Crumb => ({
  text: say(`导入 ${importId}`, `import ${importId}`),
  href: `${home}/${importId}`,
})
const fieldName = (field: string): Said => fieldWords(paymentColumnNames, field)

// The list of files

const importColumns: readonly Column<PaymentImportListRow>[] = [
  { key: 'id', title: { zh: '导入', en: 'import' }, cell: (row) => row.id, text: (row) => row.id, sort: 'id' },
  {
    key: 'collector',
    title: { zh: '代征单位', en: 'collector' },
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
    key: 'amount_in',
    title: { zh: '金额（元）', en: 'amount (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.amount_in} />,
    text: (row) => row.amount_in,
    sort: 'amount_in',
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

const uploadLink = (say: Say) => (
  <PrimaryLink href="/office/payments/upload">{say('导入缴款文件', 'take in a file')}</PrimaryLink>
)

const importListPage = tablePage(home, {
  title,
  permits: 'payments.imports.read',
  query: { collector: text(40).optional(), open: z.enum(['yes']).optional() },
  filters: async ({ services }) => [await collectorFilter(services.db), openFilter],
  columns: importColumns,
  rows: ({ query }) => paymentImportRows(query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `${home}/${row.id}`,
  file: title,
  next: ({ say, may }) => (may('payments.import') ? uploadLink(say) : undefined),
  empty: ({ say }) => ({
    text: say(
      '还没有导入过缴款。代征单位的收费文件（CSV、Excel）在这里上传，先试读，再导入。',
      'No file yet. A collector’s collection file (CSV, Excel) is uploaded here: tried first, then taken in.',
    ),
    action: uploadLink(say),
  }),
})

// Upload: always tried first

interface TriedInput extends ReadingWay {
  readonly collector: string
}

const importOperation = 'post-payments-imports'
const trialPath = (workId: string) => `/office/payments/trials/${workId}`

const tried = (asked: unknown, workId: string) =>
  triedOf<TriedInput, PaymentImportAnswer>(asPageAsked(asked), workId, importOperation)

function uploadPages(importRoute: Route): readonly PageRoute[] {
  const tryFile = async (asked: PageAsked, posted: Posted, file: File, input: object) => {
    await asked.files?.keep(posted.envelope.commandId, file)
    const trial = { ...posted, envelope: { ...posted.envelope, dryRun: true } }
    return started(await runRoute(importRoute, asked, trial, { file, query: input }))
  }
  const uploadPage = formPage('/office/payments/upload', {
    title: { zh: '导入缴款文件', en: 'take in a file of payments' },
    permits: 'payments.import',
    query: { collector: text(40).optional() },
    crumbs: ({ say }) => [importsCrumb(say)],
    about: ({ say }) => (
      <Notice>
        {say(
          '先试读：列出认出的列、各类行数、金额与文件合计的比对，不保存任何东西；看过之后再导入。',
          'The file is tried first: recognised columns, counts, amounts and the file’s own totals are shown and nothing is stored; then it is taken in.',
        )}{' '}
        <a href="/office/payments/template">{say('下载空白导入表', 'a blank form')}</a>
      </Notice>
    ),
    initial: async ({ services, visitor, query }) => ({
      collector: query.collector ?? (await ownCollector(services.db, visitor.organisation.id)) ?? '',
    }),
    fields: {
      collector: {
        label: { zh: '代征单位', en: 'collector' },
        kind: 'choice',
        choices: async ({ services }) =>
          (await listCollectors(services.db)).map(({ code, name }) => [code, `${name}（${code}）`] as const),
      },
      file: {
        label: { zh: '文件', en: 'file' },
        help: { zh: 'CSV、XLSX 或 XLS，一行一笔。', en: 'CSV, XLSX or XLS, a row for each payment.' },
        kind: 'file',
        accept: '.csv,.txt,.xlsx,.xls',
      },
    },
    submit: { zh: '试读文件', en: 'try the file' },
    run: (asked, { file, collector }, posted) => tryFile(asPageAsked(asked), posted, file, { collector, map: {} }),
    preview: 'none',
    done: (answer, { say }) => toWork(answer, say(beingTried)),
  })

  const againPage = formPage('/office/payments/trials/{work}/again', {
    title: { zh: '换个读法再试读', en: 'read the file another way' },
    // A trial is its person's own, kept beside the fenced tables.
    permits: 'works.read',
    postPermits: 'payments.import',
    params: { work: z.uuid() },
    crumbs: ({ say }) => [importsCrumb(say)],
    about: async (asked) => keptFile((await tried(asked, asked.params.work))?.file, asked.say),
    initial: async (asked) => typedWay((await tried(asked, asked.params.work))?.input),
    fields: wayFields({
      zh: '只写要改的，每行一个：实收污水处理费=污水费；不用某列写 违约金=-。导入后会记住。',
      en: 'What is to be changed, one a line: 实收污水处理费=污水费; “-” for none. Remembered once taken in.',
    }),
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

  const trialPage = formPage('/office/payments/trials/{work}', {
    title: { zh: '试读结果', en: 'what the file would come to' },
    permits: 'works.read',
    postPermits: 'payments.import',
    params: { work: z.uuid() },
    crumbs: ({ say }) => [importsCrumb(say)],
    about: async (asked) => {
      const { services, params, say, url } = asked
      const answer = (await tried(asked, params.work))?.answer
      if (answer === undefined) return refuseHttp('resource_missing', { path: url.pathname })
      const collector = (await collectorNames(services.db)).get(answer.collector) ?? answer.collector
      return (
        <>
          <Notice>{say(`${collector}：试读，还没有保存。`, `${collector}: a trial, nothing is stored yet.`)}</Notice>
          <Taken answer={answer} say={say} />
          <Section title={say('列对应', 'columns')}>
            <Mapping of={answer.mapping} say={say} />
            <p>
              <a href={`${trialPath(params.work)}/again`}>
                {say('修改列对应、工作表或表头行', 'change columns, sheet or header row')}
              </a>
            </p>
          </Section>
        </>
      )
    },
    fields: {},
    submit: async (asked) => {
      const answer = (await tried(asked, asked.params.work))?.answer
      const rows = (answer?.rows.in ?? 0).toLocaleString('en')
      const amount = moneyForPeople(money(answer?.amounts.in ?? '0.00'))
      return { zh: `导入 ${rows} 行，合计 ${amount} 元`, en: `take in ${rows} rows, ${amount} yuan` }
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
  return [uploadPage, againPage, trialPage]
}

const Mapping = ({ of, say }: { readonly of: Readonly<Record<string, string | undefined>>; readonly say: Say }) => (
  <PlainTable
    columns={[{ title: say('字段', 'field') }, { title: say('文件中的列', 'column of the file') }]}
    rows={Object.entries(of).map(([field, column]) => [say(fieldName(field)), column])}
  />
)

function Counted({
  rows,
  amounts,
  unknown,
  say,
}: {
  readonly rows: PaymentImport['rows']
  readonly amounts: PaymentImport['amounts']
  /** The verdicts of which no row has an amount. */
  readonly unknown?: ReadonlySet<string>
  readonly say: Say
}) {
  return (
    <Verdicts
      rows={rows}
      sums={{
        title: say('金额（元）', 'amount (yuan)'),
        of: (verdict) => <Amount of={unknown?.has(verdict) ? null : amounts[verdict]} />,
      }}
      say={say}
    />
  )
}

const findingTones: Readonly<Record<string, Tone>> = {
  amounts_equal: 'settled',
  amounts_differ: 'overdue',
  payment_count_differs: 'overdue',
  amount_total_unreadable: 'waiting',
  no_amount_total: 'waiting',
  rows_below_total: 'waiting',
  late_fees_left_out: 'waiting',
  late_fees_unreadable: 'waiting',
  payment_columns_unrecognised: 'waiting',
  payment_sheets_ignored: 'waiting',
}
const Findings = ({ of, say }: { readonly of: readonly PaymentFinding[]; readonly say: Say }) => (
  <>
    {of.map((finding) => (
      <Notice tone={findingTones[finding.code] ?? 'plain'}>
        {withoutCommands(sayPaymentFinding(finding, say.language))}
      </Notice>
    ))}
  </>
)

/** What a file came to, or would come to. */
function Taken({ answer, say }: { readonly answer: PaymentImportAnswer; readonly say: Say }) {
  return (
    <>
      <Counted rows={answer.rows} amounts={answer.amounts} say={say} />
      <Findings of={answer.findings} say={say} />
      <Facts
        of={[
          [say('缴款（笔）', 'payments'), <Count of={answer.payments} />],
          [say('冲正（笔）', 'reversals'), <Count of={answer.reversals} />],
          [say('与已登记相同（行）', 'the same as stored'), <Count of={answer.unchanged} />],
          [say('核销账单（元）', 'paid of bills (yuan)'), <Amount of={answer.allocated} />],
        ]}
      />
      <ReasonCounts counts={answer.reasons} titleOf={paymentReasonTitle} say={say} />
    </>
  )
}

const importResult: WorkResult = (report, say) => {
  const answer = report.answer as unknown as PaymentImportAnswer
  return (
    <>
      <Counted rows={answer.rows} amounts={answer.amounts} say={say} />
      <Findings of={answer.findings} say={say} />
      <p class="buttons">
        {report.dryRun ? (
          <PrimaryLink href={trialPath(report.workId)}>{say('看试读结果', 'see the trial')}</PrimaryLink>
        ) : (
          toImport(`${home}/${answer.importId}`, answer.rows, say)
        )}
      </p>
    </>
  )
}

/** What works of this stage lead to, by their operation id. */
export const paymentWorkResults: Readonly<Record<string, WorkResult>> = { [importOperation]: importResult }
export const paymentWorkRefused: Readonly<Record<string, WorkResult>> = { [importOperation]: tryAgain(trialPath) }

// One file and its rows

const titledReasons = (row: Pick<HeldPaymentRow, 'reasons'>, say: Say) =>
  row.reasons.map((reason) => ({
    title: paymentReasonTitle(reason.code, say.language),
    ...reasonOnPage(sayPaymentReason(reason, say.language)),
  }))
const rowPath = (importId: string, rowNo: number | string) => `${home}/${importId}/rows/${rowNo}`
const rowColumns: readonly Column<HeldPaymentRow>[] = [
  {
    key: 'row',
    title: { zh: '行', en: 'row' },
    cell: (row) => row.row_no,
    text: (row) => String(row.row_no),
    sort: 'row_no',
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => (row.account_no === null ? '—' : <code>{row.account_no}</code>),
    text: (row) => row.account_no ?? '',
    sort: 'account_no',
  },
  {
    key: 'paid',
    title: { zh: '缴款日期', en: 'paid on' },
    cell: (row) => row.stated.paidOn ?? '—',
    text: (row) => row.stated.paidOn ?? '',
    sort: 'paid_on',
    wide: true,
  },
  {
    key: 'reference',
    title: { zh: '流水号', en: 'reference' },
    cell: (row) => (row.stated.reference === undefined ? '—' : <code>{row.stated.reference}</code>),
    text: (row) => row.stated.reference ?? '',
    sort: 'reference',
    wide: true,
  },
  {
    key: 'amount',
    title: { zh: '金额（元）', en: 'amount (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.amount} />,
    text: (row) => row.amount ?? '',
    sort: 'amount',
  },
  verdictColumn as Column<HeldPaymentRow>,
  {
    key: 'why',
    title: { zh: '原因 → 建议', en: 'reason → remedy' },
    cell: (row, say) => (
      <>
        {titledReasons(row, say).map(({ cause, remedy }) => (
          <div class="reason">
            {cause} <span class="quiet">{remedy}</span>
          </div>
        ))}
      </>
    ),
    text: (row, say) => reasonsInOneLine(titledReasons(row, say), say),
    sort: 'reasons',
  },
]

const importPage = tablePage(`${home}/{import}`, {
  title: { zh: '一次缴款导入', en: 'one file of payments' },
  permits: 'payments.imports.read',
  params: { import: id() },
  query: rowsQuery,
  filters: async ({ services, params, query }) =>
    rowFilters(await paymentRowReasons(services.db, params.import), query.code, paymentReasonTitle),
  columns: rowColumns,
  rows: async ({ services, params, query }) => {
    const found = await findPaymentImport(services.db, params.import)
    return isRefusal(found) ? found : heldPaymentRows(params.import, query)
  },
  order: { by: 'row_no', direction: 'asc' },
  unique: 'row_no',
  open: (row) => rowPath(row.import_id, row.row_no),
  head: async ({ services, params, say }) => {
    const found = await findPaymentImport(services.db, params.import)
    if (isRefusal(found)) return {}
    const collector = (await collectorNames(services.db)).get(found.collectorCode) ?? found.collectorCode
    return {
      title: say(`${collector} 缴款导入 ${found.importId}`, `payments of ${collector}, import ${found.importId}`),
      crumbs: [importsCrumb(say)],
      state: <OpenRows of={found.undecided} say={say} />,
      next: (
        <ButtonLink href={`/office/payments?import=${found.importId}`}>
          {say('看入账的缴款', 'its payments')}
        </ButtonLink>
      ),
    }
  },
  intro: async ({ services, params, say, may }) => {
    const found = await findPaymentImport(services.db, params.import)
    if (isRefusal(found)) return null
    const reasons = (await paymentRowReasons(services.db, found.importId)).filter(({ undecided }) => undecided > 0)
    const at = `${home}/${found.importId}`
    return (
      <>
        <Counted
          rows={found.rows}
          amounts={found.amounts}
          unknown={await verdictsWithoutAmount(services.db, found.importId)}
          say={say}
        />
        <Findings of={found.findings} say={say} />
        {reasons.length === 0 ? null : (
          <PlainTable
            caption={say('未处理的行，按原因', 'rows to settle, by reason')}
            columns={[
              { title: say('原因', 'reason') },
              { title: say('未处理（行）', 'to settle'), number: true },
              { title: say('金额（元）', 'amount (yuan)'), number: true },
              { title: say('只因此原因的各行', 'rows with no other reason') },
            ]}
            rows={reasons.map(({ code, undecided, amount }) => [
              <a href={`${at}?code=${code}&open=yes`}>{paymentReasonTitle(code, say.language)}</a>,
              <Count of={undecided} />,
              <Amount of={amount} />,
              <>
                {needsCorrection(code) ? (
                  <span class="quiet">{say('须改正', 'to be corrected')}</span>
                ) : may('payments.accept-rows') ? (
                  <a href={`${at}/acceptance?code=${code}`}>{say('全部接受', 'accept all')}</a>
                ) : null}
                {'　'}
                {may('payments.reject-rows') ? (
                  <a href={`${at}/rejection?code=${code}`}>{say('全部拒绝', 'reject all')}</a>
                ) : null}
              </>,
            ])}
          />
        )}
        <details>
          <summary>{say(`文件 ${found.fileName} 与列对应`, `the file ${found.fileName} and its columns`)}</summary>
          <Facts
            of={[
              [say('导入人', 'by'), found.importedBy],
              [say('时间', 'at'), <Instant of={found.recordedAt} />],
            ]}
          />
          <Mapping of={found.mapping} say={say} />
        </details>
        <h2>{say('待审和拒绝的行', 'held and rejected rows')}</h2>
        {found.rows.held + found.rows.rejected === 0 ? null : (
          <p class="buttons">
            <ButtonLink href={`${at}/rows/file?format=xlsx&undecided=true`}>
              {say('导出未处理行（XLSX）', 'rows to settle (XLSX)')}
            </ButtonLink>
            {may('payments.import') ? (
              <ButtonLink href={`/office/payments/upload?collector=${encodeURIComponent(found.collectorCode)}`}>
                {say('改正后重新导入', 'bring it back corrected')}
              </ButtonLink>
            ) : null}
          </p>
        )}
      </>
    )
  },
  file: { zh: '待审和拒绝的缴款行', en: 'held and rejected payments' },
  empty: ({ say }) => ({
    text: say('没有待审或拒绝的行：文件各行全部通过。', 'No row was held or rejected: all were accepted.'),
  }),
  bulk: {
    action: ({ params }) => `${home}/${params.import}/acceptance`,
    value: (row) => String(row.row_no),
    buttons: (say, { params, may }) =>
      rowButtons(
        `${home}/${params.import}`,
        { accept: may('payments.accept-rows'), reject: may('payments.reject-rows') },
        say,
      ),
  },
})

async function findRow(db: PageAsked['services']['db'], importId: string, rowNo: number) {
  const found = await findPaymentImport(db, importId)
  if (isRefusal(found)) return found
  const [row] = await paymentRowsOf(db, found.importId, { rowNos: [rowNo], limit: 1 })
  return row === undefined ? undefined : { found, row }
}

const rowPage = page(`${home}/{import}/rows/{row}`, {
  title: { zh: '一行缴款', en: 'one row' },
  permits: 'payments.imports.read',
  params: { import: id(), row: count(1, 9_999_999) },
  show: async ({ services: { db }, params, say, may, url }) => {
    const known = await findRow(db, params.import, params.row)
    if (isRefusal(known)) return known
    if (known === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    const { found, row } = known
    const decided = row.decision
    const mayBeAccepted = row.verdict === 'held' && !row.reasons.some(({ code }) => needsCorrection(code))
    return {
      title: say(`第 ${row.rowNo} 行`, `row ${row.rowNo}`),
      crumbs: [importsCrumb(say), importCrumb(say, params.import)],
      state: (
        <State tone={rowTone({ verdict: row.verdict, decision: decided?.decision ?? null })}>
          {rowState({ verdict: row.verdict, decision: decided?.decision ?? null }, say)}
        </State>
      ),
      next:
        decided === undefined && may('payments.correct-row') ? (
          <PrimaryLink href={`${rowPath(params.import, params.row)}/correction`}>
            {say('改正这一行', 'correct the row')}
          </PrimaryLink>
        ) : undefined,
      figures: [
        { label: say('户号', 'account'), value: row.stated.account ?? '—' },
        { label: say('金额（元）', 'amount (yuan)'), value: <Amount of={row.amount} /> },
        { label: say('流水号', 'reference'), value: row.stated.reference ?? '—' },
      ],
      body: (
        <>
          <ReasonNotices
            reasons={titledReasons(row, say)}
            tone={rowTone({ verdict: row.verdict, decision: decided?.decision ?? null })}
          />
          {decided === undefined ? (
            <p class="buttons">
              {mayBeAccepted && may('payments.accept-rows') ? (
                <ButtonLink href={`${home}/${params.import}/acceptance?row=${row.rowNo}`}>
                  {say('属实，接受', 'true: accept')}
                </ButtonLink>
              ) : null}
              {may('payments.reject-rows') ? (
                <ButtonLink href={`${home}/${params.import}/rejection?row=${row.rowNo}`}>
                  {say('拒绝', 'reject')}
                </ButtonLink>
              ) : null}
            </p>
          ) : (
            <Facts
              of={[
                [say('处理', 'settled'), say(rowDecisionNames[decided.decision])],
                [say('原因', 'why'), decided.reason],
                [say('经办', 'by'), decided.by],
              ]}
            />
          )}
          <PlainTable
            caption={say('文件中的这一行', 'the row in the file')}
            columns={found.titles.map((each) => ({ title: each }))}
            rows={[found.titles.map((_, position) => row.cells[position] ?? '')]}
          />
        </>
      ),
    }
  },
})

// Decisions on rows

interface Deciding extends Pick<PageAsked, 'services' | 'say'> {
  readonly params: { readonly import: string }
  readonly query: { readonly code?: string; readonly row?: number }
}

/** Which rows are meant: those checked in the list, the one of the address, or all that have no reason but one. */
async function rowsMeant({ services, params, query }: Deciding, chosen: readonly number[] | undefined) {
  if (chosen !== undefined) return chosen
  if (query.row !== undefined) return [query.row]
  return query.code === undefined ? [] : undecidedRowNos(services.db, params.import, query.code)
}

async function aboutRows({ services, params, query, say }: Deciding) {
  const found = await findPaymentImport(services.db, params.import)
  if (isRefusal(found)) return found
  return (
    <Notice>
      {found.fileName}　{rowsInWords(query, paymentReasonTitle, say)}
    </Notice>
  )
}

function previewOfDecision(answer: PaymentDecisionAnswer, words: Said, say: Say): Preview {
  return {
    changes: [
      { what: say('处理的行', 'rows settled'), before: '0', after: <Count of={answer.decided} /> },
      { what: say('登记缴款（笔）', 'payments stored'), before: '0', after: <Count of={answer.payments} /> },
      ...(answer.reversals === 0
        ? []
        : [{ what: say('冲正（笔）', 'reversals'), before: '0', after: <Count of={answer.reversals} /> }]),
      ...(answer.unchanged === 0
        ? []
        : [{ what: say('与已登记相同', 'the same as stored'), before: '0', after: <Count of={answer.unchanged} /> }]),
      { what: say('核销账单（元）', 'paid of bills (yuan)'), before: '0.00', after: <Amount of={answer.allocated} /> },
    ],
    button: say(`${words.zh} ${answer.decided} 行`, `${words.en} ${answer.decided} rows`),
  }
}
const saidOf = (answer: PaymentDecisionAnswer, words: Said, say: Say): string =>
  say(
    `已${words.zh} ${answer.decided} 行，登记缴款 ${answer.payments} 笔，核销 ${moneyForPeople(money(answer.allocated))} 元。`,
    `${answer.decided} rows settled (${words.en}); ${answer.payments} payments stored, ${moneyForPeople(money(answer.allocated))} yuan of bills paid.`,
  )

const accepting: Said = { zh: '接受', en: 'accept' }
const rejecting: Said = { zh: '拒绝', en: 'reject' }
const correcting: Said = { zh: '改正', en: 'correct' }

const acceptancePage = formPage(`${home}/{import}/acceptance`, {
  title: { zh: '接受待审的缴款行', en: 'accept held rows' },
  permits: 'payments.accept-rows',
  params: { import: id() },
  query: decisionQuery,
  crumbs: ({ say, params }) => [importsCrumb(say), importCrumb(say, params.import)],
  about: (asked) => aboutRows(asked),
  fields: {
    chosen: chosenField,
    reason: whyField({
      zh: '凭什么接受：银行回单、收款系统核对。',
      en: 'Why they are true: the bank’s slip, the collector’s system.',
    }),
  },
  run: async (asked, { chosen, reason }, { envelope }) =>
    acceptPaymentRows(asked.services, envelope, {
      importId: asked.params.import,
      rowNos: await rowsMeant(asked, chosen),
      reason,
    }),
  preview: (answer, { say }) => previewOfDecision(answer, accepting, say),
  done: (answer, { say, params }) => ({ to: `${home}/${params.import}`, said: saidOf(answer, accepting, say) }),
})

const rejectionPage = formPage(`${home}/{import}/rejection`, {
  title: { zh: '拒绝缴款行', en: 'reject rows' },
  permits: 'payments.reject-rows',
  params: { import: id() },
  query: decisionQuery,
  crumbs: ({ say, params }) => [importsCrumb(say), importCrumb(say, params.import)],
  about: (asked) => aboutRows(asked),
  fields: {
    chosen: chosenField,
    reason: whyField({
      zh: '为什么不用：重复、不属污水处理费。',
      en: 'Why they are not used: twice, no wastewater fee.',
    }),
  },
  run: async (asked, { chosen, reason }, { envelope }) =>
    rejectPaymentRows(asked.services, envelope, {
      importId: asked.params.import,
      rowNos: await rowsMeant(asked, chosen),
      reason,
    }),
  preview: (answer, { say }) => ({
    changes: [
      {
        what: say('处理的行', 'rows settled'),
        before: say('待处理', 'to settle'),
        after: say(`${answer.decided} 行拒绝，不再入账`, `${answer.decided} rejected for good`),
      },
    ],
    button: say(`拒绝 ${answer.decided} 行`, `reject ${answer.decided} rows`),
  }),
  done: (answer, { say, params }) => ({ to: `${home}/${params.import}`, said: saidOf(answer, rejecting, say) }),
})

const correctionPage = formPage(`${home}/{import}/rows/{row}/correction`, {
  title: { zh: '改正一行缴款', en: 'correct a row' },
  permits: 'payments.correct-row',
  params: { import: id(), row: count(1, 9_999_999) },
  crumbs: ({ say, params }) => [
    importsCrumb(say),
    importCrumb(say, params.import),
    { text: say(`第 ${params.row} 行`, `row ${params.row}`), href: rowPath(params.import, params.row) },
  ],
  about: async ({ services: { db }, params, say, url }) => {
    const known = await findRow(db, params.import, params.row)
    if (isRefusal(known)) return known
    if (known === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    return <ReasonNotices reasons={titledReasons(known.row, say)} tone="waiting" />
  },
  initial: async ({ services: { db }, params }) => {
    const known = await findRow(db, params.import, params.row)
    if (known === undefined || isRefusal(known)) return {}
    return Object.fromEntries(
      correctablePaymentFields.map((field) => [field, known.row.stated[field] ?? '']),
    ) as Record<PaymentField, string>
  },
  fields: {
    ...correctionFields(correctablePaymentFields, fieldName),
    reason: whyField({
      zh: '凭什么改正：银行回单、来电核对。',
      en: 'What the correction rests on: the bank’s slip, a call.',
    }),
  },
  run: async ({ services, params }, { reason, ...typed }, { envelope }) => {
    const known = await findRow(services.db, params.import, params.row)
    if (isRefusal(known)) return known
    if (known === undefined) return refusePayment('payment_rows_unknown', { importId: params.import, rows: params.row })
    return correctPaymentRow(services, envelope, {
      importId: params.import,
      rowNo: params.row,
      values: Object.fromEntries(typedOtherwise(correctablePaymentFields, known.row.stated, typed)),
      reason,
    })
  },
  preview: async (answer, { services, params, say }, typed) => {
    const known = await findRow(services.db, params.import, params.row)
    const decided = previewOfDecision(answer, correcting, say)
    if (known === undefined || isRefusal(known)) return decided
    const { stated } = known.row
    return {
      ...decided,
      changes: [
        ...typedOtherwise(correctablePaymentFields, stated, typed).map(([field, value]) => ({
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

/** Files of payments: upload, trial, imports, their rows. */
export function paymentImportPages(fileRoutes: readonly Route[]): readonly PageRoute[] {
  return [
    importListPage,
    ...uploadPages(routeAt(fileRoutes, '/payments/imports')),
    importPage,
    rowPage,
    acceptancePage,
    rejectionPage,
    correctionPage,
    downloadPage(
      `${home}/{import}/rows/file`,
      'payments.imports.read',
      routeAt(fileRoutes, '/payments/imports/{import}/rows/file', 'get'),
    ),
    downloadPage('/office/payments/template', 'payments.import', routeAt(fileRoutes, '/payments/template', 'get')),
  ]
}
