import { isRefusal, type Refusal } from '../src/kernel/refusal.ts'
import { runCommand } from '../src/platform/command.ts'
import type { Db, Trx } from '../src/platform/database.ts'
import { type NewNotice, notRaisedBefore, raiseNotices } from '../src/platform/notices.ts'
import { instantText, type JobContext } from './job.ts'

/**
 * Raises what a job finds worth telling and nobody was told yet, by one command of the slot; answers the subjects that
 * are new. The command is about the slot alone and finds for itself what to tell, so that a repeat is the same command.
 */
export async function tellStaff(
  context: JobContext,
  find: (db: Db | Trx) => Promise<readonly NewNotice[]>,
): Promise<readonly string[] | Refusal> {
  const { services, slot } = context
  const envelope = context.envelope('notices')
  const fresh = await notRaisedBefore(services.db, await find(services.db), envelope.commandId)
  if (fresh.length === 0) return []
  const kind = { name: 'jobs.tell-staff', zh: '发出提醒' } as const
  const about = { job: slot.job, dueAt: instantText(slot.dueAt) }
  const outcome = await runCommand(services, envelope, kind, about, async (command) => ({
    raised: await raiseNotices(command, await find(command.trx)),
  }))
  return isRefusal(outcome) ? outcome : outcome.answer.raised
}
