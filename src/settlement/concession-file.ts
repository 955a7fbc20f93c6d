import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { readJsonFile } from '../platform/json-file.ts'
import type { EnteredConcession } from './concession.ts'
import { concessionShape } from './concession-shape.ts'
import { refuseSettlement } from './settlement.refusals.ts'

/** Reads an agreement from its JSON file; what its numbers mean is checked by the command, not here. */
export async function readConcessionFile(path: string): Promise<EnteredConcession | Refusal> {
  const read = await readJsonFile(path, concessionShape)
  if (isRefusal(read)) return read
  return 'value' in read ? read.value : refuseSettlement('concession_file_unreadable', { file: path, ...read })
}
