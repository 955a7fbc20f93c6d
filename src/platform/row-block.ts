import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'

/** A column of a block: a value per row as PostgreSQL reads it, or one value that every row has. */
export interface BlockColumn {
  readonly name: string
  readonly type: 'bigint' | 'int' | 'smallint' | 'date' | 'numeric' | 'text' | 'jsonb' | 'bigint[]'
  readonly values: readonly (string | null)[] | string | null
}

interface PreparedColumn {
  readonly name: string
  readonly type: BlockColumn['type']
  /** One value for all rows; `undefined` where they differ. */
  readonly constant: string | null | undefined
  /** All values in one text: an array literal, or a document per line. */
  readonly text: string
}

/**
 * Thousands of rows on their way into a table in one statement, column by column. Values travel as the texts PostgreSQL
 * reads anyway: the driver's own writer quotes and escapes each value of an array, which for twenty million of them
 * costs more than computing them; what all rows share is sent once.
 */
export class RowBlock {
  readonly #columns: readonly PreparedColumn[]

  /** Every array has a value for each row, and at least one column is an array. */
  constructor(columns: readonly BlockColumn[]) {
    this.#columns = columns.map(prepare)
  }

  /** SHA-256 over every column with its name: equal for equal rows in the same order. */
  digest(): string {
    const hash = createHash('sha256')
    for (const { name, constant, text } of this.#columns)
      hash.update(`${name}\n${constant === undefined ? text : constant}\n`)
    return hash.digest('hex')
  }

  /** `insert into <table> (…) select …` of all rows, in order; conflicts and returning may be put behind it. */
  insertInto(table: string): RawBuilder<unknown> {
    const varying = this.#columns.filter(({ constant }) => constant === undefined)
    // A document per line needs no escaping: JSON never holds a line break.
    const documents = varying.filter(({ type }) => type === 'jsonb')
    const arrays = varying.filter(({ type }) => type !== 'jsonb')
    const sources = [
      // Arrays of arrays would be taken apart to their last value: the inner ones travel as texts.
      sql`unnest(${sql.join(arrays.map(({ text, type }) => sql`${text}::${sql.raw(type === 'bigint[]' ? 'text' : type)}[]`))})`,
      ...documents.map(({ text }) => sql`string_to_table(${text}::text, chr(10))`),
    ]
    const selected = this.#columns.map(({ name, type, constant }) => {
      if (constant !== undefined) return sql`${constant}::${sql.raw(type)}`
      if (type === 'bigint[]') return sql`r.${sql.ref(name)}::bigint[]`
      return type === 'jsonb' ? sql`nullif(r.${sql.ref(name)}, '')::jsonb` : sql`r.${sql.ref(name)}`
    })
    return sql`
      insert into ${sql.table(table)} (${sql.join(this.#columns.map(({ name }) => sql.ref(name)))})
      select ${sql.join(selected)}
      from rows from (${sql.join(sources)}) as r (${sql.join([...arrays, ...documents].map(({ name }) => sql.ref(name)))})`
  }
}

function prepare({ name, type, values }: BlockColumn): PreparedColumn {
  if (values === null || typeof values === 'string') return { name, type, constant: values, text: '' }
  const [first = null] = values
  // A block of one row keeps its arrays: something must say how many rows there are.
  if (values.length > 1 && values.every((value) => value === first)) return { name, type, constant: first, text: '' }
  if (type === 'jsonb') return { name, type, constant: undefined, text: values.map((value) => value ?? '').join('\n') }
  const texts = type === 'text' || type === 'bigint[]' ? values.map(quoted) : values.map((value) => value ?? 'NULL')
  return { name, type, constant: undefined, text: `{${texts.join(',')}}` }
}

const plainWord = /^[\w.-]+$/

function quoted(value: string | null): string {
  if (value === null) return 'NULL'
  return plainWord.test(value) && !/^null$/i.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}
