import { isUtf8 } from 'node:buffer'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { FileBytes } from './file-bytes.ts'
import type { TextEncoding } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'

const marks: readonly (readonly [TextEncoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
]

interface Mark {
  readonly encoding: TextEncoding
  readonly bytes: number
}

function markOf(head: Buffer): Mark | undefined {
  const found = marks.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte))
  return found && { encoding: found[0], bytes: found[1].length }
}

/**
 * Decides the encoding over the whole file before the first row is taken, so that one bad byte at the end never leaves
 * half a file read in the wrong encoding: the byte order mark, else strict UTF-8, else strict GB18030 (of which GBK and
 * GB2312 are parts). Encodings are not guessed by statistics: detectors misread short GBK texts.
 */
export async function decideEncoding(file: FileBytes, asked?: TextEncoding): Promise<TextEncoding | Refusal> {
  const mark = markOf(await file.head(4))
  if (asked !== undefined && mark !== undefined && mark.encoding !== asked) {
    return refuseTable('encoding_contradicts_mark', { file: file.name, marked: mark.encoding, asked })
  }
  const certain = mark?.encoding ?? asked
  const fault = await firstFault(file, certain ?? 'utf-8')
  if (fault === undefined) return certain ?? 'utf-8'
  if (isRefusal(fault)) return fault
  const before = await describeBytesBefore(file, fault.offset, certain ?? 'utf-8')
  const where = { file: file.name, line: before.line, offset: fault.offset + 1 }
  if (fault.zero) return refuseTable('zero_byte', where)
  if (certain !== undefined) return refuseTable('encoding_broken', { ...where, encoding: certain })
  // GBK text does not form this many valid three-byte sequences by chance: it is UTF-8 that was damaged, and reading it
  // as GB18030 would succeed with nonsense characters.
  if (before.wideCharacters >= 16) return refuseTable('encoding_broken', { ...where, encoding: 'utf-8' })
  const gbFault = await firstFault(file, 'gb18030')
  if (gbFault === undefined) return 'gb18030'
  if (isRefusal(gbFault)) return gbFault
  const beforeGb = await describeBytesBefore(file, gbFault.offset, 'gb18030')
  if (gbFault.zero)
    return refuseTable('zero_byte', { file: file.name, line: beforeGb.line, offset: gbFault.offset + 1 })
  return refuseTable('encoding_unknown', {
    file: file.name,
    utf8Line: before.line,
    utf8Offset: fault.offset + 1,
    gbLine: beforeGb.line,
    gbOffset: gbFault.offset + 1,
  })
}

const longestLineBytes = 16 * 1024 * 1024

/**
 * The bytes in pieces that end at line ends, so that each can be checked and decoded by itself. Neither UTF-8 nor
 * GB18030 uses the bytes of line ends inside a character.
 */
async function* lineBlocks(file: FileBytes, encoding: TextEncoding): AsyncGenerator<Buffer | Refusal> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  for await (const chunk of file.chunks()) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const end = endOfLastLine(bytes, encoding)
    if (end === 0 && bytes.length > longestLineBytes) {
      const { line } = await describeBytesBefore(file, offset, encoding)
      yield refuseTable('line_too_long', { file: file.name, line, limit: longestLineBytes / 1024 / 1024 })
      return
    }
    rest = bytes.subarray(end)
    if (end === 0) continue
    yield bytes.subarray(0, end)
    offset += end
  }
  if (rest.length > 0) yield rest
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

function endOfLastLine(bytes: Buffer, encoding: TextEncoding): number {
  if (encoding === 'utf-8' || encoding === 'gb18030') {
    return Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1
  }
  for (let at = bytes.length - 1; at >= 0; at -= 1) if (isLineFeed(bytes, at, encoding)) return at + 2
  return 0
}

// In UTF-16 the byte of a line feed also stands inside characters such as 上 (4E 0A); pieces begin at even places.
function isLineFeed(bytes: Buffer, at: number, encoding: TextEncoding): boolean {
  if (encoding === 'utf-16le') return at % 2 === 0 && bytes[at] === lineFeed && bytes[at + 1] === 0
  if (encoding === 'utf-16be') return at % 2 === 0 && bytes[at] === 0 && bytes[at + 1] === lineFeed
  return bytes[at] === lineFeed
}

/** A piece of the file that ends at a line end; UTF-8 stays bytes, which is what the CSV parser takes. */
export interface TextBlock {
  readonly text: Buffer | string
  /** Of the file, the byte order mark included. */
  readonly bytes: number
}

/**
 * The text of the file in pieces, without its byte order mark. The encoding was checked over the whole file before, so
 * a fault met here means that somebody writes to it, and is refused.
 */
export async function* textBlocks(file: FileBytes, encoding: TextEncoding): AsyncGenerator<TextBlock | Refusal> {
  let mark = markOf(await file.head(4))?.bytes ?? 0
  for await (const block of lineBlocks(file, encoding)) {
    if (isRefusal(block)) {
      yield block
      return
    }
    const text = decodeSound(block.subarray(mark), encoding)
    if (text === undefined) {
      yield refuseTable('file_changed', { file: file.name })
      return
    }
    yield { text, bytes: block.length }
    mark = 0
  }
}

function decodeSound(block: Buffer, encoding: TextEncoding): Buffer | string | undefined {
  if (encoding === 'utf-8') return isUtf8(block) ? block : undefined
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(block)
  } catch {
    return undefined
  }
}

interface Fault {
  readonly offset: number
  readonly zero: boolean
}

async function firstFault(file: FileBytes, encoding: TextEncoding): Promise<Fault | Refusal | undefined> {
  let offset = 0
  for await (const block of lineBlocks(file, encoding)) {
    if (isRefusal(block)) return block
    const zeroAt = encoding === 'utf-8' || encoding === 'gb18030' ? block.indexOf(0) : -1
    if (decodeSound(block, encoding) === undefined) {
      const badAt = soundBytes(block, encoding)
      if (zeroAt < 0 || badAt < zeroAt) return { offset: offset + badAt, zero: false }
    }
    if (zeroAt >= 0) return { offset: offset + zeroAt, zero: true }
    offset += block.length
  }
  return undefined
}

/** How many bytes of a faulty piece decode without fault: up to the character that is wrong or cut short. */
function soundBytes(block: Buffer, encoding: TextEncoding): number {
  const decodes = (length: number, complete: boolean): boolean => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(block.subarray(0, length), { stream: !complete })
      return true
    } catch {
      return false
    }
  }
  let sound = 0
  let faulty = block.length + 1
  while (faulty - sound > 1) {
    const middle = (sound + faulty) >> 1
    if (decodes(middle, false)) sound = middle
    else faulty = middle
  }
  // The last bytes that decode may only open the character that goes wrong.
  while (sound > 0 && !decodes(sound, true)) sound -= 1
  return sound
}

/** The line of a byte, and how many characters of three or four bytes UTF-8 has before it. */
async function describeBytesBefore(
  file: FileBytes,
  offset: number,
  encoding: TextEncoding,
): Promise<{ line: number; wideCharacters: number }> {
  let line = 1
  let wideCharacters = 0
  let left = offset
  for await (const chunk of file.chunks()) {
    const before = chunk.subarray(0, left)
    for (let at = 0; at < before.length; at += 1) {
      if (isLineFeed(before, at, encoding)) line += 1
      else if ((before[at] ?? 0) >= 0xe0) wideCharacters += 1
    }
    left -= chunk.length
    if (left <= 0) break
  }
  return { line, wideCharacters }
}
