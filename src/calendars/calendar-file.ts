import { z } from 'zod'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { readJsonFile } from '../platform/json-file.ts'
import { readSmallTable } from '../platform/small-table.ts'
import { readDateCell } from '../platform/tables/cell-values.ts'
import type { EnteredCalendarYear } from './calendar.ts'
import { refuseCalendarYear } from './calendar-year.refusals.ts'

const yearShape = z.strictObject({
  year: z.number().int(),
  noticeNumber: z.string(),
  restDays: z.array(z.string()),
  makeUpWorkdays: z.array(z.string()),
})

const columns = { day: ['日期', 'date'], kind: ['安排', '类型', 'kind'] } as const
const kinds: Readonly<Record<string, 'rest' | 'work'>> = {
  放假: 'rest',
  休: 'rest',
  rest: 'rest',
  上班: 'work',
  调休上班: 'work',
  班: 'work',
  work: 'work',
}

/**
 * Reads a year from a file: JSON as in `db/seeds/calendars.json`, or a table (CSV, Excel) with a row for each day, of
 * which `named` gives the year and the notice. Dates are checked by the command, not here.
 */
export async function readCalendarFile(
  path: string,
  named: { readonly year: number | undefined; readonly noticeNumber: string | undefined },
): Promise<EnteredCalendarYear | Refusal> {
  return path.toLowerCase().endsWith('.json') ? readJson(path) : readTable(path, named)
}

async function readJson(path: string): Promise<EnteredCalendarYear | Refusal> {
  const read = await readJsonFile(path, yearShape)
  if (isRefusal(read)) return read
  return 'value' in read ? read.value : refuseCalendarYear('calendar_file_unreadable', { file: path, ...read })
}

async function readTable(
  path: string,
  named: { readonly year: number | undefined; readonly noticeNumber: string | undefined },
): Promise<EnteredCalendarYear | Refusal> {
  const table = await readSmallTable(path, columns, ['day', 'kind'])
  if (isRefusal(table)) return table
  const unreadable = (causeZh: string, causeEn: string) =>
    refuseCalendarYear('calendar_file_unreadable', { file: table.file, causeZh, causeEn })
  if (named.year === undefined) return unreadable('缺少 --year', '--year is missing')
  const days: Record<'rest' | 'work', string[]> = { rest: [], work: [] }
  for (const row of table.rows) {
    const kind = kinds[row.text('kind')]
    if (kind === undefined) {
      return unreadable(
        `第 ${row.rowNumber} 行“安排”为“${row.text('kind')}”`,
        `the 安排 of row ${row.rowNumber} is "${row.text('kind')}"`,
      )
    }
    const day = readDateCell(row.text('day'), row.kind('day'), table.dateSystem)
    days[kind].push('value' in day ? day.value : row.text('day'))
  }
  const { year, noticeNumber = '' } = named
  return { year, noticeNumber, restDays: days.rest, makeUpWorkdays: days.work }
}
