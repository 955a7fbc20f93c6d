import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { present } from '../../kernel/invariant.ts'
import type { Db, Trx } from '../database.ts'
import { readSettings } from '../settings.ts'
import type { CheckMark } from './document.ts'

/** A paper as its check page knows it: a bill by its number, an order to pay as `order-2026-0001`. */
export type PaperName = string

/**
 * The code printed beside a paper's number: 40 bits that nobody can tell from the number, so that whoever has one paper
 * cannot look through the others. The same for as long as the installation lives. The database makes it (`check_code`):
 * it alone reads the key, and tells a party the codes of its own bills.
 */
export async function checkCode(db: Db | Trx, paper: PaperName): Promise<string> {
  const { rows } = await sql<{ code: string | null }>`select check_code(${paper}) as code`.execute(db)
  return present(rows[0]?.code ?? undefined, 'a paper that one sees has its code')
}

/** Whether this is the code of the paper, however it was typed. */
export async function isCheckCode(db: Db | Trx, paper: PaperName, typed: string): Promise<boolean> {
  const expected = Buffer.from(await checkCode(db, paper))
  const given = Buffer.from(typed.toUpperCase().replace(/[\s-]+/g, ''))
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** What a paper carries so that anybody can check it; `undefined` where `public.address` says no address to check it at. */
export async function checkMark(db: Db | Trx, paper: PaperName): Promise<CheckMark | undefined> {
  const { 'public.address': address } = await readSettings(db)
  if (address === '') return undefined
  const code = await checkCode(db, paper)
  return { address: `${address}/check/${paper}?code=${code}`, code: `${code.slice(0, 4)}-${code.slice(4)}` }
}

/** A name as strangers may see it: that it is the right one can be told by whoever knows it. */
export function maskedName(name: string): string {
  const characters = [...name]
  const shown = characters.length < 4 ? 1 : 2
  const end = characters.length < 6 ? 0 : 2
  const hidden = Math.max(1, characters.length - shown - end)
  return [...characters.slice(0, shown), '＊'.repeat(hidden), ...characters.slice(characters.length - end)].join('')
}
