import { percentText } from '../kernel/decimal.ts'
import { type Money, money, moneyForPeople } from '../kernel/money.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { alignColumns } from '../platform/cli-text.ts'
import type { PlainSettlementLine } from './annual-settlement.ts'
import type { FeeClaimLine } from './fee.queries.ts'

/** The examples under a command's help. */
export const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`

/** An amount for people, of money or of its text. */
export const yuan = (amount: Money | string) => moneyForPeople(typeof amount === 'string' ? money(amount) : amount)

/** The months of a settled year, with what each volume that counts was lowered by. */
export const settlementTable = (
  lines: readonly PlainSettlementLine[],
  nameOf: (category: string) => string,
  language: 'zh' | 'en',
): string[] =>
  alignColumns(
    language === 'zh'
      ? [
          '用水月份',
          '类别',
          '申报水量',
          '免征',
          '按实际排水调减',
          '核销水量',
          '开账水量',
          '未开账',
          '应征(元)',
          '已入库',
          '直缴',
          '余额',
        ]
      : [
          'month',
          'category',
          'declared',
          'exempt',
          'less by discharge',
          'written off',
          'billed',
          'gap',
          'due',
          'remitted',
          'direct',
          'balance',
        ],
    lines.map((line) => [
      line.feeMonth,
      nameOf(line.category),
      ...[line.declaredM3, line.exemptM3, line.dischargeM3, line.writtenOffM3, line.billedM3, line.gapM3].map((m3) =>
        volumeForPeople(volume(m3)),
      ),
      ...[line.due, line.remitted, line.direct, line.balance].map(yuan),
    ]),
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  )

const baseNames = {
  collected: { zh: '代收', en: 'collected' },
  remitted: { zh: '划缴', en: 'remitted' },
  confirmed: { zh: '入库', en: 'confirmed' },
} as const

/** How a collection fee came about, a line for each contract year; rates in percent, as on paper. */
export const feeTable = (lines: readonly FeeClaimLine[], language: 'zh' | 'en'): string[] =>
  alignColumns(
    language === 'zh'
      ? ['合同', '合同年', '基数', '累计基数(元)', '费率', '上限', '累计手续费', '已申请', '本次(元)']
      : ['contract', 'year', 'base', 'base so far', 'rate', 'cap', 'fee so far', 'claimed', 'now'],
    lines.map((line) => [
      line.contractNo,
      String(line.contractYear),
      baseNames[line.base][language],
      yuan(line.baseAmount),
      percentText(line.rate),
      line.cap === null ? '—' : yuan(line.cap),
      yuan(line.feeAmount),
      yuan(line.claimedBefore),
      yuan(line.amount),
    ]),
    [1, 3, 4, 5, 6, 7, 8],
  )
