import type { Refusal } from '../../kernel/refusal.ts'
import { refuseSignIn } from './sign-in.refusals.ts'

export const passwordLength = { minimum: 12, maximum: 128 } as const

/**
 * What people choose when they must choose something long: the commonest words, names and rows of keys, of which a password
 * may not consist. Kept small: length does the rest.
 */
const commonParts = (
  'password passwd qwertyuiop qwerty asdfghjkl zxcvbnm iloveyou welcome letmein administrator admin root login monkey ' +
  'dragon master sunshine princess football superman woaini woaiwojia woaizhongguo zhongguo beijing shanghai jiangxi ' +
  'ganzhou ganxian chengguanju gongshui wushui wushuichuli caizheng huanbao mima wodemima abcdefgh abcdefg abcdef ' +
  'abcd abc aa qazwsx qaz wsx edc rfv qwe asd zxc test user guest changeme default secret hello 5201314 1314520 520 1314 ' +
  '7758521 147258369 147258 258369 963852741 0123456789 1234567890 123456789 12345678 1234567 123456 12345 1234 123 ' +
  '987654321 87654321 654321 54321 4321 321 112233 121212 qingliu'
).split(' ')

/** Whether a text is nothing but common parts, years, repeated characters and marks between them. */
function isCommon(text: string): boolean {
  const lower = text.toLowerCase()
  // From which places on the rest is still to be covered.
  const reached = new Array<boolean>(lower.length + 1).fill(false)
  reached[0] = true
  for (let at = 0; at < lower.length; at += 1) {
    if (!reached[at]) continue
    const rest = lower.slice(at)
    const lengths = [
      /^(.)\1{2,}/.exec(rest)?.[0].length,
      /^(?:19|20)\d\d/.exec(rest)?.[0].length,
      /^[\s@!#$%._-]/.exec(rest)?.[0].length,
      ...commonParts.map((part) => (rest.startsWith(part) ? part.length : undefined)),
    ]
    for (const length of lengths) if (length !== undefined) reached[at + length] = true
  }
  return reached[lower.length] === true
}

/**
 * Refuses a password that is too short, among the commonest, or made of the person's own code, name or organisation. No
 * rule asks for kinds of characters: they make passwords harder to keep, not harder to guess.
 */
export function refusePassword(
  password: string,
  person: { readonly code: string; readonly name: string; readonly organisation: string },
): Refusal | undefined {
  const length = [...password].length
  // At the door a rare character counts for two: what is set must open it.
  if (length < passwordLength.minimum || password.length > passwordLength.maximum)
    return refuseSignIn('password_too_short', { ...passwordLength, length })
  const own = [person.code, person.name, person.organisation].filter((part) => part.length > 1)
  const without = own.reduce((left, part) => left.replaceAll(new RegExp(escaped(part), 'gi'), ''), password)
  const few = new Set(password.toLowerCase()).size < 5
  return few || [...without].length < 5 || isCommon(password) || isCommon(without)
    ? refuseSignIn('password_common')
    : undefined
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
