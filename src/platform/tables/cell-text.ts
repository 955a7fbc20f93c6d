// The common case by far, so that ten million cells cost one test each: no spaces, no full-width forms.
const alreadyNormal = /^[\x21-\x7E\u4E00-\u9FFF]*$/
const invisible = /[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/g
const anySpace = /[\s\u00A0\u3000]/g
const fullWidth = /[\uFF01-\uFF5E]/g

/**
 * A cell as people mean it: full-width letters, digits and punctuation (２０２６／３／３１) become half-width, every kind of
 * space an ordinary one, invisible marks copied from web pages go, and the ends are trimmed. This is not the whole of
 * Unicode's NFKC, which would also turn 12² into 122 and ① into 1.
 */
export function normaliseCell(text: string): string {
  if (alreadyNormal.test(text)) return text
  return text
    .replace(invisible, '')
    .replace(fullWidth, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(/\u2212/g, '-')
    .replace(/\uFFE5/g, '¥')
    .replace(anySpace, ' ')
    .trim()
}
