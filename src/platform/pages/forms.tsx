import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { present } from '../../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { fenced } from '../authorisation/fence.ts'
import type { PermissionName } from '../authorisation/permissions.ts'
import { type CommandAnswer, sha256 } from '../command.ts'
import type { Given, Outcome, ReceivedFile, Route, Said, Shape } from '../http/route.ts'
import type { Evidence } from '../scanned-paper.ts'
import {
  type Crumb,
  type PageAnswer,
  type PageAsked,
  type PageContent,
  type PageDescribed,
  type PageRoute,
  type Posted,
  Redirect,
} from './page-route.ts'
import { Facts, Notice, Refused, unbroken } from './parts.tsx'
import type { Say } from './say.ts'

/** Some values, each in words. */
export type Choices = readonly (readonly [value: string, words: string])[]

/** One field of a form. What is typed is judged by its schema; only what cannot be derived is asked for. */
export interface Field {
  readonly label: Said
  /** Stands below the label, before the input. */
  readonly help?: Said
  readonly kind?:
    | 'text'
    | 'long'
    | 'date'
    | 'month'
    | 'number'
    | 'amount'
    | 'choice'
    | 'check'
    /** Several of some choices, by commas; without any it is not shown. */
    | 'checks'
    | 'file'
    | 'files'
    | 'password'
    /** Carried along unseen: the digest that was looked at, or the rows checked in a list (`chosen`, by commas). */
    | 'hidden'
  readonly choices?: (
    asked: PageAsked,
    /** What was typed so far, and why it was refused. */
    tried: { readonly typed: string; readonly refusal: Refusal | undefined },
  ) => Choices | Promise<Choices>
  /**
   * What goes by a name and a code: those that answer to either. Where one does its value stands for what was typed; of
   * several a person chooses; the page then says which one it is.
   */
  readonly find?: (asked: PageAsked, typed: string) => Promise<Choices>
  /** Of kind `choice`: typed where there is nothing to choose from. */
  readonly orTyped?: boolean
  readonly optional?: boolean
  readonly accept?: string
  readonly autocomplete?: string
  /** Reads what was typed, trimmed and not empty; the schema's words tell what does not fit: `中文 · English`. */
  readonly schema?: z.ZodType<unknown, string>
}
export type Fields = Readonly<Record<string, Field>>
/** What was typed, read by the schemas: an empty optional field is absent, a checkbox is true or false, no files are none. */
export type Values<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends { kind: 'file' }
    ? File
    : F[Name] extends { kind: 'files' }
      ? readonly File[]
      : F[Name] extends { kind: 'check' }
        ? boolean
        : F[Name] extends { schema: z.ZodType<infer Value, string> }
          ? F[Name] extends { optional: true }
            ? Value | undefined
            : Value
          : F[Name] extends { optional: true }
            ? string | undefined
            : string
}

/** What will change, before it is confirmed. */
export interface Preview {
  /** Each with what stands now and what will stand. */
  readonly changes: readonly { readonly what: Child; readonly before: Child; readonly after: Child }[]
  /** Anything else a person should see first: a list, a count, a sum. */
  readonly more?: Child
  /** What the button does, with its count and sum: 签发 2,317 张账单. */
  readonly button: string
}

interface FormDescribed<P extends Shape, Q extends Shape, F extends Fields, Answer> extends PageDescribed<P, Q> {
  readonly fields: F
  /** The name in the table for carrying it out, where it differs from that for looking. */
  readonly postPermits?: PermissionName
  readonly crumbs?: (asked: PageAsked<P, Q>) => readonly Crumb[] | Promise<readonly Crumb[]>
  /** What the form is about, above its fields; a refusal where there is nothing to do. */
  readonly about?: (asked: PageAsked<P, Q>) => Promise<Child | Refusal> | Child | Refusal
  /** Whether it is known what the form is about. Until it is, `about` stands alone, where that is looked for. */
  readonly ready?: (asked: PageAsked<P, Q>) => Promise<boolean>
  /** Values it opens with. */
  readonly initial?: (
    asked: PageAsked<P, Q>,
  ) => Promise<Partial<Record<keyof F, string>>> | Partial<Record<keyof F, string>>
  /** The word on the first button; the confirming one is named by the preview. */
  readonly submit?: Said | ((asked: PageAsked<P, Q>) => Promise<Said>)
  readonly run: (asked: PageAsked<P, Q>, values: Values<F>, posted: Posted) => Promise<CommandAnswer<Answer> | Refusal>
  /**
   * Shows what will change, from the answer of a trial. `none`: what is typed is itself all that changes and can be
   * taken back, so that no confirmation is asked for.
   */
  readonly preview: 'none' | ((answer: Answer, asked: PageAsked<P, Q>, values: Values<F>) => Promise<Preview> | Preview)
  /** Where it leads on and what is said there; a page of its own for what is told this once and kept nowhere. */
  readonly done: (
    answer: Answer,
    asked: PageAsked<P, Q>,
    values: Values<F>,
  ) => { readonly to: string; readonly said: string } | PageContent
}

/**
 * A page with a form that carries out one command: shown, judged field by field, tried, confirmed with what will change,
 * carried out once under the id it was rendered with, and left for a page that says what happened.
 */
export function formPage<
  F extends Fields,
  Answer,
  P extends Shape = Readonly<Record<never, never>>,
  Q extends Shape = Readonly<Record<never, never>>,
>(path: string, route: FormDescribed<P, Q, F, Answer>): PageRoute {
  const shown = async (
    given: PageAsked,
    typed: Readonly<Record<string, string>>,
    id: string,
    trouble: { faults?: readonly Fault[]; refusal?: Refusal; found?: FoundByName; wasKept?: true } = {},
  ): Promise<PageAnswer> => {
    const asked = given as unknown as PageAsked<P, Q>
    const about = await route.about?.(asked)
    if (isRefusal(about)) return about
    const isReady = (await route.ready?.(asked)) ?? true
    const submit = typeof route.submit === 'function' ? await route.submit(asked) : route.submit
    return contentOf(
      given,
      route as unknown as FormDescribed<Shape, Shape, F, Answer>,
      <>
        {about}
        {trouble.wasKept ? <WasKept fields={route.fields} say={given.say} /> : null}
        {trouble.refusal === undefined ? null : <Refused refusal={trouble.refusal} say={given.say} />}
        <FaultSummary faults={trouble.faults ?? []} fields={route.fields} say={given.say} />
        {isReady ? await fieldsOf() : null}
      </>,
    )
    async function fieldsOf() {
      return (
        <form method="post" enctype={hasFiles(route.fields) ? 'multipart/form-data' : undefined} class="form">
          <Hidden csrf={given.csrf} id={id} />
          {
            await Promise.all(
              Object.entries(route.fields).map(([name, field]) =>
                fieldOf(
                  given,
                  name,
                  field,
                  { typed: typed[name] ?? '', refusal: trouble.refusal },
                  trouble.faults?.find((fault) => fault.name === name),
                  trouble.found?.get(name) ?? [],
                ),
              ),
            )
          }
          <p class="buttons">
            <button type="submit" class="primary">
              {given.say(submit ?? (route.preview === 'none' ? saveWord : nextWord))}
            </button>
          </p>
        </form>
      )
    }
  }
  return {
    path,
    title: route.title,
    permits: route.permits,
    postPermits: route.postPermits,
    params: z.object({ ...route.params }),
    query: z.object({ ...route.query }),
    get: async (given) => {
      const initial = (await route.initial?.(given as unknown as PageAsked<P, Q>)) ?? {}
      return shown(given, initial as Record<string, string>, crypto.randomUUID())
    },
    post: async (given, posted) => {
      const asked = given as unknown as PageAsked<P, Q>
      // Commands are not fenced; what the form offers to choose from is, whenever it is shown.
      const again = (...[typed, id, trouble]: Shift<Parameters<typeof shown>>): Promise<PageAnswer> =>
        route.permits === undefined
          ? shown(given, typed, id, trouble)
          : fenced(given.services, given.visitor, route.permits, (services) =>
              shown({ ...given, services }, typed, id, trouble),
            )
      const comesBack = posted.form.has('_back') || posted.form.has('_again')
      const found = comesBack ? noneFound : await findByName(given, route.fields, posted.form)
      const typed = textsOf(posted.form, route.fields)
      // From a list with checked rows, or back from the confirmation: nothing was judged yet.
      const comesFromList = posted.form.has('_back')
      if (comesFromList || posted.form.has('_again')) {
        const initial = comesFromList ? await route.initial?.(asked) : undefined
        return again({ ...(initial as Record<string, string>), ...typed }, posted.envelope.commandId)
      }
      const files = await filesOf(given, posted, route.fields)
      const read = readFields(route.fields, posted.form)
      const faults = [...faultsOfFound(found), ...('faults' in read ? read.faults : [])]
      if ('faults' in read || faults.length > 0) return again(typed, posted.envelope.commandId, { faults, found })
      const values = read.values as Values<F>
      const { preview } = route
      const digest = sha256(JSON.stringify(typed))
      const confirmed = preview === 'none' || posted.form.get('_confirmed') === digest
      if (!confirmed) {
        const trial = await route.run(asked, values, { ...posted, envelope: { ...posted.envelope, dryRun: true } })
        if (isRefusal(trial)) return again(typed, posted.envelope.commandId, { refusal: trial })
        const what = await preview(trial.answer, asked, values)
        for (const [name, file] of files) await given.files?.keep(keptUnder(given, posted, name), file)
        return confirmation(
          given,
          route as unknown as FormDescribed<Shape, Shape, F, Answer>,
          { ...what, about: aboutFound(given, route.fields, found) },
          typed,
          digest,
          posted,
        )
      }
      const outcome = await route.run(asked, values, posted)
      if (isRefusal(outcome)) return again(typed, posted.envelope.commandId, { refusal: outcome })
      const next = route.done(outcome.answer, asked, values)
      return 'to' in next ? new Redirect(next.to, next.said) : next
    },
    typing: {
      kept: (form) => ({
        id: commandIdOf(form),
        fromList: form.has('_back'),
        typed: textsOf(form, withoutSecrets(route.fields)),
      }),
      again: async (given, { id, fromList, typed }) => {
        const initial = fromList ? await route.initial?.(given as unknown as PageAsked<P, Q>) : undefined
        return shown(given, { ...(initial as Record<string, string>), ...typed }, id, { wasKept: true })
      },
    },
  }
}

/** The id a form was rendered with; a new one where it has none that can be kept. */
export function commandIdOf(form: FormData): string {
  const id = form.get('_id')
  return typeof id === 'string' && /^[\x21-\x7e]{8,200}$/.test(id) ? id : crypto.randomUUID()
}

const withoutSecrets = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, { kind }]) => kind !== 'password'))

/** Above a form that shows what was typed before signing in anew. */
function WasKept({ fields, say }: { readonly fields: Fields; readonly say: Say }) {
  return (
    <Notice tone="waiting">
      {say(
        '登录中断前填写的内容已找回，还没有提交，未作任何改动。请核对后再次提交。',
        'What you had typed before your sign-in ended is here again. It has not been sent and nothing was changed: check it and send it once more.',
      )}
      {hasFiles(fields) ? say('文件没有保留，请重新选择。', ' Files are not kept: choose them again.') : ''}
    </Notice>
  )
}

/** What was typed, without what was left empty. */
export function given<T extends object>(values: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}

/** A preview of what was typed, field by field, beside what stands now, for commands that register just that. */
export async function previewOfTyped<F extends Fields>(
  asked: PageAsked,
  fields: F,
  values: Values<F>,
  shown: {
    readonly button: string
    readonly before?: Partial<Record<keyof F, Child>>
    /** In words, where the value is not what people read. */
    readonly after?: Partial<Record<keyof F, Child>>
    readonly more?: Child
  },
): Promise<Preview> {
  const { say } = asked
  const changes: { what: Child; before: Child; after: Child }[] = []
  for (const [name, field] of Object.entries(fields)) {
    const value = (values as Readonly<Record<string, unknown>>)[name]
    if (value === undefined || value === false || field.kind === 'hidden' || field.kind === 'file') continue
    const words =
      field.kind === 'choice'
        ? (await field.choices?.(asked, untried))?.find(([choice]) => choice === value)?.[1]
        : value === true
          ? say('是', 'yes')
          : undefined
    changes.push({
      what: say(field.label),
      before: shown.before?.[name] ?? '—',
      after: shown.after?.[name] ?? words ?? String(value),
    })
  }
  return { changes, button: shown.button, ...(shown.more === undefined ? {} : { more: shown.more }) }
}

type Shift<All extends readonly unknown[]> = All extends readonly [unknown, ...infer Rest] ? Rest : never

/** By the name of a field what answers to what was typed in it. */
type FoundByName = ReadonlyMap<string, Choices>
const noneFound: FoundByName = new Map()

/** Radio buttons are called so: beside what was typed, which stays. */
const chosenOf = (name: string): string => `${name}.found`

/** Looks what was typed for names up, and puts the value of the only one, or of the one that was chosen, in its place. */
async function findByName(asked: PageAsked, fields: Fields, form: FormData): Promise<FoundByName> {
  const found = new Map<string, Choices>()
  for (const [name, { find }] of Object.entries(fields)) {
    const typed = form.get(name)
    const text = typeof typed === 'string' ? typed.trim() : ''
    if (find === undefined || text === '' || text.includes('\u0000') || text.length > nameLimit) continue
    const those = await find(asked, text)
    const chosen = form.get(chosenOf(name))
    const one = those.find(([value]) => value === chosen) ?? those.find(([value]) => value === text)
    const settled = one === undefined ? those : [one]
    found.set(name, settled)
    if (settled.length === 1) form.set(name, settled[0]?.[0] ?? text)
  }
  return found
}
const nameLimit = 200

function faultsOfFound(found: FoundByName): Fault[] {
  return [...found].flatMap(([name, those]) => {
    if (those.length === 1) return []
    const words: Said =
      those.length === 0
        ? {
            zh: '没有找到，请核对名称或编号',
            en: 'nothing answers to this; check the name or the code',
          }
        : { zh: '不止一个，请在下面选一个，或写得更具体', en: 'more than one: choose below, or type more of the name' }
    return [{ name, words }]
  })
}

/** Which one was meant, where it was found by its name. */
function aboutFound({ say }: PageAsked, fields: Fields, found: FoundByName): Child {
  const meant = [...found].flatMap(([name, [one]]) =>
    one === undefined ? [] : [[say(fields[name]?.label ?? emptyWords), one[1]] as const],
  )
  return meant.length === 0 ? null : <Facts of={meant} />
}

const untried = { typed: '', refusal: undefined } as const
const nextWord: Said = { zh: '下一步：查看将发生的变化', en: 'next: see what will change' }
const saveWord: Said = { zh: '保存', en: 'save' }

/** Under whom and which form a tried file is kept. */
const keptUnder = ({ visitor }: PageAsked, { envelope }: Posted, name: string): string =>
  ['form', visitor.code, envelope.commandId, name].join('\n')

/** The files of a form; what came with its trial is put back where it is confirmed. */
async function filesOf(asked: PageAsked, posted: Posted, fields: Fields): Promise<(readonly [string, File])[]> {
  const files: [string, File][] = []
  for (const [name, { kind }] of Object.entries(fields)) {
    if (kind !== 'file') continue
    const sent = posted.form.get(name)
    if (sent instanceof File && sent.size > 0) {
      files.push([name, sent])
      continue
    }
    const kept = posted.form.has('_confirmed') ? await asked.files?.kept(keptUnder(asked, posted, name)) : undefined
    if (kept === undefined) continue
    posted.form.set(name, kept)
    files.push([name, kept])
  }
  return files
}

const hasFiles = (fields: Fields): boolean =>
  Object.values(fields).some(({ kind }) => kind === 'file' || kind === 'files')

async function contentOf<F extends Fields, Answer>(
  asked: PageAsked,
  route: FormDescribed<Shape, Shape, F, Answer>,
  body: Child,
): Promise<PageContent> {
  const crumbs = await route.crumbs?.(asked as never)
  return { title: asked.say(route.title), ...(crumbs === undefined ? {} : { crumbs }), body }
}

async function confirmation<F extends Fields, Answer>(
  asked: PageAsked,
  route: FormDescribed<Shape, Shape, F, Answer>,
  { changes, more, button, about }: Preview & { readonly about: Child },
  typed: Readonly<Record<string, string>>,
  digest: string,
  { envelope }: Posted,
): Promise<PageContent> {
  const { say } = asked
  return contentOf(
    asked,
    route,
    <>
      {about}
      <ChangesTable changes={changes} say={say} />
      {more}
      <form method="post" class="form confirm">
        <Hidden csrf={asked.csrf} id={envelope.commandId} />
        <input type="hidden" name="_confirmed" value={digest} />
        {Object.entries(typed).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <p class="buttons">
          <button type="submit" class="primary">
            {button}
          </button>
          <button type="submit" name="_again" value="yes">
            {say('返回修改', 'go back')}
          </button>
        </p>
      </form>
    </>,
  )
}

/** What stands now beside what will stand. */
export function ChangesTable({ changes, say }: { readonly changes: Preview['changes']; readonly say: Say }) {
  if (changes.length === 0) return null
  return (
    <section class="scroll" tabindex={0} aria-label={say('将发生的变化', 'what will change')}>
      <table class="changes">
        <caption>{say('将发生的变化', 'what will change')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('事项', 'what')}</th>
            <th scope="col">{say('现在', 'now')}</th>
            <th scope="col">{say('之后', 'then')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ what, before, after }) => (
            <tr>
              <th scope="row">{what}</th>
              <td>{before}</td>
              <td>
                <strong>{after}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What every form carries: the proof that it is ours, and the id under which its command is carried out once. */
export function Hidden({ csrf, id }: { readonly csrf: string; readonly id: string }) {
  return (
    <>
      <input type="hidden" name="_csrf" value={csrf} />
      <input type="hidden" name="_id" value={id} />
    </>
  )
}

interface Fault {
  readonly name: string
  readonly words: Said
}

/** Comes in several inputs of one name. */
const isListed = (field: Field | undefined): boolean => field?.kind === 'hidden' || field?.kind === 'checks'

const emptyWords: Said = { zh: '请填写', en: 'fill this in' }

function textsOf(form: FormData, fields: Fields): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const name of Object.keys(fields)) {
    const value = isListed(fields[name]) ? form.getAll(name).join(',') : form.get(name)
    if (typeof value === 'string' && form.has(name)) texts[name] = value.trim()
  }
  return texts
}

function readFields(fields: Fields, form: FormData): { values: unknown } | { faults: readonly Fault[] } {
  const values: Record<string, unknown> = {}
  const faults: Fault[] = []
  for (const [name, field] of Object.entries(fields)) {
    const given = form.get(name)
    if (field.kind === 'check') {
      values[name] = given !== null
      continue
    }
    if (field.kind === 'file') {
      if (given instanceof File && given.size > 0) values[name] = given
      else if (given instanceof File && given.name !== '')
        faults.push({ name, words: { zh: `文件“${given.name}”是空的`, en: `the file "${given.name}" is empty` } })
      else if (!field.optional) faults.push({ name, words: { zh: '请选择文件', en: 'choose a file' } })
      continue
    }
    if (field.kind === 'files') {
      const files = form.getAll(name).flatMap((each) => (each instanceof File && each.size > 0 ? [each] : []))
      values[name] = files
      if (files.length === 0 && !field.optional) faults.push({ name, words: { zh: '请选择文件', en: 'choose a file' } })
      continue
    }
    const said = isListed(field) ? form.getAll(name).join(',') : given
    const text = typeof said === 'string' ? said.trim() : ''
    if (text === '') {
      if (!field.optional) faults.push({ name, words: emptyWords })
      continue
    }
    if (text.includes('\u0000') || text.length > 10_000) {
      faults.push({
        name,
        words: { zh: '过长，或含有不能保存的字符', en: 'too long, or holds a character that cannot be kept' },
      })
      continue
    }
    const read = field.schema?.safeParse(text)
    if (read !== undefined && !read.success) faults.push({ name, words: wordsOf(read.error.issues[0]?.message ?? '') })
    else values[name] = read === undefined ? text : read.data
  }
  return faults.length > 0 ? { faults } : { values }
}

function wordsOf(message: string): Said {
  const [zh = '', en = zh] = message.split(' · ')
  return { zh: `不合要求：${zh}`, en: `does not fit: ${en}` }
}

function FaultSummary({
  faults,
  fields,
  say,
}: {
  readonly faults: readonly Fault[]
  readonly fields: Fields
  readonly say: Say
}) {
  if (faults.length === 0) return null
  return (
    <div class="notice overdue" role="alert">
      <p>
        <strong>{say(`有 ${faults.length} 处需要修改`, `${faults.length} to mend`)}</strong>
      </p>
      <ul>
        {faults.map(({ name, words }) => (
          <li>
            <a href={`#field-${name}`}>
              {say(fields[name]?.label ?? emptyWords)}
              {say('：', ': ')}
              {say(words)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

const inputTypes = {
  date: 'text',
  month: 'text',
  number: 'text',
  amount: 'text',
  text: 'text',
  password: 'password',
} as const
const forms = { date: 'YYYY-MM-DD', month: 'YYYY-MM', amount: '0.00', number: '', text: '', password: '' } as const

async function fieldOf(
  asked: PageAsked,
  name: string,
  field: Field,
  tried: { readonly typed: string; readonly refusal: Refusal | undefined },
  fault: Fault | undefined,
  found: Choices,
): Promise<Child> {
  const { say } = asked
  const value = tried.typed
  const listed = field.kind === 'checks' ? ((await field.choices?.(asked, tried)) ?? []) : []
  const offered = field.kind === 'choice' ? ((await field.choices?.(asked, tried)) ?? []) : []
  const kind = field.orTyped === true && offered.length === 0 ? 'text' : (field.kind ?? 'text')
  if (kind === 'checks') return checksOf(name, field, listed, value, say)
  if (kind === 'hidden') return <input type="hidden" name={name} value={value} />
  const id = `field-${name}`
  const described = [field.help === undefined ? '' : `${id}-help`, fault === undefined ? '' : `${id}-fault`]
    .filter((part) => part !== '')
    .join(' ')
  const shared = {
    id,
    name,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': fault === undefined ? undefined : ('true' as const),
    required: undefined,
  }
  const isOnlyOne = offered.length === 1 && field.optional !== true
  return (
    <div class={`field ${kind}`}>
      {kind === 'check' ? (
        <label for={id}>
          <input type="checkbox" {...shared} value="yes" checked={value !== ''} /> {say(field.label)}
        </label>
      ) : (
        <label for={id}>
          {say(field.label)}
          {field.optional ? <span class="quiet">{say('（可不填）', ' (optional)')}</span> : null}
        </label>
      )}
      {field.help === undefined ? null : (
        <p class="help" id={`${id}-help`}>
          {unbroken(say(field.help))}
        </p>
      )}
      {kind === 'check' ? null : kind === 'choice' ? (
        <select {...shared}>
          <option value="">{say('请选择', 'choose')}</option>
          {offered.map(([choice, words]) => (
            <option value={choice} selected={choice === value || isOnlyOne}>
              {words}
            </option>
          ))}
        </select>
      ) : kind === 'long' ? (
        <textarea {...shared} rows={Math.min(30, Math.max(4, value.split('\n').length))}>
          {value}
        </textarea>
      ) : kind === 'file' || kind === 'files' ? (
        <input type="file" {...shared} accept={field.accept} multiple={kind === 'files'} />
      ) : (
        <input
          type={inputTypes[kind]}
          {...shared}
          value={kind === 'password' ? '' : value}
          placeholder={forms[kind] === '' ? undefined : forms[kind]}
          inputmode={
            kind === 'amount' || kind === 'number'
              ? 'decimal'
              : kind === 'date' || kind === 'month'
                ? 'numeric'
                : undefined
          }
          autocomplete={field.autocomplete ?? 'off'}
          data-capitals={kind === 'amount' ? `${id}-capitals` : undefined}
        />
      )}
      {kind === 'amount' ? <output class="help capitals" id={`${id}-capitals`} for={id} /> : null}
      {fault === undefined ? null : (
        <p class="fault" id={`${id}-fault`}>
          {say(fault.words)}
        </p>
      )}
      {found.length < 2 ? null : <ChooseOne name={name} label={say(field.label)} of={found} />}
    </div>
  )
}

/** Those that answer to a name, to choose one of. */
function ChooseOne({ name, label, of }: { readonly name: string; readonly label: string; readonly of: Choices }) {
  return (
    <fieldset class="field checks">
      <legend>{label}</legend>
      {of.map(([value, words]) => (
        <label>
          <input type="radio" name={chosenOf(name)} value={value} /> {words}
        </label>
      ))}
    </fieldset>
  )
}

function checksOf(
  name: string,
  { label, help }: Field,
  choices: readonly (readonly [value: string, words: string])[],
  typed: string,
  say: Say,
): Child {
  if (choices.length === 0) return null
  const checked = typed.split(',')
  return (
    <fieldset class="field checks">
      <legend>{say(label)}</legend>
      {help === undefined ? null : <p class="help">{unbroken(say(help))}</p>}
      {choices.map(([choice, words]) => (
        <label>
          <input type="checkbox" name={name} value={choice} checked={checked.includes(choice)} /> {words}
        </label>
      ))}
    </fieldset>
  )
}

/** Carries out a route of the API for a page: a work that takes long, or a file that is sent. Answers where it goes on. */
export async function runRoute(
  route: Route,
  asked: PageAsked,
  posted: Posted,
  input: {
    readonly params?: object
    readonly query?: object
    readonly body?: unknown
    readonly file?: File
    readonly files?: FormData
  },
): Promise<Outcome | Refusal> {
  const request =
    input.file === undefined
      ? new Request(posted.request.url, { method: 'POST', body: input.files ?? null })
      : new Request(posted.request.url, { method: 'POST', body: input.file.stream(), duplex: 'half' } as RequestInit)
  return route.run({
    services: asked.services,
    visitor: asked.visitor,
    params: (input.params ?? {}) as Given<Shape>,
    query: { ...(input.file === undefined ? {} : { fileName: input.file.name }), ...input.query } as Given<Shape>,
    body: input.body,
    envelope: posted.envelope,
    request,
    language: asked.say.language,
    works: asked.works,
    files: asked.files,
  })
}

/** The route of a path among a stage's own. */
export function routeAt(routes: readonly Route[], path: string, method = 'post'): Route {
  return present(
    routes.find((route) => route.path === path && route.method === method),
    `there is a route ${method} ${path}`,
  )
}

/** A page that answers with a file, made by a download route of the API. */
export function downloadPage(path: string, permits: PermissionName, route: Route): PageRoute {
  return {
    path,
    title: route.title,
    permits,
    postPermits: undefined,
    params: route.params,
    query: route.query,
    post: undefined,
    get: async (asked) => {
      const outcome = await route.run({
        services: asked.services,
        visitor: asked.visitor,
        params: asked.params,
        query: asked.query,
        body: undefined,
        envelope: { actor: asked.visitor.code, commandId: crypto.randomUUID() },
        request: new Request(asked.url),
        language: asked.say.language,
        works: asked.works,
        files: asked.files,
      })
      return isRefusal(outcome) ? outcome : present(outcome.response, 'a download answers with its file')
    },
  }
}

/** Lets a command read a file of a form where it lies on disk, under its own name, and takes it away again. */
export async function withFile<Answer>(
  { files }: Pick<PageAsked, 'files'>,
  file: File,
  work: (received: ReceivedFile) => Promise<Answer>,
): Promise<Answer | Refusal> {
  const workplace = await present(files, 'pages are served where files can be kept').workplace()
  try {
    const received = await workplace.receive(file.stream(), file.name.replaceAll(/[/\\]/g, '_'), file.size)
    return isRefusal(received) ? received : await work(received)
  } finally {
    await workplace.clear()
  }
}

const sha256OfBytes = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')

/** A paper of a form as a command takes it. */
export async function paperOf(file: File): Promise<Evidence> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return { name: file.name, digest: await sha256OfBytes(bytes), bytes }
}

/** The id of a work that was started. */
export function workIdOf(outcome: Outcome): string {
  return (outcome.json as { workId: string }).workId
}
