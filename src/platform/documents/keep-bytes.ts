import type { Trx } from '../database.ts'

const chunkBytes = 1 << 20

/**
 * Keeps bytes made in memory (a document) where files are kept, so that `readStoredFile` gives them back. The same
 * bytes are kept once. It compresses with what both runtimes have.
 */
export async function keepBytes(
  trx: Trx,
  file: { readonly name: string; readonly digest: string; readonly bytes: Uint8Array },
  recordedAt: Date,
): Promise<void> {
  const { name, digest, bytes } = file
  const gzip = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream('gzip'))
  const compressed = Buffer.from(await new Response(gzip).arrayBuffer())
  const chunks = Array.from({ length: Math.ceil(compressed.length / chunkBytes) }, (_, no) => ({
    digest,
    chunk_no: no,
    gzip_bytes: compressed.subarray(no * chunkBytes, (no + 1) * chunkBytes),
  }))
  await trx
    .insertInto('stored_file_chunks')
    .values(chunks)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await trx
    .insertInto('stored_files')
    .values({ digest, name, byte_count: String(bytes.length), chunk_count: chunks.length, recorded_at: recordedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
