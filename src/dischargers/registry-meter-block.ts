import { type CivilDate, holdsOn } from '../kernel/calendar.ts'
import { Exact, plainText } from '../kernel/decimal.ts'
import type { AccountId, InstallationId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { likelyAccounts } from './account.queries.ts'
import { dayRefusal } from './account.rules.ts'
import { type AccountDays, accountDays, allocateIds } from './account.store.ts'
import { type MeterPurpose, meterPurposeNames } from './account.ts'
import { billedThrough } from './account-command.ts'
import type { Collector } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { insertRemovals } from './life-changes.store.ts'
import { masterRefusal, placeRefusal } from './meter.rules.ts'
import {
  insertInstallations,
  insertMeters,
  type MeterHistory,
  type MeterPlace,
  meterHistories,
  type NewInstallation,
  type NewMeter,
} from './meter.store.ts'
import { type RegistryField, registryFiles } from './registry.ts'
import { type Comparison, differenceOf, type IntakeContext } from './registry-intake.ts'

type Field = RegistryField<'meters'>
const { columns } = registryFiles.meters

/** One row of the file of meters, as it was understood. */
export interface MeterRow {
  readonly accountNo: string
  readonly meterNo: string
  readonly sizeMm: number | null
  readonly digits: number
  readonly multiplier: string
  readonly purpose: MeterPurpose
  readonly from: CivilDate
  readonly initialReading: string
  readonly removal: { readonly until: CivilDate; readonly finalReading: string; readonly reason: string } | null
  /** Empty where the row names none. */
  readonly replacesMeterNo: string
  /** Empty where the row names none. */
  readonly masterMeterNo: string
  readonly runsBackwards: boolean
}

/** `early`: the meter it replaces or hangs behind may stand further down in the file. */
interface Rejected {
  readonly is: 'rejected' | 'early'
  readonly refusal: Refusal
  readonly column: string
  readonly value: string
}
interface NewPlace {
  readonly is: 'new'
  readonly accountId: AccountId
  readonly master: InstallationId | null
  readonly replaces: MeterPlace | null
}
export type MeterJudgement = Rejected | { readonly is: 'there' } | NewPlace

/**
 * Some rows of the file of meters with everything the registry knows of their accounts and meters. Rows are judged one
 * after the other, each against the registry and the rows added before it; what was added is written at the end.
 */
export class MeterBlock {
  readonly #context: IntakeContext
  readonly #collector: Collector
  readonly #meters: Map<string, MeterHistory>
  readonly #accounts: ReadonlyMap<string, AccountDays>
  readonly #likely: ReadonlyMap<string, readonly string[]>
  readonly #billed: ReadonlyMap<AccountId, CivilDate>
  readonly #ids: { readonly meters: readonly string[]; readonly installations: readonly string[] }
  readonly #newMeters: NewMeter[] = []
  readonly #newInstallations: NewInstallation[] = []
  readonly #removals: { installationId: InstallationId; finalReading: string; reason: string }[] = []

  static async open(context: IntakeContext, collector: Collector, rows: readonly MeterRow[]): Promise<MeterBlock> {
    const { trx } = context
    const { collectorId } = collector
    const named = rows.flatMap((row) => [row.meterNo, row.replacesMeterNo, row.masterMeterNo])
    const accountNos = [...new Set(rows.map(({ accountNo }) => accountNo))]
    const accounts = await accountDays(trx, collectorId, accountNos)
    const accountIds = [...accounts.values()].map(({ accountId }) => accountId)
    return new MeterBlock(context, collector, {
      meters: await meterHistories(trx, collectorId, [...new Set(named)]),
      accounts,
      likely: await likelyAccounts(
        trx,
        collectorId,
        accountNos.filter((accountNo) => !accounts.has(accountNo)),
      ),
      billed: await billedThrough(trx, context.guards, accountIds),
      ids: {
        meters: await allocateIds(trx, 'meters', rows.length),
        installations: await allocateIds(trx, 'installations', rows.length),
      },
    })
  }

  private constructor(
    context: IntakeContext,
    collector: Collector,
    known: {
      meters: Map<string, MeterHistory>
      accounts: ReadonlyMap<string, AccountDays>
      likely: ReadonlyMap<string, readonly string[]>
      billed: ReadonlyMap<AccountId, CivilDate>
      ids: { meters: readonly string[]; installations: readonly string[] }
    },
  ) {
    this.#context = context
    this.#collector = collector
    this.#meters = known.meters
    this.#accounts = known.accounts
    this.#likely = known.likely
    this.#billed = known.billed
    this.#ids = known.ids
  }

  judge(row: MeterRow): MeterJudgement {
    const { accountNo, meterNo, from, sizeMm } = row
    const account = this.#accounts.get(accountNo)
    if (account === undefined) return rejected(this.#unknownAccount(accountNo), 'accountNo', accountNo)
    const { accountId } = account
    const meter = this.#meters.get(meterNo)
    const stored = meter?.places.find((place) => place.validity.from === from && place.accountId === accountId)
    if (meter !== undefined && stored !== undefined) return this.#compare(row, meter, stored)

    const untimely = dayRefusal(account, from, this.#billed.get(accountId))
    if (untimely !== undefined) return rejected(untimely, 'from', from)
    if (meter !== undefined && meter.sizeMm !== null && sizeMm !== null && meter.sizeMm !== sizeMm) {
      const refusal = refuse('meter_size_differs', { meterNo, stored: meter.sizeMm, value: sizeMm })
      return rejected(refusal, 'sizeMm', String(sizeMm))
    }
    const misplaced = placeRefusal(meterNo, { from, until: row.removal?.until ?? null }, meter?.places ?? [])
    if (misplaced !== undefined) return rejected(misplaced, 'meterNo', meterNo)
    const replaces = this.#replacedBy(row, accountId)
    if (replaces !== null && 'is' in replaces) return replaces
    const master = this.#masterOf(row)
    if (master !== null && typeof master === 'object') return master
    return { is: 'new', accountId, master, replaces }
  }

  #unknownAccount(accountNo: string): Refusal {
    const likely = this.#likely.get(accountNo)
    if (likely === undefined) return refuse('account_unknown', { collector: this.#collector.code, accountNo })
    return refuse('account_zeros_lost', { accountNo, likely: likely.join('、') })
  }

  #compare(row: MeterRow, meter: MeterHistory, stored: MeterPlace): MeterJudgement {
    const { meterNo, from } = row
    const isOfThisFile = stored.commandId === this.#context.commandId
    const difference = differenceOf(`水表 meter ${meterNo}`, comparisons(meter, stored, row), isOfThisFile, (shown) =>
      refuse('meter_differs', { meterNo, from, ...shown }),
    )
    return difference === undefined ? { is: 'there' } : { is: 'rejected', ...difference }
  }

  /** The removed meter whose place the row's meter takes. */
  #replacedBy(row: MeterRow, accountId: AccountId): MeterPlace | null | Rejected {
    const { replacesMeterNo: oldNo, accountNo, from } = row
    if (oldNo === '') return null
    let latest: MeterPlace | undefined
    for (const place of this.#meters.get(oldNo)?.places ?? []) {
      const { until } = place.validity
      if (place.accountId !== accountId || until === null || until > from) continue
      if (latest === undefined || until > (latest.validity.until ?? '')) latest = place
    }
    if (latest === undefined) {
      const refusal = refuse('replaced_unknown', { accountNo, on: from, meterNo: oldNo })
      return { ...rejected(refusal, 'replacesMeterNo', oldNo), is: 'early' }
    }
    if (latest.replacedByMeterNo === null) return latest
    const refusal = refuse('replaced_already', { meterNo: oldNo, otherNo: latest.replacedByMeterNo })
    return rejected(refusal, 'replacesMeterNo', oldNo)
  }

  /** The installation of the master the row's meter hangs behind. */
  #masterOf(row: MeterRow): InstallationId | null | Rejected {
    const { meterNo, masterMeterNo, from } = row
    if (masterMeterNo === '') return null
    const places = this.#meters.get(masterMeterNo)?.places ?? []
    const validities = places.map(({ validity }) => validity)
    const refusal = masterRefusal(meterNo, { meterNo: masterMeterNo, validities }, from)
    if (refusal === undefined) return places.find(({ validity }) => holdsOn(validity, from))?.installationId ?? null
    const judgement = rejected(refusal, 'masterMeterNo', masterMeterNo)
    return refusal.code === 'master_unknown' ? { ...judgement, is: 'early' } : judgement
  }

  add(row: MeterRow, { accountId, master, replaces }: NewPlace): void {
    const { meterNo, from, removal } = row
    const installationId = present(
      this.#ids.installations[this.#newInstallations.length],
      'one id a row',
    ) as InstallationId
    const meter = this.#meters.get(meterNo) ?? this.#newMeter(row)
    const until = removal?.until ?? null
    if (replaces !== null) replaces.replacedByMeterNo = meterNo
    meter.places.push({
      ...row,
      installationId,
      accountId,
      masterInstallationId: master,
      masterMeterNo: row.masterMeterNo === '' ? null : row.masterMeterNo,
      replacesMeterNo: row.replacesMeterNo === '' ? null : row.replacesMeterNo,
      replacedByMeterNo: null,
      finalReading: removal?.finalReading ?? null,
      removalReason: removal?.reason ?? null,
      validity: { from, until },
      commandId: this.#context.commandId,
    })
    this.#newInstallations.push({
      ...row,
      installationId,
      meterId: meter.meterId,
      accountId,
      masterInstallationId: master,
      replacesInstallationId: replaces?.installationId ?? null,
      until,
    })
    if (removal !== null) {
      this.#removals.push({ installationId, finalReading: removal.finalReading, reason: removal.reason })
    }
  }

  #newMeter({ meterNo, sizeMm }: MeterRow): MeterHistory {
    const meterId = present(this.#ids.meters[this.#newMeters.length], 'one id a row')
    const meter: MeterHistory = { meterId, meterNo, sizeMm, places: [] }
    this.#meters.set(meterNo, meter)
    this.#newMeters.push(meter)
    return meter
  }

  async write(): Promise<void> {
    const { trx, commandId } = this.#context
    await insertMeters(trx, commandId, this.#collector.collectorId, this.#newMeters)
    await insertInstallations(trx, commandId, this.#newInstallations)
    await insertRemovals(trx, commandId, this.#removals)
  }
}

function rejected(refusal: Refusal, field: Field, value: string): Rejected {
  return { is: 'rejected', refusal, column: columns[field].titles[0], value }
}

function comparisons(meter: MeterHistory, stored: MeterPlace, entry: MeterRow): Comparison[] {
  const plain = (text: string | null) => (text === null ? '' : plainText(new Exact(text)))
  const { removal } = entry
  return [
    // A row without a size says nothing about it.
    [columns.sizeMm.titles[0], String(entry.sizeMm === null ? '' : (meter.sizeMm ?? '')), String(entry.sizeMm ?? '')],
    [columns.digits.titles[0], String(stored.digits), String(entry.digits)],
    [columns.multiplier.titles[0], plain(stored.multiplier), entry.multiplier],
    [columns.purpose.titles[0], meterPurposeNames[stored.purpose].zh, meterPurposeNames[entry.purpose].zh],
    [columns.initialReading.titles[0], plain(stored.initialReading), entry.initialReading],
    [columns.until.titles[0], stored.validity.until ?? '', removal?.until ?? ''],
    [columns.finalReading.titles[0], plain(stored.finalReading), removal?.finalReading ?? ''],
    [columns.removalReason.titles[0], stored.removalReason ?? '', removal?.reason ?? ''],
    [columns.replacesMeterNo.titles[0], stored.replacesMeterNo ?? '', entry.replacesMeterNo],
    [columns.masterMeterNo.titles[0], stored.masterMeterNo ?? '', entry.masterMeterNo],
    [columns.runsBackwards.titles[0], stored.runsBackwards ? '是' : '否', entry.runsBackwards ? '是' : '否'],
  ]
}
