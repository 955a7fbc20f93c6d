import type { Command } from 'commander'
import { withThousands } from '../kernel/decimal.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { Cli } from '../platform/cli.ts'
import { malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { type ProposalViews, readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { approveRoster, returnRoster } from './approve-roster.ts'
import { compareRoster, differenceKinds, differenceNames, type RosterDifference } from './compare-roster.ts'
import { freezeRoster, type RosterProposal } from './freeze-roster.ts'
import { example } from './options.cli.ts'
import { publishRoster } from './publish-roster.ts'
import { listRosters } from './roster.queries.ts'
import { rosterProposalKind, rosterStateNames } from './roster.ts'
import { writeDifferences, writeRosterList } from './write-roster.ts'

/** How an approver reads a frozen roster. */
export const rosterProposalViews: ProposalViews = {
  [rosterProposalKind]: {
    zh: '征收名单',
    en: 'roster',
    decide: ({ id, contentDigest }) =>
      `qingliu dischargers approve-roster ${id} --digest ${contentDigest.slice(0, 12)} --as approver`,
    subject: (content: Json, language) => {
      const { versionNo, asOf } = content as RosterProposal
      return language === 'zh' ? `第 ${versionNo} 版（${asOf}）` : `version ${versionNo} (${asOf})`
    },
    lines: (content: Json, language) => {
      const { versionNo, asOf, accountCount, rosterDigest } = content as RosterProposal
      const count = withThousands(String(accountCount))
      return language === 'zh'
        ? [`名单第 ${versionNo} 版，截至 ${asOf}，共 ${count} 户`, `名单摘要：${rosterDigest}`]
        : [
            `Version ${versionNo} of the roster as of ${asOf}: ${count} accounts`,
            `Digest of its entries: ${rosterDigest}`,
          ]
    },
  },
}

/** `dischargers freeze-roster|approve-roster|return-roster|publish-roster|rosters|roster|compare-roster`. */
export function registerRosterCommands(dischargers: Command, cli: Cli): void {
  registerDecisions(dischargers, cli)
  registerReads(dischargers, cli)
}

function registerDecisions(dischargers: Command, cli: Cli): void {
  example(
    dischargers
      .command('freeze-roster')
      .description('冻结征收名单，报批（办法第十条） freeze the roster as of a day and propose it')
      .requiredOption('--as-of <date>', '截至日期 the day it shows'),
    'qingliu dischargers freeze-roster --as-of 2026-03-31 --as clerk',
  ).action(async (options: { asOf: string }) => {
    const asOf = readDate('--as-of', options.asOf)
    if (isRefusal(asOf)) return cli.refuse(asOf)
    if (asOf === undefined) return
    cli.showOutcome(await freezeRoster(await cli.services(), cli.envelope(), { asOf }), (answer, language) => {
      const count = withThousands(String(answer.accountCount))
      const approve = `qingliu dischargers approve-roster ${answer.proposalId} --digest ${answer.digest.slice(0, 12)}`
      return language === 'zh'
        ? [
            `已冻结名单第 ${answer.versionNo} 版（${answer.asOf}），共 ${count} 户，待他人批准：`,
            `  ${approve}`,
            `名单摘要：${answer.rosterDigest}`,
          ]
        : [
            `Froze version ${answer.versionNo} of the roster (${answer.asOf}), ${count} accounts; another person approves it:`,
            `  ${approve}`,
            `Digest of its entries: ${answer.rosterDigest}`,
          ]
    })
  })

  example(
    dischargers
      .command('approve-roster <proposal>')
      .description('批准征收名单（须他人） put a frozen roster in force')
      .option('--digest <beginning>', '所见内容摘要 the digest that was seen'),
    'qingliu dischargers approve-roster 12 --digest 3f9a0c12 --as approver',
  ).action(async (proposalId: string, options: { digest?: string }) => {
    const approval = { proposalId, ...(options.digest === undefined ? {} : { digestSeen: options.digest }) }
    const envelope = cli.envelope(['dischargers.approve-roster', proposalId, options.digest ?? ''])
    cli.showOutcome(await approveRoster(await cli.services(), envelope, approval), (answer, language) => {
      const count = withThousands(String(answer.accountCount))
      return [
        language === 'zh'
          ? `已批准名单第 ${answer.versionNo} 版（${answer.asOf}），共 ${count} 户。`
          : `Version ${answer.versionNo} of the roster (${answer.asOf}) is in force: ${count} accounts.`,
      ]
    })
  })

  example(
    dischargers
      .command('return-roster <proposal>')
      .description('退回征收名单 return a frozen roster to its maker')
      .requiredOption('--reason <text>', '原因 why')
      .option('--digest <beginning>', '所见内容摘要 the digest that was seen'),
    'qingliu dischargers return-roster 12 --reason 缺新增企业 --as approver',
  ).action(async (proposalId: string, options: { reason: string; digest?: string }) => {
    const returned = { proposalId, reason: options.reason, digestSeen: options.digest }
    const envelope = cli.envelope(['dischargers.return-roster', proposalId, options.reason])
    cli.showOutcome(await returnRoster(await cli.services(), envelope, returned), (answer, language) => [
      language === 'zh' ? `已退回：${answer.reason}` : `Returned: ${answer.reason}`,
    ])
  })

  example(
    dischargers
      .command('publish-roster <version>')
      .description('发布已批准的名单，并写出给供水公司的清单 publish an approved roster and write the company’s list')
      .requiredOption('--collector <code>', '代征单位 collector whose list is written')
      .requiredOption('--to <file>', '.xlsx 或 .csv')
      .option('--on <date>', '发布日期，默认当天 day of publication'),
    'qingliu dischargers publish-roster 3 --collector water --to 名单.xlsx --as clerk',
  ).action(async (version: string, options: { collector: string; to: string; on?: string }) => {
    const versionNo = readVersion(version)
    if (isRefusal(versionNo)) return cli.refuse(versionNo)
    const on = readDate('--on', options.on)
    if (isRefusal(on)) return cli.refuse(on)
    const services = await cli.services()
    // The list is written first: a file that cannot be written must not leave a publication behind.
    const rows = await writeRosterList(services.db, { versionNo, collectorCode: options.collector, to: options.to })
    if (isRefusal(rows)) return cli.refuse(rows)
    const envelope = cli.envelope(['dischargers.publish-roster', version])
    const outcome = await publishRoster(services, envelope, { versionNo, on: on ?? cli.today() })
    cli.showOutcome(outcome, (answer, language) => [
      language === 'zh'
        ? `名单第 ${answer.versionNo} 版已于 ${answer.publishedOn} 发布，写出 ${withThousands(String(rows))} 户：${options.to}`
        : `Version ${answer.versionNo} is published on ${answer.publishedOn}; ${withThousands(String(rows))} accounts: ${options.to}`,
    ])
  })
}

function registerReads(dischargers: Command, cli: Cli): void {
  example(
    dischargers.command('rosters').description('征收名单各版 every version of the roster'),
    'qingliu dischargers rosters',
  ).action(async () => {
    const versions = await listRosters((await cli.services()).db)
    cli.show(
      versions.map((version) => ({ ...version })),
      (language) => {
        const zh = language === 'zh'
        return alignColumns(
          zh
            ? ['版', '截至', '户数', '状态', '发布', '事项', '摘要']
            : ['version', 'as of', 'accounts', 'state', 'published', 'proposal', 'digest'],
          versions.map((each) => [
            String(each.versionNo),
            each.asOf,
            withThousands(String(each.accountCount)),
            rosterStateNames[each.state][language],
            each.publishedOn ?? '—',
            each.proposalId,
            each.digest.slice(0, 12),
          ]),
          [0, 2, 5],
        )
      },
    )
  })

  example(
    dischargers
      .command('roster <version>')
      .description('写出某版名单中一家供水公司的清单 write a collector’s list of a version')
      .requiredOption('--collector <code>', '代征单位 collector')
      .requiredOption('--to <file>', '.xlsx 或 .csv'),
    'qingliu dischargers roster 3 --collector water --to 名单.csv',
  ).action(async (version: string, options: { collector: string; to: string }) => {
    const versionNo = readVersion(version)
    if (isRefusal(versionNo)) return cli.refuse(versionNo)
    const { db } = await cli.services()
    const rows = await writeRosterList(db, { versionNo, collectorCode: options.collector, to: options.to })
    if (isRefusal(rows)) return cli.refuse(rows)
    cli.show({ file: options.to, rows }, (language) => [
      language === 'zh'
        ? `已写出 ${withThousands(String(rows))} 户：${options.to}`
        : `${withThousands(String(rows))} accounts: ${options.to}`,
    ])
  })

  example(
    dischargers
      .command('compare-roster <version> <file>')
      .description('名单与供水公司自己的用户清单双向比对 compare the roster with the company’s own list, both ways')
      .requiredOption('--collector <code>', '代征单位 collector')
      .option('--to <file>', '差异写入 .xlsx 或 .csv write the differences'),
    'qingliu dischargers compare-roster 3 公司用户.xlsx --collector water --to 差异.xlsx',
  ).action(async (version: string, path: string, options: { collector: string; to?: string }) => {
    const versionNo = readVersion(version)
    if (isRefusal(versionNo)) return cli.refuse(versionNo)
    const { db } = await cli.services()
    const differences: RosterDifference[] = []
    const comparison = await compareRoster(db, { versionNo, collectorCode: options.collector, path }, (difference) => {
      differences.push(difference)
    })
    if (isRefusal(comparison)) return cli.refuse(comparison)
    if (options.to !== undefined) {
      const written = await writeDifferences(options.to, differences, cli.language)
      if (isRefusal(written)) return cli.refuse(written)
    }
    const { rosterCount, listCount, counts } = comparison
    cli.show(
      {
        versionNo,
        asOf: comparison.roster.asOf,
        collector: comparison.collectorCode,
        rosterCount,
        listCount,
        counts,
        differences: differences.map((difference) => ({ ...difference })),
      },
      (language) => {
        const zh = language === 'zh'
        const shown = differences.slice(0, 50)
        return [
          zh
            ? `名单 ${withThousands(String(rosterCount))} 户，公司清单 ${withThousands(String(listCount))} 户，差异 ${withThousands(String(differences.length))} 项`
            : `Roster ${withThousands(String(rosterCount))}, list ${withThousands(String(listCount))}, differences ${withThousands(String(differences.length))}`,
          ...differenceKinds.map(
            (kind) => `  ${differenceNames[kind][language]}：${withThousands(String(counts[kind]))}`,
          ),
          ...(shown.length === 0
            ? []
            : [
                '',
                ...alignColumns(
                  zh ? ['户号', '差异', '名单', '公司', '行'] : ['account', 'difference', 'roster', 'list', 'row'],
                  shown.map((each) => [
                    each.accountNo,
                    differenceNames[each.kind][language],
                    each.inRoster,
                    each.inList,
                    each.rowNo === null ? '' : String(each.rowNo),
                  ]),
                  [4],
                ),
              ]),
          ...(differences.length > shown.length
            ? [zh ? '（只显示前 50 项，全部见 --to 文件）' : '(only the first 50; --to writes them all)']
            : []),
        ]
      },
    )
  })
}

function readVersion(text: string) {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : malformed('版 version', text, '1, 2, 3 …')
}
