import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const calendarYearRefusals = {
  calendar_year_faulty: {
    kind: 'invalid',
    zh: '{year} 年的日历有 {count} 处问题，未保存：{faultsZh}',
    en: 'The calendar of {year} has {count} [fault|faults]; nothing was saved:{faultsEn}',
  },
  calendar_file_unreadable: {
    kind: 'invalid',
    zh: '日历文件 {file} 读不懂：{causeZh}。JSON 须有 year、noticeNumber、restDays、makeUpWorkdays 四项；表格须有“日期”和“安排”（放假或上班）两列，并用 --year、--notice 说明年份与文号。',
    en: 'The calendar file {file} is not understood: {causeEn}. JSON has year, noticeNumber, restDays and makeUpWorkdays; a table has the columns 日期 and 安排 (放假 or 上班), and --year and --notice name the year and the notice.',
  },
  calendar_year_in_force: {
    kind: 'conflict',
    zh: '{year} 年的日历（{notice}）已经生效。如国务院办公厅另发通知调整，或原来录错，请加 --amend 提出修订；已开出的账单不受影响。',
    en: 'The calendar of {year} ({notice}) is in force already. If a later notice changed it, or it was entered wrongly, propose an amendment with --amend; bills issued before stay as they are.',
  },
  calendar_year_not_in_force: {
    kind: 'missing',
    zh: '{year} 年还没有生效的日历，没有可修订的内容。请去掉 --amend 重新录入。',
    en: 'There is no calendar of {year} to amend. Propose it without --amend.',
  },
  calendar_year_waiting: {
    kind: 'conflict',
    zh: '{year} 年的日历已由 {maker} 提交（事项 {proposal}），尚待审批。请先审批或退回。',
    en: 'A calendar of {year} was proposed by {maker} (no. {proposal}) and waits for approval. Have it approved or returned first.',
  },
  calendar_year_superseded: {
    kind: 'conflict',
    zh: '{year} 年的日历在提交之后已有改动，本事项不能再批准。请退回，由经办人核对后重新提交。',
    en: 'The calendar of {year} changed after this was proposed, so it can no longer be approved. Return it; its maker checks and proposes again.',
  },
  calendar_year_missing: {
    kind: 'missing',
    zh: '{year} 年的日历尚未录入。请按国务院办公厅的通知录入：qingliu calendars propose --year {year}',
    en: 'The calendar of {year} is not loaded. Enter it from the State Council notice: qingliu calendars propose --year {year}',
  },
} as const satisfies RefusalTable

export const refuseCalendarYear = refuser(calendarYearRefusals)
