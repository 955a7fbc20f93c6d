import fc from 'fast-check'
import nzh from 'nzh'
import { describe, expect, it } from 'vitest'
import { Exact, withThousands } from './decimal.ts'
import {
  addMoney,
  amountInCapitals,
  money,
  moneyForPeople,
  moneyText,
  negateMoney,
  parseMoney,
  parseUnitPrice,
  priceOf,
  roundToMoney,
  splitMoney,
  subtractMoney,
  type UnroundedAmount,
  unitPrice,
} from './money.ts'
import { volume } from './volume.ts'

const rounded = (amount: string): string => moneyText(roundToMoney(new Exact(amount) as UnroundedAmount))

describe('a bill line is rounded half-up to the fen, once', () => {
  it('prices the worked example: 12,345 m³ × 1.40 = 17,283.00', () => {
    expect(moneyForPeople(roundToMoney(priceOf(volume('12345'), unitPrice('1.40'))))).toBe('17,283.00')
  })

  it.each([
    ['1.005', '1.01'],
    ['2.675', '2.68'],
    ['1.015', '1.02'],
    ['0.005', '0.01'],
    ['0.0049999999999999999999', '0.00'],
    ['1.004999999999999999999999', '1.00'],
    ['-1.005', '-1.01'],
    ['-2.675', '-2.68'],
    ['-0.004', '0.00'],
    ['17283', '17283.00'],
  ])('%s → %s', (amount, expected) => {
    expect(rounded(amount)).toBe(expected)
  })

  it('rounds a negative to the mirror image of the positive, so that a full negative cancels to nothing', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (units) => {
        const amount = new Exact(units.toString()).div(100_000)
        const both = [roundToMoney(amount as UnroundedAmount), roundToMoney(amount.negated() as UnroundedAmount)]
        expect(moneyText(addMoney(both))).toBe('0.00')
      }),
    )
  })

  it('agrees with arithmetic on whole tenths of a fen', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (mills) => {
        const fen = (mills + 5n) / 10n
        expect(rounded(`${mills / 1000n}.${(mills % 1000n).toString().padStart(3, '0')}`)).toBe(
          `${fen / 100n}.${(fen % 100n).toString().padStart(2, '0')}`,
        )
      }),
    )
  })
})

describe('an amount is money only at the fen', () => {
  it('refuses what is finer or is no number', () => {
    expect(() => money('1.005')).toThrow(/not an amount at the fen/)
    expect(parseMoney('-99999999999999.99')?.toFixed(2)).toBe('-99999999999999.99')
    for (const text of ['100000000000000', '-100000000000000.00', '99999999999999999999.00'])
      expect(parseMoney(text)).toBeUndefined()
    for (const text of ['1.005', '1,000.00', '1e2', '', '￥5', '12.3 ']) expect(parseMoney(text)).toBeUndefined()
  })

  it('reads trailing zeros without calling them finer', () => {
    expect(moneyText(money('12.3000'))).toBe('12.30')
  })

  it('adds, subtracts and negates without a minus before nothing', () => {
    expect(moneyText(addMoney([]))).toBe('0.00')
    expect(moneyText(addMoney([money('0.10'), money('0.20'), money('-0.30')]))).toBe('0.00')
    expect(moneyText(subtractMoney(money('10.00'), money('10.01')))).toBe('-0.01')
    expect(moneyText(negateMoney(money('0.00')))).toBe('0.00')
    expect(moneyText(negateMoney(money('17283.00')))).toBe('-17283.00')
    expect(moneyText(money('-0.00'))).toBe('0.00')
  })

  it('splits so that the parts add up', () => {
    const thirds = splitMoney(money('100.00'), [new Exact(1), new Exact(1), new Exact(1)])
    expect(thirds.map(moneyText)).toEqual(['33.34', '33.33', '33.33'])
  })
})

describe('prices and shares', () => {
  it('takes no negative or unreadable price', () => {
    for (const text of ['-1.40', '1,40', '', '见附表', '-0']) expect(parseUnitPrice(text)).toBeUndefined()
    expect(() => unitPrice('-1')).toThrow(/not a unit price/)
  })
})

describe('amounts for people', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-123456.78', '-123,456.78'],
    ['-123', '-123'],
    ['1234567.0001', '1,234,567.0001'],
  ])('%s → %s', (text, expected) => {
    expect(withThousands(text)).toBe(expected)
  })
})

describe('amounts in capitals (大写)', () => {
  it.each([
    ['1409.50', '人民币壹仟肆佰零玖元伍角整'],
    ['16409.02', '人民币壹万陆仟肆佰零玖元零贰分'],
    ['325.04', '人民币叁佰贰拾伍元零肆分'],
    ['0.00', '人民币零元整'],
    ['-17283.00', '负人民币壹万柒仟贰佰捌拾叁元整'],
    ['0.05', '人民币伍分'],
    ['0.50', '人民币伍角整'],
    ['-0.00', '人民币零元整'],
    ['10.00', '人民币壹拾元整'],
    ['10.05', '人民币壹拾元零伍分'],
    ['100010010.00', '人民币壹亿零壹万零壹拾元整'],
    ['100001000.00', '人民币壹亿零壹仟元整'],
    ['20000000.30', '人民币贰仟万元叁角整'],
    ['999999999999.99', '人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
    ['1000000000000.00', '人民币壹万亿元整'],
    ['1000000000000.01', '人民币壹万亿元零壹分'],
    ['1000000010000.00', '人民币壹万亿零壹万元整'],
    ['1000100000000.00', '人民币壹万零壹亿元整'],
    ['12345678901234.56', '人民币壹拾贰万叁仟肆佰伍拾陆亿柒仟捌佰玖拾万壹仟贰佰叁拾肆元伍角陆分'],
    ['99999999999999.99', '人民币玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
  ])('%s → %s', (amount, expected) => {
    expect(amountInCapitals(money(amount))).toBe(expected)
  })

  it('stops where the units end', () => {
    expect(amountInCapitals(money('9999999999999999.00'))).toMatch(/^人民币玖仟玖佰玖拾玖万/)
    expect(() => amountInCapitals(money('10000000000000000.00'))).toThrow(/too large/)
  })

  // nzh leaves out the final 整 where decimals are written, which 《支付结算办法》 asks for unless the amount ends in 分.
  const byOracle = (amount: string): string => {
    const text = nzh.cn.toMoney(amount, { complete: false, outSymbol: true })
    return /[元角]$/.test(text) ? `${text}整` : text
  }

  it('agrees with an independent writer on any amount below a million million', () => {
    const manyZeros = fc
      .array(fc.constantFrom('0', '0', '0', '1', '7'), { minLength: 1, maxLength: 12 })
      .map((digits) => digits.join('').replace(/^0+(?=\d)/, ''))
    const wholeYuan = fc.oneof(
      manyZeros,
      fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }).map((yuan) => yuan.toString()),
    )
    fc.assert(
      fc.property(wholeYuan, fc.integer({ min: 0, max: 99 }), (yuan, fen) => {
        const amount = `${yuan}.${String(fen).padStart(2, '0')}`
        expect(amountInCapitals(money(amount))).toBe(byOracle(amount))
      }),
      { numRuns: 2000 },
    )
  })
})
