import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGunzip, createGzip } from 'node:zlib'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db, Trx } from './database.ts'
import { refusePlatform } from './platform.refusals.ts'
import { type FileBytes, openBytes } from './tables/file-bytes.ts'
import { tableLimits } from './tables/read-table.ts'
import type { TextEncoding } from './tables/table-file.ts'
import { refuseTable } from './tables/tables.refusals.ts'
import { decideEncoding, textBlocks } from './tables/text-encoding.ts'
import { refuseUnwritable } from './tables/unwritable-file.ts'

/** A file on disk that a command was given. */
export interface GivenFile {
  readonly path: string
  readonly name: string
  readonly digest: string
  readonly byteCount: number
}

/**
 * Reads a file once for its SHA-256 and size. Refuses one that is not there, is a folder or may not be read, and, before
 * reading it, one that is larger than any table we take.
 */
export async function examineFile(path: string): Promise<GivenFile | Refusal> {
  const file = await openWithin(path, tableLimits.textBytes)
  if (isRefusal(file)) return file
  const hash = createHash('sha256')
  for await (const bytes of file.chunks()) hash.update(bytes)
  return { path, name: file.name, digest: hash.digest('hex'), byteCount: file.size }
}

const scanBytes = 64 * 1024 * 1024

/** A file in memory with its digest: a scanned paper. */
export interface WholeFile {
  readonly name: string
  readonly digest: string
  readonly bytes: Uint8Array
}

/** Reads a scanned paper whole. Refuses what `examineFile` refuses, one without a byte, and more than 64 MB. */
export async function readWholeFile(path: string): Promise<WholeFile | Refusal> {
  const file = await openWithin(path, scanBytes)
  if (isRefusal(file)) return file
  const pieces: Uint8Array[] = []
  for await (const bytes of file.chunks()) pieces.push(bytes)
  const bytes = Buffer.concat(pieces)
  if (bytes.length === 0) return refusePlatform('evidence_empty', { file: file.name })
  return { name: file.name, digest: createHash('sha256').update(bytes).digest('hex'), bytes }
}

const textFileBytes = 16 * 1024 * 1024

/**
 * A small text file a person hands to a command (JSON, a list), in UTF-8 or GB18030, or in the one that is asked for.
 * Refuses what `examineFile` refuses, more than 16 MB, and bytes that are text in neither encoding: a name would be stored
 * as question marks.
 */
export async function readTextFile(path: string, asked?: TextEncoding): Promise<string | Refusal> {
  const file = await openWithin(path, textFileBytes)
  if (isRefusal(file)) return file
  const encoding = await decideEncoding(file, asked)
  if (isRefusal(encoding)) return encoding
  let text = ''
  for await (const block of textBlocks(file, encoding)) {
    if (isRefusal(block)) return block
    text += block.text.toString()
  }
  return text
}

async function openWithin(path: string, limit: number): Promise<FileBytes | Refusal> {
  const file = await openBytes({ path, name: path.split(/[\\/]/).at(-1) ?? path })
  if (isRefusal(file) || file.size <= limit) return file
  return refuseTable('file_too_large', { file: file.name, size: inMegabytes(file.size), limit: inMegabytes(limit) })
}

const inMegabytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024)

const chunkBytes = 1 << 20

/** Keeps the file's bytes, compressed, beside the facts that came from it. The same bytes are kept once. */
export async function storeFile(trx: Trx, file: GivenFile, recordedAt: Date): Promise<void> {
  const known = await trx
    .selectFrom('stored_files')
    .select('digest')
    .where('digest', '=', file.digest)
    .executeTakeFirst()
  if (known !== undefined) return
  let chunkNo = 0
  let pending: Buffer[] = []
  let pendingBytes = 0
  const flush = async () => {
    if (pendingBytes === 0) return
    await trx
      .insertInto('stored_file_chunks')
      .values({ digest: file.digest, chunk_no: chunkNo, gzip_bytes: Buffer.concat(pending, pendingBytes) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    chunkNo += 1
    pending = []
    pendingBytes = 0
  }
  const compressed = createReadStream(file.path, { highWaterMark: 1 << 18 }).pipe(createGzip({ level: 1 }))
  for await (const bytes of compressed) {
    pending.push(bytes as Buffer)
    pendingBytes += (bytes as Buffer).length
    if (pendingBytes >= chunkBytes) await flush()
  }
  await flush()
  await trx
    .insertInto('stored_files')
    .values({
      digest: file.digest,
      name: file.name,
      byte_count: String(file.byteCount),
      chunk_count: chunkNo,
      recorded_at: recordedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The bytes of a kept file as they came, in order. */
export async function* readStoredFile(db: Db | Trx, digest: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const file = await db.selectFrom('stored_files').selectAll().where('digest', '=', digest).executeTakeFirstOrThrow()
  const feed = (async () => {
    for (let chunkNo = 0; chunkNo < file.chunk_count; chunkNo += 1) {
      const chunk = await db
        .selectFrom('stored_file_chunks')
        .select('gzip_bytes')
        .where('digest', '=', digest)
        .where('chunk_no', '=', chunkNo)
        .executeTakeFirstOrThrow()
      gunzip.write(chunk.gzip_bytes)
    }
    gunzip.end()
  })()
  // A chunk that is missing ends the reading with its error; nobody would wake it otherwise.
  feed.catch((error: Error) => gunzip.destroy(error))
  for await (const bytes of gunzip) yield bytes as Buffer
  await feed
}

/** A kept file as it came, whole: for papers, which are small. */
export async function wholeStoredFile(db: Db | Trx, digest: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of readStoredFile(db, digest)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Writes a whole file beside its name first, so that a crash leaves no half of it. Refuses a place it may not write. */
export async function writeWholeFile(path: string, content: Uint8Array | string): Promise<Refusal | undefined> {
  try {
    await writeFile(`${path}.partial`, content)
    await rename(`${path}.partial`, path)
    return undefined
  } catch (error) {
    await rm(`${path}.partial`, { force: true })
    return refuseUnwritable(path, error)
  }
}

/** Copies a file of the program into the folder of another file, and answers where it is. */
export async function copyBeside(path: string, program: URL): Promise<string> {
  const copy = join(dirname(path), basename(fileURLToPath(program)))
  await copyFile(program, copy)
  return copy
}
