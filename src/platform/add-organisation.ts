import type { Refusal } from '../kernel/refusal.ts'
import { type CommandAnswer, type Envelope, runCommand, type Services } from './command.ts'
import { type OrganisationKind, organisationKinds } from './organisation.ts'
import { refusePlatform } from './platform.refusals.ts'
import { insertOrganisation } from './staff.store.ts'

export interface NewOrganisation {
  /** 2 to 40 of a–z, 0–9 and hyphen. */
  readonly code: string
  readonly name: string
  readonly kind: string
}

/** Adds a body whose people will act. Refuses a malformed or taken code, a blank name and an unknown kind. */
export async function addOrganisation(
  services: Services,
  envelope: Envelope,
  organisation: NewOrganisation,
): Promise<CommandAnswer<{ organisation: string }> | Refusal> {
  return runCommand(
    services,
    envelope,
    { name: 'platform.add-organisation', zh: '增加单位' },
    { ...organisation },
    async ({ trx }) => {
      const fault = organisationFault(organisation)
      if (fault !== undefined) return fault
      const { code, name } = organisation
      const taken = await trx.selectFrom('organisations').select('id').where('code', '=', code).executeTakeFirst()
      if (taken !== undefined) return refusePlatform('organisation_code_taken', { code })
      await insertOrganisation(trx, { code, name, kind: organisation.kind as OrganisationKind })
      return { organisation: code }
    },
  )
}

/** What is wrong with an organisation as it was entered, if anything. */
export function organisationFault(organisation: NewOrganisation): Refusal | undefined {
  const { code, name, kind } = organisation
  if (!isCode(code)) return malformedCode('单位代码 organisation code', code)
  if (name.trim() === '') {
    return refusePlatform('value_malformed', {
      field: '单位名称 organisation name',
      value: name,
      rule: '不能为空 not blank',
    })
  }
  if (!(organisationKinds as readonly string[]).includes(kind)) {
    return refusePlatform('value_malformed', {
      field: '单位类型 kind of organisation',
      value: kind,
      rule: organisationKinds.join(' | '),
    })
  }
  return undefined
}

/** Codes of organisations and people are typed on every command, so they are short and plain. */
export function isCode(text: string): boolean {
  return /^[a-z0-9-]{2,40}$/.test(text)
}

export function malformedCode(field: string, value: string): Refusal {
  return refusePlatform('value_malformed', {
    field,
    value,
    rule: '2–40 个小写字母、数字或连字符 (2 to 40 of a–z, 0–9 and hyphen)',
  })
}
