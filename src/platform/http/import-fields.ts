import { z } from '@hono/zod-openapi'
import { count, date, flag, text } from './fields.ts'

/** What the routes of every import of a table file have in common. */

/** One reason for what became of a row. */
export const rowReason = z
  .object({
    code: z.string(),
    column: z.string().optional(),
    value: z.string().optional(),
    parameters: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  })
  .openapi('RowReason')

/** What was found of a file as a whole. */
export const finding = z
  .object({ code: z.string(), parameters: z.record(z.string(), z.union([z.string(), z.number()])) })
  .openapi('Finding')

/** The same of rows in, accepted, held and rejected: they add up. */
export const byVerdict = <T extends z.ZodType>(value: T) => ({
  in: value,
  accepted: value,
  held: value,
  rejected: value,
})

export const whole = z.number().int()
export const countsByName = z.record(z.string(), whole)
export const textsByName = z.record(z.string(), z.string())

/** Which held and rejected rows are listed or exported. */
export const rowQuery = {
  verdict: z.enum(['held', 'rejected']).optional(),
  undecided: flag.optional().openapi({ description: '只看未处理 undecided only' }),
  code: text(100).optional().openapi({ description: '含该原因的 with this reason' }),
}

/** Rows of a file by their numbers. */
export const rowNumber = count(1, 9_999_999).openapi({ example: 118 })
export const rowNumbers = z.array(z.number().int().min(1).max(9_999_999)).max(100_000)
export const reason = text(500).openapi({ description: '原因 why', example: '现场核实' })
/** Corrected values by field. */
export const corrections = z.record(text(100), text(500)).openapi({ example: { 本期读数: '21420' } })

/** How a table file is read, where it cannot be recognised. */
export const tableQuery = {
  map: z
    .union([text(300), z.array(text(300)).max(100)])
    .optional()
    .transform((said) => (said === undefined ? [] : [said].flat()))
    .refine((said) => said.every((pair) => /^[^=＝]+[=＝]/.test(pair)), '写作 字段=列名 · written as field=column')
    .transform((said) =>
      Object.fromEntries(
        said.map((pair) => {
          const at = pair.search(/[=＝]/)
          return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const
        }),
      ),
    )
    .openapi({
      type: 'array',
      items: { type: 'string' },
      description: '改正列对应，可多次；会记住 correct a column, repeatable; remembered',
      example: ['用水量=实收水量'] as never,
      param: { style: 'form', explode: true, required: false },
    }),
  encoding: z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']).optional(),
  sheet: text(100).optional().openapi({ description: '工作表 sheet of a workbook' }),
  headerRow: count(1, 9_999_999).optional().openapi({ description: '表头所在行 row of the header' }),
}

/** A validity: from a day until, and without, another. */
export const interval = { from: date, until: date }
