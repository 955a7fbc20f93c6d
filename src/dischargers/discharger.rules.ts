import type { CivilDate, Validity } from '../kernel/calendar.ts'
import { type CreditCode, creditCodeFault, parseCreditCode } from '../kernel/credit-code.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { DischargerKind } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'

const letterOrDigit = /[0-9ABCDEFGHJKLMNPQRTUWXY]/

/** Which part of a text keeps it from being a credit code (GB 32100-2015); `undefined` where nothing does. */
export function creditCodeRefusal(value: string): Refusal | undefined {
  switch (creditCodeFault(value)) {
    case undefined:
      return undefined
    case 'wrong_length':
      return refuse('credit_code_length', { value, length: [...value].length })
    case 'wrong_character': {
      // Characters 3 to 8 are the administrative division and therefore digits.
      const position = [...value].findIndex((character, index) =>
        index >= 2 && index <= 7 ? !/\d/.test(character) : !letterOrDigit.test(character),
      )
      const inDivision = position >= 2 && position <= 7
      return refuse('credit_code_character', {
        value,
        position: position + 1,
        character: [...value][position] ?? '',
        expected: inDivision ? '第 3 至 8 位是行政区划码，须为数字' : '这里须为数字或大写字母（无 I、O、Z、S、V）',
        expectedEn: inDivision
          ? 'characters 3 to 8 are the code of the division, all digits'
          : 'it must be a digit or a capital other than I, O, Z, S and V',
      })
    }
    case 'wrong_check_character':
      return refuse('credit_code_check', { value })
  }
}

/** Which kinds have a credit code: an enterprise must, a resident cannot, the others may. Answers the code as checked. */
export function creditCodeOf(kind: DischargerKind, text: string): CreditCode | null | Refusal {
  if (text === '') return kind === 'enterprise' ? refuse('credit_code_needed') : null
  if (kind === 'resident') return refuse('credit_code_of_resident', { value: text })
  return creditCodeRefusal(text) ?? parseCreditCode(text) ?? refuse('credit_code_check', { value: text })
}

/** A credit code as people type it: spaces and hyphens go, small letters become capitals. */
export function tidyCreditCode(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase()
}

/** Validities are half-open; one that ends on the day it begins never held. */
export function validityRefusal(validity: Validity): Refusal | undefined {
  const { from, until } = validity
  return until !== null && until < from ? refuse('validity_ends_before_it_begins', { from, until }) : undefined
}

/** A validity is ended once, and not before it began (decision 19). */
export function endRefusal(what: string, validity: Validity, until: CivilDate): Refusal | undefined {
  if (validity.until !== null) return refuse('already_ended', { what, until: validity.until })
  return validityRefusal({ from: validity.from, until })
}

export interface AgreementTerm {
  readonly agreementNo: string
  readonly validity: Validity
}

/** One agreement at a time per discharger, and none in force before it was signed. */
export function agreementTermRefusal(
  agreement: AgreementTerm & { readonly signedOn: CivilDate; readonly dischargerName: string },
  others: readonly AgreementTerm[],
): Refusal | undefined {
  const { validity, signedOn } = agreement
  const reversed = validityRefusal(validity)
  if (reversed !== undefined) return reversed
  if (validity.from < signedOn) return refuse('agreement_before_signing', { from: validity.from, signedOn })
  const other = others.find((each) => overlaps(each.validity, validity))
  if (other === undefined) return undefined
  return refuse('agreement_overlaps', {
    discharger: agreement.dischargerName,
    agreementNo: other.agreementNo,
    from: other.validity.from,
  })
}

export interface OutletTerm {
  readonly outletNo: string
  readonly validity: Validity
}

/** One outlet per discharger in principle: a further one at the same time needs the reason of the exception (art. 7). */
export function outletRefusal(
  outlet: OutletTerm & { readonly dischargerCode: string; readonly exceptionReason: string },
  others: readonly OutletTerm[],
): Refusal | undefined {
  const { dischargerCode: code, validity } = outlet
  const reversed = validityRefusal(validity)
  if (reversed !== undefined) return reversed
  const atTheSameTime = others.filter((each) => overlaps(each.validity, validity))
  const same = atTheSameTime.find((each) => each.outletNo === outlet.outletNo)
  if (same !== undefined) return refuse('outlet_taken', { code, outletNo: outlet.outletNo, from: same.validity.from })
  const first = atTheSameTime[0]
  if (first === undefined || outlet.exceptionReason !== '') return undefined
  return refuse('second_outlet_needs_reason', { code, outletNo: first.outletNo })
}

/** Whether two validities have a day in common; one that never held overlaps nothing. */
export function overlaps(a: Validity, b: Validity): boolean {
  const from = a.from > b.from ? a.from : b.from
  return (a.until === null || from < a.until) && (b.until === null || from < b.until)
}
