import type { Refusal } from '../kernel/refusal.ts'
import { refusePlatform } from './platform.refusals.ts'

type UsageCode =
  | 'option_unknown'
  | 'option_required'
  | 'option_without_value'
  | 'option_value_unknown'
  | 'argument_missing'
  | 'arguments_too_many'
  | 'command_unknown'

// The sentences of commander 14, which says them in English only.
const sentences: readonly (readonly [UsageCode, RegExp, ...string[]])[] = [
  ['option_unknown', /^unknown option '([\s\S]*?)'(?:\n|$)/, 'option'],
  ['option_required', /^required option '(.*)' not specified/, 'option'],
  ['option_without_value', /^option '(.*)' argument missing/, 'option'],
  [
    'option_value_unknown',
    /^option '(.*)' (?:argument|value) '([\s\S]*)' .*\. Allowed choices are (.*)\./,
    'option',
    'value',
    'choices',
  ],
  ['argument_missing', /^missing required argument '(.*)'/, 'argument'],
  ['arguments_too_many', /^too many arguments.* Expected (\d+) arguments? but got (\d+)/, 'expected', 'given'],
  ['command_unknown', /^unknown command '([\s\S]*?)'(?:\n|$)/, 'command'],
]

/** What the argument parser complains of, as a refusal in both languages that names what was typed. */
export function usageRefusal(complaint: string): Refusal {
  const said = complaint.replace(/^error: /, '').trim()
  for (const [code, pattern, ...names] of sentences) {
    const found = pattern.exec(said)
    if (found !== null) {
      const parameters = Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']))
      return refusePlatform(code, { ...parameters, ...likely(code, said) })
    }
  }
  return refusePlatform('command_line_wrong', { cause: said })
}

/** What the parser takes for the meant word, for the sentences that can say it. */
function likely(code: UsageCode, said: string): { likelyZh: string; likelyEn: string } | undefined {
  if (code !== 'option_unknown' && code !== 'command_unknown') return undefined
  const meant = /\(Did you mean (?:one of )?(.*)\?\)/.exec(said)?.[1]
  return meant === undefined
    ? { likelyZh: '', likelyEn: '' }
    : { likelyZh: `是否指 ${meant}？`, likelyEn: ` Did you mean ${meant}?` }
}
