import { type Command, Option } from 'commander'
import { findAccount } from '../dischargers/account.queries.ts'
import { type CivilDate, parseCivilDate, parseFeeMonth } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { type Cli, Ended, type Language, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import type { ProposalViews } from '../platform/platform.cli.ts'
import type { Proposal } from '../platform/proposals.ts'
import {
  type DeclarationContent,
  decideDeclaration,
  decideRatedFlow,
  declarationProposalKind,
  declareOwnSource,
  proposeRatedFlow,
  type RatedFlowContent,
  ratedFlowProposalKind,
} from './declare-own-source.ts'
import {
  basisProposalKind,
  decideVolumeBasis,
  endVolumeBasis,
  type LastBilledDay,
  proposeVolumeBasis,
} from './propose-volume-basis.ts'
import { basesOf } from './volume.queries.ts'
import { basisNames, type ProposedBasis, type VolumeBasisKind, volumeBases } from './volume-basis.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const allDays = { from: '1990-01-01' as CivilDate, until: '2199-12-31' as CivilDate }

const decideBy = (command: string) => (proposal: Proposal) =>
  `qingliu volumes ${command} ${proposal.id} --approve --digest ${proposal.contentDigest.slice(0, 12)} --as approver`

/** How an approver reads a proposed basis, a declaration and a proposed rated flow. */
export const volumeProposalViews: ProposalViews = {
  [basisProposalKind]: {
    zh: '计量依据',
    en: 'volume basis',
    decide: decideBy('decide-basis'),
    subject: (content) => {
      const { accountNo, validFrom } = content as unknown as ProposedBasis
      return `${accountNo} ${validFrom}`
    },
    lines: (content, language) => basisLines(content as unknown as ProposedBasis, language),
  },
  [declarationProposalKind]: {
    zh: '自备水源申报',
    en: 'own-source declaration',
    decide: decideBy('decide-declaration'),
    subject: (content) => accountAndMonth(content as unknown as DeclarationContent),
    lines: (content, language) => {
      const { accountNo, feeMonth, volumeM3, evidence, revision } = content as unknown as DeclarationContent
      const corrects = { zh: `第 ${revision} 次更正已审核的申报`, en: `correction ${revision} of a reviewed one` }
      return labelled(language, [
        ['户号', 'Account', accountNo],
        ['费款所属月份', 'Fee month', feeMonth],
        ['申报水量', 'Declared volume', `${volumeForPeople(volume(volumeM3))} m³`],
        ['更正', 'Correction', revision === 0 ? null : corrects[language]],
        ['依据', 'Evidence', evidence],
      ])
    },
  },
  [ratedFlowProposalKind]: {
    zh: '额定流量核定',
    en: 'rated flow',
    decide: decideBy('decide-rated-flow'),
    subject: (content) => accountAndMonth(content as unknown as RatedFlowContent),
    lines: (content, language) => {
      const { accountNo, feeMonth, ratedFlowM3PerHour, reason } = content as unknown as RatedFlowContent
      return labelled(language, [
        ['户号', 'Account', accountNo],
        ['费款所属月份', 'Fee month', feeMonth],
        ['额定流量', 'Rated flow', `${ratedFlowM3PerHour} m³/h × 24 h`],
        ['原因', 'Reason', reason],
      ])
    },
  },
}

const accountAndMonth = ({ accountNo, feeMonth }: { readonly accountNo: string; readonly feeMonth: string }) =>
  `${accountNo} ${feeMonth}`

function basisLines(proposed: ProposedBasis, language: Language): string[] {
  const { validFrom, validUntil, postedFrom, postedUntil } = proposed
  const yesNo = (is: boolean) => (language === 'zh' ? (is ? '是' : '否') : is ? 'yes' : 'no')
  const ofDischarge = (is: boolean) => (proposed.basis === 'actual_discharge' ? yesNo(is) : null)
  const until = { zh: `${validUntil}（不含）`, en: `${validUntil}, excluded` }
  return labelled(language, [
    ['户号', 'Account', proposed.accountNo],
    ['计量依据', 'Volume basis', basisNames[proposed.basis][language]],
    ['条款', 'Clause', basisNames[proposed.basis].clause],
    ['生效日', 'First day', validFrom],
    ['终止日', 'End', validUntil === null ? null : until[language]],
    ['额定流量', 'Rated flow', proposed.ratedFlowM3PerHour === null ? null : `${proposed.ratedFlowM3PerHour} m³/h`],
    ['每月定额', 'Quota a month', proposed.quotaM3PerMonth === null ? null : `${proposed.quotaM3PerMonth} m³`],
    ['认定文号', 'Determination', proposed.determinationNo],
    ['公示', 'Posted', postedFrom === null ? null : `${postedFrom} → ${postedUntil ?? ''}`],
    ['排污口有在线流量计', 'Outlet has an online meter', ofDischarge(proposed.outletHasOnlineMeter)],
    ['产品以水为主', 'Product is mainly water', ofDischarge(proposed.productIsMainlyWater)],
    ['依据', 'Evidence', proposed.evidence],
  ])
}

/** One line a fact; what does not apply (null) is left out. */
function labelled(language: Language, facts: readonly (readonly [string, string, string | null])[]): string[] {
  return facts.flatMap(([zh, en, value]) =>
    value === null ? [] : [language === 'zh' ? `${zh}：${value}` : `${en}: ${value}`],
  )
}

/** `qingliu volumes …`: grounds other than the public meter, own-source declarations and rated flow. */
export function registerVolumesCommands(program: Command, cli: Cli, lastBilledDay: LastBilledDay): void {
  const volumes = program
    .command('volumes')
    .description('计费水量：计量依据与自备水源 billable volume: bases and own sources')
  registerBases(volumes, cli, lastBilledDay)
  registerOwnSource(volumes, cli)
}

function registerBases(volumes: Command, cli: Cli, lastBilledDay: LastBilledDay): void {
  volumes
    .command('propose-basis <account>')
    .description('提出计量依据（须他人审批） propose on which ground an account is billed')
    .option('--collector <code>', '代征单位 collector of the account')
    .addOption(
      new Option(
        '--basis <basis>',
        `计量依据 ${volumeBases.map((basis) => `${basis} ${basisNames[basis].zh}`).join('、')}`,
      )
        .choices(volumeBases)
        .makeOptionMandatory(),
    )
    .requiredOption('--from <date>', '生效日（月初） first day, a first of a month')
    .option('--until <date>', '终止日（不含） end, excluded')
    .requiredOption('--evidence <text>', '依据：文号、核查记录 evidence')
    .option('--rated-flow <m3/h>', '取水设施额定流量 rated flow of the intake')
    .option('--quota <m3>', '每月定额 quota a month')
    .option('--outlet <no>', '排污口编号 outlet')
    .option('--determination <no>', '认定文号 determination number')
    .option('--posted-from <date>', '公示开始 posted from')
    .option('--posted-until <date>', '公示结束 posted until')
    .addHelpText(
      'after',
      example(
        'qingliu volumes propose-basis 0010901 --basis rated_flow --rated-flow 25 --from 2026-01-01 --evidence 取水许可示例12号 --as clerk',
      ),
    )
    .action(async (accountNo: string, options: Record<string, string | undefined>) => {
      const date = dates(cli)
      const input = {
        accountNo,
        collectorCode: options['collector'],
        basis: options['basis'] as VolumeBasisKind,
        ratedFlowM3PerHour: options['ratedFlow'],
        quotaM3PerMonth: options['quota'],
        outletNo: options['outlet'],
        determinationNo: options['determination'],
        postedFrom: date('--posted-from', options['postedFrom']),
        postedUntil: date('--posted-until', options['postedUntil']),
        evidence: options['evidence'] ?? '',
        validFrom: date('--from', options['from']) as CivilDate,
        validUntil: date('--until', options['until']),
      }
      const outcome = await proposeVolumeBasis(await cli.services(), cli.envelope(), input)
      cli.showOutcome(outcome, (...said) => waiting('decide-basis', ...said))
    })

  decision(volumes, 'decide-basis', '审批计量依据 decide a proposed basis', cli, async (proposalId, chosen) => {
    const envelope = cli.envelope(['volumes.decide-basis', proposalId, chosen.outcome, chosen.reason])
    cli.showOutcome(await decideVolumeBasis(await cli.services(), envelope, { proposalId, ...chosen }), (...said) =>
      decided(...said),
    )
  })

  volumes
    .command('end-basis <basis>')
    .description('终止计量依据（一次） end a basis, once')
    .requiredOption('--on <date>', '自此日起不再适用 first day without it')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('qingliu volumes end-basis 3 --on 2026-04-01 --reason 已装表 --as clerk'))
    .action(async (basisId: string, options: { on: string; reason: string }) => {
      const validUntil = dates(cli)('--on', options.on) as CivilDate
      const outcome = await endVolumeBasis(
        await cli.services(),
        cli.envelope(),
        { basisId, validUntil, reason: options.reason },
        lastBilledDay,
      )
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `计量依据 ${answer.basisId} 自 ${answer.validUntil} 起终止。`
          : `Basis ${answer.basisId} ends on ${answer.validUntil}.`,
      ])
    })

  volumes
    .command('bases <account>')
    .description('一个户的计量依据 the bases of an account')
    .option('--collector <code>', '代征单位 collector of the account')
    .addHelpText('after', example('qingliu volumes bases 0010901'))
    .action(async (accountNo: string, options: { collector?: string }) => {
      const { db } = await cli.services()
      const account = await findAccount(db, options.collector, accountNo)
      if (isRefusal(account)) return cli.refuse(account)
      const bases = (await basesOf(db, [account.accountId], allDays)).get(account.accountId) ?? []
      cli.show(JSON.parse(JSON.stringify(bases)), (language) =>
        bases.length === 0
          ? [
              language === 'zh'
                ? '按公共供水水表计费，没有其他计量依据。'
                : 'Billed by the public meter; no other basis.',
            ]
          : alignColumns(
              language === 'zh'
                ? ['编号', '计量依据', '自', '至', '依据']
                : ['id', 'basis', 'from', 'until', 'evidence'],
              bases.map((basis) => [
                basis.basisId,
                basisNames[basis.basis][language],
                basis.validity.from,
                basis.validity.until ?? '—',
                basis.evidence,
              ]),
            ),
      )
    })
}

function registerOwnSource(volumes: Command, cli: Cli): void {
  volumes
    .command('declare <account> <month>')
    .description('登记自备水源申报（须审核） declare an own-source month, for review')
    .option('--collector <code>', '代征单位 collector of the account')
    .requiredOption('--volume <m3>', '用水量 m³')
    .requiredOption('--evidence <text>', '依据：申报表 evidence')
    .option('--corrects', '更正已审核的申报 corrects a reviewed declaration')
    .addHelpText(
      'after',
      example('qingliu volumes declare 0010902 2026-03 --volume 4200 --evidence 申报表示例03 --as clerk'),
    )
    .action(
      async (
        accountNo: string,
        monthText: string,
        options: { collector?: string; volume: string; evidence: string; corrects?: boolean },
      ) => {
        const feeMonth = parseFeeMonth(monthText)
        if (feeMonth === undefined) return cli.refuse(malformed('month', monthText, 'YYYY-MM'))
        const input = {
          accountNo,
          feeMonth,
          collectorCode: options.collector,
          volumeM3: options.volume,
          evidence: options.evidence,
          corrects: options.corrects,
        }
        const outcome = await declareOwnSource(await cli.services(), cli.envelope(), input)
        cli.showOutcome(outcome, (...said) => waiting('decide-declaration', ...said))
      },
    )
  decision(volumes, 'decide-declaration', '审核自备水源申报 review a declaration', cli, async (proposalId, chosen) => {
    const envelope = cli.envelope(['volumes.decide-declaration', proposalId, chosen.outcome, chosen.reason])
    cli.showOutcome(await decideDeclaration(await cli.services(), envelope, { proposalId, ...chosen }), (...said) =>
      decided(...said),
    )
  })
  volumes
    .command('propose-rated-flow <account> <month>')
    .description('未申报：提出按额定流量×24小时计 propose rated flow × 24 h where nothing was declared')
    .option('--collector <code>', '代征单位 collector of the account')
    .requiredOption('--rated-flow <m3/h>', '额定流量 rated flow')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText(
      'after',
      example('qingliu volumes propose-rated-flow 0010902 2026-03 --rated-flow 25 --reason 逾期未申报 --as clerk'),
    )
    .action(
      async (
        accountNo: string,
        monthText: string,
        options: { collector?: string; ratedFlow: string; reason: string },
      ) => {
        const feeMonth = parseFeeMonth(monthText)
        if (feeMonth === undefined) return cli.refuse(malformed('month', monthText, 'YYYY-MM'))
        const input = {
          accountNo,
          feeMonth,
          collectorCode: options.collector,
          ratedFlowM3PerHour: options.ratedFlow,
          reason: options.reason,
        }
        const outcome = await proposeRatedFlow(await cli.services(), cli.envelope(), input)
        cli.showOutcome(outcome, (...said) => waiting('decide-rated-flow', ...said))
      },
    )
  decision(
    volumes,
    'decide-rated-flow',
    '审批按额定流量计费 decide a proposed rated flow',
    cli,
    async (proposalId, chosen) => {
      const envelope = cli.envelope(['volumes.decide-rated-flow', proposalId, chosen.outcome, chosen.reason])
      cli.showOutcome(await decideRatedFlow(await cli.services(), envelope, { proposalId, ...chosen }), (...said) =>
        decided(...said),
      )
    },
  )
}

interface Chosen {
  readonly outcome: 'approved' | 'returned'
  readonly reason: string
  readonly digestSeen?: string | undefined
}

function decision(
  volumes: Command,
  name: string,
  description: string,
  cli: Cli,
  decide: (proposalId: string, chosen: Chosen) => Promise<void>,
): void {
  volumes
    .command(`${name} <proposal>`)
    .description(`${description}（须他人 by another person）`)
    .option('--approve', '批准 approve')
    .option('--return <reason>', '退回，写明原因 return it with a reason')
    .option('--digest <digest>', '您看到的摘要 the digest you saw')
    .addHelpText('after', example(`qingliu volumes ${name} 7 --approve --as approver`))
    .action(async (proposalId: string, options: { approve?: boolean; return?: string; digest?: string }) => {
      if ((options.approve === true) === (options.return !== undefined))
        return cli.refuse(malformed(name, proposalId, '--approve | --return "原因"'))
      await decide(proposalId, {
        outcome: options.approve ? 'approved' : 'returned',
        reason: options.return ?? '',
        digestSeen: options.digest,
      })
    })
}

function waiting(
  command: string,
  answer: { readonly proposalId: string; readonly digest: string },
  language: Language,
  trial: boolean,
): string[] {
  const zh = language === 'zh'
  if (trial) {
    return zh
      ? ['检查通过，没有提出。去掉 --dry-run 再运行，即提出、待他人审批。']
      : ['It would be taken: nothing was proposed. Run it without --dry-run to propose it to another person.']
  }
  const next = `qingliu volumes ${command} ${answer.proposalId} --approve --as approver`
  return zh
    ? [`已提出 ${answer.proposalId}（摘要 ${answer.digest.slice(0, 12)}），须他人审批：${next}`]
    : [`Proposed ${answer.proposalId} (digest ${answer.digest.slice(0, 12)}); another person decides it: ${next}`]
}

function decided(
  answer: { readonly proposalId: string; readonly outcome: string },
  language: Language,
  trial: boolean,
): string[] {
  const approved = answer.outcome === 'approved'
  const zh = language === 'zh'
  if (trial) {
    const would = approved ? ['批准', 'approved'] : ['退回', 'returned']
    return zh
      ? [`检查通过，事项 ${answer.proposalId} 没有${would[0]}。去掉 --dry-run 再运行，即${would[0]}。`]
      : [`Proposal ${answer.proposalId} can be ${would[1]}; it was not. Run it without --dry-run to do so.`]
  }
  return [
    zh
      ? `事项 ${answer.proposalId} 已${approved ? '批准' : '退回'}。`
      : `Proposal ${answer.proposalId} is ${approved ? 'approved' : 'returned'}.`,
  ]
}

/** Reads date options; a malformed one ends the command with its refusal. */
function dates(cli: Cli): (option: string, text: string | undefined) => CivilDate | undefined {
  return (option, text) => {
    if (text === undefined) return undefined
    const date = parseCivilDate(text)
    if (date !== undefined) return date
    cli.refuse(malformed(option, text, 'YYYY-MM-DD'))
    throw new Ended(option)
  }
}
