import { type Command, Option } from 'commander'
import { findDischarger } from '../dischargers/account.queries.ts'
import { money, moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import type { Json } from '../platform/platform.tables.ts'
import { findProposal } from '../platform/proposals.ts'
import { clockLines } from './clock-words.ts'
import { draftOrder, issueOrder, returnOrder } from './draft-order.ts'
import { orderJson, orderLineJson } from './enforcement.json.ts'
import { type FileView, listOrders, viewFile } from './enforcement.queries.ts'
import { type OrderStanding, orderStandingNames } from './enforcement.ts'
import { unpaidOfBill } from './order.rules.ts'
import { reviewEstimate } from './review-estimate.ts'
import { particularsInWords, stepInWords } from './step-words.ts'
import { decisionOf, evidenceFrom, registerSteps, unknownLog } from './steps.cli.ts'
import { stepKinds } from './steps.ts'
import { approveStep, returnStep, stepProposalKind } from './take-step.ts'

const standings = Object.keys(orderStandingNames) as OrderStanding[]

/** `qingliu orders …`: orders to pay, from the draft to the court. */
export function registerOrdersCommands(program: Command, cli: Cli): void {
  const orders = program.command('orders').description('责令限期缴纳通知书 orders to pay')

  orders
    .command('draft <discharger>')
    .description('就逾期账单拟稿 draft an order over a discharger’s overdue bills')
    .option(
      '--bill <number>',
      '只含这张账单，可多次 this bill only, repeatable',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .addHelpText('after', '\n例 Example:\n  qingliu orders draft D0001 --as clerk')
    .action(async (discharger: string, options: { bill: string[] }) => {
      const outcome = await draftOrder(await cli.services(), cli.envelope(), { discharger, bills: options.bill })
      cli.showOutcome(outcome, ({ proposalId, digest, amount, bills }, language) => {
        const decide = `qingliu orders decide ${proposalId} --approve --digest ${digest.slice(0, 12)}`
        return language === 'zh'
          ? [
              `已拟稿：账单 ${bills} 张，共 ${moneyForPeople(money(amount))} 元，提案 ${proposalId}。`,
              `由他人审批: ${decide}`,
            ]
          : [
              `Drafted: ${bills} bills, ${moneyForPeople(money(amount))} yuan, proposal ${proposalId}.`,
              `Another person decides: ${decide}`,
            ]
      })
    })

  registerDecide(orders, cli)

  orders
    .command('list')
    .description('通知书清单，最近的在前 orders, newest first')
    .addOption(new Option('--standing <standing>', '只看这种状态 of this standing').choices(standings))
    .option('--discharger <code>', '只看一个排污者 of one discharger')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', '\n例 Example:\n  qingliu orders list --standing lapsed')
    .action(async (options: { standing?: OrderStanding; discharger?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const party = options.discharger === undefined ? undefined : await findDischarger(db, options.discharger)
      if (isRefusal(party)) return cli.refuse(party)
      const filter = { dischargerId: party?.dischargerId, standing: options.standing, limit }
      const found = await listOrders(db, cli.today(), filter)
      cli.show(found.map(orderLineJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0)
          return [
            zh
              ? '没有通知书。用 qingliu payments overdue 看逾期，qingliu orders draft 拟稿。'
              : 'No orders. See qingliu payments overdue, then qingliu orders draft.',
          ]
        return alignColumns(
          zh
            ? ['编号', '当事人', '签发', '状态', '期限至', '通知金额', '未缴', '账单', '案件']
            : ['no.', 'party', 'issued', 'standing', 'term ends', 'ordered', 'unpaid', 'bills', 'cases'],
          found.map((line) => [
            line.number,
            line.dischargerName,
            line.issuedOn,
            orderStandingNames[line.standing][language],
            line.termEndsOn ?? '—',
            moneyForPeople(line.amount),
            moneyForPeople(line.unpaid),
            String(line.bills),
            line.cases.join(' '),
          ]),
          [5, 6, 7],
        )
      })
    })

  orders
    .command('show <number>')
    .description('一份通知书：账单、步骤、期限 one order: bills, steps, clocks')
    .addHelpText('after', '\n例 Example:\n  qingliu orders show 2025-0001')
    .action(async (number: string) => {
      const { db } = await cli.services()
      const found = await viewFile(db, 'order', number, cli.today())
      if (found === undefined) return cli.refuse(unknownLog('order', number))
      cli.show(orderJson(found) as unknown as Json, (language) => orderLines(found, language))
    })

  orders
    .command('review-estimate <bill>')
    .description('登记对估抄账单的复核，未复核不得处罚 put the review of an estimate on record; without it no fine')
    .requiredOption('--finding <text>', '复核结果 finding')
    .option('--evidence <file>', '证据文件 evidence')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu orders review-estimate 2025-000001 --finding 与前后实抄相符 --evidence scan.pdf --as approver',
    )
    .action(async (bill: string, options: { finding: string; evidence?: string }) => {
      const evidence = await evidenceFrom(options.evidence)
      if (isRefusal(evidence)) return cli.refuse(evidence)
      const input = { bill, finding: options.finding, evidence }
      cli.showOutcome(await reviewEstimate(await cli.services(), cli.envelope(), input), (_answer, language) => [
        language === 'zh' ? `账单 ${bill} 的估抄水量已复核。` : `The estimate of bill ${bill} is reviewed.`,
      ])
    })

  registerSteps(orders, cli, 'order')
}

function registerDecide(orders: Command, cli: Cli): void {
  orders
    .command('decide <proposal>')
    .description('审批拟稿或步骤（须他人） decide a draft or a proposed step, by another person')
    .option('--approve', '批准 approve')
    .option('--return <reason>', '退回，写明原因 return it with a reason')
    .option('--digest <digest>', '所见摘要 digest that was seen')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu orders decide 12 --approve --digest 3fa9c2d17b04 --as approver\n  qingliu orders decide 12 --return 金额有误 --as approver',
    )
    .action(async (proposalId: string, options: { approve?: boolean; return?: string; digest?: string }) => {
      const decision = decisionOf(proposalId, options)
      if (isRefusal(decision)) return cli.refuse(decision)
      const { reason } = decision
      const services = await cli.services()
      const envelope = cli.envelope(['orders.decide', proposalId, reason ?? 'approved'])
      const isStep = (await findProposal(services.db, proposalId))?.kind === stepProposalKind
      if (reason !== undefined) {
        const returned = isStep ? returnStep : returnOrder
        cli.showOutcome(await returned(services, envelope, { ...decision, reason }), (_answer, language) => [
          language === 'zh' ? `已退回提案 ${proposalId}：${reason}` : `Proposal ${proposalId} is returned: ${reason}`,
        ])
        return
      }
      if (isStep) {
        showStep(cli, await approveStep(services, envelope, decision))
        return
      }
      cli.showOutcome(await issueOrder(services, envelope, decision), ({ number, amount, paper }, language) =>
        language === 'zh'
          ? [
              `已签发责令限期缴纳通知书 ${number}，${moneyForPeople(money(amount))} 元。`,
              ...savePaper(paper, language),
              `送达后登记: qingliu orders serve ${number}`,
            ]
          : [
              `Order ${number} is issued over ${moneyForPeople(money(amount))} yuan.`,
              ...savePaper(paper, language),
              `Record its service: qingliu orders serve ${number}`,
            ],
      )
    })
}

/** An approved step, on the command line. */
export function showStep(cli: Cli, outcome: Awaited<ReturnType<typeof approveStep>>): void {
  cli.showOutcome(outcome, (answer, language) => [
    `${answer.number}  ${answer.on}  ${stepKinds[answer.step][language]}${answer.paper === null ? '' : `  ${answer.paper}`}`,
    ...particularsInWords(answer.step, answer.particulars, language).map((line) => `  ${line}`),
    ...savePaper(answer.paper, language),
  ])
}

/** How to get the file of a paper that was issued. */
function savePaper(paper: string | null, language: 'zh' | 'en'): string[] {
  if (paper === null) return []
  return [`${language === 'zh' ? '取文书' : 'Its file'}: qingliu documents save ${paper} --to ${paper}.pdf`]
}

function orderLines({ matter, state, clocks, names }: FileView, language: 'zh' | 'en'): string[] {
  const zh = language === 'zh'
  const { order, steps, today } = matter
  const standing = orderStandingNames[state.standing][language]
  const maker = names.get(order.makerId)?.name ?? ''
  const approver = names.get(order.approverId)?.name ?? ''
  return [
    zh
      ? `责令限期缴纳通知书 ${order.number}  ${order.dischargerName}（${order.dischargerCode}）  ${standing}`
      : `Order to pay ${order.number}  ${order.dischargerName} (${order.dischargerCode})  ${standing}`,
    zh
      ? `签发 ${order.issuedOn}（拟稿 ${maker}，签发 ${approver}），自送达起 ${order.termDays} 日${state.termEndsOn === undefined ? '' : `，至 ${state.termEndsOn}`}`
      : `issued ${order.issuedOn} (drafted by ${maker}, issued by ${approver}), ${order.termDays} days from service${state.termEndsOn === undefined ? '' : `, until ${state.termEndsOn}`}`,
    '',
    ...alignColumns(
      zh
        ? ['账单', '户号', '费款月份', '到期', '通知金额', '未缴', '备注']
        : ['bill', 'account', 'month', 'due', 'ordered', 'unpaid', 'note'],
      order.bills.map((bill) => [
        bill.number,
        bill.accountNo,
        bill.feeMonth,
        bill.dueOn,
        moneyForPeople(bill.named),
        moneyForPeople(unpaidOfBill(bill, today)),
        [
          ...(bill.estimated
            ? [
                zh
                  ? bill.reviewed
                    ? '估抄，已复核'
                    : '估抄，未复核'
                  : bill.reviewed
                    ? 'estimate, reviewed'
                    : 'estimate, not reviewed',
              ]
            : []),
          ...(bill.objected ? [zh ? '异议未答复' : 'objection unanswered'] : []),
        ].join(zh ? '；' : '; '),
      ]),
      [4, 5],
    ),
    ...(steps.length === 0
      ? []
      : ['', zh ? '步骤' : 'Steps', ...steps.map((step) => `  ${step.seq}. ${stepInWords(step, language)}`)]),
    ...(clocks.length === 0 ? [] : ['', zh ? '待办和期限' : 'What comes next', ...clockLines(clocks, today, language)]),
  ]
}
