import { addOutlet } from '../../src/dischargers/add-outlet.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import type { Connection } from '../../src/platform/database.ts'
import { approveLimits } from '../../src/quality/approve-limits.ts'
import { proposeLimits } from '../../src/quality/propose-limits.ts'
import { recordSample } from '../../src/quality/record-sample.ts'
import { by, done } from './office.ts'
import { SmallTown } from './small-town.ts'

/** Puts limits of P1001, outlet 1, in force: 污染物, 限值类型, 限值, from when. */
export async function permit(town: SmallTown, ...limits: readonly (readonly [string, string, string, string])[]) {
  const entered = limits.map(([pollutant, bound, value, from], index) => {
    const outlet = { discharger: 'P1001', outlet: '1', document: '示例排污许可证', unit: '' }
    return { ...outlet, pollutant, bound, value, from: civilDate(from), row: index + 2 }
  })
  const { proposalId } = await done(proposeLimits(town.services, by('clerk'), entered))
  return done(approveLimits(town.services, by('approver'), { proposalId }))
}

/** A sample of P1001, outlet 1, by the plant: the COD in mg/L, and what was discharged that day in m³. */
export async function sampled(town: SmallTown, on: string, cod: string, dayVolumeM3 = '', outletNo = '1') {
  const { sampleId } = await done(
    recordSample(town.services, by('clerk'), {
      dischargerCode: 'P1001',
      outletNo,
      body: '园区污水处理厂',
      sampleNo: `W-${on}-${outletNo}`,
      source: 'plant',
      certificateNo: '',
      takenOn: civilDate(on),
      takenAt: '',
      sampler: '示例甲',
      dayVolumeM3,
      reportNo: '',
      results: [{ pollutant: 'COD', result: cod, unit: '', detectionLimit: '', method: 'HJ 828-2017' }],
    }),
  )
  return sampleId
}

/**
 * A town on 2026-04-05 in which P1001 used 3,000 m³ in each of January, February and March and may discharge at outlet 1
 * 4 t of COD in a year and 1,500 kg in a month; sampled at 400 mg/L in January and 500 in February, not in March.
 */
export async function townWithTotals(connection: Connection): Promise<SmallTown> {
  const town = await SmallTown.found(connection)
  await town.enrol('1001', { openedOn: '2026-01-01' })
  const from = civilDate('2025-12-01')
  const outlet = { dischargerCode: 'P1001', outletNo: '1', hasSamplingWell: true, hasOnlineMeter: false, from }
  await done(addOutlet(town.services, by('clerk'), outlet))
  await permit(town, ['COD', '年排放总量不超过', '4', '2026-01-01'], ['COD', '月排放总量不超过', '1500', '2026-01-01'])
  town.on('2026-04-05')
  for (const [month, start, end, on] of [
    ['2026-01', '0', '3000', '2026-01-31'],
    ['2026-02', '3000', '6000', '2026-02-28'],
    ['2026-03', '6000', '9000', '2026-03-31'],
  ] as const)
    await town.read(month, [{ account: '1001', start, end, on }])
  await sampled(town, '2026-01-10', '400')
  await sampled(town, '2026-02-10', '500')
  return town
}
