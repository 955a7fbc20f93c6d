import { type Command, Option } from 'commander'
import { findAccounts } from '../dischargers/account.queries.ts'
import { parseFeeMonth } from '../kernel/calendar.ts'
import { addMoney, money, moneyForPeople, moneyText, parseMoney } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { volume, volumeForPeople, volumeText } from '../kernel/volume.ts'
import { type Cli, type Language, malformed, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { writeWholeFile } from '../platform/files.ts'
import type { ProposalViews } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import type { HeldReasonCode } from '../volumes/billable-volume.ts'
import type { AfterIssue } from './after-issue.ts'
import { approveRun } from './approve-run.ts'
import { exceptionSentence, runJson } from './bill.json.ts'
import { type BillFilter, type BillRun, findBill, linesOf, listBills, listRuns, runExceptions } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import {
  type Bill,
  type BillKind,
  billKindNames,
  correctionReasonNames,
  correctionReasons,
  numberRange,
  parseBillNumber,
} from './bill.ts'
import { billRecord, explainBill } from './bill-explanation.ts'
import { type TermsOf, termsOfBills } from './bill-terms.queries.ts'
import {
  type CorrectionAction,
  type CorrectionGuard,
  type CorrectionPreview,
  correctionProposalKind,
  decideCorrection,
  type ProposedCorrection,
  proposeCorrection,
} from './correct-bill.ts'
import { type Difference, differences } from './differences.ts'
import { discardRun, draftRun, runProposalKind } from './draft-run.ts'
import { explanationNames } from './explanation-names.queries.ts'
import { exportBills } from './export-bills.ts'
import { importOpening, openingIdentity, openingJsonExamples } from './import-opening.ts'
import { openingTemplates } from './opening-files.ts'
import type { TakeOverMoney } from './opening-money.ts'
import { isOpeningTemplate, writeOpeningTemplate } from './opening-template.ts'
import { printBill } from './print-bill.ts'
import { returnRun } from './return-run.ts'
import { type RunSummary, summariseRun } from './run-summary.ts'
import { type MonthFault, verifyBills } from './verify-bills.ts'

/** How an approver reads a drafted run and a proposed correction. */
export const billProposalViews: ProposalViews = {
  [runProposalKind]: {
    zh: '开账批次',
    en: 'bill run',
    subject: (content) => {
      const { runId, feeMonth } = content as unknown as RunSummary
      return `${runId} ${feeMonth}`
    },
    lines: (content, language) => summaryLines(content as unknown as RunSummary, language),
    // A run is approved by the digest of its draft, which this command shows.
    decide: ({ subject }) => `qingliu bills run ${subject}`,
  },
  [correctionProposalKind]: {
    zh: '账单更正',
    en: 'correction of a bill',
    subject: (content) => (content as unknown as ProposedCorrection).number,
    lines: (content, language) => correctionLines(content as unknown as ProposedCorrection, language),
    decide: ({ id, contentDigest }) =>
      `qingliu bills decide ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
  },
}

/** `qingliu bills …`: from draft to issued, corrected, exported and verified bills. */
export function registerBillsCommands(
  program: Command,
  cli: Cli,
  afterIssue: AfterIssue,
  takeOverMoney: TakeOverMoney,
  guards: readonly CorrectionGuard[],
): void {
  const bills = program.command('bills').description('开账与账单 bill runs and bills')
  registerRuns(bills, cli, afterIssue)
  registerBills(bills, cli)
  registerCorrections(bills, cli, guards, afterIssue)
  registerOpening(bills, cli, afterIssue, takeOverMoney)
}

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`

const withoutQrCode = {
  zh: '没有印核验二维码：尚未设置公众网址（qingliu settings set public.address https://… --citation 政策 --as admin）。',
  en: 'It has no QR code: no public address is set (qingliu settings set public.address https://… --citation policy --as admin).',
} as const

function registerRuns(bills: Command, cli: Cli, afterIssue: AfterIssue): void {
  bills
    .command('draft <month>')
    .description('开账试算：普查、计算、提交审批 draft a month and put it before an approver')
    .option('--account <no...>', '只开这些户 only these accounts')
    .option('--collector <code>', '户号所属代征单位 collector of these accounts')
    .addHelpText(
      'after',
      example(
        'qingliu bills draft 2026-03 --as clerk',
        'qingliu bills draft 2026-03 --account 0010233 0010234 --as clerk',
      ),
    )
    .action(async (monthText: string, options: { account?: string[]; collector?: string }) => {
      const feeMonth = parseFeeMonth(monthText)
      if (feeMonth === undefined) return cli.refuse(malformed('month', monthText, 'YYYY-MM'))
      const services = await cli.services()
      const accountIds =
        options.account === undefined ? undefined : await findAccounts(services.db, options.collector, options.account)
      if (isRefusal(accountIds)) return cli.refuse(accountIds)
      const outcome = await draftRun(services, cli.envelope(), { feeMonth, accountIds })
      if (isRefusal(outcome)) return cli.refuse(outcome)
      const [run] = await listRuns(services.db, { runId: outcome.answer.runId })
      if (run === undefined) return
      const summary = await summariseRun(services.db, run)
      cli.show(asJson(summary), (language) => [
        ...runSummaryLines(run, summary, language),
        ...nextSteps(run, summary, language),
      ])
    })

  bills
    .command('runs')
    .description('开账批次列表 list bill runs')
    .option('--month <month>', '只列此月 only this month')
    .addHelpText('after', example('qingliu bills runs --month 2026-03'))
    .action(async (options: { month?: string }) => {
      const feeMonth = options.month === undefined ? undefined : parseFeeMonth(options.month)
      if (options.month !== undefined && feeMonth === undefined)
        return cli.refuse(malformed('--month', options.month, 'YYYY-MM'))
      const runs = await listRuns((await cli.services()).db, feeMonth === undefined ? {} : { feeMonth })
      cli.show(asJson(runs.map(runJson)), (language) => runTable(runs, language))
    })

  bills
    .command('run <run>')
    .description('一个批次：普查、合计、刹车、待处理户 one run: census, totals, brake, held accounts')
    .option('--held', '列出待处理户与原因 list held accounts with reasons')
    .option('--exempt', '列出免征户 list exempt accounts')
    .option('--limit <n>', '最多列出几户 how many to list', '50')
    .addHelpText('after', example('qingliu bills run 3 --held'))
    .action(async (runId: string, options: { held?: boolean; exempt?: boolean; limit: string }) => {
      const { db } = await cli.services()
      const [run] = await listRuns(db, { runId })
      if (run === undefined) return cli.refuse(refuseBill('run_missing', { run: runId }))
      const limit = readCount('--limit', options.limit, 100_000)
      if (isRefusal(limit)) return cli.refuse(limit)
      const exceptions = [
        ...(options.held ? await runExceptions(db, run, { status: 'held', limit }) : []),
        ...(options.exempt ? await runExceptions(db, run, { status: 'exempt', limit }) : []),
      ]
      const summary = run.state === 'open' ? await summariseRun(db, run) : undefined
      cli.show(asJson({ run: runJson(run), summary: summary ?? null, exceptions }), (language) => [
        ...(summary === undefined ? runTable([run], language) : runSummaryLines(run, summary, language)),
        ...(exceptions.length === 0 ? [] : ['', ...exceptionLines(exceptions, language)]),
      ])
    })

  bills
    .command('approve <run>')
    .description('审批并签发批次（须他人） approve and issue a drafted run, by another person')
    .requiredOption('--digest <digest>', '您看到的摘要（至少 8 位） the digest you saw, at least 8 characters')
    .option('--acknowledge <reason>', '触发刹车时写明理由 why the run is right although the brake stopped it')
    .addHelpText('after', example('qingliu bills approve 3 --digest 5f2c8a10 --as approver'))
    .action(async (runId: string, options: { digest: string; acknowledge?: string }) => {
      const services = await cli.services()
      const envelope = cli.envelope(['bills.approve-run', runId, options.digest, options.acknowledge ?? ''])
      const approval = { runId, digestSeen: options.digest, acknowledge: options.acknowledge }
      const outcome = await approveRun(services, envelope, approval, afterIssue)
      cli.showOutcome(outcome, (answer, language) =>
        language === 'zh'
          ? [
              `已签发 ${answer.billCount.toLocaleString('en')} 张账单 ${numberRange(answer)}，合计 ${moneyForPeople(money(answer.totalAmount))} 元，到期 ${answer.dueOn}。`,
              `普查：开账 ${answer.billed}，待处理 ${answer.held}，免征 ${answer.exempt}。`,
            ]
          : [
              `Issued ${answer.billCount.toLocaleString('en')} ${answer.billCount === 1 ? 'bill' : 'bills'} ${numberRange(answer)}, ${moneyForPeople(money(answer.totalAmount))} in all, due ${answer.dueOn}.`,
              `Census: billed ${answer.billed}, held ${answer.held}, exempt ${answer.exempt}.`,
            ],
      )
    })

  bills
    .command('return <run>')
    .description('退回批次（须他人） return a drafted run to its maker, by another person')
    .requiredOption('--digest <digest>', '您看到的摘要（至少 8 位） the digest you saw, at least 8 characters')
    .requiredOption('--reason <reason>', '原因 why')
    .addHelpText('after', example('qingliu bills return 3 --digest 5f2c8a10 --reason 用水异常 --as approver'))
    .action(async (runId: string, options: { digest: string; reason: string }) => {
      const input = { runId, digestSeen: options.digest, reason: options.reason }
      const outcome = await returnRun(await cli.services(), cli.envelope(), input)
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `已退回批次 ${answer.runId}；改正后重新试算。`
          : `Run ${answer.runId} is returned; mend it and draft it anew.`,
      ])
    })

  bills
    .command('discard <run>')
    .description('作废未签发的批次 give up an open run')
    .requiredOption('--reason <reason>', '原因 why')
    .addHelpText('after', example('qingliu bills discard 3 --reason 漏导一个文件 --as clerk'))
    .action(async (runId: string, options: { reason: string }) => {
      const outcome = await discardRun(await cli.services(), cli.envelope(), { runId, reason: options.reason })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh' ? `已作废批次 ${answer.runId}。` : `Run ${answer.runId} is discarded.`,
      ])
    })
}

function runTable(runs: readonly BillRun[], language: Language): string[] {
  const zh = language === 'zh'
  const states = {
    open: zh ? '待审批' : 'open',
    issued: zh ? '已签发' : 'issued',
    discarded: zh ? '已作废' : 'discarded',
  }
  if (runs.length === 0)
    return [
      zh
        ? '还没有开账批次。先试算：qingliu bills draft 2026-03'
        : 'No bill runs yet. Draft one: qingliu bills draft 2026-03',
    ]
  return alignColumns(
    zh
      ? ['批次', '月份', '类型', '状态', '制单', '账单', '合计(元)', '签发日', '账单号']
      : ['run', 'month', 'kind', 'state', 'maker', 'bills', 'amount', 'issued', 'numbers'],
    runs.map((run) => [
      run.runId,
      run.feeMonth,
      run.purpose === 'regular' ? (zh ? '正常' : 'regular') : zh ? '补充' : 'supplementary',
      states[run.state],
      run.makerName,
      run.issued === undefined ? '—' : run.issued.count.toLocaleString('en'),
      run.issued === undefined ? '—' : moneyForPeople(run.issued.amount),
      run.issued?.on ?? '—',
      run.issued === undefined ? '—' : numberRange(run.issued),
    ]),
    [5, 6],
  )
}

export function runSummaryLines(run: BillRun, summary: RunSummary, language: Language): string[] {
  const head =
    language === 'zh'
      ? `批次 ${run.runId}  ${run.feeMonth}  ${run.purpose === 'regular' ? '正常' : '补充'}开账  制单 ${run.makerName}`
      : `run ${run.runId}  ${run.feeMonth}  ${run.purpose}  by ${run.makerName}`
  return [head, ...summaryLines(summary, language)]
}

function summaryLines(summary: RunSummary, language: Language): string[] {
  const zh = language === 'zh'
  const { census } = summary
  const count = (n: number) => n.toLocaleString('en')
  const lines = zh
    ? [
        `普查：名单 ${count(census.roster)} 户 = 开账 ${count(census.billed)} + 待处理 ${count(census.held)} + 免征 ${count(census.exempt)}${census.billedBefore > 0 ? ` + 前批已开 ${count(census.billedBefore)}` : ''}`,
        `账单 ${count(summary.bills)} 张${summary.adjustments > 0 ? `（其中追补、退补 ${summary.adjustments} 张）` : ''}，水量 ${volumeForPeople(volume(summary.volumeM3))} m³，合计 ${moneyForPeople(money(summary.amount))} 元`,
      ]
    : [
        `census: roster ${count(census.roster)} = billed ${count(census.billed)} + held ${count(census.held)} + exempt ${count(census.exempt)}${census.billedBefore > 0 ? ` + billed before ${count(census.billedBefore)}` : ''}`,
        `${count(summary.bills)} bills${summary.adjustments > 0 ? ` (${summary.adjustments} of them adjustments)` : ''}, ${volumeForPeople(volume(summary.volumeM3))} m³, ${moneyForPeople(money(summary.amount))} in all`,
      ]
  const held = Object.entries(summary.heldByCode)
  if (held.length > 0) {
    lines.push(zh ? '待处理原因：' : 'held because:')
    for (const [code, times] of held)
      lines.push(`  ${String(times).padStart(6)}  ${heldTitle(code as HeldReasonCode, language)}`)
  }
  if (summary.brake.length > 0) {
    lines.push(zh ? '刹车：' : 'brake:')
    for (const finding of summary.brake) lines.push(`  ▲ ${finding[language]}`)
  }
  if (summary.trueUpsLeft > 0) {
    lines.push(
      zh
        ? `估抄月份未能补正 ${summary.trueUpsLeft} 户，见 qingliu bills differences`
        : `${summary.trueUpsLeft} estimated months could not be trued up; see qingliu bills differences`,
    )
  }
  for (const outlier of summary.outliers.slice(0, 5)) {
    lines.push(
      zh
        ? `  户号 ${outlier.accountNo}：用水 ${volumeForPeople(volume(outlier.volumeM3))}，近三月平均 ${volumeForPeople(volume(outlier.meanM3))} m³，${moneyForPeople(money(outlier.amount))} 元`
        : `  account ${outlier.accountNo}: ${volumeForPeople(volume(outlier.volumeM3))}, usual ${volumeForPeople(volume(outlier.meanM3))} m³, ${moneyForPeople(money(outlier.amount))}`,
    )
  }
  if (!summary.complete) {
    lines.push(
      zh
        ? `▲ 试算只完成 ${count(summary.drafted)} / ${count(census.roster)} 户，须算完再审批：qingliu bills draft ${summary.feeMonth}`
        : `▲ only ${count(summary.drafted)} of ${count(census.roster)} accounts are drafted; finish it first: qingliu bills draft ${summary.feeMonth}`,
    )
  }
  if (summary.factsChanged) {
    lines.push(
      zh
        ? `▲ 试算之后资料有变动，须重新试算再审批：qingliu bills draft ${summary.feeMonth}`
        : `▲ facts were added since the draft; draft anew before approving: qingliu bills draft ${summary.feeMonth}`,
    )
  }
  lines.push(zh ? `摘要 ${summary.digest.slice(0, 16)}` : `digest ${summary.digest.slice(0, 16)}`)
  return lines
}

const heldTitles: Record<HeldReasonCode, { readonly zh: string; readonly en: string }> = {
  no_agreement: { zh: '未签纳管协议（办法第二条）', en: 'no connection agreement (art. 2)' },
  reading_under_review: { zh: '抄表待审', en: 'reading under review' },
  no_reading: { zh: '本月没有抄表', en: 'no reading this month' },
  no_residual: { zh: '换下的表没有残值', en: 'no residual of a replaced meter' },
  reading_of_removed_meter: { zh: '抄表属于早已拆除的水表', en: 'reading of a meter long removed' },
  sub_without_reading: { zh: '分表没有抄表', en: 'a sub-meter has no reading' },
  master_less_subs_negative: { zh: '总表减分表为负', en: 'master less subs is negative' },
  share_meter_without_reading: { zh: '共用表没有抄表', en: 'a shared meter has no reading' },
  used_while_suspended: { zh: '报停期间有用水', en: 'used while suspended' },
  own_source_without_basis: { zh: '自备水源未认定计量依据', en: 'own source without a basis' },
  nothing_declared: { zh: '自备水源未申报', en: 'own source, nothing declared' },
  declaration_under_review: { zh: '自备水源申报待审', en: 'declaration under review' },
  discharge_meter_missing: { zh: '没有排水计量表', en: 'no discharge meter' },
  no_holder: { zh: '没有缴费人', en: 'no holder' },
  no_category: { zh: '没有价格类别', en: 'no category' },
  no_rate: { zh: '没有生效的收费标准', en: 'no rate in force' },
  unpriced: { zh: '价格见另表，未录入', en: 'priced in a table not entered' },
  beyond_measure: { zh: '水量或金额大得不可能', en: 'volume or amount too large to be true' },
  cancelled_not_rebilled: { zh: '已红冲、尚未重开', en: 'cancelled and not billed anew' },
}
function heldTitle(code: HeldReasonCode, language: Language): string {
  return heldTitles[code][language]
}

function nextSteps(run: BillRun, summary: RunSummary, language: Language): string[] {
  const approve = `qingliu bills approve ${run.runId} --digest ${summary.digest.slice(0, 16)}${summary.brake.length > 0 ? ' --acknowledge "…"' : ''} --as approver`
  return language === 'zh'
    ? ['', `待处理户：qingliu bills run ${run.runId} --held`, `下一步（须他人）：${approve}`]
    : ['', `held accounts: qingliu bills run ${run.runId} --held`, `next, by another person: ${approve}`]
}

function booksLines(faults: readonly MonthFault[], language: Language): string[] {
  if (faults.length === 0)
    return [
      language === 'zh' ? '各月账单合计与账簿“应缴财政”一致。' : 'Each month’s bills equal what the books say is due.',
    ]
  return faults.map(({ feeMonth, billed, booked }) =>
    language === 'zh'
      ? `  ${feeMonth}  账单合计 ${billed}，账簿“应缴财政” ${booked}，不符`
      : `  ${feeMonth}  billed ${billed}, due by the books ${booked}: they differ`,
  )
}

function exceptionLines(exceptions: Awaited<ReturnType<typeof runExceptions>>, language: Language): string[] {
  return alignColumns(
    language === 'zh' ? ['户号', '户名', '状态', '原因 → 建议'] : ['account', 'holder', 'state', 'reason → remedy'],
    exceptions.map((each) => [
      each.accountNo,
      each.holderName,
      each.status === 'held' ? (language === 'zh' ? '待处理' : 'held') : language === 'zh' ? '免征' : 'exempt',
      exceptionSentence(each.reason, language),
    ]),
  )
}

function registerBills(bills: Command, cli: Cli): void {
  const filters = (command: Command) =>
    command
      .option('--month <month>', '费款所属月份 fee month')
      .option('--account <no>', '户号 account number')
      .option('--run <run>', '批次 run')
      .addOption(new Option('--kind <kind>', '种类 kind').choices(Object.keys(billKindNames)))

  filters(bills.command('list').description('账单列表 list bills'))
    .option('--limit <n>', '最多几张 how many', '50')
    .addHelpText('after', example('qingliu bills list --month 2026-03 --account 0010233'))
    .action(async (options: BillOptions & { limit: string }) => {
      const filter = filterOf(options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const limit = readCount('--limit', options.limit, 5_000)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const found = await listBills(db, { ...filter, limit })
      const termsOf = await termsOfBills(db, found)
      cli.show(
        found.map((bill) => ({ ...billRecord(bill), ...termsOf(bill) })),
        (language) => billTable(found, termsOf, language),
      )
    })

  bills
    .command('show <number>')
    .description('一张账单：从水表到分的算式 one bill with its arithmetic from meter to fen')
    .addHelpText('after', example('qingliu bills show 2026-000001'))
    .action(async (text: string) => {
      const number = parseBillNumber(text)
      if (number === undefined) return cli.refuse(refuseBill('bill_number_malformed', { value: text }))
      const { db } = await cli.services()
      const bill = await findBill(db, number)
      if (bill === undefined) return cli.refuse(refuseBill('bill_missing', { number: text }))
      const lines = (await linesOf(db, [bill.billId])).get(bill.billId) ?? []
      const names = await explanationNames(db)
      cli.show(
        asJson({
          ...billRecord(bill),
          lines: lines.map((line) => ({
            ...line,
            volumeM3: volumeText(line.volumeM3),
            amount: moneyText(line.amount),
          })),
        }),
        (language) => explainBill(bill, lines, names, language),
      )
    })

  bills
    .command('pdf <number>')
    .description('账单的 PDF：算式、大写、缴费方式 a bill as a PDF with its arithmetic')
    .requiredOption('--to <file>', '目标文件 target file')
    .addHelpText('after', example('qingliu bills pdf 2026-000001 --to 账单2026-000001.pdf'))
    .action(async (text: string, options: { to: string }) => {
      const number = parseBillNumber(text)
      if (number === undefined) return cli.refuse(refuseBill('bill_number_malformed', { value: text }))
      const services = await cli.services()
      const bill = await findBill(services.db, number)
      if (bill === undefined) return cli.refuse(refuseBill('bill_missing', { number: text }))
      const printed = await printBill(services.db, services.printer, bill)
      if (isRefusal(printed)) return cli.refuse(printed)
      const unwritten = await writeWholeFile(options.to, printed.bytes)
      if (unwritten !== undefined) return cli.refuse(unwritten)
      const { digest, template, check } = printed
      const said = { file: options.to, number: bill.number, digest, template: { ...template } }
      cli.show({ ...said, check: check?.address ?? null }, (language) => [
        language === 'zh'
          ? `账单 ${bill.number} 已写入 ${options.to}（模板第 ${template.version} 版，摘要 ${digest.slice(0, 12)}）。`
          : `Bill ${bill.number} is in ${options.to} (template version ${template.version}, digest ${digest.slice(0, 12)}).`,
        ...(check === undefined ? [withoutQrCode[language]] : []),
      ])
    })

  filters(bills.command('export').description('导出账单（CSV 或 XLSX） export bills'))
    .requiredOption('--to <file>', '目标文件 .csv 或 .xlsx（另有“明细”表） target file; a workbook has the lines too')
    .option('--lines', 'CSV 写明细，每行一条 in CSV: the lines of the bills')
    .addHelpText(
      'after',
      example(
        'qingliu bills export --month 2026-03 --to 账单2026-03.xlsx',
        'qingliu bills export --month 2026-03 --lines --to 明细2026-03.csv',
      ),
    )
    .action(async (options: BillOptions & { to: string; lines?: boolean }) => {
      const filter = filterOf(options)
      if (isRefusal(filter)) return cli.refuse(filter)
      const services = await cli.services()
      const written = await exportBills(services, filter, options.to, options.lines === true)
      if (isRefusal(written)) return cli.refuse(written)
      cli.show({ file: options.to, bills: written.bills, amount: written.amount }, (language) => [
        language === 'zh'
          ? `已导出 ${written.bills} 张账单，合计 ${written.amount}，到 ${options.to}。`
          : `Exported ${written.bills} bills, ${written.amount} in all, to ${options.to}.`,
      ])
    })

  bills
    .command('verify')
    .description('重算每一张已签发账单，比对到分 compute every issued bill again and compare')
    .option('--run <run>', '只核一个批次 only one run')
    .addHelpText('after', example('qingliu bills verify'))
    .action(async (options: { run?: string }) => {
      const result = await verifyBills(await cli.services(), options.run)
      if (result.faults.length + result.monthFaults.length > 0) process.exitCode = 65
      cli.show(asJson(result), (language) => [
        language === 'zh'
          ? `已重算 ${result.checked.toLocaleString('en')} 张账单 ${result.lines.toLocaleString('en')} 行，不符 ${result.faults.length} 处。`
          : `Computed ${result.checked.toLocaleString('en')} bills (${result.lines.toLocaleString('en')} lines) again; ${result.faults.length} differ.`,
        ...result.faults.slice(0, 100).map((fault) => `  ${fault.number} #${fault.line}  ${fault[language]}`),
        ...(options.run === undefined ? booksLines(result.monthFaults, language) : []),
      ])
    })

  bills
    .command('differences <month>')
    .description('按现有事实重算已开账月份，列出与账单的差额 bills that differ from what the facts now say')
    .option('--account <no...>', '只核这些户 only these accounts')
    .option('--collector <code>', '户号所属代征单位 collector of these accounts')
    .addHelpText('after', example('qingliu bills differences 2026-02'))
    .action(async (monthText: string, options: { account?: string[]; collector?: string }) => {
      const feeMonth = parseFeeMonth(monthText)
      if (feeMonth === undefined) return cli.refuse(malformed('month', monthText, 'YYYY-MM'))
      const services = await cli.services()
      const accountIds =
        options.account === undefined ? undefined : await findAccounts(services.db, options.collector, options.account)
      if (isRefusal(accountIds)) return cli.refuse(accountIds)
      const found = await differences(services, feeMonth, accountIds)
      cli.show(asJson(found), (language) =>
        found.length === 0
          ? [
              language === 'zh'
                ? `${feeMonth} 已开账单与现有事实一致。`
                : `The bills of ${feeMonth} agree with the facts.`,
            ]
          : differenceTable(found, language),
      )
    })
}

export function differenceTable(found: readonly Difference[], language: Language): string[] {
  return alignColumns(
    language === 'zh'
      ? ['账单', '户号', '已开(元)', '现应(元)', '差额(元)', '说明']
      : ['bill', 'account', 'billed', 'now', 'difference', 'note'],
    found.map((each) => [
      each.number,
      each.accountNo,
      ...[each.billed, each.now, each.difference].map(amountForPeople),
      each.note[language],
    ]),
    [2, 3, 4],
  )
}

/** An amount of a difference, or the dash where there is none. */
function amountForPeople(text: string): string {
  const amount = parseMoney(text)
  return amount === undefined ? text : moneyForPeople(amount)
}

interface BillOptions {
  readonly month?: string
  readonly account?: string
  readonly run?: string
  readonly kind?: BillKind
}

function filterOf(options: BillOptions): Omit<BillFilter, 'limit'> | Refusal {
  const feeMonth = options.month === undefined ? undefined : parseFeeMonth(options.month)
  if (options.month !== undefined && feeMonth === undefined) return malformed('--month', options.month, 'YYYY-MM')
  if (options.run !== undefined && !/^\d{1,18}$/.test(options.run))
    return refuseBill('run_missing', { run: options.run })
  return { feeMonth, accountNo: options.account, runId: options.run, kind: options.kind }
}

function billTable(found: readonly Bill[], termsOf: TermsOf, language: Language): string[] {
  const zh = language === 'zh'
  if (found.length === 0) return [zh ? '没有符合条件的账单。' : 'No bill fits.']
  const units = new Set(found.map((bill) => termsOf(bill).unit))
  const currencies = new Set(found.map((bill) => termsOf(bill).currency))
  // What all have in common stands in the header, else every cell says its own.
  const cell = (value: string, all: ReadonlySet<string>, own: string) => (all.size > 1 ? `${value} ${own}` : value)
  const title = (name: string, all: ReadonlySet<string>) => (all.size > 1 ? name : `${name}(${[...all].join('')})`)
  const totals = [...currencies].map((currency) => {
    const amounts = found.filter((bill) => termsOf(bill).currency === currency).map((bill) => bill.totalAmount)
    return `${moneyForPeople(addMoney(amounts))} ${currency}`
  })
  return [
    ...alignColumns(
      zh
        ? ['账单号', '种类', '月份', '户号', '户名', title('水量', units), title('金额', currencies), '到期']
        : ['number', 'kind', 'month', 'account', 'payer', title('volume', units), title('amount', currencies), 'due'],
      found.map((bill) => [
        bill.number,
        `${billKindNames[bill.kind][language]}${bill.cancelledBy === null ? '' : zh ? '（已红冲）' : ' (cancelled)'}`,
        bill.feeMonth,
        bill.accountNo,
        bill.dischargerName,
        cell(volumeForPeople(bill.volumeM3), units, termsOf(bill).unit),
        cell(moneyForPeople(bill.totalAmount), currencies, termsOf(bill).currency),
        bill.dueOn,
      ]),
      [5, 6],
    ),
    zh ? `${found.length} 张，合计 ${totals.join('、')}` : `${found.length} bills, ${totals.join(', ')} in all`,
  ]
}

function documentTable(documents: readonly CorrectionPreview[], language: Language): string[] {
  return alignColumns(
    language === 'zh' ? ['将签发', '水量(m³)', '金额(元)'] : ['to be issued', 'm³', 'amount'],
    documents.map(({ kind, volumeM3, amount }) => [
      billKindNames[kind as BillKind][language],
      volumeM3,
      moneyForPeople(money(amount)),
    ]),
    [1, 2],
  )
}

const actionNames: Record<CorrectionAction, { readonly zh: string; readonly en: string }> = {
  cancel: { zh: '红冲', en: 'full negative' },
  rebill: { zh: '红冲并重开', en: 'full negative and rebill' },
  adjust: { zh: '追补或退补', en: 'adjustment' },
}

function correctionLines(proposed: ProposedCorrection, language: Language): string[] {
  const action = actionNames[proposed.action][language]
  const reason = correctionReasonNames[proposed.reason][language]
  return [
    ...(language === 'zh'
      ? [`账单 ${proposed.number}：${action}`, `原因：${reason}`, `依据：${proposed.evidence}`]
      : [`Bill ${proposed.number}: ${action}`, `Reason: ${reason}`, `Evidence: ${proposed.evidence}`]),
    ...(proposed.duplicateOf === undefined
      ? []
      : [language === 'zh' ? `与之重复的账单：${proposed.duplicateOf}` : `It repeats bill ${proposed.duplicateOf}`]),
    ...documentTable(proposed.documents, language),
  ]
}

function registerCorrections(
  bills: Command,
  cli: Cli,
  guards: readonly CorrectionGuard[],
  afterIssue: AfterIssue,
): void {
  const reasons = correctionReasons.map((reason) => `${reason} ${correctionReasonNames[reason].zh}`).join('、')
  const propose = async (
    number: string,
    action: CorrectionAction,
    options: { reason: string; evidence: string; duplicateOf?: string | undefined },
  ) => {
    const outcome = await proposeCorrection(
      await cli.services(),
      cli.envelope(),
      { number, action, ...options },
      guards,
    )
    const trial = !isRefusal(outcome) && outcome.dryRun
    cli.showOutcome(outcome, (answer, language) => [
      ...documentTable(answer.documents as unknown as CorrectionPreview[], language),
      trial
        ? language === 'zh'
          ? '以上只是试算，没有提出更正。去掉 --dry-run 再运行，即提出更正、待他人审批。'
          : 'This was a trial: nothing was proposed. Run it without --dry-run to propose it to another person.'
        : language === 'zh'
          ? `已提出更正 ${answer.proposalId}，须他人审批：qingliu bills decide ${answer.proposalId} --approve --as approver`
          : `Correction ${answer.proposalId} is proposed; another person decides it: qingliu bills decide ${answer.proposalId} --approve --as approver`,
    ])
  }
  const ground = (command: Command) =>
    command
      .requiredOption('--reason <reason>', `原因：${reasons} reason`)
      .requiredOption('--evidence <text>', '依据：文号、核查记录 evidence')

  ground(bills.command('cancel <number>').description('提出红冲（可重开） propose a full negative, and a rebill'))
    .option('--rebill', '红冲后按现有事实重开 bill anew from the facts')
    .option('--duplicate-of <number>', '重复开账：与哪张有效账单重复 the bill it repeats')
    .addHelpText(
      'after',
      example(
        'qingliu bills cancel 2026-000017 --rebill --reason category --evidence 核查单012 --as clerk',
        'qingliu bills cancel 2026-000018 --reason duplicate --duplicate-of 2026-000017 --evidence 核查单013 --as clerk',
      ),
    )
    .action(
      async (number: string, options: { reason: string; evidence: string; rebill?: boolean; duplicateOf?: string }) => {
        const { rebill, ...ground } = options
        await propose(number, rebill ? 'rebill' : 'cancel', ground)
      },
    )
  ground(
    bills
      .command('adjust <number>')
      .description('提出追补或退补（差额由事实算出） propose an adjustment computed from the facts'),
  )
    .addHelpText('after', example('qingliu bills adjust 2026-000017 --reason volume --evidence 复核抄表单 --as clerk'))
    .action(async (number: string, options: { reason: string; evidence: string }) => {
      await propose(number, 'adjust', options)
    })
  bills
    .command('decide <proposal>')
    .description('审批更正（须他人） decide a proposed correction, by another person')
    .option('--approve', '批准 approve')
    .option('--return <reason>', '退回，写明原因 return it with a reason')
    .option('--digest <digest>', '您看到的摘要 the digest you saw')
    .addHelpText(
      'after',
      example(
        'qingliu bills decide 12 --approve --as approver',
        'qingliu bills decide 12 --return 依据不全 --as approver',
      ),
    )
    .action(async (proposalId: string, options: { approve?: boolean; return?: string; digest?: string }) => {
      if ((options.approve === true) === (options.return !== undefined))
        return cli.refuse(malformed('decide', proposalId, '--approve | --return "原因"'))
      const decision = {
        proposalId,
        outcome: options.approve ? ('approved' as const) : ('returned' as const),
        reason: options.return ?? '',
        digestSeen: options.digest,
      }
      const envelope = cli.envelope(['bills.decide-correction', proposalId, decision.outcome, decision.reason])
      const outcome = await decideCorrection(await cli.services(), envelope, decision, guards, afterIssue)
      cli.showOutcome(outcome, (answer, language) =>
        answer.outcome === 'returned'
          ? [language === 'zh' ? `已退回更正 ${answer.proposalId}。` : `Correction ${answer.proposalId} is returned.`]
          : [
              language === 'zh'
                ? `已签发 ${answer.numbers.join('、')}，合计 ${moneyForPeople(money(answer.amount))} 元。`
                : `Issued ${answer.numbers.join(', ')}, ${moneyForPeople(money(answer.amount))} in all.`,
            ],
      )
    })
}

function registerOpening(bills: Command, cli: Cli, afterIssue: AfterIssue, takeOverMoney: TakeOverMoney): void {
  bills
    .command('import-opening')
    .description('启用：导入最后读数、12 个月用水、未缴账单、预收余额、待缴款、已用编号 opening facts for going live')
    .requiredOption('--collector <code>', '代征单位 collector')
    .requiredOption('--readings <file>', '最后读数 last readings')
    .requiredOption('--uses <file>', '近 12 个月用水 use of 12 months')
    .requiredOption('--open-bills <file>', '未缴账单 open bills')
    .option('--credits <file>', '预收余额：已缴未用的款 credits: paid, not yet used')
    .option('--held <file>', '待缴款：已收费、未划缴国库（不含预收） settled fees not yet handed over')
    .requiredOption('--control <file>', '签认总数 JSON signed control total')
    .option('--numbers-used <file>', '各年已用编号 JSON numbers used so far')
    .addHelpText(
      'after',
      `
签认总数 --control：${JSON.stringify(openingJsonExamples.control)}
已用编号 --numbers-used：${JSON.stringify(openingJsonExamples['numbers-used'])}
样表 Blank files: qingliu bills opening-template${example(
        'qingliu bills import-opening --collector gx-water --readings last-readings.csv --uses uses.csv --open-bills open-bills.csv --credits credits.csv --held held.csv --control control.json --numbers-used numbers-used.json --as clerk',
      )}`,
    )
    .action(
      async (options: {
        collector: string
        readings: string
        uses: string
        openBills: string
        credits?: string
        held?: string
        control: string
        numbersUsed?: string
      }) => {
        const { collector, ...files } = options
        const input = { collectorCode: collector, ...files }
        const services = await cli.services()
        const identity = await openingIdentity(input)
        if (isRefusal(identity)) return cli.refuse(identity)
        const outcome = await importOpening(services, cli.envelope(identity), input, afterIssue, takeOverMoney)
        cli.showOutcome(outcome, (answer, language) => [
          language === 'zh'
            ? `已导入 ${answer.collector}：最后读数 ${answer.readings} 条，历史用水 ${answer.uses} 条 ${answer.usesVolumeM3} m³，未缴账单 ${answer.openBills} 张 ${answer.openBillsAmount} 元，预收余额 ${answer.credits} 笔 ${answer.creditsAmount} 元，待缴款 ${answer.held} 行 ${answer.heldAmount} 元，与签认总数一致。`
            : `Taken in for ${answer.collector}: ${answer.readings} readings, ${answer.uses} uses (${answer.usesVolumeM3} m³), ${answer.openBills} open bills (${answer.openBillsAmount}), ${answer.credits} credits (${answer.creditsAmount}), ${answer.held} rows of money held (${answer.heldAmount}); equal to the signed totals.`,
        ])
      },
    )
  bills
    .command('opening-template <kind>')
    .description(
      '启用数据模板：readings、uses、bills、credits、held、control、numbers-used templates of the opening files',
    )
    .option(
      '--to <file>',
      '目标文件 .xlsx 或 .csv；control 和 numbers-used 为 JSON，不写则输出 target file; JSON is printed without it',
    )
    .addHelpText(
      'after',
      example(
        'qingliu bills opening-template readings --to 最后读数.xlsx',
        'qingliu bills opening-template control > control.json',
      ),
    )
    .action(async (kind: string, { to }: { to?: string }) => {
      if (Object.hasOwn(openingJsonExamples, kind)) {
        const shape = openingJsonExamples[kind as keyof typeof openingJsonExamples]
        const text = JSON.stringify(shape, null, 2)
        if (to === undefined) return cli.show(shape, () => text.split('\n'))
        const unwritten = await writeWholeFile(to, `${text}\n`)
        if (unwritten !== undefined) return cli.refuse(unwritten)
        return cli.show({ file: to }, (language) => [language === 'zh' ? `已生成 ${to}。` : `Wrote ${to}.`])
      }
      if (!isOpeningTemplate(kind))
        return cli.refuse(
          malformed('kind', kind, [...Object.keys(openingTemplates), ...Object.keys(openingJsonExamples)].join(' | ')),
        )
      if (to === undefined) return cli.refuse(malformed('--to', '', '*.xlsx, *.csv'))
      const refusal = await writeOpeningTemplate(kind, to)
      if (refusal !== undefined) return cli.refuse(refusal)
      cli.show({ file: to }, (language) => [language === 'zh' ? `已生成 ${to}。` : `Wrote ${to}.`])
    })
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
