import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { collectorCode } from '../dischargers/account.routes.ts'
import { collectorFilter } from '../dischargers/collector-filter.ts'
import type { CollectorWithContracts } from '../dischargers/discharger.queries.ts'
import { collectorNames } from '../dischargers/known-names.queries.ts'
import { civilDate, plusDays } from '../kernel/calendar.ts'
import { addMoney, money, moneyText, subtractMoney, zeroMoney } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { date, id, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf, listed } from '../platform/pages/columns.tsx'
import { downloadPage, formPage, routeAt, withFile } from '../platform/pages/forms.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Capitals,
  Count,
  daysInWords,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  Timeline,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { listProposals } from '../platform/proposals.ts'
import { feeProposalKind } from './claim-fee.ts'
import { decideStatement, reviewStatement } from './decide-statement.ts'
import { decideVoucher, reverseReceipt } from './decide-voucher.ts'
import { drawStatement } from './draw-statement.ts'
import { listFeeClaims } from './fee.queries.ts'
import { heldAge, heldByDay } from './held.queries.ts'
import { type HeldAge, heldAgeClass, heldAgeClasses } from './held.rules.ts'
import { documentNumber } from './numbers.ts'
import { remittanceFileRoutes } from './remittance.file-routes.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import {
  collectorField,
  collectorsFor,
  DocumentButtons,
  remittanceCrumb,
  StatementStanding,
  statementAddress,
  statementCrumbs,
  statementLink,
  VoucherStanding,
  Yuan,
  yuan,
} from './remittance-parts.tsx'
import { findStatement, listStatements, listVouchers } from './statement.queries.ts'
import {
  type LineKind,
  lineKindNames,
  type Statement,
  type StatementState,
  standingOf,
  statementStateNames,
  type VoucherState,
  voucherStateNames,
} from './statement.ts'
import { submitVoucher } from './submit-voucher.ts'
import { withdrawStatement } from './withdraw-statement.ts'

const statementNo = z.string().regex(/^R\d{4}-\d{4,8}$/)
const amountSchema = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/, '金额，如 1234.50 · an amount such as 1234.50')
const statementTitle: Said = { zh: '划缴结算单', en: 'remittance statements' }

// What collectors hold

const heldPage = page('/office/remittance/held', {
  title: { zh: '代征单位待缴款', en: 'money held by collectors' },
  permits: 'remittance.read',
  query: { asOf: date.optional() },
  show: async (asked) => {
    const { services, query, say } = asked
    const asOf = query.asOf ?? services.clock.today()
    const rows: { readonly collector: CollectorWithContracts; readonly age: HeldAge }[] = []
    for (const collector of await collectorsFor(asked))
      rows.push({ collector, age: await heldAge(services.db, collector.collectorId, asOf) })
    const total = addMoney(rows.map(({ age }) => age.held))
    const classes = (age: (typeof rows)[number]['age']) =>
      heldAgeClasses.map((name) =>
        addMoney(age.aged.filter(({ days }) => heldAgeClass(days) === name).map(({ amount }) => amount)),
      )
    return {
      title: say('代征单位待缴款', 'money held by collectors'),
      figures: [
        { label: say(`合计（元，${asOf} 日终）`, `total (yuan, end of ${asOf})`), value: <Yuan of={total} /> },
        {
          label: say('最久（天，自缴款日起）', 'oldest (days since it was paid)'),
          value: <Count of={Math.max(0, ...rows.map(({ age }) => age.oldestDays))} />,
        },
      ],
      body: (
        <>
          <form class="filters" method="get" action="/office/remittance/held">
            <div>
              <label for="as-of">{say('截至', 'as of')}</label>
              <input id="as-of" name="asOf" value={asOf} size={11} inputmode="numeric" autocomplete="off" />
            </div>
            <button type="submit">{say('查看', 'show')}</button>
          </form>
          <PlainTable
            caption={say('按缴款日起的天数（元）', 'by days since it was paid (yuan)')}
            columns={[
              { title: say('代征单位', 'collector') },
              ...heldAgeClasses.map((name) => ({ title: say(`${name} 天`, `${name} days`), number: true })),
              { title: say('多缴', 'remitted too much'), number: true },
              { title: say('合计', 'total'), number: true },
              { title: say('最久（天）', 'oldest (days)'), number: true },
            ]}
            rows={rows.map(({ collector, age }) => [
              <a href={`/office/remittance/held/${collector.code}?until=${asOf}`}>{collector.name}</a>,
              ...classes(age).map((amount) => <Yuan of={amount} />),
              <Yuan of={age.surplus} />,
              <Yuan of={age.held} />,
              <Count of={age.oldestDays} />,
            ])}
            totals={[
              say('合计', 'total'),
              ...heldAgeClasses.map((_, place) => (
                <Yuan of={addMoney(rows.map(({ age }) => classes(age)[place] ?? money('0.00')))} />
              )),
              <Yuan of={addMoney(rows.map(({ age }) => age.surplus))} />,
              <Yuan of={total} />,
              '',
            ]}
          />
          <Notice>
            {say(
              '征收的污水处理费全额上缴国库，代征手续费由财政另行支付，不得坐支。',
              'The fee goes to the treasury whole; the collection fee is paid by finance and never kept back.',
            )}
          </Notice>
        </>
      ),
    }
  },
})

const heldOfPage = page('/office/remittance/held/{collector}', {
  title: { zh: '一个代征单位的待缴款', en: 'what a collector holds' },
  permits: 'remittance.read',
  params: { collector: collectorCode },
  query: { from: date.optional(), until: date.optional() },
  show: async (asked) => {
    const { services, params, query, say } = asked
    const collector = (await collectorsFor(asked)).find(({ code }) => code === params.collector)
    if (collector === undefined)
      return refuseRemittance('remittance_collector_unknown', { collector: params.collector })
    const until = query.until ?? services.clock.today()
    const from = query.from ?? civilDate(`${until.slice(0, 4)}-01-01`)
    const { opening, days, closing } = await heldByDay(services.db, collector.collectorId, {
      from,
      until: plusDays(until, 1),
    })
    const moved = (name: 'collected' | 'reversed' | 'refunded' | 'remitted') => (
      <Yuan of={addMoney(days.map((day) => day[name]))} />
    )
    const age = await heldAge(services.db, collector.collectorId, until)
    return {
      title: collector.name,
      crumbs: [{ text: say('待缴款', 'held'), href: '/office/remittance/held' }],
      figures: [
        { label: say(`待缴（元，${until} 日终）`, `held (yuan, end of ${until})`), value: <Yuan of={age.held} /> },
        { label: say('最久（天）', 'oldest (days)'), value: <Count of={age.oldestDays} /> },
      ],
      body: (
        <>
          <Section title={say('按缴款日', 'by the day of payment')}>
            {age.aged.length === 0 ? (
              <Notice tone="settled">{say('没有待缴款。', 'Nothing is held.')}</Notice>
            ) : (
              <PlainTable
                columns={[
                  { title: say('缴款日', 'paid on') },
                  { title: say('金额（元）', 'amount (yuan)'), number: true },
                  { title: say('天数', 'days'), number: true },
                ]}
                rows={age.aged.map((each) => [each.paidOn, <Yuan of={each.amount} />, <Count of={each.days} />])}
              />
            )}
          </Section>
          <Section title={say('逐日结存（元）', 'day by day (yuan)')}>
            <form class="filters" method="get" action={`/office/remittance/held/${collector.code}`}>
              <div>
                <label for="from">{say('自', 'from')}</label>
                <input id="from" name="from" value={from} size={11} inputmode="numeric" autocomplete="off" />
              </div>
              <div>
                <label for="until">{say('至', 'to')}</label>
                <input id="until" name="until" value={until} size={11} inputmode="numeric" autocomplete="off" />
              </div>
              <button type="submit">{say('查看', 'show')}</button>
            </form>
            <PlainTable
              columns={[
                { title: say('日期', 'day') },
                { title: say('期初', 'opening'), number: true },
                { title: say('代收', 'collected'), number: true },
                { title: say('冲正', 'reversed'), number: true },
                { title: say('退款', 'refunded'), number: true },
                { title: say('入库', 'remitted'), number: true },
                { title: say('结存', 'closing'), number: true },
              ]}
              rows={days.map((day) => [
                day.on,
                <Yuan of={day.opening} />,
                <Yuan of={day.collected} />,
                <Yuan of={day.reversed} />,
                <Yuan of={day.refunded} />,
                <Yuan of={day.remitted} />,
                <Yuan of={day.closing} />,
              ])}
              totals={[
                say('合计', 'total'),
                <Yuan of={opening} />,
                moved('collected'),
                moved('reversed'),
                moved('refunded'),
                moved('remitted'),
                <Yuan of={closing} />,
              ]}
            />
          </Section>
        </>
      ),
    }
  },
})

// Statements

interface StatementRow {
  readonly id: number
  readonly number: string
  readonly collector: string
  readonly period: string
  readonly state: StatementState
  readonly total: string
  readonly received: string
  readonly awaiting: string
  readonly balance: string
  readonly drawn_on: string
}
const statementCol = columnsOf<StatementRow>()

const statementList = tablePage('/office/remittance/statements', {
  title: statementTitle,
  permits: 'remittance.read',
  query: {
    collector: collectorCode.optional(),
    year: z
      .string()
      .regex(/^(19|20|21)\d\d$/)
      .optional(),
  },
  filters: async ({ services }) => [
    await collectorFilter(services.db),
    { name: 'year', label: { zh: '年度', en: 'year' }, kind: 'text', placeholder: { zh: '2026', en: '2026' } },
  ],
  columns: [
    statementCol.code('number', '结算单', 'statement', (row) => row.number, { sort: 'id' }),
    statementCol.text('collector', '代征单位', 'collector', (row) => row.collector),
    statementCol.text('period', '期间', 'period', (row) => row.period, { wide: true }),
    statementCol.text('state', '状态', 'state', (row, say) => say(statementStateNames[row.state]), {
      cell: (row, say) => <StatementStanding of={row.state} say={say} />,
    }),
    statementCol.amount('total', '应划缴', 'to be remitted', (row) => row.total),
    statementCol.amount('received', '已入库', 'received', (row) => row.received, { wide: true }),
    statementCol.amount('awaiting', '待确认', 'to be confirmed', (row) => row.awaiting, { wide: true }),
    statementCol.amount('balance', '待缴', 'balance', (row) => row.balance, { wide: true }),
    statementCol.text('drawn_on', '编制', 'drawn', (row) => row.drawn_on, { wide: true }),
  ],
  rows: async ({ services, query }) => {
    const statements = await listStatements(services.db, {
      collectorCode: query.collector,
      year: query.year === undefined ? undefined : Number(query.year),
      limit: 10_000,
    })
    return listed<StatementRow>(
      {
        id: 'integer',
        number: 'text',
        collector: 'text',
        period: 'text',
        state: 'text',
        total: 'numeric',
        received: 'numeric',
        awaiting: 'numeric',
        balance: 'numeric',
        drawn_on: 'date',
      },
      statements.map((each) => ({
        id: Number(each.statementId),
        number: each.number,
        collector: each.collectorName,
        period: each.period.name,
        state: each.state,
        total: moneyText(each.total),
        received: moneyText(each.received),
        awaiting: moneyText(each.awaiting),
        balance: moneyText(each.balance),
        drawn_on: each.drawnOn,
      })),
    )
  },
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => statementAddress(row.number),
  totals: async ({ services }, rows) => {
    const { rows: sums } = await sql<{ total: string; received: string; awaiting: string; balance: string }>`
      select sum(total)::text as total, sum(received)::text as received, sum(awaiting)::text as awaiting, sum(balance)::text as balance
      from (${rows}) s where s.state <> 'returned'`.execute(services.db)
    const [sum] = sums
    return {
      total: <Amount of={sum?.total} />,
      received: <Amount of={sum?.received} />,
      awaiting: <Amount of={sum?.awaiting} />,
      balance: <Amount of={sum?.balance} />,
    }
  },
  next: ({ say, may }) =>
    may('remittance.draw-statement') ? (
      <PrimaryLink href="/office/remittance/drawing">{say('编制结算单', 'draw a statement')}</PrimaryLink>
    ) : null,
  file: statementTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有结算单。每期结束后由代征单位编制，城管局复核、审批。',
      'No statements yet. After each period the collector draws one, the bureau reviews and approves it.',
    ),
  }),
})

const drawPage = formPage('/office/remittance/drawing', {
  title: { zh: '编制划缴结算单', en: 'draw a statement' },
  permits: 'remittance.draw-statement',
  query: { collector: collectorCode.optional(), period: text(10).optional() },
  crumbs: ({ say }) => [remittanceCrumb(say)],
  initial: ({ query }) => ({ collector: query.collector ?? '', period: query.period ?? '' }),
  fields: {
    collector: collectorField,
    period: {
      label: { zh: '期间', en: 'period' },
      help: {
        zh: '季度如 2026-Q1；协议约定按月的，如 2026-03。',
        en: 'A quarter such as 2026-Q1, or a month such as 2026-03.',
      },
      schema: z
        .string()
        .regex(/^\d{4}-(Q[1-4]|(0[1-9]|1[0-2]))$/, '如 2026-Q1 或 2026-03 · such as 2026-Q1 or 2026-03'),
    },
    declared: {
      label: { zh: '本单位账上应缴', en: 'what the collector’s own books say' },
      help: { zh: '不填则同事实。', en: 'Left empty, it is what the facts say.' },
      kind: 'amount',
      optional: true,
      schema: amountSchema,
    },
    differenceReason: {
      label: { zh: '与事实不符的原因', en: 'why that differs' },
      kind: 'long',
      optional: true,
      schema: text(500),
    },
    empty: {
      label: { zh: '空期也编制', en: 'draw it of nothing, too' },
      help: {
        zh: '本期没有一笔款项时勾选：空结算单也结清本期。',
        en: 'Check it where the period has no line at all: a statement of nothing closes it all the same.',
      },
      kind: 'check',
    },
  },
  run: ({ services }, { collector, ...values }, { envelope }) =>
    drawStatement(services, envelope, { collectorCode: collector, ...values }),
  preview: (drawn, { say }) => ({
    changes: [
      { what: say('代收（元）', 'collected (yuan)'), before: '—', after: <Amount of={drawn.collected} /> },
      {
        what: say('其中以前各期迟到（元）', 'of it late arrivals (yuan)'),
        before: '—',
        after: <Amount of={drawn.late} />,
      },
      { what: say('减：冲正（元）', 'less reversed (yuan)'), before: '—', after: <Amount of={drawn.reversed} /> },
      { what: say('减：退款（元）', 'less refunded (yuan)'), before: '—', after: <Amount of={drawn.refunded} /> },
      { what: say('上期结转（元）', 'carried over (yuan)'), before: '—', after: <Amount of={drawn.carried} /> },
      { what: say('应划缴（元）', 'to be remitted (yuan)'), before: '—', after: <Amount of={drawn.total} /> },
      ...(drawn.lines > 0
        ? []
        : [
            {
              what: say(`期间 ${drawn.period}`, `period ${drawn.period}`),
              before: say('未结清', 'open'),
              after: say('没有一笔款项，就此结清', 'closed with nothing'),
            },
          ]),
    ],
    button: say(
      `编制 ${drawn.period}，${drawn.lines} 笔，${yuan(drawn.total)} 元`,
      `draw ${drawn.period}: ${drawn.lines} lines, ${yuan(drawn.total)} yuan`,
    ),
  }),
  done: (drawn, { say }) => ({
    to: statementAddress(drawn.statement),
    said: say(
      `已编制 ${drawn.statement}，应划缴 ${yuan(drawn.total)} 元。`,
      `Drew ${drawn.statement}: ${yuan(drawn.total)} yuan.`,
    ),
  }),
})

const statementPage = page('/office/remittance/statements/{statement}', {
  title: { zh: '一张划缴结算单', en: 'one statement' },
  permits: 'remittance.read',
  params: { statement: statementNo },
  show: async ({ services, params, visitor, say, may }) => {
    const found = await findStatement(services.db, params.statement)
    if (isRefusal(found)) return found
    const vouchers = await listVouchers(services.db, { statementId: found.statementId, limit: 1_000 })
    const fees = await listFeeClaims(services.db, { statementId: found.statementId, limit: 100 })
    const [claim] = await listProposals(services.db, {
      kind: feeProposalKind,
      subject: found.collectorId,
      undecided: true,
    })
    const isAsked = found.state === 'approved' && found.balance.gt(found.awaiting)
    const at = statementAddress(found.number)
    const own = found.drawnByCode === visitor.code
    const next = (() => {
      if (found.state === 'drawn')
        return may('remittance.review-statement') && !own ? (
          <PrimaryLink href={`${at}/review`}>{say('复核', 'review')}</PrimaryLink>
        ) : (
          <State tone="waiting">{say('待城管局复核', 'the bureau reviews it')}</State>
        )
      if (found.state === 'reviewed')
        return may('remittance.approve-statement') && !own && found.reviewedByCode !== visitor.code ? (
          <PrimaryLink href={`${at}/decision`}>{say('审批', 'decide')}</PrimaryLink>
        ) : (
          <State tone="waiting">{say('需他人审批', 'another person decides')}</State>
        )
      if (isAsked && may('remittance.submit-voucher'))
        return <PrimaryLink href={`${at}/voucher`}>{say('提交划缴凭证', 'hand in a voucher')}</PrimaryLink>
      const waiting = vouchers.find(
        ({ state, submittedByCode }) => state === 'submitted' && submittedByCode !== visitor.code,
      )
      if (waiting !== undefined && may('remittance.confirm-voucher'))
        return (
          <PrimaryLink href={`/office/remittance/vouchers/${waiting.voucherId}/confirmation`}>
            {say('确认入库', 'confirm the receipt')}
          </PrimaryLink>
        )
      return null
    })()
    return {
      title: say(`划缴结算单 ${found.number}`, `statement ${found.number}`),
      crumbs: [remittanceCrumb(say)],
      state:
        found.state === 'returned' ? (
          <State tone="plain">{say(standingOf(found))}</State>
        ) : (
          <StatementStanding of={found.state} say={say} />
        ),
      next,
      figures: [
        { label: say('应划缴（元）', 'to be remitted (yuan)'), value: <Yuan of={found.total} /> },
        { label: say('已入库（元）', 'received (yuan)'), value: <Yuan of={found.received} /> },
        { label: say('待确认（元）', 'to be confirmed (yuan)'), value: <Yuan of={found.awaiting} /> },
        {
          label: say('待缴（元）', 'balance (yuan)'),
          value: <Yuan of={found.balance} />,
          ...(found.balance.isZero() ? { tone: 'settled' as const } : { tone: 'waiting' as const }),
        },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('代征单位', 'collector'), found.collectorName],
              [
                say('期间', 'period'),
                say(
                  `${found.period.name}（${daysInWords(found.period.from, found.period.until, say)}）`,
                  `${found.period.name} (${daysInWords(found.period.from, found.period.until, say)})`,
                ),
              ],
              [say('大写', 'in capitals'), <Capitals of={moneyText(found.total)} />],
              [say('代征单位账上应缴（元）', 'declared (yuan)'), <Yuan of={found.declared} />],
              ...(found.differenceReason === null
                ? []
                : [[say('差异原因', 'why it differs'), found.differenceReason] as const]),
              ...(found.returnReason === null
                ? []
                : [[say('退回或撤回原因', 'why returned or withdrawn'), found.returnReason] as const]),
            ]}
          />
          <PlainTable
            caption={say(
              '算式：代收 − 冲正 − 退款 + 结转 = 应划缴（元）',
              'collected − reversed − refunded + carried = to be remitted (yuan)',
            )}
            columns={[
              say('代收', 'collected'),
              say('其中迟到', 'of it late'),
              say('冲正', 'reversed'),
              say('退款', 'refunded'),
              say('上期结转', 'carried over'),
              say('应划缴', 'to be remitted'),
            ].map((title) => ({ title, number: true }))}
            rows={[
              [found.collected, found.late, found.reversed, found.refunded, found.carried, found.total].map((of) => (
                <Yuan of={of} />
              )),
            ]}
          />
          <p class="buttons">
            <ButtonLink href={`${at}/lines`}>
              {say(
                `逐笔明细 ${found.lineCount.toLocaleString('en')} 笔`,
                `its ${found.lineCount.toLocaleString('en')} lines`,
              )}
            </ButtonLink>
            {found.late.isZero() ? null : (
              <ButtonLink href={`${at}/lines?late=yes`}>{say('以前各期迟到的', 'late arrivals')}</ButtonLink>
            )}
            <DocumentButtons of={found.number} kind="statement" say={say} />
            {found.state === 'drawn' && own && may('remittance.withdraw-statement') ? (
              <ButtonLink href={`${at}/withdrawal`}>{say('撤回', 'withdraw it')}</ButtonLink>
            ) : null}
            {found.state === 'drawn' && !own && may('remittance.return-statement') ? (
              <ButtonLink href={`${at}/decision`}>{say('退回', 'return it')}</ButtonLink>
            ) : null}
            {found.state === 'approved' && !isAsked && may('remittance.submit-voucher') ? (
              <ButtonLink href={`${at}/voucher`}>{say('提交更正的划缴', 'hand in a correction')}</ButtonLink>
            ) : null}
            {found.state === 'approved' && fees.length === 0 && claim === undefined && may('remittance.claim-fee') ? (
              <ButtonLink href={`${at}/fee`}>{say('申请代征手续费', 'claim the collection fee')}</ButtonLink>
            ) : null}
          </p>
          <Section title={say('划缴凭证', 'vouchers')}>
            {vouchers.length === 0 ? (
              <Notice>
                {say(
                  '还没有划缴凭证。审批后由代征单位划缴并提交回单。',
                  'No vouchers yet: after the approval the collector transfers and hands in the bank’s receipt.',
                )}
              </Notice>
            ) : (
              <PlainTable
                columns={[
                  { title: say('凭证', 'voucher') },
                  { title: say('划缴日', 'transferred') },
                  { title: say('银行流水', 'bank reference') },
                  { title: say('金额（元）', 'amount (yuan)'), number: true },
                  { title: say('状态', 'state') },
                  { title: say('入库日', 'received') },
                  { title: say('入库（元）', 'received (yuan)'), number: true },
                  { title: say('国库流水', 'treasury reference') },
                ]}
                rows={vouchers.map((each) => [
                  <a href={`/office/remittance/vouchers/${each.voucherId}`}>{each.voucherId}</a>,
                  each.paidOn,
                  <code>{each.bankReference}</code>,
                  <Yuan of={each.amount} />,
                  <VoucherStanding of={each.state} say={say} />,
                  each.receivedOn,
                  <Yuan of={each.received} />,
                  each.treasuryReference === null ? null : <code>{each.treasuryReference}</code>,
                ])}
              />
            )}
          </Section>
          {claim === undefined ? null : (
            <Notice tone="waiting">
              <a href={`/office/remittance/fee-proposals/${claim.id}`}>
                {say(`代征手续费申请 ${claim.id}`, `claim ${claim.id} of the collection fee`)}
              </a>
              {say(' 待城管局审批，办结后才能再申请。', ' waits for the bureau; the next one can follow it.')}
            </Notice>
          )}
          {fees.length === 0 ? null : (
            <Section title={say('代征手续费', 'collection fee')}>
              <PlainTable
                columns={[
                  { title: say('申请', 'claim') },
                  { title: say('金额（元）', 'amount (yuan)'), number: true },
                  { title: say('审批', 'approved') },
                  { title: say('支付', 'paid') },
                ]}
                rows={fees.map((each) => [
                  <a href={`/office/remittance/fees/${each.number}`}>
                    <code>{each.number}</code>
                  </a>,
                  <Yuan of={each.amount} />,
                  each.approvedOn,
                  each.paidOn,
                ])}
              />
            </Section>
          )}
        </>
      ),
      aside: (
        <Timeline
          say={say}
          of={[
            ...vouchers.flatMap((each) => [
              ...(each.reversedOn === null
                ? []
                : [
                    {
                      on: each.reversedOn,
                      what: say('冲回入库', 'receipt taken back'),
                      more: each.reversalReason ?? '',
                    },
                  ]),
              ...(each.decidedByName === null
                ? []
                : [
                    {
                      on: each.receivedOn ?? '—',
                      what: say(voucherStateNames[each.state === 'reversed' ? 'confirmed' : each.state]),
                      who: each.decidedByName,
                    },
                  ]),
              { on: each.submittedOn, what: say('提交划缴凭证', 'voucher handed in'), who: each.submittedByName },
            ]),
            ...(found.decidedOn === null
              ? []
              : [{ on: found.decidedOn, what: say(standingOf(found)), who: found.decidedByName ?? '' }]),
            ...(found.reviewedByName === null
              ? []
              : [{ on: found.reviewedOn ?? '—', what: say('复核', 'reviewed'), who: found.reviewedByName }]),
            { on: found.drawnOn, what: say('编制', 'drawn'), who: found.drawnByName },
          ]}
        />
      ),
    }
  },
})

interface LineRow {
  readonly place: string
  readonly kind: LineKind
  readonly amount: string
  readonly event_on: string
  readonly recorded_on: string
  readonly reference: string | null
  readonly account_no: string | null
  readonly payer: string | null
  readonly payment_id: string | null
  readonly carried_year: number | null
  readonly carried_number: number | null
}
const lineCol = columnsOf<LineRow>()
const lineReference = (row: LineRow): string | null =>
  row.carried_year === null || row.carried_number === null
    ? row.reference
    : documentNumber('statement', row.carried_year, row.carried_number)

const linesPage = tablePage('/office/remittance/statements/{statement}/lines', {
  title: { zh: '结算单的逐笔明细', en: 'every payment of a statement' },
  permits: 'remittance.read',
  params: { statement: statementNo },
  query: {
    late: z.enum(['yes']).optional(),
    kind: z.enum(Object.keys(lineKindNames) as [LineKind, ...LineKind[]]).optional(),
    account: text(40).optional(),
  },
  filters: [
    {
      name: 'kind',
      label: { zh: '种类', en: 'kind' },
      kind: 'choice',
      choices: (say) => Object.entries(lineKindNames).map(([name, words]) => [name, say(words)] as const),
    },
    {
      name: 'late',
      label: { zh: '迟到', en: 'late' },
      kind: 'choice',
      choices: (say) => [['yes', say('只看以前各期迟到的', 'late arrivals only')]],
    },
    { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
  ],
  columns: [
    lineCol.text('event_on', '发生日', 'happened', (row) => row.event_on),
    lineCol.text('recorded_on', '入账日', 'recorded', (row) => row.recorded_on, { wide: true }),
    lineCol.text('kind', '种类', 'kind', (row, say) => say(lineKindNames[row.kind])),
    lineCol.code('reference', '流水号', 'reference', lineReference, {
      cell: (row) =>
        row.payment_id === null ? (
          <code>{lineReference(row)}</code>
        ) : (
          <a href={`/office/payments/${row.payment_id}`}>
            <code>{lineReference(row)}</code>
          </a>
        ),
    }),
    lineCol.code('account_no', '户号', 'account', (row) => row.account_no),
    lineCol.text('payer', '缴费人', 'payer', (row) => row.payer, { wide: true }),
    lineCol.amount('amount', '金额', 'amount', (row) => row.amount),
  ],
  rows: async ({ services, params, query }) => {
    const found = await findStatement(services.db, params.statement)
    if (isRefusal(found)) return found
    return sql<LineRow>`
      select l.kind || ' ' || l.source_id as place, l.kind, l.amount, l.event_on, l.recorded_on, p.reference, a.account_no,
        d.name as payer, l.payment_id::text as payment_id, f.number_year as carried_year, f.number as carried_number
      from remittance_lines l left join payments p on p.id = l.payment_id left join accounts a on a.id = p.account_id
        left join dischargers d on d.id = p.discharger_id
        left join remittance_statements f on l.kind = 'carried' and f.id = l.source_id
      where l.statement_id = ${found.statementId}::bigint
        and ${query.kind === undefined ? sql`true` : sql`l.kind = ${query.kind}`}
        and ${query.account === undefined ? sql`true` : sql`a.account_no = ${query.account}`}
        and ${query.late === undefined ? sql`true` : sql`l.event_on < ${found.period.from}::date and l.kind <> 'carried'`}`
  },
  order: { by: 'event_on', direction: 'asc' },
  indexed: ['event_on'],
  unique: 'place',
  totals: async ({ services }, rows) => {
    const { rows: sums } = await sql<{ amount: string }>`select sum(amount)::text as amount from (${rows}) s`.execute(
      services.db,
    )
    return { amount: <Amount of={sums[0]?.amount} /> }
  },
  crumbs: ({ say, params }) => statementCrumbs(say, params.statement),
  file: { zh: '结算单明细', en: 'lines of a statement' },
  empty: ({ say }) => ({ text: say('这张结算单没有明细。', 'This statement has no lines.') }),
})

/** What is looked at before a drawn statement is withdrawn or reviewed. */
const DrawnFacts = ({ of, say }: { readonly of: Statement; readonly say: Say }) => (
  <Facts
    of={[
      [say('代征单位', 'collector'), of.collectorName],
      [say('期间', 'period'), of.period.name],
      [say('应划缴（元）', 'to be remitted (yuan)'), <Yuan of={of.total} />],
      [say('编制', 'drawn by'), `${of.drawnByName} ${of.drawnOn}`],
    ]}
  />
)

const withdrawalPage = formPage('/office/remittance/statements/{statement}/withdrawal', {
  title: { zh: '撤回结算单', en: 'withdraw a statement' },
  permits: 'remittance.withdraw-statement',
  params: { statement: statementNo },
  crumbs: ({ say, params }) => statementCrumbs(say, params.statement),
  about: async ({ services, params, say }) => {
    const found = await findStatement(services.db, params.statement)
    return isRefusal(found) ? found : <DrawnFacts of={found} say={say} />
  },
  fields: { reason: { label: { zh: '原因', en: 'why' }, kind: 'long', schema: text(500) } },
  run: ({ services, params }, { reason }, { envelope }) =>
    withdrawStatement(services, envelope, { statement: params.statement, reason }),
  preview: ({ statement, period }, { say }) => ({
    changes: [
      { what: statement, before: say(statementStateNames.drawn), after: say('已撤回', 'withdrawn') },
      {
        what: say(`期间 ${period}`, `period ${period}`),
        before: say('已编制', 'drawn'),
        after: say('可重新编制', 'open'),
      },
    ],
    button: say(`撤回 ${statement}`, `withdraw ${statement}`),
  }),
  done: ({ statement }, { say }) => ({
    to: statementAddress(statement),
    said: say(`已撤回 ${statement}，各笔款项可重新编制。`, `${statement} is withdrawn; its lines are free again.`),
  }),
})

const reviewPage = formPage('/office/remittance/statements/{statement}/review', {
  title: { zh: '复核结算单', en: 'review a statement' },
  permits: 'remittance.review-statement',
  params: { statement: statementNo },
  crumbs: ({ say, params }) => statementCrumbs(say, params.statement),
  about: async ({ services, params, say }) => {
    const found = await findStatement(services.db, params.statement)
    return isRefusal(found) ? found : <DrawnFacts of={found} say={say} />
  },
  fields: {},
  run: ({ services, params }, _values, { envelope }) => reviewStatement(services, envelope, params),
  preview: ({ statement }, { say }) => ({
    changes: [
      { what: statement, before: say('已编制', 'drawn'), after: say('已复核，待审批', 'reviewed, waits for approval') },
    ],
    button: say(`复核 ${statement}，送审批`, `review ${statement}`),
  }),
  done: ({ statement }, { say }) => ({
    to: statementAddress(statement),
    said: say(`已复核 ${statement}，需他人审批。`, `${statement} is reviewed; another person approves it.`),
  }),
})

const decisionPage = formPage('/office/remittance/statements/{statement}/decision', {
  title: { zh: '审批或退回结算单', en: 'approve or return a statement' },
  permits: 'remittance.return-statement',
  params: { statement: statementNo },
  crumbs: ({ say, params }) => statementCrumbs(say, params.statement),
  about: async ({ services, params, say }) => {
    const found = await findStatement(services.db, params.statement)
    if (isRefusal(found)) return found
    return (
      <Facts
        of={[
          [say('代征单位', 'collector'), found.collectorName],
          [say('期间', 'period'), found.period.name],
          [say('应划缴（元）', 'to be remitted (yuan)'), <Yuan of={found.total} />],
          [say('编制', 'drawn by'), found.drawnByName],
          [say('复核', 'reviewed by'), found.reviewedByName],
          [
            say('您看到的摘要', 'digest you see'),
            found.digest === null ? null : <code>{found.digest.slice(0, 12)}</code>,
          ],
        ]}
      />
    )
  },
  initial: async ({ services, params }) => {
    const found = await findStatement(services.db, params.statement)
    return { digestSeen: isRefusal(found) ? '' : (found.digest ?? '') }
  },
  fields: {
    digestSeen: { label: { zh: '摘要', en: 'digest' }, kind: 'hidden', optional: true },
    outcome: {
      label: { zh: '决定', en: 'decision' },
      kind: 'choice',
      choices: async ({ services, params, say }) => {
        const found = await findStatement(services.db, String(params['statement']))
        const isReviewed = !isRefusal(found) && found.state === 'reviewed'
        return [
          ...(isReviewed ? [['approved', say('批准', 'approve')] as const] : []),
          ['returned', say('退回', 'return')] as const,
        ]
      },
      schema: z.enum(['approved', 'returned']) as unknown as z.ZodType<'approved' | 'returned', string>,
    },
    reason: {
      label: { zh: '意见（退回须写）', en: 'why (a return needs it)' },
      kind: 'long',
      optional: true,
      schema: text(500),
    },
  },
  run: ({ services, params }, { outcome, reason, digestSeen }, { envelope }) =>
    decideStatement(services, envelope, {
      statement: params.statement,
      outcome,
      reason: reason ?? '',
      ...(digestSeen === undefined || outcome === 'returned' ? {} : { digestSeen }),
    }),
  preview: ({ statement, total, outcome, before }, { say }) => ({
    changes: [
      {
        what: statement,
        before: say(statementStateNames[before]),
        after: say(statementStateNames[outcome === 'approved' ? 'approved' : 'returned']),
      },
      { what: say('应划缴（元）', 'to be remitted (yuan)'), before: '—', after: <Amount of={total} /> },
    ],
    button:
      outcome === 'approved'
        ? say(`批准 ${statement}，${yuan(total)} 元`, `approve ${statement}, ${yuan(total)} yuan`)
        : say(`退回 ${statement}`, `return ${statement}`),
  }),
  done: ({ statement, outcome }, { say }) => ({
    to: statementAddress(statement),
    said:
      outcome === 'approved'
        ? say(`已批准 ${statement}，请划缴。`, `${statement} is approved; it is now to be remitted.`)
        : say(`已退回 ${statement}，其明细可重新编入。`, `${statement} is returned; its lines are free again.`),
  }),
})

// Vouchers

/** What a statement still asks for beyond the vouchers that were handed in; nothing where it is too much. */
const askedBy = ({ balance, awaiting }: Statement) => {
  const asked = subtractMoney(balance, awaiting)
  return asked.isNegative() ? zeroMoney : asked
}

const voucherForm = formPage('/office/remittance/statements/{statement}/voucher', {
  title: { zh: '提交划缴凭证', en: 'hand in a voucher' },
  permits: 'remittance.submit-voucher',
  params: { statement: statementNo },
  crumbs: ({ say, params }) => statementCrumbs(say, params.statement),
  about: async ({ services, params, say }) => {
    const found = await findStatement(services.db, params.statement)
    if (isRefusal(found)) return found
    return (
      <Facts
        of={[
          [say('代征单位', 'collector'), found.collectorName],
          [say('应划缴（元）', 'to be remitted (yuan)'), <Yuan of={found.total} />],
          [say('待缴（元）', 'balance (yuan)'), <Yuan of={found.balance} />],
          [say('其中已提交待确认（元）', 'of it handed in (yuan)'), <Yuan of={found.awaiting} />],
        ]}
      />
    )
  },
  initial: async ({ services, params }) => {
    const found = await findStatement(services.db, params.statement)
    if (isRefusal(found)) return {}
    return { amount: moneyText(askedBy(found)), paidOn: services.clock.today() }
  },
  fields: {
    amount: { label: { zh: '划缴金额（元）', en: 'amount (yuan)' }, kind: 'amount', schema: amountSchema },
    paidOn: { label: { zh: '划缴日', en: 'day of the transfer' }, kind: 'date', schema: date },
    bankReference: { label: { zh: '银行流水号', en: 'the bank’s reference' }, schema: text(100) },
    file: { label: { zh: '银行回单（扫描件）', en: 'the bank’s receipt (a scan)' }, kind: 'file' },
    differenceReason: {
      label: { zh: '与待缴不符的原因', en: 'why it differs from the balance' },
      kind: 'long',
      optional: true,
      schema: text(500),
    },
  },
  run: (asked, { file, ...values }, { envelope }) =>
    withFile(asked, file, ({ path }) =>
      submitVoucher(asked.services, envelope, { statement: asked.params.statement, path, ...values }),
    ),
  preview: ({ statement, amount, left }, { say }) => ({
    changes: [
      {
        what: say(`${statement} 划缴（元）`, `transferred for ${statement} (yuan)`),
        before: '—',
        after: <Amount of={amount} />,
      },
      {
        what: say('尚待划缴（元）', 'still to be remitted (yuan)'),
        before: <Yuan of={addMoney([money(left), money(amount)])} />,
        after: <Amount of={left} />,
      },
    ],
    button: say(`提交凭证 ${yuan(amount)} 元`, `hand in the voucher of ${yuan(amount)} yuan`),
  }),
  done: ({ statement, amount }, { say }) => ({
    to: statementAddress(statement),
    said: say(
      `已提交 ${yuan(amount)} 元的划缴凭证，待财政确认。`,
      `A voucher of ${yuan(amount)} yuan is handed in; finance confirms it.`,
    ),
  }),
})

interface VoucherRow {
  readonly id: number
  readonly statement: string
  readonly collector: string
  readonly paid_on: string
  readonly bank_reference: string
  readonly amount: string
  readonly state: VoucherState
  readonly received_on: string | null
  readonly treasury_reference: string | null
}
const voucherCol = columnsOf<VoucherRow>()
const voucherStates = Object.keys(voucherStateNames) as [VoucherState, ...VoucherState[]]

const voucherList = tablePage('/office/remittance/vouchers', {
  title: { zh: '划缴凭证', en: 'vouchers' },
  permits: 'remittance.read',
  query: { state: z.enum(voucherStates).optional(), collector: collectorCode.optional() },
  filters: async ({ services }) => [
    {
      name: 'state',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => voucherStates.map((each) => [each, say(voucherStateNames[each])] as const),
    },
    await collectorFilter(services.db),
  ],
  columns: [
    voucherCol.text('id', '凭证', 'voucher', (row) => String(row.id)),
    voucherCol.code('statement', '结算单', 'statement', (row) => row.statement),
    voucherCol.text('collector', '代征单位', 'collector', (row) => row.collector, { wide: true }),
    voucherCol.text('paid_on', '划缴日', 'transferred', (row) => row.paid_on),
    voucherCol.code('bank_reference', '银行流水', 'bank reference', (row) => row.bank_reference, { wide: true }),
    voucherCol.text('state', '状态', 'state', (row, say) => say(voucherStateNames[row.state]), {
      cell: (row, say) => <VoucherStanding of={row.state} say={say} />,
    }),
    voucherCol.text('received_on', '入库日', 'received', (row) => row.received_on),
    voucherCol.code('treasury_reference', '国库流水', 'treasury reference', (row) => row.treasury_reference, {
      wide: true,
    }),
    voucherCol.amount('amount', '金额', 'amount', (row) => row.amount),
  ],
  rows: async ({ services, query }) => {
    const names = await collectorNames(services.db)
    return listed<VoucherRow>(
      {
        id: 'integer',
        statement: 'text',
        collector: 'text',
        paid_on: 'date',
        bank_reference: 'text',
        amount: 'numeric',
        state: 'text',
        received_on: 'date',
        treasury_reference: 'text',
      },
      (await listVouchers(services.db, { state: query.state, collectorCode: query.collector, limit: 10_000 })).map(
        (each) => ({
          id: Number(each.voucherId),
          statement: each.statement,
          collector: names.get(each.collectorCode) ?? each.collectorCode,
          paid_on: each.paidOn,
          bank_reference: each.bankReference,
          amount: moneyText(each.amount),
          state: each.state,
          received_on: each.receivedOn,
          treasury_reference: each.treasuryReference,
        }),
      ),
    )
  },
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `/office/remittance/vouchers/${row.id}`,
  file: { zh: '划缴凭证', en: 'vouchers' },
  empty: ({ say }) => ({
    text: say(
      '还没有划缴凭证。代征单位划缴后在结算单页提交回单。',
      'No vouchers yet: they are handed in on the page of a statement.',
    ),
  }),
})

const voucherPage = page('/office/remittance/vouchers/{voucher}', {
  title: { zh: '一张划缴凭证', en: 'one voucher' },
  permits: 'remittance.read',
  params: { voucher: id() },
  show: async ({ services, params, visitor, say, may }) => {
    const [found] = await listVouchers(services.db, { voucherId: params.voucher, limit: 1 })
    if (found === undefined) return refuseRemittance('voucher_unknown', { voucher: params.voucher })
    const mayDecide = found.state === 'submitted' && found.submittedByCode !== visitor.code
    const at = `/office/remittance/vouchers/${found.voucherId}`
    return {
      title: say(`划缴凭证 ${found.voucherId}`, `voucher ${found.voucherId}`),
      crumbs: statementCrumbs(say, found.statement),
      state: <VoucherStanding of={found.state} say={say} />,
      next:
        found.state !== 'submitted' ? null : mayDecide && may('remittance.confirm-voucher') ? (
          <PrimaryLink href={`${at}/confirmation`}>{say('确认入库', 'confirm the receipt')}</PrimaryLink>
        ) : (
          <State tone="waiting">{say('待财政确认', 'finance confirms it')}</State>
        ),
      figures: [
        { label: say('划缴（元）', 'transferred (yuan)'), value: <Yuan of={found.amount} /> },
        { label: say('入库（元）', 'received (yuan)'), value: <Yuan of={found.received} /> },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('结算单', 'statement'), statementLink(found.statement)],
              [say('划缴日', 'transferred'), found.paidOn],
              [say('银行流水', 'bank reference'), <code>{found.bankReference}</code>],
              [
                say('回单', 'receipt'),
                <>
                  <a href={`${at}/file`}>{found.fileName}</a>
                  {say(`（${found.fileDigest.slice(0, 12)}）`, ` (${found.fileDigest.slice(0, 12)})`)}
                </>,
              ],
              [say('提交', 'handed in'), `${found.submittedByName} ${found.submittedOn}`],
              ...(found.differenceReason === null
                ? []
                : [[say('差异原因', 'why it differs'), found.differenceReason] as const]),
              [say('入库日', 'received'), found.receivedOn],
              [say('国库流水', 'treasury reference'), found.treasuryReference],
              [say('财政经办', 'finance'), found.decidedByName],
              ...(found.reason === '' ? [] : [[say('说明', 'reason'), found.reason] as const]),
              ...(found.reversedOn === null
                ? []
                : [[say('冲回', 'taken back'), `${found.reversedOn} ${found.reversalReason ?? ''}`] as const]),
            ]}
          />
          <p class="buttons">
            {mayDecide && may('remittance.reject-voucher') ? (
              <ButtonLink href={`${at}/rejection`}>{say('未到账，驳回', 'it did not arrive')}</ButtonLink>
            ) : null}
            {found.state === 'confirmed' &&
            found.decidedByCode !== visitor.code &&
            may('remittance.reverse-receipt') ? (
              <ButtonLink href={`${at}/reversal`}>{say('冲回入库', 'take the receipt back')}</ButtonLink>
            ) : null}
          </p>
        </>
      ),
    }
  },
})

const voucherCrumbs = ({
  say,
  params,
}: {
  readonly say: Parameters<typeof remittanceCrumb>[0]
  readonly params: { readonly voucher: string }
}) => [
  { text: say('划缴凭证', 'vouchers'), href: '/office/remittance/vouchers' },
  { text: params.voucher, href: `/office/remittance/vouchers/${params.voucher}` },
]
const reasonField = { label: { zh: '理由', en: 'why' }, kind: 'long', schema: text(500) } as const

/** What finance compares with the treasury before it decides of a voucher. */
const aboutVoucher = async ({
  services,
  params,
  say,
}: {
  readonly services: { readonly db: Parameters<typeof listVouchers>[0] }
  readonly params: { readonly voucher: string }
  readonly say: Say
}) => {
  const [found] = await listVouchers(services.db, { voucherId: params.voucher, limit: 1 })
  if (found === undefined) return refuseRemittance('voucher_unknown', { voucher: params.voucher })
  return (
    <Facts
      of={[
        [say('结算单', 'statement'), statementLink(found.statement)],
        [say('划缴（元）', 'transferred (yuan)'), <Yuan of={found.amount} />],
        [say('划缴日', 'transferred'), found.paidOn],
        [say('银行流水', 'bank reference'), <code>{found.bankReference}</code>],
        [say('提交', 'handed in'), `${found.submittedByName} ${found.submittedOn}`],
        ...(found.received === null
          ? []
          : ([
              [say('入库（元）', 'received (yuan)'), <Yuan of={found.received} />],
              [say('国库流水', 'treasury reference'), found.treasuryReference],
            ] as const)),
        ...(found.differenceReason === null
          ? []
          : [[say('差异原因', 'why it differs'), found.differenceReason] as const]),
      ]}
    />
  )
}

const confirmPage = formPage('/office/remittance/vouchers/{voucher}/confirmation', {
  title: { zh: '确认入库', en: 'confirm a receipt of the treasury' },
  permits: 'remittance.confirm-voucher',
  params: { voucher: id() },
  crumbs: voucherCrumbs,
  about: aboutVoucher,
  initial: async ({ services, params }) => {
    const [found] = await listVouchers(services.db, { voucherId: params.voucher, limit: 1 })
    return { receivedOn: services.clock.today(), amount: found === undefined ? '' : moneyText(found.amount) }
  },
  fields: {
    treasuryReference: { label: { zh: '国库流水号', en: 'the treasury’s reference' }, schema: text(100) },
    receivedOn: { label: { zh: '入库日', en: 'day it was received' }, kind: 'date', schema: date },
    amount: { label: { zh: '到账金额（元）', en: 'amount received (yuan)' }, kind: 'amount', schema: amountSchema },
    reason: {
      ...reasonField,
      label: { zh: '与凭证不符的原因', en: 'why it differs from the voucher' },
      optional: true,
    },
  },
  run: ({ services, params }, values, { envelope }) =>
    decideVoucher(services, envelope, { voucherId: params.voucher, outcome: 'confirmed', ...values }),
  preview: ({ received, balance, statement }, { say }) => ({
    changes: [
      { what: say('入库（元）', 'received (yuan)'), before: '0.00', after: <Amount of={received} /> },
      {
        what: say(`${statement} 待缴（元）`, `balance of ${statement} (yuan)`),
        before: <Yuan of={addMoney([money(balance), money(received)])} />,
        after: <Amount of={balance} />,
      },
    ],
    button: say(`确认入库 ${yuan(received)} 元`, `confirm ${yuan(received)} yuan`),
  }),
  done: ({ received, statement }, { say }) => ({
    to: statementAddress(statement),
    said: say(`已确认入库 ${yuan(received)} 元。`, `Confirmed ${yuan(received)} yuan.`),
  }),
})

const rejectPage = formPage('/office/remittance/vouchers/{voucher}/rejection', {
  title: { zh: '驳回划缴凭证', en: 'reject a voucher' },
  permits: 'remittance.reject-voucher',
  params: { voucher: id() },
  crumbs: voucherCrumbs,
  about: aboutVoucher,
  fields: { reason: reasonField },
  run: ({ services, params }, { reason }, { envelope }) =>
    decideVoucher(services, envelope, { voucherId: params.voucher, outcome: 'rejected', reason }),
  preview: ({ voucherId, balance }, { say }, { reason }) => ({
    changes: [
      {
        what: say(`凭证 ${voucherId}`, `voucher ${voucherId}`),
        before: say('待确认', 'submitted'),
        after: say(`未到账：${reason}`, `rejected: ${reason}`),
      },
      {
        what: say('待缴（元）', 'balance (yuan)'),
        before: <Amount of={balance} />,
        after: <Amount of={balance} />,
      },
    ],
    button: say(`驳回凭证 ${voucherId}`, `reject voucher ${voucherId}`),
  }),
  done: ({ voucherId }, { say }) => ({
    to: `/office/remittance/vouchers/${voucherId}`,
    said: say(`已驳回凭证 ${voucherId}。`, `Voucher ${voucherId} is rejected.`),
  }),
})

const reversePage = formPage('/office/remittance/vouchers/{voucher}/reversal', {
  title: { zh: '冲回已确认的入库', en: 'take a receipt back' },
  permits: 'remittance.reverse-receipt',
  params: { voucher: id() },
  crumbs: voucherCrumbs,
  about: aboutVoucher,
  fields: { reason: reasonField },
  run: ({ services, params }, { reason }, { envelope }) =>
    reverseReceipt(services, envelope, { voucherId: params.voucher, reason }),
  preview: ({ takenBack, balance }, { say }) => ({
    changes: [
      { what: say('冲回（元）', 'taken back (yuan)'), before: '0.00', after: <Amount of={takenBack} /> },
      {
        what: say('待缴（元）', 'balance (yuan)'),
        before: <Yuan of={subtractMoney(money(balance), money(takenBack))} />,
        after: <Amount of={balance} />,
      },
    ],
    button: say(`冲回 ${yuan(takenBack)} 元`, `take ${yuan(takenBack)} yuan back`),
  }),
  done: ({ voucherId, takenBack }, { say }) => ({
    to: `/office/remittance/vouchers/${voucherId}`,
    said: say(`已冲回入库 ${yuan(takenBack)} 元。`, `Took ${yuan(takenBack)} yuan back.`),
  }),
})

/** What collectors hold, their statements down to single payments, and the vouchers of their transfers. */
export const statementPages: readonly PageRoute[] = [
  heldPage,
  heldOfPage,
  statementList,
  drawPage,
  statementPage,
  linesPage,
  withdrawalPage,
  reviewPage,
  decisionPage,
  voucherForm,
  voucherList,
  voucherPage,
  downloadPage(
    '/office/remittance/vouchers/{voucher}/file',
    'remittance.read',
    routeAt(remittanceFileRoutes, '/remittance/vouchers/{voucher}/file', 'get'),
  ),
  confirmPage,
  rejectPage,
  reversePage,
  downloadPage(
    '/office/remittance/documents/{number}/pdf',
    'remittance.read',
    routeAt(remittanceFileRoutes, '/remittance/documents/{number}/pdf', 'get'),
  ),
  downloadPage(
    '/office/remittance/documents/{number}',
    'remittance.read',
    routeAt(remittanceFileRoutes, '/remittance/documents/{number}/file', 'get'),
  ),
]
