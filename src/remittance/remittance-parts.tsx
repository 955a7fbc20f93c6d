import { type CollectorWithContracts, listCollectors } from '../dischargers/discharger.queries.ts'
import type { Money } from '../kernel/money.ts'
import { money, moneyForPeople, moneyText } from '../kernel/money.ts'
import type { Field } from '../platform/pages/forms.tsx'
import type { Crumb, PageAsked } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, State, type Tone } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type StatementState, statementStateNames, type VoucherState, voucherStateNames } from './statement.ts'

/** An amount in a sentence or on a button. */
export const yuan = (amount: string): string => moneyForPeople(money(amount))

/** An amount of money in yuan. */
export const Yuan = ({ of }: { readonly of: Money | null }) => <Amount of={of === null ? null : moneyText(of)} />

export const statementAddress = (number: string): string => `/office/remittance/statements/${number}`
export const statementLink = (number: string) => (
  <a href={statementAddress(number)}>
    <code>{number}</code>
  </a>
)
export const remittanceCrumb = (say: Say): Crumb => ({
  text: say('划缴结算单', 'statements'),
  href: '/office/remittance/statements',
})
export const statementCrumbs = (say: Say, number: string): readonly Crumb[] => [
  remittanceCrumb(say),
  { text: number, href: statementAddress(number) },
]

const statementTones: Record<StatementState, Tone> = {
  drawn: 'waiting',
  reviewed: 'waiting',
  approved: 'settled',
  returned: 'plain',
}
export const StatementStanding = ({ of, say }: { readonly of: StatementState; readonly say: Say }) => (
  <State tone={statementTones[of]}>{say(statementStateNames[of])}</State>
)
const voucherTones: Record<VoucherState, Tone> = {
  submitted: 'waiting',
  confirmed: 'settled',
  rejected: 'overdue',
  reversed: 'overdue',
}
export const VoucherStanding = ({ of, say }: { readonly of: VoucherState; readonly say: Say }) => (
  <State tone={voucherTones[of]}>{say(voucherStateNames[of])}</State>
)

/** Collectors as somebody may see and act for them: a company for itself alone. */
export async function collectorsFor({
  services,
  visitor,
}: Pick<PageAsked, 'services' | 'visitor'>): Promise<readonly CollectorWithContracts[]> {
  return (await listCollectors(services.db)).filter(
    ({ organisationId }) => visitor.organisation.kind !== 'water_company' || organisationId === visitor.organisation.id,
  )
}

/** Which collector a form is about. */
export const collectorField = {
  label: { zh: '代征单位', en: 'collector' },
  kind: 'choice',
  choices: async (asked) => (await collectorsFor(asked)).map(({ code, name }) => [code, name] as const),
} as const satisfies Field

/** A document of the chain as a paper, as a workbook, and with all that it rests on. */
export const DocumentButtons = ({
  of,
  kind,
  say,
}: {
  readonly of: string
  readonly kind: 'statement' | 'reconciliation' | 'settlement'
  readonly say: Say
}) => (
  <>
    <ButtonLink href={`/office/remittance/documents/${of}/pdf`} download>
      PDF
    </ButtonLink>
    <ButtonLink href={`/office/remittance/documents/${of}`} download>
      XLSX
    </ButtonLink>
    <ButtonLink href={`/office/evidence/pack?kind=${kind}&number=${of}`}>
      {say('下载证据包', 'evidence pack')}
    </ButtonLink>
  </>
)
