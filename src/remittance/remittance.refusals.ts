import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const remittanceRefusals = {
  remittance_collector_unknown: {
    kind: 'missing',
    zh: '没有代码为 {collector} 的代征单位。请核对代征单位代码，或先登记（qingliu dischargers collectors 列出已有的）。',
    en: 'There is no collector with the code {collector}. Check the code, or register it first (qingliu dischargers collectors lists them).',
  },
  collector_of_others: {
    kind: 'forbidden',
    zh: '{actor} 不是“{collector}”（{code}）的经办人，只能办理本公司的划缴。请核对，或由城管局经办。',
    en: '{actor} does not act for "{collector}" ({code}); staff of a water company remit for their own. Check it, or let a bureau clerk do it.',
  },
  period_malformed: {
    kind: 'invalid',
    zh: '“{value}”不是结算期。按季写 2026-Q1，合同约定按月的写 2026-03。',
    en: '"{value}" is no period. Write 2026-Q1 for a quarter, or 2026-03 where the contract says months.',
  },
  period_is_quarter: {
    kind: 'invalid',
    zh: '按季划缴（办法第十三条；合同 {contract}），不能编制 {period} 的结算单。请写季度，例如 2026-Q1。',
    en: 'Remittance is quarterly (Measures art. 13; contract {contract}), so there is no statement of {period}. Name a quarter, such as 2026-Q1.',
  },
  period_is_month: {
    kind: 'invalid',
    zh: '合同 {contract} 约定按月划缴，不能编制 {period} 的结算单。请写月份，例如 2026-03。',
    en: 'Contract {contract} says monthly remittance, so there is no statement of {period}. Name a month, such as 2026-03.',
  },
  period_not_over: {
    kind: 'conflict',
    zh: '{period} 尚未结束（今天 {today}），仍可能有当期收款。请自 {until} 起编制。',
    en: '{period} is not over (today is {today}) and may still take payments. Draw its statement from {until} on.',
  },
  period_taken: {
    kind: 'conflict',
    zh: '结算单 {statement} 已结到 {last}，不能再编制 {period}；其后登记的收款列入下一期。请编制下一期。',
    en: 'Statement {statement} has closed {last}, so {period} takes nothing any more; what was recorded later goes into the next one. Draw the next period.',
  },
  remittance_amount_malformed: {
    kind: 'invalid',
    zh: '“{value}”不是可用的金额。请填最多 2 位小数的数，例如 1234567.89。',
    en: '"{value}" is not a usable amount. Write a number with at most 2 decimals, such as 1234567.89.',
  },
  remittance_nets_fee: {
    kind: 'conflict',
    zh: '{amount} 元恰为应缴 {gross} 元扣除代征手续费 {fee} 元。污水处理费须全额上缴，不得坐支（财税〔2014〕151号第四条、第十五条、第十七条）。请全额划缴，已扣的先补缴并先提交补缴凭证；手续费用 qingliu remittance claim-fee 另行申请。',
    en: '{amount} yuan is the {gross} yuan owed less a collection fee of {fee} yuan. The fee is remitted in full and never netted (财税〔2014〕151号 art. 4, 15, 17). Remit the gross amount; if it was kept back, pay that in first and submit its voucher first. Claim the fee by itself with qingliu remittance claim-fee.',
  },
  declared_differs: {
    kind: 'conflict',
    zh: '申报 {declared} 元，按收款事实应为 {total} 元，相差 {difference} 元。请逐笔核对；确有差异的请写明理由（--reason）。',
    en: 'Declared are {declared} yuan, the facts say {total} yuan, a difference of {difference} yuan. Compare payment by payment; if it stands, give its cause (--reason).',
  },
  statement_unknown: {
    kind: 'missing',
    zh: '没有结算单 {statement}。编号如 R2026-0001，请用 qingliu remittance list 查看。',
    en: 'There is no statement {statement}. Numbers look like R2026-0001; see qingliu remittance list.',
  },
  statement_state_wrong: {
    kind: 'conflict',
    zh: '结算单 {statement} 现为“{stateZh}”，不能这样办理。次序是编制、复核、审批；编制有误的，复核前可由编制人撤回，审批前可由城管局另一名经办或审批人退回。请先查看 qingliu remittance show。',
    en: 'Statement {statement} is {stateEn}; this cannot be done now. It is drawn, then reviewed, then approved; who drew it may withdraw it until it is reviewed, and another clerk or the approver of the bureau may return it until it is approved. Look at qingliu remittance show first.',
  },
  statement_own_work: {
    kind: 'conflict',
    zh: '结算单 {statement} 由 {person} 编制，编制、复核、审批须为三个人。请由他人办理；编制有误的，复核前由编制人撤回：qingliu remittance withdraw {statement} --reason 原因；已复核的，由城管局另一名经办或审批人退回：qingliu remittance return {statement} --reason 原因。',
    en: 'Statement {statement} was drawn by {person}; it is drawn, reviewed and approved by three persons. Let another one do it. What was drawn by mistake, its drawer withdraws until it is reviewed: qingliu remittance withdraw {statement} --reason WHY; after that another clerk or the approver of the bureau returns it: qingliu remittance return {statement} --reason WHY.',
  },
  statement_of_another: {
    kind: 'conflict',
    zh: '结算单 {statement} 由 {person} 编制，只有编制人可以撤回。请由 {person} 办理，或由城管局退回：qingliu remittance return {statement} --reason 原因。',
    en: 'Statement {statement} was drawn by {person}, who alone can withdraw it. Let {person} do it, or the bureau return it: qingliu remittance return {statement} --reason WHY.',
  },
  statement_of_nothing: {
    kind: 'conflict',
    zh: '{collector} 在 {period} 没有应列入的收款、冲正、退款和结转。空结算单也结清该期，以后录入的该期收款只能列入下一期。请先核对收款是否都已录入；确属空期的，写明“空期也编制”（--empty）后再办。',
    en: '{collector} has no payment, reversal, refund or carried amount for {period}. A statement of nothing closes the period all the same, and what is entered of it later goes into the next one. Check first that every payment is entered; if nothing is meant, say so (--empty).',
  },
  statement_has_receipts: {
    kind: 'conflict',
    zh: '结算单 {statement} 已确认入库 {received} 元，不能退回。差错在下一期结算单中更正。',
    en: 'For statement {statement} {received} yuan were confirmed, so it cannot be returned. What is wrong is put right in the next one.',
  },
  statement_built_on: {
    kind: 'conflict',
    zh: '结算单 {later} 已在 {statement} 之后编制，不能再退回它。请先退回 {later}，或在下一期更正。',
    en: 'Statement {later} builds on {statement}, which cannot be returned any more. Return {later} first, or correct it in the next period.',
  },
  statement_was_returned: {
    kind: 'conflict',
    zh: '结算单 {statement} 已退回，不再有效。请针对重新编制的结算单办理。',
    en: 'Statement {statement} was returned and stands no longer. Use the one that was drawn anew.',
  },
  remittance_needs_reason: {
    kind: 'invalid',
    zh: '请写明理由，不能为空。',
    en: 'State the reason; it cannot be empty.',
  },
  refund_of_remitted: {
    kind: 'conflict',
    zh: '缴款 {payment} 已列入结算单 {statement}，应全额上缴，代征单位不得从中退款。请由国库退付：--from treasury。',
    en: 'Payment {payment} stands in statement {statement} and is owed to the treasury whole; the collector cannot refund it. Let the treasury do it: --from treasury.',
  },
  refund_of_unremitted: {
    kind: 'conflict',
    zh: '缴款 {payment} 还在代征单位手中，未列入结算单，国库没有这笔钱可退。请由代征单位退款：--from collector。',
    en: 'Payment {payment} is still held by the collector and stands in no statement, so the treasury has nothing of it to pay back. Let the collector do it: --from collector.',
  },
  refund_before_receipt: {
    kind: 'conflict',
    zh: '缴款 {payment} 列入结算单 {statement}，该单应缴款项尚未全部确认入库，国库还不能退付。请在确认入库后办理。',
    en: 'Payment {payment} stands in statement {statement}, of which not all is confirmed as received, so the treasury cannot pay it back yet. Refund it after the receipt is confirmed.',
  },
  voucher_unknown: {
    kind: 'missing',
    zh: '没有划缴凭证 {voucher}。请用 qingliu remittance vouchers 查编号。',
    en: 'There is no voucher {voucher}. Find its number with qingliu remittance vouchers.',
  },
  voucher_in_future: {
    kind: 'invalid',
    zh: '划款日期 {paidOn} 在今天（{today}）之后。请核对日期。',
    en: 'The day of the transfer {paidOn} lies after today ({today}). Check the date.',
  },
  bank_reference_missing: {
    kind: 'invalid',
    zh: '凭证须有银行流水号，重复提交才认得出。请填写 --reference。',
    en: 'A voucher needs the bank’s reference, by which a repeat is recognised. Give --reference.',
  },
  bank_reference_taken: {
    kind: 'conflict',
    zh: '银行流水号 {reference} 已在凭证 {voucher}（{amount} 元）中提交。请核对，不要重复提交。',
    en: 'The bank reference {reference} was submitted with voucher {voucher} ({amount} yuan). Check it; it counts once.',
  },
  voucher_differs: {
    kind: 'conflict',
    zh: '结算单 {statement} 尚应划缴 {asked} 元，凭证为 {amount} 元。部分划缴、更正等差异请写明理由（--reason）。',
    en: 'Statement {statement} still asks for {asked} yuan, the voucher is of {amount} yuan. Give the cause of the difference, such as a part or a correction (--reason).',
  },
  voucher_own_work: {
    kind: 'forbidden',
    zh: '凭证 {voucher} 由 {person} 提交，不能由本人确认入库。请由财政的其他人员确认。',
    en: 'Voucher {voucher} was submitted by {person}, who cannot confirm it. Let another person of finance do it.',
  },
  voucher_state_wrong: {
    kind: 'conflict',
    zh: '凭证 {voucher} 现为“{stateZh}”，不能再这样办理。请先查看 qingliu remittance vouchers。',
    en: 'Voucher {voucher} is {stateEn}; this cannot be done any more. Look at qingliu remittance vouchers first.',
  },
  received_day_malformed: {
    kind: 'invalid',
    zh: '入库日期 {receivedOn} 须在划款日 {paidOn} 与今天 {today} 之间。请核对日期。',
    en: 'The day of receipt {receivedOn} must lie between the transfer on {paidOn} and today {today}. Check the date.',
  },
  treasury_reference_missing: {
    kind: 'invalid',
    zh: '确认入库须写明国库（专户）的凭证号。请填写 --reference。',
    en: 'A receipt needs the treasury’s own reference. Give --reference.',
  },
  treasury_reference_taken: {
    kind: 'conflict',
    zh: '国库凭证号 {reference} 已确认过凭证 {voucher}（{amount} 元）。请核对，一笔到账只确认一次。',
    en: 'The treasury reference {reference} confirmed voucher {voucher} ({amount} yuan). Check it; one receipt is confirmed once.',
  },
  receipt_differs: {
    kind: 'conflict',
    zh: '凭证 {voucher} 为 {amount} 元，到账 {received} 元。请查明原因，写明差额理由（--reason）。',
    en: 'Voucher {voucher} is of {amount} yuan, {received} yuan arrived. Find the cause and give it (--reason).',
  },
  receipt_own_work: {
    kind: 'forbidden',
    zh: '凭证 {voucher} 由 {person} 确认入库，不能由本人冲回。请由财政的其他人员办理。',
    en: 'Voucher {voucher} was confirmed by {person}, who cannot take it back. Let another person of finance do it.',
  },
  fee_without_contract: {
    kind: 'conflict',
    zh: '“{collector}”（{code}）在 {day} 没有约定手续费的代征合同，无从计算手续费。请先登记合同及其文件：qingliu dischargers add-collector-contract。',
    en: '"{collector}" ({code}) has no contract that states a fee on {day}, so there is no number. Record the contract with its document first: qingliu dischargers add-collector-contract.',
  },
  fee_before_signing: {
    kind: 'conflict',
    zh: '结算单 {statement} 尚未审批，手续费与已审批的结算单一并结算。请先审批结算单。',
    en: 'Statement {statement} is not approved; the fee is settled together with a signed statement. Have it approved first.',
  },
  fee_claim_pending: {
    kind: 'conflict',
    zh: '该代征单位还有待审批的手续费申请（提案 {proposal}）。请先办结。',
    en: 'A fee claim of this collector waits for its decision (proposal {proposal}). Decide it first.',
  },
  fee_nothing_to_claim: {
    kind: 'conflict',
    zh: '累计计算，结算单 {statement} 没有可申请的手续费（{amount} 元）：已申请、已到上限、为冲正所抵减，或合同以划缴（入库）为基数而尚未划缴（入库）。负数由以后的申请抵减，无需办理。',
    en: 'Cumulatively there is no fee to claim with {statement} ({amount} yuan): it was claimed, is capped, reversals outweigh it, or the contract counts what is remitted or confirmed and nothing is yet. A negative amount reduces the next claim by itself; nothing is to be done.',
  },
  fee_claim_unknown: {
    kind: 'missing',
    zh: '没有手续费申请 {claim}。编号如 F2026-0001，请用 qingliu remittance fees 查看。',
    en: 'There is no fee claim {claim}. Numbers look like F2026-0001; see qingliu remittance fees.',
  },
  fee_paid_before: {
    kind: 'conflict',
    zh: '手续费 {claim} 已由 {person} 于 {paidOn} 支付。请核对编号。',
    en: 'Fee claim {claim} was paid on {paidOn} by {person}. Check its number.',
  },
  paper_unsigned: {
    kind: 'conflict',
    zh: '{number} 尚未签批完毕，不能出具。草稿可用 qingliu remittance export {number} --to 预览.pdf 查看。',
    en: '{number} is not signed by all yet and is not issued. See how it stands with qingliu remittance export {number} --to preview.pdf.',
  },
  paper_issued_before: {
    kind: 'conflict',
    zh: '{number} 已出具（{issuedOn}），存档的原件用 qingliu documents save {number} 取出。',
    en: '{number} was issued before ({issuedOn}). Take the kept original out with qingliu documents save {number}.',
  },
  fee_voucher_taken: {
    kind: 'conflict',
    zh: '支付凭证 {reference} 已用于手续费 {claim}。一张凭证只付一笔，请核对凭证号。',
    en: 'Payment voucher {reference} paid fee claim {claim}. One voucher pays one claim; check its number.',
  },
  fee_own_work: {
    kind: 'forbidden',
    zh: '{person} 申请或审批过手续费 {claim}，不能由本人支付。请由财政的其他人员支付。',
    en: '{person} claimed or approved fee {claim} and cannot pay it. Let another person of finance do it.',
  },
  fee_day_malformed: {
    kind: 'invalid',
    zh: '支付日期 {paidOn} 须在审批日 {approvedOn} 与今天 {today} 之间。请核对日期。',
    en: 'The day of payment {paidOn} must lie between its approval on {approvedOn} and today {today}. Check the date.',
  },
  fee_reference_missing: {
    kind: 'invalid',
    zh: '请写明支付凭证号（--reference）。',
    en: 'Give the reference of the payment (--reference).',
  },
  treasury_file_too_long: {
    kind: 'invalid',
    zh: '{file} 超过 {limit} 行。请按月导出后分别导入。',
    en: '{file} has more than {limit} rows. Export it month by month and import each.',
  },
  treasury_file_empty: {
    kind: 'invalid',
    zh: '{file} 在第 {row} 行表头之下没有到账记录。请核对导出的日期范围。',
    en: '{file} has no receipts below its header in row {row}. Check the days that were exported.',
  },
  voucher_matched: {
    kind: 'conflict',
    zh: '划缴凭证 {voucher} 已与导入 {import} 第 {row} 行（流水号 {reference}）的到账对应，一张凭证只对应一笔到账。另一笔请代征单位另交凭证，重复的行请不指定凭证、注明理由。',
    en: 'Voucher {voucher} was matched with row {row} of import {import} (reference {reference}), and a voucher is one receipt. Ask the collector for a voucher of the other, or set a repeated row aside with a reason.',
  },
  treasury_import_unknown: {
    kind: 'missing',
    zh: '没有编号为 {importId} 的到账文件。编号见 qingliu remittance import-treasury 的答复。',
    en: 'There is no file of receipts numbered {importId}. The answer of qingliu remittance import-treasury names its number.',
  },
  treasury_row_unknown: {
    kind: 'missing',
    zh: '导入 {import} 没有待处理的第 {row} 行。请用 qingliu remittance treasury-rows 查看。',
    en: 'Import {import} has no undecided row {row}. See qingliu remittance treasury-rows.',
  },
  treasury_row_unreadable: {
    kind: 'conflict',
    zh: '导入 {import} 第 {row} 行的金额或日期读不出来，无法对应凭证。请改正文件后重新导入。',
    en: 'Amount or date of row {row} of import {import} cannot be read, so it matches no voucher. Correct the file and import it again.',
  },
} as const satisfies RefusalTable

export const refuseRemittance = refuser(remittanceRefusals)
