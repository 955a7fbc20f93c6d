import type { DocumentKind } from '../platform/documents/document.ts'
import {
  addressed,
  amount,
  bills,
  billsAttached,
  billsTable,
  date,
  head,
  party,
  remedies,
  text,
} from './paper-fields.ts'

const officers = text(
  '办案人员及执法证号',
  'officers with their certificates',
  '执法甲（示例证001）、执法乙（示例证002）',
)
const fineFields = {
  order_number: text('责令通知书文号', 'number of the order', '示例责缴〔2025〕1号'),
  order_served_on: date('责令通知书送达日', 'order served on', '2025-04-15'),
  term_ends_on: date('责令期限届满日', 'end of its term', '2025-04-30'),
  base: amount('逾期未缴数额', 'what lapsed unpaid', '17283.00'),
  multiplier: text('倍数', 'multiple', '2'),
  fine: amount('罚款', 'fine', '34566.00'),
  facts: text('事实和证据', 'facts and evidence', '经责令仍未缴纳；责令通知书、送达回证为证。'),
  reason: text('理由', 'reasons', '经责令逾期拒不缴纳，没有从轻情节。'),
  duty: text('违反的条款', 'the duty broken', '《城镇排水与污水处理条例》第三十二条'),
  legal_basis: text('依据', 'legal basis', '《城镇排水与污水处理条例》第五十四条'),
  grid: text('裁量基准', 'discretion grid', '', false),
  officers,
  bills,
}

/** 行政处罚事先告知书, or 听证告知书 where the fine gives that right (APL 44, 63, 64). */
export const noticeDocument: DocumentKind = {
  name: 'enforcement.notice',
  zh: '行政处罚事先（听证）告知书',
  en: 'notice of an intended fine',
  fields: {
    ...head,
    ...party,
    ...fineFields,
    title: text('标题', 'title', '行政处罚听证告知书'),
    defence_days: text('陈述、申辩期（工作日）', 'working days of defence', '5'),
    hearing_days: text(
      '听证申请期（工作日），有听证权的',
      'working days to ask for a hearing, where there is one',
      '5',
      false,
    ),
  },
  template: `kind: enforcement.notice
! {{office}}
# {{title}}
= {{number}}
@ {{party}}：
你单位（个人）逾期拒不缴纳污水处理费一案，本机关已调查终结。依据《中华人民共和国行政处罚法》第四十四条，现将拟作出的行政处罚告知如下：
## 事实
本机关以{{order_number}}责令你单位（个人）限期缴纳，该通知书于{{order_served_on}}送达，期限至{{term_ends_on}}届满，逾期未缴{{base}}元：
${billsTable}
{{facts}}
## 理由和依据
{{reason}}上述行为违反了{{duty}}关于缴纳污水处理费的规定，依据{{legal_basis}}，可处应缴纳污水处理费数额1倍以上3倍以下罚款。
{{#grid}}
裁量适用：{{grid}}。
{{/grid}}
## 拟作出的处罚
处逾期未缴数额{{multiplier}}倍的罚款，计{{fine}}元（{{fine|capitals}}）。
## 你单位（个人）的权利
依据《中华人民共和国行政处罚法》第四十四条、第四十五条，可以自收到本告知书之日起{{defence_days}}个工作日内向本机关陈述、申辩。本机关不因陈述、申辩而给予更重的处罚。
{{#hearing_days}}
依据《中华人民共和国行政处罚法》第六十三条、第六十四条，有权要求听证；要求听证的，应当自收到本告知书之日起{{hearing_days}}个工作日内提出。听证不收取费用。
{{/hearing_days}}
逾期未提出的，视为放弃上述权利。
{{#address}}
- 当事人住址：{{address}}
{{/address}}
{{#credit_code}}
- 统一社会信用代码：{{credit_code}}
{{/credit_code}}
- 办案人员：{{officers}}
>> {{office}}
>> {{dated_on}}
${billsAttached}
`,
}

/** 行政处罚决定书, with everything APL 59 asks for and whether an addition is announced (Order 235 art. 7). */
export const decisionDocument: DocumentKind = {
  name: 'enforcement.decision',
  zh: '行政处罚决定书',
  en: 'decision of a fine',
  fields: {
    ...head,
    ...addressed,
    ...fineFields,
    ...remedies,
    heard: text(
      '告知、陈述申辩和听证的经过',
      'how the party was told and heard',
      '本机关于2025年5月12日送达告知书，当事人未陈述、申辩，未要求听证。',
    ),
    paid_late: amount('逾期后已缴', 'paid after the term', '1000.00', false),
    bank: text('代收银行及地址', 'collecting bank', '示例银行示例支行（示例路2号）'),
    payee: text('收款账户或缴款码', 'account or code', '示例账户0001'),
    pay_days: text('缴纳期限（日）', 'days to pay', '15'),
    addition: text('加处罚款（告知的）', 'the addition, where announced', '每日按罚款数额的百分之三加处罚款', false),
  },
  template: `kind: enforcement.decision
! {{office}}
# 行政处罚决定书
= {{number}}
- 当事人：{{party}}
{{#credit_code}}
- 统一社会信用代码：{{credit_code}}
{{/credit_code}}
- 住址：{{address}}
## 违法事实和证据
当事人的下列污水处理费逾期未缴，本机关以{{order_number}}责令限期缴纳，该通知书于{{order_served_on}}送达，期限至{{term_ends_on}}届满，逾期未缴{{base}}元：
${billsTable}
{{facts}}
{{#paid_late}}
期限届满后，当事人又缴纳{{paid_late}}元，本机关在裁量时已予考虑。
{{/paid_late}}
## 告知和听取意见
{{heard}}
## 处罚的依据和内容
{{reason}}上述行为违反了{{duty}}关于缴纳污水处理费的规定，依据{{legal_basis}}，对当事人处逾期未缴数额{{multiplier}}倍的罚款，计{{fine}}元（{{fine|capitals}}）。
{{#grid}}
裁量适用：{{grid}}。
{{/grid}}
罚款不免除当事人缴纳所欠污水处理费的义务。
## 履行方式和期限
自收到本决定书之日起{{pay_days}}日内，将罚款缴至{{bank}}（{{payee}}）。
{{#addition}}
到期不缴纳的，依据《中华人民共和国行政处罚法》第七十二条，{{addition}}，加处罚款的数额不超出罚款的数额。
{{/addition}}
## 救济途径和期限
如不服本决定，可以自收到之日起六十日内向{{review_body}}申请行政复议，也可以自收到之日起六个月内向{{court}}提起行政诉讼。复议、诉讼期间不停止执行。逾期不申请复议、不起诉又不履行的，本机关将依法申请人民法院强制执行。
- 办案人员：{{officers}}
>> {{office}}
>> {{dated_on}}
${billsAttached}
`,
}

const claimFields = {
  basis: text('据以履行的文书', 'the paper it rests on', '行政处罚决定书（示例罚决〔2025〕1号）'),
  basis_served_on: date('其送达日', 'served on', '2025-05-30'),
  perform_by: date('履行期限届满日', 'to be performed by', '2025-06-16'),
  what: text('款项', 'what is owed', '罚款'),
  amount: amount('未缴数额', 'unpaid', '34566.00'),
  addition: amount('加处罚款', 'addition', '34566.00', false),
  total: amount('合计', 'in all', '69132.00'),
  performed: text('履行情况', 'what was performed', '至今未缴纳罚款'),
}

/** 催告书 (AEL 35, 54): the exact amount, how and by when to pay, and the right to be heard. */
export const demandDocument: DocumentKind = {
  name: 'enforcement.demand',
  zh: '催告书',
  en: 'demand',
  fields: {
    ...head,
    ...party,
    ...claimFields,
    bank: text('缴款方式', 'how to pay', '示例银行示例支行，示例账户0001'),
    demand_days: text('催告期（工作日）', 'working days', '10'),
    legal_basis: text(
      '依据',
      'legal basis',
      '《城镇排水与污水处理条例》第五十四条、《中华人民共和国行政强制法》第三十五条、第五十四条',
    ),
  },
  template: `kind: enforcement.demand
! {{office}}
# 催告书
= {{number}}
@ {{party}}：
{{basis}}已于{{basis_served_on}}送达，履行期限至{{perform_by}}届满，你单位（个人）{{performed}}。依据{{legal_basis}}，现催告如下：
## 应当履行的义务
| 款项 | 金额（元） |
|-----------|--------:|
| {{what}} | {{amount}} |
{{#addition}}
| 加处罚款（截至{{dated_on}}） | {{addition}} |
{{/addition}}
| 合计 | {{total}} |
合计{{total}}元（{{total|capitals}}）。
## 履行期限和方式
自本催告书送达之日起{{demand_days}}个工作日内缴清。缴款方式：{{bank}}。
## 陈述和申辩
收到本催告书后有权进行陈述和申辩。无正当理由逾期仍不履行的，本机关将依法申请人民法院强制执行。
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

/** 强制执行申请书 (AEL 53–55): signed by the head, with what was decided, the party's opinion and the demand. */
export const courtDocument: DocumentKind = {
  name: 'enforcement.court',
  zh: '强制执行申请书',
  en: 'application to the court',
  fields: {
    ...head,
    ...addressed,
    ...claimFields,
    court: text('受理法院', 'court', '示例区人民法院'),
    demand_served_on: date('催告书送达日', 'demand served on', '2025-12-02'),
    contested: text('复议和诉讼的情况', 'review and suit', '在法定期限内未申请行政复议，未提起行政诉讼'),
    opinion: text('当事人的意见', 'what the party said', '当事人未陈述、申辩。'),
    property: text('执行标的情况', 'object of enforcement', '银行存款'),
    head_name: text('行政机关负责人', 'head of the authority', '示例负责人'),
    legal_basis: text(
      '依据',
      'legal basis',
      '《城镇排水与污水处理条例》第五十四条、《中华人民共和国行政强制法》第五十三条、第五十四条、第五十五条',
    ),
    attachments: {
      kind: 'list',
      zh: '附件',
      en: 'attachments',
      required: true,
      fields: { no: text('序号', 'number', ''), name: text('名称', 'name', '') },
      example: [
        { no: '1', name: '行政处罚决定书及送达回证' },
        { no: '2', name: '催告书及送达回证' },
      ],
    },
  },
  template: `kind: enforcement.court
# 强制执行申请书
= {{number}}
- 申请人：{{office}}
- 被申请人：{{party}}
{{#credit_code}}
- 统一社会信用代码：{{credit_code}}
{{/credit_code}}
- 住址：{{address}}
## 请求事项
依据{{legal_basis}}，请求强制执行{{basis}}确定的缴纳义务：{{what}}{{amount}}元。
{{#addition}}
加处罚款（截至{{dated_on}}）{{addition}}元。
{{/addition}}
合计{{total}}元（{{total|capitals}}）。
## 事实和理由
{{basis}}于{{basis_served_on}}送达被申请人，履行期限至{{perform_by}}届满，被申请人{{performed}}。被申请人{{contested}}。申请人的催告书于{{demand_served_on}}送达，十个工作日届满后被申请人仍未缴清。
被申请人的意见：{{opinion}}
申请执行的标的情况：{{property}}
@ 此致
- {{court}}
>> 申请人：{{office}}
>> 行政机关负责人（签名）：{{head_name}}
>> {{dated_on}}
{{#attachments}}
- 附件{{no}}：{{name}}
{{/attachments}}
`,
}

/** 送达回证, to be signed where a paper is handed over; filled in where its service is on record. */
export const receiptDocument: DocumentKind = {
  name: 'enforcement.receipt',
  zh: '送达回证',
  en: 'receipt of service',
  fields: {
    ...head,
    party: party.party,
    address: party.address,
    paper: text('送达文书', 'paper served', '责令限期缴纳通知书'),
    paper_number: text('文书文号', 'its number', '示例责缴〔2025〕1号'),
    how: text('送达方式', 'how', '直接送达', false),
    place: text('送达地点', 'place', '示例区示例路1号', false),
    received_by: text('签收人及身份', 'received by', '', false),
    received_on: date('送达日期', 'day', '', false),
    note: text('备注', 'note', '', false),
  },
  template: `kind: enforcement.receipt
# {{office}}
# 送达回证
| | |
|----------|------------------|
| 送达文书 | {{paper}} |
| 文号 | {{paper_number}} |
| 受送达人 | {{party}} |
| 住址 | {{address}} |
| 送达地点 | {{place}} |
| 送达方式 | {{how}} |
| 签收人及身份 | {{received_by}} |
| 送达日期 | {{received_on}} |
| 受送达人签名（盖章） | 　 |
| 见证人签名 | 　 |
| 送达人签名及执法证号 | 　 |
| 备注 | {{note}} |
~ 编号 {{number}}。受送达人拒绝签收的，写明拒收事由和日期，由送达人、见证人签名，或者附拍照、录像。
>> {{office}}
>> {{dated_on}}
`,
}
