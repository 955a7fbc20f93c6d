import { sql } from 'kysely'
import { listCollectors } from '../dischargers/discharger.queries.ts'
import { type CivilDate, holdsOn, plusDays } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { MessageKind, Said } from '../platform/outbox/message.ts'
import { lastDayOf, type Period, parsePeriod, periodContaining } from './period.ts'
import { listStatements } from './statement.queries.ts'

/** How long after its period a collector is still asked for a statement. */
const daysAsked = 31

interface Due {
  readonly collectorCode: string
  readonly collectorName: string
  readonly organisationId: string
  readonly period: Period
}

/** A quarter (or month, by contract) has ended and the collector has drawn no statement of it (办法第十三条). */
export const statementDueMessage: MessageKind = {
  name: 'statement_due',
  zh: '划缴报表待编制',
  en: 'statement due',
  to: 'organisation',
  fields: { collector: 'text', period: 'text', last_day: 'date' },
  words: {
    due: {
      zh: {
        title: '请编制 {period} 污水处理费划缴报表',
        email: `{collector}：

{period} 已于{last_day}结束，代征的污水处理费应当足额划缴国库。请在系统中编制并提交该期的划缴报表，并上传缴款凭证。

{office}
本邮件由系统发出，请勿回复。`,
        sms: '【{office}】{collector}：{period}已结束，请编制污水处理费划缴报表并足额划缴。',
      },
      en: {
        title: 'Please draw the remittance statement of {period}',
        email: `{collector}:

{period} ended on {last_day}. The fees collected are to be remitted to the treasury in full: please draw and submit the statement of the period, with the vouchers of payment.

{office}
This mail was sent by a system; please do not answer it.`,
        sms: '[{office}] {collector}: {period} has ended; please draw its remittance statement and remit in full.',
      },
    },
  },
  rows: async (db, day) => {
    const due = await statementsDue(db, day)
    if (due.length === 0) return undefined
    return sql`
      select u.*, 'due' as variant
      from unnest(${due.map(subjectOf)}::text[], ${due.map(({ organisationId }) => organisationId)}::bigint[],
        ${due.map(({ collectorName }) => collectorName)}::text[], ${due.map(({ period }) => period.name)}::text[],
        ${due.map(({ period }) => lastDayOf(period))}::date[]) as u (subject, recipient_id, collector, period, last_day)`
  },
  overtaken: async (db, subjects) => {
    const drawn = new Map<string, Said>()
    for (const subject of subjects) {
      const [collectorCode = '', name = ''] = subject.split('/')
      const period = parsePeriod(name)
      if (period === undefined || !(await isDrawn(db, collectorCode, period))) continue
      drawn.set(subject, { zh: '划缴报表已编制', en: 'the statement was drawn meanwhile' })
    }
    return drawn
  },
}

const subjectOf = ({ collectorCode, period }: Due) => `${collectorCode}/${period.name}`

async function statementsDue(db: Db | Trx, day: CivilDate): Promise<Due[]> {
  const due: Due[] = []
  for (const { code, name, organisationId, contracts } of await listCollectors(db)) {
    if (organisationId === null) continue
    for (const { remittancePeriod, validity } of contracts) {
      const running = periodContaining(day, remittancePeriod)
      const period = periodContaining(plusDays(running.from, -1), remittancePeriod)
      const isAsked = day < plusDays(period.until, daysAsked) && holdsOn(validity, lastDayOf(period))
      if (!isAsked || (await isDrawn(db, code, period))) continue
      due.push({ collectorCode: code, collectorName: name, organisationId, period })
    }
  }
  return due
}

async function isDrawn(db: Db | Trx, collectorCode: string, period: Period): Promise<boolean> {
  const drawn = await listStatements(db, {
    collectorCode,
    year: Number(period.from.slice(0, 4)),
    standing: true,
    limit: 100,
  })
  return drawn.some((statement) => statement.period.name === period.name)
}
