import { z } from '@hono/zod-openapi'
import { findAccount } from '../dischargers/account.queries.ts'
import { accountNo, collectorCode } from '../dischargers/account.routes.ts'
import { civilDate } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { date, id, month, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { formPage } from '../platform/pages/forms.tsx'
import { type Crumb, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  ButtonLink,
  daysInWords,
  Facts,
  Instant,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  type Tone,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { estimateReading } from './estimate-reading.ts'
import { reasonSentence } from './reading.reasons.ts'
import { type ReadingKind, type ReadingSource, readingKinds, readingSources } from './reading.ts'
import { type ChainedReading, findReading, readingsOfAccount } from './reading-chain.queries.ts'
import { refuseReading } from './readings.refusals.ts'
import { acceptedCodes, acceptField } from './reason-titles.ts'
import { recordReading } from './record-reading.ts'
import { withdrawReading } from './withdraw-reading.ts'

export const sourceNames: Record<ReadingSource, Said> = {
  actual: { zh: '实抄', en: 'read' },
  remote: { zh: '远传', en: 'remote' },
  phone: { zh: '电话', en: 'by telephone' },
  estimated: { zh: '估抄', en: 'estimated' },
  unstated: { zh: '未说明', en: 'not said' },
}
const kindNames: Record<ReadingKind, Said> = {
  normal: { zh: '正常', en: 'ordinary' },
  residual: { zh: '换表残值', en: 'residual' },
  final: { zh: '销户', en: 'final' },
  supplement: { zh: '补抄', en: 'supplement' },
}
const statusNames: Record<ChainedReading['status'], { readonly tone: Tone } & Said> = {
  effective: { tone: 'settled', zh: '有效', en: 'effective' },
  superseded: { tone: 'plain', zh: '已被取代', en: 'superseded' },
  withdrawn: { tone: 'plain', zh: '已撤回', en: 'withdrawn' },
}

/** Where an account and its readings stand. */
export const accountPath = (collector: string, account: string): string =>
  `/office/accounts/${encodeURIComponent(collector)}/${encodeURIComponent(account)}`

const ofAccount = { collector: collectorCode, account: accountNo }
const accountCrumbs = ({
  say,
  params,
}: {
  readonly say: Say
  readonly params: { readonly collector: string; readonly account: string }
}): readonly Crumb[] => [
  { text: say('用水户', 'accounts'), href: '/office/accounts' },
  { text: params.account, href: accountPath(params.collector, params.account) },
]

const metered = (text: string | null) => (text === null ? '—' : <VolumeM3 of={text} />)

/** Readings as a table, newest first. */
export function ReadingsTable({ of, say }: { readonly of: readonly ChainedReading[]; readonly say: Say }) {
  return (
    <PlainTable
      caption={say('抄表记录', 'meter readings')}
      columns={[
        { title: say('用水月份', 'month') },
        { title: say('抄表日', 'read on') },
        { title: say('上期', 'before'), number: true },
        { title: say('本期', 'now'), number: true },
        { title: say('水量（m³）', 'volume (m³)'), number: true },
        { title: say('来源', 'source') },
        { title: say('状态', 'state') },
      ]}
      rows={of.map((reading) => [
        <a class="unbroken" href={`/office/readings/${reading.readingId}`}>
          {reading.feeMonth}
        </a>,
        reading.readOn,
        metered(reading.startReading),
        metered(reading.endReading),
        <VolumeM3 of={reading.volumeM3} />,
        say(sourceNames[reading.source]),
        <State tone={statusNames[reading.status].tone}>{say(statusNames[reading.status])}</State>,
      ])}
    />
  )
}

const historyPage = page('/office/accounts/{collector}/{account}/readings', {
  title: { zh: '一户的抄表', en: 'readings of an account' },
  permits: 'readings.read',
  params: ofAccount,
  query: { since: month.optional() },
  show: async ({ services: { db }, params, query, say }) => {
    const account = await findAccount(db, params.collector, params.account)
    if (isRefusal(account)) return account
    const readings = await readingsOfAccount(db, account.accountId, query.since)
    const at = accountPath(params.collector, params.account)
    return {
      title: say(`${params.account} 的抄表`, `readings of ${params.account}`),
      crumbs: accountCrumbs({ say, params }),
      next: <PrimaryLink href={`${at}/readings/new`}>{say('登记抄表', 'enter a reading')}</PrimaryLink>,
      body: (
        <>
          <p class="buttons">
            <ButtonLink href={`${at}/readings/estimate`}>{say('估抄一个月', 'estimate a month')}</ButtonLink>
          </p>
          {readings.length === 0 ? (
            <Notice>{say('还没有抄表记录。', 'No readings yet.')}</Notice>
          ) : (
            <ReadingsTable of={readings} say={say} />
          )}
        </>
      ),
    }
  },
})

const readingPage = page('/office/readings/{reading}', {
  title: { zh: '一条抄表记录', en: 'one reading' },
  permits: 'readings.read',
  params: { reading: id() },
  show: async ({ services: { db }, params, say }) => {
    const reading = await findReading(db, params.reading)
    if (reading === undefined) return refuseReading('reading_unknown', { reading: params.reading })
    return {
      title: say(`抄表记录 ${reading.readingId}`, `reading ${reading.readingId}`),
      crumbs: [{ text: say('抄表导入', 'imports of readings'), href: '/office/readings/imports' }],
      state: <State tone={statusNames[reading.status].tone}>{say(statusNames[reading.status])}</State>,
      figures: [
        { label: say('水量（m³）', 'volume (m³)'), value: <VolumeM3 of={reading.volumeM3} /> },
        { label: say('上期', 'before'), value: metered(reading.startReading) },
        { label: say('本期', 'now'), value: metered(reading.endReading) },
        { label: say('用水月份', 'month of use'), value: reading.feeMonth },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('抄表日', 'read on'), reading.readOn],
              [say('用水日期', 'days of use'), daysInWords(reading.used.from, reading.used.until, say)],
              [say('来源', 'source'), say(sourceNames[reading.source])],
              [say('行类型', 'kind'), say(kindNames[reading.kind])],
              [say('修订', 'revision'), String(reading.revision)],
              [say('经办', 'entered by'), reading.recordedBy],
              [say('时间', 'at'), <Instant of={reading.recordedAt} />],
              [say('依据', 'evidence'), reading.evidence],
              [
                say('来自文件', 'from a file'),
                reading.importId === null ? null : (
                  <a href={`/office/readings/imports/${reading.importId}`}>
                    {say(
                      `导入 ${reading.importId} 第 ${reading.rowNo} 行`,
                      `import ${reading.importId}, row ${reading.rowNo}`,
                    )}
                  </a>
                ),
              ],
              ...(reading.endReason === '' ? [] : [[say('撤回原因', 'withdrawn because'), reading.endReason] as const]),
            ]}
          />
          {reading.notes.length === 0 ? null : (
            <Section title={say('核对时的说明', 'notes of the check')}>
              <ul>
                {reading.notes.map((note) => (
                  <li>{reasonSentence(note, say.language)}</li>
                ))}
              </ul>
            </Section>
          )}
          {reading.status !== 'effective' ? null : (
            <p class="buttons">
              <ButtonLink href={`/office/readings/${reading.readingId}/withdrawal`}>
                {say('撤回', 'take it back')}
              </ButtonLink>
            </p>
          )}
        </>
      ),
    }
  },
})

const recordPage = formPage('/office/accounts/{collector}/{account}/readings/new', {
  title: { zh: '登记一条抄表', en: 'enter one reading' },
  permits: 'readings.record-reading',
  params: ofAccount,
  query: { month: month.optional() },
  crumbs: accountCrumbs,
  about: async ({ services: { db }, params, say }) => {
    const account = await findAccount(db, params.collector, params.account)
    if (isRefusal(account)) return account
    const readings = await readingsOfAccount(db, account.accountId)
    return (
      <>
        <Notice>
          {account.holderName}　{say('户号', 'account')} <code>{account.accountNo}</code>
        </Notice>
        {readings.length === 0 ? null : <ReadingsTable of={readings.slice(0, 3)} say={say} />}
      </>
    )
  },
  initial: ({ query }) => ({ feeMonth: query.month ?? '' }),
  fields: {
    feeMonth: { label: { zh: '用水月份', en: 'month of use' }, kind: 'month', schema: month },
    meterNo: {
      label: { zh: '表号', en: 'meter' },
      help: { zh: '一户多表时必填。', en: 'Where there are several.' },
      optional: true,
      schema: text(100),
    },
    readOn: { label: { zh: '抄表日', en: 'read on' }, kind: 'date', optional: true, schema: date },
    start: {
      label: { zh: '上期读数', en: 'reading before' },
      help: { zh: '不填取上次的止码。', en: 'The stored one if left out.' },
      kind: 'number',
      optional: true,
      schema: text(40),
    },
    end: { label: { zh: '本期读数', en: 'this reading' }, kind: 'number', optional: true, schema: text(40) },
    volumeM3: {
      label: { zh: '水量（m³）', en: 'volume (m³)' },
      help: { zh: '有读数时不必填。', en: 'Not needed with readings.' },
      kind: 'number',
      optional: true,
      schema: text(40),
    },
    source: {
      label: { zh: '来源', en: 'source' },
      kind: 'choice',
      optional: true,
      choices: ({ say }) =>
        readingSources
          .filter((each) => each !== 'estimated' && each !== 'unstated')
          .map((each) => [each, say(sourceNames[each])] as const),
      schema: z.enum(readingSources),
    },
    kind: {
      label: { zh: '行类型', en: 'kind' },
      kind: 'choice',
      optional: true,
      choices: ({ say }) =>
        readingKinds.filter((each) => each !== 'normal').map((each) => [each, say(kindNames[each])] as const),
      schema: z.enum(readingKinds),
    },
    evidence: {
      label: { zh: '依据', en: 'evidence' },
      help: { zh: '照片、现场、来函。', en: 'A photograph, a visit, a letter.' },
      schema: text(500),
    },
    accept: acceptField({ zh: '属实、一并接受的原因', en: 'reasons against it that are true' }),
  },
  run: ({ services, params }, { accept, ...values }, { envelope }) =>
    recordReading(services, envelope, {
      collectorCode: params.collector,
      accountNo: params.account,
      feeMonth: values.feeMonth,
      evidence: values.evidence,
      accept: acceptedCodes(accept),
      ...(values.meterNo === undefined ? {} : { meterNo: values.meterNo }),
      ...(values.readOn === undefined ? {} : { readOn: values.readOn }),
      ...(values.start === undefined ? {} : { start: values.start }),
      ...(values.end === undefined ? {} : { end: values.end }),
      ...(values.volumeM3 === undefined ? {} : { volumeM3: values.volumeM3 }),
      ...(values.source === undefined ? {} : { source: values.source }),
      ...(values.kind === undefined ? {} : { kind: values.kind }),
    }),
  preview: async (answer, { services: { db }, say }) => {
    const before = answer.replaces === null ? undefined : await findReading(db, answer.replaces)
    return {
      changes: [
        {
          what: say('水量（m³）', 'volume (m³)'),
          before: metered(before?.volumeM3 ?? null),
          after: <VolumeM3 of={answer.volumeM3} />,
        },
        {
          what: say('读数', 'readings'),
          before: before === undefined ? '—' : `${before.startReading ?? '—'} → ${before.endReading ?? '—'}`,
          after: `${answer.start ?? '—'} → ${answer.end ?? '—'}`,
        },
        {
          what: say('用水日期', 'days of use'),
          before: before === undefined ? '—' : daysInWords(before.used.from, before.used.until, say),
          after: daysInWords(civilDate(answer.usedFrom), civilDate(answer.usedUntil), say),
        },
      ],
      more: answer.unchanged ? (
        <Notice>{say('与已存的记录相同，不会写入。', 'It repeats what is stored; nothing is written.')}</Notice>
      ) : undefined,
      button: say(`登记 ${answer.feeMonth} 的抄表`, `enter the reading of ${answer.feeMonth}`),
    }
  },
  done: (answer, { say, params }) => ({
    to: accountPath(params.collector, params.account),
    said: say(
      `已登记户号 ${answer.account} ${answer.feeMonth} 的抄表：${volumeForPeople(volume(answer.volumeM3))} m³。`,
      `Entered ${volumeForPeople(volume(answer.volumeM3))} m³ for account ${answer.account}, ${answer.feeMonth}.`,
    ),
  }),
})

const estimatePage = formPage('/office/accounts/{collector}/{account}/readings/estimate', {
  title: { zh: '估抄一个月', en: 'estimate a month' },
  permits: 'readings.estimate-reading',
  params: ofAccount,
  query: { month: month.optional() },
  crumbs: accountCrumbs,
  about: async ({ services: { db }, params, say }) => {
    const account = await findAccount(db, params.collector, params.account)
    if (isRefusal(account)) return account
    return (
      <Notice>
        {say(
          `${account.holderName}：按前三个实抄月的平均估，连续不超过规定次数；下次实抄后按天重算。`,
          `${account.holderName}: the mean of the last three months read, not more often in a row than is set; spread anew by days once read.`,
        )}
      </Notice>
    )
  },
  initial: ({ query }) => ({ feeMonth: query.month ?? '' }),
  fields: {
    feeMonth: { label: { zh: '用水月份', en: 'month of use' }, kind: 'month', schema: month },
    meterNo: {
      label: { zh: '表号', en: 'meter' },
      help: { zh: '一户多表时必填。', en: 'Where there are several.' },
      optional: true,
      schema: text(100),
    },
    reason: {
      label: { zh: '为什么没有抄到', en: 'why it was not read' },
      kind: 'long',
      schema: text(500),
    },
  },
  run: ({ services, params }, { meterNo, ...values }, { envelope }) =>
    estimateReading(services, envelope, {
      collectorCode: params.collector,
      accountNo: params.account,
      ...values,
      ...(meterNo === undefined ? {} : { meterNo }),
    }),
  preview: (answer, { say }) => ({
    changes: [
      { what: say('水量（m³）', 'volume (m³)'), before: '—', after: <VolumeM3 of={answer.volumeM3} /> },
      {
        what: say('用水日期', 'days of use'),
        before: '—',
        after: daysInWords(civilDate(answer.usedFrom), civilDate(answer.usedUntil), say),
      },
      {
        what: say('连续估抄（次）', 'estimates in a row'),
        before: String(answer.inARow - 1),
        after: String(answer.inARow),
      },
    ],
    button: say(`估抄 ${answer.feeMonth}`, `estimate ${answer.feeMonth}`),
  }),
  done: (answer, { say, params }) => ({
    to: accountPath(params.collector, params.account),
    said: say(
      `已估抄户号 ${answer.account} ${answer.feeMonth}：${volumeForPeople(volume(answer.volumeM3))} m³（连续第 ${answer.inARow} 次）。`,
      `Estimated ${volumeForPeople(volume(answer.volumeM3))} m³ for account ${answer.account}, ${answer.feeMonth} (${answer.inARow} in a row).`,
    ),
  }),
})

const withdrawalPage = formPage('/office/readings/{reading}/withdrawal', {
  title: { zh: '撤回一条抄表记录', en: 'take a reading back' },
  permits: 'readings.withdraw-reading',
  params: { reading: id<'meter-reading'>() },
  crumbs: ({ say, params }) => [
    {
      text: say(`抄表记录 ${params.reading}`, `reading ${params.reading}`),
      href: `/office/readings/${params.reading}`,
    },
  ],
  about: async ({ services: { db }, params, say }) => {
    const reading = await findReading(db, params.reading)
    if (reading === undefined) return refuseReading('reading_unknown', { reading: params.reading })
    return (
      <Notice tone="waiting">
        {say(
          `${reading.feeMonth} 的 ${volumeForPeople(volume(reading.volumeM3))} m³ 将不再计入；已开的账单不变，须另行更正。`,
          `${volumeForPeople(volume(reading.volumeM3))} m³ of ${reading.feeMonth} will no longer count; a bill already issued stands until it is corrected.`,
        )}
      </Notice>
    )
  },
  fields: { reason: { label: { zh: '撤回原因', en: 'why' }, kind: 'long', schema: text(500) } },
  run: ({ services, params }, { reason }, { envelope }) =>
    withdrawReading(services, envelope, { readingId: params.reading, reason }),
  preview: (answer, { say }) => ({
    changes: [
      {
        what: say(`${answer.feeMonth} 计入的水量（m³）`, `volume that counts for ${answer.feeMonth} (m³)`),
        before: <VolumeM3 of={answer.volumeM3} />,
        after: '—',
      },
    ],
    button: say('撤回这条记录', 'take it back'),
  }),
  done: (answer, { say }) => ({
    to: `/office/readings/${answer.readingId}`,
    said: say(
      `已撤回 ${answer.feeMonth} 的抄表 ${volumeForPeople(volume(answer.volumeM3))} m³。`,
      `Took back ${volumeForPeople(volume(answer.volumeM3))} m³ of ${answer.feeMonth}.`,
    ),
  }),
})

/** Readings of an account: their history, entries by hand, estimates, withdrawals. */
export const readingPages: readonly PageRoute[] = [historyPage, readingPage, recordPage, estimatePage, withdrawalPage]
