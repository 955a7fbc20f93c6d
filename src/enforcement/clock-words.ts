import { type CivilDate, daysBetween } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { ClaimDates } from './claim.rules.ts'
import { type Clock, clockNames, clockPartyNames, isWait } from './clocks.rules.ts'
import { inYuan } from './step-words.ts'

type Language = 'zh' | 'en'

/** How long a clock still runs, from today: `剩 3 天`, `已过 2 天`, `尽快`. */
export function timeLeft(clock: Clock, today: CivilDate, language: Language): string {
  const { until, from, calendarMissing } = clock
  const zh = language === 'zh'
  if (calendarMissing !== null) return zh ? `缺 ${calendarMissing} 年日历` : `calendar of ${calendarMissing} missing`
  if (from !== null && from > today) return zh ? `自 ${from} 起` : `from ${from}`
  if (until === null && isWait(clock)) return zh ? '进行中' : 'running'
  if (until === null) return zh ? '尽快' : 'as soon as possible'
  const days = daysBetween(today, until)
  if (days < 0) return zh ? `已过 ${-days} 天` : `${-days} days late`
  if (days === 0) return zh ? '今天到期' : 'today'
  return zh ? `剩 ${days} 天` : `${days} days left`
}

/** The last days of a claim in one line; of a day that hangs on a missing calendar, which year it is. */
export function claimDatesLine({ reviewBy, suitBy, courtBy }: ClaimDates, language: Language): string {
  const zh = language === 'zh'
  const said = (day: CivilDate | Refusal) => {
    if (!isRefusal(day)) return day
    const { year } = day.parameters
    return zh ? `未定（缺 ${year} 年日历）` : `unknown (calendar of ${year} missing)`
  }
  return zh
    ? `复议至 ${said(reviewBy)}，起诉至 ${said(suitBy)}，申请法院至 ${said(courtBy)}`
    : `review until ${said(reviewBy)}, suit until ${said(suitBy)}, court until ${said(courtBy)}`
}

/** What comes next on a file, one line each. */
export function clockLines(clocks: readonly Clock[], today: CivilDate, language: Language): string[] {
  return clocks.map((clock) => {
    const { what, by, until, about } = clock
    const [name, who] = [clockNames[what][language], clockPartyNames[by][language]]
    const day = until === null ? '' : ` ${until}`
    const said = `  → ${name}${about === '' ? '' : ` ${inYuan(about, language)}`}`
    const left = timeLeft(clock, today, language)
    return language === 'zh' ? `${said}（${who}${day}，${left}）` : `${said} (${who}${day}, ${left})`
  })
}
