import { z } from '@hono/zod-openapi'
import { findBill, linesOf } from '../bills/bill.queries.ts'
import { billNumber as billNumberField } from '../bills/bill.routes.ts'
import { type Bill, billKindNames, billNumber, numberOfBillId, parseBillNumber } from '../bills/bill.ts'
import { lineArithmetic } from '../bills/bill-explanation.ts'
import { explanationNames } from '../bills/explanation-names.queries.ts'
import { printBill } from '../bills/print-bill.ts'
import { monthOf, plusDays } from '../kernel/calendar.ts'
import { moneyText } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { volumeForPeople, volumeText } from '../kernel/volume.ts'
import { listObjections } from '../payments/objections.ts'
import { openItemOf, type PayerBillRow, payerBillRows, paymentsForBill } from '../payments/payer-list.queries.ts'
import { month } from '../platform/http/fields.ts'
import { fileAnswer } from '../platform/pages/file-answer.ts'
import { type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Capitals,
  Facts,
  Notice,
  PlainTable,
  Section,
  State,
  unbroken,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { readSettings } from '../platform/settings.ts'
import { ownDischargers, portalDb } from './own.ts'
import { BillState, billStateOf } from './parts.tsx'
import { plainLine } from './plain-bill.ts'
import { refusePortal } from './portal.refusals.ts'
import { rateNotice } from './rates.page.tsx'

const title = { zh: '账单', en: 'bills' }
const numberOf = (row: PayerBillRow): string => billNumber(row.number_year, row.number)
const stated = (row: PayerBillRow) => ({
  cancelled: row.cancelled,
  outstanding: row.outstanding,
  total: row.total_amount,
  dueOn: row.due_on,
})

const columns = (today: string): readonly Column<PayerBillRow>[] => [
  {
    key: 'number',
    title: { zh: '账单号', en: 'bill' },
    cell: (row) => <code>{numberOf(row)}</code>,
    text: numberOf,
    sort: 'id',
  },
  {
    key: 'month',
    title: { zh: '月份', en: 'month' },
    cell: (row) => monthOf(row.fee_month),
    text: (row) => monthOf(row.fee_month),
    sort: 'fee_month',
  },
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no}</code>,
    text: (row) => row.account_no,
    sort: 'account_no',
    wide: true,
  },
  {
    key: 'payer',
    title: { zh: '缴费人', en: 'payer' },
    cell: (row) => row.payer,
    text: (row) => row.payer,
    sort: 'payer',
    wide: true,
  },
  {
    key: 'volume_m3',
    title: { zh: '用水（m³）', en: 'use (m³)' },
    number: true,
    decimals: 3,
    cell: (row) => <VolumeM3 of={row.volume_m3} />,
    text: (row) => row.volume_m3,
    sort: 'volume_m3',
    wide: true,
  },
  {
    key: 'total_amount',
    title: { zh: '应缴（元）', en: 'amount (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.total_amount} />,
    text: (row) => row.total_amount,
    sort: 'total_amount',
  },
  {
    key: 'outstanding',
    title: { zh: '未缴（元）', en: 'to pay (yuan)' },
    number: true,
    decimals: 2,
    cell: (row) => <Amount of={row.outstanding ?? '0.00'} />,
    text: (row) => row.outstanding ?? '0.00',
    sort: 'outstanding',
    wide: true,
  },
  {
    key: 'due',
    title: { zh: '到期', en: 'due' },
    cell: (row) => row.due_on,
    text: (row) => row.due_on,
    sort: 'due_on',
    wide: true,
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => <BillState row={stated(row)} today={today} say={say} />,
    text: (row, say) => billStateOf(stated(row), today, say).word,
    sort: 'state',
  },
]

const billList = tablePage('/portal/bills', {
  title,
  permits: 'bills.read',
  query: { month: month.optional(), unpaid: z.literal('yes').optional() },
  filters: [
    { name: 'month', label: { zh: '月份', en: 'month' }, kind: 'month' },
    {
      name: 'unpaid',
      label: { zh: '只看', en: 'only' },
      kind: 'choice',
      choices: (say) => [['yes', say('未缴清的', 'not paid in full')]],
    },
  ],
  columns: ({ services }) => columns(services.clock.today()),
  rows: (asked) =>
    payerBillRows(ownDischargers(asked), asked.services.clock.today(), {
      month: asked.query.month,
      unpaid: asked.query.unpaid !== undefined,
    }),
  order: { by: 'id', direction: 'desc' },
  indexed: ['id'],
  unique: 'id',
  open: (row) => `/portal/bills/${numberOf(row)}`,
  file: title,
  empty: ({ say }) => ({
    text: say(
      '还没有账单。每月 1 日至 3 日开账，签发后在这里列出。',
      'No bill yet. Bills are issued in the first days of a month and stand here then.',
    ),
  }),
})

/** A bill of one's own; whatever else is answered like a number that does not exist. */
export async function ownBill(asked: PageAsked<{ bill: typeof billNumberField }>): Promise<Bill | Refusal> {
  const { bill: given } = asked.params
  const number = parseBillNumber(given)
  const bill = number === undefined ? undefined : await findBill(portalDb(asked), number)
  if (bill === undefined || !ownDischargers(asked).includes(bill.dischargerId))
    return refusePortal('portal_bill_unknown', { number: given })
  return bill
}

const billPage = page('/portal/bills/{bill}', {
  title: { zh: '一张账单', en: 'one bill' },
  permits: 'bills.read',
  params: { bill: billNumberField },
  show: async (asked) => {
    const { say, services } = asked
    const [db, today] = [portalDb(asked), services.clock.today()]
    const bill = await ownBill(asked)
    if (isRefusal(bill)) return bill
    const lines = (await linesOf(db, [bill.billId])).get(bill.billId) ?? []
    const names = await explanationNames(db)
    const item = await openItemOf(db, bill.billId)
    const paid = await paymentsForBill(db, bill.billId)
    const objections = await listObjections(db, { bill: bill.billId, limit: 20 })
    const settings = await readSettings(db)
    const state = {
      cancelled: bill.cancelledBy !== null,
      outstanding: item === undefined ? null : moneyText(item.outstanding),
      total: moneyText(bill.totalAmount),
      dueOn: bill.dueOn,
    }
    const isOwed = item?.outstanding.gt(0) ?? false
    const schedules = [...new Set(lines.map(({ scheduleId }) => scheduleId))]
    return {
      title: `${say(billKindNames[bill.kind])} ${bill.number}`,
      crumbs: [{ text: say(title), href: '/portal/bills' }],
      state: <BillState row={state} today={today} say={say} />,
      figures: [
        {
          label: isOwed ? say('未缴（元）', 'to pay (yuan)') : say('金额（元）', 'amount (yuan)'),
          value: <Amount of={isOwed ? state.outstanding : moneyText(bill.totalAmount)} />,
          ...(isOwed && bill.dueOn < today ? { tone: 'overdue' as const } : {}),
        },
        { label: say('到期', 'due'), value: bill.dueOn },
        { label: say('用水（m³）', 'use (m³)'), value: <VolumeM3 of={volumeText(bill.volumeM3)} /> },
      ],
      body: (
        <>
          {isOwed ? (
            <Notice tone={bill.dueOn < today ? 'overdue' : 'waiting'}>
              <strong>{say('怎么缴', 'how to pay')}</strong>
              {say('：', ': ')}
              {settings['bills.payment_ways']}
            </Notice>
          ) : null}
          <p class="buttons">
            <ButtonLink href={`/portal/bills/${bill.number}/pdf`}>{say('下载 PDF', 'download PDF')}</ButtonLink>
            <ButtonLink href={`/portal/bills/${bill.number}/objection`}>{say('提出异议', 'object')}</ButtonLink>
          </p>
          {lines.map((line, index) => {
            const schedule = names.schedules.get(line.scheduleId)
            const terms = {
              category: names.categories.get(line.categoryCode)?.[say.language] ?? line.categoryCode,
              unit: schedule?.unit ?? 'm³',
              currency: schedule?.currency ?? '元',
            }
            return (
              <Section
                title={
                  lines.length === 1
                    ? say('这笔钱是怎么来的', 'where this amount comes from')
                    : say(`第 ${index + 1} 笔：${terms.category}`, `part ${index + 1}: ${terms.category}`)
                }
              >
                <dl class="in-words">
                  {plainLine(line, terms, say.language).map(({ question, answers }) => (
                    <div>
                      <dt>{say(question)}</dt>
                      {answers.map((answer) => (
                        <dd>{unbroken(answer)}</dd>
                      ))}
                    </div>
                  ))}
                </dl>
                <p class="sum">
                  {terms.category} {volumeForPeople(line.volumeM3)} {terms.unit}
                  {say('，', ', ')}
                  {unbroken(`${line.used.from} ${say('至', 'to')} ${plusDays(line.used.until, -1)}`)}
                  {say('：', ': ')}
                  <strong>
                    <Amount of={moneyText(line.amount)} />{' '}
                    {terms.currency === '元' ? say('元', 'yuan') : terms.currency}
                  </strong>
                </p>
                <details>
                  <summary>{say('账单上的正式算式', 'the arithmetic as it stands on the bill')}</summary>
                  <ul class="arithmetic">
                    {lineArithmetic(line, names, say.language).map((step) => (
                      <li>{unbroken(step)}</li>
                    ))}
                  </ul>
                </details>
              </Section>
            )
          })}
          <Section title={say('收费标准告知', 'notice of the rate')}>
            {
              await rateNotice({
                scheduleIds: schedules,
                categories: lines.map(({ categoryCode }) => categoryCode),
                db,
                say,
              })
            }
          </Section>
          <Section title={say('缴款', 'payments')}>
            {paid.length === 0 ? (
              <Notice>
                {say(
                  '还没有缴款记在这张账单上。缴款后通常在下一次收款文件导入时显示。',
                  'Nothing has been paid on this bill yet. A payment shows once the collector’s next file is taken in.',
                )}
              </Notice>
            ) : (
              <PlainTable
                columns={[
                  { title: say('缴款日', 'paid on') },
                  { title: say('流水号', 'reference') },
                  { title: say('抵本账单（元）', 'for this bill (yuan)'), number: true },
                ]}
                rows={paid.map((each) => [
                  each.paidOn,
                  <a href={`/portal/payments/${each.paymentId}`}>
                    <code>{each.reference}</code>
                  </a>,
                  <Amount of={moneyText(each.amount)} />,
                ])}
              />
            )}
          </Section>
          {objections.length === 0 ? null : (
            <Section title={say('我的异议', 'my objections')}>
              <PlainTable
                columns={[
                  { title: say('收到日', 'received') },
                  { title: say('理由', 'grounds') },
                  { title: say('答复', 'answer') },
                ]}
                rows={objections.map(({ receivedOn, grounds, answer, answerDueOn }) => [
                  receivedOn,
                  grounds,
                  answer === undefined ? (
                    <>
                      <State tone="waiting">{say('待答复', 'to be answered')}</State>
                      <div>{unbroken(say(`期限 ${answerDueOn}`, `by ${answerDueOn}`))}</div>
                    </>
                  ) : (
                    <>
                      <State tone="settled">
                        {answer.outcome === 'kept' ? say('维持', 'kept') : say('已更正', 'corrected')}
                      </State>{' '}
                      {unbroken(answer.answeredOn)} {unbroken(answer.reason)}
                    </>
                  ),
                ])}
              />
            </Section>
          )}
          <Facts
            of={[
              [say('缴费人', 'payer'), bill.dischargerName],
              [say('户号', 'account'), <code>{bill.accountNo}</code>],
              [say('费款所属月份', 'fee month'), bill.feeMonth],
              [say('开账日', 'issued'), bill.issuedOn],
              [say('大写', 'in capitals'), <Capitals of={moneyText(bill.totalAmount)} />],
              ...linked(bill, say),
            ]}
          />
        </>
      ),
    }
  },
})

const linked = (bill: Bill, say: Say) => {
  const link = (number: string) => (
    <a href={`/portal/bills/${number}`}>
      <code>{number}</code>
    </a>
  )
  return [
    ...(bill.correctsBillId === null
      ? []
      : [[say('更正的账单', 'corrects'), link(numberOfBillId(bill.correctsBillId))] as const]),
    ...(bill.cancelledBy === null
      ? []
      : [[say('红冲账单', 'cancelled by'), link(numberOfBillId(bill.cancelledBy))] as const]),
  ]
}

const billPdf = page('/portal/bills/{bill}/pdf', {
  title: { zh: '账单 PDF', en: 'a bill as a PDF' },
  permits: 'bills.read',
  params: { bill: billNumberField },
  show: async (asked) => {
    const bill = await ownBill(asked)
    if (isRefusal(bill)) return bill
    const printed = await printBill(portalDb(asked), asked.services.printer, bill)
    if (isRefusal(printed)) return printed
    return fileAnswer(`账单 ${bill.number}.pdf`, 'application/pdf', printed.bytes)
  },
})

export const billPages: readonly PageRoute[] = [billList, billPage, billPdf]
