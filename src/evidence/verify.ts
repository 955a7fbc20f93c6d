import { sql } from 'kysely'
import type { TieOutOf } from '../journal/subledger.ts'
import { chainHead } from '../platform/audit.queries.ts'
import type { Services } from '../platform/command.ts'
import { checkBooks } from './books.check.ts'
import { checkChain, eventWithHash } from './chain.check.ts'
import { checkFiles } from './files.check.ts'
import { checkNumbers } from './numbers.check.ts'
import { checkBills, checkEnforcement, checkPayments, checkRemittance, checkSettlement } from './recomputed.check.ts'
import { checkRows } from './rows.check.ts'
import type { CheckReport, Verification } from './verification.ts'

/** What a stage that keeps facts adds here, one line each: how it verifies what it derived. */
const recomputations: readonly ((services: Services) => Promise<CheckReport>)[] = [
  checkBills,
  checkPayments,
  checkEnforcement,
  checkRemittance,
  checkSettlement,
]

/**
 * Everything that can be checked, each with what it counted and what it found: chain, rows, files, numbers, books and
 * tie-outs, recomputation. With a digest from a signed paper the chain must still hold that event. Reads only.
 */
export async function verifyAll(
  services: Services,
  options: { readonly head?: string | undefined; readonly tieOutOf: TieOutOf },
): Promise<Verification> {
  const { db } = services
  const chain = await carriedThrough('chain', () => checkChain(services))
  const headAsked = options.head === undefined ? null : await askedFor(services, options.head.toLowerCase())
  const checks: CheckReport[] = [
    headAsked === null || headAsked.seq !== null
      ? chain
      : { ...chain, findings: [headMissing(headAsked.digest), ...chain.findings] },
    await carriedThrough('rows', () => checkRows(services)),
    await carriedThrough('files', () => checkFiles(services)),
    await carriedThrough('numbers', () => checkNumbers(services)),
    await carriedThrough('books', () => checkBooks(services, options.tieOutOf)),
  ]
  for (const check of recomputations) checks.push(await carriedThrough(check.name, () => check(services)))
  const sound = checks.every(({ findings }) => findings.length === 0)
  return { head: await chainHead(db), headAsked, checks, sound }
}

async function askedFor({ db }: Services, digest: string) {
  const found = await eventWithHash(db, digest)
  if (found === undefined) return { digest, seq: null, eventsAfter: 0 }
  const { rows } = await sql<{ after: number }>`
    select count(*)::int as after from audit_events where seq > ${found.seq}::bigint`.execute(db)
  return { digest, seq: found.seq, eventsAfter: rows[0]?.after ?? 0 }
}

const headMissing = (digest: string) => ({
  table: 'audit_events',
  row: digest,
  event: null,
  zh: '链中没有这个哈希：链被改写或截短，或摘要抄错（至少 12 位十六进制数）',
  en: 'the chain holds no such hash: it was rewritten or shortened, or the digest is copied wrongly (12 hexadecimal digits at least)',
})

/** Facts that were tampered with may stop a computation: that is a finding of its check, and the other checks go on. */
async function carriedThrough(check: string, carryOut: () => Promise<CheckReport>): Promise<CheckReport> {
  try {
    return await carryOut()
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    const finding = {
      table: '*',
      row: '*',
      event: null,
      zh: `检查中断，数据不成立：${cause}`,
      en: `the check broke off, the facts do not hold together: ${cause}`,
    }
    return { check, zh: check, en: check, counted: [], findings: [finding] }
  }
}
