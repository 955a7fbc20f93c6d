import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { addOutlet } from '../../src/dischargers/add-outlet.ts'
import { registerDischarger } from '../../src/dischargers/register-discharger.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { creditCodeWithCheck } from '../../src/kernel/credit-code.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { sqlState } from '../../src/platform/command.ts'
import { readStoredFile, readWholeFile } from '../../src/platform/files.ts'
import { addPollutant } from '../../src/quality/add-pollutant.ts'
import { approveLimits, returnQualityProposal } from '../../src/quality/approve-limits.ts'
import { exportSampleRows, exportSamples, writeSamplesTemplate } from '../../src/quality/export-samples.ts'
import { findingText } from '../../src/quality/finding.rules.ts'
import { approveCreditGrade, proposeCreditGrade } from '../../src/quality/grade-discharger.ts'
import { importSamples } from '../../src/quality/import-samples.ts'
import { readLimitsFile } from '../../src/quality/limits-file.ts'
import { limitsProposal, proposeLimits } from '../../src/quality/propose-limits.ts'
import {
  creditGradesTouching,
  judgeSamples,
  limitsOf,
  listAccidents,
  listReferrals,
  listSamples,
} from '../../src/quality/quality.queries.ts'
import { type EnteredSample, recordSample, withdrawSample } from '../../src/quality/record-sample.ts'
import { approveReferral, proposeReferral, recordReply } from '../../src/quality/refer-matter.ts'
import { reportAccident } from '../../src/quality/report-accident.ts'
import { samplesRowsOf } from '../../src/quality/samples-import.queries.ts'
import { outletVolumes } from '../../src/volumes/outlet-volume.queries.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'
import { linesOfPage, textOfPdf } from '../support/pdf-text.ts'

const ecologyBureau = '示例区生态环境局'

onEveryDatabase('water quality', (connection) => {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-quality-'))
  let today = '2026-03-20'
  const services = () => servicesOn(connection(), today)
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  beforeAll(async () => {
    await openOffice(services())
    await done(addOrganisation(services(), by('admin'), { code: 'works', name: '示例污水处理厂', kind: 'plant' }))
    for (const [code, organisationCode, roles] of [
      ['plant', 'works', ['plant_operator']],
      ['ecology', 'bureau', ['ecology_officer']],
      ['brigade', 'bureau', ['brigade_officer']],
    ] as const) {
      await done(addStaff(services(), by('admin'), { code, name: `示例${code}`, organisationCode, roles }))
    }
    for (const code of ['E1', 'E2']) {
      await done(
        registerDischarger(services(), by('clerk'), {
          code,
          name: `示例钨业${code}有限公司`,
          kind: 'enterprise',
          creditCode: creditCodeWithCheck(`91999999MA000000${code.slice(1)}`),
          productIsMainlyWater: false,
        }),
      )
      await done(
        addOutlet(services(), by('clerk'), {
          dischargerCode: code,
          outletNo: '1',
          hasSamplingWell: true,
          hasOnlineMeter: false,
          from: civilDate('2025-01-01'),
        }),
      )
    }
  })

  const header = '排污者代码,排污口,污染物,限值类型,限值,单位,批准文件,起始日'
  const limitsIn = async (...rows: string[]) => {
    const entered = await readLimitsFile(file('limits.csv', [header, ...rows].join('\n')))
    if (isRefusal(entered)) throw new Error(entered.sentence('en'))
    return entered
  }
  const putInForce = async (...rows: string[]) => {
    const { proposalId } = await done(proposeLimits(services(), by('clerk'), await limitsIn(...rows)))
    return done(approveLimits(services(), by('approver'), { proposalId }))
  }
  const sample = (more: Partial<EnteredSample> & { cod?: string } = {}): EnteredSample => {
    const { cod = '850', ...rest } = more
    return {
      dischargerCode: 'E1',
      outletNo: '1',
      body: '园区污水处理厂',
      sampleNo: 'W-1',
      source: 'plant',
      certificateNo: '',
      takenOn: civilDate('2026-03-10'),
      takenAt: '08:30',
      sampler: '示例甲',
      dayVolumeM3: '',
      reportNo: '',
      results: [{ pollutant: 'COD', result: cod, unit: '', detectionLimit: '', method: 'HJ 828-2017' }],
      ...rest,
    }
  }

  describe('permitted limits', () => {
    it('are refused with every fault of the file', async () => {
      const entered = await limitsIn(
        'E9,1,COD,,500,,批复1号,2026-01-01',
        'E1,1,仙气,,500,,批复1号,2026-01-01',
        'E1,1,COD,大约,500,,批复1号,2026-01-01',
        'E1,1,氨氮,,0,,批复1号,2026-01-01',
        'E1,1,氨氮,,35,kg/L,批复1号,2026-01-01',
        'E1,1,pH,日排放总量不超过,9,,批复1号,2026-01-01',
        'E1,1,总磷,,8,,,2026-01-01',
      )
      const refused = await proposeLimits(services(), by('clerk'), entered)
      expect(isRefusal(refused) && [refused.code, refused.parameters['count']]).toEqual(['limits_faulty', 7])
      const twice = await limitsIn(
        'E1,1,COD,,500,,批复1号,2026-01-01',
        'E1,1,化学需氧量,不高于,400,,批复1号,2026-01-01',
      )
      expect(await refusedWith(proposeLimits(services(), by('clerk'), twice))).toBe('limits_faulty')
    })

    it('take two persons, and the one who may not approve is named', async () => {
      const entered = await limitsIn('E1,1,COD,,500,,批复1号,2026-01-01')
      const { proposalId } = await done(proposeLimits(services(), by('both'), entered))
      expect(await refusedWith(approveLimits(services(), by('both'), { proposalId }))).toBe('proposal_own_work')
      expect(await refusedWith(approveLimits(services(), by('clerk'), { proposalId }))).toBe('role_missing')
      await done(returnQualityProposal(services(), by('approver'), limitsProposal, { proposalId, reason: '缺批复' }))
    })

    it('hold from their day on, end the one before, and may end without a follower', async () => {
      await putInForce(
        'E1,1,COD,,500,,批复〔2025〕1号,2025-06-01',
        'E1,1,pH,不低于,6,,批复〔2025〕1号,2025-06-01',
        'E1,1,pH,不高于,9,,批复〔2025〕1号,2025-06-01',
        'E1,1,COD,日排放总量不超过,60,,批复〔2025〕1号,2025-06-01',
        'E1,1,烷基汞,,不得检出,,批复〔2025〕1号,2025-06-01',
      )
      expect(await putInForce('E1,1,COD,,300,,批复〔2026〕2号,2026-03-15')).toEqual({ limits: 1, ended: 1 })
      expect(await putInForce('E1,1,pH,不低于,取消,,批复〔2026〕3号,2026-03-16')).toEqual({ limits: 0, ended: 1 })
      const [{ outletId = '' } = {}] = (await listOutlets()).filter(({ code }) => code === 'E1')
      const stored = (await limitsOf(services().db, [outletId])).map(({ pollutant, bound, value, validity }) =>
        [pollutant, bound, value?.toFixed() ?? '', validity.from, validity.until ?? ''].join(' '),
      )
      expect(stored).toEqual([
        'alkylmercury not_detected  2025-06-01 ',
        'cod at_most 500 2025-06-01 2026-03-15',
        'cod daily_total 60 2025-06-01 ',
        'cod at_most 300 2026-03-15 ',
        'ph at_least 6 2025-06-01 2026-03-16',
        'ph at_most 9 2025-06-01 ',
      ])
      for (const row of [
        'E1,1,COD,,200,,批复4号,2026-03-15',
        'E1,1,COD,,200,,批复4号,2025-12-01',
        'E1,1,氨氮,,取消,,批复4号,2026-04-01',
      ]) {
        expect(await refusedWith(proposeLimits(services(), by('clerk'), await limitsIn(row)))).toBe('limits_faulty')
      }
    })

    it('of totals are in kg by day and month, in t by year', async () => {
      const rows = (unit: (kind: string) => string) =>
        limitsIn(
          ...['日', '月', '年'].map((kind) => `E2,1,总磷,${kind}排放总量不超过,2,${unit(kind)},许可证1号,2026-01-01`),
          'E2,1,总氮,yearly_total,9,,许可证1号,2026-01-01',
        )
      expect(await refusedWith(proposeLimits(services(), by('clerk'), await rows(() => 'kg')))).toBe('limits_faulty')
      const { proposalId } = await done(
        proposeLimits(services(), by('clerk'), await rows((kind) => (kind === '月' ? 'kg/月' : ''))),
      )
      await done(approveLimits(services(), by('approver'), { proposalId }))
      const [{ outletId = '' } = {}] = (await listOutlets()).filter(({ code }) => code === 'E2')
      expect((await limitsOf(services().db, [outletId])).map(({ bound, unit }) => `${bound} ${unit}`)).toEqual([
        'yearly_total t/a',
        'daily_total kg/d',
        'monthly_total kg/month',
        'yearly_total t/a',
      ])
    })

    const listOutlets = async () =>
      (
        await sql<{ outletId: string; code: string }>`
          select o.id as "outletId", d.code from outlets o join dischargers d on d.id = o.discharger_id`.execute(
          services().db,
        )
      ).rows
  })

  describe('a sample', () => {
    it('is refused with everything that is wrong with it', async () => {
      const wrong = (more: Parameters<typeof sample>[0]) => recordSample(services(), by('plant'), sample(more))
      const codes = async (more: Parameters<typeof sample>[0]) => {
        const refused = await wrong(more)
        return isRefusal(refused) ? refused.sentence('zh') : refused
      }
      expect(await codes({ cod: '0' })).toContain('低于检出限不等于 0')
      expect(await codes({ cod: 'ND' })).toContain('没有写检出限')
      expect(await codes({ takenOn: civilDate('2026-03-21') })).toContain('晚于 2026-03-20')
      expect(await codes({ takenOn: civilDate('2024-12-31') })).toContain('没有排污口“1”')
      expect(await codes({ dischargerCode: 'E9' })).toContain('没有登记排污者“E9”')
      expect(await codes({ sampler: '' })).toContain('缺少“采样人”')
      expect(await codes({ source: 'qualified_body' })).toContain('没有写资质证书号')
      expect(await codes({ source: 'supervision' })).toContain('您的岗位不能登记')
      expect(await codes({ takenAt: '25:00' })).toContain('采样时间')
      expect(await codes({ dayVolumeM3: '-1' })).toContain('日排水量')
      expect(await refusedWith(recordSample(services(), by('auditor'), sample()))).toBe('role_missing')
      expect(await listSamples(services().db)).toEqual([])
    })

    it('is judged by the limits of its day alone', async () => {
      const evidence = await readWholeFile(file('report.txt', '示例监测报告'))
      if (isRefusal(evidence)) throw new Error(evidence.code)
      const before = sample({ sampleNo: 'W-0', cod: '400', dayVolumeM3: '200' })
      expect(await done(recordSample(services(), by('plant'), before, evidence))).toMatchObject({
        results: 1,
        exceeds: 1,
      })
      const [stored] = await listSamples(services().db, { sampleNos: ['W-0'] })
      const judged = await judgeSamples(services().db, stored === undefined ? [] : [stored])
      expect(judged.map(({ judged: { verdict, limit } }) => [limit?.bound, verdict])).toEqual([
        ['at_most', 'within'],
        ['daily_total', 'exceeds'],
      ])
      expect(stored?.evidenceDigest).toBe(evidence.digest)
      // The same concentration after the limit was lowered, and without the volume of the day.
      const after = sample({ sampleNo: 'W-2', cod: '400', takenOn: civilDate('2026-03-15') })
      expect(await done(recordSample(services(), by('plant'), after))).toMatchObject({ exceeds: 1 })
    })

    it('is stored once: a repeat changes nothing, other content is refused', async () => {
      const first = await done(recordSample(services(), by('plant'), sample()))
      expect(first).toMatchObject({ unchanged: false, exceeds: 1 })
      expect(await done(recordSample(services(), by('plant'), sample()))).toMatchObject({
        sampleId: first.sampleId,
        unchanged: true,
      })
      const refused = await recordSample(services(), by('plant'), sample({ cod: '851' }))
      expect(isRefusal(refused) && refused.sentence('zh')).toContain('内容不同')
      // Another body has its own numbers.
      const other = sample({ body: '示例检测公司', source: 'qualified_body', certificateNo: '1814', cod: '<4' })
      expect(await done(recordSample(services(), by('ecology'), other))).toMatchObject({ exceeds: 0 })
      const [below] = (await listSamples(services().db, { sampleNos: ['W-1'] })).filter(
        ({ body }) => body === '示例检测公司',
      )
      expect(below?.results.map(({ finding }) => findingText(finding))).toEqual(['<4'])
    })

    it('is withdrawn, never corrected', async () => {
      const { sampleId } = await done(recordSample(services(), by('plant'), sample({ sampleNo: 'W-3' })))
      expect(await refusedWith(withdrawSample(services(), by('plant'), { sampleId, reason: ' ' }))).toBe(
        'quality_reason_missing',
      )
      await done(withdrawSample(services(), by('plant'), { sampleId, reason: '编号登记错误' }))
      expect(await refusedWith(withdrawSample(services(), by('plant'), { sampleId, reason: '再次' }))).toBe(
        'sample_withdrawn',
      )
      expect(await refusedWith(withdrawSample(services(), by('plant'), { sampleId: '999', reason: '无' }))).toBe(
        'sample_missing',
      )
    })

    it('keeps its facts in the database itself', async () => {
      const { db } = services()
      const state = (change: { execute(on: typeof db): Promise<unknown> }) =>
        change.execute(db).then(() => 'changed', sqlState)
      for (const table of ['samples', 'sample_results', 'sample_withdrawals', 'pollutants']) {
        expect(await state(sql`delete from ${sql.table(table)}`)).toBe('QL001')
        expect(await state(sql`truncate ${sql.table(table)} cascade`)).toBe('QL001')
      }
      expect(await state(sql`update sample_results set measured = 1`)).toBe('QL001')
      expect(await state(sql`update permitted_limits set limit_value = 9999`)).toBe('QL002')
      const copy = sql`insert into samples (outlet_id, body, sample_no, source, taken_on, sampler, command_id, recorded_at)
        select outlet_id, body, 'bare', source, taken_on, sampler, command_id, recorded_at from samples limit 1`
      expect(await state(copy)).toBe('QL181')
      const zero = sql`insert into sample_results select id, 'ss', 0, null, 'mg/L', 'x' from samples limit 1`
      expect(await state(zero)).toBe('23514')
    })
  })

  describe('a file of samples', () => {
    const columns = '排污者代码,排污口,监测单位,样品编号,来源,采样日期,采样人,污染物,结果,单位,检出限,方法'
    const row = (
      sampleNo: string,
      pollutant: string,
      result: string,
      more: Partial<Record<'code' | 'on' | 'unit' | 'dl', string>> = {},
    ) =>
      [
        more.code ?? 'E2',
        '1',
        '园区污水处理厂',
        sampleNo,
        '污水处理厂',
        more.on ?? '2026-03-11',
        '示例乙',
        pollutant,
        result,
        more.unit ?? '',
        more.dl ?? '',
        'HJ',
      ].join(',')
    const bad = [
      columns,
      row('F-1', 'COD', '85'),
      row('F-1', '氨氮', '<0.025'),
      row('F-2', 'COD', '90'),
      row('F-2', '氨氮', '0'),
      row('F-3', 'COD', '95', { unit: 'μg/L' }),
      row('F-4', 'COD', '85'),
      row('F-4', 'COD', '86'),
      row('F-5', 'COD', '85', { on: '2026-03-11' }),
      row('F-5', '氨氮', '1', { on: '2026-03-12' }),
    ].join('\n')

    it('gives every row a verdict, and stores a sample whole or not at all', async () => {
      const answer = await done(importSamples(services(), by('plant'), file('march.csv', bad)))
      expect(answer).toMatchObject({
        rows: { in: 9, accepted: 2, held: 1, rejected: 6 },
        samples: 1,
        exceeds: 0,
        reasons: {
          finding_zero: 1,
          sample_incomplete: 1,
          sample_unit_differs: 1,
          sample_pollutant_twice: 2,
          sample_rows_differ: 2,
        },
      })
      const told = await samplesRowsOf(services().db, answer.importId)
      if (isRefusal(told)) throw new Error(told.code)
      expect(
        told.rows.map(({ rowNo, verdict, reasons }) => [rowNo, verdict, reasons.map(({ code }) => code).join()]),
      ).toEqual([
        [4, 'held', 'sample_incomplete'],
        [5, 'rejected', 'finding_zero'],
        [6, 'rejected', 'sample_unit_differs'],
        [7, 'rejected', 'sample_pollutant_twice'],
        [8, 'rejected', 'sample_pollutant_twice'],
        [9, 'rejected', 'sample_rows_differ'],
        [10, 'rejected', 'sample_rows_differ'],
      ])
      expect((await listSamples(services().db, { dischargerCode: 'E2' })).map(({ sampleNo }) => sampleNo)).toEqual([
        'F-1',
      ])
    })

    it('is answered as the first time when it comes again', async () => {
      const again = await done(importSamples(services(), by('plant'), file('again.csv', bad)))
      expect(again.file).toBe('march.csv')
      const longer = `${bad}\n${row('F-6', 'COD', '1')}`
      expect(await done(importSamples(services(), by('plant'), file('longer.csv', longer)))).toMatchObject({
        samples: 1,
        unchanged: 1,
      })
    })

    it('comes back corrected and takes over the rows it was exported from', async () => {
      const { importId } = await done(importSamples(services(), by('plant'), file('march.csv', bad)))
      const path = join(folder, 'held.csv')
      const written = await exportSampleRows(services().db, { importId, path, language: 'zh' })
      expect(isRefusal(written) ? written.code : written.rows).toBe(7)
      const lines = readFileSync(path, 'utf8').replace('\uFEFF', '').trimEnd().split('\r\n')
      expect(lines[0]).toMatch(/导入批次,原行号,结论,原因,建议$/)
      expect(lines[2]).toContain('低于检出限不等于 0')
      const corrected = [lines[0], lines[1], lines[2]?.replace('氨氮,0,', '氨氮,<0.025,')].join('\n')
      expect(await done(importSamples(services(), by('plant'), file('corrected.csv', corrected)))).toMatchObject({
        rows: { in: 2, accepted: 2 },
        samples: 1,
        settled: 2,
      })
      const left = await exportSampleRows(services().db, { importId, path, language: 'en' })
      expect(isRefusal(left) ? left.code : left.rows).toBe(5)
    })

    it('has a blank form whose columns are recognised, and an export with limits and verdicts', async () => {
      const form = join(folder, 'form.csv')
      expect(await writeSamplesTemplate(form)).toBeUndefined()
      expect(await refusedWith(importSamples(services(), by('plant'), form))).toBe('samples_file_empty')
      const path = join(folder, 'samples.csv')
      const written = await exportSamples(services().db, { dischargerCode: 'E1' }, path)
      expect(isRefusal(written)).toBe(false)
      const text = readFileSync(path, 'utf8')
      expect(text).toContain('化学需氧量,850,mg/L,,HJ 828-2017,不高于 500,mg/L,超标,0.7,批复〔2025〕1号')
      expect(text).toContain('无法判定（缺当日排水量）')
      const nothing = await exportSamples(services().db, { dischargerCode: 'E9' }, path)
      expect(isRefusal(nothing) && nothing.code).toBe('samples_export_empty')
    })
  })

  describe('a referral', () => {
    const refer = (id: string, recipient = ecologyBureau, kind: 'sample' | 'accident' = 'sample') =>
      proposeReferral(services(), by('brigade'), { matter: { kind, id }, recipient, facts: '' }, [], outletVolumes)
    const idOf = async (sampleNo: string) =>
      (await listSamples(services().db, { sampleNos: [sampleNo] })).at(-1)?.sampleId ?? ''

    it('is of something that exceeds, stands, and was not referred before', async () => {
      const { sampleId } = await done(recordSample(services(), by('plant'), sample({ sampleNo: 'W-9', cod: '500' })))
      expect(await refusedWith(refer(sampleId))).toBe('referral_without_exceedance')
      expect(await refusedWith(refer(await idOf('W-3')))).toBe('sample_withdrawn')
      expect(await refusedWith(refer('999'))).toBe('sample_missing')
      expect(await refusedWith(refer('999', ecologyBureau, 'accident'))).toBe('accident_missing')
      expect(await refusedWith(refer(await idOf('W-1'), ' '))).toBe('quality_reason_missing')
    })

    it('goes out as a letter with number, facts, limits and evidence, approved by another person', async () => {
      const evidence = await readWholeFile(file('monitoring.txt', '示例监测报告全文'))
      if (isRefusal(evidence)) throw new Error(evidence.code)
      const matter = { kind: 'sample' as const, id: await idOf('W-1') }
      const entered = { matter, recipient: ecologyBureau, facts: '现场检查时预处理设施未运行。' }
      const { proposalId, exceeded } = await done(
        proposeReferral(services(), by('brigade'), entered, [evidence], outletVolumes),
      )
      expect(exceeded).toEqual(['化学需氧量 850 mg/L（不高于 500 mg/L，批复〔2025〕1号）'])
      expect(await refusedWith(refer(matter.id))).toBe('referral_waiting')
      const trial = await done(
        approveReferral(services(), by('approver', { dryRun: true }), { proposalId }, outletVolumes),
      )
      expect(trial.number).toBe('移送〔2026〕1号')
      expect(await listReferrals(services().db)).toEqual([])

      const sent = await done(approveReferral(services(), by('approver'), { proposalId }, outletVolumes))
      expect(sent).toMatchObject({ number: '移送〔2026〕1号', recipient: ecologyBureau, fileDigest: trial.fileDigest })
      const [stored] = await listReferrals(services().db, { number: sent.number })
      expect(stored).toMatchObject({
        matter,
        datedOn: '2026-03-20',
        evidence: [{ digest: evidence.digest, name: 'monitoring.txt' }],
      })
      const pieces: Buffer[] = []
      for await (const piece of readStoredFile(services().db, sent.fileDigest)) pieces.push(piece)
      const lines = textOfPdf(Buffer.concat(pieces)).flatMap(linesOfPage)
      const letter = lines.join('')
      expect(lines).toContain('移送〔2026〕1号')
      expect(lines).toContain(`${ecologyBureau}：`)
      expect(letter).toContain('关于移送示例钨业E1有限公司超过许可限值排放污水')
      expect(letter).toContain('样品编号 W-1')
      expect(letter).toContain('现场检查时预处理设施未运行。')
      expect(letter).toContain('第十二条')
      expect(letter).toContain('不作为征收污水处理费或者对欠缴污水处理费处以罚款的依据')
      expect(letter).toContain(evidence.digest.slice(0, 20))

      expect(await refusedWith(refer(matter.id))).toBe('referral_made')
      expect(await refusedWith(withdrawSample(services(), by('plant'), { sampleId: matter.id, reason: '错' }))).toBe(
        'sample_referred',
      )
      const beside = sql`insert into sample_withdrawals select ${matter.id}::bigint, 'x', command_id from samples limit 1`
      expect(await beside.execute(services().db).then(() => 'changed', sqlState)).toBe('QL182')
    })

    it('is not approved once its judgement has changed', async () => {
      const { sampleId } = await done(
        recordSample(
          services(),
          by('plant'),
          sample({ sampleNo: 'W-8', cod: '700', takenOn: civilDate('2026-03-18') }),
        ),
      )
      const { proposalId } = await done(refer(sampleId))
      today = '2026-03-21'
      await done(withdrawSample(services(), by('plant'), { sampleId, reason: '实验室更正' }))
      expect(await refusedWith(approveReferral(services(), by('approver'), { proposalId }, outletVolumes))).toBe(
        'sample_withdrawn',
      )
    })

    it('of an accident says what art. 6 asks for, and records the answer', async () => {
      const report = {
        dischargerCode: 'E2',
        outletNo: '1',
        occurredOn: civilDate('2026-03-19'),
        reportedOn: civilDate('2026-03-20'),
        reportedBy: '示例丙',
        substanceKind: 'toxic' as const,
        substances: '含氰电镀液约2立方米',
        description: '阀门破损。',
        measures: '已关闭排口。',
      }
      const { accidentId } = await done(reportAccident(services(), by('brigade'), report))
      for (const [more, code] of [
        [{ reportedOn: civilDate('2026-03-18') }, 'accident_dates_reversed'],
        [{ reportedOn: civilDate('2026-04-18') }, 'quality_date_in_future'],
        [{ outletNo: '7' }, 'outlet_not_registered'],
        [{ dischargerCode: 'E9' }, 'discharger_unknown'],
        [{ substances: ' ' }, 'quality_reason_missing'],
      ] as const) {
        expect(await refusedWith(reportAccident(services(), by('brigade'), { ...report, ...more }))).toBe(code)
      }
      expect(await listAccidents(services().db)).toHaveLength(1)
      const { proposalId } = await done(refer(accidentId, ecologyBureau, 'accident'))
      const sent = await done(approveReferral(services(), by('approver'), { proposalId }, outletVolumes))
      expect(sent.number).toBe('移送〔2026〕2号')
      const pieces: Buffer[] = []
      for await (const piece of readStoredFile(services().db, sent.fileDigest)) pieces.push(piece)
      const letter = textOfPdf(Buffer.concat(pieces)).flatMap(linesOfPage).join('')
      expect(letter).toContain('因意外事故致使含氰电镀液约2立方米进入污水管网')
      expect(letter).not.toContain('超标倍数')
      const reply = {
        number: sent.number,
        receivedOn: civilDate('2026-03-21'),
        document: '示例环函〔2026〕8号',
        content: '已立案',
      }
      expect(await refusedWith(recordReply(services(), by('brigade'), { ...reply, number: '移送〔2026〕9号' }))).toBe(
        'referral_missing',
      )
      await done(recordReply(services(), by('brigade'), reply))
      expect((await listReferrals(services().db, { number: sent.number }))[0]?.replies).toEqual([
        { receivedOn: '2026-03-21', document: '示例环函〔2026〕8号', content: '已立案' },
      ])
    })

    it('never touches the books', async () => {
      const { rows } = await sql`select from journal_entries`.execute(services().db)
      expect(rows).toEqual([])
    })
  })

  describe('a credit grade', () => {
    const grade = (from: string, until = '', ratedYear = 2025) => ({
      dischargerCode: 'E1',
      grade: 'red' as const,
      ratedYear,
      document: '示例环评价〔2026〕3号',
      from: civilDate(from),
      until: until === '' ? ('' as const) : civilDate(until),
    })

    it('takes two persons, holds for its days, and gives way to the next one', async () => {
      const { proposalId } = await done(proposeCreditGrade(services(), by('ecology'), grade('2026-01-01')))
      expect(await refusedWith(proposeCreditGrade(services(), by('ecology'), grade('2026-02-01')))).toBe(
        'grade_waiting',
      )
      expect(await refusedWith(approveCreditGrade(services(), by('ecology'), { proposalId }))).toBe('role_missing')
      await done(approveCreditGrade(services(), by('approver'), { proposalId }))
      const next = await done(proposeCreditGrade(services(), by('ecology'), grade('2026-07-01', '2027-07-01')))
      await done(approveCreditGrade(services(), by('approver'), { proposalId: next.proposalId }))
      expect(await refusedWith(proposeCreditGrade(services(), by('ecology'), grade('2027-01-01')))).toBe(
        'grade_overlaps',
      )
      expect(await refusedWith(proposeCreditGrade(services(), by('ecology'), grade('2027-08-01', '2027-08-01')))).toBe(
        'grade_period_reversed',
      )
      const discharger = await findDischarger(services().db, 'E1')
      if (isRefusal(discharger)) throw new Error(discharger.code)
      const touching = async (from: string, until: string) =>
        (
          await creditGradesTouching(services().db, [discharger.dischargerId], {
            from: civilDate(from),
            until: civilDate(until),
          })
        ).map(({ validity }) => `${validity.from} ${validity.until}`)
      expect(await touching('2026-06-01', '2026-07-01')).toEqual(['2026-01-01 2026-07-01'])
      expect(await touching('2026-06-30', '2026-07-02')).toEqual(['2026-01-01 2026-07-01', '2026-07-01 2027-07-01'])
      expect(await touching('2027-07-01', '2027-08-01')).toEqual([])
    })
  })

  it('knows a pollutant by any of its names, and lists further ones once', async () => {
    const tungsten = { code: 'tungsten', zh: '总钨', en: 'tungsten', aliases: ['W'], unit: 'mg/L', firstClass: false }
    await done(addPollutant(services(), by('ecology'), tungsten))
    for (const more of [{}, { code: 'w', zh: 'ｗ' }, { code: 'x', zh: 'CODCr' }])
      expect(await refusedWith(addPollutant(services(), by('clerk'), { ...tungsten, ...more }))).toBe('pollutant_taken')
    expect(await refusedWith(addPollutant(services(), by('clerk'), { ...tungsten, code: 'W W' }))).toBe(
      'pollutant_malformed',
    )
  })
})
