import type { Command } from 'commander'
import { type FeeMonth, parseFeeMonth } from '../kernel/calendar.ts'
import { addMoney, money, moneyForPeople, moneyText, subtractMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Cli, malformed } from '../platform/cli.ts'
import { alignColumns, instantForPeople } from '../platform/cli-text.ts'
import type { CommandAnswer } from '../platform/command.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { writeFileOf } from '../platform/tables/write-table.ts'
import { findClaim, listClaims } from './claim.queries.ts'
import { stateOf } from './claim.rules.ts'
import { explainClaim } from './claim-explanation.ts'
import { claimServiceFee, previewClaim } from './claim-service-fee.ts'
import { registerConcessions } from './concession.cli.ts'
import { registerPlantDays } from './plant-days.cli.ts'
import { findPlant } from './plants.ts'
import { exportClaim, printClaim } from './print-claim.ts'
import { nextStep, type ServiceFeeClaim, stepNames } from './service-fee-claim.ts'
import {
  approveClaim,
  type PaidClaim,
  payClaim,
  reconcileClaim,
  returnClaim,
  reviewClaim,
  type StepAnswer,
} from './take-step.ts'
import { settlementTieOut, verifySettlement } from './verify-settlement.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const yuan = (text: string) => moneyForPeople(money(text))
const short = (digest: string) => digest.slice(0, 12)

/** `qingliu settlement …`: the plant's service fee, from the agreement to the payment. */
export function registerSettlementCommands(program: Command, cli: Cli): void {
  const settlement = program
    .command('settlement')
    .description('污水处理服务费结算 the plant’s service fee: agreement, days, claims, payment')
  registerConcessions(settlement, cli)
  registerPlantDays(settlement, cli)
  registerClaims(settlement, cli)
  registerSteps(settlement, cli)
}

function registerClaims(settlement: Command, cli: Cli): void {
  settlement
    .command('compute <month>')
    .description('试算某月服务费，不提交 what a month comes to, without claiming it')
    .requiredOption('--plant <code>', '污水厂 plant')
    .addHelpText('after', example('qingliu settlement compute 2026-03 --plant plant'))
    .action(async (text: string, options: { plant: string }) => {
      const month = readMonth(text)
      if (isRefusal(month)) return cli.refuse(month)
      const calculation = await previewClaim(await cli.services(), { plant: options.plant, month })
      if (isRefusal(calculation)) return cli.refuse(calculation)
      cli.show(calculation, (language) => explainClaim(calculation, language))
    })

  settlement
    .command('claim <month>')
    .description('污水厂申请结算某月服务费 the plant claims a month')
    .requiredOption('--plant <code>', '污水厂 plant')
    .addHelpText('after', example('qingliu settlement claim 2026-03 --plant plant --as plant-operator'))
    .action(async (text: string, options: { plant: string }) => {
      const month = readMonth(text)
      if (isRefusal(month)) return cli.refuse(month)
      const outcome = await claimServiceFee(await cli.services(), cli.envelope(), { plant: options.plant, month })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `结算申请 ${answer.number}：${answer.month} 服务费 ${yuan(answer.fee)} 元，更正 ${yuan(answer.corrected)} 元，转入 ${yuan(answer.carriedIn)} 元，应付 ${yuan(answer.payable)} 元。`
          : `Claim ${answer.number}: fee of ${answer.month} ${yuan(answer.fee)}, corrections ${yuan(answer.corrected)}, carried in ${yuan(answer.carriedIn)}, payable ${yuan(answer.payable)}.`,
        language === 'zh' ? '下一步由综合执法大队审核：' : 'Next the brigade reviews it:',
        `  qingliu settlement review ${answer.number} --digest ${short(answer.digest)} --as …`,
      ])
    })

  settlement
    .command('claims')
    .description('结算申请 claims')
    .option('--plant <code>', '污水厂 plant')
    .option('--open', '只看未办完的 only those not at their end')
    .addHelpText('after', example('qingliu settlement claims --open'))
    .action(async (options: { plant?: string; open?: boolean }) => {
      const { db } = await cli.services()
      const plant = options.plant === undefined ? undefined : await findPlant(db, options.plant)
      if (isRefusal(plant)) return cli.refuse(plant)
      const claims = await listClaims(db, {
        plantId: plant?.plantId,
        states: options.open ? ['claimed', 'reviewed', 'approved', 'paid'] : undefined,
      })
      cli.show(claims.map(claimJson), (language) => {
        const zh = language === 'zh'
        if (claims.length === 0) return [zh ? '没有结算申请。' : 'No claims.']
        return alignColumns(
          zh
            ? ['编号', '污水厂', '月份', '服务费', '更正', '转入', '应付', '状态']
            : ['number', 'plant', 'month', 'fee', 'corrections', 'carried', 'payable', 'state'],
          claims.map((claim) => [
            claim.number,
            claim.plantName,
            claim.month,
            ...[claim.feeAmount, claim.correctionAmount, claim.carriedAmount, claim.payableAmount].map(moneyForPeople),
            stepNames[stateOf(claim)][language],
          ]),
          [3, 4, 5, 6],
        )
      })
    })

  settlement
    .command('export <number>')
    .description('导出一份申请：PDF 或工作簿 a claim as a PDF or a workbook')
    .requiredOption('--to <file>', '文件，以 .pdf 或 .xlsx 结尾 file that ends in .pdf or .xlsx')
    .addHelpText(
      'after',
      example(
        'qingliu settlement export S2026-000001 --to 服务费结算单.pdf',
        'qingliu settlement export S2026-000001 --to 服务费结算单.xlsx',
      ),
    )
    .action(async (number: string, { to: path }: { to: string }) => {
      const services = await cli.services()
      if (/\.pdf$/i.test(path)) {
        const printed = await printClaim(services.db, services.printer, number)
        if (isRefusal(printed)) return cli.refuse(printed)
        await writeFileOf(path, printed.bytes)
      } else if (/\.xlsx$/i.test(path)) {
        const written = await exportClaim(services.db, number, path)
        if (isRefusal(written)) return cli.refuse(written)
      } else return cli.refuse(malformed('--to', path, '.pdf / .xlsx'))
      cli.show({ path }, (language) => [language === 'zh' ? `已写入 ${path}。` : `Written to ${path}.`])
    })

  settlement
    .command('show <number>')
    .description('一份申请的计算与办理过程 a claim with its arithmetic and its steps')
    .addHelpText('after', example('qingliu settlement show S2026-000001'))
    .action(async (number: string) => {
      const claim = await findClaim((await cli.services()).db, number)
      if (isRefusal(claim)) return cli.refuse(claim)
      cli.show(claimJson(claim), (language) => {
        const zh = language === 'zh'
        return [
          zh
            ? `结算申请 ${claim.number}　${claim.plantName}　${claim.month}　${stepNames[stateOf(claim)].zh}`
            : `Claim ${claim.number}  ${claim.plantName}  ${claim.month}  ${stepNames[stateOf(claim)].en}`,
          `${zh ? '内容摘要' : 'Digest'} ${claim.digest}`,
          '',
          ...explainClaim(claim.calculation, language),
          '',
          ...alignColumns(
            zh
              ? ['步骤', '经办', '日期', '凭据', '理由', '记录时间']
              : ['step', 'person', 'day', 'reference', 'reason', 'recorded at'],
            claim.steps.map(({ step, personName, actedOn, reference, reason, recordedAt }) => [
              stepNames[step][language],
              personName,
              actedOn,
              reference,
              reason,
              instantForPeople(recordedAt),
            ]),
          ),
          ...nextLines(claim, zh),
        ]
      })
    })

  settlement
    .command('verify')
    .description('重算全部申请并核对账目 compute every claim again and tie it to the books')
    .addHelpText('after', example('qingliu settlement verify'))
    .action(async () => {
      const services = await cli.services()
      const { claims, faults } = await verifySettlement(services)
      const ties = (await settlementTieOut(services.db)).map((tie) => ({
        accountCode: tie.accountCode,
        books: moneyText(tie.books),
        subledger: moneyText(tie.subledger),
        difference: moneyText(subtractMoney(tie.books, tie.subledger)),
      }))
      const untied = ties.filter(({ difference }) => !money(difference).isZero())
      if (faults.length + untied.length > 0) process.exitCode = 65
      cli.show({ claims, faults, ties } as unknown as Json, (language) => {
        const zh = language === 'zh'
        return [
          zh
            ? `重算 ${claims} 份申请，核对 ${ties.length} 个科目。`
            : `${claims} claims computed again, ${ties.length} accounts tied.`,
          ...faults.map(({ claim, stored, derived }) =>
            zh
              ? `不符：${claim} 记录 ${stored}，重算 ${derived}`
              : `Differs: ${claim} says ${stored}, computed ${derived}`,
          ),
          ...untied.map(({ accountCode, books, subledger }) =>
            zh
              ? `不符：${accountCode} 总账 ${books}，明细 ${subledger}`
              : `Differs: ${accountCode} books ${books}, claims ${subledger}`,
          ),
          ...(faults.length + untied.length === 0 ? [zh ? '全部一致。' : 'Everything agrees.'] : []),
        ]
      })
    })
}

function registerSteps(settlement: Command, cli: Cli): void {
  for (const { word, zh, en, carryOut } of [
    { word: 'review', zh: '综合执法大队审核', en: 'the brigade reviews a claim', carryOut: reviewClaim },
    { word: 'approve', zh: '城管局审定', en: 'the bureau approves a claim', carryOut: approveClaim },
  ]) {
    settlement
      .command(`${word} <number>`)
      .description(`${zh} ${en}`)
      .requiredOption('--digest <digest>', '所见内容摘要，至少 8 位 the digest that was seen')
      .addHelpText('after', example(`qingliu settlement ${word} S2026-000001 --digest 5f2c8a10 --as …`))
      .action(async (number: string, options: { digest: string }) => {
        const envelope = cli.envelope([`settlement.${word}`, number, options.digest])
        showStep(cli, await carryOut(await cli.services(), envelope, { number, digestSeen: options.digest }))
      })
  }

  for (const { word, zh, en, reference, carryOut } of [
    {
      word: 'pay',
      zh: '财政拨付',
      en: 'finance pays a claim',
      reference: '凭证号 number of the voucher',
      carryOut: payClaim,
    },
    {
      word: 'reconcile',
      zh: '财政另一人与银行对账单核对',
      en: 'another person of finance finds the payment on the bank statement',
      reference: '对账单流水号 line of the bank statement',
      carryOut: reconcileClaim,
    },
  ]) {
    settlement
      .command(`${word} <number>`)
      .description(`${zh} ${en}`)
      .requiredOption('--amount <yuan>', '金额（元） amount in yuan')
      .requiredOption('--on <date>', '日期 day')
      .requiredOption('--reference <text>', reference)
      .addHelpText(
        'after',
        example(`qingliu settlement ${word} S2026-000001 --amount 266400.00 --on 2026-04-20 --reference 0417 --as …`),
      )
      .action(async (number: string, options: { amount: string; on: string; reference: string }) => {
        const on = readDate('--on', options.on)
        if (on === undefined || isRefusal(on)) return cli.refuse(on ?? malformed('--on', options.on, 'YYYY-MM-DD'))
        const { amount } = options
        const paid: PaidClaim = { number, amount, on, reference: options.reference }
        const envelope = cli.envelope([`settlement.${word}`, number, amount, on, options.reference])
        showStep(cli, await carryOut(await cli.services(), envelope, paid))
      })
  }

  settlement
    .command('return <number>')
    .description('退回申请（由下一步的经办单位） return a claim; whoever would take the next step')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText(
      'after',
      example('qingliu settlement return S2026-000001 --reason 3月8日水量与流量计不符 --as brigade'),
    )
    .action(async (number: string, options: { reason: string }) => {
      const envelope = cli.envelope(['settlement.return', number, options.reason])
      showStep(cli, await returnClaim(await cli.services(), envelope, { number, reason: options.reason }))
    })
}

function showStep(cli: Cli, outcome: CommandAnswer<StepAnswer> | Refusal): void {
  cli.showOutcome(outcome, ({ number, state, payable }, language) => [
    language === 'zh'
      ? `结算申请 ${number} ${stepNames[state].zh}，应付 ${yuan(payable)} 元。`
      : `Claim ${number} is ${stepNames[state].en}, ${yuan(payable)} yuan payable.`,
  ])
}

function nextLines(claim: ServiceFeeClaim, zh: boolean): string[] {
  const next = nextStep[stateOf(claim)]
  const word = { reviewed: 'review', approved: 'approve', paid: 'pay', reconciled: 'reconcile' }[next?.step as string]
  if (next === undefined || word === undefined) return []
  if (claim.payableAmount.isZero() && next.step === 'paid') return []
  const amount = moneyText(claim.payableAmount)
  const rest =
    word === 'review' || word === 'approve'
      ? `--digest ${short(claim.digest)}`
      : `--amount ${amount} --on … --reference …`
  return ['', `${zh ? '下一步' : 'Next'}: qingliu settlement ${word} ${claim.number} ${rest} --as …`]
}

function claimJson(claim: ServiceFeeClaim): Json {
  const { feeAmount, correctionAmount, carriedAmount, payableAmount } = claim
  const rest = addMoney([feeAmount, correctionAmount, carriedAmount])
  return {
    number: claim.number,
    plant: claim.plantCode,
    month: claim.month,
    state: stateOf(claim),
    fee: moneyText(feeAmount),
    corrections: moneyText(correctionAmount),
    carriedIn: moneyText(carriedAmount),
    payable: moneyText(payableAmount),
    carriedOut: moneyText(subtractMoney(rest, payableAmount)),
    digest: claim.digest,
    claimedOn: claim.claimedOn,
    calculation: claim.calculation,
    steps: claim.steps.map(({ personId: _, personCode: __, recordedAt, ...step }) => ({
      ...step,
      recordedAt: recordedAt.toISOString(),
    })),
  }
}

function readMonth(text: string): FeeMonth | Refusal {
  return parseFeeMonth(text) ?? malformed('MONTH', text, 'YYYY-MM')
}
