import { type Refusal, type RefusalTable, refuser } from '../kernel/refusal.ts'

export const enforcementRefusals = {
  // Orders to pay.
  nothing_to_order: {
    kind: 'invalid',
    zh: '{discharger} 截至 {today} 没有可责令缴纳的逾期账单（已在其他通知书内的除外）。用 qingliu payments overdue 查看逾期。',
    en: '{discharger} has no overdue bill to be ordered as of {today} (those under another order are left out). See qingliu payments overdue.',
  },
  bill_not_overdue: {
    kind: 'invalid',
    zh: '账单 {bill} 不是 {discharger} 截至 {today} 的逾期账单。请核对编号。',
    en: 'Bill {bill} is no overdue bill of {discharger} as of {today}. Check its number.',
  },
  bill_under_order: {
    kind: 'conflict',
    zh: '账单 {bill} 已在责令通知书 {order} 内，不能再次责令。',
    en: 'Bill {bill} is already under order {order} and cannot be ordered again.',
  },
  order_pending: {
    kind: 'conflict',
    zh: '{discharger} 已有待审批的责令通知书（提案 {proposal}）。请先审批或退回。',
    en: 'An order to {discharger} waits for approval (proposal {proposal}). Approve or return it first.',
  },
  order_facts_changed: {
    kind: 'conflict',
    zh: '拟稿之后 {discharger} 的欠费有变动（拟稿 {drafted} 元，现在 {now} 元）。请退回并重新拟稿。',
    en: 'What {discharger} owes has changed since the draft ({drafted} yuan then, {now} now). Return it and draft anew.',
  },
  party_files_today: {
    kind: 'invalid',
    zh: '企业提交的材料以收到当日（{today}）为准，不能填 {on}。请不填日期。',
    en: 'What an enterprise files counts on the day it comes in ({today}), not on {on}. Leave the day out.',
  },
  order_unknown: {
    kind: 'missing',
    zh: '没有责令限期缴纳通知书 {number}。请用 qingliu orders list 查编号。',
    en: 'There is no order to pay {number}. Find it with qingliu orders list.',
  },
  order_has_case: {
    kind: 'conflict',
    zh: '责令通知书 {order} 已立案（案件 {number}），不能撤回。请先结案或撤销。',
    en: 'Order {order} bears the case {number} and cannot be withdrawn. Close or annul the case first.',
  },
  bill_not_under_order: {
    kind: 'invalid',
    zh: '账单 {bill} 不在责令通知书 {order} 内。请核对编号。',
    en: 'Bill {bill} is not under order {order}. Check its number.',
  },
  bill_under_enforcement: {
    kind: 'conflict',
    zh: '账单 {bill} 在责令通知书 {order} 内，只能在案内更正：先用 qingliu orders open-correction {order} --bill {bill} 登记理由和证据。',
    en: 'Bill {bill} is under order {order} and is corrected only inside that case: first record why with qingliu orders open-correction {order} --bill {bill}.',
  },
  estimate_review_not_needed: {
    kind: 'invalid',
    zh: '账单 {bill} 不含估抄水量，无需复核。请核对编号。',
    en: 'Bill {bill} does not rest on an estimate and needs no review. Check its number.',
  },
  estimate_reviewed: {
    kind: 'conflict',
    zh: '账单 {bill} 的估抄水量已复核过。',
    en: 'The estimate of bill {bill} was reviewed before.',
  },

  // Filing a case.
  order_not_lapsed: {
    kind: 'conflict',
    zh: '责令通知书 {order} 目前“{standingZh}”，不能立案。只有送达后逾期仍未缴的才能立案。',
    en: 'Order {order} is "{standingEn}" and bears no case. A case needs an order that was served and lapsed unpaid.',
  },
  estimate_unreviewed: {
    kind: 'conflict',
    zh: '账单 {bill} 含估抄水量，未经复核不得处罚。请先用 qingliu orders review-estimate {bill} 登记复核结果。',
    en: 'Bill {bill} rests on an estimate and is not fined without a review. Record it with qingliu orders review-estimate {bill}.',
  },
  filing_too_late: {
    kind: 'conflict',
    zh: '责令通知书 {order} 的期限届满已过二年（至 {by}），不再立案（行政处罚法第三十六条）。费用仍可追缴。',
    en: 'More than two years have passed since the term of order {order} ended (until {by}); no case is filed (Administrative Penalty Law art. 36). The fee stays owed.',
  },
  period_has_case: {
    kind: 'conflict',
    zh: '户号 {account} 的 {month} 已在案件 {number} 中，同一欠费不得两次处罚（行政处罚法第二十九条）。',
    en: 'The month {month} of account {account} is already in case {number}; nothing is punished twice (Administrative Penalty Law art. 29).',
  },
  refiled_too_late: {
    kind: 'conflict',
    zh: '责令通知书 {order} 的欠费月份此前已立案，九十日自 {from} 起算，{by} 已届满，不能再次立案（行政处罚法第六十条）。欠费仍可依法追缴。',
    en: 'A case was filed before on a period of order {order}; its 90 days count from {from} and ended on {by}, so no other is filed (Administrative Penalty Law art. 60). The fee stays owed.',
  },
  period_paid_in_time: {
    kind: 'conflict',
    zh: '责令通知书 {order} 的欠费月份曾在案件 {number} 中查明已在期限内缴清，不能再次立案（行政处罚法第二十九条、第三十三条）。欠费仍可依法追缴。',
    en: 'Case {number} ended because a period of order {order} had been paid within its term; no other is filed on it (Administrative Penalty Law arts. 29, 33). The fee stays owed.',
  },
  anew_without_annulment: {
    kind: 'invalid',
    zh: '只有撤销的结果才能同时责令重新作出决定。请核对结果。',
    en: 'Only an outcome that annuls can order a new decision. Check the outcome.',
  },
  case_open: {
    kind: 'conflict',
    zh: '责令通知书 {order} 已有未结案件 {number}。',
    en: 'Order {order} already bears the open case {number}.',
  },
  case_pending: {
    kind: 'conflict',
    zh: '责令通知书 {order} 已有待审批的立案报告（提案 {proposal}）。请先审批或退回。',
    en: 'A report to file a case on order {order} waits for approval (proposal {proposal}). Approve or return it first.',
  },
  case_unknown: {
    kind: 'missing',
    zh: '没有案件 {number}。请用 qingliu cases list 查编号。',
    en: 'There is no case {number}. Find it with qingliu cases list.',
  },
  officer_unfit: {
    kind: 'invalid',
    zh: '{code} 不能作为办案人员：须是在岗的综合执法人员并登记有执法证号。请用 qingliu staff list 核对。',
    en: '{code} cannot be an officer of the case: it takes an officer of the brigade in office with a certificate number. Check qingliu staff list.',
  },
  officers_equal: {
    kind: 'invalid',
    zh: '办案人员须为两人（行政处罚法第四十二条），不能是同一人。请另指定一人。',
    en: 'A case has two officers (Administrative Penalty Law art. 42), not one person twice. Name another.',
  },
  certificate_shared: {
    kind: 'forbidden',
    zh: '两个工号登记的是同一执法证号 {certificate}，视为同一人，不能在本案兼任两职。请另指定一人，或更正人员登记。',
    en: 'Two staff codes carry one certificate, {certificate}: one person, who takes one part in a case. Name another, or correct the staff list.',
  },
  officer_approves: {
    kind: 'forbidden',
    zh: '办案人员不能审批本案的文书。请由他人审批。',
    en: 'An officer of the case does not approve its papers. Let another person do it.',
  },

  // Steps.
  step_unknown: {
    kind: 'usage',
    zh: '没有“{step}”这一步骤。',
    en: 'There is no step "{step}".',
  },
  step_of_other_log: {
    kind: 'usage',
    zh: '“{stepZh}”不属于这里：责令通知书的步骤用 qingliu orders，案件的用 qingliu cases。',
    en: '"{stepEn}" does not belong here: steps of an order go by qingliu orders, those of a case by qingliu cases.',
  },
  step_field_missing: {
    kind: 'usage',
    zh: '“{stepZh}”缺少“{fieldZh}”（{field}）。请补填。',
    en: '"{stepEn}" lacks "{fieldEn}" ({field}). Fill it in.',
  },
  step_field_malformed: {
    kind: 'usage',
    zh: '“{fieldZh}”（{field}）填的“{value}”不可用：须为{ruleZh}。',
    en: '"{fieldEn}" ({field}) was given as "{value}", which is not usable: it takes {ruleEn}.',
  },
  step_takes_two: {
    kind: 'forbidden',
    zh: '“{stepZh}”须两人：先提出，由他人审批，不能直接登记。',
    en: '"{stepEn}" takes two persons: it is proposed and another one approves it, never recorded alone.',
  },
  step_takes_one: {
    kind: 'usage',
    zh: '“{stepZh}”一人登记即可，无需审批。请直接登记。',
    en: '"{stepEn}" is recorded by one person and needs no approval. Record it.',
  },
  step_needs_evidence: {
    kind: 'invalid',
    zh: '“{stepZh}”须附证据文件。请用 --evidence 指明文件。',
    en: '"{stepEn}" needs its evidence file. Name it with --evidence.',
  },
  step_out_of_order: {
    kind: 'conflict',
    zh: '“{stepZh}”之前须先有“{neededZh}”。请按顺序办理。',
    en: '"{stepEn}" comes after "{neededEn}", which has not been done. Take the steps in order.',
  },
  step_before_its_ground: {
    kind: 'invalid',
    zh: '“{stepZh}”的日期 {on} 早于“{neededZh}”（{since}）。请核对日期。',
    en: '"{stepEn}" on {on} lies before "{neededEn}" ({since}). Check the date.',
  },
  step_before_its_log: {
    kind: 'invalid',
    zh: '“{stepZh}”的日期 {on} 早于签发或立案之日 {since}。请核对日期。',
    en: '"{stepEn}" on {on} lies before the issue or the filing on {since}. Check the date.',
  },
  step_taken: {
    kind: 'conflict',
    zh: '“{stepZh}”已于 {on} 办理，不能重复。',
    en: '"{stepEn}" was done on {on} and is not done twice.',
  },
  day_in_future: {
    kind: 'invalid',
    zh: '日期 {on} 在今天（{today}）之后。请核对日期。',
    en: 'The day {on} lies after today ({today}). Check the date.',
  },
  log_is_over: {
    kind: 'conflict',
    zh: '已于 {on} “{endZh}”，不能再办理“{stepZh}”。',
    en: 'It ended with "{endEn}" on {on}; "{stepEn}" cannot follow.',
  },
  step_pending: {
    kind: 'conflict',
    zh: '{number} 的“{stepZh}”已有待审批的提案 {proposal}。请先审批或退回。',
    en: '"{stepEn}" of {number} waits for approval (proposal {proposal}). Approve or return it first.',
  },
  approver_lacks_role: {
    kind: 'forbidden',
    zh: '“{stepZh}”由局负责人等有权的人审批，您没有这一岗位。请交其审批。',
    en: '"{stepEn}" is approved by those in office for it, such as the head of the bureau. Hand it to them.',
  },
  step_facts_changed: {
    kind: 'conflict',
    zh: '提出之后，{number} 的日期或金额有变动（{changesZh}）。请退回并重新提出。',
    en: 'Dates or amounts of {number} have changed since this was proposed ({changesEn}). Return it and propose anew.',
  },

  // Service.
  service_incomplete: {
    kind: 'invalid',
    zh: '这种送达方式须填写“{fieldZh}”（{field}）：{needsZh}。',
    en: 'This way of service needs "{fieldEn}" ({field}): {needsEn}.',
  },
  service_taken_by_other: {
    kind: 'invalid',
    zh: '签收人身份“{capacityZh}”不能为该受送达人签收：单位由法定代表人、负责收件的人或代理人签收，个人由本人、同住成年家属或代理人签收。',
    en: '"{capacityEn}" cannot take it for this party: for an organisation its representative, its receiver of mail or an agent; for an individual the party, an adult of the household or an agent.',
  },

  // Gates of a case.
  not_case_officer: {
    kind: 'forbidden',
    zh: '只有本案的两名办案人员可以办理。请由办案人员办理。',
    en: 'Only the two officers of the case may do this. Let one of them do it.',
  },
  second_officer_concludes: {
    kind: 'forbidden',
    zh: '调查终结由报告人以外的另一名办案人员登记，两名人员须各自办理（行政处罚法第四十二条）。',
    en: 'The officer who did not report concludes the investigation, so that both act in person (Administrative Penalty Law art. 42).',
  },
  person_has_other_part: {
    kind: 'forbidden',
    zh: '您在本案已是{whoZh}，不能{doesZh}。请由他人办理。',
    en: 'In this case that person is already {whoEn} and cannot {doesEn}. Let another person do it.',
  },
  case_decided: {
    kind: 'conflict',
    zh: '本案已于 {on} 作出处罚决定，这一步不能再办理。',
    en: 'The case was decided on {on}; this cannot be done any more.',
  },
  multiplier_out_of_bounds: {
    kind: 'invalid',
    zh: '倍数 {multiplier} 不在 {minimum} 倍以上 {maximum} 倍以下之内（城镇排水与污水处理条例第五十四条）。请另填倍数。',
    en: 'The multiple {multiplier} does not lie within {minimum} to {maximum} (Order 641 art. 54). Choose another.',
  },
  factor_unknown: {
    kind: 'invalid',
    zh: '裁量基准 {document} 没有情形“{factor}”。可填：{factors}。',
    en: 'The discretion grid {document} has no factor "{factor}". It has: {factors}.',
  },
  multiplier_outside_grid: {
    kind: 'invalid',
    zh: '倍数 {multiplier} 不在裁量基准 {document} 情形“{factor}”的 {minimum} 至 {maximum} 倍之内。',
    en: 'The multiple {multiplier} does not lie within {minimum} to {maximum}, as the grid {document} says for "{factor}".',
  },
  multiplier_raised: {
    kind: 'conflict',
    zh: '当事人陈述、申辩或申请听证之后，倍数不得高于已告知的 {told}（拟为 {multiplier}；行政处罚法第四十五条）。',
    en: 'After a defence or a request for a hearing the multiple may not rise above the {told} told before (now {multiplier}; Administrative Penalty Law art. 45).',
  },
  multiplier_above_notice: {
    kind: 'conflict',
    zh: '决定的倍数 {multiplier} 高于告知的 {told}。要加重须先重新告知（行政处罚法第四十四条、第六十二条）。',
    en: 'The multiple {multiplier} is above the {told} the party was told. A heavier fine needs a new notice first (Administrative Penalty Law arts. 44, 62).',
  },
  order_bears_no_fine: {
    kind: 'conflict',
    zh: '责令通知书 {order} 现在的状态（{standingZh}）不能作为处罚依据。请撤销立案。',
    en: 'Order {order} stands at "{standingEn}" now and bears no fine. Revoke the filing.',
  },
  base_above_notice: {
    kind: 'conflict',
    zh: '欠缴数额 {base} 元高于告知时的 {told} 元。请先重新告知。',
    en: 'The unpaid amount of {base} yuan is above the {told} of the notice. Serve a new notice first.',
  },
  defence_open: {
    kind: 'conflict',
    zh: '当事人的陈述、申辩尚未复核（行政处罚法第四十五条；行政强制法第三十六条）。请先登记复核意见。',
    en: 'A defence has not been re-checked yet (Administrative Penalty Law art. 45, Administrative Compulsion Law art. 36). Record the outcome of the re-check first.',
  },
  defence_may_come: {
    kind: 'conflict',
    zh: '当事人可陈述、申辩至 {until}，且未书面放弃（行政处罚法第六十二条）。请届满后再办。',
    en: 'The party may still state a defence until {until} and has not waived it in writing (Administrative Penalty Law art. 62). Wait until then.',
  },
  hearing_may_be_asked: {
    kind: 'conflict',
    zh: '当事人可在 {until} 前（含当日）申请听证，且未书面放弃（行政处罚法第六十四条）。请届满后再办。',
    en: 'The party may ask for a hearing until {until} and has not waived it in writing (Administrative Penalty Law art. 64). Wait until then.',
  },
  hearing_open: {
    kind: 'conflict',
    zh: '当事人申请或已通知的听证（{on}）尚未举行或终止，重新告知不免除听证（行政处罚法第六十三条）。请先举行听证。',
    en: 'The hearing asked for or called on {on} was neither held nor dropped; a new notice does not end it (Administrative Penalty Law art. 63). Hold it first.',
  },
  no_hearing_right: {
    kind: 'invalid',
    zh: '告知的罚款未达到听证标准，可陈述、申辩，不适用听证（行政处罚法第六十三条）。',
    en: 'The fine told does not reach the threshold of a hearing; the party may state a defence (Administrative Penalty Law art. 63).',
  },
  hearing_asked_late: {
    kind: 'invalid',
    zh: '听证申请日 {on} 已过 {until}（告知后五个工作日，行政处罚法第六十四条）。可作为陈述、申辩登记。',
    en: 'The hearing was asked for on {on}, after {until} (5 working days, Administrative Penalty Law art. 64). Record it as a defence instead.',
  },
  not_hearing_host: {
    kind: 'invalid',
    zh: '{code} 不是在岗的听证主持人。请用 qingliu staff list 核对。',
    en: '{code} is no hearing host in office. Check qingliu staff list.',
  },
  hearing_too_soon: {
    kind: 'invalid',
    zh: '听证日 {on} 太早：{served} 通知，中间须有七个完整的工作日，最早 {earliest}（行政处罚法第六十四条、第八十五条）。',
    en: 'The hearing on {on} is too soon: notified on {served}, with 7 full working days between, {earliest} at the earliest (Administrative Penalty Law arts. 64, 85).',
  },
  host_records_hearing: {
    kind: 'forbidden',
    zh: '听证由通知书载明的主持人（{host}）登记。',
    en: 'The hearing is recorded by the host that was notified ({host}).',
  },
  review_missing: {
    kind: 'conflict',
    zh: '听取当事人意见之后尚无法制审核（行政处罚法第五十八条）。请先送法制审核。',
    en: 'There is no legal review after the party was heard (Administrative Penalty Law art. 58). Have the case reviewed first.',
  },
  review_returned: {
    kind: 'conflict',
    zh: '法制审核退回了本案。请按意见补正后再次送审。',
    en: 'The legal review returned the case. Mend it and have it reviewed again.',
  },
  discussion_missing: {
    kind: 'conflict',
    zh: '按设置须经负责人集体讨论（行政处罚法第五十七条），听取当事人意见之后尚无讨论记录。',
    en: 'The settings ask for a collective discussion (Administrative Penalty Law art. 57), and none followed after the party was heard.',
  },
  decision_too_late: {
    kind: 'conflict',
    zh: '自立案起九十日已于 {by} 届满（行政处罚法第六十条），不能再作决定。请结案；费用仍可追缴。',
    en: 'The 90 days from filing ended on {by} (Administrative Penalty Law art. 60); no decision can be made. Close the case; the fee stays owed.',
  },
  objection_open: {
    kind: 'conflict',
    zh: '账单 {bill} 的异议尚未答复，不能作出决定。请先用 qingliu objections answer 答复。',
    en: 'An objection to bill {bill} is unanswered, so nothing is decided. Answer it first with qingliu objections answer.',
  },
  party_address_missing: {
    kind: 'invalid',
    zh: '当事人登记的地址为空，决定书须载明地址（行政处罚法第五十九条）。请先补登地址。',
    en: 'The party has no address on record, and a decision must state it (Administrative Penalty Law art. 59). Complete the registry first.',
  },
  instalments_differ: {
    kind: 'invalid',
    zh: '各期合计 {total} 元，与罚款 {fine} 元不符。请核对。',
    en: 'The instalments add up to {total} yuan, not to the fine of {fine}. Check them.',
  },
  instalment_not_ahead: {
    kind: 'invalid',
    zh: '分期日 {on} 不在今天之后。请核对。',
    en: 'The instalment of {on} does not lie ahead. Check it.',
  },
  instalment_on_rest_day: {
    kind: 'invalid',
    zh: '分期日 {on} 是休息日。请改为工作日，下一个是 {workday}。',
    en: 'The instalment of {on} falls on a rest day. Name a working day; the next is {workday}.',
  },
  fine_reference_taken: {
    kind: 'conflict',
    zh: '缴款书号 {reference} 已于 {paidOn} 登记在案件 {number}。请核对号码，或用另一号码。',
    en: 'The payment {reference} is on record in case {number}, paid on {paidOn}. Check its number or use another.',
  },
  fine_reference_reversed: {
    kind: 'conflict',
    zh: '缴款书号 {reference}（案件 {number}，{paidOn} 缴）已于 {reversedOn} 冲正，一个号码只登记一次。请用重新缴款的号码。',
    en: 'The payment {reference} (case {number}, paid on {paidOn}) was reversed on {reversedOn}; a number is recorded once. Use the number of the new payment.',
  },
  fine_reference_unknown: {
    kind: 'missing',
    zh: '本案没有号码为 {reference} 的有效缴款。请核对号码。',
    en: 'There is no valid payment {reference} in this case. Check its number.',
  },
  no_fine_payment: {
    kind: 'conflict',
    zh: '本案没有缴入国库的罚款，没有可冲正或者退付的款项。',
    en: 'Nothing was paid of this fine, so there is nothing to reverse or to pay back.',
  },
  fine_overpaid: {
    kind: 'invalid',
    zh: '缴款 {amount} 元超过当日应缴的罚款和加处罚款 {outstanding} 元。请核对金额和日期。',
    en: 'A payment of {amount} yuan is more than the {outstanding} yuan owed on that day. Check the amount and the day.',
  },
  refund_above_surplus: {
    kind: 'invalid',
    zh: '退付 {amount} 元超过多缴的 {surplus} 元。请核对金额。',
    en: 'A refund of {amount} yuan is more than the {surplus} paid too much. Check the amount.',
  },
  no_fine_stands: {
    kind: 'conflict',
    zh: '本案没有有效的罚款可撤销。',
    en: 'No fine of this case stands that could be annulled.',
  },
  fine_unpaid: {
    kind: 'conflict',
    zh: '尚有 {outstanding} 元未缴，不能以缴清结案。',
    en: '{outstanding} yuan are still unpaid; the case is not closed as paid.',
  },

  // Review, suit, demand, court.
  claim_contested: {
    kind: 'conflict',
    zh: '复议或者诉讼尚未了结。请等结果送达后再办。',
    en: 'A review or suit is pending. Wait until its outcome is served.',
  },
  fee_not_changed: {
    kind: 'invalid',
    zh: '“变更”只用于罚款；费用的变动请在案内更正账单。',
    en: '"Changed" is of a fine; a fee is changed by correcting its bill inside the case.',
  },
  outcome_raises_fine: {
    kind: 'invalid',
    zh: '变更后的倍数 {multiplier} 高于原决定的 {decided}，不得加重。请核对。',
    en: 'The changed multiple {multiplier} is above the decided {decided}; a fine is not raised that way. Check it.',
  },
  nothing_due: {
    kind: 'conflict',
    zh: '没有到期未缴的款项，不能催告或申请执行。',
    en: 'Nothing is due and unpaid, so nothing is demanded or taken to court.',
  },
  still_within_term: {
    kind: 'conflict',
    zh: '缴纳期限至 {until}（含当日），届满后才能催告。',
    en: 'The term to pay runs until {until}; a demand comes after it.',
  },
  demand_running: {
    kind: 'conflict',
    zh: '催告后的十个工作日至 {performBy}，届满后才能申请（行政强制法第五十四条、第六十九条）。',
    en: 'The ten working days of the demand run until {performBy}; the application comes after them (Administrative Compulsion Law arts. 54, 69).',
  },
  suit_still_open: {
    kind: 'conflict',
    zh: '当事人可起诉至 {suitBy}，届满后才能申请人民法院强制执行（行政强制法第五十三条）。',
    en: 'The party may sue until {suitBy}; the application to the court comes after it (Administrative Compulsion Law art. 53).',
  },
  court_still_open: {
    kind: 'conflict',
    zh: '申请法院强制执行的期限到 {courtBy} 才届满，不能以此终结。请先催告并申请。',
    en: 'The time to apply to the court runs until {courtBy}; nothing ends over it before. Demand and apply first.',
  },
  court_seised: {
    kind: 'conflict',
    zh: '已于 {on} 申请法院强制执行，不能以期限届满终结。裁定之后以“终结执行”终结。',
    en: 'The court was applied to on {on}, so nothing ends over the time for it. End it as terminated after the ruling.',
  },
  court_allowed: {
    kind: 'conflict',
    zh: '法院已于 {on} 裁定准予执行，不能再次申请。请跟进执行，到账后登记。',
    en: 'The court allowed the enforcement on {on}, so it is not applied to again. Follow it, and enter what comes in.',
  },
  court_pending: {
    kind: 'conflict',
    zh: '法院对 {on} 的申请尚未作出裁定，不能以此终结。请登记受理情况和裁定后再办。',
    en: 'The court has not ruled on what it was asked on {on}; nothing is terminated before. Enter the acceptance and the ruling first.',
  },
  termination_unproved: {
    kind: 'invalid',
    zh: '法院已于 {on} 裁定准予执行，终结须附法院终结执行的裁定书。请附上证据文件。',
    en: 'The court allowed the enforcement on {on}; its order that terminates it is the evidence of an end. Attach that file.',
  },
  nothing_to_challenge: {
    kind: 'conflict',
    zh: '没有法院不予受理或者不予执行的裁定，不能向上一级法院申请复议。收到裁定后先登记。',
    en: 'No court has refused to accept or to enforce, so the higher court is not asked. Enter its refusal first.',
  },
  challenge_too_late: {
    kind: 'conflict',
    zh: '向上一级法院申请复议的期限已于 {by} 届满（行政强制法第五十六条、第五十八条）。可在申请期限内重新申请，或者终结。',
    en: 'The time to ask the higher court ended on {by} (Administrative Compulsion Law arts. 56, 58). Apply anew while there is time for it, or end it.',
  },
  deferral_too_late: {
    kind: 'conflict',
    zh: '申请法院强制执行的期限已于 {courtBy} 届满（行政强制法第五十三条），暂缓或者分期不能使其重新起算。当事人仍可随时缴纳；请以期限届满结案。',
    en: 'The time to apply to the court ended on {courtBy} (Administrative Compulsion Law art. 53), and a deferral cannot start it again. The party may still pay at any time; close the case over it.',
  },
  court_too_late: {
    kind: 'conflict',
    zh: '申请期限已于 {courtBy} 届满（行政强制法第五十三条），法院不予受理。',
    en: 'The time to apply to the court ended on {courtBy} (Administrative Compulsion Law art. 53); it would not be accepted.',
  },

  paper_not_issued: {
    kind: 'missing',
    zh: '{number} 的这份文书尚未签发，没有送达回证。请先签发。',
    en: 'That paper of {number} was not issued yet, so it has no receipt. Issue it first.',
  },
  step_has_no_evidence: {
    kind: 'missing',
    zh: '{number} 的第 {step} 步没有证据文件。请用 show 查看步骤的序号。',
    en: 'Step {step} of {number} has no evidence file. Find the place of a step with show.',
  },

  // Discretion grids.
  grid_day_taken: {
    kind: 'conflict',
    zh: '已有自 {validFrom} 起施行的裁量基准。请核对施行日。',
    en: 'A discretion grid is already in force from {validFrom}. Check its first day.',
  },
  grid_backdated: {
    kind: 'conflict',
    zh: '裁量基准的施行日 {validFrom} 早于批准日 {today}，不溯及既往（行政处罚法第三十七条）。请以批准日或之后的日期重新提出。',
    en: 'The grid begins on {validFrom}, before its adoption on {today}; it does not reach back (Administrative Penalty Law art. 37). Propose it anew with a first day from today on.',
  },
  grid_unreadable: {
    kind: 'invalid',
    zh: '裁量基准文件不可用：{faultZh}。',
    en: 'The discretion grid is not usable: {faultEn}.',
  },
} satisfies RefusalTable

export const refuseEnforcement = refuser(enforcementRefusals)

/** There is no order, or no case, of that number. */
export const unknownLog = (log: 'order' | 'case', number: string): Refusal =>
  refuseEnforcement(log === 'order' ? 'order_unknown' : 'case_unknown', { number })
