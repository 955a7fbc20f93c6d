import type { Refusal, RefusalParameters } from '../kernel/refusal.ts'

/**
 * Everything that is wrong with something that was entered, as parameters of one refusal, so that a person corrects it
 * in one go: `{count}` faults, numbered line by line in `{faultsZh}` and `{faultsEn}`.
 */
export function faultList(faults: readonly Refusal[]): RefusalParameters {
  const numbered = (language: 'zh' | 'en') =>
    faults.map((fault, index) => `\n  ${index + 1}. ${fault.sentence(language)}`).join('')
  return { count: faults.length, faultsZh: numbered('zh'), faultsEn: numbered('en') }
}
