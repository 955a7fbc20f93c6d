import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../kernel/refusal.ts'
import type { DocumentKind, FieldValues } from './document.ts'
import { fillTemplate } from './fill-template.ts'
import { readTemplate, templateForEditing } from './template.ts'

const order: DocumentKind = {
  name: 'test.order',
  zh: '催缴通知',
  en: 'order to pay',
  fields: {
    payer: { kind: 'text', zh: '缴纳义务人', en: 'payer', required: true, example: '示例公司' },
    amount: { kind: 'money', zh: '金额', en: 'amount', required: true, example: '17283.00' },
    legal_basis: { kind: 'text', zh: '法律依据', en: 'legal basis', required: true, example: '示例条例第五十四条' },
    served_on: { kind: 'date', zh: '送达日', en: 'served on', required: false, example: '2025-04-15' },
    bills: {
      kind: 'list',
      zh: '账单',
      en: 'bills',
      required: true,
      fields: {
        number: { kind: 'text', zh: '账单号', en: 'number', required: true, example: '2025-000001' },
        volume: { kind: 'volume', zh: '水量', en: 'volume', required: false, example: '12345' },
      },
      example: [],
    },
  },
  template: '',
}

const whole = `kind: test.order
// a comment
# 催缴{{payer}}
{{payer}}应缴{{amount}}元（{{amount|大写}}）。依据：{{legal_basis}}
{{#served_on}}
已于{{served_on}}送达。
{{/served_on}}
{{^served_on}}
尚未送达。
{{/served_on}}
| 账单 | 水量 |
|---|---:|
{{#bills}}
| {{number}} | {{volume}} |
{{/bills}}
| 合计 | |
>> 示例局
>> 2025年4月15日`

const values: FieldValues = {
  payer: '示例公司',
  amount: '17283.00',
  legal_basis: '示例条例第五十四条',
  bills: [
    { number: '2025-000001', volume: '12345.000' },
    { number: '2025-000002', volume: '0.500' },
  ],
}

function faults(text: string): string[] {
  const read = readTemplate(text, [order])
  return Array.isArray(read)
    ? read.map(({ code, parameters }) => `${code} ${parameters['field'] ?? parameters['line'] ?? ''}`.trim())
    : []
}

function filledWith(given: FieldValues, text = whole) {
  const read = readTemplate(text, [order])
  if (Array.isArray(read)) throw new Error(read.map((fault) => fault.sentence('en')).join())
  return fillTemplate(order, read.template, given)
}

describe('a template', () => {
  it('is filled with values in the form of its fields', () => {
    expect(filledWith(values)).toEqual([
      { type: 'title', text: '催缴示例公司' },
      { type: 'paragraph', text: '示例公司应缴17,283.00元（人民币壹万柒仟贰佰捌拾叁元整）。依据：示例条例第五十四条' },
      { type: 'paragraph', text: '尚未送达。' },
      {
        type: 'table',
        columns: [
          { title: '账单', alignment: 'left', weight: 3 },
          { title: '水量', alignment: 'right', weight: 4 },
        ],
        rows: [
          ['2025-000001', '12,345'],
          ['2025-000002', '0.5'],
          ['合计', ''],
        ],
      },
      { type: 'signature', lines: ['示例局', '2025年4月15日'] },
    ])
  })

  it('says what depends on a value only where there is one', () => {
    const blocks = filledWith({ ...values, served_on: '2025-04-05' })
    expect(blocks).toContainEqual({ type: 'paragraph', text: '已于2025年4月5日送达。' })
    expect(blocks).not.toContainEqual({ type: 'paragraph', text: '尚未送达。' })
  })

  it('never takes a value for a mark', () => {
    const blocks = filledWith({ ...values, payer: '{{amount}} | # 公司' })
    expect(blocks).toContainEqual({ type: 'title', text: '催缴{{amount}} | # 公司' })
  })

  it('writes a negative amount with 负', () => {
    expect(JSON.stringify(filledWith({ ...values, amount: '-0.05' }))).toContain('-0.05元（负人民币伍分）')
  })

  it('is refused with everything that is wrong with it', () => {
    expect(faults(whole)).toEqual([])
    expect(faults('# 无种类')).toEqual(['template_kind_line_missing'])
    expect(faults('kind: test.other\n# 标题')).toEqual(['template_kind_unknown'])
    expect(faults(whole.replace('依据：{{legal_basis}}', '金额{{amuont}}'))).toEqual([
      'template_field_unknown amuont',
      'template_field_missing legal_basis',
    ])
    expect(faults(whole.replace('# 催缴{{payer}}\n', ''))).toEqual(['template_without_title'])
    expect(faults(whole.replace('{{amount|大写}}', '{{payer|大写}}'))).toEqual(['template_capitals_of_text payer'])
    expect(faults(whole.replace('{{amount|大写}}', '{{金额}}'))).toEqual(['template_placeholder_malformed 4'])
    expect(faults(whole.replace('{{amount|大写}}', '{{amount'))).toEqual(['template_placeholder_malformed 4'])
    expect(faults(whole.replace('已于{{served_on}}送达。', '已送达{{bills}}。'))).toEqual([
      'template_list_outside_section bills',
    ])
    expect(faults(whole.replace('{{/served_on}}\n{{^served_on}}', '{{^served_on}}'))).toContain(
      'template_section_unbalanced served_on',
    )
    expect(faults(whole.replace('| 合计 | |', '| 合计 |'))).toEqual(['template_table_malformed 16'])
    expect(faults(`${whole}\n| 散行 |`)).toEqual(['template_table_malformed 19'])
    expect(faults(whole.replace('// a comment', 'layout: poster'))).toEqual(['template_layout_unknown 2'])
  })

  it('must say what is required whatever the values are', () => {
    const hidden = whole.replace('。依据：{{legal_basis}}', '。').replace('已于', '依据{{legal_basis}}已于')
    expect(faults(hidden)).toEqual(['template_field_missing legal_basis'])
    const withoutNumbers = whole.replace('| {{number}} |', '| |')
    expect(faults(withoutNumbers)).toEqual(['template_field_missing number'])
    expect(faults(whole.replace(/\{\{#bills[\s\S]*bills\}\}\n/, ''))).toEqual(['template_field_missing bills'])
  })

  it('is not filled where a required value is missing', () => {
    for (const field of ['payer', 'amount', 'legal_basis', 'bills']) {
      const { [field]: _left, ...rest } = values
      const refused = filledWith(rest)
      expect(isRefusal(refused) && [refused.code, refused.parameters['field']]).toEqual(['document_field_empty', field])
    }
    const refused = filledWith({ ...values, bills: [{ number: '', volume: '1' }] })
    expect(isRefusal(refused) && refused.parameters['field']).toBe('number')
  })

  it('goes out to be edited with its fields explained, and comes back the same', () => {
    const edited = templateForEditing(order, whole)
    expect(edited).toContain('{{#bills}}  账单 bills  必备 required')
    expect(edited).toContain('大写 capitals: {{amount|capitals}}')
    expect(faults(edited)).toEqual([])
    expect(filledWith(values, edited)).toEqual(filledWith(values))
    expect(templateForEditing(order, edited)).toBe(edited)
  })
})
