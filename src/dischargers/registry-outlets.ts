import type { CivilDate } from '../kernel/calendar.ts'
import type { DischargerId } from '../kernel/ids.ts'
import type { TableRow } from '../platform/tables/table-file.ts'
import { outletRefusal } from './discharger.rules.ts'
import { dischargersByCode, insertOutlets, type NewOutlet, outletsOf } from './discharger.store.ts'
import { refuse } from './dischargers.refusals.ts'
import { type RegistryField, registryFiles } from './registry.ts'
import { type RowCells, reasonOf } from './registry-cells.ts'
import type { IntakeContext, ReadRow, RegistryIntake } from './registry-intake.ts'

type Field = RegistryField<'outlets'>
const { columns } = registryFiles.outlets

interface Entry extends Omit<NewOutlet, 'dischargerId'> {
  readonly dischargerCode: string
}

/** Takes the file of outlets (art. 7). */
export function outletsIntake(context: IntakeContext, cells: RowCells<Field>): RegistryIntake {
  const { trx, commandId, verdicts } = context

  function read(row: TableRow): Entry | undefined {
    cells.turnTo(row)
    const dischargerCode = cells.identifier('dischargerCode')
    const outletNo = cells.identifier('outletNo')
    const place = cells.text('place')
    const hasSamplingWell = cells.yesOrNo('hasSamplingWell')
    const hasOnlineMeter = cells.yesOrNo('hasOnlineMeter')
    const exceptionReason = cells.text('exceptionReason')
    const from: CivilDate | undefined = cells.date('from')
    const until = cells.date('until') ?? null
    if (cells.reasons.length > 0) return undefined
    if (hasSamplingWell === undefined || hasOnlineMeter === undefined || from === undefined) return undefined
    return { dischargerCode, outletNo, place, hasSamplingWell, hasOnlineMeter, exceptionReason, from, until }
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
      const outletsByDischarger = new Map<DischargerId, NewOutlet[]>()
      for (const stored of await outletsOf(trx, dischargerIds)) {
        const outlet = { ...stored, from: stored.validity.from, until: stored.validity.until }
        outletsByDischarger.set(stored.dischargerId, [...(outletsByDischarger.get(stored.dischargerId) ?? []), outlet])
      }
      const added: NewOutlet[] = []
      for (const { row, entry } of readable) {
        const { dischargerCode, ...rest } = entry
        const discharger = dischargers.get(dischargerCode)
        if (discharger === undefined) {
          const refusal = refuse('discharger_unknown', { code: dischargerCode })
          verdicts.reject(row, [reasonOf(refusal, columns.dischargerCode.titles[0], dischargerCode)])
          continue
        }
        const outlet: NewOutlet = { ...rest, dischargerId: discharger.dischargerId }
        const others = outletsByDischarger.get(discharger.dischargerId) ?? []
        if (others.some((other) => isSame(other, outlet))) {
          verdicts.alreadyThere()
          continue
        }
        const validity = { from: outlet.from, until: outlet.until }
        const terms = others.map(({ outletNo, from, until }) => ({ outletNo, validity: { from, until } }))
        const refusal = outletRefusal({ ...outlet, dischargerCode, validity }, terms)
        if (refusal !== undefined) {
          verdicts.reject(row, [reasonOf(refusal, columns.outletNo.titles[0], outlet.outletNo)])
          continue
        }
        outletsByDischarger.set(discharger.dischargerId, [...others, outlet])
        added.push(outlet)
        verdicts.added()
      }
      await insertOutlets(trx, commandId, added)
    },
    async finish() {},
  }
}

function isSame(a: NewOutlet, b: NewOutlet): boolean {
  return (
    a.outletNo === b.outletNo &&
    a.from === b.from &&
    a.until === b.until &&
    a.place === b.place &&
    a.hasSamplingWell === b.hasSamplingWell &&
    a.hasOnlineMeter === b.hasOnlineMeter &&
    a.exceptionReason === b.exceptionReason
  )
}
