import { sql } from 'kysely'
import { addMoney, type Money, money, moneyText, subtractMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, volume, volumeText } from '../kernel/volume.ts'
import type { Db } from '../platform/database.ts'
import { refusePlatform } from '../platform/platform.refusals.ts'
import { writeCsv, writeFileOf, writeXlsx } from '../platform/tables/write-table.ts'

/** What the fee was spent on in a year; later stages hand in theirs. */
export interface UseOfFee {
  readonly item: string
  readonly amount: Money
}
export type UsesOfFee = (db: Db, year: number) => Promise<readonly UseOfFee[]>

/** A year's collection and use of the fee as it is made public: m³ and yuan as text, no user by name. */
export interface Disclosure {
  readonly year: number
  readonly asOf: string
  readonly basis: readonly string[]
  readonly collection: readonly {
    readonly category: string
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
    /** Received by the treasury in the calendar year: from collectors, and straight from payers. */
    readonly toTreasury: string
    readonly writtenOff: string
  }
  readonly use: readonly { readonly item: string; readonly amount: string }[]
  readonly used: string
}

/** The collection fee that finance paid in a year. */
export const collectionFeeUse: UsesOfFee = async (db, year) => {
  const { rows } = await sql<{ amount: string }>`
    select coalesce(sum(f.amount), 0.00)::text as amount from collection_fee_payments p join collection_fee_claims f on f.id = p.claim_id
    where extract(year from p.paid_on) = ${year}`.execute(db)
  return [{ item: '代征手续费', amount: money(rows[0]?.amount ?? '0.00') }]
}

/**
 * Collection and use of a year from facts (151 art. 20 and 28; 641 art. 33): what was billed for its fee months and paid
 * of it so far, what reached the treasury in the calendar year, and what was spent. Reads only.
 */
export async function disclosureOf(
  db: Db,
  year: number,
  asOf: string,
  usesOfFee: readonly UsesOfFee[],
): Promise<Disclosure> {
  const { rows } = await sql<{ category: string; volume: string; billed: string; uncollected: string }>`
    with lines as (
      select l.bill_id, l.category_code, l.volume_m3, l.amount,
        sum(greatest(l.amount, 0)) over (partition by l.bill_id order by l.line_no) as high
      from bills b join bill_lines l on l.bill_id = b.id
      where b.fee_month >= make_date(${year}, 1, 1) and b.fee_month < make_date(${year + 1}, 1, 1))
    select c.name_zh as category, sum(l.volume_m3)::text as volume, sum(l.amount)::text as billed,
      -- What is open of a bill is the end of its lines.
      coalesce(sum(greatest(least(l.high, o.payable) - greatest(l.high - greatest(l.amount, 0), o.payable - o.outstanding), 0)), 0.00)::text as uncollected
    from lines l join price_categories c on c.code = l.category_code left join open_items o on o.bill_id = l.bill_id
    group by c.code, c.name_zh order by c.code`.execute(db)
  const { rows: sums } = await sql<{ treasury: string; written_off: string }>`
    select (
      (select coalesce(sum(r.amount), 0) from remittance_voucher_outcomes r where r.outcome = 'confirmed'
        and extract(year from r.received_on) = ${year}
        and not exists (select from remittance_receipt_reversals b where b.voucher_id = r.voucher_id))
      + (select coalesce(sum(p.amount), 0) from payments p where p.channel = 'treasury' and extract(year from p.paid_on) = ${year}
        and not exists (select from payment_reversals v where v.payment_id = p.id)))::text as treasury,
      (select coalesce(sum(least(w.amount, o.outstanding)), 0.00)::text from write_offs w join open_items o on o.bill_id = w.bill_id
        join bills b on b.id = w.bill_id where extract(year from b.fee_month) = ${year}) as written_off`.execute(db)
  const uses = (await Promise.all(usesOfFee.map((of) => of(db, year)))).flat()
  const collection = rows.map((row) => ({
    category: row.category,
    volumeM3: row.volume,
    billed: row.billed,
    collected: moneyText(subtractMoney(money(row.billed), money(row.uncollected))),
    uncollected: row.uncollected,
  }))
  const sum = (name: 'billed' | 'collected' | 'uncollected') =>
    moneyText(addMoney(collection.map((each) => money(each[name]))))
  return {
    year,
    asOf,
    basis: ['财税〔2014〕151号第二十条', '国务院令第641号第三十三条', '赣区府办字〔2023〕70号'],
    collection,
    totals: {
      volumeM3: volumeText(addVolumes(collection.map((each) => volume(each.volumeM3)))),
      billed: sum('billed'),
      collected: sum('collected'),
      uncollected: sum('uncollected'),
      toTreasury: moneyText(money(sums[0]?.treasury ?? '0.00')),
      writtenOff: moneyText(money(sums[0]?.written_off ?? '0.00')),
    },
    use: uses.map(({ item, amount }) => ({ item, amount: moneyText(amount) })),
    used: moneyText(addMoney(uses.map(({ amount }) => amount))),
  }
}

/** Writes a disclosure as .xlsx, .csv or .json, as the name says. Refuses another ending. */
export async function writeDisclosure(
  disclosure: Disclosure,
  path: string,
): Promise<{ readonly path: string } | Refusal> {
  const ending = /\.(xlsx|csv|json)$/i.exec(path)?.[1]?.toLowerCase()
  if (ending === undefined)
    return refusePlatform('value_malformed', { field: '--to', value: path, rule: '.xlsx / .csv / .json' })
  const { collection, totals, use, used, year, asOf, basis } = disclosure
  const rows = [
    ...collection.map((each) => [each.category, each.volumeM3, each.billed, each.collected, each.uncollected]),
    ['合计', totals.volumeM3, totals.billed, totals.collected, totals.uncollected],
  ]
  const spent = [...use.map((each) => [each.item, each.amount]), ['合计', used]]
  const header = ['类别', '计费水量(m³)', '应征(元)', '已征(元)', '未征(元)']
  if (ending === 'json') {
    await writeFileOf(path, `${JSON.stringify(disclosure, null, 2)}\n`)
    return { path }
  }
  if (ending === 'csv') {
    const blank = ['', '', '', '', '']
    await writeCsv(
      path,
      [`${year}年污水处理费征收使用情况（截至 ${asOf}）`, '', '', '', ''],
      [
        header,
        ...rows,
        blank,
        ['本年入库(元)', totals.toTreasury, '', '', ''],
        ['核销(元)', totals.writtenOff, '', '', ''],
        blank,
        ['使用', '金额(元)', '', '', ''],
        ...spent.map(([item = '', amount = '']) => [item, amount, '', '', '']),
        blank,
        ['依据', basis.join('；'), '', '', ''],
      ],
    )
    return { path }
  }
  const number = (title: string, decimals: number) => ({ title, kind: 'number' as const, decimals, width: 18 })
  const refused = await writeXlsx(path, [
    {
      name: `${year}年征收`,
      columns: [
        { title: '类别', kind: 'text', width: 20 },
        number('计费水量(m³)', 3),
        number('应征(元)', 2),
        number('已征(元)', 2),
        number('未征(元)', 2),
      ],
      rows,
    },
    {
      name: '入库与使用',
      columns: [{ title: '项目', kind: 'text', width: 30 }, number('金额(元)', 2)],
      rows: [['本年入库', totals.toTreasury], ['核销', totals.writtenOff], ...spent],
    },
    {
      name: '说明',
      columns: [
        { title: '项目', kind: 'text', width: 12 },
        { title: '内容', kind: 'text', width: 80 },
      ],
      rows: [
        ['截至', asOf],
        ['依据', basis.join('；')],
      ],
    },
  ])
  return isRefusal(refused) ? refused : { path }
}
