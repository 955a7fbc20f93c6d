import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const settlementRefusals = {
  concession_file_unreadable: {
    kind: 'invalid',
    zh: '协议文件 {file} 读不懂：{causeZh}。须为 JSON，样例见 qingliu settlement agreement-template。',
    en: 'The agreement file {file} is not understood: {causeEn}. It is JSON; see qingliu settlement agreement-template.',
  },
  concession_field_faulty: {
    kind: 'invalid',
    zh: '协议条款 {where}：{ruleZh}。',
    en: 'The term {where} is not usable; a usable one {ruleEn}.',
  },
  concession_faulty: {
    kind: 'invalid',
    zh: '特许经营协议 {code} 有 {count} 处问题，未保存：{faultsZh}',
    en: 'The concession agreement {code} has {count} [fault|faults]; nothing was saved:{faultsEn}',
  },
  plant_unknown: {
    kind: 'missing',
    zh: '没有代码为 {plant} 的污水处理厂。请核对，或用 qingliu staff add-organisation 登记（类型 plant）。',
    en: 'There is no treatment plant with the code {plant}. Check it, or add it with qingliu staff add-organisation (kind plant).',
  },
  plant_of_others: {
    kind: 'forbidden',
    zh: '{actor} 不是 {plant} 的人员，只能办理本厂的事项。请由该厂经办。',
    en: '{actor} does not belong to {plant}; staff of a plant act for their own plant only. Let its own staff do it.',
  },
  concession_code_taken: {
    kind: 'conflict',
    zh: '协议代码 {code} 已用于另一份协议。请换一个代码。',
    en: 'The agreement code {code} is taken. Choose another.',
  },
  concession_overlaps: {
    kind: 'conflict',
    zh: '{plant} 自 {from} 起已有协议 {other} 在执行，不能重叠。请先终止该协议（qingliu settlement propose-end），或改起始日。',
    en: '{plant} has the agreement {other} in force from {from} on; agreements do not overlap. End that one first (qingliu settlement propose-end), or change the first day.',
  },
  concession_waiting: {
    kind: 'conflict',
    zh: '{plant} 已有待审批的协议事项 {proposal}（{maker} 提交）。请先审批或退回。',
    en: 'A proposal about the agreements of {plant} waits for approval (no. {proposal}, by {maker}). Decide it first.',
  },
  concession_unknown: {
    kind: 'missing',
    zh: '没有代码为 {code} 的协议。见 qingliu settlement agreements。',
    en: 'There is no agreement with the code {code}. See qingliu settlement agreements.',
  },
  concession_ended: {
    kind: 'conflict',
    zh: '协议 {code} 已于 {until} 终止，不能再改。请核对代码。',
    en: 'The agreement {code} ended on {until}; that cannot be changed. Check the code.',
  },
  concession_end_too_early: {
    kind: 'conflict',
    zh: '协议 {code} 不能在 {until} 终止：{claimed} 以前已经结算。请用 {claimed} 或以后的日期。',
    en: 'The agreement {code} cannot end on {until}: days before {claimed} are settled. Use {claimed} or later.',
  },
  concession_missing: {
    kind: 'missing',
    zh: '{month} 有的日子没有特许经营协议：{days}。没有协议就没有价格，请先录入并批准协议。',
    en: 'Days of {month} have no concession agreement: {days}. Without one there is no price; enter it and have it approved.',
  },
  plant_days_missing: {
    kind: 'missing',
    zh: '{month} 有的日子没有处理水量记录：{days}。停运的日子也要记 0，请补充导入。',
    en: 'Days of {month} have no record of what was treated: {days}. A day of standstill is recorded as 0; import what is missing.',
  },
  plant_values_missing: {
    kind: 'missing',
    zh: '{month} 缺少协议要求每日检测的出水指标：{values}。请补充导入。',
    en: 'Values that the agreement wants every day are missing in {month}: {values}. Import what is missing.',
  },
  plant_days_file_empty: {
    kind: 'invalid',
    zh: '文件“{file}”在表头（第 {row} 行）以下没有数据行。请核对文件。',
    en: '"{file}" has no rows below its header (row {row}). Check the file.',
  },
  plant_import_unknown: {
    kind: 'missing',
    zh: '没有编号为 {importId} 的污水厂日报导入。见 qingliu settlement imports。',
    en: 'There is no import of plant days numbered {importId}. See qingliu settlement imports.',
  },
  plant_rows_unknown: {
    kind: 'missing',
    zh: '导入 {importId} 没有这些尚未处理的行：{rows}。见 qingliu settlement rows {importId}。',
    en: 'Import {importId} has no undecided rows {rows}. See qingliu settlement rows {importId}.',
  },
  plant_rows_none: {
    kind: 'missing',
    zh: '导入 {importId} 没有这样的行，没有导出文件。',
    en: 'Import {importId} has no such rows; no file was written.',
  },
  plant_row_needs_correction: {
    kind: 'conflict',
    zh: '第 {row} 行不能照原样接受，须先改正（qingliu settlement correct）：{reasonsZh}',
    en: 'Row {row} cannot be accepted as it stands; correct it first (qingliu settlement correct): {reasonsEn}',
  },
  plant_row_by_bureau: {
    kind: 'forbidden',
    zh: '{actor} 不能接受待审的日报行；污水厂可以改正或拒绝，接受由城管局经办。',
    en: '{actor} may not accept held rows; the plant corrects or rejects, the bureau clerk accepts.',
  },
  plant_rows_exclude: {
    kind: 'conflict',
    zh: '{day} 的几行不能都接受。请接受一行，拒绝其余的行。',
    en: 'Only one of the rows of {day} can count. Accept one and reject the others.',
  },
  plant_field_unknown: {
    kind: 'usage',
    zh: '“{field}”不能改正。可以改正：{known}。',
    en: '"{field}" cannot be corrected. These can: {known}.',
  },
  settlement_needs_reason: {
    kind: 'invalid',
    zh: '请写明理由，不能为空。',
    en: 'State the reason; it cannot be empty.',
  },
  claim_month_open: {
    kind: 'invalid',
    zh: '{month} 还没有结束，{today} 不能结算。请在次月办理。',
    en: '{month} is not over, so it cannot be claimed on {today}. Claim it in the next month.',
  },
  claim_exists: {
    kind: 'conflict',
    zh: '{month} 已有结算申请 {number}。要改，请先由审核方退回。',
    en: '{month} is claimed by {number}. To change it, have it returned first.',
  },
  claim_out_of_order: {
    kind: 'conflict',
    zh: '结算按月连续：下一个月份是 {next}，不是 {month}。',
    en: 'Claims follow one another by month: the next one is {next}, not {month}.',
  },
  claim_before_undecided: {
    kind: 'conflict',
    zh: '{before} 的结算申请 {number} 尚未审定，{month} 不能申请。请先审定或退回。',
    en: 'The claim {number} of {before} is not approved yet, so {month} cannot be claimed. Have it approved or returned first.',
  },
  claim_unknown: {
    kind: 'missing',
    zh: '没有结算申请 {number}。见 qingliu settlement claims。',
    en: 'There is no claim {number}. See qingliu settlement claims.',
  },
  claim_step_not_next: {
    kind: 'conflict',
    zh: '结算申请 {number} 现在是“{stateZh}”，不能办理“{wantedZh}”。请用 qingliu settlement show {number} 查看。',
    en: 'The claim {number} is {stateEn}, so it cannot be {wantedEn} now. Look at it with qingliu settlement show {number}.',
  },
  claim_own_step: {
    kind: 'forbidden',
    zh: '{actor} 已经办理过 {number} 的一步（{stepZh}），同一人不能再办。请由他人办理。',
    en: '{actor} has taken a step of {number} before ({stepEn}); one person takes one step. Let another person do it.',
  },
  claim_digest_differs: {
    kind: 'conflict',
    zh: '{number} 的内容摘要是 {digest}，不是您看到的 {seen}（至少 8 位）。请重新查看后办理。',
    en: 'The digest of {number} is {digest}, not {seen} (8 characters or more). Look at it again first.',
  },
  claim_overtaken: {
    kind: 'conflict',
    zh: '{number} 提出之后水量、水质或协议有了变化：申请 {claimed} 元，现在算得 {now} 元。请退回，由污水厂重新申请。',
    en: 'Facts changed since {number} was made: it claims {claimed} yuan, now {now} come out. Return it; the plant claims anew.',
  },
  claim_nothing_to_pay: {
    kind: 'conflict',
    zh: '{number} 应付 0.00 元，无需拨付；不足部分转入下一期。',
    en: '{number} comes to 0.00, so nothing is paid; what is below zero goes into the next claim.',
  },
  claim_amount_differs: {
    kind: 'invalid',
    zh: '{number} 审定 {payable} 元，不是 {amount} 元。须足额拨付、按实核对；不符请查明后再办。',
    en: '{number} was approved at {payable} yuan, not {amount} yuan. It is paid in full and checked as it is; find the cause first.',
  },
  claim_reference_missing: {
    kind: 'invalid',
    zh: '请写明凭证号（拨付）或对账单流水号（核对）。',
    en: 'State the number of the voucher (payment) or the line of the bank statement (check).',
  },
  claim_voucher_taken: {
    kind: 'conflict',
    zh: '凭证号 {reference} 已用于另一笔服务费拨付。请核对。',
    en: 'The voucher {reference} belongs to another payment of a service fee. Check it.',
  },
  claim_day_malformed: {
    kind: 'invalid',
    zh: '日期 {day} 须在 {earliest} 与今天 {today} 之间。请核对日期。',
    en: 'The day {day} must lie between {earliest} and today {today}. Check the date.',
  },
  claim_has_successor: {
    kind: 'conflict',
    zh: '{number} 之后已有结算申请 {later}，其更正以 {number} 为准。请先退回 {later}。',
    en: 'The claim {later} rests on {number}. Return {later} first.',
  },
} as const satisfies RefusalTable

export const refuseSettlement = refuser(settlementRefusals)
