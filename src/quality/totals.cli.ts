import type { Command } from 'commander'
import { findDischarger } from '../dischargers/account.queries.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { timesOverText } from './judged-text.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import { totalJson } from './quality.json.ts'
import { listPollutants } from './quality.queries.ts'
import { type JudgedTotal, listTotals } from './total.queries.ts'
import {
  belowDetectionText,
  dischargedText,
  gapsText,
  gapText,
  massText,
  meanText,
  methodText,
  totalLimitText,
  verdictOfTotalNames,
  volumeText,
} from './total-text.ts'

/** `quality totals`. */
export function registerTotals(quality: Command, cli: Cli, volumes: OutletVolumes): void {
  quality
    .command('totals')
    .description('排放总量与许可（办法第十二条） what was discharged in months and years beside the permitted totals')
    .requiredOption('--year <year>', '年度 year')
    .option('--discharger <code>', '排污者编号 discharger')
    .option('--months', '逐月列出 show each month')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu quality totals --year 2025\n  qingliu quality totals --year 2025 --discharger P0012 --months',
    )
    .action(async (options: { year: string; discharger?: string; months?: boolean }) => {
      if (!/^(19|20|21)\d\d$/.test(options.year)) return cli.refuse(malformed('--year', options.year, 'YYYY'))
      const year = Number(options.year)
      const { db } = await cli.services()
      if (options.discharger !== undefined) {
        const discharger = await findDischarger(db, options.discharger)
        if (isRefusal(discharger)) return cli.refuse(discharger)
      }
      const source = { db, volumes, today: cli.today() }
      const [found, pollutants] = await Promise.all([
        listTotals(source, { year, dischargerCode: options.discharger }),
        listPollutants(db),
      ])
      const names = new Map(pollutants.map((each) => [each.code, each]))
      cli.show(found.map(totalJson), (language) => {
        const zh = language === 'zh'
        if (found.length === 0) {
          return [
            zh
              ? `${year} 年没有许可的排放总量。空白限值表：qingliu quality limits template 限值.xlsx`
              : `No total was permitted in ${year}. A blank form of limits: qingliu quality limits template limits.xlsx`,
          ]
        }
        return [
          ...alignColumns(
            zh
              ? ['编号', '排污者', '排污口', '污染物', '期间', '排放量', '限值', '判定', '超标倍数', '移送']
              : [
                  'no.',
                  'discharger',
                  'outlet',
                  'pollutant',
                  'period',
                  'discharged',
                  'limit',
                  'verdict',
                  'times above',
                  'referred',
                ],
            found.map((total) => [
              total.totalId,
              total.outlet.dischargerName,
              total.outlet.outletNo,
              names.get(total.limit.pollutant)?.[language] ?? total.limit.pollutant,
              total.period,
              dischargedText(total, language),
              totalLimitText(total, language),
              verdictOfTotalNames[total.verdict][language],
              timesOverText(total),
              total.referrals.join('、') || (total.verdict !== 'exceeds' ? '' : zh ? '未移送' : 'not yet'),
            ]),
            [0, 8],
          ),
          ...found.flatMap((total) => whyLines(total, language)),
          ...(options.months ? found.flatMap((total) => ['', total.totalId, ...monthLines(total, language)]) : []),
        ]
      })
    })
}

/** Which months are missing, or what the results below their detection limits leave open. */
function whyLines(total: JudgedTotal, language: 'zh' | 'en'): string[] {
  const why = [gapsText(total, language), belowDetectionText(total, language)].filter((text) => text !== '')
  return why.map((text) => `${total.totalId}  ${text}`)
}

const monthLines = (total: JudgedTotal, language: 'zh' | 'en'): string[] =>
  alignColumns(
    language === 'zh'
      ? ['月份', '样品结果', '月均浓度 mg/L', '排水量 m³', '排放量 kg', '核算方法', '缺']
      : ['month', 'results', 'mean mg/L', 'volume m³', 'mass kg', 'method', 'missing'],
    total.months.map((month) => [
      month.month,
      String(month.samples),
      meanText(month),
      volumeText(month),
      massText(month, language),
      methodText(month, language),
      gapText(month, language),
    ]),
    [1, 2, 3],
  )
