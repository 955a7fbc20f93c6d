import { verifyBills } from '../bills/verify-bills.ts'
import { verifyEnforcement } from '../enforcement/verify-enforcement.ts'
import { verifyPayments } from '../payments/verify-payments.ts'
import type { Services } from '../platform/command.ts'
import { remittanceSubledgers } from '../remittance/remittance-subledgers.ts'
import { verifyRemittance } from '../remittance/verify-remittance.ts'
import { verifySettlement } from '../settlement/verify-settlement.ts'
import type { CheckReport } from './verification.ts'

/** Every issued bill from its frozen inputs, to the fen (what must hold, 5). */
export async function checkBills(services: Services): Promise<CheckReport> {
  const { checked, lines, faults, monthFaults } = await verifyBills(services)
  return {
    check: 'bills',
    zh: '账单重算',
    en: 'bills computed again',
    counted: [
      { what: 'bills', zh: '账单', count: checked },
      { what: 'lines', zh: '行', count: lines },
    ],
    findings: [
      ...faults.map(({ number, line, zh, en }) => ({
        table: 'bill_lines',
        row: line === 0 ? number : `${number} / ${line}`,
        event: null,
        zh,
        en,
      })),
      ...monthFaults.map(({ feeMonth, billed, booked }) => ({
        table: 'bills',
        row: feeMonth,
        event: null,
        zh: `${feeMonth} 账单合计 ${billed}，账簿 ${booked}`,
        en: `the bills of ${feeMonth} add up to ${billed}, the books say ${booked}`,
      })),
    ],
  }
}

/** What is outstanding and what is credit, from the facts (what must hold, 3). */
export async function checkPayments(services: Services): Promise<CheckReport> {
  const { items, payments, faults } = await verifyPayments(services, [remittanceSubledgers])
  return {
    check: 'payments',
    zh: '欠费与预收重算',
    en: 'open items and credits computed again',
    counted: [
      { what: 'open items', zh: '未清项', count: items },
      { what: 'payments', zh: '缴款', count: payments },
    ],
    findings: faults.map(({ what, subject, stored, derived }) => ({
      table:
        { open_item: 'open_items', allocated: 'open_items', month: 'open_items', credit: 'credits' }[what as string] ??
        'payments',
      row: subject,
      event: null,
      zh: `${what}：记录 ${stored}，由事实得 ${derived}`,
      en: `${what}: stored ${stored}, the facts give ${derived}`,
    })),
  }
}

/** Which order a bill is under and which periods are in a case, from their steps. */
export async function checkEnforcement({ db }: Services): Promise<CheckReport> {
  const { orders, cases, faults } = await verifyEnforcement(db)
  return {
    check: 'enforcement',
    zh: '责令与处罚重算',
    en: 'orders and cases computed again',
    counted: [
      { what: 'orders', zh: '通知书', count: orders },
      { what: 'cases', zh: '案件', count: cases },
    ],
    findings: faults.map(({ table, row, stored, derived }) => ({
      table,
      row,
      event: null,
      zh: `记录 ${stored}，由步骤得 ${derived}`,
      en: `stored ${stored}, the steps give ${derived}`,
    })),
  }
}

/** Statements, fees, reconciliations and what collectors hold, from the facts. */
export async function checkRemittance(services: Services): Promise<CheckReport> {
  const { statements, lines, reconciliations, faults } = await verifyRemittance(services)
  return {
    check: 'remittance',
    zh: '划缴与核对重算',
    en: 'remittance and reconciliation computed again',
    counted: [
      { what: 'statements', zh: '划缴单', count: statements },
      { what: 'lines', zh: '行', count: lines },
      { what: 'reconciliations', zh: '对账', count: reconciliations },
    ],
    findings: faults.map(({ what, subject, stored, derived }) => ({
      table: { fee: 'collection_fee_claims', reconciliation: 'reconciliations' }[what as string] ?? 'remittance_lines',
      row: subject,
      event: null,
      zh: `${what}：记录 ${stored}，由事实得 ${derived}`,
      en: `${what}: stored ${stored}, the facts give ${derived}`,
    })),
  }
}

/** Every claim of a plant as it stood when it was made. */
export async function checkSettlement(services: Services): Promise<CheckReport> {
  const { claims, faults } = await verifySettlement(services)
  return {
    check: 'settlement',
    zh: '服务费重算',
    en: 'service-fee claims computed again',
    counted: [{ what: 'claims', zh: '申请', count: claims }],
    findings: faults.map(({ claim, stored, derived }) => ({
      table: 'service_fee_claims',
      row: claim,
      event: null,
      zh: `记录 ${stored}，重算 ${derived}`,
      en: `it says ${stored}, computed again ${derived}`,
    })),
  }
}
