import { expect, it } from 'vitest'
import { clockNames } from './enforcement/clocks.rules.ts'
import { stepKinds } from './enforcement/steps.ts'
import { cited } from './platform/cited.ts'
import { settingCatalogue } from './platform/settings.ts'
import { basisNames } from './volumes/volume-basis.ts'

it('says every clause that steps, terms, bases and settings rest on to an English reader', () => {
  const clauses = [clockNames, stepKinds, basisNames]
    .flatMap((table) => Object.values(table))
    .map(({ clause }) => clause)
  const citations = Object.values(settingCatalogue).map(({ citation }) => citation)
  expect([...clauses, ...citations].filter((each) => /\p{Script=Han}/u.test(cited(each, 'en')))).toEqual([])
})
