import { describe, expect, it } from 'vitest'
import { alignColumns } from './cli-text.ts'

describe('A table for the terminal', () => {
  it('counts a Chinese character as two cells', () => {
    expect(alignColumns(['名', 'n'], [['a', '1']], [1])).toEqual(['名  n', '──  ─', 'a   1'])
  })

  it('keeps a row on its line, whatever a file is called', () => {
    expect(alignColumns(['file'], [['a\nb.csv'], ['\u001b[31mred']])).toEqual([
      'file',
      '────────',
      'a�b.csv',
      '�[31mred',
    ])
  })
})
