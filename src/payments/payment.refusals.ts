import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const paymentRefusals = {
  payment_collector_unknown: {
    kind: 'missing',
    zh: '没有代码为 {collector} 的代征单位。请核对代征单位代码，或先登记（qingliu dischargers collectors 列出已有的）。',
    en: 'There is no collector with the code {collector}. Check the code, or register it first (qingliu dischargers collectors lists them).',
  },
  payment_of_other_company: {
    kind: 'forbidden',
    zh: '{actor} 不是“{collector}”（{code}）的经办人，只能办理本公司的缴款。请核对代征单位代码，或由城管局经办办理。',
    en: '{actor} does not act for "{collector}" ({code}); staff of a water company handle its own payments only. Check the collector’s code, or let a bureau clerk do it.',
  },
  treasury_payment_by_bureau: {
    kind: 'forbidden',
    zh: '直接缴入国库的款项由城管局经办登记，{actor} 不能登记。请交城管局经办。',
    en: 'Money paid straight to the treasury is entered by a bureau clerk, not by {actor}. Hand it to a clerk.',
  },
  payment_amount_malformed: {
    kind: 'invalid',
    zh: '“{value}”不是可用的金额。请填大于 0、最多 2 位小数、小数点前最多 14 位的数，例如 17283.00；冲正请用 qingliu payments reverse。',
    en: '"{value}" is not a usable amount. Write a number above 0 with at most 2 decimals and 14 digits before them, such as 17283.00; to reverse a payment use qingliu payments reverse.',
  },
  payment_reference_missing: {
    kind: 'invalid',
    zh: '缴款须有流水号，重复的缴款才认得出。请填写交易流水号。',
    en: 'A payment needs its reference, by which a repeat is recognised. Enter the transaction number.',
  },
  payment_reference_unprintable: {
    kind: 'invalid',
    zh: '流水号含有控制字符：{characters}。请去掉后重新填写。',
    en: 'The reference holds control characters: {characters}. Remove them and enter it again.',
  },
  payment_reference_malformed: {
    kind: 'invalid',
    zh: '流水号“{reference}”是 Excel 的科学计数形式，已丢失数字。请填写完整的交易流水号。',
    en: 'The reference "{reference}" is in the exponent form of Excel, which has lost digits. Enter the whole number.',
  },
  paid_in_future: {
    kind: 'invalid',
    zh: '缴款日期 {paidOn} 在今天（{today}）之后。请核对日期。',
    en: 'The day of payment {paidOn} lies after today ({today}). Check the date.',
  },
  payer_unnamed: {
    kind: 'usage',
    zh: '没有说明是谁的缴款。请用 --account 指明户号；直接缴入国库的也可用 --discharger。',
    en: 'It is not said whose payment it is. Name the account with --account, or for the treasury the payer with --discharger.',
  },
  payment_account_without_payer: {
    kind: 'invalid',
    zh: '户号 {account} 在 {paidOn} 还没有缴费人。请核对户号和缴款日期。',
    en: 'Nobody held account {account} yet on {paidOn}. Check the account and the day of payment.',
  },
  payment_reference_taken: {
    kind: 'conflict',
    zh: '流水号 {reference} 已登记过另一笔缴款（缴款 {payment}：{amount} 元，{paidOn}），内容不同（户号、日期、金额、收款方式或指定账单）。请核对流水号；要更正请先冲正那一笔。',
    en: 'The reference {reference} belongs to another payment ({payment}: {amount} yuan, {paidOn}) with other content (account, day, amount, method or bills named). Check it; to correct that payment, reverse it first.',
  },
  payment_reference_reversed: {
    kind: 'conflict',
    zh: '流水号 {reference} 的缴款 {payment} 已于 {reversedOn} 冲正，不能再用这个流水号。重新缴款请用新的流水号登记。',
    en: 'The payment {payment} with the reference {reference} was reversed on {reversedOn}, so the reference cannot be used again. Enter the new payment under a new reference.',
  },
  opening_reference_twice: {
    kind: 'invalid',
    zh: '预收余额 {source}：流水号 {reference} 与 {other} 相同。请核对；没有流水号的同户各笔请并为一行，或各填一个编号。',
    en: 'Credits, {source}: the reference {reference} stands in {other} too. Check it; add up rows of one account without a reference, or number them.',
  },
  opening_reference_known: {
    kind: 'conflict',
    zh: '预收余额 {source}：流水号 {reference} 已登记为缴款 {payment}。请核对，已登记的不要再列入预收余额。',
    en: 'Credits, {source}: the reference {reference} is stored as payment {payment}. Check it; what is stored is no opening credit.',
  },
  opening_held_twice: {
    kind: 'conflict',
    zh: '代征单位 {collector} 的待缴款（{amount} 元）此前已导入，不能再导入。',
    en: 'The money held by {collector} ({amount} yuan) was taken in before and cannot be taken in again. Leave that file out.',
  },
  payment_unknown: {
    kind: 'missing',
    zh: '没有缴款 {payment}。请用 qingliu payments list 查编号。',
    en: 'There is no payment {payment}. Find its number with qingliu payments list.',
  },
  payment_reversed_before: {
    kind: 'conflict',
    zh: '缴款 {payment} 已于 {reversedOn} 冲正，不再生效。请核对编号。',
    en: 'Payment {payment} was reversed on {reversedOn} and counts no longer. Check its number.',
  },
  payment_has_refund: {
    kind: 'conflict',
    zh: '缴款 {payment} 已退款 {refunded} 元，不能整笔冲正。请改用退款处理余下部分。',
    en: 'Payment {payment} was refunded by {refunded} yuan and cannot be reversed as a whole. Refund what is left instead.',
  },
  reversal_day_malformed: {
    kind: 'invalid',
    zh: '冲正日期 {reversedOn} 须在缴款日期 {paidOn} 与今天 {today} 之间。请核对日期。',
    en: 'The day of reversal {reversedOn} must lie between the day of payment {paidOn} and today {today}. Check the date.',
  },
  file_sum_beyond_measure: {
    kind: 'invalid',
    zh: '文件“{file}”的金额合计 {amount} 元大得不可能，未导入。请核对金额列。',
    en: 'The amounts of "{file}" add up to {amount} yuan, too large to be true; nothing was taken in. Check the column of amounts.',
  },
  payment_needs_reason: {
    kind: 'invalid',
    zh: '请写明理由或凭据，不能为空。',
    en: 'State the reason or the evidence; it cannot be empty.',
  },
  credit_too_small: {
    kind: 'conflict',
    zh: '缴款 {payment} 只剩 {remaining} 元未核销，不够 {amount} 元。请核对金额，或刷新后重试。',
    en: 'Only {remaining} yuan of payment {payment} are unused, less than {amount}. Check the amount, or look again and retry.',
  },
  refund_of_collector_money: {
    kind: 'invalid',
    zh: '缴款 {payment} 直接缴入国库，只能由国库退付。请用 --from treasury。',
    en: 'Payment {payment} went to the treasury, so only the treasury can refund it. Use --from treasury.',
  },
  refund_pending: {
    kind: 'conflict',
    zh: '缴款 {payment} 已有待审批的退款（提案 {proposal}）。请先审批或退回。',
    en: 'A refund of payment {payment} waits for approval (proposal {proposal}). Decide it first.',
  },
  item_unknown: {
    kind: 'missing',
    zh: '账单 {number} 没有应缴金额（不存在、为零，或是红冲、退补）。请核对账单号。',
    en: 'Bill {number} asks for no money (unknown, zero, a full negative or a downward adjustment). Check its number.',
  },
  item_settled: {
    kind: 'conflict',
    zh: '账单 {number} 只欠 {outstanding} 元，少于 {amount} 元。请核对金额，或刷新后重试。',
    en: 'Bill {number} has only {outstanding} yuan outstanding, less than {amount}. Check the amount, or look again and retry.',
  },
  item_of_other_payer: {
    kind: 'invalid',
    zh: '账单 {number} 既不是缴款 {payment} 的缴费人的，也不是其户号的。请核对账单号。',
    en: 'Bill {number} is neither of the payer nor of the account of payment {payment}. Check its number.',
  },
  allocation_too_small: {
    kind: 'conflict',
    zh: '缴款 {payment} 在账单 {number} 上只核销了 {allocated} 元，少于 {amount} 元。请核对金额。',
    en: 'Payment {payment} pays only {allocated} yuan of bill {number}, less than {amount}. Check the amount.',
  },
  payment_columns_insufficient: {
    kind: 'invalid',
    zh: '文件“{file}”的表头（第 {row} 行）没有{missing}列。请用 --map 指明，例如 --map {missing}=列名；未认出的列：{unrecognised}。',
    en: 'The header of "{file}" (row {row}) has no column {missing}. Name it, for example --map {missing}=COLUMN; columns not recognised: {unrecognised}.',
  },
  payments_file_empty: {
    kind: 'invalid',
    zh: '文件“{file}”在表头（第 {row} 行）以下没有数据行。请重新导出。',
    en: '"{file}" has no rows below its header (row {row}). Export it again.',
  },
  payments_import_unknown: {
    kind: 'missing',
    zh: '没有编号为 {importId} 的缴款导入。见 qingliu payments imports。',
    en: 'There is no import of payments numbered {importId}. See qingliu payments imports.',
  },
  payment_rows_unknown: {
    kind: 'missing',
    zh: '导入 {importId} 没有这些待审或拒绝、尚未处理的行：{rows}。见 qingliu payments rows {importId}。',
    en: 'Import {importId} has no undecided held or rejected rows {rows}. See qingliu payments rows {importId}.',
  },
  payment_row_needs_correction: {
    kind: 'conflict',
    zh: '第 {row} 行不能照原样接受，须先改正（qingliu payments correct）：{reasonsZh}',
    en: 'Row {row} cannot be accepted as it stands; correct it first (qingliu payments correct): {reasonsEn}',
  },
  payment_rows_exclude: {
    kind: 'conflict',
    zh: '流水号 {reference} 的几行不能都接受。请接受一行，拒绝其余的行。',
    en: 'Only one of the rows with the reference {reference} can count. Accept one and reject the others.',
  },
  payment_acceptance_by_bureau: {
    kind: 'forbidden',
    zh: '{actor} 不能接受待审的缴款行；供水公司可以改正或拒绝，接受由城管局经办。',
    en: '{actor} may not accept held rows of payments; the water company corrects or rejects, the bureau clerk accepts.',
  },
  decision_unnamed: {
    kind: 'usage',
    zh: '请用 --approve 批准，或用 --return 并写明 --reason 退回，二者取一。',
    en: 'Say either --approve, or --return with a --reason.',
  },
  objection_bill_unknown: {
    kind: 'missing',
    zh: '没有账单 {number}。请核对账单号。',
    en: 'There is no bill {number}. Check its number.',
  },
  objection_incomplete: {
    kind: 'invalid',
    zh: '异议须写明提出人和理由，答复须写明理由。请补上。',
    en: 'An objection names who raised it and its grounds, an answer its reason. Add what is missing.',
  },
  objection_day_malformed: {
    kind: 'invalid',
    zh: '日期 {day} 须不早于 {earliest}、不晚于今天 {today}。请核对日期。',
    en: 'The day {day} must not lie before {earliest} or after today {today}. Check the date.',
  },
  objection_unknown: {
    kind: 'missing',
    zh: '没有编号为 {objection} 的异议。请用 qingliu objections list 查编号。',
    en: 'There is no objection {objection}. Find its number with qingliu objections list.',
  },
  objection_answered: {
    kind: 'conflict',
    zh: '异议 {objection} 已于 {answeredOn} 答复。请核对编号；新的意见请另行登记。',
    en: 'Objection {objection} was answered on {answeredOn}. Check its number; receive a new one as another objection.',
  },
  objection_correction_missing: {
    kind: 'invalid',
    zh: '以更正答复须有账单 {number} 已批准的更正，提案 {proposal} 不是。请先用 qingliu bills cancel 或 qingliu bills adjust 更正并经审批。',
    en: 'An answer by correction needs an approved correction of bill {number}; proposal {proposal} is none. Correct it first with qingliu bills cancel or qingliu bills adjust, and have it approved.',
  },
  objection_own_work: {
    kind: 'forbidden',
    zh: '异议 {objection} 是 {receiver} 登记的，不能由本人答复。请交另一人答复。',
    en: 'Objection {objection} was received by {receiver}, who may not answer it. Let another person answer.',
  },
  objection_kept_with_correction: {
    kind: 'invalid',
    zh: '异议 {objection} 的答复是维持，却写了更正提案 {proposal}。请去掉提案，或改为“已更正”（corrected）。',
    en: 'The answer to objection {objection} keeps the bill, yet names the correction {proposal}. Leave it out, or answer corrected.',
  },
  objection_correction_before: {
    kind: 'invalid',
    zh: '更正提案 {proposal} 于 {proposedOn} 提出，早于收到异议的 {receivedOn}，不是据此作出的更正。请核对提案编号。',
    en: 'Correction {proposal} was proposed on {proposedOn}, before the objection was received on {receivedOn}, so it does not follow from it. Check its number.',
  },
  objection_correction_used: {
    kind: 'conflict',
    zh: '更正提案 {proposal} 已用于答复异议 {other}。请核对编号；这一件没有另外更正的，请答复“维持”（kept）并写明理由。',
    en: 'Correction {proposal} already answers objection {other}. Check its number; where nothing else was corrected, answer kept and give the reason.',
  },
  overdue_list_kept: {
    kind: 'conflict',
    zh: '{asOf} 的逾期清单已经留存，一日一份。查看：qingliu notices list；重新推算：qingliu payments overdue --as-of {asOf}',
    en: 'The overdue list of {asOf} has been kept; there is one for a day. See qingliu notices list, or derive it anew: qingliu payments overdue --as-of {asOf}',
  },
  nothing_overdue: {
    kind: 'missing',
    zh: '{asOf} 没有逾期未缴的账单，无清单可留存。',
    en: 'Nothing is overdue on {asOf}, so there is no list to keep.',
  },
} as const satisfies RefusalTable

export const refusePayment = refuser(paymentRefusals)
