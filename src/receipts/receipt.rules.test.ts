import { describe, expect, it } from 'vitest'
import { endingOf, gapsIn, mayFollow, stateAfter, waitsFor } from './receipt.rules.ts'

describe('the life of an e-receipt', () => {
  it.each([
    [[], 'draft', undefined],
    [['requested'], 'requested', 'issue'],
    [['requested', 'refused'], 'draft', undefined],
    [['requested', 'refused', 'requested'], 'requested', 'issue'],
    [['requested', 'issued'], 'issued', undefined],
    [['requested', 'issued', 'void_requested'], 'issued', 'void'],
    [['requested', 'issued', 'void_requested', 'refused'], 'issued', undefined],
    [['requested', 'issued', 'void_requested', 'voided'], 'voided', undefined],
    [['requested', 'sealed', 'reversal_requested'], 'sealed', 'reverse'],
    [['requested', 'sealed', 'reversal_requested', 'reversed'], 'reversed', undefined],
    [['requested', 'issued', 'paid', 'sealed', 'written_off'], 'written_off', undefined],
  ] as const)('after %j it is %s and waits for %s', (events, state, waiting) => {
    expect([stateAfter(events), waitsFor(events)]).toEqual([state, waiting])
  })

  it.each([
    ['requested', 'issue', 'issued', 'follows'],
    ['requested', 'issue', 'sealed', 'follows'],
    ['requested', 'issue', 'failed', 'follows'],
    ['requested', 'issue', 'voided', 'follows'],
    ['draft', undefined, 'issued', 'impossible'],
    ['issued', undefined, 'issued', 'known'],
    ['sealed', undefined, 'paid', 'known'],
    ['sealed', undefined, 'voided', 'impossible'],
    ['issued', undefined, 'reversed', 'impossible'],
    ['sealed', 'reverse', 'reversed', 'follows'],
    ['sealed', undefined, 'failed', 'impossible'],
    ['voided', undefined, 'issued', 'impossible'],
    ['reversed', undefined, 'reversed', 'known'],
  ] as const)('%s waiting for %s, answered %s: %s', (state, waiting, result, expected) => {
    expect(mayFollow(state, waiting, result)).toBe(expected)
  })

  it('ends by a void before payment, by a reversal after, and by nothing where nothing was asked', () => {
    expect(
      (['draft', 'requested', 'issued', 'paid', 'sealed', 'written_off', 'voided'] as const).map(endingOf),
    ).toEqual(['none', 'void', 'void', 'reverse', 'reverse', 'reverse', undefined])
  })
})

describe('gaps in numbers', () => {
  it('are runs between the first and the last, with their zeros', () => {
    expect(gapsIn(['0000000001', '0000000002', '0000000005', '0000000007'])).toEqual([
      { from: '0000000003', to: '0000000004', count: '2' },
      { from: '0000000006', to: '0000000006', count: '1' },
    ])
    expect(gapsIn([])).toEqual([])
  })
  it('are exact beyond what a float can count, and never mix lengths', () => {
    expect(gapsIn(['99999999999999999998', '100000000000000000001'])).toEqual([])
    expect(gapsIn(['90071992547409930', '90071992547409932'])).toEqual([
      { from: '90071992547409931', to: '90071992547409931', count: '1' },
    ])
  })
})
