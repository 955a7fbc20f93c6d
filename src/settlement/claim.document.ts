import {
  amountField as amount,
  type DocumentKind,
  dateField as date,
  textField as text,
  volumeField as volume,
} from '../platform/documents/document.ts'

/** A plant's claim of a month on paper: the fee from the cubic metre to the fen, who took which step, and every day. */
export const claimDocument: DocumentKind = {
  name: 'settlement.claim',
  zh: '污水处理服务费结算单',
  en: 'service fee claim',
  fields: {
    office: text('主管机关', 'authority', '示例区城市管理局'),
    number: text('申请号', 'number', 'S2026-000001'),
    plant: text('污水处理厂', 'plant', '示例污水处理厂（plant）'),
    month: text('月份', 'month', '2026-03'),
    state: text('状态', 'state', '已审定'),
    treated: volume('处理水量', 'treated', '1367545'),
    fee: amount('当月服务费', 'fee of the month', '1991137.98'),
    corrections: amount('以前月份更正', 'corrections of earlier months', '0.00'),
    carried: amount('上期转入', 'carried in', '0.00'),
    payable: amount('应付金额', 'payable', '1991137.98'),
    steps: {
      kind: 'list',
      zh: '计算步骤',
      en: 'steps of the calculation',
      required: true,
      fields: { step: text('步骤', 'step', '1,345,363.5 m³ × 1.48 = 1,991,137.98 元') },
      example: [{ step: '1,345,363.5 m³ × 1.48 = 1,991,137.98 元' }],
    },
    taken: {
      kind: 'list',
      zh: '办理经过',
      en: 'who took which step',
      required: true,
      fields: {
        step: text('环节', 'step', '已审核'),
        person: text('经办', 'person', '执法甲'),
        on: date('日期', 'day', '2026-04-15'),
        note: text('说明', 'note', '支付凭证 2026-0088', false),
      },
      example: [{ step: '已审核', person: '执法甲', on: '2026-04-15', note: '' }],
    },
    days: {
      kind: 'list',
      zh: '逐日水量水质',
      en: 'day by day',
      required: true,
      fields: {
        agreement: text('协议', 'agreement', 'TX-2026'),
        day: text('日期', 'day', '2026-03-01'),
        treated: volume('处理水量', 'treated', '44363'),
        capped: volume('按上限', 'capped', '44363'),
        exceeded: text('超标', 'beyond its limit', '化学需氧量 56（限值 50）', false),
        unpaid: text('不付比例', 'unpaid share', '50 %', false),
        payable: volume('计费水量', 'counts', '22181.5'),
      },
      example: [
        {
          agreement: 'TX-2026',
          day: '2026-03-01',
          treated: '44363',
          capped: '44363',
          exceeded: '化学需氧量 56（限值 50）',
          unpaid: '50 %',
          payable: '22181.5',
        },
      ],
    },
    digest: text('计算摘要', 'digest of the calculation', '0725d21b82bd…'),
    head: text('事件链链头', 'head of the chain of events', '5f2c8a10b3d4…'),
    basis: text('依据', 'legal basis', '《城镇排水与污水处理条例》第三十五条；赣区府办字〔2023〕70号第十一条'),
  },
  template: `kind: settlement.claim
layout: statement
# 污水处理服务费结算单
= {{number}}
- 污水处理厂：{{plant}}
- 月份：{{month}}　处理水量：{{treated}} 立方米　状态：{{state}}
---
| 项目 | 金额（元） |
|------|------:|
| 当月服务费 | {{fee}} |
| 以前月份更正 | {{corrections}} |
| 上期转入 | {{carried}} |
| 应付金额 | {{payable}} |
- 应付金额大写：{{payable|大写}}
## 算式：从立方米到分
{{#steps}}
- {{step}}
{{/steps}}
## 办理经过
| 环节 | 经办 | 日期 | 说明 |
|------|-----|-----|------------|
{{#taken}}
| {{step}} | {{person}} | {{on}} | {{note}} |
{{/taken}}
---
~ 依据：{{basis}}
~ 计算摘要：{{digest}}
~ 事件链链头（可据以核对此前的全部记录）：{{head}}
>> {{office}}
===
## 附：逐日水量水质（水量单位：立方米）
| 协议 | 日期 | 处理水量 | 按上限 | 超标 | 不付比例 | 计费水量 |
|-----|------|-----:|-----:|---------|----:|-----:|
{{#days}}
| {{agreement}} | {{day}} | {{treated}} | {{capped}} | {{exceeded}} | {{unpaid}} | {{payable}} |
{{/days}}
`,
}
