import { sql } from 'kysely'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { DocumentPrinter } from '../platform/documents/document.ts'
import type { Attachment, MessageKind, Said } from '../platform/outbox/message.ts'
import { readSettings } from '../platform/settings.ts'
import { findBill } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billIdOf, billKindNames, parseBillNumber } from './bill.ts'
import { printBill } from './print-bill.ts'

/** How far back a day looks for bills nobody was told of: the schedule may have stood still for so long. */
const daysLookedBack = 3

/** The number of a bill `b` as people read it; the same form as `billNumber`. */
export const numberInSql = sql`b.number_year || '-' || lpad(b.number::text, greatest(6, length(b.number::text)), '0')`

/** Bills as they are issued, to their payers; whatever corrects one too. Bills taken over at go-live were told by others. */
export const billIssuedMessage: MessageKind = {
  name: 'bill_issued',
  zh: '账单已开出',
  en: 'bill issued',
  to: 'discharger',
  fields: {
    payer: 'text',
    number: 'text',
    account: 'text',
    what: billKindNames,
    month: 'month',
    volume: 'volume',
    amount: 'money',
    due_on: 'date',
    ways: 'text',
  },
  words: {
    owed: {
      zh: {
        title: '污水处理费{what} {number}（{month}）：{amount} 元，请于{due_on}前缴纳',
        email: `{payer}：

户号 {account} {month}的污水处理费{what}已开出。

编号　　　{number}
水量　　　{volume} 立方米
应缴金额　{amount} 元
缴费期限　{due_on}（含当日）
缴费方式　{ways}

对水量、类别或者收费标准有异议的，可自收到之日起向本机关书面提出并附证据；提出异议不停止缴纳。账单不作为票据，缴费后取得非税收入财政电子票据。

{office}
本邮件由系统发出，请勿回复。`,
        sms: '【{office}】户号{account} {month}污水处理费{what}{number}已开出：{volume}立方米，应缴{amount}元，缴费期限{due_on}（含当日）。',
      },
      en: {
        title: 'Wastewater fee, {what} {number} ({month}): {amount} yuan, due on {due_on}',
        email: `{payer}:

The {what} of account {account} for {month} has been issued.

Number    {number}
Volume    {volume} m³
Amount    {amount} yuan
Due on    {due_on} (inclusive)
To pay    {ways}

You may object to the volume, the category or the rate in writing, with evidence; an objection does not stop the payment. The bill is no receipt: the fiscal e-receipt follows the payment.

{office}
This mail was sent by a system; please do not answer it.`,
        sms: '[{office}] Account {account}, {month}: wastewater {what} {number}, {volume} m³, {amount} yuan, due on {due_on} (inclusive).',
      },
    },
    nothing_owed: {
      zh: {
        title: '污水处理费{what} {number}（{month}）：{amount} 元，无须缴费',
        email: `{payer}：

户号 {account} {month}的污水处理费{what}已开出，无须缴费；负数金额冲减应缴。

编号　　　{number}
水量　　　{volume} 立方米
金额　　　{amount} 元

{office}
本邮件由系统发出，请勿回复。`,
        sms: '【{office}】户号{account} {month}污水处理费{what}{number}已开出：{amount}元，无须缴费。',
      },
      en: {
        title: 'Wastewater fee, {what} {number} ({month}): {amount} yuan, nothing to pay',
        email: `{payer}:

The {what} of account {account} for {month} has been issued. There is nothing to pay; a negative amount lowers what is owed.

Number    {number}
Volume    {volume} m³
Amount    {amount} yuan

{office}
This mail was sent by a system; please do not answer it.`,
        sms: '[{office}] Account {account}, {month}: wastewater {what} {number}, {amount} yuan, nothing to pay.',
      },
    },
  },
  rows: async (db, day) => {
    const ways = (await readSettings(db))['bills.payment_ways']
    return sql`
      select ${numberInSql} as subject, b.discharger_id as recipient_id,
        case when b.total_amount > 0 and b.kind <> 'red' then 'owed' else 'nothing_owed' end as variant,
        d.name as payer, ${numberInSql} as number, a.account_no as account, b.kind as what, b.fee_month as month,
        b.volume_m3 as volume, b.total_amount as amount, b.due_on, ${ways}::text as ways
      from bill_issues i join bills b on b.issue_id = i.id join dischargers d on d.id = b.discharger_id
        join accounts a on a.id = b.account_id
      where i.kind <> 'opening' and i.issued_on > ${plusDays(day, -daysLookedBack)}::date and i.issued_on <= ${day}::date`
  },
  overtaken,
  attachment: billAttached,
}

async function billAttached(
  db: Db | Trx,
  printer: DocumentPrinter | undefined,
  number: string,
): Promise<Attachment | Refusal> {
  const parsed = parseBillNumber(number)
  const bill = parsed === undefined ? undefined : await findBill(db, parsed)
  if (bill === undefined) return refuseBill('bill_missing', { number })
  const printed = await printBill(db, printer, bill)
  return isRefusal(printed) ? printed : { name: `${number}.pdf`, type: 'application/pdf', bytes: printed.bytes }
}

async function overtaken(db: Db | Trx, subjects: readonly string[], day: CivilDate): Promise<Map<string, Said>> {
  const { rows } = await sql<{ number: string; cancelled: boolean; late: boolean }>`
    select ${numberInSql} as number, b.total_amount > 0 and b.kind <> 'red' and b.due_on < ${day}::date as late,
      b.kind <> 'red' and exists (select from bills r where r.corrects_bill_id = b.id and r.kind = 'red') as cancelled
    from bills b where b.id = any(${billIds(subjects)}::bigint[])`.execute(db)
  return new Map(
    rows.flatMap(({ number, cancelled, late }): [string, Said][] => {
      if (cancelled) return [[number, { zh: '账单已红冲', en: 'the bill was cancelled' }]]
      return late ? [[number, { zh: '缴费期限已过', en: 'the due date has passed' }]] : []
    }),
  )
}

/** The keys of bills by their numbers. */
export function billIds(numbers: readonly string[]): string[] {
  return numbers.flatMap((text) => {
    const parsed = parseBillNumber(text)
    return parsed === undefined ? [] : [billIdOf(parsed.year, parsed.number)]
  })
}
