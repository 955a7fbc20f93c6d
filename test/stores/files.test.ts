import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { examineFile, readStoredFile, storeFile } from '../../src/platform/files.ts'
import { onEveryDatabase } from '../support/databases.ts'

const folder = mkdtempSync(join(tmpdir(), 'qingliu-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

onEveryDatabase('Files are kept as they came', (connection) => {
  it('gives back every byte of a file larger than a chunk, stored once however often it comes', async () => {
    const path = join(folder, 'readings.csv')
    // Bytes that hardly compress, so that they fill several chunks.
    const bytes = createHash('shake256', { outputLength: 3_000_000 }).update('any').digest()
    writeFileSync(path, bytes)
    const file = await examineFile(path)
    if (isRefusal(file)) throw new Error(file.sentence('en'))
    const { db } = connection()
    for (const time of ['first', 'again']) {
      await db.transaction().execute((trx) => storeFile(trx, file, new Date('2026-04-03T00:00:00Z')))
      const parts: Buffer[] = []
      for await (const part of readStoredFile(db, file.digest)) parts.push(part)
      expect(Buffer.concat(parts).equals(bytes), time).toBe(true)
    }
    const chunks = await db
      .selectFrom('stored_file_chunks')
      .select('chunk_no')
      .where('digest', '=', file.digest)
      .execute()
    expect(chunks.length).toBeGreaterThan(1)
  })
})
