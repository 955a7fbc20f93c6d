import { type Command, Option } from 'commander'
import { findDischarger } from '../dischargers/account.queries.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { type ProposalViews, readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { addPollutant } from './add-pollutant.ts'
import { approveLimits, returnQualityProposal } from './approve-limits.ts'
import { gradeNames, grades, type ProposedGrade } from './credit-grade.ts'
import { approveCreditGrade, gradeProposal, isGrade, proposeCreditGrade } from './grade-discharger.ts'
import { limitText, unitText } from './judged-text.ts'
import { boundNames } from './limit.ts'
import { readLimitsFile, writeLimitsTemplate } from './limits-file.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import { type LimitsProposal, limitsProposal, proposeLimits } from './propose-limits.ts'
import { gradeJson, limitJson } from './quality.json.ts'
import { creditGradesOf, limitsOfDischarger, listPollutants } from './quality.queries.ts'
import { referralProposal } from './refer-matter.ts'
import { matterNames, type ReferralProposal } from './referral.ts'
import { registerReferralCommands } from './referrals.cli.ts'
import { registerSampleCommands } from './samples.cli.ts'
import { registerTotals } from './totals.cli.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`

/** How an approver reads proposed limits, grades and referrals. */
export const qualityProposalViews: ProposalViews = {
  [limitsProposal]: {
    zh: '许可限值',
    en: 'permitted limits',
    decide: ({ id, contentDigest }) =>
      `qingliu quality limits approve ${id} --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content: Json, language) =>
      alignColumns(
        language === 'zh'
          ? ['排污者', '排污口', '污染物', '限值', '单位', '自', '批准文件']
          : ['discharger', 'outlet', 'pollutant', 'limit', 'unit', 'from', 'document'],
        (content as unknown as LimitsProposal).changes.map((change) => [
          change.discharger,
          change.outletNo,
          change.pollutant,
          change.value === undefined
            ? `${boundNames[change.bound][language]} ${language === 'zh' ? '（取消）' : '(ends)'}`
            : `${boundNames[change.bound][language]} ${change.value}`.trim(),
          unitText(change.unit, language),
          change.from,
          change.document,
        ]),
      ),
  },
  [gradeProposal]: {
    zh: '信用等级',
    en: 'credit grade',
    decide: ({ id, contentDigest }) =>
      `qingliu quality grades approve ${id} --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content: Json, language) => {
      const { dischargerCode, grade, ratedYear, document, from, until } = content as unknown as ProposedGrade
      return language === 'zh'
        ? [
            `排污者 ${dischargerCode}：${ratedYear} 年度 ${gradeNames[grade].zh}，${from} 至 ${until || '另行评定'}（不含）`,
            `评定文件：${document}`,
          ]
        : [
            `Discharger ${dischargerCode}: ${gradeNames[grade].en} for ${ratedYear}, from ${from} until ${until || 'the next one'}`,
            `Document: ${document}`,
          ]
    },
  },
  [referralProposal]: {
    zh: '移送',
    en: 'referral',
    decide: ({ id, contentDigest }) =>
      `qingliu quality referrals approve ${id} --digest ${contentDigest.slice(0, 12)} --as approver`,
    subject: (content) => {
      const { matter, recipient } = content as unknown as ReferralProposal
      return `${matterNames[matter.kind].zh} ${matter.id} → ${recipient}`
    },
    lines: (content: Json, language) => {
      const { matter, recipient, facts, evidence, exceeded } = content as unknown as ReferralProposal
      const zh = language === 'zh'
      const what = matterNames[matter.kind][language]
      return [
        zh ? `将${what} ${matter.id} 移送：${recipient}` : `Refer ${what} ${matter.id} to: ${recipient}`,
        ...exceeded.map((line) => `  ${line}`),
        ...(facts === '' ? [] : [facts]),
        ...evidence.map(({ name, digest }) => `${zh ? '附件' : 'evidence'} ${name}  ${digest.slice(0, 12)}`),
      ]
    },
  },
}

/** `quality pollutants|limits|samples|exceedances|totals|accidents|grades|referrals …`. */
export function registerQualityCommands(program: Command, cli: Cli, volumes: OutletVolumes): void {
  const quality = program
    .command('quality')
    .description('水质：限值、样品、事故、移送 limits, samples, accidents, referrals')
  registerPollutants(quality, cli)
  registerLimits(quality, cli)
  registerSampleCommands(quality, cli)
  registerTotals(quality, cli, volumes)
  registerReferralCommands(quality, cli, volumes)
  registerGrades(quality, cli)
}

function registerPollutants(quality: Command, cli: Cli): void {
  quality
    .command('pollutants')
    .description('污染物 pollutants that are limited and measured')
    .addHelpText('after', example('qingliu quality pollutants'))
    .action(async () => {
      const pollutants = await listPollutants((await cli.services()).db)
      cli.show(pollutants as unknown as Json, (language) =>
        alignColumns(
          language === 'zh'
            ? ['代码', '名称', '单位', '第一类', '别名']
            : ['code', 'name', 'unit', 'first class', 'aliases'],
          pollutants.map(({ code, zh, en, unit, firstClass, aliases }) => [
            code,
            language === 'zh' ? zh : en,
            unit,
            firstClass ? (language === 'zh' ? '是' : 'yes') : '',
            aliases.join('、'),
          ]),
        ),
      )
    })

  quality
    .command('add-pollutant <code> <name>')
    .description('增加污染物 list a further pollutant')
    .requiredOption('--en <name>', '英文名 name in English')
    .requiredOption('--unit <unit>', '单位 unit, e.g. mg/L')
    .option('--alias <name>', '别名，可多次 other names', (value: string, before: string[]) => [...before, value], [])
    .option('--first-class', '第一类污染物（办法第五条） first class')
    .addHelpText(
      'after',
      example('qingliu quality add-pollutant tungsten 总钨 --en tungsten --unit mg/L --alias W --as clerk'),
    )
    .action(
      async (
        code: string,
        zh: string,
        options: { en: string; unit: string; alias: string[]; firstClass?: boolean },
      ) => {
        const entered = {
          code,
          zh,
          en: options.en,
          aliases: options.alias,
          unit: options.unit,
          firstClass: options.firstClass === true,
        }
        cli.showOutcome(await addPollutant(await cli.services(), cli.envelope(), entered), (answer, language) => [
          language === 'zh'
            ? `已增加污染物 ${answer.code} ${answer.zh}（${answer.unit}）。`
            : `Added ${answer.code} (${answer.unit}).`,
        ])
      },
    )
}

function registerLimits(quality: Command, cli: Cli): void {
  const limits = quality.command('limits').description('许可限值 permitted limits')

  limits
    .command('list <discharger>')
    .description('排污者各排污口的限值 the limits of a discharger’s outlets')
    .addHelpText('after', example('qingliu quality limits list P0012'))
    .action(async (code: string) => {
      const { db } = await cli.services()
      const of = await limitsOfDischarger(db, code)
      if (isRefusal(of)) return cli.refuse(of)
      const found = of.limits
      const names = new Map((await listPollutants(db)).map((each) => [each.code, each]))
      cli.show(found.map(limitJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0) {
          return [
            zh
              ? `${of.name} 还没有许可限值。空白表：qingliu quality limits template 限值.xlsx`
              : `${of.name} has no permitted limit yet. A blank form: qingliu quality limits template limits.xlsx`,
          ]
        }
        return alignColumns(
          zh
            ? ['排污口', '污染物', '限值', '单位', '自', '至', '批准文件']
            : ['outlet', 'pollutant', 'limit', 'unit', 'from', 'until', 'document'],
          found.map((limit) => [
            limit.outletNo,
            names.get(limit.pollutant)?.[language] ?? limit.pollutant,
            limitText(limit, language),
            unitText(limit.unit, language),
            limit.validity.from,
            limit.validity.until ?? '',
            limit.document,
          ]),
        )
      })
    })

  limits
    .command('propose <file>')
    .description(
      '按批准文件提交限值（.xlsx、.xls、.csv），由他人审批 propose limits from a file; another person approves them',
    )
    .addHelpText('after', example('qingliu quality limits propose 限值.xlsx --as clerk'))
    .action(async (path: string) => {
      const entered = await readLimitsFile(path)
      if (isRefusal(entered)) return cli.refuse(entered)
      cli.showOutcome(await proposeLimits(await cli.services(), cli.envelope(), entered), (answer, language) => {
        const decide = `qingliu quality limits approve ${answer.proposalId} --digest ${answer.digest.slice(0, 12)} --as approver`
        return language === 'zh'
          ? [`已提交 ${answer.limits} 项限值（事项 ${answer.proposalId}）。`, `由他人审批：${decide}`]
          : [
              `${answer.limits} limits are proposed (no. ${answer.proposalId}).`,
              `Another person approves them: ${decide}`,
            ]
      })
    })

  limits
    .command('template <path>')
    .description('空白限值表 a blank form to fill in')
    .addHelpText('after', example('qingliu quality limits template 限值.xlsx'))
    .action(async (path: string) => {
      const refusal = await writeLimitsTemplate(path)
      if (refusal !== undefined) return cli.refuse(refusal)
      cli.show({ path }, (language) => [language === 'zh' ? `已生成 ${path}` : `Written: ${path}`])
    })

  decisions(limits, cli, 'limits', limitsProposal, async (proposalId, digestSeen) => {
    const envelope = cli.envelope(['quality.approve-limits', proposalId, digestSeen ?? ''])
    cli.showOutcome(
      await approveLimits(await cli.services(), envelope, { proposalId, digestSeen }),
      (answer, language) => [
        language === 'zh'
          ? `已批准：新限值 ${answer.limits} 项，终止旧限值 ${answer.ended} 项。`
          : `Approved: ${answer.limits} limits, ${answer.ended} before them ended.`,
      ],
    )
  })
}

function registerGrades(quality: Command, cli: Cli): void {
  const group = quality.command('grades').description('环境信用等级 credit grades')

  group
    .command('list <discharger>')
    .description('排污者历次信用等级 the grades of a discharger')
    .addHelpText('after', example('qingliu quality grades list P0012'))
    .action(async (code: string) => {
      const { db } = await cli.services()
      const discharger = await findDischarger(db, code)
      if (isRefusal(discharger)) return cli.refuse(discharger)
      const found = await creditGradesOf(db, discharger.dischargerId)
      cli.show(found.map(gradeJson), (language) =>
        found.length === 0
          ? [language === 'zh' ? '没有评定过信用等级。' : 'It was never graded.']
          : alignColumns(
              language === 'zh'
                ? ['年度', '等级', '自', '至（不含）', '评定文件']
                : ['year', 'grade', 'from', 'until', 'document'],
              found.map(({ ratedYear, grade, validity, document }) => [
                String(ratedYear),
                gradeNames[grade][language],
                validity.from,
                validity.until ?? '',
                document,
              ]),
            ),
      )
    })

  group
    .command('propose <discharger>')
    .description('提交信用等级，由他人审批 propose a credit grade; another person approves it')
    .addOption(new Option('--grade <grade>', '等级').choices(grades).makeOptionMandatory())
    .requiredOption('--year <year>', '评价年度 the year rated')
    .requiredOption('--document <text>', '评定文件 the rating document')
    .requiredOption('--from <date>', '起始日 first day')
    .option('--until <date>', '终止日（不含） day after the last')
    .addHelpText(
      'after',
      example(
        'qingliu quality grades propose P0012 --grade red --year 2025 --document 示例环评价〔2026〕3号 --from 2026-04-01 --until 2027-04-01 --as ecology',
      ),
    )
    .action(
      async (
        dischargerCode: string,
        options: { grade: string; year: string; document: string; from: string; until?: string },
      ) => {
        const from = readDate('--from', options.from)
        const until = readDate('--until', options.until)
        if (isRefusal(from)) return cli.refuse(from)
        if (isRefusal(until)) return cli.refuse(until)
        if (!/^(19|20|21)\d\d$/.test(options.year)) return cli.refuse(malformed('--year', options.year, 'YYYY'))
        if (from === undefined || !isGrade(options.grade)) return
        const entered = {
          dischargerCode,
          grade: options.grade,
          ratedYear: Number(options.year),
          document: options.document,
          from,
          until: until ?? ('' as const),
        }
        cli.showOutcome(await proposeCreditGrade(await cli.services(), cli.envelope(), entered), (answer, language) => {
          const decide = `qingliu quality grades approve ${answer.proposalId} --digest ${answer.digest.slice(0, 12)} --as approver`
          return language === 'zh'
            ? [`${answer.discharger} 的信用等级已提交（事项 ${answer.proposalId}）。`, `由他人审批：${decide}`]
            : [
                `A grade of ${answer.discharger} is proposed (no. ${answer.proposalId}).`,
                `Another person approves it: ${decide}`,
              ]
        })
      },
    )

  decisions(group, cli, 'grades', gradeProposal, async (proposalId, digestSeen) => {
    const envelope = cli.envelope(['quality.approve-credit-grade', proposalId, digestSeen ?? ''])
    const outcome = await approveCreditGrade(await cli.services(), envelope, { proposalId, digestSeen })
    cli.showOutcome(outcome, (answer, language) => {
      const name = gradeNames[answer.grade][language]
      return [
        language === 'zh'
          ? `${answer.discharger} 自 ${answer.from} 起信用等级为${name}。`
          : `${answer.discharger} is graded ${name} from ${answer.from}.`,
      ]
    })
  })
}

/** `approve` and `return` of one kind of proposal. */
function decisions(
  group: Command,
  cli: Cli,
  name: 'limits' | 'grades',
  proposalKind: string,
  approve: (proposalId: string, digestSeen: string | undefined) => Promise<void>,
): void {
  group
    .command('approve <proposal>')
    .description('批准（须他人） approve, by another person')
    .option('--digest <digest>', '您看到的摘要（至少 8 位） the digest you saw, at least 8 characters')
    .addHelpText('after', example(`qingliu quality ${name} approve 12 --digest 5f2c8a10 --as approver`))
    .action((proposalId: string, options: { digest?: string }) => approve(proposalId, options.digest))

  group
    .command('return <proposal>')
    .description('退回经办人 return to its maker')
    .requiredOption('--reason <text>', '退回理由 why')
    .option('--digest <digest>', '您看到的摘要 the digest you saw')
    .addHelpText('after', example(`qingliu quality ${name} return 12 --reason 依据不足 --as approver`))
    .action(async (proposalId: string, options: { reason: string; digest?: string }) => {
      const returned = { proposalId, reason: options.reason, digestSeen: options.digest }
      const outcome = await returnQualityProposal(await cli.services(), cli.envelope(), proposalKind, returned)
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `事项 ${answer.proposalId} 已退回：${answer.reason}`
          : `No. ${answer.proposalId} is returned: ${answer.reason}`,
      ])
    })
}
