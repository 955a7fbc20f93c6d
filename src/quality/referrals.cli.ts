import { type Command, Option } from 'commander'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { readWholeFile, type WholeFile } from '../platform/files.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { type SubstanceKind, substanceKindNames, substanceKinds } from './accident.ts'
import { returnQualityProposal } from './approve-limits.ts'
import { foundText, limitWithUnit, timesOverText } from './judged-text.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import { exceedanceJson, referralJson } from './quality.json.ts'
import { listExceedances, listPollutants, listReferrals, listReferredAccidents } from './quality.queries.ts'
import { approveReferral, proposeReferral, recordReply, referralProposal } from './refer-matter.ts'
import { type MatterKind, matterKinds, matterNames } from './referral.ts'
import { reportAccident } from './report-accident.ts'
import { type PeriodOptions, periodOptions, sampleFilter } from './samples.cli.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const collect = (value: string, before: string[]) => [...before, value]

/** `quality exceedances`, `quality accidents …`, `quality referrals …`. */
export function registerReferralCommands(quality: Command, cli: Cli, volumes: OutletVolumes): void {
  registerExceedances(quality, cli)
  registerAccidents(quality, cli)
  registerReferrals(quality, cli, volumes)
}

function registerExceedances(quality: Command, cli: Cli): void {
  periodOptions(quality.command('exceedances').description('超过许可限值的结果 results above their permitted limits'))
    .option('--open', '只看未移送的 only those not referred')
    .addHelpText('after', example('qingliu quality exceedances --from 2026-03-01 --open'))
    .action(async (options: PeriodOptions & { open?: boolean }) => {
      const filter = sampleFilter(options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const { db } = await cli.services()
      const [found, pollutants] = await Promise.all([
        listExceedances(db, { ...filter, open: options.open, limit: 50_000 }),
        listPollutants(db),
      ])
      const names = new Map(pollutants.map((each) => [each.code, each]))
      cli.show(found.map(exceedanceJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0) {
          if (options.open) return [zh ? '没有未移送的超标结果。' : 'Nothing above its limit waits to be referred.']
          return [zh ? '没有超标结果。' : 'Nothing exceeds its limit.']
        }
        return alignColumns(
          zh
            ? ['样品', '采样日', '排污者', '排污口', '污染物', '结果', '限值', '超标倍数', '移送']
            : ['sample', 'taken on', 'discharger', 'outlet', 'pollutant', 'result', 'limit', 'times above', 'referred'],
          found.flatMap(({ sample, exceeded, referrals }) =>
            exceeded.map(({ result, judged: outcome }) => [
              sample.sampleId,
              sample.takenOn,
              sample.outlet.dischargerName,
              sample.outlet.outletNo,
              names.get(result.pollutant)?.[language] ?? result.pollutant,
              foundText(result, outcome, language),
              outcome.limit === undefined ? '' : limitWithUnit(outcome.limit, language),
              timesOverText(outcome),
              referrals.join('、') || (zh ? '未移送' : 'not yet'),
            ]),
          ),
          [0, 7],
        )
      })
    })
}

interface AccidentOptions {
  outlet?: string
  occurred: string
  reported?: string
  by: string
  kind: SubstanceKind
  substances: string
  description: string
  measures?: string
  evidence?: string
}

function registerAccidents(quality: Command, cli: Cli): void {
  const accidents = quality.command('accidents').description('意外事故报告（办法第六条） accident reports')

  accidents
    .command('list')
    .description('事故报告，新的在前 reports, newest first')
    .option('--discharger <code>', '排污者编号 discharger')
    .addHelpText('after', example('qingliu quality accidents list'))
    .action(async (options: { discharger?: string }) => {
      const { db } = await cli.services()
      const found = await listReferredAccidents(db, { dischargerCode: options.discharger })
      cli.show(found as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (found.length === 0) return [zh ? '没有事故报告。' : 'No accident was reported.']
        return alignColumns(
          zh
            ? ['编号', '发生日', '报告日', '排污者', '排放物质', '报告人', '移送']
            : ['no.', 'occurred', 'reported', 'discharger', 'substances', 'by', 'referred'],
          found.map((accident) => [
            accident.accidentId,
            accident.occurredOn,
            accident.reportedOn,
            accident.dischargerName,
            accident.substances,
            accident.reportedBy,
            accident.referrals.join('、') || (zh ? '未移送' : 'not yet'),
          ]),
          [0],
        )
      })
    })

  accidents
    .command('report <discharger>')
    .description('登记事故报告 record a report')
    .option('--outlet <no>', '排污口 outlet')
    .requiredOption('--occurred <date>', '发生日 occurred on')
    .option('--reported <date>', '报告日，默认今日 reported on; today unless given')
    .requiredOption('--by <name>', '报告人 who reported it')
    .addOption(
      new Option(
        '--kind <kind>',
        `物质种类（${Object.values(substanceKindNames)
          .map(({ zh }) => zh)
          .join('；')}）`,
      )
        .choices(substanceKinds)
        .makeOptionMandatory(),
    )
    .requiredOption('--substances <text>', '排放物质 substances')
    .requiredOption('--description <text>', '经过 what happened')
    .option('--measures <text>', '已采取的措施 measures taken')
    .option('--evidence <file>', '报告文件 file of the report')
    .addHelpText(
      'after',
      example(
        'qingliu quality accidents report P0012 --occurred 2026-03-10 --by 示例甲 --kind toxic --substances 含氰电镀液 --description 阀门破损。 --as brigade',
      ),
    )
    .action(async (dischargerCode: string, options: AccidentOptions) => {
      const occurredOn = readDate('--occurred', options.occurred)
      const reportedOn = readDate('--reported', options.reported)
      if (isRefusal(occurredOn)) return cli.refuse(occurredOn)
      if (isRefusal(reportedOn)) return cli.refuse(reportedOn)
      const evidence = options.evidence === undefined ? undefined : await readWholeFile(options.evidence)
      if (isRefusal(evidence)) return cli.refuse(evidence)
      const report = {
        dischargerCode,
        outletNo: options.outlet ?? '',
        occurredOn: occurredOn ?? cli.today(),
        reportedOn: reportedOn ?? cli.today(),
        reportedBy: options.by,
        substanceKind: options.kind,
        substances: options.substances,
        description: options.description,
        measures: options.measures ?? '',
      }
      const outcome = await reportAccident(await cli.services(), cli.envelope(), report, evidence)
      cli.showOutcome(outcome, (answer, language) =>
        language === 'zh'
          ? [
              `已登记事故报告 ${answer.accidentId}（${answer.discharger}）。`,
              `移送：qingliu quality referrals propose --accident ${answer.accidentId} --recipient 受移送机关 --as brigade`,
            ]
          : [
              `Accident report ${answer.accidentId} (${answer.discharger}) is recorded.`,
              `To refer it: qingliu quality referrals propose --accident ${answer.accidentId} --recipient AUTHORITY --as brigade`,
            ],
      )
    })
}

function registerReferrals(quality: Command, cli: Cli, volumes: OutletVolumes): void {
  const referrals = quality.command('referrals').description('移送有权机关 referral to the competent authority')

  referrals
    .command('list')
    .description('已移送，新的在前 what was referred, newest first')
    .addHelpText('after', example('qingliu quality referrals list'))
    .action(async () => {
      const found = await listReferrals((await cli.services()).db)
      cli.show(found.map(referralJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0) return [zh ? '还没有移送。' : 'Nothing was referred yet.']
        return alignColumns(
          zh
            ? ['文号', '日期', '受移送机关', '事项', '附件', '回复', '文件摘要']
            : ['number', 'dated', 'recipient', 'matter', 'evidence', 'reply', 'digest'],
          found.map(({ number, datedOn, recipient, matter, evidence, replies, fileDigest }) => [
            number,
            datedOn,
            recipient,
            `${matterNames[matter.kind][language]} ${matter.id}`,
            String(evidence.length),
            replies.map(({ receivedOn, document }) => `${receivedOn} ${document}`).join('；') ||
              (zh ? '未回复' : 'none yet'),
            fileDigest.slice(0, 12),
          ]),
        )
      })
    })

  referrals
    .command('propose')
    .description(
      '提出移送超标、事故或超总量，由他人审批 propose to refer an exceedance, an accident or a total above its limit',
    )
    .addOption(new Option('--sample <no>', '样品编号 sample').conflicts(['accident', 'total']))
    .addOption(new Option('--accident <no>', '事故报告编号 accident report').conflicts('total'))
    .option('--total <no>', '排放总量编号，见 qingliu quality totals total')
    .requiredOption('--recipient <name>', '受移送机关全称 the authority')
    .option('--facts <text>', '补充说明 what the officer adds', '')
    .option('--evidence <file>', '证据文件，可多次 evidence, repeatable', collect, [])
    .addHelpText(
      'after',
      example(
        'qingliu quality referrals propose --sample 12 --recipient 赣州市赣县生态环境局 --evidence 监测报告.pdf --as brigade',
        'qingliu quality referrals propose --total 17-2025 --recipient 赣州市赣县生态环境局 --as brigade',
      ),
    )
    .action(
      async (
        options: { readonly [Kind in MatterKind]?: string } & { recipient: string; facts: string; evidence: string[] },
      ) => {
        const [matter] = matterKinds.flatMap((kind) => {
          const id = options[kind]
          return id === undefined ? [] : [{ kind, id }]
        })
        if (matter === undefined)
          return cli.refuse(malformed('--sample', '', '--sample、--accident 或 --total 之一 (one of them)'))
        const files: WholeFile[] = []
        for (const path of options.evidence) {
          const file = await readWholeFile(path)
          if (isRefusal(file)) return cli.refuse(file)
          files.push(file)
        }
        const entered = { matter, recipient: options.recipient, facts: options.facts }
        const outcome = await proposeReferral(await cli.services(), cli.envelope(), entered, files, volumes)
        cli.showOutcome(outcome, (answer, language) => {
          const decide = `qingliu quality referrals approve ${answer.proposalId} --digest ${answer.digest.slice(0, 12)} --as approver`
          return [
            language === 'zh'
              ? `移送已提交（事项 ${answer.proposalId}）。`
              : `The referral is proposed (no. ${answer.proposalId}).`,
            ...answer.exceeded.map((line) => `  ${line}`),
            language === 'zh' ? `由他人审批：${decide}` : `Another person approves it: ${decide}`,
          ]
        })
      },
    )

  referrals
    .command('approve <proposal>')
    .description('批准移送并出具移送函（须他人） approve and issue the letter, by another person')
    .option('--digest <digest>', '您看到的摘要（至少 8 位） the digest you saw, at least 8 characters')
    .addHelpText('after', example('qingliu quality referrals approve 12 --digest 5f2c8a10 --as approver'))
    .action(async (proposalId: string, options: { digest?: string }) => {
      const envelope = cli.envelope(['quality.approve-referral', proposalId, options.digest ?? ''])
      const approval = { proposalId, digestSeen: options.digest }
      cli.showOutcome(await approveReferral(await cli.services(), envelope, approval, volumes), (answer, language) =>
        language === 'zh'
          ? [
              `已移送${answer.recipient}：${answer.number}（文件 SHA-256 ${answer.fileDigest.slice(0, 12)}）。`,
              `取出移送函：qingliu documents save ${answer.number} --to 移送函.pdf`,
            ]
          : [
              `Referred to ${answer.recipient}: ${answer.number} (file SHA-256 ${answer.fileDigest.slice(0, 12)}).`,
              `The letter: qingliu documents save ${answer.number} --to referral.pdf`,
            ],
      )
    })

  referrals
    .command('return <proposal>')
    .description('退回移送 return a referral to its maker')
    .requiredOption('--reason <text>', '退回理由 why')
    .option('--digest <digest>', '您看到的摘要 the digest you saw')
    .addHelpText('after', example('qingliu quality referrals return 12 --reason 证据不足 --as approver'))
    .action(async (proposalId: string, options: { reason: string; digest?: string }) => {
      const returned = { proposalId, reason: options.reason, digestSeen: options.digest }
      const outcome = await returnQualityProposal(await cli.services(), cli.envelope(), referralProposal, returned)
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `事项 ${answer.proposalId} 已退回：${answer.reason}`
          : `No. ${answer.proposalId} is returned: ${answer.reason}`,
      ])
    })

  referrals
    .command('reply <number>')
    .description('登记受移送机关的回复 record the authority’s answer')
    .requiredOption('--on <date>', '收到日 received on')
    .requiredOption('--document <no>', '回复文号 its number')
    .requiredOption('--content <text>', '内容 what it says')
    .addHelpText(
      'after',
      example(
        'qingliu quality referrals reply 移送〔2026〕1号 --on 2026-04-20 --document 示例环函〔2026〕8号 --content 已立案 --as brigade',
      ),
    )
    .action(async (number: string, options: { on: string; document: string; content: string }) => {
      const receivedOn = readDate('--on', options.on)
      if (isRefusal(receivedOn)) return cli.refuse(receivedOn)
      if (receivedOn === undefined) return
      const reply = { number, receivedOn, document: options.document, content: options.content }
      cli.showOutcome(await recordReply(await cli.services(), cli.envelope(), reply), (answer, language) => [
        language === 'zh' ? `已登记 ${answer.number} 的回复。` : `The reply to ${answer.number} is recorded.`,
      ])
    })
}
