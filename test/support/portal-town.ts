import { findDischarger } from '../../src/dischargers/account.queries.ts'
import type { Connection } from '../../src/platform/database.ts'
import { inviteEnterpriseUser } from '../../src/platform/sign-in/enterprise-user.ts'
import { CaseWork } from './case-work.ts'
import { by, done } from './office.ts'

/** Who the two enterprises of the town sign in as. */
export const enterprises = { lin: 'P1001', wang: 'P1002' } as const

/**
 * A town whose enterprises look: one has paid a part, was ordered to pay, did not, and is told of a fine; the other has paid
 * in full. The day it ends on is the one after the notice, when a defence and a hearing may be asked for.
 */
export async function portalTown(connection: Connection): Promise<CaseWork & { readonly day: string }> {
  const work = await CaseWork.found(connection, '2024-12-20')
  const { town } = work
  town.on('2025-01-02')
  await work.enrol('1001', { initialReading: '100' })
  await work.enrol('1002', { initialReading: '500' })
  const readings: readonly (readonly [month: string, today: string, on: string, ends: readonly [string, string]])[] = [
    ['2025-01', '2025-02-05', '2025-01-31', ['10800', '700']],
    ['2025-02', '2025-03-03', '2025-02-28', ['21300', '880']],
    ['2025-03', '2025-04-02', '2025-03-31', ['33645', '1100']],
  ]
  let [first, second] = ['100', '500']
  for (const [month, today, on, [firstEnd, secondEnd]] of readings) {
    town.on(today)
    await town.read(month, [
      { account: '1001', meter: 'M1001', start: first, end: firstEnd, on },
      { account: '1002', meter: 'M1002', start: second, end: secondEnd, on },
    ])
    await town.bill(month)
    ;[first, second] = [firstEnd, secondEnd]
  }
  town.on('2025-04-09')
  await work.pay('1001', '14980.00', '2025-02-09', 'L-0001')
  await work.pay('1001', '14700.00', '2025-03-09', 'L-0002')
  await work.pay('1002', '5000.00', '2025-04-09', 'W-0001')
  town.on('2025-04-15')
  const order = await work.order('P1001')
  await work.take('order', order, 'order_served')
  town.on('2025-05-06')
  const filed = await work.file(order)
  await work.take('case', filed, 'investigated')
  town.on('2025-05-12')
  await work.take('case', filed, 'notice_issued')
  await work.take('case', filed, 'notice_served')
  for (const [code, discharger] of Object.entries(enterprises)) {
    const person = { code, name: code === 'lin' ? '林会计' : '王会计', discharger }
    await done(inviteEnterpriseUser(town.services, by('admin'), person, findDischarger))
  }
  town.on('2025-05-13')
  return Object.assign(work, { day: '2025-05-13' })
}
