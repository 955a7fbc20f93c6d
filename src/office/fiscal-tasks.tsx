import { addMoney, type Money, moneyText } from '../kernel/money.ts'
import { fenced } from '../platform/authorisation/fence.ts'
import type { PermissionName } from '../platform/authorisation/permissions.ts'
import type { PageAsked } from '../platform/pages/page-route.ts'
import { Amount } from '../platform/pages/parts.tsx'
import { undecidedRows } from '../platform/proposal-list.queries.ts'
import { listFeeClaims } from '../remittance/fee.queries.ts'
import { listReconciliations } from '../remittance/reconciliation.queries.ts'
import { parties, partyNames } from '../remittance/reconciliation.ts'
import { listStatements, listVouchers } from '../remittance/statement.queries.ts'
import { listClaims } from '../settlement/claim.queries.ts'
import { stateOf } from '../settlement/claim.rules.ts'
import { type ClaimStep, nextStep } from '../settlement/service-fee-claim.ts'
import type { Task } from './task.ts'

/** So many of each kind are looked through: what waits is recent. */
const lookedThrough = 500

interface Found {
  readonly zh: string
  readonly en: string
  readonly amounts: readonly Money[]
  readonly href: string
}

/** One line for all that waits at a step, with its sum; nothing where nothing waits. */
function taskOf({ zh, en, amounts, href }: Found, { say }: PageAsked): Task[] {
  if (amounts.length === 0) return []
  return [
    {
      tone: 'waiting',
      what: say(zh, en),
      detail: (
        <>
          {say('合计 ', 'in all ')}
          <Amount of={moneyText(addMoney(amounts))} />
          {say(' 元', ' yuan')}
        </>
      ),
      count: amounts.length,
      href,
    },
  ]
}

/** Statements to review and to remit, vouchers to confirm, fees to pay: what the visitor has not done the step before of. */
async function remittanceTasks(asked: PageAsked): Promise<Task[]> {
  const { services, visitor, may } = asked
  const statements = await listStatements(services.db, { standing: true, limit: lookedThrough })
  const toReview = statements.filter(({ state, drawnByCode }) => state === 'drawn' && drawnByCode !== visitor.code)
  const toRemit = statements.filter(({ state, balance, awaiting }) => state === 'approved' && balance.gt(awaiting))
  const toConfirm = (
    await listVouchers(services.db, { state: 'submitted', standing: true, limit: lookedThrough })
  ).filter(({ submittedByCode }) => submittedByCode !== visitor.code)
  const toPay = await listFeeClaims(services.db, { unpaid: true, limit: lookedThrough })
  const found: readonly (readonly [boolean, Found])[] = [
    [
      may('remittance.review-statement'),
      {
        zh: '待复核的划缴结算单',
        en: 'statements to review',
        amounts: toReview.map(({ total }) => total),
        href: '/office/remittance/statements',
      },
    ],
    [
      // A clerk may hand in for any company, and waits for it to do so.
      may('remittance.submit-voucher') && visitor.organisation.kind === 'water_company',
      {
        zh: '待划缴的结算单',
        en: 'statements to be remitted',
        amounts: toRemit.map(({ balance }) => balance),
        href: '/office/remittance/statements',
      },
    ],
    [
      may('remittance.confirm-voucher'),
      {
        zh: '待确认入库的划缴凭证',
        en: 'vouchers to confirm',
        amounts: toConfirm.map(({ amount }) => amount),
        href: '/office/remittance/vouchers?state=submitted',
      },
    ],
    [
      may('remittance.pay-fee'),
      {
        zh: '待支付的代征手续费',
        en: 'collection fees to pay',
        amounts: toPay.map(({ amount }) => amount),
        href: '/office/remittance/fees?unpaid=yes',
      },
    ],
  ]
  return found.flatMap(([isTheirs, each]) => (isTheirs ? taskOf(each, asked) : []))
}

/** Reconciliations that a party of the visitor has not signed. */
async function reconciliationTasks({ services, visitor, say, may }: PageAsked): Promise<Task[]> {
  const open = (await listReconciliations(services.db, { limit: lookedThrough })).filter(
    ({ state, drawnByCode }) => state === 'drawn' && drawnByCode !== visitor.code,
  )
  return parties.flatMap((party): Task[] => {
    const unsigned = open.filter(({ signatures }) => signatures.every((each) => each.party !== party))
    // A clerk may sign for a collector, and waits for it to do so.
    const isTheirs =
      may(`remittance.sign-as-${party}`) && (party === 'collector') === (visitor.organisation.kind === 'water_company')
    if (!isTheirs || unsigned.length === 0) return []
    return [
      {
        tone: 'waiting',
        what: say(`待签认的季度对账（${partyNames[party].zh}）`, `reconciliations to sign for ${partyNames[party].en}`),
        detail: unsigned.map(({ number }) => number).join(say('、', ', ')),
        count: unsigned.length,
        href: '/office/remittance/reconciliations',
      },
    ]
  })
}

const claimSteps: Partial<
  Record<ClaimStep, { readonly permits: PermissionName; readonly zh: string; readonly en: string }>
> = {
  reviewed: { permits: 'settlement.review-claim', zh: '待审核的服务费申请', en: 'service fee claims to review' },
  approved: { permits: 'settlement.approve-claim', zh: '待审定的服务费申请', en: 'service fee claims to approve' },
  paid: { permits: 'settlement.pay-claim', zh: '待拨付的服务费', en: 'service fees to pay' },
  reconciled: {
    permits: 'settlement.reconcile-payment',
    zh: '待核对的服务费拨付',
    en: 'service fee payments to check',
  },
}

/** Claims of the plant whose next step is the visitor's, who took none of the steps before. */
async function claimTasks(asked: PageAsked): Promise<Task[]> {
  const { services, visitor, may } = asked
  if (!Object.values(claimSteps).some(({ permits }) => may(permits))) return []
  const claims = (await listClaims(services.db)).filter(({ steps }) =>
    steps.every(({ personCode }) => personCode !== visitor.code),
  )
  return Object.entries(claimSteps).flatMap(([step, { permits, zh, en }]) => {
    const waiting = claims.filter((claim) => nextStep[stateOf(claim)]?.step === step)
    const amounts = may(permits) ? waiting.map(({ payableAmount }) => payableAmount) : []
    return taskOf({ zh, en, amounts, href: '/office/settlement/claims' }, asked)
  })
}

const filePlaces: Readonly<
  Record<string, { readonly zh: string; readonly en: string; readonly permits: PermissionName; readonly href: string }>
> = {
  'remittance.treasury': {
    zh: '对不上的国库到账行',
    en: 'rows of the treasury that match nothing',
    permits: 'remittance.decide-treasury-row',
    href: '/office/remittance/treasury',
  },
  plant_days: {
    zh: '待审的污水厂日报行',
    en: 'held rows of plants',
    permits: 'settlement.accept-rows',
    href: '/office/settlement/imports',
  },
}

async function fileTasks({ services, say, may }: PageAsked): Promise<Task[]> {
  return (await undecidedRows(services.db)).flatMap(({ kind, rows, imports }): Task[] => {
    const place = filePlaces[kind]
    if (place === undefined || !may(place.permits)) return []
    const detail = say(`${imports} 个文件`, `${imports} files`)
    return [{ tone: 'waiting', what: say(place), detail, count: rows, href: place.href }]
  })
}

/** What of the money's way to the treasury, and of the plant's fee, waits for the visitor: of a company, its own alone. */
export async function fiscalTasks(asked: PageAsked): Promise<Task[]> {
  const remittances = asked.may('remittance.read')
    ? await fenced(asked.services, asked.visitor, 'remittance.read', async (services) => [
        ...(await remittanceTasks({ ...asked, services })),
        ...(await reconciliationTasks({ ...asked, services })),
      ])
    : []
  return [...remittances, ...(await claimTasks(asked)), ...(await fileTasks(asked))]
}
