import type { Trx } from '../platform/database.ts'
import { lockAllPayments } from './payment.store.ts'

/** Until the command ends nothing is paid, reversed or refunded: for a later stage that takes all there is. */
export async function holdPayments(trx: Trx): Promise<void> {
  await lockAllPayments(trx)
}
