import { z } from '@hono/zod-openapi'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type RawBuilder, sql } from 'kysely'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { Db, Trx } from '../database.ts'
import { refuseHttp } from '../http/http.refusals.ts'
import type { Given, Said, Shape } from '../http/route.ts'
import { tableResponse } from '../tables/table-response.ts'
import { type XlsxColumn, xlsxRowLimit } from '../tables/write-table.ts'
import { type Filter, FilterRow, findFiltered, isSettled, setTo, withFound, withQuery } from './filters.tsx'
import { escaped, markupOf } from './markup.ts'
import type { Crumb, Figure, PageAnswer, PageAsked, PageContent, PageDescribed, PageRoute } from './page-route.ts'
import { Empty, Refused, unbroken, unknown } from './parts.tsx'
import type { Say } from './say.ts'

/** One column of a list: how a row shows it, how it goes into a spreadsheet, and by what it is sorted. */
export interface Column<Row> {
  readonly key: string
  readonly title: Said
  readonly number?: boolean
  /** Of text and parts; a part that a row has is called, not made an element of first: fifty rows have hundreds of them. */
  readonly cell: (row: Row, say: Say) => Child
  /** The value in an exported file: text, or a plain decimal in a column of numbers. */
  readonly text: (row: Row, say: Say) => string
  /** Decimals in a workbook. */
  readonly decimals?: number
  /** The column of the query it is sorted by: none for what is no column of it, such as what the page computes of a row. */
  readonly sort?: string
  /** Left out of the page on a phone. */
  readonly wide?: boolean
  /** Holds what is pressed and says nothing of the row: left out of an exported file. */
  readonly pressed?: true
}

/** A list: the query of its rows without order and limit, which the page adds. */
export interface TableDescribed<P extends Shape, Q extends Shape, Row> extends PageDescribed<P, Q> {
  readonly columns: readonly Column<Row>[] | ((asked: PageAsked<P, Q>) => readonly Column<Row>[])
  /** As a function where the choices are those that there are. */
  readonly filters?: readonly Filter[] | ((asked: PageAsked<P, Q>) => Promise<readonly Filter[]>)
  /** `select … from … where …` of what is filtered, from the stage's queries. */
  readonly rows: (asked: PageAsked<P, Q>) => Promise<RawBuilder<Row> | Refusal> | RawBuilder<Row> | Refusal
  /** A query with as many rows, where one is cheaper. */
  readonly counted?: (asked: PageAsked<P, Q>) => Promise<RawBuilder<unknown> | Refusal> | RawBuilder<unknown>
  /** Whether a row that fits a filter fits it for good, as facts do: once there are too many to count, there are for good. */
  readonly onlyGrows?: true
  /** The rows that are shown or exported, with what another stage knows of them: one look for all. */
  readonly complete?: (asked: PageAsked<P, Q>, rows: readonly Row[]) => Promise<readonly Row[]>
  /** The column of the query that it is in order by at first. */
  readonly order: { readonly by: string; readonly direction: 'asc' | 'desc' }
  /**
   * Of rows without end: the columns of the query in whose order an index has them. By the others they are sorted where
   * what is filtered is few enough to be counted, for sorting all of them would take seconds.
   */
  readonly indexed?: readonly string[]
  /** The column of the query that makes every place unique. */
  readonly unique: string
  /** Where the first cell of a row leads, and a click anywhere on it. */
  readonly open?: (row: Row) => string
  /** The totals row: texts by the key of their column, of all rows that are filtered. */
  readonly totals?: (asked: PageAsked<P, Q>, rows: RawBuilder<Row>) => Promise<Readonly<Record<string, Child>>>
  /** The name of an exported file, without its ending. */
  readonly file: Said
  readonly empty: (asked: PageAsked<P, Q>) => { readonly text: Child; readonly action?: Child }
  readonly crumbs?: (asked: PageAsked<P, Q>) => readonly Crumb[]
  readonly next?: (asked: PageAsked<P, Q>) => Child
  readonly figures?: (asked: PageAsked<P, Q>) => Promise<readonly Figure[]>
  /** What of the head depends on what is shown: the number in the title, the state, what stands beside. */
  readonly head?: (
    asked: PageAsked<P, Q>,
  ) => Promise<Partial<Omit<PageContent, 'body' | 'figures'>>> | Partial<Omit<PageContent, 'body' | 'figures'>>
  /** Above the list. */
  readonly intro?: (asked: PageAsked<P, Q>) => Promise<Child> | Child
  /** A form around the list with a checkbox on each row: what may be done with the checked ones at once. */
  readonly bulk?: {
    readonly action: (asked: PageAsked<P, Q>) => string
    readonly value: (row: Row) => string
    /** The first action is the form's own; a button may lead elsewhere with the same rows. None where nothing is permitted. */
    readonly buttons: (
      say: Say,
      asked: PageAsked<P, Q>,
    ) => readonly { readonly name: string; readonly value: string; readonly words: string; readonly action?: string }[]
  }
}

const rowsOfPage = 50
/** Counting stops here: what lies behind is found by filtering, not by turning pages. */
export const countLimit = 10_000

const tableQuery = {
  sort: z.string().max(40).optional(),
  dir: z.enum(['asc', 'desc']).optional(),
  page: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .optional(),
  as: z.enum(['xlsx', 'csv']).optional(),
}

/** A page that is a list: it filters, sorts, pages, and goes into a spreadsheet exactly as it is filtered. */
export function tablePage<Row, P extends Shape, Q extends Shape>(
  path: string,
  route: TableDescribed<P, Q, Row>,
): PageRoute {
  return {
    path,
    title: route.title,
    permits: route.permits,
    params: z.object({ ...route.params }),
    query: z.object({ ...route.query, ...tableQuery }),
    post: undefined,
    postPermits: undefined,
    get: async (given) => {
      const view = given.query as unknown as Given<typeof tableQuery>
      const described = route.filters ?? []
      const filters = typeof described === 'function' ? await described(given as unknown as PageAsked<P, Q>) : described
      const found = await findFiltered(given, filters)
      const asked = withFound(given, found) as unknown as PageAsked<P, Q>
      const query = isSettled(found) ? await route.rows(asked) : undefined
      const isFiltered = filters.some(({ name }) => given.url.searchParams.has(name))
      // What was typed into a filter means several, or nothing there is: that is said below it, where it can be mended.
      if (query === undefined || (isRefusal(query) && isFiltered && view.as === undefined)) {
        const crumbs = route.crumbs?.(asked)
        const body = (
          <>
            <FilterRow filters={filters} found={found} asked={given} />
            {query === undefined ? null : <Refused refusal={query} say={given.say} />}
          </>
        )
        return { title: given.say(route.title), ...(crumbs === undefined ? {} : { crumbs }), body }
      }
      if (isRefusal(query)) return query
      const columns = typeof route.columns === 'function' ? route.columns(asked) : route.columns
      const chosen = columns.find(({ sort }) => sort !== undefined && sort === view.sort)?.sort
      const orderedBy = (sorted: string | undefined) => {
        const by = sorted ?? route.order.by
        const direction = sorted === undefined ? route.order.direction : (view.dir ?? 'asc')
        return { by, direction, ordered: inOrder(query, by, route.unique, direction) }
      }
      if (view.as !== undefined) return exported(route, asked, columns, orderedBy(chosen).ordered, view.as)
      const pageNo = Number(view.page ?? '1')
      const { db } = asked.services
      const counted = await route.counted?.(asked)
      const rowsCounted = counted === undefined || isRefusal(counted) ? query : counted
      const count = await (route.onlyGrows ? countGrowing : countUpTo)(db, rowsCounted)
      const inReach = (sort: string) => count <= countLimit || (route.indexed?.includes(sort) ?? true)
      const { by, direction, ordered } = orderedBy(chosen !== undefined && inReach(chosen) ? chosen : undefined)
      // As text, not as parameters: a plan that is kept must know how few rows are wanted.
      const place = sql`limit ${sql.lit(rowsOfPage)} offset ${sql.lit((pageNo - 1) * rowsOfPage)}`
      const { rows: shown } = await sql<Row>`${ordered} ${place}`.execute(db)
      const rows = (await route.complete?.(asked, shown)) ?? shown
      const totals = count <= countLimit && count > 0 ? await route.totals?.(asked, query) : undefined
      const figures = await route.figures?.(asked)
      const content: PageContent = {
        title: asked.say(route.title),
        ...(route.crumbs === undefined ? {} : { crumbs: route.crumbs(asked) }),
        ...(route.next === undefined ? {} : { next: route.next(asked) }),
        ...(figures === undefined ? {} : { figures }),
        ...(await route.head?.(asked)),
        body: (
          <>
            {await route.intro?.(asked)}
            {filters.length === 0 ? null : <FilterRow filters={filters} found={found} asked={given} />}
            <Table
              route={route as unknown as TableDescribed<Shape, Shape, Row>}
              asked={given}
              columns={columns}
              filters={filters}
              set={filters.flatMap((filter) => {
                const words = setTo(filter, found, given)
                return words === '' ? [] : [`${given.say(filter.label)} ${words}`]
              })}
              rows={rows}
              count={count}
              pageNo={pageNo}
              sort={by}
              direction={direction}
              inReach={inReach}
              totals={totals}
            />
          </>
        ),
      }
      return content
    },
  }
}

function inOrder<Row>(query: RawBuilder<Row>, by: string, unique: string, direction: 'asc' | 'desc'): RawBuilder<Row> {
  const down = direction === 'desc' ? sql`desc` : sql`asc`
  // Nulls stand where the index has them, so that it can be read in order.
  return by === unique
    ? sql<Row>`${query} order by ${sql.ref(by)} ${down}`
    : sql<Row>`${query} order by ${sql.ref(by)} ${down}, ${sql.ref(unique)} ${down}`
}

/** How many rows a query has, counted up to one more than the limit. */
async function countUpTo(db: Db | Trx, query: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${query} limit ${sql.lit(countLimit + 1)}) as counted`.execute(db)
  return rows[0]?.n ?? 0
}

/** By the database that was asked: the queries that had more rows than are counted. */
const beyondCounting = new WeakMap<Db | Trx, Set<string>>()
const rememberedBeyond = 1_000

/** The same of rows that never leave: what was too many once is not counted again. */
async function countGrowing(db: Db | Trx, query: RawBuilder<unknown>): Promise<number> {
  const beyond = beyondCounting.get(db) ?? new Set()
  beyondCounting.set(db, beyond)
  const { sql: text, parameters } = query.compile(db)
  const key = JSON.stringify([text, parameters])
  if (beyond.has(key)) return countLimit + 1
  const count = await countUpTo(db, query)
  if (count <= countLimit) return count
  if (beyond.size >= rememberedBeyond) beyond.clear()
  beyond.add(key)
  return count
}

interface TableShown<Row> {
  readonly route: TableDescribed<Shape, Shape, Row>
  readonly asked: PageAsked
  readonly columns: readonly Column<Row>[]
  readonly filters: readonly Filter[]
  /** What a printed list is of, in words: on paper there is no filter row. */
  readonly set: readonly string[]
  readonly rows: readonly Row[]
  readonly count: number
  readonly pageNo: number
  readonly sort: string | undefined
  readonly direction: 'asc' | 'desc'
  /** Whether so many rows can be put in the order of a column. */
  readonly inReach: (sort: string) => boolean
  readonly totals: Readonly<Record<string, Child>> | undefined
}

function Table<Row>(shown: TableShown<Row>) {
  const { route, asked, columns, filters, set, rows, count, pageNo, inReach, totals } = shown
  const { say, url } = asked
  if (rows.length === 0) {
    const filtered = filters.some(({ name }) => url.searchParams.has(name))
    if (filtered || pageNo > 1) {
      return (
        <Empty action={<a href={url.pathname}>{say('清除筛选', 'clear the filter')}</a>}>
          {say('没有符合筛选条件的记录。', 'Nothing fits the filter.')}
        </Empty>
      )
    }
    const empty = route.empty(asked as never)
    return <Empty action={empty.action}>{empty.text}</Empty>
  }
  const buttons = route.bulk?.buttons(say, asked as never) ?? []
  const bulk = buttons.length > 0 ? route.bulk : undefined
  const opening = columns.map(cellOpening)
  const list = (
    <section class="scroll" tabindex={0} aria-label={say(route.title)}>
      <table class="list">
        <thead>
          <tr>
            {bulk === undefined ? null : (
              <th scope="col" class="check">
                <input type="checkbox" data-check-all aria-label={say('全选本页', 'check all on this page')} hidden />
              </th>
            )}
            {columns.map((column) => (
              <ColumnHead column={column} shown={shown} />
            ))}
          </tr>
        </thead>
        <tbody>
          {raw(
            rows
              .map((row) => {
                const check =
                  bulk === undefined ? null : (
                    <td class="check">
                      <input
                        type="checkbox"
                        name="chosen"
                        value={bulk.value(row)}
                        aria-label={`${say('选择', 'choose')} ${columns[0]?.text(row, say) ?? ''}`}
                      />
                    </td>
                  )
                return rowMarkup(row, route.open?.(row), check, columns, opening, say)
              })
              .join(''),
          )}
        </tbody>
        {totals === undefined ? null : (
          <tfoot>
            <tr>
              {bulk === undefined ? null : <td />}
              {columns.map((column, index) => (
                <td class={classOf(column)}>{totals[column.key] ?? (index === 0 ? say('合计', 'total') : '')}</td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  )
  return (
    <>
      <p class="on-paper">{[...set, rowsShown(count, pageNo, say)].join(say('；', '; '))}</p>
      {bulk === undefined ? (
        list
      ) : (
        <form method="post" action={bulk.action(asked as never)}>
          <input type="hidden" name="_csrf" value={asked.csrf} />
          <input type="hidden" name="_id" value={crypto.randomUUID()} />
          <input type="hidden" name="_back" value={url.pathname + url.search} />
          {list}
          <div class="bulk">
            {buttons.map(({ name, value, words, action }) => (
              <button type="submit" name={name} value={value} formaction={action}>
                {words}
              </button>
            ))}
          </div>
        </form>
      )}
      <Pager count={count} pageNo={pageNo} asked={asked} />
      {columns.every(({ sort }) => sort === undefined || inReach(sort)) ? null : (
        <p class="quiet">
          {say(
            `超过 ${countLimit.toLocaleString('en')} 行：先筛选，其余各列才能排序。`,
            `More than ${countLimit.toLocaleString('en')} rows: filter first to sort by the other columns.`,
          )}
        </p>
      )}
    </>
  )
}

/**
 * A row of a list as markup, not as elements: cells are most of what a page of a list consists of.
 */
function rowMarkup<Row>(
  row: Row,
  to: string | undefined,
  check: Child,
  columns: readonly Column<Row>[],
  opening: readonly string[],
  say: Say,
): string {
  const opened = to === undefined ? '' : escaped(to)
  let markup = `<tr>${markupOf(check)}`
  columns.forEach((column, index) => {
    const cell = markupOf(unbroken(column.cell(row, say) ?? unknown))
    markup += opening[index]
    markup += index === 0 && to !== undefined ? `<a class="opens" href="${opened}">${cell}</a></td>` : `${cell}</td>`
  })
  return `${markup}</tr>`
}

const classOf = (column: { readonly number?: boolean; readonly wide?: boolean }): string | undefined =>
  [column.number ? 'number' : '', column.wide ? 'wide' : ''].filter((name) => name !== '').join(' ') || undefined

const cellOpening = <Row,>(column: Column<Row>): string => {
  const name = classOf(column)
  return name === undefined ? '<td>' : `<td class="${name}">`
}

function ColumnHead<Row>({ column, shown }: { readonly column: Column<Row>; readonly shown: TableShown<Row> }) {
  const { asked, sort, direction, inReach } = shown
  const { say, url } = asked
  if (column.sort === undefined || !inReach(column.sort)) {
    return (
      <th scope="col" class={classOf(column)}>
        {say(column.title)}
      </th>
    )
  }
  const current = sort === column.sort
  const turned = current && direction === 'asc' ? 'desc' : 'asc'
  return (
    <th
      scope="col"
      class={classOf(column)}
      aria-sort={current ? (direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      <a class="sort" href={withQuery(url, { sort: column.sort, dir: turned, page: '' })}>
        {say(column.title)}
        <span aria-hidden="true">{current ? (direction === 'asc' ? ' ↑' : ' ↓') : ''}</span>
      </a>
    </th>
  )
}

function rowsShown(count: number, pageNo: number, say: Say): string {
  const beyond = count > countLimit
  const all = beyond ? `${countLimit.toLocaleString('en')}+` : count.toLocaleString('en')
  const from = ((pageNo - 1) * rowsOfPage + 1).toLocaleString('en')
  const until = Math.min(pageNo * rowsOfPage, beyond ? Number.MAX_SAFE_INTEGER : count).toLocaleString('en')
  return say(`第 ${from}–${until} 行，共 ${all} 行`, `rows ${from}–${until} of ${all}`)
}

function Pager({
  count,
  pageNo,
  asked,
}: {
  readonly count: number
  readonly pageNo: number
  readonly asked: PageAsked
}) {
  const { say, url } = asked
  const last = Math.max(1, Math.ceil(Math.min(count, countLimit) / rowsOfPage))
  return (
    <nav class="pager" aria-label={say('翻页', 'pages')}>
      <span>{rowsShown(count, pageNo, say)}</span>
      {pageNo > 1 ? (
        <a rel="prev" href={withQuery(url, { page: pageNo === 2 ? '' : String(pageNo - 1) })}>
          {say('上一页', 'previous')}
        </a>
      ) : null}
      {pageNo < last ? (
        <a rel="next" href={withQuery(url, { page: String(pageNo + 1) })}>
          {say('下一页', 'next')}
        </a>
      ) : null}
      <span class="spacer" />
      <span>
        {say('导出', 'export')} <a href={withQuery(url, { as: 'xlsx', page: '' })}>XLSX</a>{' '}
        <a href={withQuery(url, { as: 'csv', page: '' })}>CSV</a>
      </span>
    </nav>
  )
}

/** All rows that are filtered, as a file, read by one statement so that it is of one moment. */
async function exported<P extends Shape, Q extends Shape, Row>(
  route: TableDescribed<P, Q, Row>,
  asked: PageAsked<P, Q>,
  shown: readonly Column<Row>[],
  ordered: RawBuilder<Row>,
  as: 'csv' | 'xlsx',
): Promise<PageAnswer> {
  const { say } = asked
  const columns = shown.filter(({ pressed }) => pressed !== true)
  const found = await sql<Row>`${ordered} limit ${xlsxRowLimit + 1}`.execute(asked.services.db)
  if (found.rows.length > xlsxRowLimit)
    return refuseHttp('too_many_rows_to_export', { limit: xlsxRowLimit.toLocaleString('en') })
  const rows = (await route.complete?.(asked, found.rows)) ?? found.rows
  const lines = rows.map((row) => columns.map((column) => column.text(row, say)))
  const sheetColumns = columns.map(
    (column): XlsxColumn => ({
      title: say(column.title),
      kind: column.number ? 'number' : 'text',
      ...(column.decimals === undefined ? {} : { decimals: column.decimals }),
    }),
  )
  return tableResponse(as, say(route.file), sheetColumns, lines)
}
