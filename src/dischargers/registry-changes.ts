import type { CivilDate } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import {
  categoryRefusal,
  closingRefusal,
  type HolderCandidate,
  resumptionRefusal,
  suspensionRefusal,
  transferRefusal,
} from './account.rules.ts'
import { accountIdsByNo, lockLives } from './account.store.ts'
import { billedThrough } from './account-command.ts'
import { type AccountLife, everHeld } from './account-life.ts'
import { agreementValidities, dischargersByCode, type StoredDischarger } from './discharger.store.ts'
import type { PayerGroup, PriceCategory } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { LifeChanges } from './life-changes.store.ts'
import { changeWords, type RegistryField, registryFiles } from './registry.ts'
import { type RowCells, reasonOf } from './registry-cells.ts'
import type { IntakeContext, ReadRow, RegistryIntake } from './registry-intake.ts'
import { knownWords } from './registry-words.ts'

type Field = RegistryField<'changes'>
const { columns } = registryFiles.changes

type ChangeKind = keyof typeof changeWords
const kindByWord = new Map(Object.entries(changeWords).map(([kind, word]) => [word as string, kind as ChangeKind]))

type Change =
  | { readonly kind: 'transfer'; readonly dischargerCode: string }
  | {
      readonly kind: 'category'
      readonly group: PayerGroup
      readonly category: PriceCategory
      readonly evidence: string
    }
  | { readonly kind: 'suspension' | 'closing'; readonly reason: string }
  | { readonly kind: 'resumption' }

interface Entry {
  readonly accountNo: string
  readonly on: CivilDate
  readonly change: Change
}

/**
 * Takes the file of changes of accounts, row by row in its order, as the single commands would. After a rejected change of
 * an account its further rows are rejected too: recorded out of order they could never be put right.
 */
export async function changesIntake(context: IntakeContext, cells: RowCells<Field>): Promise<RegistryIntake> {
  const { trx, commandId, verdicts, guards } = context
  const collector = present(context.collector, 'changes of accounts belong to a collector')
  const { groups, categories } = await knownWords(trx)
  const groupName = (code: string) => groups.get(code)?.nameZh ?? code
  const stopped = new Map<string, number>()

  function read(row: TableRow): Entry | { readonly accountNo: string; readonly change: undefined } {
    cells.turnTo(row)
    const accountNo = cells.identifier('accountNo')
    const kind = cells.form('change', (word) => kindByWord.get(word))
    const on = cells.date('on')
    const change = kind === undefined ? undefined : readChange(kind)
    if (on === undefined || change === undefined || cells.reasons.length > 0) return { accountNo, change: undefined }
    return { accountNo, on, change }
  }

  /** Of the rejected changes of an account, the first counts. */
  function stop(accountNo: string, rowNumber: number): void {
    if (!stopped.has(accountNo)) stopped.set(accountNo, rowNumber)
  }

  /** What this kind of change must say. */
  function needed(field: Field, text: string): string {
    if (text === '' && cells.raw(field).trim() === '') cells.missing(field)
    return text
  }

  function readChange(kind: ChangeKind): Change | undefined {
    if (kind === 'transfer')
      return { kind, dischargerCode: needed('dischargerCode', cells.identifier('dischargerCode')) }
    if (kind === 'resumption') return { kind }
    if (kind !== 'category') return { kind, reason: needed('reason', cells.text('reason')) }
    const groupText = needed('payerGroup', cells.word('payerGroup'))
    const categoryText = needed('category', cells.word('category'))
    const evidence = needed('reason', cells.text('reason'))
    const group = groups.get(groupText)
    const category = categories.get(categoryText)
    if (group === undefined && groupText !== '')
      cells.refuse('payerGroup', refuse('group_unknown', { value: groupText }))
    if (category === undefined && categoryText !== '') {
      cells.refuse('category', refuse('category_unknown', { value: categoryText }))
    }
    return group === undefined || category === undefined ? undefined : { kind, group, category, evidence }
  }

  async function register(rows: readonly ReadRow<Entry>[]): Promise<void> {
    const accountNos = rows.map(({ entry }) => entry.accountNo)
    const ids = await accountIdsByNo(trx, collector.collectorId, accountNos)
    const lives = await lockLives(trx, [...ids.values()])
    const billed = await billedThrough(trx, guards, [...ids.values()])
    const dischargers = await dischargersByCode(
      trx,
      rows.flatMap(({ entry }) => (entry.change.kind === 'transfer' ? [entry.change.dischargerCode] : [])),
    )
    const holderIds = [...lives.values()].flatMap(({ holders }) => holders.map(({ dischargerId }) => dischargerId))
    const agreements = await agreementValidities(trx, [
      ...holderIds,
      ...[...dischargers.values()].map(({ dischargerId }) => dischargerId),
    ])
    const changes = new LifeChanges()
    for (const { row, entry } of rows) {
      const reject = (refusal: Refusal, field: Field, value: string) => {
        stop(entry.accountNo, row.rowNumber)
        verdicts.reject(row, [reasonOf(refusal, columns[field].titles[0], value)])
      }
      const stoppedAt = stopped.get(entry.accountNo)
      if (stoppedAt !== undefined && stoppedAt < row.rowNumber) {
        const refusal = refuse('earlier_change_rejected', { accountNo: entry.accountNo, row: stoppedAt })
        verdicts.reject(row, [reasonOf(refusal, columns.accountNo.titles[0], entry.accountNo)])
        continue
      }
      const accountId = ids.get(entry.accountNo)
      const life = accountId === undefined ? undefined : lives.get(accountId)
      if (life === undefined) {
        reject(
          refuse('account_unknown', { collector: collector.code, accountNo: entry.accountNo }),
          'accountNo',
          entry.accountNo,
        )
        continue
      }
      if (isRecorded(life, entry)) {
        verdicts.alreadyThere()
        continue
      }
      const refusal = carryOut(changes, life, entry, billed.get(life.accountId), dischargers, agreements)
      if (isRefusal(refusal)) reject(refusal, 'on', entry.on)
      else verdicts.added()
    }
    await changes.write(trx, commandId)
  }

  function carryOut(
    changes: LifeChanges,
    life: AccountLife,
    { on, change }: Entry,
    billed: CivilDate | undefined,
    dischargers: ReadonlyMap<string, StoredDischarger>,
    agreements: ReadonlyMap<DischargerId, HolderCandidate['agreements']>,
  ): Refusal | undefined {
    const agreementsOf = (dischargerId: DischargerId) => agreements.get(dischargerId) ?? []
    if (change.kind === 'transfer') {
      const to = dischargers.get(change.dischargerCode)
      if (to === undefined) return refuse('discharger_unknown', { code: change.dischargerCode })
      const { dischargerId, name } = to
      const candidate = { dischargerId, name, agreements: agreementsOf(dischargerId) }
      const refusal = transferRefusal(life, candidate, on, billed, groupName)
      if (refusal === undefined)
        changes.transfer(life, { dischargerId, dischargerCode: to.code, dischargerName: name }, on)
      return refusal
    }
    if (change.kind === 'category') {
      const { group, category, evidence } = change
      const { needsAgreement } = group
      const to = {
        payerGroup: group.code,
        payerGroupName: group.nameZh,
        needsAgreement,
        categoryCode: category.code,
        categoryName: category.nameZh,
      }
      const refusal = categoryRefusal(life, to, on, billed, (dischargerId) => {
        const holder = life.holders.find((each) => each.dischargerId === dischargerId)
        return { name: holder?.dischargerName ?? '', agreements: agreementsOf(dischargerId) }
      })
      if (refusal === undefined) {
        changes.changeCategory(
          life,
          { payerGroup: group.code, categoryCode: category.code, needsAgreement, evidence },
          on,
        )
      }
      return refusal
    }
    if (change.kind === 'suspension') {
      const refusal = suspensionRefusal(life, { from: on, until: null }, billed)
      if (refusal === undefined) changes.suspend(life, on, null, change.reason)
      return refusal
    }
    if (change.kind === 'resumption') {
      const refusal = resumptionRefusal(life, on, billed)
      if (refusal === undefined) changes.resume(life, on)
      return refusal
    }
    const refusal = closingRefusal(life, on, new Set(), billed)
    if (refusal === undefined) changes.close(life, on, change.reason)
    return refusal
  }

  return {
    async take(rows) {
      const readable: ReadRow<Entry>[] = []
      for (const row of rows) {
        const entry = read(row)
        if (entry.change !== undefined) readable.push({ row, entry })
        else {
          stop(entry.accountNo, row.rowNumber)
          verdicts.reject(row, cells.reasons)
        }
      }
      await register(readable)
    },
    async finish() {},
  }
}

/** Whether exactly this change is recorded already. */
function isRecorded(life: AccountLife, { on, change }: Entry): boolean {
  switch (change.kind) {
    case 'transfer':
      return life.holders.some(
        (fact, index) =>
          index > 0 && everHeld(fact) && fact.from === on && fact.dischargerCode === change.dischargerCode,
      )
    case 'category':
      return life.categories.some(
        (fact, index) =>
          index > 0 &&
          everHeld(fact) &&
          fact.from === on &&
          fact.payerGroup === change.group.code &&
          fact.categoryCode === change.category.code,
      )
    case 'suspension':
      return life.suspensions.some((fact) => everHeld(fact) && fact.from === on)
    case 'resumption':
      return life.suspensions.some((fact) => everHeld(fact) && fact.until === on)
    case 'closing':
      return life.closedOn === on
  }
}
