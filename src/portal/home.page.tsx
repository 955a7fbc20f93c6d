import { lastBilledMonth, payerMonths } from '../bills/payer-months.queries.ts'
import { partyFiles } from '../enforcement/party-files.queries.ts'
import { type CivilDate, daysBetween } from '../kernel/calendar.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { creditOf, type OwedBill, owedBills } from '../payments/payer-list.queries.ts'
import { page } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, Capitals, Empty, Notice, PlainTable, Section, State } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { readSettings } from '../platform/settings.ts'
import { ownDischargers, portalDb } from './own.ts'
import { Term } from './parts.tsx'
import { pathOf, rightsIn } from './rights.ts'
import { MonthsChart, MonthsTable } from './use.page.tsx'

const dueWords = (dueOn: CivilDate, today: CivilDate, say: Say): string => {
  const days = daysBetween(today, dueOn)
  if (days < 0) return say(`已逾期 ${-days} 天`, `${-days} days overdue`)
  return days === 0 ? say('今天到期', 'due today') : say(`还有 ${days} 天`, `${days} days left`)
}

function Owed({
  bills,
  today,
  say,
}: {
  readonly bills: readonly OwedBill[]
  readonly today: CivilDate
  readonly say: Say
}) {
  return (
    <PlainTable
      caption={say('待缴账单', 'bills to pay')}
      columns={[
        { title: say('账单', 'bill') },
        { title: say('未缴（元）', 'to pay (yuan)'), number: true },
        { title: say('到期', 'due') },
      ]}
      rows={bills.map((bill) => [
        <>
          <a href={`/portal/bills/${bill.number}`}>
            <code>{bill.number}</code>
          </a>
          <div class="quiet">
            {bill.feeMonth} {say('户号', 'account')} {bill.accountNo}
          </div>
        </>,
        <Amount of={moneyText(bill.outstanding)} />,
        <>
          {bill.dueOn}{' '}
          <State tone={bill.dueOn < today ? 'overdue' : 'waiting'}>{dueWords(bill.dueOn, today, say)}</State>
        </>,
      ])}
      totals={[
        say('合计', 'total'),
        <Amount of={moneyText(addMoney(bills.map(({ outstanding }) => outstanding)))} />,
        '',
      ]}
    />
  )
}

export const homePage = page('/portal', {
  title: { zh: '应缴与期限', en: 'what to pay, and until when' },
  permits: 'bills.read',
  show: async (asked) => {
    const { say, services } = asked
    const [db, own, today] = [portalDb(asked), ownDischargers(asked), services.clock.today()]
    const owed = await owedBills(db, own)
    const credit = await creditOf(db, own)
    const settings = await readSettings(db)
    const files = await partyFiles(db, own, today)
    const last = await lastBilledMonth(db, own)
    const months = last === undefined ? [] : await payerMonths(db, own, last)
    const total = addMoney(owed.map(({ outstanding }) => outstanding))
    const [first] = owed
    const isLate = first !== undefined && first.dueOn < today
    const terms = files.flatMap((file) => rightsIn(file, today, say).map((right) => ({ file, right })))
    const next = terms.toSorted((a, b) => ((a.right.until ?? '9999') < (b.right.until ?? '9999') ? -1 : 1))[0]
    return {
      title: say('应缴与期限', 'what to pay, and until when'),
      state:
        first === undefined ? (
          <State tone="settled">{say('已缴清', 'paid in full')}</State>
        ) : isLate ? (
          <State tone="overdue">{say('有逾期', 'overdue')}</State>
        ) : (
          <State tone="waiting">{say('待缴', 'to pay')}</State>
        ),
      figures: [
        {
          label: say(`应缴（元），截至 ${today}`, `to pay (yuan), as of ${today}`),
          value: <Amount of={moneyText(total)} />,
          ...(isLate ? { tone: 'overdue' as const } : {}),
        },
        {
          label: say('最早到期', 'first due'),
          value: first === undefined ? '—' : first.dueOn,
          ...(isLate ? { tone: 'overdue' as const } : {}),
        },
        ...(credit.gt(0)
          ? [{ label: say('多缴余额（元）', 'credit (yuan)'), value: <Amount of={moneyText(credit)} /> }]
          : []),
      ],
      body: (
        <>
          {first === undefined ? (
            <Notice tone="settled">{say('目前没有要缴的污水处理费。', 'Nothing is to be paid now.')}</Notice>
          ) : (
            <Notice tone={isLate ? 'overdue' : 'waiting'}>
              <p id="pay">
                <strong>{say('怎么缴', 'how to pay')}</strong>
                {say('：', ': ')}
                {settings['bills.payment_ways']}
              </p>
              <p class="quiet">
                <Capitals of={moneyText(total)} />
                {say('。本费不收滞纳金。', '. No late fee is charged on this fee.')}
              </p>
            </Notice>
          )}
          {owed.length === 0 ? null : <Owed bills={owed} today={today} say={say} />}
          {next === undefined ? null : (
            <Notice tone="overdue">
              <a href="#terms">
                {say(
                  `另有 ${terms.length} 项法定期限，最近的一项：${next.right.title}，${next.right.until ?? ''}`,
                  `Also ${terms.length} terms of the law, the next: ${next.right.title}, ${next.right.until ?? ''}`,
                )}
              </a>
            </Notice>
          )}
          <Section title={say('近十二个月的用水与费用', 'use and fees of twelve months')}>
            {months.length === 0 ? (
              <Empty>
                {say(
                  '还没有账单。第一张账单签发后，这里显示每月用水与费用。',
                  'No bill yet. Once the first is issued, use and fees stand here by month.',
                )}
              </Empty>
            ) : (
              <>
                <div class="beside">
                  <MonthsChart months={months} of="amount" say={say} />
                  <MonthsTable months={months} say={say} />
                </div>
                <p class="buttons">
                  <ButtonLink href="/portal/use">{say('用水图与下载', 'use as a chart, downloads')}</ButtonLink>
                  <ButtonLink href="/portal/bills">{say('全部账单', 'all bills')}</ButtonLink>
                </p>
              </>
            )}
          </Section>
          {terms.length === 0 ? null : (
            <Section id="terms" title={say('法定期限', 'terms of the law')}>
              {terms.map(({ file, right }) => (
                <Term
                  right={right}
                  say={say}
                  of={
                    <a href={pathOf(file)}>
                      {file.log === 'order' ? say('责令限期缴纳', 'order to pay') : say('行政处罚', 'fine case')}{' '}
                      {file.number}
                    </a>
                  }
                />
              ))}
            </Section>
          )}
        </>
      ),
    }
  },
})
