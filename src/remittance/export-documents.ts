import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { percentText } from '../kernel/decimal.ts'
import { addMoney, type Money, money, moneyText, subtractMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import { chainSheet, formSheet } from '../platform/documents/workbook-form.ts'
import { writeXlsx, type XlsxColumn, type XlsxSheet } from '../platform/tables/write-table.ts'
import { listSettlements, settlementState } from './annual-settlement.queries.ts'
import { type AnnualSettlement, type PlainSettlementLine, settlementStepNames } from './annual-settlement.ts'
import { type Cell, plainCell, totalOfCells } from './cells.rules.ts'
import { refuseClosing } from './closing.refusals.ts'
import { type FeeClaim, listFeeClaims } from './fee.queries.ts'
import { parseDocumentNumber } from './numbers.ts'
import { findReconciliation, oneSidedUsers } from './reconciliation.queries.ts'
import {
  type OneSidedUser,
  partyNames,
  type Reconciliation,
  type ReconciliationContent,
  soldOf,
  totalSold,
  userSideNames,
} from './reconciliation.ts'
import { findStatement, linesOfStatement, listVouchers } from './statement.queries.ts'
import {
  lineKindNames,
  type Statement,
  type StatementLine,
  standingOf,
  type Voucher,
  voucherStateNames,
} from './statement.ts'

const text = (title: string, width?: number): XlsxColumn => ({
  title,
  kind: 'text',
  ...(width === undefined ? {} : { width }),
})
const amount = (title: string): XlsxColumn => ({ title, kind: 'number', decimals: 2, width: 16 })
const volume = (title: string): XlsxColumn => ({ title, kind: 'number', decimals: 3, width: 14 })

// A workbook holds no more; a longer statement's lines are exported as CSV.
const linesInWorkbook = 90_000

/** One document of the fiscal chain by its number, as a workbook: a statement (R…), reconciliation (Q…), settlement (Y…). */
export async function exportDocument(
  db: Db,
  number: string,
  path: string,
): Promise<{ readonly path: string; readonly sheets: number } | Refusal> {
  const sheets = await sheetsOf(db, number)
  if (isRefusal(sheets)) return sheets
  sheets.push(await chainSheet(db))
  return (await writeXlsx(path, sheets)) ?? { path, sheets: sheets.length }
}

async function sheetsOf(db: Db, number: string): Promise<XlsxSheet[] | Refusal> {
  if (parseDocumentNumber('reconciliation', number) !== undefined) {
    const found = await findReconciliation(db, number)
    if (isRefusal(found)) return found
    const users = await oneSidedUsers(db, found.reconciliationId, { limit: linesInWorkbook })
    return reconciliationSheets(found, users, await categoryNames(db))
  }
  if (parseDocumentNumber('settlement', number) !== undefined) {
    const found = (await listSettlements(db, { limit: 10_000 })).find((each) => each.number === number.toUpperCase())
    if (found === undefined) return refuseClosing('settlement_unknown', { settlement: number })
    const collector = { collectorId: found.collectorId, code: found.collectorCode }
    const steps = await settlementState(db, collector, found.year, found.approvedOn)
    return settlementSheets(found, steps, await categoryNames(db))
  }
  const found = await findStatement(db, number)
  if (isRefusal(found)) return found
  const vouchers = await listVouchers(db, { statementId: found.statementId, limit: 1_000 })
  const claims = await listFeeClaims(db, { statementId: found.statementId, limit: 100 })
  const lines = await linesOfStatement(db, found, { limit: linesInWorkbook })
  return statementSheets(found, vouchers.toReversed(), claims.toReversed(), lines)
}

async function categoryNames(db: Db): Promise<(code: string) => string> {
  const names = new Map((await listPriceCategories(db)).map(({ code, nameZh }) => [code, nameZh]))
  return (code) => names.get(code) ?? code
}

function statementSheets(
  statement: Statement,
  vouchers: readonly Voucher[],
  claims: readonly FeeClaim[],
  lines: readonly StatementLine[],
): XlsxSheet[] {
  const fee = addMoney(claims.map((claim) => claim.amount))
  return [
    formSheet('划缴结算单', [
      ['结算单号', statement.number],
      ['代征单位', `${statement.collectorName}（${statement.collectorCode}）`],
      ['结算期', `${statement.period.name}（${statement.period.from} 起，${statement.period.until} 止，不含止日）`],
      ['笔数', String(statement.lineCount)],
      ['代收金额', statement.collected],
      ['　其中以前各期迟到', statement.late],
      ['减：冲正', statement.reversed],
      ['减：代征单位退款', statement.refunded],
      ['上期结转', statement.carried],
      ['应划缴金额（全额，不得坐支）', statement.total],
      ['代征单位申报', statement.declared],
      ['差异理由', statement.differenceReason ?? '无'],
      ['已入库', statement.received],
      ['未划缴', statement.balance],
      ['代征手续费（另行支付，一并结算）', claims.length === 0 ? '未申请' : fee],
      ['状态', standingOf(statement).zh],
      ['编制', `${statement.drawnByName}　${statement.drawnOn}`],
      ['复核', statement.reviewedByName ?? '—'],
      ['审批', statement.decidedByName === null ? '—' : `${statement.decidedByName}　${statement.decidedOn ?? ''}`],
      ['依据', '财税〔2014〕151号第四条、第十三条、第十五条、第十七条；赣区府办字〔2023〕70号第十三条'],
    ]),
    {
      name: '划缴凭证',
      columns: [
        text('凭证'),
        text('划款日期'),
        text('银行流水号'),
        amount('划款金额'),
        text('状态'),
        amount('入库金额'),
        text('入库日期'),
        text('国库凭证号'),
        text('说明', 40),
      ],
      rows: vouchers.map((each) => [
        each.voucherId,
        each.paidOn,
        each.bankReference,
        moneyText(each.amount),
        voucherStateNames[each.state].zh,
        each.received === null ? '' : moneyText(each.received),
        each.receivedOn ?? '',
        each.treasuryReference ?? '',
        [each.differenceReason, each.reason, each.reversalReason].filter((part) => part).join('；'),
      ]),
    },
    {
      name: '代征手续费',
      columns: [
        text('申请'),
        text('合同'),
        text('合同文件', 30),
        text('合同年'),
        amount('累计基数'),
        text('费率'),
        text('年度上限'),
        amount('累计手续费'),
        amount('此前已申请'),
        amount('本次'),
        text('支付日期'),
      ],
      rows: claims.flatMap((claim) =>
        claim.lines.map((line) => [
          claim.number,
          line.contractNo,
          line.document,
          String(line.contractYear),
          moneyText(line.baseAmount),
          percentText(line.rate),
          line.cap === null ? '无' : moneyText(line.cap),
          moneyText(line.feeAmount),
          moneyText(line.claimedBefore),
          moneyText(line.amount),
          claim.paidOn ?? '未支付',
        ]),
      ),
    },
    {
      name: lines.length < statement.lineCount ? `明细（前 ${lines.length} 笔）` : '明细',
      columns: [
        text('发生日期'),
        text('类别'),
        text('流水号', 24),
        text('户号', 16),
        text('缴费人', 30),
        amount('金额'),
        text('登记日期'),
        text('所属期'),
      ],
      rows: lines.map((line) => [
        line.eventOn,
        lineKindNames[line.kind].zh,
        line.reference,
        line.accountNo ?? '',
        line.payerName ?? '',
        moneyText(line.amount),
        line.recordedOn,
        line.ownPeriod ?? '',
      ]),
    },
  ]
}

const cellColumns = [
  text('用水月份'),
  text('类别', 16),
  text('供水'),
  volume('售水量(m³)'),
  volume('开账水量(m³)'),
  amount('应收（开账）'),
  amount('代收'),
  amount('直缴国库'),
  amount('划缴'),
  amount('入库'),
]

function cellRows(
  cells: readonly Cell[],
  content: ReconciliationContent,
  nameOf: (code: string) => string,
): string[][] {
  const total = totalOfCells(cells)
  const totals = plainCell({ ...total, feeMonth: '' as Cell['feeMonth'], category: '', supply: 'public' })
  const row = (
    cell: ReturnType<typeof plainCell>,
    sold: string | null,
    month: string,
    category: string,
    supply: string,
  ) => [
    month,
    category,
    supply,
    sold ?? '—',
    cell.billedM3,
    cell.billed,
    cell.collected,
    cell.direct,
    cell.remitted,
    cell.confirmed,
  ]
  return [
    ...cells.map((cell) =>
      row(
        plainCell(cell),
        soldOf(cell, content),
        cell.feeMonth,
        nameOf(cell.category),
        cell.supply === 'public' ? '公共供水' : '自备水源',
      ),
    ),
    row(totals, totalSold(cells, content), '合计', '', ''),
  ]
}

function reconciliationSheets(
  found: Reconciliation,
  users: readonly OneSidedUser[],
  nameOf: (code: string) => string,
): XlsxSheet[] {
  const { content, quarter } = found
  const own = found.cells.filter(({ feeMonth }) => `${feeMonth}-01` >= quarter.from)
  const corrections = found.cells.filter(({ feeMonth }) => `${feeMonth}-01` < quarter.from)
  const { held } = content
  return [
    formSheet('季度对账单', [
      ['对账单号', found.number],
      ['代征单位', `${content.collectorName}（${content.collector}）`],
      ['季度', quarter.name],
      ['期初待缴', money(held.opening)],
      ['本季代收', money(held.collected)],
      ['减：冲正', money(held.reversed)],
      ['减：代征单位退款', money(held.refunded)],
      ['减：划缴入库', money(held.remitted)],
      ['期末待缴', money(held.closing)],
      ['最早一笔已持有', `${held.oldestDays} 天`],
      ...held.classes.map(({ days, amount: of }): [string, Money] => [`　账龄 ${days} 天`, money(of)]),
      ...content.statements.map((each): [string, string] => [
        `结算单 ${each.statement}（${each.period}）`,
        `应划缴 ${each.total}，已入库 ${each.received}，未缴 ${each.balance}`,
      ]),
      ...content.fees.map((each): [string, string] => [
        `手续费 ${each.claim}`,
        `${each.amount} 元，${each.paidOn === null ? '未支付' : `${each.paidOn} 支付`}`,
      ]),
      ['编制', `${found.drawnByName}　${found.drawnOn}`],
      ...found.signatures.map(({ party, by, on }): [string, string] => [`${partyNames[party].zh}签认`, `${by}　${on}`]),
      ['内容摘要', found.digest],
    ]),
    { name: '本季分月分类', columns: cellColumns, rows: cellRows(own, content, nameOf) },
    { name: '以前月份', columns: cellColumns, rows: cellRows(corrections, content, nameOf) },
    {
      name: '水量核对',
      columns: [
        text('用水月份'),
        volume('申报售水量(m³)'),
        volume('抄表水量(m³)'),
        volume('开账水量(m³)'),
        volume('未开账(m³)'),
      ],
      rows: content.months.map(({ month, ...m3 }) => [
        month,
        ...[m3.soldM3, m3.readM3, m3.billedM3, m3.unbilledM3].map((known) => known ?? '—'),
      ]),
    },
    {
      name: '逾期未收',
      columns: [text('逾期天数'), { title: '账单数', kind: 'number' }, amount('金额')],
      rows: content.uncollected.map((each) => [each.days, String(each.bills), each.amount]),
    },
    {
      name: '单边用户',
      columns: [text('情况', 28), text('用水月份'), text('户号', 16), volume('水量(m³)'), amount('金额')],
      rows: users.map((user) => [
        userSideNames[user.side].zh,
        user.feeMonth,
        user.accountNo,
        user.volumeM3 ?? '',
        user.amount ?? '',
      ]),
    },
  ]
}

function settlementSheets(
  settled: AnnualSettlement,
  steps: Awaited<ReturnType<typeof settlementState>>,
  nameOf: (code: string) => string,
): XlsxSheet[] {
  const sum = (
    name: 'billed' | 'gapAmount' | 'writtenOff' | 'due' | 'remitted' | 'direct' | 'balance' | 'outstanding' | 'held',
  ) => addMoney(settled.lines.map((line) => money(line[name])))
  const row = (line: PlainSettlementLine) => [
    line.feeMonth,
    nameOf(line.category),
    line.declaredM3,
    line.exemptM3,
    line.dischargeM3,
    line.writtenOffM3,
    line.chargeableM3,
    line.billedM3,
    line.gapM3,
    line.unitPrice ?? '',
    line.billed,
    line.gapAmount,
    line.writtenOff,
    line.due,
    line.remitted,
    line.direct,
    line.balance,
  ]
  return [
    formSheet('汇算清缴', [
      ['编号', settled.number],
      ['代征单位', `${settled.collectorName}（${settled.collectorCode}）`],
      ['年度', `${settled.year} 年 1 月至 12 月用水`],
      ['截至', settled.settledOn],
      ['开账金额', sum('billed')],
      ['加：已售未开账水量应收', sum('gapAmount')],
      ['减：核销', sum('writtenOff')],
      ['应征金额', settled.due],
      ['减：已划缴入库', settled.remitted],
      ['减：直缴国库', settled.direct],
      ['清缴余额', settled.balance],
      ['　其中已售未开账', sum('gapAmount')],
      ['　其中欠费（未核销）', subtractMoney(sum('outstanding'), sum('writtenOff'))],
      ['　其中已收未缴', sum('held')],
      ['编制', settled.madeBy],
      ['审批', `${settled.approvedBy}　${settled.approvedOn}`],
      ['依据', '财税〔2014〕151号第十六条'],
    ]),
    {
      name: '分月计算',
      columns: [
        text('用水月份'),
        text('类别', 16),
        volume('申报售水量'),
        volume('免征'),
        volume('按实际排水调减'),
        volume('核销水量'),
        volume('应征水量'),
        volume('开账水量'),
        volume('未开账水量'),
        text('单价'),
        amount('开账金额'),
        amount('未开账应收'),
        amount('核销金额'),
        amount('应征金额'),
        amount('已入库'),
        amount('直缴国库'),
        amount('余额'),
      ],
      rows: settled.lines.map(row),
    },
    {
      name: '办理步骤',
      columns: [text('步骤', 24), text('完成'), text('说明', 60)],
      rows: steps.map(({ step, done, detail }) => [settlementStepNames[step].zh, done ? '是' : '否', detail]),
    },
  ]
}
