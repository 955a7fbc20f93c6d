import { findAccount, findCollector, findDischarger } from '../dischargers/account.queries.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Db } from '../platform/database.ts'
import type { PayerFilter } from './payment.queries.ts'
import { refusePayment } from './payment.refusals.ts'

/** Whose payments and bills a list is asked for. Refuses codes and numbers of which there is none: nobody is no answer. */
export async function payerFilter(
  db: Db,
  asked: {
    readonly collector?: string | undefined
    readonly account?: string | undefined
    readonly discharger?: string | undefined
  },
): Promise<PayerFilter | Refusal> {
  const unknown = await refuseUnknownCollector(db, asked.collector)
  if (unknown !== undefined) return unknown
  const account = asked.account === undefined ? undefined : await findAccount(db, asked.collector, asked.account)
  if (isRefusal(account)) return account
  const payer = asked.discharger === undefined ? undefined : await findDischarger(db, asked.discharger)
  if (isRefusal(payer)) return payer
  return { collectorCode: asked.collector, accountId: account?.accountId, dischargerId: payer?.dischargerId }
}

/** Refuses a collector that a list is narrowed to and nobody knows. */
export async function refuseUnknownCollector(db: Db, code: string | undefined): Promise<Refusal | undefined> {
  if (code === undefined || (await findCollector(db, code)) !== undefined) return undefined
  return refusePayment('payment_collector_unknown', { collector: code })
}
