import { z } from '@hono/zod-openapi'
import { type CivilDate, type FeeMonth, parseCivilDate, parseFeeMonth } from '../../kernel/calendar.ts'
import type { Id } from '../../kernel/ids.ts'
import { parseVolume, type Volume, volume } from '../../kernel/volume.ts'

/**
 * The words that requests and answers are made of: ids and exact numbers are text, days are YYYY-MM-DD. Inputs come out
 * as the kernel's own types.
 */

/** A row's number as it stands in paths and answers. */
export function id(): z.ZodType<string, string>
export function id<Of extends string>(): z.ZodType<Id<Of>, string>
export function id(): z.ZodType<string, string> {
  return numbered
}
const numbered = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, '须为 1 至 18 位的编号 · a number of 1 to 18 digits')
  .openapi({ example: '1' })

/** A civil date, 1900 to 2199. */
export const date = z
  .string()
  .refine((text) => parseCivilDate(text) !== undefined, '须为存在的日期 YYYY-MM-DD · a day that exists, YYYY-MM-DD')
  .openapi({ format: 'date', example: '2026-03-31' }) as unknown as z.ZodType<CivilDate, string>

/** A fee month. */
export const month = z
  .string()
  .refine((text) => parseFeeMonth(text) !== undefined, 'YYYY-MM')
  .openapi({ pattern: '^(19|20|21)\\d{2}-(0[1-9]|1[0-2])$', example: '2026-03' }) as unknown as z.ZodType<
  FeeMonth,
  string
>

/** An instant in UTC, in answers. */
export const instant = z.iso.datetime().openapi({ example: '2026-04-01T01:30:00.000Z' })

/** Yuan with two decimals, as text: in answers. */
export const amountText = z
  .string()
  .regex(/^-?\d+\.\d{2}$/)
  .openapi({ description: '元 yuan', example: '1409.50' })

/** m³ with three decimals, as text: in answers. */
export const volumeText = z
  .string()
  .regex(/^-?\d+\.\d{3}$/)
  .openapi({ description: 'm³', example: '1006.700' })

/** A plain decimal of any number of places, as text: prices, multipliers, shares in answers. */
export const decimalText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .openapi({ example: '1.40' })

/** m³ that a person gives: at most 11 digits before the point, at most three decimals. */
export const volumeM3 = z
  .string()
  .regex(/^-?\d{1,11}(\.\d{1,3})?$/, 'm³，最多三位小数 · m³ with at most three decimals, as text')
  .refine((text) => parseVolume(text) !== undefined)
  .transform((text): Volume => volume(text))
  .openapi({ type: 'string', pattern: '^-?\\d{1,11}(\\.\\d{1,3})?$', example: '120.5' })

/** One line of text that a person wrote. */
export const line = (longest = 200) => z.string().min(1).max(longest)

/** Text that is judged by the command itself: a code, a name, a number of a document. */
export const text = (longest = 200) => z.string().max(longest)

/** A yes or no in the query string. */
export const flag = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .openapi({ type: 'string', enum: ['true', 'false'], example: 'true' })

/** A whole number in the query string. */
export const count = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `${least} … ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `${least} … ${most}`)
    .openapi({ type: 'integer', minimum: least, maximum: most })

/** Beginning of the digest that an approver saw. */
export const digestSeen = z
  .string()
  .regex(/^[0-9a-f]{8,64}$/, '摘要的前 8 位或更多 · 8 or more characters of the digest')
  .openapi({ example: '5f2c8a10' })

/** Any JSON: what a stage keeps in a form of its own. */
export const anyJson = z.unknown().openapi({ description: 'JSON' })
