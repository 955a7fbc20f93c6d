import { describe, expect, it } from 'vitest'
import type { Charge } from '../dischargers/discharger.ts'
import type { AccountId, DischargerId } from '../kernel/ids.ts'
import { money, moneyText } from '../kernel/money.ts'
import { PaidBefore, wastewaterOf } from './combined-amount.rules.ts'

const split = (combined: string, order: readonly Charge[], dues: Partial<Record<Charge, string>>): string => {
  const known = Object.fromEntries(Object.entries(dues).map(([charge, due]) => [charge, money(due)]))
  const part = wastewaterOf(money(combined), order, known)
  return 'amount' in part ? moneyText(part.amount) : part.unknown
}

describe('A combined amount', () => {
  it.each([
    // The wastewater fee first: as much as is due of it, whatever the rest is for.
    ['300.00', ['wastewater', 'water'], { wastewater: '140.00' }, '140.00'],
    ['100.00', ['wastewater', 'water'], { wastewater: '140.00' }, '100.00'],
    ['300.00', ['wastewater'], { wastewater: '140.00' }, '140.00'],
    ['300.00', ['wastewater', 'water'], { wastewater: '0.00' }, '0.00'],
    // After others: what they leave of it.
    ['300.00', ['water', 'wastewater', 'garbage'], { water: '200.00', wastewater: '140.00' }, '100.00'],
    ['200.00', ['water', 'wastewater'], { water: '200.00', wastewater: '140.00' }, '0.00'],
    ['199.99', ['water', 'wastewater'], { water: '200.00', wastewater: '140.00' }, '0.00'],
    [
      '400.00',
      ['water', 'garbage', 'wastewater'],
      { water: '200.00', garbage: '8.00', wastewater: '140.00' },
      '140.00',
    ],
    // What lies before it must be known, or nothing can be said.
    ['300.00', ['water', 'wastewater'], { wastewater: '140.00' }, 'water'],
    ['300.00', ['water', 'garbage', 'wastewater'], { water: '1.00', wastewater: '140.00' }, 'garbage'],
    ['300.00', ['water'], { water: '1.00' }, 'wastewater'],
  ] as const)('of %s by the order %j with %j due holds %s', (combined, order, dues, wastewater) => {
    expect(split(combined, order, dues)).toBe(wastewater)
  })

  it('does not pay what an earlier row of the file pays', () => {
    const [account, payer] = ['1' as AccountId, '2' as DischargerId]
    const paid = new PaidBefore()
    paid.add(account, payer, money('100.00'))
    paid.add(account, payer, money('30.00'))
    expect(moneyText(paid.leaves(account, payer, money('140.00')))).toBe('10.00')
    expect(moneyText(paid.leaves(account, payer, money('120.00')))).toBe('0.00')
    expect(moneyText(paid.leaves(account, '3' as DischargerId, money('140.00')))).toBe('140.00')
  })
})
