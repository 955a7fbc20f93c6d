import type { DischargerId } from '../kernel/ids.ts'
import { contactsOf, type DatedContact, insertContacts } from '../platform/outbox/contacts.ts'
import {
  addressForms,
  type Channel,
  channelNames,
  channels,
  type Language,
  languages,
} from '../platform/outbox/message.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { overlaps, validityRefusal } from './discharger.rules.ts'
import { dischargersByCode } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { contactLanguages, type RegistryField, registryFiles } from './registry.ts'
import { type RowCells, reasonOf } from './registry-cells.ts'
import type { IntakeContext, ReadRow, RegistryIntake } from './registry-intake.ts'

type Field = RegistryField<'contacts'>
const { columns } = registryFiles.contacts
const channelByWord: ReadonlyMap<string, Channel> = new Map(
  channels.flatMap((channel) => [channel, channelNames[channel].zh].map((word): [string, Channel] => [word, channel])),
)
const languageByWord: ReadonlyMap<string, Language> = new Map(
  languages.flatMap((language) =>
    [language, contactLanguages[language]].map((word): [string, Language] => [word, language]),
  ),
)

interface Entry extends Omit<DatedContact, 'dischargerId'> {
  readonly dischargerCode: string
}

/** Takes the file of contacts: where dischargers are told of bills and terms, on what consent, from when on. */
export function contactsIntake(context: IntakeContext, cells: RowCells<Field>): RegistryIntake {
  const { trx, commandId, verdicts } = context

  function read(row: TableRow): Entry | undefined {
    cells.turnTo(row)
    const dischargerCode = cells.identifier('dischargerCode')
    const channel = cells.form('channel', (word) => channelByWord.get(word))
    // As an identifier: a mobile number that Excel has spoilt is no other number.
    const address = cells.identifier('address').toLowerCase()
    const language = cells.form('language', (word) => languageByWord.get(word)) ?? 'zh'
    const person = cells.text('person')
    const consent = cells.text('consent')
    const from = cells.date('from')
    const until = cells.date('until') ?? null
    if (channel !== undefined && address !== '' && !addressForms[channel].form.test(address)) {
      cells.refuse('address', refuse('value_wrong', { rule: addressForms[channel].rule }))
    }
    if (channel === undefined || from === undefined || cells.reasons.length > 0) return undefined
    return { dischargerCode, channel, address, language, person, consent, from, until }
  }

  return {
    async take(rows) {
      const readable: ReadRow<Entry>[] = []
      for (const row of rows) {
        const entry = read(row)
        if (entry === undefined) verdicts.reject(row, cells.reasons)
        else readable.push({ row, entry })
      }
      const dischargers = await dischargersByCode(
        trx,
        readable.map(({ entry }) => entry.dischargerCode),
      )
      const dischargerIds = [...dischargers.values()].map(({ dischargerId }) => dischargerId)
      const known = new Map<DischargerId, DatedContact[]>()
      for (const stored of await contactsOf(trx, dischargerIds)) {
        known.set(stored.dischargerId, [...(known.get(stored.dischargerId) ?? []), stored])
      }
      const added: DatedContact[] = []
      for (const { row, entry } of readable) {
        const { dischargerCode: code, ...rest } = entry
        const discharger = dischargers.get(code)
        if (discharger === undefined) {
          const refusal = refuse('discharger_unknown', { code })
          verdicts.reject(row, [reasonOf(refusal, columns.dischargerCode.titles[0], code)])
          continue
        }
        const contact: DatedContact = { ...rest, dischargerId: discharger.dischargerId }
        const others = known.get(discharger.dischargerId) ?? []
        if (others.some((other) => isSame(other, contact))) {
          verdicts.alreadyThere()
          continue
        }
        const refusal = validityRefusal(contact) ?? heldRefusal(code, contact, others)
        if (refusal !== undefined) {
          verdicts.reject(row, [reasonOf(refusal, columns.address.titles[0], contact.address)])
          continue
        }
        known.set(discharger.dischargerId, [...others, contact])
        added.push(contact)
        verdicts.added()
      }
      await insertContacts(trx, commandId, added)
    },
    async finish() {},
  }
}

/** The same address is held once at a time. */
function heldRefusal(code: string, contact: DatedContact, others: readonly DatedContact[]) {
  const { channel, address } = contact
  const held = others.find((each) => each.channel === channel && each.address === address && overlaps(each, contact))
  return held === undefined ? undefined : refuse('contact_taken', { code, address, from: held.from })
}

function isSame(a: DatedContact, b: DatedContact): boolean {
  return (
    a.channel === b.channel &&
    a.address === b.address &&
    a.language === b.language &&
    a.person === b.person &&
    a.consent === b.consent &&
    a.from === b.from &&
    a.until === b.until
  )
}
