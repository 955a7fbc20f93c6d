import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { examineFile, type GivenFile, readTextFile } from '../platform/files.ts'
import { normaliseCell } from '../platform/tables/cell-text.ts'
import { readDateCell, readIdentifierCell } from '../platform/tables/cell-values.ts'
import { openBytes } from '../platform/tables/file-bytes.ts'
import { type ColumnMapping, findHeader, type HeaderNames, rowRole, settleColumns } from '../platform/tables/header.ts'
import { openTable } from '../platform/tables/read-table.ts'
import {
  type CellKind,
  cellAt,
  type DateSystem,
  kindAt,
  type TableRow,
  type TextEncoding,
} from '../platform/tables/table-file.ts'
import { refuseReceipt } from './receipts.refusals.ts'

/** Columns and elements of a result file. */
export const resultColumnNames = {
  requestNo: ['申请号', 'requestNo'],
  result: ['结果', '状态', 'status'],
  billCode: ['票据代码', 'billCode'],
  billNumber: ['票据号码', '票据号', 'billNumber'],
  checkCode: ['校验码', 'checkCode'],
  paymentCode: ['缴款码', '缴款识别码', 'paymentCode'],
  on: ['日期', '办理日期', 'date'],
  amount: ['金额', 'amount'],
  reason: ['原因', '说明', 'message'],
} as const satisfies HeaderNames<string>
export type ResultField = keyof typeof resultColumnNames
const fields = Object.keys(resultColumnNames) as ResultField[]

export interface ResultRow {
  readonly rowNo: number
  readonly cells: readonly string[]
  readonly texts: Readonly<Record<ResultField, string>>
  /** The day of the answer; `null` where the file names none, `unreadable` where it is no date. */
  readonly on: CivilDate | null | 'unreadable'
  /** Fields that Excel spoiled: an id in exponent form or with lost digits. */
  readonly spoiled: readonly ResultField[]
}

export interface ResultFile {
  readonly given: GivenFile
  readonly rows: readonly ResultRow[]
  readonly format: string
  readonly titles: readonly string[]
}

/** Reads a result file: XML in UTF-8 or GBK as README.md says, or a table (CSV in either, XLSX). Refuses what is neither. */
export async function readResultFile(path: string): Promise<ResultFile | Refusal> {
  const given = await examineFile(path)
  if (isRefusal(given)) return given
  if (/\.xml$/i.test(given.name)) return readXml(path, given)
  return readTable(given)
}

async function readTable(given: GivenFile): Promise<ResultFile | Refusal> {
  const table = await openTable(given)
  if (isRefusal(table)) return table
  try {
    const all: TableRow[] = []
    for await (const block of table.blocks()) {
      if (isRefusal(block)) return block
      all.push(...block.rows)
    }
    const header = findHeader<ResultField>(given.name, all, resultColumnNames)
    if (isRefusal(header)) return header
    const columns = settleColumns(header, resultColumnNames, { required: ['requestNo', 'result'] })
    if (isRefusal(columns)) return columns
    const rows: ResultRow[] = []
    for (const row of all) {
      const role = rowRole(header, row)
      if (isRefusal(role)) return role
      if (role === 'entry') rows.push(rowOf(row, columns, table.dateSystem))
    }
    if (rows.length === 0) return refuseReceipt('receipt_file_empty', { file: given.name })
    return { given, rows, format: table.format, titles: header.texts }
  } finally {
    await table.close()
  }
}

const codes: readonly ResultField[] = ['billCode', 'billNumber', 'checkCode', 'paymentCode']

function rowOf(row: TableRow, columns: ColumnMapping<ResultField>, dateSystem: DateSystem): ResultRow {
  const texts = Object.fromEntries(
    fields.map((field) => [field, normaliseCell(cellAt(row, columns[field] ?? -1))]),
  ) as Record<ResultField, string>
  const spoiled = codes.filter((field) => {
    const column = columns[field]
    if (column === undefined || texts[field] === '') return false
    // A workbook's number has lost its zeros, whatever it shows.
    return kindAt(row, column) === 'number' || 'reason' in readIdentifierCell(cellAt(row, column), kindAt(row, column))
  })
  const on = columns.on ?? -1
  const day = dayOf(cellAt(row, on), kindAt(row, on), dateSystem)
  return { rowNo: row.rowNumber, cells: row.cells, texts, on: day, spoiled }
}

function dayOf(cell: string, kind: CellKind, dateSystem: DateSystem): ResultRow['on'] {
  if (normaliseCell(cell) === '') return null
  const read = readDateCell(cell, kind, dateSystem)
  return 'value' in read ? read.value : 'unreadable'
}

/** Why a file is not what was agreed, in both languages. */
interface Flaw {
  readonly zh: string
  readonly en: string
}
const flaw = (zh: string, en: string): Flaw => ({ zh, en })

async function readXml(path: string, given: GivenFile): Promise<ResultFile | Refusal> {
  const refuse = ({ zh, en }: Flaw) =>
    refuseReceipt('receipt_file_malformed', {
      file: given.name,
      whyZh: zh,
      whyEn: en,
      known: [...elements.keys()].join(', '),
    })
  const text = await readDeclared(path)
  if (isRefusal(text)) return text
  if (typeof text !== 'string') return refuse(text)
  const body = text.replace(declaration, '').trim()
  if (body === '') return refuseReceipt('receipt_file_empty', { file: given.name })
  const outer = flawOf(body)
  if (outer !== undefined) return refuse(outer)
  const rows: ResultRow[] = []
  let rest = body.slice('<receiptResults>'.length, -'</receiptResults>'.length).trim()
  while (rest !== '') {
    const result = /^<result>([\s\S]*?)<\/result>\s*/.exec(rest)
    if (result === null) return refuse(flawOfResult(rest, rows.length + 1))
    const read = readElements(result[1] ?? '')
    if (typeof read === 'string') return refuse(flawOfElement(read, rows.length + 1))
    rows.push({
      rowNo: rows.length + 1,
      cells: fields.map((field) => read[field]),
      texts: read,
      on: dayOf(read.on, 'text', 1900),
      spoiled: [],
    })
    rest = rest.slice(result[0].length)
  }
  if (rows.length === 0) return refuseReceipt('receipt_file_empty', { file: given.name })
  return { given, rows, format: 'xml', titles: fields.map((field) => resultColumnNames[field][0]) }
}

const declaration = /^\uFEFF?\s*<\?xml([^>]*)\?>/
/** What an XML declaration calls the two encodings that were agreed. */
const declaredEncodings: Readonly<Record<string, TextEncoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  gb18030: 'gb18030',
}

/**
 * The text in the encoding that its first line declares, or, where it declares none, in the one its bytes are. Another one
 * than was agreed and one that the bytes are not are told: read as something else, names would come in as nonsense.
 */
async function readDeclared(path: string): Promise<string | Flaw | Refusal> {
  const found = await readTextFile(path)
  const beginning = isRefusal(found) ? await beginningOf(path) : found
  const name = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration.exec(beginning)?.[1] ?? '')?.[1]
  if (name === undefined) return found
  const declared = declaredEncodings[name.toLowerCase()]
  if (declared === undefined)
    return flaw(`声明的编码是 ${name}，约定的只有 UTF-8 和 GBK`, `it declares ${name}; UTF-8 and GBK were agreed`)
  const text = await readTextFile(path, declared)
  if (!isRefusal(text) && (text === found || !isHan(found))) return text
  if (!isRefusal(found))
    return flaw(
      `声明的编码是 ${name}，内容却是${declared === 'utf-8' ? '别的编码（多为 GBK）' : ' UTF-8'}`,
      `it declares ${name}, its contents are ${declared === 'utf-8' ? 'in another one, mostly GBK' : 'UTF-8'}`,
    )
  const { line = '—', offset = '—' } = isRefusal(text) ? text.parameters : {}
  return flaw(
    `第 ${line} 行（第 ${offset} 字节）起不是声明的 ${name}，文件可能没有取全`,
    `from line ${line} (byte ${offset}) on it is not ${name}, as it declares; it may not have come whole`,
  )
}

/** The first letters of a file whose bytes are broken further on: a declaration is written in letters all encodings share. */
async function beginningOf(path: string): Promise<string> {
  const file = await openBytes({ path, name: path })
  return isRefusal(file) ? '' : (await file.head(200)).toString('latin1')
}

/** Whether Chinese text was read: two bytes of GBK may by chance be a letter of UTF-8, never one of these. */
const isHan = (text: string | Refusal): boolean => typeof text === 'string' && /\p{Script=Han}/u.test(text)

/** What is wrong around the results. */
function flawOf(body: string): Flaw | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(body))
    return flaw('含有 DOCTYPE 或实体声明，不予读取', 'it declares a DOCTYPE or entities, which are not read')
  if (body.includes('<!--')) return flaw('含有注释', 'it holds comments')
  if (body.includes('<![CDATA[')) return flaw('含有 CDATA，请改用普通文字', 'it holds CDATA; write plain text')
  if (!body.startsWith('<receiptResults>'))
    return flaw('根元素应为 receiptResults，不带属性', 'its root is to be receiptResults without attributes')
  if (!body.endsWith('</receiptResults>'))
    return flaw(
      '没有结尾的 </receiptResults>，文件可能没有取全，请重新取得',
      'its closing </receiptResults> is missing: it may not have come whole; fetch it again',
    )
  return undefined
}

function flawOfResult(rest: string, place: number): Flaw {
  if (/^<result\s/.test(rest)) return flaw(`第 ${place} 个回执带有属性`, `result ${place} has attributes`)
  if (rest.startsWith('<result>'))
    return flaw(`第 ${place} 个回执没有结尾的 </result>`, `result ${place} lacks its closing </result>`)
  return flaw(
    `第 ${place} 个回执之前有认不出的内容“${rest.slice(0, 40)}”`,
    `something stands before result ${place}: "${rest.slice(0, 40)}"`,
  )
}

function flawOfElement(read: string, place: number): Flaw {
  const entity = /&(?!(?:amp|lt|gt|quot|apos);)[^;\s<]*;?/.exec(read)?.[0]
  return entity === undefined
    ? flaw(
        `第 ${place} 个回执有认不出或重复的内容“${read}”`,
        `result ${place} has contents that are not known, or stand there twice: "${read}"`,
      )
    : flaw(
        `第 ${place} 个回执有“${entity}”，只认 &amp; &lt; &gt; &quot; &apos;，其余请写文字`,
        `result ${place} has "${entity}"; only &amp; &lt; &gt; &quot; &apos; are read, write others as text`,
      )
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The elements of a result, by their names. */
const elements = new Map<string, ResultField>(fields.map((field) => [resultColumnNames[field].at(-1) ?? field, field]))

/** Elements with nothing but text in them, each once; where anything else stands, its beginning. */
function readElements(text: string): Record<ResultField, string> | string {
  const found = Object.fromEntries(fields.map((field) => [field, ''])) as Record<ResultField, string>
  let rest = text.trim()
  const seen = new Set<string>()
  while (rest !== '') {
    const [whole, name = '', value = ''] = /^<(\w+)>([^<]*)<\/\1>\s*/.exec(rest) ?? /^<(\w+)\/>\s*/.exec(rest) ?? []
    const field = elements.get(name)
    if (whole === undefined || field === undefined || seen.has(name)) return rest.slice(0, 40)
    if (/&(?!(amp|lt|gt|quot|apos);)/.test(value)) return rest.slice(0, 40)
    seen.add(name)
    found[field] = value.replace(/&(\w+);/g, (_all, entity: string) => entities[entity] ?? '').trim()
    rest = rest.slice(whole.length)
  }
  return found
}
