import { type Command, Option } from 'commander'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { type ProposalViews, readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { approveConcession, approveConcessionEnd, returnConcession } from './approve-concession.ts'
import { concessionsOf } from './concession.queries.ts'
import type { EnteredConcession } from './concession.ts'
import { readConcessionFile } from './concession-file.ts'
import { concessionTemplate } from './concession-shape.ts'
import { termLines } from './concession-words.ts'
import { concessionEndProposal, concessionProposal, proposeConcession } from './propose-concession.ts'
import { type ConcessionEnd, proposeConcessionEnd } from './propose-concession-end.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const short = (digest: string) => digest.slice(0, 12)

/** How an approver reads a proposed agreement and a proposed end. */
export const settlementProposalViews: ProposalViews = {
  [concessionProposal]: {
    zh: '特许经营协议',
    en: 'concession agreement',
    decide: ({ id, contentDigest }) =>
      `qingliu settlement approve-agreement ${id} --digest ${short(contentDigest)} --as approver`,
    lines: (content, language) => {
      const entered = content as unknown as EnteredConcession
      return [
        ...(language === 'zh'
          ? [`${entered.code}　${entered.title}`, `依据 ${entered.document}，自 ${entered.validFrom} 起执行`]
          : [`${entered.code}  ${entered.title}`, `by ${entered.document}, in force from ${entered.validFrom}`]),
        ...termLines(entered.terms, language),
      ]
    },
  },
  [concessionEndProposal]: {
    zh: '终止特许经营协议',
    en: 'end of a concession agreement',
    decide: ({ id, contentDigest }) =>
      `qingliu settlement approve-end ${id} --digest ${short(contentDigest)} --as approver`,
    lines: (content, language) => {
      const { code, until, reason } = content as unknown as ConcessionEnd
      return [
        language === 'zh'
          ? `${code} 自 ${until} 起终止：${reason}`
          : `${code} holds no longer from ${until}: ${reason}`,
      ]
    },
  },
}

/** `settlement agreements`, `agreement-template`, `propose-agreement`, `approve-agreement`, `propose-end`, `approve-end`, `return-agreement`. */
export function registerConcessions(settlement: Command, cli: Cli): void {
  settlement
    .command('agreements')
    .description('特许经营协议 concession agreements')
    .option('--code <code>', '只看一份，含全部条款 one of them in full')
    .addHelpText('after', example('qingliu settlement agreements', 'qingliu settlement agreements --code TX-2025'))
    .action(async (options: { code?: string }) => {
      const { db } = await cli.services()
      const found = await concessionsOf(db, options.code === undefined ? {} : { code: options.code })
      cli.show(found as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (found.length === 0)
          return [
            zh
              ? '还没有协议。模板：qingliu settlement agreement-template'
              : 'No agreement yet. A template: qingliu settlement agreement-template',
          ]
        const rows = found.map((each) => [each.code, each.title, each.document, each.validFrom, each.validUntil ?? ''])
        return [
          ...alignColumns(
            zh ? ['代码', '名称', '依据', '起', '止（不含）'] : ['code', 'title', 'document', 'from', 'until'],
            rows,
          ),
          ...(options.code === undefined ? [] : found.flatMap(({ terms }) => ['', ...termLines(terms, language)])),
        ]
      })
    })

  settlement
    .command('agreement-template')
    .description('协议文件样例（JSON，标准输出） an agreement file to fill in, to standard output')
    .addHelpText(
      'after',
      `\n没有的条款写 null，不能略去；各段起止须首尾相接。 What the agreement does not have is null, never left out; periods follow one another.\n${example('qingliu settlement agreement-template > 协议.json')}`,
    )
    .action(() => {
      cli.show(concessionTemplate as unknown as Json, () => [JSON.stringify(concessionTemplate, null, 2)])
    })

  settlement
    .command('propose-agreement <file>')
    .description('提交协议（JSON 文件） propose an agreement from its file')
    .addHelpText('after', example('qingliu settlement propose-agreement 协议.json --as clerk'))
    .action(async (file: string) => {
      const entered = await readConcessionFile(file)
      if (isRefusal(entered)) return cli.refuse(entered)
      const outcome = await proposeConcession(await cli.services(), cli.envelope(), entered)
      cli.showOutcome(outcome, ({ code, proposalId, digest }, language) => [
        language === 'zh'
          ? `已提交协议 ${code}，事项 ${proposalId}，待他人批准。`
          : `Proposed the agreement ${code}: no. ${proposalId}; another person approves it.`,
        `  qingliu settlement approve-agreement ${proposalId} --digest ${short(digest)} --as …`,
      ])
    })

  settlement
    .command('propose-end <code>')
    .description('提交协议终止 propose the end of an agreement')
    .requiredOption('--until <date>', '自此日起不再执行 first day without it')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu settlement propose-end TX-2025 --until 2026-07-01 --reason 期满 --as clerk'))
    .action(async (code: string, options: { until: string; reason: string }) => {
      const until = readDate('--until', options.until)
      if (until === undefined || isRefusal(until))
        return cli.refuse(until ?? malformed('--until', options.until, 'YYYY-MM-DD'))
      const end = { code, until, reason: options.reason }
      cli.showOutcome(await proposeConcessionEnd(await cli.services(), cli.envelope(), end), (answer, language) => [
        language === 'zh'
          ? `已提交 ${code} 自 ${until} 起终止，事项 ${answer.proposalId}，待他人批准。`
          : `Proposed the end of ${code} from ${until}: no. ${answer.proposalId}; another person approves it.`,
        `  qingliu settlement approve-end ${answer.proposalId} --digest ${short(answer.digest)} --as …`,
      ])
    })

  settlement
    .command('approve-agreement <id>')
    .description('批准协议 approve an agreement')
    .option('--digest <digest>', '所见内容摘要 the digest that was seen')
    .addHelpText('after', example('qingliu settlement approve-agreement 4 --digest 5f2c8a10 --as approver'))
    .action(async (proposalId: string, options: { digest?: string }) => {
      const envelope = cli.envelope(['settlement.approve-agreement', proposalId, options.digest ?? ''])
      const outcome = await approveConcession(await cli.services(), envelope, {
        proposalId,
        digestSeen: options.digest,
      })
      cli.showOutcome(outcome, ({ code, validFrom }, language) => [
        language === 'zh' ? `协议 ${code} 自 ${validFrom} 起执行。` : `${code} is in force from ${validFrom}.`,
      ])
    })

  settlement
    .command('approve-end <id>')
    .description('批准协议终止 approve the end of an agreement')
    .option('--digest <digest>', '所见内容摘要 the digest that was seen')
    .addHelpText('after', example('qingliu settlement approve-end 9 --digest 5f2c8a10 --as approver'))
    .action(async (proposalId: string, options: { digest?: string }) => {
      const envelope = cli.envelope(['settlement.approve-end', proposalId, options.digest ?? ''])
      const approval = { proposalId, digestSeen: options.digest }
      cli.showOutcome(await approveConcessionEnd(await cli.services(), envelope, approval), (answer, language) => [
        language === 'zh'
          ? `协议 ${answer.code} 自 ${answer.validUntil} 起终止。`
          : `${answer.code} holds no longer from ${answer.validUntil}.`,
      ])
    })

  settlement
    .command('return-agreement <id>')
    .description('退回协议事项 return a proposed agreement or end')
    .requiredOption('--reason <text>', '原因 why')
    .addOption(new Option('--what <what>', '事项 what it is').choices(['agreement', 'end']).default('agreement'))
    .addHelpText('after', example('qingliu settlement return-agreement 4 --reason 单价与合同不符 --as approver'))
    .action(async (proposalId: string, options: { reason: string; what: 'agreement' | 'end' }) => {
      const { reason, what } = options
      const envelope = cli.envelope(['settlement.return-agreement', proposalId, reason])
      const outcome = await returnConcession(await cli.services(), envelope, { proposalId, reason, what })
      cli.showOutcome(outcome, (_, language) => [
        language === 'zh' ? `事项 ${proposalId} 已退回：${reason}` : `No. ${proposalId} was returned: ${reason}`,
      ])
    })
}
