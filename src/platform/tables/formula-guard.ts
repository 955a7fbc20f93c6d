// What Excel, WPS or LibreOffice would start to calculate when a CSV is opened. Tab and CR are dropped before it looks.
const startsFormula = /^'*[=+\-@\t\r＝＋－＠]/
const apostrophe = 39
const harmlessNumber = /^-?\d+(\.\d+)?$/

/**
 * Puts an apostrophe before a text that a spreadsheet program would take for a formula (CSV injection). Plain numbers,
 * negative ones too, stay as they are. A text that already has apostrophes before such a sign gets one more, so that
 * `withoutFormulaGuard` gives back exactly what was written.
 */
export function guardFormula(text: string): string {
  return startsFormula.test(text) && !harmlessNumber.test(text) ? `'${text}` : text
}

export function hasFormulaGuard(text: string): boolean {
  return text.charCodeAt(0) === apostrophe && startsFormula.test(text)
}

/** Takes away the one apostrophe that `guardFormula` put there; every other text is returned as it is. */
export function withoutFormulaGuard(text: string): string {
  return hasFormulaGuard(text) ? text.slice(1) : text
}
