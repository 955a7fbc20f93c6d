import type { CivilDate } from '../kernel/calendar.ts'
import { Exact } from '../kernel/decimal.ts'
import { present } from '../kernel/invariant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { dayRefusal } from './account.rules.ts'
import { type AccountDays, accountDays, sharesOfInstallations } from './account.store.ts'
import { billedThrough } from './account-command.ts'
import { everHeld, type LifeShare } from './account-life.ts'
import { refuse } from './dischargers.refusals.ts'
import { LifeChanges } from './life-changes.store.ts'
import { parseShareRatio, parseWhole, type ShareOfSet, sharesRefusal } from './meter.rules.ts'
import { insertShares, type MeterPlace, meterHistories, type NewShare } from './meter.store.ts'
import { type RegistryField, registryFiles } from './registry.ts'
import { type RowCells, reasonOf } from './registry-cells.ts'
import type { IntakeContext, ReadRow, RegistryIntake } from './registry-intake.ts'

type Field = RegistryField<'shares'>
const { columns } = registryFiles.shares

interface Entry extends ShareOfSet {
  readonly meterNo: string
  readonly unitM3: '1' | '0.001'
  readonly from: CivilDate
}

/** The rows of one meter and one day: registered together or not at all. */
interface ShareSet {
  readonly meterNo: string
  readonly from: CivilDate
  readonly rows: ReadRow<Entry>[]
  spoilt: boolean
}

/**
 * Takes the file of shares. A set may stand anywhere in the file, so it is gathered whole (shared meters are few) and its
 * sets are registered in the order of their days, each in place of the one before.
 */
export function sharesIntake(context: IntakeContext, cells: RowCells<Field>): RegistryIntake {
  const { trx, commandId, verdicts, guards } = context
  const collector = present(context.collector, 'shares belong to a collector')
  const sets = new Map<string, ShareSet>()

  function read(row: TableRow): { entry: Entry | undefined; meterNo: string; from: CivilDate | undefined } {
    cells.turnTo(row)
    const meterNo = cells.identifier('meterNo')
    const shareNo = cells.decimal('shareNo', (text) => parseWhole(text, { from: 1, to: 1000 }))
    const accountNo = cells.identifier('accountNo')
    const ratio = cells.form('ratio', parseShareRatio)
    const unitM3 = cells.form('unitM3', (text) => (text === '1' || text === '0.001' ? text : undefined))
    const agreement = cells.text('agreement')
    const from = cells.date('from')
    const isWhole = shareNo !== undefined && ratio !== undefined && unitM3 !== undefined && from !== undefined
    if (!isWhole || cells.reasons.length > 0) return { entry: undefined, meterNo, from }
    return { entry: { meterNo, shareNo, accountNo, ratio, unitM3, agreement, from }, meterNo, from }
  }

  const rejectSet = (set: ShareSet, refusal: Refusal, field: Field, value: string) => {
    for (const { row } of set.rows) verdicts.reject(row, [reasonOf(refusal, columns[field].titles[0], value)])
  }

  /** Registers one set per meter; all of them in a few statements. */
  async function register(round: readonly ShareSet[]): Promise<void> {
    const meterNos = round.map(({ meterNo }) => meterNo)
    const accountNos = round.flatMap(({ rows }) => rows.map(({ entry }) => entry.accountNo))
    const meters = await meterHistories(trx, collector.collectorId, meterNos)
    const accounts = await accountDays(trx, collector.collectorId, accountNos)
    const placeOf = ({ meterNo, from }: ShareSet): MeterPlace | undefined =>
      meters
        .get(meterNo)
        ?.places.find(({ validity }) => validity.from <= from && (validity.until === null || from < validity.until))
    const shares = await sharesOfInstallations(
      trx,
      round.flatMap((set) => placeOf(set)?.installationId ?? []),
    )
    const billed = await billedThrough(
      trx,
      guards,
      [...accounts.values()].map(({ accountId }) => accountId),
    )
    const changes = new LifeChanges()
    const added: NewShare[] = []
    for (const set of round) {
      const { meterNo, from } = set
      const place = placeOf(set)
      if (place === undefined) {
        rejectSet(set, refuse('meter_unknown', { meterNo, on: from }), 'meterNo', meterNo)
        continue
      }
      const stored = shares.filter((share) => share.installationId === place.installationId && everHeld(share))
      const sameDay = stored.filter((share) => share.from === from)
      if (sameDay.length > 0) {
        if (isSameSet(sameDay, set)) for (const _ of set.rows) verdicts.alreadyThere()
        else rejectSet(set, refuse('shares_differ', { meterNo, from }), 'from', from)
        continue
      }
      const former = stored.filter((share) => share.until === null || share.until > from)
      const [latest] = stored.toSorted((a, b) => (a.from < b.from ? 1 : -1))
      if (latest !== undefined && from < latest.from) {
        rejectSet(set, refuse('shares_before_former', { meterNo, from, formerFrom: latest.from }), 'from', from)
        continue
      }
      const untimely = setRefusal(
        set,
        (accountNo) => accounts.get(accountNo),
        (account) => billed.get(account.accountId),
      )
      if (untimely !== undefined) {
        rejectSet(set, untimely.refusal, untimely.field, untimely.value)
        continue
      }
      changes.endShares(former, from)
      const { installationId } = place
      for (const { entry } of set.rows) {
        const { shareNo, ratio, unitM3, agreement } = entry
        const { accountId } = present(accounts.get(entry.accountNo), 'every account of the set was found')
        // Shares go no further than the meter they divide.
        added.push({ installationId, shareNo, accountId, ratio, unitM3, agreement, from, until: place.validity.until })
        verdicts.added()
      }
    }
    await changes.write(trx, commandId)
    await insertShares(trx, commandId, added)
  }

  function setRefusal(
    set: ShareSet,
    accountOf: (accountNo: string) => AccountDays | undefined,
    billedOf: (account: AccountDays) => CivilDate | undefined,
  ): { refusal: Refusal; field: Field; value: string } | undefined {
    const { meterNo, from, rows } = set
    const wrong = sharesRefusal(
      meterNo,
      from,
      rows.map(({ entry }) => entry),
    )
    if (wrong !== undefined)
      return { refusal: wrong, field: 'ratio', value: rows.map(({ entry }) => entry.ratio).join(' + ') }
    for (const { entry } of rows) {
      const { accountNo } = entry
      const account = accountOf(accountNo)
      const refusal =
        account === undefined
          ? refuse('account_unknown', { collector: collector.code, accountNo })
          : dayRefusal(account, from, billedOf(account))
      if (refusal !== undefined) return { refusal, field: 'accountNo', value: accountNo }
    }
    return undefined
  }

  return {
    async take(rows) {
      for (const row of rows) {
        const { entry, meterNo, from } = read(row)
        const key = `${meterNo}\n${from ?? ''}`
        const set: ShareSet = sets.get(key) ?? { meterNo, from: from ?? ('' as CivilDate), rows: [], spoilt: false }
        sets.set(key, set)
        if (entry === undefined) {
          set.spoilt = true
          verdicts.reject(row, cells.reasons)
        } else set.rows.push({ row, entry })
      }
    },

    async finish() {
      const roundByMeter = new Map<string, number>()
      const rounds: ShareSet[][] = []
      for (const set of [...sets.values()].toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
        const { meterNo, from } = set
        if (set.spoilt) {
          rejectSet(set, refuse('set_has_rejected_rows', { meterNo, from }), 'meterNo', meterNo)
          continue
        }
        const round = roundByMeter.get(meterNo) ?? 0
        roundByMeter.set(meterNo, round + 1)
        const others = rounds[round] ?? []
        others.push(set)
        rounds[round] = others
      }
      for (const round of rounds) await register(round)
    },
  }
}

function isSameSet(stored: readonly LifeShare[], set: ShareSet): boolean {
  if (stored.length !== set.rows.length) return false
  return set.rows.every(({ entry }) =>
    stored.some(
      (share) =>
        share.shareNo === entry.shareNo &&
        share.accountNo === entry.accountNo &&
        new Exact(share.ratio).equals(entry.ratio) &&
        share.unitM3 === entry.unitM3 &&
        share.agreement === entry.agreement,
    ),
  )
}
