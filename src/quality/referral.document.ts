import type { DocumentKind } from '../platform/documents/document.ts'

/** The letter by which an exceedance or an accident goes to the authority that may punish it (办法第六条、第十二条). */
export const referralDocument: DocumentKind = {
  name: 'quality.referral',
  zh: '移送函',
  en: 'letter of referral',
  fields: {
    office: { kind: 'text', zh: '移送机关', en: 'authority', required: true, example: '示例区城市管理局' },
    number: { kind: 'text', zh: '文号', en: 'number', required: true, example: '移送〔2026〕1号' },
    recipient: { kind: 'text', zh: '受移送机关', en: 'recipient', required: true, example: '示例区生态环境局' },
    dated_on: { kind: 'date', zh: '日期', en: 'date', required: true, example: '2026-03-20' },
    subject: { kind: 'text', zh: '事由', en: 'matter', required: true, example: '超过许可限值排放污水' },
    discharger: { kind: 'text', zh: '排污者', en: 'discharger', required: true, example: '示例钨业有限公司' },
    credit_code: { kind: 'text', zh: '统一社会信用代码', en: 'credit code', required: false, example: '' },
    outlet: { kind: 'text', zh: '排污口', en: 'outlet', required: false, example: '1' },
    found: {
      kind: 'text',
      zh: '查明的情况（由记录生成）',
      en: 'what was found, from the records',
      required: true,
      example: '2026年3月10日，示例检测有限公司在示例钨业有限公司1号排污口采样（样品编号 W260310-01）。',
    },
    facts: {
      kind: 'text',
      zh: '经办人的说明',
      en: 'what the officer adds',
      required: false,
      example: '现场检查时预处理设施未运行。',
    },
    exceeded: {
      kind: 'list',
      zh: '超标结果（超标移送）',
      en: 'results above their limits, of an exceedance',
      required: false,
      fields: {
        pollutant: { kind: 'text', zh: '污染物', en: 'pollutant', required: true, example: '' },
        result: { kind: 'text', zh: '结果', en: 'result', required: true, example: '' },
        limit: { kind: 'text', zh: '限值', en: 'limit', required: true, example: '' },
        times_over: { kind: 'text', zh: '超标倍数', en: 'times above', required: false, example: '' },
        document: { kind: 'text', zh: '限值依据', en: 'ground of the limit', required: true, example: '' },
        method: { kind: 'text', zh: '方法', en: 'method', required: true, example: '' },
      },
      example: [
        {
          pollutant: '化学需氧量',
          result: '850 mg/L',
          limit: '不高于 500 mg/L',
          times_over: '0.7',
          document: '示例环评批复〔2025〕1号',
          method: 'HJ 828-2017',
        },
      ],
    },
    months: {
      kind: 'list',
      zh: '逐月核算（排放总量移送）',
      en: 'the sum month by month, of a total',
      required: false,
      fields: {
        month: { kind: 'text', zh: '月份', en: 'month', required: true, example: '' },
        mean: { kind: 'text', zh: '月均浓度（mg/L）', en: 'mean concentration (mg/L)', required: false, example: '' },
        volume: { kind: 'text', zh: '排水量（m³）', en: 'volume (m³)', required: false, example: '' },
        mass: { kind: 'text', zh: '排放量（kg）', en: 'mass (kg)', required: true, example: '' },
        method: { kind: 'text', zh: '核算方法', en: 'method', required: true, example: '' },
      },
      example: [{ month: '2025-01', mean: '412', volume: '6300', mass: '2595.6', method: '月均浓度×月排水量' }],
    },
    legal_basis: { kind: 'text', zh: '移送依据', en: 'legal basis', required: true, example: '示例办法第十二条' },
    evidence: {
      kind: 'list',
      zh: '所附材料',
      en: 'evidence',
      required: false,
      fields: {
        no: { kind: 'text', zh: '序号', en: 'number', required: true, example: '' },
        name: { kind: 'text', zh: '名称', en: 'name', required: true, example: '' },
        digest: { kind: 'text', zh: '文件摘要（SHA-256）', en: 'digest of the file', required: true, example: '' },
      },
      example: [{ no: '1', name: '监测报告.pdf', digest: '5f2c8a10'.repeat(8) }],
    },
  },
  template: `kind: quality.referral
! {{office}}
# 关于移送{{discharger}}{{subject}}一事的函
= {{number}}
@ {{recipient}}：
{{found}}
| 污染物 | 结果 | 许可限值 | 超标倍数 | 限值依据 | 方法 |
|--------------|-------------|---------------------|:----------:|------------------|---------------|
{{#exceeded}}
| {{pollutant}} | {{result}} | {{limit}} | {{times_over}} | {{document}} | {{method}} |
{{/exceeded}}
| 月份 | 月均浓度（mg/L） | 排水量（m³） | 排放量（kg） | 核算方法 |
|---------|:------------:|:-----------:|:--------------:|--------------------|
{{#months}}
| {{month}} | {{mean}} | {{volume}} | {{mass}} | {{method}} |
{{/months}}
{{#facts}}
{{facts}}
{{/facts}}
依据{{legal_basis}}，上述情形不属本机关处罚权限，现将有关材料移送你单位依法处理，并请将处理结果函告本机关。
本次移送与污水处理费的征收无关，不作为征收污水处理费或者对欠缴污水处理费处以罚款的依据。
{{#evidence}}
- 附件{{no}}：{{name}}
~ SHA-256 {{digest}}
{{/evidence}}
>> {{office}}
>> {{dated_on}}
`,
}
