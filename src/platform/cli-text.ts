import { timeZone } from '../kernel/calendar.ts'
import type { Json } from './platform.tables.ts'

// Scripts whose characters take two cells of a terminal: CJK, kana, hangul, full-width forms.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u

function cellsOf(text: string): number {
  let cells = 0
  for (const character of text) cells += wide.test(character) ? 2 : 1
  return cells
}

// A line break or an escape of a file's name would break the row, or speak to the terminal.
const unprintable = /[\p{Cc}\u2028\u2029]/gu

/**
 * A table for the terminal: columns aligned by the cells they take, Chinese ones counted as two. `right` names the
 * columns of numbers. The header is printed with a rule under it; without rows there is nothing but the header.
 * Control characters in a cell are shown as �.
 */
export function alignColumns(
  header: readonly string[],
  cells: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const rows = cells.map((row) => row.map((cell) => cell.replace(unprintable, '�')))
  const widths = header.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, cellsOf(row[column] ?? '')), cellsOf(title)),
  )
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) => {
        const text = row[column] ?? ''
        const blanks = ' '.repeat(width - cellsOf(text))
        return right.includes(column) ? blanks + text : text + blanks
      })
      .join('  ')
      .trimEnd()
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)]
}

/**
 * The lines of a list with what a reader must not miss: what to do where there is nothing, and that there may be more
 * than the `limit` that was asked for.
 */
export function listed(
  found: number,
  limit: number,
  language: 'zh' | 'en',
  empty: { readonly zh: string; readonly en: string },
  lines: readonly string[],
): string[] {
  if (found === 0) return [empty[language]]
  if (found < limit) return [...lines]
  return [
    ...lines,
    language === 'zh'
      ? `只列了前 ${limit} 条，可能还有更多：见 --limit。`
      : `The first ${limit} only; there may be more, see --limit.`,
  ]
}

// The Swedish form is the ISO one: 2026-03-31 14:05:09.
const inChina = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })

/** An instant as the clock in China showed it: `2026-03-31 14:05:09`. */
export function instantForPeople(at: Date): string {
  return inChina.format(at)
}

/** Any JSON as indented lines, for content that no stage has its own words for. */
export function readableJson(value: Json, indent = ''): string[] {
  if (value === null || typeof value !== 'object') return [`${indent}${value ?? '—'}`]
  const entries: [string, Json][] = Array.isArray(value)
    ? value.map((item, index) => [`${index + 1}.`, item])
    : Object.entries(value).map(([name, item]) => [`${name}:`, item])
  return entries.flatMap(([label, item]) => {
    const lines = readableJson(item, `${indent}  `)
    const [first] = lines
    const isLeaf = item === null || typeof item !== 'object' || lines.length === 0
    return isLeaf ? [`${indent}${label} ${first?.trim() ?? '—'}`] : [`${indent}${label}`, ...lines]
  })
}
