import type { Child } from 'hono/jsx'
import { type RawBuilder, sql } from 'kysely'
import { Amount, Code, Count, unknown, VolumeM3 } from './parts.tsx'
import type { Say } from './say.ts'
import type { Column } from './table.tsx'

/** What columns of the common kinds may differ in. */
interface More<Row> {
  /** Left out of the page on a phone. */
  readonly wide?: boolean
  /** How it is shown, where that is more than its text. */
  readonly cell?: (row: Row, say: Say) => Child
  /** The column of the query it is sorted by; `false` where it is not sorted; its key unless it is given. */
  readonly sort?: string | false
  readonly pressed?: true
}

type Value<Row> = (row: Row, say: Say) => string | null

function described<Row>(key: string, zh: string, en: string, { wide, sort, pressed }: More<Row>) {
  return {
    key,
    title: { zh, en },
    ...(sort === false ? {} : { sort: sort ?? key }),
    ...(wide === undefined ? {} : { wide }),
    ...(pressed === undefined ? {} : { pressed }),
  }
}

/** Words, a day, a name. */
function textColumn<Row>(key: string, zh: string, en: string, value: Value<Row>, more: More<Row> = {}): Column<Row> {
  return {
    ...described(key, zh, en, more),
    cell: more.cell ?? ((row, say) => value(row, say) ?? unknown),
    text: (row, say) => value(row, say) ?? '',
  }
}

/** A number or code that people compare place by place. */
function codeColumn<Row>(key: string, zh: string, en: string, value: Value<Row>, more: More<Row> = {}): Column<Row> {
  const shown = (row: Row, say: Say): Child => {
    const code = value(row, say)
    return code === null ? unknown : Code({ of: code })
  }
  return textColumn(key, zh, en, value, { cell: shown, ...more })
}

/** Yuan. */
function amountColumn<Row>(
  key: string,
  zh: string,
  en: string,
  value: (row: Row) => string | null,
  more: More<Row> = {},
): Column<Row> {
  return {
    ...textColumn(key, `${zh}（元）`, `${en} (yuan)`, value, { cell: (row) => Amount({ of: value(row) }), ...more }),
    number: true,
    decimals: 2,
  }
}

/** Cubic metres. */
function volumeColumn<Row>(
  key: string,
  zh: string,
  en: string,
  value: (row: Row) => string | null,
  more: More<Row> = {},
): Column<Row> {
  return {
    ...textColumn(key, `${zh}（m³）`, `${en} (m³)`, value, { cell: (row) => VolumeM3({ of: value(row) }), ...more }),
    number: true,
    decimals: 3,
  }
}

/** A whole number. */
function countColumn<Row>(
  key: string,
  zh: string,
  en: string,
  value: (row: Row) => number | null,
  more: More<Row> = {},
): Column<Row> {
  const text = (row: Row): string | null => value(row)?.toString() ?? null
  return {
    ...textColumn(key, zh, en, text, { cell: (row) => Count({ of: value(row) }), ...more }),
    number: true,
    decimals: 0,
  }
}

/** The kinds of columns for rows of one shape. */
export function columnsOf<Row>() {
  return {
    text: textColumn<Row>,
    code: codeColumn<Row>,
    amount: amountColumn<Row>,
    volume: volumeColumn<Row>,
    count: countColumn<Row>,
  }
}

type Kind = 'text' | 'numeric' | 'date' | 'integer' | 'boolean'

/**
 * Rows that a stage has computed by its rules, as a query of a list, so that they sort, page and export like any other:
 * for nouns of which a year has hundreds, not hundreds of thousands.
 */
export function listed<Row extends object>(
  kinds: Readonly<Record<keyof Row & string, Kind>>,
  rows: readonly Row[],
): RawBuilder<Row> {
  const columns = Object.entries<Kind>(kinds).map(([name, kind]) => sql`${sql.ref(name)} ${sql.raw(kind)}`)
  return sql<Row>`select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as listed(${sql.join(columns)})`
}
