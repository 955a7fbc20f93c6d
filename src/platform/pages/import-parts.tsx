import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { inOneLine, isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { CommandAnswer } from '../command.ts'
import { count, text } from '../http/fields.ts'
import { refuseHttp } from '../http/http.refusals.ts'
import type { Said } from '../http/route.ts'
import { type RowDecisionName, rowDecisionNames } from '../row-decisions.ts'
import type { WorkResult } from '../works.page.tsx'
import type { Filter } from './filters.tsx'
import { type runRoute, workIdOf } from './forms.tsx'
import type { PageAsked } from './page-route.ts'
import { Count, Notice, PlainTable, PrimaryLink, State, type Tone } from './parts.tsx'
import type { Say } from './say.ts'
import type { Column } from './table.tsx'
import { withoutCommands } from './without-commands.ts'

/** What the pages of files that are tried, taken in and settled row by row have in common, whatever the rows are about. */

// A trial

/** The page that a form was asked with; forms type their own part of it. */
export const asPageAsked = (asked: unknown): PageAsked => asked as PageAsked

/** A trial of one’s own: what it was asked for, its file while it is kept, what it came to once it is done. */
export async function triedOf<Input, Answer>(
  { services, visitor, works, files }: PageAsked,
  workId: string,
  /** What tries: an operation of its own, or the import itself where it stores nothing. */
  operation: string,
): Promise<
  { readonly input: Input; readonly file: File | undefined; readonly answer: Answer | undefined } | undefined
> {
  const asked = await works?.asked(services.db, workId)
  if (asked?.route !== operation || asked.actor !== visitor.code) return undefined
  const { query } = asked.input as unknown as { readonly query: Input & { readonly fileName?: string } }
  const { fileName: _named, ...input } = query
  const report = await works?.find(services.db, workId)
  const answer = report?.state === 'done' && report.dryRun ? (report.answer as unknown as Answer) : undefined
  return { input: input as unknown as Input, file: await files?.kept(asked.key), answer }
}

/** The work that a route began, as a form's answer. */
export function started(
  outcome: Awaited<ReturnType<typeof runRoute>>,
): CommandAnswer<{ readonly workId: string }> | Refusal {
  return isRefusal(outcome) ? outcome : { answer: { workId: workIdOf(outcome) }, repeated: false, dryRun: false }
}

/** Where long work is watched. */
export const toWork = ({ workId }: { readonly workId: string }, said: string) => ({
  to: `/office/works/${workId}`,
  said,
})

export const beingTried: Said = {
  zh: '文件已收到，正在试读，还没有保存。',
  en: 'Received; being tried, nothing is stored yet.',
}

/** Above the form that has a file read another way: it is there already, or is gone. */
export function keptFile(file: File | undefined, say: Say): Child | Refusal {
  if (file === undefined) return refuseHttp('tried_file_gone')
  return (
    <Notice>
      {say(`“${file.name}”已在服务器上，不必再选。`, `“${file.name}” is there already and need not be chosen again.`)}
    </Notice>
  )
}

/** On the page of a trial that was refused. */
export const tryAgain =
  (trialPath: (workId: string) => string): WorkResult =>
  (report, say) => (
    <p class="buttons">
      <PrimaryLink href={`${trialPath(report.workId)}/again`}>
        {say('改正后再试读', 'set it right and try again')}
      </PrimaryLink>
    </p>
  )

// How a file is read

/** How a person says that a file is to be read. */
export interface ReadingWay {
  readonly map?: Readonly<Record<string, string>>
  readonly encoding?: string
  readonly sheet?: string
  readonly headerRow?: number
}

/** The way as the fields of the form show it. */
export const typedWay = (way: ReadingWay | undefined) => ({
  map: Object.entries(way?.map ?? {})
    .map(([field, column]) => `${field}=${column}`)
    .join('\n'),
  sheet: way?.sheet ?? '',
  headerRow: way?.headerRow === undefined ? '' : String(way.headerRow),
  encoding: way?.encoding ?? '',
})

const mapping = z
  .string()
  .refine(
    (said) => said.split('\n').every((line) => line.trim() === '' || /^[^=＝]+[=＝]/.test(line.trim())),
    '每行写作 字段=列名 · each line as field=column',
  )
  .transform((said) =>
    Object.fromEntries(
      said
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .map((line) => {
          const at = line.search(/[=＝]/)
          return [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const
        }),
    ),
  )

const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const

/** The fields of a form that has a file read another way; `help` shows a column set right and one left out. */
export const wayFields = (help: Said) =>
  ({
    map: { label: { zh: '列对应', en: 'columns' }, help, kind: 'long', optional: true, schema: mapping },
    sheet: { label: { zh: '工作表', en: 'sheet' }, optional: true, schema: text(100) },
    headerRow: {
      label: { zh: '表头所在行', en: 'row of the header' },
      kind: 'number',
      optional: true,
      schema: count(1, 9_999_999),
    },
    encoding: {
      label: { zh: '文字编码', en: 'encoding' },
      kind: 'choice',
      optional: true,
      choices: () => encodings.map((each) => [each, each.toUpperCase()] as const),
    },
  }) as const

// What became of the rows

export const openWords = (undecided: number, say: Say): string =>
  undecided === 0 ? say('已处理完', 'settled') : say(`${undecided} 行待处理`, `${undecided} to settle`)

/** The filter of a list of files by whether rows of them wait to be settled. */
export const openFilter: Filter = {
  name: 'open',
  label: { zh: '状态', en: 'state' },
  kind: 'choice',
  choices: (say) => [['yes', say('有待处理行', 'with rows to settle')]],
}

export const OpenRows = ({ of, say }: { readonly of: number; readonly say: Say }) => (
  <State tone={of === 0 ? 'settled' : 'waiting'}>{openWords(of, say)}</State>
)

const verdicts = [
  ['accepted', { zh: '通过', en: 'accepted' }, 'settled'],
  ['held', { zh: '待审', en: 'held' }, 'waiting'],
  ['rejected', { zh: '拒绝', en: 'rejected' }, 'overdue'],
] as const
type VerdictName = (typeof verdicts)[number][0]

/** Rows in = accepted + held + rejected, and what they say likewise. */
export function Verdicts({
  rows,
  sums,
  say,
}: {
  readonly rows: Readonly<Record<VerdictName | 'in', number>>
  readonly sums: { readonly title: string; readonly of: (verdict: VerdictName | 'in') => Child }
  readonly say: Say
}) {
  return (
    <PlainTable
      caption={say('文件各行的结论', 'what became of the rows')}
      columns={[
        { title: say('结论', 'verdict') },
        { title: say('行数', 'rows'), number: true },
        { title: sums.title, number: true },
      ]}
      rows={verdicts.map(([key, words, tone]) => [
        <State tone={rows[key] === 0 && key !== 'accepted' ? 'plain' : tone}>{say(words)}</State>,
        <Count of={rows[key]} />,
        sums.of(key),
      ])}
      totals={[say('合计', 'total'), <Count of={rows.in} />, sums.of('in')]}
    />
  )
}

/** How many rows each reason holds, the most first. */
export const ReasonCounts = ({
  counts,
  titleOf,
  say,
}: {
  readonly counts: Readonly<Record<string, number>>
  readonly titleOf: ReasonTitle
  readonly say: Say
}) =>
  Object.keys(counts).length === 0 ? null : (
    <PlainTable
      caption={say('待审和拒绝的原因', 'why rows were held or rejected')}
      columns={[{ title: say('原因', 'reason') }, { title: say('行数', 'rows'), number: true }]}
      rows={Object.entries(counts)
        .toSorted(([, a], [, b]) => b - a)
        .map(([code, rows]) => [titleOf(code, say.language), <Count of={rows} />])}
    />
  )

/** Where an import leads once it is done: to its rows that are not settled. */
export const toImport = (
  href: string,
  { held, rejected }: { readonly held: number; readonly rejected: number },
  say: Say,
) => (
  <PrimaryLink href={href}>
    {held + rejected === 0
      ? say('看这次导入', 'see the import')
      : say(`处理 ${held + rejected} 行待审和拒绝`, `settle ${held + rejected} held and rejected rows`)}
  </PrimaryLink>
)

// Held and rejected rows

/** What a reason is called, by its code. */
export type ReasonTitle = (code: string, language: Say['language']) => string
/** A reason as a page says it: without the commands of a terminal. */
export type SaidReason = { readonly cause: string; readonly remedy: string }

export const reasonOnPage = ({ cause, remedy }: SaidReason): SaidReason => ({ cause, remedy: withoutCommands(remedy) })

/** All reasons of a row in one cell of a file. */
export const reasonsInOneLine = (reasons: readonly SaidReason[], say: Say): string =>
  inOneLine(
    reasons.map(({ cause, remedy }) => inOneLine([cause, remedy], say.language)),
    say.language,
  )

/** The reasons of a row, each with what to do, above what is done with it. */
export const ReasonNotices = ({
  reasons,
  tone,
}: {
  readonly reasons: readonly (SaidReason & { readonly title: string })[]
  readonly tone: Tone
}) => (
  <>
    {reasons.map(({ title, cause, remedy }) => (
      <Notice tone={tone}>
        <p>
          <strong>{title}</strong>
        </p>
        <p>{cause}</p>
        {remedy === '' ? null : <p>{remedy}</p>}
      </Notice>
    ))}
  </>
)

const verdictWords = {
  held: { tone: 'waiting', zh: '待审', en: 'held' },
  rejected: { tone: 'overdue', zh: '拒绝', en: 'rejected' },
} as const satisfies Record<string, Said & { readonly tone: Tone }>

interface RowStanding {
  readonly verdict: keyof typeof verdictWords
  readonly decision: RowDecisionName | null
}

/** `待审 → 接受`. */
export function rowState({ verdict, decision }: RowStanding, say: Say): string {
  if (decision === null) return say(verdictWords[verdict])
  if (decision === verdict) return say('已确认拒绝', 'rejection confirmed')
  return `${say(verdictWords[verdict])} → ${say(rowDecisionNames[decision])}`
}

export const rowTone = ({ verdict, decision }: RowStanding): Tone =>
  decision === null ? verdictWords[verdict].tone : 'settled'

export const verdictColumn: Column<RowStanding> = {
  key: 'verdict',
  title: { zh: '结论', en: 'verdict' },
  cell: (row, say) => <State tone={rowTone(row)}>{rowState(row, say)}</State>,
  text: rowState,
  sort: 'verdict',
}

export const rowsQuery = {
  verdict: z.enum(['held', 'rejected']).optional(),
  code: text(100).optional(),
  open: z.enum(['yes', 'no']).optional(),
}

/** The filters of a list of held and rejected rows: by verdict, by the reasons that there are, by what is settled. */
export function rowFilters(
  reasons: readonly { readonly code: string }[],
  asked: string | undefined,
  titleOf: ReasonTitle,
): readonly Filter[] {
  const found = reasons.map(({ code }) => code)
  const codes = asked === undefined || found.includes(asked) ? found : [...found, asked]
  return [
    {
      name: 'verdict',
      label: { zh: '结论', en: 'verdict' },
      kind: 'choice',
      choices: (say) => (['held', 'rejected'] as const).map((each) => [each, say(verdictWords[each])]),
    },
    {
      name: 'code',
      label: { zh: '原因', en: 'reason' },
      kind: 'choice',
      choices: (say) => codes.map((code) => [code, titleOf(code, say.language)]),
    },
    {
      name: 'open',
      label: { zh: '处理', en: 'settled' },
      kind: 'choice',
      choices: (say) => [
        ['yes', say('未处理', 'not yet')],
        ['no', say('已处理', 'settled')],
      ],
    },
  ]
}

/** What may be done with the checked rows: the first is the form's own, the rejection has a page beside it. */
export const rowButtons = (
  importPath: string,
  may: { readonly accept: boolean; readonly reject: boolean },
  say: Say,
) => [
  ...(may.accept ? [{ name: 'do', value: 'accept', words: say('接受勾选的行', 'accept the checked rows') }] : []),
  ...(may.reject
    ? [
        {
          name: 'do',
          value: 'reject',
          words: say('拒绝勾选的行', 'reject the checked rows'),
          action: `${importPath}/rejection`,
        },
      ]
    : []),
]

// Decisions on rows

export const decisionQuery = { code: text(100).optional(), row: count(1, 9_999_999).optional() }

const chosenRows = z.string().transform((said) => [...new Set(said.split(',').map(Number))].filter((row) => row > 0))

/** The rows that were checked in the list. */
export const chosenField = {
  label: { zh: '行', en: 'rows' },
  kind: 'hidden',
  optional: true,
  schema: chosenRows,
} as const

export const whyField = (help: Said) =>
  ({ label: { zh: '原因', en: 'reason' }, help, kind: 'long', schema: text(500) }) as const

/** Which rows a decision is about, in words: the one of the address, all of a reason, or those checked in the list. */
export const rowsInWords = (
  { row, code }: { readonly row?: number | undefined; readonly code?: string | undefined },
  titleOf: ReasonTitle,
  say: Say,
): string =>
  row !== undefined
    ? say(`第 ${row} 行`, `row ${row}`)
    : code !== undefined
      ? say(
          `只因“${titleOf(code, 'zh')}”而未处理的各行`,
          `all unsettled rows with no reason but “${titleOf(code, 'en')}”`,
        )
      : say('列表中勾选的各行', 'the rows checked in the list')

/** The fields that a person typed otherwise than the row has them. */
export const typedOtherwise = <Field extends string>(
  fields: readonly Field[],
  stated: Readonly<Partial<Record<string, string>>>,
  typed: Readonly<Partial<Record<string, string>>>,
): [Field, string][] =>
  fields.flatMap((field): [Field, string][] => {
    const value = typed[field] ?? ''
    return value === (stated[field] ?? '') ? [] : [[field, value]]
  })

type CorrectionField = { label: Said; optional: true; schema: z.ZodType<string, string> }

/** A field of the form for each column that may be set right. */
export const correctionFields = <Field extends string>(fields: readonly Field[], nameOf: (field: string) => Said) =>
  Object.fromEntries(
    fields.map((field) => [field, { label: nameOf(field), optional: true, schema: text(500) }]),
  ) as unknown as Record<Field, CorrectionField>
