import { type Command, Option } from 'commander'
import { findCollector } from '../dischargers/account.queries.ts'
import { type CivilDate, plusDays } from '../kernel/calendar.ts'
import { addMoney, amountInCapitals, money, moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { type ProposalViews, readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { settlementProposalKind } from './annual-settlement.queries.ts'
import { feeProposalKind } from './claim-fee.ts'
import { example, yuan } from './cli-words.ts'
import { registerClosingCommands } from './closing.cli.ts'
import { decideStatement, reviewStatement } from './decide-statement.ts'
import { disclosureLines, registerDisclosure } from './disclosure.cli.ts'
import { disclosureProposalKind, type ReleaseContent } from './disclosure.queries.ts'
import type { UsesOfFee } from './disclosure.ts'
import { type DrawnStatement, drawStatement } from './draw-statement.ts'
import { registerFeeCommands } from './fee.cli.ts'
import { type HeldBasis, heldAge, heldByDay } from './held.queries.ts'
import { heldAgeClass, heldAgeClasses } from './held.rules.ts'
import { heldAgeJson, heldDayJson, statementJson, voucherJson } from './remittance.json.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import {
  findStatement,
  linesOfStatement,
  listStatements,
  listVouchers,
  statementProposalKind,
} from './statement.queries.ts'
import { lineKindNames, type StatementLine, standingOf, statementStateNames, voucherStateNames } from './statement.ts'
import { registerVoucherCommands } from './voucher.cli.ts'
import { withdrawStatement } from './withdraw-statement.ts'
import { writeOffProposalKind } from './write-off.ts'

/** How the approver's list shows what waits here. */
export const remittanceProposalViews: ProposalViews = {
  [statementProposalKind]: {
    zh: '划缴结算单',
    en: 'remittance statement',
    subject: (content) => String((content as { statement: string }).statement),
    decide: ({ content, contentDigest }) =>
      `qingliu remittance approve ${(content as { statement: string }).statement} --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content, language) => drawnLines(content as unknown as DrawnStatement, language),
  },
  [feeProposalKind]: {
    zh: '代征手续费',
    en: 'collection fee',
    subject: (content) => String((content as { collectorName: string }).collectorName),
    decide: ({ id, contentDigest }) =>
      `qingliu remittance decide-fee ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
  },
  [writeOffProposalKind]: {
    zh: '核销',
    en: 'write-off',
    subject: (content) => String((content as { bill: string }).bill),
    decide: ({ id, contentDigest }) =>
      `qingliu remittance decide-write-off ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
  },
  [settlementProposalKind]: {
    zh: '汇算清缴',
    en: 'annual settlement',
    subject: (content) => {
      const { collectorName, year } = content as { collectorName: string; year: number }
      return `${collectorName} ${year}`
    },
    decide: ({ id, contentDigest }) =>
      `qingliu remittance decide-settlement ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
  },
  [disclosureProposalKind]: {
    zh: '征收使用情况公开',
    en: 'disclosure of a year',
    subject: (content) => String((content as unknown as ReleaseContent).year),
    decide: ({ id, contentDigest }) =>
      `qingliu remittance decide-disclosure ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content, language) => disclosureLines(content as unknown as ReleaseContent, language),
  },
}

/** `qingliu remittance …`: from what collectors hold to the treasury. */
export function registerRemittanceCommands(program: Command, cli: Cli, usesOfFee: readonly UsesOfFee[]): void {
  const remittance = program
    .command('remittance')
    .description('划缴：代征款、结算单、手续费、对账、汇算清缴 from collected money to the treasury')
  registerHeld(remittance, cli)
  registerStatements(remittance, cli)
  registerVoucherCommands(remittance, cli)
  registerFeeCommands(remittance, cli)
  registerClosingCommands(remittance, cli)
  registerDisclosure(remittance, cli, usesOfFee)
}

function registerHeld(remittance: Command, cli: Cli): void {
  remittance
    .command('held')
    .description('代征单位待缴款：逐日结存 what a collector holds, day by day')
    .requiredOption('--collector <code>', '代征单位 collector')
    .option('--from <date>', '自（默认本年 1 月 1 日） from, the first of January by default')
    .option('--until <date>', '至（含，默认今天） up to and with this day, today by default')
    .addOption(
      new Option('--by <basis>', '按发生日或登记日 by the day it happened or was recorded')
        .choices(['happened', 'recorded'])
        .default('happened'),
    )
    .addHelpText('after', example('qingliu remittance held --collector gx-water --from 2026-01-01 --until 2026-03-31'))
    .action(async (options: { collector: string; from?: string; until?: string; by: HeldBasis }) => {
      const from = readDate('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const until = readDate('--until', options.until)
      if (isRefusal(until)) return cli.refuse(until)
      const { db } = await cli.services()
      const collector = await findCollector(db, options.collector)
      if (collector === undefined)
        return cli.refuse(refuseRemittance('remittance_collector_unknown', { collector: options.collector }))
      const last = until ?? cli.today()
      const first = from ?? (`${last.slice(0, 4)}-01-01` as CivilDate)
      const found = await heldByDay(db, collector.collectorId, { from: first, until: plusDays(last, 1) }, options.by)
      const days = found.days.map(heldDayJson)
      const json = {
        collector: collector.code,
        opening: moneyText(found.opening),
        days,
        closing: moneyText(found.closing),
      }
      cli.show(json, (language) => {
        const zh = language === 'zh'
        const sum = (of: 'collected' | 'reversed' | 'refunded' | 'remitted') =>
          yuan(addMoney(found.days.map((day) => day[of])))
        const table = alignColumns(
          zh
            ? ['日期', '期初(元)', '代收', '冲正', '退款', '划缴入库', '期末(元)']
            : ['day', 'opening', 'collected', 'reversed', 'refunded', 'remitted', 'closing'],
          [
            ...days.map((day) => [
              day.on,
              ...[day.opening, day.collected, day.reversed, day.refunded, day.remitted, day.closing].map(yuan),
            ]),
            [
              zh ? '合计' : 'total',
              yuan(found.opening),
              sum('collected'),
              sum('reversed'),
              sum('refunded'),
              sum('remitted'),
              yuan(found.closing),
            ],
          ],
          [1, 2, 3, 4, 5, 6],
        )
        return [`${collector.name}　${first} – ${last}`, ...table]
      })
    })

  remittance
    .command('age')
    .description('代征单位待缴款的账龄（自缴款日起） the age of what a collector holds, from the day of payment')
    .requiredOption('--collector <code>', '代征单位 collector')
    .option('--as-of <date>', '截至该日（含），默认今天 at the end of this day, today by default')
    .addHelpText('after', example('qingliu remittance age --collector gx-water --as-of 2026-06-30'))
    .action(async (options: { collector: string; asOf?: string }) => {
      const asked = readDate('--as-of', options.asOf)
      if (isRefusal(asked)) return cli.refuse(asked)
      const asOf = asked ?? cli.today()
      const { db } = await cli.services()
      const collector = await findCollector(db, options.collector)
      if (collector === undefined)
        return cli.refuse(refuseRemittance('remittance_collector_unknown', { collector: options.collector }))
      const found = await heldAge(db, collector.collectorId, asOf)
      const classes = heldAgeClasses.map((days) => ({
        days,
        amount: moneyText(
          addMoney(found.aged.filter((each) => heldAgeClass(each.days) === days).map((each) => each.amount)),
        ),
      }))
      const json = {
        collector: collector.code,
        asOf,
        ...heldAgeJson(found),
        classes,
      }
      cli.show(json, (language) => {
        const zh = language === 'zh'
        const [oldest] = found.aged
        return [
          zh
            ? `${collector.name}　截至 ${asOf}　待缴 ${yuan(found.held)} 元${oldest === undefined ? '' : `，最早一笔缴于 ${oldest.paidOn}，已 ${oldest.days} 天`}`
            : `${collector.name}  at the end of ${asOf}: held ${yuan(found.held)}${oldest === undefined ? '' : `, the oldest paid on ${oldest.paidOn}, ${oldest.days} days ago`}`,
          ...(found.surplus.isZero()
            ? []
            : [
                zh
                  ? `其中多划或划缴后冲正 ${yuan(found.surplus)} 元`
                  : `of it remitted too much, or taken back later: ${yuan(found.surplus)}`,
              ]),
          ...alignColumns(
            zh ? ['账龄(天)', '金额(元)'] : ['days', 'amount'],
            classes.map((each) => [each.days, yuan(each.amount)]),
            [1],
          ),
        ]
      })
    })
}

function drawnLines(answer: DrawnStatement, language: Language): string[] {
  const zh = language === 'zh'
  const row = (label: string, amount: string) => [label, yuan(amount)]
  return [
    zh
      ? `结算单 ${answer.statement}　${answer.collector}　${answer.period}　${answer.lines} 笔`
      : `Statement ${answer.statement}  ${answer.collector}  ${answer.period}  ${answer.lines} lines`,
    ...(answer.lines === 0
      ? [zh ? '空结算单：没有一笔款项，该期就此结清。' : 'It has no line: the period is closed with nothing.']
      : []),
    ...alignColumns(
      zh ? ['项目', '金额(元)'] : ['item', 'amount'],
      [
        row(zh ? '代收' : 'collected', answer.collected),
        row(zh ? '　其中以前各期迟到' : '  of it late, of earlier periods', answer.late),
        row(zh ? '减：冲正' : 'less: reversed', answer.reversed),
        row(zh ? '减：代征单位退款' : 'less: refunded by the collector', answer.refunded),
        row(zh ? '上期结转' : 'carried over', answer.carried),
        row(zh ? '应划缴' : 'to be remitted', answer.total),
        row(zh ? '代征单位申报' : 'declared', answer.declared),
      ],
      [1],
    ),
  ]
}

function registerStatements(remittance: Command, cli: Cli): void {
  remittance
    .command('draw <period>')
    .description('编制结算单（代征单位） draw the statement of a period from the facts')
    .requiredOption('--collector <code>', '代征单位 collector')
    .option('--declared <yuan>', '代征单位账面应缴数，用于核对 what the collector’s own books say')
    .option('--reason <text>', '与事实不符的理由 why that differs from the facts')
    .option('--empty', '空期也编制，结清该期 draw it of nothing, too: the period is closed')
    .addHelpText(
      'after',
      example(
        'qingliu remittance draw 2026-Q1 --collector gx-water --dry-run --as gx-operator',
        'qingliu remittance draw 2026-Q1 --collector gx-water --declared 1234567.89 --as gx-operator',
      ),
    )
    .action(
      async (period: string, options: { collector: string; declared?: string; reason?: string; empty?: boolean }) => {
        const { collector: collectorCode, declared, reason: differenceReason, empty } = options
        const input = { collectorCode, period, declared, differenceReason, empty }
        cli.showOutcome(await drawStatement(await cli.services(), cli.envelope(), input), (answer, language) => [
          ...drawnLines(answer, language),
          language === 'zh'
            ? `下一步（城管局经办复核）：qingliu remittance review ${answer.statement} --as clerk`
            : `Next, a bureau clerk reviews it: qingliu remittance review ${answer.statement} --as clerk`,
          language === 'zh'
            ? `编制有误的，复核前由编制人撤回：qingliu remittance withdraw ${answer.statement} --reason 原因`
            : `If it was drawn by mistake, its drawer withdraws it until it is reviewed: qingliu remittance withdraw ${answer.statement} --reason WHY`,
        ])
      },
    )

  remittance
    .command('withdraw <statement>')
    .description('撤回本人编制、尚未复核的结算单 take back a statement of one’s own that nobody has reviewed')
    .requiredOption('--reason <text>', '理由 reason')
    .addHelpText('after', example('qingliu remittance withdraw R2026-0001 --reason 选错季度 --as gx-operator'))
    .action(async (statement: string, { reason }: { reason: string }) => {
      const withdrawn = await withdrawStatement(await cli.services(), cli.envelope(), { statement, reason })
      cli.showOutcome(withdrawn, (answer, language) => [
        language === 'zh'
          ? `已撤回结算单 ${answer.statement}（${answer.period}，${yuan(answer.total)} 元），各笔款项可重新编制。`
          : `Statement ${answer.statement} (${answer.period}, ${yuan(answer.total)}) is withdrawn; its lines are free again.`,
      ])
    })

  remittance
    .command('review <statement>')
    .description('复核结算单（城管局经办） review a statement and propose it for approval')
    .addHelpText('after', example('qingliu remittance review R2026-0001 --as clerk'))
    .action(async (statement: string) => {
      cli.showOutcome(
        await reviewStatement(await cli.services(), cli.envelope(), { statement }),
        (answer, language) => [
          language === 'zh'
            ? `已复核结算单 ${answer.statement}，待审批：qingliu remittance approve ${answer.statement} --digest ${answer.digest.slice(0, 12)}`
            : `Statement ${answer.statement} is reviewed; another person approves: qingliu remittance approve ${answer.statement} --digest ${answer.digest.slice(0, 12)}`,
        ],
      )
    })

  remittance
    .command('approve <statement>')
    .description('审批结算单 approve a statement, for good')
    .option('--digest <digest>', '所见摘要 digest that was seen')
    .addHelpText('after', example('qingliu remittance approve R2026-0001 --digest 3fa9c2d17b04 --as approver'))
    .action(async (statement: string, options: { digest?: string }) => {
      const decision = { statement, outcome: 'approved' as const, reason: '', digestSeen: options.digest }
      const envelope = cli.envelope(['remittance.approve-statement', statement])
      cli.showOutcome(await decideStatement(await cli.services(), envelope, decision), (answer, language) => [
        language === 'zh'
          ? `已审批结算单 ${answer.statement}，应划缴 ${yuan(answer.total)} 元（${amountInCapitals(money(answer.total))}）。`
          : `Statement ${answer.statement} is approved: ${yuan(answer.total)} to be remitted.`,
      ])
    })

  remittance
    .command('return <statement>')
    .description('退回结算单，各笔收款重新待编 return a statement; its payments are free again')
    .requiredOption('--reason <text>', '理由 reason')
    .addHelpText('after', example('qingliu remittance return R2026-0001 --reason 漏一日收款 --as approver'))
    .action(async (statement: string, options: { reason: string }) => {
      const decision = { statement, outcome: 'returned' as const, reason: options.reason }
      cli.showOutcome(await decideStatement(await cli.services(), cli.envelope(), decision), (answer, language) => [
        language === 'zh'
          ? `已退回结算单 ${answer.statement}。请重新编制。`
          : `Statement ${answer.statement} is returned. It may be drawn anew.`,
      ])
    })

  remittance
    .command('list')
    .description('结算单，最近的在前 statements, newest first')
    .option('--collector <code>', '代征单位 collector')
    .option('--year <year>', '所属年度 of periods in this year')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu remittance list --collector gx-water --year 2026'))
    .action(async (options: { collector?: string; year?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const year = options.year === undefined ? undefined : readCount('--year', options.year, 9_999)
      if (isRefusal(year)) return cli.refuse(year)
      const { db } = await cli.services()
      const found = await listStatements(db, { collectorCode: options.collector, year, limit })
      cli.show(found.map(statementJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0)
          return [
            zh
              ? '还没有结算单。期末之后编制：qingliu remittance draw 2026-Q1 --collector gx-water'
              : 'No statement yet. After a period’s end: qingliu remittance draw 2026-Q1 --collector gx-water',
          ]
        return alignColumns(
          zh
            ? ['结算单', '代征单位', '结算期', '状态', '应划缴(元)', '已入库', '待确认', '未缴(元)']
            : ['statement', 'collector', 'period', 'state', 'total', 'received', 'awaiting', 'balance'],
          found.map((each) => [
            each.number,
            each.collectorCode,
            each.period.name,
            statementStateNames[each.state][language],
            ...[each.total, each.received, each.awaiting, each.balance].map(yuan),
          ]),
          [4, 5, 6, 7],
        )
      })
    })

  remittance
    .command('show <statement>')
    .description('一张结算单及其划缴 one statement with its transfers')
    .addHelpText('after', example('qingliu remittance show R2026-0001'))
    .action(async (number: string) => {
      const { db } = await cli.services()
      const found = await findStatement(db, number)
      if (isRefusal(found)) return cli.refuse(found)
      const vouchers = await listVouchers(db, { statementId: found.statementId, limit: 1_000 })
      cli.show(
        { ...(statementJson(found) as object), vouchers: vouchers.map(voucherJson) as unknown as Json },
        (language) => {
          const zh = language === 'zh'
          const plain = {
            statement: found.number,
            collector: found.collectorName,
            period: found.period.name,
            lines: found.lineCount,
            collected: moneyText(found.collected),
            late: moneyText(found.late),
            reversed: moneyText(found.reversed),
            refunded: moneyText(found.refunded),
            carried: moneyText(found.carried),
            total: moneyText(found.total),
            declared: moneyText(found.declared),
          }
          return [
            ...drawnLines(plain, language),
            ...(found.differenceReason === null
              ? []
              : [`${zh ? '差异理由' : 'Reason of the difference'}: ${found.differenceReason}`]),
            `${zh ? '大写' : 'In capitals'}: ${amountInCapitals(found.total)}`,
            [
              `${zh ? '状态' : 'State'}: ${standingOf(found)[language]}`,
              `${zh ? '编制' : 'drawn by'} ${found.drawnByName}（${found.drawnOn}）`,
              ...(found.reviewedByName === null ? [] : [`${zh ? '复核' : 'reviewed by'} ${found.reviewedByName}`]),
              ...(found.decidedByName === null
                ? []
                : [
                    `${standingOf(found)[language]} ${found.decidedByName}（${found.decidedOn}）${found.returnReason ?? ''}`,
                  ]),
            ].join('　'),
            zh
              ? `已入库 ${yuan(found.received)} 元，待确认 ${yuan(found.awaiting)} 元，结转下期 ${yuan(found.carriedOn)} 元，未缴 ${yuan(found.balance)} 元`
              : `received ${yuan(found.received)}, awaiting ${yuan(found.awaiting)}, carried on ${yuan(found.carriedOn)}, balance ${yuan(found.balance)}`,
            ...vouchers.map(
              (each) =>
                `  ${each.voucherId}　${each.bankReference}　${yuan(each.amount)}　${voucherStateNames[each.state][language]}`,
            ),
          ]
        },
      )
    })

  remittance
    .command('lines <statement>')
    .description('结算单的逐笔明细 every payment of a statement')
    .option('--late', '只看以前各期迟到的 only late arrivals of earlier periods')
    .option('--limit <count>', '条数 how many', '50')
    .option('--after <line>', '接着上一页，用其末行的“续” go on after a page, with what its last row says')
    .addHelpText('after', example('qingliu remittance lines R2026-0001 --late'))
    .action(async (number: string, options: { late?: boolean; limit: string; after?: string }) => {
      const limit = readCount('--limit', options.limit, 99_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const [, eventOn, kind, sourceId] = /^(\d{4}-\d\d-\d\d)\/([a-z]+)\/(\d+)$/.exec(options.after ?? '') ?? []
      if (options.after !== undefined && sourceId === undefined)
        return cli.refuse(malformed('--after', options.after, '2026-03-15/payment/118'))
      const { db } = await cli.services()
      const found = await findStatement(db, number)
      if (isRefusal(found)) return cli.refuse(found)
      const page = {
        limit,
        lateOnly: options.late ?? false,
        ...(sourceId === undefined ? {} : { after: { eventOn: eventOn as CivilDate, kind: kind ?? '', sourceId } }),
      }
      const lines = await linesOfStatement(db, found, page)
      const cursor = ({ eventOn: on, kind: of, sourceId: id }: StatementLine) => `${on}/${of}/${id}`
      cli.show(
        lines.map((line) => ({
          ...line,
          amount: moneyText(line.amount),
          ownPeriod: line.ownPeriod ?? null,
          cursor: cursor(line),
        })),
        (language) => {
          const zh = language === 'zh'
          const last = lines.at(-1)
          const sum = addMoney(lines.map(({ amount }) => amount))
          return [
            ...alignColumns(
              zh
                ? ['发生日', '类别', '流水号', '户号', '缴费人', '金额(元)', '登记日', '所属期']
                : ['day', 'kind', 'reference', 'account', 'payer', 'amount', 'recorded', 'own period'],
              lines.map((line) => [
                line.eventOn,
                lineKindNames[line.kind][language],
                line.reference,
                line.accountNo ?? '—',
                line.payerName ?? '—',
                yuan(line.amount),
                line.recordedOn,
                line.ownPeriod ?? '',
              ]),
              [5],
            ),
            zh ? `${lines.length} 笔，${yuan(sum)} 元` : `${lines.length} lines, ${yuan(sum)}`,
            ...(last === undefined || lines.length < limit ? [] : [`${zh ? '续' : 'next'}: --after ${cursor(last)}`]),
          ]
        },
      )
    })
}
