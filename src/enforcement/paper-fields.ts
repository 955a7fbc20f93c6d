import {
  amountField as amount,
  type DocumentFields,
  dateField as date,
  type ListField,
  textField as text,
} from '../platform/documents/document.ts'

export { amount, date, text }

/** Fields that several papers of this stage have in common, each with what a preview shows. */
export const head = {
  office: text('机关名称', 'authority', '示例区城市管理局'),
  number: text('文号', 'number', '示例责缴〔2025〕1号'),
  dated_on: date('日期', 'date', '2025-04-11'),
} satisfies DocumentFields

export const party = {
  party: text('当事人', 'party', '示例新材料有限公司'),
  credit_code: text('统一社会信用代码', 'credit code', '91360700MA35EXAMPL', false),
  address: text('住址', 'address', '示例区示例路1号', false),
} satisfies DocumentFields

/** Where the law asks for it: a decision (APL 59) and an application to the court. */
export const addressed = { ...party, address: text('住址', 'address', '示例区示例路1号') } satisfies DocumentFields

export const remedies = {
  review_body: text('行政复议机关', 'review body', '示例区人民政府'),
  court: text('管辖法院', 'court', '示例区人民法院'),
} satisfies DocumentFields

/** The bills behind an amount, with their arithmetic attached. */
export const bills: ListField = {
  kind: 'list',
  zh: '账单',
  en: 'bills',
  required: true,
  fields: {
    bill: text('账单号', 'number of the bill', ''),
    account: text('户号', 'account', ''),
    month: text('费款所属月份', 'fee month', ''),
    due_on: date('缴费期限', 'due on', ''),
    amount: amount('欠缴金额', 'unpaid', ''),
    steps: {
      kind: 'list',
      zh: '算式',
      en: 'arithmetic',
      required: true,
      fields: { step: text('一步', 'a step', '') },
      example: [],
    },
  },
  example: [
    {
      bill: '2025-000001',
      account: '0080012',
      month: '2025年3月',
      due_on: '2025-04-10',
      amount: '17283.00',
      steps: [{ step: '抄表 B-1002  21,300 → 33,645 = 12,345 m³' }, { step: '12,345 m³ × 1.40 元/m³ = 17,283.00 元' }],
    },
  ],
}

/** The table of the bills, and what is attached at the end. */
export const billsTable = `| 账单 | 户号 | 费款所属月份 | 缴费期限 | 欠缴金额（元） |
|--------|--------|---------|----------|--------:|
{{#bills}}
| {{bill}} | {{account}} | {{month}} | {{due_on}} | {{amount}} |
{{/bills}}`

export const billsAttached = `===
## 附：账单的计算
| 账单 | 计算过程 |
|------|-----------------------|
{{#bills}}
{{#steps}}
| {{bill}} | {{step}} |
{{/steps}}
{{/bills}}`
