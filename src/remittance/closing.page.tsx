import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { collectorCode } from '../dischargers/account.routes.ts'
import { collectorFilter } from '../dischargers/collector-filter.ts'
import { listCollectors } from '../dischargers/discharger.queries.ts'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { addMoney, moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volumeText } from '../kernel/volume.ts'
import type { Db } from '../platform/database.ts'
import { id, month, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf, listed } from '../platform/pages/columns.tsx'
import { periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { formPage, withFile } from '../platform/pages/forms.tsx'
import { openFilter } from '../platform/pages/import-parts.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Count,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  State,
  Timeline,
  type Tone,
  unbroken,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { inPeriod } from '../platform/period.ts'
import { proposalPages, waitingProposals } from '../platform/proposal-pages.tsx'
import { fieldWords } from '../platform/tables/field-words.ts'
import {
  listSettlements,
  settlementDeadline,
  settlementProposalKind,
  settlementState,
  settlementSubject,
} from './annual-settlement.queries.ts'
import { type SettlementStep, type SettlementStepName, settlementStepNames } from './annual-settlement.ts'
import type { Cell } from './cells.rules.ts'
import { decideTreasuryRow } from './decide-treasury-row.ts'
import { declareVolume } from './declare-volume.ts'
import { drawReconciliation } from './draw-reconciliation.ts'
import { importTreasuryFile } from './import-treasury.ts'
import { LinesTables } from './lines-tables.tsx'
import { findReconciliation, listReconciliations } from './reconciliation.queries.ts'
import {
  type Party,
  parties,
  partyNames,
  type Reconciliation,
  type ReconciliationContent,
  type ReconciliationState,
  soldOf,
  type UserSide,
  userSideNames,
  userSides,
} from './reconciliation.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { collectorField, DocumentButtons, statementLink, Yuan, yuan } from './remittance-parts.tsx'
import { decideSettlement, proposeSettlement, type SettlementContent } from './settle-year.ts'
import { returnReconciliation, signReconciliation } from './sign-reconciliation.ts'
import { listVouchers } from './statement.queries.ts'
import { sayTreasuryReason, treasuryImportKind } from './treasury.reasons.ts'
import { treasuryColumnNames } from './treasury-file.ts'
import { treasuryRowsOf } from './treasury-row.queries.ts'
import { treasuryDecisionNames } from './treasury-row.ts'

const reconciliationsTitle: Said = { zh: '季度对账', en: 'reconciliations' }
const reconciliationsCrumb = (say: Say) => ({
  text: say(reconciliationsTitle),
  href: '/office/remittance/reconciliations',
})
const reconciliationNo = z.string().regex(/^Q\d{4}-\d{4,8}$/)
const addressOf = (number: string): string => `/office/remittance/reconciliations/${number}`
const crumbsOf = (say: Say, number: string) => [reconciliationsCrumb(say), { text: number, href: addressOf(number) }]

const states: Record<ReconciliationState, { readonly tone: Tone } & Said> = {
  drawn: { tone: 'waiting', zh: '待签认', en: 'to be signed' },
  frozen: { tone: 'settled', zh: '已签认', en: 'signed by all' },
  returned: { tone: 'plain', zh: '已退回', en: 'returned' },
}
const Standing = ({ of, say }: { readonly of: ReconciliationState; readonly say: Say }) => (
  <State tone={states[of].tone}>{say(states[of])}</State>
)

interface SheetRow {
  readonly id: number
  readonly number: string
  readonly collector: string
  readonly quarter: string
  readonly state: ReconciliationState
  readonly signatures: number
  readonly drawn_on: string
}
const col = columnsOf<SheetRow>()

const sheetList = tablePage('/office/remittance/reconciliations', {
  title: reconciliationsTitle,
  permits: 'remittance.read',
  query: { collector: collectorCode.optional() },
  filters: async ({ services }) => [await collectorFilter(services.db)],
  columns: [
    col.code('number', '对账单', 'reconciliation', (row) => row.number, { sort: 'id' }),
    col.text('collector', '代征单位', 'collector', (row) => row.collector),
    col.text('quarter', '季度', 'quarter', (row) => row.quarter),
    col.text('state', '状态', 'state', (row, say) => say(states[row.state]), {
      cell: (row, say) => <Standing of={row.state} say={say} />,
    }),
    col.count('signatures', '签认（方）', 'signatures', (row) => row.signatures),
    col.text('drawn_on', '编制', 'drawn', (row) => row.drawn_on),
  ],
  rows: async ({ services, query }) =>
    listed<SheetRow>(
      {
        id: 'integer',
        number: 'text',
        collector: 'text',
        quarter: 'text',
        state: 'text',
        signatures: 'integer',
        drawn_on: 'date',
      },
      (await listReconciliations(services.db, { collectorCode: query.collector, limit: 1_000 })).map((each) => ({
        id: Number(each.reconciliationId),
        number: each.number,
        collector: each.content.collectorName,
        quarter: each.quarter.name,
        state: each.state,
        signatures: each.signatures.length,
        drawn_on: each.drawnOn,
      })),
    ),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => addressOf(row.number),
  next: ({ say, may }) =>
    may('remittance.draw-reconciliation') ? (
      <PrimaryLink href="/office/remittance/reconciling">{say('编制季度对账', 'draw a reconciliation')}</PrimaryLink>
    ) : may('remittance.declare-volume') ? (
      <PrimaryLink href="/office/remittance/sold-volumes">{say('申报售水量', 'declare the volume sold')}</PrimaryLink>
    ) : null,
  file: reconciliationsTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有季度对账单。每季结束后编制，代征单位、城管局、财政局三方签认。',
      'No reconciliations yet: after each quarter one is drawn and signed by the collector, the bureau and finance.',
    ),
  }),
})

/** The names of the price categories by their codes. */
const categoryNames = async (db: Db, say: Say): Promise<ReadonlyMap<string, string>> =>
  new Map((await listPriceCategories(db)).map(({ code, nameZh, nameEn }) => [code, say(nameZh, nameEn)]))

/** The months of a reconciliation down to each category: billed, collected, remitted and confirmed beside one another. */
function CellsTable({
  caption,
  cells,
  content,
  names,
  say,
}: {
  readonly caption: string
  readonly cells: readonly Cell[]
  readonly content: ReconciliationContent
  readonly names: ReadonlyMap<string, string>
  readonly say: Say
}) {
  const sum = (name: 'billed' | 'collected' | 'direct' | 'remitted' | 'confirmed') =>
    addMoney(cells.map((cell) => cell[name]))
  return (
    <PlainTable
      caption={caption}
      columns={[
        { title: say('月份', 'month') },
        { title: say('类别', 'category') },
        { title: say('售水（m³）', 'sold (m³)'), number: true },
        { title: say('开账（m³）', 'billed (m³)'), number: true },
        { title: say('开账', 'billed'), number: true },
        { title: say('实收', 'collected'), number: true },
        { title: say('直缴国库', 'straight to the treasury'), number: true },
        { title: say('已划缴', 'remitted'), number: true },
        { title: say('国库确认', 'confirmed'), number: true },
      ]}
      rows={cells.map((cell) => [
        cell.feeMonth,
        `${names.get(cell.category) ?? cell.category}${cell.supply === 'own_source' ? say('（自备水源）', ' (own source)') : ''}`,
        <VolumeM3 of={soldOf(cell, content)} />,
        <VolumeM3 of={volumeText(cell.billedM3)} />,
        <Yuan of={cell.billed} />,
        <Yuan of={cell.collected} />,
        <Yuan of={cell.direct} />,
        <Yuan of={cell.remitted} />,
        <Yuan of={cell.confirmed} />,
      ])}
      totals={[
        say('合计', 'total'),
        '',
        '',
        '',
        <Yuan of={sum('billed')} />,
        <Yuan of={sum('collected')} />,
        <Yuan of={sum('direct')} />,
        <Yuan of={sum('remitted')} />,
        <Yuan of={sum('confirmed')} />,
      ]}
    />
  )
}

const sheetPage = page('/office/remittance/reconciliations/{reconciliation}', {
  title: { zh: '一张季度对账单', en: 'one reconciliation' },
  permits: 'remittance.read',
  params: { reconciliation: reconciliationNo },
  show: async ({ services, params, visitor, say, may }) => {
    const found = await findReconciliation(services.db, params.reconciliation)
    if (isRefusal(found)) return found
    const { content } = found
    const names = await categoryNames(services.db, say)
    const signed = new Map(found.signatures.map((each) => [each.party, each]))
    const mine = parties.find(
      (party) => !signed.has(party) && may(`remittance.sign-as-${party}`) && found.drawnByCode !== visitor.code,
    )
    const own = found.cells.filter((cell) => `${cell.feeMonth}-01` >= found.quarter.from)
    const standing = await listReconciliations(services.db, {
      collectorCode: found.collectorCode,
      standing: true,
      limit: 1_000,
    })
    // What was never signed before has not changed since: it is seen here for the first time.
    const wasSigned = ({ feeMonth }: { readonly feeMonth: string }): boolean =>
      standing.some(
        ({ quarter }) =>
          quarter.from < found.quarter.from && quarter.from <= `${feeMonth}-01` && `${feeMonth}-01` < quarter.until,
      )
    const earlier = found.cells.filter((cell) => `${cell.feeMonth}-01` < found.quarter.from)
    const [changed, unsigned] = [earlier.filter(wasSigned), earlier.filter((cell) => !wasSigned(cell))]
    const differences = content.users.reduce((sum, each) => sum + each.count, 0)
    return {
      title: say(`季度对账 ${found.quarter.name}`, `reconciliation ${found.quarter.name}`),
      crumbs: [reconciliationsCrumb(say)],
      state: <Standing of={found.state} say={say} />,
      next:
        found.state !== 'drawn' ? null : mine === undefined ? (
          <State tone="waiting">{say('待其他方签认', 'other parties sign')}</State>
        ) : (
          <PrimaryLink href={`${addressOf(found.number)}/signature?party=${mine}`}>
            {say(`签认（${partyNames[mine].zh}）`, `sign for ${partyNames[mine].en}`)}
          </PrimaryLink>
        ),
      figures: [
        { label: say('期初待缴（元）', 'held at first (yuan)'), value: <Amount of={content.held.opening} /> },
        { label: say('代收（元）', 'collected (yuan)'), value: <Amount of={content.held.collected} /> },
        { label: say('入库（元）', 'received (yuan)'), value: <Amount of={content.held.remitted} /> },
        { label: say('期末待缴（元）', 'held at last (yuan)'), value: <Amount of={content.held.closing} /> },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('对账单', 'number'), <code>{found.number}</code>],
              [say('代征单位', 'collector'), content.collectorName],
              [say('摘要', 'digest'), <code>{found.digest.slice(0, 12)}</code>],
              ...(found.returnReason === null ? [] : [[say('退回原因', 'why returned'), found.returnReason] as const]),
            ]}
          />
          <PlainTable
            caption={say('三方签认', 'signatures')}
            columns={[
              { title: say('一方', 'party') },
              { title: say('签认', 'signed by') },
              { title: say('日期', 'on') },
            ]}
            rows={parties.map((party) => {
              const signature = signed.get(party)
              return [
                say(partyNames[party]),
                signature === undefined ? (
                  <State tone="waiting">{say('待签', 'to be signed')}</State>
                ) : (
                  <State tone="settled">{signature.by}</State>
                ),
                signature?.on ?? null,
              ]
            })}
          />
          {own.length === 0 ? (
            <Notice>{say('本季没有开账和代收。', 'Nothing was billed or collected in this quarter.')}</Notice>
          ) : (
            <CellsTable
              caption={say('分月、分类（元）', 'by month and category (yuan)')}
              cells={own}
              content={content}
              names={names}
              say={say}
            />
          )}
          {unsigned.length === 0 ? null : (
            <CellsTable
              caption={say('以前的月份，此前没有签认过（元）', 'earlier months, not signed before (yuan)')}
              cells={unsigned}
              content={content}
              names={names}
              say={say}
            />
          )}
          {changed.length === 0 ? null : (
            <CellsTable
              caption={say('以前各季签认后的变动（元）', 'changes of earlier quarters since they were signed (yuan)')}
              cells={changed}
              content={content}
              names={names}
              say={say}
            />
          )}
          <PlainTable
            caption={say('售水、抄见与开账（m³）', 'sold, read and billed (m³)')}
            columns={[
              { title: say('月份', 'month') },
              { title: say('申报售水', 'declared sold'), number: true },
              { title: say('抄见', 'read'), number: true },
              { title: say('开账', 'billed'), number: true },
              { title: say('售而未开', 'sold, not billed'), number: true },
            ]}
            rows={content.months.map((each) => [
              each.month,
              <VolumeM3 of={each.soldM3} />,
              <VolumeM3 of={each.readM3} />,
              <VolumeM3 of={each.billedM3} />,
              <VolumeM3 of={each.unbilledM3} />,
            ])}
          />
          <PlainTable
            caption={say(`差异：单边用户 ${differences} 户`, `differences: ${differences} users on one side only`)}
            columns={[{ title: say('差异', 'difference') }, { title: say('户', 'users'), number: true }]}
            rows={content.users.map((each) => [
              <a href={`${addressOf(found.number)}/users?side=${each.side}`}>{say(userSideNames[each.side])}</a>,
              <Count of={each.count} />,
            ])}
          />
          <PlainTable
            caption={say('本季结算单（元）', 'statements (yuan)')}
            columns={[
              { title: say('结算单', 'statement') },
              { title: say('期间', 'period') },
              { title: say('应划缴', 'to be remitted'), number: true },
              { title: say('入库', 'received'), number: true },
              { title: say('待缴', 'balance'), number: true },
            ]}
            rows={content.statements.map((each) => [
              statementLink(each.statement),
              each.period,
              <Amount of={each.total} />,
              <Amount of={each.received} />,
              <Amount of={each.balance} />,
            ])}
          />
          <PlainTable
            caption={say('未收（元，按逾期天数）', 'uncollected (yuan, by days overdue)')}
            columns={[
              { title: say('天数', 'days') },
              { title: say('账单（张）', 'bills'), number: true },
              { title: say('金额（元）', 'amount (yuan)'), number: true },
            ]}
            rows={content.uncollected.map((each) => [
              each.days.replace('-', '–'),
              <Count of={each.bills} />,
              <Amount of={each.amount} />,
            ])}
          />
          <p class="buttons">
            <DocumentButtons of={found.number} kind="reconciliation" say={say} />
            {found.state === 'drawn' && may('remittance.return-reconciliation') ? (
              <ButtonLink href={`${addressOf(found.number)}/return`}>{say('退回', 'return it')}</ButtonLink>
            ) : null}
          </p>
        </>
      ),
      aside: <SheetTimeline found={found} say={say} />,
    }
  },
})

const SheetTimeline = ({ found, say }: { readonly found: Reconciliation; readonly say: Say }) => (
  <Timeline
    say={say}
    of={[
      ...found.signatures.toReversed().map((each) => ({
        on: each.on,
        what: say(`${partyNames[each.party].zh}签认`, `signed for ${partyNames[each.party].en}`),
        who: each.by,
      })),
      { on: found.drawnOn, what: say('编制', 'drawn'), who: found.drawnByName },
    ]}
  />
)

interface UserRow {
  readonly place: string
  readonly side: UserSide
  readonly fee_month: string
  readonly account_no: string
  readonly volume_m3: string | null
  readonly amount: string | null
}
const userCol = columnsOf<UserRow>()

const usersPage = tablePage('/office/remittance/reconciliations/{reconciliation}/users', {
  title: { zh: '单边用户', en: 'users on one side only' },
  permits: 'remittance.read',
  params: { reconciliation: reconciliationNo },
  query: { side: z.enum(userSides).optional(), account: text(40).optional() },
  filters: [
    {
      name: 'side',
      label: { zh: '差异', en: 'difference' },
      kind: 'choice',
      choices: (say) => userSides.map((each) => [each, say(userSideNames[each])] as const),
    },
    { name: 'account', label: { zh: '户号', en: 'account' }, kind: 'text' },
  ],
  columns: [
    userCol.text('side', '差异', 'difference', (row, say) => say(userSideNames[row.side])),
    userCol.text('fee_month', '月份', 'month', (row) => row.fee_month),
    userCol.code('account_no', '户号', 'account', (row) => row.account_no),
    userCol.volume('volume_m3', '水量', 'volume', (row) => row.volume_m3),
    userCol.amount('amount', '金额', 'amount', (row) => row.amount),
  ],
  rows: async ({ services, params, query }) => {
    const found = await findReconciliation(services.db, params.reconciliation)
    if (isRefusal(found)) return found
    return sql<UserRow>`
      select side || ' ' || fee_month || ' ' || account_no as place, side, to_char(fee_month, 'YYYY-MM') as fee_month, account_no, volume_m3, amount
      from reconciliation_users where reconciliation_id = ${found.reconciliationId}::bigint
        and ${query.side === undefined ? sql`true` : sql`side = ${query.side}`}
        and ${query.account === undefined ? sql`true` : sql`account_no = ${query.account}`}`
  },
  order: { by: 'place', direction: 'asc' },
  unique: 'place',
  crumbs: ({ say, params }) => crumbsOf(say, params.reconciliation),
  file: { zh: '单边用户', en: 'one-sided users' },
  empty: ({ say }) => ({ text: say('没有单边用户。', 'No user stands on one side only.') }),
})

const drawPage = formPage('/office/remittance/reconciling', {
  title: { zh: '编制季度对账', en: 'draw a reconciliation' },
  permits: 'remittance.draw-reconciliation',
  crumbs: ({ say }) => [reconciliationsCrumb(say)],
  fields: {
    collector: collectorField,
    quarter: {
      label: { zh: '季度', en: 'quarter' },
      help: { zh: '如 2026-Q1；季度须已结束。', en: 'Such as 2026-Q1; it must be over.' },
      schema: z.string().regex(/^\d{4}-Q[1-4]$/, '如 2026-Q1 · such as 2026-Q1'),
    },
  },
  run: ({ services }, { collector, quarter }, { envelope }) =>
    drawReconciliation(services, envelope, { collectorCode: collector, quarter }),
  preview: ({ quarter, cells, corrections, users }, { say }) => ({
    changes: [
      { what: say('月份和类别（格）', 'months and categories'), before: '—', after: <Count of={cells} /> },
      {
        what: say('其中以前的月份（格）', 'of them of earlier months'),
        before: '—',
        after: <Count of={corrections} />,
      },
      { what: say('单边用户（户）', 'one-sided users'), before: '—', after: <Count of={users} /> },
    ],
    button: say(`编制 ${quarter} 对账`, `draw ${quarter}`),
  }),
  done: ({ reconciliation, quarter }, { say }) => ({
    to: addressOf(reconciliation),
    said: say(
      `已编制 ${quarter} 对账 ${reconciliation}，待三方签认。`,
      `Drew ${reconciliation} of ${quarter}; three parties sign it.`,
    ),
  }),
})

const signPage = formPage('/office/remittance/reconciliations/{reconciliation}/signature', {
  title: { zh: '签认季度对账', en: 'sign a reconciliation' },
  permits: 'remittance.sign-reconciliation',
  params: { reconciliation: reconciliationNo },
  query: { party: z.enum(parties).optional() },
  crumbs: ({ say, params }) => crumbsOf(say, params.reconciliation),
  about: async ({ services, params, say }) => {
    const found = await findReconciliation(services.db, params.reconciliation)
    if (isRefusal(found)) return found
    return (
      <Facts
        of={[
          [say('代征单位', 'collector'), found.content.collectorName],
          [say('季度', 'quarter'), found.quarter.name],
          [say('期末待缴（元）', 'held at last (yuan)'), <Amount of={found.content.held.closing} />],
          [say('您看到的摘要', 'digest you see'), <code>{found.digest.slice(0, 12)}</code>],
        ]}
      />
    )
  },
  initial: async ({ services, params, query }) => {
    const found = await findReconciliation(services.db, params.reconciliation)
    return { digestSeen: isRefusal(found) ? '' : found.digest, party: query.party ?? '' }
  },
  fields: {
    digestSeen: { label: { zh: '摘要', en: 'digest' }, kind: 'hidden' },
    party: {
      label: { zh: '代表哪一方', en: 'for whom' },
      kind: 'choice',
      choices: ({ say, may }) =>
        parties
          .filter((party) => may(`remittance.sign-as-${party}`))
          .map((party) => [party, say(partyNames[party])] as const),
      schema: z.enum(parties) as unknown as z.ZodType<Party, string>,
    },
  },
  run: ({ services, params }, { party, digestSeen }, { envelope }) =>
    signReconciliation(services, envelope, { reconciliation: params.reconciliation, party, digestSeen }),
  preview: ({ reconciliation, signatures, frozen }, { say }) => ({
    changes: [
      {
        what: say(`${reconciliation} 签认（方）`, `signatures of ${reconciliation}`),
        before: String(signatures - 1),
        after: String(signatures),
      },
      ...(frozen
        ? [
            {
              what: say('对账单', 'reconciliation'),
              before: say('可退回', 'may be returned'),
              after: say('三方签齐，就此固定', 'signed by all: frozen'),
            },
          ]
        : []),
    ],
    button: say(`签认 ${reconciliation}`, `sign ${reconciliation}`),
  }),
  done: ({ reconciliation, signatures, frozen }, { say }) => ({
    to: addressOf(reconciliation),
    said: frozen
      ? say(`${reconciliation} 三方已签齐。`, `${reconciliation} is signed by all three.`)
      : say(`已签认 ${reconciliation}，共 ${signatures} 方。`, `Signed ${reconciliation}: ${signatures} of 3.`),
  }),
})

const returnPage = formPage('/office/remittance/reconciliations/{reconciliation}/return', {
  title: { zh: '退回季度对账', en: 'return a reconciliation' },
  permits: 'remittance.return-reconciliation',
  params: { reconciliation: reconciliationNo },
  crumbs: ({ say, params }) => crumbsOf(say, params.reconciliation),
  fields: { reason: { label: { zh: '退回原因', en: 'why' }, kind: 'long', schema: text(500) } },
  run: ({ services, params }, { reason }, { envelope }) =>
    returnReconciliation(services, envelope, { reconciliation: params.reconciliation, reason }),
  preview: ({ reconciliation }, { say }, { reason }) => ({
    changes: [
      {
        what: reconciliation,
        before: say('待签认', 'to be signed'),
        after: say(`退回：${reason}`, `returned: ${reason}`),
      },
    ],
    button: say(`退回 ${reconciliation}`, `return ${reconciliation}`),
  }),
  done: ({ reconciliation }, { say }) => ({
    to: addressOf(reconciliation),
    said: say(`已退回 ${reconciliation}，可重新编制。`, `${reconciliation} is returned and can be drawn anew.`),
  }),
})

const soldPage = formPage('/office/remittance/sold-volumes', {
  title: { zh: '申报售水量', en: 'declare the volume sold' },
  permits: 'remittance.declare-volume',
  crumbs: ({ say }) => [reconciliationsCrumb(say)],
  fields: {
    collector: collectorField,
    feeMonth: { label: { zh: '月份', en: 'month' }, kind: 'month', schema: month },
    category: {
      label: { zh: '类别', en: 'category' },
      kind: 'choice',
      choices: async ({ services, say }) =>
        (await listPriceCategories(services.db)).map(
          ({ code, nameZh, nameEn }) => [code, say(nameZh, nameEn)] as const,
        ),
    },
    volumeM3: { label: { zh: '售水量（m³）', en: 'volume sold (m³)' }, kind: 'number', schema: text(20) },
    document: { label: { zh: '申报文件', en: 'document' }, schema: text(200) },
  },
  run: ({ services }, { collector, ...values }, { envelope }) =>
    declareVolume(services, envelope, { collectorCode: collector, ...values }),
  preview: async ({ feeMonth, category: code, volumeM3, revision }, { services, say }) => {
    const category = (await categoryNames(services.db, say)).get(code) ?? code
    return {
      changes: [
        {
          what: say(`${feeMonth} ${category} 售水量（m³）`, `sold in ${feeMonth}, ${category} (m³)`),
          before: revision > 0 ? say('以前的申报', 'declared before') : '—',
          after: <VolumeM3 of={volumeM3} />,
        },
      ],
      button: say(`申报 ${feeMonth} 售水 ${volumeM3} m³`, `declare ${volumeM3} m³ sold in ${feeMonth}`),
    }
  },
  done: ({ feeMonth, volumeM3 }, { say }) => ({
    to: '/office/remittance/reconciliations',
    said: say(`已申报 ${feeMonth} 售水 ${volumeM3} m³。`, `Declared ${volumeM3} m³ sold in ${feeMonth}.`),
  }),
})

// The year

const yearField = z.string().regex(/^(19|20|21)\d\d$/, '年度，如 2025 · a year such as 2025')

const yearPage = page('/office/remittance/settlements', {
  title: { zh: '汇算清缴', en: 'annual settlement' },
  permits: 'settlements.read',
  query: { year: yearField.optional() },
  show: async ({ services, query, say, may }) => {
    const today = services.clock.today()
    const year = query.year === undefined ? Number(today.slice(0, 4)) - 1 : Number(query.year)
    const rows: {
      readonly name: string
      readonly code: string
      readonly done: number
      readonly of: number
      readonly settled: string | undefined
      readonly late: boolean
    }[] = []
    for (const collector of await listCollectors(services.db)) {
      const steps = await settlementState(services.db, collector, year, today)
      const [settled] = await listSettlements(services.db, { collectorCode: collector.code, year, limit: 1 })
      rows.push({
        name: collector.name,
        code: collector.code,
        done: steps.filter(({ done }) => done).length,
        of: steps.length,
        settled: settled?.number,
        late: steps.some(({ late }) => late),
      })
    }
    return {
      title: say(`${year} 年汇算清缴`, `annual settlement of ${year}`),
      next: may('remittance.propose-settlement') ? (
        <PrimaryLink href={`/office/remittance/settling?year=${year}`}>
          {say('编制汇算清缴', 'propose a settlement')}
        </PrimaryLink>
      ) : null,
      body: (
        <>
          <form class="filters" method="get" action="/office/remittance/settlements">
            <div>
              <label for="year">{say('年度', 'year')}</label>
              <input id="year" name="year" value={String(year)} size={6} inputmode="numeric" autocomplete="off" />
            </div>
            <button type="submit">{say('查看', 'show')}</button>
          </form>
          <PlainTable
            caption={say(`次年 ${settlementDeadline(year)} 前办结`, `due by ${settlementDeadline(year)}`)}
            columns={[
              { title: say('代征单位', 'collector') },
              { title: say('已办步骤', 'steps done') },
              { title: say('汇算单', 'settlement') },
              { title: say('状态', 'state') },
            ]}
            rows={rows.map((row) => [
              <a href={`/office/remittance/settlements/${row.code}/${year}`}>{row.name}</a>,
              `${row.done} / ${row.of}`,
              row.settled === undefined ? null : <code>{row.settled}</code>,
              row.done === row.of ? (
                <State tone="settled">{say('已清缴', 'settled')}</State>
              ) : row.late ? (
                <State tone="overdue">{say('已过期限', 'late')}</State>
              ) : (
                <State tone="waiting">{say('办理中', 'under way')}</State>
              ),
            ])}
          />
        </>
      ),
    }
  },
})

/** Where a step of a year is done or looked at: what is said of it, as a way there. */
function StepDetail({
  step,
  collector,
  say,
}: {
  readonly step: SettlementStep
  readonly collector: string
  readonly say: Say
}) {
  const { detail } = step
  if (step.step === 'proposed' || step.step === 'written_off') {
    const at = `/office/remittance/${step.step === 'proposed' ? 'settlement' : 'write-off'}-proposals`
    const proposals = detail.split('、').filter((each) => /^\d+$/.test(each))
    if (proposals.length > 0)
      return (
        <>
          {proposals.map((each) => (
            <a href={`${at}/${each}`}>{say(`待审批 ${each} `, `proposal ${each} `)}</a>
          ))}
        </>
      )
  }
  const places: Partial<Record<SettlementStepName, string>> = {
    reconciled: `/office/remittance/reconciliations?collector=${collector}`,
    written_off: `/office/remittance/write-offs?collector=${collector}`,
  }
  const to = places[step.step]
  return to === undefined ? (
    <span>{unbroken(say.language === 'zh' ? detail : detail.replaceAll('、', ', '))}</span>
  ) : (
    <a href={to}>{detail === '—' ? say('核销清单', 'write-offs') : detail}</a>
  )
}

const yearOfPage = page('/office/remittance/settlements/{collector}/{year}', {
  title: { zh: '一个代征单位的汇算清缴', en: 'the settlement of a collector' },
  permits: 'settlements.read',
  params: { collector: collectorCode, year: yearField },
  show: async ({ services, params, visitor, say, may }) => {
    const collector = (await listCollectors(services.db)).find(({ code }) => code === params.collector)
    if (collector === undefined)
      return refuseRemittance('remittance_collector_unknown', { collector: params.collector })
    const year = Number(params.year)
    const steps = await settlementState(services.db, collector, year, services.clock.today())
    const [found] = await listSettlements(services.db, { collectorCode: collector.code, year, limit: 1 })
    const subject = settlementSubject(collector.collectorId, year)
    const [proposed] = await waitingProposals({ services, visitor }, settlementProposalKind, subject)
    const next = (() => {
      if (found !== undefined) return null
      if (proposed === undefined)
        return may('remittance.propose-settlement') ? (
          <PrimaryLink href={`/office/remittance/settling?collector=${collector.code}&year=${year}`}>
            {say('编制汇算清缴', 'propose a settlement')}
          </PrimaryLink>
        ) : null
      return may('remittance.decide-settlement') && proposed.makerCode !== visitor.code ? (
        <PrimaryLink href={`/office/remittance/settlement-proposals/${proposed.id}`}>
          {say('审批', 'decide')}
        </PrimaryLink>
      ) : (
        <State tone="waiting">{say('需他人审批', 'another person decides')}</State>
      )
    })()
    return {
      next,
      title: say(`${year} 年汇算清缴 ${collector.name}`, `settlement of ${year}: ${collector.name}`),
      crumbs: [{ text: say('汇算清缴', 'annual settlement'), href: `/office/remittance/settlements?year=${year}` }],
      state:
        found === undefined ? (
          <State tone="waiting">{say('未汇算', 'not settled')}</State>
        ) : (
          <State tone="settled">{found.number}</State>
        ),
      ...(found === undefined
        ? {}
        : {
            figures: [
              { label: say('应缴（元）', 'due (yuan)'), value: <Yuan of={found.due} /> },
              { label: say('已划缴（元）', 'remitted (yuan)'), value: <Yuan of={found.remitted} /> },
              { label: say('直缴国库（元）', 'direct (yuan)'), value: <Yuan of={found.direct} /> },
              { label: say('差额（元）', 'balance (yuan)'), value: <Yuan of={found.balance} /> },
            ],
          }),
      body: (
        <>
          <PlainTable
            caption={say(
              `各步骤（${settlementDeadline(year)} 前办结）`,
              `its steps (due by ${settlementDeadline(year)})`,
            )}
            columns={[
              { title: say('步骤', 'step') },
              { title: say('状态', 'state') },
              { title: say('说明', 'detail') },
            ]}
            rows={steps.map((step) => [
              say(settlementStepNames[step.step]),
              step.done ? (
                <State tone="settled">{say('已办', 'done')}</State>
              ) : step.late ? (
                <State tone="overdue">{say('已过期限', 'late')}</State>
              ) : (
                <State tone="waiting">{say('未办', 'to be done')}</State>
              ),
              <StepDetail step={step} collector={collector.code} say={say} />,
            ])}
          />
          {found === undefined ? null : (
            <>
              <p class="buttons">
                <DocumentButtons of={found.number} kind="settlement" say={say} />
              </p>
              <LinesTables lines={found.lines} names={await categoryNames(services.db, say)} say={say} />
            </>
          )}
        </>
      ),
    }
  },
})

const settlePage = formPage('/office/remittance/settling', {
  title: { zh: '编制汇算清缴', en: 'propose the annual settlement' },
  permits: 'remittance.propose-settlement',
  query: { year: yearField.optional(), collector: collectorCode.optional() },
  crumbs: ({ say }) => [{ text: say('汇算清缴', 'annual settlement'), href: '/office/remittance/settlements' }],
  initial: ({ query }) => ({ year: query.year ?? '', collector: query.collector ?? '' }),
  fields: {
    collector: collectorField,
    year: { label: { zh: '年度', en: 'year' }, kind: 'number', schema: yearField },
  },
  run: ({ services }, { collector, year }, { envelope }) =>
    proposeSettlement(services, envelope, { collectorCode: collector, year: Number(year) }),
  preview: (found, { say }) => ({
    changes: [
      { what: say('应缴（元）', 'due (yuan)'), before: '—', after: <Amount of={found.due} /> },
      { what: say('已划缴（元）', 'remitted (yuan)'), before: '—', after: <Amount of={found.remitted} /> },
      { what: say('直缴国库（元）', 'direct (yuan)'), before: '—', after: <Amount of={found.direct} /> },
      { what: say('差额（元）', 'balance (yuan)'), before: '—', after: <Amount of={found.balance} /> },
    ],
    button: say(
      `提交 ${found.year} 年汇算，差额 ${yuan(found.balance)} 元`,
      `propose ${found.year}, balance ${yuan(found.balance)} yuan`,
    ),
  }),
  done: ({ proposalId }, { say }) => ({
    to: `/office/remittance/settlement-proposals/${proposalId}`,
    said: say('已编制汇算清缴，需他人审批。', 'The settlement is proposed; another person decides.'),
  }),
})

const settleDecision = proposalPages('/office/remittance/settlement-proposals', {
  kind: settlementProposalKind,
  title: { zh: '汇算清缴审批', en: 'a proposed annual settlement' },
  crumbs: ({ say }) => [{ text: say('汇算清缴', 'annual settlement'), href: '/office/remittance/settlements' }],
  permits: {
    read: 'settlements.read',
    approve: 'remittance.decide-settlement',
    giveBack: 'remittance.decide-settlement',
  },
  show: async (content, { services, say }) => {
    const found = content as unknown as SettlementContent
    const open = found.steps.filter(({ done }) => !done)
    return (
      <>
        {open.length === 0 ? null : (
          <Notice tone="waiting">
            {say('编制时还没有办完：', 'Not done when it was proposed: ')}
            {open
              .map(({ step, detail }) => {
                const name = settlementStepNames[step as SettlementStepName]
                return say(`${name.zh}（${detail}）`, `${name.en} (${detail.replaceAll('、', ', ')})`)
              })
              .join(say('；', '; '))}
            {say(
              '。批准即以此为准，此后的变动计入本期。',
              '. Approved, it holds as it is; what comes later goes into the current period.',
            )}
          </Notice>
        )}
        <Facts
          of={[
            [say('代征单位', 'collector'), found.collectorName],
            [say('年度', 'year'), String(found.year)],
            [say('应缴（元）', 'due (yuan)'), <Amount of={found.due} />],
            [say('已划缴（元）', 'remitted (yuan)'), <Amount of={found.remitted} />],
            [say('直缴国库（元）', 'direct (yuan)'), <Amount of={found.direct} />],
            [say('差额（元）', 'balance (yuan)'), <Amount of={found.balance} />],
          ]}
        />
        <LinesTables lines={found.lines} names={await categoryNames(services.db, say)} say={say} />
      </>
    )
  },
  approve: ({ services }, envelope, decision) =>
    decideSettlement(services, envelope, { ...decision, outcome: 'approved', reason: '' }),
  giveBack: ({ services }, envelope, decision) =>
    decideSettlement(services, envelope, { ...decision, outcome: 'returned' }),
  preview: ({ year, balance }, { say }) => ({
    changes: [
      { what: say(`${year} 年差额（元）`, `balance of ${year} (yuan)`), before: '—', after: <Amount of={balance} /> },
    ],
    button: say(`批准 ${year} 年汇算清缴`, `approve the settlement of ${year}`),
  }),
  approved: ({ settlement, year }, { say }) => ({
    to: `/office/remittance/settlements?year=${year}`,
    said: say(`已批准 ${year} 年汇算清缴 ${settlement ?? ''}。`, `The settlement of ${year} is approved.`),
  }),
})

// Files of the treasury or the bank

const treasuryTitle: Said = { zh: '国库到账核对', en: 'files of the treasury' }
const treasuryCrumb = (say: Say) => ({ text: say(treasuryTitle), href: '/office/remittance/treasury' })

interface ImportRow {
  readonly id: number
  readonly file_name: string
  readonly imported_by: string
  readonly acting_on: string
  readonly rows_in: number
  readonly matched: number
  readonly unmatched: number
  readonly undecided: number
  readonly amount_in: string
}
const importCol = columnsOf<ImportRow>()

const undecidedRows = sql`from import_rows h where h.import_id = i.id and not exists (
  select from import_row_decisions d where d.import_id = h.import_id and d.row_no = h.row_no)`

const treasuryList = tablePage('/office/remittance/treasury', {
  title: treasuryTitle,
  permits: 'treasury.read',
  query: { ...periodQuery, open: z.enum(['yes']).optional() },
  filters: [...periodFilters('导入', 'taken in'), openFilter],
  columns: [
    importCol.text('id', '导入', 'import', (row) => String(row.id)),
    importCol.text('file_name', '文件', 'file', (row) => row.file_name),
    importCol.text('acting_on', '日期', 'on', (row) => row.acting_on),
    importCol.text('imported_by', '经办', 'by', (row) => row.imported_by, { wide: true }),
    importCol.count('rows_in', '行数', 'rows', (row) => row.rows_in),
    importCol.count('matched', '相符', 'matched', (row) => row.matched),
    importCol.count('unmatched', '不符', 'unmatched', (row) => row.unmatched),
    importCol.count('undecided', '待处理', 'to be decided', (row) => row.undecided),
    importCol.amount('amount_in', '金额', 'amount', (row) => row.amount_in),
  ],
  rows: ({ query }) => sql<ImportRow>`
    select i.id::int as id, i.file_name, s.name as imported_by, c.acting_on, r.rows_in, r.rows_accepted as matched,
      r.rows_held + r.rows_rejected as unmatched, r.amount_in,
      (select count(*)::int ${undecidedRows}) as undecided
    from imports i join import_results r on r.import_id = i.id join commands c on c.command_id = i.command_id
      join staff s on s.id = c.actor_id
    where i.kind = ${treasuryImportKind} and ${inPeriod(sql`c.acting_on`, query)}
      and ${query.open === undefined ? sql`true` : sql`exists (select ${undecidedRows})`}`,
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `/office/remittance/treasury/${row.id}`,
  next: ({ say, may }) =>
    may('remittance.import-treasury') ? (
      <PrimaryLink href="/office/remittance/treasury/upload">{say('上传到账文件', 'upload a file')}</PrimaryLink>
    ) : null,
  file: treasuryTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有到账文件。上传国库或专户的到账明细，与划缴凭证逐笔核对。',
      'No files yet: upload what the treasury or the bank received, to be compared with the vouchers.',
    ),
  }),
})

const treasuryUpload = formPage('/office/remittance/treasury/upload', {
  title: { zh: '上传国库到账文件', en: 'upload a file of the treasury' },
  permits: 'remittance.import-treasury',
  crumbs: ({ say }) => [treasuryCrumb(say)],
  about: ({ say }) => (
    <Notice>
      {say(
        '文件只核对，不确认：入库由财政逐张确认。',
        'The file is compared and confirms nothing: finance confirms each voucher.',
      )}
    </Notice>
  ),
  fields: {
    file: {
      label: { zh: '到账明细文件（XLSX、XLS 或 CSV）', en: 'the file (XLSX, XLS or CSV)' },
      kind: 'file',
      accept: '.xlsx,.xls,.csv',
    },
  },
  submit: { zh: '试读', en: 'try it' },
  run: (asked, { file }, { envelope }) =>
    withFile(asked, file, ({ path }) => importTreasuryFile(asked.services, envelope, path)),
  preview: ({ rows, amounts, ready, mapping, total }, { say }) => ({
    changes: [
      { what: say('行数', 'rows'), before: '—', after: <Count of={rows.in} /> },
      { what: say('与凭证相符（行）', 'matched'), before: '—', after: <Count of={rows.accepted} /> },
      { what: say('待查（行）', 'held'), before: '—', after: <Count of={rows.held} /> },
      { what: say('拒绝（行）', 'rejected'), before: '—', after: <Count of={rows.rejected} /> },
      { what: say('金额（元）', 'amount (yuan)'), before: '—', after: <Amount of={amounts.in} /> },
      { what: say('文件自带合计（元）', 'the file’s own total (yuan)'), before: '—', after: <Amount of={total} /> },
      { what: say('可确认的凭证', 'vouchers that may be confirmed'), before: '—', after: <Count of={ready.length} /> },
    ],
    more: (
      <p class="quiet">
        {say('列对应：', 'columns: ')}
        {Object.entries(mapping)
          .map(([field, column]) => `${say(fieldWords(treasuryColumnNames, field))} ← ${column}`)
          .join(say('，', ', '))}
      </p>
    ),
    button: say(`导入 ${rows.in} 行，${yuan(amounts.in)} 元`, `take in ${rows.in} rows, ${yuan(amounts.in)} yuan`),
  }),
  done: ({ importId, rows }, { say }) => ({
    to: `/office/remittance/treasury/${importId}`,
    said: say(
      `已核对 ${rows.in} 行：相符 ${rows.accepted}，待查 ${rows.held}，拒绝 ${rows.rejected}。`,
      `Compared ${rows.in} rows: ${rows.accepted} matched, ${rows.held} held, ${rows.rejected} rejected.`,
    ),
  }),
})

const treasuryImport = page('/office/remittance/treasury/{import}', {
  title: { zh: '一份到账文件', en: 'one file of the treasury' },
  permits: 'treasury.read',
  params: { import: id() },
  show: async ({ services, params, say, may }) => {
    const rows = await treasuryRowsOf(services.db, params.import, false)
    if (isRefusal(rows)) return rows
    const open = rows.filter(({ decision }) => decision === null)
    return {
      title: say(`到账核对 ${params.import}`, `file ${params.import}`),
      crumbs: [treasuryCrumb(say)],
      next: may('remittance.confirm-voucher') ? (
        <PrimaryLink href="/office/remittance/vouchers?state=submitted">
          {say('待确认的划缴凭证', 'vouchers to confirm')}
        </PrimaryLink>
      ) : null,
      figures: [
        { label: say('不符（行）', 'unmatched'), value: <Count of={rows.length} /> },
        {
          label: say('待处理（行）', 'to be decided'),
          value: <Count of={open.length} />,
          ...(open.length > 0 ? { tone: 'waiting' as const } : {}),
        },
      ],
      body:
        rows.length === 0 ? (
          <Notice tone="settled">{say('每一行都与凭证相符。', 'Every row matches a voucher.')}</Notice>
        ) : (
          <PlainTable
            columns={[
              { title: say('行', 'row'), number: true },
              { title: say('到账日', 'received') },
              { title: say('流水号', 'reference') },
              { title: say('付款人', 'payer') },
              { title: say('金额（元）', 'amount (yuan)'), number: true },
              { title: say('原因 → 建议', 'why → remedy') },
              { title: say('处理', 'decision') },
            ]}
            rows={rows.map((row) => [
              <Count of={row.rowNo} />,
              row.receivedOn,
              <code>{row.reference}</code>,
              row.payer,
              <Amount of={row.amount} />,
              row.reasons.map((reason) => {
                const { cause, remedy } = sayTreasuryReason(reason, say.language)
                return (
                  <p class="reason">
                    {cause} → {remedy}
                  </p>
                )
              }),
              row.decision !== null ? (
                `${say(treasuryDecisionNames[row.decision])}：${row.decisionReason ?? ''}`
              ) : may('remittance.decide-treasury-row') ? (
                <a href={`/office/remittance/treasury/${params.import}/rows/${row.rowNo}`}>{say('处理', 'decide')}</a>
              ) : (
                <span class="unbroken">{say('待处理', 'to be decided')}</span>
              ),
            ])}
          />
        ),
    }
  },
})

/** The latest vouchers, of which a person says that a row belongs to one. */
const vouchersOffered = 300

const treasuryRow = formPage('/office/remittance/treasury/{import}/rows/{row}', {
  title: { zh: '处理对不上的行', en: 'decide a row that matches nothing' },
  permits: 'remittance.decide-treasury-row',
  params: { import: id(), row: id() },
  crumbs: ({ say, params }) => [
    treasuryCrumb(say),
    { text: params.import, href: `/office/remittance/treasury/${params.import}` },
  ],
  about: async ({ services, params, say }) => {
    const rows = await treasuryRowsOf(services.db, params.import, false)
    if (isRefusal(rows)) return rows
    const row = rows.find(({ rowNo }) => rowNo === Number(params.row))
    if (row === undefined) return refuseRemittance('treasury_row_unknown', { import: params.import, row: params.row })
    return (
      <>
        <Facts
          of={[
            [say('到账日', 'received'), row.receivedOn],
            [say('金额（元）', 'amount (yuan)'), <Amount of={row.amount} />],
            [say('流水号', 'reference'), <code>{row.reference}</code>],
            [say('付款人', 'payer'), row.payer],
          ]}
        />
        {row.reasons.map((reason) => {
          const { cause, remedy } = sayTreasuryReason(reason, say.language)
          return (
            <Notice tone="waiting">
              {cause} → {remedy}
            </Notice>
          )
        })}
      </>
    )
  },
  fields: {
    voucherId: {
      label: { zh: '属于哪张划缴凭证', en: 'the voucher it belongs to' },
      help: { zh: '不选：不是本费款，搁置。', en: 'Without one: it is none of this fee and set aside.' },
      kind: 'choice',
      optional: true,
      choices: async ({ services, say }) =>
        (await listVouchers(services.db, { standing: true, limit: vouchersOffered }))
          .filter(({ state }) => state === 'submitted' || state === 'confirmed')
          .map((each) => [
            each.voucherId,
            say(
              `${each.voucherId}　${each.statement}　${moneyForPeople(each.received ?? each.amount)} 元　${each.paidOn} 划缴　${each.bankReference}`,
              `${each.voucherId}  ${each.statement}  ${moneyForPeople(each.received ?? each.amount)} yuan  transferred ${each.paidOn}  ${each.bankReference}`,
            ),
          ]),
      schema: id() as unknown as z.ZodType<string, string>,
    },
    reason: { label: { zh: '理由', en: 'why' }, kind: 'long', schema: text(500) },
  },
  run: ({ services, params }, { voucherId, reason }, { envelope }) =>
    decideTreasuryRow(services, envelope, { importId: params.import, rowNo: Number(params.row), voucherId, reason }),
  preview: ({ row, voucher }, { say }, { reason }) => ({
    changes: [
      {
        what: say(`第 ${row} 行`, `row ${row}`),
        before: say('待处理', 'to be decided'),
        after:
          voucher === null
            ? say(`搁置：${reason}`, `set aside: ${reason}`)
            : say(`属于凭证 ${voucher}：${reason}`, `of voucher ${voucher}: ${reason}`),
      },
    ],
    button: say(`处理第 ${row} 行`, `decide row ${row}`),
  }),
  done: ({ importId, row }, { say }) => ({
    to: `/office/remittance/treasury/${importId}`,
    said: say(`已处理第 ${row} 行。`, `Row ${row} is decided.`),
  }),
})

/** Reconciliations by three parties, the annual settlement, and files of the treasury. */
export const closingPages: readonly PageRoute[] = [
  sheetList,
  sheetPage,
  usersPage,
  drawPage,
  signPage,
  returnPage,
  soldPage,
  yearPage,
  yearOfPage,
  settlePage,
  ...settleDecision,
  treasuryList,
  treasuryUpload,
  treasuryImport,
  treasuryRow,
]
