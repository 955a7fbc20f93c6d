import type { Command } from 'commander'
import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, type Language, readCount } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { wholeStoredFile, writeWholeFile } from '../platform/files.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Json } from '../platform/platform.tables.ts'
import { example, yuan } from './cli-words.ts'
import { decideTreasuryRow } from './decide-treasury-row.ts'
import { decideVoucher, reverseReceipt, type VoucherDecisionAnswer } from './decide-voucher.ts'
import { importTreasuryFile, type TreasuryImportAnswer } from './import-treasury.ts'
import { voucherJson } from './remittance.json.ts'
import { refuseRemittance } from './remittance.refusals.ts'
import { listVouchers } from './statement.queries.ts'
import { voucherStateNames } from './statement.ts'
import { submitVoucher } from './submit-voucher.ts'
import { sayTreasuryReason } from './treasury.reasons.ts'
import { readTreasuryFile } from './treasury-file.ts'
import { treasuryRowsOf } from './treasury-row.queries.ts'
import { treasuryDecisionNames } from './treasury-row.ts'

/** `remittance submit-voucher`, `confirm`, `reject`, `reverse-receipt`, `vouchers`, and the files of the treasury. */
export function registerVoucherCommands(remittance: Command, cli: Cli): void {
  registerVouchers(remittance, cli)
  registerTreasuryFiles(remittance, cli)
}

function registerVouchers(remittance: Command, cli: Cli): void {
  remittance
    .command('submit-voucher <statement> <file>')
    .description('提交划缴凭证（代征单位） hand in the voucher of a transfer')
    .requiredOption('--amount <yuan>', '划款金额（元） amount in yuan')
    .requiredOption('--paid-on <date>', '划款日期 day of the transfer')
    .requiredOption('--reference <text>', '银行流水号 the bank’s reference')
    .option('--reason <text>', '与应缴数不一致的理由 why it is not what is asked for')
    .addHelpText(
      'after',
      example(
        'qingliu remittance submit-voucher R2026-0001 回单.pdf --amount 1234567.89 --paid-on 2026-04-10 --reference 20260410887 --as gx-operator',
      ),
    )
    .action(
      async (
        statement: string,
        path: string,
        options: { amount: string; paidOn: string; reference: string; reason?: string },
      ) => {
        const paidOn = readDate('--paid-on', options.paidOn)
        if (isRefusal(paidOn)) return cli.refuse(paidOn)
        const input = {
          statement,
          amount: options.amount,
          paidOn: paidOn as CivilDate,
          bankReference: options.reference,
          path,
          differenceReason: options.reason,
        }
        cli.showOutcome(await submitVoucher(await cli.services(), cli.envelope(), input), (answer, language) =>
          language === 'zh'
            ? [
                `已提交凭证 ${answer.voucherId}：结算单 ${answer.statement}，${yuan(answer.amount)} 元；其余应缴 ${yuan(answer.left)} 元。`,
                `凭证文件摘要 ${answer.fileDigest.slice(0, 16)}…　待财政确认：qingliu remittance confirm ${answer.voucherId} --reference 国库凭证号`,
              ]
            : [
                `Voucher ${answer.voucherId} of ${answer.statement}: ${yuan(answer.amount)}; ${yuan(answer.left)} is left.`,
                `Digest of its file ${answer.fileDigest.slice(0, 16)}…  Finance confirms: qingliu remittance confirm ${answer.voucherId} --reference …`,
              ],
        )
      },
    )

  remittance
    .command('voucher-file <voucher>')
    .description('取出凭证的银行回单原件 the bank’s receipt behind a voucher, as it was handed in')
    .requiredOption('--to <file>', '目标文件 target file')
    .addHelpText('after', example('qingliu remittance voucher-file 1 --to 回单.pdf'))
    .action(async (voucherId: string, options: { to: string }) => {
      const { db } = await cli.services()
      const [found] = await listVouchers(db, { voucherId, limit: 1 })
      if (found === undefined) return cli.refuse(refuseRemittance('voucher_unknown', { voucher: voucherId }))
      const unwritten = await writeWholeFile(options.to, await wholeStoredFile(db, found.fileDigest))
      if (unwritten !== undefined) return cli.refuse(unwritten)
      cli.show({ file: options.to, voucher: voucherId, digest: found.fileDigest }, (language) => [
        language === 'zh'
          ? `凭证 ${voucherId} 的回单“${found.fileName}”已写入 ${options.to}（SHA-256 ${found.fileDigest}）。`
          : `The receipt of voucher ${voucherId}, ${found.fileName}, is in ${options.to} (SHA-256 ${found.fileDigest}).`,
      ])
    })

  const outcomeLines = (answer: VoucherDecisionAnswer, language: Language) => {
    const zh = language === 'zh'
    if (answer.outcome === 'rejected')
      return [zh ? `已驳回凭证 ${answer.voucherId}。` : `Voucher ${answer.voucherId} is rejected.`]
    return [
      zh
        ? `已确认入库 ${yuan(answer.received)} 元（凭证 ${answer.voucherId}）；结算单 ${answer.statement} 未缴 ${yuan(answer.balance)} 元。`
        : `${yuan(answer.received)} confirmed (voucher ${answer.voucherId}); ${answer.statement} still asks for ${yuan(answer.balance)}.`,
    ]
  }

  remittance
    .command('confirm <voucher>')
    .description('确认入库（财政） finance confirms that a transfer arrived')
    .requiredOption('--reference <text>', '国库（专户）凭证号 the treasury’s reference')
    .option('--received-on <date>', '入库日期，默认今天 day of receipt, today by default')
    .option('--amount <yuan>', '到账金额，默认同凭证 amount that arrived, as the voucher says by default')
    .option('--reason <text>', '与凭证不一致的理由 why it differs')
    .addHelpText(
      'after',
      example('qingliu remittance confirm 7 --reference 国库2026-0118 --received-on 2026-04-11 --as finance-1'),
    )
    .action(
      async (
        voucherId: string,
        options: { reference: string; receivedOn?: string; amount?: string; reason?: string },
      ) => {
        const receivedOn = readDate('--received-on', options.receivedOn)
        if (isRefusal(receivedOn)) return cli.refuse(receivedOn)
        const { reference: treasuryReference, amount, reason } = options
        const decision = { voucherId, outcome: 'confirmed' as const, treasuryReference, receivedOn, amount, reason }
        cli.showOutcome(await decideVoucher(await cli.services(), cli.envelope(), decision), outcomeLines)
      },
    )

  remittance
    .command('reject <voucher>')
    .description('驳回凭证：款未到账（财政） finance rejects a voucher whose money did not arrive')
    .requiredOption('--reason <text>', '理由 reason')
    .addHelpText('after', example('qingliu remittance reject 7 --reason 专户无此笔到账 --as finance-1'))
    .action(async (voucherId: string, options: { reason: string }) => {
      const decision = { voucherId, outcome: 'rejected' as const, reason: options.reason }
      cli.showOutcome(await decideVoucher(await cli.services(), cli.envelope(), decision), outcomeLines)
    })

  remittance
    .command('reverse-receipt <voucher>')
    .description('冲回已确认的入库：退汇或误记（财政另一人） take a receipt back; another person of finance')
    .requiredOption('--reason <text>', '理由 reason')
    .addHelpText('after', example('qingliu remittance reverse-receipt 7 --reason 银行退汇 --as finance-2'))
    .action(async (voucherId: string, options: { reason: string }) => {
      const input = { voucherId, reason: options.reason }
      cli.showOutcome(await reverseReceipt(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `已冲回 ${yuan(answer.takenBack)} 元；结算单 ${answer.statement} 未缴 ${yuan(answer.balance)} 元。`
          : `${yuan(answer.takenBack)} is taken back; ${answer.statement} asks for ${yuan(answer.balance)}.`,
      ])
    })

  remittance
    .command('vouchers')
    .description('划缴凭证及入库情况 vouchers and what finance found')
    .option('--collector <code>', '代征单位 collector')
    .option('--waiting', '只看待确认的 only those that wait')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', example('qingliu remittance vouchers --waiting'))
    .action(async (options: { collector?: string; waiting?: boolean; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const state = options.waiting ? ('submitted' as const) : undefined
      const found = await listVouchers(db, { collectorCode: options.collector, state, limit })
      cli.show(found.map(voucherJson) as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (found.length === 0) return [zh ? '没有凭证。' : 'There is no voucher.']
        return alignColumns(
          zh
            ? ['编号', '结算单', '划款日', '银行流水号', '金额(元)', '状态', '到账(元)', '入库日', '国库凭证号', '说明']
            : [
                'no.',
                'statement',
                'paid on',
                'bank reference',
                'amount',
                'state',
                'received',
                'on',
                'treasury',
                'note',
              ],
          found.map((each) => [
            each.voucherId,
            each.statement,
            each.paidOn,
            each.bankReference,
            yuan(each.amount),
            voucherStateNames[each.state][language],
            each.received === null ? '' : yuan(each.received),
            each.receivedOn ?? '',
            each.treasuryReference ?? '',
            [each.differenceReason, each.reason, each.reversalReason].filter((text) => text).join('；'),
          ]),
          [0, 4, 6],
        )
      })
    })
}

function treasuryLines(answer: TreasuryImportAnswer, language: Language): string[] {
  const zh = language === 'zh'
  const { rows, amounts } = answer
  return [
    zh ? `导入 ${answer.importId}：${answer.file}` : `Import ${answer.importId}: ${answer.file}`,
    ...alignColumns(
      zh ? ['', '行数', '金额(元)'] : ['', 'rows', 'amount'],
      [
        [zh ? '全部' : 'all', String(rows.in), yuan(amounts.in)],
        [zh ? '对上' : 'matched', String(rows.accepted), yuan(amounts.accepted)],
        [zh ? '待查' : 'held', String(rows.held), yuan(amounts.held)],
        [zh ? '拒绝' : 'rejected', String(rows.rejected), yuan(amounts.rejected)],
      ],
      [1, 2],
    ),
    ...(answer.total === null || answer.total === amounts.in
      ? []
      : [
          zh
            ? `合计行不一致：文件合计 ${yuan(answer.total)} 元，逐行相加 ${yuan(amounts.in)} 元。`
            : `The file’s own total differs: ${yuan(answer.total)}; its rows add up to ${yuan(amounts.in)}.`,
        ]),
    ...answer.ready.map(({ voucher, row, amount }) =>
      zh
        ? `第 ${row} 行 = 凭证 ${voucher}（${yuan(amount)} 元），可确认：qingliu remittance confirm ${voucher} --reference …`
        : `Row ${row} is voucher ${voucher} (${yuan(amount)}); confirm it: qingliu remittance confirm ${voucher} --reference …`,
    ),
    ...answer.ours.map(({ voucher, statement, amount, state }) =>
      zh
        ? `我方有而文件无：凭证 ${voucher}（${statement}，${yuan(amount)} 元，${state === 'confirmed' ? '已入库' : '待确认'}）`
        : `On our side only: voucher ${voucher} (${statement}, ${yuan(amount)}, ${state})`,
    ),
    ...(rows.held + rows.rejected === 0
      ? []
      : [
          zh
            ? `待查的行：qingliu remittance treasury-rows ${answer.importId}`
            : `What is held: qingliu remittance treasury-rows ${answer.importId}`,
        ]),
  ]
}

function registerTreasuryFiles(remittance: Command, cli: Cli): void {
  remittance
    .command('import-treasury <file>')
    .description('导入国库或专户到账文件，与凭证核对（CSV、XLSX、XLS） compare a file of receipts with the vouchers')
    .addHelpText('after', example('qingliu remittance import-treasury 专户到账4月.xlsx --as finance-1'))
    .action(async (path: string) => {
      const file = await readTreasuryFile(path)
      if (isRefusal(file)) return cli.refuse(file)
      const envelope = cli.envelope(['remittance.import-treasury', file.given.digest])
      cli.showOutcome(await importTreasuryFile(await cli.services(), envelope, file), treasuryLines)
    })

  remittance
    .command('treasury-rows <import>')
    .description('到账文件中对不上的行 rows of such a file that match nothing')
    .option('--undecided', '只看未处理的 only undecided ones')
    .addHelpText('after', example('qingliu remittance treasury-rows 12 --undecided'))
    .action(async (importId: string, options: { undecided?: boolean }) => {
      const rows = await treasuryRowsOf((await cli.services()).db, importId, options.undecided ?? false)
      if (isRefusal(rows)) return cli.refuse(rows)
      cli.show(rows as unknown as Json, (language) => {
        const zh = language === 'zh'
        if (rows.length === 0) return [zh ? '没有对不上的行。' : 'Every row is matched or decided.']
        return rows.flatMap((row) => [
          [
            zh ? `第 ${row.rowNo} 行` : `Row ${row.rowNo}`,
            row.receivedOn ?? '—',
            row.reference || '—',
            row.amount === null ? '—' : yuan(row.amount),
            row.payer,
            row.decision === null
              ? zh
                ? '未处理'
                : 'undecided'
              : `${treasuryDecisionNames[row.decision][language]}：${row.decisionReason ?? ''}`,
          ].join('  '),
          ...row.reasons.flatMap((reason) => {
            const { cause, remedy } = sayTreasuryReason(reason, language)
            return [`    ${cause}`, `    → ${remedy}`]
          }),
        ])
      })
    })

  remittance
    .command('decide-treasury-row <import> <row>')
    .description('处理对不上的行：对应凭证，或不属本费 a row belongs to a voucher, or is none of this fee')
    .option('--voucher <no>', '对应的凭证 the voucher it belongs to')
    .requiredOption('--reason <text>', '理由 reason')
    .addHelpText(
      'after',
      example(
        'qingliu remittance decide-treasury-row 12 8 --voucher 7 --reason 银行合并划款 --as finance-1',
        'qingliu remittance decide-treasury-row 12 9 --reason 水资源费，非本费 --as finance-1',
      ),
    )
    .action(async (importId: string, row: string, options: { voucher?: string; reason: string }) => {
      const rowNo = readCount('row', row, 99_999_999)
      if (isRefusal(rowNo)) return cli.refuse(rowNo)
      const input = { importId, rowNo, voucherId: options.voucher, reason: options.reason }
      cli.showOutcome(await decideTreasuryRow(await cli.services(), cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `第 ${answer.row} 行${answer.voucher === null ? '不属本费' : `对应凭证 ${answer.voucher}`}。`
          : `Row ${answer.row} ${answer.voucher === null ? 'is none of this fee' : `belongs to voucher ${answer.voucher}`}.`,
      ])
    })
}
