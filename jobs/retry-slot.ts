import { sql } from 'kysely'
import type { Refusal } from '../src/kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../src/platform/command.ts'
import { instantText } from './job.ts'
import { refuseJob } from './jobs.refusals.ts'
import { newestSlots } from './slots.queries.ts'

/**
 * A person has a parked slot worked once more, with a reason: the next tick begins another round of it. What the slot had
 * done before keeps its command ids and is not done twice. Refuses a slot that was never claimed or is not parked.
 */
export async function retrySlot(
  services: Services,
  envelope: Envelope,
  input: { readonly job: string; readonly dueAt: Date; readonly reason: string },
): Promise<CommandAnswer<{ job: string; dueAt: string; round: number }> | Refusal> {
  const kind = { name: 'jobs.retry-slot', zh: '重试定时任务' } as const
  const about = { job: input.job, dueAt: input.dueAt.toISOString(), reason: input.reason }
  return runCommand(services, envelope, kind, about, async ({ trx, commandId }) => {
    const at = instantText(input.dueAt)
    if (input.reason.trim() === '') return refuseJob('job_retry_needs_reason', { job: input.job, at })
    // Two persons at once: the second waits here and finds the round of the first.
    await sql`select from job_slots where job = ${input.job} and due_at = ${input.dueAt}::timestamptz for update`.execute(
      trx,
    )
    const [state] = await newestSlots(trx, { job: input.job, dueAt: input.dueAt, limit: 1 })
    if (state === undefined) return refuseJob('job_slot_missing', { job: input.job, at })
    if (state.outcome !== 'parked') return refuseJob('job_slot_not_parked', { job: input.job, at })
    const round = state.round + 1
    await sql`
      insert into job_rounds (job, due_at, round, reason, command_id)
      values (${input.job}, ${input.dueAt}::timestamptz, ${round}::int, ${input.reason.trim()}, ${commandId})`.execute(
      trx,
    )
    return { job: input.job, dueAt: at, round }
  })
}
