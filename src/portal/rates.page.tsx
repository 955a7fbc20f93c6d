import { categoriesOfPayers } from '../dischargers/payer-categories.queries.ts'
import { listPriceCategories } from '../dischargers/price-category.queries.ts'
import type { RateScheduleId } from '../kernel/ids.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import { Empty, Facts, Notice, PlainTable } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { readSettings } from '../platform/settings.ts'
import { priceText } from '../tariffs/price-text.ts'
import { listSchedules } from '../tariffs/rate-schedule.queries.ts'
import type { RateSchedule } from '../tariffs/rate-schedule.ts'
import { ownDischargers, portalDb } from './own.ts'

/** Which document fixes a price, who issued it, from which day of use it counts, and the price itself. */
export async function rateNotice({
  scheduleIds,
  categories,
  db,
  say,
}: {
  readonly scheduleIds: readonly RateScheduleId[]
  readonly categories: readonly string[]
  readonly db: Db | Trx
  readonly say: Say
}) {
  const schedules = await listSchedules(db)
  const names = new Map((await listPriceCategories(db)).map((each) => [each.code, each]))
  const settings = await readSettings(db)
  return (
    <>
      {schedules
        .filter(({ scheduleId }) => scheduleIds.includes(scheduleId))
        .map((schedule) => (
          <Notices schedule={schedule} categories={categories} names={names} say={say} />
        ))}
      <p class="quiet">
        {say('征收依据：', 'legal basis: ')}
        {settings['bills.legal_basis']}
      </p>
    </>
  )
}

function Notices({
  schedule,
  categories,
  names,
  say,
}: {
  readonly schedule: RateSchedule
  readonly categories: readonly string[]
  readonly names: ReadonlyMap<string, { readonly nameZh: string; readonly nameEn: string }>
  readonly say: Say
}) {
  const shown = Object.entries(schedule.prices).filter(([code]) => categories.includes(code))
  return (
    <>
      <Facts
        of={[
          [say('收费标准', 'rates'), schedule.title],
          [say('批准文号', 'approval'), schedule.approvalDocument],
          [say('发文机关', 'issued by'), schedule.issuer],
          [
            say('执行', 'in force'),
            say(`自 ${schedule.validFrom} 用水起`, `for water used from ${schedule.validFrom}`),
          ],
        ]}
      />
      {shown.length === 0 ? null : (
        <PlainTable
          columns={[{ title: say('类别', 'category') }, { title: say('单价', 'price') }]}
          rows={shown.map(([code, price]) => {
            const name = names.get(code)
            return [name === undefined ? code : say(name.nameZh, name.nameEn), priceText(price, schedule, say.language)]
          })}
        />
      )}
    </>
  )
}

const ratesPage = page('/portal/rates', {
  title: { zh: '收费标准', en: 'rates' },
  permits: 'tariffs.read',
  show: async (asked) => {
    const { say, services } = asked
    const db = portalDb(asked)
    const today = services.clock.today()
    const own = await categoriesOfPayers(db, ownDischargers(asked), today)
    const schedules = (await listSchedules(db)).filter(
      ({ validFrom, prices }) => own.some((code) => code in prices) && validFrom <= today,
    )
    const current = schedules.toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1))
    return {
      title: say('收费标准', 'rates'),
      body:
        current.length === 0 ? (
          <Empty>{say('没有适用于您用水类别的收费标准。', 'No rate for your categories is in force.')}</Empty>
        ) : (
          <>
            <Notice>
              {say(
                '单价由政府批准，代征单位和城管局都不能自行增减、减免或缓征；按用水之日适用当时的标准。',
                'Prices are approved by the government; nobody may raise, waive or defer them. The rate of the day of use counts.',
              )}
            </Notice>
            {await rateNotice({ scheduleIds: current.map(({ scheduleId }) => scheduleId), categories: own, db, say })}
          </>
        ),
    }
  },
})

export const ratePages: readonly PageRoute[] = [ratesPage]
