import type { BillAdditionOf } from '../bills/bill-addition.ts'
import { moneyText, subtractMoney } from '../kernel/money.ts'
import { Amount, ButtonLink, PlainTable, State } from '../platform/pages/parts.tsx'
import { billState } from './bill-state.ts'
import { itemsOf } from './named-item.queries.ts'
import { ObjectionState } from './objection.page.tsx'
import { listObjections } from './objections.ts'
import { lapseWords } from './payment.page.tsx'
import { paidLines } from './payment-list.queries.ts'

const objectionsShown = 20

/** What the page of a bill shows of this stage: what was paid and is outstanding, and objections. */
export const billPayments: BillAdditionOf = async ({ services, say, may }, billId) => {
  const { db, clock } = services
  const today = clock.today()
  const [items, paid, objections] = await Promise.all([
    itemsOf(db, [billId]),
    paidLines(db, billId),
    listObjections(db, { bill: billId, limit: objectionsShown }),
  ])
  const item = items.get(billId)
  const outstanding = item === undefined ? undefined : moneyText(item.outstanding)
  const state =
    item === undefined || outstanding === undefined
      ? undefined
      : billState({ payable: moneyText(item.payable), outstanding, dueOn: item.dueOn }, today)
  const isOpen = outstanding !== undefined && outstanding !== '0.00'
  return (bill) => ({
    ...(item === undefined || outstanding === undefined || state === undefined
      ? {}
      : {
          state: <State tone={state.tone}>{say(state.words)}</State>,
          figures: [
            {
              label: say('已缴（元）', 'paid (yuan)'),
              value: <Amount of={moneyText(subtractMoney(item.payable, item.outstanding))} />,
            },
            {
              label: say('未缴（元）', 'outstanding (yuan)'),
              value: <Amount of={outstanding} />,
              ...(isOpen ? { tone: item.dueOn < today ? ('overdue' as const) : ('waiting' as const) } : {}),
            },
          ],
        }),
    body: (
      <>
        {paid.length === 0 ? null : (
          <PlainTable
            caption={say('缴款', 'payments')}
            columns={[
              { title: say('缴款', 'payment') },
              { title: say('缴款日期', 'paid on') },
              { title: say('流水号', 'reference') },
              { title: say('金额（元）', 'amount (yuan)'), number: true },
              { title: say('状态', 'state') },
            ]}
            rows={paid.map((line) => [
              <a href={`/office/payments/${line.paymentId}`}>
                <code>{line.paymentId}</code>
              </a>,
              line.paidOn,
              <code>{line.reference}</code>,
              <Amount of={line.amount} />,
              line.lapse === null ? (
                <State tone="settled">{say('有效', 'counts')}</State>
              ) : (
                <State tone="plain">{`${say(lapseWords[line.lapse])} ${line.lapsedOn ?? ''}`}</State>
              ),
            ])}
          />
        )}
        {objections.length === 0 ? null : (
          <PlainTable
            caption={say('异议', 'objections')}
            columns={[
              { title: say('异议', 'objection') },
              { title: say('提出人', 'from') },
              { title: say('收到', 'received') },
              { title: say('答复期限', 'answer due') },
              { title: say('状态', 'state') },
            ]}
            rows={objections.map((each) => [
              <a href={`/office/objections/${each.objectionId}`}>{each.objectionId}</a>,
              each.from,
              each.receivedOn,
              each.answerDueOn,
              <ObjectionState
                outcome={each.answer?.outcome ?? null}
                answerDueOn={each.answerDueOn}
                today={today}
                say={say}
              />,
            ])}
          />
        )}
      </>
    ),
    buttons: [
      ...(isOpen && may('payments.record')
        ? [
            <ButtonLink
              href={`/office/payments/new?collector=${encodeURIComponent(bill.collectorCode)}&account=${encodeURIComponent(bill.accountNo)}`}
            >
              {say('登记缴款', 'enter a payment')}
            </ButtonLink>,
          ]
        : []),
      ...(bill.cancelledBy === null && may('objections.receive')
        ? [
            <ButtonLink href={`/office/bills/${bill.number}/objection`}>
              {say('登记异议', 'record an objection')}
            </ButtonLink>,
          ]
        : []),
    ],
    happenings: [
      ...paid.map((line) => ({
        at: line.paidOn,
        on: line.paidOn,
        what: (
          <>
            {say('缴款 ', 'paid ')}
            <Amount of={line.amount} />
            {say(' 元', ' yuan')}
          </>
        ),
        more: <a href={`/office/payments/${line.paymentId}`}>{line.reference}</a>,
        tone: line.lapse === null ? ('settled' as const) : ('plain' as const),
      })),
      ...objections.flatMap((each) => [
        ...(each.answer === undefined
          ? []
          : [{ at: each.answer.answeredOn, on: each.answer.answeredOn, what: say('答复异议', 'objection answered') }]),
        { at: each.receivedOn, on: each.receivedOn, what: say('收到异议', 'objection received'), who: each.from },
      ]),
    ],
  })
}
