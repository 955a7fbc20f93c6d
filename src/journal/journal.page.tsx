import { type CivilDate, monthOf, plusDays } from '../kernel/calendar.ts'
import { addMoney, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { date, id, month, text } from '../platform/http/fields.ts'
import { refuseHttp } from '../platform/http/http.refusals.ts'
import type { Route, Said } from '../platform/http/route.ts'
import { downloadPage, routeAt } from '../platform/pages/forms.tsx'
import { type Crumb, type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, Code, Count, Facts, Instant, Notice, PlainTable, State } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { accountLedger, trialBalance } from './journal.queries.ts'
import {
  accountNames,
  type EntryListRow,
  entryRows,
  findEntry,
  type LedgerListRow,
  ledgerRows,
} from './journal-list.queries.ts'
import type { TieOutOf } from './subledger.ts'

const balanceTitle: Said = { zh: '试算平衡', en: 'trial balance' }
const entriesTitle: Said = { zh: '凭证', en: 'entries' }
const tieOutTitle: Said = { zh: '总账与明细核对', en: 'tie-out' }
const balanceCrumb = (say: Say): Crumb => ({ text: say(balanceTitle), href: '/office/journal' })
const entriesCrumb = (say: Say): Crumb => ({ text: say(entriesTitle), href: '/office/journal/entries' })
const ledgerAddress = (accountCode: string) => `/office/journal/accounts/${accountCode}`

/** A balance as a book-keeper reads it: the side in words, the amount without a sign. */
function Balance({ of, say }: { readonly of: string; readonly say: Say }) {
  if (of === '0.00') return <span class="number">{say('平 0.00', '0.00')}</span>
  const isCredit = of.startsWith('-')
  return (
    <span class="number">
      <span class="quiet">{isCredit ? say('贷', 'Cr') : say('借', 'Dr')}</span>{' '}
      <Amount of={isCredit ? of.slice(1) : of} />
    </span>
  )
}

const balancePage = page('/office/journal', {
  title: balanceTitle,
  permits: 'journal.read',
  query: { asOf: date.optional(), month: month.optional() },
  show: async ({ services, query, say, url }) => {
    const asOf = query.asOf ?? services.clock.today()
    const balance = await trialBalance(services.db, {
      until: plusDays(asOf, 1),
      ...(query.month === undefined ? {} : { feeMonth: query.month }),
    })
    const equal = balance.debit.eq(balance.credit)
    return {
      title: say(`试算平衡 截至 ${asOf}`, `trial balance as of ${asOf}`),
      state: equal ? (
        <State tone="settled">{say('借贷相等', 'debits equal credits')}</State>
      ) : query.month === undefined ? (
        <State tone="overdue">{say('借贷不等', 'debits differ from credits')}</State>
      ) : undefined,
      next: <ButtonLink href="/office/journal/tie-out">{say('与明细核对', 'tie-out')}</ButtonLink>,
      body: (
        <>
          <form class="filters" method="get" action={url.pathname}>
            <div>
              <label for="filter-asOf">{say('截至（含当日）', 'as of')}</label>
              <input id="filter-asOf" name="asOf" value={asOf} size={11} autocomplete="off" inputmode="numeric" />
            </div>
            <div>
              <label for="filter-month">{say('费款所属月份', 'fee month')}</label>
              <input
                id="filter-month"
                name="month"
                value={query.month ?? ''}
                placeholder="2026-03"
                size={11}
                autocomplete="off"
              />
            </div>
            <button type="submit">{say('查看', 'show')}</button>
          </form>
          <PlainTable
            columns={[
              { title: say('科目', 'account') },
              { title: say('借方（元）', 'debit (yuan)'), number: true },
              { title: say('贷方（元）', 'credit (yuan)'), number: true },
              { title: say('余额（元）', 'balance (yuan)'), number: true },
            ]}
            rows={balance.accounts.map((account) => [
              <a
                href={`${ledgerAddress(account.accountCode)}${query.month === undefined ? '' : `?month=${query.month}`}`}
              >
                {say(account.nameZh, account.nameEn)}
              </a>,
              <Amount of={moneyText(account.debit)} />,
              <Amount of={moneyText(account.credit)} />,
              <Balance of={moneyText(account.balance)} say={say} />,
            ])}
            totals={[
              say('合计', 'total'),
              <Amount of={moneyText(balance.debit)} />,
              <Amount of={moneyText(balance.credit)} />,
              <Balance of={moneyText(subtractMoney(balance.debit, balance.credit))} say={say} />,
            ]}
          />
          <p class="buttons">
            <ButtonLink href="/office/journal/entries">{say('看凭证', 'entries')}</ButtonLink>
            <ButtonLink href="/office/journal/export">
              {say('导出账簿文本（hledger）', 'books as text (hledger)')}
            </ButtonLink>
          </p>
        </>
      ),
    }
  },
})

const dayFilters = [
  { name: 'from', label: { zh: '自', en: 'from' }, kind: 'date' },
  { name: 'to', label: { zh: '至', en: 'to' }, kind: 'date' },
] as const

const entryColumns: readonly Column<EntryListRow>[] = [
  {
    key: 'id',
    title: { zh: '凭证', en: 'entry' },
    cell: (row) => <code>{row.id}</code>,
    text: (row) => row.id,
    sort: 'id',
  },
  {
    key: 'entry_on',
    title: { zh: '日期', en: 'day' },
    cell: (row) => row.entry_on,
    text: (row) => row.entry_on,
    sort: 'entry_on',
  },
  { key: 'memo', title: { zh: '摘要', en: 'memo' }, cell: (row) => row.memo, text: (row) => row.memo, sort: 'memo' },
  {
    key: 'documents',
    title: { zh: '单据（张）', en: 'documents' },
    number: true,
    decimals: 0,
    cell: (row) => <Count of={row.document_count} />,
    text: (row) => String(row.document_count),
    sort: 'document_count',
    wide: true,
  },
  {
    key: 'amount',
    title: { zh: '借方合计（元）', en: 'debits (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.amount} />,
    text: (row) => row.amount,
    sort: 'amount',
  },
]

const entriesPage = tablePage('/office/journal/entries', {
  title: entriesTitle,
  permits: 'journal.read',
  query: { from: date.optional(), to: date.optional() },
  filters: dayFilters,
  columns: entryColumns,
  rows: ({ query }) => entryRows(query),
  onlyGrows: true,
  order: { by: 'id', direction: 'desc' },
  indexed: ['id'],
  unique: 'id',
  open: (row) => `/office/journal/entries/${row.id}`,
  file: entriesTitle,
  crumbs: ({ say }) => [balanceCrumb(say)],
  empty: ({ say }) => ({
    text: say(
      '账簿还是空的。签发账单、登记缴款时自动记账。',
      'The books are empty. They are kept by themselves as bills are issued and payments come in.',
    ),
  }),
})

const entryPage = page('/office/journal/entries/{entry}', {
  title: { zh: '一张凭证', en: 'one entry' },
  permits: 'journal.read',
  params: { entry: id() },
  show: async ({ services, params, say, url }) => {
    const entry = await findEntry(services.db, params.entry)
    if (entry === undefined) return refuseHttp('resource_missing', { path: url.pathname })
    const side = (amount: string, credit: boolean) =>
      amount.startsWith('-') === credit ? <Amount of={credit ? amount.slice(1) : amount} /> : ''
    const monthsOf = (day: CivilDate | null) => (day === null ? '—' : monthOf(day))
    return {
      title: say(`凭证 ${entry.entryId}`, `entry ${entry.entryId}`),
      crumbs: [balanceCrumb(say), entriesCrumb(say)],
      body: (
        <>
          <Facts
            of={[
              [say('日期', 'day'), entry.entryOn],
              [say('摘要', 'memo'), entry.memo],
              [say('单据（张）', 'documents'), <Count of={entry.documentCount} />],
              [say('经办', 'by'), entry.madeBy],
              [say('记账时间', 'recorded'), <Instant of={entry.recordedAt} />],
              [say('办理编号', 'command'), <Code of={entry.commandId} copy say={say} />],
            ]}
          />
          <PlainTable
            columns={[
              { title: say('科目', 'account') },
              { title: say('费款所属月份', 'fee month') },
              { title: say('借方（元）', 'debit (yuan)'), number: true },
              { title: say('贷方（元）', 'credit (yuan)'), number: true },
            ]}
            rows={entry.lines.map((line) => [
              <a href={ledgerAddress(line.accountCode)}>{say(line.nameZh, line.nameEn)}</a>,
              monthsOf(line.feeMonth),
              side(line.amount, false),
              side(line.amount, true),
            ])}
          />
        </>
      ),
    }
  },
})

const ledgerColumns: readonly Column<LedgerListRow>[] = [
  {
    key: 'entry',
    title: { zh: '凭证', en: 'entry' },
    cell: (row) => <code>{row.entry_id}</code>,
    text: (row) => row.entry_id,
    sort: 'place',
  },
  {
    key: 'entry_on',
    title: { zh: '日期', en: 'day' },
    cell: (row) => row.entry_on,
    text: (row) => row.entry_on,
    sort: 'entry_on',
  },
  { key: 'memo', title: { zh: '摘要', en: 'memo' }, cell: (row) => row.memo, text: (row) => row.memo, sort: 'memo' },
  {
    key: 'month',
    title: { zh: '费款所属月份', en: 'fee month' },
    cell: (row) => (row.fee_month === null ? '—' : monthOf(row.fee_month)),
    text: (row) => (row.fee_month === null ? '' : monthOf(row.fee_month)),
    sort: 'fee_month',
    wide: true,
  },
  {
    key: 'debit',
    title: { zh: '借方（元）', en: 'debit (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => (row.amount.startsWith('-') ? '' : <Amount of={row.amount} />),
    text: (row) => (row.amount.startsWith('-') ? '' : row.amount),
    sort: 'debit',
  },
  {
    key: 'credit',
    title: { zh: '贷方（元）', en: 'credit (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => (row.amount.startsWith('-') ? <Amount of={row.amount.slice(1)} /> : ''),
    text: (row) => (row.amount.startsWith('-') ? row.amount.slice(1) : ''),
    sort: 'credit',
  },
]

const ledgerPage = tablePage('/office/journal/accounts/{account}', {
  title: { zh: '明细账', en: 'ledger' },
  permits: 'journal.read',
  params: { account: text(100) },
  query: { from: date.optional(), to: date.optional(), month: month.optional() },
  filters: [...dayFilters, { name: 'month', label: { zh: '费款所属月份', en: 'fee month' }, kind: 'month' }],
  columns: ledgerColumns,
  rows: async ({ services, params, query, url }) => {
    const names = await accountNames(services.db)
    return names.has(params.account)
      ? ledgerRows(params.account, query)
      : refuseHttp('resource_missing', { path: url.pathname })
  },
  onlyGrows: true,
  order: { by: 'place', direction: 'desc' },
  indexed: ['place'],
  unique: 'place',
  open: (row) => `/office/journal/entries/${row.entry_id}`,
  file: { zh: '明细账', en: 'ledger' },
  crumbs: ({ say }) => [balanceCrumb(say)],
  head: async ({ services, params, say }) => {
    const names = (await accountNames(services.db)).get(params.account)
    return names === undefined ? {} : { title: say(`明细账 ${names.zh}`, `ledger of ${names.en}`) }
  },
  figures: async ({ services, params, query, say }) => {
    const ledger = await accountLedger(services.db, params.account, {
      from: query.from,
      until: query.to === undefined ? undefined : plusDays(query.to, 1),
      feeMonth: query.month,
      limit: 1,
    })
    if (ledger === undefined) return []
    return [
      { label: say('期初（元）', 'opening (yuan)'), value: <Balance of={moneyText(ledger.opening)} say={say} /> },
      { label: say('期末（元）', 'closing (yuan)'), value: <Balance of={moneyText(ledger.closing)} say={say} /> },
    ]
  },
  empty: ({ say }) => ({ text: say('这个科目还没有分录。', 'Nothing was posted to this account yet.') }),
})

const tieOutPage = (tieOutOf: TieOutOf): PageRoute =>
  page('/office/journal/tie-out', {
    title: tieOutTitle,
    permits: 'journal.read',
    show: async ({ services, say }) => {
      const today = services.clock.today()
      const ties = await tieOutOf(services.db)
      const names = await accountNames(services.db)
      const apart = ties.filter(({ books, subledger }) => !books.eq(subledger))
      const sum = (of: 'books' | 'subledger') =>
        ties.length === 0 ? zeroMoney : addMoney(ties.map((each) => each[of]))
      return {
        title: say(`${tieOutTitle.zh} 截至 ${today}`, `${tieOutTitle.en} as of ${today}`),
        crumbs: [balanceCrumb(say)],
        state:
          apart.length === 0 ? (
            <State tone="settled">{say('全部相符', 'all agree')}</State>
          ) : (
            <State tone="overdue">{say(`${apart.length} 处不符`, `${apart.length} differ`)}</State>
          ),
        figures: [
          { label: say('核对（项）', 'compared'), value: <Count of={ties.length} /> },
          {
            label: say('不符（项）', 'differ'),
            value: <Count of={apart.length} />,
            ...(apart.length === 0 ? {} : { tone: 'overdue' as const }),
          },
          { label: say('总账净额（元）', 'net of the books (yuan)'), value: <Amount of={moneyText(sum('books'))} /> },
          {
            label: say('明细净额（元）', 'net of the subledgers (yuan)'),
            value: <Amount of={moneyText(sum('subledger'))} />,
          },
        ],
        body:
          ties.length === 0 ? (
            <Notice>{say('还没有可核对的科目。', 'There is nothing to compare yet.')}</Notice>
          ) : (
            <PlainTable
              columns={[
                { title: say('科目', 'account') },
                { title: say('费款所属月份', 'fee month') },
                { title: say('总账（元）', 'books (yuan)'), number: true },
                { title: say('明细（元）', 'subledger (yuan)'), number: true },
                { title: say('差额（元）', 'difference (yuan)'), number: true },
                { title: say('核对', 'check') },
              ]}
              rows={ties.map((tie) => {
                const name = names.get(tie.accountCode)
                const difference = subtractMoney(tie.books, tie.subledger)
                return [
                  <a href={`${ledgerAddress(tie.accountCode)}${tie.feeMonth === null ? '' : `?month=${tie.feeMonth}`}`}>
                    {name === undefined ? tie.accountCode : say(name)}
                  </a>,
                  tie.feeMonth ?? '—',
                  <Amount of={moneyText(tie.books)} />,
                  <Amount of={moneyText(tie.subledger)} />,
                  <Amount of={moneyText(difference)} />,
                  difference.isZero() ? (
                    <State tone="settled">{say('相符', 'agree')}</State>
                  ) : (
                    <State tone="overdue">{say('不符', 'differ')}</State>
                  ),
                ]
              })}
            />
          ),
      }
    },
  })

/** The books: the trial balance, entries, ledgers, and the tie-out with the subledgers of later stages. */
export function journalPages(tieOutOf: TieOutOf, fileRoutes: readonly Route[]): readonly PageRoute[] {
  return [
    balancePage,
    entriesPage,
    entryPage,
    ledgerPage,
    tieOutPage(tieOutOf),
    downloadPage('/office/journal/export', 'journal.read', routeAt(fileRoutes, '/journal/export', 'get')),
  ]
}
