import { sql } from 'kysely'
import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId, InstallationId } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import type { Trx } from '../platform/database.ts'
import type {
  AccountLife,
  DatedFact,
  LifeCategory,
  LifeHolder,
  LifeInstallation,
  LifeShare,
  LifeSuspension,
} from './account-life.ts'

type Ended = 'account_holders' | 'account_categories' | 'account_suspensions' | 'installations' | 'installation_shares'

/**
 * Gathers what a command changes in the lives of accounts, keeps the lives in step, and writes it all at once. A fact
 * that began and ended within the same gathering is written with both its days.
 */
export class LifeChanges {
  readonly #ends: Record<Ended, { id: string; until: CivilDate }[]> = {
    account_holders: [],
    account_categories: [],
    account_suspensions: [],
    installations: [],
    installation_shares: [],
  }
  readonly #holders: { accountId: AccountId; fact: LifeHolder }[] = []
  readonly #categories: { accountId: AccountId; fact: LifeCategory }[] = []
  readonly #suspensions: { accountId: AccountId; fact: LifeSuspension }[] = []
  readonly #closures: { accountId: AccountId; closedOn: CivilDate; reason: string }[] = []
  readonly #removals: { installationId: InstallationId; finalReading: string; reason: string }[] = []

  transfer(
    life: AccountLife,
    to: Pick<LifeHolder, 'dischargerId' | 'dischargerCode' | 'dischargerName'>,
    on: CivilDate,
  ): void {
    this.#endOpen('account_holders', life.holders, on)
    const { dischargerId, dischargerCode, dischargerName } = to
    const fact: LifeHolder = { id: null, from: on, until: null, dischargerId, dischargerCode, dischargerName }
    life.holders.push(fact)
    this.#holders.push({ accountId: life.accountId, fact })
  }

  changeCategory(
    life: AccountLife,
    to: Pick<LifeCategory, 'payerGroup' | 'categoryCode' | 'needsAgreement' | 'evidence'>,
    on: CivilDate,
  ): void {
    this.#endOpen('account_categories', life.categories, on)
    const { payerGroup, categoryCode, needsAgreement, evidence } = to
    const fact: LifeCategory = { id: null, from: on, until: null, payerGroup, categoryCode, needsAgreement, evidence }
    life.categories.push(fact)
    this.#categories.push({ accountId: life.accountId, fact })
  }

  suspend(life: AccountLife, from: CivilDate, until: CivilDate | null, reason: string): void {
    const fact: LifeSuspension = { id: null, from, until, reason }
    life.suspensions.push(fact)
    this.#suspensions.push({ accountId: life.accountId, fact })
  }

  resume(life: AccountLife, on: CivilDate): void {
    this.#endOpen('account_suspensions', life.suspensions, on)
  }

  /** Takes a meter down; shares of its water that go on end with it. */
  remove(
    installation: LifeInstallation,
    shares: readonly LifeShare[],
    on: CivilDate,
    finalReading: string,
    reason: string,
  ): void {
    this.#end('installations', installation, on)
    installation.finalReading = finalReading
    installation.removalReason = reason
    this.#removals.push({ installationId: installation.id, finalReading, reason })
    this.endShares(shares, on)
  }

  endShares(shares: readonly LifeShare[], on: CivilDate): void {
    for (const share of shares) if (share.until === null) this.#end('installation_shares', share, on)
  }

  /** Ends everything that goes on, and the account. Its meters were taken down before. */
  close(life: AccountLife, on: CivilDate, reason: string): void {
    this.#endOpen('account_holders', life.holders, on)
    this.#endOpen('account_categories', life.categories, on)
    this.#endOpen('account_suspensions', life.suspensions, on)
    life.closedOn = on
    life.closingReason = reason
    this.#closures.push({ accountId: life.accountId, closedOn: on, reason })
  }

  #endOpen(table: Ended, facts: readonly DatedFact[], on: CivilDate): void {
    for (const fact of facts) if (fact.until === null) this.#end(table, fact, on)
  }

  #end(table: Ended, fact: DatedFact, on: CivilDate): void {
    invariant(fact.until === null, 'a validity is ended once')
    fact.until = on
    if (fact.id !== null) this.#ends[table].push({ id: fact.id, until: on })
  }

  /** Writes what was gathered: ends before beginnings, so that no two facts overlap in between, and closings last. */
  async write(trx: Trx, commandId: string): Promise<void> {
    for (const [table, gathered] of Object.entries(this.#ends)) {
      const ends = gathered.splice(0)
      if (ends.length === 0) continue
      await sql`
        update ${sql.table(table)} f set valid_until = u.until
        from unnest(${ends.map(({ id }) => id)}::bigint[], ${ends.map(({ until }) => until)}::date[]) as u(id, until)
        where f.id = u.id`.execute(trx)
    }
    await insertRemovals(trx, commandId, this.#removals.splice(0))
    const holders = this.#holders.splice(0)
    if (holders.length > 0) {
      await sql`
        insert into account_holders (account_id, discharger_id, valid_from, valid_until, command_id)
        select *, ${commandId} from unnest(
          ${holders.map(({ accountId }) => accountId)}::bigint[], ${holders.map(({ fact }) => fact.dischargerId)}::bigint[],
          ${holders.map(({ fact }) => fact.from)}::date[], ${holders.map(({ fact }) => fact.until)}::date[])`.execute(
        trx,
      )
    }
    const categories = this.#categories.splice(0)
    if (categories.length > 0) {
      await sql`
        insert into account_categories (account_id, payer_group, category_code, evidence, valid_from, valid_until, command_id)
        select *, ${commandId} from unnest(
          ${categories.map(({ accountId }) => accountId)}::bigint[], ${categories.map(({ fact }) => fact.payerGroup)}::text[],
          ${categories.map(({ fact }) => fact.categoryCode)}::text[], ${categories.map(({ fact }) => fact.evidence)}::text[],
          ${categories.map(({ fact }) => fact.from)}::date[], ${categories.map(({ fact }) => fact.until)}::date[])`.execute(
        trx,
      )
    }
    const suspensions = this.#suspensions.splice(0)
    if (suspensions.length > 0) {
      await sql`
        insert into account_suspensions (account_id, reason, valid_from, valid_until, command_id)
        select *, ${commandId} from unnest(
          ${suspensions.map(({ accountId }) => accountId)}::bigint[], ${suspensions.map(({ fact }) => fact.reason)}::text[],
          ${suspensions.map(({ fact }) => fact.from)}::date[], ${suspensions.map(({ fact }) => fact.until)}::date[])`.execute(
        trx,
      )
    }
    const closures = this.#closures.splice(0)
    if (closures.length > 0) {
      await sql`
        insert into account_closures (account_id, closed_on, reason, command_id)
        select *, ${commandId} from unnest(
          ${closures.map(({ accountId }) => accountId)}::bigint[], ${closures.map(({ closedOn }) => closedOn)}::date[],
          ${closures.map(({ reason }) => reason)}::text[])`.execute(trx)
    }
  }
}

/** What meters showed when they were taken down. */
export async function insertRemovals(
  trx: Trx,
  commandId: string,
  removals: readonly {
    readonly installationId: InstallationId
    readonly finalReading: string
    readonly reason: string
  }[],
): Promise<void> {
  if (removals.length === 0) return
  await sql`
    insert into installation_removals (installation_id, final_reading, reason, command_id)
    select *, ${commandId} from unnest(
      ${removals.map(({ installationId }) => installationId)}::bigint[],
      ${removals.map(({ finalReading }) => finalReading)}::numeric[],
      ${removals.map(({ reason }) => reason)}::text[])`.execute(trx)
}
