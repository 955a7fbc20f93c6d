import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { percentText } from '../kernel/decimal.ts'
import { addMoney, money, moneyText, subtractMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addVolumes, volume, volumeForPeople, volumeText } from '../kernel/volume.ts'
import { chainHead } from '../platform/audit.queries.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { DocumentPrinter } from '../platform/documents/document.ts'
import { officeName } from '../platform/documents/office.queries.ts'
import { type DocumentOrder, type PrintedDocument, printDocument } from '../platform/documents/print-document.ts'
import { listSettlements } from './annual-settlement.queries.ts'
import type { AnnualSettlement } from './annual-settlement.ts'
import { plainCell, totalOfCells } from './cells.rules.ts'
import { refuseClosing } from './closing.refusals.ts'
import { listFeeClaims } from './fee.queries.ts'
import { parseDocumentNumber } from './numbers.ts'
import { lastDayOf } from './period.ts'
import { findReconciliation } from './reconciliation.queries.ts'
import { partyNames, type Reconciliation, soldOf, totalSold, userSideNames } from './reconciliation.ts'
import { reconciliationDocument, settlementDocument, statementDocument } from './remittance.document.ts'
import { findStatement, listVouchers } from './statement.queries.ts'
import { type Statement, standingOf, voucherStateNames } from './statement.ts'

/** A document of the fiscal chain as it is printed, and whether it is signed by all who must. */
export interface RemittancePaper extends DocumentOrder {
  readonly subject: string
  readonly isSigned: boolean
}

/**
 * What a document of the fiscal chain says by its number: a statement (R…), reconciliation (Q…) or settlement (Y…), with the
 * chain's head as of now, which covers its signatures. Refuses an unknown number.
 */
export async function remittancePaper(db: Db | Trx, number: string): Promise<RemittancePaper | Refusal> {
  const { seq, hash } = await chainHead(db)
  const shared = { office: await officeName(db), head: `${seq} ${hash}` }
  const names = new Map((await listPriceCategories(db)).map(({ code, nameZh }) => [code, nameZh]))
  const nameOf = (code: string) => names.get(code) ?? code
  if (parseDocumentNumber('reconciliation', number) !== undefined) {
    const found = await findReconciliation(db, number)
    if (isRefusal(found)) return found
    return {
      kind: reconciliationDocument,
      number: found.number,
      subject: `${found.content.collectorName} ${found.quarter.name}`,
      datedOn: found.drawnOn,
      isSigned: found.state === 'frozen',
      values: { ...reconciliationValues(found, nameOf), ...shared },
    }
  }
  if (parseDocumentNumber('settlement', number) !== undefined) {
    const found = (await listSettlements(db, { limit: 10_000 })).find((each) => each.number === number.toUpperCase())
    if (found === undefined) return refuseClosing('settlement_unknown', { settlement: number })
    return {
      kind: settlementDocument,
      number: found.number,
      subject: `${found.collectorName} ${found.year}`,
      datedOn: found.approvedOn,
      isSigned: true,
      values: { ...settlementValues(found, nameOf), ...shared },
    }
  }
  const found = await findStatement(db, number)
  if (isRefusal(found)) return found
  return {
    kind: statementDocument,
    number: found.number,
    subject: `${found.collectorName} ${found.period.name}`,
    datedOn: found.decidedOn ?? found.drawnOn,
    isSigned: found.state === 'approved',
    values: { ...(await statementValues(db, found)), ...shared },
  }
}

/**
 * A document of the fiscal chain as a PDF of how it stands now. Nothing is stored. Refuses an unknown number and what
 * `printDocument` refuses.
 */
export async function printRemittance(
  db: Db | Trx,
  printer: DocumentPrinter | undefined,
  number: string,
): Promise<PrintedDocument | Refusal> {
  const paper = await remittancePaper(db, number)
  return isRefusal(paper) ? paper : printDocument(db, printer, paper)
}

async function statementValues(db: Db | Trx, found: Statement) {
  const vouchers = (await listVouchers(db, { statementId: found.statementId, limit: 1_000 })).toReversed()
  const claims = (await listFeeClaims(db, { statementId: found.statementId, limit: 1_000 })).toReversed()
  return {
    number: found.number,
    collector: `${found.collectorName}（${found.collectorCode}）`,
    period: `${found.period.name}（${found.period.from} 至 ${lastDayOf(found.period)}）`,
    lines: String(found.lineCount),
    collected: moneyText(found.collected),
    late: moneyText(found.late),
    reversed: moneyText(found.reversed),
    refunded: moneyText(found.refunded),
    carried: moneyText(found.carried),
    total: moneyText(found.total),
    declared: moneyText(found.declared),
    difference_reason: found.differenceReason ?? '',
    received: moneyText(found.received),
    balance: moneyText(found.balance),
    vouchers: vouchers.map((each) => ({
      paid_on: each.paidOn,
      reference: each.bankReference,
      amount: moneyText(each.amount),
      state: voucherStateNames[each.state].zh,
      received: each.received === null ? '' : moneyText(each.received),
      treasury: each.treasuryReference ?? '',
    })),
    fees: claims.flatMap((claim) =>
      claim.lines.map((line) => ({
        claim: claim.number,
        contract: `${line.contractNo} ${line.document} 第${line.contractYear}年`,
        base: moneyText(line.baseAmount),
        rate: percentText(line.rate),
        fee: moneyText(line.feeAmount),
        before: moneyText(line.claimedBefore),
        amount: moneyText(line.amount),
      })),
    ),
    drawn: `${found.drawnByName}　${found.drawnOn}`,
    reviewed: found.reviewedByName ?? '',
    approved: found.decidedByName === null ? '' : `${found.decidedByName}　${found.decidedOn ?? ''}`,
    state: standingOf(found).zh,
    basis: '财税〔2014〕151号第十五条、第十七条；赣区府办字〔2023〕70号第十三条',
  }
}

function settlementValues(found: AnnualSettlement, nameOf: (code: string) => string) {
  const sum = (name: 'gapAmount' | 'outstanding' | 'writtenOff' | 'held') =>
    addMoney(found.lines.map((line) => money(line[name])))
  return {
    number: found.number,
    collector: `${found.collectorName}（${found.collectorCode}）`,
    year: String(found.year),
    settled_on: found.settledOn,
    due: moneyText(found.due),
    remitted: moneyText(found.remitted),
    direct: moneyText(found.direct),
    balance: moneyText(found.balance),
    gap: moneyText(sum('gapAmount')),
    owed: moneyText(subtractMoney(sum('outstanding'), sum('writtenOff'))),
    held: moneyText(sum('held')),
    lines: found.lines.map((line) => ({
      month: line.feeMonth,
      category: nameOf(line.category),
      declared: line.declaredM3,
      exempt: volumeText(addVolumes([volume(line.exemptM3), volume(line.dischargeM3)])),
      written_off: line.writtenOffM3,
      billed: line.billedM3,
      due: line.due,
      remitted: line.remitted,
      direct: line.direct,
      balance: line.balance,
    })),
    made: found.madeBy,
    approved: `${found.approvedBy}　${found.approvedOn}`,
    basis: '财税〔2014〕151号第十六条',
  }
}

/** m³ on paper; what nobody knows is no 0. */
const knownVolume = (m3: string | null): string => (m3 === null ? '—' : volumeForPeople(volume(m3)))

function reconciliationValues(found: Reconciliation, nameOf: (code: string) => string) {
  const { held, months, statements, uncollected, users } = found.content
  const total = totalOfCells(found.cells)
  return {
    number: found.number,
    collector: `${found.content.collectorName}（${found.content.collector}）`,
    quarter: found.quarter.name,
    opening: held.opening,
    collected: held.collected,
    reversed: held.reversed,
    refunded: held.refunded,
    remitted: held.remitted,
    closing: held.closing,
    oldest: String(held.oldestDays),
    cells: found.cells
      .map((each) => ({ ...plainCell(each), soldM3: soldOf(each, found.content) }))
      .map((cell) => ({
        month: cell.feeMonth,
        category: `${nameOf(cell.category)}${cell.supply === 'public' ? '' : '（自备）'}`,
        sold: knownVolume(cell.soldM3),
        billed_m3: cell.billedM3,
        billed: cell.billed,
        collected: cell.collected,
        direct: cell.direct,
        remitted: cell.remitted,
        confirmed: cell.confirmed,
      })),
    total_sold: knownVolume(totalSold(found.cells, found.content)),
    total_billed_m3: volumeText(total.billedM3),
    total_billed: moneyText(total.billed),
    total_collected: moneyText(total.collected),
    total_direct: moneyText(total.direct),
    total_remitted: moneyText(total.remitted),
    total_confirmed: moneyText(total.confirmed),
    drawn: found.drawnOn,
    months: months.map(({ month, soldM3, readM3, billedM3, unbilledM3 }) => ({
      month,
      sold: knownVolume(soldM3),
      read: knownVolume(readM3),
      billed: billedM3,
      unbilled: knownVolume(unbilledM3),
    })),
    statements: statements.map(({ statement, period, total: asked, received, balance }) => ({
      statement,
      period,
      total: asked,
      received,
      balance,
    })),
    uncollected: uncollected.map(({ days, bills, amount }) => ({ days, bills: String(bills), amount })),
    uncollected_total: moneyText(addMoney(uncollected.map(({ amount }) => money(amount)))),
    users: users.map(({ side, count }) => ({ side: userSideNames[side].zh, count: String(count) })),
    signatures: found.signatures.map(({ party, by, on }) => ({ party: partyNames[party].zh, person: by, on })),
    digest: found.digest,
    basis: '财税〔2014〕151号第十五条；赣区府办字〔2023〕70号第十三条',
  }
}
