import { moneyText } from '../kernel/money.ts'
import { volumeText } from '../kernel/volume.ts'
import { type PayerPaymentRow, payerPaymentRows } from '../payments/payer-list.queries.ts'
import { allocationsOf, listPayments } from '../payments/payment.queries.ts'
import type { Payment } from '../payments/payment.ts'
import { id, text } from '../platform/http/fields.ts'
import { periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, Empty, Facts, PlainTable, Section, State, VolumeM3 } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { receiptsOfPayers } from '../receipts/payer-receipts.queries.ts'
import { type Receipt, receiptStateNames } from '../receipts/receipt.ts'
import { ownDischargers, portalDb } from './own.ts'
import { refusePortal } from './portal.refusals.ts'

const title = { zh: '缴款', en: 'payments' }
const payee = (row: { readonly channel: string; readonly collector_name: string | null }, say: Say): string =>
  row.channel === 'treasury' ? say('国库', 'treasury') : (row.collector_name ?? '—')
const stateOf = (row: PayerPaymentRow, say: Say) =>
  row.reversed_on !== null
    ? ({ tone: 'overdue', word: say('已冲正', 'reversed') } as const)
    : /^0+\.00$/.test(row.remaining)
      ? ({ tone: 'settled', word: say('已核销', 'used') } as const)
      : ({ tone: 'waiting', word: say('有余额', 'credit left') } as const)

const columns: readonly Column<PayerPaymentRow>[] = [
  {
    key: 'paid_on',
    title: { zh: '缴款日', en: 'paid on' },
    cell: (row) => row.paid_on,
    text: (row) => row.paid_on,
    sort: 'paid_on',
  },
  {
    key: 'amount',
    title: { zh: '金额（元）', en: 'amount (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.amount} />,
    text: (row) => row.amount,
    sort: 'amount',
  },
  {
    key: 'reference',
    title: { zh: '流水号', en: 'reference' },
    cell: (row) => <code>{row.reference}</code>,
    text: (row) => row.reference,
    sort: 'reference',
    wide: true,
  },
  { key: 'payee', title: { zh: '收款', en: 'paid to' }, cell: payee, text: payee, wide: true, sort: 'collector_name' },
  {
    key: 'payer',
    title: { zh: '缴费人', en: 'payer' },
    cell: (row) => row.payer,
    text: (row) => row.payer,
    sort: 'payer',
    wide: true,
  },
  {
    key: 'remaining',
    title: { zh: '余额（元）', en: 'credit (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.remaining} />,
    text: (row) => row.remaining,
    sort: 'remaining',
    wide: true,
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => {
      const { tone, word } = stateOf(row, say)
      return <State tone={tone}>{word}</State>
    },
    text: (row, say) => stateOf(row, say).word,
    sort: 'state',
  },
]

const paymentList = tablePage('/portal/payments', {
  title,
  permits: 'payments.read',
  query: { ...periodQuery, account: text(40).optional() },
  filters: [...periodFilters('缴款', 'paid'), { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' }],
  columns,
  rows: (asked) => payerPaymentRows(ownDischargers(asked), asked.query),
  order: { by: 'paid_on', direction: 'desc' },
  unique: 'id',
  open: (row) => `/portal/payments/${row.id}`,
  file: title,
  empty: ({ say }) => ({
    text: say(
      '还没有缴款记录。缴款后，代征单位的收款文件导入时在这里显示。',
      'No payment yet. It shows here once the collector’s file is taken in.',
    ),
  }),
})

const paymentPage = page('/portal/payments/{payment}', {
  title: { zh: '一笔缴款', en: 'one payment' },
  permits: 'payments.read',
  params: { payment: id() },
  show: async (asked) => {
    const { say, params } = asked
    const [db, own] = [portalDb(asked), ownDischargers(asked)]
    const [payment] = await listPayments(db, { paymentId: params.payment, limit: 1 })
    if (payment === undefined || !own.includes(payment.dischargerId))
      return refusePortal('portal_payment_unknown', { number: params.payment })
    const allocations = await allocationsOf(db, payment.paymentId)
    const receipts = await receiptsOfPayers(db, own, { paymentId: payment.paymentId, limit: 50 })
    return {
      title: say(`缴款 ${payment.paidOn}`, `payment of ${payment.paidOn}`),
      crumbs: [{ text: say(title), href: '/portal/payments' }],
      state: <PaymentState of={payment} say={say} />,
      figures: [
        { label: say('金额（元）', 'amount (yuan)'), value: <Amount of={moneyText(payment.amount)} /> },
        { label: say('余额（元）', 'credit (yuan)'), value: <Amount of={moneyText(payment.remaining)} /> },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('流水号', 'reference'), <code>{payment.reference}</code>],
              [say('缴款日', 'paid on'), payment.paidOn],
              [say('入账日', 'recorded on'), payment.recordedOn],
              [say('缴费人', 'payer'), payment.dischargerName],
              [say('方式', 'way'), payment.method ?? '—'],
            ]}
          />
          <Section title={say('抵了哪些账单', 'which bills it paid')}>
            {allocations.length === 0 ? (
              <Empty>
                {say(
                  '尚未抵任何账单，余额在下次开账时自动抵扣。',
                  'It has paid no bill yet; the credit is used when the next bill is issued.',
                )}
              </Empty>
            ) : (
              <PlainTable
                columns={[
                  { title: say('账单', 'bill') },
                  { title: say('日期', 'on') },
                  { title: say('金额（元）', 'amount (yuan)'), number: true },
                  { title: say('备注', 'note') },
                ]}
                rows={allocations.map(({ bill, amount, allocatedOn, lapsed }) => [
                  <a href={`/portal/bills/${bill}`}>
                    <code>{bill}</code>
                  </a>,
                  allocatedOn,
                  <Amount of={moneyText(amount)} />,
                  lapsed === undefined ? (
                    ''
                  ) : (
                    <State tone="plain">{say(`已失效 ${lapsed.on}`, `lapsed ${lapsed.on}`)}</State>
                  ),
                ])}
              />
            )}
          </Section>
          <Section title={say('财政电子票据', 'receipts')}>
            <Receipts receipts={receipts} say={say} />
          </Section>
        </>
      ),
    }
  },
})

const PaymentState = ({ of, say }: { readonly of: Payment; readonly say: Say }) =>
  of.reversedOn === null ? (
    <State tone="settled">{say('已入账', 'recorded')}</State>
  ) : (
    <State tone="overdue">{say(`已冲正 ${of.reversedOn}`, `reversed ${of.reversedOn}`)}</State>
  )

function Receipts({ receipts, say }: { readonly receipts: readonly Receipt[]; readonly say: Say }) {
  if (receipts.length === 0) {
    return (
      <Empty>
        {say(
          '还没有票据。缴款后由城管局向财政平台申请，开具后在这里显示票据号码和校验码。',
          'No receipt yet. The bureau asks the finance platform for it after a payment; its number and check code stand here then.',
        )}
      </Empty>
    )
  }
  return (
    <>
      {receipts.map((receipt) => (
        <section class="receipt">
          <Facts
            of={[
              [
                say('状态', 'state'),
                <State tone={receipt.state === 'sealed' || receipt.state === 'written_off' ? 'settled' : 'waiting'}>
                  {say(receiptStateNames[receipt.state])}
                </State>,
              ],
              [say('票据代码', 'code'), <code>{receipt.codes?.billCode ?? '—'}</code>],
              [say('票据号码', 'number'), <code>{receipt.codes?.billNumber ?? '—'}</code>],
              [say('校验码', 'check code'), <code>{receipt.codes?.checkCode ?? '—'}</code>],
              [say('缴款码', 'payment code'), <code>{receipt.codes?.paymentCode ?? '—'}</code>],
              [say('金额（元）', 'amount (yuan)'), <Amount of={moneyText(receipt.amount)} />],
              [say('缴款日', 'paid on'), receipt.paidOn ?? '—'],
            ]}
          />
          <PlainTable
            columns={[
              { title: say('账单', 'bill') },
              { title: say('月份', 'month') },
              { title: say('水量（m³）', 'volume (m³)'), number: true },
              { title: say('金额（元）', 'amount (yuan)'), number: true },
            ]}
            rows={receipt.parts.map((part) => [
              <a href={`/portal/bills/${part.bill}`}>
                <code>{part.bill}</code>
              </a>,
              part.feeMonth,
              <VolumeM3 of={volumeText(part.volumeM3)} />,
              <Amount of={moneyText(part.amount)} />,
            ])}
          />
        </section>
      ))}
    </>
  )
}

const receiptPage = page('/portal/receipts', {
  title: { zh: '财政电子票据', en: 'receipts' },
  permits: 'receipts.read',
  show: async (asked) => {
    const { say } = asked
    const receipts = await receiptsOfPayers(portalDb(asked), ownDischargers(asked), { limit: 500 })
    return {
      title: say('财政电子票据', 'receipts'),
      body: <Receipts receipts={receipts.toReversed()} say={say} />,
    }
  },
})

export const paymentPages: readonly PageRoute[] = [paymentList, paymentPage, receiptPage]
