import iconv from 'iconv-lite'

export const writtenEncodings = ['utf-8', 'gbk'] as const
export type WrittenEncoding = (typeof writtenEncodings)[number]

/** Text as bytes for a partner's system; the characters that the encoding does not have are named, never replaced. */
export function encodeText(text: string, encoding: WrittenEncoding): Buffer | { readonly lacking: string } {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8')
  const bytes = iconv.encode(text, 'gbk')
  if (iconv.decode(bytes, 'gbk') === text) return bytes
  const lacking = new Set(
    [...text].filter((character) => iconv.decode(iconv.encode(character, 'gbk'), 'gbk') !== character),
  )
  return { lacking: [...lacking].join('') }
}
