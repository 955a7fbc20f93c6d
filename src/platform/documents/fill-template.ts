import { type CivilDate, civilDate } from '../../kernel/calendar.ts'
import { invariant } from '../../kernel/invariant.ts'
import { amountInCapitals, money, moneyForPeople } from '../../kernel/money.ts'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { volume, volumeForPeople } from '../../kernel/volume.ts'
import type { Block, DocumentFields, DocumentKind, FieldValues, SingleField } from './document.ts'
import { refuseDocument } from './documents.refusals.ts'
import { fieldIn, placeholder, type Scope, type Template, type TemplateNode } from './template.ts'

/** `2026年4月10日`. */
export function dateInChinese(date: CivilDate): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${year}年${Number(month)}月${Number(day)}日`
}

/**
 * Puts values into a template. Refuses a required field whose value is empty; a value that the kind does not know, or
 * one in another form than its field's, is a bug of the stage that gave it.
 */
export function fillTemplate(kind: DocumentKind, template: Template, values: FieldValues): Block[] | Refusal {
  const empty = emptyRequired(kind, kind.fields, values)
  if (isRefusal(empty)) return empty
  return blocksOf(template.nodes, [{ fields: kind.fields, values }])
}

function emptyRequired(kind: DocumentKind, fields: DocumentFields, values: FieldValues): Refusal | undefined {
  for (const name of Object.keys(values)) invariant(Object.hasOwn(fields, name), `${kind.name} has a field ${name}`)
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name] ?? ''
    if (field.required && value.length === 0) {
      return refuseDocument('document_field_empty', {
        kindZh: kind.zh,
        kindEn: kind.en,
        field: name,
        nameZh: field.zh,
        nameEn: field.en,
      })
    }
    if (field.kind !== 'list') continue
    for (const row of typeof value === 'string' ? [] : value) {
      const refusal = emptyRequired(kind, field.fields, row)
      if (refusal !== undefined) return refusal
    }
  }
  return undefined
}

interface Level {
  readonly fields: DocumentFields
  readonly values: FieldValues
}

function valueIn(levels: readonly Level[], name: string): string | readonly FieldValues[] {
  return levels.find(({ fields }) => Object.hasOwn(fields, name))?.values[name] ?? ''
}

function blocksOf(nodes: readonly TemplateNode[], levels: readonly Level[]): Block[] {
  const blocks: Block[] = []
  for (const node of nodes) {
    if (node.type === 'section') {
      for (const inner of passes(node, levels)) blocks.push(...blocksOf(node.nodes, inner))
    } else if (node.type === 'table') {
      const columns = node.columns.map((column) => ({ ...column, title: filled(column.title, levels) }))
      const rows = rowsOf(node.rows, levels)
      // A header over nothing says nothing.
      if (rows.length > 0) blocks.push({ type: 'table', columns, rows })
    } else if (node.type === 'signature') {
      const before = blocks.at(-1)
      const text = filled(node.text, levels)
      if (before?.type === 'signature') blocks[blocks.length - 1] = { ...before, lines: [...before.lines, text] }
      else blocks.push({ type: 'signature', lines: [text] })
    } else if ('text' in node) blocks.push({ type: node.type, text: filled(node.text, levels) })
    else if (node.type !== 'row') blocks.push({ type: node.type })
  }
  return blocks
}

function rowsOf(nodes: readonly TemplateNode[], levels: readonly Level[]): string[][] {
  return nodes.flatMap((node) => {
    if (node.type === 'section') return passes(node, levels).flatMap((inner) => rowsOf(node.nodes, inner))
    return node.type === 'row' ? [node.cells.map((cell) => filled(cell, levels))] : []
  })
}

/** The levels of each time a section is printed: once per row of a list, once where a value is there, or not at all. */
function passes(node: Extract<TemplateNode, { type: 'section' }>, levels: readonly Level[]): (readonly Level[])[] {
  const value = valueIn(levels, node.field)
  if (node.whenEmpty) return value.length === 0 ? [levels] : []
  if (typeof value === 'string') return value === '' ? [] : [levels]
  const field = fieldIn(scopeOf(levels), node.field)
  const fields = field?.kind === 'list' ? field.fields : {}
  return value.map((row) => [{ fields, values: row }, ...levels])
}

const scopeOf = (levels: readonly Level[]): Scope => levels.map(({ fields }) => fields)

function filled(text: string, levels: readonly Level[]): string {
  return text.replace(placeholder, (_whole, name: string, capitals: string | undefined) => {
    const field = fieldIn(scopeOf(levels), name)
    const value = valueIn(levels, name)
    if (field === undefined || field.kind === 'list' || typeof value !== 'string' || value === '') return ''
    return capitals === undefined ? onPaper(field, value) : amountInCapitals(money(value))
  })
}

function onPaper(field: SingleField, value: string): string {
  switch (field.kind) {
    case 'money':
      return moneyForPeople(money(value))
    case 'volume':
      return volumeForPeople(volume(value))
    case 'date':
      return dateInChinese(civilDate(value))
    case 'text':
      return value.replace(/[\t\r\v\f]+/g, ' ')
  }
}

/** Values made of the examples of a kind's fields, for previews. */
export function exampleValues(fields: DocumentFields): FieldValues {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.example]))
}
