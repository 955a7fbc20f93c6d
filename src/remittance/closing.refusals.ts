import { type RefusalTable, refuser } from '../kernel/refusal.ts'

/** Of closing quarters and years: declarations, reconciliation, write-offs, annual settlement. */
export const closingRefusals = {
  declared_month_not_over: {
    kind: 'conflict',
    zh: '{month} 尚未结束（今天 {today}），不能申报全月售水量。请月末之后申报。',
    en: '{month} is not over (today is {today}), so its volume cannot be declared. Declare it after the month’s end.',
  },
  declared_category_unknown: {
    kind: 'missing',
    zh: '没有价格分类“{category}”。可用的有：{known}。',
    en: 'There is no price category "{category}". Known ones: {known}.',
  },
  sold_volume_malformed: {
    kind: 'invalid',
    zh: '“{value}”不是可用的水量。请填不小于 0、最多 3 位小数的立方米数。',
    en: '"{value}" is not a usable volume. Write m³ of 0 or more with at most 3 decimals.',
  },
  declared_document_missing: {
    kind: 'invalid',
    zh: '请写明申报文件（--document）。',
    en: 'Name the document of the declaration (--document).',
  },
  quarter_malformed: {
    kind: 'invalid',
    zh: '“{value}”不是季度。请写 2026-Q1。',
    en: '"{value}" is no quarter. Write it as 2026-Q1.',
  },
  quarter_reconciled: {
    kind: 'conflict',
    zh: '对账单 {reconciliation} 已对到 {quarter} 或其后，不能再编制。以后的更正列入下一季度。',
    en: 'Reconciliation {reconciliation} covers {quarter} or a later quarter. Later corrections appear in the next one.',
  },
  reconciliation_open: {
    kind: 'conflict',
    zh: '对账单 {reconciliation}（{quarter}）三方尚未签齐。请先签认，或退回后重编。',
    en: 'Reconciliation {reconciliation} ({quarter}) lacks signatures. Have it signed by all three, or return it and draw it anew.',
  },
  reconciliation_unknown: {
    kind: 'missing',
    zh: '没有对账单 {reconciliation}。编号如 Q2026-0001，请用 qingliu remittance reconciliations 查看。',
    en: 'There is no reconciliation {reconciliation}. Numbers look like Q2026-0001; see qingliu remittance reconciliations.',
  },
  reconciliation_frozen: {
    kind: 'conflict',
    zh: '对账单 {reconciliation} 三方已签齐，不再改变。更正列入下一季度。',
    en: 'Reconciliation {reconciliation} is signed by all three and changes no more. Corrections appear in the next one.',
  },
  reconciliation_was_returned: {
    kind: 'conflict',
    zh: '对账单 {reconciliation} 已退回。请针对重编的对账单办理。',
    en: 'Reconciliation {reconciliation} was returned. Use the one that was drawn anew.',
  },
  reconciliation_digest_differs: {
    kind: 'conflict',
    zh: '对账单 {reconciliation} 的摘要是 {actual}…，所见为 {seen}。请查看 qingliu remittance show-reconciliation 后再签。',
    en: 'The digest of reconciliation {reconciliation} is {actual}…, not {seen}. Look at qingliu remittance show-reconciliation before signing.',
  },
  reconciliation_signed_before: {
    kind: 'conflict',
    zh: '{partyZh}已由 {person} 在对账单 {reconciliation} 上签认。无需再签。',
    en: '{person} has signed reconciliation {reconciliation} for the {partyEn}. Nothing is left to sign.',
  },
  reconciliation_own_work: {
    kind: 'forbidden',
    zh: '对账单 {reconciliation} 由 {person} 编制，不能由本人签认。请由他人签认。',
    en: 'Reconciliation {reconciliation} was drawn by {person}, who cannot sign it. Let another one sign.',
  },
  reconciliation_one_party_each: {
    kind: 'forbidden',
    zh: '{person} 已代表一方在对账单 {reconciliation} 上签认，不能再代表另一方。请由他人签认。',
    en: '{person} has signed reconciliation {reconciliation} for one party and cannot sign for another. Let another one sign.',
  },
  reconciliation_own_payment: {
    kind: 'forbidden',
    zh: '{person} 支付了对账单 {reconciliation} 中的手续费 {claim}，不得自行对账。请由财政的其他人员签认。',
    en: '{person} paid fee {claim}, which stands in reconciliation {reconciliation}; nobody reconciles their own payment. Let another person of finance sign.',
  },
  write_off_bill_unknown: {
    kind: 'missing',
    zh: '没有应缴账单 {bill}。请用 qingliu payments overdue 查看欠费账单。',
    en: 'There is no bill {bill} that asks for money. See what is open with qingliu payments overdue.',
  },
  write_off_evidence_missing: {
    kind: 'invalid',
    zh: '核销须有凭据。请写明（--evidence），例如法院裁定的文号。',
    en: 'A write-off needs its evidence. Name it (--evidence), such as the number of a court ruling.',
  },
  write_off_pending: {
    kind: 'conflict',
    zh: '账单 {bill} 的核销（提案 {proposal}）待审批。请先办结。',
    en: 'A write-off of bill {bill} waits for its decision (proposal {proposal}). Decide it first.',
  },
  written_off_before: {
    kind: 'conflict',
    zh: '账单 {bill} 已于 {on} 核销。无需再办。',
    en: 'Bill {bill} was written off on {on}. Nothing is to be done.',
  },
  write_off_not_overdue: {
    kind: 'conflict',
    zh: '账单 {bill} 未缴 {outstanding} 元，{dueOn} 到期：没有逾期欠费可核销。请核对账单号。',
    en: 'Bill {bill} has {outstanding} yuan open and is due on {dueOn}: nothing overdue can be written off. Check its number.',
  },
  write_off_changed: {
    kind: 'conflict',
    zh: '账单 {bill} 提出核销时未缴 {proposed} 元，现为 {outstanding} 元。请退回后重新提出。',
    en: 'Of bill {bill} {proposed} yuan were open when it was proposed, now {outstanding} yuan. Return it and propose it anew.',
  },
  settlement_year_not_over: {
    kind: 'conflict',
    zh: '{year} 年尚未结束（今天 {today}）。请次年 3 月 31 日前汇算清缴。',
    en: '{year} is not over (today is {today}). It is settled by 31 March of the next year.',
  },
  settlement_exists: {
    kind: 'conflict',
    zh: '{year} 年已汇算清缴（{settlement}）。以后的变动列入当期。',
    en: '{year} is settled ({settlement}). What changes later goes into the current period.',
  },
  settlement_pending: {
    kind: 'conflict',
    zh: '{year} 年的汇算清缴（提案 {proposal}）待审批。请先办结。',
    en: 'The settlement of {year} waits for its decision (proposal {proposal}). Decide it first.',
  },
  settlement_write_offs_open: {
    kind: 'conflict',
    zh: '{year} 年还有核销待审批（提案 {proposals}）。请先办结，再汇算清缴。',
    en: 'Write-offs of {year} wait for their decision (proposals {proposals}). Decide them before settling.',
  },
  settlement_not_declared: {
    kind: 'conflict',
    zh: '{year} 年已开账而供水公司未申报售水量的有：{missingZh}。请先申报：qingliu remittance declare-volume。',
    en: 'Of {year} these were billed and the company has not declared what it sold: {missingEn}. Declare them first: qingliu remittance declare-volume.',
  },
  settlement_unknown: {
    kind: 'missing',
    zh: '没有汇算清缴 {settlement}。编号如 Y2026-0001，请用 qingliu remittance settlement 查看。',
    en: 'There is no annual settlement {settlement}. Numbers look like Y2026-0001; see qingliu remittance settlement.',
  },
  settlement_gap_without_price: {
    kind: 'conflict',
    zh: '{month} 的 {category} 有已售未开账的水量，但没有可用的单价。请先录入收费标准或补开账单。',
    en: '{category} of {month} was sold and not billed, and there is no price for it. Enter its rate, or bill it first.',
  },
  disclosure_year_not_over: {
    kind: 'conflict',
    zh: '{year} 年尚未结束（今天 {today}），不能公开全年征收使用情况。请年终之后再提出。',
    en: '{year} is not over (today is {today}), so its collection and use cannot be made public. Propose it after the year’s end.',
  },
  disclosure_of_old_books: {
    kind: 'conflict',
    zh: '{year} 年的账在启用本系统之前（转入至 {month}），这里只有转入的未清账单，不是全年征收情况。请按原账公开该年度。',
    en: '{year} stands in the books before this system (taken over up to {month}); only what was open is here, not what was collected in the year. Make that year public from those books.',
  },
  disclosure_of_nothing: {
    kind: 'conflict',
    zh: '{year} 年没有开账、代收、入库和使用的记录，没有可公开的内容。请核对年度。',
    en: 'Nothing was billed, collected, received or used in {year}, so there is nothing to make public. Check the year.',
  },
  disclosure_pending: {
    kind: 'conflict',
    zh: '{year} 年的公开稿（提交 {proposal}）待审批。请先审批或退回，再另行提出。',
    en: 'Proposal {proposal} to make {year} public waits for its decision. Have it decided or returned before another one.',
  },
  disclosure_correction_unreasoned: {
    kind: 'invalid',
    zh: '{year} 年已公开第 {release} 版。再次公开是更正，两版都保留；请写明更正原因（--reason）。',
    en: 'Release {release} of {year} is public. Another one is a correction, and both stay; say why it is made (--reason).',
  },
  disclosure_unknown: {
    kind: 'missing',
    zh: '{year} 年没有已公开的征收使用情况，或没有这一版。已公开的年度见 /disclosure。',
    en: 'Nothing of {year} is public, or not that release. What is public stands at /disclosure.',
  },
} as const satisfies RefusalTable

export const refuseClosing = refuser(closingRefusals)
