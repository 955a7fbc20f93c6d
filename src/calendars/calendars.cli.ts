import type { Command } from 'commander'
import { type CivilDate, daysBetween, parseCivilDate, parseFeeMonth, plusDays, weekday } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, type Language, type Lines, malformed } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { type ProposalViews, readDate } from '../platform/platform.cli.ts'
import { refusePlatform } from '../platform/platform.refusals.ts'
import type { Json } from '../platform/platform.tables.ts'
import { readSettings } from '../platform/settings.ts'
import { approveCalendarYear } from './approve-calendar-year.ts'
import { calendarYears, dueDateOf, loadCalendars } from './calendar.queries.ts'
import { isWorkingDay, nextYearMissing } from './calendar.rules.ts'
import type { EnteredCalendarYear } from './calendar.ts'
import { refuseCalendarYear } from './calendar-year.refusals.ts'
import { type CalendarYearContent, calendarYearProposal, proposeCalendarYear } from './propose-calendar-year.ts'
import { returnCalendarYear } from './return-calendar-year.ts'

/** How an approver reads a proposed year. */
export const calendarProposalViews: ProposalViews = {
  [calendarYearProposal]: {
    zh: '年度日历',
    en: 'calendar year',
    decide: ({ id, contentDigest }) =>
      `qingliu calendars approve ${id} --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content: Json, language) => yearLines(content as unknown as CalendarYearContent, language),
  },
}

/** `calendars list|show|due|propose|approve|return`. */
export function registerCalendarsCommands(program: Command, cli: Cli): void {
  const calendars = program
    .command('calendars')
    .description('日历：法定休息日与调休上班日 statutory rest days and make-up workdays')

  calendars
    .command('list')
    .description('已录入的年份 the years that are loaded')
    .addHelpText('after', '\n例 Example:\n  qingliu calendars list')
    .action(async () => {
      const { db } = await cli.services()
      const years = await calendarYears(db)
      const missing = nextYearMissing(cli.today(), await loadCalendars(db))
      const rows = years.map(({ year, revision, noticeNumber, proposalId, restDays, makeUpWorkdays }) => ({
        year,
        revision,
        noticeNumber,
        proposalId,
        restDays: restDays.size,
        makeUpWorkdays: makeUpWorkdays.size,
      }))
      cli.show({ years: rows, missingNextYear: missing ?? null }, (language) => {
        const zh = language === 'zh'
        return [
          ...alignColumns(
            zh ? ['年份', '通知文号', '放假', '调休上班', '来源'] : ['year', 'notice', 'rest days', 'worked', 'from'],
            rows.map((row) => [
              String(row.year),
              row.noticeNumber,
              String(row.restDays),
              String(row.makeUpWorkdays),
              originOf(row, zh),
            ]),
            [0, 2, 3],
          ),
          ...missingYearLines(missing, language),
        ]
      })
    })

  calendars
    .command('show <year>')
    .description('一年的放假与调休 one year in full')
    .addHelpText('after', '\n例 Example:\n  qingliu calendars show 2026')
    .action(async (text: string) => {
      const year = readYear(text)
      if (year === undefined) return cli.refuse(malformed('YEAR', text, 'YYYY'))
      const found = (await calendarYears((await cli.services()).db)).find((stored) => stored.year === year)
      if (found === undefined) return cli.refuse(refuseCalendarYear('calendar_year_missing', { year }))
      const shown = { ...found, restDays: [...found.restDays], makeUpWorkdays: [...found.makeUpWorkdays] }
      cli.show(shown, (language) => yearLines(shown, language))
    })

  calendars
    .command('due <month>')
    .description('某用水月份的缴费期限 when the fee of a month falls due')
    .option(
      '--issued <date>',
      '开账（或送达）日期；默认次月1日 day of issue or service; the first of the next month unless given',
    )
    .addHelpText('after', '\n例 Example:\n  qingliu calendars due 2026-03 --issued 2026-04-03')
    .action(async (text: string, options: { issued?: string }) => {
      const month = parseFeeMonth(text)
      if (month === undefined) return cli.refuse(malformed('MONTH', text, 'YYYY-MM'))
      const issued = readDate('--issued', options.issued)
      if (isRefusal(issued)) return cli.refuse(issued)
      const { db } = await cli.services()
      const due = await dueDateOf(db, month, issued)
      if (isRefusal(due)) return cli.refuse(due)
      const [loaded, settings] = [await loadCalendars(db), await readSettings(db)]
      const dueDay = settings['bills.due_day']
      const minimumDaysAfterIssue = settings['bills.minimum_days_after_issue']
      const { issuedOn, byMonth, byIssue, dueOn } = due
      const missing = nextYearMissing(cli.today(), loaded)
      cli.show({ ...due, missingNextYear: missing ?? null }, (language) => {
        const later = byIssue > byMonth ? byIssue : byMonth
        const why = (day: CivilDate, zh: string, en: string) => {
          const rest = isWorkingDay(day, loaded) === false
          const restText = language === 'zh' ? '，为休息日' : ', a rest day'
          return `  ${dayText(day, language)}  ${language === 'zh' ? zh : en}${rest ? restText : ''}`
        }
        return [
          language === 'zh'
            ? `${month} 的污水处理费：${dayText(dueOn, language)} 到期`
            : `The fee of ${month} falls due on ${dayText(dueOn, language)}`,
          why(byMonth, `次月 ${dueDay} 日`, `day ${dueDay} of the next month`),
          why(
            byIssue,
            `${issuedOn} 开账后 ${minimumDaysAfterIssue} 天`,
            `${minimumDaysAfterIssue} days after issue on ${issuedOn}`,
          ),
          ...(dueOn === later
            ? []
            : [language === 'zh' ? '  顺延至其后的第一个工作日' : '  moved to the first working day after it']),
          ...missingYearLines(missing, language),
        ]
      })
    })

  calendars
    .command('propose [file]')
    .description('提交一年的放假安排（文件或选项） propose a year, from a file or by options')
    .option('--year <year>', '年份 year')
    .option('--notice <number>', '国务院办公厅通知文号 number of the State Council notice')
    .option('--rest <days>', '放假日，逗号分隔，可用 a..b 表示连续 rest days, a..b for a run')
    .option('--work <days>', '调休上班日 make-up workdays')
    .option('--amend', '修订已生效的年份 amend a year in force')
    .addHelpText(
      'after',
      `
文件 File: JSON {"year": 2027, "noticeNumber": "…", "restDays": ["2027-01-01"], "makeUpWorkdays": []}
  或表格（CSV、Excel），列 日期、安排（放假或上班），另加 --year 与 --notice
例 Example:
  qingliu calendars propose --year 2027 --notice 国办发明电〔2026〕1号 --rest 2027-01-01..2027-01-03,2027-05-01 --work 2027-01-09 --as clerk
  qingliu calendars propose 2027.csv --year 2027 --notice 国办发明电〔2026〕1号 --as clerk`,
    )
    .action(async (file: string | undefined, options: ProposeOptions) => {
      const year = options.year === undefined ? undefined : readYear(options.year)
      if (options.year !== undefined && year === undefined) {
        return cli.refuse(malformed('--year', options.year, 'YYYY'))
      }
      let entered: EnteredCalendarYear
      if (file !== undefined) {
        // Only this command needs the readers of JSON, CSV and Excel.
        const { readCalendarFile } = await import('./calendar-file.ts')
        const read = await readCalendarFile(file, { year, noticeNumber: options.notice })
        if (isRefusal(read)) return cli.refuse(read)
        entered = read
      } else if (year === undefined) {
        return cli.refuse(
          refusePlatform('value_malformed', { field: '--year', value: '', rule: 'YYYY，或给出文件 or a file' }),
        )
      } else {
        entered = {
          year,
          noticeNumber: options.notice ?? '',
          restDays: expandDays(options.rest ?? ''),
          makeUpWorkdays: expandDays(options.work ?? ''),
        }
      }
      const outcome = await proposeCalendarYear(await cli.services(), cli.envelope(), entered, {
        amends: options.amend ?? false,
      })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `已提交 ${answer.year} 年日历，事项 ${answer.proposalId}，摘要 ${answer.digest.slice(0, 12)}，待他人批准。`
          : `Proposed the calendar of ${answer.year}: no. ${answer.proposalId}, digest ${answer.digest.slice(0, 12)}; another person approves it.`,
        `  qingliu calendars approve ${answer.proposalId} --digest ${answer.digest.slice(0, 12)} --as …`,
      ])
    })

  calendars
    .command('approve <id>')
    .description('批准提交的年份 approve a proposed year')
    .option('--digest <digest>', '所见内容摘要 the digest that was seen')
    .addHelpText('after', '\n例 Example:\n  qingliu calendars approve 3 --as approver')
    .action(async (proposalId: string, options: { digest?: string }) => {
      const services = await cli.services()
      const envelope = cli.envelope(['calendars.approve', proposalId, options.digest ?? ''])
      const outcome = await approveCalendarYear(services, envelope, { proposalId, digestSeen: options.digest })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `${answer.year} 年日历（${answer.noticeNumber}）已生效。`
          : `The calendar of ${answer.year} (${answer.noticeNumber}) is in force.`,
      ])
    })

  calendars
    .command('return <id>')
    .description('退回提交的年份 return a proposed year')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', '\n例 Example:\n  qingliu calendars return 3 --reason 漏录国庆节 --as approver')
    .action(async (proposalId: string, options: { reason: string }) => {
      const services = await cli.services()
      const envelope = cli.envelope(['calendars.return', proposalId, options.reason])
      cli.showOutcome(
        await returnCalendarYear(services, envelope, { proposalId, reason: options.reason }),
        (_, language) => [
          language === 'zh'
            ? `事项 ${proposalId} 已退回：${options.reason}`
            : `No. ${proposalId} was returned: ${options.reason}`,
        ],
      )
    })
}

interface ProposeOptions {
  year?: string
  notice?: string
  rest?: string
  work?: string
  amend?: boolean
}

function readYear(text: string): number | undefined {
  return /^\d{4}$/.test(text) ? Number(text) : undefined
}

/** `2027-01-01..2027-01-03,2027-02-05` day by day; what is no date is kept, for the command to name it. */
function expandDays(text: string): string[] {
  return text
    .split(/[,，、\s]+/)
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from, until] = part.split('..').map((day) => parseCivilDate(day))
      if (from === undefined || until === undefined) return [part]
      const days = daysBetween(from, until)
      return days < 0 || days > 60 ? [part] : Array.from({ length: days + 1 }, (_, index) => plusDays(from, index))
    })
}

const weekdays = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}

function dayText(day: CivilDate, language: Language): string {
  return `${day} ${weekdays[language][weekday(day)]}`
}

function yearLines(
  year: { year: number; noticeNumber: string; restDays: readonly string[]; makeUpWorkdays: readonly string[] },
  language: Language,
): Lines {
  const zh = language === 'zh'
  const runs: CivilDate[][] = []
  for (const day of year.restDays as readonly CivilDate[]) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run !== undefined && last !== undefined && plusDays(last, 1) === day) run.push(day)
    else runs.push([day])
  }
  return [
    zh ? `${year.year} 年　${year.noticeNumber}` : `${year.year}  ${year.noticeNumber}`,
    zh ? '放假' : 'Rest days',
    ...runs.map((run) => {
      const [first, last] = [run[0] as CivilDate, run.at(-1) as CivilDate]
      const span =
        first === last ? dayText(first, language) : `${dayText(first, language)} – ${dayText(last, language)}`
      return `  ${span}  ${zh ? `${run.length} 天` : `${run.length} days`}`
    }),
    zh ? '调休上班' : 'Make-up workdays',
    ...(year.makeUpWorkdays as readonly CivilDate[]).map((day) => `  ${dayText(day, language)}`),
  ]
}

function originOf(year: { proposalId: string | null; revision: number }, zh: boolean): string {
  const origin =
    year.proposalId === null
      ? zh
        ? '随程序提供'
        : 'shipped'
      : zh
        ? `事项 ${year.proposalId}`
        : `no. ${year.proposalId}`
  if (year.revision === 0) return origin
  return zh ? `${origin}，第 ${year.revision} 次修订` : `${origin}, amendment ${year.revision}`
}

/** From 1 November: next year's calendar is missing, and the bills of December fall due in it. */
function missingYearLines(year: number | undefined, language: Language): Lines {
  if (year === undefined) return []
  return [
    '',
    language === 'zh'
      ? `注意：${year} 年的日历尚未录入，涉及该年的缴费期限无法计算。请按国务院办公厅的通知录入：qingliu calendars propose --year ${year} …`
      : `Note: the calendar of ${year} is not loaded, so no date in it can be computed. Enter it from the State Council notice: qingliu calendars propose --year ${year} …`,
  ]
}
