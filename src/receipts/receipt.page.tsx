import { z } from '@hono/zod-openapi'
import { billNumber } from '../bills/bill.routes.ts'
import { dischargerFilter } from '../dischargers/discharger-field.ts'
import { collectorNames } from '../dischargers/known-names.queries.ts'
import { money, moneyForPeople, moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import { date, id, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf, listed } from '../platform/pages/columns.tsx'
import { lookFor, periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { formPage, withFile } from '../platform/pages/forms.tsx'
import { type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Code,
  Count,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  Timeline,
  type Tone,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { liesIn } from '../platform/period.ts'
import { batchFile, exportReceipts } from './export-receipts.ts'
import { importResults } from './import-results.ts'
import { draftNotice, prepareReceipts } from './prepare-receipts.ts'
import { findReceipt, listBatches, numbersByCode } from './receipt.queries.ts'
import { gapsIn, stateAfter, waitsFor } from './receipt.rules.ts'
import {
  actionNames,
  type Receipt,
  type ReceiptEvent,
  type ReceiptState,
  receiptNumber,
  receiptStateNames,
} from './receipt.ts'
import {
  listNoticeable,
  type NoticeableBill,
  type ReceiptListRow,
  receiptHistory,
  receiptRows,
  resultImport,
  resultImports,
} from './receipt-list.queries.ts'
import { sayResultReason } from './result.reasons.ts'
import { resultRowsOf } from './result-row.queries.ts'

const yuan = (amount: string): string => moneyForPeople(money(amount))
const title: Said = { zh: '财政电子票据', en: 'e-receipts' }
const receiptsCrumb = (say: Say) => ({ text: say(title), href: '/office/receipts' })
const batchesCrumb = (say: Say) => ({ text: say('申请批次', 'batches'), href: '/office/receipts/batches' })
const kindNames: Record<Receipt['kind'], Said> = {
  receipt: { zh: '票据', en: 'receipt' },
  notice: { zh: '缴款通知', en: 'notice' },
}
const tones: Record<ReceiptState, Tone> = {
  draft: 'waiting',
  requested: 'waiting',
  issued: 'settled',
  paid: 'settled',
  sealed: 'settled',
  written_off: 'settled',
  voided: 'plain',
  reversed: 'plain',
}
const Standing = ({ of, say }: { readonly of: ReceiptState; readonly say: Say }) => (
  <State tone={tones[of]}>{say(receiptStateNames[of])}</State>
)

const col = columnsOf<ReceiptListRow>()
const numberOf = (row: ReceiptListRow): string => receiptNumber(row.number_year, row.number)

const receiptList = tablePage('/office/receipts', {
  title,
  permits: 'receipts.read',
  query: {
    waiting: z.enum(['draft', 'asked', 'ended']).optional(),
    payer: text(100).optional(),
    payment: id().optional(),
    ...periodQuery,
  },
  filters: [
    {
      name: 'waiting',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => [
        ['draft', say('待申请', 'drafts')],
        ['asked', say('已申请，未回执', 'asked, not answered')],
        ['ended', say('已作废或冲红', 'voided or reversed')],
      ],
    },
    { ...dischargerFilter, name: 'payer', label: { zh: '缴费人', en: 'payer' } },
    { name: 'payment', label: { zh: '缴款编号', en: 'payment' }, kind: 'text' },
    ...periodFilters('准备', 'drafted'),
  ],
  columns: [
    col.code('number', '申请号', 'request', numberOf, { sort: 'id' }),
    col.text('kind', '种类', 'kind', (row, say) => say(kindNames[row.kind]), { wide: true }),
    col.text('payer', '缴费人', 'payer', (row) => row.payer),
    col.text('state', '状态', 'state', (row, say) => say(receiptStateNames[stateAfter(row.events)]), {
      cell: (row, say) => <Standing of={stateAfter(row.events)} say={say} />,
    }),
    col.text(
      'waits',
      '待回执',
      'waits for',
      (row, say) => {
        const waiting = waitsFor(row.events)
        return waiting === undefined ? null : say(actionNames[waiting])
      },
      { wide: true },
    ),
    col.code(
      'official',
      '票据代码 号码',
      'official number',
      (row) => (row.bill_code === null ? null : `${row.bill_code} ${row.bill_number ?? ''}`),
      { wide: true },
    ),
    col.text('drafted_on', '准备', 'drafted', (row) => row.drafted_on, { wide: true }),
    col.amount('amount', '金额', 'amount', (row) => row.amount),
  ],
  rows: ({ query }) => receiptRows(query),
  order: { by: 'id', direction: 'desc' },
  indexed: ['id'],
  unique: 'id',
  open: (row) => `/office/receipts/${numberOf(row)}`,
  next: ({ say, may }) =>
    may('receipts.prepare') ? (
      <>
        <PrimaryLink href="/office/receipts/preparing">{say('按缴款准备票据', 'draft receipts')}</PrimaryLink>
        <ButtonLink href="/office/receipts/notice">{say('申请缴款通知', 'ask for a payment notice')}</ButtonLink>
      </>
    ) : null,
  file: title,
  empty: ({ say }) => ({
    text: say(
      '还没有票据。按缴款事实准备后，成批导出给财政平台，再导入它的回执；官方号码由财政给出。',
      'No receipts yet: they are drafted from payments, asked of the finance platform in batches, and numbered by it alone.',
    ),
  }),
})

const eventNames: Record<ReceiptEvent, Said> = {
  requested: { zh: '申请开具', en: 'asked to issue' },
  void_requested: { zh: '申请作废', en: 'asked to void' },
  reversal_requested: { zh: '申请冲红', en: 'asked to reverse' },
  refused: { zh: '平台退回', en: 'refused by the platform' },
  issued: receiptStateNames.issued,
  paid: receiptStateNames.paid,
  sealed: receiptStateNames.sealed,
  written_off: receiptStateNames.written_off,
  voided: receiptStateNames.voided,
  reversed: receiptStateNames.reversed,
}

const receiptPage = page('/office/receipts/{receipt}', {
  title: { zh: '一张票据', en: 'one receipt' },
  permits: 'receipts.read',
  params: { receipt: z.string().regex(/^E\d{4}-\d{6,8}$/) },
  show: async ({ services, params, say }) => {
    const found = await findReceipt(services.db, params.receipt)
    if (isRefusal(found)) return found
    const history = await receiptHistory(services.db, found.receiptId)
    return {
      title: `${say(kindNames[found.kind])} ${found.number}`,
      crumbs: [receiptsCrumb(say)],
      state: <Standing of={found.state} say={say} />,
      figures: [
        { label: say('金额（元）', 'amount (yuan)'), value: <Amount of={moneyText(found.amount)} /> },
        { label: say('缴款日', 'paid'), value: found.paidOn ?? '—' },
      ],
      body: (
        <>
          {found.waitsFor === undefined ? null : (
            <Notice tone="waiting">
              {say(
                `已申请${actionNames[found.waitsFor].zh}，待财政平台回执。`,
                `Asked to ${actionNames[found.waitsFor].en}; the platform has not answered.`,
              )}
            </Notice>
          )}
          {found.lastReason === '' ? null : <Notice tone="overdue">{found.lastReason}</Notice>}
          <Facts
            of={[
              [say('缴费人', 'payer'), `${found.payerName}（${found.payerCode}）`],
              ...(found.payerAccount === '' && found.payerBank === ''
                ? []
                : [[say('付款账号、开户行', 'paid from'), `${found.payerAccount}　${found.payerBank}`] as const]),
              [
                say('缴款', 'payment'),
                found.paymentId === null ? null : (
                  <a href={`/office/payments/${found.paymentId}`}>
                    <code>{found.paymentReference}</code>
                  </a>
                ),
              ],
              [say('票据代码', 'code'), found.codes === undefined ? null : <Code of={found.codes.billCode} />],
              [
                say('票据号码', 'number'),
                found.codes === undefined ? null : <Code of={found.codes.billNumber} copy say={say} />,
              ],
              [say('校验码', 'check code'), found.codes === undefined ? null : <Code of={found.codes.checkCode} />],
              [say('缴款码', 'payment code'), found.codes?.paymentCode ? <Code of={found.codes.paymentCode} /> : null],
            ]}
          />
          <PlainTable
            caption={say('明细', 'its parts')}
            columns={[
              { title: say('账单', 'bill') },
              { title: say('户号', 'account'), wide: true },
              { title: say('月份', 'month') },
              { title: say('类别', 'category'), wide: true },
              { title: say('水量（m³）', 'volume (m³)'), number: true },
              { title: say('单价（元/m³）', 'price (yuan/m³)'), number: true, wide: true },
              { title: say('金额（元）', 'amount (yuan)'), number: true },
            ]}
            rows={found.parts.map((part) => [
              <a href={`/office/bills/${part.bill}`}>
                <code>{part.bill}</code>
              </a>,
              <code>{part.accountNo}</code>,
              part.feeMonth,
              say(part.category, part.categoryEn),
              <VolumeM3 of={volumeText(part.volumeM3)} />,
              part.unitPrice,
              <Amount of={moneyText(part.amount)} />,
            ])}
            totals={[say('合计', 'total'), '', '', '', '', '', <Amount of={moneyText(found.amount)} />]}
          />
        </>
      ),
      aside: (
        <Timeline
          say={say}
          of={[
            ...history.map((event) => ({
              on: event.event_on,
              what: say(eventNames[event.event]),
              who: event.actor,
              more: event.reason,
            })),
            { on: found.draftedOn, what: say('准备', 'drafted') },
          ]}
        />
      ),
    }
  },
})

const preparePage = formPage('/office/receipts/preparing', {
  title: { zh: '按缴款准备票据', en: 'draft what the payments ask for' },
  permits: 'receipts.prepare',
  crumbs: ({ say }) => [receiptsCrumb(say)],
  about: ({ say }) => (
    <Notice>
      {say(
        '一笔缴款一张票据；缴款冲正后，已开具的由下一批申请作废或冲红。',
        'One receipt for a payment; after a reversal the next batch asks to void or reverse it.',
      )}
    </Notice>
  ),
  fields: {
    collectorCode: {
      label: { zh: '只就这个代征单位', en: 'this collector only' },
      help: { zh: '不选则为全部。', en: 'Without one: all of them.' },
      kind: 'choice',
      optional: true,
      choices: async ({ services }) => [...(await collectorNames(services.db))],
    },
    paidUntil: { label: { zh: '缴款日不晚于', en: 'paid until' }, kind: 'date', optional: true, schema: date },
  },
  run: ({ services }, values, { envelope }) => prepareReceipts(services, envelope, values),
  preview: ({ receipts, notices, amount, dropped, toEnd }, { say }) => ({
    changes: [
      { what: say('新票据（张）', 'receipts'), before: '—', after: <Count of={receipts} /> },
      { what: say('新缴款通知（张）', 'notices'), before: '—', after: <Count of={notices} /> },
      { what: say('金额（元）', 'amount (yuan)'), before: '—', after: <Amount of={amount} /> },
      { what: say('不再需要的草稿（张）', 'drafts dropped'), before: '—', after: <Count of={dropped} /> },
      { what: say('将申请作废或冲红（张）', 'to be voided or reversed'), before: '—', after: <Count of={toEnd} /> },
    ],
    button: say(`准备 ${receipts} 张票据，${yuan(amount)} 元`, `draft ${receipts} receipts, ${yuan(amount)} yuan`),
  }),
  done: ({ receipts, amount }, { say }) => ({
    to: '/office/receipts?waiting=draft',
    said: say(`已准备 ${receipts} 张票据，${yuan(amount)} 元。`, `Drafted ${receipts} receipts, ${yuan(amount)} yuan.`),
  }),
})

/** More than these are not picked one by one. */
const billsOffered = 100

const listOpen: Said = { zh: '列出未缴账单', en: 'list what is open' }

/** What a notice may ask for of the payer who was named, or whose bill was; nothing where nobody was. */
async function noticeable(asked: PageAsked): Promise<readonly NoticeableBill[]> {
  const { db } = asked.services
  const { found } = await lookFor(asked, [dischargerFilter], listOpen)
  const dischargerCode = found?.[dischargerFilter.name]
  if (dischargerCode !== undefined) return listNoticeable(db, { dischargerCode }, billsOffered)
  const bill = asked.url.searchParams.get('bill')
  return bill === null ? [] : listNoticeable(db, { bill }, billsOffered)
}

const noticePage = formPage('/office/receipts/notice', {
  title: { zh: '申请缴款通知', en: 'ask for a payment notice' },
  permits: 'receipts.draft-notice',
  query: { bill: billNumber.optional(), discharger: text(100).optional() },
  crumbs: ({ say }) => [receiptsCrumb(say)],
  about: async (asked) => {
    const { row, found } = await lookFor(asked, [dischargerFilter], listOpen)
    const isNoneOpen = found !== undefined && (await noticeable(asked)).length === 0
    return isNoneOpen ? (
      <>
        {row}
        <Notice>
          {asked.say(
            '没有可以申请缴款通知的账单：没有未缴的，或都已有缴款通知。',
            'No bill to ask a notice for: nothing is open, or each has its notice already.',
          )}
        </Notice>
      </>
    ) : (
      row
    )
  },
  ready: async (asked) => (await noticeable(asked)).length > 0,
  initial: ({ query }) => ({ bills: query.bill ?? '' }),
  fields: {
    bills: {
      label: { zh: '直缴国库的账单', en: 'bills to be paid to the treasury' },
      help: {
        zh: '勾选要直缴国库的。',
        en: 'Tick those to be paid to the treasury.',
      },
      kind: 'checks',
      choices: async (asked) =>
        (await noticeable(asked)).map(({ bill, feeMonth, accountNo, outstanding, dueOn }) => [
          bill,
          asked.say(
            `${bill}　${feeMonth}　户号 ${accountNo}　未缴 ${moneyForPeople(outstanding)} 元　到期 ${dueOn}`,
            `${bill}　${feeMonth}　account ${accountNo}　${moneyForPeople(outstanding)} yuan open　due ${dueOn}`,
          ),
        ]),
      schema: z
        .string()
        .transform((typed) => typed.split(/[\s,，、]+/))
        .pipe(z.array(billNumber)) as unknown as z.ZodType<string[], string>,
    },
  },
  run: ({ services }, { bills }, { envelope }) => draftNotice(services, envelope, { bills }),
  preview: ({ amount, bills }, { say }) => ({
    changes: [
      {
        what: say(`${bills.length} 张账单的缴款通知（元）`, `notice over ${bills.length} bills (yuan)`),
        before: '—',
        after: <Amount of={amount} />,
      },
    ],
    button: say(`申请缴款通知 ${yuan(amount)} 元`, `ask for a notice of ${yuan(amount)} yuan`),
  }),
  done: ({ receipt, amount }, { say }) => ({
    to: `/office/receipts/${receipt}`,
    said: say(
      `已备缴款通知 ${receipt}，${yuan(amount)} 元，随下一批导出。`,
      `Notice ${receipt} of ${yuan(amount)} yuan goes out with the next batch.`,
    ),
  }),
})

// Batches out and results in

interface BatchRow {
  readonly id: number
  readonly number: string
  readonly format: string
  readonly encoding: string
  readonly requests: number
  readonly exported_on: string
  readonly digest: string
}
const batchCol = columnsOf<BatchRow>()

const batchList = tablePage('/office/receipts/batches', {
  title: { zh: '开票申请批次', en: 'batches of requests' },
  permits: 'receipts.batches.read',
  query: periodQuery,
  filters: periodFilters('导出', 'exported'),
  columns: [
    batchCol.code('number', '批次', 'batch', (row) => row.number, { sort: 'id' }),
    batchCol.text('exported_on', '导出', 'exported', (row) => row.exported_on),
    batchCol.text('format', '格式', 'format', (row) => `${row.format} ${row.encoding}`),
    batchCol.count('requests', '申请（件）', 'requests', (row) => row.requests),
    batchCol.code('digest', '文件摘要', 'digest', (row) => row.digest.slice(0, 12), { wide: true }),
    batchCol.text('file', '文件', 'file', () => '', {
      pressed: true,
      sort: false,
      cell: (row, say) => <a href={`/office/receipts/batches/${row.number}/file`}>{say('下载', 'download')}</a>,
    }),
  ],
  rows: async ({ services, query }) =>
    listed<BatchRow>(
      {
        id: 'integer',
        number: 'text',
        format: 'text',
        encoding: 'text',
        requests: 'integer',
        exported_on: 'date',
        digest: 'text',
      },
      (await listBatches(services.db, 10_000))
        .filter(({ exportedOn }) => liesIn(exportedOn, query))
        .map((each) => ({
          id: Number(each.batchId),
          number: each.number,
          format: each.format,
          encoding: each.encoding,
          requests: each.requests,
          exported_on: each.exportedOn,
          digest: each.fileDigest,
        })),
    ),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  next: ({ say, may }) =>
    may('receipts.export') ? (
      <PrimaryLink href="/office/receipts/batches/new">{say('导出一批申请', 'make a batch')}</PrimaryLink>
    ) : null,
  crumbs: ({ say }) => [receiptsCrumb(say)],
  intro: async ({ services, say, may }) => {
    const gaps = [...(await numbersByCode(services.db))].flatMap(([code, numbers]) =>
      gapsIn(numbers).map((gap) => ({ code, ...gap })),
    )
    const imports = await resultImports(services.db, 5)
    return (
      <>
        {gaps.length === 0 ? null : (
          <Notice tone="waiting">
            {say('已收票据号码有断号：', 'gaps in the official numbers: ')}
            {gaps
              .slice(0, 10)
              .map((gap) => `${gap.code} ${gap.from}–${gap.to}`)
              .join('，')}
          </Notice>
        )}
        {may('receipts.import-results') ? (
          <p class="buttons">
            <ButtonLink href="/office/receipts/results/upload">
              {say('导入财政平台的回执', 'take in results')}
            </ButtonLink>
          </p>
        ) : null}
        {imports.length === 0 ? null : (
          <PlainTable
            caption={say('最近的回执', 'latest results')}
            columns={[
              { title: say('文件', 'file') },
              { title: say('日期', 'on') },
              { title: say('行数', 'rows'), number: true },
              { title: say('通过', 'accepted'), number: true },
              { title: say('待查', 'held'), number: true },
              { title: say('拒绝', 'rejected'), number: true },
            ]}
            rows={imports.map((each) => [
              <a href={`/office/receipts/results/${each.id}`}>{each.file_name}</a>,
              each.acting_on,
              <Count of={each.rows_in} />,
              <Count of={each.rows_accepted} />,
              <Count of={each.rows_held} />,
              <Count of={each.rows_rejected} />,
            ])}
          />
        )}
      </>
    )
  },
  file: { zh: '开票申请批次', en: 'batches' },
  empty: ({ say }) => ({ text: say('还没有导出过。', 'Nothing was exported yet.') }),
})

const exportPage = formPage('/office/receipts/batches/new', {
  title: { zh: '导出一批开票申请', en: 'make a batch of requests' },
  permits: 'receipts.export',
  crumbs: ({ say }) => [receiptsCrumb(say), batchesCrumb(say)],
  initial: () => ({ format: 'xml', encoding: 'utf-8' }),
  fields: {
    format: {
      label: { zh: '格式', en: 'format' },
      kind: 'choice',
      choices: () => [
        ['xml', 'XML'],
        ['csv', 'CSV'],
      ],
      schema: z.enum(['csv', 'xml']) as unknown as z.ZodType<'csv' | 'xml', string>,
    },
    encoding: {
      label: { zh: '编码', en: 'encoding' },
      kind: 'choice',
      choices: () => [
        ['utf-8', 'UTF-8'],
        ['gbk', 'GBK'],
      ],
      schema: z.enum(['utf-8', 'gbk']) as unknown as z.ZodType<'utf-8' | 'gbk', string>,
    },
  },
  run: ({ services }, values, { envelope }) => exportReceipts(services, envelope, values),
  preview: (batch, { say }) => ({
    changes: [
      { what: say('申请开具（件）', 'to issue'), before: '—', after: <Count of={batch.issue} /> },
      { what: say('申请作废（件）', 'to void'), before: '—', after: <Count of={batch.void} /> },
      { what: say('申请冲红（件）', 'to reverse'), before: '—', after: <Count of={batch.reverse} /> },
    ],
    button: say(
      `导出 ${batch.issue + batch.void + batch.reverse} 件申请`,
      `export ${batch.issue + batch.void + batch.reverse} requests`,
    ),
  }),
  done: (batch, { say }) => ({
    to: '/office/receipts/batches',
    said: say(
      `已导出 ${batch.batch}，请下载文件交财政平台。`,
      `${batch.batch} is made: download its file for the platform.`,
    ),
  }),
})

/** The file of a batch, byte for byte as it was asked for. */
const batchFilePage = page('/office/receipts/batches/{batch}/file', {
  title: { zh: '批次文件', en: 'the file of a batch' },
  permits: 'receipts.export',
  params: { batch: z.string().regex(/^B\d{4}-\d{4,8}$/) },
  show: async ({ services, params }) => {
    const file = await batchFile(services.db, params.batch)
    if (isRefusal(file)) return file
    return new Response(new Uint8Array(file.bytes), {
      headers: {
        'content-type': file.batch.format === 'xml' ? 'application/xml' : 'text/csv',
        'content-disposition': `attachment; filename="${file.batch.number}.${file.batch.format}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    })
  },
})

const uploadPage = formPage('/office/receipts/results/upload', {
  title: { zh: '导入财政平台的回执', en: 'take in what the platform answered' },
  permits: 'receipts.import-results',
  crumbs: ({ say }) => [receiptsCrumb(say), batchesCrumb(say)],
  fields: {
    file: {
      label: { zh: '回执文件（XLSX、CSV 或 XML）', en: 'the file (XLSX, CSV or XML)' },
      kind: 'file',
      accept: '.xlsx,.xls,.csv,.xml',
    },
  },
  submit: { zh: '试读', en: 'try it' },
  run: (asked, { file }, { envelope }) =>
    withFile(asked, file, ({ path }) => importResults(asked.services, envelope, path)),
  preview: ({ rows, unchanged, gaps }, { say }) => ({
    changes: [
      { what: say('行数', 'rows'), before: '—', after: <Count of={rows.in} /> },
      { what: say('通过（行）', 'accepted'), before: '—', after: <Count of={rows.accepted} /> },
      { what: say('其中未变（行）', 'of them unchanged'), before: '—', after: <Count of={unchanged} /> },
      { what: say('待查（行）', 'held'), before: '—', after: <Count of={rows.held} /> },
      { what: say('拒绝（行）', 'rejected'), before: '—', after: <Count of={rows.rejected} /> },
      { what: say('断号（处）', 'gaps in the numbers'), before: '—', after: <Count of={gaps.length} /> },
    ],
    button: say(`导入 ${rows.in} 行回执`, `take in ${rows.in} rows`),
  }),
  done: ({ importId, rows }, { say }) => ({
    to: `/office/receipts/results/${importId}`,
    said: say(
      `已导入 ${rows.in} 行：通过 ${rows.accepted}，待查 ${rows.held}，拒绝 ${rows.rejected}。`,
      `Took in ${rows.in} rows: ${rows.accepted} accepted, ${rows.held} held, ${rows.rejected} rejected.`,
    ),
  }),
})

const resultPage = page('/office/receipts/results/{import}', {
  title: { zh: '一份回执', en: 'one file of results' },
  permits: 'receipts.batches.read',
  params: { import: id() },
  show: async ({ services, params, say }) => {
    const rows = await resultRowsOf(services.db, params.import)
    if (isRefusal(rows)) return rows
    const file = await resultImport(services.db, params.import)
    return {
      title: say(`回执 ${params.import}`, `results ${params.import}`),
      crumbs: [receiptsCrumb(say), batchesCrumb(say)],
      figures:
        file === undefined
          ? []
          : [
              {
                label: say(`行数（${file.acting_on} 导入）`, `rows, taken in on ${file.acting_on}`),
                value: <Count of={file.rows_in} />,
              },
              { label: say('通过', 'accepted'), value: <Count of={file.rows_accepted} /> },
              { label: say('待查', 'held'), value: <Count of={file.rows_held} /> },
              { label: say('拒绝', 'rejected'), value: <Count of={file.rows_rejected} /> },
            ],
      body:
        rows.length === 0 ? (
          <Notice tone="settled">{say('每一行都通过了。', 'Every row was accepted.')}</Notice>
        ) : (
          <Section title={say('待查和拒绝的行', 'held and rejected rows')}>
            <PlainTable
              columns={[
                { title: say('行', 'row'), number: true },
                { title: say('申请号', 'request') },
                { title: say('结论', 'verdict') },
                { title: say('原因 → 建议', 'why → remedy') },
              ]}
              rows={rows.map((row) => [
                <Count of={row.rowNo} />,
                <code>{row.requestNo}</code>,
                row.verdict === 'held' ? (
                  <State tone="waiting">{say('待查', 'held')}</State>
                ) : (
                  <State tone="overdue">{say('拒绝', 'rejected')}</State>
                ),
                row.reasons.map((reason) => {
                  const { cause, remedy } = sayResultReason(reason, say.language)
                  return (
                    <p class="reason">
                      {cause} → {remedy}
                    </p>
                  )
                }),
              ])}
            />
          </Section>
        ),
    }
  },
})

/** E-receipts: what waits, the life of one, batches out and results in. */
export const receiptPages: readonly PageRoute[] = [
  receiptList,
  receiptPage,
  preparePage,
  noticePage,
  batchList,
  exportPage,
  batchFilePage,
  uploadPage,
  resultPage,
]
