import { sql } from 'kysely'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { moneyText } from '../kernel/money.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { MessageKind, Said } from '../platform/outbox/message.ts'
import { readSettings } from '../platform/settings.ts'
import type { OrderStanding } from './enforcement.ts'
import { orderFiles, parsePaperNumber } from './matter.queries.ts'
import { orderState } from './order.rules.ts'
import { numberOnPaper, orderWord } from './print-papers.ts'

const daysLookedBack = 3

/** An order to pay that was served: its term runs. The message is no service. */
export const orderServedMessage: MessageKind = {
  name: 'order_served',
  zh: '责令限期缴纳通知书已送达',
  en: 'order served',
  to: 'discharger',
  fields: { payer: 'text', paper: 'text', served_on: 'date', term_ends_on: 'date', unpaid: 'money', ways: 'text' },
  words: {
    running: {
      zh: {
        title: '责令限期缴纳通知书{paper}已送达，期限至{term_ends_on}',
        email: `{payer}：

责令限期缴纳通知书{paper}已于{served_on}送达。

未缴金额　{unpaid} 元
缴纳期限　{term_ends_on}（含当日）
缴费方式　{ways}

在期限内缴清的，不予罚款。权利与救济途径见通知书。

{office}
本邮件由系统发出，请勿回复；它仅为提示，不代替文书的送达。`,
        sms: '【{office}】责令限期缴纳通知书{paper}已于{served_on}送达，未缴{unpaid}元，期限至{term_ends_on}（含当日）。本短信不代替文书送达。',
      },
      en: {
        title: 'Order to pay {paper} was served; its term ends on {term_ends_on}',
        email: `{payer}:

The order to pay {paper} was served on {served_on}.

Unpaid    {unpaid} yuan
Pay by    {term_ends_on} (inclusive)
To pay    {ways}

Whoever pays within the term is not fined. The order itself tells of your rights and remedies.

{office}
This mail was sent by a system; please do not answer it. It only tells of the order and does not serve it.`,
        sms: '[{office}] Order to pay {paper} was served on {served_on}: {unpaid} yuan by {term_ends_on} (inclusive). This SMS does not serve the order.',
      },
    },
  },
  rows: async (db, day) => {
    const { rows } = await sql<{ order_id: string }>`
      select order_id from enforcement_steps where step = 'order_served'
        and recorded_on > ${plusDays(day, -daysLookedBack)}::date and recorded_on <= ${day}::date`.execute(db)
    const files = await orderFiles(db, { orderIds: rows.map((row) => row.order_id) })
    const running = files.flatMap(({ order, steps }) => {
      const { standing, servedOn, termEndsOn, unpaid } = orderState(order, steps, day)
      return standing === 'running' && servedOn !== undefined && termEndsOn !== undefined
        ? [{ order, servedOn, termEndsOn, unpaid }]
        : []
    })
    if (running.length === 0) return undefined
    const settings = await readSettings(db)
    return sql`
      select u.*, 'running' as variant, ${settings['bills.payment_ways']}::text as ways
      from unnest(${running.map(({ order }) => order.number)}::text[], ${running.map(({ order }) => order.dischargerId)}::bigint[],
        ${running.map(({ order }) => order.dischargerName)}::text[],
        ${running.map(({ order }) => numberOnPaper(settings, orderWord, order.number))}::text[],
        ${running.map(({ servedOn }) => servedOn)}::date[], ${running.map(({ termEndsOn }) => termEndsOn)}::date[],
        ${running.map(({ unpaid }) => moneyText(unpaid))}::numeric[]
      ) as u (subject, recipient_id, payer, paper, served_on, term_ends_on, unpaid)`
  },
  overtaken,
}

const reasons: Partial<Record<OrderStanding, Said>> = {
  paid: { zh: '已经缴清', en: 'it was paid meanwhile' },
  paid_late: { zh: '已经缴清', en: 'it was paid meanwhile' },
  lapsed: { zh: '期限已过', en: 'the term has ended' },
  withdrawn: { zh: '通知书已撤回', en: 'the order was withdrawn' },
  annulled: { zh: '通知书已被撤销', en: 'the order was annulled' },
}

async function overtaken(db: Db | Trx, subjects: readonly string[], day: CivilDate): Promise<Map<string, Said>> {
  const numbers = subjects.flatMap((subject) => parsePaperNumber(subject) ?? [])
  const { rows } = await sql<{ id: string }>`
    select o.id from orders_to_pay o join unnest(${numbers.map(({ year }) => year)}::int[], ${numbers.map(({ number }) => number)}::int[])
      as asked (year, number) on asked.year = o.number_year and asked.number = o.number`.execute(db)
  const files = await orderFiles(db, { orderIds: rows.map(({ id }) => id) })
  return new Map(
    files.flatMap(({ order, steps }): [string, Said][] => {
      const reason = reasons[orderState(order, steps, day).standing]
      return reason === undefined ? [] : [[order.number, reason]]
    }),
  )
}
