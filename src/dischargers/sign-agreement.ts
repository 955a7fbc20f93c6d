import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { findDischarger } from './account.queries.ts'
import { agreementTermRefusal } from './discharger.rules.ts'
import { findAgreements, insertAgreements, lockDischarger } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { formRefusal } from './entry.rules.ts'

export interface AgreementEntry {
  readonly agreementNo: string
  readonly dischargerCode: string
  readonly signedOn: CivilDate
  readonly from: CivilDate
  /** First day without it, where its term is known. */
  readonly until?: CivilDate
  /** The signed document: its name or archive number. */
  readonly document?: string
}

/**
 * Records a signed 污水统一纳管处理协议 (art. 2). Refuses a number that is taken, an agreement in force before it was
 * signed, and two at the same time for one discharger.
 */
export async function signAgreement(
  services: Services,
  envelope: Envelope,
  entry: AgreementEntry,
): Promise<CommandAnswer<{ agreementNo: string; discharger: string; from: CivilDate }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.sign-agreement', zh: '登记纳管协议' },
    { ...entry },
    async ({ trx, commandId }) => {
      const agreementNo = entry.agreementNo.trim()
      const malformed = formRefusal({ agreementNo })
      if (malformed !== undefined) return malformed
      const discharger = await findDischarger(trx, entry.dischargerCode)
      if (isRefusal(discharger)) return discharger
      const { dischargerId, name } = discharger
      await lockDischarger(trx, dischargerId)
      const [taken] = await findAgreements(trx, { agreementNos: [agreementNo] })
      if (taken !== undefined) return refuse('agreement_taken', { agreementNo })
      const others = await findAgreements(trx, { dischargerIds: [dischargerId] })
      const { signedOn, from } = entry
      const until = entry.until ?? null
      const validity = { from, until }
      const refusal = agreementTermRefusal({ agreementNo, signedOn, validity, dischargerName: name }, others)
      if (refusal !== undefined) return refusal
      const document = entry.document?.trim() ?? ''
      await insertAgreements(trx, commandId, [{ agreementNo, dischargerId, signedOn, document, from, until }])
      return { agreementNo, discharger: discharger.code, from }
    },
  )
}
