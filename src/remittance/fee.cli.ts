import type { Command } from 'commander'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, readCount } from '../platform/cli.ts'
import { readDate } from '../platform/platform.cli.ts'
import { claimFee, decideFee, payFee } from './claim-fee.ts'
import { example, feeTable, yuan } from './cli-words.ts'
import { decisionOf } from './decision.cli.ts'
import { listFeeClaims } from './fee.queries.ts'
import { feeJson } from './remittance.json.ts'

/** `remittance claim-fee`, `decide-fee`, `pay-fee`, `fees`: the collection fee, beside the gross money. */
export function registerFeeCommands(remittance: Command, cli: Cli): void {
  remittance
    .command('claim-fee <statement>')
    .description(
      '申请代征手续费（代征单位），与结算单一并结算，不得坐支 claim the collection fee with a signed statement',
    )
    .addHelpText('after', example('qingliu remittance claim-fee R2026-0001 --as gx-operator'))
    .action(async (statement: string) => {
      cli.showOutcome(await claimFee(await cli.services(), cli.envelope(), { statement }), (answer, language) => [
        language === 'zh'
          ? `已申请手续费 ${yuan(answer.amount)} 元，提案 ${answer.proposalId}，待审批：qingliu remittance decide-fee ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`
          : `A fee of ${yuan(answer.amount)} is claimed as proposal ${answer.proposalId}; the bureau decides: qingliu remittance decide-fee ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`,
      ])
    })

  decisionOf(remittance.command('decide-fee <proposal>').description('审批代征手续费 decide a fee claim'), cli, {
    command: 'remittance.decide-fee',
    example: 'qingliu remittance decide-fee 41 --approve --digest 3fa9c2d17b04 --as approver',
    decide: decideFee,
    lines: (answer, language) => [
      answer.outcome === 'returned'
        ? language === 'zh'
          ? '已退回手续费申请。'
          : 'The fee claim is returned.'
        : language === 'zh'
          ? `已审批手续费 ${answer.claim}，${yuan(answer.amount)} 元。由财政支付：qingliu remittance pay-fee ${answer.claim} --reference …`
          : `Fee ${answer.claim} of ${yuan(answer.amount)} is approved. Finance pays: qingliu remittance pay-fee ${answer.claim} --reference …`,
    ],
  })

  remittance
    .command('pay-fee <claim>')
    .description('支付手续费（财政，从污水处理费支出预算列支） finance pays a fee out of its budget')
    .requiredOption('--reference <text>', '支付凭证号 reference of the payment')
    .option('--paid-on <date>', '支付日期，默认今天 day of payment, today by default')
    .addHelpText('after', example('qingliu remittance pay-fee F2026-0001 --reference 支付2026-33 --as finance-1'))
    .action(async (claim: string, options: { reference: string; paidOn?: string }) => {
      const paidOn = readDate('--paid-on', options.paidOn)
      if (isRefusal(paidOn)) return cli.refuse(paidOn)
      const input = { claim, paidOn, reference: options.reference }
      cli.showOutcome(await payFee(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `已支付手续费 ${answer.claim}，${yuan(answer.amount)} 元（${answer.paidOn}）。`
          : `Fee ${answer.claim} of ${yuan(answer.amount)} is paid (${answer.paidOn}).`,
      ])
    })

  remittance
    .command('fees')
    .description('代征手续费及其计算 fee claims with their arithmetic')
    .option('--collector <code>', '代征单位 collector')
    .option('--unpaid', '只看未支付的 only unpaid ones')
    .option('--limit <count>', '条数 how many', '20')
    .addHelpText('after', example('qingliu remittance fees --collector gx-water'))
    .action(async (options: { collector?: string; unpaid?: boolean; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const filter = { collectorCode: options.collector, unpaid: options.unpaid ?? false, limit }
      const found = await listFeeClaims((await cli.services()).db, filter)
      cli.show(found.map(feeJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0) return [zh ? '没有手续费申请。' : 'There is no fee claim.']
        return found.flatMap((claim) => [
          zh
            ? `${claim.number}　${claim.collectorName}　${yuan(claim.amount)} 元　结算单 ${claim.statement}　${claim.approvedOn} 审批　${claim.paidOn === null ? '未支付' : `${claim.paidOn} 支付（${claim.paymentReference}）`}`
            : `${claim.number}  ${claim.collectorName}  ${yuan(claim.amount)}  with ${claim.statement}  approved ${claim.approvedOn}  ${claim.paidOn === null ? 'unpaid' : `paid ${claim.paidOn} (${claim.paymentReference})`}`,
          ...feeTable(claim.lines, language).map((line) => `  ${line}`),
        ])
      })
    })
}
