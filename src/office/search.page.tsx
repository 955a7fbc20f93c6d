import { findBill } from '../bills/bill.queries.ts'
import { billKindNames, parseBillNumber } from '../bills/bill.ts'
import { findAccountsLike, findDischargersLike } from '../dischargers/search.queries.ts'
import { findLog } from '../enforcement/matter.queries.ts'
import { moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { paymentsOfReference } from '../payments/payment-list.queries.ts'
import { fenced } from '../platform/authorisation/fence.ts'
import type { PermissionName } from '../platform/authorisation/permissions.ts'
import { text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { type PageAsked, type PageRoute, page, Redirect } from '../platform/pages/page-route.ts'
import { Empty, Notice, PlainTable, Section } from '../platform/pages/parts.tsx'
import { receiptOfCode } from '../receipts/receipt-search.queries.ts'
import { findStatement, listVouchers } from '../remittance/statement.queries.ts'

/** One thing that answers to what was looked for. */
interface Hit {
  readonly title: string
  readonly more: string
  readonly href: string
  readonly exact: boolean
}

/** Where one kind of thing is looked for; who may not read it is not told that there is any. */
interface Place extends Said {
  readonly permits: PermissionName
  readonly look: (asked: PageAsked, text: string) => Promise<readonly Hit[]>
}

const hitsShown = 10

/** From the most particular to the most general: a number names one thing, a piece of a name many. */
const places: readonly Place[] = [
  {
    zh: '账单',
    en: 'bills',
    permits: 'bills.read',
    look: async ({ services, say }, sought) => {
      const number = parseBillNumber(sought)
      const bill = number === undefined ? undefined : await findBill(services.db, number)
      if (bill === undefined) return []
      return [
        {
          title: bill.number,
          more: `${say(billKindNames[bill.kind])}　${bill.dischargerName}　${bill.feeMonth}　${moneyForPeople(bill.totalAmount)} ${say('元', 'yuan')}`,
          href: `/office/bills/${bill.number}`,
          exact: true,
        },
      ]
    },
  },
  {
    zh: '用水户',
    en: 'accounts',
    permits: 'accounts.read',
    look: async ({ services }, sought) =>
      (await findAccountsLike(services.db, sought, hitsShown)).map((account) => ({
        title: account.accountNo,
        more: `${account.holderName ?? '—'}　${account.collectorName}　${account.address}`,
        href: `/office/accounts/${encodeURIComponent(account.collectorCode)}/${encodeURIComponent(account.accountNo)}`,
        exact: account.exact,
      })),
  },
  {
    zh: '排污者',
    en: 'dischargers',
    permits: 'dischargers.read',
    look: async ({ services }, sought) =>
      (await findDischargersLike(services.db, sought, hitsShown)).map((discharger) => ({
        title: discharger.name,
        more: `${discharger.code}　${discharger.creditCode ?? ''}`,
        href: `/office/dischargers/${encodeURIComponent(discharger.code)}`,
        exact: discharger.exact,
      })),
  },
  {
    zh: '缴款',
    en: 'payments',
    permits: 'payments.read',
    look: async ({ services, say }, sought) =>
      (await paymentsOfReference(services.db, sought, hitsShown)).map((payment) => ({
        title: `${say('缴款', 'payment')} ${payment.id}`,
        more: `${payment.reference}　${payment.discharger_name}　${payment.paid_on}　${payment.amount} ${say('元', 'yuan')}`,
        href: `/office/payments/${payment.id}`,
        exact: true,
      })),
  },
  {
    zh: '责令通知书',
    en: 'orders to pay',
    permits: 'enforcement.read',
    look: async ({ services, say }, sought) => {
      const found = await findLog(services.db, 'order', sought)
      return found === undefined
        ? []
        : [
            {
              title: `${say('责令', 'order')} ${sought}`,
              more: '',
              href: `/office/orders/${encodeURIComponent(sought)}`,
              exact: true,
            },
          ]
    },
  },
  {
    zh: '案件',
    en: 'cases',
    permits: 'enforcement.read',
    look: async ({ services, say }, sought) => {
      const found = await findLog(services.db, 'case', sought)
      return found === undefined
        ? []
        : [
            {
              title: `${say('案', 'case')} ${sought}`,
              more: '',
              href: `/office/cases/${encodeURIComponent(sought)}`,
              exact: true,
            },
          ]
    },
  },
  {
    zh: '划缴结算单',
    en: 'remittance statements',
    permits: 'remittance.read',
    look: async ({ services }, sought) => {
      const statement = await findStatement(services.db, sought)
      return isRefusal(statement)
        ? []
        : [
            {
              title: statement.number,
              more: `${statement.collectorName}　${statement.period.name}`,
              href: `/office/remittance/statements/${encodeURIComponent(statement.number)}`,
              exact: true,
            },
          ]
    },
  },
  {
    zh: '划缴凭证',
    en: 'vouchers of remittance',
    permits: 'remittance.read',
    look: async ({ services, say }, sought) =>
      (await listVouchers(services.db, { reference: sought, limit: hitsShown })).map((voucher) => ({
        title: voucher.bankReference,
        more: `${voucher.statement}　${voucher.paidOn}　${moneyForPeople(voucher.amount)} ${say('元', 'yuan')}`,
        href: `/office/remittance/statements/${encodeURIComponent(voucher.statement)}`,
        exact: true,
      })),
  },
  {
    zh: '财政电子票据',
    en: 'receipts',
    permits: 'receipts.read',
    look: async ({ services }, sought) =>
      (await receiptOfCode(services.db, sought, hitsShown)).map((receipt) => ({
        title: receipt.billNumber ?? receipt.number,
        more: `${receipt.number}　${receipt.payer}`,
        href: `/office/receipts/${encodeURIComponent(receipt.number)}`,
        exact: true,
      })),
  },
]

const searchPage = page('/office/search', {
  title: { zh: '搜索', en: 'search' },
  permits: 'notices.read',
  query: { q: text(100).optional() },
  show: async (asked) => {
    const { query, say, may } = asked
    const sought = (query.q ?? '').trim().normalize('NFKC')
    if (sought === '')
      return {
        title: say('搜索', 'search'),
        body: (
          <Notice>
            {say(
              '可输入户号、户名（两个字以上）、账单号、缴款流水号、统一社会信用代码、排污者编号、责令或案件编号、划缴结算单号、票据号码。',
              'Give the number of an account, a name (two letters or more), the number of a bill, a payment’s reference, a credit code, the code of a discharger, the number of an order, case, statement or receipt.',
            )}
          </Notice>
        ),
      }
    const found: { readonly place: Place; readonly hits: readonly Hit[] }[] = []
    for (const place of places) {
      if (!may(place.permits)) continue
      // The page itself is everybody's: each kind is looked for among what the visitor may read of it.
      const hits = await fenced(asked.services, asked.visitor, place.permits, (services) =>
        place.look({ ...(asked as unknown as PageAsked), services }, sought),
      )
      if (hits.length > 0) found.push({ place, hits })
    }
    const all = found.flatMap(({ hits }) => hits)
    // The one that was named opens, whatever else has a name with those letters in it.
    const named = all.filter(({ exact }) => exact)
    const [only, second] = named.length > 0 ? named : all
    if (only !== undefined && second === undefined) return new Redirect(only.href)
    const inOrder = found.toSorted(
      (a, b) => Number(b.hits.some(({ exact }) => exact)) - Number(a.hits.some(({ exact }) => exact)),
    )
    return {
      title: say(`搜索“${sought}”`, `search for “${sought}”`),
      body:
        all.length === 0 ? (
          <Empty>
            {say(
              '没有找到。户号可不写前导零；户名写其中连续的两个字以上；账单号的样子是 2026-000001。',
              'Nothing was found. An account’s leading zeros may be left out; of a name two letters in a row will do; a bill’s number looks like 2026-000001.',
            )}
          </Empty>
        ) : (
          inOrder.map(({ place, hits }) => (
            <Section title={say(place)}>
              <PlainTable
                columns={[{ title: say(place) }, { title: say('说明', 'details') }]}
                rows={hits.map((hit) => [<a href={hit.href}>{hit.title}</a>, hit.more])}
              />
              {hits.length < hitsShown ? null : (
                <p class="quiet">
                  {say(`只列前 ${hitsShown} 项，请写得更具体。`, `The first ${hitsShown} only: be more particular.`)}
                </p>
              )}
            </Section>
          ))
        ),
    }
  },
})

/** The search from any page of the office. */
export const searchPages: readonly PageRoute[] = [searchPage]
