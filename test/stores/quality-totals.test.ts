import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addOutlet } from '../../src/dischargers/add-outlet.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { plainText } from '../../src/kernel/decimal.ts'
import { sqlState } from '../../src/platform/command.ts'
import { readStoredFile } from '../../src/platform/files.ts'
import { listExceedances, listReferrals } from '../../src/quality/quality.queries.ts'
import { withdrawSample } from '../../src/quality/record-sample.ts'
import { approveReferral, proposeReferral } from '../../src/quality/refer-matter.ts'
import { findTotal, listTotals, pageOfTotals } from '../../src/quality/total.queries.ts'
import { gapsText } from '../../src/quality/total-text.ts'
import { outletVolumes } from '../../src/volumes/outlet-volume.queries.ts'
import { decideVolumeBasis, proposeVolumeBasis } from '../../src/volumes/propose-volume-basis.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done, refusedWith } from '../support/office.ts'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'
import type { SmallTown } from '../support/small-town.ts'
import { permit, sampled, townWithTotals } from '../support/totals-town.ts'

onEveryDatabase('permitted totals', (connection) => {
  let town: SmallTown
  beforeAll(async () => {
    town = await townWithTotals(connection())
  })
  afterAll(() => town.leave())
  const source = () => ({ db: town.services.db, volumes: outletVolumes, today: town.services.clock.today() })
  const told = async (year = 2026) =>
    (await listTotals(source(), { year })).map(({ totalId, verdict, least, limit }) =>
      [totalId, limit.pollutant, verdict, plainText(least)].join(' '),
    )
  const gaps = async (id: string) => {
    const total = await findTotal(source(), id)
    return total === undefined ? undefined : gapsText(total, 'zh')
  }

  it('are judged by the volumes of the accounts and the mean concentrations, months without a sample named', async () => {
    expect(await told()).toEqual([
      '1-2026 cod undecided 2.7',
      '2-2026-01 cod within 1200',
      '2-2026-02 cod within 1500',
      '2-2026-03 cod undecided 0',
      '2-2026-04 cod undecided 0',
    ])
    expect(await gaps('1-2026')).toBe('2026-03 没有样品；2026-04 至 2026-12 当月未结束')
    expect(await told(2025)).toEqual([])
    for (const missing of ['1-2025', '1-2026-01', '2-2026', '2-2026-05', '9-2026', 'x'])
      expect(await gaps(missing)).toBeUndefined()
    // No single result is above or within a total.
    expect(await listExceedances(town.services.db, { limit: 10 })).toEqual([])
  })

  it('are judged as far as a page shows them', async () => {
    const monthsAsked: string[][] = []
    const counted: typeof outletVolumes = (db, outlets, months) => {
      monthsAsked.push([...months])
      return outletVolumes(db, outlets, months)
    }
    const page = async (after: string | undefined, limit: number) =>
      (
        await pageOfTotals(
          { ...source(), volumes: counted },
          { year: 2026 },
          { after: after === undefined ? undefined : [after], limit },
        )
      ).map(({ totalId, verdict }) => `${totalId} ${verdict}`)
    expect(await page(undefined, 1)).toEqual(['1-2026 undecided'])
    expect(await page('2-2026-01', 1)).toEqual(['2-2026-02 within'])
    expect(await page('2-2026-04', 1)).toEqual([])
    expect(monthsAsked).toEqual([['2026-01', '2026-02', '2026-03'], ['2026-02']])
  })

  it('are those of one discharger where it is named', async () => {
    expect(await listTotals(source(), { year: 2026, dischargerCode: 'P1001' })).toHaveLength(5)
    expect(await listTotals(source(), { year: 2026, dischargerCode: 'P9999' })).toEqual([])
  })

  it('are exceeded as soon as what is known is above, and follow a sample that is withdrawn', async () => {
    const sampleId = await sampled(town, '2026-03-10', '434')
    expect((await told())[0]).toBe('1-2026 cod exceeds 4.002')
    await done(withdrawSample(town.services, by('clerk'), { sampleId, reason: '编号登记错误' }))
    expect((await told())[0]).toBe('1-2026 cod undecided 2.7')
  })

  it('say which account’s volume is not known, or not measured', async () => {
    expect(await gaps('2-2026-03')).toBe('2026-03 没有样品')
    await sampled(town, '2026-03-11', '434')
    await town.read('2026-04', [{ account: '1001', start: '9000', end: '12000', on: '2026-04-30', source: '估抄' }])
    town.on('2026-06-02')
    await sampled(town, '2026-04-11', '400', '2500')
    expect(await gaps('2-2026-04')).toBe('2026-04 账户水量是估抄或者核定的（1001）')
    expect(await gaps('2-2026-05')).toBe('2026-05 账户水量不明（1001）')
    // Of the estimated month, what the one day with a volume discharged.
    expect((await told()).slice(0, 6)).toEqual([
      '1-2026 cod exceeds 5.002',
      '2-2026-01 cod within 1200',
      '2-2026-02 cod within 1500',
      '2-2026-03 cod within 1302',
      '2-2026-04 cod undecided 1000',
      '2-2026-05 cod undecided 0',
    ])
    town.on('2026-04-05')
  })

  const refer = (id: string, recipient: string) => {
    const entered = { matter: { kind: 'total' as const, id }, recipient, facts: '' }
    return proposeReferral(town.services, by('clerk'), entered, [], outletVolumes)
  }
  const approve = (proposalId: string) => approveReferral(town.services, by('approver'), { proposalId }, outletVolumes)

  it('are referred once to an authority, by a letter that shows the sum month by month', async () => {
    expect(await refusedWith(refer('2-2026-01', '示例生态环境局'))).toBe('total_not_exceeded')
    expect(await refusedWith(refer('2-2027-01', '示例生态环境局'))).toBe('total_missing')
    const { proposalId, exceeded } = await done(refer('1-2026', '示例生态环境局'))
    expect(exceeded).toEqual([
      '化学需氧量 2026 至少 5.002 t（年排放总量不超过 4 t/a，示例排污许可证）',
      '2026-01 1200 kg 400 mg/L 3000 m³ 月均浓度×月排水量',
      '2026-02 1500 kg 500 mg/L 3000 m³ 月均浓度×月排水量',
      '2026-03 1302 kg 434 mg/L 3000 m³ 月均浓度×月排水量',
      '2026-04 至少 1000 kg 2500 m³ 已知各日浓度×日排水量之和',
      '数据不全：2026-04 至 2026-12 当月未结束',
    ])
    expect(await refusedWith(refer('1-2026', '示例生态环境局'))).toBe('referral_waiting')
    const sent = await done(approve(proposalId))
    const pieces: Buffer[] = []
    for await (const piece of readStoredFile(town.services.db, sent.fileDigest)) pieces.push(piece)
    const letter = textOfPdf(Buffer.concat(pieces)).flatMap(linesOfPage).join('')
    for (const words of [
      '超过许可的排放总量排放污水',
      '各月合计 5002 kg',
      '月均浓度×月排水量',
      '434',
      '1302',
      '第十二条',
    ])
      expect(letter).toContain(words)
    expect(letter).toContain('不作为征收污水处理费或者对欠缴污水处理费处以罚款的依据')
    expect((await listReferrals(town.services.db, {})).map(({ matter }) => matter)).toEqual([
      { kind: 'total', id: '1-2026' },
    ])
    expect((await findTotal(source(), '1-2026'))?.referrals).toEqual([sent.number])
    expect(await refusedWith(refer('1-2026', '示例生态环境局'))).toBe('referral_made')

    // Another authority; not once the facts say something else than what was proposed.
    const other = await done(refer('1-2026', '示例园区管委会'))
    const sampleId = await sampled(town, '2026-03-12', '440')
    expect(await refusedWith(approve(other.proposalId))).toBe('referral_changed')
    await done(withdrawSample(town.services, by('clerk'), { sampleId, reason: '编号登记错误' }))
    await done(approve(other.proposalId))
  })

  it('are referred with their limit and period, or not at all', async () => {
    const state = (change: string) =>
      sql
        .raw(change)
        .execute(town.services.db)
        .then(() => 'changed', sqlState)
    const columns = 'number, limit_id, period, recipient, dated_on, document_id, proposal_id, command_id'
    const copy = (period: string, of = "'x', limit_id") =>
      state(`insert into referrals (${columns}) select ${of}, ${period}, recipient, dated_on, document_id, proposal_id, command_id
        from referrals order by id limit 1`)
    expect(await copy('null')).toBe('23514')
    expect(await copy("'2026-13-1'")).toBe('23514')
    expect(await copy("'2026'", "'x', null")).toBe('23514')
  })

  it('of an outlet among several are told only where its discharge is metered there', async () => {
    const from = civilDate('2026-02-01')
    const second = { dischargerCode: 'P1001', outletNo: '2', hasSamplingWell: true, hasOnlineMeter: true, from }
    await done(addOutlet(town.services, by('clerk'), { ...second, exceptionReason: '示例：改建期间两口并用' }))
    expect(await gaps('2-2026-01')).toBe('')
    expect(await gaps('2-2026-02')).toBe('2026-02 有几个排污口，账户水量分不到排污口（1001）')
  })

  it('of the outlet at which an account’s discharge is metered wait for that meter', async () => {
    const ground = {
      accountNo: '1001',
      basis: 'actual_discharge',
      evidence: '示例认定',
      outletNo: '2',
      determinationNo: '示例认定〔2026〕1号',
      postedFrom: civilDate('2026-02-01'),
      postedUntil: civilDate('2026-02-16'),
      validFrom: civilDate('2026-05-01'),
      validUntil: civilDate('2027-05-01'),
    } as const
    town.on('2026-06-02')
    const { proposalId } = await done(proposeVolumeBasis(town.services, by('clerk'), ground))
    await done(decideVolumeBasis(town.services, by('approver'), { proposalId, outcome: 'approved', reason: '' }))
    expect(await gaps('2-2026-05')).toBe('2026-05 没有水量归此排污口的账户')
    town.on('2026-04-05')
  })

  it('give way to the next limit: neither is judged by months of the other', async () => {
    await permit(town, ['COD', '年排放总量不超过', '3', '2026-03-01'])
    const year = (await listTotals(source(), { year: 2026 })).filter(({ limit }) => limit.bound === 'yearly_total')
    expect(
      year.map(({ verdict, months }) => [verdict, months.filter(({ gap }) => gap === 'limit_not_in_force').length]),
    ).toEqual([
      ['undecided', 10],
      ['undecided', 2],
    ])
  })
})
