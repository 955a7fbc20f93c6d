import type { CivilDate } from '../kernel/calendar.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { type AgreementTerm, agreementTermRefusal } from './discharger.rules.ts'
import { dischargersByCode, findAgreements, insertAgreements, type NewAgreement } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { type RegistryField, registryFiles } from './registry.ts'
import { type RowCells, reasonOf } from './registry-cells.ts'
import { differenceOf, type IntakeContext, type ReadRow, type RegistryIntake } from './registry-intake.ts'

type Field = RegistryField<'agreements'>
const { columns } = registryFiles.agreements

interface Entry {
  readonly agreementNo: string
  readonly dischargerCode: string
  readonly signedOn: CivilDate
  readonly from: CivilDate
  readonly until: CivilDate | null
  readonly document: string
}

/** Takes the file of connection agreements (art. 2). */
export function agreementsIntake(context: IntakeContext, cells: RowCells<Field>): RegistryIntake {
  const { trx, commandId, verdicts } = context

  function read(row: TableRow): Entry | undefined {
    cells.turnTo(row)
    const agreementNo = cells.text('agreementNo')
    const dischargerCode = cells.identifier('dischargerCode')
    const signedOn = cells.date('signedOn')
    const from = cells.date('from')
    const until = cells.date('until') ?? null
    const document = cells.text('document')
    if (signedOn === undefined || from === undefined || cells.reasons.length > 0) return undefined
    return { agreementNo, dischargerCode, signedOn, from, until, document }
  }

  return {
    async take(rows) {
      const readable: ReadRow<Entry>[] = []
      for (const row of rows) {
        const entry = read(row)
        if (entry === undefined) verdicts.reject(row, cells.reasons)
        else readable.push({ row, entry })
      }
      const dischargers = await dischargersByCode(
        trx,
        readable.map(({ entry }) => entry.dischargerCode),
      )
      const dischargerIds = [...dischargers.values()].map(({ dischargerId }) => dischargerId)
      const termsOf = new Map<string, AgreementTerm[]>()
      for (const stored of await findAgreements(trx, { dischargerIds })) {
        termsOf.set(stored.dischargerId, [...(termsOf.get(stored.dischargerId) ?? []), stored])
      }
      const agreementNos = readable.map(({ entry }) => entry.agreementNo)
      const codeById = new Map([...dischargers.values()].map(({ dischargerId, code }) => [dischargerId, code]))
      const known = new Map<string, Entry & { readonly commandId: string }>()
      for (const stored of await findAgreements(trx, { agreementNos })) {
        const { validity, dischargerId } = stored
        const dischargerCode = codeById.get(dischargerId) ?? '—'
        known.set(stored.agreementNo, { ...stored, dischargerCode, from: validity.from, until: validity.until })
      }
      const added: NewAgreement[] = []
      for (const { row, entry } of readable) {
        const stored = known.get(entry.agreementNo)
        if (stored !== undefined) {
          const difference = differenceOf(
            `协议 agreement ${entry.agreementNo}`,
            comparisons(stored, entry),
            stored.commandId === commandId,
            (shown) => refuse('agreement_differs', { agreementNo: entry.agreementNo, ...shown }),
          )
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
        const { dischargerId } = discharger
        const terms = termsOf.get(dischargerId) ?? []
        const { agreementNo, signedOn, from, until, document } = entry
        const validity = { from, until }
        const refusal = agreementTermRefusal(
          { agreementNo, signedOn, validity, dischargerName: discharger.name },
          terms,
        )
        if (refusal !== undefined) {
          verdicts.reject(row, [reasonOf(refusal, columns.from.titles[0], from)])
          continue
        }
        termsOf.set(dischargerId, [...terms, { agreementNo, validity }])
        known.set(agreementNo, { ...entry, commandId })
        added.push({ agreementNo, dischargerId, signedOn, document, from, until })
        verdicts.added()
      }
      await insertAgreements(trx, commandId, added)
    },
    async finish() {},
  }
}

function comparisons(stored: Entry, entry: Entry): (readonly [string, string, string])[] {
  return [
    [columns.dischargerCode.titles[0], stored.dischargerCode, entry.dischargerCode],
    [columns.signedOn.titles[0], stored.signedOn, entry.signedOn],
    [columns.from.titles[0], stored.from, entry.from],
    [columns.until.titles[0], stored.until ?? '', entry.until ?? ''],
    [columns.document.titles[0], stored.document, entry.document],
  ]
}
