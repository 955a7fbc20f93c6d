import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { keepBytes } from '../../src/platform/documents/keep-bytes.ts'
import { examineFile, readStoredFile, readWholeFile, storeFile } from '../../src/platform/files.ts'
import { keptEvidence } from '../../src/platform/scanned-paper.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { refusedWith } from '../support/office.ts'

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

  it('takes no empty file as evidence, new or kept before', async () => {
    const path = join(folder, 'scan.pdf')
    writeFileSync(path, '')
    expect(await refusedWith(readWholeFile(path))).toBe('evidence_empty')
    const { db } = connection()
    const empty = { name: 'scan.pdf', digest: createHash('sha256').digest('hex'), bytes: new Uint8Array() }
    await db.transaction().execute((trx) => keepBytes(trx, empty, new Date('2026-04-03T00:00:00Z')))
    expect(await refusedWith(keptEvidence(db, empty.digest))).toBe('evidence_empty')
  })
})
