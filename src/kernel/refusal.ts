import { withThousands } from './decimal.ts'

/**
 * An expected "no" is a value with a code; a bug throws. Each stage lists its codes in a table beside its nouns, with a
 * sentence in Chinese and in English; the kind decides what HTTP, the CLI and pages answer.
 */
export type RefusalKind = keyof typeof refusalKinds

/** The one place where a kind of refusal becomes an HTTP status and a CLI exit code (sysexits), with a title for people. */
export const refusalKinds = {
  usage: { httpStatus: 400, exitCode: 64, zh: '写法不对', en: 'Wrong usage' },
  invalid: { httpStatus: 422, exitCode: 65, zh: '内容不合要求', en: 'Content refused' },
  missing: { httpStatus: 404, exitCode: 66, zh: '没有找到', en: 'Not found' },
  unavailable: { httpStatus: 503, exitCode: 69, zh: '暂时不可用', en: 'Unavailable' },
  conflict: { httpStatus: 409, exitCode: 75, zh: '与现状冲突', en: 'Conflict' },
  forbidden: { httpStatus: 403, exitCode: 77, zh: '无权办理', en: 'Forbidden' },
  // Only a request can be refused for these.
  unauthenticated: { httpStatus: 401, exitCode: 77, zh: '未登录', en: 'Not signed in' },
  method: { httpStatus: 405, exitCode: 64, zh: '方法不对', en: 'Method not allowed' },
  changed: { httpStatus: 412, exitCode: 75, zh: '已经变动', en: 'Changed meanwhile' },
  too_large: { httpStatus: 413, exitCode: 65, zh: '太大', en: 'Too large' },
  media_type: { httpStatus: 415, exitCode: 65, zh: '内容类型不受理', en: 'Media type not taken' },
  condition_missing: { httpStatus: 428, exitCode: 64, zh: '缺少前提条件', en: 'Precondition missing' },
  bug: { httpStatus: 500, exitCode: 70, zh: '程序出错', en: 'Program error' },
} as const

/** Sentences hold `{name}` where a parameter goes. They say what, where and the remedy. */
export interface RefusalEntry {
  readonly kind: RefusalKind
  /** What a page calls it, where the words of its kind would say something else than what is the matter. */
  readonly title?: { readonly zh: string; readonly en: string }
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

  /** What it is called above the sentence. */
  get title(): { readonly zh: string; readonly en: string } {
    return this.entry.title ?? refusalKinds[this.entry.kind]
  }

  /** The sentence for people. */
  sentence(language: 'zh' | 'en'): string {
    return fillSentence(this.entry[language], this.parameters)
  }
}

/**
 * Puts parameters into a sentence; a missing one stays visible as `{name}`. A plain number before `m³`, `元` or `yuan` gets
 * its thousands separators, and of `{rows} [row|rows]` the first word stands after 1, the second after any other count.
 */
export function fillSentence(template: string, parameters: RefusalParameters): string {
  return template.replace(
    /\{(\w+)\}(?: \[([^|\]]+)\|([^|\]]+)\])?(?=( (?:m³|元|yuan))?)/g,
    (whole, name: string, one: string | undefined, many: string | undefined, unit: string | undefined) => {
      const value = parameters[name]
      if (value === undefined) return whole
      const text = String(value)
      if (one !== undefined) return `${text} ${text === '1' ? one : many}`
      return unit !== undefined && /^-?\d+(?:\.\d+)?$/.test(text) ? withThousands(text) : text
    },
  )
}

/** Sentences one after the other, each with its own stop: nothing stands between them but what the language asks for. */
export function inOneLine(sentences: readonly string[], language: 'zh' | 'en'): string {
  return sentences.filter((each) => each !== '').join(language === 'zh' ? '' : ' ')
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
