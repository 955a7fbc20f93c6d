import { invariant } from './invariant.ts'

declare const creditCodeBrand: unique symbol
/** A 统一社会信用代码 (GB 32100-2015) whose check character was verified. */
export type CreditCode = string & { readonly [creditCodeBrand]: true }

/** What is wrong with a text that should be a credit code; the stage that asked says it in a sentence. */
export type CreditCodeFault = 'wrong_length' | 'wrong_character' | 'wrong_check_character'

// The digits and capitals without I, O, Z, S and V, which are mistaken for 1, 0, 2, 5 and U.
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
// Registering department and kind of body, then the six digits of the administrative division, then the body's own code.
const shape = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/

/** The 18th character: 31 − Σ cᵢ·3^(i−1) mod 31, after GB 32100-2015; the weights are 3^(i−1) mod 31. */
function checkCharacter(first17: string): string {
  let sum = 0
  let weight = 1
  for (const character of first17) {
    sum += alphabet.indexOf(character) * weight
    weight = (weight * 3) % 31
  }
  return alphabet.charAt((31 - (sum % 31)) % 31)
}

/**
 * Why the text is not a credit code, or `undefined` where it is one. The text is taken as it stands: blanks, full-width
 * or small letters are for the reader of a file or a form to clear away before.
 */
export function creditCodeFault(text: string): CreditCodeFault | undefined {
  if (text.length !== 18) return 'wrong_length'
  if (!shape.test(text)) return 'wrong_character'
  return checkCharacter(text.slice(0, 17)) === text.charAt(17) ? undefined : 'wrong_check_character'
}

/** Reads a credit code; `undefined` where `creditCodeFault` has something to say. */
export function parseCreditCode(text: string): CreditCode | undefined {
  return creditCodeFault(text) === undefined ? (text as CreditCode) : undefined
}

/** Completes 17 characters with their check character, to make codes for fixtures. */
export function creditCodeWithCheck(first17: string): CreditCode {
  const code = parseCreditCode(first17 + checkCharacter(first17))
  invariant(code !== undefined, `"${first17}" holds the first 17 characters of a credit code`)
  return code
}
