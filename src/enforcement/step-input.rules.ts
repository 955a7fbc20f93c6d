import { parseBillNumber } from '../bills/bill.ts'
import { parseCivilDate } from '../kernel/calendar.ts'
import { parseExact, plainText } from '../kernel/decimal.ts'
import { moneyText, parseMoney, zeroMoney } from '../kernel/money.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import { type Entered, type Instalment, type StepField, type StepName, stepKind } from './steps.ts'

/** What a person typed, by the names of the fields. */
export type TypedFields = Readonly<Record<string, string | undefined>>

/**
 * Reads the fields of a step as typed in a form, on the command line or over the API. Refuses by name a required field
 * that is missing and a value that is none of its kind; what a step does not have is refused too, not passed over.
 */
export function readFields<Name extends StepName>(name: Name, typed: TypedFields): Entered<Name> | Refusal {
  const { fields, zh: stepZh, en: stepEn } = stepKind(name)
  const entered: Record<string, unknown> = {}
  for (const field of fields) {
    const text = typed[field.name]?.trim() ?? ''
    const named = { field: field.name, fieldZh: field.zh, fieldEn: field.en }
    if (text === '') {
      if (field.optional) continue
      return refuseEnforcement('step_field_missing', { stepZh, stepEn, ...named })
    }
    const value = valueFrom(field, text)
    if (value === undefined)
      return refuseEnforcement('step_field_malformed', { ...named, value: text, ...ruleOf(field) })
    entered[field.name] = value
  }
  const foreign = Object.keys(typed).find(
    (key) => typed[key] !== undefined && !fields.some((field) => field.name === key),
  )
  if (foreign !== undefined) {
    const names = fields.map((field) => field.name)
    return refuseEnforcement('step_field_malformed', {
      field: foreign,
      fieldZh: '没有的栏',
      fieldEn: 'no such field',
      value: typed[foreign] ?? '',
      ruleZh: names.join('、') || '—',
      ruleEn: names.join(', ') || '—',
    })
  }
  return entered as Entered<Name>
}

function valueFrom(field: StepField, text: string): unknown {
  switch (field.kind) {
    case 'text':
      return text
    case 'staff':
      return text
    case 'bill':
      return parseBillNumber(text) === undefined ? undefined : text
    case 'date':
      return parseCivilDate(text)
    case 'flag':
      return { true: true, false: false, 是: true, 否: false, yes: true, no: false }[text]
    case 'choice':
      return field.choices?.find(({ value, zh }) => value === text || zh === text)?.value
    case 'money':
      return positiveAmount(text)
    case 'multiplier': {
      const value = parseExact(text)
      return value !== undefined && value.decimalPlaces() <= 4 ? plainText(value) : undefined
    }
    case 'schedule':
      return scheduleOf(text)
  }
}

function positiveAmount(text: string): string | undefined {
  const amount = parseMoney(text)
  return amount?.gt(zeroMoney) ? moneyText(amount) : undefined
}

/** `2025-07-31=10000.00,2025-08-31=24566.00`: days that rise, amounts above 0.00. */
function scheduleOf(text: string): Instalment[] | undefined {
  const parts = text.split(/[,，]/).map((part) => {
    const [day = '', amount = ''] = part.split(/[=＝]/).map((each) => each.trim())
    const [dueOn, money] = [parseCivilDate(day), positiveAmount(amount)]
    return dueOn === undefined || money === undefined ? undefined : { dueOn, amount: money }
  })
  const read = parts.flatMap((part) => (part === undefined ? [] : [part]))
  const rises = read.every(({ dueOn }, index) => index === 0 || dueOn > (read[index - 1]?.dueOn ?? ''))
  return read.length === parts.length && rises ? read : undefined
}

function ruleOf(field: StepField): { readonly ruleZh: string; readonly ruleEn: string } {
  switch (field.kind) {
    case 'text':
    case 'staff':
      return { ruleZh: '文字', ruleEn: 'text' }
    case 'bill':
      return { ruleZh: '账单编号，如 2026-000012', ruleEn: 'a bill number such as 2026-000012' }
    case 'date':
      return { ruleZh: '日期，如 2026-03-31', ruleEn: 'a date such as 2026-03-31' }
    case 'flag':
      return { ruleZh: '是或否', ruleEn: 'true or false' }
    case 'choice':
      return {
        ruleZh: field.choices?.map(({ value, zh }) => `${value} ${zh}`).join('、') ?? '',
        ruleEn: field.choices?.map(({ value, en }) => `${value} (${en})`).join(', ') ?? '',
      }
    case 'money':
      return { ruleZh: '大于 0、最多 2 位小数的金额', ruleEn: 'an amount above 0 with at most 2 decimals' }
    case 'multiplier':
      return { ruleZh: '最多 4 位小数的数', ruleEn: 'a number with at most 4 decimals' }
    case 'schedule':
      return {
        ruleZh: '日期=金额，按日期先后，逗号分隔',
        ruleEn: 'date=amount, rising days, separated by commas',
      }
  }
}
