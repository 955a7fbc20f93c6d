import { z } from '@hono/zod-openapi'
import type { RawBuilder } from 'kysely'
import { dischargerFilter } from '../dischargers/discharger-field.ts'
import { monthOf } from '../kernel/calendar.ts'
import { addMoney, money, moneyForPeople, moneyText } from '../kernel/money.ts'
import { volumeText } from '../kernel/volume.ts'
import type { Db } from '../platform/database.ts'
import { id, month, text } from '../platform/http/fields.ts'
import type { Route, Said } from '../platform/http/route.ts'
import { downloadPage, formPage, routeAt } from '../platform/pages/forms.tsx'
import { type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Capitals,
  Code,
  Count,
  Facts,
  type Happening,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  Timeline,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { proposalPages, waitingProposals } from '../platform/proposal-pages.tsx'
import type { AfterIssue } from './after-issue.ts'
import { Arithmetic } from './bill.parts.tsx'
import { findBill, linesOf } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billNumber as billNumberField } from './bill.routes.ts'
import {
  type Bill,
  type BillKind,
  billIdOf,
  billKindNames,
  billNumber,
  correctionReasonNames,
  correctionReasons,
  numberOfBillId,
  parseBillNumber,
} from './bill.ts'
import type { BillAddition, BillAdditionOf, BillState, BillStates } from './bill-addition.ts'
import { explainBill } from './bill-explanation.ts'
import { type BillListRow, billRows, billRowsCounted, billSums, payerNames, relatedBills } from './bill-list.queries.ts'
import { billRunPages } from './bill-run.page.tsx'
import {
  type CorrectionGuard,
  type CorrectionPreview,
  correctionProposalKind,
  decideCorrection,
  type ProposedCorrection,
  proposeCorrection,
} from './correct-bill.ts'
import { explanationNames } from './explanation-names.queries.ts'

const billsTitle: Said = { zh: '账单', en: 'bills' }
const billsCrumb = (say: Say) => ({ text: say(billsTitle), href: '/office/bills' })

const numberOf = (row: BillListRow): string => billNumber(row.number_year, row.number)

/** A row of the list, with what a later stage reads of how it stands. */
interface ShownBill extends BillListRow {
  readonly standing: string | null
}
const issued: BillState = { tone: 'settled', words: { zh: '已签发', en: 'issued' } }
const cancelled: BillState = { tone: 'plain', words: { zh: '已红冲', en: 'cancelled' } }
const kinds = Object.keys(billKindNames) as [BillKind, ...BillKind[]]

const billColumns = (stateOf: (row: ShownBill) => BillState): readonly Column<ShownBill>[] => [
  {
    key: 'number',
    title: { zh: '账单号', en: 'bill' },
    cell: (row) => Code({ of: numberOf(row) }),
    text: numberOf,
    sort: 'id',
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
    cell: (row) => Code({ of: row.account_no }),
    text: (row) => row.account_no,
    sort: 'account_no',
    wide: true,
  },
  {
    key: 'name',
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
    key: 'volume_m3',
    title: { zh: '水量（m³）', en: 'volume (m³)' },
    number: true,
    decimals: 3,
    cell: (row) => VolumeM3({ of: row.volume_m3 }),
    text: (row) => row.volume_m3,
    sort: 'volume_m3',
    wide: true,
  },
  {
    key: 'total_amount',
    title: { zh: '应缴（元）', en: 'amount (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => Amount({ of: row.total_amount }),
    text: (row) => row.total_amount,
    sort: 'total_amount',
  },
  {
    key: 'due',
    title: { zh: '到期', en: 'due' },
    cell: (row) => row.due_on,
    text: (row) => row.due_on,
    sort: 'due_on',
    wide: true,
  },
  {
    key: 'kind',
    title: { zh: '种类', en: 'kind' },
    cell: (row, say) => say(billKindNames[row.kind]),
    text: (row, say) => say(billKindNames[row.kind]),
    sort: 'kind',
    wide: true,
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => {
      const { tone, words } = stateOf(row)
      return State({ tone, children: say(words) })
    },
    text: (row, say) => say(stateOf(row).words),
  },
]

const billListPage = (states: BillStates) =>
  tablePage('/office/bills', {
    title: billsTitle,
    permits: 'bills.read',
    query: {
      month: month.optional(),
      account: text(40).optional(),
      discharger: text(100).optional(),
      kind: z.enum(kinds).optional(),
      run: id().optional(),
    },
    filters: [
      { name: 'month', label: { zh: '费款所属月份', en: 'fee month' }, kind: 'month' },
      { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
      { ...dischargerFilter, label: { zh: '缴费人', en: 'payer' } },
      {
        name: 'kind',
        label: { zh: '种类', en: 'kind' },
        kind: 'choice',
        choices: (say) => kinds.map((kind) => [kind, say(billKindNames[kind])]),
      },
      { name: 'run', label: { zh: '批次', en: 'run' }, kind: 'text' },
    ],
    columns: ({ services }) => {
      const today = services.clock.today()
      return billColumns(({ cancelled: isCancelled, standing }) =>
        isCancelled ? cancelled : standing === null ? issued : states.of(standing, today),
      )
    },
    rows: ({ query }): RawBuilder<ShownBill> => billRows(query, states.column),
    counted: ({ query }) => billRowsCounted(query),
    onlyGrows: true,
    order: { by: 'id', direction: 'desc' },
    indexed: ['id', 'fee_month'],
    unique: 'id',
    totals: async ({ services, query }) => {
      const sums = await billSums(services.db, query)
      return { volume_m3: <VolumeM3 of={sums.volume_m3} />, total_amount: <Amount of={sums.total_amount} /> }
    },
    open: (row) => `/office/bills/${numberOf(row)}`,
    file: billsTitle,
    empty: ({ say }) => ({
      text: say(
        '还没有账单。抄表文件到齐后试算，经他人审批即签发。',
        'No bills yet. Once the readings are in, a draft is made; another person’s approval issues it.',
      ),
      action: <PrimaryLink href="/office/bill-runs">{say('到开账批次', 'to the bill runs')}</PrimaryLink>,
    }),
  })

const billLink = (number: string) => (
  <a href={`/office/bills/${number}`}>
    <code>{number}</code>
  </a>
)

const isLive = (bill: Bill) => (bill.kind === 'original' || bill.kind === 'rebill') && bill.cancelledBy === null

const billPage = (additions: readonly BillAdditionOf[]) =>
  page('/office/bills/{bill}', {
    title: { zh: '一张账单', en: 'one bill' },
    permits: 'bills.read',
    params: { bill: billNumberField },
    show: async (asked) => {
      const { services, params, say, may } = asked
      const { db } = services
      const number = parseBillNumber(params.bill)
      const missing = refuseBill('bill_missing', { number: params.bill })
      if (number === undefined) return missing
      const billId = billIdOf(number.year, number.number)
      const [bill, shownOf, lines, names, related, [waiting]] = await Promise.all([
        findBill(db, number),
        Promise.all(additions.map((additionOf) => additionOf(asked as unknown as PageAsked, billId))),
        linesOf(db, [billId]),
        explanationNames(db),
        relatedBills(db, billId),
        waitingProposals(asked, correctionProposalKind, billId),
      ])
      if (bill === undefined) return missing
      const added = shownOf.map((shown) => shown(bill))
      const [, , ...arithmetic] = explainBill(bill, lines.get(bill.billId) ?? [], names, say.language)
      const standing = added.find(({ state }) => state !== undefined)?.state
      return {
        title: `${say(billKindNames[bill.kind])} ${bill.number}`,
        crumbs: [billsCrumb(say), { text: bill.feeMonth, href: `/office/bills?month=${bill.feeMonth}` }],
        state:
          bill.cancelledBy !== null ? (
            <State tone="plain">{say('已红冲', 'cancelled')}</State>
          ) : (
            (standing ?? <State tone="settled">{say('已签发', 'issued')}</State>)
          ),
        next: <ButtonLink href={`/office/bills/${bill.number}/pdf`}>{say('下载 PDF', 'download PDF')}</ButtonLink>,
        figures: [
          { label: say('应缴（元）', 'amount (yuan)'), value: <Amount of={moneyText(bill.totalAmount)} /> },
          ...added.flatMap(({ figures = [] }) => figures),
          { label: say('到期', 'due'), value: bill.dueOn },
        ].slice(0, 4),
        body: (
          <>
            {waiting === undefined ? null : (
              <Notice tone="waiting">
                {say(
                  `${waiting.makerName} 已提出更正，待审批。`,
                  `${waiting.makerName} proposed a correction; it waits for a decision.`,
                )}{' '}
                <a href={`/office/bill-corrections/${waiting.id}`}>{say('查看 →', 'see it →')}</a>
              </Notice>
            )}
            <Facts
              of={[
                [say('缴费人', 'payer'), bill.dischargerName],
                [say('户号', 'account'), <Code of={bill.accountNo} copy say={say} />],
                [say('费款所属月份', 'fee month'), bill.feeMonth],
                [say('水量（m³）', 'volume (m³)'), <VolumeM3 of={volumeText(bill.volumeM3)} />],
                [say('开账日', 'issued'), bill.issuedOn],
                [say('大写', 'in capitals'), <Capitals of={moneyText(bill.totalAmount)} />],
                ...(bill.correctsBillId === null
                  ? []
                  : [[say('更正的账单', 'corrects'), billLink(numberOfBillId(bill.correctsBillId))] as const]),
                ...(bill.reason === null
                  ? []
                  : [
                      [say('更正原因', 'reason'), say(correctionReasonNames[bill.reason])] as const,
                      [say('更正依据', 'evidence'), bill.evidence] as const,
                    ]),
              ]}
            />
            <Section title={say('算式：从水表到分', 'from meter to fen')}>
              <Arithmetic lines={arithmetic} />
            </Section>
            {related.length === 0 ? null : (
              <PlainTable
                caption={say('更正', 'corrections')}
                columns={[
                  { title: say('账单号', 'bill') },
                  { title: say('种类', 'kind') },
                  { title: say('金额（元）', 'amount (yuan)'), number: true },
                  { title: say('开账日', 'issued') },
                  { title: say('原因与依据', 'reason and evidence') },
                ]}
                rows={related.map((each) => [
                  billLink(each.number),
                  say(billKindNames[each.kind]),
                  <Amount of={each.amount} />,
                  each.issuedOn,
                  `${say(correctionReasonNames[each.reason])}${say('：', ': ')}${each.evidence}`,
                ])}
              />
            )}
            {added.map(({ body }) => body)}
            <p class="buttons">
              {added.flatMap(({ buttons = [] }) => buttons)}
              {may('evidence.read') ? (
                <ButtonLink href={`/office/evidence/pack?kind=bill&number=${bill.number}`}>
                  {say('下载证据包', 'evidence pack')}
                </ButtonLink>
              ) : null}
              {may('bills.propose-correction') &&
              (isLive(bill) || bill.cancelledBy !== null) &&
              waiting === undefined ? (
                <ButtonLink href={`/office/bills/${bill.number}/correction`}>
                  {say('更正账单', 'correct the bill')}
                </ButtonLink>
              ) : null}
            </p>
          </>
        ),
        aside: <Timeline of={happeningsOf(bill, related, added, say)} say={say} />,
      }
    },
  })

function happeningsOf(
  bill: Bill,
  related: Awaited<ReturnType<typeof relatedBills>>,
  added: readonly BillAddition[],
  say: Say,
): readonly Happening[] {
  const own = [
    { at: bill.issuedOn, on: bill.issuedOn, what: say('签发', 'issued'), tone: 'settled' as const },
    ...related.map((each) => ({
      at: each.issuedOn,
      on: each.issuedOn,
      what: (
        <>
          {say(billKindNames[each.kind])} {billLink(each.number)}
        </>
      ),
      tone: 'plain' as const,
    })),
    ...added.flatMap(({ happenings = [] }) => happenings),
  ]
  return own.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

const actions = ['cancel', 'rebill', 'adjust'] as const
const actionWords: Record<(typeof actions)[number], Said> = {
  cancel: { zh: '红冲（全额冲销，不再开）', en: 'cancel by its full negative' },
  rebill: { zh: '红冲并按现有事实重开', en: 'cancel and bill anew from the facts' },
  adjust: { zh: '追补或退补差额', en: 'bill the difference from the facts' },
}

const correctionPage = (guards: readonly CorrectionGuard[]): PageRoute =>
  formPage('/office/bills/{bill}/correction', {
    title: { zh: '更正账单', en: 'correct a bill' },
    permits: 'bills.propose-correction',
    params: { bill: billNumberField },
    crumbs: ({ params, say }) => [billsCrumb(say), { text: params.bill, href: `/office/bills/${params.bill}` }],
    about: async ({ services, params, say }) => {
      const number = parseBillNumber(params.bill)
      const bill = number === undefined ? undefined : await findBill(services.db, number)
      if (bill === undefined) return refuseBill('bill_missing', { number: params.bill })
      return (
        <>
          <Facts
            of={[
              [say('账单', 'bill'), billLink(bill.number)],
              [say('缴费人', 'payer'), bill.dischargerName],
              [say('费款所属月份', 'fee month'), bill.feeMonth],
              [say('应缴（元）', 'amount (yuan)'), <Amount of={moneyText(bill.totalAmount)} />],
            ]}
          />
          <Notice>
            {say(
              '金额由事实算出，不能填写：先更正抄表、类别或计量依据，再在这里更正账单。费额不得减免（151号第十九条）。',
              'The amounts are computed from the facts and never typed: correct the reading, category or basis first. The fee cannot be waived (Cai Shui [2014] No. 151 art. 19).',
            )}
          </Notice>
        </>
      )
    },
    fields: {
      action: {
        label: { zh: '办法', en: 'how' },
        kind: 'choice',
        choices: ({ say }) => actions.map((action) => [action, say(actionWords[action])]),
        schema: z.enum(actions),
      },
      reason: {
        label: { zh: '原因', en: 'reason' },
        kind: 'choice',
        choices: ({ say }) => correctionReasons.map((reason) => [reason, say(correctionReasonNames[reason])]),
        schema: z.enum(correctionReasons),
      },
      evidence: {
        label: { zh: '依据', en: 'evidence' },
        help: { zh: '例：水表检定证书 2026-15、核查单 012', en: 'The document it rests on' },
        schema: z.string().max(500, '最多 500 字 · at most 500 characters'),
      },
      duplicateOf: {
        label: { zh: '与哪张账单重复', en: 'the bill it repeats' },
        help: {
          zh: '只在以重复开账为由红冲、不重开时填写',
          en: 'Only for a full negative of a duplicate, which is not billed anew',
        },
        optional: true,
        schema: z.string().max(20, '最多 20 字 · at most 20 characters'),
      },
    },
    run: ({ services, params }, values, { envelope }) =>
      proposeCorrection(services, envelope, { number: params.bill, ...values }, guards),
    preview: async (answer, { services, say, params }) => {
      const documents = answer.documents as unknown as readonly CorrectionPreview[]
      return {
        changes: [
          {
            what: say('更正单据（张）', 'documents'),
            before: '0',
            after: <Count of={documents.length} />,
          },
          {
            what: say('应缴变动（元）', 'change of what is due (yuan)'),
            before: '0.00',
            after: <Amount of={sumOf(documents)} />,
          },
        ],
        more: <DocumentsTable documents={documents} names={await namesOf(services.db, documents)} say={say} />,
        button: say(
          `提出更正 ${params.bill}，交他人审批`,
          `propose the correction of ${params.bill} to another person`,
        ),
      }
    },
    done: ({ proposalId }, { say, params }) => ({
      to: `/office/bills/${params.bill}`,
      said: say(
        `已提出更正 ${proposalId}，待他人审批。`,
        `Correction ${proposalId} is proposed; another person decides it.`,
      ),
    }),
  })

const sumOf = (documents: readonly CorrectionPreview[]): string =>
  moneyText(addMoney(documents.map(({ amount }) => money(amount))))
const namesOf = (db: Db, documents: readonly CorrectionPreview[]) =>
  payerNames(
    db,
    documents.map(({ dischargerId }) => dischargerId),
  )

/** What a correction issues, or would issue. */
function DocumentsTable({
  documents,
  names,
  say,
}: {
  readonly documents: readonly CorrectionPreview[]
  readonly names: ReadonlyMap<string, string>
  readonly say: Say
}) {
  return (
    <PlainTable
      caption={say('将签发的单据', 'what is issued')}
      columns={[
        { title: say('种类', 'kind') },
        { title: say('缴费人', 'payer') },
        { title: say('水量（m³）', 'volume (m³)'), number: true },
        { title: say('金额（元）', 'amount (yuan)'), number: true },
      ]}
      rows={documents.map((each) => [
        say(billKindNames[each.kind as BillKind]),
        names.get(each.dischargerId),
        <VolumeM3 of={each.volumeM3} />,
        <Amount of={each.amount} />,
      ])}
      totals={[say('合计', 'total'), '', '', <Amount of={sumOf(documents)} />]}
    />
  )
}

const correctionProposalPages = (guards: readonly CorrectionGuard[], afterIssue: AfterIssue): readonly PageRoute[] =>
  proposalPages('/office/bill-corrections', {
    kind: correctionProposalKind,
    title: { zh: '账单更正的提交', en: 'a proposed correction' },
    permits: { read: 'bills.read', approve: 'bills.decide-correction', giveBack: 'bills.decide-correction' },
    crumbs: ({ say }) => [billsCrumb(say)],
    show: async (content, { services, say }) => {
      const proposed = content as unknown as ProposedCorrection
      return (
        <>
          <Facts
            of={[
              [say('账单', 'bill'), billLink(proposed.number)],
              [say('办法', 'how'), say(actionWords[proposed.action])],
              [say('原因', 'reason'), say(correctionReasonNames[proposed.reason])],
              [say('依据', 'evidence'), proposed.evidence],
              ...(proposed.duplicateOf === undefined
                ? []
                : [[say('与之重复的账单', 'the bill it repeats'), billLink(proposed.duplicateOf)] as const]),
              [
                say('审批时', 'at the approval'),
                say(
                  '按当时的事实重新计算；与提出时不同的不予签发。',
                  'The amounts are computed again; where they differ from what was proposed, nothing is issued.',
                ),
              ],
            ]}
          />
          <DocumentsTable
            documents={proposed.documents}
            names={await namesOf(services.db, proposed.documents)}
            say={say}
          />
        </>
      )
    },
    approve: ({ services }, envelope, decision) =>
      decideCorrection(services, envelope, { ...decision, outcome: 'approved', reason: '' }, guards, afterIssue),
    giveBack: ({ services }, envelope, decision) =>
      decideCorrection(services, envelope, { ...decision, outcome: 'returned' }, guards, afterIssue),
    preview: ({ numbers, amount }, { say }) => ({
      changes: [
        { what: say('签发单据', 'documents issued'), before: '—', after: numbers.join(say('、', ', ')) },
        { what: say('应缴变动（元）', 'change of what is due (yuan)'), before: '0.00', after: <Amount of={amount} /> },
      ],
      button: say(
        `批准并签发 ${numbers.length} 张，合计 ${moneyForPeople(money(amount))} 元`,
        `approve and issue ${numbers.length}, ${moneyForPeople(money(amount))} yuan in all`,
      ),
    }),
    approved: ({ numbers, amount }, { say }) => {
      const [first] = numbers
      return {
        to: first === undefined ? '/office/proposals' : `/office/bills/${first}`,
        said: say(
          `已签发 ${numbers.join('、')}，合计 ${moneyForPeople(money(amount))} 元。`,
          `Issued ${numbers.join(', ')}, ${moneyForPeople(money(amount))} yuan in all.`,
        ),
      }
    },
  })

/** What the office's pages of bills are composed with. */
export interface BillPageParts {
  readonly afterIssue: AfterIssue
  readonly guards: readonly CorrectionGuard[]
  /** What later stages show of a bill, in their order. */
  readonly additions: readonly BillAdditionOf[]
  /** What a later stage says of how bills stand. */
  readonly states: BillStates
  /** The file routes of this stage. */
  readonly fileRoutes: readonly Route[]
}

/** The office's pages of runs and bills. */
export function billPages({ afterIssue, guards, additions, states, fileRoutes }: BillPageParts): readonly PageRoute[] {
  return [
    ...billRunPages(afterIssue, routeAt(fileRoutes, '/bill-runs')),
    billListPage(states),
    billPage(additions),
    downloadPage('/office/bills/{bill}/pdf', 'bills.read', routeAt(fileRoutes, '/bills/{bill}/pdf', 'get')),
    correctionPage(guards),
    ...correctionProposalPages(guards, afterIssue),
  ]
}
