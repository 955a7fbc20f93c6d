import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { creditCodeOf, tidyCreditCode } from './discharger.rules.ts'
import { dischargersByCode, insertDischargers, takenCreditCodes } from './discharger.store.ts'
import type { DischargerKind } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { formRefusal } from './entry.rules.ts'

export interface DischargerEntry {
  /** 排污者编号: the office's own number for it. */
  readonly code: string
  readonly name: string
  readonly kind: DischargerKind
  readonly creditCode?: string
  readonly productIsMainlyWater: boolean
  readonly address?: string
  readonly phone?: string
}

/**
 * Registers who discharges (排污者). Refuses a credit code by the part that is wrong (GB 32100-2015), an enterprise
 * without one, a resident with one, and a code or credit code that is registered already.
 */
export async function registerDischarger(
  services: Services,
  envelope: Envelope,
  entry: DischargerEntry,
): Promise<CommandAnswer<{ code: string; name: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.register-discharger', zh: '登记排污者' },
    { ...entry },
    async ({ trx, commandId }) => {
      const code = entry.code.trim()
      const name = entry.name.trim()
      const malformed = formRefusal({ dischargerCode: code, name })
      if (malformed !== undefined) return malformed
      const creditCode = creditCodeOf(entry.kind, tidyCreditCode(entry.creditCode ?? ''))
      if (isRefusal(creditCode)) return creditCode
      const known = (await dischargersByCode(trx, [code])).get(code)
      if (known !== undefined) return refuse('discharger_taken', { code, name: known.name })
      if (creditCode !== null) {
        const holder = (await takenCreditCodes(trx, [creditCode])).get(creditCode)
        if (holder !== undefined) return refuse('credit_code_taken', { value: creditCode, code: holder })
      }
      const { kind, productIsMainlyWater } = entry
      const address = entry.address?.trim() ?? ''
      const phone = entry.phone?.trim() ?? ''
      await insertDischargers(trx, commandId, [{ code, name, kind, creditCode, productIsMainlyWater, address, phone }])
      return { code, name }
    },
  )
}
