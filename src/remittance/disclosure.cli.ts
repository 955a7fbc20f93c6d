import type { Command } from 'commander'
import { isRefusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { type Cli, type Language, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import type { Json } from '../platform/platform.tables.ts'
import { example, yuan } from './cli-words.ts'
import { refuseClosing } from './closing.refusals.ts'
import { decisionOf } from './decision.cli.ts'
import { findRelease, listReleases, type ReleaseContent, releaseJson } from './disclosure.queries.ts'
import { collectorNamed, type Disclosure, disclosureOf, type UsesOfFee } from './disclosure.ts'
import type { Stated } from './disclosure-words.ts'
import { decideRelease, proposeRelease } from './release-disclosure.ts'
import { writeDisclosure } from './write-disclosure.ts'

/** What is made public of a year: `disclosure`, `disclosures`, `release-disclosure`, `decide-disclosure`. */
export function registerDisclosure(remittance: Command, cli: Cli, usesOfFee: readonly UsesOfFee[]): void {
  remittance
    .command('disclosure <year>')
    .description(
      '一年的征收使用情况：现在的事实，或已公开的一版 a year’s collection and use, as the facts are or as released',
    )
    .option('--release <number>', '已公开的第几版；不写则为现在的事实 a release; else the facts as they are')
    .option('--to <file>', '文件（.xlsx、.csv、.json） file')
    .addHelpText(
      'after',
      example(
        'qingliu remittance disclosure 2025 --to 公开2025.xlsx',
        'qingliu remittance disclosure 2025 --release 1 --json',
      ),
    )
    .action(async (text: string, options: { release?: string; to?: string }) => {
      if (!/^[12]\d{3}$/.test(text)) return cli.refuse(malformed('year', text, 'YYYY'))
      const { release, to } = options
      if (release !== undefined && !/^[1-9]\d{0,3}$/.test(release))
        return cli.refuse(malformed('--release', release, '1 …'))
      const { db } = await cli.services()
      const released = release === undefined ? undefined : await findRelease(db, Number(text), Number(release))
      if (release !== undefined && released === undefined)
        return cli.refuse(refuseClosing('disclosure_unknown', { year: text }))
      const disclosure = released?.content ?? (await disclosureOf(db, Number(text), cli.today(), usesOfFee))
      const written = to === undefined ? undefined : await writeDisclosure(disclosure, to)
      if (isRefusal(written)) return cli.refuse(written)
      cli.show(disclosure as unknown as Json, (language) => [
        ...disclosureLines(disclosure, language),
        ...(written === undefined
          ? []
          : [language === 'zh' ? `已写入 ${written.path}。` : `Written to ${written.path}.`]),
      ])
    })

  remittance
    .command('disclosures')
    .description('已公开的年度及各版 what was made public, every release')
    .addHelpText('after', example('qingliu remittance disclosures'))
    .action(async () => {
      const released = (await listReleases((await cli.services()).db)).map(releaseJson)
      cli.show(released, (language) => {
        const zh = language === 'zh'
        if (released.length === 0) return [zh ? '还没有公开过任何年度。' : 'No year is public yet.']
        return alignColumns(
          zh
            ? ['年度', '版次', '公开日期', '入国库(元)', '使用(元)', '状态', '摘要']
            : ['year', 'release', 'released on', 'to the treasury', 'used', 'state', 'digest'],
          released.map((each) => [
            String(each.year),
            String(each.release),
            each.releasedOn,
            yuan(each.toTreasury),
            yuan(each.used),
            each.stands ? (zh ? '现行' : 'stands') : zh ? '已被更正' : 'superseded',
            each.digest.slice(0, 12),
          ]),
          [1, 3, 4],
        )
      })
    })

  remittance
    .command('release-disclosure <year>')
    .description('提出公开一年的征收使用情况（另一人审批后公开） propose to make a year public')
    .option('--reason <text>', '更正原因；再次公开同一年时必填 why it is corrected; needed for a further release')
    .addHelpText(
      'after',
      example(
        'qingliu remittance release-disclosure 2025 --as clerk',
        'qingliu remittance release-disclosure 2025 --reason 补记12月入库 --as clerk',
      ),
    )
    .action(async (text: string, options: { reason?: string }) => {
      if (!/^[12]\d{3}$/.test(text)) return cli.refuse(malformed('year', text, 'YYYY'))
      const input = { year: Number(text), reason: options.reason }
      cli.showOutcome(
        await proposeRelease(await cli.services(), cli.envelope(), input, usesOfFee),
        (answer, language) => {
          const zh = language === 'zh'
          return [
            zh
              ? `已提出公开 ${answer.year} 年第 ${answer.release} 版：开账 ${yuan(answer.billed)} 元，已收 ${yuan(answer.collected)} 元，入国库 ${yuan(answer.toTreasury)} 元，使用 ${yuan(answer.used)} 元。`
              : `Release ${answer.release} of ${answer.year} is proposed: billed ${yuan(answer.billed)}, collected ${yuan(answer.collected)}, to the treasury ${yuan(answer.toTreasury)}, used ${yuan(answer.used)}.`,
            `${zh ? '待审批' : 'Another person decides'}: qingliu remittance decide-disclosure ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)} --as approver`,
          ]
        },
      )
    })

  decisionOf(
    remittance
      .command('decide-disclosure <proposal>')
      .description('审批公开：批准即向公众公开 decide what is made public'),
    cli,
    {
      command: 'remittance.decide-disclosure',
      example: 'qingliu remittance decide-disclosure 41 --approve --digest 3fa9c2d17b04 --as approver',
      decide: decideRelease,
      lines: (answer, language) => {
        const zh = language === 'zh'
        if (answer.digest === null)
          return [zh ? `已退回 ${answer.year} 年的公开稿。` : `The disclosure of ${answer.year} was returned.`]
        return [
          zh
            ? `已公开 ${answer.year} 年第 ${answer.release} 版：/disclosure/${answer.year}，JSON 文件的 SHA-256 ${answer.digest}`
            : `Release ${answer.release} of ${answer.year} is public at /disclosure/${answer.year}; SHA-256 of its JSON file ${answer.digest}`,
        ]
      },
    },
  )
}

/** What of a year is made public, for a terminal: also for the list of what waits. */
export function disclosureLines(of: Disclosure | ReleaseContent, language: Language): string[] {
  const zh = language === 'zh'
  const { totals } = of
  const stated = (each: Stated) => `  ${each[language]}${zh ? `（${each.clause.zh}）` : ` (${each.clause.en})`}`
  return [
    zh
      ? `${of.year} 年污水处理费征收使用情况（截至 ${of.asOf}）`
      : `Collection and use of the wastewater fee in ${of.year} (as of ${of.asOf})`,
    ...(of.leftOut === null ? [] : [of.leftOut[language]]),
    ...alignColumns(
      zh
        ? ['类别', '计费水量(m³)', '应征(元)', '已征', '未征']
        : ['category', 'm³', 'billed', 'collected', 'uncollected'],
      [
        ...of.collection.map((each) => [
          each.category[language],
          volumeForPeople(volume(each.volumeM3)),
          ...[each.billed, each.collected, each.uncollected].map(yuan),
        ]),
        [
          zh ? '合计' : 'total',
          volumeForPeople(volume(totals.volumeM3)),
          ...[totals.billed, totals.collected, totals.uncollected].map(yuan),
        ],
      ],
      [1, 2, 3, 4],
    ),
    ...alignColumns(
      zh
        ? ['代征单位', '本年代收(元)', '划缴', '国库确认']
        : ['collector', 'collected in the year', 'remitted', 'confirmed'],
      of.collectors.map((each) => [
        collectorNamed(each)[language],
        ...[each.collected, each.remitted, each.confirmed].map(yuan),
      ]),
      [1, 2, 3],
    ),
    zh
      ? `本年入库 ${yuan(totals.toTreasury)} 元${totals.direct === null ? '' : `（其中直缴国库 ${yuan(totals.direct)} 元）`}，核销 ${yuan(totals.writtenOff)} 元`
      : `received by the treasury ${yuan(totals.toTreasury)}${totals.direct === null ? '' : ` (of it straight from payers ${yuan(totals.direct)})`}, written off ${yuan(totals.writtenOff)}`,
    ...of.use.map(({ item, amount }) => `${zh ? '使用' : 'use'}　${item[language]}　${yuan(amount)}`),
    ...alignColumns(
      zh ? ['收费标准', '单价', '批准文号', '自', '至（不含）'] : ['rate', 'price', 'approval', 'from', 'until before'],
      of.rates.map((each) => [
        each.category[language],
        each.price[language],
        each.approvalDocument,
        each.from,
        each.until ?? '',
      ]),
    ),
    zh ? '缴纳程序与异议：' : 'How to pay and to object:',
    ...of.procedure.map(stated),
    zh ? '不缴纳的责任：' : 'When the fee is not paid:',
    ...of.liability.map(stated),
  ]
}
