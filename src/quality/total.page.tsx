import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Count,
  Facts,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  type Tone,
  unknown,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { timesOverText } from './judged-text.ts'
import type { OutletVolumes } from './outlet-volumes.ts'
import { listPollutants } from './quality.queries.ts'
import { refuseQuality } from './quality.refusals.ts'
import { totalNumber } from './quality.routes.ts'
import { findTotal, type JudgedTotal } from './total.queries.ts'
import {
  belowDetectionText,
  dischargedText,
  gapsText,
  gapText,
  massText,
  meanText,
  methodText,
  totalLimitText,
  verdictOfTotalNames,
  volumeText,
} from './total-text.ts'

const tones: Record<JudgedTotal['verdict'], Tone> = { within: 'settled', exceeds: 'overdue', undecided: 'waiting' }

function Verdict({ total, say }: { readonly total: JudgedTotal; readonly say: Say }) {
  return <State tone={tones[total.verdict]}>{say(verdictOfTotalNames[total.verdict])}</State>
}

const rank: readonly JudgedTotal['verdict'][] = ['exceeds', 'undecided', 'within']
const shown = 200
const worstFirst = (totals: readonly JudgedTotal[]): JudgedTotal[] =>
  rank.flatMap((verdict) => totals.filter((total) => total.verdict === verdict)).slice(0, shown)

/** The totals of a year beside what is permitted, with a choice of the year. */
export function TotalsOfYear({
  year,
  totals,
  names,
  say,
}: {
  readonly year: number
  readonly totals: readonly JudgedTotal[]
  readonly names: ReadonlyMap<string, string>
  readonly say: Say
}) {
  return (
    <Section title={say(`${year} 年的排放总量`, `totals of ${year}`)}>
      <form class="filters" method="get" action="/office/quality/exceedances">
        <div>
          <label for="year">{say('年度', 'year')}</label>
          <input id="year" name="year" value={String(year)} size={6} inputmode="numeric" autocomplete="off" />
        </div>
        <button type="submit">{say('查看', 'show')}</button>
      </form>
      {totals.length === 0 ? (
        <Notice>
          {say(
            '没有要看的排放总量：当年没有许可总量，或者没有超过而未移送的。',
            'No total to show: none was permitted, or none is above and not referred.',
          )}
        </Notice>
      ) : (
        <PlainTable
          columns={[
            { title: say('期间', 'period') },
            { title: say('排污者', 'discharger') },
            { title: say('排污口', 'outlet'), wide: true },
            { title: say('污染物', 'pollutant') },
            { title: say('排放量', 'discharged'), number: true },
            { title: say('限值', 'limit') },
            { title: say('判定', 'verdict') },
            { title: say('移送', 'referred') },
          ]}
          rows={worstFirst(totals).map((total) => [
            <a href={`/office/quality/totals/${total.totalId}`}>{total.period}</a>,
            total.outlet.dischargerName,
            total.outlet.outletNo,
            names.get(total.limit.pollutant) ?? total.limit.pollutant,
            dischargedText(total, say.language),
            totalLimitText(total, say.language),
            <Verdict total={total} say={say} />,
            total.referrals.join(say('、', ', ')) || unknown,
          ])}
        />
      )}
    </Section>
  )
}

/** One total, month by month. */
export const totalPage = (volumes: OutletVolumes): PageRoute =>
  page('/office/quality/totals/{total}', {
    title: { zh: '一项排放总量', en: 'one total' },
    permits: 'quality.totals.read',
    params: { total: totalNumber },
    show: async ({ services: { db, clock }, params, say, may }) => {
      const total = await findTotal({ db, volumes, today: clock.today() }, params.total)
      if (total === undefined) return refuseQuality('total_missing', { total: params.total })
      const { outlet, limit, period } = total
      const pollutant = (await listPollutants(db)).find(({ code }) => code === limit.pollutant)
      const name = pollutant === undefined ? limit.pollutant : say(pollutant)
      const why = [gapsText(total, say.language), belowDetectionText(total, say.language)].filter((text) => text !== '')
      const open = total.verdict === 'exceeds' && total.referrals.length === 0
      return {
        title: say(`${period} ${name}排放总量`, `total of ${name}, ${period}`),
        crumbs: [
          {
            text: say('超标', 'exceedances'),
            href: `/office/quality/exceedances?year=${period.slice(0, 4)}`,
          },
        ],
        state: <Verdict total={total} say={say} />,
        next:
          open && may('quality.propose-referral') ? (
            <PrimaryLink href={`/office/quality/referrals/new?kind=total&matter=${total.totalId}`}>
              {say('提出移送', 'refer it')}
            </PrimaryLink>
          ) : null,
        body: (
          <>
            {why.map((text) => (
              <Notice tone="waiting">{text}</Notice>
            ))}
            <Facts
              of={[
                [say('排污者', 'discharger'), `${outlet.dischargerName}（${outlet.dischargerCode}）`],
                [say('排污口', 'outlet'), outlet.outletNo],
                [say('排放量', 'discharged'), dischargedText(total, say.language)],
                [say('限值', 'limit'), totalLimitText(total, say.language)],
                [say('批准文件', 'document'), limit.document],
                [say('超标倍数', 'times above'), timesOverText(total) || unknown],
                [say('移送', 'referred'), total.referrals.join(say('、', ', ')) || unknown],
              ]}
            />
            <PlainTable
              caption={say('逐月核算，未检出按零计', 'month by month, results below detection as 0')}
              columns={[
                { title: say('月份', 'month') },
                { title: say('样品结果（项）', 'results'), number: true },
                { title: say('月均浓度（mg/L）', 'mean (mg/L)'), number: true },
                { title: say('排水量（m³）', 'volume (m³)'), number: true },
                { title: say('排放量（kg）', 'mass (kg)'), number: true },
                { title: say('核算方法', 'method') },
                { title: say('缺', 'missing') },
              ]}
              rows={total.months.map((month) => [
                month.month,
                <Count of={month.samples} />,
                meanText(month) || unknown,
                volumeText(month) || unknown,
                massText(month, say.language),
                methodText(month, say.language),
                gapText(month, say.language) || unknown,
              ])}
            />
          </>
        ),
      }
    },
  })
