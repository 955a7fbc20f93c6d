import { z } from '@hono/zod-openapi'
import { billNumber } from '../bills/bill.routes.ts'
import { parseBillNumber } from '../bills/bill.ts'
import { collectorCode } from '../dischargers/account.routes.ts'
import { collectorFilter } from '../dischargers/collector-filter.ts'
import { findDischargersLike } from '../dischargers/search.queries.ts'
import { percentText } from '../kernel/decimal.ts'
import { moneyForPeople, moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import type { Services } from '../platform/command.ts'
import { date, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf, listed } from '../platform/pages/columns.tsx'
import { offeredAtMost } from '../platform/pages/filters.tsx'
import { type Choices, formPage } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, Facts, Notice, PlainTable, PrimaryLink, State, Timeline, VolumeM3 } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { proposalPages } from '../platform/proposal-pages.tsx'
import { claimFee, decideFee, type FeeContent, feeProposalKind, payFee } from './claim-fee.ts'
import { findFeeClaim, listFeeClaims } from './fee.queries.ts'
import type { FeeTerms } from './fee.rules.ts'
import { statementCrumbs, statementLink, Yuan, yuan } from './remittance-parts.tsx'
import {
  decideWriteOff,
  listUncollected,
  listWriteOffs,
  proposeWriteOff,
  type WriteOffContent,
  type WriteOffGround,
  writeOffGroundNames,
  writeOffGrounds,
  writeOffProposalKind,
} from './write-off.ts'

const feesTitle: Said = { zh: '代征手续费', en: 'collection fees' }
const feesCrumb = (say: Say) => ({ text: say(feesTitle), href: '/office/remittance/fees' })
const bases: Record<FeeTerms['base'], Said> = {
  collected: { zh: '代收', en: 'collected' },
  remitted: { zh: '划缴', en: 'remitted' },
  confirmed: { zh: '入库', en: 'received' },
}
const claimNo = z.string().regex(/^F\d{4}-\d{4,8}$/)

interface FeeRow {
  readonly id: number
  readonly number: string
  readonly statement: string
  readonly collector: string
  readonly amount: string
  readonly approved_on: string
  readonly paid_on: string | null
  readonly reference: string | null
}
const col = columnsOf<FeeRow>()

const feeList = tablePage('/office/remittance/fees', {
  title: feesTitle,
  permits: 'remittance.read',
  query: { collector: collectorCode.optional(), unpaid: z.enum(['yes']).optional() },
  filters: async ({ services }) => [
    await collectorFilter(services.db),
    {
      name: 'unpaid',
      label: { zh: '支付', en: 'payment' },
      kind: 'choice',
      choices: (say) => [['yes', say('未支付', 'unpaid')]],
    },
  ],
  columns: [
    col.code('number', '申请', 'claim', (row) => row.number, { sort: 'id' }),
    col.code('statement', '结算单', 'statement', (row) => row.statement),
    col.text('collector', '代征单位', 'collector', (row) => row.collector),
    col.amount('amount', '金额', 'amount', (row) => row.amount),
    col.text('approved_on', '审批', 'approved', (row) => row.approved_on),
    col.text('paid_on', '支付', 'paid', (row) => row.paid_on, {
      cell: (row, say) =>
        row.paid_on === null ? (
          <State tone="waiting">{say('未支付', 'unpaid')}</State>
        ) : (
          <State tone="settled">{row.paid_on}</State>
        ),
    }),
    col.code('reference', '支付流水', 'reference', (row) => row.reference, { wide: true }),
  ],
  rows: async ({ services, query }) =>
    listed<FeeRow>(
      {
        id: 'integer',
        number: 'text',
        statement: 'text',
        collector: 'text',
        amount: 'numeric',
        approved_on: 'date',
        paid_on: 'date',
        reference: 'text',
      },
      (
        await listFeeClaims(services.db, {
          collectorCode: query.collector,
          unpaid: query.unpaid === 'yes',
          limit: 10_000,
        })
      ).map((each) => ({
        id: Number(each.claimId),
        number: each.number,
        statement: each.statement,
        collector: each.collectorName,
        amount: moneyText(each.amount),
        approved_on: each.approvedOn,
        paid_on: each.paidOn,
        reference: each.paymentReference,
      })),
    ),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `/office/remittance/fees/${row.number}`,
  file: feesTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有批准的代征手续费。结算单审批后，从结算单页申请。',
      'No fees were approved yet: a fee is claimed from the page of an approved statement.',
    ),
    action: <a href="/office/remittance/statements">{say('看结算单', 'statements')}</a>,
  }),
})

const feePage = page('/office/remittance/fees/{claim}', {
  title: { zh: '一份代征手续费', en: 'one fee claim' },
  permits: 'remittance.read',
  params: { claim: claimNo },
  show: async ({ services, params, say, may }) => {
    const found = await findFeeClaim(services.db, params.claim)
    if (isRefusal(found)) return found
    return {
      title: say(`代征手续费 ${found.number}`, `collection fee ${found.number}`),
      crumbs: [feesCrumb(say)],
      state:
        found.paidOn === null ? (
          <State tone="waiting">{say('已审批，未支付', 'approved, unpaid')}</State>
        ) : (
          <State tone="settled">{say('已支付', 'paid')}</State>
        ),
      next:
        found.paidOn === null && may('remittance.pay-fee') ? (
          <PrimaryLink href={`/office/remittance/fees/${found.number}/payment`}>
            {say('登记支付', 'record the payment')}
          </PrimaryLink>
        ) : null,
      figures: [{ label: say('手续费（元）', 'fee (yuan)'), value: <Yuan of={found.amount} /> }],
      body: (
        <>
          <Facts
            of={[
              [say('代征单位', 'collector'), found.collectorName],
              [say('结算单', 'statement'), statementLink(found.statement)],
              [say('支付流水', 'payment reference'), found.paymentReference],
            ]}
          />
          <PlainTable
            caption={say(
              '算式：基数 × 费率，至上限，减以前已申请（元）',
              'base × rate, up to the cap, less what was claimed before (yuan)',
            )}
            columns={[
              { title: say('合同', 'contract') },
              { title: say('合同年', 'year') },
              { title: say('基数', 'base') },
              { title: say('基数额', 'base amount'), number: true },
              { title: say('费率', 'rate'), number: true },
              { title: say('上限', 'cap'), number: true },
              { title: say('手续费', 'fee'), number: true },
              { title: say('以前已申请', 'claimed before'), number: true },
              { title: say('本次', 'this claim'), number: true },
            ]}
            rows={found.lines.map((line) => [
              line.contractNo,
              say(`第 ${line.contractYear} 合同年`, `contract year ${line.contractYear}`),
              say(bases[line.base]),
              <Yuan of={line.baseAmount} />,
              percentText(line.rate),
              <Yuan of={line.cap} />,
              <Yuan of={line.feeAmount} />,
              <Yuan of={line.claimedBefore} />,
              <Yuan of={line.amount} />,
            ])}
            totals={[say('合计', 'total'), '', '', '', '', '', '', '', <Yuan of={found.amount} />]}
          />
        </>
      ),
      aside: (
        <Timeline
          say={say}
          of={[
            ...(found.paidOn === null
              ? []
              : [{ on: found.paidOn, what: say('支付', 'paid'), who: found.paidByName ?? '' }]),
            { on: found.approvedOn, what: say('审批', 'approved'), who: found.approvedByName },
            { on: found.claimedOn, what: say('申请', 'claimed'), who: found.claimedByName },
          ]}
        />
      ),
    }
  },
})

const claimPage = formPage('/office/remittance/statements/{statement}/fee', {
  title: { zh: '申请代征手续费', en: 'claim the collection fee' },
  permits: 'remittance.claim-fee',
  params: { statement: z.string().regex(/^R\d{4}-\d{4,8}$/) },
  crumbs: ({ say, params }) => statementCrumbs(say, params.statement),
  about: ({ say }) => (
    <Notice>
      {say(
        '手续费由财政从预算支付，不得从代收款中扣留。',
        'Finance pays the fee out of its budget; it is never kept back from what was collected.',
      )}
    </Notice>
  ),
  fields: {},
  run: ({ services, params }, _values, { envelope }) => claimFee(services, envelope, params),
  preview: ({ amount, statement }, { say }) => ({
    changes: [
      {
        what: say(`${statement} 的手续费（元）`, `fee of ${statement} (yuan)`),
        before: '—',
        after: <Amount of={amount} />,
      },
    ],
    button: say(`申请手续费 ${yuan(amount)} 元`, `claim ${yuan(amount)} yuan`),
  }),
  done: ({ proposalId, amount }, { say }) => ({
    to: `/office/remittance/fee-proposals/${proposalId}`,
    said: say(`已申请手续费 ${yuan(amount)} 元，待审批。`, `Claimed ${yuan(amount)} yuan; another person decides.`),
  }),
})

const feeDecision = proposalPages('/office/remittance/fee-proposals', {
  kind: feeProposalKind,
  title: { zh: '代征手续费申请', en: 'claim of a collection fee' },
  crumbs: ({ say }) => [feesCrumb(say)],
  permits: { read: 'remittance.read', approve: 'remittance.decide-fee', giveBack: 'remittance.decide-fee' },
  show: (content, { say }) => {
    const fee = content as unknown as FeeContent
    return (
      <>
        <Facts
          of={[
            [say('代征单位', 'collector'), fee.collectorName],
            [say('结算单', 'statement'), statementLink(fee.statement)],
          ]}
        />
        <PlainTable
          columns={[
            { title: say('合同', 'contract') },
            { title: say('合同年', 'year') },
            { title: say('基数额（元）', 'base (yuan)'), number: true },
            { title: say('费率', 'rate'), number: true },
            { title: say('手续费（元）', 'fee (yuan)'), number: true },
            { title: say('以前已申请（元）', 'claimed before (yuan)'), number: true },
            { title: say('本次（元）', 'this claim (yuan)'), number: true },
          ]}
          rows={fee.lines.map((line) => [
            line.contract,
            say(`第 ${line.contractYear} 合同年`, `contract year ${line.contractYear}`),
            <Amount of={line.baseAmount} />,
            percentText(line.rate),
            <Amount of={line.fee} />,
            <Amount of={line.claimedBefore} />,
            <Amount of={line.amount} />,
          ])}
          totals={[say('合计', 'total'), '', '', '', '', '', <Amount of={fee.amount} />]}
        />
      </>
    )
  },
  approve: ({ services }, envelope, decision) =>
    decideFee(services, envelope, { ...decision, outcome: 'approved', reason: '' }),
  giveBack: ({ services }, envelope, decision) => decideFee(services, envelope, { ...decision, outcome: 'returned' }),
  preview: ({ amount }, { say }) => ({
    changes: [
      { what: say('应付手续费（元）', 'fee to be paid (yuan)'), before: '0.00', after: <Amount of={amount} /> },
    ],
    button: say(`批准手续费 ${yuan(amount)} 元`, `approve ${yuan(amount)} yuan`),
  }),
  approved: ({ claim, amount }, { say }) => ({
    to: claim === null ? '/office/remittance/fees' : `/office/remittance/fees/${claim}`,
    said: say(`已批准手续费 ${yuan(amount)} 元，待财政支付。`, `Approved ${yuan(amount)} yuan; finance pays it.`),
  }),
})

const payPage = formPage('/office/remittance/fees/{claim}/payment', {
  title: { zh: '登记手续费支付', en: 'record the payment of a fee' },
  permits: 'remittance.pay-fee',
  params: { claim: claimNo },
  crumbs: ({ say, params }) => [
    feesCrumb(say),
    { text: params.claim, href: `/office/remittance/fees/${params.claim}` },
  ],
  initial: ({ services }) => ({ paidOn: services.clock.today() }),
  fields: {
    reference: { label: { zh: '支付流水号', en: 'reference of the payment' }, schema: text(100) },
    paidOn: { label: { zh: '支付日', en: 'day of the payment' }, kind: 'date', schema: date },
  },
  run: ({ services, params }, values, { envelope }) => payFee(services, envelope, { claim: params.claim, ...values }),
  preview: ({ claim, amount, paidOn }, { say }) => ({
    changes: [
      { what: say(`${claim} 已付（元）`, `${claim} paid (yuan)`), before: '0.00', after: <Amount of={amount} /> },
      { what: say('支付日', 'paid on'), before: '—', after: paidOn },
    ],
    button: say(`登记支付 ${yuan(amount)} 元`, `record ${yuan(amount)} yuan`),
  }),
  done: ({ claim, amount }, { say }) => ({
    to: `/office/remittance/fees/${claim}`,
    said: say(`已登记支付手续费 ${yuan(amount)} 元。`, `Recorded the payment of ${yuan(amount)} yuan.`),
  }),
})

// Write-offs

/** 核销 alone is what a payment does to a bill. */
const writeOffsTitle: Said = { zh: '坏账核销', en: 'write-offs' }
const writeOffsCrumb = (say: Say) => ({ text: say(writeOffsTitle), href: '/office/remittance/write-offs' })

interface WriteOffRow {
  readonly bill: string
  readonly account: string
  readonly payer: string
  readonly fee_month: string
  readonly amount: string
  readonly volume_m3: string
  readonly outstanding: string
  readonly ground: WriteOffGround
  readonly confirmed_on: string
}
const writeOffCol = columnsOf<WriteOffRow>()

const writeOffList = tablePage('/office/remittance/write-offs', {
  title: writeOffsTitle,
  permits: 'settlements.read',
  query: { collector: collectorCode.optional() },
  filters: async ({ services }) => [await collectorFilter(services.db)],
  columns: [
    writeOffCol.code('bill', '账单', 'bill', (row) => row.bill),
    writeOffCol.text('fee_month', '月份', 'month', (row) => row.fee_month),
    writeOffCol.code('account', '户号', 'account', (row) => row.account, { wide: true }),
    writeOffCol.text('payer', '缴费人', 'payer', (row) => row.payer),
    writeOffCol.text('ground', '情形', 'ground', (row, say) => say(writeOffGroundNames[row.ground]), { wide: true }),
    writeOffCol.text('confirmed_on', '核销日', 'confirmed', (row) => row.confirmed_on),
    writeOffCol.volume('volume_m3', '水量', 'volume', (row) => row.volume_m3, { wide: true }),
    writeOffCol.amount('amount', '核销', 'written off', (row) => row.amount),
    writeOffCol.amount('outstanding', '仍欠', 'still owed', (row) => row.outstanding),
  ],
  rows: async ({ services, query }) =>
    listed<WriteOffRow>(
      {
        bill: 'text',
        account: 'text',
        payer: 'text',
        fee_month: 'text',
        amount: 'numeric',
        volume_m3: 'numeric',
        outstanding: 'numeric',
        ground: 'text',
        confirmed_on: 'date',
      },
      (await listWriteOffs(services.db, { collectorCode: query.collector, limit: 10_000 })).map((each) => ({
        bill: each.bill,
        account: each.accountNo,
        payer: each.payer,
        fee_month: each.feeMonth,
        amount: moneyText(each.amount),
        volume_m3: volumeText(each.volumeM3),
        outstanding: moneyText(each.outstanding),
        ground: each.ground,
        confirmed_on: each.confirmedOn,
      })),
    ),
  order: { by: 'confirmed_on', direction: 'desc' },
  unique: 'bill',
  open: (row) => `/office/bills/${row.bill}`,
  next: ({ say, may }) =>
    may('remittance.propose-write-off') ? (
      <PrimaryLink href="/office/remittance/write-offs/new">{say('提出核销', 'propose a write-off')}</PrimaryLink>
    ) : null,
  file: writeOffsTitle,
  empty: ({ say }) => ({
    text: say(
      '没有核销的账单。核销不免除欠费，只在汇算时不计入。',
      'No bill was written off. The debt stays; it only does not count in the year.',
    ),
  }),
})

/** More than these are not chosen from. */
const billsOffered = 50

/** Bills that may be written off, by their number, their account, or who is to pay them. */
async function billsLike({ db, clock }: Services, typed: string, say: Say): Promise<Choices> {
  if (parseBillNumber(typed) !== undefined) return [[typed, typed]]
  const payers = await findDischargersLike(db, typed, offeredAtMost)
  const dischargerCodes = payers.map(({ code }) => code)
  const open = await listUncollected(db, clock.today(), { dischargerCodes, accountNo: typed, limit: billsOffered })
  return open.map((each) => [
    each.bill,
    say(
      `${each.bill}　${each.feeMonth}　${each.payer}　户号 ${each.accountNo}　${moneyForPeople(each.outstanding)} 元`,
      `${each.bill}　${each.feeMonth}　${each.payer}　account ${each.accountNo}　${moneyForPeople(each.outstanding)} yuan`,
    ),
  ])
}

const writeOffForm = formPage('/office/remittance/write-offs/new', {
  title: { zh: '提出核销', en: 'propose a write-off' },
  permits: 'remittance.propose-write-off',
  query: { bill: billNumber.optional() },
  crumbs: ({ say }) => [writeOffsCrumb(say)],
  about: ({ say }) => (
    <Notice>
      {say('核销不免除欠费，收回的仍须上缴。', 'The debt stays: what is collected later is still remitted.')}
    </Notice>
  ),
  initial: ({ query }) => ({ bill: query.bill ?? '' }),
  fields: {
    bill: {
      label: { zh: '账单', en: 'bill' },
      help: {
        zh: '账单号；或缴费人名称、户号，再从其逾期账单中选一张。',
        en: 'Its number; or the payer’s name or the account, to choose one of their overdue bills.',
      },
      schema: billNumber,
      find: ({ services, say }, typed) => billsLike(services, typed, say),
    },
    ground: {
      label: { zh: '情形', en: 'ground' },
      kind: 'choice',
      choices: ({ say }) => writeOffGrounds.map((each) => [each, say(writeOffGroundNames[each])] as const),
      schema: z.enum(writeOffGrounds) as unknown as z.ZodType<WriteOffGround, string>,
    },
    evidence: { label: { zh: '证据（文号）', en: 'evidence' }, kind: 'long', schema: text(500) },
  },
  run: ({ services }, values, { envelope }) => proposeWriteOff(services, envelope, values),
  preview: ({ bill, amount, volumeM3 }, { say }) => ({
    changes: [
      {
        what: say(`账单 ${bill} 核销（元）`, `written off of ${bill} (yuan)`),
        before: '0.00',
        after: <Amount of={amount} />,
      },
      { what: say('水量（m³）', 'volume (m³)'), before: '0', after: <VolumeM3 of={volumeM3} /> },
    ],
    button: say(`提出核销 ${bill}，${yuan(amount)} 元`, `propose to write off ${bill}, ${yuan(amount)} yuan`),
  }),
  done: ({ proposalId }, { say }) => ({
    to: `/office/remittance/write-off-proposals/${proposalId}`,
    said: say('已提出核销，需他人审批。', 'The write-off is proposed; another person decides.'),
  }),
})

const writeOffDecision = proposalPages('/office/remittance/write-off-proposals', {
  kind: writeOffProposalKind,
  title: { zh: '核销审批', en: 'a proposed write-off' },
  crumbs: ({ say }) => [writeOffsCrumb(say)],
  permits: {
    read: 'settlements.read',
    approve: 'remittance.decide-write-off',
    giveBack: 'remittance.decide-write-off',
  },
  show: (content, { say }) => {
    const found = content as unknown as WriteOffContent
    return (
      <Facts
        of={[
          [
            say('账单', 'bill'),
            <a href={`/office/bills/${found.bill}`}>
              <code>{found.bill}</code>
            </a>,
          ],
          [say('核销（元）', 'amount (yuan)'), <Amount of={found.amount} />],
          [say('水量（m³）', 'volume (m³)'), <VolumeM3 of={found.volumeM3} />],
          [say('情形', 'ground'), say(writeOffGroundNames[found.ground])],
          [say('证据', 'evidence'), found.evidence],
        ]}
      />
    )
  },
  approve: ({ services }, envelope, decision) =>
    decideWriteOff(services, envelope, { ...decision, outcome: 'approved', reason: '' }),
  giveBack: ({ services }, envelope, decision) =>
    decideWriteOff(services, envelope, { ...decision, outcome: 'returned' }),
  preview: ({ bill, amount }, { say }) => ({
    changes: [
      {
        what: say(`账单 ${bill} 核销（元）`, `written off of ${bill} (yuan)`),
        before: '0.00',
        after: <Amount of={amount} />,
      },
    ],
    button: say(`批准核销 ${yuan(amount)} 元`, `approve ${yuan(amount)} yuan`),
  }),
  approved: ({ bill, amount }, { say }) => ({
    to: '/office/remittance/write-offs',
    said: say(`已核销 ${bill}，${yuan(amount)} 元。`, `Wrote off ${yuan(amount)} yuan of ${bill}.`),
  }),
})

/** Collection fees with their arithmetic, and bills confirmed as uncollectable. */
export const feePages: readonly PageRoute[] = [
  feeList,
  feePage,
  claimPage,
  ...feeDecision,
  payPage,
  writeOffList,
  writeOffForm,
  ...writeOffDecision,
]
