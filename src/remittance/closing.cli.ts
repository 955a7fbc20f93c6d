import { type Command, Option } from 'commander'
import { findCollector } from '../dischargers/account.queries.ts'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import { parseFeeMonth } from '../kernel/calendar.ts'
import { amountInCapitals, money } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { type Cli, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import type { Db } from '../platform/database.ts'
import type { Json } from '../platform/platform.tables.ts'
import { writeFileOf } from '../platform/tables/write-table.ts'
import { listSettlements, settlementState } from './annual-settlement.queries.ts'
import { settlementStepNames } from './annual-settlement.ts'
import { type Cell, plainCell, totalOfCells } from './cells.rules.ts'
import { example, settlementTable, yuan } from './cli-words.ts'
import { decisionOf } from './decision.cli.ts'
import { declareVolume } from './declare-volume.ts'
import { drawReconciliation } from './draw-reconciliation.ts'
import { exportDocument } from './export-documents.ts'
import { issuePaper } from './issue-paper.ts'
import { printRemittance } from './print-remittance.ts'
import { findReconciliation, listReconciliations, oneSidedUsers } from './reconciliation.queries.ts'
import {
  type Party,
  parties,
  partyNames,
  type Reconciliation,
  type ReconciliationContent,
  soldOf,
  totalSold,
  type UserSide,
  userSideNames,
  userSides,
} from './reconciliation.ts'
import { reconciliationJson, writeOffJson } from './remittance.json.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { decideSettlement, proposeSettlement } from './settle-year.ts'
import { returnReconciliation, signReconciliation } from './sign-reconciliation.ts'
import { verifyRemittance } from './verify-remittance.ts'
import {
  decideWriteOff,
  listWriteOffs,
  proposeWriteOff,
  type WriteOffGround,
  writeOffGroundNames,
  writeOffGrounds,
} from './write-off.ts'

/** Quarters and years: `declare-volume`, `reconcile` …, `write-off` …, `settle-year` …, `export`, `verify`. */
export function registerClosingCommands(remittance: Command, cli: Cli): void {
  registerReconciliation(remittance, cli)
  registerWriteOffs(remittance, cli)
  registerSettlement(remittance, cli)
  registerOutputs(remittance, cli)
}

/** m³ for a terminal; what nobody knows is no 0. */
const knownVolume = (m3: string | null): string => (m3 === null ? '—' : volumeForPeople(volume(m3)))

type Names = ReadonlyMap<string, { readonly zh: string; readonly en: string }>
/** Price categories by their code, as people call them. */
const categoryNames = async (db: Db): Promise<Names> =>
  new Map((await listPriceCategories(db)).map(({ code, nameZh, nameEn }) => [code, { zh: nameZh, en: nameEn }]))

function cellTable(cells: readonly Cell[], content: ReconciliationContent, names: Names, language: Language): string[] {
  const zh = language === 'zh'
  const nameOf = (code: string) => names.get(code)?.[language] ?? code
  const total = totalOfCells(cells)
  const rows = [
    ...cells.map((cell) => ({ ...plainCell(cell), soldM3: soldOf(cell, content) })),
    {
      ...plainCell({ ...total, feeMonth: '' as Cell['feeMonth'], category: zh ? '合计' : 'total', supply: 'public' }),
      soldM3: totalSold(cells, content),
    },
  ]
  return alignColumns(
    zh
      ? ['用水月份', '类别', '售水量', '开账水量', '应收(元)', '代收', '直缴国库', '划缴', '入库']
      : ['month', 'category', 'sold m³', 'billed m³', 'billed', 'collected', 'direct', 'remitted', 'confirmed'],
    rows.map((cell) => [
      cell.feeMonth,
      cell.supply === 'public' ? nameOf(cell.category) : `${nameOf(cell.category)} ${zh ? '（自备）' : '(own source)'}`,
      knownVolume(cell.soldM3),
      volumeForPeople(volume(cell.billedM3)),
      ...[cell.billed, cell.collected, cell.direct, cell.remitted, cell.confirmed].map(yuan),
    ]),
    [2, 3, 4, 5, 6, 7, 8],
  )
}

const stateNames = {
  drawn: { zh: '待签认', en: 'waits for signatures' },
  frozen: { zh: '已签齐', en: 'frozen' },
  returned: { zh: '已退回', en: 'returned' },
} as const

function reconciliationLines(found: Reconciliation, names: Names, language: Language): string[] {
  const zh = language === 'zh'
  const { content, quarter } = found
  const { held } = content
  const own = found.cells.filter(({ feeMonth }) => `${feeMonth}-01` >= quarter.from)
  const corrections = found.cells.filter(({ feeMonth }) => `${feeMonth}-01` < quarter.from)
  return [
    `${found.number}　${content.collectorName}　${quarter.name}　${stateNames[found.state][language]}${found.returnReason === null ? '' : `：${found.returnReason}`}`,
    zh
      ? `待缴：期初 ${yuan(held.opening)}，代收 ${yuan(held.collected)}，冲正 ${yuan(held.reversed)}，退款 ${yuan(held.refunded)}，入库 ${yuan(held.remitted)}，期末 ${yuan(held.closing)}（最早已 ${held.oldestDays} 天）`
      : `Held: opening ${yuan(held.opening)}, collected ${yuan(held.collected)}, reversed ${yuan(held.reversed)}, refunded ${yuan(held.refunded)}, remitted ${yuan(held.remitted)}, closing ${yuan(held.closing)} (oldest ${held.oldestDays} days)`,
    ...content.statements.map((each) =>
      zh
        ? `结算单 ${each.statement}（${each.period}）：应划缴 ${yuan(each.total)}，已入库 ${yuan(each.received)}，未缴 ${yuan(each.balance)}`
        : `Statement ${each.statement} (${each.period}): total ${yuan(each.total)}, received ${yuan(each.received)}, balance ${yuan(each.balance)}`,
    ),
    ...cellTable(own, content, names, language),
    ...(corrections.length === 0
      ? []
      : [
          '',
          zh
            ? '以前月份：签认后的变动，及此前没有签认过的'
            : 'Earlier months: changed since they were signed, or not signed before',
          ...cellTable(corrections, content, names, language),
        ]),
    '',
    ...alignColumns(
      zh
        ? ['用水月份', '申报售水量', '抄表水量', '开账水量', '未开账(m³)']
        : ['month', 'declared', 'read', 'billed', 'unbilled m³'],
      content.months.map((each) => [
        each.month,
        ...[each.soldM3, each.readM3, each.billedM3, each.unbilledM3].map(knownVolume),
      ]),
      [1, 2, 3, 4],
    ),
    ...content.users
      .filter(({ count }) => count > 0)
      .map(({ side, count }) =>
        zh
          ? `${userSideNames[side].zh}：${count} 户次（qingliu remittance one-sided ${found.number} --side ${side}）`
          : `${userSideNames[side].en}: ${count} (qingliu remittance one-sided ${found.number} --side ${side})`,
      ),
    ...content.uncollected
      .filter(({ bills }) => bills > 0)
      .map((each) =>
        zh
          ? `逾期 ${each.days} 天：${each.bills} 张，${yuan(each.amount)} 元`
          : `overdue ${each.days} days: ${each.bills} bills, ${yuan(each.amount)}`,
      ),
    ...found.signatures.map(({ party, by, on }) => `${partyNames[party][language]}：${by}　${on}`),
    `${zh ? '摘要' : 'Digest'}: ${found.digest}`,
  ]
}

function registerReconciliation(remittance: Command, cli: Cli): void {
  remittance
    .command('declare-volume <month>')
    .description('申报售水量（代征单位） the company declares what it sold in a month')
    .requiredOption('--collector <code>', '代征单位 collector')
    .requiredOption('--category <code>', '价格分类 price category')
    .requiredOption('--volume <m3>', '售水量（立方米） m³ sold')
    .requiredOption('--document <text>', '申报文件 document of the declaration')
    .addHelpText(
      'after',
      example(
        'qingliu remittance declare-volume 2026-03 --collector gx-water --category non-resident --volume 182340 --document 水司函12号 --as gx-operator',
      ),
    )
    .action(
      async (text: string, options: { collector: string; category: string; volume: string; document: string }) => {
        const feeMonth = parseFeeMonth(text)
        if (feeMonth === undefined) return cli.refuse(malformed('month', text, 'YYYY-MM'))
        const { collector: collectorCode, category, volume: volumeM3, document } = options
        const input = { collectorCode, feeMonth, category, volumeM3, document }
        cli.showOutcome(await declareVolume(await cli.services(), cli.envelope(), input), (answer, language) => [
          language === 'zh'
            ? `已申报 ${answer.collector} ${answer.feeMonth} ${answer.category} 售水量 ${volumeForPeople(volume(answer.volumeM3))} m³${answer.revision === 0 ? '' : `（第 ${answer.revision} 次更正）`}。`
            : `${answer.collector} declared ${volumeForPeople(volume(answer.volumeM3))} m³ of ${answer.category} for ${answer.feeMonth}${answer.revision === 0 ? '' : ` (revision ${answer.revision})`}.`,
        ])
      },
    )

  remittance
    .command('reconcile <quarter>')
    .description('编制季度对账（城管局经办） draw the reconciliation of a quarter')
    .requiredOption('--collector <code>', '代征单位 collector')
    .addHelpText('after', example('qingliu remittance reconcile 2026-Q1 --collector gx-water --as clerk'))
    .action(async (quarter: string, options: { collector: string }) => {
      const input = { collectorCode: options.collector, quarter }
      cli.showOutcome(await drawReconciliation(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `已编制对账单 ${answer.reconciliation}（${answer.quarter}），其中以前月份 ${answer.corrections} 项，单边用户 ${answer.users} 户次。`
          : `Reconciliation ${answer.reconciliation} of ${answer.quarter}: ${answer.corrections} of earlier months, ${answer.users} users on one side only.`,
        `${language === 'zh' ? '三方签认' : 'Three parties sign'}: qingliu remittance sign-reconciliation ${answer.reconciliation} --party collector|bureau|finance --digest ${answer.digest.slice(0, 12)}`,
      ])
    })

  remittance
    .command('sign-reconciliation <reconciliation>')
    .description('签认季度对账（三方各一人） a party signs a reconciliation')
    .addOption(new Option('--party <party>', '代表哪一方 for whom').choices([...parties]).makeOptionMandatory())
    .requiredOption('--digest <digest>', '所见摘要 digest that was seen')
    .addHelpText(
      'after',
      example('qingliu remittance sign-reconciliation Q2026-0001 --party finance --digest 3fa9c2d17b04 --as finance-2'),
    )
    .action(async (reconciliation: string, options: { party: Party; digest: string }) => {
      const input = { reconciliation, party: options.party, digestSeen: options.digest }
      const envelope = cli.envelope(['remittance.sign-reconciliation', reconciliation, options.party, options.digest])
      cli.showOutcome(await signReconciliation(await cli.services(), envelope, input), (answer, language) => [
        language === 'zh'
          ? `已签认对账单 ${answer.reconciliation}（${answer.signatures}/3）${answer.frozen ? '，三方签齐，不再改变。' : '。'}`
          : `Reconciliation ${answer.reconciliation} is signed (${answer.signatures}/3)${answer.frozen ? ' and frozen.' : '.'}`,
      ])
    })

  remittance
    .command('return-reconciliation <reconciliation>')
    .description('退回未签齐的对账单 return a reconciliation that is not frozen')
    .requiredOption('--reason <text>', '理由 reason')
    .addHelpText(
      'after',
      example('qingliu remittance return-reconciliation Q2026-0001 --reason 售水量申报有误 --as finance-1'),
    )
    .action(async (reconciliation: string, options: { reason: string }) => {
      const outcome = await returnReconciliation(await cli.services(), cli.envelope(), {
        reconciliation,
        reason: options.reason,
      })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `已退回对账单 ${answer.reconciliation}。`
          : `Reconciliation ${answer.reconciliation} is returned.`,
      ])
    })

  remittance
    .command('reconciliations')
    .description('季度对账单，最近的在前 reconciliations, newest first')
    .option('--collector <code>', '代征单位 collector')
    .option('--limit <count>', '条数 how many', '20')
    .addHelpText('after', example('qingliu remittance reconciliations --collector gx-water'))
    .action(async (options: { collector?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const found = await listReconciliations((await cli.services()).db, { collectorCode: options.collector, limit })
      cli.show(found.map(reconciliationJson) as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (found.length === 0)
          return [
            zh
              ? '还没有季度对账。季末之后编制：qingliu remittance reconcile 2026-Q1 --collector gx-water'
              : 'No reconciliation yet. After a quarter’s end: qingliu remittance reconcile 2026-Q1 --collector gx-water',
          ]
        return alignColumns(
          zh
            ? ['对账单', '代征单位', '季度', '状态', '签认', '编制']
            : ['number', 'collector', 'quarter', 'state', 'signed', 'drawn'],
          found.map((each) => [
            each.number,
            each.collectorCode,
            each.quarter.name,
            stateNames[each.state][language],
            `${each.signatures.length}/3`,
            `${each.drawnByName} ${each.drawnOn}`,
          ]),
        )
      })
    })

  remittance
    .command('show-reconciliation <reconciliation>')
    .description('一张季度对账单 one reconciliation')
    .addHelpText('after', example('qingliu remittance show-reconciliation Q2026-0001'))
    .action(async (number: string) => {
      const { db } = await cli.services()
      const found = await findReconciliation(db, number)
      if (isRefusal(found)) return cli.refuse(found)
      const names = await categoryNames(db)
      cli.show(reconciliationJson(found) as unknown as Json, (language) => reconciliationLines(found, names, language))
    })

  remittance
    .command('one-sided <reconciliation>')
    .description('单边用户清单 users on one side only')
    .addOption(new Option('--side <side>', '哪一边 which side').choices([...userSides]))
    .option('--limit <count>', '条数 how many', '200')
    .addHelpText('after', example('qingliu remittance one-sided Q2026-0001 --side unknown_account'))
    .action(async (number: string, options: { side?: UserSide; limit: string }) => {
      const limit = readCount('--limit', options.limit, 99_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const found = await findReconciliation(db, number)
      if (isRefusal(found)) return cli.refuse(found)
      const users = await oneSidedUsers(db, found.reconciliationId, { side: options.side, limit })
      cli.show(users as unknown as Json, (language) =>
        users.length === 0
          ? [language === 'zh' ? '没有单边用户。' : 'No user stands on one side only.']
          : alignColumns(
              language === 'zh'
                ? ['情况', '用水月份', '户号', '水量(m³)', '金额(元)']
                : ['side', 'month', 'account', 'm³', 'amount'],
              users.map((user) => [
                userSideNames[user.side][language],
                user.feeMonth,
                user.accountNo,
                user.volumeM3 ?? '—',
                user.amount ?? '—',
              ]),
              [3, 4],
            ),
      )
    })
}

function registerWriteOffs(remittance: Command, cli: Cli): void {
  const grounds = writeOffGrounds.map((ground) => `${ground} ${writeOffGroundNames[ground].zh}`).join('、')
  remittance
    .command('write-off <bill>')
    .description('提出核销：确认无法收回的水量，不免除欠费 propose to confirm a bill as uncollectable; the debt stays')
    .addOption(
      new Option('--ground <ground>', `原因 ground：${grounds}`).choices([...writeOffGrounds]).makeOptionMandatory(),
    )
    .requiredOption('--evidence <text>', '凭据 evidence')
    .addHelpText(
      'after',
      example('qingliu remittance write-off 2026-000118 --ground bankrupt --evidence （2026）破字第3号裁定 --as clerk'),
    )
    .action(async (bill: string, options: { ground: WriteOffGround; evidence: string }) => {
      const outcome = await proposeWriteOff(await cli.services(), cli.envelope(), { bill, ...options })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `已提出核销账单 ${answer.bill}：${yuan(answer.amount)} 元、${volumeForPeople(volume(answer.volumeM3))} m³。待审批：qingliu remittance decide-write-off ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`
          : `Bill ${answer.bill} is proposed: ${yuan(answer.amount)}, ${volumeForPeople(volume(answer.volumeM3))} m³. Another person decides: qingliu remittance decide-write-off ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`,
      ])
    })

  decisionOf(remittance.command('decide-write-off <proposal>').description('审批核销 decide a write-off'), cli, {
    command: 'remittance.decide-write-off',
    example: 'qingliu remittance decide-write-off 41 --approve --digest 3fa9c2d17b04 --as approver',
    decide: decideWriteOff,
    lines: (answer, language) => [
      answer.outcome === 'returned'
        ? language === 'zh'
          ? `已退回账单 ${answer.bill} 的核销。`
          : `The write-off of bill ${answer.bill} is returned.`
        : language === 'zh'
          ? `已核销账单 ${answer.bill}：${yuan(answer.amount)} 元、${answer.volumeM3} m³。欠费不变。`
          : `Bill ${answer.bill} is written off: ${yuan(answer.amount)}, ${answer.volumeM3} m³. The debt stays.`,
    ],
  })

  remittance
    .command('write-offs')
    .description('核销清单 write-offs')
    .option('--collector <code>', '代征单位 collector')
    .option('--year <year>', '用水年度 of this year’s fee months')
    .option('--limit <count>', '条数 how many', '200')
    .addHelpText('after', example('qingliu remittance write-offs --year 2026'))
    .action(async (options: { collector?: string; year?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const year = options.year === undefined ? undefined : readCount('--year', options.year, 9_999)
      if (isRefusal(year)) return cli.refuse(year)
      const found = await listWriteOffs((await cli.services()).db, { collectorCode: options.collector, year, limit })
      cli.show(found.map(writeOffJson) as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (found.length === 0) return [zh ? '没有核销。' : 'Nothing is written off.']
        return alignColumns(
          zh
            ? ['账单', '户号', '缴费人', '用水月份', '核销(元)', '水量(m³)', '现欠(元)', '原因', '凭据', '日期']
            : ['bill', 'account', 'payer', 'month', 'written off', 'm³', 'still owed', 'ground', 'evidence', 'on'],
          found.map((each) => [
            each.bill,
            each.accountNo,
            each.payer,
            each.feeMonth,
            yuan(each.amount),
            volumeForPeople(each.volumeM3),
            yuan(each.outstanding),
            writeOffGroundNames[each.ground][language],
            each.evidence,
            each.confirmedOn,
          ]),
          [4, 5, 6],
        )
      })
    })
}

function registerSettlement(remittance: Command, cli: Cli): void {
  const readYear = (text: string) => (/^[12]\d{3}$/.test(text) ? Number(text) : malformed('year', text, 'YYYY'))

  remittance
    .command('settle-year <year>')
    .description('编制汇算清缴（城管局经办，3 月 31 日前） propose the annual settlement, by 31 March')
    .requiredOption('--collector <code>', '代征单位 collector')
    .addHelpText('after', example('qingliu remittance settle-year 2025 --collector gx-water --dry-run --as clerk'))
    .action(async (text: string, options: { collector: string }) => {
      const year = readYear(text)
      if (isRefusal(year)) return cli.refuse(year)
      const outcome = await proposeSettlement(await cli.services(), cli.envelope(), {
        collectorCode: options.collector,
        year,
      })
      cli.showOutcome(outcome, (answer, language) => {
        const zh = language === 'zh'
        return [
          zh
            ? `${answer.year} 年汇算清缴　${answer.collector}${answer.late ? '（已过 3 月 31 日）' : ''}`
            : `Annual settlement of ${answer.year}  ${answer.collector}${answer.late ? ' (31 March is past)' : ''}`,
          ...alignColumns(
            zh ? ['项目', '金额(元)'] : ['item', 'amount'],
            [
              [zh ? '应征' : 'due', yuan(answer.due)],
              [zh ? '减：已划缴入库' : 'less: remitted', yuan(answer.remitted)],
              [zh ? '减：直缴国库' : 'less: paid to the treasury', yuan(answer.direct)],
              [zh ? '清缴余额' : 'balance', yuan(answer.balance)],
            ],
            [1],
          ),
          `${zh ? '待审批' : 'Another person decides'}: qingliu remittance decide-settlement ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`,
        ]
      })
    })

  decisionOf(
    remittance.command('decide-settlement <proposal>').description('审批汇算清缴 decide the annual settlement'),
    cli,
    {
      command: 'remittance.decide-settlement',
      example: 'qingliu remittance decide-settlement 41 --approve --digest 3fa9c2d17b04 --as approver',
      decide: decideSettlement,
      lines: (answer, language) => [
        answer.outcome === 'returned'
          ? language === 'zh'
            ? `已退回 ${answer.year} 年汇算清缴。`
            : `The settlement of ${answer.year} is returned.`
          : language === 'zh'
            ? `已审批 ${answer.year} 年汇算清缴 ${answer.settlement}，余额 ${yuan(answer.balance)} 元（${amountInCapitals(money(answer.balance))}）。`
            : `The settlement ${answer.settlement} of ${answer.year} is approved; balance ${yuan(answer.balance)}.`,
      ],
    },
  )

  remittance
    .command('settlement <year>')
    .description('汇算清缴办到哪一步及分月结果 how far the settlement of a year is, and its months')
    .requiredOption('--collector <code>', '代征单位 collector')
    .addHelpText('after', example('qingliu remittance settlement 2025 --collector gx-water'))
    .action(async (text: string, options: { collector: string }) => {
      const year = readYear(text)
      if (isRefusal(year)) return cli.refuse(year)
      const { db } = await cli.services()
      const collector = await findCollector(db, options.collector)
      if (collector === undefined)
        return cli.refuse(refuseRemittance('remittance_collector_unknown', { collector: options.collector }))
      const steps = await settlementState(db, collector, year, cli.today())
      const names = await categoryNames(db)
      const [settled] = await listSettlements(db, { collectorCode: collector.code, year, limit: 1 })
      cli.show(
        { year, steps, settlement: settled?.number ?? null, lines: settled?.lines ?? [] } as unknown as Json,
        (language) => {
          const zh = language === 'zh'
          const lines = settled?.lines ?? []
          return [
            ...alignColumns(
              zh ? ['步骤', '完成', '说明'] : ['step', 'done', 'detail'],
              steps.map(({ step, done, late, detail }) => [
                settlementStepNames[step][language],
                done ? (zh ? '是' : 'yes') : late ? (zh ? '逾期未办' : 'late') : zh ? '否' : 'no',
                detail,
              ]),
            ),
            ...(lines.length === 0
              ? []
              : settlementTable(lines, (category) => names.get(category)?.[language] ?? category, language)),
          ]
        },
      )
    })
}

function registerOutputs(remittance: Command, cli: Cli): void {
  remittance
    .command('export <number>')
    .description(
      '导出结算单（R）、对账单（Q）或汇算清缴（Y）：工作簿或 PDF a document of this chain as a workbook or PDF',
    )
    .requiredOption('--to <file>', '文件，以 .xlsx 或 .pdf 结尾 file that ends in .xlsx or .pdf')
    .addHelpText(
      'after',
      example(
        'qingliu remittance export R2026-0001 --to 结算单.xlsx',
        'qingliu remittance export Y2026-0001 --to 汇算清缴.pdf',
      ),
    )
    .action(async (number: string, options: { to: string }) => {
      const services = await cli.services()
      const path = options.to
      if (/\.pdf$/i.test(path)) {
        const printed = await printRemittance(services.db, services.printer, number)
        if (isRefusal(printed)) return cli.refuse(printed)
        await writeFileOf(path, printed.bytes)
      } else if (/\.xlsx$/i.test(path)) {
        const written = await exportDocument(services.db, number, path)
        if (isRefusal(written)) return cli.refuse(written)
      } else return cli.refuse(malformed('--to', path, '.xlsx / .pdf'))
      cli.show({ path }, (language) => [language === 'zh' ? `已写入 ${path}。` : `Written to ${path}.`])
    })

  remittance
    .command('issue <number>')
    .description('出具已签批的结算单、对账单或汇算清缴并存档 issue the paper of what was signed, and keep it')
    .addHelpText('after', example('qingliu remittance issue R2026-0001 --as clerk'))
    .action(async (number: string) => {
      const issued = await issuePaper(await cli.services(), cli.envelope(), { number })
      cli.showOutcome(issued, (answer, language) => [
        language === 'zh'
          ? `已出具 ${answer.number} 并存档，SHA-256 ${answer.digest}`
          : `Issued ${answer.number} and kept it, SHA-256 ${answer.digest}`,
        `  qingliu documents save ${answer.number}`,
      ])
    })

  remittance
    .command('verify')
    .description('从事实重新计算划缴链条并核对 compute the fiscal chain again from the facts')
    .addHelpText('after', example('qingliu remittance verify'))
    .action(async () => {
      const found = await verifyRemittance(await cli.services())
      if (found.faults.length > 0) process.exitCode = 65
      cli.show(found as unknown as Json, (language) => {
        const zh = language === 'zh'
        return [
          zh
            ? `已核对结算单 ${found.statements} 张、明细 ${found.lines} 笔、对账单 ${found.reconciliations} 张、统制科目 ${found.controlAccounts} 个。`
            : `Checked ${found.statements} statements, ${found.lines} lines, ${found.reconciliations} reconciliations, ${found.controlAccounts} control accounts.`,
          ...(found.faults.length === 0
            ? [zh ? '全部相符。' : 'All agrees.']
            : alignColumns(
                zh ? ['项目', '对象', '存储', '重算'] : ['what', 'subject', 'stored', 'derived'],
                found.faults.map((fault) => [fault.what, fault.subject, fault.stored, fault.derived]),
              )),
        ]
      })
    })
}
