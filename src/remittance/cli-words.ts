import { type Money, money, moneyForPeople } from '../kernel/money.ts'

/** The examples under a command's help. */
export const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`

/** An amount for people, of money or of its text. */
export const yuan = (amount: Money | string) => moneyForPeople(typeof amount === 'string' ? money(amount) : amount)
