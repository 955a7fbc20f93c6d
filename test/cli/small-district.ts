import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { migrate } from '../../db/migrate.ts'
import { lastDayBilledBy } from '../../src/bills/last-day-billed.queries.ts'
import { addCollector } from '../../src/dischargers/add-collector.ts'
import { addPriceCategory } from '../../src/dischargers/add-price-category.ts'
import { approveRoster } from '../../src/dischargers/approve-roster.ts'
import { freezeRoster } from '../../src/dischargers/freeze-roster.ts'
import { importRegistry } from '../../src/dischargers/import-registry.ts'
import type { RegistryKind } from '../../src/dischargers/registry.ts'
import { civilDate } from '../../src/kernel/calendar.ts'
import { clockActingOn } from '../../src/kernel/clock.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'
import { addOrganisation } from '../../src/platform/add-organisation.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import type { Services } from '../../src/platform/command.ts'
import { connectEmbedded } from '../../src/platform/connect-embedded.ts'
import { approveRateSchedule } from '../../src/tariffs/approve-rate-schedule.ts'
import { proposeRateSchedule } from '../../src/tariffs/propose-rate-schedule.ts'
import { by, done, openOffice } from '../support/office.ts'
import { qingliu, type Ran } from './program.ts'

/**
 * A district in an embedded folder of its own, as on 2026-04-03, ready for the readings of March: the collector `gx` with
 * the accounts 00101 (meter M-1), 00102 (M-2) and 00103 (no meter), the collector `mt` with an account 00101 too, one
 * price category at 1.40, an approved roster, and the people of `openOffice` with an operator of each company.
 */
export interface SmallDistrict {
  /** Runs the real program on it. */
  run(...words: string[]): Promise<Ran>
  /** Writes a file into its folder and answers its path. */
  file(name: string, content: string | Uint8Array): string
  readonly folder: string
  readonly database: string
  /** Every table with its number of rows and a digest of them: equal marks mean that nothing was changed. */
  mark(): Promise<Readonly<Record<string, string>>>
  remove(): void
}

export async function openSmallDistrict(): Promise<SmallDistrict> {
  const folder = mkdtempSync(join(tmpdir(), 'qingliu-small-'))
  const database = join(folder, 'database')
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  await inProcess(database, async (services) => {
    await migrate(services.db)
    await register(services, file)
  })
  return {
    folder,
    database,
    file,
    run: (...words) => qingliu(['--data', database, '--today', '2026-04-03', ...words]),
    mark: () => inProcess(database, markOf),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function inProcess<T>(database: string, work: (services: Services) => Promise<T>): Promise<T> {
  const connection = await connectEmbedded(database)
  if (isRefusal(connection)) throw new Error(connection.code)
  try {
    return await work({ ...connection, clock: clockActingOn(civilDate('2026-04-03')) })
  } finally {
    await connection.close()
  }
}

async function register(services: Services, file: (name: string, content: string) => string): Promise<void> {
  await openOffice(services)
  for (const company of ['gx', 'mt']) {
    const named = { code: company, name: `示例${company}供水公司` }
    await done(addOrganisation(services, by('admin'), { ...named, kind: 'water_company' }))
    const operator = { code: `${company}-operator`, name: `示例${company}经办`, organisationCode: company }
    await done(addStaff(services, by('admin'), { ...operator, roles: ['water_company_operator'] }))
    await done(addCollector(services, by('clerk'), { ...named, organisationCode: company }))
  }
  await done(addPriceCategory(services, by('clerk'), { code: 'shop', nameZh: '商业', nameEn: 'shop' }))
  const schedule = {
    code: 'S-2020',
    title: '示例收费标准',
    approvalDocument: '示例〔2020〕1号',
    issuer: '示例发改委',
    unit: 'm³',
    currency: '元',
    straddle: 'by-days',
    clause: '办法第九条',
    validFrom: '2020-01-01',
    prices: { shop: { form: 'flat', perM3: '1.40' } },
  }
  const { proposalId, digest } = await done(proposeRateSchedule(services, by('clerk'), schedule))
  await done(approveRateSchedule(services, by('approver'), { proposalId, digestSeen: digest }, lastDayBilledBy))

  const take = async (kind: RegistryKind, lines: readonly string[], collectorCode?: string): Promise<void> => {
    const path = file(`${kind}-${collectorCode ?? 'office'}.csv`, lines.join('\n'))
    const input = { kind, path, ...(collectorCode === undefined ? {} : { collectorCode }) }
    const { rowsRejected } = await done(importRegistry(services, by('clerk'), input))
    if (rowsRejected > 0) throw new Error(`${rowsRejected} rows of ${path} were rejected`)
  }
  await take('dischargers', [
    '排污者编号,名称,类型,统一社会信用代码,产品以水为主',
    'D1,示例商户甲,商户,,否',
    'D2,示例商户乙,商户,,否',
  ])
  const account = (accountNo: string, discharger: string) =>
    `${accountNo},${discharger},公共供水,mixed_block,shop,,2020-01-01`
  const accountTitles = '户号,排污者编号,供水方式,用户群体,价格类别,用水地址,开户日期'
  await take('accounts', [accountTitles, account('00101', 'D1'), account('00102', 'D1'), account('00103', 'D2')], 'gx')
  await take('accounts', [accountTitles, account('00101', 'D2')], 'mt')
  await take(
    'meters',
    [
      '户号,表号,位数,倍率,用途,安装日期,初始读数',
      ...['1', '2'].map((no) => `0010${no},M-${no},6,1,供水,2020-01-01,0`),
    ],
    'gx',
  )

  const roster = await done(freezeRoster(services, by('clerk'), { asOf: civilDate('2026-03-31') }))
  await done(approveRoster(services, by('approver'), { proposalId: roster.proposalId }))
}

async function markOf({ db }: Services): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(db)
  const mark: Record<string, string> = {}
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ mark: string }>`
      select count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' order by t::text)), '') as mark from ${sql.table(name)} t`.execute(
      db,
    )
    mark[name] = rows[0]?.mark ?? ''
  }
  return mark
}
