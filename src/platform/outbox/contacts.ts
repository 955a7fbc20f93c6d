import { type RawBuilder, sql } from 'kysely'
import type { CivilDate } from '../../kernel/calendar.ts'
import type { DischargerId, OrganisationId } from '../../kernel/ids.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import { type CommandAnswer, type CommandContext, type Envelope, runCommand, type Services } from '../command.ts'
import type { Db, Trx } from '../database.ts'
import { addressForms, type Channel, channelNames, type Language } from './message.ts'
import { refuseOutbox } from './outbox.refusals.ts'

/** Whose contact it is. */
export interface Party {
  readonly dischargerId?: DischargerId
  readonly organisationId?: OrganisationId
  readonly name: string
}

export interface ContactEntry {
  readonly channel: Channel
  readonly address: string
  readonly language: Language
  readonly person?: string | undefined
  /** On what it may be written to. */
  readonly consent: string
  readonly from?: CivilDate | undefined
}

/**
 * Records where a party can be reached, inside a command of the stage that knows the party. Refuses a malformed address,
 * one without a word of consent, and one that is recorded already.
 */
export async function recordContact(
  context: CommandContext,
  party: Party,
  entry: ContactEntry,
): Promise<{ contact: string; address: string; from: CivilDate } | Refusal> {
  const { trx, today, commandId } = context
  const { channel } = entry
  const address = entry.address.trim().toLowerCase()
  const { form, rule } = addressForms[channel]
  if (!form.test(address)) {
    const { zh: channelZh, en: channelEn } = channelNames[channel]
    return refuseOutbox('contact_address_malformed', { address: entry.address, channelZh, channelEn, rule })
  }
  if (entry.consent.trim() === '') return refuseOutbox('contact_needs_consent', { address })
  const from = entry.from ?? today
  const { dischargerId = null, organisationId = null } = party
  const { rows: held } = await sql`
    select from contacts where discharger_id is not distinct from ${dischargerId}::bigint
      and organisation_id is not distinct from ${organisationId}::bigint and channel = ${channel} and address = ${address}
      and (valid_until is null or valid_until > ${from}::date)`.execute(trx)
  if (held.length > 0) return refuseOutbox('contact_held', { owner: party.name, address, from })
  const { rows } = await sql<{ id: string }>`
    insert into contacts (discharger_id, organisation_id, channel, address, language, person, consent, valid_from, command_id)
    values (${dischargerId}::bigint, ${organisationId}::bigint, ${channel}, ${address}, ${entry.language}, ${entry.person?.trim() ?? ''},
      ${entry.consent.trim()}, ${from}::date, ${commandId})
    returning id`.execute(trx)
  return { contact: rows[0]?.id ?? '', address, from }
}

/** A discharger's contact with its term, as a file of the registry has it. */
export interface DatedContact extends Required<Omit<ContactEntry, 'person'>> {
  readonly dischargerId: DischargerId
  readonly person: string
  readonly from: CivilDate
  readonly until: CivilDate | null
}

/** Every contact there ever was of these dischargers. */
export async function contactsOf(db: Db | Trx, dischargerIds: readonly DischargerId[]): Promise<DatedContact[]> {
  if (dischargerIds.length === 0) return []
  const { rows } = await sql<DatedContact>`
    select discharger_id as "dischargerId", channel, address, language, person, consent, valid_from as "from",
      valid_until as "until"
    from contacts where discharger_id = any(${dischargerIds}::bigint[]) order by valid_from, id`.execute(db)
  return rows
}

/** Records contacts that were judged before, by one statement. */
export async function insertContacts(trx: Trx, commandId: string, contacts: readonly DatedContact[]): Promise<void> {
  if (contacts.length === 0) return
  const column = <K extends keyof DatedContact>(name: K): DatedContact[K][] => contacts.map((each) => each[name])
  await sql`
    insert into contacts (discharger_id, channel, address, language, person, consent, valid_from, valid_until, command_id)
    select *, ${commandId} from unnest(
      ${column('dischargerId')}::bigint[], ${column('channel')}::text[], ${column('address')}::text[],
      ${column('language')}::text[], ${column('person')}::text[], ${column('consent')}::text[],
      ${column('from')}::date[], ${column('until')}::date[])`.execute(trx)
}

/** Ends a contact: nothing is written to it from `until` on, today unless given. */
export async function endContact(
  services: Services,
  envelope: Envelope,
  end: { readonly contactId: string; readonly until?: CivilDate | undefined },
): Promise<CommandAnswer<{ contact: string; until: CivilDate }> | Refusal> {
  const kind = { name: 'outbox.end-contact', zh: '终止联系方式' } as const
  const about = { contactId: end.contactId, until: end.until ?? null }
  return runCommand(services, envelope, kind, about, async ({ trx, today }) => {
    const { contactId: contact } = end
    const { rows } = await sql<{ address: string; valid_from: CivilDate; valid_until: CivilDate | null }>`
      select address, valid_from, valid_until from contacts where id = ${contact}::bigint for update`.execute(trx)
    const [found] = rows
    if (found === undefined) return refuseOutbox('contact_missing', { contact })
    const { address, valid_from: from, valid_until: ended } = found
    if (ended !== null) return refuseOutbox('contact_ended', { contact, address, until: ended })
    const until = end.until ?? today
    if (until < from) return refuseOutbox('contact_ends_before_start', { contact, from, until })
    await sql`update contacts set valid_until = ${until}::date where id = ${contact}::bigint`.execute(trx)
    return { contact, until }
  })
}

export interface Contact {
  readonly contactId: string
  readonly partyCode: string
  readonly partyName: string
  readonly channel: Channel
  readonly address: string
  readonly language: Language
  readonly person: string
  readonly consent: string
  readonly from: CivilDate
  readonly until: CivilDate | null
}

export interface ContactFilter {
  readonly party?: string | undefined
  /** Only those in force on this day. */
  readonly on?: CivilDate | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** The query of contacts, without order and limit. */
export function contactRows(filter: Pick<ContactFilter, 'party' | 'on' | 'after'>): RawBuilder<Contact> {
  const conditions = [sql`true`]
  if (filter.party !== undefined) conditions.push(sql`coalesce(d.code, g.code) = ${filter.party}`)
  if (filter.after !== undefined) conditions.push(sql`c.id > ${filter.after}::bigint`)
  if (filter.on !== undefined) {
    const on = filter.on
    conditions.push(sql`c.valid_from <= ${on}::date and (c.valid_until is null or c.valid_until > ${on}::date)`)
  }
  return sql<Contact>`
    select c.id as "contactId", coalesce(d.code, g.code) as "partyCode", coalesce(d.name, g.name) as "partyName", c.channel, c.address,
      c.language, c.person, c.consent, c.valid_from as "from", c.valid_until as "until"
    from contacts c left join dischargers d on d.id = c.discharger_id left join organisations g on g.id = c.organisation_id
    where ${sql.join(conditions, sql` and `)}`
}

/** Dischargers and bodies that have contacts, by their code or a piece of their name. */
export async function contactedLike(
  db: Db | Trx,
  text: string,
  limit: number,
): Promise<{ readonly code: string; readonly name: string }[]> {
  const { rows } = await sql<{ code: string; name: string }>`
    select distinct p.code, p.name from contacts c left join dischargers d on d.id = c.discharger_id
      left join organisations g on g.id = c.organisation_id
      cross join lateral (select coalesce(d.code, g.code) as code, coalesce(d.name, g.name) as name) p
    where p.code = ${text} or strpos(lower(p.name), lower(${text})) > 0
    order by p.code limit ${limit}`.execute(db)
  return rows
}

/** Contacts in the order they were recorded, a page at a time. */
export async function listContacts(db: Db | Trx, filter: ContactFilter): Promise<Contact[]> {
  const { rows } = await sql<Contact>`${contactRows(filter)} order by c.id limit ${filter.limit}`.execute(db)
  return rows
}
