import { type CivilDate, daysBetween } from '../kernel/calendar.ts'
import { type Clock, clockNames, clockPartyNames } from './clocks.rules.ts'

type Language = 'zh' | 'en'

/** How long a clock still runs, from today: `剩 3 天`, `逾期 2 天`, `不定`. */
export function timeLeft({ until, from, calendarMissing }: Clock, today: CivilDate, language: Language): string {
  const zh = language === 'zh'
  if (calendarMissing !== null) return zh ? `缺 ${calendarMissing} 年日历` : `calendar of ${calendarMissing} missing`
  if (from !== null && from > today) return zh ? `自 ${from} 起` : `from ${from}`
  if (until === null) return zh ? '尽快' : 'as soon as possible'
  const days = daysBetween(today, until)
  if (days < 0) return zh ? `已过 ${-days} 天` : `${-days} days late`
  if (days === 0) return zh ? '今天到期' : 'today'
  return zh ? `剩 ${days} 天` : `${days} days left`
}

/** What comes next on a file, one line each. */
export function clockLines(clocks: readonly Clock[], today: CivilDate, language: Language): string[] {
  return clocks.map((clock) => {
    const { what, by, until, about } = clock
    const [name, who] = [clockNames[what][language], clockPartyNames[by][language]]
    const day = until === null ? '' : ` ${until}`
    return `  → ${name}${about === '' ? '' : ` ${about}`}（${who}${day}，${timeLeft(clock, today, language)}）`
  })
}
