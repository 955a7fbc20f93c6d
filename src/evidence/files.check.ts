import { createHash } from 'node:crypto'
import type { Services } from '../platform/command.ts'
import { readStoredFile } from '../platform/files.ts'
import type { CheckReport, Finding } from './verification.ts'

/** Every stored file, unpacked and hashed: its bytes must give the digest that commands and imports name. */
export async function checkFiles(services: Services): Promise<CheckReport> {
  const { db } = services
  const files = await db
    .selectFrom('stored_files')
    .select(['digest', 'name', 'byte_count'])
    .orderBy('recorded_at')
    .execute()
  const findings: Finding[] = []
  for (const [index, { digest, name, byte_count }] of files.entries()) {
    const hash = createHash('sha256')
    let bytes = 0
    let broken = false
    try {
      for await (const chunk of readStoredFile(db, digest)) {
        hash.update(chunk)
        bytes += chunk.length
      }
    } catch {
      // A chunk that is missing, or bytes that no longer unpack.
      broken = true
    }
    if (broken || hash.digest('hex') !== digest || String(bytes) !== byte_count) {
      findings.push({
        table: 'stored_file_chunks',
        row: digest,
        event: null,
        zh: `文件“${name}”的内容与其摘要不符`,
        en: `the bytes of "${name}" do not give its digest`,
      })
    }
    services.progress?.({ what: '核对文件 files', done: index + 1, total: files.length })
  }
  return {
    check: 'files',
    zh: '存档文件',
    en: 'stored files',
    counted: [{ what: 'files', zh: '文件', count: files.length }],
    findings,
  }
}
