import { crc32, inflateRawSync } from 'node:zlib'

/** One file of a zip, as the central directory at its end describes it. */
export interface ZipEntry {
  readonly name: string
  readonly encrypted: boolean
  readonly method: number
  readonly crc: number
  readonly storedBytes: number
  readonly fullBytes: number
  readonly headerAt: number
}

const endSignature = 0x06054b50
const directorySignature = 0x02014b50
const localSignature = 0x04034b50
const wideSize = 0xffffffff

/** Reads the directory of a zip; `undefined` where it is damaged. Sizes are only what the file claims. */
export function readZipDirectory(bytes: Buffer): ZipEntry[] | undefined {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== endSignature) return undefined
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== directorySignature) return undefined
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
    if (extraEnd > end) return undefined
    const wide = wideSizes(bytes.subarray(nameEnd, extraEnd))
    const sizeOf = (offset: number): number => {
      const size = bytes.readUInt32LE(at + offset)
      return size === wideSize ? (wide.shift() ?? Number.NaN) : size
    }
    const fullBytes = sizeOf(24)
    const storedBytes = sizeOf(20)
    const headerAt = sizeOf(42)
    if (!Number.isSafeInteger(fullBytes + storedBytes + headerAt)) return undefined
    entries.push({
      name: bytes.toString('utf8', at + 46, nameEnd),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      storedBytes,
      fullBytes,
      headerAt,
    })
    at = extraEnd + bytes.readUInt16LE(at + 32)
  }
  return entries
}

// The Zip64 field (0x0001) lists, in order, the sizes that did not fit 32 bits; streaming writers always use it.
function wideSizes(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1 && at + 4 + length <= extra.length) {
      const sizes: number[] = []
      for (let field = at + 4; field + 8 <= at + 4 + length; field += 8)
        sizes.push(Number(extra.readBigUInt64LE(field)))
      return sizes
    }
    at += 4 + length
  }
  return []
}

/**
 * The content of one entry; `undefined` where it is damaged, or inflates to more than the directory claims: the claim
 * was checked against the limits, so inflation stops there.
 */
export function readZipEntry(bytes: Buffer, entry: ZipEntry): Buffer | undefined {
  const at = entry.headerAt
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== localSignature) return undefined
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  const stored = bytes.subarray(start, start + entry.storedBytes)
  const content = entry.method === 0 ? stored : entry.method === 8 ? inflated(stored, entry.fullBytes) : undefined
  return content?.length === entry.fullBytes && crc32(content) === entry.crc ? content : undefined
}

function inflated(stored: Buffer, limit: number): Buffer | undefined {
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(limit, 1) })
  } catch {
    return undefined
  }
}

/** A zip without compression, holding exactly these contents. */
export function storedZip(contents: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, content] of contents) {
    const nameBytes = Buffer.from(name)
    // The fields that the local header and the directory share: version … name length, no extra field.
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x0800, 2)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(content.length, 14)
    shared.writeUInt32LE(content.length, 18)
    shared.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.alloc(4)
    local.writeUInt32LE(localSignature)
    parts.push(local, shared, nameBytes, content)
    const listed = Buffer.alloc(6)
    listed.writeUInt32LE(directorySignature)
    listed.writeUInt16LE(20, 4)
    const placed = Buffer.alloc(14)
    placed.writeUInt32LE(at, 10)
    directory.push(listed, shared, placed, nameBytes)
    at += 30 + nameBytes.length + content.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(endSignature)
  end.writeUInt16LE(contents.size, 8)
  end.writeUInt16LE(contents.size, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listing, end])
}
