import { describe, expect, it } from 'vitest'
import { isProduction } from './production.ts'

describe('An installation', () => {
  it.each([
    [{ QINGLIU_ENV: 'production' }, true],
    [{ QINGLIU_ENV: ' Production ' }, true],
    [{ QINGLIU_ENV: 'prod' }, true],
    [{ QINGLIU_ENV: 'staging', NODE_ENV: 'development' }, true],
    [{ QINGLIU_ENV: 'Test' }, false],
    [{ NODE_ENV: 'staging' }, false],
    [{ NODE_ENV: 'production' }, true],
    [{ QINGLIU_ENV: '', NODE_ENV: 'production' }, true],
    [{ QINGLIU_ENV: 'development', NODE_ENV: 'production' }, false],
    [{}, false],
  ])('with %j is in production: %s', (environment, expected) => {
    expect(isProduction(environment)).toBe(expected)
  })
})
