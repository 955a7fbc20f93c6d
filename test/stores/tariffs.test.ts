import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPriceCategory } from '../../src/dischargers/add-price-category.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { volume } from '../../src/kernel/volume.ts'
import { sqlState } from '../../src/platform/command.ts'
import { approveRateSchedule } from '../../src/tariffs/approve-rate-schedule.ts'
import { endRateSchedule } from '../../src/tariffs/end-rate-schedule.ts'
import { checkPrices, priceVolume } from '../../src/tariffs/price.rules.ts'
import { wholeMonth } from '../../src/tariffs/price.ts'
import { priceExamples } from '../../src/tariffs/price-examples.ts'
import { type EnteredSchedule, proposeRateSchedule } from '../../src/tariffs/propose-rate-schedule.ts'
import type { LastDayBilledBy } from '../../src/tariffs/rate-end.ts'
import {
  listSchedules,
  ratesTouching,
  scheduleByCode,
  scheduleById,
  scheduleTables,
} from '../../src/tariffs/rate-schedule.queries.ts'
import { returnRateSchedule } from '../../src/tariffs/return-rate-schedule.ts'
import { readScheduleFile, scheduleTemplate } from '../../src/tariffs/schedule-file.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'

const nothingBilled: LastDayBilledBy = async () => undefined
const flat = (perM3: string) => ({ form: 'flat', perM3 })
const schedule = (
  code: string,
  validFrom: string,
  prices: EnteredSchedule,
  more: EnteredSchedule = {},
): EnteredSchedule => ({
  code,
  title: `标准 ${code}`,
  approvalDocument: `测试〔2025〕${code}号`,
  issuer: '测试发改委',
  straddle: 'by-days',
  clause: '办法第九条',
  validFrom,
  prices,
  ...more,
})

onEveryDatabase('rate schedules', (connection) => {
  const services = () => servicesOn(connection(), '2026-03-02')
  beforeAll(async () => {
    await openOffice(services())
    for (const code of ['industry', 'resident', 'academy', 'shop', 'east', 'west']) {
      await done(addPriceCategory(services(), by('clerk'), { code, nameZh: `类别${code}`, nameEn: code }))
    }
  })

  const propose = (entered: EnteredSchedule) => proposeRateSchedule(services(), by('clerk'), entered)
  const approve = (proposalId: string, lastDayBilledBy: LastDayBilledBy = nothingBilled) =>
    approveRateSchedule(services(), by('approver'), { proposalId }, lastDayBilledBy)
  const inForce = async (entered: EnteredSchedule, lastDayBilledBy: LastDayBilledBy = nothingBilled) =>
    done(approve((await done(propose(entered))).proposalId, lastDayBilledBy))
  const ratesOf = async (category: string) =>
    (await ratesTouching(connection().db, { from: civilDate('1990-01-01'), until: civilDate('2199-12-31') }))
      .filter(({ categoryCode }) => categoryCode === category)
      .map(({ scheduleCode, validity }) => `${scheduleCode} ${validity.from} ${validity.until ?? 'open'}`)

  it('price nothing before another person approved them', async () => {
    const entered = schedule('S-2024', '2024-01-01', {
      industry: flat('1.20'),
      academy: { form: 'percentage', of: 'industry', percent: '50' },
    })
    const { proposalId } = await done(propose(entered))
    expect(await ratesOf('industry')).toEqual([])
    expect(await refusedWith(propose(entered))).toBe('schedule_waiting')
    const answer = await done(approve(proposalId))
    expect(answer).toMatchObject({ code: 'S-2024', validFrom: '2024-01-01', ended: [] })
    expect(await ratesOf('industry')).toEqual(['S-2024 2024-01-01 open'])
    expect(await refusedWith(propose(entered))).toBe('schedule_code_taken')
  })

  it('are read as they were approved, price for price', async () => {
    const { db } = connection()
    const found = await scheduleByCode(db, 'S-2024')
    expect(found).toMatchObject({
      title: '标准 S-2024',
      approvalDocument: '测试〔2025〕S-2024号',
      unit: 'm³',
      currency: '元',
      straddle: 'by-days',
      until: { industry: null, academy: null },
    })
    if (found === undefined) return
    expect(await scheduleById(db, found.scheduleId)).toEqual(found)
    expect(await listSchedules(db)).toEqual([found])
    const table = (await scheduleTables(db)).get(found.scheduleId)
    const priced = table && priceVolume(table, 'academy', volume('100'), wholeMonth)
    expect(priced).toMatchObject({
      steps: [
        { step: 'percentage', percent: '50' },
        { step: 'flat', perM3: '0.6' },
      ],
    })
  })

  it('are touched by days of use, half-open', async () => {
    const touching = async (from: string, until: string) =>
      (await ratesTouching(connection().db, { from: civilDate(from), until: civilDate(until) })).length
    expect(await touching('2023-12-01', '2024-01-01')).toBe(0)
    expect(await touching('2023-12-01', '2024-01-02')).toBe(2)
    expect(await touching('2199-01-01', '2199-01-02')).toBe(2)
  })

  describe('what is faulty', () => {
    it('is refused on entry with all its faults: gap, overlap, unknown category, missing terms', async () => {
      const bands = [
        { fromM3: '0', untilM3: '100', perM3: '1.00' },
        { fromM3: '110', untilM3: '200', perM3: '1.20' },
        { fromM3: '190', untilM3: null, perM3: '1.50' },
      ]
      const prices = { factory: flat('1.40'), resident: { form: 'tiers', period: 'month', bands } }
      const refusal = await propose({ ...schedule('S-X', '2026-01-01', prices), clause: '' })
      expect(isRefusal(refusal) && refusal.code).toBe('schedule_faulty')
      const [zh, en] = isRefusal(refusal) ? [refusal.sentence('zh'), refusal.sentence('en')] : ['', '']
      expect(zh).toContain('有 4 处问题')
      for (const named of ['“factory”', '110', '190', 'clause']) expect(zh).toContain(named)
      for (const named of ['"factory"', '110', '190', 'clause']) expect(en).toContain(named)
      expect(zh + en).not.toContain('{')
    })
  })

  describe('a category has one price a day', () => {
    it('an overlap is refused by the schedule and the category it meets', async () => {
      const refusal = await propose(schedule('S-2026', '2026-01-01', { industry: flat('1.40') }))
      expect(
        isRefusal(refusal) && [refusal.code, refusal.parameters['schedule'], refusal.parameters['category']],
      ).toEqual(['rate_overlap', 'S-2024', 'industry'])
    })

    it('and so is one that lies before, which nothing can end earlier', async () => {
      const early = schedule('S-2023', '2023-01-01', { industry: flat('1.00') }, { endsEarlier: true })
      expect(await refusedWith(propose(early))).toBe('rate_overlap_fixed')
    })

    it('of two proposals for the same days the second approval is refused by name', async () => {
      const [first, second] = [
        await done(propose(schedule('S-SHOP-A', '2026-01-01', { shop: flat('1.60') }))),
        await done(propose(schedule('S-SHOP-B', '2025-01-01', { shop: flat('1.70') }))),
      ]
      await done(approve(first.proposalId))
      const refusal = await approve(second.proposalId)
      expect(
        isRefusal(refusal) && [refusal.code, refusal.parameters['schedule'], refusal.parameters['category']],
      ).toEqual(['rate_overlap_fixed', 'S-SHOP-A', 'shop'])
      await done(returnRateSchedule(services(), by('approver'), { proposalId: second.proposalId, reason: '重叠' }))
      expect(await ratesOf('shop')).toEqual(['S-SHOP-A 2026-01-01 open'])
    })

    it('also when both are approved at the same moment', async () => {
      const entered = ['S-EAST-A', 'S-EAST-B'].map((code) => schedule(code, '2026-01-01', { east: flat('1.10') }))
      const proposals = [await done(propose(entered[0] ?? {})), await done(propose(entered[1] ?? {}))]
      const outcomes = await Promise.all(
        proposals.map(({ proposalId }, index) =>
          refusedWith(
            approveRateSchedule(services(), by(index === 0 ? 'approver' : 'approver-2'), { proposalId }, nothingBilled),
          ),
        ),
      )
      expect(outcomes.filter((outcome) => outcome === 'rate_overlap_fixed')).toHaveLength(1)
      expect(await ratesOf('east')).toHaveLength(1)
    })

    it('the database refuses an overlap by itself', async () => {
      const overlap = sql`
        insert into rates (schedule_id, category_code, price, valid_from, valid_until)
        select id, 'industry', '{}', '2025-05-01', '2025-05-02' from rate_schedules where code = 'S-SHOP-A'`
      expect(await overlap.execute(connection().db).then(() => undefined, sqlState)).toBe('23P01')
    })
  })

  describe('a schedule that replaces another', () => {
    const newer = (prices: EnteredSchedule, more: EnteredSchedule = {}) =>
      schedule('S-2026', '2026-03-01', prices, { endsEarlier: true, ...more })

    it('does not leave a percentage behind without its price', async () => {
      expect(await refusedWith(propose(newer({ industry: flat('1.40') })))).toBe('percentage_left_behind')
    })

    it('does not end rates before the last day billed by them', async () => {
      const asked: unknown[] = []
      const billed =
        (lastDay: string): LastDayBilledBy =>
        async (_db, { categories }) => {
          asked.push(categories)
          return civilDate(lastDay)
        }
      const prices = { industry: flat('1.40'), academy: flat('0.70') }
      const { proposalId } = await done(propose(newer(prices)))
      expect(await refusedWith(approve(proposalId, billed('2026-03-01')))).toBe('rates_billed_later')
      expect(asked).toEqual([['academy', 'industry']])
      expect(await ratesOf('industry')).toEqual(['S-2024 2024-01-01 open'])

      const answer = await done(approve(proposalId, billed('2026-02-28')))
      expect(answer.ended).toEqual([
        { scheduleCode: 'S-2024', categoryCode: 'academy' },
        { scheduleCode: 'S-2024', categoryCode: 'industry' },
      ])
      expect(await ratesOf('industry')).toEqual(['S-2024 2024-01-01 2026-03-01', 'S-2026 2026-03-01 open'])
    })

    it('is refused when what it replaces changed since it was proposed', async () => {
      await inForce(schedule('S-WEST', '2025-01-01', { west: flat('1.00') }))
      const later = schedule('S-WEST-2', '2026-06-01', { west: flat('1.10') }, { endsEarlier: true })
      const { proposalId } = await done(propose(later))
      const end = { scheduleCode: 'S-WEST', until: civilDate('2026-05-01'), document: '测试终止文件' }
      await done(endRateSchedule(services(), by('approver'), end, nothingBilled))
      expect(await refusedWith(approve(proposalId))).toBe('rates_changed_meanwhile')
    })
  })

  describe('the end of a schedule', () => {
    const end = (change: object = {}) => ({
      scheduleCode: 'S-SHOP-A',
      until: civilDate('2026-07-01'),
      document: '测试终止文件',
      ...change,
    })
    const ended = (change: object = {}, lastDayBilledBy: LastDayBilledBy = nothingBilled) =>
      endRateSchedule(services(), by('approver'), end(change), lastDayBilledBy)

    it('is set once, after its start, on a stated ground', async () => {
      expect(await refusedWith(ended({ scheduleCode: 'S-NONE' }))).toBe('schedule_missing')
      expect(await refusedWith(ended({ until: civilDate('2026-01-01') }))).toBe('schedule_ends_before_start')
      expect(await refusedWith(ended({ document: '' }))).toBe('schedule_end_needs_document')
      expect(await refusedWith(ended({}, async () => civilDate('2026-07-01')))).toBe('rates_billed_later')
      expect(await done(ended())).toMatchObject({ categories: ['shop'], until: '2026-07-01' })
      expect(await refusedWith(ended({ until: civilDate('2026-08-01') }))).toBe('schedule_ended')
      expect(await ratesOf('shop')).toEqual(['S-SHOP-A 2026-01-01 2026-07-01'])
    })

    it('cannot be moved, nor the price changed, by anyone with a connection', async () => {
      const { db } = connection()
      const attempts = [
        sql`update rates set valid_until = '2027-01-01' where category_code = 'shop'`,
        sql`update rates set price = '{}' where category_code = 'industry'`,
        sql`delete from rates`,
        sql`update rate_schedules set title = 'x'`,
      ]
      for (const attempt of attempts) {
        expect(await attempt.execute(db).then(() => undefined, sqlState)).toMatch(/^QL00[12]$/)
      }
    })

    it('leaves room for the next from that day on', async () => {
      await inForce(schedule('S-SHOP-C', '2026-07-01', { shop: flat('1.80') }))
      expect(await ratesOf('shop')).toEqual(['S-SHOP-A 2026-01-01 2026-07-01', 'S-SHOP-C 2026-07-01 open'])
    })
  })

  describe('a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qingliu-tariffs-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const read = (name: string, content: string) => {
      writeFileSync(join(folder, name), content)
      return readScheduleFile(join(folder, name))
    }

    it('of prices has a row a category, or a row a band', async () => {
      const csv = [
        '污水处理费',
        '价格类别,单价,起始水量,截止水量',
        'industry,1.40,,',
        'resident,0.95,0,100',
        'resident,1.20,100,',
      ]
      expect(await read('a.csv', csv.join('\n'))).toEqual({
        prices: {
          industry: flat('1.40'),
          resident: {
            form: 'tiers',
            period: 'month',
            bands: [
              { fromM3: '0', untilM3: '100', perM3: '0.95' },
              { fromM3: '100', untilM3: null, perM3: '1.20' },
            ],
          },
        },
      })
    })

    it('with two flat prices for one category is refused when proposed', async () => {
      const prices = await read('b.csv', '价格类别,单价\nresident,0.95\nresident,1.20')
      if (isRefusal(prices)) throw new Error(prices.code)
      expect(await refusedWith(propose({ ...schedule('S-TWO', '2026-01-01', {}), ...prices }))).toBe('schedule_faulty')
    })

    it('that is no schedule is refused by name', async () => {
      const refusals = [
        await readScheduleFile(join(folder, 'absent.json')),
        await read('c.json', '{"code":'),
        await read('d.json', '[]'),
        await read('e.csv', 'a,b\n1,2'),
      ]
      expect(refusals.map((refusal) => isRefusal(refusal) && refusal.code)).toEqual([
        'file_not_found',
        'schedule_file_unreadable',
        'schedule_file_unreadable',
        'no_header_found',
      ])
    })

    it('left blank as the template is refused, so that no example becomes a price', async () => {
      const refusal = await propose(scheduleTemplate(['industry']))
      expect(isRefusal(refusal) && refusal.sentence('en')).toMatch(/category "industry".*perM3/is)
    })

    it('shows every form of a price beside the blanks; the examples are right, and passed over when it is read', async () => {
      const template = scheduleTemplate(['industry'])
      expect(Object.keys(template['examples'] ?? {})).toEqual(
        expect.arrayContaining(['flat', 'tiers', 'percentage', 'coefficient']),
      )
      expect(checkPrices({ industry: priceExamples.flat, ...priceExamples })).toEqual([])
      const entered = await read('template.json', JSON.stringify(template))
      const { examples: _, ...blanks } = template
      expect(entered).toEqual(blanks)
      const { perM3: _price, ...lacking } = priceExamples.flat
      const refusal = await propose(schedule('S-ONE', '2026-01-01', { industry: lacking as never }))
      expect(isRefusal(refusal) && refusal.sentence('en')).toMatch(/faults in it: 1\.\n/)
    })
  })
})
