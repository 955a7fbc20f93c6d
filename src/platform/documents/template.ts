import type { Refusal } from '../../kernel/refusal.ts'
import {
  type Alignment,
  type Column,
  type DocumentField,
  type DocumentFields,
  type DocumentKind,
  type Layout,
  layouts,
  type TextBlock,
} from './document.ts'
import { refuseDocument } from './documents.refusals.ts'

/** A template as it was read: what stands where, not yet filled. The format is described in README.md. */
export interface Template {
  readonly kind: string
  readonly layout: Layout
  readonly nodes: readonly TemplateNode[]
}
export type TemplateNode =
  | { readonly type: TextBlock; readonly text: string; readonly line: number }
  | { readonly type: 'signature'; readonly text: string; readonly line: number }
  | { readonly type: 'rule' | 'page-break'; readonly line: number }
  | { readonly type: 'row'; readonly cells: readonly string[]; readonly line: number }
  | {
      readonly type: 'table'
      readonly columns: readonly Column[]
      readonly rows: readonly TemplateNode[]
      readonly line: number
    }
  | {
      readonly type: 'section'
      readonly field: string
      readonly whenEmpty: boolean
      readonly nodes: readonly TemplateNode[]
      readonly line: number
    }

/** A placeholder inside a text: `{{amount|capitals}}`. */
export const placeholder = /\{\{\s*(\w+)\s*(\|\s*(?:capitals|大写)\s*)?\}\}/g

const marks: readonly (readonly [mark: string, type: TextBlock | 'signature'])[] = [
  ['! ', 'letterhead'],
  ['## ', 'heading'],
  ['# ', 'title'],
  ['= ', 'number'],
  ['@ ', 'addressee'],
  ['- ', 'line'],
  ['~ ', 'note'],
  ['>> ', 'signature'],
]

interface Line {
  readonly no: number
  readonly text: string
}

/** Reads a template and checks it against its kind; answers the template, or everything that is wrong with it. */
export function readTemplate(
  text: string,
  kinds: readonly DocumentKind[],
): { kind: DocumentKind; template: Template } | Refusal[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((written, index) => ({ no: index + 1, text: written.trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('//'))
  const [first, ...rest] = lines
  const named = /^kind[:：]\s*(\S+)$/.exec(first?.text ?? '')?.[1]
  if (named === undefined) return [refuseDocument('template_kind_line_missing')]
  const kind = kinds.find(({ name }) => name === named)
  if (kind === undefined) return [refuseDocument('template_kind_unknown', { kind: named })]
  const reader = new Reader(rest)
  const layout = reader.layout()
  const nodes = reader.nodes(undefined)
  const faults = [...reader.faults, ...fieldFaults(nodes, kind.fields)]
  for (const { line } of rowsOutsideTables(nodes))
    faults.push(refuseDocument('template_table_malformed', { line, columns: 1 }))
  if (!nodes.some(({ type }) => type === 'title')) faults.push(refuseDocument('template_without_title'))
  return faults.length > 0 ? faults : { kind, template: { kind: kind.name, layout, nodes } }
}

class Reader {
  readonly faults: Refusal[] = []
  readonly #lines: readonly Line[]
  #at = 0

  constructor(lines: readonly Line[]) {
    this.#lines = lines
  }

  layout(): Layout {
    const line = this.#lines[this.#at]
    const written = /^layout[:：]\s*(\S+)$/.exec(line?.text ?? '')?.[1]
    if (line === undefined || written === undefined) return 'official'
    this.#at += 1
    const known = layouts.find((layout) => layout === written)
    if (known === undefined)
      this.faults.push(refuseDocument('template_layout_unknown', { line: line.no, layout: written }))
    return known ?? 'official'
  }

  /** Nodes up to the end, or to the end of the section that is open. */
  nodes(open: string | undefined): TemplateNode[] {
    const nodes: TemplateNode[] = []
    for (let line = this.#take(); line !== undefined; line = this.#take()) {
      const closing = /^\{\{\/(\w+)\}\}$/.exec(line.text)?.[1]
      if (closing !== undefined) {
        if (closing === open) return nodes
        this.faults.push(refuseDocument('template_section_unbalanced', { line: line.no, field: closing }))
      } else nodes.push(this.#node(line))
    }
    if (open !== undefined) {
      this.faults.push(
        refuseDocument('template_section_unbalanced', { line: this.#lines.at(-1)?.no ?? 0, field: open }),
      )
    }
    return nodes
  }

  #take(): Line | undefined {
    const line = this.#lines[this.#at]
    this.#at += 1
    return line
  }

  #node(line: Line): TemplateNode {
    const section = /^\{\{([#^])(\w+)\}\}$/.exec(line.text)
    if (section !== null) {
      const [, sign, field = ''] = section
      return { type: 'section', field, whenEmpty: sign === '^', nodes: this.nodes(field), line: line.no }
    }
    if (line.text.startsWith('|')) return this.#tableOrRow(line)
    if (/^-{3,}$/.test(line.text)) return { type: 'rule', line: line.no }
    if (/^={3,}$/.test(line.text)) return { type: 'page-break', line: line.no }
    const marked = marks.find(([mark]) => line.text.startsWith(mark))
    if (marked === undefined) return { type: 'paragraph', text: this.#text(line, line.text), line: line.no }
    return { type: marked[1], text: this.#text(line, line.text.slice(marked[0].length).trim()), line: line.no }
  }

  /** A line with bars is the header of a table where alignments follow it, else a row. */
  #tableOrRow(line: Line): TemplateNode {
    const cells = cellsOf(line.text)
    const alignments = this.#lines[this.#at]
    if (alignments === undefined || !/^\|(\s*:?-+:?\s*\|)+$/.test(alignments.text)) {
      return { type: 'row', cells: cells.map((cell) => this.#text(line, cell)), line: line.no }
    }
    this.#at += 1
    const columns = cellsOf(alignments.text).map((cell, column) => ({
      title: this.#text(line, cells[column] ?? ''),
      alignment: alignmentOf(cell),
      weight: cell.length,
    }))
    if (columns.length !== cells.length) {
      this.faults.push(refuseDocument('template_table_malformed', { line: line.no, columns: cells.length }))
    }
    const rows: TemplateNode[] = []
    for (let next = this.#lines[this.#at]; next !== undefined && this.#isRow(); next = this.#lines[this.#at]) {
      this.#at += 1
      rows.push(this.#node(next))
    }
    for (const row of rowsIn(rows)) {
      if (row.type === 'row' && row.cells.length === columns.length) continue
      this.faults.push(refuseDocument('template_table_malformed', { line: row.line, columns: columns.length }))
    }
    return { type: 'table', columns, rows, line: line.no }
  }

  /** A row, or a section that begins with one: it belongs to the table above it. */
  #isRow(): boolean {
    let at = this.#at
    while (/^\{\{[#^]\w+\}\}$/.test(this.#lines[at]?.text ?? '')) at += 1
    const isHeader = /^\|(\s*:?-+:?\s*\|)+$/.test(this.#lines[at + 1]?.text ?? '')
    return (this.#lines[at]?.text.startsWith('|') ?? false) && !isHeader
  }

  #text(line: Line, text: string): string {
    const rest = text.replace(placeholder, '')
    const stray = /\{\{[^}]*\}?\}?|\}\}/.exec(rest)?.[0]
    if (stray !== undefined) {
      this.faults.push(refuseDocument('template_placeholder_malformed', { line: line.no, text: stray }))
    }
    return text
  }
}

function cellsOf(text: string): string[] {
  return text
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .replace(placeholder, (whole) => whole.replace('|', '\u0000'))
    .split('|')
    .map((cell) => cell.replace('\u0000', '|').trim())
}

function alignmentOf(cell: string): Alignment {
  if (!cell.endsWith(':')) return 'left'
  return cell.startsWith(':') ? 'center' : 'right'
}

/** Rows without a header above them would be dropped when printed. */
function rowsOutsideTables(nodes: readonly TemplateNode[]): TemplateNode[] {
  return nodes.flatMap((node) => {
    if (node.type === 'section') return rowsOutsideTables(node.nodes)
    return node.type === 'row' ? [node] : []
  })
}

function rowsIn(nodes: readonly TemplateNode[]): TemplateNode[] {
  return nodes.flatMap((node) => (node.type === 'section' ? rowsIn(node.nodes) : [node]))
}

/** The texts of a node that may hold placeholders. */
function textsOf(node: TemplateNode): readonly string[] {
  if (node.type === 'row') return node.cells
  if (node.type === 'table') return node.columns.map(({ title }) => title)
  return 'text' in node ? [node.text] : []
}

/** A level of fields: those of a list's rows lie over those around it. */
export type Scope = readonly DocumentFields[]
export function fieldIn(scope: Scope, name: string): DocumentField | undefined {
  return scope.find((fields) => Object.hasOwn(fields, name))?.[name]
}

function fieldFaults(nodes: readonly TemplateNode[], fields: DocumentFields): Refusal[] {
  return [...unknownFields(nodes, [fields]), ...missingFields(nodes, fields)]
}

function unknownFields(nodes: readonly TemplateNode[], scope: Scope): Refusal[] {
  const known = scope.flatMap((fields) => Object.keys(fields)).join('、')
  return nodes.flatMap((node) => {
    const { line } = node
    if (node.type === 'section') {
      const field = fieldIn(scope, node.field)
      if (field === undefined) return [refuseDocument('template_field_unknown', { line, field: node.field, known })]
      return unknownFields(node.nodes, field.kind === 'list' && !node.whenEmpty ? [field.fields, ...scope] : scope)
    }
    const faults = textsOf(node).flatMap((text) =>
      [...text.matchAll(placeholder)].flatMap(([, name = '', capitals]) => {
        const field = fieldIn(scope, name)
        if (field === undefined) return [refuseDocument('template_field_unknown', { line, field: name, known })]
        if (field.kind === 'list') return [refuseDocument('template_list_outside_section', { line, field: name })]
        if (capitals !== undefined && field.kind !== 'money')
          return [refuseDocument('template_capitals_of_text', { line, field: name })]
        return []
      }),
    )
    return node.type === 'table' ? [...faults, ...unknownFields(node.rows, scope)] : faults
  })
}

/** Required fields must be printed whatever the values are: outside sections, or in the section of their own list. */
function missingFields(nodes: readonly TemplateNode[], fields: DocumentFields): Refusal[] {
  const unconditional = nodes.flatMap((node) => (node.type === 'table' ? [node, ...node.rows] : [node]))
  const printed = new Set(
    unconditional.flatMap((node) =>
      textsOf(node).flatMap((text) => [...text.matchAll(placeholder)].map(([, name]) => name)),
    ),
  )
  return Object.entries(fields).flatMap(([name, field]) => {
    const { zh, en } = field
    const missing = refuseDocument('template_field_missing', { field: name, zh, en })
    if (field.kind !== 'list') return field.required && !printed.has(name) ? [missing] : []
    const sections = unconditional.filter((node) => node.type === 'section' && node.field === name && !node.whenEmpty)
    if (sections.length === 0) return field.required ? [missing] : []
    return missingFields(
      sections.flatMap((node) => (node.type === 'section' ? node.nodes : [])),
      field.fields,
    )
  })
}

/** The template with its fields as comments above it: what a person edits and proposes. */
export function templateForEditing(kind: DocumentKind, text: string): string {
  const list = (fields: DocumentFields, indent: string): string[] =>
    Object.entries(fields).flatMap(([name, field]) => [
      `//${indent}{{${field.kind === 'list' ? '#' : ''}${name}}}  ${field.zh} ${field.en}${field.required ? '  必备 required' : ''}${field.kind === 'money' ? `  大写 capitals: {{${name}|capitals}}` : ''}`,
      ...(field.kind === 'list' ? list(field.fields, `${indent}  `) : []),
    ])
  const body = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('//'))
    .join('\n')
    .trim()
  const [first = '', ...rest] = body.split('\n')
  return [
    first,
    `// ${kind.zh} ${kind.en}`,
    '// # 标题 title   = 文号 number   @ 主送 addressee   ## 小标题 heading   - 顶格 flush line   ~ 小字 note',
    '// >> 署名与日期 signature   ! 红头 letterhead   --- 横线 rule   === 换页 page break   | 表格 table |   // 注释 comment',
    '// {{#字段}} … {{/字段}} 有值时（列表逐项）  {{^字段}} … {{/字段}} 无值时  sections, each mark on its own line',
    ...list(kind.fields, ' '),
    ...rest,
    '',
  ].join('\n')
}
