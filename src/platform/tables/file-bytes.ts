import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { refuseTable } from './tables.refusals.ts'

/** A table file on disk, or its bytes as an upload brought them; `name` is what people call it. */
export type TableInput =
  | { readonly path: string; readonly name: string }
  | { readonly bytes: Uint8Array; readonly name: string }

/** The bytes of a table file, read in pieces so that its size never matters to memory. */
export interface FileBytes {
  readonly name: string
  readonly size: number
  /** The first bytes, at most `count`. */
  head(count: number): Promise<Buffer>
  /** From the first byte, as often as wanted. */
  chunks(): AsyncIterable<Buffer>
  /** What another process needs to read the file itself. */
  readonly input: TableInput
}

const chunkBytes = 256 * 1024

/** Refuses what is not there, is a folder, or may not be read. */
export async function openBytes(input: TableInput): Promise<FileBytes | Refusal> {
  if ('bytes' in input) {
    const { bytes, name } = input
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return {
      name,
      size: whole.length,
      input,
      head: async (count) => whole.subarray(0, count),
      async *chunks() {
        for (let start = 0; start < whole.length; start += chunkBytes) yield whole.subarray(start, start + chunkBytes)
      },
    }
  }
  const { path, name } = input
  const head = async (count: number): Promise<Buffer> => {
    const handle = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  }
  const refused = (error: unknown): Refusal => {
    const cause = error as NodeJS.ErrnoException
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return refuseTable('file_not_found', { file: path })
    return refuseTable('file_not_readable', { file: path, cause: cause.code ?? cause.message })
  }
  const found = await stat(path).catch(refused)
  if (isRefusal(found)) return found
  if (found.isDirectory()) return refuseTable('file_is_folder', { file: path })
  if (!found.isFile()) return refuseTable('file_not_found', { file: path })
  const readable = await head(1).catch(refused)
  if (isRefusal(readable)) return readable
  return {
    name,
    size: found.size,
    input,
    head,
    chunks: () => createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>,
  }
}
