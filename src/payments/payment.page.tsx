import { z } from '@hono/zod-openapi'
import { billNumber } from '../bills/bill.routes.ts'
import { accountFilter, readAccountKey } from '../dischargers/account-field.ts'
import { collectorFilter } from '../dischargers/collector-filter.ts'
import { listCollectors } from '../dischargers/discharger.queries.ts'
import { dischargerField, dischargerFilter } from '../dischargers/discharger-field.ts'
import { collectorNames } from '../dischargers/known-names.queries.ts'
import { addMoney, type Money, money, moneyForPeople, moneyText, subtractMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { reachOf } from '../platform/authorisation/authorisation.ts'
import type { Services } from '../platform/command.ts'
import { date, id, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { type Filter, lookFor, periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { formPage } from '../platform/pages/forms.tsx'
import { type Crumb, type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Capitals,
  Code,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  State,
  Timeline,
  type Tone,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { proposalPages, waitingProposals } from '../platform/proposal-pages.tsx'
import { allocateByHand } from './allocate-by-hand.ts'
import type { RefundGuard } from './later-stages.ts'
import { payerFilter } from './payer-filter.ts'
import { allocationsOf, listOutstanding, listPayments, sourceOfPayment } from './payment.queries.ts'
import { refusePayment } from './payment.refusals.ts'
import {
  type AllocationBasis,
  type LapseReason,
  type Payment,
  type PaymentChannel,
  paymentChannels,
} from './payment.ts'
import {
  type CreditListRow,
  creditRows,
  creditSum,
  type PaymentListRow,
  paymentEvents,
  paymentRows,
  paymentRowsCounted,
  paymentSums,
} from './payment-list.queries.ts'
import { type PaymentAnswer, recordPayment } from './record-payment.ts'
import { decideRefund, type ProposedRefund, proposeRefund, refundProposalKind } from './refund-payment.ts'
import { reversePayment } from './reverse-payment.ts'

const paymentsTitle: Said = { zh: '缴款', en: 'payments' }
const paymentsCrumb = (say: Say): Crumb => ({ text: say(paymentsTitle), href: '/office/payments' })
const addressOf = (paymentId: string) => `/office/payments/${paymentId}`
const paymentCrumb = (say: Say, paymentId: string): Crumb => ({
  text: say(`缴款 ${paymentId}`, `payment ${paymentId}`),
  href: addressOf(paymentId),
})

const channels: Record<PaymentChannel, Said> = {
  collector: { zh: '代征单位收取', en: 'taken by a collector' },
  treasury: { zh: '直接缴入国库', en: 'straight to the treasury' },
}
const bases: Record<AllocationBasis, Said> = {
  order: { zh: '按到期先后', en: 'by due date' },
  named: { zh: '缴费人指定', en: 'named by the payer' },
  credit: { zh: '余额抵缴', en: 'from credit' },
  opening: { zh: '启用时结转', en: 'taken over at go-live' },
}
export const lapseWords: Record<LapseReason, Said> = {
  bill_cancelled: { zh: '账单红冲', en: 'bill cancelled' },
  bill_reduced: { zh: '账单减少', en: 'bill reduced' },
  payment_reversed: { zh: '缴款冲正', en: 'payment reversed' },
  moved: { zh: '改核销', en: 'moved' },
}

const stateOf = (row: Pick<PaymentListRow, 'reversed_on' | 'remaining'>): Said & { readonly tone: Tone } =>
  row.reversed_on !== null
    ? { zh: '已冲正', en: 'reversed', tone: 'plain' }
    : row.remaining === '0.00'
      ? { zh: '已核销', en: 'allocated', tone: 'settled' }
      : { zh: '有余额', en: 'with credit', tone: 'waiting' }

const paymentColumns: readonly Column<PaymentListRow>[] = [
  {
    key: 'id',
    title: { zh: '缴款', en: 'payment' },
    cell: (row) => <code>{row.id}</code>,
    text: (row) => row.id,
    sort: 'id',
  },
  {
    key: 'paid_on',
    title: { zh: '缴款日期', en: 'paid on' },
    cell: (row) => row.paid_on,
    text: (row) => row.paid_on,
    sort: 'paid_on',
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => (row.account_no === null ? '—' : <code>{row.account_no}</code>),
    text: (row) => row.account_no ?? '',
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
    key: 'reference',
    title: { zh: '流水号', en: 'reference' },
    cell: (row) => <code>{row.reference}</code>,
    text: (row) => row.reference,
    sort: 'reference',
    wide: true,
  },
  {
    key: 'collector',
    title: { zh: '收款单位', en: 'taken by' },
    cell: (row, say) => row.collector_name ?? say('国库', 'treasury'),
    text: (row, say) => row.collector_name ?? say('国库', 'treasury'),
    sort: 'collector_name',
    wide: true,
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
    key: 'remaining',
    title: { zh: '未核销（元）', en: 'unused (yuan)' },
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
    cell: (row, say) => <State tone={stateOf(row).tone}>{say(stateOf(row))}</State>,
    text: (row, say) => say(stateOf(row)),
    sort: 'state',
  },
]

/** Whose payments, credits or bills: what every list of this stage is narrowed by. */
export const payerQuery = {
  collector: text(40).optional(),
  account: text(40).optional(),
  discharger: text(100).optional(),
}
export const payerFilters = async ({ services }: Pick<PageAsked, 'services'>): Promise<readonly Filter[]> => [
  { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
  dischargerFilter,
  await collectorFilter(services.db),
]

const listPage = tablePage('/office/payments', {
  title: paymentsTitle,
  permits: 'payments.read',
  query: {
    ...payerQuery,
    reference: text(200).optional(),
    ...periodQuery,
    import: id().optional(),
  },
  filters: async (asked) => [
    ...(await payerFilters(asked)),
    { name: 'reference', label: { zh: '流水号', en: 'reference' }, kind: 'text' },
    ...periodFilters('缴款', 'paid'),
  ],
  columns: paymentColumns,
  rows: async ({ services: { db }, query }) => {
    const filter = await filterOf(db, query)
    return isRefusal(filter) ? filter : paymentRows(filter)
  },
  counted: async ({ services: { db }, query }) => {
    const filter = await filterOf(db, query)
    return isRefusal(filter) ? filter : paymentRowsCounted(filter)
  },
  onlyGrows: true,
  order: { by: 'id', direction: 'desc' },
  indexed: ['id'],
  unique: 'id',
  totals: async ({ services: { db }, query }) => {
    const filter = await filterOf(db, query)
    if (isRefusal(filter)) return {}
    const sums = await paymentSums(db, filter)
    return { amount: <Amount of={sums.amount} />, remaining: <Amount of={sums.remaining} /> }
  },
  open: (row) => addressOf(row.id),
  file: paymentsTitle,
  next: ({ say, may }) => (
    <>
      {may('payments.record') ? (
        <ButtonLink href="/office/payments/new">{say('登记一笔', 'enter one')}</ButtonLink>
      ) : null}
      {may('payments.import') ? (
        <PrimaryLink href="/office/payments/upload">{say('导入缴款文件', 'take in a file')}</PrimaryLink>
      ) : null}
    </>
  ),
  empty: ({ say }) => ({
    text: say(
      '还没有缴款。代征单位的收费文件在这里导入，零星缴款逐笔登记。',
      'No payments yet. Take in a collector’s collection file here, or enter single payments.',
    ),
  }),
})

interface Narrowed {
  readonly collector?: string
  readonly account?: string
  readonly discharger?: string
  readonly reference?: string
  readonly from?: Payment['paidOn']
  readonly to?: Payment['paidOn']
  readonly import?: string
}

async function filterOf(db: Services['db'], query: Narrowed) {
  const payer = await payerFilter(db, query)
  if (isRefusal(payer)) return payer
  return { ...payer, reference: query.reference, from: query.from, to: query.to, importId: query.import }
}

async function paymentOf({
  services,
  params,
}: {
  readonly services: Services
  readonly params: { readonly payment: string }
}): Promise<Payment | Refusal> {
  const [found] = await listPayments(services.db, { paymentId: params.payment, limit: 1 })
  return found ?? refusePayment('payment_unknown', { payment: params.payment })
}

export const billLink = (number: string) => (
  <a href={`/office/bills/${number}`}>
    <code>{number}</code>
  </a>
)

const paymentPage = page('/office/payments/{payment}', {
  title: { zh: '一笔缴款', en: 'one payment' },
  permits: 'payments.read',
  params: { payment: id() },
  show: async (asked) => {
    const { services, say, may } = asked
    const { db } = services
    const payment = await paymentOf(asked)
    if (isRefusal(payment)) return payment
    const allocations = await allocationsOf(db, payment.paymentId)
    const events = await paymentEvents(db, payment.paymentId)
    const source = await sourceOfPayment(db, payment.paymentId)
    const { collectorCode } = payment
    const collector = collectorCode === null ? undefined : (await collectorNames(db)).get(collectorCode)
    const [refund] = await waitingProposals(asked, refundProposalKind, payment.paymentId)
    const state = stateOf({ reversed_on: payment.reversedOn, remaining: moneyText(payment.remaining) })
    const stands = payment.reversedOn === null
    const hasCredit = stands && !payment.remaining.isZero()
    const address = addressOf(payment.paymentId)
    return {
      title: say(`缴款 ${payment.paymentId}`, `payment ${payment.paymentId}`),
      crumbs: [paymentsCrumb(say)],
      state: <State tone={state.tone}>{say(state)}</State>,
      next:
        hasCredit && may('payments.allocate') ? (
          <PrimaryLink href={`${address}/allocation`}>{say('核销余额', 'allocate the credit')}</PrimaryLink>
        ) : undefined,
      figures: [
        { label: say('缴款（元）', 'paid (yuan)'), value: <Amount of={moneyText(payment.amount)} /> },
        { label: say('已核销（元）', 'allocated (yuan)'), value: <Amount of={moneyText(payment.allocated)} /> },
        { label: say('已退款（元）', 'refunded (yuan)'), value: <Amount of={moneyText(payment.refunded)} /> },
        {
          label: say('未核销（元）', 'unused (yuan)'),
          value: <Amount of={moneyText(payment.remaining)} />,
          ...(hasCredit ? { tone: 'waiting' as const } : {}),
        },
      ],
      body: (
        <>
          {refund === undefined ? null : (
            <Notice tone="waiting">
              {say(
                `${refund.makerName} 已提出退款 ${moneyForPeople(money((refund.content as unknown as ProposedRefund).amount))} 元，待审批。`,
                `${refund.makerName} proposed to refund ${moneyForPeople(money((refund.content as unknown as ProposedRefund).amount))} yuan; it waits for a decision.`,
              )}{' '}
              <a href={`/office/refunds/${refund.id}`}>{say('查看 →', 'see it →')}</a>
            </Notice>
          )}
          <Facts
            of={[
              [say('缴款日期', 'paid on'), payment.paidOn],
              [say('登记日', 'recorded on'), payment.recordedOn],
              [say('缴费人', 'payer'), payment.dischargerName],
              [
                say('户号', 'account'),
                payment.accountNo === null ? '—' : <Code of={payment.accountNo} copy say={say} />,
              ],
              [say('流水号', 'reference'), <Code of={payment.reference} copy say={say} />],
              [
                say('去向', 'channel'),
                `${say(channels[payment.channel])}${collector === undefined ? '' : say(`（${collector}）`, ` (${collector})`)}`,
              ],
              [say('收款方式', 'method'), payment.method ?? '—'],
              ...(source === undefined
                ? []
                : [[say('付款账号、开户行', 'paid from'), `${source.account}　${source.bank}`] as const]),
              [say('大写', 'in capitals'), <Capitals of={moneyText(payment.amount)} />],
            ]}
          />
          {allocations.length === 0 ? (
            <Notice>{say('还没有核销到账单：全部为余额。', 'It has paid no bill yet: all of it is credit.')}</Notice>
          ) : (
            <PlainTable
              caption={say('核销', 'what it paid')}
              columns={[
                { title: say('账单', 'bill') },
                { title: say('金额（元）', 'amount (yuan)'), number: true },
                { title: say('办法', 'how') },
                { title: say('核销日', 'on') },
                { title: say('状态', 'state') },
              ]}
              rows={allocations.map((line) => [
                billLink(line.bill),
                <Amount of={moneyText(line.amount)} />,
                say(bases[line.basis]),
                line.allocatedOn,
                line.lapsed === undefined ? (
                  <State tone="settled">{say('有效', 'counts')}</State>
                ) : (
                  <State tone="plain">{`${say(lapseWords[line.lapsed.reason])} ${line.lapsed.on}`}</State>
                ),
              ])}
              totals={[say('有效合计', 'counting'), <Amount of={moneyText(payment.allocated)} />, '', '', '']}
            />
          )}
          {stands ? (
            <p class="buttons">
              {may('payments.allocate') && allocations.some(({ lapsed }) => lapsed === undefined) ? (
                <ButtonLink href={`${address}/allocation?move=yes`}>{say('改核销', 'move what it paid')}</ButtonLink>
              ) : null}
              {hasCredit && refund === undefined && may('payments.propose-refund') ? (
                <ButtonLink href={`${address}/refund`}>{say('退还余额', 'refund the credit')}</ButtonLink>
              ) : null}
              {may('payments.reverse') && payment.refunded.isZero() ? (
                <ButtonLink href={`${address}/reversal`}>{say('冲正', 'reverse')}</ButtonLink>
              ) : null}
            </p>
          ) : null}
        </>
      ),
      aside: (
        <Timeline
          say={say}
          of={events.toReversed().map((event) => ({
            on: event.on,
            what: (
              <>
                {say(eventWords[event.what])} <Amount of={event.amount} />
                {say(' 元', ' yuan')}
              </>
            ),
            who: event.by,
            tone: event.what === 'recorded' ? 'settled' : 'plain',
            more:
              event.importId === null ? (
                event.more === '' ? undefined : (
                  event.more
                )
              ) : (
                <a href={`/office/payments/imports/${event.importId}`}>
                  {say(`导入 ${event.importId}`, `import ${event.importId}`)}
                </a>
              ),
          }))}
        />
      ),
    }
  },
})

const eventWords: Record<'recorded' | 'reversed' | 'refunded', Said> = {
  recorded: { zh: '登记', en: 'recorded' },
  reversed: { zh: '冲正', en: 'reversed' },
  refunded: { zh: '退款', en: 'refunded' },
}

const amountField = z
  .string()
  .transform((said) => said.replaceAll(',', ''))
  .pipe(z.string().regex(/^\d{1,14}(\.\d{1,2})?$/, '金额写作 17283.00 · an amount like 17283.00'))
const reasonField = z.string().max(500, '最多 500 字 · at most 500 characters')
const numbersOf = z
  .string()
  .transform((said) => said.split(/[,，、;；\s]+/).filter((part) => part !== ''))
  .pipe(z.array(billNumber).max(100))

const paidPreview = (answer: PaymentAnswer, say: Say) => (
  <PlainTable
    caption={say('将核销的账单', 'bills it pays')}
    columns={[{ title: say('账单', 'bill') }, { title: say('金额（元）', 'amount (yuan)'), number: true }]}
    rows={answer.allocated.map(({ bill, amount }) => [billLink(bill), <Amount of={amount} />])}
    totals={[say('余额（留待下期）', 'credit left'), <Amount of={answer.credit} />]}
  />
)

/** More than these are not picked one by one. */
const billsOffered = 100

/** Who pays where no account is named: money to the treasury, which the bureau alone enters. */
const payerFilterOf = ({ visitor }: PageAsked): readonly Filter[] =>
  reachOf(visitor.roles, 'payments.record') === 'all'
    ? [{ ...dischargerFilter, label: { zh: '或直缴国库的缴费人', en: 'or who paid the treasury' } }]
    : []
const listUnpaid: Said = { zh: '列出未缴账单', en: 'list what is open' }

/** Whose payment is entered: the account, or the payer of one that the treasury took, once it is found. */
async function payingOf(asked: PageAsked) {
  const { row, found } = await lookFor(asked, [accountFilter, ...payerFilterOf(asked)], listUnpaid)
  const key = found?.[accountFilter.name]
  return {
    row,
    account: key === undefined ? undefined : readAccountKey(key),
    discharger: key === undefined ? found?.[dischargerFilter.name] : undefined,
  }
}

/** What is open of whom was found, oldest due first. */
async function openBillsOf(asked: PageAsked) {
  const { account, discharger } = await payingOf(asked)
  if (account === undefined && discharger === undefined) return []
  const of = { collector: account?.collectorCode, account: account?.accountNo, discharger }
  const payer = await payerFilter(asked.services.db, of)
  return isRefusal(payer) ? [] : listOutstanding(asked.services.db, { ...payer, limit: billsOffered })
}

const recordPage = formPage('/office/payments/new', {
  title: { zh: '登记一笔缴款', en: 'enter one payment' },
  permits: 'payments.record',
  query: {
    collector: text(40).optional(),
    account: text(100).optional(),
    discharger: text(100).optional(),
    bill: billNumber.optional(),
  },
  crumbs: ({ say }) => [paymentsCrumb(say)],
  about: async (asked) => {
    const { say } = asked
    const { row, account, discharger } = await payingOf(asked)
    if (account === undefined && discharger === undefined)
      return (
        <>
          <p class="quiet">
            {say(
              '先找到缴费的户，再登记金额。户名写其中几个字即可。',
              'Find the account that pays first; a piece of its holder’s name will do.',
            )}
          </p>
          {row}
        </>
      )
    return (
      <>
        {row}
        {(await openBillsOf(asked)).length > 0 ? null : (
          <Notice>
            {say('没有未缴账单：缴来的留作余额，抵下期。', 'No bill is open: what is paid is credit for the next.')}
          </Notice>
        )}
      </>
    )
  },
  ready: async (asked) => {
    const { account, discharger } = await payingOf(asked)
    return account !== undefined || discharger !== undefined
  },
  initial: async (asked) => {
    const { account, discharger } = await payingOf(asked)
    return {
      collectorCode: account?.collectorCode ?? '',
      accountNo: account?.accountNo ?? '',
      dischargerCode: discharger ?? '',
      bills: asked.query.bill ?? '',
      paidOn: asked.services.clock.today(),
    }
  },
  fields: {
    accountNo: { label: { zh: '户号', en: 'account' }, kind: 'hidden', optional: true },
    dischargerCode: { ...dischargerField, kind: 'hidden', optional: true },
    collectorCode: {
      label: { zh: '收款的代征单位', en: 'collector that took it' },
      help: { zh: '直接缴入国库的不选。', en: 'Leave it out for money straight to the treasury.' },
      kind: 'choice',
      optional: true,
      choices: async ({ services, visitor }) =>
        (await listCollectors(services.db))
          .filter(
            ({ organisationId }) =>
              reachOf(visitor.roles, 'payments.record') === 'all' || organisationId === visitor.organisation.id,
          )
          .map(({ code, name }) => [code, `${name}（${code}）`] as const),
    },
    paidOn: {
      label: { zh: '缴款日期', en: 'paid on' },
      help: { zh: '以实际缴款日为准，不是登记日。', en: 'The day it was paid, not the day it is entered.' },
      kind: 'date',
      schema: date,
    },
    amount: {
      label: { zh: '污水处理费金额（元）', en: 'amount of wastewater fee (yuan)' },
      kind: 'amount',
      schema: amountField,
    },
    reference: {
      label: { zh: '流水号', en: 'reference' },
      help: {
        zh: '银行回单或收款系统的交易号；重复登记靠它认出。',
        en: 'The bank’s or collector’s own number; a repeat is recognised by it.',
      },
    },
    method: { label: { zh: '收款方式', en: 'method' }, optional: true },
    fromAccount: {
      label: { zh: '付款账号', en: 'paid from account' },
      help: { zh: '写在财政电子票据上；不知道的不填。', en: 'For the e-receipt; empty where it is unknown.' },
      optional: true,
      schema: text(60),
    },
    fromBank: { label: { zh: '付款开户行', en: 'its bank' }, optional: true, schema: text(100) },
    bills: {
      label: { zh: '缴费人指定的账单', en: 'bills the payer named' },
      help: {
        zh: '不指定的按到期先后核销。',
        en: 'Without any the oldest due are paid first.',
      },
      kind: 'checks',
      choices: async (asked) =>
        (await openBillsOf(asked)).map((line) => [
          line.bill,
          asked.say(
            `${line.bill}　${line.feeMonth}　${moneyForPeople(line.outstanding)} 元　到期 ${line.dueOn}`,
            `${line.bill}　${line.feeMonth}　${moneyForPeople(line.outstanding)} yuan　due ${line.dueOn}`,
          ),
        ]),
      optional: true,
      schema: numbersOf,
    },
  },
  run: ({ services }, values, { envelope }) => recordPayment(services, envelope, values),
  preview: (answer, { say }, { accountNo }) => ({
    changes: [
      {
        what:
          accountNo === undefined
            ? say('登记缴款（元）', 'payment (yuan)')
            : say(`登记户号 ${accountNo} 的缴款（元）`, `payment of account ${accountNo} (yuan)`),
        before: '0.00',
        after: <Amount of={answer.amount} />,
      },
      {
        what: say('余额（元）', 'credit (yuan)'),
        before: '0.00',
        after: <Amount of={answer.credit} />,
      },
    ],
    more: answer.unchanged ? (
      <Notice tone="waiting">
        {say('这笔缴款已经登记过，不会再登记。', 'This payment is stored already; nothing will be added.')}
      </Notice>
    ) : (
      paidPreview(answer, say)
    ),
    button: say(
      `登记缴款 ${moneyForPeople(money(answer.amount))} 元`,
      `enter ${moneyForPeople(money(answer.amount))} yuan`,
    ),
  }),
  done: (answer, { say }) => ({
    to: addressOf(answer.paymentId),
    said: answer.unchanged
      ? say('这笔缴款此前已登记，没有改变。', 'It was stored before; nothing changed.')
      : say(
          `已登记缴款 ${moneyForPeople(money(answer.amount))} 元，核销 ${answer.allocated.length} 张账单，余额 ${moneyForPeople(money(answer.credit))} 元。`,
          `Entered ${moneyForPeople(money(answer.amount))} yuan; it pays ${answer.allocated.length} bills, ${moneyForPeople(money(answer.credit))} is credit.`,
        ),
  }),
})

const AboutPayment = ({ of, say }: { readonly of: Payment; readonly say: Say }) => (
  <Facts
    of={[
      [say('缴费人', 'payer'), of.dischargerName],
      [say('户号', 'account'), of.accountNo ?? '—'],
      [say('缴款日期', 'paid on'), of.paidOn],
      [say('流水号', 'reference'), <code>{of.reference}</code>],
      [say('金额（元）', 'amount (yuan)'), <Amount of={moneyText(of.amount)} />],
      [say('未核销（元）', 'unused (yuan)'), <Amount of={moneyText(of.remaining)} />],
    ]}
  />
)

const about = async (asked: {
  readonly services: Services
  readonly params: { readonly payment: string }
  readonly say: Say
}) => {
  const payment = await paymentOf(asked)
  return isRefusal(payment) ? payment : <AboutPayment of={payment} say={asked.say} />
}

const reversalPage = formPage('/office/payments/{payment}/reversal', {
  title: { zh: '冲正缴款（整笔）', en: 'reverse a payment as a whole' },
  permits: 'payments.reverse',
  params: { payment: id() },
  crumbs: ({ params, say }) => [paymentsCrumb(say), paymentCrumb(say, params.payment)],
  about,
  initial: ({ services }) => ({ reversedOn: services.clock.today() }),
  fields: {
    reversedOn: { label: { zh: '冲正日期', en: 'reversed on' }, kind: 'date', schema: date },
    reason: {
      label: { zh: '原因', en: 'why' },
      help: { zh: '例：银行退票', en: 'E.g. returned by the bank' },
      schema: reasonField,
    },
  },
  run: ({ services, params }, values, { envelope }) =>
    reversePayment(services, envelope, { paymentId: params.payment, ...values }),
  preview: (answer, { say }) => ({
    changes: [
      {
        what: say('缴款（元）', 'payment (yuan)'),
        before: <Amount of={answer.amount} />,
        after: say('0.00（已冲正）', '0.00 (reversed)'),
      },
      {
        what: say('重新变为未缴（元）', 'open again (yuan)'),
        before: '0.00',
        after: <Amount of={answer.openAgain} />,
      },
    ],
    more: (
      <Notice tone="waiting">
        {say(
          '冲正后该流水号不能再用；它核销的账单自冲正日起重新未缴。',
          'Its reference is not used again; the bills it paid are open again from that day.',
        )}
      </Notice>
    ),
    button: say(
      `冲正 ${moneyForPeople(money(answer.amount))} 元`,
      `reverse ${moneyForPeople(money(answer.amount))} yuan`,
    ),
  }),
  done: (answer, { say, params }) => ({
    to: addressOf(params.payment),
    said: say(
      `已冲正 ${moneyForPeople(money(answer.amount))} 元，${moneyForPeople(money(answer.openAgain))} 元重新变为未缴。`,
      `Reversed ${moneyForPeople(money(answer.amount))} yuan; ${moneyForPeople(money(answer.openAgain))} is open again.`,
    ),
  }),
})

/** Bills that the payment may pay: of its account or its payer, oldest due first. */
async function payableChoices(asked: PageAsked): Promise<readonly (readonly [string, string])[]> {
  const { services, say, params } = asked
  const payment = await paymentOf({ services, params: params as unknown as { payment: string } })
  if (isRefusal(payment)) return []
  const items = await listOutstanding(services.db, { dischargerId: payment.dischargerId, limit: 200 })
  return items.map((item) => [
    item.bill,
    say(
      `${item.bill}　${item.feeMonth}　未缴 ${moneyForPeople(item.outstanding)} 元　到期 ${item.dueOn}`,
      `${item.bill}  ${item.feeMonth}  ${moneyForPeople(item.outstanding)} yuan due ${item.dueOn}`,
    ),
  ])
}

async function paidChoices(asked: PageAsked): Promise<readonly (readonly [string, string])[]> {
  const { services, say, params } = asked
  const payment = await paymentOf({ services, params: params as unknown as { payment: string } })
  if (isRefusal(payment)) return []
  return (await allocationsOf(services.db, payment.paymentId))
    .filter(({ lapsed }) => lapsed === undefined)
    .map((line) => [
      line.bill,
      say(
        `${line.bill}　已缴 ${moneyForPeople(line.amount)} 元`,
        `${line.bill}  paid ${moneyForPeople(line.amount)} yuan`,
      ),
    ])
}

const allocationPage = formPage('/office/payments/{payment}/allocation', {
  title: { zh: '核销到指定账单', en: 'let it pay a bill' },
  permits: 'payments.allocate',
  params: { payment: id() },
  query: { move: z.enum(['yes']).optional() },
  crumbs: ({ params, say }) => [paymentsCrumb(say), paymentCrumb(say, params.payment)],
  about,
  fields: {
    bill: {
      label: { zh: '要缴的账单', en: 'bill to be paid' },
      help: { zh: '该缴费人未缴的账单，先到期的在前。', en: 'Open bills of the payer, oldest due first.' },
      kind: 'choice',
      choices: payableChoices,
      schema: billNumber,
    },
    fromBill: {
      label: { zh: '从哪张账单改来', en: 'taken from which bill' },
      help: { zh: '不选则用余额。', en: 'Without one its credit is used.' },
      kind: 'choice',
      optional: true,
      choices: paidChoices,
      schema: billNumber,
    },
    amount: {
      label: { zh: '金额（元）', en: 'amount (yuan)' },
      help: { zh: '不填则尽量多。', en: 'Without one as much as there is.' },
      kind: 'amount',
      optional: true,
      schema: amountField,
    },
  },
  run: ({ services, params }, values, { envelope }) =>
    allocateByHand(services, envelope, { paymentId: params.payment, ...values }),
  preview: async (answer, { say, services, params }) => {
    const before = await paymentOf({ services, params })
    const paid = isRefusal(before) ? [] : await allocationsOf(services.db, before.paymentId)
    const nowOf = (bill: string) =>
      moneyText(
        addMoney(paid.filter((line) => line.bill === bill && line.lapsed === undefined).map(({ amount }) => amount)),
      )
    const bills = [
      ...new Set([
        ...answer.allocated.map(({ bill }) => bill),
        ...paid.filter(({ lapsed }) => lapsed === undefined).map(({ bill }) => bill),
      ]),
    ]
    return {
      changes: [
        ...bills.map((bill) => ({
          what: say(`账单 ${bill} 由它缴（元）`, `bill ${bill}, paid by it (yuan)`),
          before: <Amount of={nowOf(bill)} />,
          after: <Amount of={sumOf(answer, bill)} />,
        })),
        {
          what: say('余额（元）', 'credit (yuan)'),
          before: <Amount of={isRefusal(before) ? null : moneyText(before.remaining)} />,
          after: <Amount of={answer.credit} />,
        },
      ],
      button: say('核销', 'allocate'),
    }
  },
  done: (answer, { say, params }) => ({
    to: addressOf(params.payment),
    said: say(
      `已核销，余额 ${moneyForPeople(money(answer.credit))} 元。`,
      `Allocated; ${moneyForPeople(money(answer.credit))} yuan is left as credit.`,
    ),
  }),
})

function sumOf(answer: PaymentAnswer, bill: string): string {
  return moneyText(addMoney(answer.allocated.filter((line) => line.bill === bill).map(({ amount }) => money(amount))))
}

const refundPage = (guards: readonly RefundGuard[]): PageRoute =>
  formPage('/office/payments/{payment}/refund', {
    title: { zh: '提出退还余额', en: 'propose to refund the credit' },
    permits: 'payments.propose-refund',
    params: { payment: id() },
    crumbs: ({ params, say }) => [paymentsCrumb(say), paymentCrumb(say, params.payment)],
    about,
    initial: async (asked) => {
      const payment = await paymentOf(asked)
      return isRefusal(payment) ? {} : { amount: moneyText(payment.remaining) }
    },
    fields: {
      amount: { label: { zh: '退款金额（元）', en: 'amount (yuan)' }, kind: 'amount', schema: amountField },
      refundedBy: {
        label: { zh: '由谁退', en: 'paid back by' },
        help: {
          zh: '尚未划缴的由代征单位退；已划缴并经国库确认的由国库退付。',
          en: 'By the collector before it is remitted; by the treasury once its receipt is confirmed.',
        },
        kind: 'choice',
        choices: ({ say }) => [
          ['collector', say('代征单位', 'the collector')],
          ['treasury', say('国库（退付）', 'the treasury')],
        ],
        schema: z.enum(paymentChannels),
      },
      evidence: {
        label: { zh: '依据', en: 'evidence' },
        help: { zh: '例：退款申请 3 号', en: 'The application it rests on' },
        schema: reasonField,
      },
    },
    run: ({ services, params }, values, { envelope }) =>
      proposeRefund(services, envelope, { paymentId: params.payment, ...values }, guards),
    preview: async (_, { say, services, params }, { amount }) => {
      const payment = await paymentOf({ services, params })
      return {
        changes: [
          {
            what: say('余额（元），批准后', 'credit (yuan), once approved'),
            before: <Amount of={isRefusal(payment) ? null : moneyText(payment.remaining)} />,
            after: (
              <Amount of={isRefusal(payment) ? null : moneyText(subtractMoney(payment.remaining, money(amount)))} />
            ),
          },
        ],
        button: say(
          `提出退款 ${moneyForPeople(money(amount))} 元，交他人审批`,
          `propose to refund ${moneyForPeople(money(amount))} yuan`,
        ),
      }
    },
    done: ({ proposalId }, { say, params }) => ({
      to: addressOf(params.payment),
      said: say(
        `已提出退款 ${proposalId}，待他人审批。`,
        `Refund ${proposalId} is proposed; another person decides it.`,
      ),
    }),
  })

/** Whether the credit that is to be refunded is still there. */
const sinceProposed = ({ remaining }: { readonly remaining: Money }, { amount }: ProposedRefund, say: Say) =>
  remaining.lt(money(amount)) ? (
    <State tone="overdue">
      {say(
        `余额已减为 ${moneyForPeople(remaining)} 元，不足以退`,
        `its credit has fallen to ${moneyForPeople(remaining)} yuan, too little for it`,
      )}
    </State>
  ) : (
    say('余额仍足', 'the credit is still there')
  )

const refundProposalPages = (guards: readonly RefundGuard[]): readonly PageRoute[] =>
  proposalPages('/office/refunds', {
    kind: refundProposalKind,
    title: { zh: '退款的提交', en: 'a proposed refund' },
    permits: { read: 'payments.read', approve: 'payments.decide-refund', giveBack: 'payments.decide-refund' },
    crumbs: ({ say }) => [paymentsCrumb(say)],
    show: async (content, { services, say }) => {
      const proposed = content as unknown as ProposedRefund
      const payment = await paymentOf({ services, params: { payment: proposed.paymentId } })
      return (
        <>
          <Facts
            of={[
              [say('退款（元）', 'refund (yuan)'), <Amount of={proposed.amount} />],
              [say('大写', 'in capitals'), <Capitals of={proposed.amount} />],
              [
                say('由谁退', 'paid back by'),
                proposed.refundedBy === 'collector'
                  ? say('代征单位', 'the collector')
                  : say('国库（退付）', 'the treasury'),
              ],
              [say('依据', 'evidence'), proposed.evidence],
              [say('缴款', 'payment'), <a href={addressOf(proposed.paymentId)}>{proposed.paymentId}</a>],
              [say('提出以来', 'since then'), isRefusal(payment) ? null : sinceProposed(payment, proposed, say)],
            ]}
          />
          {isRefusal(payment) ? null : <AboutPayment of={payment} say={say} />}
        </>
      )
    },
    approve: ({ services }, envelope, decision) =>
      decideRefund(services, envelope, { ...decision, outcome: 'approved', reason: '' }, guards),
    giveBack: ({ services }, envelope, decision) =>
      decideRefund(services, envelope, { ...decision, outcome: 'returned' }, guards),
    preview: ({ amount }, { say }, content) => {
      const { paymentId } = content as unknown as ProposedRefund
      return {
        changes: [
          {
            what: say(`缴款 ${paymentId} 的已退款（元）`, `refunded of payment ${paymentId} (yuan)`),
            before: '0.00',
            after: <Amount of={amount} />,
          },
        ],
        button: say(
          `批准退款 ${moneyForPeople(money(amount))} 元`,
          `approve the refund of ${moneyForPeople(money(amount))} yuan`,
        ),
      }
    },
    approved: ({ amount }, { say }) => ({
      to: '/office/proposals',
      said: say(
        `已批准退款 ${moneyForPeople(money(amount))} 元。`,
        `The refund of ${moneyForPeople(money(amount))} yuan is approved.`,
      ),
    }),
  })

const creditsTitle: Said = { zh: '未核销余额', en: 'credit' }
const creditColumns: readonly Column<CreditListRow>[] = [
  {
    key: 'payment',
    title: { zh: '缴款', en: 'payment' },
    cell: (row) => <code>{row.payment_id}</code>,
    text: (row) => row.payment_id,
    sort: 'payment_id',
  },
  {
    key: 'paid_on',
    title: { zh: '缴款日期', en: 'paid on' },
    cell: (row) => row.paid_on,
    text: (row) => row.paid_on,
    sort: 'paid_on',
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => (row.account_no === null ? '—' : <code>{row.account_no}</code>),
    text: (row) => row.account_no ?? '',
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
    key: 'reference',
    title: { zh: '流水号', en: 'reference' },
    cell: (row) => <code>{row.reference}</code>,
    text: (row) => row.reference,
    sort: 'reference',
    wide: true,
  },
  {
    key: 'remaining',
    title: { zh: '未核销（元）', en: 'unused (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.remaining} />,
    text: (row) => row.remaining,
    sort: 'remaining',
  },
]

const creditsPage = tablePage('/office/credits', {
  title: creditsTitle,
  permits: 'payments.read',
  query: payerQuery,
  filters: payerFilters,
  columns: creditColumns,
  rows: async ({ services: { db }, query }) => {
    const payer = await payerFilter(db, query)
    return isRefusal(payer) ? payer : creditRows(payer)
  },
  order: { by: 'paid_on', direction: 'asc' },
  unique: 'payment_id',
  totals: async ({ services: { db }, query }) => {
    const payer = await payerFilter(db, query)
    return isRefusal(payer) ? {} : { remaining: <Amount of={await creditSum(db, payer)} /> }
  },
  open: (row) => addressOf(row.payment_id),
  file: creditsTitle,
  empty: ({ say }) => ({
    text: say(
      '没有未核销余额：每笔缴款都已核销到账单。多缴的部分会列在这里，下期开账时自动抵缴。',
      'No credit: every payment went to a bill. What was paid too much is listed here and pays the next bill by itself.',
    ),
  }),
})

/** The office's pages of payments, credit and refunds. */
export function paymentPages(refundGuards: readonly RefundGuard[]): readonly PageRoute[] {
  return [
    listPage,
    recordPage,
    paymentPage,
    reversalPage,
    allocationPage,
    refundPage(refundGuards),
    ...refundProposalPages(refundGuards),
    creditsPage,
  ]
}
