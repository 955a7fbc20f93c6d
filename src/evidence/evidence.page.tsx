import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { type RawBuilder, sql } from 'kysely'
import { isRefusal } from '../kernel/refusal.ts'
import { chainHead } from '../platform/audit.queries.ts'
import { wordsOfCommand } from '../platform/authorisation/authorisation.ts'
import { permissions } from '../platform/authorisation/permissions.ts'
import { instantForPeople } from '../platform/cli-text.ts'
import { id } from '../platform/http/fields.ts'
import { operationId } from '../platform/http/operation-id.ts'
import type { Route, Said } from '../platform/http/route.ts'
import { columnsOf } from '../platform/pages/columns.tsx'
import { periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { type Choices, formPage, routeAt, runRoute, workIdOf } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Code,
  Count,
  Facts,
  Instant,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { inPeriod, type Period } from '../platform/period.ts'
import type { Json } from '../platform/platform.tables.ts'
import { findsStaff } from '../platform/staff-filter.ts'
import type { WorkResult } from '../platform/works.page.tsx'
import { refuseEvidence } from './evidence.refusals.ts'
import { evidencePack } from './evidence-pack.ts'
import { packKindNames, packKinds } from './subject-of.ts'
import type { Verification } from './verification.ts'

const crumb = (say: Say) => ({ text: say('证据', 'evidence'), href: '/office/evidence' })
const verifyPath = '/evidence/verifications'

const headPage = page('/office/evidence', {
  title: { zh: '证据与核验', en: 'evidence and verification' },
  permits: 'evidence.read',
  show: async ({ services, say, may }) => {
    const head = await chainHead(services.db)
    return {
      title: say('证据与核验', 'evidence and verification'),
      next: may('evidence.verify') ? (
        <PrimaryLink href="/office/evidence/verification">{say('核验全部', 'check everything')}</PrimaryLink>
      ) : null,
      body: (
        <>
          <Facts
            of={[
              [say('事件（件）', 'events'), <Count of={Number(head.seq)} />],
              [say('链头', 'head of the chain'), <Code of={head.hash} copy say={say} />],
            ]}
          />
          <Notice>
            {say(
              '把链头印在签字的文件上；以后输入这个摘要核验，就能证明此前的记录没有被改动。',
              'Print the head on signed papers: checking it later proves that nothing before it was changed.',
            )}
          </Notice>
          <Section title={say('证据包', 'evidence packs')}>
            <p>
              {say(
                '一份账单、案件、结算单、对账、清缴或服务费申请的全部依据，附在数据库之外也能核对的证明。',
                'Everything that bears on a bill, case, statement, reconciliation, settlement or claim, with proof that needs no database.',
              )}
            </p>
            <form class="filters" method="get" action="/office/evidence/pack">
              <div>
                <label for="kind">{say('关于', 'about')}</label>
                <select id="kind" name="kind">
                  {packKindNames.map((name) => (
                    <option value={name}>{say(packKinds[name])}</option>
                  ))}
                </select>
              </div>
              <div>
                <label for="number">{say('编号', 'its number')}</label>
                <input id="number" name="number" size={18} placeholder="2026-000001" autocomplete="off" />
              </div>
              <button type="submit">{say('下载证据包', 'download the pack')}</button>
            </form>
          </Section>
        </>
      ),
    }
  },
})

const packPage = page('/office/evidence/pack', {
  title: { zh: '证据包', en: 'an evidence pack' },
  permits: 'evidence.read',
  query: { kind: z.enum(packKindNames).default('bill'), number: z.string().trim().max(40).optional() },
  show: async ({ services, query }) => {
    const { kind, number = '' } = query
    const { zh: kindZh, en: kindEn, example } = packKinds[kind]
    if (number === '') return refuseEvidence('evidence_number_missing', { kindZh, kindEn, example })
    const subject = await packKinds[kind].subject(services.db, number)
    if (isRefusal(subject)) return subject
    const pack = await evidencePack(services, subject)
    if (isRefusal(pack)) return pack
    return new Response(`${JSON.stringify(pack)}\n`, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`证据包 ${number}.json`)}`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    })
  },
})

const verifyPage = (routes: readonly Route[]) =>
  formPage('/office/evidence/verification', {
    title: { zh: '核验全部', en: 'check everything' },
    permits: 'evidence.verify',
    crumbs: ({ say }) => [crumb(say)],
    about: ({ say }) => (
      <Notice>
        {say(
          '核对事件链、每一行、文件、编号、账簿，并重算账单、缴款、划缴和服务费。数据多时需几分钟，只读。',
          'Chain, rows, files, numbers, books; bills, payments, remittance and service fees computed again. It only reads.',
        )}
      </Notice>
    ),
    fields: {
      head: {
        label: { zh: '签字文件上的链头摘要', en: 'a head from a signed paper' },
        help: { zh: '可只填前 12 位；填了就一并证明那时的记录仍在。', en: 'Its first 12 places will do.' },
        optional: true,
        schema: z.string().regex(/^[0-9a-f]{8,64}$/i, '8 至 64 位十六进制 · 8 to 64 hexadecimal places'),
      },
    },
    submit: { zh: '开始核验', en: 'begin' },
    run: async (asked, { head }, posted) => {
      const outcome = await runRoute(routeAt(routes, verifyPath), asked as never, posted, {
        query: head === undefined ? {} : { head },
      })
      return isRefusal(outcome) ? outcome : { answer: { workId: workIdOf(outcome) }, repeated: false, dryRun: false }
    },
    preview: 'none',
    done: ({ workId }, { say }) => ({
      to: `/office/works/${workId}`,
      said: say('核验已开始。', 'The check has begun.'),
    }),
  })

function verificationResult(report: Parameters<WorkResult>[0], say: Say) {
  const found = report.answer as unknown as Verification
  return (
    <>
      <p>
        {found.sound ? (
          <State tone="settled">{say('全部相符', 'everything holds')}</State>
        ) : (
          <State tone="overdue">{say('有不符之处', 'something does not hold')}</State>
        )}
      </p>
      {found.headAsked === null || found.headAsked === undefined ? null : found.headAsked.seq === null ? (
        <Notice tone="overdue">
          {say('链上没有所问的摘要：此前的记录被改动过。', 'The chain does not hold the digest asked for.')}
        </Notice>
      ) : (
        <Notice tone="settled">
          {say(
            `所问的摘要是第 ${found.headAsked.seq} 件事件，此前的记录没有改动。`,
            `The digest is event ${found.headAsked.seq}; nothing before it was changed.`,
          )}
        </Notice>
      )}
      <PlainTable
        columns={[
          { title: say('核对', 'check') },
          { title: say('数了', 'counted') },
          { title: say('不符', 'findings'), number: true },
        ]}
        rows={found.checks.map((check) => [
          say(check),
          check.counted
            .map(({ zh, what, count }) => `${say(zh, what)} ${count.toLocaleString('en')}`)
            .join(say('，', ', ')),
          <Count of={check.findings.length} />,
        ])}
      />
      {found.checks
        .flatMap((check) => check.findings)
        .map((finding) => (
          <Notice tone="overdue">
            {finding.table} {finding.row} {say(finding)}
          </Notice>
        ))}
    </>
  )
}

/** What a finished check answers on the page of its work. */
export const evidenceWorkResults: Readonly<Record<string, WorkResult>> = {
  [operationId({ method: 'post', path: verifyPath })]: verificationResult,
}

// The audit trail

interface AuditRow {
  readonly seq: string
  readonly recorded_at: Date
  readonly acting_on: string
  readonly actor: string
  readonly command: string
  readonly input: Json
}

interface AuditFilter extends Period {
  readonly actor?: string
  readonly command?: string
  readonly about?: string
}

function auditRows({ actor, command, about, ...days }: AuditFilter): RawBuilder<AuditRow> {
  const conditions = [inPeriod(sql`c.acting_on`, days)]
  if (actor !== undefined) conditions.push(sql`s.code = ${actor}`)
  if (command !== undefined) conditions.push(sql`starts_with(c.name, ${command})`)
  // What a command was given or answered names its object: a bill, an account, a proposal.
  if (about !== undefined)
    conditions.push(sql`(strpos(c.input::text, ${about}) > 0 or strpos(e.answer::text, ${about}) > 0)`)
  return sql<AuditRow>`
    select e.seq, c.recorded_at, c.acting_on, s.name as actor, c.name as command, c.input
    from audit_events e join commands c on c.command_id = e.command_id join staff s on s.id = c.actor_id
    where ${sql.join(conditions, sql` and `)}`
}

/** The words of a command where the table of permissions has them; else its name. */
const commandText = (name: string, say: Say): string => {
  const words = wordsOfCommand(name)
  return words === undefined ? name : say(words)
}
const commandWords = (name: string, say: Say): Child => {
  const text = commandText(name, say)
  return text === name ? <code>{name}</code> : text
}

/** Commands by their words; a name, or how one begins, is taken as it is: names are finer than words. */
function commandsLike(typed: string, say: Say): Choices {
  const known = Object.entries(permissions)
  const wanted = typed.toLowerCase()
  if (/^[a-z-]+\./.test(typed)) return [[typed, typed]]
  return known.flatMap(([name, { zh, en }]) =>
    zh.includes(typed) || en.toLowerCase().includes(wanted) ? [[name, `${say(zh, en)}（${name}）`] as const] : [],
  )
}
const shownOfInput = 44
const shortened = (text: string): string => (text.length > shownOfInput ? `${text.slice(0, shownOfInput)}…` : text)

const auditTitle: Said = { zh: '办理记录', en: 'audit trail' }
const col = columnsOf<AuditRow>()

const auditList = tablePage('/office/audit', {
  title: auditTitle,
  permits: 'audit.read',
  query: {
    actor: z.string().trim().max(40).optional(),
    command: z.string().trim().max(100).optional(),
    about: z.string().trim().max(100).optional(),
    ...periodQuery,
  },
  filters: [
    { name: 'about', label: { zh: '对象（账单、户号、案号…）', en: 'about' }, kind: 'text' },
    { name: 'actor', label: { zh: '经办人', en: 'person' }, ...findsStaff },
    {
      name: 'command',
      label: { zh: '办理事项', en: 'command' },
      kind: 'text',
      placeholder: { zh: '如：开账', en: 'e.g. bill' },
      find: async ({ say }, typed) => commandsLike(typed, say),
    },
    ...periodFilters('办理日', 'day'),
  ],
  columns: [
    col.text('seq', '序号', 'no.', (row) => row.seq),
    col.text('recorded_at', '时间', 'at', (row) => instantForPeople(row.recorded_at), {
      cell: (row) => <Instant of={row.recorded_at} />,
    }),
    col.text('acting_on', '办理日', 'day', (row) => row.acting_on, { wide: true }),
    col.text('actor', '经办', 'by', (row) => row.actor),
    col.code('command', '事项', 'command', (row, say) => commandText(row.command, say), {
      cell: (row, say) => commandWords(row.command, say),
    }),
    col.text('input', '内容', 'with', (row) => JSON.stringify(row.input), {
      sort: false,
      wide: true,
      cell: (row) => <span class="quiet">{shortened(JSON.stringify(row.input))}</span>,
    }),
  ],
  rows: ({ query }) => auditRows(query),
  onlyGrows: true,
  order: { by: 'seq', direction: 'desc' },
  indexed: ['seq'],
  unique: 'seq',
  open: (row) => `/office/audit/${row.seq}`,
  file: auditTitle,
  empty: ({ say }) => ({ text: say('还没有办理记录。', 'Nothing was done yet.') }),
})

const auditPage = page('/office/audit/{seq}', {
  title: { zh: '一件办理记录', en: 'one event' },
  permits: 'audit.read',
  params: { seq: id() },
  show: async ({ services, params, say }) => {
    const { rows } = await sql<AuditRow & { answer: Json; command_id: string; hash: string; code: string }>`
      select e.seq, c.recorded_at, c.acting_on, s.name as actor, s.code, c.name as command, c.input, e.answer, c.command_id, e.hash
      from audit_events e join commands c on c.command_id = e.command_id join staff s on s.id = c.actor_id
      where e.seq = ${params.seq}::bigint`.execute(services.db)
    const [found] = rows
    if (found === undefined) return refuseEvidence('evidence_subject_unnamed')
    return {
      title: say(`办理记录 ${found.seq}`, `event ${found.seq}`),
      crumbs: [{ text: say(auditTitle), href: '/office/audit' }],
      body: (
        <>
          <Facts
            of={[
              [say('事项', 'command'), commandWords(found.command, say)],
              [say('命令', 'command name'), <code>{found.command}</code>],
              [say('经办', 'by'), `${found.actor}（${found.code}）`],
              [say('时间', 'at'), <Instant of={found.recorded_at} />],
              [say('办理日', 'day'), found.acting_on],
              [say('命令编号', 'command id'), <Code of={found.command_id} />],
              [say('链上摘要', 'hash'), <Code of={found.hash} copy say={say} />],
            ]}
          />
          <Section title={say('输入', 'input')}>
            <pre class="json">{JSON.stringify(found.input, null, 2)}</pre>
          </Section>
          <Section title={say('结果', 'answer')}>
            <pre class="json">{JSON.stringify(found.answer, null, 2)}</pre>
          </Section>
        </>
      ),
    }
  },
})

/** The head of the chain, the check of everything, packs to take away, and who did what. */
export const evidencePages = (routes: readonly Route[]): readonly PageRoute[] => [
  headPage,
  packPage,
  verifyPage(routes),
  auditList,
  auditPage,
]
