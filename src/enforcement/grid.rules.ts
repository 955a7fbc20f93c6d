import { type CivilDate, parseCivilDate } from '../kernel/calendar.ts'
import { Exact, parseExact, plainText } from '../kernel/decimal.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import type { GridRow } from './enforcement.ts'
import { multiplierBounds } from './fine.rules.ts'

/** A discretion grid as its file states it. */
export interface EnteredGrid {
  /** Number of the published document (APL 34). */
  readonly documentNumber: string
  readonly issuer: string
  readonly validFrom: CivilDate
  readonly rows: readonly GridRow[]
}

/**
 * Reads a grid from its JSON file: `documentNumber`, `issuer`, `validFrom`, and `rows` of `factor`, `zh`, `minimum`,
 * `maximum`. Refuses by row what is missing, repeated, or outside 1 to 3 times (641 art. 54).
 */
export function readGrid(text: string): EnteredGrid | Refusal {
  const fault = (faultZh: string, faultEn: string) => refuseEnforcement('grid_unreadable', { faultZh, faultEn })
  const file = parsed(text)
  if (file === undefined) return fault('不是 JSON 对象', 'it is no JSON object')
  const [documentNumber, issuer] = [textOf(file['documentNumber']), textOf(file['issuer'])]
  if (documentNumber === '' || issuer === '')
    return fault('缺少文号 documentNumber 或发布机关 issuer', 'documentNumber or issuer is missing')
  const validFrom = parseCivilDate(textOf(file['validFrom']))
  if (validFrom === undefined) return fault('施行日 validFrom 不是 YYYY-MM-DD', 'validFrom is no YYYY-MM-DD')
  const listed = file['rows']
  if (!Array.isArray(listed) || listed.length === 0) return fault('没有情形 rows', 'it has no rows')
  const rows: GridRow[] = []
  for (const [index, entry] of listed.entries()) {
    const row = (entry ?? {}) as Record<string, unknown>
    const [factor, zh] = [textOf(row['factor']), textOf(row['zh'])]
    const [minimum, maximum] = [multiple(row['minimum']), multiple(row['maximum'])]
    const at = index + 1
    if (!/^[a-z0-9-]{1,40}$/.test(factor) || zh === '' || rows.some((each) => each.factor === factor))
      return fault(
        `第 ${at} 行的 factor 或 zh 缺失、重复或不合格式`,
        `row ${at}: factor or zh is missing, repeated or malformed`,
      )
    const within =
      minimum?.gte(multiplierBounds.minimum) && maximum?.lte(multiplierBounds.maximum) && minimum.lte(maximum)
    if (minimum === undefined || maximum === undefined || !within)
      return fault(`第 ${at} 行的倍数不在 1 至 3 之内`, `row ${at}: its multiples do not lie within 1 to 3`)
    rows.push({ factor, zh, minimum: plainText(minimum), maximum: plainText(maximum) })
  }
  return { documentNumber, issuer, validFrom, rows }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** Multiples are written as text, so that none has passed through a float. */
function multiple(value: unknown): Exact | undefined {
  const read = parseExact(textOf(value))
  return read !== undefined && read.decimalPlaces() <= 4 ? new Exact(read) : undefined
}
