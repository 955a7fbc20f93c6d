import { z } from '@hono/zod-openapi'
import { numberOfBillId } from '../bills/bill.ts'
import { collectorNames } from '../dischargers/known-names.queries.ts'
import { type CivilDate, monthOf } from '../kernel/calendar.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import { date } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, Count, Notice, PlainTable } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { type AgeBucket, ageBucket, ageBuckets, daysOverdue } from './overdue.rules.ts'
import { payerFilter } from './payer-filter.ts'
import { payerFilters, payerQuery } from './payment.page.tsx'
import { ageing, totalOutstanding } from './payment.queries.ts'
import { type ItemListRow, itemSums, outstandingRows, overdueRows } from './payment-list.queries.ts'

const overdueTitle: Said = { zh: '逾期', en: 'overdue' }
const outstandingTitle: Said = { zh: '未缴账单', en: 'outstanding bills' }
const ageingTitle: Said = { zh: '账龄', en: 'ageing' }

/** An age class in words: 31–60 天. */
export const ageWords = (bucket: AgeBucket, say: Say): string =>
  bucket === '366+'
    ? say('365 天以上', 'over 365 days')
    : say(`${bucket.replace('-', '–')} 天`, `${bucket.replace('-', '–')} days`)

const numberOf = (row: ItemListRow): string => numberOfBillId(row.bill_id)

const itemColumns: readonly Column<ItemListRow>[] = [
  {
    key: 'bill',
    title: { zh: '账单', en: 'bill' },
    cell: (row) => <code>{numberOf(row)}</code>,
    text: numberOf,
    sort: 'bill_id',
  },
  {
    key: 'month',
    title: { zh: '费款所属月份', en: 'fee month' },
    cell: (row) => monthOf(row.fee_month),
    text: (row) => monthOf(row.fee_month),
    sort: 'fee_month',
    wide: true,
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no}</code>,
    text: (row) => row.account_no,
    sort: 'account_no',
    wide: true,
  },
  {
    key: 'payer',
    title: { zh: '缴费人', en: 'payer' },
    cell: (row) => row.discharger_name,
    text: (row) => row.discharger_name,
    sort: 'discharger_name',
  },
  {
    key: 'collector',
    title: { zh: '代征单位', en: 'collector' },
    cell: (row) => row.collector_name,
    text: (row) => row.collector_name,
    sort: 'collector_name',
    wide: true,
  },
  {
    key: 'due',
    title: { zh: '到期', en: 'due' },
    cell: (row) => row.due_on,
    text: (row) => row.due_on,
    sort: 'due_on',
  },
  {
    key: 'payable',
    title: { zh: '应缴（元）', en: 'amount (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.payable} />,
    text: (row) => row.payable,
    sort: 'payable',
    wide: true,
  },
  {
    key: 'outstanding',
    title: { zh: '未缴（元）', en: 'outstanding (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.outstanding} />,
    text: (row) => row.outstanding,
    sort: 'outstanding',
  },
]

/** Whose bill it is; who may order it to be paid drafts the order from here. */
const payerColumn = (mayOrder: boolean): Column<ItemListRow> => ({
  key: 'discharger_code',
  title: { zh: '排污者编号', en: 'discharger' },
  cell: (row, say) => (
    <span class="unbroken">
      {row.discharger_code}
      {mayOrder ? (
        <>
          {' '}
          <a href={`/office/orders/drafting?discharger=${encodeURIComponent(row.discharger_code)}`}>
            {say('拟责令', 'order')}
          </a>
        </>
      ) : null}
    </span>
  ),
  text: (row) => row.discharger_code,
  sort: 'discharger_code',
  wide: true,
})

const daysColumns = (asOf: CivilDate): readonly Column<ItemListRow>[] => [
  {
    key: 'days',
    title: { zh: '逾期（天）', en: 'days overdue' },
    number: true,
    decimals: 0,
    cell: (row) => <Count of={daysOverdue(row.due_on, asOf)} />,
    text: (row) => String(daysOverdue(row.due_on, asOf)),
    sort: 'days',
  },
  {
    key: 'age',
    title: { zh: '账龄', en: 'age' },
    cell: (row, say) => <span class="unbroken">{ageOf(row, asOf, say)}</span>,
    text: (row, say) => ageOf(row, asOf, say),
    sort: 'age',
    wide: true,
  },
]

const ageOf = (row: ItemListRow, asOf: CivilDate, say: Say): string =>
  ageWords(ageBucket(daysOverdue(row.due_on, asOf)) ?? '1-30', say)

const asOfOf = ({
  query,
  services,
}: {
  readonly query: { readonly asOf?: CivilDate }
  readonly services: Services
}): CivilDate => query.asOf ?? services.clock.today()

const asOfFilter = { name: 'asOf', label: { zh: '截至（含当日）', en: 'as of' }, kind: 'date' } as const

const overduePage = tablePage('/office/overdue', {
  title: overdueTitle,
  permits: 'payments.read',
  query: { ...payerQuery, asOf: date.optional(), bucket: z.enum(ageBuckets).optional() },
  filters: async (asked) => [
    asOfFilter,
    {
      name: 'bucket',
      label: { zh: '账龄', en: 'age' },
      kind: 'choice',
      choices: (say) => ageBuckets.map((bucket) => [bucket, ageWords(bucket, say)]),
    },
    ...(await payerFilters(asked)),
  ],
  columns: (asked) => [
    ...itemColumns,
    payerColumn(asked.may('enforcement.draft-order')),
    ...daysColumns(asOfOf(asked)),
  ],
  rows: async (asked) => {
    const payer = await payerFilter(asked.services.db, asked.query)
    return isRefusal(payer) ? payer : overdueRows(asOfOf(asked), { ...payer, bucket: asked.query.bucket })
  },
  order: { by: 'due_on', direction: 'asc' },
  unique: 'bill_id',
  head: (asked) => ({
    title: asked.say(`逾期 截至 ${asOfOf(asked)}`, `overdue as of ${asOfOf(asked)}`),
    next: <ButtonLink href={`/office/ageing?asOf=${asOfOf(asked)}`}>{asked.say('看账龄', 'ageing')}</ButtonLink>,
  }),
  totals: async ({ services: { db } }, rows) => {
    const sums = await itemSums(db, rows)
    return { payable: <Amount of={sums.payable} />, outstanding: <Amount of={sums.outstanding} /> }
  },
  open: (row) => `/office/bills/${numberOf(row)}`,
  file: overdueTitle,
  empty: (asked) => ({
    text: asked.say(
      `截至 ${asOfOf(asked)} 没有逾期账单。到期日次日起仍未缴清的会列在这里。`,
      `Nothing is overdue as of ${asOfOf(asked)}. A bill not paid in full by its due date is listed here from the day after.`,
    ),
  }),
})

const outstandingPage = tablePage('/office/outstanding', {
  title: outstandingTitle,
  permits: 'payments.read',
  query: payerQuery,
  filters: payerFilters,
  columns: itemColumns,
  rows: async ({ services: { db }, query }) => {
    const payer = await payerFilter(db, query)
    return isRefusal(payer) ? payer : outstandingRows(payer)
  },
  order: { by: 'due_on', direction: 'asc' },
  unique: 'bill_id',
  totals: async ({ services: { db }, query }) => {
    const payer = await payerFilter(db, query)
    return isRefusal(payer)
      ? {}
      : { outstanding: <Amount of={moneyText((await totalOutstanding(db, payer)).amount)} /> }
  },
  open: (row) => `/office/bills/${numberOf(row)}`,
  head: ({ say, services }) => ({
    title: say(`未缴账单 截至 ${services.clock.today()}`, `outstanding bills as of ${services.clock.today()}`),
  }),
  file: outstandingTitle,
  empty: ({ say }) => ({
    text: say('没有未缴账单：已签发的都已缴清。', 'No bill is outstanding: all that were issued are paid.'),
  }),
})

const ageingPage = page('/office/ageing', {
  title: ageingTitle,
  permits: 'payments.read',
  query: { ...payerQuery, asOf: date.optional() },
  show: async (asked) => {
    const { services, query, say, url } = asked
    const asOf = asOfOf(asked)
    const payer = await payerFilter(services.db, query)
    if (isRefusal(payer)) return payer
    const collectors = [...(await collectorNames(services.db))]
    const classes = await ageing(services.db, asOf, payer)
    const total = addMoney(classes.map(({ amount }) => amount))
    const bills = classes.reduce((sum, each) => sum + each.bills, 0)
    const to = (bucket?: AgeBucket) => {
      const search = new URLSearchParams(url.search)
      search.set('asOf', asOf)
      if (bucket !== undefined) search.set('bucket', bucket)
      return `/office/overdue?${search.toString()}`
    }
    return {
      title: say(`逾期账龄 截至 ${asOf}`, `ageing of what was overdue as of ${asOf}`),
      crumbs: [{ text: say(overdueTitle), href: to() }],
      figures: [
        { label: say('逾期账单（张）', 'bills overdue'), value: <Count of={bills} /> },
        {
          label: say('逾期合计（元）', 'overdue (yuan)'),
          value: <Amount of={moneyText(total)} />,
          ...(total.isZero() ? {} : { tone: 'overdue' as const }),
        },
      ],
      body: (
        <>
          <form class="filters" method="get" action={url.pathname}>
            <div>
              <label for="filter-asOf">{say(asOfFilter.label)}</label>
              <input id="filter-asOf" name="asOf" value={asOf} size={11} autocomplete="off" inputmode="numeric" />
            </div>
            <div>
              <label for="filter-collector">{say('代征单位', 'collector')}</label>
              <select id="filter-collector" name="collector">
                <option value="">{say('全部', 'all')}</option>
                {collectors.map(([code, name]) => (
                  <option value={code} selected={code === query.collector}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
            <button type="submit">{say('查看', 'show')}</button>
          </form>
          <PlainTable
            caption={say('按逾期天数', 'by days overdue')}
            columns={[
              { title: say('账龄', 'age') },
              { title: say('账单（张）', 'bills'), number: true },
              { title: say('未缴（元）', 'outstanding (yuan)'), number: true },
            ]}
            rows={classes.map((each) => [
              <a href={to(each.bucket)}>{ageWords(each.bucket, say)}</a>,
              <Count of={each.bills} />,
              <Amount of={moneyText(each.amount)} />,
            ])}
            totals={[<a href={to()}>{say('合计', 'total')}</a>, <Count of={bills} />, <Amount of={moneyText(total)} />]}
          />
          <Notice>
            {say(
              '缴款以实际缴款日计：迟到的文件也按缴款当日抵减，任何一天的账龄都可以重新算出。污水处理费不收滞纳金。',
              'A payment counts on the day it was paid, whenever its file came in, so that any day can be computed again. The wastewater fee knows no late fee.',
            )}
          </Notice>
        </>
      ),
    }
  },
})

/** What is outstanding and overdue on any day. */
export const overduePages: readonly PageRoute[] = [overduePage, outstandingPage, ageingPage]
