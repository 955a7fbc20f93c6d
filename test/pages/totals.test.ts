import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { PagePerson } from '../support/page-person.ts'
import type { SmallTown } from '../support/small-town.ts'
import { sampled, townWithTotals } from '../support/totals-town.ts'

onEveryDatabase('the pages of permitted totals', (connection) => {
  let town: SmallTown
  const parts = partsOnNode((_, error) => {
    throw error
  })
  const app = createApp(() => town.services, { access: { kind: 'development', actor: 'clerk' }, parts })
  const at = (actor: string, language: 'zh' | 'en' = 'zh') => new PagePerson(app, actor, language)
  const exceedances = '/office/quality/exceedances'

  beforeAll(async () => {
    town = await townWithTotals(connection())
    await done(addOrganisation(town.services, by('admin'), { code: 'works', name: '示例污水处理厂', kind: 'plant' }))
    const plant = { code: 'plant', name: '示例plant', organisationCode: 'works', roles: ['plant_operator'] }
    await done(addStaff(town.services, by('admin'), plant))
  })
  afterAll(() => town.leave())

  it('show the totals of a year beside what is permitted, and one month by month, in either language', async () => {
    const page = await at('clerk').see(exceedances)
    for (const words of ['2026 年的排放总量', '至少 2.7 t', '年排放总量不超过 4 t/a', '无法判定', '未超总量'])
      expect(page.text).toContain(words)
    expect((await at('clerk').see(`${exceedances}?year=2025`)).text).toContain('没有要看的排放总量')
    expect((await at('clerk').see(`${exceedances}?year=25`)).status).toBe(400)
    const one = await at('clerk').see('/office/quality/totals/1-2026')
    for (const words of ['2026-03 没有样品', '月均浓度×月排水量', '3000', '当月未结束'])
      expect(one.text).toContain(words)
    const english = await at('clerk', 'en').see('/office/quality/totals/1-2026')
    for (const words of ['2026-03 no sample', 'mean concentration × volume of the month', 'at least 2.7 t'])
      expect(english.text).toContain(words)
    expect((await at('clerk').see('/office/quality/totals/9-2026')).status).toBe(404)
  })

  it('keep them from the plant, which does not see what accounts used', async () => {
    expect((await at('plant').see(exceedances)).text).not.toContain('年的排放总量')
    expect((await at('plant').see('/office/quality/totals/1-2026')).status).toBe(403)
  })

  it('refer what is above, by two persons', async () => {
    await sampled(town, '2026-03-10', '600')
    expect((await at('clerk').see('/office/quality/totals/1-2026')).text).toContain(
      'href="/office/quality/referrals/new?kind=total&amp;matter=1-2026"',
    )
    const form = '/office/quality/referrals/new?kind=total&matter=1-2026'
    // Without its matter nothing is asked for, least of all its number: it begins where the matter stands.
    const bare = (await at('clerk').see('/office/quality/referrals/new')).text
    expect(bare).toContain('href="/office/quality/exceedances"')
    expect(bare).not.toContain('name="matter"')
    const fields = { kind: 'total', matter: '1-2026', recipient: '示例生态环境局', facts: '' }
    const preview = await at('clerk').fillIn(form, fields)
    for (const words of ['至少 4.5 t', '2026-03 1800 kg 600 mg/L 3000 m³']) expect(preview.text).toContain(words)
    const proposed = await at('clerk').confirm(form, preview)
    expect(proposed.status).toBe(303)
    const waiting = await at('approver').see(proposed.to ?? '')
    expect(waiting.text).toContain('href="/office/quality/totals/1-2026"')
    expect(waiting.text).toContain('2026-01 1200 kg')
  })
})
