/** Documents of this stage are numbered by kind and calendar year, without gaps (decision 15). */
export const documentKinds = {
  statement: { letter: 'R', sequence: 'remittance' },
  fee: { letter: 'F', sequence: 'collection-fee' },
  reconciliation: { letter: 'Q', sequence: 'reconciliation' },
  settlement: { letter: 'Y', sequence: 'annual-settlement' },
} as const
export type DocumentKind = keyof typeof documentKinds

/** `R2026-0001`. */
export function documentNumber(kind: DocumentKind, year: number, number: number): string {
  return `${documentKinds[kind].letter}${year}-${String(number).padStart(4, '0')}`
}

export function parseDocumentNumber(
  kind: DocumentKind,
  text: string,
): { readonly year: number; readonly number: number } | undefined {
  const [, letter, year, number] = /^([A-Z])([12]\d{3})-(\d{1,8})$/.exec(text.trim().toUpperCase()) ?? []
  if (letter !== documentKinds[kind].letter) return undefined
  return { year: Number(year), number: Number(number) }
}
