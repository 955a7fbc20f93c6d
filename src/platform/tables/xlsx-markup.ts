import type { DateSystem } from './table-file.ts'

/** What the sheet list of a workbook says; `path` is the sheet's file in the zip, absent for charts and macros. */
export interface SheetEntry {
  readonly name: string
  readonly hidden: boolean
  readonly path?: string
}

export interface WorkbookOutline {
  readonly sheets: readonly SheetEntry[]
  readonly dateSystem: DateSystem
  readonly sharedStringsPath: string
  readonly stylesPath: string
}

/** Reads `xl/workbook.xml` and its relations. */
export function readOutline(workbookXml: string, relationsXml: string): WorkbookOutline {
  const targets = new Map<string, string>()
  let sharedStringsPath = 'xl/sharedStrings.xml'
  let stylesPath = 'xl/styles.xml'
  for (const relation of tagsNamed(relationsXml, 'Relationship')) {
    const target = attribute(relation, 'Target') ?? ''
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
    const type = attribute(relation, 'Type') ?? ''
    if (type.endsWith('/worksheet')) targets.set(attribute(relation, 'Id') ?? '', path)
    if (type.endsWith('/sharedStrings')) sharedStringsPath = path
    if (type.endsWith('/styles')) stylesPath = path
  }
  const sheets = tagsNamed(workbookXml, 'sheet').map((sheet): SheetEntry => {
    const path = targets.get(attribute(sheet, '\\w+:id') ?? '')
    const state = attribute(sheet, 'state')
    return {
      name: decoded(attribute(sheet, 'name') ?? ''),
      hidden: state === 'hidden' || state === 'veryHidden',
      ...(path === undefined ? {} : { path }),
    }
  })
  const date1904 = tagsNamed(workbookXml, 'workbookPr').some((tag) =>
    /^(1|true)$/.test(attribute(tag, 'date1904') ?? ''),
  )
  return { sheets, dateSystem: date1904 ? 1904 : 1900, sharedStringsPath, stylesPath }
}

/** A cell whose nature the reading library hides: it gives errors and uncomputed formulas as empty cells. */
export interface HiddenCell {
  readonly row: number
  readonly column: number
  readonly kind: 'error' | 'formula_without_value'
  readonly text: string
}

/** Cells joined into one; rows and columns count from 1 and 0. */
export interface MergedRange {
  readonly firstRow: number
  readonly lastRow: number
  readonly firstColumn: number
  readonly lastColumn: number
}

export interface SheetScan {
  readonly hasValues: boolean
  /** The row of a cell that does not say where it stands: the library would stop there without a clear word. */
  readonly rowWithoutAddresses?: number
  readonly hiddenCells: readonly HiddenCell[]
  readonly merges: readonly MergedRange[]
}

/** Looks through a sheet's XML for what the library does not tell. It takes no values from it. */
export function scanSheet(sheetXml: string): SheetScan {
  const xml = sheetXml.includes('<!--') ? sheetXml.replace(/<!--[\s\S]*?-->/g, '') : sheetXml
  const prefix = /<(\w+:)?worksheet[\s>]/.exec(xml)?.[1] ?? ''
  const cellStart = `<${prefix}c`
  const cellEnd = `</${prefix}c>`
  const valuePattern = new RegExp(`<${prefix}v(?:\\s[^>]*)?(?:/>|>([^<]*)<)`)
  const valueIn = (content: string): string | undefined => {
    const found = valuePattern.exec(content)
    return found === null ? undefined : (found[1] ?? '')
  }
  // A formula that yields an empty text is computed: Excel writes it as t="str" with an empty <v>.
  const isComputed = (content: string, type: string): boolean => {
    if (type === 'inlineStr') return content.includes(`<${prefix}is`)
    const value = valueIn(content)
    return value !== undefined && (value !== '' || type === 'str')
  }
  const hiddenCells: HiddenCell[] = []
  let hasValues = false
  let cellsSeen = 0
  const dataEnd = xml.lastIndexOf(`</${prefix}sheetData>`)
  for (let at = xml.indexOf(`<${prefix}sheetData`); at >= 0; ) {
    at = xml.indexOf(cellStart, at + 1)
    if (at < 0 || at > dataEnd) break
    const after = xml.charCodeAt(at + cellStart.length)
    if (after !== space && after !== greaterThan && after !== slash && after > space) continue
    cellsSeen += 1
    const tagEnd = xml.indexOf('>', at)
    const tag = xml.slice(at, tagEnd)
    const address = attribute(tag, 'r')
    if (address === undefined) {
      const rows = xml.slice(0, at).split(`<${prefix}row`).length - 1
      return { hasValues: true, rowWithoutAddresses: rows, hiddenCells, merges: [] }
    }
    if (tag.endsWith('/')) continue
    const end = xml.indexOf(cellEnd, tagEnd)
    const content = xml.slice(tagEnd + 1, end)
    at = end
    if (content !== '') hasValues = true
    const type = attribute(tag, 't') ?? 'n'
    const [row, column] = cellAddress(address)
    if (type === 'e') {
      hiddenCells.push({ row, column, kind: 'error', text: decoded(valueIn(content) ?? '#ERROR') })
    } else if (content.includes(`<${prefix}f`) && !isComputed(content, type)) {
      hiddenCells.push({ row, column, kind: 'formula_without_value', text: '' })
    }
  }
  const merges = cellsSeen === 0 ? [] : tagsNamed(xml.slice(dataEnd), 'mergeCell').map(mergedRange)
  return { hasValues, hiddenCells, merges }
}

const space = 0x20
const slash = 0x2f
const greaterThan = 0x3e

function mergedRange(tag: string): MergedRange {
  const [from = 'A1', to = from] = (attribute(tag, 'ref') ?? 'A1').split(':')
  const [firstRow, firstColumn] = cellAddress(from)
  const [lastRow, lastColumn] = cellAddress(to)
  return { firstRow, lastRow, firstColumn, lastColumn }
}

// B3 → row 3, column 1.
function cellAddress(address: string): [row: number, column: number] {
  const letters = /^[A-Z]+/.exec(address)?.[0] ?? ''
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return [Number(address.slice(letters.length)), column - 1]
}

function tagsNamed(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<(?:\\w+:)?${name}(?=[\\s/>])[^>]*`, 'g')) ?? []
}

function attribute(tag: string, name: string): string | undefined {
  const found = attributePattern(name).exec(tag)
  return found?.[1] ?? found?.[2]
}

const attributePatterns = new Map<string, RegExp>()
function attributePattern(name: string): RegExp {
  const known = attributePatterns.get(name)
  if (known !== undefined) return known
  const pattern = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
  attributePatterns.set(name, pattern)
  return pattern
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

// XML's entities, then the form _x000A_ in which Excel writes characters that XML cannot hold.
function decoded(text: string): string {
  return text
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex: string, decimal: string, name: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return entities[name] ?? whole
    })
    .replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
