import type { Refusal } from '../kernel/refusal.ts'
import { readIdentifierCell } from '../platform/tables/cell-values.ts'
import { refusePayment } from './payment.refusals.ts'

const control = /\p{Cc}/gu

/**
 * The reference (流水号) of a payment as a person typed it, in the one form in which files have it too: full-width letters
 * become half-width, invisible marks go, the ends are trimmed. Otherwise the same money would count twice. Refuses none,
 * control characters by name, and the exponent form of a number that Excel has spoilt.
 */
export function readReference(text: string): string | Refusal {
  const controls = new Set(text.trim().match(control))
  if (controls.size > 0) {
    const names = [...controls].map((each) => `U+${each.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
    return refusePayment('payment_reference_unprintable', { characters: names.join('、') })
  }
  const reading = readIdentifierCell(text)
  if ('value' in reading) return reading.value
  return reading.reason === 'empty'
    ? refusePayment('payment_reference_missing')
    : refusePayment('payment_reference_malformed', { reference: text.trim() })
}
