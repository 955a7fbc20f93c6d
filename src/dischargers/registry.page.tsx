import { z } from '@hono/zod-openapi'
import { type RawBuilder, sql } from 'kysely'
import type { ImportId } from '../kernel/ids.ts'
import { inOneLine, isRefusal } from '../kernel/refusal.ts'
import { instantForPeople } from '../platform/cli-text.ts'
import { id, text } from '../platform/http/fields.ts'
import type { Route, Said } from '../platform/http/route.ts'
import { downloadPage, formPage, routeAt, runRoute, workIdOf } from '../platform/pages/forms.tsx'
import type { Crumb, PageRoute } from '../platform/pages/page-route.ts'
import {
  ButtonLink,
  Count,
  Instant,
  NextStep,
  Notice,
  PlainTable,
  PrimaryLink,
  State,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { withoutCommands } from '../platform/pages/without-commands.ts'
import type { WorkResult } from '../platform/works.page.tsx'
import { collectorCode } from './account.routes.ts'
import { listCollectors } from './discharger.queries.ts'
import { refuse } from './dischargers.refusals.ts'
import type { RegistryImportAnswer } from './import-registry.ts'
import { importedHeader } from './registry.queries.ts'
import { type RegistryKind, registryFiles, registryKinds } from './registry.ts'
import { sayReason } from './registry-cells.ts'
import {
  type RegistryImportRow,
  type RejectedLine,
  registryImportRows,
  rejectedLines,
} from './registry-list.queries.ts'

const title: Said = { zh: '登记表导入', en: 'registry files' }
const home = '/office/registry'
const crumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(title), href: home }]

const kindWords = (kind: string, say: Say): string => {
  const file = registryFiles[kind.replace('registry.', '') as RegistryKind]
  return file === undefined ? kind : say(file)
}

const columns: readonly Column<RegistryImportRow>[] = [
  { key: 'id', title: { zh: '导入', en: 'import' }, cell: (row) => row.id, text: (row) => row.id, sort: 'id' },
  {
    key: 'kind',
    title: { zh: '种类', en: 'kind' },
    cell: (row, say) => kindWords(row.kind, say),
    text: (row, say) => kindWords(row.kind, say),
    sort: 'kind',
  },
  {
    key: 'scope',
    title: { zh: '代征单位', en: 'collector' },
    cell: (row) => row.collector_name ?? (row.scope || '—'),
    text: (row) => row.collector_name ?? row.scope,
    sort: 'collector_name',
    wide: true,
  },
  {
    key: 'file',
    title: { zh: '文件', en: 'file' },
    cell: (row) => row.file_name,
    text: (row) => row.file_name,
    sort: 'file_name',
    wide: true,
  },
  {
    key: 'in',
    title: { zh: '行数', en: 'rows' },
    number: true,
    decimals: 0,
    cell: (row) => <Count of={row.rows_in} />,
    text: (row) => String(row.rows_in),
    sort: 'rows_in',
  },
  {
    key: 'accepted',
    title: { zh: '通过', en: 'accepted' },
    number: true,
    decimals: 0,
    cell: (row) => <Count of={row.rows_accepted} />,
    text: (row) => String(row.rows_accepted),
    sort: 'rows_accepted',
    wide: true,
  },
  {
    key: 'at',
    title: { zh: '时间', en: 'at' },
    cell: (row) => <Instant of={row.recorded_at} />,
    text: (row) => instantForPeople(row.recorded_at),
    sort: 'recorded_at',
    wide: true,
  },
  {
    key: 'rejected',
    title: { zh: '拒绝', en: 'rejected' },
    cell: (row, say) =>
      row.rows_rejected === 0 ? (
        <State tone="settled">{say('全部通过', 'all accepted')}</State>
      ) : (
        <State tone="waiting">{say(`${row.rows_rejected} 行`, `${row.rows_rejected} rows`)}</State>
      ),
    text: (row) => String(row.rows_rejected),
    sort: 'rows_rejected',
  },
]

const listPage = tablePage(home, {
  title,
  permits: 'registry.read',
  query: { kind: z.enum(registryKinds).optional() },
  filters: [
    {
      name: 'kind',
      label: { zh: '种类', en: 'kind' },
      kind: 'choice',
      choices: (say) => registryKinds.map((kind) => [kind, say(registryFiles[kind])]),
    },
  ],
  columns,
  rows: ({ query }) => registryImportRows(query),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `${home}/imports/${row.id}`,
  file: title,
  next: ({ say, visitor }) => (
    <NextStep permits="dischargers.import-registry" visitor={visitor} href={`${home}/upload`}>
      {say('导入登记表', 'import a file')}
    </NextStep>
  ),
  intro: ({ say }) => <Files say={say} />,
  empty: ({ say }) => ({
    text: say(
      '还没有导入过登记表。按空白表填写排污者、协议、户号、水表，逐个导入。',
      'No registry file yet. Fill the blank forms in and import them one after the other.',
    ),
    action: <PrimaryLink href={`${home}/upload`}>{say('导入登记表', 'import a file')}</PrimaryLink>,
  }),
})

const Files = ({ say }: { readonly say: Say }) => (
  <details>
    <summary>{say('空白表与导出', 'blank forms and exports')}</summary>
    <PlainTable
      columns={[
        { title: say('种类', 'kind') },
        { title: say('空白表', 'blank form') },
        { title: say('导出现有登记', 'export') },
      ]}
      rows={registryKinds.map((kind) => [
        say(registryFiles[kind]),
        <a href={`${home}/${kind}/template`}>XLSX</a>,
        registryFiles[kind].ofCollector ? (
          <a href={`${home}/export?kind=${kind}`}>{say('按代征单位导出', 'by collector')}</a>
        ) : (
          <a href={`${home}/${kind}/file?format=xlsx`}>XLSX</a>
        ),
      ])}
    />
  </details>
)

const rejectedColumns: readonly Column<RejectedLine>[] = [
  {
    key: 'row',
    title: { zh: '行', en: 'row' },
    cell: (row) => String(row.row_no),
    text: (row) => String(row.row_no),
    sort: 'row_no',
  },
  {
    key: 'why',
    title: { zh: '原因 → 建议', en: 'reason → remedy' },
    cell: (row, say) => (
      <>
        {row.reasons.map((reason) => {
          const said = sayReason(reason, row.row_no, say.language)
          return (
            <div class="reason">
              {said.reason} <span class="quiet">{withoutCommands(said.remedy)}</span>
            </div>
          )
        })}
      </>
    ),
    text: (row, say) =>
      inOneLine(
        row.reasons.flatMap((reason) => Object.values(sayReason(reason, row.row_no, say.language))),
        say.language,
      ),
    sort: 'reasons',
  },
  {
    key: 'cells',
    title: { zh: '文件中的这一行', en: 'the row in the file' },
    cell: (row) => row.cells.filter((cell) => cell !== '').join(' · '),
    text: (row) => row.cells.join(' · '),
    sort: 'cells',
  },
]

const importPage = tablePage('/office/registry/imports/{import}', {
  title: { zh: '一次登记表导入：被拒绝的行', en: 'one registry file: rejected rows' },
  permits: 'registry.read',
  params: { import: id() },
  query: { q: text(100).optional() },
  filters: [{ name: 'q', label: { zh: '行中的文字', en: 'text in the row' }, kind: 'text' }],
  crumbs,
  columns: rejectedColumns,
  rows: async ({ services: { db }, params, query }): Promise<RawBuilder<RejectedLine> | ReturnType<typeof refuse>> => {
    const header = await importedHeader(db, params.import)
    return header === undefined
      ? refuse('registry_import_unknown', { importId: params.import })
      : rejectedLines(params.import, query.q)
  },
  order: { by: 'row_no', direction: 'asc' },
  unique: 'row_no',
  intro: async ({ services: { db }, params, say }) => {
    const { rows } = await sql<RegistryImportRow>`${registryImportRows({ id: params.import as ImportId })}`.execute(db)
    const [found] = rows
    if (found === undefined) return null
    return (
      <>
        <PlainTable
          caption={`${kindWords(found.kind, say)}　${found.file_name}`}
          columns={[say('行数', 'rows'), say('通过', 'accepted'), say('拒绝', 'rejected')].map((each) => ({
            title: each,
            number: true,
          }))}
          rows={[
            [<Count of={found.rows_in} />, <Count of={found.rows_accepted} />, <Count of={found.rows_rejected} />],
          ]}
        />
        {found.rows_rejected === 0 ? null : (
          <p class="buttons">
            <ButtonLink href={`${home}/imports/${found.id}/rejected?format=xlsx`}>
              {say('导出被拒绝的行，改后再导入', 'rejected rows, to be corrected')}
            </ButtonLink>
          </p>
        )}
      </>
    )
  },
  file: { zh: '被拒绝的行', en: 'rejected rows' },
  empty: ({ say }) => ({ text: say('没有被拒绝的行：全部通过。', 'No row was rejected: all were accepted.') }),
})

/** What an import of the registry leads to. */
export const registryWorkResults: Readonly<Record<string, WorkResult>> = {
  'post-registry-by-kind-imports': (report, say) => {
    const answer = report.answer as unknown as RegistryImportAnswer
    return (
      <>
        <PlainTable
          caption={say(
            `${registryFiles[answer.kind].zh}：${answer.file}`,
            `${registryFiles[answer.kind].en}: ${answer.file}`,
          )}
          columns={[
            say('行数', 'rows'),
            say('新增', 'added'),
            say('已登记', 'there already'),
            say('拒绝', 'rejected'),
          ].map((each) => ({ title: each, number: true }))}
          rows={[
            [answer.rowsIn, answer.added, answer.alreadyThere, answer.rejected].map((each) => <Count of={each} />),
          ]}
        />
        {answer.reasons.length === 0 ? null : (
          <PlainTable
            caption={say('拒绝的原因', 'why rows were rejected')}
            columns={[
              { title: say('原因', 'reason') },
              { title: say('行数', 'rows'), number: true },
              { title: say('首行', 'first row'), number: true },
            ]}
            rows={answer.reasons.map(({ count, firstRow, first }) => [
              first[0] === undefined ? '—' : first[0][say.language],
              <Count of={count} />,
              String(firstRow),
            ])}
          />
        )}
        {report.dryRun ? (
          <Notice>{say('只是试算，没有保存。', 'A trial: nothing was stored.')}</Notice>
        ) : (
          <p class="buttons">
            <PrimaryLink href={`${home}/imports/${answer.importId}`}>{say('看这次导入', 'see the import')}</PrimaryLink>
          </p>
        )}
      </>
    )
  },
}

/** Files of the registry. The stage's file routes, which know the later stages' guards, are handed in. */
export function registryPages(routes: readonly Route[]): readonly PageRoute[] {
  const importRoute = routeAt(routes, '/registry/{kind}/imports')
  const kindField = {
    label: { zh: '种类', en: 'kind' },
    kind: 'choice',
    choices: ({ say }: { readonly say: Say }) => registryKinds.map((kind) => [kind, say(registryFiles[kind])] as const),
    schema: z.enum(registryKinds) as z.ZodType<RegistryKind, string>,
  } as const
  const collectorField = {
    label: { zh: '代征单位', en: 'collector' },
    help: {
      zh: '户号、水表、分摊、变更属于某个单位时必填。',
      en: 'For accounts, meters, shares and changes, which are a collector’s own.',
    },
    kind: 'choice',
    optional: true,
    choices: async ({ services }: { readonly services: { readonly db: Parameters<typeof listCollectors>[0] } }) =>
      (await listCollectors(services.db)).map(({ code, name }) => [code, name] as const),
  } as const
  return [
    listPage,
    importPage,
    formPage('/office/registry/upload', {
      title: { zh: '导入登记表', en: 'import a registry file' },
      permits: 'dischargers.import-registry',
      crumbs,
      about: ({ say }) => (
        <Notice>
          {say(
            '勾选“先试算”只看结论，不保存。已登记的不会被文件改动；被拒绝的行可导出改正后再导入。',
            'A trial shows the verdicts and stores nothing. What is registered is never changed by a file; rejected rows come back to be corrected.',
          )}
        </Notice>
      ),
      initial: () => ({ trial: 'yes' }),
      fields: {
        kind: kindField,
        collector: collectorField,
        file: { label: { zh: '文件', en: 'file' }, kind: 'file', accept: '.csv,.txt,.xlsx,.xls' },
        sheet: { label: { zh: '工作表', en: 'sheet' }, optional: true, schema: text(100) },
        trial: { label: { zh: '先试算，不保存', en: 'a trial: store nothing' }, kind: 'check' },
      },
      submit: { zh: '读取文件', en: 'read the file' },
      run: async (asked, { kind, collector, file, sheet, trial }, posted) => {
        const envelope = trial ? { ...posted.envelope, dryRun: true } : posted.envelope
        const outcome = await runRoute(
          importRoute,
          asked as never,
          { ...posted, envelope },
          {
            params: { kind },
            query: { ...(collector === undefined ? {} : { collector }), ...(sheet === undefined ? {} : { sheet }) },
            file,
          },
        )
        return isRefusal(outcome) ? outcome : { answer: { workId: workIdOf(outcome) }, repeated: false, dryRun: false }
      },
      preview: 'none',
      done: ({ workId }, { say }) => ({
        to: `/office/works/${workId}`,
        said: say('文件已收到。', 'The file is here.'),
      }),
    }),
    exportPage,
    downloadPage(
      '/office/registry/imports/{import}/rejected',
      'registry.read',
      routeAt(routes, '/registry/imports/{import}/rejected-rows/file', 'get'),
    ),
    downloadPage('/office/registry/{kind}/file', 'registry.read', routeAt(routes, '/registry/{kind}/file', 'get')),
    downloadPage(
      '/office/registry/{kind}/template',
      'registry.read',
      routeAt(routes, '/registry/{kind}/template', 'get'),
    ),
  ]
}

const exportPage = tablePage('/office/registry/export', {
  title: { zh: '按代征单位导出登记表', en: 'export by collector' },
  permits: 'registry.read',
  query: { kind: z.enum(registryKinds).optional(), code: collectorCode.optional() },
  crumbs,
  columns: ({ query }) => [
    {
      key: 'code',
      title: { zh: '代码', en: 'code' },
      cell: (row: { readonly code: string; readonly name: string }) => <code>{row.code}</code>,
      text: (row) => row.code,
      sort: 'code',
    },
    {
      key: 'name',
      title: { zh: '代征单位', en: 'collector' },
      cell: (row) => row.name,
      text: (row) => row.name,
      sort: 'name',
    },
    {
      key: 'file',
      title: { zh: '登记表', en: 'file' },
      pressed: true,
      cell: (row) => (
        <a href={`${home}/${query.kind ?? 'accounts'}/file?format=xlsx&collector=${encodeURIComponent(row.code)}`}>
          XLSX
        </a>
      ),
      text: () => '',
    },
  ],
  rows: () => sql<{ readonly code: string; readonly name: string }>`select code, name from collectors`,
  order: { by: 'code', direction: 'asc' },
  unique: 'code',
  file: title,
  empty: ({ say }) => ({ text: say('还没有代征单位。', 'No collector yet.') }),
})
