import type { Command } from 'commander'
import { readDay } from '../dischargers/options.cli.ts'
import { money, moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { cited } from '../platform/cited.ts'
import { type Cli, malformed, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { readTextFile, writeWholeFile } from '../platform/files.ts'
import type { ProposalViews } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { findProposal } from '../platform/proposals.ts'
import { adoptGrid, gridProposalKind, proposeGrid, returnGrid } from './adopt-grid.ts'
import { claimDatesLine, clockLines, timeLeft } from './clock-words.ts'
import { clockNames, clockPartyNames } from './clocks.rules.ts'
import { type DraftedOrder, orderProposalKind } from './draft-order.ts'
import { boundsOf, caseJson, caseLineJson, workJson } from './enforcement.json.ts'
import { type FileView, listCases, viewFile, workOn } from './enforcement.queries.ts'
import { unknownLog } from './enforcement.refusals.ts'
import { multiplierBounds } from './fine.rules.ts'
import type { EnteredGrid } from './grid.rules.ts'
import { caseProposalKind, fileCase, type ReportedCase, reportCase, returnCase } from './open-case.ts'
import { showStep } from './orders.cli.ts'
import { printHearingNotice } from './print-hearing.ts'
import { inYuan, particularsInWords, stepInWords } from './step-words.ts'
import { decisionOf, evidenceFrom, registerSteps } from './steps.cli.ts'
import { stepKinds } from './steps.ts'
import { approveStep, type ProposedStep, returnStep, stepProposalKind } from './take-step.ts'

const yuan = (text: string): string => moneyForPeople(money(text))

/** `qingliu cases …`: fine cases, from the report to the court. */
export function registerCasesCommands(program: Command, cli: Cli): void {
  const cases = program.command('cases').description('处罚案件 fine cases')

  cases
    .command('report <order>')
    .description('就逾期未缴的通知书提出立案报告（两名执法人员） report a case on a lapsed order, by two officers')
    .requiredOption('--second <code>', '另一名办案人员 the second officer')
    .option('--report <file>', '两人签名的报告 the report signed by both')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu cases report 2025-0001 --second officer-b --report report.pdf --as officer-a',
    )
    .action(async (order: string, options: { second: string; report?: string }) => {
      const report = await evidenceFrom(options.report)
      if (isRefusal(report)) return cli.refuse(report)
      const outcome = await reportCase(await cli.services(), cli.envelope(), { order, second: options.second, report })
      cli.showOutcome(outcome, ({ proposalId, digest, base }, language) => {
        const decide = `qingliu cases decide ${proposalId} --approve --digest ${digest.slice(0, 12)}`
        return language === 'zh'
          ? [`已报告：逾期未缴 ${yuan(base)} 元，提案 ${proposalId}。`, `由他人批准立案: ${decide}`]
          : [`Reported: ${yuan(base)} yuan lapsed, proposal ${proposalId}.`, `A third person files it: ${decide}`]
      })
    })

  registerDecide(cases, cli)
  registerLists(cases, cli)
  registerSteps(cases, cli, 'case')
  registerHearingNotice(cases, cli)

  cases
    .command('import-grid <file>')
    .description(
      '导入已公布的裁量基准（JSON），须他人批准 import a published discretion grid, adopted by another person',
    )
    .addHelpText('after', '\n例 Example:\n  qingliu cases import-grid grid.json --as clerk')
    .action(async (path: string) => {
      const text = await readTextFile(path)
      if (isRefusal(text)) return cli.refuse(text)
      const outcome = await proposeGrid(await cli.services(), cli.envelope(['enforcement.propose-grid', text]), text)
      cli.showOutcome(outcome, ({ proposalId, digest, documentNumber, rows }, language) => {
        const decide = `qingliu cases decide ${proposalId} --approve --digest ${digest.slice(0, 12)}`
        return language === 'zh'
          ? [`已读入 ${documentNumber}：${rows} 种情形，提案 ${proposalId}。`, `由他人批准: ${decide}`]
          : [`Read ${documentNumber}: ${rows} factors, proposal ${proposalId}.`, `Another person decides: ${decide}`]
      })
    })
}

function registerHearingNotice(cases: Command, cli: Cli): void {
  cases
    .command('hearing-notice <number>')
    .description('听证通知书（PDF），送达后登记 the notice of a hearing, to be served and then recorded')
    .requiredOption('--hearing-on <date>', '听证日期 day of the hearing')
    .requiredOption('--at <time>', '听证时间 time')
    .requiredOption('--place <text>', '听证地点 place')
    .requiredOption('--host <code>', '听证主持人代码 staff code of the host')
    .requiredOption('--to <file>', '目标文件 target file')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu cases hearing-notice 2025-0001 --hearing-on 2025-06-10 --at 上午9时30分 --place 局二楼会议室 --host host --to 听证通知书.pdf',
    )
    .action(
      async (number: string, options: { hearingOn: string; at: string; place: string; host: string; to: string }) => {
        const hearingOn = readDay('--hearing-on', options.hearingOn)
        if (isRefusal(hearingOn)) return cli.refuse(hearingOn)
        const { db, printer } = await cli.services()
        const found = await viewFile(db, 'case', number, cli.today())
        if (found === undefined) return cli.refuse(unknownLog('case', number))
        const printed = await printHearingNotice(db, printer, found.matter, { ...options, hearingOn })
        if (isRefusal(printed)) return cli.refuse(printed)
        const unwritten = await writeWholeFile(options.to, printed.bytes)
        if (unwritten !== undefined) return cli.refuse(unwritten)
        cli.show({ file: options.to, digest: printed.digest }, (language) => [
          language === 'zh'
            ? `听证通知书已写入 ${options.to}。送达后登记：qingliu cases call-hearing ${number}`
            : `The notice is in ${options.to}. Once served: qingliu cases call-hearing ${number}`,
        ])
      },
    )
}

function registerDecide(cases: Command, cli: Cli): void {
  cases
    .command('decide <proposal>')
    .description('批准或退回立案、步骤或裁量基准（须他人） decide a report, a step or a grid, by another person')
    .option('--approve', '批准 approve')
    .option('--return <reason>', '退回，写明原因 return it with a reason')
    .option('--digest <digest>', '所见摘要 digest that was seen')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu cases decide 12 --approve --digest 3fa9c2d17b04 --as head\n  qingliu cases decide 12 --return 事实不清 --as head',
    )
    .action(async (proposalId: string, options: { approve?: boolean; return?: string; digest?: string }) => {
      const decision = decisionOf(proposalId, options)
      if (isRefusal(decision)) return cli.refuse(decision)
      const { reason } = decision
      const services = await cli.services()
      const envelope = cli.envelope(['cases.decide', proposalId, reason ?? 'approved'])
      const kind = (await findProposal(services.db, proposalId))?.kind
      if (reason !== undefined) {
        const returned = { [stepProposalKind]: returnStep, [gridProposalKind]: returnGrid }[kind ?? ''] ?? returnCase
        cli.showOutcome(await returned(services, envelope, { ...decision, reason }), (_answer, language) => [
          language === 'zh' ? `已退回提案 ${proposalId}：${reason}` : `Proposal ${proposalId} is returned: ${reason}`,
        ])
      } else if (kind === stepProposalKind) showStep(cli, await approveStep(services, envelope, decision))
      else if (kind === gridProposalKind) {
        cli.showOutcome(await adoptGrid(services, envelope, decision), ({ documentNumber, validFrom }, language) => [
          language === 'zh'
            ? `裁量基准 ${documentNumber} 自 ${validFrom} 起施行。`
            : `The discretion grid ${documentNumber} is in force from ${validFrom}.`,
        ])
      } else {
        cli.showOutcome(await fileCase(services, envelope, decision), ({ number, base }, language) =>
          language === 'zh'
            ? [`已立案 ${number}，欠缴 ${yuan(base)} 元。`, `查看期限: qingliu cases show ${number}`]
            : [`Case ${number} is filed over ${yuan(base)} yuan.`, `See its clocks: qingliu cases show ${number}`],
        )
      }
    })
}

function registerLists(cases: Command, cli: Cli): void {
  cases
    .command('list')
    .description('案件清单，最近的在前 cases, newest first')
    .option('--open', '只看未结的 open ones only')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', '\n例 Example:\n  qingliu cases list --open')
    .action(async (options: { open?: boolean; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const found = await listCases(db, cli.today(), { open: options.open ?? false, limit })
      cli.show(found.map(caseLineJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0)
          return [
            zh
              ? '没有案件。用 qingliu orders list --standing lapsed 看可立案的通知书。'
              : 'No cases. See qingliu orders list --standing lapsed.',
          ]
        return alignColumns(
          zh
            ? ['编号', '通知书', '当事人', '立案', '最近一步', '罚款', '未缴', '状态']
            : ['no.', 'order', 'party', 'filed', 'last step', 'fine', 'unpaid', 'state'],
          found.map((line) => [
            line.number,
            line.order,
            line.dischargerName,
            line.filedOn,
            line.lastStep === undefined ? (zh ? '立案' : 'filed') : stepKinds[line.lastStep][language],
            moneyForPeople(line.fine),
            moneyForPeople(line.outstanding),
            line.isOver ? (zh ? '已结' : 'over') : zh ? '办理中' : 'open',
          ]),
          [5, 6],
        )
      })
    })

  cases
    .command('show <number>')
    .description('一个案件：人员、金额、步骤、期限 one case: people, amounts, steps, clocks')
    .addHelpText('after', '\n例 Example:\n  qingliu cases show 2025-0001')
    .action(async (number: string) => {
      const { db } = await cli.services()
      const found = await viewFile(db, 'case', number, cli.today())
      if (found === undefined) return cli.refuse(unknownLog('case', number))
      cli.show(caseJson(found) as unknown as Json, (language) => caseLines(found, language))
    })
}

/** `qingliu enforcement today`: what is due on every order and case. */
export function registerEnforcementCommands(program: Command, cli: Cli): void {
  program
    .command('enforcement')
    .description('催缴与处罚的待办 what is due in enforcement')
    .command('today')
    .description('今日待办：期限、经办、依据，最急的在前 what is due, by whom, on which clause, the most urgent first')
    .option('--within <days>', '只看这些天内到期的 due within so many days')
    .addHelpText('after', '\n例 Example:\n  qingliu enforcement today --within 30')
    .action(async (options: { within?: string }) => {
      const within = options.within === undefined ? undefined : Number(options.within)
      if (within !== undefined && !/^\d{1,4}$/.test(options.within ?? ''))
        return cli.refuse(malformed('--within', options.within ?? '', '0 … 9999'))
      const { db } = await cli.services()
      const today = cli.today()
      const work = await workOn(db, today, { within })
      cli.show(work.map(workJson), (language) => {
        const zh = language === 'zh'
        if (work.length === 0) return [zh ? '没有待办。' : 'Nothing is due.']
        return alignColumns(
          zh
            ? ['期限', '还剩', '由谁', '事项', '内容', '编号', '当事人', '依据']
            : ['by', 'left', 'who', 'what', 'about', 'file', 'party', 'clause'],
          work.map((item) => [
            item.until ?? '—',
            timeLeft(item, today, language),
            clockPartyNames[item.by][language],
            clockNames[item.what][language],
            inYuan(item.about, language),
            `${zh ? { order: '通知书', case: '案件' }[item.log] : item.log} ${item.number}`,
            item.dischargerName,
            cited(clockNames[item.what].clause, language),
          ]),
        )
      })
    })
}

function caseLines({ matter, state, balance, dates, clocks, names }: FileView, language: 'zh' | 'en'): string[] {
  const zh = language === 'zh'
  const { order, fineCase, steps, today } = matter
  const officer = (id: string | undefined) => {
    const found = id === undefined ? undefined : names.get(id)
    return found === undefined ? '' : `${found.name}（${found.certificateNo ?? '—'}）`
  }
  const [least, most] = boundsOf(state.base).map(moneyForPeople)
  const amounts =
    balance === undefined || balance.fine.isZero()
      ? []
      : [
          zh
            ? `罚款 ${moneyForPeople(balance.fine)}  加处 ${moneyForPeople(balance.addition.amount)}（${balance.addition.days} 天${balance.addition.capped ? '，已到上限' : ''}）  已缴 ${moneyForPeople(balance.paid)}  未缴 ${moneyForPeople(balance.outstanding)}`
            : `fine ${moneyForPeople(balance.fine)}  addition ${moneyForPeople(balance.addition.amount)} (${balance.addition.days} days${balance.addition.capped ? ', capped' : ''})  paid ${moneyForPeople(balance.paid)}  unpaid ${moneyForPeople(balance.outstanding)}`,
        ]
  const windows = dates === undefined ? [] : [claimDatesLine(dates, language)]
  return [
    zh
      ? `处罚案件 ${fineCase?.number}  ${order.dischargerName}（${order.dischargerCode}）  通知书 ${order.number}`
      : `Case ${fineCase?.number}  ${order.dischargerName} (${order.dischargerCode})  order ${order.number}`,
    zh
      ? `立案 ${fineCase?.filedOn}  办案人员 ${officer(fineCase?.reporterId)}、${officer(fineCase?.secondId)}  批准 ${names.get(fineCase?.filedById ?? '')?.name ?? ''}`
      : `filed ${fineCase?.filedOn}  officers ${officer(fineCase?.reporterId)}, ${officer(fineCase?.secondId)}  filed by ${names.get(fineCase?.filedById ?? '')?.name ?? ''}`,
    zh
      ? `欠缴数额 ${moneyForPeople(state.base)}，罚款幅度 ${multiplierBounds.minimum} 倍 ${least} 至 ${multiplierBounds.maximum} 倍 ${most}`
      : `unpaid ${moneyForPeople(state.base)}, a fine from ${multiplierBounds.minimum}× ${least} to ${multiplierBounds.maximum}× ${most}`,
    ...amounts,
    ...windows,
    ...(steps.length === 0
      ? []
      : ['', zh ? '步骤' : 'Steps', ...steps.map((step) => `  ${step.seq}. ${stepInWords(step, language)}`)]),
    ...(clocks.length === 0 ? [] : ['', zh ? '待办和期限' : 'What comes next', ...clockLines(clocks, today, language)]),
  ]
}

/** How an approver reads what waits in this stage. */
export const enforcementProposalViews: ProposalViews = {
  [orderProposalKind]: {
    zh: '责令限期缴纳通知书',
    en: 'order to pay',
    decide: ({ id, contentDigest }) =>
      `qingliu orders decide ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content, language) => {
      const { dischargerName, amount, termDays, termCitation, bills } = content as unknown as DraftedOrder
      return [
        language === 'zh'
          ? `${dischargerName}：共 ${yuan(amount)} 元，自送达起 ${termDays} 日（${termCitation}）`
          : `${dischargerName}: ${yuan(amount)} yuan, ${termDays} days from service (${termCitation})`,
        ...bills.map(({ number, feeMonth, dueOn, days, amount: of }) =>
          language === 'zh'
            ? `  ${number}  ${feeMonth}  到期 ${dueOn}，逾期 ${days} 天  ${yuan(of)}`
            : `  ${number}  ${feeMonth}  due ${dueOn}, ${days} days overdue  ${yuan(of)}`,
        ),
      ]
    },
  },
  [caseProposalKind]: {
    zh: '立案报告',
    en: 'report of a case',
    decide: ({ id, contentDigest }) =>
      `qingliu cases decide ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content, language) => {
      const { order, dischargerName, base, bills, reporter, second, report } = content as unknown as ReportedCase
      const officers = [reporter, second].map(({ name, certificateNo }) => `${name}（${certificateNo}）`).join('、')
      return language === 'zh'
        ? [
            `${dischargerName}  通知书 ${order}  逾期未缴 ${yuan(base)} 元`,
            `办案人员 ${officers}  报告 ${report.name} ${report.digest}`,
            ...bills.map((bill) => `  ${bill.number}  ${bill.feeMonth}  ${yuan(bill.base)}`),
          ]
        : [
            `${dischargerName}  order ${order}  ${yuan(base)} yuan lapsed`,
            `officers ${officers}  report ${report.name} ${report.digest}`,
            ...bills.map((bill) => `  ${bill.number}  ${bill.feeMonth}  ${yuan(bill.base)}`),
          ]
    },
  },
  [stepProposalKind]: {
    zh: '执法步骤',
    en: 'step of a file',
    decide: ({ id, contentDigest }) =>
      `qingliu cases decide ${id} --approve --digest ${contentDigest.slice(0, 12)} --as head`,
    subject: (content) => {
      const { number, step } = content as unknown as ProposedStep
      return `${number} ${stepKinds[step].zh}`
    },
    lines: (content, language) => {
      const { step, entered, computed, evidence } = content as unknown as ProposedStep
      return [
        `${stepKinds[step][language]}（${cited(stepKinds[step].clause, language)}）`,
        ...particularsInWords(step, { ...entered, ...computed }, language).map((line) => `  ${line}`),
        ...(evidence === null
          ? []
          : [`  ${language === 'zh' ? '证据' : 'evidence'} ${evidence.name} ${evidence.digest}`]),
      ]
    },
  },
  [gridProposalKind]: {
    zh: '裁量基准',
    en: 'discretion grid',
    decide: ({ id, contentDigest }) =>
      `qingliu cases decide ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content, language) => {
      const { documentNumber, issuer, validFrom, rows } = content as unknown as EnteredGrid
      return [
        `${documentNumber}  ${issuer}  ${language === 'zh' ? `自 ${validFrom} 起` : `from ${validFrom}`}`,
        ...rows.map(({ factor, zh, minimum, maximum }) => `  ${factor}  ${zh}  ${minimum}–${maximum}`),
      ]
    },
  },
}
