import { createHash, randomBytes } from 'node:crypto'

/** A word nobody guesses, of 256 random bits: what a link or a key proves itself by. Only its digest is ever kept. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url')
}

/** What is kept of a token. One pass is enough: there is nothing to guess in 256 random bits. */
export function digestOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
