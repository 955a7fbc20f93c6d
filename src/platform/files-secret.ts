import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Refusal } from '../kernel/refusal.ts'
import { isProduction } from './production.ts'
import { refuseSignIn } from './sign-in/sign-in.refusals.ts'

const lengthMinimum = 32

/**
 * What sessions, second factors and forms are protected by: QINGLIU_SECRET, else a file of this installation that nobody
 * else may read, made at its first use. Production refuses to make one up: every process needs the same.
 */
export function secretOf(folder: string, given = process.env['QINGLIU_SECRET']): string | Refusal {
  if (given !== undefined && given !== '') {
    return given.length < lengthMinimum ? refuseSignIn('secret_weak', { length: given.length }) : given
  }
  if (isProduction()) return refuseSignIn('secret_missing')
  const file = join(folder, 'secret')
  mkdirSync(folder, { recursive: true })
  try {
    // Of two processes at once one makes it, and both read it.
    writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}
