import { type RawBuilder, sql } from 'kysely'
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
import { joinFew } from './disclosure.rules.ts'
import { disclosureBasis, liabilityOf, procedureOf, type Stated } from './disclosure-words.ts'
import { standing } from './movements.queries.ts'

/** What the fee was spent on in a year; later stages hand in theirs. */
export interface UseOfFee {
  readonly item: Said
  readonly amount: Money
}
export type UsesOfFee = (db: Db | Trx, year: number) => Promise<readonly UseOfFee[]>

/**
 * A year's collection and use of the fee as it is made public: m³ and yuan as text, no payer and no person by name, and no sum
 * of so few payers that it tells what one of them used or paid.
 */
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
    /** Null where too few payers paid straight: then it stands with a collector. */
    readonly direct: string | null
  }
  /** In the calendar year, whichever month it was for. */
  readonly collectors: readonly {
    /** Its name; of several that are shown as one, those of all, in both languages. */
    readonly name: string | Said
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
    where ${within(sql`p.paid_on`, year)}`.execute(db)
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
  const fewest = settings['disclosure.fewest_payers']
  const collection = await collectionOf(db, year, fewest)
  const { collectors, direct } = await collectorsOf(db, year, fewest)
  const writtenOff = await writtenOffOf(db, year)
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
      toTreasury: moneyText(
        addMoney([money(direct ?? '0.00'), ...collectors.map(({ confirmed }) => money(confirmed))]),
      ),
      direct,
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

/** The name of sums that are shown as one, for each is of too few payers. */
function joinedName(names: readonly Said[], fewest: number): Said {
  return {
    zh: `${names.map(({ zh }) => zh).join('、')}（不足 ${fewest} 户的合并列示）`,
    en: `${names.map(({ en }) => en).join(', ')} (shown together: of fewer than ${fewest} payers alone)`,
  }
}

/** A day of a year, so that an index by days is read and not every row asked for its year. */
const within = (day: RawBuilder<unknown>, year: number) =>
  sql`(${day} >= make_date(${year}, 1, 1) and ${day} < make_date(${year + 1}, 1, 1))`

type CollectedOf = Disclosure['collection'][number]

async function collectionOf(db: Db | Trx, year: number, fewest: number): Promise<Disclosure['collection']> {
  const { rows } = await sql<{
    zh: string
    en: string
    volume: string
    billed: string
    uncollected: string
    payers: number
    some: string[]
  }>`
    with by_payer as (
      select l.category_code, b.discharger_id, sum(l.volume_m3) as volume, sum(l.amount) as billed
      from bills b join bill_lines l on l.bill_id = b.id where ${within(sql`b.fee_month`, year)}
      group by l.category_code, b.discharger_id),
    -- What is open of a bill is the end of its lines; most bills are paid whole and not looked at here.
    open_of as (
      select category_code, sum(greatest(
          least(high, payable) - greatest(high - greatest(amount, 0), payable - outstanding), 0.00)) as uncollected
      from (
        select l.category_code, l.amount, o.payable, o.outstanding,
          sum(greatest(l.amount, 0)) over (partition by l.bill_id order by l.line_no) as high
        from open_items o join bill_lines l on l.bill_id = o.bill_id
        where o.outstanding > 0 and ${within(sql`o.fee_month`, year)}) lines
      group by category_code)
    select c.name_zh as zh, c.name_en as en, sum(p.volume)::text as volume, sum(p.billed)::text as billed,
      coalesce(max(u.uncollected), 0.00)::text as uncollected,
      ${payersOf(sql`p.discharger_id`, sql`p.volume <> 0 or p.billed <> 0`, fewest)}
    from by_payer p join price_categories c on c.code = p.category_code left join open_of u on u.category_code = c.code
    group by c.code, c.name_zh, c.name_en order by c.code`.execute(db)
  const sums = rows.map(({ zh, en, volume: volumeM3, billed, uncollected, payers, some }) => {
    const collected = moneyText(subtractMoney(money(billed), money(uncollected)))
    return { row: { category: { zh, en }, volumeM3, billed, collected, uncollected }, payers, some }
  })
  const { alone, joined } = joinFew<CollectedOf>(sums, fewest)
  if (joined.length === 0) return alone
  const sum = (name: 'billed' | 'collected' | 'uncollected') =>
    moneyText(addMoney(joined.map((each) => money(each[name]))))
  const together: CollectedOf = {
    category: joinedName(
      joined.map(({ category }) => category),
      fewest,
    ),
    volumeM3: volumeText(addVolumes(joined.map((each) => volume(each.volumeM3)))),
    billed: sum('billed'),
    collected: sum('collected'),
    uncollected: sum('uncollected'),
  }
  return [...alone, together]
}

/** How many payers rows that have one each are of, and who: as many as must not be told apart. */
const payersOf = (payer: RawBuilder<unknown>, counts: RawBuilder<unknown>, fewest: number) => sql`
  (count(*) filter (where ${counts}))::int as payers,
  coalesce((array_agg(${payer}::text) filter (where ${counts}))[:${fewest}::int], '{}') as some`
interface PayersRow {
  payers: number
  some: string[]
}

type PaidThrough = Disclosure['collectors'][number]
const paidDirectly: Said = { zh: '直缴国库', en: 'paid straight to the treasury' }

/** A collector by its name, or several that are shown as one. */
export const collectorNamed = ({ name }: PaidThrough): Said =>
  typeof name === 'string' ? { zh: name, en: name } : name

/** What collectors took and handed over, and what was paid straight to the treasury: null where it stands with a collector. */
async function collectorsOf(
  db: Db | Trx,
  year: number,
  fewest: number,
): Promise<{ readonly collectors: readonly PaidThrough[]; readonly direct: string | null }> {
  const { rows } = await sql<PaidThrough & PayersRow>`
    with taken_of as (
      select collector_id, discharger_id, sum(amount) as amount
      from (${collectorMoney}) m where ${within(sql`moved_on`, year)} group by collector_id, discharger_id),
    taken as (
      select collector_id, sum(amount) as amount,
        ${payersOf(sql`discharger_id`, sql`discharger_id is not null and amount <> 0`, fewest)}
      from taken_of group by collector_id),
    transfers as (
      select s.collector_id,
        sum(case when r.outcome = 'confirmed' then r.amount else v.amount end) filter (where ${within(sql`v.paid_on`, year)}) as remitted,
        sum(r.amount) filter (where r.outcome = 'confirmed' and ${within(sql`r.received_on`, year)}) as confirmed
      from remittance_vouchers v join remittance_statements s on s.id = v.statement_id
        left join remittance_voucher_outcomes r on r.voucher_id = v.id
      where r.outcome is distinct from 'rejected' and ${standing}
        and not exists (select from remittance_receipt_reversals b where b.voucher_id = v.id)
      group by s.collector_id)
    select c.name, coalesce(t.amount, 0.00)::text as collected, coalesce(v.remitted, 0.00)::text as remitted,
      coalesce(v.confirmed, 0.00)::text as confirmed, coalesce(t.payers, 0) as payers,
      coalesce(t.some, '{}') as some
    from collectors c left join taken t on t.collector_id = c.id left join transfers v on v.collector_id = c.id
    where t.collector_id is not null or v.collector_id is not null or exists (
      select from collector_contracts k where k.collector_id = c.id and k.valid_from < make_date(${year + 1}, 1, 1)
        and (k.valid_until is null or k.valid_until > make_date(${year}, 1, 1)))
    order by c.code`.execute(db)
  const straight = await paidStraight(db, year, fewest)
  const { amount } = straight
  const direct: PaidThrough = { name: paidDirectly, collected: amount, remitted: amount, confirmed: amount }
  const sums = rows.map(({ payers, some, ...row }) => ({ row: row as PaidThrough, payers, some }))
  const { alone, joined } = joinFew([...sums, { row: direct, ...straight }], fewest)
  const collectors = alone.filter((each) => each !== direct)
  if (joined.length === 0) return { collectors, direct: amount }
  const sum = (name: 'collected' | 'remitted' | 'confirmed') =>
    moneyText(addMoney(joined.map((each) => money(each[name]))))
  const together: PaidThrough = {
    name: joinedName(joined.map(collectorNamed), fewest),
    collected: sum('collected'),
    remitted: sum('remitted'),
    confirmed: sum('confirmed'),
  }
  return { collectors: [...collectors, together], direct: joined.includes(direct) ? null : amount }
}

async function paidStraight(
  db: Db | Trx,
  year: number,
  fewest: number,
): Promise<{ readonly amount: string } & PayersRow> {
  const { rows } = await sql<{ amount: string } & PayersRow>`
    select coalesce(sum(amount), 0.00)::text as amount, ${payersOf(sql`discharger_id`, sql`true`, fewest)}
    from (select p.discharger_id, sum(p.amount) as amount from payments p
      where p.channel = 'treasury' and ${within(sql`p.paid_on`, year)}
        and not exists (select from payment_reversals v where v.payment_id = p.id) group by p.discharger_id) by_payer`.execute(
    db,
  )
  return rows[0] ?? { amount: '0.00', payers: 0, some: [] }
}

async function writtenOffOf(db: Db | Trx, year: number): Promise<Money> {
  const { rows } = await sql<{ written_off: string }>`
    select coalesce(sum(least(w.amount, o.outstanding)), 0.00)::text as written_off from write_offs w join open_items o on o.bill_id = w.bill_id
      join bills b on b.id = w.bill_id where ${within(sql`b.fee_month`, year)}`.execute(db)
  return money(rows[0]?.written_off ?? '0.00')
}
