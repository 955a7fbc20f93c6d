import { isRefusal } from '../kernel/refusal.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { creditCodeOf, tidyCreditCode } from './discharger.rules.ts'
import { dischargersByCode, insertDischargers, type NewDischarger, takenCreditCodes } from './discharger.store.ts'
import { dischargerKindNames, dischargerKinds } from './discharger.ts'
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

type Field = RegistryField<'dischargers'>
const { columns } = registryFiles.dischargers
const kindByWord = new Map(
  dischargerKinds.flatMap((kind) => [kind, dischargerKindNames[kind].zh].map((word) => [word, kind])),
)

/** Takes the file of dischargers: who they are, each once. */
export function dischargersIntake(context: IntakeContext, cells: RowCells<Field>): RegistryIntake {
  const { trx, commandId, verdicts } = context

  function read(row: TableRow): NewDischarger | undefined {
    cells.turnTo(row)
    const code = cells.identifier('code')
    const name = cells.text('name')
    const kind = cells.form('kind', (word) => kindByWord.get(word))
    const creditText = tidyCreditCode(cells.identifier('creditCode'))
    const mainlyWater = cells.yesOrNo('productIsMainlyWater')
    const address = cells.text('address')
    const phone = cells.text('phone')
    if (code !== '' && !entryForms.dischargerCode.form.test(code)) {
      cells.refuse('code', refuse('value_wrong', { rule: entryForms.dischargerCode.rule }))
    }
    if (kind === 'enterprise' && mainlyWater === undefined && cells.raw('productIsMainlyWater').trim() === '') {
      cells.missing('productIsMainlyWater')
    }
    const creditCode = kind === undefined ? null : creditCodeOf(kind, creditText)
    if (isRefusal(creditCode)) {
      cells.refuse('creditCode', creditCode)
      return undefined
    }
    if (kind === undefined || cells.reasons.length > 0) return undefined
    return { code, name, kind, creditCode, productIsMainlyWater: mainlyWater ?? false, address, phone }
  }

  return {
    async take(rows) {
      const readable: ReadRow<NewDischarger>[] = []
      for (const row of rows) {
        const entry = read(row)
        if (entry === undefined) verdicts.reject(row, cells.reasons)
        else readable.push({ row, entry })
      }
      const codes = readable.map(({ entry }) => entry.code)
      const creditCodes = readable.flatMap(({ entry }) => (entry.creditCode === null ? [] : [entry.creditCode]))
      const known: Map<string, NewDischarger & { readonly commandId: string }> = await dischargersByCode(trx, codes)
      const taken = await takenCreditCodes(trx, creditCodes)
      const added: NewDischarger[] = []
      for (const { row, entry } of readable) {
        const stored = known.get(entry.code)
        if (stored !== undefined) {
          const difference = differenceOf(
            `排污者 discharger ${entry.code}`,
            comparisons(stored, entry),
            stored.commandId === commandId,
            (shown) => refuse('discharger_differs', { code: entry.code, ...shown }),
          )
          if (difference === undefined) verdicts.alreadyThere()
          else verdicts.reject(row, [reasonOf(difference.refusal, difference.column, difference.value)])
          continue
        }
        const holder = entry.creditCode === null ? undefined : taken.get(entry.creditCode)
        if (entry.creditCode !== null && holder !== undefined) {
          const refusal = refuse('credit_code_taken', { value: entry.creditCode, code: holder })
          verdicts.reject(row, [reasonOf(refusal, columns.creditCode.titles[0], entry.creditCode)])
          continue
        }
        known.set(entry.code, { ...entry, commandId })
        if (entry.creditCode !== null) taken.set(entry.creditCode, entry.code)
        added.push(entry)
        verdicts.added()
      }
      await insertDischargers(trx, commandId, added)
    },
    async finish() {},
  }
}

function comparisons(stored: NewDischarger, entry: NewDischarger): Comparison[] {
  const yesNo = (value: boolean) => (value ? '是' : '否')
  return [
    [columns.name.titles[0], stored.name, entry.name],
    [columns.kind.titles[0], dischargerKindNames[stored.kind].zh, dischargerKindNames[entry.kind].zh],
    [columns.creditCode.titles[0], stored.creditCode ?? '', entry.creditCode ?? ''],
    [columns.productIsMainlyWater.titles[0], yesNo(stored.productIsMainlyWater), yesNo(entry.productIsMainlyWater)],
    [columns.address.titles[0], stored.address, entry.address],
    [columns.phone.titles[0], stored.phone, entry.phone],
  ]
}
