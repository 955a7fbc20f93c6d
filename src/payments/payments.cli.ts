import { type Command, Option } from 'commander'
import type { CivilDate } from '../kernel/calendar.ts'
import { addMoney, type Money, money, moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, type Language, readCount } from '../platform/cli.ts'
import { alignColumns, listed } from '../platform/cli-text.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { allocateByHand } from './allocate-by-hand.ts'
import type { LaterStages } from './later-stages.ts'
import { payerFilter } from './payer-filter.ts'
import { ageJson, allocationJson, creditJson, itemJson, paymentJson } from './payment.json.ts'
import {
  ageing,
  allocationsOf,
  type ItemLine,
  listCredits,
  listOutstanding,
  listOverdue,
  listPayments,
  totalOutstanding,
} from './payment.queries.ts'
import { refusePayment } from './payment.refusals.ts'
import type { AllocationBasis, LapseReason, PaymentChannel } from './payment.ts'
import { registerPaymentFiles } from './payment-files.cli.ts'
import { type PaymentAnswer, recordPayment } from './record-payment.ts'
import { decideRefund, proposeRefund } from './refund-payment.ts'
import { reversePayment } from './reverse-payment.ts'
import { rebuildOpenItems, verifyPayments } from './verify-payments.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const yuan = (text: string) => moneyForPeople(money(text))

/** `qingliu payments …`: what was paid, what it paid for, what is outstanding and overdue. */
export function registerPaymentsCommands(program: Command, cli: Cli, later: LaterStages): void {
  const payments = program.command('payments').description('缴款、核销、欠费 payments, allocation, what is outstanding')
  registerPaymentFiles(payments, cli)
  registerEntries(payments, cli)
  registerRefunds(payments, cli, later)
  registerPaymentLists(payments, cli)
  registerOpenItems(payments, cli)
  registerUpkeep(payments, cli, later)
}

function paymentLines(answer: PaymentAnswer, language: 'zh' | 'en'): string[] {
  const zh = language === 'zh'
  return [
    zh
      ? `缴款 ${answer.paymentId}（${answer.reference}）${yuan(answer.amount)} 元${answer.unchanged ? '：此前已登记，未作改动' : ''}`
      : `Payment ${answer.paymentId} (${answer.reference}) ${yuan(answer.amount)}${answer.unchanged ? ': known before, nothing was changed' : ''}`,
    ...answer.allocated.map(({ bill, amount }) =>
      zh ? `  核销账单 ${bill}　${yuan(amount)} 元` : `  pays bill ${bill}  ${yuan(amount)}`,
    ),
    zh ? `  未核销 ${yuan(answer.credit)} 元` : `  unused ${yuan(answer.credit)}`,
  ]
}

function registerEntries(payments: Command, cli: Cli): void {
  payments
    .command('record')
    .description('登记一笔缴款 enter one payment')
    .option('--collector <code>', '代征单位；不填为直接缴入国库 collector; without it paid to the treasury')
    .requiredOption('--reference <text>', '交易流水号 reference of the transaction')
    .option('--account <no>', '户号 account')
    .option('--discharger <code>', '缴费人（直接缴入国库时） payer, of money paid to the treasury')
    .requiredOption('--paid-on <date>', '缴款日期 day of payment')
    .requiredOption('--amount <yuan>', '污水处理费金额（元） amount of wastewater fee in yuan')
    .option('--method <text>', '收款方式 how it was paid')
    .option('--from-account <no>', '付款账号，写在票据上 account it was paid from, for the receipt')
    .option('--from-bank <name>', '付款开户行 its bank')
    .option('--bill <number...>', '指定账单，按所列次序 bills named, in this order')
    .addHelpText(
      'after',
      example(
        'qingliu payments record --collector gx-water --reference 20260405001 --account 0010233 --paid-on 2026-04-05 --amount 17283.00 --as gx-operator',
        'qingliu payments record --reference 国库2026-118 --discharger D-0007 --paid-on 2026-04-05 --amount 26040.00 --as clerk',
      ),
    )
    .action(
      async (options: {
        collector?: string
        reference: string
        account?: string
        discharger?: string
        paidOn: string
        amount: string
        method?: string
        fromAccount?: string
        fromBank?: string
        bill?: string[]
      }) => {
        const paidOn = readDate('--paid-on', options.paidOn)
        if (isRefusal(paidOn)) return cli.refuse(paidOn)
        const input = {
          collectorCode: options.collector,
          reference: options.reference,
          accountNo: options.account,
          dischargerCode: options.discharger,
          paidOn: paidOn as CivilDate,
          amount: options.amount,
          method: options.method,
          fromAccount: options.fromAccount,
          fromBank: options.fromBank,
          bills: options.bill,
        }
        cli.showOutcome(await recordPayment(await cli.services(), cli.envelope(), input), paymentLines)
      },
    )

  payments
    .command('reverse <payment>')
    .description('冲正一笔缴款（整笔） reverse a payment as a whole')
    .requiredOption('--reason <text>', '理由 reason')
    .option('--on <date>', '冲正日期，默认今天 day of the reversal, today by default')
    .addHelpText('after', example('qingliu payments reverse 118 --reason 银行退票 --on 2026-04-08 --as clerk'))
    .action(async (paymentId: string, options: { reason: string; on?: string }) => {
      const reversedOn = readDate('--on', options.on)
      if (isRefusal(reversedOn)) return cli.refuse(reversedOn)
      const input = { paymentId, reversedOn, reason: options.reason }
      cli.showOutcome(await reversePayment(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `已冲正缴款 ${answer.paymentId}，${yuan(answer.amount)} 元；其中 ${yuan(answer.openAgain)} 元重新列为欠费。`
          : `Payment ${answer.paymentId} of ${yuan(answer.amount)} is reversed; ${yuan(answer.openAgain)} of it is outstanding again.`,
      ])
    })

  payments
    .command('allocate <payment>')
    .description('用未核销余额（或改核销）缴指定账单 let its credit, or what it pays elsewhere, pay a bill')
    .requiredOption('--bill <number>', '账单号 bill to be paid')
    .option('--amount <yuan>', '金额（元），不填尽量多 amount, as much as there is by default')
    .option('--from-bill <number>', '从这张账单改来 take it from this bill')
    .addHelpText('after', example('qingliu payments allocate 118 --bill 2026-000012 --amount 500.00 --as clerk'))
    .action(async (paymentId: string, options: { bill: string; amount?: string; fromBill?: string }) => {
      const outcome = await allocateByHand(await cli.services(), cli.envelope(), { paymentId, ...options })
      cli.showOutcome(outcome, paymentLines)
    })
}

function registerRefunds(payments: Command, cli: Cli, { refundGuards }: LaterStages): void {
  payments
    .command('refund <payment>')
    .description('提出退还未核销余额 propose to pay back what is unused')
    .requiredOption('--amount <yuan>', '金额（元） amount in yuan')
    .requiredOption('--evidence <text>', '凭据 evidence')
    .addOption(
      new Option('--from <who>', '由谁退 who pays it back').choices(['collector', 'treasury']).makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      example('qingliu payments refund 118 --amount 20.00 --from collector --evidence 退款申请3号 --as clerk'),
    )
    .action(async (paymentId: string, options: { amount: string; evidence: string; from: PaymentChannel }) => {
      const input = { paymentId, amount: options.amount, refundedBy: options.from, evidence: options.evidence }
      cli.showOutcome(
        await proposeRefund(await cli.services(), cli.envelope(), input, refundGuards),
        (answer, language) => [
          language === 'zh'
            ? `已提出退款，提案 ${answer.proposalId}，待审批：qingliu payments decide-refund ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`
            : `Refund proposed as ${answer.proposalId}; another person decides: qingliu payments decide-refund ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`,
        ],
      )
    })

  payments
    .command('decide-refund <proposal>')
    .description('审批退款 decide a refund')
    .option('--approve', '批准 approve')
    .option('--return', '退回 return')
    .option('--reason <text>', '理由，退回必填 reason, needed for a return', '')
    .option('--digest <digest>', '所见摘要 digest that was seen')
    .addHelpText('after', example('qingliu payments decide-refund 41 --approve --digest 3fa9c2d17b04 --as approver'))
    .action(
      async (proposalId: string, options: { approve?: boolean; return?: boolean; reason: string; digest?: string }) => {
        if ((options.approve ?? false) === (options.return ?? false))
          return cli.refuse(refusePayment('decision_unnamed'))
        const decision = {
          proposalId,
          outcome: options.approve ? ('approved' as const) : ('returned' as const),
          reason: options.reason,
          digestSeen: options.digest,
        }
        const envelope = cli.envelope(['payments.decide-refund', proposalId, decision.outcome, decision.reason])
        cli.showOutcome(
          await decideRefund(await cli.services(), envelope, decision, refundGuards),
          (answer, language) => [
            answer.outcome === 'returned'
              ? language === 'zh'
                ? `已退回退款提案 ${proposalId}。`
                : `The refund ${proposalId} is returned.`
              : language === 'zh'
                ? `已批准退款 ${yuan(answer.amount)} 元。`
                : `A refund of ${yuan(answer.amount)} is approved.`,
          ],
        )
      },
    )
}

const basisNames: Readonly<Record<AllocationBasis, { readonly zh: string; readonly en: string }>> = {
  order: { zh: '按到期先后', en: 'by due date' },
  named: { zh: '指定账单', en: 'as named' },
  credit: { zh: '用预收', en: 'from credit' },
  opening: { zh: '启用', en: 'at go-live' },
}
const lapseNames: Readonly<Record<LapseReason, { readonly zh: string; readonly en: string }>> = {
  bill_cancelled: { zh: '账单红冲', en: 'bill cancelled' },
  bill_reduced: { zh: '账单减少', en: 'bill reduced' },
  payment_reversed: { zh: '缴款冲正', en: 'payment reversed' },
  moved: { zh: '改核销', en: 'moved' },
}
const empty = {
  payments: {
    zh: '没有这样的缴款。导入：qingliu payments import 文件 --collector 代码；登记一笔：qingliu payments record',
    en: 'There are no such payments. Import a file: qingliu payments import FILE --collector CODE; enter one: qingliu payments record',
  },
  credits: { zh: '没有未核销的余额。', en: 'Nothing is unused.' },
}

interface PayerOptions {
  collector?: string
  account?: string
  discharger?: string
}

function ofPayer(command: Command): Command {
  return command
    .option('--collector <code>', '代征单位 collector')
    .option('--account <no>', '户号 account')
    .option('--discharger <code>', '缴费人 payer')
}

function registerPaymentLists(payments: Command, cli: Cli): void {
  ofPayer(payments.command('list').description('缴款清单，最近的在前 payments, newest first'))
    .option('--reference <text>', '流水号 reference')
    .option('--from <date>', '缴款日期自 paid on or after')
    .option('--until <date>', '缴款日期至（不含） paid before')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu payments list --collector gx-water --account 0010233'))
    .action(async (options: PayerOptions & { reference?: string; from?: string; until?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const paidFrom = readDate('--from', options.from)
      if (isRefusal(paidFrom)) return cli.refuse(paidFrom)
      const paidUntil = readDate('--until', options.until)
      if (isRefusal(paidUntil)) return cli.refuse(paidUntil)
      const filter = await payerFilter((await cli.services()).db, options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const { reference } = options
      const found = await listPayments((await cli.services()).db, { ...filter, reference, paidFrom, paidUntil, limit })
      cli.show(found.map(paymentJson) as unknown as Json, (language) =>
        listed(
          found.length,
          limit,
          language,
          empty.payments,
          alignColumns(
            language === 'zh'
              ? ['编号', '流水号', '户号', '缴费人', '缴款日期', '金额(元)', '已核销', '已退', '未核销', '冲正']
              : [
                  'no.',
                  'reference',
                  'account',
                  'payer',
                  'paid on',
                  'amount',
                  'allocated',
                  'refunded',
                  'unused',
                  'reversed',
                ],
            found.map((each) => [
              each.paymentId,
              each.reference,
              each.accountNo ?? '—',
              each.dischargerName,
              each.paidOn,
              moneyForPeople(each.amount),
              moneyForPeople(each.allocated),
              moneyForPeople(each.refunded),
              moneyForPeople(each.remaining),
              each.reversedOn ?? '',
            ]),
            [0, 5, 6, 7, 8],
          ),
        ),
      )
    })

  payments
    .command('show <payment>')
    .description('一笔缴款及其核销 one payment and what it paid')
    .addHelpText('after', example('qingliu payments show 118'))
    .action(async (paymentId: string) => {
      const { db } = await cli.services()
      const [payment] = /^\d{1,18}$/.test(paymentId) ? await listPayments(db, { paymentId, limit: 1 }) : []
      if (payment === undefined) return cli.refuse(refusePayment('payment_unknown', { payment: paymentId }))
      const allocations = await allocationsOf(db, payment.paymentId)
      cli.show(
        { ...paymentJson(payment), allocations: allocations.map(allocationJson) } as unknown as Json,
        (language) => {
          const zh = language === 'zh'
          const { accountNo, dischargerName, paidOn, recordedOn, reversedOn } = payment
          return [
            `${payment.reference}  ${moneyForPeople(payment.amount)}  ${paidOn}${zh ? '缴，' : ' paid, '}${recordedOn}${zh ? '登记' : ' recorded'}`,
            `${accountNo ?? '—'}  ${dischargerName}  ${payment.collectorCode ?? (zh ? '国库' : 'treasury')}  ${payment.method ?? ''}`,
            ...(reversedOn === null ? [] : [zh ? `${reversedOn} 冲正` : `reversed on ${reversedOn}`]),
            ...alignColumns(
              zh ? ['账单', '金额(元)', '依据', '核销日', '失效'] : ['bill', 'amount', 'basis', 'allocated', 'lapsed'],
              allocations.map((each) => [
                each.bill,
                moneyForPeople(each.amount),
                basisNames[each.basis][language],
                each.allocatedOn,
                each.lapsed === undefined ? '' : `${each.lapsed.on} ${lapseNames[each.lapsed.reason][language]}`,
              ]),
              [1],
            ),
            zh
              ? `未核销 ${moneyForPeople(payment.remaining)} 元，已退 ${moneyForPeople(payment.refunded)} 元`
              : `unused ${moneyForPeople(payment.remaining)}, refunded ${moneyForPeople(payment.refunded)}`,
          ]
        },
      )
    })

  ofPayer(payments.command('credits').description('未核销余额，最早的在前 what is unused, oldest first'))
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu payments credits --collector gx-water'))
    .action(async (options: PayerOptions & { limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const filter = await payerFilter((await cli.services()).db, options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const found = await listCredits((await cli.services()).db, { ...filter, limit })
      cli.show(found.map(creditJson), (language) =>
        listed(
          found.length,
          limit,
          language,
          empty.credits,
          alignColumns(
            language === 'zh'
              ? ['缴款', '流水号', '户号', '缴费人', '缴款日期', '未核销(元)']
              : ['payment', 'reference', 'account', 'payer', 'paid on', 'unused'],
            found.map((each) => [
              each.paymentId,
              each.reference,
              each.accountNo ?? '—',
              each.dischargerName,
              each.paidOn,
              moneyForPeople(each.remaining),
            ]),
            [0, 5],
          ),
        ),
      )
    })
}

function registerOpenItems(payments: Command, cli: Cli): void {
  const titles = {
    zh: ['账单', '户号', '缴费人', '用水月份', '到期', '应缴(元)', '未缴(元)'],
    en: ['bill', 'account', 'payer', 'month', 'due', 'payable', 'outstanding'],
  }
  const cells = (item: ItemLine) => [
    item.bill,
    item.accountNo,
    item.dischargerName,
    item.feeMonth,
    item.dueOn,
    moneyForPeople(item.payable),
    moneyForPeople(item.outstanding),
  ]
  /** Of all there is, not of the lines shown: a list cut short must not look like the whole. */
  const summary = (shown: number, { bills, amount }: { bills: number; amount: Money }, language: Language) => {
    const [all, sum] = [bills.toLocaleString('en'), moneyForPeople(amount)]
    if (language === 'zh')
      return `共 ${all} 张，未缴 ${sum} 元${shown < bills ? `；只列了 ${shown} 张，见 --limit` : ''}。`
    return `${all} ${bills === 1 ? 'bill' : 'bills'} in all, ${sum} outstanding${shown < bills ? `; ${shown} of them shown, see --limit` : ''}.`
  }

  ofPayer(payments.command('outstanding').description('未缴账单，先到期的在前 what is outstanding, by due date'))
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu payments outstanding --collector gx-water --account 0010233'))
    .action(async (options: PayerOptions & { limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const filter = await payerFilter((await cli.services()).db, options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const { db } = await cli.services()
      const items = await listOutstanding(db, { ...filter, limit })
      const total = await totalOutstanding(db, filter)
      cli.show(items.map(itemJson) as unknown as Json, (language) => [
        ...(items.length === 0 ? [] : alignColumns(titles[language], items.map(cells), [5, 6])),
        summary(items.length, total, language),
      ])
    })

  ofPayer(payments.command('overdue').description('某日逾期未缴，最久的在前 what was overdue on a day, longest first'))
    .option('--as-of <date>', '截至该日终，默认今天 at the end of this day, today by default')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu payments overdue --as-of 2026-04-11'))
    .action(async (options: PayerOptions & { asOf?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const asOf = readDate('--as-of', options.asOf)
      if (isRefusal(asOf)) return cli.refuse(asOf)
      const filter = await payerFilter((await cli.services()).db, options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const { db } = await cli.services()
      const day = asOf ?? cli.today()
      const items = await listOverdue(db, day, { ...filter, limit })
      const classes = await ageing(db, day, filter)
      const total = {
        bills: classes.reduce((sum, { bills }) => sum + bills, 0),
        amount: addMoney(classes.map(({ amount }) => amount)),
      }
      cli.show(items.map(itemJson) as unknown as Json, (language) => [
        language === 'zh' ? `${day} 日终逾期：` : `Overdue at the end of ${day}:`,
        ...(items.length === 0
          ? []
          : alignColumns(
              [...titles[language], language === 'zh' ? '逾期天数' : 'days'],
              items.map((item) => [...cells(item), String(item.days)]),
              [5, 6, 7],
            )),
        summary(items.length, total, language),
      ])
    })

  ofPayer(payments.command('ageing').description('逾期账龄 what was overdue on a day, by age'))
    .option('--as-of <date>', '截至该日终，默认今天 at the end of this day, today by default')
    .addHelpText('after', example('qingliu payments ageing --as-of 2026-06-30 --collector gx-water'))
    .action(async (options: PayerOptions & { asOf?: string }) => {
      const asOf = readDate('--as-of', options.asOf)
      if (isRefusal(asOf)) return cli.refuse(asOf)
      const filter = await payerFilter((await cli.services()).db, options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const classes = await ageing((await cli.services()).db, asOf ?? cli.today(), filter)
      cli.show(classes.map(ageJson), (language) =>
        alignColumns(
          language === 'zh' ? ['逾期天数', '账单(张)', '未缴(元)'] : ['days overdue', 'bills', 'outstanding'],
          classes.map(({ bucket, bills, amount }) => [bucket, bills.toLocaleString('en'), moneyForPeople(amount)]),
          [1, 2],
        ),
      )
    })
}

function registerUpkeep(payments: Command, cli: Cli, { subledgers }: LaterStages): void {
  payments
    .command('verify')
    .description('由事实重算欠费、预收和总账并核对 compute open items, credits and control accounts again')
    .addHelpText('after', example('qingliu payments verify'))
    .action(async () => {
      const found = await verifyPayments(await cli.services(), subledgers)
      if (found.faults.length > 0) process.exitCode = 65
      cli.show(found as unknown as Json, (language) => {
        const zh = language === 'zh'
        return [
          zh
            ? `已核对 ${found.items.toLocaleString('en')} 张应缴账单、${found.payments.toLocaleString('en')} 笔缴款、${found.controlAccounts} 个总账余额：${found.faults.length === 0 ? '全部相符。' : `${found.faults.length} 处不符：`}`
            : `Checked ${found.items.toLocaleString('en')} items, ${found.payments.toLocaleString('en')} payments and ${found.controlAccounts} control balances: ${found.faults.length === 0 ? 'all agree.' : `${found.faults.length} differences:`}`,
          ...found.faults.map(({ what, subject, stored, derived }) => `  ${what} ${subject}: ${stored} ≠ ${derived}`),
        ]
      })
    })

  payments
    .command('rebuild')
    .description('由事实重建欠费与预收 make open items and credits anew from the facts')
    .addHelpText('after', example('qingliu payments rebuild --as clerk'))
    .action(async () => {
      cli.showOutcome(await rebuildOpenItems(await cli.services(), cli.envelope()), (answer, language) => [
        language === 'zh'
          ? `已重建 ${answer.items} 张应缴账单、${answer.credits} 笔预收余额。`
          : `${answer.items} items and ${answer.credits} credits were made anew.`,
      ])
    })
}
