import { type Command, Option } from 'commander'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import { amountInCapitals, moneyForPeople } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { parseVolume, volumeForPeople } from '../kernel/volume.ts'
import { type Cli, type Language, type Lines, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { type ProposalViews, readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { approveRateSchedule } from './approve-rate-schedule.ts'
import { endRateSchedule } from './end-rate-schedule.ts'
import { explainedPriceJson, explainPrice } from './explain-price.queries.ts'
import { explainSteps } from './price.rules.ts'
import { priceFormsHelp } from './price-examples.ts'
import { priceText } from './price-text.ts'
import { type EnteredSchedule, proposeRateSchedule, rateScheduleProposal } from './propose-rate-schedule.ts'
import type { LastDayBilledBy } from './rate-end.ts'
import { listSchedules, scheduleByCode, scheduleById } from './rate-schedule.queries.ts'
import { refuseSchedule } from './rate-schedule.refusals.ts'
import {
  type RateSchedule,
  type ScheduleProposal,
  type ScheduleTerms,
  straddleNames,
  straddles,
} from './rate-schedule.ts'
import { returnRateSchedule } from './return-rate-schedule.ts'

/** How an approver reads a proposed schedule. */
export const tariffProposalViews: ProposalViews = {
  [rateScheduleProposal]: {
    zh: '收费标准',
    en: 'rate schedule',
    decide: ({ id, contentDigest }) =>
      `qingliu tariffs approve ${id} --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content: Json, language) => proposalLines(content as unknown as ScheduleProposal, language),
  },
}

/** `tariffs list|show|price|template|propose|approve|return|end`. A later stage knows the last day billed by a rate. */
export function registerTariffsCommands(program: Command, cli: Cli, lastDayBilledBy: LastDayBilledBy): void {
  const tariffs = program.command('tariffs').description('收费标准 what a cubic metre costs')
  registerReads(tariffs, cli)
  registerPropose(tariffs, cli)
  registerDecisions(tariffs, cli, lastDayBilledBy)
}

function registerReads(tariffs: Command, cli: Cli): void {
  tariffs
    .command('list')
    .description('全部收费标准 every schedule')
    .addHelpText('after', '\n例 Example:\n  qingliu tariffs list')
    .action(async () => {
      const schedules = await listSchedules((await cli.services()).db)
      cli.show(schedules.map(scheduleFields), (language) => {
        const zh = language === 'zh'
        if (schedules.length === 0) {
          return [
            zh
              ? '还没有已批准的收费标准。模板：qingliu tariffs template'
              : 'No schedule is approved yet. A template: qingliu tariffs template',
          ]
        }
        return alignColumns(
          zh
            ? ['代码', '名称', '批准文件', '类别', '执行期间（用水）']
            : ['code', 'title', 'approval document', 'categories', 'water used'],
          schedules.map((schedule) => [
            schedule.code,
            schedule.title,
            schedule.approvalDocument,
            Object.keys(schedule.prices).join('、'),
            periodText(schedule, language),
          ]),
        )
      })
    })

  tariffs
    .command('show <code>')
    .description('一项收费标准的全部内容 one schedule in full')
    .addHelpText('after', '\n例 Example:\n  qingliu tariffs show GX-2026-01')
    .action(async (code: string) => {
      const { db } = await cli.services()
      const schedule =
        (await scheduleByCode(db, code)) ??
        (/^\d{1,18}$/.test(code) ? await scheduleById(db, code as RateScheduleId) : undefined)
      if (schedule === undefined) return cli.refuse(refuseSchedule('schedule_missing', { schedule: code }))
      cli.show(scheduleFields(schedule), (language) => [
        ...termsLines(schedule, language, (category) => {
          const until = schedule.until[category]
          if (until === null || until === undefined) return ''
          return language === 'zh' ? `　至 ${until}（不含）` : `  until ${until}`
        }),
        `${language === 'zh' ? '审批事项' : 'Approved as no.'} ${schedule.proposalId}`,
      ])
    })

  tariffs
    .command('price')
    .description('试算某日用水的价格，不保存 explain a price; nothing is saved')
    .requiredOption('--category <code>', '价格类别 price category')
    .requiredOption('--volume <m3>', '全月水量 volume of the month, m³')
    .option('--on <date>', '用水日期；默认今日 day of water use; today unless given')
    .addHelpText('after', '\n例 Example:\n  qingliu tariffs price --category industry --volume 12345 --on 2026-03-31')
    .action(async (options: { category: string; volume: string; on?: string }) => {
      const volume = parseVolume(options.volume)
      if (volume === undefined || volume.isNegative()) {
        return cli.refuse(malformed('--volume', options.volume, '12345.678（m³，最多 3 位小数 at most 3 decimals）'))
      }
      const given = readDate('--on', options.on)
      if (isRefusal(given)) return cli.refuse(given)
      const on = given ?? cli.today()
      const { category } = options
      const { db } = await cli.services()
      const explained = await explainPrice(db, { category, volume, on })
      if (isRefusal(explained)) return cli.refuse(explained)
      const { schedule, priced, amount } = explained
      cli.show(explainedPriceJson(explained, cli.language), (language) => {
        const zh = language === 'zh'
        return [
          zh
            ? `${on} 用水 ${volumeForPeople(volume)} ${schedule.unit}，类别 ${category}`
            : `${volumeForPeople(volume)} ${schedule.unit} used on ${on}, category ${category}`,
          `${schedule.code}  ${schedule.title}（${schedule.approvalDocument}）`,
          ...explainSteps(priced.steps, language).map((step) => `  ${step}`),
          zh
            ? `合计 ${moneyForPeople(amount)} ${schedule.currency}${schedule.currency === '元' ? `　${amountInCapitals(amount)}` : ''}`
            : `Amount ${moneyForPeople(amount)} ${schedule.currency}`,
        ]
      })
    })

  tariffs
    .command('template')
    .description('空白模板（JSON） a blank schedule in JSON')
    .addHelpText('after', `\n${priceFormsHelp}\n例 Example:\n  qingliu tariffs template > schedule.json`)
    .action(async () => {
      const categories = await listPriceCategories((await cli.services()).db)
      const { scheduleTemplate } = await import('./schedule-file.ts')
      const template = scheduleTemplate(categories.map(({ code }) => code))
      cli.show(template, () => JSON.stringify(template, null, 2).split('\n'))
    })
}

interface ProposeOptions {
  code?: string
  title?: string
  document?: string
  issuer?: string
  unit?: string
  currency?: string
  straddle?: string
  clause?: string
  from?: string
  price: string[]
  endsEarlier?: boolean
}

function registerPropose(tariffs: Command, cli: Cli): void {
  tariffs
    .command('propose [file]')
    .description('提交收费标准（文件或选项） propose a schedule, from a file or by options')
    .option('--code <code>', '代码 code')
    .option('--title <text>', '名称 title')
    .option('--document <text>', '批准文件 approval document')
    .option('--issuer <text>', '发文机关 issuer')
    .option('--unit <text>', '水量单位（默认 m³） unit of volume')
    .option('--currency <text>', '货币（默认 元） currency')
    .addOption(new Option('--straddle <rule>', '跨期办法 how use across a change is billed').choices(straddles))
    .option('--clause <text>', '适用条款 the clause it rests on')
    .option('--from <date>', '执行日期：首个用水日 first day of water use')
    .option(
      '--price <category=price>',
      '单一价，可多次 a flat price, repeatable',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--ends-earlier', '取代同类别仍在执行的旧标准 ends open rates of the same categories')
    .addHelpText(
      'after',
      `
文件 File: JSON（见 qingliu tariffs template）；或表格（CSV、Excel），列 价格类别、单价、起始水量、截止水量，其余用选项
${priceFormsHelp}
例 Example:
  qingliu tariffs propose schedule.json --as clerk
  qingliu tariffs propose --code GX-2026-01 --title 园区污水处理费 --document 文号 --issuer 市发改委 --straddle by-days --clause 办法第九条 --from 2026-01-01 --price industry=1.40 --as clerk`,
    )
    .action(async (file: string | undefined, options: ProposeOptions) => {
      // Only this command needs the readers of CSV and Excel.
      const { readScheduleFile } = await import('./schedule-file.ts')
      const fromFile = file === undefined ? {} : await readScheduleFile(file)
      if (isRefusal(fromFile)) return cli.refuse(fromFile)
      const prices: Record<string, Json> = {}
      for (const written of options.price) {
        const [, category, perM3] = /^([^=＝]+)[=＝](.+)$/.exec(written) ?? []
        if (category === undefined || perM3 === undefined || category in prices) {
          return cli.refuse(malformed('--price', written, 'category=1.40，每类别一次 once a category'))
        }
        prices[category] = { form: 'flat', perM3 }
      }
      const terms = {
        code: options.code,
        title: options.title,
        approvalDocument: options.document,
        issuer: options.issuer,
        unit: options.unit,
        currency: options.currency,
        straddle: options.straddle,
        clause: options.clause,
        validFrom: options.from,
        endsEarlier: options.endsEarlier,
        ...(options.price.length > 0 || file === undefined ? { prices } : {}),
      }
      const given = Object.entries(terms).filter(([, value]) => value !== undefined)
      const entered = { ...fromFile, ...Object.fromEntries(given) } as EnteredSchedule
      cli.showOutcome(await proposeRateSchedule(await cli.services(), cli.envelope(), entered), (answer, language) => {
        const digest = answer.digest.slice(0, 12)
        return [
          language === 'zh'
            ? `已提交收费标准 ${answer.code}，事项 ${answer.proposalId}，摘要 ${digest}，待他人批准。`
            : `Proposed the schedule ${answer.code}: no. ${answer.proposalId}, digest ${digest}; another person approves it.`,
          `  qingliu tariffs approve ${answer.proposalId} --digest ${digest} --as …`,
        ]
      })
    })
}

function registerDecisions(tariffs: Command, cli: Cli, lastDayBilledBy: LastDayBilledBy): void {
  tariffs
    .command('approve <id>')
    .description('批准提交的收费标准 approve a proposed schedule')
    .option('--digest <digest>', '所见内容摘要 the digest that was seen')
    .addHelpText('after', '\n例 Example:\n  qingliu tariffs approve 7 --digest 3f2a9c01d4e5 --as approver')
    .action(async (proposalId: string, options: { digest?: string }) => {
      const services = await cli.services()
      const envelope = cli.envelope(['tariffs.approve', proposalId, options.digest ?? ''])
      const approval = { proposalId, digestSeen: options.digest }
      cli.showOutcome(await approveRateSchedule(services, envelope, approval, lastDayBilledBy), (answer, language) => [
        language === 'zh'
          ? `收费标准 ${answer.code} 已批准，自 ${answer.validFrom} 用水起执行。`
          : `The schedule ${answer.code} is approved for water used from ${answer.validFrom}.`,
        ...answer.ended.map(({ scheduleCode, categoryCode }) =>
          language === 'zh'
            ? `  ${scheduleCode} 的类别 ${categoryCode} 同日终止。`
            : `  ${scheduleCode}, category ${categoryCode}, ends on that day.`,
        ),
      ])
    })

  tariffs
    .command('return <id>')
    .description('退回提交的收费标准 return a proposed schedule')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', '\n例 Example:\n  qingliu tariffs return 7 --reason 与批准文件不符 --as approver')
    .action(async (proposalId: string, options: { reason: string }) => {
      const services = await cli.services()
      const envelope = cli.envelope(['tariffs.return', proposalId, options.reason])
      cli.showOutcome(
        await returnRateSchedule(services, envelope, { proposalId, reason: options.reason }),
        (_, language) => [
          language === 'zh'
            ? `事项 ${proposalId} 已退回：${options.reason}`
            : `No. ${proposalId} was returned: ${options.reason}`,
        ],
      )
    })

  tariffs
    .command('end <code>')
    .description('终止收费标准 end a schedule')
    .requiredOption('--until <date>', '自此日用水起不再适用 first day of water use it no longer prices')
    .requiredOption('--document <text>', '依据文件 the document that ends it')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu tariffs end GX-2026-01 --until 2027-01-01 --document 文号 --as approver',
    )
    .action(async (scheduleCode: string, options: { until: string; document: string }) => {
      const until = readDate('--until', options.until)
      if (isRefusal(until)) return cli.refuse(until)
      const end = { scheduleCode, until: until as CivilDate, document: options.document }
      cli.showOutcome(
        await endRateSchedule(await cli.services(), cli.envelope(), end, lastDayBilledBy),
        (answer, language) => [
          language === 'zh'
            ? `收费标准 ${answer.code} 不再适用于 ${answer.until} 及以后的用水（${answer.categories.join('、')}）。`
            : `The schedule ${answer.code} no longer prices water used from ${answer.until} (${answer.categories.join(', ')}).`,
        ],
      )
    })
}

function scheduleFields(schedule: RateSchedule): { [field: string]: Json } {
  const { prices, until, ...terms } = schedule
  return { ...terms, prices: prices as unknown as Json, until: { ...until } }
}

function periodText(schedule: RateSchedule, language: Language): string {
  const ends = new Set(Object.values(schedule.until))
  const [until] = ends
  if (ends.size > 1) return `${schedule.validFrom} → ${language === 'zh' ? '各类别不同' : 'by category'}`
  return `${schedule.validFrom} → ${until ?? ''}`.trimEnd()
}

function termsLines(
  schedule: ScheduleTerms,
  language: Language,
  remark: (category: string) => string = () => '',
): Lines {
  const zh = language === 'zh'
  const unit = { unit: schedule.unit, currency: schedule.currency }
  return [
    `${schedule.code}  ${schedule.title}`,
    `${zh ? '批准文件' : 'Approval document'}: ${schedule.approvalDocument}（${schedule.issuer}）`,
    `${zh ? '适用条款' : 'Clause'}: ${schedule.clause}`,
    `${zh ? '执行日期（用水之日）' : 'Water used from'}: ${schedule.validFrom}`,
    `${zh ? '跨期办法' : 'Across a change of rates'}: ${straddleNames[schedule.straddle][language]}`,
    ...alignColumns(
      zh ? ['类别', '价格'] : ['category', 'price'],
      Object.entries(schedule.prices).map(([category, price]) => [
        category,
        priceText(price, unit, language) + remark(category),
      ]),
    ),
  ]
}

function proposalLines(proposal: ScheduleProposal, language: Language): Lines {
  return [
    ...termsLines(proposal, language),
    ...proposal.replaces.map(({ scheduleCode, categoryCode }) =>
      language === 'zh'
        ? `批准后 ${scheduleCode} 的类别 ${categoryCode} 于 ${proposal.validFrom} 终止`
        : `On approval ${scheduleCode}, category ${categoryCode}, ends on ${proposal.validFrom}`,
    ),
  ]
}
