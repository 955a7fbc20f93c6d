import type { DocumentKind } from '../platform/documents/document.ts'
import { date, head, party, text } from './paper-fields.ts'

/** 行政处罚听证通知书: when and where the hearing is, who hosts it, and what the party may do there (APL 64). */
export const hearingDocument: DocumentKind = {
  name: 'enforcement.hearing',
  zh: '行政处罚听证通知书',
  en: 'notice of a hearing',
  fields: {
    ...head,
    ...party,
    notice_number: text('听证告知书文号', 'number of the notice', '示例罚告〔2025〕1号'),
    asked_on: date('当事人申请听证日期', 'hearing asked for on', '2025-05-16'),
    hearing_on: date('听证日期', 'day of the hearing', '2025-06-10'),
    hearing_at: text('听证时间', 'time of the hearing', '上午9时30分'),
    place: text('听证地点', 'place', '示例区城市管理局二楼会议室'),
    host: text('听证主持人', 'host', '听证员甲'),
    officers: text('办案人员', 'officers of the case', '执法甲（示例证001）、执法乙（示例证002）'),
  },
  template: `kind: enforcement.hearing
! {{office}}
# 行政处罚听证通知书
= {{number}}
@ {{party}}：
你单位（个人）于{{asked_on}}就本机关{{notice_number}}《行政处罚听证告知书》告知的拟作出的行政处罚要求听证。依据《中华人民共和国行政处罚法》第六十四条，现通知如下：
| | |
|----------|------------------|
| 听证时间 | {{hearing_on}}{{hearing_at}} |
| 听证地点 | {{place}} |
| 听证主持人 | {{host}} |
| 办案人员 | {{officers}} |
## 你单位（个人）的权利和义务
1．听证公开举行；涉及国家秘密、商业秘密或者个人隐私依法予以保密的除外。
2．可以亲自参加听证，也可以委托一至二人代理；委托代理的，请在听证前提交授权委托书。
3．认为主持人与本案有直接利害关系的，有权申请回避。
4．听证时可以对办案人员提出的事实、证据和处罚建议进行申辩和质证，可以提交证据。
5．无正当理由拒不出席听证，或者未经许可中途退出听证的，视为放弃听证权利，听证终止。
6．你单位（个人）不承担组织听证的费用。
{{#address}}
- 当事人住址：{{address}}
{{/address}}
{{#credit_code}}
- 统一社会信用代码：{{credit_code}}
{{/credit_code}}
>> {{office}}
>> {{dated_on}}
`,
}
