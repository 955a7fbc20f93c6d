import { z } from '@hono/zod-openapi'
import { dischargerFilter } from '../dischargers/discharger-field.ts'
import { type FilingRow, filingKindNames, filingKinds, filingRows, findAttachment } from '../dischargers/filing.ts'
import { instantForPeople } from '../platform/cli-text.ts'
import { wholeStoredFile } from '../platform/files.ts'
import { id, text } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import { fileAnswer } from '../platform/pages/file-answer.ts'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Instant } from '../platform/pages/parts.tsx'
import { type Column, tablePage } from '../platform/pages/table.tsx'

const title = { zh: '企业提交的材料', en: 'what enterprises filed' }

const columns: readonly Column<FilingRow>[] = [
  {
    key: 'received',
    title: { zh: '收到', en: 'received' },
    cell: (row) => <Instant of={row.received_at} />,
    text: (row) => instantForPeople(new Date(row.received_at)),
    sort: 'id',
  },
  {
    key: 'kind',
    title: { zh: '种类', en: 'kind' },
    cell: (row, say) => say(filingKindNames[row.kind]),
    text: (row, say) => say(filingKindNames[row.kind]),
    sort: 'kind',
  },
  {
    key: 'subject',
    title: { zh: '账单、通知或案件', en: 'bill, order or case' },
    cell: (row) => <code>{row.subject}</code>,
    text: (row) => row.subject,
    sort: 'subject',
  },
  {
    key: 'discharger',
    title: { zh: '排污者', en: 'discharger' },
    cell: (row) => row.discharger_name,
    text: (row) => row.discharger_name,
    sort: 'discharger_name',
  },
  {
    key: 'filed_as',
    title: { zh: '提交人', en: 'filed by' },
    cell: (row) => row.filed_as,
    text: (row) => row.filed_as,
    sort: 'filed_as',
    wide: true,
  },
  {
    key: 'statement',
    title: { zh: '内容', en: 'what was said' },
    cell: (row) => row.statement,
    text: (row) => row.statement,
    sort: 'statement',
    wide: true,
  },
  {
    key: 'attachments',
    title: { zh: '附件', en: 'attachments' },
    cell: (row) =>
      row.attachments.length === 0
        ? '—'
        : row.attachments.map(({ seq, name }) => (
            <div>
              <a href={`/office/filings/${row.id}/${seq}`}>{name}</a>
            </div>
          )),
    text: (row) => row.attachments.map(({ name }) => name).join('、'),
  },
]

const filingList = tablePage('/office/filings', {
  title,
  permits: 'objections.read',
  query: { discharger: text(100).optional(), kind: z.enum(filingKinds).optional(), subject: text(40).optional() },
  filters: [
    dischargerFilter,
    {
      name: 'kind',
      label: { zh: '种类', en: 'kind' },
      kind: 'choice',
      choices: (say) => filingKinds.map((each) => [each, say(filingKindNames[each])] as const),
    },
    { name: 'subject', label: { zh: '账单、通知或案件', en: 'bill, order or case' }, kind: 'text' },
  ],
  columns,
  rows: ({ query: { discharger, kind, subject } }) => filingRows({ dischargerCode: discharger, kind, subject }),
  order: { by: 'id', direction: 'desc' },
  indexed: ['id'],
  unique: 'id',
  file: title,
  empty: ({ say }) => ({
    text: say(
      '企业还没有提交过材料。企业在企业端提出的异议、陈述申辩和听证申请在这里列出，并已按收到的时间记入账单异议或案件。',
      'Nothing was filed yet. Objections, defences and requests for a hearing from the portal stand here; each is recorded on its bill or case already, at the time it came in.',
    ),
  }),
})

const attachment = page('/office/filings/{filing}/{seq}', {
  title: { zh: '附件', en: 'an attachment' },
  permits: 'objections.read',
  params: { filing: id(), seq: z.string().regex(/^[1-9]\d?$/) },
  show: async ({ services: { db }, params, url }) => {
    const found = await findAttachment(db, params.filing, Number(params.seq))
    if (found === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    return fileAnswer(found.name, 'application/octet-stream', await wholeStoredFile(db, found.digest))
  },
})

/** What came in from the portal, with its papers. */
export const officeFilingPages: readonly PageRoute[] = [filingList, attachment]
