import { sql } from 'kysely'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { type CivilDate, civilDate, type FeeMonth, monthOf } from '../kernel/calendar.ts'
import { addMoney, type Money, money, moneyText, subtractMoney } from '../kernel/money.ts'
import { addVolumes, volume, volumeText } from '../kernel/volume.ts'
import { collectorMoney } from '../payments/collector-money.queries.ts'
import type { Db, Trx } from '../platform/database.ts'
import { officeName } from '../platform/documents/office.queries.ts'
import type { Said } from '../platform/http/route.ts'
import { readSettings } from '../platform/settings.ts'
import { priceText } from '../tariffs/price-text.ts'
import { listSchedules } from '../tariffs/rate-schedule.queries.ts'
import { disclosureBasis, liabilityOf, procedureOf, type Stated } from './disclosure-words.ts'
import { standing } from './movements.queries.ts'

/** What the fee was spent on in a year; later stages hand in theirs. */
export interface UseOfFee {
  readonly item: Said
  readonly amount: Money
}
export type UsesOfFee = (db: Db | Trx, year: number) => Promise<readonly UseOfFee[]>

/** A year's collection and use of the fee as it is made public: m³ and yuan as text, no payer and no person by name. */
export interface Disclosure {
  readonly year: number
  readonly asOf: string
  readonly authority: string
  readonly basis: readonly Said[]
  /** What the figures leave out because it stands in the books before this one; null where nothing does. */
  readonly leftOut: Said | null
  /** In force on some day of the year. */
  readonly rates: readonly {
    readonly category: Said
    readonly price: Said
    readonly approvalDocument: string
    readonly issuer: string
    readonly from: string
    /** The first day it no longer holds; null while it does. */
    readonly until: string | null
  }[]
  /** Of the fee months of the year. */
  readonly collection: readonly {
    readonly category: Said
    readonly volumeM3: string
    readonly billed: string
    readonly collected: string
    readonly uncollected: string
  }[]
  readonly totals: {
    readonly volumeM3: string
    readonly billed: string
    readonly collected: string
    readonly uncollected: string
    readonly writtenOff: string
    /** Received by the treasury in the calendar year: from collectors, and straight from payers. */
    readonly toTreasury: string
    readonly direct: string
  }
  /** In the calendar year, whichever month it was for. */
  readonly collectors: readonly {
    readonly name: string
    /** Taken in less reversed and paid back. */
    readonly collected: string
    /** Transferred, as the collector says, and received, as finance confirmed. */
    readonly remitted: string
    readonly confirmed: string
  }[]
  readonly use: readonly { readonly item: Said; readonly amount: string }[]
  readonly used: string
  readonly procedure: readonly Stated[]
  readonly liability: readonly Stated[]
}

/** The collection fee that finance paid in a year. */
export const collectionFeeUse: UsesOfFee = async (db, year) => {
  const { rows } = await sql<{ amount: string }>`
    select coalesce(sum(f.amount), 0.00)::text as amount from collection_fee_payments p join collection_fee_claims f on f.id = p.claim_id
    where extract(year from p.paid_on) = ${year}`.execute(db)
  return [{ item: { zh: '代征手续费', en: 'collection fee' }, amount: money(rows[0]?.amount ?? '0.00') }]
}

/**
 * Collection and use of a year from facts (151 art. 20; 641 art. 33): what was billed for its fee months and paid of it so
 * far, what was collected, remitted and received in the calendar year, what was spent; the rates with their documents; how
 * to pay, and what follows otherwise. Reads only.
 */
export async function disclosureOf(
  db: Db | Trx,
  year: number,
  asOf: string,
  usesOfFee: readonly UsesOfFee[],
): Promise<Disclosure> {
  const settings = await readSettings(db)
  const authority = await officeName(db)
  const collection = await collectionOf(db, year)
  const collectors = await collectorsOf(db, year)
  const { direct, writtenOff } = await treasuryAndWriteOffs(db, year)
  const uses: UseOfFee[] = []
  for (const of of usesOfFee) uses.push(...(await of(db, year)))
  const sum = (name: 'billed' | 'collected' | 'uncollected') =>
    moneyText(addMoney(collection.map((each) => money(each[name]))))
  return {
    year,
    asOf,
    authority,
    basis: disclosureBasis,
    leftOut: await leftOutOf(db, year),
    rates: await ratesOf(db, year),
    collection,
    totals: {
      volumeM3: volumeText(addVolumes(collection.map((each) => volume(each.volumeM3)))),
      billed: sum('billed'),
      collected: sum('collected'),
      uncollected: sum('uncollected'),
      writtenOff: moneyText(writtenOff),
      toTreasury: moneyText(addMoney([direct, ...collectors.map(({ confirmed }) => money(confirmed))])),
      direct: moneyText(direct),
    },
    collectors,
    use: uses.map(({ item, amount }) => ({ item, amount: moneyText(amount) })),
    used: moneyText(addMoney(uses.map(({ amount }) => amount))),
    procedure: procedureOf(settings, authority),
    liability: liabilityOf(settings),
  }
}

/** Whether nothing at all is known of a year: then there is nothing to make public. */
export const saysNothing = ({ collection, collectors, totals, used }: Disclosure): boolean =>
  collection.length === 0 &&
  [totals.toTreasury, used, ...collectors.flatMap((each) => [each.collected, each.remitted])].every((each) =>
    money(each).isZero(),
  )

/** The last month that stands in the books before this one, of which only what was open was taken over; null without any. */
export async function lastMonthOfOldBooks(db: Db | Trx): Promise<FeeMonth | null> {
  const { rows } = await sql<{ month: CivilDate | null }>`
    select greatest((select max(fee_month) from opening_uses), (select max(fee_month) from opening_held_money),
      (select max(b.fee_month) from bills b join bill_issues i on i.id = b.issue_id where i.kind = 'opening')) as month`.execute(
    db,
  )
  const month = rows[0]?.month ?? null
  return month === null ? null : monthOf(month)
}

async function leftOutOf(db: Db | Trx, year: number): Promise<Said | null> {
  const last = await lastMonthOfOldBooks(db)
  if (last === null || last < `${year}-01`) return null
  return {
    zh: `${last} 及以前各月在启用本账之前，只列入启用时未结清的账单和款项；已结清的不在其中，以下不是全年数。`,
    en: `Up to ${last} the months stand in earlier books: of them only what was open is included, so these are not the figures of the whole year.`,
  }
}

async function ratesOf(db: Db | Trx, year: number): Promise<Disclosure['rates']> {
  const names = new Map(
    (await listPriceCategories(db)).map(({ code, nameZh, nameEn }) => [code, { zh: nameZh, en: nameEn }]),
  )
  const nameOf = (code: string): Said => names.get(code) ?? { zh: code, en: code }
  const [from, until] = [civilDate(`${year}-01-01`), civilDate(`${year + 1}-01-01`)]
  return (await listSchedules(db)).flatMap((schedule) =>
    Object.entries(schedule.prices).flatMap(([code, price]) => {
      const ends = schedule.until[code] ?? null
      if (schedule.validFrom >= until || (ends !== null && ends <= from)) return []
      const said = (language: 'zh' | 'en') => priceText(price, schedule, language, (of) => nameOf(of)[language])
      return {
        category: nameOf(code),
        price: { zh: said('zh'), en: said('en') },
        approvalDocument: schedule.approvalDocument,
        issuer: schedule.issuer,
        from: schedule.validFrom as string,
        until: ends as string | null,
      }
    }),
  )
}

async function collectionOf(db: Db | Trx, year: number): Promise<Disclosure['collection']> {
  const { rows } = await sql<{ zh: string; en: string; volume: string; billed: string; uncollected: string }>`
    with lines as (
      select l.bill_id, l.category_code, l.volume_m3, l.amount,
        sum(greatest(l.amount, 0)) over (partition by l.bill_id order by l.line_no) as high
      from bills b join bill_lines l on l.bill_id = b.id
      where b.fee_month >= make_date(${year}, 1, 1) and b.fee_month < make_date(${year + 1}, 1, 1))
    select c.name_zh as zh, c.name_en as en, sum(l.volume_m3)::text as volume, sum(l.amount)::text as billed,
      -- What is open of a bill is the end of its lines.
      coalesce(sum(greatest(least(l.high, o.payable) - greatest(l.high - greatest(l.amount, 0), o.payable - o.outstanding), 0)), 0.00)::text as uncollected
    from lines l join price_categories c on c.code = l.category_code left join open_items o on o.bill_id = l.bill_id
    group by c.code, c.name_zh, c.name_en order by c.code`.execute(db)
  return rows.map(({ zh, en, volume: volumeM3, billed, uncollected }) => ({
    category: { zh, en },
    volumeM3,
    billed,
    collected: moneyText(subtractMoney(money(billed), money(uncollected))),
    uncollected,
  }))
}

async function collectorsOf(db: Db | Trx, year: number): Promise<Disclosure['collectors']> {
  const { rows } = await sql<Disclosure['collectors'][number]>`
    with taken as (
      select collector_id, sum(amount) as amount from (${collectorMoney}) m
      where extract(year from moved_on) = ${year} group by collector_id),
    transfers as (
      select s.collector_id,
        sum(case when r.outcome = 'confirmed' then r.amount else v.amount end) filter (where extract(year from v.paid_on) = ${year}) as remitted,
        sum(r.amount) filter (where r.outcome = 'confirmed' and extract(year from r.received_on) = ${year}) as confirmed
      from remittance_vouchers v join remittance_statements s on s.id = v.statement_id
        left join remittance_voucher_outcomes r on r.voucher_id = v.id
      where r.outcome is distinct from 'rejected' and ${standing}
        and not exists (select from remittance_receipt_reversals b where b.voucher_id = v.id)
      group by s.collector_id)
    select c.name, coalesce(t.amount, 0.00)::text as collected, coalesce(v.remitted, 0.00)::text as remitted,
      coalesce(v.confirmed, 0.00)::text as confirmed
    from collectors c left join taken t on t.collector_id = c.id left join transfers v on v.collector_id = c.id
    where t.collector_id is not null or v.collector_id is not null or exists (
      select from collector_contracts k where k.collector_id = c.id and k.valid_from < make_date(${year + 1}, 1, 1)
        and (k.valid_until is null or k.valid_until > make_date(${year}, 1, 1)))
    order by c.code`.execute(db)
  return rows
}

async function treasuryAndWriteOffs(
  db: Db | Trx,
  year: number,
): Promise<{ readonly direct: Money; readonly writtenOff: Money }> {
  const { rows } = await sql<{ direct: string; written_off: string }>`
    select
      (select coalesce(sum(p.amount), 0.00)::text from payments p where p.channel = 'treasury' and extract(year from p.paid_on) = ${year}
        and not exists (select from payment_reversals v where v.payment_id = p.id)) as direct,
      (select coalesce(sum(least(w.amount, o.outstanding)), 0.00)::text from write_offs w join open_items o on o.bill_id = w.bill_id
        join bills b on b.id = w.bill_id where extract(year from b.fee_month) = ${year}) as written_off`.execute(db)
  return { direct: money(rows[0]?.direct ?? '0.00'), writtenOff: money(rows[0]?.written_off ?? '0.00') }
}
