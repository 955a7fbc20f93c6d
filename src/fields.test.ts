import { expect, it } from 'vitest'
import { paymentColumnNames } from './payments/payment-columns.ts'
import { fieldWords } from './platform/tables/field-words.ts'
import { readingColumnNames } from './readings/reading-columns.ts'
import { treasuryColumnNames } from './remittance/treasury-file.ts'

it('calls every field of the files that are taken in by an English name for an English reader', () => {
  for (const names of [readingColumnNames, paymentColumnNames, treasuryColumnNames])
    for (const field of Object.keys(names)) expect(fieldWords(names, field).en, field).not.toMatch(/\p{Script=Han}/u)
})
