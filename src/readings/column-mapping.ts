import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import {
  type ColumnMapping,
  exportedFields,
  type FoundHeader,
  type HeaderNames,
  normaliseHeader,
  settleColumns,
} from '../platform/tables/header.ts'
import { columnLetters } from '../platform/tables/table-file.ts'
import { refuseReading } from './readings.refusals.ts'

/**
 * Recognised or remembered columns with a person's corrections (field → column title, its letters, or `-` for none) laid
 * over them; for every file of a water company. Refuses unknown fields and columns, and what `settleColumns` refuses.
 */
export function settleMapping<Field extends string>(
  header: FoundHeader<Field>,
  names: HeaderNames<Field>,
  corrections: Readonly<Record<string, string>>,
  remembered: ColumnMapping<Field> | undefined,
  required: readonly Field[],
): ColumnMapping<Field> | Refusal {
  const corrected = new Map<Field, number | undefined>()
  for (const [name, title] of Object.entries(corrections)) {
    const field = fieldNamedAmong(names, name)
    if (field === undefined) {
      const known = (Object.keys(names) as Field[]).map((each) => names[each][0]).join('、')
      return refuseReading('mapping_field_unknown', { field: name, known })
    }
    const column = title === '-' ? undefined : columnTitled(header, title)
    if (column === undefined && title !== '-') {
      const columns = header.texts.filter((text) => text !== '').join('、')
      return refuseReading('mapping_column_unknown', { file: header.file, column: title, columns })
    }
    corrected.set(field, column)
  }
  const taken = new Set(corrected.values())
  const candidates = new Map(
    [...header.candidates].flatMap(([field, claims]) => {
      const left = claims.filter(({ column }) => !taken.has(column))
      return corrected.has(field) || left.length === 0 ? [] : [[field, left] as const]
    }),
  )
  const rest = Object.fromEntries(
    Object.entries<number | undefined>({ ...remembered, ...columnsOfExport(header) }).filter(
      ([field, column]) => column !== undefined && !corrected.has(field as Field) && !taken.has(column),
    ),
  ) as ColumnMapping<Field>
  const base = settleColumns({ ...header, candidates }, names, remembered === undefined ? {} : { chosen: rest })
  if (isRefusal(base)) return base
  const chosen = Object.fromEntries(
    [...Object.entries<number | undefined>(base), ...corrected].filter(([, column]) => column !== undefined),
  ) as ColumnMapping<Field>
  return settleColumns(header, names, { chosen, required: [...required] })
}

/** Rows of the same header come with the columns of an export or without them, so where those stand is never remembered. */
function columnsOfExport<Field extends string>({ candidates }: FoundHeader<Field>): Record<string, number | undefined> {
  const fields = [...exportedFields].map((field) => [field, candidates.get(field as Field)?.at(-1)?.column] as const)
  return Object.fromEntries(fields)
}

/** The field a person means by its key or by any name of its column. */
export function fieldNamedAmong<Field extends string>(names: HeaderNames<Field>, name: string): Field | undefined {
  if (Object.hasOwn(names, name)) return name as Field
  const wanted = normaliseHeader(name)
  return (Object.keys(names) as Field[]).find((field) =>
    names[field].some((known) => normaliseHeader(known) === wanted),
  )
}

function columnTitled(header: FoundHeader<string>, title: string): number | undefined {
  const wanted = normaliseHeader(title)
  const bearing = header.texts.flatMap((text, column) => (normaliseHeader(text) === wanted ? [column] : []))
  if (bearing.length > 0) return bearing.length === 1 ? bearing[0] : undefined
  const byLetters = header.texts.findIndex((_, column) => columnLetters(column) === title.toUpperCase())
  return byLetters === -1 ? undefined : byLetters
}
