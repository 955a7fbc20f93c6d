/** One reason for what became of a file's row; sentences are made from the code when shown, in either language. */
export interface RowReason {
  readonly code: string
  readonly column?: string
  readonly value?: string
  readonly parameters?: Readonly<Record<string, string | number>>
}
