import { z } from '@hono/zod-openapi'
import type { Child } from 'hono/jsx'
import { type CivilDate, monthOf, plusMonths } from '../kernel/calendar.ts'
import { addMoney, type Money, moneyText } from '../kernel/money.ts'
import { type Volume, volumeText } from '../kernel/volume.ts'
import { collectionByMonth, topDebtors } from '../payments/collection.queries.ts'
import { ageing } from '../payments/payment.queries.ts'
import type { PermissionName } from '../platform/authorisation/permissions.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Said } from '../platform/http/route.ts'
import { type BarChart, Chart, chartAnswer } from '../platform/pages/chart.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, Count, Empty, PlainTable, unbroken, VolumeM3 } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type FileColumn, sheetColumns, tableResponse } from '../platform/tables/table-response.ts'
import { heldAgeClasses } from '../remittance/held.rules.ts'
import { heldByClass } from '../remittance/held-classes.queries.ts'
import { waterBalance } from '../settlement/water-balance.ts'

/** What a picture shows, and the same as exact numbers. */
interface Drawn {
  readonly chart: Omit<BarChart, 'title' | 'language' | 'narrow'>
  readonly columns: readonly FileColumn[]
  readonly rows: readonly (readonly string[])[]
  readonly totals?: readonly string[]
  /** Where a row leads, by its place. */
  readonly open?: (row: number) => string
}

interface Picture {
  readonly key: string
  readonly title: Said
  /** How it is read, and what it leaves out. */
  readonly note: Said
  readonly permits: PermissionName
  readonly draw: (db: Db | Trx, today: CivilDate, say: Say) => Promise<Drawn>
}

const monthsShown = 12
const debtorsShown = 15
const yuanOf = (amounts: readonly Money[]): string => moneyText(addMoney(amounts))
const monthLabels = (months: readonly string[]): string[] =>
  months.map((month, index) =>
    index === 0 || month.endsWith('-01') ? `${month.slice(5)}\n${month.slice(0, 4)}` : month.slice(5),
  )

const pictures: readonly Picture[] = [
  {
    key: 'collection',
    title: { zh: '各月收缴率', en: 'collection rate by month' },
    note: {
      zh: '按费款所属月份：已收占开账（含红冲、追补、退补）的百分比，随后来的缴款上升；启用前的账单不计。',
      en: 'By fee month: collected of billed (corrections included), in per cent; it rises as payments come in; bills from before go-live are left out.',
    },
    permits: 'payments.read',
    draw: async (db, today, say) => {
      const months = await collectionByMonth(db, plusMonths(monthOf(today), 1 - monthsShown))
      return {
        chart: {
          unit: '%',
          percent: true,
          categories: monthLabels(months.map(({ feeMonth }) => feeMonth)),
          series: [{ name: say('收缴率', 'collection rate'), values: months.map(({ percent }) => percent) }],
        },
        columns: [
          { title: say('月份', 'month') },
          { title: say('账单（张）', 'bills'), decimals: 0 },
          { title: say('开账（元）', 'billed (yuan)'), decimals: 2 },
          { title: say('已收（元）', 'collected (yuan)'), decimals: 2 },
          { title: say('未收（元）', 'outstanding (yuan)'), decimals: 2 },
          { title: say('收缴率（%）', 'rate (%)'), decimals: 1 },
        ],
        rows: months.map(({ feeMonth, bills, billed, collected, outstanding, percent }) => [
          feeMonth,
          String(bills),
          moneyText(billed),
          moneyText(collected),
          moneyText(outstanding),
          percent ?? '',
        ]),
        totals: [
          say('合计', 'total'),
          String(months.reduce((sum, { bills }) => sum + bills, 0)),
          yuanOf(months.map(({ billed }) => billed)),
          yuanOf(months.map(({ collected }) => collected)),
          yuanOf(months.map(({ outstanding }) => outstanding)),
          '',
        ],
        open: (row) => `/office/bills?month=${months[row]?.feeMonth ?? ''}`,
      }
    },
  },
  {
    key: 'ageing',
    title: { zh: '逾期账龄', en: 'overdue by age' },
    note: {
      zh: '到期日之后至今日仍未缴的金额，按逾期天数分段。',
      en: 'What is unpaid beyond its due date today, by the days since then.',
    },
    permits: 'payments.read',
    draw: async (db, today, say) => {
      const classes = await ageing(db, today)
      const days = (bucket: string) => say(`${bucket} 天`, `${bucket} days`)
      return {
        chart: {
          unit: say('元', 'yuan'),
          categories: classes.map(({ bucket }) => `${bucket}\n${say('天', 'days')}`),
          series: [{ name: say('逾期', 'overdue'), values: classes.map(({ amount }) => moneyText(amount)) }],
        },
        columns: [
          { title: say('逾期', 'overdue for') },
          { title: say('账单（张）', 'bills'), decimals: 0 },
          { title: say('未缴（元）', 'unpaid (yuan)'), decimals: 2 },
        ],
        rows: classes.map(({ bucket, bills, amount }) => [days(bucket), String(bills), moneyText(amount)]),
        totals: [
          say('合计', 'total'),
          String(classes.reduce((sum, { bills }) => sum + bills, 0)),
          yuanOf(classes.map(({ amount }) => amount)),
        ],
      }
    },
  },
  {
    key: 'water',
    title: { zh: '售水、开账与处理水量', en: 'volume sold, billed and treated' },
    note: {
      zh: '开账少于售水：免征、待处理或漏开。处理多于开账：雨水、自备水源或偷排，须逐项查明。',
      en: 'Billed below sold: exempt, held or left out. Treated above billed: rain, own sources or illegal discharge, to be found out.',
    },
    permits: 'settlement.verify',
    draw: async (db, today, say) => {
      const months = await waterBalance(db, {
        from: plusMonths(monthOf(today), 1 - monthsShown),
        until: monthOf(today),
      })
      const series: readonly (readonly [string, readonly (Volume | null)[]])[] = [
        [say('售水', 'sold'), months.map(({ soldM3 }) => soldM3)],
        [say('开账', 'billed'), months.map(({ billedM3 }) => billedM3)],
        [say('处理', 'treated'), months.map(({ treatedM3 }) => treatedM3)],
      ]
      return {
        chart: {
          unit: 'm³',
          categories: monthLabels(months.map(({ month }) => month)),
          series: series.map(([name, values]) => ({ name, values: values.map((each) => each && volumeText(each)) })),
        },
        columns: [
          { title: say('月份', 'month') },
          ...series.map(([name]) => ({ title: `${name}${say('（m³）', ' (m³)')}`, decimals: 3 })),
          { title: say('开账 − 售水（m³）', 'billed − sold (m³)'), decimals: 3 },
          { title: say('进水 − 开账（m³）', 'inflow − billed (m³)'), decimals: 3 },
        ],
        rows: months.map((month) => [
          month.month,
          month.soldM3 === null ? '' : volumeText(month.soldM3),
          month.billedM3 === null ? '' : volumeText(month.billedM3),
          month.treatedM3 === null ? '' : volumeText(month.treatedM3),
          month.billedLessSoldM3 === null ? '' : volumeText(month.billedLessSoldM3),
          month.inflowLessBilledM3 === null ? '' : volumeText(month.inflowLessBilledM3),
        ]),
      }
    },
  },
  {
    key: 'held',
    title: { zh: '代征单位待缴资金账龄', en: 'money held by collectors, by age' },
    note: {
      zh: '已收未划缴国库的钱，从缴款之日起算天数；同一结算单内先收先抵。',
      en: 'Collected and not yet with the treasury, by the days since it was paid; within a statement the oldest is covered first.',
    },
    permits: 'remittance.read',
    draw: async (db, today, say) => {
      const collectors = await heldByClass(db, today)
      const classWords = heldAgeClasses.map((each) => say(`${each} 天`, `${each} days`))
      return {
        chart: {
          unit: say('元', 'yuan'),
          stacked: true,
          categories: collectors.map(({ name }) => name),
          series: heldAgeClasses.map((each, index) => ({
            name: classWords[index] ?? each,
            values: collectors.map(({ classes }) => moneyText(classes[each])),
          })),
        },
        columns: [
          { title: say('代征单位', 'collector') },
          ...classWords.map((title) => ({ title: `${title}${say('（元）', ' (yuan)')}`, decimals: 2 })),
          { title: say('多划缴（元）', 'remitted beyond (yuan)'), decimals: 2 },
          { title: say('待缴（元）', 'held (yuan)'), decimals: 2 },
          { title: say('最久（天）', 'oldest (days)'), decimals: 0 },
        ],
        rows: collectors.map(({ name, classes, surplus, held, oldestDays }) => [
          name,
          ...heldAgeClasses.map((each) => moneyText(classes[each])),
          moneyText(surplus),
          moneyText(held),
          String(oldestDays),
        ]),
        totals: [
          say('合计', 'total'),
          ...heldAgeClasses.map((each) => yuanOf(collectors.map(({ classes }) => classes[each]))),
          yuanOf(collectors.map(({ surplus }) => surplus)),
          yuanOf(collectors.map(({ held }) => held)),
          '',
        ],
      }
    },
  },
  {
    key: 'debtors',
    title: { zh: '欠费大户', en: 'largest debtors' },
    note: { zh: '今日逾期未缴最多的排污者。', en: 'The dischargers with the most unpaid beyond its due date today.' },
    permits: 'payments.read',
    draw: async (db, today, say) => {
      const debtors = await topDebtors(db, today, debtorsShown)
      return {
        chart: {
          unit: say('元', 'yuan'),
          lying: true,
          categories: debtors.map(({ name }) => name),
          series: [{ name: say('逾期', 'overdue'), values: debtors.map(({ overdue }) => moneyText(overdue)) }],
        },
        columns: [
          { title: say('代码', 'code') },
          { title: say('排污者', 'discharger') },
          { title: say('账单（张）', 'bills'), decimals: 0 },
          { title: say('最早到期', 'first due') },
          { title: say('逾期（元）', 'overdue (yuan)'), decimals: 2 },
        ],
        rows: debtors.map(({ code, name, bills, oldestDueOn, overdue }) => [
          code,
          name,
          String(bills),
          oldestDueOn,
          moneyText(overdue),
        ]),
        totals: [
          say('合计', 'total'),
          '',
          String(debtors.reduce((sum, { bills }) => sum + bills, 0)),
          '',
          yuanOf(debtors.map(({ overdue }) => overdue)),
        ],
        open: (row) => `/office/dischargers/${debtors[row]?.code ?? ''}`,
      }
    },
  },
]

const pathOf = ({ key }: Picture): string => `/office/pictures/${key}`
const overviewTitle: Said = { zh: '图表', en: 'pictures' }

const overview = page('/office/pictures', {
  title: overviewTitle,
  permits: 'payments.read',
  show: async ({ say, may }) => ({
    title: say(overviewTitle),
    body: (
      <div class="pictures">
        {pictures
          .filter(({ permits }) => may(permits))
          .map((picture) => (
            <section class="section">
              <h2>
                <a href={pathOf(picture)}>{say(picture.title)}</a>
              </h2>
              <Chart src={`${pathOf(picture)}/chart`} alt={say(picture.title)}>
                {say(picture.note)}
              </Chart>
            </section>
          ))}
      </div>
    ),
  }),
})

const cellOf = (column: FileColumn | undefined, text: string): Child => {
  if (column?.decimals === undefined || text === '') return text
  if (column.decimals === 2) return <Amount of={text} />
  if (column.decimals === 3) return <VolumeM3 of={text} />
  return column.decimals === 0 ? <Count of={Number(text)} /> : <span class="number">{text}</span>
}

const onePicture = (picture: Picture): PageRoute =>
  page(pathOf(picture), {
    title: picture.title,
    permits: picture.permits,
    query: { as: z.enum(['xlsx', 'csv']).optional() },
    show: async ({ services, query, say }) => {
      const today = services.clock.today()
      const { columns, rows, totals, open } = await picture.draw(services.db, today, say)
      if (query.as !== undefined) return tableResponse(query.as, say(picture.title), sheetColumns(columns), rows)
      return {
        title: say(picture.title),
        crumbs: [{ text: say(overviewTitle), href: '/office/pictures' }],
        body: (
          <>
            <p>
              {say(picture.note)} <span class="quiet">{unbroken(say(`截至 ${today}`, `as of ${today}`))}</span>
            </p>
            {rows.length === 0 ? (
              <Empty>
                {say(
                  '还没有可画的数据。签发账单、导入缴款后在这里显示。',
                  'Nothing to draw yet. It shows once bills are issued and payments are in.',
                )}
              </Empty>
            ) : (
              <>
                <Chart
                  src={`${pathOf(picture)}/chart`}
                  alt={say(
                    `${picture.title.zh}，数据见下表`,
                    `${picture.title.en}; the numbers are in the table below`,
                  )}
                />
                <PlainTable
                  caption={say(picture.title)}
                  columns={columns.map(({ title, decimals }) => ({ title, number: decimals !== undefined }))}
                  rows={rows.map((row, at) =>
                    row.map((text, index) => {
                      const cell = cellOf(columns[index], text)
                      return index === 0 && open !== undefined ? <a href={open(at)}>{cell}</a> : cell
                    }),
                  )}
                  {...(totals === undefined
                    ? {}
                    : { totals: totals.map((text, index) => (index === 0 ? text : cellOf(columns[index], text))) })}
                />
                <p class="buttons">
                  <ButtonLink href={`${pathOf(picture)}?as=xlsx`}>{say('导出 XLSX', 'export XLSX')}</ButtonLink>
                  <ButtonLink href={`${pathOf(picture)}?as=csv`}>{say('导出 CSV', 'export CSV')}</ButtonLink>
                </p>
              </>
            )}
          </>
        ),
      }
    },
  })

const chartOf = (picture: Picture): PageRoute =>
  page(`${pathOf(picture)}/chart`, {
    title: picture.title,
    permits: picture.permits,
    query: { narrow: z.literal('yes').optional() },
    show: async ({ services, query, say }) => {
      const { chart } = await picture.draw(services.db, services.clock.today(), say)
      return chartAnswer({
        ...chart,
        title: say(picture.title),
        language: say.language,
        narrow: query.narrow !== undefined,
      })
    },
  })

/** The pictures of the office, each with its image and its table. */
export const picturePages: readonly PageRoute[] = [
  overview,
  ...pictures.flatMap((picture) => [onePicture(picture), chartOf(picture)]),
]
