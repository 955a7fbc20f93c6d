/**
 * An expected "no" is a value with a code; a bug throws. Each stage lists its codes in a table beside its nouns, with a
 * sentence in Chinese and in English; the kind decides what HTTP, the CLI and pages answer.
 */
export type RefusalKind = 'usage' | 'invalid' | 'missing' | 'conflict' | 'forbidden' | 'unavailable'

/** The one place where a kind of refusal becomes an HTTP status and a CLI exit code (sysexits). */
export const refusalKinds: Record<RefusalKind, { readonly httpStatus: number; readonly exitCode: number }> = {
  usage: { httpStatus: 400, exitCode: 64 },
  invalid: { httpStatus: 422, exitCode: 65 },
  missing: { httpStatus: 404, exitCode: 66 },
  unavailable: { httpStatus: 503, exitCode: 69 },
  conflict: { httpStatus: 409, exitCode: 75 },
  forbidden: { httpStatus: 403, exitCode: 77 },
}

/** Sentences hold `{name}` where a parameter goes. They say what, where and the remedy. */
export interface RefusalEntry {
  readonly kind: RefusalKind
  readonly zh: string
  readonly en: string
}
export type RefusalTable = Readonly<Record<string, RefusalEntry>>
export type RefusalParameters = Readonly<Record<string, string | number>>

/** One "no" with what is needed to say it in either language. */
export class Refusal {
  readonly code: string
  readonly entry: RefusalEntry
  readonly parameters: RefusalParameters

  constructor(code: string, entry: RefusalEntry, parameters: RefusalParameters) {
    this.code = code
    this.entry = entry
    this.parameters = parameters
  }

  /** The sentence for people. */
  sentence(language: 'zh' | 'en'): string {
    return fillSentence(this.entry[language], this.parameters)
  }
}

/** Puts parameters into a sentence; a missing one stays visible as `{name}`. */
export function fillSentence(template: string, parameters: RefusalParameters): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    parameters[name] === undefined ? whole : String(parameters[name]),
  )
}

/** Makes a stage's `refuse` from its table, so that the compiler knows every code. */
export function refuser<T extends RefusalTable>(table: T) {
  return (code: keyof T & string, parameters: RefusalParameters = {}): Refusal => {
    const entry = table[code]
    if (entry === undefined) throw new Error(`No refusal is listed as ${code}`)
    return new Refusal(code, entry, parameters)
  }
}

export function isRefusal(value: unknown): value is Refusal {
  return value instanceof Refusal
}
