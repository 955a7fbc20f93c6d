import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinFew, type PublicSum } from './disclosure.rules.ts'

const sum = (row: string, ...some: string[]): PublicSum<string> => ({ row, payers: some.length, some })
const many = sum('many', 'a', 'b', 'c', 'd')
const three = sum('three', 'e', 'f', 'g')
const one = sum('one', 'h')

describe('sums that are made public', () => {
  it('of fewer payers than may be told apart are one', () => {
    expect(joinFew([many, one, three, sum('two', 'i', 'j')], 3)).toEqual({
      alone: ['many', 'three'],
      joined: ['one', 'two'],
    })
  })

  it('take the smallest of the others with them where they are too few together', () => {
    expect(joinFew([many, one, three], 3)).toEqual({ alone: ['many'], joined: ['one', 'three'] })
    // The same payer in two of them is one payer.
    expect(joinFew([sum('again', 'h'), many, one], 3)).toEqual({ alone: [], joined: ['again', 'many', 'one'] })
  })

  it('stay as they are where nobody can be told apart, or where there is nothing to join with', () => {
    expect(joinFew([many, three, sum('nobody')], 3)).toEqual({ alone: ['many', 'three', 'nobody'], joined: [] })
    expect(joinFew([one, sum('nobody')], 3)).toEqual({ alone: ['one', 'nobody'], joined: [] })
    expect(joinFew([many, one], 1)).toEqual({ alone: ['many', 'one'], joined: [] })
  })

  it('are all there once, and none of them tells of fewer payers than may be told apart, while there are as many', () => {
    const payers = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
    fc.assert(
      fc.property(fc.array(payers, { maxLength: 6 }), fc.integer({ min: 1, max: 4 }), (of, fewest) => {
        const sums = of.map((each, at) => ({ row: at, payers: each.length, some: each.slice(0, fewest) }))
        const { alone, joined } = joinFew(sums, fewest)
        expect([...alone, ...joined].sort()).toEqual(sums.map(({ row }) => row).sort())
        const sizes = [...alone.map((at) => new Set(of[at])), new Set(joined.flatMap((at) => of[at] ?? []))]
          .map(({ size }) => size)
          .filter((size) => size > 0)
        if (new Set(of.flat()).size >= fewest) expect(Math.min(...sizes, fewest)).toBe(fewest)
      }),
    )
  })
})
