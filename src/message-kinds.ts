import { billIssuedMessage } from './bills/bill-issued.message.ts'
import { orderServedMessage } from './enforcement/order-served.message.ts'
import { dueSoonMessage, overdueMessage } from './payments/payment-due.messages.ts'
import type { MessageKind } from './platform/outbox/message.ts'
import { statementDueMessage } from './remittance/statement-due.message.ts'

/** Every kind of message that a stage sends to payers or collectors, in the order of the stages. */
export const messageKinds: readonly MessageKind[] = [
  billIssuedMessage,
  dueSoonMessage,
  overdueMessage,
  orderServedMessage,
  statementDueMessage,
]
