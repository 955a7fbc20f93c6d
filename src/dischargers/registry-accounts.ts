import type { CivilDate } from '../kernel/calendar.ts'
import type { AccountId } from '../kernel/ids.ts'
import { present } from '../kernel/invariant.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { agreementRefusal } from './account.rules.ts'
import { accountIdsByNo, allocateIds, insertAccounts, loadLives, type NewAccount } from './account.store.ts'
import { type Supply, supplies, supplyNames } from './account.ts'
import { type AccountLife, everHeld } from './account-life.ts'
import { agreementValidities, dischargersByCode } from './discharger.store.ts'
import type { PayerGroup, PriceCategory } from './discharger.ts'
import { refuse } from './dischargers.refusals.ts'
import { entryForms } from './entry.rules.ts'
import { type RegistryField, registryFiles } from './registry.ts'
import { type RowCells, reasonOf } from './registry-cells.ts'
import {
  type Comparison,
  differenceOf,
  type IntakeContext,
  type ReadRow,
  type RegistryIntake,
} from './registry-intake.ts'
import { knownWords } from './registry-words.ts'

type Field = RegistryField<'accounts'>
const { columns } = registryFiles.accounts
const supplyByWord = new Map(
  supplies.flatMap((supply) => [supply, supplyNames[supply].zh].map((word) => [word, supply])),
)

interface Entry {
  readonly accountNo: string
  readonly dischargerCode: string
  readonly supply: Supply
  readonly group: PayerGroup
  readonly category: PriceCategory
  readonly address: string
  readonly openedOn: CivilDate
}
interface Stored extends Entry {
  readonly fromThisFile: boolean
}

/** Takes the file of accounts: each is opened with its first holder, group and category, as `open-account` would. */
export async function accountsIntake(context: IntakeContext, cells: RowCells<Field>): Promise<RegistryIntake> {
  const { trx, commandId, verdicts } = context
  const { collectorId } = present(context.collector, 'accounts belong to a collector')
  const { groups, categories } = await knownWords(trx)

  function read(row: TableRow): Entry | undefined {
    cells.turnTo(row)
    const accountNo = cells.identifier('accountNo')
    const dischargerCode = cells.identifier('dischargerCode')
    const supply = cells.form('supply', (word) => supplyByWord.get(word))
    const groupText = cells.word('payerGroup')
    const categoryText = cells.word('category')
    const address = cells.text('address')
    const openedOn = cells.date('openedOn')
    if (accountNo !== '' && !entryForms.accountNo.form.test(accountNo)) {
      cells.refuse('accountNo', refuse('value_wrong', { rule: entryForms.accountNo.rule }))
    }
    const group = groups.get(groupText)
    const category = categories.get(categoryText)
    if (group === undefined && groupText !== '')
      cells.refuse('payerGroup', refuse('group_unknown', { value: groupText }))
    if (category === undefined && categoryText !== '') {
      cells.refuse('category', refuse('category_unknown', { value: categoryText }))
    }
    if (cells.reasons.length > 0) return undefined
    if (supply === undefined || group === undefined || category === undefined || openedOn === undefined)
      return undefined
    return { accountNo, dischargerCode, supply, group, category, address, openedOn }
  }

  async function storedAccounts(accountNos: readonly string[]): Promise<Map<string, Stored[]>> {
    const lives = await loadLives(trx, [...(await accountIdsByNo(trx, collectorId, accountNos)).values()])
    const stored = new Map<string, Stored[]>()
    for (const life of lives.values()) stored.set(life.accountNo, readingsOf(life))
    return stored
  }

  /** The opening of an account, as our own export has it, and its present state, as a supplier's list has it. */
  function readingsOf(life: AccountLife): Stored[] {
    const holders = life.holders.filter(everHeld)
    const terms = life.categories.filter(everHeld)
    return [0, -1].flatMap((position) => {
      const holder = holders.at(position)
      const term = terms.at(position)
      const group = groups.get(term?.payerGroup ?? '')
      const category = categories.get(term?.categoryCode ?? '')
      if (holder === undefined || group === undefined || category === undefined) return []
      const { accountNo, supply, address, openedOn } = life
      const fromThisFile = life.openedBy === commandId
      return [
        { accountNo, dischargerCode: holder.dischargerCode, supply, group, category, address, openedOn, fromThisFile },
      ]
    })
  }

  return {
    async take(rows) {
      const readable: ReadRow<Entry>[] = []
      for (const row of rows) {
        const entry = read(row)
        if (entry === undefined) verdicts.reject(row, cells.reasons)
        else readable.push({ row, entry })
      }
      const stored = await storedAccounts(readable.map(({ entry }) => entry.accountNo))
      const dischargers = await dischargersByCode(
        trx,
        readable.map(({ entry }) => entry.dischargerCode),
      )
      const needing = readable.flatMap(({ entry }) => {
        const discharger = entry.group.needsAgreement ? dischargers.get(entry.dischargerCode) : undefined
        return discharger === undefined ? [] : [discharger.dischargerId]
      })
      const agreements = await agreementValidities(trx, needing)
      const added: NewAccount[] = []
      const ids = await allocateIds(trx, 'accounts', readable.length)
      for (const { row, entry } of readable) {
        const { accountNo, supply, group, category, address, openedOn } = entry
        const known = stored.get(accountNo)
        if (known !== undefined) {
          const difference = leastDifference(known, entry)
          if (difference === undefined) verdicts.alreadyThere()
          else verdicts.reject(row, [reasonOf(difference.refusal, difference.column, difference.value)])
          continue
        }
        const discharger = dischargers.get(entry.dischargerCode)
        if (discharger === undefined) {
          const refusal = refuse('discharger_unknown', { code: entry.dischargerCode })
          verdicts.reject(row, [reasonOf(refusal, columns.dischargerCode.titles[0], entry.dischargerCode)])
          continue
        }
        const { dischargerId, name } = discharger
        const terms = { payerGroupName: group.nameZh, needsAgreement: group.needsAgreement }
        const lacking = agreementRefusal(terms, { name, agreements: agreements.get(dischargerId) ?? [] }, openedOn)
        if (lacking !== undefined) {
          verdicts.reject(row, [reasonOf(lacking, columns.openedOn.titles[0], openedOn)])
          continue
        }
        stored.set(accountNo, [{ ...entry, fromThisFile: true }])
        const accountId = present(ids[added.length], 'as many ids as rows were allocated') as AccountId
        const payerGroup = group.code
        added.push({
          accountId,
          accountNo,
          supply,
          address,
          openedOn,
          dischargerId,
          payerGroup,
          categoryCode: category.code,
        })
        verdicts.added()
      }
      await insertAccounts(trx, commandId, collectorId, added)
    },
    async finish() {},
  }
}

/** A row that says the opening or the present state of an account is already there. */
function leastDifference(known: readonly Stored[], entry: Entry) {
  const differences = known.map((stored) =>
    differenceOf(`户号 account ${entry.accountNo}`, comparisons(stored, entry), stored.fromThisFile, (shown) =>
      refuse('account_differs', { accountNo: entry.accountNo, ...shown, command: commandToChange(shown.column) }),
    ),
  )
  return differences.some((difference) => difference === undefined) ? undefined : differences.at(-1)
}

function comparisons(stored: Entry, entry: Entry): Comparison[] {
  return [
    [columns.dischargerCode.titles[0], stored.dischargerCode, entry.dischargerCode],
    [columns.payerGroup.titles[0], stored.group.nameZh, entry.group.nameZh],
    [columns.category.titles[0], stored.category.nameZh, entry.category.nameZh],
    [columns.supply.titles[0], supplyNames[stored.supply].zh, supplyNames[entry.supply].zh],
    [columns.openedOn.titles[0], stored.openedOn, entry.openedOn],
    [columns.address.titles[0], stored.address, entry.address],
  ]
}

function commandToChange(column: string): string {
  if (column === columns.dischargerCode.titles[0]) return 'qingliu dischargers transfer-account'
  if (column === columns.payerGroup.titles[0] || column === columns.category.titles[0]) {
    return 'qingliu dischargers change-account-category'
  }
  return 'qingliu dischargers close-account（以新户号另开 and open another）'
}
