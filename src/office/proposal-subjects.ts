import type { ProposedCorrection } from '../bills/correct-bill.ts'
import type { RunSummary } from '../bills/run-summary.ts'
import type { RosterProposal } from '../dischargers/freeze-roster.ts'
import { dischargerNames, holderNames } from '../dischargers/known-names.queries.ts'
import type { DraftedOrder } from '../enforcement/draft-order.ts'
import type { ReportedCase } from '../enforcement/open-case.ts'
import { stepKinds } from '../enforcement/steps.ts'
import type { ProposedStep } from '../enforcement/take-step.ts'
import type { AccountId, PaymentId } from '../kernel/ids.ts'
import { money, moneyForPeople } from '../kernel/money.ts'
import { volume, volumeForPeople } from '../kernel/volume.ts'
import { type PaymentListRow, paymentsById } from '../payments/payment-list.queries.ts'
import type { ProposedRefund } from '../payments/refund-payment.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Said } from '../platform/http/route.ts'
import type { Say } from '../platform/pages/say.ts'
import type { Json } from '../platform/platform.tables.ts'
import { gradeNames, type ProposedGrade } from '../quality/credit-grade.ts'
import type { LimitsProposal } from '../quality/propose-limits.ts'
import type { ReferralProposal } from '../quality/referral.ts'
import type { FeeContent } from '../remittance/claim-fee.ts'
import { disclosureProposalKind, type ReleaseContent } from '../remittance/disclosure.queries.ts'
import type { SettlementContent } from '../remittance/settle-year.ts'
import type { WriteOffContent } from '../remittance/write-off.ts'
import type { EnteredConcession } from '../settlement/concession.ts'
import { listPlants } from '../settlement/plants.ts'
import type { DeclarationContent, RatedFlowContent } from '../volumes/declare-own-source.ts'
import { basisNames, type ProposedBasis } from '../volumes/volume-basis.ts'

type Proposed = { readonly kind: string; readonly subject: string; readonly content: Json }

/** Names of what proposals hold by its key alone. */
interface Names {
  readonly dischargers: ReadonlyMap<string, string>
  readonly holders: ReadonlyMap<AccountId, string>
  readonly payments: ReadonlyMap<PaymentId, PaymentListRow>
  readonly plants: ReadonlyMap<string, string>
  readonly documents: ReadonlyMap<string, Said>
}

type Subject = (content: never, say: Say, names: Names, subject: string) => string

const yuan = (amount: string, say: Say): string => `${moneyForPeople(money(amount))}${say(' 元', ' yuan')}`
const m3 = (text: string): string => `${volumeForPeople(volume(text))} m³`
const held = ({ accountId, accountNo }: { readonly accountId: AccountId; readonly accountNo: string }, names: Names) =>
  `${accountNo} ${names.holders.get(accountId) ?? ''}`.trim()

/** By kind, what a proposal is about in the words people know it by; a kind left out is named by its own subject. */
const subjects: Readonly<Record<string, Subject>> = {
  roster: ({ versionNo, asOf, accountCount }: RosterProposal, say) => {
    const accounts = accountCount.toLocaleString('en')
    return say(`第 ${versionNo} 版（${asOf}），${accounts} 户`, `version ${versionNo} (${asOf}), accounts: ${accounts}`)
  },
  'quality.limits': ({ changes }: LimitsProposal, say, { dischargers }) => {
    const codes = [...new Set(changes.map(({ discharger }) => discharger))]
    const shown = codes.slice(0, 3).map((code) => dischargers.get(code) ?? code)
    const more = codes.length - shown.length
    return `${shown.join(say('、', ', '))}${more > 0 ? say(` 等 ${codes.length} 家`, ` and ${more} more`) : ''}`
  },
  'quality.credit-grade': ({ dischargerCode, ratedYear, grade }: ProposedGrade, say, { dischargers }) =>
    `${dischargers.get(dischargerCode) ?? dischargerCode} ${ratedYear} ${say(gradeNames[grade])}`,
  'quality.referral': ({ matter: { kind, id }, recipient }: ReferralProposal, say) =>
    `${kind === 'sample' ? say(`样品 ${id}`, `sample ${id}`) : say(`事故 ${id}`, `accident ${id}`)} → ${recipient}`,
  'volumes.basis': (proposed: ProposedBasis, say, names) =>
    `${held(proposed, names)} ${say(basisNames[proposed.basis])} ${proposed.validFrom}`,
  'volumes.own-source-declaration': (declared: DeclarationContent, _say, names) =>
    `${held(declared, names)} ${declared.feeMonth} ${m3(declared.volumeM3)}`,
  'volumes.rated-flow': (proposed: RatedFlowContent, _say, names) =>
    `${held(proposed, names)} ${proposed.feeMonth} ${proposed.ratedFlowM3PerHour} m³/h`,
  'bills.run': ({ feeMonth }: RunSummary) => feeMonth,
  'bills.correction': ({ number }: ProposedCorrection) => number,
  'payments.refund': ({ paymentId, amount }: ProposedRefund, say, { payments }) => {
    const paid = payments.get(paymentId as PaymentId)
    return paid === undefined ? yuan(amount, say) : `${paid.reference} ${paid.discharger_name} ${yuan(amount, say)}`
  },
  'enforcement.order': ({ dischargerName, amount }: DraftedOrder, say) => `${dischargerName} ${yuan(amount, say)}`,
  'enforcement.case': ({ order, dischargerName, base }: ReportedCase, say) =>
    `${dischargerName} ${yuan(base, say)}${say(`（通知书 ${order}）`, ` (order ${order})`)}`,
  'enforcement.step': ({ log, number, step }: ProposedStep, say) =>
    `${log === 'order' ? say(`通知书 ${number}`, `order ${number}`) : say(`案 ${number}`, `case ${number}`)} ${say(stepKinds[step])}`,
  [disclosureProposalKind]: ({ year }: ReleaseContent) => String(year),
  'remittance.statement': (
    { statement, collectorName, total }: Readonly<Record<'statement' | 'collectorName' | 'total', string>>,
    say,
  ) => `${statement} ${collectorName} ${yuan(total, say)}`,
  'remittance.collection-fee': ({ statement, collectorName, amount }: FeeContent, say) =>
    `${collectorName} ${statement} ${yuan(amount, say)}`,
  'remittance.annual-settlement': ({ collectorName, year }: SettlementContent) => `${collectorName} ${year}`,
  'remittance.write-off': ({ bill, payer, amount }: WriteOffContent, say) => `${bill} ${payer} ${yuan(amount, say)}`,
  'settlement.concession': ({ plant, title }: EnteredConcession, _say, { plants }) =>
    `${plants.get(plant) ?? plant} ${title}`,
  'settlement.concession-end': ({ code }: { readonly code: string }, _say, { plants }, plant) =>
    `${plants.get(plant) ?? plant} ${code}`,
  'documents.template': ({ kind }: { readonly kind: string }, say, { documents }) => {
    const known = documents.get(kind)
    return known === undefined ? kind : say(known)
  },
}

/** What proposals are about, in their order; names that the database does not show stay keys. */
export async function proposalSubjects(
  db: Db | Trx,
  proposals: readonly Proposed[],
  say: Say,
  documents: readonly (Said & { readonly name: string })[],
): Promise<string[]> {
  const keys = <Key extends string>(name: string): Key[] => [
    ...new Set(
      proposals.flatMap(({ content }) => {
        const key = (content as Readonly<Record<string, Json>>)[name]
        return typeof key === 'string' ? [key as Key] : []
      }),
    ),
  ]
  const limited = proposals.flatMap(({ kind, content }) =>
    kind === 'quality.limits' ? (content as unknown as LimitsProposal).changes.map(({ discharger }) => discharger) : [],
  )
  const names: Names = {
    dischargers: await dischargerNames(db, [...keys('dischargerCode'), ...limited]),
    holders: await holderNames(db, keys<AccountId>('accountId')),
    payments: new Map((await paymentsById(db, keys<PaymentId>('paymentId'))).map((paid) => [paid.id, paid])),
    plants: new Map((await listPlants(db)).map(({ code, name }) => [code, name])),
    documents: new Map(documents.map((each) => [each.name, each])),
  }
  return proposals.map(
    ({ kind, subject, content }) => subjects[kind]?.(content as never, say, names, subject) ?? subject,
  )
}
