import { afterAll, beforeAll, expect, it } from 'vitest'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { onEveryDatabase } from '../support/databases.ts'
import { by, done } from '../support/office.ts'
import { pagesOver } from '../support/pages.ts'
import { portalTown } from '../support/portal-town.ts'

onEveryDatabase('the pictures of the office', (connection) => {
  let work: Awaited<ReturnType<typeof portalTown>>
  let pages: ReturnType<typeof pagesOver>
  beforeAll(async () => {
    work = await portalTown(connection())
    pages = pagesOver(() => work.town.services)
  })
  afterAll(() => work.leave())
  const rows = async (key: string) => {
    const { status, text } = await pages.ask(`/office/pictures/${key}?as=csv`, 'clerk')
    expect(status).toBe(200)
    return text
      .replace(/^\uFEFF/, '')
      .trim()
      .split(/\r?\n/)
      .slice(1)
  }

  it('say of each month what was billed, collected and is outstanding', async () => {
    expect(await rows('collection')).toEqual([
      '2025-01,2,15260.00,15260.00,0.00,100.0',
      '2025-02,2,14952.00,14952.00,0.00,100.0',
      '2025-03,2,17591.00,308.00,17283.00,1.8',
    ])
  })

  it('say how old what is overdue is, and whose', async () => {
    expect(await rows('ageing')).toContain('31-60 天,1,17283.00')
    expect(await rows('debtors')).toEqual(['P1001,示例单位1001,1,2025-04-10,17283.00'])
  })

  // On 13 May the payments are 93, 65 and 34 days old.
  it('say what collectors hold by its age, and what was sold and billed', async () => {
    expect(await rows('held')).toEqual(['示例供水公司,0.00,19700.00,14980.00,0.00,0.00,34680.00,93'])
    // No plant has recorded a day: what it treated is unknown, not none.
    expect((await rows('water')).at(-1)).toBe('2025-03,12565.000,12565.000,,0.000,')
  })

  it('are images of their own with a table behind each, and only for whom the table lets', async () => {
    for (const key of ['collection', 'ageing', 'water', 'held', 'debtors']) {
      const page = await pages.ask(`/office/pictures/${key}`, 'clerk')
      expect(page.text).toContain(`src="/office/pictures/${key}/chart"`)
      expect(page.text).toContain('<table')
      const image = await pages.ask(`/office/pictures/${key}/chart`, 'clerk')
      expect(image.headers.get('content-type')).toContain('image/svg+xml')
      expect(image.text).toMatch(/<rect class="bar /)
      expect((await pages.ask(`/office/pictures/${key}/chart`, 'reviewer')).status).toBe(
        key === 'water' || key === 'held' ? 403 : 200,
      )
    }
  })

  it('of water are refused to a plant, to which what was sold and billed is closed', async () => {
    const { services } = work.town
    await done(addOrganisation(services, by('admin'), { code: 'works', name: '示例污水厂', kind: 'plant' }))
    const person = { code: 'of-plant', name: '厂运行', organisationCode: 'works', roles: ['plant_operator'] as const }
    await done(addStaff(services, by('admin'), person))
    for (const path of ['/office/pictures/water', '/office/pictures/water/chart', '/office/pictures/water?as=csv'])
      expect((await pages.ask(path, 'of-plant')).status).toBe(403)
  })
})
