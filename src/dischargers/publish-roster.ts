import type { CivilDate } from '../kernel/calendar.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from '../platform/command.ts'
import { refuse } from './dischargers.refusals.ts'
import { tables } from './dischargers.tables.ts'
import { findRoster } from './roster.queries.ts'

/**
 * Records that an approved roster was handed to the water company on a day (art. 10); its list is written from the
 * entries, now and whenever it is asked for again. Refuses a version that is not approved or published already.
 */
export async function publishRoster(
  services: Services,
  envelope: Envelope,
  publication: { readonly versionNo: number; readonly on: CivilDate },
): Promise<
  CommandAnswer<{ versionNo: number; publishedOn: CivilDate; accountCount: number; digest: string }> | Refusal
> {
  return runCommand(
    services,
    envelope,
    { name: 'dischargers.publish-roster', zh: '发布征收名单' },
    { ...publication },
    async ({ trx, commandId }) => {
      const { versionNo, on } = publication
      // Of two who publish at once the second waits here, and is refused by name.
      await tables(trx)
        .selectFrom('roster_versions')
        .select('id')
        .where('version_no', '=', versionNo)
        .forNoKeyUpdate()
        .execute()
      const version = await findRoster(trx, versionNo)
      if (version === undefined) return refuse('roster_unknown', { versionNo })
      if (version.state !== 'approved') return refuse('roster_not_approved', { versionNo })
      if (version.publishedOn !== null)
        return refuse('roster_published', { versionNo, publishedOn: version.publishedOn })
      await tables(trx)
        .insertInto('roster_publications')
        .values({ version_id: version.versionId, published_on: on, command_id: commandId })
        .execute()
      return { versionNo, publishedOn: on, accountCount: version.accountCount, digest: version.digest }
    },
  )
}
