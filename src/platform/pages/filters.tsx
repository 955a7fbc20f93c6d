import type { Child } from 'hono/jsx'
import { date } from '../http/fields.ts'
import type { Said } from '../http/route.ts'
import type { Choices } from './forms.tsx'
import type { PageAsked } from './page-route.ts'
import { Empty } from './parts.tsx'
import type { Say } from './say.ts'

/** One field of the filter row. */
export interface Filter {
  readonly name: string
  readonly label: Said
  readonly kind: 'text' | 'month' | 'date' | 'choice'
  readonly choices?: (say: Say) => readonly (readonly [value: string, words: string])[]
  readonly placeholder?: Said
  /**
   * What goes by a name and a code, as in a form: those that answer to what was typed. The value of the only one is asked
   * for; of several a person chooses one first. Reads within the fence of the page.
   */
  readonly find?: (asked: PageAsked, typed: string) => Promise<Choices>
}

/** More than these are not chosen from: a longer piece of the name tells them apart. */
export const offeredAtMost = 10
/** Those that answer to a name, each as it is called, with its code. */
export const offeredByName = (hits: readonly { readonly code: string; readonly name: string }[], say: Say): Choices =>
  hits.map(({ code, name }) => [code, say(`${name}（${code}）`, `${name} (${code})`)] as const)

export const periodQuery = { from: date.optional(), to: date.optional() }
/** The filters of a list by a day of its rows, called by what happens on it: 缴款自 … 至 …. */
export const periodFilters = (zh: string, en: string): readonly Filter[] => [
  { name: 'from', label: { zh: `${zh}自`, en: `${en} from` }, kind: 'date' },
  { name: 'to', label: { zh: '至', en: 'to' }, kind: 'date' },
]

/** A filter with what answers to its text. */
interface Found {
  readonly filter: Filter
  readonly typed: string
  readonly those: Choices
}

/** Looks up what was typed in the filters that find by name. */
export async function findFiltered(asked: PageAsked, filters: readonly Filter[]): Promise<readonly Found[]> {
  const found: Found[] = []
  for (const filter of filters) {
    const typed = (asked.url.searchParams.get(filter.name) ?? '').trim()
    if (filter.find === undefined || typed === '') continue
    const those = await filter.find(asked, typed)
    const one = those.find(([value]) => value === typed)
    found.push({ filter, typed, those: one === undefined ? those : [one] })
  }
  return found
}

/** What was asked for, with the value of the one that was meant in the place of its name. */
export function withFound<Asked extends PageAsked>(asked: Asked, found: readonly Found[]): Asked {
  const values = found.flatMap(({ filter, those: [one] }) =>
    one === undefined ? [] : [[filter.name, one[0]] as const],
  )
  return { ...asked, query: { ...asked.query, ...Object.fromEntries(values) } }
}

/** Whether it is known of every name that was typed which one is meant. */
export const isSettled = (found: readonly Found[]): boolean => found.every(({ those }) => those.length === 1)

/**
 * Looks for what a form is about by the filters above it: the row to look with, and what was found, by the names of the
 * filters; nothing until one is found.
 */
export async function lookFor(
  asked: PageAsked,
  filters: readonly Filter[],
  button: Said,
): Promise<{ readonly row: Child; readonly found: Readonly<Record<string, string>> | undefined }> {
  const found = await findFiltered(asked, filters)
  const values = found.flatMap(({ filter, those: [one] }) =>
    one === undefined ? [] : [[filter.name, one[0]] as const],
  )
  return {
    row: <FilterRow filters={filters} found={found} asked={asked} button={button} />,
    found: found.length > 0 && isSettled(found) ? Object.fromEntries(values) : undefined,
  }
}

/** In words, what a filter is set to; empty where it is not. */
export function setTo(filter: Filter, found: readonly Found[], { say, url }: PageAsked): string {
  const value = url.searchParams.get(filter.name) ?? ''
  const meant = found.find((each) => each.filter === filter)?.those[0]?.[1]
  return meant ?? filter.choices?.(say).find(([choice]) => choice === value)?.[1] ?? value
}

/** The address with some of its query changed; an empty value takes a name out. */
export function withQuery(url: URL, changes: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(url.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') search.delete(name)
    else search.set(name, value)
  }
  const text = search.toString()
  return text === '' ? url.pathname : `${url.pathname}?${text}`
}

/** The filters of a list, and which one was meant where it was found by its name. */
export function FilterRow({
  filters,
  found,
  asked,
  button,
}: {
  readonly filters: readonly Filter[]
  readonly found: readonly Found[]
  readonly asked: PageAsked
  readonly button?: Said
}) {
  const { say, url } = asked
  const given = url.searchParams
  const kept = ['sort', 'dir'].filter((name) => given.has(name))
  return (
    <>
      <form class="filters" method="get" action={url.pathname}>
        {kept.map((name) => (
          <input type="hidden" name={name} value={given.get(name) ?? ''} />
        ))}
        {filters.map((filter) => {
          const id = `filter-${filter.name}`
          const value = given.get(filter.name) ?? ''
          return (
            <div>
              <label for={id}>{say(filter.label)}</label>
              {filter.kind === 'choice' ? (
                <select id={id} name={filter.name}>
                  <option value="">{say('全部', 'all')}</option>
                  {filter.choices?.(say).map(([choice, words]) => (
                    <option value={choice} selected={choice === value}>
                      {words}
                    </option>
                  ))}
                </select>
              ) : (
                <input
                  id={id}
                  name={filter.name}
                  value={value}
                  type={filter.kind === 'text' ? 'search' : 'text'}
                  inputmode={filter.kind === 'text' ? undefined : 'numeric'}
                  placeholder={placeholderOf(filter, say)}
                  size={filter.kind === 'text' ? 16 : 11}
                  autocomplete="off"
                />
              )}
            </div>
          )
        })}
        <button type="submit">{say(button ?? filterWord)}</button>
        {filters.some(({ name }) => given.has(name)) ? (
          <a href={withQuery(url, { ...Object.fromEntries(filters.map(({ name }) => [name, ''])), page: '' })}>
            {say('清除', 'clear')}
          </a>
        ) : null}
      </form>
      {found.map((each) => (
        <WhatWasMeant of={each} asked={asked} />
      ))}
    </>
  )
}
const filterWord: Said = { zh: '筛选', en: 'filter' }

/** The one that was found, those to choose from, or that there is none. */
function WhatWasMeant({ of: { filter, typed, those }, asked }: { readonly of: Found; readonly asked: PageAsked }) {
  const { say, url } = asked
  const label = say(filter.label)
  const [one, ...others] = those
  if (one === undefined)
    return (
      <Empty action={<a href={withQuery(url, { [filter.name]: '', page: '' })}>{say('清除', 'clear')}</a>}>
        {say(
          `没有找到“${typed}”（${label}）。请核对名称或编号；名称至少写两个字。`,
          `Nothing answers to “${typed}” (${label}). Check the name or the code; of a name give two letters or more.`,
        )}
      </Empty>
    )
  if (others.length === 0)
    return one[0] === typed && one[1] === typed ? null : <p class="meant">{`${label}${say('：', ': ')}${one[1]}`}</p>
  return (
    <nav class="meant" aria-label={label}>
      <p>{say(`“${typed}”不止一个，请选择${label}：`, `More than one answers to “${typed}”. Choose the ${label}:`)}</p>
      <ul>
        {those.map(([value, words]) => (
          <li>
            <a href={withQuery(url, { [filter.name]: value, page: '' })}>{words}</a>
          </li>
        ))}
      </ul>
      {those.length < offeredAtMost ? null : (
        <p class="quiet">
          {say(
            `只列出前 ${offeredAtMost} 个；没有要找的，请把名称写得更长。`,
            `The first ${offeredAtMost} are listed; if it is not among them, type more of the name.`,
          )}
        </p>
      )}
    </nav>
  )
}

function placeholderOf(filter: Filter, say: Say): string | undefined {
  if (filter.placeholder !== undefined) return say(filter.placeholder)
  if (filter.find !== undefined) return say('名称或编号', 'name or code')
  return filter.kind === 'month' ? '2026-03' : filter.kind === 'date' ? '2026-03-31' : undefined
}
