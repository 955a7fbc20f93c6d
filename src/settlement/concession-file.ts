import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { readTextFile } from '../platform/files.ts'
import type { EnteredConcession } from './concession.ts'
import { concessionShape } from './concession-shape.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/** Reads an agreement from its JSON file; what its numbers mean is checked by the command, not here. */
export async function readConcessionFile(path: string): Promise<EnteredConcession | Refusal> {
  const text = await readTextFile(path)
  if (isRefusal(text)) return text
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refuseSettlement('concession_file_unreadable', { file: path, cause: '不是 JSON (not JSON)' })
  }
  const read = concessionShape.safeParse(json)
  if (read.success) return read.data
  const cause = read.error.issues.map((issue) => `${issue.path.join('.') || '—'} ${issue.message}`).join('；')
  return refuseSettlement('concession_file_unreadable', { file: path, cause })
}
