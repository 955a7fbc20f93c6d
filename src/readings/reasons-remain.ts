import type { Refusal } from '../kernel/refusal.ts'
import type { RowReason } from '../kernel/row-reason.ts'
import type { CommandContext } from '../platform/command.ts'
import { reasonSentence } from './reading.reasons.ts'
import { type Judgement, needsCorrection } from './reading.rules.ts'
import { refuseReading } from './readings.refusals.ts'

/** Whether a corrected row or an entry by hand may be stored: every reason left is named, by somebody who may. */
export function reasonsRemain(
  context: CommandContext,
  what: { readonly whatZh: string; readonly whatEn: string },
  judgement: Judgement,
  accept: readonly string[],
): Refusal | undefined {
  const { reasons, draft } = judgement
  const open = reasons.filter(({ code }) => needsCorrection(code) || !accept.includes(code))
  if (open.length > 0 || draft === undefined) {
    // Where nothing is left that anybody might accept, only a correction helps.
    if (open.every(({ code }) => needsCorrection(code)))
      return refuseReading('reasons_to_correct', { ...what, ...said(reasons) })
    // Those accepted already are named too: the option is typed anew with all of them.
    const codes = new Set(reasons.map(({ code }) => code).filter((code) => !needsCorrection(code)))
    return refuseReading('reasons_remain', { ...what, ...said(reasons), codes: [...codes].join(',') })
  }
  if (reasons.length > 0 && !context.actor.roles.includes('bureau_clerk')) {
    return refuseReading('acceptance_by_bureau', {
      actor: context.actor.name,
      codes: reasons.map(({ code }) => code).join('、'),
    })
  }
  return undefined
}

/** Reasons in one line, for either language's sentence of a refusal. */
export function said(reasons: readonly RowReason[]): { reasonsZh: string; reasonsEn: string } {
  return {
    reasonsZh: reasons.map((reason) => `${reasonSentence(reason, 'zh')}（${reason.code}）`).join(''),
    reasonsEn: reasons.map((reason) => `${reasonSentence(reason, 'en')} (${reason.code})`).join(' '),
  }
}
