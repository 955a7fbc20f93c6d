import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { StaffId } from '../../kernel/ids.ts'
import type { Db } from '../database.ts'

/** Failures are forgotten after this long, so that no lock outlives who causes it. */
const windowMinutes = 15
/** Of one account from one address, of one account from everywhere, of one address for whichever accounts. */
const limits = { here: 5, account: 20, address: 50 } as const
/** An address somebody signed in from within these days is theirs: failures from elsewhere do not hold them up there. */
const familiarDays = 30

/**
 * Minutes until an attempt is looked at, `undefined` where it is looked at now. The failures since the last success count,
 * of the last quarter of an hour: an attacker waits, and who is attacked still gets in from where they always do.
 */
export async function minutesToWait(
  db: Db,
  attempt: { readonly staffId: StaffId | undefined; readonly address: string; readonly now: Date },
): Promise<number | undefined> {
  const { staffId = null, address, now } = attempt
  const { rows } = await sql<{ here: Date[]; account: Date[]; everyone: Date[]; familiar: boolean }>`
    with failures as (
      select e.staff_id, e.address, e.happened_at from security_events e
      where e.event in ('sign_in_failed', 'second_factor_failed')
        and e.happened_at > ${now}::timestamptz - make_interval(mins => ${windowMinutes})
        and (e.staff_id = ${staffId}::bigint or e.address = ${address})),
    since as (
      select coalesce(max(e.happened_at), '-infinity') as at from security_events e
      where e.event = 'signed_in' and e.staff_id = ${staffId}::bigint and e.address = ${address})
    select
      array(select happened_at from failures, since where staff_id = ${staffId}::bigint and address = ${address}
        and happened_at > at order by happened_at desc limit ${limits.here}) as here,
      array(select happened_at from failures where staff_id = ${staffId}::bigint
        order by happened_at desc limit ${limits.account}) as account,
      array(select happened_at from failures where address = ${address} and address <> ''
        order by happened_at desc limit ${limits.address}) as everyone,
      ${address} <> '' and exists (select from security_events e where e.event = 'signed_in' and e.staff_id = ${staffId}::bigint
        and e.address = ${address} and e.happened_at > ${now}::timestamptz - make_interval(days => ${familiarDays})) as familiar`.execute(
    db,
  )
  const [found] = rows
  if (found === undefined) return undefined
  const waits = [
    waitOf(found.here, limits.here, now),
    found.familiar ? 0 : waitOf(found.account, limits.account, now),
    found.familiar ? 0 : waitOf(found.everyone, limits.address, now),
  ]
  const longest = Math.max(...waits)
  return longest > 0 ? longest : undefined
}

/** Once so many failures stand, the oldest of them must leave the window first. */
function waitOf(newestFirst: readonly Date[], limit: number, now: Date): number {
  const oldest = newestFirst[limit - 1]
  if (oldest === undefined) return 0
  const until = new Date(oldest).getTime() + windowMinutes * 60_000
  return Math.max(1, Math.ceil((until - now.getTime()) / 60_000))
}

/** More than people mistype in a quarter of an hour; what is forgotten before its time is what came first. */
const namesKept = 10_000

/**
 * Failures at names that nobody has. They hold up as those of an account do, so that being held up tells nobody which
 * names there are. Of this process alone: the names themselves, which may be passwords in the wrong field, are not kept.
 */
export class UnknownNames {
  readonly #failures = new Map<string, readonly { readonly address: string; readonly at: Date }[]>()

  minutesToWait(name: string, address: string, now: Date): number {
    const newest = (this.#failures.get(digestOfName(name)) ?? []).filter(
      ({ at }) => at.getTime() > now.getTime() - windowMinutes * 60_000,
    )
    const here = newest.filter((each) => each.address === address)
    const times = (those: typeof newest) => those.map(({ at }) => at)
    return Math.max(waitOf(times(here), limits.here, now), waitOf(times(newest), limits.account, now))
  }

  note(name: string, address: string, now: Date): void {
    const key = digestOfName(name)
    const newest = [{ address, at: now }, ...(this.#failures.get(key) ?? [])].slice(0, limits.account)
    this.#failures.delete(key)
    this.#failures.set(key, newest)
    const [first] = this.#failures.keys()
    if (this.#failures.size > namesKept && first !== undefined) this.#failures.delete(first)
  }
}

const digestOfName = (name: string): string => createHash('sha256').update(name.toLowerCase()).digest('base64')
