import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { billNewYork, compareWithRealBills } from '../../fixtures/nyc-bills.ts'

describe('real bills through the command line', () => {
  it('come out equal to the cent: 3,103 of New York City, 118 exact halves among them', async () => {
    const commands: string[] = []
    const comparison = await billNewYork((line) => commands.push(line))
    expect(comparison).toEqual({ bills: 3103, amount: '8367419.27', exactHalves: 118, differences: [] })
    expect(commands.filter((line) => line.startsWith('$ qingliu bills'))).toHaveLength(3)
  }, 900_000)

  it('a cent, a volume, a missing and a second bill are each found', () => {
    const sample = readFileSync(new URL('../../fixtures/nyc/bills-sample.csv', import.meta.url), 'utf8').trim()
    const [, ...lines] = sample.split(/\r?\n/)
    const bills = lines.map((line) => line.split(',')).map(([account, volume, , amount]) => [account, volume, amount])
    const differencesOf = (changed: (string | undefined)[][]) =>
      compareWithRealBills(['户号,水量,金额', ...changed.map((bill) => bill.join(','))].join('\n')).differences
    const [first = [], ...rest] = bills
    const [account = '', volume = '', amount = ''] = first
    expect(differencesOf(bills)).toEqual([])
    expect(differencesOf([[account, volume, (Number(amount) + 0.01).toFixed(2)], ...rest])).toHaveLength(1)
    expect(differencesOf([[account, String(Number(volume) + 1), amount], ...rest])).toHaveLength(1)
    expect(differencesOf(rest)).toEqual([`${account}: was not billed`])
    expect(differencesOf([first, ...bills])).toHaveLength(1)
  })
})
