import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../command.ts'
import type { Db, Trx } from '../database.ts'
import { officeName } from '../documents/office.queries.ts'
import { composed } from './compose.ts'
import type { MessageKind } from './message.ts'

/** From when on what a day says may go out: at once, whenever it was written. */
export const beginningOf = (day: CivilDate) => sql`(${day}::date::timestamp at time zone 'Asia/Shanghai')`

/** The rows of a kind beside the contacts of their recipients on a day. */
const addressed = (kind: MessageKind, rows: RawBuilder<unknown>, day: CivilDate) => sql`
  (${rows}) t join contacts c on ${kind.to === 'discharger' ? sql`c.discharger_id` : sql`c.organisation_id`} = t.recipient_id
    and c.valid_from <= ${day}::date and (c.valid_until is null or c.valid_until > ${day}::date)`

/** Whether a kind has anything to tell on a day that was not told before. */
export async function anythingToTell(db: Db | Trx, kind: MessageKind, day: CivilDate): Promise<boolean> {
  const rows = await kind.rows(db, day)
  if (rows === undefined) return false
  const { rows: found } = await sql`
    select from ${addressed(kind, rows, day)} where not exists (
      select from messages m where m.kind = ${kind.name} and m.subject = t.subject
        and m.channel = c.channel and m.address = c.address) limit 1`.execute(db)
  return found.length > 0
}

/**
 * Writes what a kind has to tell on a day to everybody who can be reached and was not told before, by one statement, and
 * puts it into the queue. The command is about the kind and its day alone, so that a repeat is the same command.
 */
export async function makeMessages(
  services: Services,
  envelope: Envelope,
  kind: MessageKind,
): Promise<CommandAnswer<{ made: number }> | Refusal> {
  const command = { name: 'outbox.make-messages', zh: '生成通知' } as const
  const about = { kind: kind.name, day: services.clock.today() }
  return runCommand(services, envelope, command, about, async ({ trx, commandId, recordedAt, today }) => {
    const rows = await kind.rows(trx, today)
    if (rows === undefined) return { made: 0 }
    const { title, body } = composed(kind, await officeName(trx))
    const { rows: made } = await sql<{ made: number }>`
      with made as (
        insert into messages (kind, subject, contact_id, channel, address, language, title, body, made_on, command_id, recorded_at)
        select ${kind.name}, t.subject, c.id, c.channel, c.address, c.language, ${title}, ${body}, ${today}::date, ${commandId},
          ${recordedAt}::timestamptz
        from ${addressed(kind, rows, today)} order by t.subject, c.id
        on conflict on constraint told_once do nothing returning id, channel),
      queued as (insert into message_queue (message_id, channel, due_at) select id, channel, ${beginningOf(today)} from made)
      select count(*)::int as made from made`.execute(trx)
    return { made: made[0]?.made ?? 0 }
  })
}
