import type { DocumentKind } from '../platform/documents/document.ts'

/** A bill on paper: what is owed, from meter to fen, by when and how (办法第八条、第九条、第十四条). */
export const billDocument: DocumentKind = {
  name: 'bills.bill',
  zh: '账单',
  en: 'bill',
  fields: {
    office: { kind: 'text', zh: '征收机关', en: 'authority', required: true, example: '示例区城市管理局' },
    kind: { kind: 'text', zh: '账单种类', en: 'kind of bill', required: true, example: '账单' },
    number: { kind: 'text', zh: '账单号', en: 'number', required: true, example: '2026-000001' },
    payer: { kind: 'text', zh: '缴纳义务人', en: 'payer', required: true, example: '示例新材料有限公司' },
    account: { kind: 'text', zh: '户号', en: 'account', required: true, example: '0080012' },
    collector: { kind: 'text', zh: '代征单位代码', en: 'collector', required: false, example: 'gx-water' },
    collector_name: { kind: 'text', zh: '代征单位', en: 'collector', required: false, example: '示例供水公司' },
    credit_code: {
      kind: 'text',
      zh: '统一社会信用代码',
      en: 'credit code',
      required: false,
      example: '91350100M000100Y43',
    },
    month: { kind: 'text', zh: '费款所属月份', en: 'fee month', required: true, example: '2026年3月' },
    issued_on: { kind: 'date', zh: '开账日', en: 'issued on', required: true, example: '2026-04-02' },
    due_on: {
      kind: 'date',
      zh: '到期日（须缴费的账单）',
      en: 'due on, where something is owed',
      required: false,
      example: '2026-04-10',
    },
    volume: { kind: 'volume', zh: '水量', en: 'volume', required: true, example: '12345' },
    unit: { kind: 'text', zh: '水量单位', en: 'unit of volume', required: true, example: 'm³' },
    currency: { kind: 'text', zh: '币种', en: 'currency', required: true, example: '元' },
    total: { kind: 'money', zh: '金额', en: 'amount', required: true, example: '17283.00' },
    total_in_capitals: {
      kind: 'text',
      zh: '大写金额（人民币）',
      en: 'amount in capitals, of yuan',
      required: false,
      example: '人民币壹万柒仟贰佰捌拾叁元整',
    },
    lines: {
      kind: 'list',
      zh: '明细',
      en: 'lines',
      required: true,
      fields: {
        no: { kind: 'text', zh: '序号', en: 'line', required: true, example: '1' },
        category: { kind: 'text', zh: '类别', en: 'category', required: true, example: '工业' },
        days: { kind: 'text', zh: '用水期间', en: 'days of use', required: true, example: '2026-03-01 至 2026-03-31' },
        volume: { kind: 'volume', zh: '水量', en: 'volume', required: true, example: '12345' },
        amount: { kind: 'money', zh: '金额', en: 'amount', required: true, example: '17283.00' },
        steps: {
          kind: 'list',
          zh: '算式',
          en: 'arithmetic',
          required: true,
          fields: { step: { kind: 'text', zh: '一步', en: 'a step', required: true, example: '' } },
          example: [],
        },
      },
      example: [
        {
          no: '1',
          category: '工业',
          days: '2026-03-01 至 2026-03-31',
          volume: '12345',
          amount: '17283.00',
          steps: [
            { step: '抄表 B-1002  21,300 → 33,645 = 12,345 m³' },
            { step: '计量依据 公共供水水表（办法第八条）' },
            { step: '12,345 m³ × 1.40 元/m³ = 17,283.00 元' },
            { step: '舍入 17,283 → 17,283.00（四舍五入至分，每行一次）' },
          ],
        },
      ],
    },
    corrects: { kind: 'text', zh: '所更正的账单', en: 'the bill it corrects', required: false, example: '' },
    reason: { kind: 'text', zh: '更正原因', en: 'reason of the correction', required: false, example: '' },
    evidence: { kind: 'text', zh: '更正依据', en: 'evidence of the correction', required: false, example: '' },
    cancelled_by: {
      kind: 'text',
      zh: '红冲本账单的账单',
      en: 'the bill that cancels it',
      required: false,
      example: '',
    },
    rates: {
      kind: 'text',
      zh: '收费标准及其批准文号',
      en: 'rate schedules with their approval documents',
      required: false,
      example: '示例收费标准（示例发改价〔2023〕227号），自2023年11月1日用水起执行',
    },
    objection_days: {
      kind: 'text',
      zh: '异议的答复期限（工作日）',
      en: 'working days in which an objection is answered',
      required: false,
      example: '15',
    },
    legal_basis: {
      kind: 'text',
      zh: '征收依据',
      en: 'legal basis',
      required: true,
      example: '示例办法第八条、第九条、第十四条',
    },
    payment_ways: {
      kind: 'text',
      zh: '缴费方式',
      en: 'ways to pay',
      required: true,
      example: '随水费向供水单位缴纳。',
    },
  },
  template: `kind: bills.bill
layout: statement
# {{office}}
# 工业污水处理费{{kind}}
= 编号 {{number}}
{{#cancelled_by}}
## 本账单已由账单 {{cancelled_by}} 全额红冲，不再据以缴费。
{{/cancelled_by}}
| | | | |
|-----|-------------|-----|------------|
| 缴纳义务人 | {{payer}} | 户号 | {{account}} |
| 信用代码 | {{credit_code}} | 代征单位 | {{collector_name}}（{{collector}}） |
| 费款所属月份 | {{month}} | 开账日 | {{issued_on}} |
| 水量（{{unit}}） | {{volume}} | 金额（{{currency}}） | {{total}} |
{{#corrects}}
- 本账单更正账单 {{corrects}}。原因：{{reason}}。依据：{{evidence}}
{{/corrects}}
| 序号 | 类别 | 用水期间 | 水量（{{unit}}） | 金额（{{currency}}） |
|:--:|------|----------|-----:|-----:|
{{#lines}}
| {{no}} | {{category}} | {{days}} | {{volume}} | {{amount}} |
{{/lines}}
| | 合计 | | {{volume}} | {{total}} |
{{#total_in_capitals}}
- 合计（大写）：{{total_in_capitals}}　　（小写）：¥{{total}}
{{/total_in_capitals}}
{{#due_on}}
## 缴费期限：{{due_on}}（含当日）
{{/due_on}}
{{^due_on}}
## 本账单无须缴费；负数金额冲减应缴。
{{/due_on}}
- 缴费方式：{{payment_ways}}
| 序号 | 计算过程 |
|:-:|-----------------------|
{{#lines}}
{{#steps}}
| {{no}} | {{step}} |
{{/steps}}
{{/lines}}
## 征收依据
- {{legal_basis}}
{{#rates}}
- 收费标准：{{rates}}
{{/rates}}
~ 对水量、类别或收费标准有异议的，可自收到之日起向本机关书面提出并附证据，本机关自收到之次日起{{objection_days}}个工作日内答复；提出异议不停止缴纳。账单不作为票据，缴费后取得非税收入财政电子票据。
>> {{office}}
>> {{issued_on}}
`,
}
