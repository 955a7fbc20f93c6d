import { z } from 'zod'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { readJsonFile } from '../platform/json-file.ts'
import type { Json } from '../platform/platform.tables.ts'
import { readSmallTable } from '../platform/small-table.ts'
import { priceExamples } from './price-examples.ts'
import type { EnteredSchedule } from './propose-rate-schedule.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'

const columns = {
  category: ['价格类别', '类别', '用水类别', 'category'],
  price: ['单价', '价格', '收费标准', 'price'],
  from: ['起始水量', '起', 'from'],
  until: ['截止水量', '止', 'until'],
} as const

/**
 * Reads a schedule from JSON (all of it), or its prices from a table (CSV, Excel): one row a category with a flat
 * price, or one row a band with 起始水量 and 截止水量. What it says is checked by the command, not here.
 */
export async function readScheduleFile(path: string): Promise<EnteredSchedule | Refusal> {
  return path.toLowerCase().endsWith('.json') ? readJson(path) : readPrices(path)
}

async function readJson(path: string): Promise<EnteredSchedule | Refusal> {
  const read = await readJsonFile(path, z.record(z.string(), z.json()))
  if (isRefusal(read)) return read
  if (!('value' in read)) return refuseSchedule('schedule_file_unreadable', { file: path, ...read })
  const { examples: _notEntered, ...entered } = read.value as EnteredSchedule
  return entered
}

async function readPrices(path: string): Promise<EnteredSchedule | Refusal> {
  const table = await readSmallTable(path, columns, ['category', 'price'])
  if (isRefusal(table)) return table
  const rows = new Map<string, { price: string; from: string; until: string }[]>()
  for (const row of table.rows) {
    const category = row.text('category')
    const band = { price: row.text('price'), from: row.text('from'), until: row.text('until') }
    rows.set(category, [...(rows.get(category) ?? []), band])
  }
  const prices: Record<string, Json> = {}
  for (const [category, bands] of rows) {
    const [first] = bands
    prices[category] =
      bands.length === 1 && first !== undefined && first.from === '' && first.until === ''
        ? { form: 'flat', perM3: first.price }
        : {
            form: 'tiers',
            period: 'month',
            bands: bands.map(({ price, from, until }) => ({
              fromM3: from,
              untilM3: until === '' ? null : until,
              perM3: price,
            })),
          }
  }
  return { prices }
}

/**
 * A blank schedule with the registered categories: prices are left empty, so that none is taken for a real one. The
 * examples beside them are passed over when the file is read.
 */
export function scheduleTemplate(categories: readonly string[]): EnteredSchedule {
  const listed = categories.length > 0 ? categories : ['category-1', 'category-2']
  return {
    code: '',
    title: '',
    approvalDocument: '',
    issuer: '',
    unit: 'm³',
    currency: '元',
    straddle: 'by-days',
    clause: '',
    validFrom: '',
    endsEarlier: false,
    prices: Object.fromEntries(listed.map((category) => [category, { form: 'flat', perM3: '' }])),
    examples: priceExamples,
  }
}
