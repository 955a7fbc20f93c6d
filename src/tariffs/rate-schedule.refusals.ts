import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const rateScheduleRefusals = {
  schedule_faulty: {
    kind: 'invalid',
    zh: '收费标准有 {count} 处问题，未保存：{faultsZh}',
    en: 'The rate schedule was not saved; faults in it: {count}.{faultsEn}',
  },
  schedule_file_unreadable: {
    kind: 'invalid',
    zh: '文件 {file} 不是可读的收费标准：{causeZh}。空白模板：qingliu tariffs template',
    en: 'The file {file} is not a readable rate schedule: {causeEn}. A blank template: qingliu tariffs template',
  },
  schedule_field_missing: {
    kind: 'invalid',
    zh: '缺少 {field}（{meaning}），请填写。',
    en: '{field} ({meaning}) is missing; fill it in.',
  },
  schedule_field_unknown: {
    kind: 'invalid',
    zh: '含有无法识别的项目 {field}，为避免漏算请删去或改正。',
    en: 'It holds {field}, which nobody would apply; delete or correct it.',
  },
  schedule_code_malformed: {
    kind: 'invalid',
    zh: '代码“{code}”须为 1 至 60 个字母、数字、连字符或下划线。',
    en: 'The code "{code}" has 1 to 60 letters, digits, hyphens or underscores.',
  },
  schedule_straddle_unknown: {
    kind: 'invalid',
    zh: '跨期办法 straddle 为“{value}”，应为 by-days（按天数拆分）、whole-at-start（全部按期初标准）或 whole-at-end（全部按期末标准）。',
    en: 'straddle is "{value}"; it is by-days, whole-at-start or whole-at-end.',
  },
  schedule_date_unreadable: {
    kind: 'invalid',
    zh: '执行日期 validFrom 为“{value}”，请写成 2026-01-01 的样子（以用水之日为准）。',
    en: 'validFrom is "{value}"; write it as 2026-01-01 (the first day of water use).',
  },
  schedule_flag_unreadable: {
    kind: 'invalid',
    zh: 'endsEarlier 为 {value}，应为 true 或 false（不加引号）。',
    en: 'endsEarlier is {value}; it is true or false, without quotes.',
  },
  price_category_unknown: {
    kind: 'invalid',
    zh: '没有登记价格类别“{category}”。已登记：{known}。请改正，或先登记该类别：qingliu dischargers add-price-category',
    en: 'There is no price category "{category}". Known: {known}. Correct it, or register the category first: qingliu dischargers add-price-category',
  },
  schedule_code_taken: {
    kind: 'conflict',
    zh: '代码 {code} 已用于“{title}”。已批准的收费标准不能修改；更正请用新代码。',
    en: 'The code {code} belongs to "{title}". An approved schedule never changes; a correction takes a new code.',
  },
  schedule_waiting: {
    kind: 'conflict',
    zh: '收费标准 {code} 已由 {maker} 提交（事项 {proposal}），尚待审批。请先审批或退回。',
    en: 'The schedule {code} was proposed by {maker} (no. {proposal}) and waits for approval. Have it approved or returned first.',
  },
  rate_overlap: {
    kind: 'conflict',
    zh: '类别“{category}”在 {from} 起与收费标准 {schedule}（{period}）重叠，同一天只能有一个价格。如新标准取代仍在执行的旧标准，请写明 endsEarlier: true（--ends-earlier）；否则请改正日期或类别。',
    en: 'From {from}, category "{category}" overlaps with the schedule {schedule} ({period}); a day has one price. If the new schedule takes over from one still open, say endsEarlier: true (--ends-earlier); otherwise correct the date or the categories.',
  },
  rate_overlap_fixed: {
    kind: 'conflict',
    zh: '类别“{category}”在 {from} 起与收费标准 {schedule}（{period}）重叠，而该标准不能提前终止（已定终止日或尚未开始执行）。请改正日期或类别。',
    en: 'From {from}, category "{category}" overlaps with the schedule {schedule} ({period}), which cannot be ended earlier: its end is set, or it has not begun by then. Correct the date or the categories.',
  },
  rates_changed_meanwhile: {
    kind: 'conflict',
    zh: '提交之后，收费标准已有变动：类别“{category}”与 {schedule} 的关系不同于所提交的内容。请退回，由经办人重新提交。',
    en: 'Rates changed after this was proposed: category "{category}" no longer stands to {schedule} as the proposal says. Return it; its maker proposes again.',
  },
  percentage_left_behind: {
    kind: 'conflict',
    zh: '收费标准 {schedule} 的类别“{dependent}”按“{category}”价格的百分比计，不能只终止“{category}”。请把“{dependent}”也列入新标准。',
    en: 'In the schedule {schedule}, "{dependent}" is a percentage of "{category}", which cannot end alone. Put "{dependent}" into the new schedule as well.',
  },
  rates_billed_later: {
    kind: 'conflict',
    zh: '收费标准 {schedule}（{categories}）已据以开账至 {lastDay} 的用水，不能自 {until} 起终止。请改为 {lastDay} 之后的日期，或先红冲相应账单。',
    en: 'Water used up to {lastDay} is billed by the schedule {schedule} ({categories}), so it cannot end on {until}. Choose a day after {lastDay}, or cancel those bills first.',
  },
  schedule_missing: {
    kind: 'missing',
    zh: '没有收费标准“{schedule}”。见 qingliu tariffs list。',
    en: 'There is no rate schedule "{schedule}". See qingliu tariffs list.',
  },
  schedule_ended: {
    kind: 'conflict',
    zh: '收费标准 {schedule} 已经终止，终止日不能再改。',
    en: 'The schedule {schedule} has ended; its end cannot be set again.',
  },
  schedule_ends_before_start: {
    kind: 'invalid',
    zh: '收费标准 {schedule} 自 {from} 起执行，不能在 {until} 终止；终止日须晚于起始日。',
    en: 'The schedule {schedule} holds from {from} and cannot end on {until}; its end lies after its start.',
  },
  schedule_end_needs_document: {
    kind: 'usage',
    zh: '终止收费标准须写明依据：请加 --document（文件名称、文号）。',
    en: 'The end of a schedule needs its ground: add --document with the document’s title or number.',
  },
  rate_missing_on_day: {
    kind: 'missing',
    zh: '类别“{category}”在 {date} 没有已批准的价格（用水当天）。见 qingliu tariffs list。',
    en: 'Category "{category}" has no approved price for water used on {date}. See qingliu tariffs list.',
  },
} as const satisfies RefusalTable

export const refuseSchedule = refuser(rateScheduleRefusals)
