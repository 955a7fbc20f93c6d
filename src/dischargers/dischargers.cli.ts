import type { Command } from 'commander'
import { withThousands } from '../kernel/decimal.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type Cli, malformed, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { readDate } from '../platform/platform.cli.ts'
import { registerAccountCommands } from './account.cli.ts'
import { findDischarger } from './account.queries.ts'
import { addCollector } from './add-collector.ts'
import { addCollectorContract } from './add-collector-contract.ts'
import { addOutlet } from './add-outlet.ts'
import { addPayerGroup } from './add-payer-group.ts'
import { addPriceCategory } from './add-price-category.ts'
import { listCollectors, paperOf, searchAccounts, searchDischargers } from './discharger.queries.ts'
import {
  type Charge,
  chargeNames,
  type Discharger,
  dischargerKindNames,
  feeBases,
  remittancePeriods,
} from './discharger.ts'
import { endAgreement } from './end-agreement.ts'
import { endCollectorContract } from './end-collector-contract.ts'
import { endOutlet } from './end-outlet.ts'
import type { Guards } from './guards.ts'
import { choiceOption, chosen, example, given, readDay, validityText } from './options.cli.ts'
import { listPayerGroups, listPriceCategories } from './price-category.queries.ts'
import { registerDischarger } from './register-discharger.ts'
import { registerRegistryCommands } from './registry.cli.ts'
import { registerRosterCommands } from './roster.cli.ts'
import { signAgreement } from './sign-agreement.ts'

export { rosterProposalViews } from './roster.cli.ts'

/**
 * `dischargers …`: who owes, with which agreements, accounts and meters, and the roster. `guards` are the later stages'
 * word on how far an account is billed.
 */
export function registerDischargersCommands(
  program: Command,
  cli: Cli,
  guards: () => Promise<Guards> = async () => ({}),
): void {
  const dischargers = program
    .command('dischargers')
    .description('排污者、协议、户号、水表与征收名单 who owes: dischargers, agreements, accounts, meters, roster')
  registerDischargerCommands(dischargers, cli)
  registerPaperCommands(dischargers, cli)
  registerCollectorCommands(dischargers, cli)
  registerWordCommands(dischargers, cli)
  registerAccountCommands(dischargers, cli, guards)
  registerRegistryCommands(dischargers, cli, guards)
  registerRosterCommands(dischargers, cli)
}

const dischargerFields = (discharger: Discharger) => ({ ...discharger })

function registerDischargerCommands(dischargers: Command, cli: Cli): void {
  example(
    dischargers
      .command('register <code> <name>')
      .description('登记排污者 register a discharger')
      .addOption(choiceOption('--kind <kind>', '类型 kind', dischargerKindNames).makeOptionMandatory())
      .option('--credit-code <code>', '统一社会信用代码（企业必填） credit code, for enterprises')
      .option('--mainly-water', '产品以水为主 its product is mainly water')
      .option('--address <text>', '地址 address')
      .option('--phone <text>', '电话 phone'),
    'qingliu dischargers register D0001 示例电子有限公司 --kind 企业 --credit-code 91350100M000100Y43 --as clerk',
  ).action(
    async (
      code: string,
      name: string,
      options: { kind: string; creditCode?: string; mainlyWater?: boolean; address?: string; phone?: string },
    ) => {
      const entry = {
        code,
        name,
        kind: chosen(options.kind, dischargerKindNames),
        productIsMainlyWater: options.mainlyWater ?? false,
        ...given<{ creditCode: string; address: string; phone: string }>({
          creditCode: options.creditCode,
          address: options.address,
          phone: options.phone,
        }),
      }
      cli.showOutcome(await registerDischarger(await cli.services(), cli.envelope(), entry), (answer, language) => [
        language === 'zh'
          ? `已登记排污者 ${answer.code}（${answer.name}）。`
          : `Registered the discharger ${answer.code} (${answer.name}).`,
      ])
    },
  )

  example(
    dischargers
      .command('list [text]')
      .description('按编号、名称或信用代码查找排污者 find dischargers by code, name or credit code')
      .option('--limit <count>', '最多显示 at most', '50'),
    'qingliu dischargers list 电子',
  ).action(async (text: string | undefined, options: { limit: string }) => {
    const limit = readCount('--limit', options.limit, 10_000)
    if (isRefusal(limit)) return cli.refuse(limit)
    const found = await searchDischargers((await cli.services()).db, text ?? '', limit)
    cli.show(found.map(dischargerFields), (language) => {
      const zh = language === 'zh'
      if (found.length === 0) return [zh ? '没有找到排污者。' : 'No discharger was found.']
      return [
        ...alignColumns(
          zh ? ['编号', '名称', '类型', '统一社会信用代码'] : ['code', 'name', 'kind', 'credit code'],
          found.map((each) => [each.code, each.name, dischargerKindNames[each.kind][language], each.creditCode ?? '—']),
        ),
        ...(found.length === limit ? [zh ? `（只显示前 ${limit} 个）` : `(only the first ${limit})`] : []),
      ]
    })
  })

  example(
    dischargers.command('show <code>').description('一个排污者及其协议、排污口与户号 one discharger with all it has'),
    'qingliu dischargers show D0001',
  ).action(async (code: string) => {
    const { db } = await cli.services()
    const discharger = await findDischarger(db, code)
    if (isRefusal(discharger)) return cli.refuse(discharger)
    const { dischargerId } = discharger
    const { agreements, outlets } = await paperOf(db, dischargerId)
    const accounts = await searchAccounts(db, { text: '', dischargerId, limit: 1000 })
    cli.show(
      {
        ...dischargerFields(discharger),
        agreements: agreements.map(({ agreementNo, signedOn, document, validity }) => {
          return { agreementNo, signedOn, document, from: validity.from, until: validity.until }
        }),
        outlets: outlets.map(({ outletNo, place, hasSamplingWell, hasOnlineMeter, exceptionReason, validity }) => {
          const { from, until } = validity
          return { outletNo, place, hasSamplingWell, hasOnlineMeter, exceptionReason, from, until }
        }),
        accounts: accounts.map((account) => ({ ...account })),
      },
      (language) => {
        const zh = language === 'zh'
        const { name, kind, creditCode, address, phone, productIsMainlyWater } = discharger
        const mainlyWater = productIsMainlyWater ? (zh ? '　产品以水为主' : '  product mainly water') : ''
        return [
          `${code}  ${name}  ${dischargerKindNames[kind][language]}  ${creditCode ?? ''}${mainlyWater}`.trimEnd(),
          ...(address + phone === '' ? [] : [`${address}  ${phone}`.trim()]),
          '',
          ...alignColumns(
            zh ? ['协议', '签订', '有效', '文件'] : ['agreement', 'signed', 'in force', 'document'],
            agreements.map((each) => [
              each.agreementNo,
              each.signedOn,
              validityText(each.validity, language),
              each.document,
            ]),
          ),
          '',
          ...alignColumns(
            zh
              ? ['排污口', '位置', '采样井', '流量计', '使用', '例外原因']
              : ['outlet', 'place', 'well', 'meter', 'in use', 'exception'],
            outlets.map((each) => [
              each.outletNo,
              each.place,
              yesNo(each.hasSamplingWell, zh),
              yesNo(each.hasOnlineMeter, zh),
              validityText(each.validity, language),
              each.exceptionReason,
            ]),
          ),
          '',
          ...alignColumns(
            zh
              ? ['户号', '代征单位', '用户群体', '价格类别', '开户', '销户']
              : ['account', 'collector', 'group', 'category', 'opened', 'closed'],
            accounts.map((each) => [
              each.accountNo,
              each.collectorCode,
              each.payerGroupName,
              each.categoryName,
              each.openedOn,
              each.closedOn ?? '',
            ]),
          ),
        ]
      },
    )
  })
}

function yesNo(value: boolean, zh: boolean): string {
  if (zh) return value ? '有' : '无'
  return value ? 'yes' : 'no'
}

function registerPaperCommands(dischargers: Command, cli: Cli): void {
  example(
    dischargers
      .command('sign-agreement <no>')
      .description('登记《污水统一纳管处理协议》（办法第二条） record a signed connection agreement')
      .requiredOption('--discharger <code>', '排污者编号 discharger')
      .requiredOption('--signed <date>', '签订日期 day of signing')
      .option('--from <date>', '生效日期，默认签订日期 first day in force')
      .option('--until <date>', '自此日起不再有效 first day without it')
      .option('--document <text>', '协议文件 the document'),
    'qingliu dischargers sign-agreement NG-2026-001 --discharger D0001 --signed 2026-03-01 --as clerk',
  ).action(
    async (
      agreementNo: string,
      options: { discharger: string; signed: string; from?: string; until?: string; document?: string },
    ) => {
      const signedOn = readDay('--signed', options.signed)
      if (isRefusal(signedOn)) return cli.refuse(signedOn)
      const from = readDate('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const until = readDate('--until', options.until)
      if (isRefusal(until)) return cli.refuse(until)
      const entry = {
        agreementNo,
        dischargerCode: options.discharger,
        signedOn,
        from: from ?? signedOn,
        ...(until === undefined ? {} : { until }),
        ...(options.document === undefined ? {} : { document: options.document }),
      }
      cli.showOutcome(await signAgreement(await cli.services(), cli.envelope(), entry), (answer, language) => [
        language === 'zh'
          ? `已登记 ${answer.discharger} 的协议 ${answer.agreementNo}，自 ${answer.from} 起生效。`
          : `Recorded the agreement ${answer.agreementNo} of ${answer.discharger}, in force from ${answer.from}.`,
      ])
    },
  )

  example(
    dischargers
      .command('end-agreement <no>')
      .description('终止协议 end an agreement')
      .requiredOption('--until <date>', '自此日起不再有效 first day without it'),
    'qingliu dischargers end-agreement NG-2026-001 --until 2026-07-01 --as clerk',
  ).action(async (agreementNo: string, options: { until: string }) => {
    const until = readDay('--until', options.until)
    if (isRefusal(until)) return cli.refuse(until)
    cli.showOutcome(
      await endAgreement(await cli.services(), cli.envelope(), { agreementNo, until }),
      (answer, language) => [
        language === 'zh'
          ? `协议 ${answer.agreementNo} 自 ${answer.until} 起终止。`
          : `The agreement ${answer.agreementNo} ends: ${answer.until} is the first day without it.`,
      ],
    )
  })

  example(
    dischargers
      .command('add-outlet <discharger> <no>')
      .description('登记排污口（办法第七条） register an outlet')
      .requiredOption('--from <date>', '启用日期 first day of use')
      .option('--place <text>', '位置 place')
      .option('--sampling-well', '已设敞开式监测采样井 it has an open sampling well')
      .option('--online-meter', '装有在线流量计 it has an online flow meter')
      .option('--exception <reason>', '设第二个排污口的原因 why there is a further one'),
    'qingliu dischargers add-outlet D0001 P1 --from 2026-01-01 --place 厂区东门 --sampling-well --as clerk',
  ).action(
    async (
      dischargerCode: string,
      outletNo: string,
      options: { from: string; place?: string; samplingWell?: boolean; onlineMeter?: boolean; exception?: string },
    ) => {
      const from = readDay('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const entry = {
        dischargerCode,
        outletNo,
        from,
        hasSamplingWell: options.samplingWell ?? false,
        hasOnlineMeter: options.onlineMeter ?? false,
        ...given<{ place: string; exceptionReason: string }>({
          place: options.place,
          exceptionReason: options.exception,
        }),
      }
      cli.showOutcome(await addOutlet(await cli.services(), cli.envelope(), entry), (answer, language) => [
        language === 'zh'
          ? `已登记 ${answer.discharger} 的排污口 ${answer.outletNo}，自 ${answer.from} 起使用。`
          : `Registered the outlet ${answer.outletNo} of ${answer.discharger}, in use from ${answer.from}.`,
      ])
    },
  )

  example(
    dischargers
      .command('end-outlet <discharger> <no>')
      .description('终止排污口 end an outlet')
      .requiredOption('--until <date>', '自此日起不再使用 first day without it'),
    'qingliu dischargers end-outlet D0001 P1 --until 2026-07-01 --as clerk',
  ).action(async (dischargerCode: string, outletNo: string, options: { until: string }) => {
    const until = readDay('--until', options.until)
    if (isRefusal(until)) return cli.refuse(until)
    const end = { dischargerCode, outletNo, until }
    cli.showOutcome(await endOutlet(await cli.services(), cli.envelope(), end), (answer, language) => [
      language === 'zh'
        ? `${answer.discharger} 的排污口 ${answer.outletNo} 自 ${answer.until} 起停用。`
        : `The outlet ${answer.outletNo} of ${answer.discharger} is out of use from ${answer.until}.`,
    ])
  })
}

const remittancePeriodNames = { quarter: { zh: '按季' }, month: { zh: '按月' } } as const
const feeBaseNames = {
  collected: { zh: '代征额' },
  remitted: { zh: '划缴额' },
  confirmed: { zh: '国库确认额' },
} as const

function registerCollectorCommands(dischargers: Command, cli: Cli): void {
  example(
    dischargers
      .command('add-collector <code> <name>')
      .description('增加代征单位（办法第十三条） add a collector')
      .option('--credit-code <code>', '统一社会信用代码 credit code')
      .option('--organisation <code>', '其经办人员所属单位 the organisation of its staff'),
    'qingliu dischargers add-collector water 示例自来水有限公司 --organisation water --as clerk',
  ).action(async (code: string, name: string, options: { creditCode?: string; organisation?: string }) => {
    const { creditCode, organisation: organisationCode } = options
    const entry = {
      code,
      name,
      ...given<{ creditCode: string; organisationCode: string }>({ creditCode, organisationCode }),
    }
    cli.showOutcome(await addCollector(await cli.services(), cli.envelope(), entry), (answer, language) => [
      language === 'zh'
        ? `已增加代征单位 ${answer.code}（${answer.name}）。`
        : `Added the collector ${answer.code} (${answer.name}).`,
    ])
  })

  example(
    dischargers
      .command('add-collector-contract <no>')
      .description('登记代征合同 record a collector’s contract')
      .requiredOption('--collector <code>', '代征单位 collector')
      .requiredOption('--document <text>', '合同文件 the document')
      .addOption(
        choiceOption('--remits <period>', '划缴周期 period', remittancePeriodNames).default(remittancePeriods[0]),
      )
      .option('--fee-rate <ratio>', '代征手续费率，如 0.02 rate of the collection fee')
      .addOption(choiceOption('--fee-base <base>', `费率的基数 base（${feeBases.join('、')}）`, feeBaseNames))
      .option('--fee-cap <yuan>', '每合同年上限（元） cap per contract year')
      .option(
        '--combined-order <parts>',
        `只列合计的款按此次序分，逗号分开 how a combined amount is split：${chargeWords}`,
      )
      .requiredOption('--from <date>', '生效日期 first day')
      .option('--until <date>', '自此日起不再有效 first day without it'),
    'qingliu dischargers add-collector-contract DZ-2026 --collector water --document 代征协议2026 --fee-rate 0.02 --fee-base collected --from 2026-01-01 --as clerk',
  ).action(
    async (
      contractNo: string,
      options: {
        collector: string
        document: string
        remits: string
        feeRate?: string
        feeBase?: string
        feeCap?: string
        combinedOrder?: string
        from: string
        until?: string
      },
    ) => {
      const from = readDay('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const until = readDate('--until', options.until)
      if (isRefusal(until)) return cli.refuse(until)
      const combinedOrder = options.combinedOrder === undefined ? undefined : readCharges(options.combinedOrder)
      if (isRefusal(combinedOrder)) return cli.refuse(combinedOrder)
      const entry = {
        contractNo,
        collectorCode: options.collector,
        document: options.document,
        remittancePeriod: chosen(options.remits, remittancePeriodNames),
        from,
        ...(until === undefined ? {} : { until }),
        ...(options.feeRate === undefined ? {} : { feeRate: options.feeRate }),
        ...(options.feeBase === undefined ? {} : { feeBase: chosen(options.feeBase, feeBaseNames) }),
        ...(options.feeCap === undefined ? {} : { feeCapAmount: options.feeCap }),
        ...(combinedOrder === undefined ? {} : { combinedOrder }),
      }
      cli.showOutcome(await addCollectorContract(await cli.services(), cli.envelope(), entry), (answer, language) => [
        language === 'zh'
          ? `已登记 ${answer.collector} 的代征合同 ${answer.contractNo}，自 ${answer.from} 起生效。`
          : `Recorded the contract ${answer.contractNo} of ${answer.collector}, in force from ${answer.from}.`,
      ])
    },
  )

  example(
    dischargers
      .command('end-collector-contract <no>')
      .description('终止代征合同 end a collector’s contract')
      .requiredOption('--until <date>', '自此日起不再有效 first day without it'),
    'qingliu dischargers end-collector-contract DZ-2026 --until 2027-01-01 --as clerk',
  ).action(async (contractNo: string, options: { until: string }) => {
    const until = readDay('--until', options.until)
    if (isRefusal(until)) return cli.refuse(until)
    const outcome = await endCollectorContract(await cli.services(), cli.envelope(), { contractNo, until })
    cli.showOutcome(outcome, (answer, language) => [
      language === 'zh'
        ? `代征合同 ${answer.contractNo} 自 ${answer.until} 起终止。`
        : `The contract ${answer.contractNo} ends: ${answer.until} is the first day without it.`,
    ])
  })

  example(
    dischargers.command('collectors').description('代征单位及其合同 collectors and their contracts'),
    'qingliu dischargers collectors',
  ).action(async () => {
    const collectors = await listCollectors((await cli.services()).db)
    cli.show(
      collectors.map(({ contracts, ...collector }) => ({
        ...collector,
        contracts: contracts.map(({ validity, ...contract }) => ({
          ...contract,
          from: validity.from,
          until: validity.until,
        })),
      })),
      (language) => {
        const zh = language === 'zh'
        return alignColumns(
          zh
            ? ['代码', '名称', '合同', '划缴', '手续费', '上限（元/年）', '合计的分配次序', '有效']
            : ['code', 'name', 'contract', 'remits', 'fee', 'cap (yuan a year)', 'combined amounts', 'in force'],
          collectors.flatMap((collector) => {
            const contracts = collector.contracts.length === 0 ? [undefined] : collector.contracts
            return contracts.map((contract, index) => [
              index === 0 ? collector.code : '',
              index === 0 ? collector.name : '',
              contract?.contractNo ?? '—',
              contract === undefined
                ? ''
                : zh
                  ? remittancePeriodNames[contract.remittancePeriod].zh
                  : contract.remittancePeriod,
              contract?.feeRate == null || contract.feeBase === null
                ? '—'
                : `${contract.feeRate} × ${zh ? feeBaseNames[contract.feeBase].zh : contract.feeBase}`,
              contract?.feeCapAmount == null ? '—' : withThousands(contract.feeCapAmount),
              contract?.combinedOrder?.map((charge) => chargeNames[charge][language]).join(zh ? '、' : ', ') ?? '—',
              contract === undefined ? '' : validityText(contract.validity, language),
            ])
          }),
          [5],
        )
      },
    )
  })
}

const chargeWords = Object.entries(chargeNames)
  .map(([code, { zh }]) => `${code} ${zh}`)
  .join('、')

/** `污水处理费,水费` or `wastewater,water`. */
function readCharges(text: string): Charge[] | Refusal {
  const codes = Object.keys(chargeNames) as Charge[]
  const words = text.split(/[,，、]/).map((word) => word.trim())
  const charges = words.flatMap((word) => codes.find((code) => code === word || chargeNames[code].zh === word) ?? [])
  return charges.length === words.length ? charges : malformed('--combined-order', text, chargeWords)
}

function registerWordCommands(dischargers: Command, cli: Cli): void {
  example(
    dischargers.command('add-price-category <code> <zh> <en>').description('增加价格类别 add a price category'),
    'qingliu dischargers add-price-category NR 非居民 non-resident --as clerk',
  ).action(async (code: string, nameZh: string, nameEn: string) => {
    const outcome = await addPriceCategory(await cli.services(), cli.envelope(), { code, nameZh, nameEn })
    cli.showOutcome(outcome, (answer, language) => [
      language === 'zh' ? `已增加价格类别 ${answer.code}。` : `Added the price category ${answer.code}.`,
    ])
  })

  example(
    dischargers.command('price-categories').description('全部价格类别 every price category'),
    'qingliu dischargers price-categories',
  ).action(async () => {
    const categories = await listPriceCategories((await cli.services()).db)
    cli.show(
      categories.map((category) => ({ ...category })),
      (language) =>
        alignColumns(
          language === 'zh' ? ['代码', '名称', '英文'] : ['code', 'Chinese', 'English'],
          categories.map(({ code, nameZh, nameEn }) => [code, nameZh, nameEn]),
        ),
    )
  })

  example(
    dischargers
      .command('add-payer-group <code> <zh> <en>')
      .description('增加用户群体（办法第九条之外） add a group of payers beside art. 9')
      .requiredOption('--clause <text>', '依据条款 the clause it rests on')
      .option('--needs-agreement', '须先签纳管协议（办法第二条） its accounts need a connection agreement'),
    'qingliu dischargers add-payer-group hospital 医疗机构 hospital --clause 某文件第三条 --as clerk',
  ).action(
    async (code: string, nameZh: string, nameEn: string, options: { clause: string; needsAgreement?: boolean }) => {
      const entry = { code, nameZh, nameEn, clause: options.clause, needsAgreement: options.needsAgreement ?? false }
      cli.showOutcome(await addPayerGroup(await cli.services(), cli.envelope(), entry), (answer, language) => [
        language === 'zh' ? `已增加用户群体 ${answer.code}。` : `Added the payer group ${answer.code}.`,
      ])
    },
  )

  example(
    dischargers.command('payer-groups').description('全部用户群体 every payer group'),
    'qingliu dischargers payer-groups',
  ).action(async () => {
    const groups = await listPayerGroups((await cli.services()).db)
    cli.show(
      groups.map((group) => ({ ...group })),
      (language) => {
        const zh = language === 'zh'
        return alignColumns(
          zh
            ? ['代码', '名称', '英文', '须签协议', '依据']
            : ['code', 'Chinese', 'English', 'needs agreement', 'clause'],
          groups.map(({ code, nameZh, nameEn, needsAgreement, clause }) => [
            code,
            nameZh,
            nameEn,
            zh ? (needsAgreement ? '是' : '否') : needsAgreement ? 'yes' : 'no',
            clause,
          ]),
        )
      },
    )
  })
}
