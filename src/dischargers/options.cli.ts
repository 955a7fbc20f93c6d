import { type Command, Option } from 'commander'
import { type CivilDate, parseCivilDate, type Validity } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type Language, malformed } from '../platform/cli.ts'

/** A date of the command line that must be there. */
export function readDay(field: string, text: string): CivilDate | Refusal {
  return parseCivilDate(text) ?? malformed(field, text, 'YYYY-MM-DD')
}

/** `表号=读数`, `户号=比例`: what stands before and after the first sign of equality. */
export function readPair(field: string, text: string, rule: string): { name: string; value: string } | Refusal {
  const pair = /^([^=＝]+)[=＝](.+)$/.exec(text)
  const [, name = '', value = ''] = pair ?? []
  return pair === null ? malformed(field, text, rule) : { name: name.trim(), value: value.trim() }
}

/** Gathers an option that may be given several times. */
export function gather(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

/** An option whose value is a code or its Chinese name. */
export function choiceOption<C extends string>(
  flags: string,
  description: string,
  names: Readonly<Record<C, { readonly zh: string }>>,
): Option {
  const codes = Object.keys(names) as C[]
  const said = codes.map((code) => `${code} ${names[code].zh}`).join('、')
  return new Option(flags, `${description}：${said}`).choices(codes.flatMap((code) => [code, names[code].zh]))
}

/** The code behind a choice that commander has checked. */
export function chosen<C extends string>(word: string, names: Readonly<Record<C, { readonly zh: string }>>): C {
  return (Object.keys(names) as C[]).find((code) => names[code].zh === word) ?? (word as C)
}

/** Adds an example below the help of a command. */
export function example(command: Command, line: string): Command {
  return command.addHelpText('after', `\n例 Example:\n  ${line}`)
}

/** A validity as people read it; the day after the arrow is the first without it. */
export function validityText({ from, until }: Validity, language: Language): string {
  if (until === null) return language === 'zh' ? `${from} 起` : `from ${from}`
  return language === 'zh' ? `${from} 至 ${until} 前` : `${from} until before ${until}`
}

/** Only the properties that were given: an absent option is absent, not undefined. */
export function given<T extends object>(options: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
