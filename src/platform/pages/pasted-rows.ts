import { z } from '@hono/zod-openapi'

/**
 * Reads lines of a few cells, typed with commas or pasted from the columns of a spreadsheet: each becomes a record of the
 * named columns, a cell left out reads as ''. Refuses a line with more cells than there are columns.
 */
export function pastedRows<Column extends string>(
  columns: readonly Column[],
): z.ZodType<readonly Readonly<Record<Column, string>>[], string> {
  return z.string().transform((typed, context) => {
    const lines = typed.split(/\r?\n/).filter((line) => line.trim() !== '')
    return lines.map((line, index) => {
      const cells = (line.includes('\t') ? line.split('\t') : line.split(/[,，]/)).map((cell) => cell.trim())
      if (cells.length > columns.length) {
        const [no, found, most] = [index + 1, cells.length, columns.length]
        context.addIssue(
          `第 ${no} 行有 ${found} 列，最多 ${most} 列 · line ${no} has ${found} columns, at most ${most}`,
        )
      }
      return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) as Record<Column, string>
    })
  }) as unknown as z.ZodType<readonly Readonly<Record<Column, string>>[], string>
}
