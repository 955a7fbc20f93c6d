import { fillSentence, type RefusalParameters } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import { type CellReason, cellReasonSentence, cellReasons } from '../platform/tables/cell-values.ts'

/** What a reason does to its row: rejects it, holds it for a person, or only goes along with the accepted reading. */
export type ReasonWeight = 'rejected' | 'held' | 'note'

interface Sentences {
  /** What is so, with the values. Of a held or rejected row it is followed by the remedy. */
  readonly cause: string
  readonly remedy: string
}
interface ReasonEntry {
  readonly weight: ReasonWeight
  /** The row as it stands can never be taken: a person may correct it, not accept it. */
  readonly needsCorrection?: true
  readonly zh: Sentences
  readonly en: Sentences
}

/**
 * Every reason a row can get (domain §6), once. `{column}` and `{value}` are the cell's own; the others are parameters.
 * A rejected row lacks what a reading is made of; a held one is complete but must be looked at.
 */
export const readingReasons = {
  // Rejected
  number_unreadable: {
    weight: 'rejected',
    zh: {
      cause: '“{column}”的“{value}”不是可用的数字。',
      remedy: '改为普通数字（如 12345 或 12345.678，整数最多 11 位、小数最多 3 位），不要带单位、空格或公式。',
    },
    en: {
      cause: '"{value}" in "{column}" is not a usable number.',
      remedy:
        'Write a plain number (such as 12345 or 12345.678, at most 11 digits before the point and 3 after it) without unit, blanks or formula.',
    },
  },
  date_unreadable: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”不是可用的日期。', remedy: '改为 2026-03-31 这样的日期。' },
    en: { cause: '"{value}" in "{column}" is not a usable date.', remedy: 'Write it like 2026-03-31.' },
  },
  month_unreadable: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”不是可用的月份。', remedy: '改为 2026-03 这样的月份。' },
    en: { cause: '"{value}" in "{column}" is not a usable month.', remedy: 'Write it like 2026-03.' },
  },
  identifier_unreadable: {
    weight: 'rejected',
    zh: { cause: '“{column}”的“{value}”不是可用的编号。', remedy: '把该列设为“文本”格式，填写完整的编号。' },
    en: {
      cause: '"{value}" in "{column}" is not a usable number of an account or meter.',
      remedy: 'Format the column as text and write the full number.',
    },
  },
  account_missing: {
    weight: 'rejected',
    zh: { cause: '这一行没有户号。', remedy: '补上户号；如果是多余的行，请删去。' },
    en: { cause: 'The row has no account number.', remedy: 'Enter it, or delete the row if it does not belong.' },
  },
  account_in_exponent_form: {
    weight: 'rejected',
    zh: {
      cause: '户号“{value}”被 Excel 变成了科学计数法，末尾几位已经丢失，无法还原。',
      remedy: '从收费系统重新导出，把户号列设为“文本”格式后再存。',
    },
    en: {
      cause: 'Excel turned the account number into "{value}"; its last digits are lost and cannot be restored.',
      remedy: 'Export it again from the billing system with the account column formatted as text.',
    },
  },
  account_unknown: {
    weight: 'rejected',
    zh: {
      cause: '没有户号 {value}，也没有只差前导零的户号。',
      remedy: '核对户号；如果是新户，请先开户（qingliu dischargers open-account），再导入这一行。',
    },
    en: {
      cause: 'There is no account {value}, nor one that differs only by leading zeros.',
      remedy:
        'Check the number; open a new account first (qingliu dischargers open-account), then import the row again.',
    },
  },
  account_ambiguous: {
    weight: 'rejected',
    zh: { cause: '没有户号 {value}；补上前导零后有几个户号都可能是它：{likely}。', remedy: '填写完整的户号。' },
    en: {
      cause: 'There is no account {value}; with leading zeros it may be any of {likely}.',
      remedy: 'Write the full account number.',
    },
  },
  nothing_stated: {
    weight: 'rejected',
    zh: { cause: '这一行既没有水量，也没有止码。', remedy: '补上水量，或起码和止码；未抄到表的户请按规定估抄并注明。' },
    en: {
      cause: 'The row states neither a volume nor a current reading.',
      remedy: 'Enter one of them; where the meter could not be read, estimate by the rules and say so.',
    },
  },

  // Held
  account_likely: {
    weight: 'held',
    zh: {
      cause: '没有户号 {value}，很可能是丢了前导零的 {likely}（{name}）。',
      remedy: '核对后接受，即按 {likely} 入账；或改正户号。',
    },
    en: {
      cause: 'There is no account {value}; it is probably {likely} ({name}) without its leading zeros.',
      remedy: 'Accept the row to book it to {likely}, or correct the number.',
    },
  },
  account_not_open: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '户号 {account} 在该月不在用（{opened} 开户，{closed} 销户）。',
      remedy: '核对户号和月份；销户前的用水请登记到销户所在月份。',
    },
    en: {
      cause: 'Account {account} was not open in this month (opened {opened}, closed {closed}).',
      remedy: 'Check the number and the month; record use before the closing in the month of the closing.',
    },
  },
  other_month: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '这一行是 {month} 的，本次导入的是 {importing}。',
      remedy: '用 --month {month} 另行导入，或改正月份。',
    },
    en: {
      cause: 'The row is of {month}, while {importing} is being imported.',
      remedy: 'Import it apart with --month {month}, or correct its month.',
    },
  },
  twice_in_file: {
    weight: 'held',
    zh: { cause: '同一户、同一表在本文件中出现多次（行 {rows}）。', remedy: '核对后接受其中一行，拒绝其余各行。' },
    en: {
      cause: 'The same account and meter stand more than once in this file (rows {rows}).',
      remedy: 'Accept the right one and reject the others.',
    },
  },
  meter_unknown: {
    weight: 'held',
    zh: {
      cause: '户号 {account} 没有登记水表 {value}，登记的是：{registered}。',
      remedy: '核对表号；如已换表，请先登记换表；只有一只表时接受即按登记的表入账。',
    },
    en: {
      cause: 'Account {account} has no meter {value}; registered: {registered}.',
      remedy:
        'Check the number, register a replacement first, or, where there is only one meter, accept the row for it.',
    },
  },
  meter_unregistered: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '户号 {account} 没有登记水表，起码和止码无法核对。',
      remedy: '先登记水表，再导入这一行；或改为只报水量。',
    },
    en: {
      cause: 'Account {account} has no registered meter, so its readings cannot be checked.',
      remedy: 'Register the meter and import the row again, or state the volume alone.',
    },
  },
  meter_not_named: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '户号 {account} 有几只表（{registered}），这一行没有写明是哪一只。', remedy: '补上表号。' },
    en: {
      cause: 'Account {account} has several meters ({registered}); the row does not say which.',
      remedy: 'Enter the meter number.',
    },
  },
  meter_not_in_place: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '水表 {meter} 在 {readOn} 不在用（{from} 装，{until} 拆）。',
      remedy: '核对表号和抄表日期；拆表残值应注明“换表残值”，日期为拆表日。',
    },
    en: {
      cause: 'Meter {meter} was not in place on {readOn} (installed {from}, removed {until}).',
      remedy: 'Check meter and date; the rest of a removed meter is a row of kind "residual" dated on its removal.',
    },
  },
  removal_missing: {
    weight: 'held',
    needsCorrection: true,
    zh: {
      cause: '这一行是换表残值，但户号 {account} 近期没有登记拆表。',
      remedy: '先登记换表（拆表日期和拆表读数），再导入这一行。',
    },
    en: {
      cause: 'The row is the rest of a removed meter, but no removal is registered for account {account} lately.',
      remedy: 'Register the replacement with its date and final reading, then import the row again.',
    },
  },
  residual_differs: {
    weight: 'held',
    zh: {
      cause: '残值行的止码 {value} 与登记的拆表读数 {final} 不符。',
      remedy: '核对拆表单；改正止码，或确认后接受。',
    },
    en: {
      cause: 'The final reading {value} of this residual differs from {final} at the registered removal.',
      remedy: 'Check the removal sheet; correct the reading, or accept it once sure.',
    },
  },
  end_reading_missing: {
    weight: 'held',
    zh: {
      cause: '有起码 {start}，没有止码，只有水量 {volume}。',
      remedy: '补上止码；确实没有时接受，即只按水量入账。',
    },
    en: {
      cause: 'There is a previous reading {start} and a volume of {volume} m³, but no current reading.',
      remedy: 'Enter it; if there is none, accept the row as a volume alone.',
    },
  },
  start_differs: {
    weight: 'held',
    zh: {
      cause: '起码 {value} 与上次的止码 {expected}（{lastOn}）不符。',
      remedy: '核对上次抄表记录；改正起码，或确认原因后接受。',
    },
    en: {
      cause: 'The previous reading {value} differs from {expected}, where this meter stood on {lastOn}.',
      remedy: 'Check the last reading; correct the row, or accept it once the cause is known.',
    },
  },
  next_start_differs: {
    weight: 'held',
    zh: {
      cause: '止码 {value} 与下一次抄表（{nextOn}）的起码 {next} 不符：两者之间的水量会重复计算或漏计。',
      remedy: '核对两次抄表；止码属实的，接受后把下一次的起码也改过来（qingliu readings record）。',
    },
    en: {
      cause:
        'The reading {value} differs from {next}, where the next one ({nextOn}) begins: the water between would count twice, or not at all.',
      remedy:
        'Check both; where this one is true, accept it and correct the beginning of the next one, too (qingliu readings record).',
    },
  },
  end_before_start: {
    weight: 'held',
    zh: {
      cause: '止码 {end} 小于起码 {start}，水表未登记倒装，也不像翻转（翻转则为 {rollover} m³）。',
      remedy: '核对抄表照片；换表请补残值行，翻转请注明“超量程”，倒装请先登记。',
    },
    en: {
      cause:
        'The reading fell from {start} to {end}; the meter is not registered as reversed, and a rollover ({rollover} m³) is not plausible.',
      remedy:
        'Check the photograph; add the residual row after a replacement, mark a rollover, or register a reversed meter.',
    },
  },
  below_estimate: {
    weight: 'held',
    zh: {
      cause: '止码 {end} 小于估抄的起码 {start}，但大于上次实抄 {actual}（{actualOn}）：前几个月可能估多了。',
      remedy: '把起码改为上次实抄的 {actual}，前几个月会按天重算。',
    },
    en: {
      cause:
        'The reading {end} lies below the estimated {start} yet above the last actual {actual} ({actualOn}): the estimates were probably too high.',
      remedy: 'Correct the previous reading to {actual}; the estimated months are then spread anew by days.',
    },
  },
  rises_on_reversed_meter: {
    weight: 'held',
    zh: {
      cause: '水表 {meter} 登记为倒装，止码应小于起码，却从 {start} 升到 {end}。',
      remedy: '核对水表是否已改正装；改正登记或读数。',
    },
    en: {
      cause: 'Meter {meter} is registered as running backwards, yet it rose from {start} to {end}.',
      remedy: 'Check whether it was turned round; correct the registration or the readings.',
    },
  },
  digits_exceeded: {
    weight: 'held',
    zh: { cause: '读数 {value} 超出水表 {meter} 的 {digits} 位。', remedy: '核对读数，或更正水表登记的位数。' },
    en: {
      cause: 'The reading {value} has more than the {digits} digits of meter {meter}.',
      remedy: 'Check the reading, or correct the registered digits.',
    },
  },
  volume_differs: {
    weight: 'held',
    zh: {
      cause: '所列水量 {value} 与读数差 {start} → {end} × 倍率 {multiplier} = {computed} 相差超过 {tolerance} m³。',
      remedy: '核对读数、水量和倍率，改正其中一项。',
    },
    en: {
      cause:
        'The stated volume {value} differs by more than {tolerance} m³ from {start} → {end} × {multiplier} = {computed}.',
      remedy: 'Check readings, volume and multiplier, and correct one of them.',
    },
  },
  volume_negative: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '水量 {value} 是负数，不能计费。', remedy: '退水或更正请改正原来月份的读数，不要用负数行。' },
    en: {
      cause: 'The volume {value} is negative and cannot be billed.',
      remedy: 'Correct the reading of the month concerned instead of adding a negative row.',
    },
  },
  jump: {
    weight: 'held',
    zh: {
      cause: '{span} 个月的水量 {volume} m³，前 {months} 个月平均每月 {mean} m³，变动过大（去年同月 {lastYear} m³）。',
      remedy: '向抄表员或用户核实后接受，或改正。',
    },
    en: {
      cause:
        'The volume of {span} [month|months] is {volume} m³ against a monthly mean of {mean} m³ in the {months} [month|months] before (same month last year: {lastYear} m³).',
      remedy: 'Ask the reader or the user; accept or correct it.',
    },
  },
  zero_with_history: {
    weight: 'held',
    zh: { cause: '水量为 0，前 {months} 个月平均 {mean} m³。', remedy: '核实是否停用、表停或未抄；属实则接受。' },
    en: {
      cause: 'The volume is 0 against a mean of {mean} m³ in the {months} [month|months] before.',
      remedy: 'Find out whether use stopped, the meter stands still or was not read; accept it if true.',
    },
  },
  read_date_outside: {
    weight: 'held',
    zh: { cause: '抄表日期 {value} 不在 {month} 之内。', remedy: '核对日期和月份；属实则接受。' },
    en: { cause: 'The read date {value} lies outside {month}.', remedy: 'Check date and month; accept it if true.' },
  },
  read_date_backwards: {
    weight: 'held',
    needsCorrection: true,
    zh: { cause: '抄表日期 {readOn} 不晚于上次抄表日期 {previous}。', remedy: '改正日期。' },
    en: { cause: 'The read date {readOn} is not after the previous one, {previous}.', remedy: 'Correct the dates.' },
  },
  estimates_beyond_limit: {
    weight: 'held',
    zh: {
      cause: '已连续估抄 {count} 个月（上限 {limit}），本月又是估抄。',
      remedy: '安排实抄后改正；确实无法抄到的，写明原因后接受。',
    },
    en: {
      cause: '{count} months in a row were estimated (limit {limit}), and this one is again.',
      remedy: 'Have the meter read and correct the row; if that is impossible, accept it with the reason.',
    },
  },
  category_differs: {
    weight: 'held',
    zh: {
      cause: '用水性质“{value}”与登记的“{registered}”不同。',
      remedy: '以征收名单为准：登记有误请先变更登记；文件有误可直接接受（按登记计费）。',
    },
    en: {
      cause: 'The category "{value}" differs from "{registered}" on the roster.',
      remedy:
        'The roster decides: change the registration if it is wrong, or accept the row, which is billed as registered.',
    },
  },
  source_unknown: {
    weight: 'held',
    zh: {
      cause: '“{column}”的“{value}”不认识。',
      remedy: '改为 实抄、估抄、远传、电话、未见表、残值 之一；或接受，来源记为“未说明”。',
    },
    en: {
      cause: '"{value}" in "{column}" is not known.',
      remedy: 'Use 实抄, 估抄, 远传, 电话, 未见表 or 残值, or accept it as "not stated".',
    },
  },
  source_abnormal: {
    weight: 'held',
    zh: { cause: '抄表状态为异常（“{value}”）。', remedy: '查明异常原因，改正后再入账；读数属实则接受。' },
    en: {
      cause: 'The reading is marked as abnormal ("{value}").',
      remedy: 'Find out why; correct it, or accept it if true.',
    },
  },
  month_already_read: {
    weight: 'held',
    zh: {
      cause: '该表本月已有 {readOn} 的抄表记录（{start} → {end}，{volume} m³），与这一行的用水日期重叠。',
      remedy: '如果这一行是更正，接受即取代原记录；如果多余，请拒绝。',
    },
    en: {
      cause:
        'This meter already has a reading of {readOn} in this month ({start} → {end}, {volume} m³) that covers the same days.',
      remedy: 'Accept the row to put it in that one’s place, or reject it.',
    },
  },
  readings_lost: {
    weight: 'held',
    zh: {
      cause: '这一行只有水量，而已存的记录有起码和止码（{start} → {end}，{volume} m³），取代后读数就没有了。',
      remedy:
        '多半是读数列没有认出：核对表头，用 --map 指明起码和止码的列后重新导入；确实只有水量时接受，即取代原记录。',
    },
    en: {
      cause:
        'The row states a volume alone, while the stored reading has its readings ({start} → {end}, {volume} m³), which would be lost.',
      remedy:
        'Probably the columns of the readings were not recognised: check the header, name them with --map and import again; accept the row if there really is only a volume.',
    },
  },
  stored_differs: {
    weight: 'held',
    zh: {
      cause: '此后已另存了一条同一表、同一日期的记录（{start} → {end}，{volume} m³）。',
      remedy: '接受即取代它；否则拒绝这一行。',
    },
    en: {
      cause: 'Another reading of the same meter and date was stored since ({start} → {end}, {volume} m³).',
      remedy: 'Accept the row to put it in that one’s place, or reject it.',
    },
  },

  // Notes on accepted rows
  rollover: {
    weight: 'note',
    zh: { cause: '水表翻转：{range} − {start} + {end}。', remedy: '' },
    en: { cause: 'The meter rolled over: {range} − {start} + {end}.', remedy: '' },
  },
  reversed_meter: {
    weight: 'note',
    zh: { cause: '倒装水表：起码减止码。', remedy: '' },
    en: { cause: 'A reversed meter: previous less current reading.', remedy: '' },
  },
  residual_of_removal: {
    weight: 'note',
    zh: { cause: '{removedOn} 所拆水表 {meter} 的残值。', remedy: '' },
    en: { cause: 'The rest of meter {meter}, removed on {removedOn}.', remedy: '' },
  },
  volume_within_tolerance: {
    weight: 'note',
    zh: { cause: '所列水量 {stated} 与读数差 {computed} 略有出入，按所列水量。', remedy: '' },
    en: {
      cause: 'The stated volume {stated} differs slightly from {computed} by the readings; the stated one counts.',
      remedy: '',
    },
  },
  start_taken_from_last: {
    weight: 'note',
    zh: { cause: '文件没有起码，取上次止码 {start}。', remedy: '' },
    en: { cause: 'The file states no previous reading; {start}, the last one stored, was taken.', remedy: '' },
  },
  spans_estimates: {
    weight: 'note',
    zh: { cause: '起码是 {actualOn} 的实抄读数，水量包含其后估抄的各月。', remedy: '' },
    en: {
      cause: 'It begins at the actual reading of {actualOn}, so it covers the estimated months since.',
      remedy: '',
    },
  },
  previous_date_differs: {
    weight: 'note',
    zh: { cause: '上次抄表日期 {value} 与已存的 {stored} 不同，按文件。', remedy: '' },
    en: { cause: 'The previous read date {value} differs from {stored} as stored; the file’s counts.', remedy: '' },
  },
  same_month_last_year: {
    weight: 'note',
    zh: { cause: '水量 {volume} m³，去年同月 {lastYear} m³。', remedy: '' },
    en: { cause: 'The volume is {volume} m³; in the same month last year it was {lastYear} m³.', remedy: '' },
  },
  name_differs: {
    weight: 'note',
    zh: { cause: '户名“{value}”与登记的“{registered}”不同。', remedy: '' },
    en: { cause: 'The name "{value}" differs from "{registered}" as registered.', remedy: '' },
  },
  meter_not_seen: {
    weight: 'note',
    zh: { cause: '未见表，按估抄。', remedy: '' },
    en: { cause: 'The meter was not seen; it counts as estimated.', remedy: '' },
  },
  replaces_estimate: {
    weight: 'note',
    zh: { cause: '取代本月估抄的 {volume} m³。', remedy: '' },
    en: { cause: 'It takes the place of {volume} m³ estimated for this month.', remedy: '' },
  },
  replaces_reading: {
    weight: 'note',
    zh: { cause: '取代此前的记录（{start} → {end}，{volume} m³）。', remedy: '' },
    en: { cause: 'It takes the place of an earlier record ({start} → {end}, {volume} m³).', remedy: '' },
  },
  accepted_by_person: {
    weight: 'note',
    zh: { cause: '由人工核实后接受。', remedy: '' },
    en: { cause: 'Accepted by a person after a check.', remedy: '' },
  },
} as const satisfies Record<string, ReasonEntry>

export type ReasonCode = keyof typeof readingReasons

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(readingReasons, code)
}

export function entryOf(code: ReasonCode): ReasonEntry {
  return readingReasons[code]
}

/** Whether a person may accept a row as it stands in spite of this reason. */
export function canBeAccepted(code: string): boolean {
  if (!isReasonCode(code)) return false
  const { weight, needsCorrection } = entryOf(code)
  return weight === 'held' && needsCorrection !== true
}

/** A reason, its code known to the compiler. */
export function reasonOf(
  code: ReasonCode,
  parameters: Readonly<Record<string, string | number>> = {},
  cell: { readonly column?: string; readonly value?: string } = {},
): RowReason & { readonly code: ReasonCode } {
  return { code, ...cell, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) }
}

/** The sentences of a reason for people. A code of an older program that is no longer known is shown as it is. */
export function sayReason(reason: RowReason, language: 'zh' | 'en'): Sentences {
  if (!isReasonCode(reason.code)) return { cause: reason.code, remedy: '' }
  const values: RefusalParameters = { column: reason.column ?? '', value: reason.value ?? '', ...reason.parameters }
  const { cause, remedy } = entryOf(reason.code)[language]
  const { cell } = values
  return {
    cause: fillSentence(cause, values),
    // A cell that could not be read has its own remedy, which knows what is wrong with it.
    remedy: isCellReason(cell) ? cellReasonSentence(cell, language, values) : fillSentence(remedy, values),
  }
}

/** Cause and remedy in one, for a sentence about a row. */
export function reasonSentence(reason: RowReason, language: 'zh' | 'en'): string {
  const { cause, remedy } = sayReason(reason, language)
  return language === 'zh' ? `${cause}${remedy}` : `${cause} ${remedy}`.trim()
}

function isCellReason(cell: string | number | undefined): cell is CellReason {
  return typeof cell === 'string' && Object.hasOwn(cellReasons, cell)
}
