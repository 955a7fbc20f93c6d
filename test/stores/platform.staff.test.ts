import { beforeAll, describe, expect, it } from 'vitest'
import { civilDate } from '../../src/kernel/calendar.ts'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import { newestAuditEvents } from '../../src/platform/audit.queries.ts'
import { endRole } from '../../src/platform/end-role.ts'
import { grantRole } from '../../src/platform/grant-role.ts'
import { setSetting } from '../../src/platform/set-setting.ts'
import { readSettings, settingCatalogue, settingNames, settingsInForce } from '../../src/platform/settings.ts'
import { setUpOffice } from '../../src/platform/setup.ts'
import { listStaff } from '../../src/platform/staff.queries.ts'
import { onEveryDatabase, servicesOn } from '../support/databases.ts'
import { by, done, openOffice, refusedWith } from '../support/office.ts'

const today = civilDate('2026-03-02')

onEveryDatabase('setting up', (connection) => {
  const services = () => servicesOn(connection(), today)
  const office = {
    organisation: { code: 'bureau', name: '区城管局', kind: 'bureau' },
    administrator: { code: 'admin', name: '管理员' },
  }

  it('refuses what is malformed before anything is written', async () => {
    const attempts = [
      { ...office, organisation: { ...office.organisation, code: 'B' } },
      { ...office, organisation: { ...office.organisation, kind: 'company' } },
      { ...office, administrator: { code: 'admin', name: ' ' } },
      { ...office, administrator: { code: '管理员', name: '管理员' } },
    ]
    for (const attempt of attempts) {
      expect(await refusedWith(setUpOffice(services(), by('-'), attempt))).toBe('value_malformed')
    }
    expect(await listStaff(connection().db, today)).toEqual([])
  })

  it('leaves no trace as a dry run', async () => {
    expect(await setUpOffice(services(), by('-', { dryRun: true }), office)).toMatchObject({ dryRun: true })
    expect(await listStaff(connection().db, today)).toEqual([])
  })

  it('makes one administrator, however many ask at once, and is audited itself', async () => {
    const rivals = ['admin', 'root', 'chief', 'boss'].map((code) => ({
      ...office,
      organisation: { ...office.organisation, code: `bureau-${code}` },
      administrator: { code, name: code },
      actorByFlagCitation: '试运行方案',
    }))
    const outcomes = await Promise.all(rivals.map((rival) => refusedWith(setUpOffice(services(), by('-'), rival))))
    expect(outcomes.filter((outcome) => outcome === 'staff_not_first')).toHaveLength(3)
    const staff = await listStaff(connection().db, today)
    expect(staff).toHaveLength(1)
    expect(staff[0]?.roles.map(({ role }) => role)).toEqual(['administrator'])
    const events = await newestAuditEvents(connection().db, 10)
    expect(events.map(({ command, actorCode }) => [command, actorCode])).toEqual([
      ['platform.set-up-office', staff[0]?.code],
    ])
    // The one choice that must be possible before anybody can sign in, with its ground.
    expect((await settingsInForce(connection().db)).find(({ isDefault }) => !isDefault)).toMatchObject({
      name: 'cli.actor_by_flag',
      value: true,
      citation: '试运行方案',
      setBy: staff[0]?.name,
    })
  })
})

onEveryDatabase('an office', (connection) => {
  const services = () => servicesOn(connection(), today)
  const admin = () => by('admin')
  beforeAll(() => openOffice(services()))

  it('is set up once; the same set-up again is only a repeat', async () => {
    const other = {
      organisation: { code: 'x-1', name: '他', kind: 'audit' },
      administrator: { code: 'other', name: '他' },
    }
    expect(await refusedWith(setUpOffice(services(), by('-'), other))).toBe('staff_not_first')
    const takeover = { ...other, administrator: { code: 'admin', name: '管理员' } }
    expect(await refusedWith(setUpOffice(services(), by('-'), takeover))).toBe('staff_not_first')
  })

  describe('people', () => {
    const person = { code: 'operator', name: '抄表员', organisationCode: 'water', roles: ['供水公司经办'] }

    it('come from an organisation and hold roles by their code or Chinese name', async () => {
      await done(addOrganisation(services(), admin(), { code: 'water', name: '供水公司', kind: 'water_company' }))
      await done(addStaff(services(), admin(), person))
      const staff = await listStaff(connection().db, today)
      expect(staff.find(({ code }) => code === 'operator')).toEqual({
        code: 'operator',
        name: '抄表员',
        organisationCode: 'water',
        organisationName: '供水公司',
        certificateNo: null,
        roles: [{ role: 'water_company_operator', validity: { from: today, until: null } }],
      })
    })

    it.each([
      ['staff_code_taken', { code: 'clerk' }],
      ['value_malformed', { code: 'No 1' }],
      ['value_malformed', { code: 'operator-2', name: '' }],
      ['organisation_unknown', { code: 'operator-2', organisationCode: 'nowhere' }],
      ['role_unknown', { code: 'operator-2', roles: ['bureau_clerk', 'king'] }],
      ['role_of_other_body', { code: 'operator-2', roles: ['bureau_clerk', 'water_company_operator'] }],
      ['role_of_other_body', { code: 'operator-2', organisationCode: 'water', roles: ['bureau_approver'] }],
      ['role_of_other_body', { code: 'operator-2', organisationCode: 'water', roles: ['plant_operator'] }],
    ])('are refused: %s', async (code, wrong) => {
      const attempt = addStaff(services(), admin(), { ...person, organisationCode: 'bureau', ...wrong })
      expect(await refusedWith(attempt)).toBe(code)
    })

    it('organisations are refused: a taken code', async () => {
      const again = addOrganisation(services(), admin(), { code: 'bureau', name: '区城管局', kind: 'bureau' })
      expect(await refusedWith(again)).toBe('organisation_code_taken')
    })
  })

  describe('roles', () => {
    it('are held once at a time, and again after their end', async () => {
      const grant = { staffCode: 'auditor', role: 'finance_officer' }
      await done(grantRole(services(), admin(), grant))
      expect(await refusedWith(grantRole(services(), admin(), grant))).toBe('role_held')
      await done(endRole(services(), admin(), { ...grant, until: civilDate('2026-05-01') }))
      expect(await refusedWith(grantRole(services(), admin(), grant))).toBe('role_held')
      await done(grantRole(services(), admin(), { ...grant, from: civilDate('2026-05-01') }))
      const auditor = (await listStaff(connection().db, today)).find(({ code }) => code === 'auditor')
      expect(auditor?.roles.map(({ validity }) => validity)).toEqual([
        { from: today, until: null },
        { from: today, until: '2026-05-01' },
        { from: '2026-05-01', until: null },
      ])
    })

    it('end only where they are held, and not before they begin', async () => {
      const end = { staffCode: 'clerk', role: 'bureau_head' }
      expect(await refusedWith(endRole(services(), admin(), end))).toBe('role_not_held')
      const early = { staffCode: 'clerk', role: 'bureau_clerk', until: civilDate('2026-03-01') }
      expect(await refusedWith(endRole(services(), admin(), early))).toBe('role_ends_before_start')
    })

    it('the last administrator stays, even when two end each other at once', async () => {
      const end = (staffCode: string) => ({ staffCode, role: 'administrator' })
      expect(await refusedWith(endRole(services(), admin(), end('admin')))).toBe('administrator_last')
      await done(grantRole(services(), admin(), { staffCode: 'approver', role: 'administrator' }))
      const outcomes = await Promise.all([
        refusedWith(endRole(services(), by('admin'), end('approver'))),
        refusedWith(endRole(services(), by('approver'), end('admin'))),
      ])
      expect(outcomes.filter((outcome) => typeof outcome === 'string')).toHaveLength(1)
      const left = (await listStaff(connection().db, today)).filter(({ roles }) =>
        roles.some(({ role }) => role === 'administrator'),
      )
      expect(left).toHaveLength(1)
      if (left[0]?.code === 'approver') {
        await done(grantRole(services(), by('approver'), { staffCode: 'admin', role: 'administrator' }))
      }
    })
  })

  describe('settings', () => {
    it('begin at their defaults, each with its ground and within its own rule', async () => {
      const inForce = await settingsInForce(connection().db)
      expect(inForce.map(({ name }) => name)).toEqual(settingNames)
      for (const setting of inForce) {
        expect(setting).toMatchObject({ isDefault: true, value: settingCatalogue[setting.name].default })
        expect(setting.citation).not.toBe('')
      }
      // Reading checks every value against its rule.
      expect((await readSettings(connection().db))['bills.due_day']).toBe(10)
    })

    it('take the latest value with who set it and on what ground', async () => {
      const set = (value: string) => ({ name: 'readings.jump_factor', value, citation: '通知' })
      await done(setSetting(services(), admin(), set('2.5')))
      await done(setSetting(services(), admin(), set('4')))
      expect((await readSettings(connection().db))['readings.jump_factor']).toBe('4')
      const jump = (await settingsInForce(connection().db)).find(({ name }) => name === 'readings.jump_factor')
      expect(jump).toMatchObject({ value: '4', isDefault: false, citation: '通知', setBy: '管理员' })
    })

    it.each([
      ['setting_unknown', { name: 'bills.discount' }],
      ['setting_unknown', { name: 'toString' }],
      ['setting_needs_citation', { citation: ' ' }],
      ['setting_value_invalid', { value: '0' }],
      ['setting_value_invalid', { value: '29' }],
      ['setting_value_invalid', { value: '10.5' }],
      ['setting_value_invalid', { value: '1e1' }],
      ['setting_value_invalid', { name: 'brake.total_share', value: '30%' }],
      ['setting_value_invalid', { name: 'brake.total_share', value: '0.12345' }],
      ['setting_value_invalid', { name: 'brake.total_share', value: '-0.1' }],
      ['setting_value_invalid', { name: 'cli.actor_by_flag', value: 'yes' }],
    ])('are refused: %s %o', async (code, wrong) => {
      const right = { name: 'bills.due_day', value: '10', citation: '办法第十四条' }
      expect(await refusedWith(setSetting(services(), admin(), { ...right, ...wrong }))).toBe(code)
    })
  })
})
