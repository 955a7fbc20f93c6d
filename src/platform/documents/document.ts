import type { CivilDate } from '../../kernel/calendar.ts'
import type { Refusal } from '../../kernel/refusal.ts'

/** How a field is written on paper: `money` 17,283.00, `volume` 12,345, `date` 2026年4月10日. */
export type FieldKind = 'text' | 'date' | 'money' | 'volume'

interface Named {
  readonly zh: string
  readonly en: string
  /** A template without it is refused, and so is a document whose value is empty: the legal basis, the remedies … */
  readonly required: boolean
}
export interface SingleField extends Named {
  readonly kind: FieldKind
  /** Shown in a preview, in the form a value has: `17283.00`, `2026-04-10`. */
  readonly example: string
}
const fieldOf =
  (kind: FieldKind) =>
  (zh: string, en: string, example: string, required = true): SingleField => ({ kind, zh, en, required, example })
/** Fields as the stages list them, each with what a preview shows. */
export const [textField, dateField, amountField, volumeField] = [
  fieldOf('text'),
  fieldOf('date'),
  fieldOf('money'),
  fieldOf('volume'),
]
/** Rows of a table, or paragraphs that repeat. */
export interface ListField extends Named {
  readonly kind: 'list'
  readonly fields: Readonly<Record<string, SingleField | ListField>>
  readonly example: readonly FieldValues[]
}
export type DocumentField = SingleField | ListField
export type DocumentFields = Readonly<Record<string, DocumentField>>

/** A value by field, as plain JSON: money, volumes and dates as text in their own form, nothing as ''. */
export interface FieldValues {
  readonly [field: string]: string | readonly FieldValues[]
}

/** A kind of document that a stage makes: what it can say, and the text it says it in unless the office has its own. */
export interface DocumentKind {
  /** `stage.document`, e.g. `bills.bill`. */
  readonly name: string
  readonly zh: string
  readonly en: string
  readonly fields: DocumentFields
  /** The shipped template, in the format of README.md. */
  readonly template: string
}

/** `official`: a letter in the measures of GB/T 9704 (三号, 22 lines a page); `statement`: dense, for tables. */
export const layouts = ['official', 'statement'] as const
export type Layout = (typeof layouts)[number]

export type Alignment = 'left' | 'center' | 'right'
export interface Column {
  readonly title: string
  readonly alignment: Alignment
  /** Share of the table's width. */
  readonly weight: number
}

/** What is printed, from top to bottom; plain text without marks. */
export type Block =
  | { readonly type: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] }
  | { readonly type: 'signature'; readonly lines: readonly string[] }
  | { readonly type: 'rule' | 'page-break' }
  | { readonly type: TextBlock; readonly text: string }
export type TextBlock = 'letterhead' | 'title' | 'number' | 'addressee' | 'heading' | 'paragraph' | 'line' | 'note'

/** A template filled with values: what a printer is given. */
export interface FilledDocument {
  readonly kind: string
  readonly title: string
  readonly layout: Layout
  /** Said in the file's own description and at the foot of a statement's pages. */
  readonly number: string
  /** The day the document carries; the file is dated by it, so that the same document is always the same bytes. */
  readonly datedOn: CivilDate
  readonly template: TemplateUsed
  readonly blocks: readonly Block[]
  /** Drawn beside the signature, where there is one. */
  readonly check?: CheckMark | undefined
}

/** How anybody can check a paper: the address a QR code leads to, and the code for whoever types it. */
export interface CheckMark {
  readonly address: string
  readonly code: string
}

/** Version 0 is the shipped template. */
export interface TemplateUsed {
  readonly version: number
  readonly digest: string
}

/**
 * Makes a file of a filled document. Entries hand it in: fonts are files, and there is a runtime without files. The
 * same document gives the same bytes. Refuses a character that the font does not have, by name.
 */
export interface DocumentPrinter {
  print(document: FilledDocument): Promise<Uint8Array | Refusal>
}
