import type { CivilDate } from '../kernel/calendar.ts'
import { moneyText, parseMoney, parseUnitPrice } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { findCollector } from './account.queries.ts'
import { overlaps, validityRefusal } from './discharger.rules.ts'
import { lockCollector } from './discharger.store.ts'
import { type Charge, type CollectorContract, chargeNames } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { formRefusal } from './entry.rules.ts'

export interface ContractEntry {
  readonly contractNo: string
  readonly collectorCode: string
  readonly document: string
  readonly remittancePeriod: CollectorContract['remittancePeriod']
  /** A share of the base, from 0 to less than 1: `0.02`. Comes with its base. */
  readonly feeRate?: string
  readonly feeBase?: NonNullable<CollectorContract['feeBase']>
  /** Yuan per contract year. */
  readonly feeCapAmount?: string
  /** What a combined amount pays first, second, …: each part once, the wastewater fee among them. */
  readonly combinedOrder?: readonly Charge[]
  readonly from: CivilDate
  readonly until?: CivilDate
}

/**
 * Records the contract under which a collector collects (decision 7): without it no collection fee is ever computed.
 * Refuses a taken number, a rate without its base or outside 0 … 1, an order of combined amounts without the wastewater
 * fee or with a part twice, and two contracts of one collector at a time.
 */
export async function addCollectorContract(
  services: Services,
  envelope: Envelope,
  entry: ContractEntry,
): Promise<CommandAnswer<{ contractNo: string; collector: string; from: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.add-collector-contract', zh: '登记代征合同' },
    { ...entry, ...(entry.combinedOrder === undefined ? {} : { combinedOrder: [...entry.combinedOrder] }) },
    async ({ trx, commandId }) => {
      const contractNo = entry.contractNo.trim()
      const document = entry.document.trim()
      const until = entry.until ?? null
      const malformed =
        formRefusal({ contractNo, document }) ??
        feeRefusal(entry) ??
        orderRefusal(entry) ??
        validityRefusal({ from: entry.from, until })
      if (malformed !== undefined) return malformed
      const collector = await findCollector(trx, entry.collectorCode)
      if (collector === undefined) return refuse('collector_unknown', { code: entry.collectorCode })
      await lockCollector(trx, collector.collectorId)
      const contracts = await tables(trx)
        .selectFrom('collector_contracts')
        .select(['contract_no', 'valid_from as from', 'valid_until as until'])
        .where((where) =>
          where.or([where('collector_id', '=', collector.collectorId), where('contract_no', '=', contractNo)]),
        )
        .execute()
      if (contracts.some((contract) => contract.contract_no === contractNo))
        return refuse('contract_taken', { contractNo })
      const other = contracts.find((contract) => overlaps(contract, { from: entry.from, until }))
      if (other !== undefined) {
        return refuse('contract_overlaps', { code: collector.code, contractNo: other.contract_no, from: other.from })
      }
      const cap = entry.feeCapAmount === undefined ? undefined : parseMoney(entry.feeCapAmount)
      await tables(trx)
        .insertInto('collector_contracts')
        .values({
          collector_id: collector.collectorId,
          contract_no: contractNo,
          document,
          remittance_period: entry.remittancePeriod,
          fee_rate: entry.feeRate ?? null,
          fee_base: entry.feeBase ?? null,
          fee_cap_amount: cap === undefined ? null : moneyText(cap),
          combined_order: entry.combinedOrder ?? null,
          valid_from: entry.from,
          valid_until: until,
          command_id: commandId,
        })
        .execute()
      return { contractNo, collector: collector.code, from: entry.from }
    },
  )
}

function feeRefusal(entry: ContractEntry): Refusal | undefined {
  if ((entry.feeRate === undefined) !== (entry.feeBase === undefined)) return refuse('fee_rate_with_base')
  const rate = entry.feeRate === undefined ? undefined : parseUnitPrice(entry.feeRate)
  if (entry.feeRate !== undefined && (rate === undefined || rate.greaterThanOrEqualTo(1))) {
    const rule = '0 至 1 之间的小数，如 0.02 即 2% from 0 to less than 1, such as 0.02 for 2 %'
    return refuse('value_wrong', { column: '手续费率 fee rate', value: entry.feeRate, rule })
  }
  const cap = entry.feeCapAmount === undefined ? undefined : parseMoney(entry.feeCapAmount)
  if (entry.feeCapAmount !== undefined && (cap === undefined || cap.isNegative())) {
    const rule = '元，最多两位小数，如 100000.00 yuan with at most 2 decimals'
    return refuse('value_wrong', { column: '手续费上限 fee cap', value: entry.feeCapAmount, rule })
  }
  return undefined
}

function orderRefusal({ combinedOrder }: ContractEntry): Refusal | undefined {
  if (combinedOrder === undefined) return undefined
  if (combinedOrder.includes('wastewater') && new Set(combinedOrder).size === combinedOrder.length) return undefined
  return refuse('combined_order_wrong', {
    value: combinedOrder.map((charge) => chargeNames[charge].zh).join('、') || '—',
  })
}
