import { type Command, Option } from 'commander'
import { present } from '../kernel/invariant.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, type Language, readCount } from '../platform/cli.ts'
import { alignColumns, instantForPeople } from '../platform/cli-text.ts'
import { readDate } from '../platform/platform.cli.ts'
import { findAccount } from './account.queries.ts'
import { loadLives } from './account.store.ts'
import { meterPurposeNames, supplyNames } from './account.ts'
import { changeAccountCategory } from './change-account-category.ts'
import { closeAccount } from './close-account.ts'
import {
  accountTimeline,
  type LifeEvent,
  type LifeEventKind,
  lifeDetail,
  searchAccounts,
} from './discharger.queries.ts'
import type { Guards } from './guards.ts'
import { installMeter } from './install-meter.ts'
import { openAccount } from './open-account.ts'
import { choiceOption, chosen, example, gather, given, readDay, readPair, validityText } from './options.cli.ts'
import { removeMeter } from './remove-meter.ts'
import { replaceMeter } from './replace-meter.ts'
import { resumeAccount } from './resume-account.ts'
import { setMeterShares } from './set-meter-shares.ts'
import { suspendAccount } from './suspend-account.ts'
import { transferAccount } from './transfer-account.ts'

type GuardSource = () => Promise<Guards>

/** `dischargers open-account|accounts|show-account|…` and the commands of their meters. */
export function registerAccountCommands(dischargers: Command, cli: Cli, guards: GuardSource): void {
  registerReads(dischargers, cli)
  registerLife(dischargers, cli, guards)
  registerMeters(dischargers, cli, guards)
}

function registerReads(dischargers: Command, cli: Cli): void {
  example(
    dischargers
      .command('accounts [text]')
      .description('按户号或户名查找户号 find accounts by number or name')
      .option('--collector <code>', '代征单位 collector')
      .option('--limit <count>', '最多显示 at most', '50'),
    'qingliu dischargers accounts 0010 --collector water',
  ).action(async (text: string | undefined, options: { collector?: string; limit: string }) => {
    const limit = readCount('--limit', options.limit, 10_000)
    if (isRefusal(limit)) return cli.refuse(limit)
    const collector = options.collector === undefined ? {} : { collectorCode: options.collector }
    const found = await searchAccounts((await cli.services()).db, { text: text ?? '', limit, ...collector })
    cli.show(
      found.map((account) => ({ ...account })),
      (language) => {
        const zh = language === 'zh'
        if (found.length === 0) return [zh ? '没有找到户号。' : 'No account was found.']
        return [
          ...alignColumns(
            zh
              ? ['代征单位', '户号', '户名', '用户群体', '价格类别', '供水', '开户', '销户']
              : ['collector', 'account', 'holder', 'group', 'category', 'supply', 'opened', 'closed'],
            found.map((each) => [
              each.collectorCode,
              each.accountNo,
              each.dischargerName,
              each.payerGroupName,
              each.categoryName,
              supplyNames[each.supply][language],
              each.openedOn,
              each.closedOn ?? '',
            ]),
          ),
          ...(found.length === limit ? [zh ? `（只显示前 ${limit} 个）` : `(only the first ${limit})`] : []),
        ]
      },
    )
  })

  example(
    dischargers
      .command('show-account <no>')
      .description('一个户号的现状与经历 one account and its life')
      .option('--collector <code>', '代征单位 collector'),
    'qingliu dischargers show-account 0010233',
  ).action(async (accountNo: string, options: { collector?: string }) => {
    const { db } = await cli.services()
    const account = await findAccount(db, options.collector, accountNo)
    if (isRefusal(account)) return cli.refuse(account)
    const life = present(
      (await loadLives(db, [account.accountId])).get(account.accountId),
      'the account was just found',
    )
    const events = await accountTimeline(db, account.accountId)
    const hanging = life.installations.filter(({ until }) => until === null)
    cli.show(
      {
        accountNo: life.accountNo,
        collector: life.collectorCode,
        holder: account.holderName,
        supply: life.supply,
        address: life.address,
        openedOn: life.openedOn,
        closedOn: life.closedOn,
        meters: hanging.map(({ meterNo, sizeMm, digits, multiplier, purpose, masterMeterNo, from }) => {
          return { meterNo, sizeMm, digits, multiplier, purpose, masterMeterNo, from }
        }),
        events: events.map((event) => ({ ...event, recordedAt: event.recordedAt?.toISOString() ?? null })),
      },
      (language) => {
        const zh = language === 'zh'
        const state =
          life.closedOn === null
            ? life.suspensions.some(({ until }) => until === null)
              ? zh
                ? '报停'
                : 'suspended'
              : zh
                ? '在用'
                : 'in use'
            : `${zh ? '已销户' : 'closed'} ${life.closedOn}`
        return [
          `${zh ? '户号' : 'Account'} ${life.accountNo}  ${account.holderName}  ${state}  ${supplyNames[life.supply][language]}  ${life.collectorCode}`,
          ...(life.address === '' ? [] : [life.address]),
          '',
          ...alignColumns(
            zh
              ? ['在用水表', '口径', '位数', '倍率', '用途', '总表', '自']
              : ['meter', 'size', 'digits', 'multiplier', 'purpose', 'master', 'from'],
            hanging.map((each) => [
              each.meterNo,
              each.sizeMm === null ? '—' : String(each.sizeMm),
              String(each.digits),
              each.multiplier,
              meterPurposeNames[each.purpose][language],
              each.masterMeterNo ?? '',
              each.from,
            ]),
            [1, 2, 3],
          ),
          '',
          ...alignColumns(
            zh
              ? ['日期', '事项', '内容', '说明', '经办', '记录时间']
              : ['day', 'what', 'subject', 'detail', 'recorded by', 'recorded at'],
            events.map((event) => eventCells(event, language)),
          ),
        ]
      },
    )
  })
}

const eventNames: Record<LifeEventKind, { readonly zh: string; readonly en: string }> = {
  opened: { zh: '开户', en: 'opened' },
  held: { zh: '用户', en: 'held by' },
  category: { zh: '类别', en: 'category' },
  suspended: { zh: '报停', en: 'suspended' },
  resumed: { zh: '复用', en: 'resumed' },
  meter_installed: { zh: '装表', en: 'meter hung' },
  meter_removed: { zh: '拆表', en: 'meter removed' },
  shared: { zh: '分摊', en: 'shares' },
  closed: { zh: '销户', en: 'closed' },
}

function eventCells(event: LifeEvent, language: Language): string[] {
  const recordedAt = event.recordedAt === null ? '' : instantForPeople(event.recordedAt)
  return [
    event.on,
    eventNames[event.kind][language],
    event.subject,
    lifeDetail(event, language),
    event.recordedBy ?? '',
    recordedAt,
  ]
}

function collectorOption(): Option {
  return new Option('--collector <code>', '代征单位；户号只在一家时可省 collector, where several have the number')
}

function choice(accountNo: string, options: { collector?: string }) {
  return { accountNo, ...given<{ collectorCode: string }>({ collectorCode: options.collector }) }
}

function registerLife(dischargers: Command, cli: Cli, guards: GuardSource): void {
  example(
    dischargers
      .command('open-account <no>')
      .description('开户；生产企业须先有生效的纳管协议（办法第二条） open an account')
      .requiredOption('--collector <code>', '代征单位 collector')
      .requiredOption('--holder <code>', '排污者编号 the discharger who holds it')
      .requiredOption('--group <group>', '用户群体的代码或名称 payer group')
      .requiredOption('--category <category>', '价格类别的代码或名称 price category')
      .requiredOption('--on <date>', '开户日期 day of opening')
      .addOption(choiceOption('--supply <supply>', '供水方式 supply', supplyNames).default('public'))
      .option('--address <text>', '用水地址 address'),
    'qingliu dischargers open-account 0010233 --collector water --holder D0001 --group 园区企业 --category 非居民 --on 2026-03-01 --as clerk',
  ).action(
    async (
      accountNo: string,
      options: {
        collector: string
        holder: string
        group: string
        category: string
        on: string
        supply: string
        address?: string
      },
    ) => {
      const openedOn = readDay('--on', options.on)
      if (isRefusal(openedOn)) return cli.refuse(openedOn)
      const entry = {
        collectorCode: options.collector,
        accountNo,
        dischargerCode: options.holder,
        supply: chosen(options.supply, supplyNames),
        payerGroup: options.group,
        category: options.category,
        openedOn,
        ...given<{ address: string }>({ address: options.address }),
      }
      cli.showOutcome(await openAccount(await cli.services(), cli.envelope(), entry), (answer, language) => [
        language === 'zh'
          ? `已于 ${answer.openedOn} 开户 ${answer.accountNo}（${answer.collector}），用户“${answer.holder}”。`
          : `Opened the account ${answer.accountNo} (${answer.collector}) on ${answer.openedOn}, held by "${answer.holder}".`,
      ])
    },
  )

  example(
    dischargers
      .command('transfer-account <no>')
      .description('过户：自该日起由新用户缴费 hand an account over')
      .addOption(collectorOption())
      .requiredOption('--to <code>', '新用户的排污者编号 the new holder')
      .requiredOption('--on <date>', '自此日起 first day of the new holder'),
    'qingliu dischargers transfer-account 0010233 --to D0002 --on 2026-04-16 --as clerk',
  ).action(async (accountNo: string, options: { collector?: string; to: string; on: string }) => {
    const on = readDay('--on', options.on)
    if (isRefusal(on)) return cli.refuse(on)
    const entry = { ...choice(accountNo, options), toDischargerCode: options.to, on }
    const outcome = await transferAccount(await cli.services(), cli.envelope(), entry, { guards: await guards() })
    cli.showOutcome(outcome, (answer, language) => [
      language === 'zh'
        ? `户号 ${answer.accountNo} 自 ${answer.on} 起由“${answer.from}”过户给“${answer.to}”。`
        : `The account ${answer.accountNo} passes from "${answer.from}" to "${answer.to}" on ${answer.on}.`,
    ])
  })

  example(
    dischargers
      .command('change-account-category <no>')
      .description('变更用户群体或价格类别 change the payer group or the price category')
      .addOption(collectorOption())
      .option('--group <group>', '用户群体的代码或名称；不填则不变 payer group; kept where it is left out')
      .requiredOption('--category <category>', '价格类别的代码或名称 price category')
      .requiredOption('--on <date>', '自此日起 first day')
      .requiredOption('--evidence <text>', '依据：现场核查、证照等 what shows it'),
    'qingliu dischargers change-account-category 0010233 --group 园区企业 --category 特种 --on 2026-04-01 --evidence 现场核查2026-12 --as clerk',
  ).action(
    async (
      accountNo: string,
      options: { collector?: string; group?: string; category: string; on: string; evidence: string },
    ) => {
      const on = readDay('--on', options.on)
      if (isRefusal(on)) return cli.refuse(on)
      const { group, category, evidence } = options
      const payerGroup = group === undefined ? {} : { payerGroup: group }
      const entry = { ...choice(accountNo, options), ...payerGroup, category, evidence, on }
      const outcome = await changeAccountCategory(await cli.services(), cli.envelope(), entry, {
        guards: await guards(),
      })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `户号 ${answer.accountNo} 自 ${answer.on} 起为 ${answer.payerGroup} / ${answer.category}。`
          : `The account ${answer.accountNo} is in ${answer.payerGroup} / ${answer.category} from ${answer.on}.`,
      ])
    },
  )

  example(
    dischargers
      .command('suspend-account <no>')
      .description('报停 suspend an account')
      .addOption(collectorOption())
      .requiredOption('--from <date>', '自此日起停用 first day without use')
      .option('--until <date>', '自此日起恢复，如已知 first day of use again')
      .requiredOption('--reason <text>', '原因 why'),
    'qingliu dischargers suspend-account 0010233 --from 2026-05-01 --reason 停产检修 --as clerk',
  ).action(async (accountNo: string, options: { collector?: string; from: string; until?: string; reason: string }) => {
    const from = readDay('--from', options.from)
    if (isRefusal(from)) return cli.refuse(from)
    const until = readDate('--until', options.until)
    if (isRefusal(until)) return cli.refuse(until)
    const entry = {
      ...choice(accountNo, options),
      from,
      reason: options.reason,
      ...(until === undefined ? {} : { until }),
    }
    const outcome = await suspendAccount(await cli.services(), cli.envelope(), entry, { guards: await guards() })
    cli.showOutcome(outcome, (answer, language) => [
      language === 'zh'
        ? `户号 ${answer.accountNo} 报停：${validityText(answer, language)}。`
        : `The account ${answer.accountNo} is suspended: ${validityText(answer, language)}.`,
    ])
  })

  example(
    dischargers
      .command('resume-account <no>')
      .description('恢复用水 resume a suspended account')
      .addOption(collectorOption())
      .requiredOption('--on <date>', '自此日起恢复 first day of use again'),
    'qingliu dischargers resume-account 0010233 --on 2026-06-01 --as clerk',
  ).action(async (accountNo: string, options: { collector?: string; on: string }) => {
    const on = readDay('--on', options.on)
    if (isRefusal(on)) return cli.refuse(on)
    const entry = { ...choice(accountNo, options), on }
    const outcome = await resumeAccount(await cli.services(), cli.envelope(), entry, { guards: await guards() })
    cli.showOutcome(outcome, (answer, language) => [
      language === 'zh'
        ? `户号 ${answer.accountNo} 自 ${answer.on} 起恢复用水。`
        : `The account ${answer.accountNo} is in use again from ${answer.on}.`,
    ])
  })

  example(
    dischargers
      .command('close-account <no>')
      .description('销户，连同拆表读数；不可恢复 close an account for good')
      .addOption(collectorOption())
      .requiredOption('--on <date>', '自此日起不再用水 first day without the account')
      .requiredOption('--reason <text>', '原因 why')
      .option('--final <meter=reading>', '在用水表的拆表读数，可多次 final reading of a meter, repeatable', gather, []),
    'qingliu dischargers close-account 0010233 --on 2026-07-01 --reason 搬迁 --final M-77120=33645 --as clerk',
  ).action(async (accountNo: string, options: { collector?: string; on: string; reason: string; final: string[] }) => {
    const on = readDay('--on', options.on)
    if (isRefusal(on)) return cli.refuse(on)
    const finalReadings = []
    for (const text of options.final) {
      const pair = readPair('--final', text, '表号=读数 METER=READING')
      if (isRefusal(pair)) return cli.refuse(pair)
      finalReadings.push({ meterNo: pair.name, reading: pair.value })
    }
    const entry = { ...choice(accountNo, options), on, reason: options.reason, finalReadings }
    const outcome = await closeAccount(await cli.services(), cli.envelope(), entry, { guards: await guards() })
    cli.showOutcome(outcome, (answer, language) => {
      const meters = answer.metersRemoved.join('、') || '—'
      return [
        language === 'zh'
          ? `户号 ${answer.accountNo} 自 ${answer.closedOn} 起销户，同时拆表：${meters}。`
          : `The account ${answer.accountNo} is closed from ${answer.closedOn}; meters removed: ${meters}.`,
      ]
    })
  })
}

interface MeterOptions {
  size?: string
  digits: string
  multiplier: string
  initial: string
  backwards?: boolean
}

function withMeterOptions(command: Command): Command {
  return command
    .option('--size <mm>', '口径（毫米） size in mm')
    .requiredOption('--digits <count>', '位数 places of the counter')
    .requiredOption('--multiplier <factor>', '倍率，没有填 1 m³ per unit of the counter')
    .requiredOption('--initial <reading>', '装表读数 its reading when hung')
    .option('--backwards', '倒表 it runs backwards')
}

function meterEntry(meterNo: string, options: MeterOptions) {
  return {
    meterNo,
    digits: Number(options.digits),
    multiplier: options.multiplier,
    initialReading: options.initial,
    runsBackwards: options.backwards ?? false,
    ...(options.size === undefined ? {} : { sizeMm: Number(options.size) }),
  }
}

function registerMeters(dischargers: Command, cli: Cli, guards: GuardSource): void {
  example(
    withMeterOptions(
      dischargers
        .command('install-meter <account> <meter>')
        .description('装表 hang a meter at an account')
        .addOption(collectorOption())
        .requiredOption('--on <date>', '安装日期 first day it measures')
        .addOption(choiceOption('--purpose <purpose>', '用途 purpose', meterPurposeNames).default('supply')),
    ).option('--master <meter>', '所属总表 the master it hangs behind'),
    'qingliu dischargers install-meter 0010233 M-77120 --on 2026-03-01 --digits 6 --multiplier 1 --initial 0 --as clerk',
  ).action(
    async (
      accountNo: string,
      meterNo: string,
      options: MeterOptions & { collector?: string; on: string; purpose: string; master?: string },
    ) => {
      const on = readDay('--on', options.on)
      if (isRefusal(on)) return cli.refuse(on)
      const purpose = chosen(options.purpose, meterPurposeNames)
      const master = given<{ masterMeterNo: string }>({ masterMeterNo: options.master })
      const entry = { ...choice(accountNo, options), ...meterEntry(meterNo, options), purpose, on, ...master }
      const outcome = await installMeter(await cli.services(), cli.envelope(), entry, { guards: await guards() })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `水表 ${answer.meterNo} 自 ${answer.on} 起装在户号 ${answer.accountNo}。`
          : `The meter ${answer.meterNo} hangs at the account ${answer.accountNo} from ${answer.on}.`,
      ])
    },
  )

  example(
    withMeterOptions(
      dischargers
        .command('replace-meter <account> <old> <new>')
        .description('换表：旧表拆表读数与新表一并登记 replace a meter')
        .addOption(collectorOption())
        .requiredOption('--on <date>', '换表日期 first day of the new meter')
        .requiredOption('--final <reading>', '旧表拆表读数 what the old one shows')
        .requiredOption('--reason <text>', '原因 why'),
    ),
    'qingliu dischargers replace-meter 0010233 M-77120 M-90001 --on 2026-04-16 --final 33645 --digits 6 --multiplier 1 --initial 0 --reason 周期换表 --as clerk',
  ).action(
    async (
      accountNo: string,
      oldNo: string,
      newNo: string,
      options: MeterOptions & { collector?: string; on: string; final: string; reason: string },
    ) => {
      const on = readDay('--on', options.on)
      if (isRefusal(on)) return cli.refuse(on)
      const { reason } = options
      const old = { meterNo: oldNo, finalReading: options.final }
      const entry = { ...choice(accountNo, options), on, reason, old, fresh: meterEntry(newNo, options) }
      const outcome = await replaceMeter(await cli.services(), cli.envelope(), entry, { guards: await guards() })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `户号 ${answer.accountNo} 自 ${answer.on} 起由水表 ${answer.removed} 换为 ${answer.installed}。`
          : `At the account ${answer.accountNo} the meter ${answer.installed} replaces ${answer.removed} from ${answer.on}.`,
      ])
    },
  )

  example(
    dischargers
      .command('remove-meter <account> <meter>')
      .description('拆表 take a meter down')
      .addOption(collectorOption())
      .requiredOption('--on <date>', '自此日起不再计量 first day without it')
      .requiredOption('--final <reading>', '拆表读数 what it shows')
      .requiredOption('--reason <text>', '原因 why'),
    'qingliu dischargers remove-meter 0010233 M-77120 --on 2026-07-01 --final 33645 --reason 停用 --as clerk',
  ).action(
    async (
      accountNo: string,
      meterNo: string,
      options: { collector?: string; on: string; final: string; reason: string },
    ) => {
      const on = readDay('--on', options.on)
      if (isRefusal(on)) return cli.refuse(on)
      const { final: finalReading, reason } = options
      const entry = { ...choice(accountNo, options), meterNo, on, finalReading, reason }
      const outcome = await removeMeter(await cli.services(), cli.envelope(), entry, { guards: await guards() })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `水表 ${answer.meterNo} 自 ${answer.on} 起拆下，读数 ${answer.finalReading}。`
          : `The meter ${answer.meterNo} is removed from ${answer.on}, showing ${answer.finalReading}.`,
      ])
    },
  )

  example(
    dischargers
      .command('set-meter-shares <meter>')
      .description('设定一只表的水量由几户分摊，合计恰为 1 share the water of one meter among accounts')
      .requiredOption('--collector <code>', '代征单位 collector')
      .requiredOption('--from <date>', '自此日起 first day')
      .requiredOption('--agreement <text>', '分摊协议 the users’ agreement')
      .addOption(
        new Option('--unit <m3>', '取整单位（立方米） unit of the shares in m³').choices(['1', '0.001']).default('1'),
      )
      .option('--share <account=ratio>', '一户的比例，按顺序，可多次 a share, in order, repeatable', gather, []),
    'qingliu dischargers set-meter-shares M-77120 --collector water --from 2026-04-01 --agreement 分摊协议2026-3 --share 0010233=30% --share 0010234=70% --as clerk',
  ).action(
    async (
      meterNo: string,
      options: { collector: string; from: string; agreement: string; unit: '1' | '0.001'; share: string[] },
    ) => {
      const from = readDay('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const shares = []
      for (const text of options.share) {
        const pair = readPair('--share', text, '户号=比例 ACCOUNT=RATIO')
        if (isRefusal(pair)) return cli.refuse(pair)
        shares.push({ accountNo: pair.name, ratio: pair.value })
      }
      const { collector: collectorCode, unit: unitM3, agreement } = options
      const entry = { collectorCode, meterNo, from, unitM3, agreement, shares }
      const outcome = await setMeterShares(await cli.services(), cli.envelope(), entry, { guards: await guards() })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `水表 ${answer.meterNo} 自 ${answer.from} 起由 ${answer.accounts} 户分摊。`
          : `The meter ${answer.meterNo} is shared by ${answer.accounts} accounts from ${answer.from}.`,
      ])
    },
  )
}
