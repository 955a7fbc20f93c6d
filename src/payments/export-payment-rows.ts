import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { sayVerdict } from '../platform/row-decisions.ts'
import { formatOfName, type TemplateColumn, writeForm, writeTexts } from '../platform/tables/write-table.ts'
import { refuseReading } from '../readings/readings.refusals.ts'
import { sayPaymentReason } from './payment.reasons.ts'
import { type PaymentField, paymentColumnNames, paymentExportFields, paymentFields } from './payment-columns.ts'
import {
  findPaymentImport,
  type PaymentImport,
  type PaymentImportRow,
  type PaymentRowFilter,
  paymentRowsOf,
} from './payment-import.queries.ts'

const rowsPerRead = 5_000

/**
 * Writes held and rejected rows as the file had them, with verdict, what became of them, reason, remedy and where they come from: corrected
 * in Excel, the file is imported again and takes those rows over. Refuses an unknown import, another format, and an
 * export without rows. Answers how many rows were written.
 */
export async function exportPaymentRows(
  db: Db,
  input: {
    readonly importId: string
    /** A file name that ends in .xlsx or .csv. */
    readonly path: string
    readonly filter?: Pick<PaymentRowFilter, 'verdict' | 'undecided' | 'code'>
    readonly language?: 'zh' | 'en'
  },
): Promise<{ readonly path: string; readonly rows: number } | Refusal> {
  const { importId, path, filter = {}, language = 'zh' } = input
  const format = formatOfName(path)
  if (isRefusal(format)) return format
  const found = await findPaymentImport(db, importId)
  if (isRefusal(found)) return found
  const first = await paymentRowsOf(db, found.importId, { ...filter, limit: 1 })
  if (first.length === 0) return refuseReading('export_empty', { importId })
  const exported = new Set(paymentExportFields.flatMap((field) => found.mapping[field] ?? []))
  const header = [
    ...found.titles.filter((title) => !exported.has(title)),
    ...paymentExportFields.map((field) => paymentColumnNames[field][0]),
  ]
  const lines = exportedLines(db, found, exported, filter, language)
  return writeTexts(path, '待改正', header, lines)
}

async function* exportedLines(
  db: Db,
  found: PaymentImport,
  exported: ReadonlySet<string>,
  filter: Pick<PaymentRowFilter, 'verdict' | 'undecided' | 'code'>,
  language: 'zh' | 'en',
): AsyncGenerator<string[]> {
  const fieldOfTitle = new Map(paymentFields.map((field) => [found.mapping[field], field]))
  let after = 0
  for (;;) {
    const rows = await paymentRowsOf(db, found.importId, { ...filter, after, limit: rowsPerRead })
    for (const row of rows) {
      const cells = found.titles.flatMap((title, column) => {
        const field = fieldOfTitle.get(title)
        // As it was read: a date that a workbook kept as 45863 would come back as a text that is no date.
        return exported.has(title)
          ? []
          : [(field === undefined ? undefined : row.stated[field]) ?? row.cells[column] ?? '']
      })
      yield [...cells, ...toldOf(found.importId, row, language)]
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerRead) return
    after = last.rowNo
  }
}

/** In the order of `paymentExportFields`. */
function toldOf(
  importId: string,
  { rowNo, verdict, reasons, decision }: PaymentImportRow,
  language: 'zh' | 'en',
): string[] {
  const said = reasons.map((reason) => sayPaymentReason(reason, language))
  const joined = (texts: readonly string[]) => [...new Set(texts)].join(language === 'zh' ? '；' : ' ')
  return [
    importId,
    String(rowNo),
    sayVerdict(verdict, decision?.decision, language),
    joined(said.map(({ cause }) => cause)),
    joined(said.map(({ remedy }) => remedy)),
  ]
}

const templateColumns: readonly {
  readonly field: PaymentField
  readonly kind: TemplateColumn['kind']
  readonly example: string
  readonly note: string
}[] = [
  { field: 'account', kind: 'text', example: '0010233', note: '必填。保留前导零。' },
  { field: 'name', kind: 'text', example: '示例化工有限公司', note: '可不填，用于核对。' },
  { field: 'paidOn', kind: 'text', example: '2026-04-05', note: '必填。以实际缴款日为准。' },
  { field: 'reference', kind: 'text', example: '20260405000118', note: '必填。同一笔缴款重复导入不会重复入账。' },
  { field: 'amount', kind: 'number', example: '17283.00', note: '必填。只填污水处理费；冲正行填负数。' },
  { field: 'method', kind: 'text', example: '银行代扣', note: '可不填。' },
  { field: 'fromAccount', kind: 'text', example: '', note: '可不填；开票时写明的付款人账号。' },
  { field: 'fromBank', kind: 'text', example: '', note: '可不填；付款人开户行。' },
  { field: 'reversal', kind: 'text', example: '', note: '冲正行填“是”；须与原缴款同一流水号、同一金额。' },
  { field: 'bill', kind: 'text', example: '', note: '可不填；不填按到期先后核销。几张用顿号分开。' },
]

/** Writes the blank form of a payment file, as a workbook or as CSV by its name. */
export async function writePaymentsTemplate(path: string): Promise<Refusal | undefined> {
  return writeForm(
    path,
    templateColumns.map(({ field, kind, example, note }) => ({
      title: paymentColumnNames[field][0],
      kind,
      example,
      note,
    })),
    '缴款导入表：每行一笔缴款或冲正。请勿改动表头；违约金、滞纳金不得计入。',
  )
}
