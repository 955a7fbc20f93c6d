import { z } from '@hono/zod-openapi'
import { findCollector } from '../dischargers/account.queries.ts'
import { collectorCode } from '../dischargers/account.routes.ts'
import { civilDate, plusDays } from '../kernel/calendar.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import { amountText, anyJson, count, date, flag, id, line, month, text } from '../platform/http/fields.ts'
import { rowReason, whole } from '../platform/http/import-fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, list, query, type Route } from '../platform/http/route.ts'
import { decisionRoute } from '../platform/platform.routes.ts'
import { listSettlements, settlementState } from './annual-settlement.queries.ts'
import { settlementSteps } from './annual-settlement.ts'
import { claimFee, decideFee, payFee } from './claim-fee.ts'
import { refuseClosing } from './closing.refusals.ts'
import { decideStatement, reviewStatement } from './decide-statement.ts'
import { decideTreasuryRow } from './decide-treasury-row.ts'
import { decideVoucher, reverseReceipt } from './decide-voucher.ts'
import { declareVolume } from './declare-volume.ts'
import { findRelease, listReleases, releaseJson } from './disclosure.queries.ts'
import { disclosureOf, type UsesOfFee } from './disclosure.ts'
import { drawReconciliation } from './draw-reconciliation.ts'
import { drawStatement } from './draw-statement.ts'
import { listFeeClaims } from './fee.queries.ts'
import { heldAge, heldByDay } from './held.queries.ts'
import { issuePaper } from './issue-paper.ts'
import { findReconciliation, listReconciliations, oneSidedUsers } from './reconciliation.queries.ts'
import { parties, userSides } from './reconciliation.ts'
import { decideRelease, proposeRelease } from './release-disclosure.ts'
import { feeFields, heldDayFields, statementFields, voucherFields } from './remittance.fields.ts'
import {
  feeJson,
  heldAgeJson,
  heldDayJson,
  reconciliationJson,
  statementJson,
  voucherJson,
  writeOffJson,
} from './remittance.json.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { decideSettlement, proposeSettlement } from './settle-year.ts'
import { returnReconciliation, signReconciliation } from './sign-reconciliation.ts'
import { findStatement, linesOfStatement, listStatements, listVouchers } from './statement.queries.ts'
import { lineKindNames, type StatementState, statementStateNames } from './statement.ts'
import { treasuryRowsOf } from './treasury-row.queries.ts'
import { withdrawStatement } from './withdraw-statement.ts'
import { decideWriteOff, listWriteOffs, proposeWriteOff, writeOffGrounds } from './write-off.ts'

const documentNumber = (letter: string, words: string) =>
  z
    .string()
    .regex(/^[A-Z]\d{4}-\d{4,8}$/)
    .openapi({ description: words, example: `${letter}2026-0001` })
const statementNo = documentNumber('R', '结算单号 number of a statement')
const claimNo = documentNumber('F', '手续费申请号 number of a fee claim')
const reconciliationNo = documentNumber('Q', '对账单号 number of a reconciliation')
const amount = z.string().max(30).openapi({ description: '元 yuan', example: '1234567.89' })
const reason = line(500).openapi({ description: '理由 reason', example: '分两次划缴' })
const reference = line(100).openapi({ description: '流水号 reference', example: '20260410887' })
const limit = count(1, 10_000).optional()
const year = z.coerce.number().int().min(1990).max(2199).openapi({ example: 2026 })
const proposed = { proposalId: id(), digest: z.string() }
const settled = z.object({ outcome: z.string(), amount: amountText })

async function collectorNamed({ db }: Services, code: string) {
  return (await findCollector(db, code)) ?? refuseRemittance('remittance_collector_unknown', { collector: code })
}

const heldRoutes: readonly Route[] = [
  query('/remittance/held', {
    cli: 'remittance held',
    permits: 'remittance.read',
    title: { zh: '代征单位待缴款：逐日结存', en: 'what a collector holds, day by day' },
    query: {
      collector: collectorCode,
      from: date.optional(),
      until: date.optional().openapi({ description: '含 inclusive' }),
      by: z.enum(['happened', 'recorded']).default('happened'),
    },
    answer: z.object({ collector: z.string(), opening: amountText, days: z.array(heldDayFields), closing: amountText }),
    read: async ({ services, query: asked }) => {
      const collector = await collectorNamed(services, asked.collector)
      if (isRefusal(collector)) return collector
      const last = asked.until ?? services.clock.today()
      const from = asked.from ?? civilDate(`${last.slice(0, 4)}-01-01`)
      const found = await heldByDay(services.db, collector.collectorId, { from, until: plusDays(last, 1) }, asked.by)
      const days = found.days.map(heldDayJson)
      return { collector: collector.code, opening: moneyText(found.opening), days, closing: moneyText(found.closing) }
    },
  }),
  query('/remittance/held/age', {
    cli: 'remittance age',
    permits: 'remittance.read',
    title: {
      zh: '代征单位待缴款的账龄（自缴款日起）',
      en: 'the age of what a collector holds, from the day of payment',
    },
    query: { collector: collectorCode, asOf: date.optional() },
    answer: z.object({
      collector: z.string(),
      asOf: date,
      held: amountText,
      surplus: amountText,
      oldestDays: whole,
      days: z.array(z.object({ paidOn: date, amount: amountText, days: whole })),
    }),
    read: async ({ services, query: asked }) => {
      const collector = await collectorNamed(services, asked.collector)
      if (isRefusal(collector)) return collector
      const asOf = asked.asOf ?? services.clock.today()
      return {
        collector: collector.code,
        asOf,
        ...heldAgeJson(await heldAge(services.db, collector.collectorId, asOf)),
      }
    },
  }),
]

const statement = query('/remittance/statements/{statement}', {
  cli: 'remittance show',
  permits: 'remittance.read',
  title: { zh: '一张结算单及其划缴', en: 'one statement with its transfers' },
  params: { statement: statementNo },
  answer: z.object({ statement: statementFields, vouchers: z.array(voucherFields) }),
  read: async ({ services, params }) => {
    const found = await findStatement(services.db, params.statement)
    if (isRefusal(found)) return found
    const vouchers = await listVouchers(services.db, { statementId: found.statementId, limit: 1_000 })
    return { statement: statementJson(found), vouchers: vouchers.map(voucherJson) }
  },
})

const statementRoutes: readonly Route[] = [
  command('post', '/remittance/statements', {
    cli: 'remittance draw',
    permits: 'remittance.draw-statement',
    title: { zh: '编制结算单', en: 'draw the statement of a period from the facts' },
    body: {
      collectorCode,
      period: line(10).openapi({ description: '2026-Q1 / 2026-03', example: '2026-Q1' }),
      declared: amount.optional(),
      differenceReason: reason.optional(),
      empty: z.boolean().optional().openapi({ description: '空期也编制，结清该期 draw it of nothing, too' }),
    },
    example: { collectorCode: 'gx-water', period: '2026-Q1', declared: '1234567.89' },
    answer: z.object({
      statement: z.string(),
      collector: z.string(),
      period: z.string(),
      lines: whole,
      collected: amountText,
      late: amountText,
      reversed: amountText,
      refunded: amountText,
      carried: amountText,
      total: amountText,
      declared: amountText,
    }),
    run: ({ services, envelope, body }) => drawStatement(services, envelope, body),
  }),
  list('/remittance/statements', {
    cli: 'remittance list',
    permits: 'remittance.read',
    title: { zh: '结算单，最近的在前', en: 'statements, newest first' },
    query: { collector: collectorCode.optional(), year: year.optional() },
    item: statementFields,
    key: [id<'remittance'>()],
    rows: ({ services, query: { collector, year: of } }, { after, limit }) =>
      listStatements(services.db, { collectorCode: collector, year: of, after: after?.[0], limit }),
    keyOf: ({ statementId }) => [statementId],
    show: statementJson,
  }),
  statement,
  list('/remittance/statements/{statement}/lines', {
    cli: 'remittance lines',
    permits: 'remittance.read',
    title: { zh: '结算单的逐笔明细', en: 'every payment of a statement' },
    params: { statement: statementNo },
    query: { late: flag.optional().openapi({ description: '只看以前各期迟到的 late arrivals only' }) },
    item: z.object({
      kind: z.enum(Object.keys(lineKindNames) as [string, ...string[]]),
      sourceId: id(),
      amount: amountText,
      eventOn: date,
      recordedOn: date,
      ownPeriod: z.string().nullable(),
      reference: z.string(),
      accountNo: z.string().nullable(),
      payerName: z.string().nullable(),
    }),
    key: [date, z.string(), id()],
    rows: async ({ services, params, query: asked }, page) => {
      const found = await findStatement(services.db, params.statement)
      if (isRefusal(found)) return found
      const after =
        page.after === undefined
          ? {}
          : { after: { eventOn: civilDate(page.after[0]), kind: page.after[1], sourceId: page.after[2] } }
      return linesOfStatement(services.db, found, { ...after, lateOnly: asked.late === true, limit: page.limit })
    },
    keyOf: (row) => [row.eventOn, row.kind, row.sourceId],
    show: (row) => ({ ...row, amount: moneyText(row.amount), ownPeriod: row.ownPeriod ?? null }),
  }),
  command('post', '/remittance/statements/{statement}/withdrawal', {
    cli: 'remittance withdraw',
    permits: 'remittance.withdraw-statement',
    title: { zh: '撤回本人编制、尚未复核的结算单', en: 'take back a statement of one’s own that nobody has reviewed' },
    params: { statement: statementNo },
    body: { reason: text(500) },
    example: { reason: '选错季度' },
    answer: z.object({ statement: z.string(), period: z.string(), total: amountText }),
    run: ({ services, envelope, params, body }) => withdrawStatement(services, envelope, { ...params, ...body }),
  }),
  command('post', '/remittance/statements/{statement}/review', {
    cli: 'remittance review',
    permits: 'remittance.review-statement',
    title: { zh: '复核结算单（城管局经办）', en: 'review a statement and propose it for approval' },
    params: { statement: statementNo },
    answer: z.object({ statement: z.string(), ...proposed }),
    run: ({ services, envelope, params }) => reviewStatement(services, envelope, params),
  }),
  command('post', '/remittance/statements/{statement}/decision', {
    cli: ['remittance approve', 'remittance return'],
    permits: 'remittance.return-statement',
    title: { zh: '审批或退回结算单（须第三人）', en: 'approve or return a statement; a third person' },
    params: { statement: statementNo },
    body: {
      outcome: z.enum(['approved', 'returned']),
      reason: text(500).default(''),
      digestSeen: line(64).optional(),
    },
    example: { outcome: 'approved', digestSeen: '5f2c8a10' },
    ifMatch: statement,
    answer: z.object({
      statement: z.string(),
      before: z.enum(Object.keys(statementStateNames) as [StatementState, ...StatementState[]]),
      outcome: z.string(),
      total: amountText,
    }),
    run: ({ services, envelope, params, body }) => decideStatement(services, envelope, { ...params, ...body }),
  }),
]

const paperRoute = command('post', '/remittance/documents/{number}/paper', {
  cli: 'remittance issue',
  permits: 'remittance.keep-paper',
  title: { zh: '出具并存档已签批的文书', en: 'issue the paper of what was signed, and keep it' },
  params: {
    number: z
      .string()
      .regex(/^[RQY]\d{4}-\d{4,8}$/)
      .openapi({ example: 'R2026-0001' }),
  },
  answer: z.object({ number: z.string(), documentId: id(), digest: z.string() }),
  run: ({ services, envelope, params }) => issuePaper(services, envelope, params),
})

const voucherRoutes: readonly Route[] = [
  list('/remittance/vouchers', {
    cli: 'remittance vouchers',
    permits: 'remittance.read',
    title: { zh: '划缴凭证及入库情况', en: 'vouchers and what finance found' },
    query: {
      collector: collectorCode.optional(),
      state: z.enum(['submitted', 'confirmed', 'rejected', 'reversed']).optional(),
    },
    item: voucherFields,
    key: [id<'voucher'>()],
    rows: ({ services, query: { collector, state } }, { after, limit }) =>
      listVouchers(services.db, { collectorCode: collector, state, after: after?.[0], limit }),
    keyOf: ({ voucherId }) => [voucherId],
    show: voucherJson,
  }),
  command('post', '/remittance/vouchers/{voucher}/outcome', {
    cli: ['remittance confirm', 'remittance reject'],
    permits: 'remittance.confirm-voucher',
    title: { zh: '确认入库或驳回凭证（财政）', en: 'finance confirms or rejects a voucher' },
    params: { voucher: id() },
    body: {
      outcome: z.enum(['confirmed', 'rejected']),
      treasuryReference: reference.optional(),
      receivedOn: date.optional(),
      amount: amount.optional(),
      reason: reason.optional(),
    },
    example: { outcome: 'confirmed', treasuryReference: '国库2026-0118', receivedOn: '2026-04-11' },
    answer: z.object({
      voucherId: id(),
      statement: z.string(),
      outcome: z.string(),
      received: amountText,
      balance: amountText,
    }),
    run: ({ services, envelope, params, body }) =>
      decideVoucher(services, envelope, { voucherId: params.voucher, ...body }),
  }),
  command('post', '/remittance/vouchers/{voucher}/reversal', {
    cli: 'remittance reverse-receipt',
    permits: 'remittance.reverse-receipt',
    title: { zh: '冲回已确认的入库（财政另一人）', en: 'take a receipt back; another person of finance' },
    params: { voucher: id() },
    body: { reason },
    example: { reason: '银行退汇' },
    answer: z.object({ voucherId: id(), statement: z.string(), takenBack: amountText, balance: amountText }),
    run: ({ services, envelope, params, body }) =>
      reverseReceipt(services, envelope, { voucherId: params.voucher, ...body }),
  }),
  query('/remittance/treasury-imports/{import}/rows', {
    cli: 'remittance treasury-rows',
    permits: 'treasury.read',
    title: { zh: '到账文件中对不上的行', en: 'rows of a treasury file that match nothing' },
    params: { import: id() },
    query: { undecided: flag.optional() },
    answer: z.object({
      items: z.array(
        z.object({
          rowNo: whole,
          verdict: z.enum(['held', 'rejected']),
          receivedOn: z.string().nullable(),
          reference: z.string(),
          payer: z.string(),
          amount: amountText.nullable(),
          reasons: z.array(rowReason),
          decision: z.string().nullable(),
          decisionReason: z.string().nullable(),
        }),
      ),
    }),
    read: async ({ services, params, query: asked }) => {
      const items = await treasuryRowsOf(services.db, params.import, asked.undecided === true)
      return isRefusal(items) ? items : { items }
    },
  }),
  command('post', '/remittance/treasury-imports/{import}/rows/{row}/decision', {
    cli: 'remittance decide-treasury-row',
    permits: 'remittance.decide-treasury-row',
    title: { zh: '处理对不上的行', en: 'a row belongs to a voucher, or is none of this fee' },
    params: { import: id(), row: count(1, 9_999_999).openapi({ example: 8 }) },
    body: { voucherId: id().optional(), reason },
    example: { voucherId: '7', reason: '银行合并划款' },
    answer: z.object({ importId: z.string(), row: whole, decision: z.string(), voucher: z.string().nullable() }),
    run: ({ services, envelope, params, body }) =>
      decideTreasuryRow(services, envelope, { importId: params.import, rowNo: params.row, ...body }),
  }),
]

const feeRoutes: readonly Route[] = [
  command('post', '/remittance/statements/{statement}/fee', {
    cli: 'remittance claim-fee',
    permits: 'remittance.claim-fee',
    title: { zh: '申请代征手续费，与结算单一并结算', en: 'claim the collection fee with a signed statement' },
    params: { statement: statementNo },
    answer: z.object({ statement: z.string(), amount: amountText, ...proposed }),
    run: ({ services, envelope, params }) => claimFee(services, envelope, params),
  }),
  decisionRoute(
    '/remittance/fees/proposals',
    {
      cli: 'remittance decide-fee',
      permits: 'remittance.decide-fee',
      title: { zh: '审批代征手续费', en: 'decide a fee claim' },
      answer: settled.extend({ claim: z.string().nullable() }),
    },
    decideFee,
  ),
  command('post', '/remittance/fees/{claim}/payment', {
    cli: 'remittance pay-fee',
    permits: 'remittance.pay-fee',
    title: { zh: '支付代征手续费（财政）', en: 'finance pays a fee out of its budget' },
    params: { claim: claimNo },
    body: { reference, paidOn: date.optional() },
    example: { reference: '支付2026-33' },
    answer: z.object({ claim: z.string(), amount: amountText, paidOn: z.string() }),
    run: ({ services, envelope, params, body }) => payFee(services, envelope, { ...params, ...body }),
  }),
  list('/remittance/fees', {
    cli: 'remittance fees',
    permits: 'remittance.read',
    title: { zh: '代征手续费及其计算', en: 'fee claims with their arithmetic' },
    query: { collector: collectorCode.optional(), unpaid: flag.optional() },
    item: feeFields,
    key: [id<'fee-claim'>()],
    rows: ({ services, query: { collector, unpaid } }, { after, limit }) =>
      listFeeClaims(services.db, { collectorCode: collector, unpaid: unpaid === true, after: after?.[0], limit }),
    keyOf: ({ claimId }) => [claimId],
    show: feeJson,
  }),
]

const reconciliation = query('/remittance/reconciliations/{reconciliation}', {
  cli: 'remittance show-reconciliation',
  permits: 'remittance.read',
  title: { zh: '一张季度对账单', en: 'one reconciliation' },
  params: { reconciliation: reconciliationNo },
  answer: anyJson,
  read: async ({ services, params }) => {
    const found = await findReconciliation(services.db, params.reconciliation)
    return isRefusal(found) ? found : reconciliationJson(found)
  },
})

const closingRoutes: readonly Route[] = [
  command('post', '/remittance/sold-volumes', {
    cli: 'remittance declare-volume',
    permits: 'remittance.declare-volume',
    title: { zh: '申报售水量（代征单位）', en: 'the company declares what it sold in a month' },
    body: { collectorCode, feeMonth: month, category: line(60), volumeM3: line(20), document: line(200) },
    example: {
      collectorCode: 'gx-water',
      feeMonth: '2026-03',
      category: 'non-resident',
      volumeM3: '182340',
      document: '水司函12号',
    },
    answer: z.object({
      collector: z.string(),
      feeMonth: z.string(),
      category: z.string(),
      volumeM3: z.string(),
      revision: whole,
    }),
    run: ({ services, envelope, body }) => declareVolume(services, envelope, body),
  }),
  command('post', '/remittance/reconciliations', {
    cli: 'remittance reconcile',
    permits: 'remittance.draw-reconciliation',
    title: { zh: '编制季度对账', en: 'draw the reconciliation of a quarter' },
    body: { collectorCode, quarter: line(10) },
    example: { collectorCode: 'gx-water', quarter: '2026-Q1' },
    answer: z.object({
      reconciliation: z.string(),
      collector: z.string(),
      quarter: z.string(),
      digest: z.string(),
      cells: whole,
      corrections: whole,
      users: whole,
    }),
    run: ({ services, envelope, body }) => drawReconciliation(services, envelope, body),
  }),
  query('/remittance/reconciliations', {
    cli: 'remittance reconciliations',
    permits: 'remittance.read',
    title: { zh: '季度对账单，最近的在前', en: 'reconciliations, newest first' },
    query: { collector: collectorCode.optional(), limit },
    answer: z.object({ items: z.array(anyJson) }),
    read: async ({ services, query: asked }) => ({
      items: (await listReconciliations(services.db, { collectorCode: asked.collector, limit: asked.limit ?? 50 })).map(
        reconciliationJson,
      ),
    }),
  }),
  reconciliation,
  command('post', '/remittance/reconciliations/{reconciliation}/signatures', {
    cli: 'remittance sign-reconciliation',
    permits: 'remittance.sign-reconciliation',
    title: { zh: '签认季度对账（三方各一人）', en: 'a party signs a reconciliation' },
    params: { reconciliation: reconciliationNo },
    body: { party: z.enum(parties), digestSeen: line(64) },
    example: { party: 'finance', digestSeen: '3fa9c2d17b04' },
    answer: z.object({ reconciliation: z.string(), party: z.string(), signatures: whole, frozen: z.boolean() }),
    run: ({ services, envelope, params, body }) => signReconciliation(services, envelope, { ...params, ...body }),
  }),
  command('post', '/remittance/reconciliations/{reconciliation}/return', {
    cli: 'remittance return-reconciliation',
    permits: 'remittance.return-reconciliation',
    title: { zh: '退回未签齐的对账单', en: 'return a reconciliation that is not frozen' },
    params: { reconciliation: reconciliationNo },
    body: { reason },
    example: { reason: '售水量申报有误' },
    answer: z.object({ reconciliation: z.string(), returned: z.literal(true) }),
    run: ({ services, envelope, params, body }) => returnReconciliation(services, envelope, { ...params, ...body }),
  }),
  query('/remittance/reconciliations/{reconciliation}/users', {
    cli: 'remittance one-sided',
    permits: 'remittance.read',
    title: { zh: '单边用户清单', en: 'users on one side only' },
    params: { reconciliation: reconciliationNo },
    query: { side: z.enum(userSides).optional(), limit },
    answer: z.object({ items: z.array(anyJson) }),
    read: async ({ services, params, query: asked }) => {
      const found = await findReconciliation(services.db, params.reconciliation)
      if (isRefusal(found)) return found
      const page = { side: asked.side, limit: asked.limit ?? 1_000 }
      return { items: await oneSidedUsers(services.db, found.reconciliationId, page) }
    },
  }),
  command('post', '/remittance/write-offs/proposals', {
    cli: 'remittance write-off',
    permits: 'remittance.propose-write-off',
    title: { zh: '提出核销：不免除欠费', en: 'propose to confirm a bill as uncollectable; the debt stays' },
    body: { bill: line(20), ground: z.enum(writeOffGrounds), evidence: line(500) },
    example: { bill: '2026-000118', ground: 'bankrupt', evidence: '（2026）破字第3号裁定' },
    answer: z.object({ bill: z.string(), amount: amountText, volumeM3: z.string(), ...proposed }),
    run: ({ services, envelope, body }) => proposeWriteOff(services, envelope, body),
  }),
  decisionRoute(
    '/remittance/write-offs/proposals',
    {
      cli: 'remittance decide-write-off',
      permits: 'remittance.decide-write-off',
      title: { zh: '审批核销', en: 'decide a write-off' },
      answer: settled.extend({ bill: z.string(), volumeM3: z.string() }),
    },
    decideWriteOff,
  ),
  query('/remittance/write-offs', {
    cli: 'remittance write-offs',
    permits: 'settlements.read',
    title: { zh: '核销清单', en: 'write-offs' },
    query: { collector: collectorCode.optional(), year: year.optional(), limit },
    answer: z.object({ items: z.array(anyJson) }),
    read: async ({ services, query: asked }) => ({
      items: (
        await listWriteOffs(services.db, {
          collectorCode: asked.collector,
          year: asked.year,
          limit: asked.limit ?? 200,
        })
      ).map(writeOffJson),
    }),
  }),
  command('post', '/remittance/settlements/proposals', {
    cli: 'remittance settle-year',
    permits: 'remittance.propose-settlement',
    title: { zh: '编制汇算清缴（3 月 31 日前）', en: 'propose the annual settlement, by 31 March' },
    body: { collectorCode, year: z.number().int().min(1990).max(2199) },
    example: { collectorCode: 'gx-water', year: 2025 },
    answer: z.object({
      collector: z.string(),
      year: whole,
      due: amountText,
      remitted: amountText,
      direct: amountText,
      balance: amountText,
      late: z.boolean(),
      ...proposed,
    }),
    run: ({ services, envelope, body }) => proposeSettlement(services, envelope, body),
  }),
  decisionRoute(
    '/remittance/settlements/proposals',
    {
      cli: 'remittance decide-settlement',
      permits: 'remittance.decide-settlement',
      title: { zh: '审批汇算清缴', en: 'decide the annual settlement' },
      answer: z.object({ settlement: z.string().nullable(), outcome: z.string(), year: whole, balance: amountText }),
    },
    decideSettlement,
  ),
  query('/remittance/settlements', {
    cli: 'remittance settlement',
    permits: 'settlements.read',
    title: { zh: '汇算清缴办到哪一步及分月结果', en: 'how far the settlement of a year is, and its months' },
    query: { collector: collectorCode, year },
    answer: z.object({
      year: whole,
      steps: z.array(
        z.object({ step: z.enum(settlementSteps), done: z.boolean(), late: z.boolean(), detail: z.string() }),
      ),
      settlement: z.string().nullable(),
      lines: z.array(anyJson),
    }),
    read: async ({ services, query: asked }) => {
      const collector = await collectorNamed(services, asked.collector)
      if (isRefusal(collector)) return collector
      const { db, clock } = services
      const [found] = await listSettlements(db, { collectorCode: collector.code, year: asked.year, limit: 1 })
      const steps = await settlementState(db, collector, asked.year, clock.today())
      return { year: asked.year, steps, settlement: found?.number ?? null, lines: found?.lines ?? [] }
    },
  }),
]

/** From collected money to the treasury; what the year was spent on comes from every stage that spends. */
export const remittanceRoutes = (usesOfFee: readonly UsesOfFee[]): RouteGroup => ({
  name: 'remittance',
  title: { zh: '划缴', en: 'remittance' },
  routes: [
    ...heldRoutes,
    ...statementRoutes,
    paperRoute,
    ...voucherRoutes,
    ...feeRoutes,
    ...closingRoutes,
    query('/remittance/disclosures', {
      cli: 'remittance disclosures',
      permits: 'settlements.read',
      title: { zh: '已公开的年度及各版', en: 'what was made public, every release' },
      answer: z.object({ items: z.array(anyJson) }),
      read: async ({ services }) => ({ items: (await listReleases(services.db)).map(releaseJson) }),
    }),
    query('/remittance/disclosures/{year}', {
      cli: 'remittance disclosure',
      permits: 'settlements.read',
      title: {
        zh: '征收使用情况：现在的事实，或已公开的一版',
        en: 'the year’s collection and use, as the facts are or as released',
      },
      params: { year },
      query: { release: z.coerce.number().int().min(1).max(9_999).optional() },
      answer: anyJson,
      read: async ({ services, params, query: asked }) => {
        if (asked.release === undefined)
          return disclosureOf(services.db, params.year, services.clock.today(), usesOfFee)
        const found = await findRelease(services.db, params.year, asked.release)
        return found?.content ?? refuseClosing('disclosure_unknown', { year: params.year })
      },
    }),
    command('post', '/remittance/disclosures/proposals', {
      cli: 'remittance release-disclosure',
      permits: 'remittance.propose-disclosure',
      title: { zh: '提出公开一年的征收使用情况', en: 'propose to make a year public' },
      body: { year: z.number().int().min(1990).max(2199), reason: line(500).optional() },
      example: { year: 2025 },
      answer: z.object({
        year: whole,
        release: whole,
        billed: amountText,
        collected: amountText,
        toTreasury: amountText,
        used: amountText,
        ...proposed,
      }),
      run: ({ services, envelope, body }) => proposeRelease(services, envelope, body, usesOfFee),
    }),
    decisionRoute(
      '/remittance/disclosures/proposals',
      {
        cli: 'remittance decide-disclosure',
        permits: 'remittance.decide-disclosure',
        title: { zh: '审批公开：批准即向公众公开', en: 'decide what is made public' },
        answer: z.object({ year: whole, release: whole, outcome: z.string(), digest: z.string().nullable() }),
      },
      decideRelease,
    ),
  ],
})
