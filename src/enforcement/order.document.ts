import type { DocumentKind } from '../platform/documents/document.ts'
import { amount, bills, billsAttached, billsTable, head, party, remedies, text } from './paper-fields.ts'

/** 责令限期缴纳通知书 (641 art. 54), with the arithmetic of its bills attached. */
export const orderDocument: DocumentKind = {
  name: 'enforcement.order',
  zh: '责令限期缴纳通知书',
  en: 'order to pay',
  fields: {
    ...head,
    ...party,
    ...remedies,
    total: amount('欠缴合计', 'unpaid in all', '17283.00'),
    term_days: text('期限（日）', 'term in days', '15'),
    payment_ways: text('缴费方式', 'ways to pay', '随水费向供水单位缴纳，或持缴款码缴入国库。'),
    legal_basis: text('依据', 'legal basis', '《城镇排水与污水处理条例》第五十四条'),
    bills,
  },
  template: `kind: enforcement.order
! {{office}}
# 责令限期缴纳通知书
= {{number}}
@ {{party}}：
经查，你单位（个人）的下列污水处理费逾期未缴，截至{{dated_on}}共计{{total}}元（{{total|capitals}}）：
${billsTable}
| | | | 合计 | {{total}} |
依据{{legal_basis}}，责令你单位（个人）自收到本通知书之日起{{term_days}}日内缴清上述款项；期限的最后一日是法定休息日的，顺延至其后的第一个工作日。缴纳方式：{{payment_ways}}
在期限内缴清的，不予罚款。逾期拒不缴纳的，依据{{legal_basis}}，处应缴纳污水处理费数额1倍以上3倍以下罚款，并可依法申请人民法院强制执行。
对水量、类别或者收费标准有异议的，可以书面向本机关提出并附证据；提出异议不停止缴纳。
如不服本通知，可以自收到之日起六十日内向{{review_body}}申请行政复议，也可以自收到之日起六个月内向{{court}}提起行政诉讼。复议、诉讼期间不停止执行。
{{#address}}
- 当事人住址：{{address}}
{{/address}}
{{#credit_code}}
- 统一社会信用代码：{{credit_code}}
{{/credit_code}}
>> {{office}}
>> {{dated_on}}
${billsAttached}
`,
}
