import { parseCivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { checkPrices } from './price.rules.ts'
import type { Price, PriceTable } from './price.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'
import { type ScheduleTerms, type Straddle, straddles } from './rate-schedule.ts'

const texts = {
  code: '代码 code',
  title: '名称 title',
  approvalDocument: '批准文件 approval document',
  issuer: '发文机关 issuer',
  unit: '水量单位 unit of volume',
  currency: '货币 currency',
  straddle: '跨期办法 how a change of rates is billed',
  clause: '适用条款 the clause it rests on',
  validFrom: '执行日期 first day of water use',
} as const
type TextField = keyof typeof texts
const standard: Partial<Record<TextField, string>> = { unit: 'm³', currency: '元' }
const otherFields = ['prices', 'endsEarlier']

/**
 * Checks a schedule as it lies in a file: the terms, or everything that is wrong with it at once, prices included.
 * `unit` and `currency` are m³ and 元 unless given. Categories the registry does not know are named too.
 */
export function checkSchedule(
  entered: Readonly<Record<string, unknown>>,
  knownCategories: ReadonlySet<string>,
): ScheduleTerms | Refusal[] {
  const faults: Refusal[] = []
  const read = {} as Record<TextField, string>
  for (const field of Object.keys(texts) as TextField[]) {
    const value = entered[field] ?? standard[field]
    read[field] = typeof value === 'string' ? value.trim() : ''
    if (read[field] === '') faults.push(refuseSchedule('schedule_field_missing', { field, meaning: texts[field] }))
  }
  for (const field of Object.keys(entered)) {
    if (!(field in texts) && !otherFields.includes(field))
      faults.push(refuseSchedule('schedule_field_unknown', { field }))
  }
  const { code, straddle, validFrom } = read
  if (code !== '' && !/^[A-Za-z0-9_-]{1,60}$/.test(code))
    faults.push(refuseSchedule('schedule_code_malformed', { code }))
  if (straddle !== '' && !isStraddle(straddle)) {
    faults.push(refuseSchedule('schedule_straddle_unknown', { value: straddle }))
  }
  const from = parseCivilDate(validFrom)
  if (validFrom !== '' && from === undefined) {
    faults.push(refuseSchedule('schedule_date_unreadable', { value: validFrom }))
  }

  const { endsEarlier = false, prices } = entered
  if (typeof endsEarlier !== 'boolean') {
    faults.push(refuseSchedule('schedule_flag_unreadable', { value: JSON.stringify(endsEarlier) }))
  }
  if (prices === undefined || prices === null || typeof prices !== 'object' || Array.isArray(prices)) {
    faults.push(refuseSchedule('schedule_field_missing', { field: 'prices', meaning: '各类别价格 prices by category' }))
  } else {
    const known = [...knownCategories].join('、') || '—'
    for (const category of Object.keys(prices)) {
      if (!knownCategories.has(category)) faults.push(refuseSchedule('price_category_unknown', { category, known }))
    }
    faults.push(...checkPrices(prices as Record<string, unknown>))
  }
  if (faults.length > 0 || from === undefined || !isStraddle(straddle)) return faults
  return { ...read, straddle, validFrom: from, prices: prices as PriceTable }
}

function isStraddle(text: string): text is Straddle {
  return (straddles as readonly string[]).includes(text)
}

/**
 * A category that would be left without the price it is a percentage of, if the rates of `ending` categories end while
 * the others of the same schedule stay; `undefined` where none is.
 */
export function leftBehind(
  prices: PriceTable,
  ending: ReadonlySet<string>,
): { readonly dependent: string; readonly category: string } | undefined {
  for (const [dependent, price] of Object.entries(prices)) {
    if (ending.has(dependent)) continue
    const category = percentageOf(price)
    if (category !== undefined && ending.has(category)) return { dependent, category }
  }
  return undefined
}

/** The category whose price this one is a percentage of, if it is one. */
function percentageOf(price: Price): string | undefined {
  if (price.form === 'coefficient') return percentageOf(price.price)
  return price.form === 'percentage' ? price.of : undefined
}
