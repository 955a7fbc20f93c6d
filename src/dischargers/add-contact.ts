import type { CivilDate } from '../kernel/calendar.ts'
import type { OrganisationId } from '../kernel/ids.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import type { Trx } from '../platform/database.ts'
import { type ContactEntry, type Party, recordContact } from '../platform/outbox/contacts.ts'
import { refuseOutbox } from '../platform/outbox/outbox.refusals.ts'
import { refusePlatform } from '../platform/platform.refusals.ts'
import { findDischarger } from './account.queries.ts'
import { lockDischarger } from './discharger.store.ts'

/** Whose contact it is: a discharger's, or a body's that takes part. */
export interface NewContact extends ContactEntry {
  readonly dischargerCode?: string | undefined
  readonly organisationCode?: string | undefined
}

/**
 * Records an e-mail address or a mobile number under which a party is told of its bills and terms. Refuses an unknown
 * party, both or none, and what `recordContact` refuses.
 */
export async function addContact(
  services: Services,
  envelope: Envelope,
  contact: NewContact,
): Promise<CommandAnswer<{ contact: string; address: string; from: CivilDate }> | Refusal> {
  const kind = { name: 'dischargers.add-contact', zh: '登记联系方式' } as const
  const about = Object.fromEntries(Object.entries(contact).filter(([, value]) => value !== undefined))
  return runCommand(services, envelope, kind, about, async (context) => {
    const party = await partyOf(context.trx, contact)
    return isRefusal(party) ? party : recordContact(context, party, contact)
  })
}

async function partyOf(trx: Trx, { dischargerCode, organisationCode }: NewContact): Promise<Party | Refusal> {
  if ((dischargerCode === undefined) === (organisationCode === undefined)) return refuseOutbox('contact_owner_unclear')
  if (dischargerCode !== undefined) {
    const discharger = await findDischarger(trx, dischargerCode)
    if (isRefusal(discharger)) return discharger
    await lockDischarger(trx, discharger.dischargerId)
    return { dischargerId: discharger.dischargerId, name: discharger.name }
  }
  const organisation = await trx
    .selectFrom('organisations')
    .select(['id', 'name'])
    .where('code', '=', organisationCode ?? '')
    .forUpdate()
    .executeTakeFirst()
  if (organisation === undefined) return refusePlatform('organisation_unknown', { code: organisationCode ?? '' })
  return { organisationId: organisation.id as OrganisationId, name: organisation.name }
}
