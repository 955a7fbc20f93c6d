import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Disclosure } from './disclosure.ts'

export const disclosureProposalKind = 'remittance.disclosure'

/** What is proposed, and once it is approved public: the figures of a year, and which of its releases it is. */
export interface ReleaseContent extends Disclosure {
  readonly release: number
  /** Why it takes the place of the release before; empty for the first. */
  readonly correctionReason: string
}

export interface Release {
  readonly year: number
  readonly release: number
  readonly releasedOn: CivilDate
  readonly content: ReleaseContent
  /** The very characters that were released, of which `digest` is the SHA-256. */
  readonly text: string
  readonly digest: string
  /** Whether no later release took its place. */
  readonly stands: boolean
}

/** What was released, the newest year and release first; of one year where it is named. */
export async function listReleases(
  db: Db | Trx,
  wanted: { readonly year?: number | undefined } = {},
): Promise<Release[]> {
  const { rows } = await sql<{
    year: number
    release: number
    content: string
    content_digest: string
    released_on: CivilDate
    stands: boolean
  }>`
    select d.year, d.release, d.content, d.content_digest, d.released_on, not exists (
      select from disclosures later where later.year = d.year and later.release > d.release) as stands
    from disclosures d where ${wanted.year === undefined ? sql`true` : sql`d.year = ${wanted.year}`}
    order by d.year desc, d.release desc`.execute(db)
  return rows.map((row) => ({
    year: row.year,
    release: row.release,
    releasedOn: row.released_on,
    content: JSON.parse(row.content) as ReleaseContent,
    text: row.content,
    digest: row.content_digest,
    stands: row.stands,
  }))
}

/** The release of a year that stands, or the one that is named; `undefined` where nothing of it is public. */
export async function findRelease(db: Db | Trx, year: number, release?: number): Promise<Release | undefined> {
  const released = await listReleases(db, { year })
  return release === undefined ? released[0] : released.find((each) => each.release === release)
}

/** A release in the form in which the command line and the API list it. */
export const releaseJson = ({ year, release, releasedOn, digest, stands, content }: Release) => ({
  year,
  release,
  releasedOn: releasedOn as string,
  asOf: content.asOf,
  stands,
  correctionReason: content.correctionReason,
  billed: content.totals.billed,
  collected: content.totals.collected,
  toTreasury: content.totals.toTreasury,
  used: content.used,
  digest,
})
