import { z } from '@hono/zod-openapi'
import { findAccounts } from '../dischargers/account.queries.ts'
import { accountNo, collectorCode } from '../dischargers/account.routes.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { amountText, decimalText, flag, id, month } from '../platform/http/fields.ts'
import { whole } from '../platform/http/import-fields.ts'
import type { Route } from '../platform/http/route.ts'
import { download, fileDownload, uploadOfFiles, work } from '../platform/http/work-route.ts'
import type { AfterIssue } from './after-issue.ts'
import { findBill } from './bill.queries.ts'
import { refuseBill } from './bill.refusals.ts'
import { billFilter, billNumber, billQuery } from './bill.routes.ts'
import { parseBillNumber } from './bill.ts'
import { differences } from './differences.ts'
import { draftRun } from './draft-run.ts'
import { exportBills } from './export-bills.ts'
import { importOpening } from './import-opening.ts'
import { openingTemplates } from './opening-files.ts'
import type { TakeOverMoney } from './opening-money.ts'
import { writeOpeningTemplate } from './opening-template.ts'
import { printBill } from './print-bill.ts'
import { verifyBills } from './verify-bills.ts'

const faultsShown = 1_000
const templates = Object.keys(openingTemplates) as [keyof typeof openingTemplates, ...(keyof typeof openingTemplates)[]]

/** Some accounts by their numbers; all of them where none is named. */
const someAccounts = {
  accounts: z.array(accountNo).min(1).max(10_000).optional().openapi({ description: '只这些户 only these accounts' }),
  collector: collectorCode.optional().openapi({ description: '户号所属代征单位 collector of these accounts' }),
}

async function accountIdsOf(
  db: Parameters<typeof findAccounts>[0],
  { accounts, collector }: { readonly accounts?: readonly string[]; readonly collector?: string },
) {
  return accounts === undefined ? undefined : findAccounts(db, collector, accounts)
}

/** What takes long or moves files: the draft of a month, the checks of all bills, exports, the opening. */
export function billFileRoutes(afterIssue: AfterIssue, takeOverMoney: TakeOverMoney): readonly Route[] {
  return [
    work('/bill-runs', {
      cli: 'bills draft',
      permits: 'bills.open-run',
      title: { zh: '开账试算：普查、计算、提交审批', en: 'draft a month and put it before an approver' },
      body: { feeMonth: month, ...someAccounts },
      example: { feeMonth: '2026-03' },
      answer: z.object({ runId: id(), digest: z.string(), proposalId: id() }),
      run: async ({ services, envelope, body }) => {
        const accountIds = await accountIdsOf(services.db, body)
        if (isRefusal(accountIds)) return accountIds
        return draftRun(services, envelope, { feeMonth: body.feeMonth, accountIds })
      },
    }),
    work('/bills/verifications', {
      cli: 'bills verify',
      permits: 'bills.verify',
      title: { zh: '重算每一张已签发账单，比对到分', en: 'compute every issued bill again and compare' },
      body: { run: id().optional().openapi({ description: '只核一个批次 only one run' }) },
      example: {},
      answer: z.object({
        checked: whole,
        lines: whole,
        faultCount: whole,
        faults: z
          .array(z.object({ number: billNumber, line: whole, zh: z.string(), en: z.string() }))
          .openapi({ description: '前 1000 处 the first thousand' }),
        monthFaults: z.array(z.object({ feeMonth: month, billed: amountText, booked: amountText })),
      }),
      run: async ({ services, body }) => {
        const { faults, ...result } = await verifyBills(services, body.run)
        const answer = { ...result, faultCount: faults.length, faults: faults.slice(0, faultsShown) }
        return { answer, repeated: false, dryRun: true }
      },
    }),
    work('/bills/differences', {
      cli: 'bills differences',
      permits: 'bills.verify',
      title: {
        zh: '按现有事实重算已开账月份，列出与账单的差额',
        en: 'bills that differ from what the facts now say',
      },
      body: { feeMonth: month, ...someAccounts },
      example: { feeMonth: '2026-02' },
      answer: z.object({
        count: whole,
        differences: z
          .array(
            z.object({
              number: billNumber,
              accountId: id(),
              accountNo: z.string(),
              billed: decimalText,
              now: decimalText.nullable().openapi({ description: '现有事实算不出时为 null null where it is held now' }),
              difference: decimalText.nullable(),
              note: z.object({ zh: z.string(), en: z.string() }),
            }),
          )
          .openapi({ description: '前 1000 张 the first thousand' }),
      }),
      run: async ({ services, body }) => {
        const accountIds = await accountIdsOf(services.db, body)
        if (isRefusal(accountIds)) return accountIds
        const found = await differences(services, body.feeMonth, accountIds)
        const known = (amount: string) => (amount === '—' ? null : amount)
        const shown = found.slice(0, faultsShown).map((each) => {
          return { ...each, now: known(each.now), difference: known(each.difference) }
        })
        const answer = { count: found.length, differences: shown }
        return { answer, repeated: false, dryRun: true }
      },
    }),
    fileDownload('/bills/{bill}/pdf', {
      cli: 'bills pdf',
      permits: 'bills.read',
      title: { zh: '账单的 PDF：算式、大写、缴费方式', en: 'a bill as a PDF with its arithmetic' },
      params: { bill: billNumber },
      file: async ({ services: { db, printer }, params }) => {
        const number = parseBillNumber(params.bill)
        const bill = number === undefined ? undefined : await findBill(db, number)
        if (bill === undefined) return refuseBill('bill_missing', { number: params.bill })
        const printed = await printBill(db, printer, bill)
        return isRefusal(printed)
          ? printed
          : { name: `${bill.number}.pdf`, type: 'application/pdf', bytes: printed.bytes }
      },
    }),
    download('/bill-export', {
      cli: 'bills export',
      permits: 'bills.read',
      title: { zh: '导出账单；工作簿另有“明细”表', en: 'export bills; a workbook has the lines too' },
      query: { ...billQuery, lines: flag.optional().openapi({ description: 'CSV 写明细 in CSV: the lines' }) },
      name: '账单',
      write: ({ services, query, to }): Promise<unknown | Refusal> =>
        exportBills(services, billFilter(query), to, query.lines === true),
    }),
    uploadOfFiles('/openings', {
      cli: 'bills import-opening',
      permits: 'bills.import-opening',
      title: {
        zh: '启用：导入最后读数、12 个月用水、未缴账单、已用编号',
        en: 'opening facts for going live',
      },
      note: {
        zh: '全部行正确且与签认总数一致才会导入。',
        en: 'Taken in as a whole, equal to the signed totals, or not at all.',
      },
      query: { collector: collectorCode },
      files: {
        readings: 'required',
        uses: 'required',
        openBills: 'required',
        control: 'required',
        credits: 'optional',
        held: 'optional',
        numbersUsed: 'optional',
      },
      answer: z.object({
        collector: z.string(),
        readings: whole,
        uses: whole,
        usesVolumeM3: decimalText,
        openBills: whole,
        openBillsAmount: amountText,
        credits: whole,
        creditsAmount: amountText,
        held: whole,
        heldAmount: amountText,
      }),
      take: ({ services, envelope, query, files }) =>
        importOpening(
          services,
          envelope,
          {
            collectorCode: query.collector,
            // The parts that are required were received, or the request was refused.
            readings: files.readings?.path ?? '',
            uses: files.uses?.path ?? '',
            openBills: files.openBills?.path ?? '',
            control: files.control?.path ?? '',
            credits: files.credits?.path,
            held: files.held?.path,
            numbersUsed: files.numbersUsed?.path,
          },
          afterIssue,
          takeOverMoney,
        ),
    }),
    download('/opening-templates/{kind}', {
      cli: 'bills opening-template',
      permits: 'bills.import-opening',
      title: { zh: '启用数据模板', en: 'templates of the opening files' },
      params: { kind: z.enum(templates).openapi({ example: 'readings' }) },
      name: '启用数据',
      write: ({ params, to }) => writeOpeningTemplate(params.kind, to),
    }),
  ]
}
