import { type Command, Option } from 'commander'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, readCount } from '../platform/cli.ts'
import { alignColumns, listed } from '../platform/cli-text.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { billIdOfNumber } from './named-item.queries.ts'
import {
  answerObjection,
  findObjection,
  listObjections,
  type Objection,
  objectionJson,
  receiveObjection,
} from './objections.ts'
import { refusePayment } from './payment.refusals.ts'

/** `qingliu objections …`: objections to bills and their answers. */
export function registerObjectionsCommands(program: Command, cli: Cli): void {
  const objections = program.command('objections').description('账单异议 objections to bills')

  objections
    .command('receive <bill>')
    .description('登记对账单的异议；缴费期限不变 receive an objection; the due date stays')
    .requiredOption('--from <person>', '提出人 who raised it')
    .requiredOption('--grounds <text>', '理由 its grounds')
    .option('--evidence <text>', '证据 evidence', '')
    .option('--on <date>', '收到日期，默认今天 received on, today by default')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu objections receive 2026-000012 --from 示例公司 --grounds 表计故障 --evidence 检定证书 --as clerk',
    )
    .action(async (bill: string, options: { from: string; grounds: string; evidence: string; on?: string }) => {
      const receivedOn = readDate('--on', options.on)
      if (isRefusal(receivedOn)) return cli.refuse(receivedOn)
      const input = { bill, receivedOn, from: options.from, grounds: options.grounds, evidence: options.evidence }
      cli.showOutcome(await receiveObjection(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `异议 ${answer.objectionId}：账单 ${answer.bill}，${answer.answerDueOn} 前答复；缴费期限不变。`
          : `Objection ${answer.objectionId} to bill ${answer.bill}, to be answered by ${answer.answerDueOn}; the due date stays.`,
      ])
    })

  objections
    .command('answer <objection>')
    .description('答复异议：维持或已更正 answer it: kept, or corrected by an approved correction')
    .addOption(new Option('--outcome <outcome>', '结果 outcome').choices(['kept', 'corrected']).makeOptionMandatory())
    .requiredOption('--reason <text>', '理由 reason')
    .option('--correction <proposal>', '已批准的更正提案 the approved correction')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu objections answer 3 --outcome corrected --correction 41 --reason 复核表计 --as approver',
    )
    .action(
      async (objectionId: string, options: { outcome: 'kept' | 'corrected'; reason: string; correction?: string }) => {
        const { outcome, reason, correction } = options
        const input = { objectionId, outcome, reason, correctionProposalId: correction }
        cli.showOutcome(await answerObjection(await cli.services(), cli.envelope(), input), (answer, language) => {
          if (language === 'zh')
            return [
              `异议 ${answer.objectionId} 已答复：${outcome === 'kept' ? '维持' : '已更正'}${answer.inTime ? '' : '（逾期答复）'}。`,
            ]
          return [`Objection ${answer.objectionId} is answered: ${outcome}${answer.inTime ? '' : ' (late)'}.`]
        })
      },
    )

  objections
    .command('show <objection>')
    .description('一件异议及其答复 one objection and its answer')
    .addHelpText('after', '\n例 Example:\n  qingliu objections show 3')
    .action(async (objectionId: string) => {
      const { db } = await cli.services()
      const found = /^\d{1,18}$/.test(objectionId) ? await findObjection(db, objectionId) : undefined
      if (found === undefined) return cli.refuse(refusePayment('objection_unknown', { objection: objectionId }))
      cli.show(objectionJson(found) as unknown as Json, (language) => objectionLines(found, language))
    })

  objections
    .command('list')
    .description('异议清单 objections')
    .option('--bill <number>', '只看一张账单 of one bill')
    .option('--unanswered', '只看未答复，最急的在前 unanswered only, most urgent first')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', '\n例 Example:\n  qingliu objections list --unanswered')
    .action(async (options: { bill?: string; unanswered?: boolean; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const bill = options.bill === undefined ? undefined : billIdOfNumber(options.bill)
      if (options.bill !== undefined && bill === undefined)
        return cli.refuse(refusePayment('objection_bill_unknown', { number: options.bill }))
      const { db } = await cli.services()
      const found = await listObjections(db, { bill, unanswered: options.unanswered ?? false, limit })
      cli.show(found.map(objectionJson) as unknown as Json, (language) =>
        listed(
          found.length,
          limit,
          language,
          noObjections,
          alignColumns(
            language === 'zh'
              ? ['编号', '账单', '户号', '收到', '提出人', '理由', '答复期限', '答复']
              : ['no.', 'bill', 'account', 'received', 'from', 'grounds', 'answer by', 'answer'],
            found.map((each) => [
              each.objectionId,
              each.bill,
              each.accountNo,
              each.receivedOn,
              each.from,
              each.grounds,
              each.answerDueOn,
              answerInShort(each, language),
            ]),
            [0],
          ),
        ),
      )
    })
}

/** The day of the answer, its outcome, and the correction that carried it out. */
function answerInShort({ answer }: Objection, language: 'zh' | 'en'): string {
  if (answer === undefined) return '—'
  const by = answer.correctionProposalId
  const correction = by === null ? '' : language === 'zh' ? `（提案 ${by}）` : ` (proposal ${by})`
  return `${answer.answeredOn} ${outcomeNames[answer.outcome][language]}${correction}`
}

function objectionLines(each: Objection, language: 'zh' | 'en'): string[] {
  const { objectionId, bill, accountNo, receivedOn, from, grounds, evidence, answerDueOn, answer } = each
  const short = answerInShort(each, language)
  return language === 'zh'
    ? [
        `异议 ${objectionId}：账单 ${bill}，户号 ${accountNo}`,
        `  ${receivedOn} 收到，提出人 ${from}`,
        `  理由：${grounds}`,
        `  证据：${evidence || '无'}`,
        `  答复期限 ${answerDueOn}`,
        answer === undefined ? '  尚未答复：qingliu objections answer' : `  答复：${short}；理由：${answer.reason}`,
      ]
    : [
        `Objection ${objectionId} to bill ${bill}, account ${accountNo}`,
        `  received on ${receivedOn} from ${from}`,
        `  grounds: ${grounds}`,
        `  evidence: ${evidence || 'none'}`,
        `  to be answered by ${answerDueOn}`,
        answer === undefined
          ? '  not answered yet: qingliu objections answer'
          : `  answer: ${short}; reason: ${answer.reason}`,
      ]
}

const outcomeNames = { kept: { zh: '维持', en: 'kept' }, corrected: { zh: '已更正', en: 'corrected' } } as const
const noObjections = {
  zh: '没有异议。登记：qingliu objections receive',
  en: 'There are no objections. Receive one: qingliu objections receive',
}
