import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type CivilDate, plusDays } from '../../kernel/calendar.ts'
import { amountInCapitals, money, moneyForPeople } from '../../kernel/money.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { volume, volumeForPeople } from '../../kernel/volume.ts'
import type { PermissionName } from '../authorisation/permissions.ts'
import { instantForPeople } from '../cli-text.ts'
import { isPermitted } from '../sign-in/permitted.ts'
import type { Visitor } from '../sign-in/visitor.ts'
import { escaped, markupOf } from './markup.ts'
import type { Say } from './say.ts'
import { withoutCommands } from './without-commands.ts'

/** What nobody knows: never the same as zero. */
export const unknown = '—'

/** The days from one up to another that is no longer among them; open at the end where that is `null`. */
export const daysInWords = (from: CivilDate, until: CivilDate | null, say: Say): string =>
  until === null
    ? say(`${from} 起`, `from ${from}`)
    : say(`${from} 至 ${plusDays(until, -1)}`, `${from} to ${plusDays(until, -1)}`)

/** An amount in yuan as a finance office writes it; negative ones are red and keep their sign. */
export function Amount({ of }: { readonly of: string | null | undefined }) {
  if (of === null || of === undefined) return <span class="number">{unknown}</span>
  return raw(`<span class="${of.startsWith('-') ? 'number negative' : 'number'}">${moneyForPeople(money(of))}</span>`)
}

/** An amount in Chinese capitals. */
export function Capitals({ of }: { readonly of: string }) {
  return <span class="capitals">{amountInCapitals(money(of))}</span>
}

/** A volume in m³, without needless decimals. */
export function VolumeM3({ of }: { readonly of: string | null | undefined }) {
  if (of === null || of === undefined) return <span class="number">{unknown}</span>
  const text = volumeForPeople(volume(of))
  const [, decimals] = text.split('.')
  // In a column the decimal points stand below one another: what is not shown takes its place.
  const pad = decimals === undefined ? '.000' : '0'.repeat(3 - decimals.length)
  return raw(
    `<span class="${of.startsWith('-') ? 'number negative' : 'number'}">${text}<span class="pad" aria-hidden="true">${pad}</span></span>`,
  )
}

/** A whole number with its thousands. */
export function Count({ of }: { readonly of: number | null | undefined }) {
  return <span class="number">{of === null || of === undefined ? unknown : of.toLocaleString('en')}</span>
}

/** An instant as the clock in China showed it. */
export function Instant({ of }: { readonly of: Date | string }) {
  const at = typeof of === 'string' ? new Date(of) : of
  return <time datetime={at.toISOString()}>{instantForPeople(at).slice(0, 16)}</time>
}

/** An identifier: monospaced, with a button that copies it where scripts run. */
export function Code({ of, copy = false, say }: { readonly of: string; readonly copy?: boolean; readonly say?: Say }) {
  if (!copy) return raw(`<code>${escaped(of)}</code>`)
  return (
    <span class="copyable">
      <code>{of}</code>
      <button type="button" class="copy" data-copy={of} hidden>
        {say?.('复制', 'copy') ?? '复制'}
      </button>
    </span>
  )
}

export type Tone = 'settled' | 'waiting' | 'overdue' | 'plain'
const shapes: Record<Tone, string> = { settled: '●', waiting: '▲', overdue: '■', plain: '○' }

/** A state: a word with a shape, so that it is readable without colour. */
export function State({ tone, children }: { readonly tone: Tone; readonly children?: Child }) {
  return raw(
    `<span class="state ${tone}"><span aria-hidden="true">${shapes[tone]}</span> ${markupOf(unbroken(children ?? ''))}</span>`,
  )
}

/** Names with their values, one below the other. */
export function Facts({ of }: { readonly of: readonly (readonly [string, Child])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div>
          <dt>{unbroken(name)}</dt>
          <dd>{unbroken(value ?? unknown)}</dd>
        </div>
      ))}
    </dl>
  )
}

export function Section({
  title,
  children,
  id,
}: {
  readonly title: string
  readonly children?: Child
  readonly id?: string
}) {
  return (
    <section class="section" id={id}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** Says what will be here and what to do first. */
export function Empty({ children, action }: { readonly children?: Child; readonly action?: Child }) {
  return (
    <div class="empty">
      <p>{children}</p>
      {action === undefined ? null : <p>{action}</p>}
    </div>
  )
}

/** Something to know before going on. */
export function Notice({ tone = 'plain', children }: { readonly tone?: Tone; readonly children?: Child }) {
  return (
    <div class={`notice ${tone}`} role="note">
      {Array.isArray(children) ? children.map(unbroken) : unbroken(children)}
    </div>
  )
}

/** A refusal: what was refused, why, and the remedy; its code for whoever is asked about it. */
export function Refused({ refusal, say }: { readonly refusal: Refusal; readonly say: Say }) {
  return (
    <div class="notice overdue" role="alert">
      <p>
        <strong>{say(refusal.title)}</strong>
      </p>
      {refusal
        .sentence(say.language)
        .split('\n')
        .map(withoutCommands)
        .filter((line) => line.trim() !== '')
        .map((line) => (
          <p>{unbroken(line)}</p>
        ))}
      <p class="quiet">
        <code>{refusal.code}</code>
      </p>
    </div>
  )
}

/** A link that is the one thing to do next. */
export function PrimaryLink({ href, children }: { readonly href: string; readonly children?: Child }) {
  return (
    <a class="button primary" href={href}>
      {children}
    </a>
  )
}
/** The one thing to do next, for whom it is permitted. */
export function NextStep({
  permits,
  visitor,
  href,
  children,
}: {
  readonly permits: PermissionName
  readonly visitor: Visitor
  readonly href: string
  readonly children?: Child
}) {
  return isPermitted(visitor, permits) ? <PrimaryLink href={href}>{children}</PrimaryLink> : null
}

/** What may be done here: a button for each thing that the visitor may do, nothing where there is none. */
export function Doings({
  of,
  visitor,
}: {
  readonly of: readonly (readonly [permits: PermissionName, href: string, words: string] | undefined)[]
  readonly visitor: Visitor
}) {
  const permitted = of.filter((each) => each !== undefined).filter(([permits]) => isPermitted(visitor, permits))
  if (permitted.length === 0) return null
  return (
    <p class="buttons">
      {permitted.map(([, href, words]) => (
        <ButtonLink href={href}>{words}</ButtonLink>
      ))}
    </p>
  )
}

/** A link beside it. */
export function ButtonLink({
  href,
  children,
  download,
}: {
  readonly href: string
  readonly children?: Child
  readonly download?: boolean
}) {
  return (
    <a class="button" href={href} download={download}>
      {children}
    </a>
  )
}

export interface Happening {
  readonly on: Child
  readonly what: Child
  readonly who?: Child
  readonly more?: Child
  readonly tone?: Tone
}

/** Who did what, when, on which evidence: the newest first or last as it is given. */
export function Timeline({
  title,
  of,
  say,
}: {
  readonly title?: string
  readonly of: readonly Happening[]
  readonly say: Say
}) {
  return (
    <section class="timeline">
      <h2>{title ?? say('经过', 'timeline')}</h2>
      <ol>
        {of.map(({ on, what, who, more, tone = 'plain' }) => (
          <li class={tone}>
            <span class="when">{on}</span>
            <span class="what">{unbroken(what)}</span>
            {who === undefined ? null : <span class="who">{who}</span>}
            {more === undefined ? null : <div class="more">{unbroken(more)}</div>}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Days, months, and numbers of bills and papers: 2026-05-20, 2026-05, R2026-0001. */
const hyphened = /[A-Z]?\d{4}-[\d-]*\d/
const everyHyphened = new RegExp(hyphened, 'g')

/** Text whose days, months and numbers are never broken at their hyphens; what is no text stays as it is. */
export function unbroken(child: Child): Child {
  if (typeof child !== 'string' || !child.includes('-') || !hyphened.test(child)) return child
  return raw(escaped(child).replaceAll(everyHyphened, '<span class="unbroken">$&</span>'))
}

interface PlainColumn {
  readonly title: Child
  readonly number?: boolean
  /** Left out on a phone. */
  readonly wide?: boolean
  /**
   * Of a column that holds what is pressed: whether the visitor may press any of it. It is left out where they may not, and
   * where no row has anything to press.
   */
  readonly pressed?: boolean
}
const plainClass = (column: PlainColumn | undefined): string | undefined =>
  [column?.number ? 'number' : '', column?.wide ? 'wide' : ''].filter((name) => name !== '').join(' ') || undefined

const padded = /(<span class="pad" aria-hidden="true">)\.?(0*)(<\/span>)/g

/** Takes from every column the places after the point that none of its volumes has, so that they end below its header. */
function withoutEmptyPlaces(rows: readonly (readonly string[])[]): string[][] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const most = Array.from({ length: columns }, (_, index) => {
    const pads = rows.flatMap((row) => [...(row[index] ?? '').matchAll(padded)])
    return 3 - Math.min(3, ...pads.map(([, , zeros = '']) => zeros.length))
  })
  return rows.map((row) =>
    row.map((cell, index) =>
      cell.replaceAll(padded, (_, open: string, zeros: string, close: string) => {
        const left = zeros.slice(0, Math.max(0, zeros.length - (3 - (most[index] ?? 3))))
        const point = zeros.length === 3 && left !== '' ? '.' : ''
        return left === '' ? '' : `${open}${point}${left}${close}`
      }),
    ),
  )
}

/** A small table that is shown whole. */
export function PlainTable({
  caption,
  columns: known,
  rows: full,
  totals: summed,
}: {
  readonly caption?: string
  readonly columns: readonly PlainColumn[]
  readonly rows: readonly (readonly Child[])[]
  readonly totals?: readonly Child[]
}) {
  const isShown = (column: PlainColumn | undefined, index: number): boolean =>
    column?.pressed === undefined || (column.pressed && full.some((row) => (row[index] ?? '') !== ''))
  const kept = <Cell,>(cells: readonly Cell[]): readonly Cell[] =>
    cells.filter((_, index) => isShown(known[index], index))
  const [columns, rows, totals] = [kept(known), full.map(kept), summed === undefined ? undefined : kept(summed)]
  const cells = [
    ...rows.map((row) => row.map((cell) => markupOf(unbroken(cell ?? unknown)))),
    ...(totals === undefined ? [] : [totals.map(markupOf)]),
  ]
  const aligned = withoutEmptyPlaces(cells).map((row) => row.map((cell) => raw(cell)))
  const [shown, totalled] = [aligned.slice(0, rows.length), aligned[rows.length]]
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table>
        {caption === undefined ? null : <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={plainClass(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr>
              {row.map((cell, index) => (
                <td class={plainClass(columns[index])}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
        {totals === undefined ? null : (
          <tfoot>
            <tr>
              {totalled?.map((cell, index) => (
                <td class={plainClass(columns[index])}>{cell}</td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  )
}
