import type { TableRefusalCode } from './tables.refusals.ts'

/** What the first bytes say the file is; extensions are never believed. A container is looked into by its reader. */
export type RecognisedFormat = 'text' | 'zip' | 'xls' | TableRefusalCode

/** Enough for every signature, and for the first tag of a page of HTML behind blank lines. */
export const headBytes = 8192

const signatures: readonly (readonly [readonly number[], RecognisedFormat])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'zip'],
  [[0x50, 0x4b, 0x05, 0x06], 'archive_file'],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'xls'],
  // Excel 2 to 5 without a container, as PowerBuilder programs of the 1990s still write it.
  [[0x09, 0x00, 0x04, 0x00], 'xls'],
  [[0x09, 0x02, 0x06, 0x00], 'xls'],
  [[0x09, 0x04, 0x06, 0x00], 'xls'],
  [[0x09, 0x08, 0x08, 0x00], 'xls'],
  [[0x09, 0x08, 0x10, 0x00], 'xls'],
  [[0x7f, 0x45, 0x4c, 0x46], 'executable_file'],
  [[0xcf, 0xfa, 0xed, 0xfe], 'executable_file'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'pdf_file'],
  [[0x89, 0x50, 0x4e, 0x47], 'image_file'],
  [[0xff, 0xd8, 0xff], 'image_file'],
  [[0x47, 0x49, 0x46, 0x38], 'image_file'],
  [[0x49, 0x49, 0x2a, 0x00], 'image_file'],
  [[0x4d, 0x4d, 0x00, 0x2a], 'image_file'],
  [[0x52, 0x61, 0x72, 0x21, 0x1a], 'archive_file'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'archive_file'],
  [[0x1f, 0x8b, 0x08], 'archive_file'],
]

/** Recognises a file by its first `headBytes` bytes. */
export function recogniseFormat(head: Buffer): RecognisedFormat {
  for (const [bytes, format] of signatures) {
    if (bytes.every((byte, index) => head[index] === byte)) return format
  }
  // "MZ" alone could begin a text; a program has zero bytes in its header.
  if (head[0] === 0x4d && head[1] === 0x5a && head.subarray(0, 128).includes(0)) return 'executable_file'
  return recogniseMarkup(head)
}

// Exports that servers name .xls although they are web pages. Read as single bytes: tags are ASCII in every encoding.
function recogniseMarkup(head: Buffer): RecognisedFormat {
  const text = head
    .toString('latin1')
    .replace(/\0/g, '')
    .replace(/^(ï»¿|ÿþ|þÿ)?\s*/, '')
    .toLowerCase()
  if (/^mime-version:/.test(text)) return 'html_as_xls'
  if (/^<\?xml/.test(text)) return /<(!doctype )?html/.test(text) ? 'html_as_xls' : 'xml_as_xls'
  if (/^(<!--[\s\S]*?-->\s*)*<(!doctype|html|head|meta|title|style|body|table|thead|tr|div|script)[\s>]/.test(text))
    return 'html_as_xls'
  return 'text'
}
