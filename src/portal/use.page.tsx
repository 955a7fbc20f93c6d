import { z } from '@hono/zod-openapi'
import { lastBilledMonth, type PayerMonth, payerMonths } from '../bills/payer-months.queries.ts'
import { addMoney, moneyForPeople, moneyText } from '../kernel/money.ts'
import { addVolumes, volumeForPeople, volumeText } from '../kernel/volume.ts'
import { type BarChart, Chart, chartAnswer } from '../platform/pages/chart.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, Count, Empty, PlainTable, Section, VolumeM3 } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { sheetColumns, tableResponse } from '../platform/tables/table-response.ts'
import { ownDischargers, portalDb } from './own.ts'

type Measure = 'amount' | 'volume'

const feesOf = (months: readonly PayerMonth[]) =>
  addMoney(months.flatMap(({ amount }) => (amount === null ? [] : [amount])))
const useOf = (months: readonly PayerMonth[]) =>
  addVolumes(months.flatMap(({ volumeM3 }) => (volumeM3 === null ? [] : [volumeM3])))
const feeText = ({ amount }: PayerMonth): string | null => (amount === null ? null : moneyText(amount))
const useText = ({ volumeM3 }: PayerMonth): string | null => (volumeM3 === null ? null : volumeText(volumeM3))

const titleOf = (of: Measure, months: readonly PayerMonth[], say: Say): string => {
  const span = `${months[0]?.feeMonth ?? ''} – ${months.at(-1)?.feeMonth ?? ''}`
  return of === 'amount'
    ? say(
        `${span} 每月污水处理费，共 ${moneyForPeople(feesOf(months))} 元`,
        `fees by month, ${span}, ${moneyForPeople(feesOf(months))} yuan in all`,
      )
    : say(
        `${span} 每月计费水量，共 ${volumeForPeople(useOf(months))} 立方米`,
        `billed use by month, ${span}, ${volumeForPeople(useOf(months))} m³ in all`,
      )
}

/** Twelve months as bars, told in words to whoever does not see them. */
export function MonthsChart({
  months,
  of,
  say,
}: {
  readonly months: readonly PayerMonth[]
  readonly of: Measure
  readonly say: Say
}) {
  return <Chart src={`/portal/use/chart?of=${of}`} alt={titleOf(of, months, say)} />
}

/** The months as exact numbers. */
export function MonthsTable({ months, say }: { readonly months: readonly PayerMonth[]; readonly say: Say }) {
  return (
    <PlainTable
      caption={say('每月用水与费用', 'use and fees by month')}
      columns={[
        { title: say('月份', 'month') },
        { title: say('用水（m³）', 'use (m³)'), number: true },
        { title: say('费用（元）', 'fee (yuan)'), number: true },
        { title: say('账单（张）', 'bills'), number: true },
      ]}
      rows={months
        .toReversed()
        .map((month) => [
          month.bills === 0 ? month.feeMonth : <a href={`/portal/bills?month=${month.feeMonth}`}>{month.feeMonth}</a>,
          <VolumeM3 of={useText(month)} />,
          <Amount of={feeText(month)} />,
          <Count of={month.bills} />,
        ])}
      totals={[
        say('合计', 'total'),
        <VolumeM3 of={volumeText(useOf(months))} />,
        <Amount of={moneyText(feesOf(months))} />,
        <Count of={months.reduce((sum, { bills }) => sum + bills, 0)} />,
      ]}
    />
  )
}

const usePage = page('/portal/use', {
  title: { zh: '用水与费用', en: 'use and fees' },
  permits: 'bills.read',
  query: { as: z.enum(['xlsx', 'csv']).optional() },
  show: async (asked) => {
    const { say, query } = asked
    const [db, own] = [portalDb(asked), ownDischargers(asked)]
    const last = await lastBilledMonth(db, own)
    const months = last === undefined ? [] : await payerMonths(db, own, last)
    const title = say('用水与费用', 'use and fees')
    if (query.as !== undefined) {
      return tableResponse(
        query.as,
        title,
        sheetColumns([
          { title: say('月份', 'month') },
          { title: say('用水（m³）', 'use (m³)'), decimals: 3 },
          { title: say('费用（元）', 'fee (yuan)'), decimals: 2 },
          { title: say('账单（张）', 'bills'), decimals: 0 },
        ]),
        months.map((month) => [month.feeMonth, useText(month) ?? '', feeText(month) ?? '', String(month.bills)]),
      )
    }
    if (months.length === 0) {
      return {
        title,
        body: (
          <Empty>
            {say(
              '还没有账单。第一张账单签发后，这里显示每月用水与费用。',
              'No bill yet. Once the first is issued, use and fees stand here by month.',
            )}
          </Empty>
        ),
      }
    }
    return {
      title,
      body: (
        <>
          <Section title={say('费用', 'fees')}>
            <MonthsChart months={months} of="amount" say={say} />
          </Section>
          <Section title={say('用水', 'use')}>
            <MonthsChart months={months} of="volume" say={say} />
          </Section>
          <MonthsTable months={months} say={say} />
          <p class="buttons">
            <ButtonLink href="/portal/use?as=xlsx">{say('下载 XLSX', 'download XLSX')}</ButtonLink>
            <ButtonLink href="/portal/use?as=csv">{say('下载 CSV', 'download CSV')}</ButtonLink>
          </p>
        </>
      ),
    }
  },
})

const useChart = page('/portal/use/chart', {
  title: { zh: '用水与费用图', en: 'use and fees as a chart' },
  permits: 'bills.read',
  query: { of: z.enum(['amount', 'volume']).default('amount'), narrow: z.literal('yes').optional() },
  show: async (asked) => {
    const { say, query } = asked
    const [db, own] = [portalDb(asked), ownDischargers(asked)]
    const last = await lastBilledMonth(db, own)
    const months = last === undefined ? [] : await payerMonths(db, own, last)
    const [first] = months
    const chart: BarChart = {
      title: titleOf(query.of, months, say),
      unit: query.of === 'amount' ? say('元', 'yuan') : 'm³',
      // The year stands below the month in which it begins, so that every month fits on a phone.
      categories: months.map(({ feeMonth }) =>
        feeMonth === first?.feeMonth || feeMonth.endsWith('-01')
          ? `${feeMonth.slice(5)}\n${feeMonth.slice(0, 4)}`
          : feeMonth.slice(5),
      ),
      series: [
        {
          name: '',
          values: months.map(query.of === 'amount' ? feeText : useText),
        },
      ],
      language: say.language,
      narrow: query.narrow !== undefined,
    }
    return chartAnswer(chart)
  },
})

export const usePages: readonly PageRoute[] = [usePage, useChart]
