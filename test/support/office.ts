import type { AfterIssue } from '../../src/bills/after-issue.ts'
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts'
import { addStaff } from '../../src/platform/add-staff.ts'
import type { CommandAnswer, Envelope, Services } from '../../src/platform/command.ts'
import type { Json } from '../../src/platform/platform.tables.ts'
import { setUpOffice } from '../../src/platform/setup.ts'
import type { Role } from '../../src/platform/staff.ts'

let commandsSoFar = 0

/** An envelope for one more command of a person, with an id of its own. */
export function by(actor: string, options: { dryRun?: boolean; commandId?: string } = {}): Envelope {
  commandsSoFar += 1
  return { actor, commandId: options.commandId ?? `test-command-${commandsSoFar}`, dryRun: options.dryRun ?? false }
}

/** The answer of a command that must not be refused. */
export async function done<Answer extends Json>(outcome: Promise<CommandAnswer<Answer> | Refusal>): Promise<Answer> {
  const settled = await outcome
  if (isRefusal(settled)) throw new Error(`refused: ${settled.code}: ${settled.sentence('en')}`)
  return settled.answer
}

/** What a query found that must not be refused. */
export async function found<Answer>(query: Promise<Answer | Refusal>): Promise<Answer> {
  const settled = await query
  if (isRefusal(settled)) throw new Error(`refused: ${settled.code}: ${settled.sentence('en')}`)
  return settled
}

/** The code of the refusal, or the answer where there was none, so that a failed expectation shows it. */
export async function refusedWith(outcome: Promise<unknown>): Promise<unknown> {
  const settled = await outcome
  return isRefusal(settled) ? settled.code : settled
}

const people: readonly (readonly [code: string, name: string, roles: readonly Role[]])[] = [
  ['clerk', '经办甲', ['bureau_clerk']],
  ['approver', '审批乙', ['bureau_approver']],
  ['approver-2', '审批丙', ['bureau_approver']],
  ['both', '兼任丁', ['bureau_clerk', 'bureau_approver']],
  ['auditor', '审计戊', ['auditor']],
]

/** An office with an administrator (`admin`), a clerk, two approvers, a person with both roles, and an auditor. */
export async function openOffice(services: Services): Promise<void> {
  await done(
    setUpOffice(services, by('admin'), {
      organisation: { code: 'bureau', name: '区城管局', kind: 'bureau' },
      administrator: { code: 'admin', name: '管理员' },
    }),
  )
  for (const [code, name, roles] of people) {
    await done(addStaff(services, by('admin'), { code, name, organisationCode: 'bureau', roles }))
  }
}

/** Where bills are tested by themselves: nothing else happens when they are issued. */
export const nothingAfter: AfterIssue = async () => {}
