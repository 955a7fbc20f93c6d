import { type RawBuilder, sql } from 'kysely'
import { billIds, numberInSql } from '../bills/bill-issued.message.ts'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { MessageField, MessageKind, Said } from '../platform/outbox/message.ts'
import { readSettings } from '../platform/settings.ts'
import { overdueOn } from './payment.queries.ts'

const fields: Readonly<Record<string, MessageField>> = {
  payer: 'text',
  number: 'text',
  account: 'text',
  month: 'month',
  outstanding: 'money',
  due_on: 'date',
  as_of: 'date',
  ways: 'text',
}

/** The same row for both: what is unpaid of each item `o` as of a day. */
const unpaidRows = (items: RawBuilder<unknown>, day: CivilDate, ways: string) => sql`
  select ${numberInSql} as subject, o.discharger_id as recipient_id, 'unpaid' as variant, d.name as payer, ${numberInSql} as number,
    a.account_no as account, o.fee_month as month, o.outstanding, o.due_on, ${day}::date as as_of, ${ways}::text as ways
  from ${items} o join bills b on b.id = o.bill_id join accounts a on a.id = o.account_id join dischargers d on d.id = o.discharger_id`

/** Some days before a bill falls due, to whoever has not paid it as far as is known. */
export const dueSoonMessage: MessageKind = {
  name: 'due_soon',
  zh: '缴费期限将届',
  en: 'due soon',
  to: 'discharger',
  fields,
  words: {
    unpaid: {
      zh: {
        title: '缴费提醒：账单 {number}（{month}）{outstanding} 元，缴费期限{due_on}',
        email: `{payer}：

户号 {account} {month}的污水处理费账单将于{due_on}到期（含当日）。

编号　　　{number}
未缴金额　{outstanding} 元（截至{as_of}已入账的缴款）
缴费期限　{due_on}（含当日）
缴费方式　{ways}

已经缴纳的，请不必理会本提醒。

{office}
本邮件由系统发出，请勿回复。`,
        sms: '【{office}】缴费提醒：户号{account} {month}污水处理费账单{number}未缴{outstanding}元，缴费期限{due_on}（含当日）。已缴请忽略。',
      },
      en: {
        title: 'Reminder: bill {number} ({month}), {outstanding} yuan, is due on {due_on}',
        email: `{payer}:

The wastewater bill of account {account} for {month} falls due on {due_on} (inclusive).

Number    {number}
Unpaid    {outstanding} yuan (by the payments known on {as_of})
Due on    {due_on} (inclusive)
To pay    {ways}

If you have paid, there is nothing to do.

{office}
This mail was sent by a system; please do not answer it.`,
        sms: '[{office}] Reminder: account {account}, {month}, wastewater bill {number}: {outstanding} yuan are due on {due_on} (inclusive). If paid, ignore this.',
      },
    },
  },
  rows: async (db, day) => {
    const { 'messages.due_soon_days': days, 'bills.payment_ways': ways } = await readSettings(db)
    return unpaidRows(
      sql`(select * from open_items where outstanding > 0 and due_on >= ${day}::date and due_on <= ${plusDays(day, days)}::date)`,
      day,
      ways,
    )
  },
  overtaken: (db, subjects, day) => settled(db, subjects, day),
}

/** On the day after a due date, to whoever has not paid as far as is known that day. */
export const overdueMessage: MessageKind = {
  name: 'overdue',
  zh: '逾期未缴',
  en: 'overdue',
  to: 'discharger',
  fields,
  words: {
    unpaid: {
      zh: {
        title: '逾期提醒：账单 {number}（{month}）{outstanding} 元已逾期',
        email: `{payer}：

户号 {account} {month}的污水处理费账单已于{due_on}到期，截至{as_of}尚未收到缴清的记录。

编号　　　{number}
未缴金额　{outstanding} 元（截至{as_of}已入账的缴款）
缴费方式　{ways}

请尽快缴纳。逾期不缴的，本机关将依据《城镇排水与污水处理条例》第五十四条责令限期缴纳；逾期拒不缴纳的，处应缴纳污水处理费数额1倍以上3倍以下罚款。在期限内已经缴纳、收款记录尚未送达本机关的，请不必理会本提醒。

{office}
本邮件由系统发出，请勿回复；它不是责令限期缴纳通知书。`,
        sms: '【{office}】户号{account} {month}污水处理费账单{number}已于{due_on}到期，未缴{outstanding}元，请尽快缴纳。已缴请忽略。',
      },
      en: {
        title: 'Overdue: bill {number} ({month}), {outstanding} yuan',
        email: `{payer}:

The wastewater bill of account {account} for {month} fell due on {due_on}; as of {as_of} it is not recorded as paid in full.

Number    {number}
Unpaid    {outstanding} yuan (by the payments known on {as_of})
To pay    {ways}

Please pay soon. The authority orders the payment of overdue fees within a term (Regulations on Urban Drainage and Sewage Treatment, art. 54); whoever then refuses is fined 1 to 3 times the fee. If you paid in time and the record has not reached us yet, there is nothing to do.

{office}
This mail was sent by a system; please do not answer it. It is not an order to pay.`,
        sms: '[{office}] Account {account}, {month}: wastewater bill {number} fell due on {due_on}, {outstanding} yuan unpaid; please pay soon. If paid, ignore this.',
      },
    },
  },
  rows: async (db, day) => {
    const ways = (await readSettings(db))['bills.payment_ways']
    const fellDue = sql`(select x.* from (${overdueOn(day)}) x where x.due_on = ${plusDays(day, -1)}::date)`
    return unpaidRows(fellDue, day, ways)
  },
  overtaken: (db, subjects) => settled(db, subjects, undefined),
}

/** Of some bills, which ask for nothing any more, and which have fallen due before the day. */
async function settled(
  db: Db | Trx,
  subjects: readonly string[],
  day: CivilDate | undefined,
): Promise<Map<string, Said>> {
  const { rows } = await sql<{ number: string; cancelled: boolean; paid: boolean; late: boolean }>`
    select ${numberInSql} as number, o.payable = 0 as cancelled, o.outstanding = 0 as paid,
      coalesce(o.due_on < ${day ?? null}::date, false) as late
    from open_items o join bills b on b.id = o.bill_id where o.bill_id = any(${billIds(subjects)}::bigint[])`.execute(
    db,
  )
  return new Map(
    rows.flatMap(({ number, cancelled, paid, late }): [string, Said][] => {
      if (cancelled) return [[number, { zh: '已无应缴', en: 'nothing is payable any more' }]]
      if (paid) return [[number, { zh: '已经缴清', en: 'it was paid meanwhile' }]]
      return late ? [[number, { zh: '缴费期限已过', en: 'the due date has passed' }]] : []
    }),
  )
}
