import { z } from '@hono/zod-openapi'
import { civilDate, firstDay, plusMonths } from '../kernel/calendar.ts'
import { money, moneyForPeople, moneyText } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { addVolumes, volumeText } from '../kernel/volume.ts'
import { date, id, month, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { columnsOf, listed } from '../platform/pages/columns.tsx'
import { type Filter, periodFilters, periodQuery } from '../platform/pages/filters.tsx'
import { downloadPage, formPage, routeAt, withFile } from '../platform/pages/forms.tsx'
import { openFilter } from '../platform/pages/import-parts.tsx'
import { type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Amount,
  ButtonLink,
  Capitals,
  Count,
  daysInWords,
  Facts,
  Instant,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
  Timeline,
  type Tone,
  VolumeM3,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { tablePage } from '../platform/pages/table.tsx'
import { liesIn } from '../platform/period.ts'
import { proposalPages } from '../platform/proposal-pages.tsx'
import { fieldWords } from '../platform/tables/field-words.ts'
import { agreementFields, agreementOf } from './agreement-form.ts'
import { approveConcession, approveConcessionEnd, returnConcession } from './approve-concession.ts'
import { findClaim, listClaims } from './claim.queries.ts'
import { stateOf } from './claim.rules.ts'
import { explainClaim } from './claim-explanation.ts'
import { claimServiceFee } from './claim-service-fee.ts'
import { concessionsOf } from './concession.queries.ts'
import type { EnteredConcession } from './concession.ts'
import { termLines } from './concession-words.ts'
import { acceptPlantRows, correctPlantRow, rejectPlantRows } from './decide-plant-rows.ts'
import { importPlantDays } from './import-plant-days.ts'
import { indicators, isIndicator } from './indicator.ts'
import { plantDays } from './plant-day.queries.ts'
import { sayPlantReason } from './plant-day.reasons.ts'
import { correctablePlantFields, plantDayColumnNames } from './plant-day-columns.ts'
import { findPlantImport, type PlantImportRow, plantImports, plantRowsOf } from './plant-import.queries.ts'
import { findPlant, listPlants } from './plants.ts'
import { concessionEndProposal, concessionProposal, proposeConcession } from './propose-concession.ts'
import { type ConcessionEnd, proposeConcessionEnd } from './propose-concession-end.ts'
import { type ClaimStep, nextStep, type ServiceFeeClaim, stepNames } from './service-fee-claim.ts'
import { settlementFileRoutes } from './settlement.file-routes.ts'
import { refuseSettlement } from './settlement.refusals.ts'
import { plantCode } from './settlement.routes.ts'
import { approveClaim, payClaim, reconcileClaim, returnClaim, reviewClaim } from './take-step.ts'
import { waterBalance } from './water-balance.ts'

/** An indicator with the unit it is measured in. */
function indicatorTitle(code: string, say: Say): string {
  if (!isIndicator(code)) return code
  const { unit, ...name } = indicators[code]
  return unit === '' ? say(name) : `${say(name)}${say(`（${unit}）`, ` (${unit})`)}`
}

/** A column of a plant's file: an indicator goes by its own name. */
const fieldName = (field: string): Said =>
  isIndicator(field) ? indicators[field] : fieldWords(plantDayColumnNames, field)

const yuan = (amount: string): string => moneyForPeople(money(amount))
const claimsTitle: Said = { zh: '服务费申请', en: 'service fee claims' }
const claimsCrumb = (say: Say) => ({ text: say(claimsTitle), href: '/office/settlement/claims' })
const importsCrumb = (say: Say) => ({ text: say('污水厂日报', 'plant days'), href: '/office/settlement/imports' })
const agreementsCrumb = (say: Say) => ({
  text: say('特许经营协议', 'agreements'),
  href: '/office/settlement/agreements',
})
const claimAddress = (number: string): string => `/office/settlement/claims/${number}`
const claimNo = z.string().regex(/^S\d{4}-\d{1,8}$/)
const amountSchema = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/, '金额，如 1234.50 · an amount such as 1234.50')

const tones: Record<ClaimStep, Tone> = {
  claimed: 'waiting',
  reviewed: 'waiting',
  approved: 'waiting',
  paid: 'waiting',
  reconciled: 'settled',
  returned: 'plain',
}
const Standing = ({ of, say }: { readonly of: ClaimStep; readonly say: Say }) => (
  <State tone={tones[of]}>{say(stepNames[of])}</State>
)
const plantField = {
  label: { zh: '污水厂', en: 'plant' },
  kind: 'choice',
  choices: async ({
    services,
    visitor,
  }: {
    readonly services: { readonly db: Parameters<typeof listPlants>[0] }
    readonly visitor: { readonly organisation: { readonly kind: string; readonly id: string } }
  }) =>
    (await listPlants(services.db))
      .filter(({ plantId }) => visitor.organisation.kind !== 'plant' || plantId === visitor.organisation.id)
      .map(({ code, name }) => [code, name] as const),
} as const
/** The filter of a list by its plant, of those that the visitor has to do with. */
const plantFilter = async (asked: Parameters<typeof plantField.choices>[0]): Promise<Filter> => {
  const plants = await plantField.choices(asked)
  return { name: 'plant', label: plantField.label, kind: 'choice', choices: () => plants }
}

// Claims

interface ClaimRow {
  readonly number: string
  readonly plant: string
  readonly month: string
  readonly state: ClaimStep
  readonly fee: string
  readonly corrections: string
  readonly payable: string
  readonly claimed_on: string
}
const col = columnsOf<ClaimRow>()

const claimList = tablePage('/office/settlement/claims', {
  title: claimsTitle,
  permits: 'settlement.read',
  query: {
    plant: plantCode.optional(),
    state: z.enum(Object.keys(stepNames) as [ClaimStep, ...ClaimStep[]]).optional(),
    month: month.optional(),
  },
  filters: async (asked) => [
    await plantFilter(asked),
    {
      name: 'state',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => Object.entries(stepNames).map(([step, words]) => [step, say(words)] as const),
    },
    { name: 'month', label: { zh: '月份', en: 'month' }, kind: 'month' },
  ],
  columns: [
    col.code('number', '申请', 'claim', (row) => row.number),
    col.text('plant', '污水厂', 'plant', (row) => row.plant),
    col.text('month', '月份', 'month', (row) => row.month),
    col.text('state', '状态', 'state', (row, say) => say(stepNames[row.state]), {
      cell: (row, say) => <Standing of={row.state} say={say} />,
    }),
    col.text('claimed_on', '申请日', 'claimed', (row) => row.claimed_on, { wide: true }),
    col.amount('fee', '当月服务费', 'fee', (row) => row.fee),
    col.amount('corrections', '以前月份更正', 'corrections', (row) => row.corrections, { wide: true }),
    col.amount('payable', '应付', 'payable', (row) => row.payable),
  ],
  rows: async ({ services, query: { plant, state, month } }) =>
    listed<ClaimRow>(
      {
        number: 'text',
        plant: 'text',
        month: 'text',
        state: 'text',
        fee: 'numeric',
        corrections: 'numeric',
        payable: 'numeric',
        claimed_on: 'date',
      },
      (await listClaims(services.db, { month, states: state === undefined ? undefined : [state] }))
        .filter(({ plantCode: code }) => plant === undefined || plant === code)
        .map((claim) => ({
          number: claim.number,
          plant: claim.plantName,
          month: claim.month,
          state: stateOf(claim),
          fee: moneyText(claim.feeAmount),
          corrections: moneyText(claim.correctionAmount),
          payable: moneyText(claim.payableAmount),
          claimed_on: claim.claimedOn,
        })),
    ),
  order: { by: 'number', direction: 'desc' },
  unique: 'number',
  open: (row) => claimAddress(row.number),
  next: ({ say, may }) =>
    may('settlement.claim') ? (
      <PrimaryLink href="/office/settlement/claiming">{say('申请某月服务费', 'claim a month')}</PrimaryLink>
    ) : null,
  file: claimsTitle,
  empty: ({ say }) => ({
    text: say(
      '还没有服务费申请。污水厂日报齐全后，由污水厂按月申请，大队审核、局审定、财政拨付。',
      'No claims yet: with all days in, the plant claims a month; the brigade reviews, the bureau approves, finance pays.',
    ),
  }),
})

/** What the next person does, as an address below the claim. */
const actions: Partial<
  Record<
    ClaimStep,
    {
      readonly word: string
      readonly permits:
        | 'settlement.review-claim'
        | 'settlement.approve-claim'
        | 'settlement.pay-claim'
        | 'settlement.reconcile-payment'
    } & Said
  >
> = {
  reviewed: { word: 'review', permits: 'settlement.review-claim', zh: '审核', en: 'review' },
  approved: { word: 'approval', permits: 'settlement.approve-claim', zh: '审定', en: 'approve' },
  paid: { word: 'payment', permits: 'settlement.pay-claim', zh: '登记拨付', en: 'record the payment' },
  reconciled: {
    word: 'reconciliation',
    permits: 'settlement.reconcile-payment',
    zh: '核对拨付',
    en: 'check the payment',
  },
}

const claimPage = page('/office/settlement/claims/{claim}', {
  title: { zh: '一份服务费申请', en: 'one claim' },
  permits: 'settlement.read',
  params: { claim: claimNo },
  show: async ({ services, params, visitor, say, may }) => {
    const claim = await findClaim(services.db, params.claim)
    if (isRefusal(claim)) return claim
    const state = stateOf(claim)
    const step = nextStep[state]?.step
    const action = step === undefined ? undefined : actions[step]
    // One person takes one step of a claim.
    const mayAct =
      action !== undefined && may(action.permits) && claim.steps.every((each) => each.personCode !== visitor.code)
    return {
      title: say(`服务费申请 ${claim.number}`, `claim ${claim.number}`),
      crumbs: [claimsCrumb(say)],
      state: <Standing of={state} say={say} />,
      next:
        action === undefined ? null : mayAct ? (
          <PrimaryLink href={`${claimAddress(claim.number)}/${action.word}`}>{say(action)}</PrimaryLink>
        ) : (
          <State tone="waiting">{say(`待${action.zh}`, `waits for another person: ${action.en}`)}</State>
        ),
      figures: [
        { label: say('应付（元）', 'payable (yuan)'), value: <Amount of={moneyText(claim.payableAmount)} /> },
        {
          label: say('当月服务费（元）', 'fee of the month (yuan)'),
          value: <Amount of={moneyText(claim.feeAmount)} />,
        },
        {
          label: say('以前月份更正（元）', 'corrections (yuan)'),
          value: <Amount of={moneyText(claim.correctionAmount)} />,
        },
        { label: say('处理水量（m³）', 'treated (m³)'), value: <VolumeM3 of={claim.calculation.fee.treatedM3} /> },
      ],
      body: (
        <>
          <ClaimFacts claim={claim} say={say} />
          <Section title={say('算式：从立方米到分', 'from the cubic metre to the fen')}>
            <ClaimArithmetic claim={claim} say={say} />
          </Section>
          {claim.calculation.fee.parts.map((part) => (
            <details>
              <summary>
                {say(
                  `逐日水量（${part.agreement}，${part.days.length} 天）`,
                  `day by day (${part.agreement}, ${part.days.length} days)`,
                )}
              </summary>
              <PlainTable
                columns={[
                  { title: say('日期', 'day') },
                  { title: say('处理（m³）', 'treated (m³)'), number: true },
                  { title: say('按上限（m³）', 'capped (m³)'), number: true },
                  { title: say('超标', 'beyond its limit') },
                  { title: say('不付比例', 'unpaid share'), number: true },
                  { title: say('计费（m³）', 'counts (m³)'), number: true },
                ]}
                rows={part.days.map((day) => [
                  day.day,
                  <VolumeM3 of={day.treatedM3} />,
                  <VolumeM3 of={day.cappedM3} />,
                  day.exceeded
                    .map(
                      ({ code, value, limit }) =>
                        `${isIndicator(code) ? say(indicators[code]) : code} ${value} > ${limit}`,
                    )
                    .join('；'),
                  day.unpaidShare,
                  <VolumeM3 of={day.payableM3} />,
                ])}
              />
            </details>
          ))}
          <p class="buttons">
            <ButtonLink href={`${claimAddress(claim.number)}/pdf`} download>
              PDF
            </ButtonLink>
            <ButtonLink href={`${claimAddress(claim.number)}/file`} download>
              XLSX
            </ButtonLink>
            <ButtonLink href={`/office/evidence/pack?kind=claim&number=${claim.number}`}>
              {say('下载证据包', 'evidence pack')}
            </ButtonLink>
            {mayAct && state !== 'paid' && may('settlement.return-claim') ? (
              <ButtonLink href={`${claimAddress(claim.number)}/return`}>{say('退回申请', 'return it')}</ButtonLink>
            ) : null}
          </p>
        </>
      ),
      aside: (
        <Timeline
          say={say}
          of={claim.steps.toReversed().map((taken) => ({
            on: taken.actedOn,
            what: say(stepNames[taken.step]),
            who: taken.personName,
            more: [taken.reference, taken.reason].filter((each) => each !== '').join('　'),
            tone: tones[taken.step] === 'settled' ? ('settled' as const) : ('plain' as const),
          }))}
        />
      ),
    }
  },
})

/** The arithmetic of a claim: what stands below a line is indented in its words. */
const ClaimArithmetic = ({ claim, say }: { readonly claim: ServiceFeeClaim; readonly say: Say }) => (
  <ul class="arithmetic">
    {explainClaim(claim.calculation, say.language).map((line) => (
      <li class={line.startsWith(' ') ? undefined : 'head'}>{line.trim()}</li>
    ))}
  </ul>
)

const ClaimFacts = ({ claim, say }: { readonly claim: ServiceFeeClaim; readonly say: Say }) => (
  <Facts
    of={[
      [say('污水厂', 'plant'), claim.plantName],
      [say('月份', 'month'), claim.month],
      [say('大写', 'in capitals'), <Capitals of={moneyText(claim.payableAmount)} />],
      [say('摘要', 'digest'), <code>{claim.digest.slice(0, 12)}</code>],
    ]}
  />
)

const claimingPage = formPage('/office/settlement/claiming', {
  title: { zh: '申请某月服务费', en: 'claim the service fee of a month' },
  permits: 'settlement.claim',
  crumbs: ({ say }) => [claimsCrumb(say)],
  about: ({ say }) => (
    <Notice>
      {say('该月每一天的水量和水质须已导入。', 'Volume and values of every day of the month must have been taken in.')}
    </Notice>
  ),
  fields: { plant: plantField, month: { label: { zh: '月份', en: 'month' }, kind: 'month', schema: month } },
  run: ({ services }, values, { envelope }) => claimServiceFee(services, envelope, values),
  preview: (claim, { say }) => ({
    changes: [
      {
        what: say(`${claim.month} 服务费（元）`, `fee of ${claim.month} (yuan)`),
        before: '—',
        after: <Amount of={claim.fee} />,
      },
      { what: say('以前月份更正（元）', 'corrections (yuan)'), before: '—', after: <Amount of={claim.corrected} /> },
      { what: say('上期转入（元）', 'carried in (yuan)'), before: '—', after: <Amount of={claim.carriedIn} /> },
      { what: say('应付（元）', 'payable (yuan)'), before: '—', after: <Amount of={claim.payable} /> },
    ],
    button: say(`申请 ${claim.month}，${yuan(claim.payable)} 元`, `claim ${claim.month}: ${yuan(claim.payable)} yuan`),
  }),
  done: (claim, { say }) => ({
    to: claimAddress(claim.number),
    said: say(
      `已申请 ${claim.number}，应付 ${yuan(claim.payable)} 元。`,
      `Claimed ${claim.number}: ${yuan(claim.payable)} yuan.`,
    ),
  }),
})

const claimCrumbs = (say: Say, number: string) => [claimsCrumb(say), { text: number, href: claimAddress(number) }]

/** Review and approval name the digest that was seen; the arithmetic stands above the button. */
const seenForm = (word: 'review' | 'approval') => {
  const reviews = word === 'review'
  const title = reviews
    ? { zh: '审核服务费申请', en: 'review a claim' }
    : { zh: '审定服务费', en: 'approve a service fee' }
  return formPage(`/office/settlement/claims/{claim}/${word}`, {
    title,
    permits: reviews ? 'settlement.review-claim' : 'settlement.approve-claim',
    params: { claim: claimNo },
    crumbs: ({ say, params }) => claimCrumbs(say, params.claim),
    about: async ({ services, params, say }) => {
      const claim = await findClaim(services.db, params.claim)
      if (isRefusal(claim)) return claim
      return (
        <>
          <ClaimFacts claim={claim} say={say} />
          <ClaimArithmetic claim={claim} say={say} />
        </>
      )
    },
    initial: async ({ services, params }) => {
      const claim = await findClaim(services.db, params.claim)
      return { digestSeen: isRefusal(claim) ? '' : claim.digest }
    },
    fields: { digestSeen: { label: { zh: '摘要', en: 'digest' }, kind: 'hidden' } },
    run: ({ services, params }, { digestSeen }, { envelope }) =>
      (reviews ? reviewClaim : approveClaim)(services, envelope, { number: params.claim, digestSeen }),
    preview: ({ number, state, payable }, { say }) => ({
      changes: [
        {
          what: number,
          before: reviews ? say(stepNames.claimed) : say(stepNames.reviewed),
          after: say(stepNames[state]),
        },
        { what: say('应付（元）', 'payable (yuan)'), before: '—', after: <Amount of={payable} /> },
      ],
      button: say(
        `${reviews ? '审核通过' : '审定'} ${number}，${yuan(payable)} 元`,
        `${reviews ? 'pass' : 'approve'} ${number}, ${yuan(payable)} yuan`,
      ),
    }),
    done: ({ number, state }, { say }) => ({
      to: claimAddress(number),
      said: say(`${number} ${stepNames[state].zh}。`, `${number} is ${stepNames[state].en}.`),
    }),
  })
}

/** Payment by one person of finance, its check by another: both enter what they see for themselves. */
const paidForm = (word: 'payment' | 'reconciliation') => {
  const pays = word === 'payment'
  return formPage(`/office/settlement/claims/{claim}/${word}`, {
    title: pays ? { zh: '登记服务费拨付', en: 'record a payment' } : { zh: '核对服务费拨付', en: 'check a payment' },
    permits: pays ? 'settlement.pay-claim' : 'settlement.reconcile-payment',
    params: { claim: claimNo },
    crumbs: ({ say, params }) => claimCrumbs(say, params.claim),
    about: async ({ services, params, say }) => {
      const claim = await findClaim(services.db, params.claim)
      if (isRefusal(claim)) return claim
      return (
        <>
          <ClaimFacts claim={claim} say={say} />
          {pays ? null : (
            <Notice>
              {say('由另一人按银行对账单填写，不照抄拨付记录。', 'Another person enters it from the bank’s statement.')}
            </Notice>
          )}
        </>
      )
    },
    initial: async ({ services, params }) => {
      const claim = await findClaim(services.db, params.claim)
      const today = services.clock.today()
      return isRefusal(claim) || !pays ? { on: today } : { amount: moneyText(claim.payableAmount), on: today }
    },
    fields: {
      amount: { label: { zh: '金额（元）', en: 'amount (yuan)' }, kind: 'amount', schema: amountSchema },
      on: { label: { zh: '拨付日', en: 'day of the payment' }, kind: 'date', schema: date },
      reference: { label: { zh: '流水号', en: 'reference' }, schema: text(100) },
    },
    run: ({ services, params }, values, { envelope }) =>
      (pays ? payClaim : reconcileClaim)(services, envelope, { number: params.claim, ...values }),
    preview: ({ number, state, payable }, { say }, { amount, on }) => ({
      changes: [
        { what: number, before: pays ? say(stepNames.approved) : say(stepNames.paid), after: say(stepNames[state]) },
        { what: say('应付（元）', 'payable (yuan)'), before: '—', after: <Amount of={payable} /> },
        { what: say('拨付（元）', 'paid (yuan)'), before: '—', after: `${yuan(amount)}（${on}）` },
      ],
      button: pays
        ? say(`登记拨付 ${yuan(amount)} 元`, `record ${yuan(amount)} yuan`)
        : say(`核对相符 ${yuan(amount)} 元`, `it agrees: ${yuan(amount)} yuan`),
    }),
    done: ({ number, state }, { say }) => ({
      to: claimAddress(number),
      said: say(`${number} ${stepNames[state].zh}。`, `${number} is ${stepNames[state].en}.`),
    }),
  })
}

const reasonField = { label: { zh: '理由', en: 'why' }, kind: 'long', schema: text(500) } as const

const returnPage = formPage('/office/settlement/claims/{claim}/return', {
  title: { zh: '退回服务费申请', en: 'return a claim' },
  permits: 'settlement.return-claim',
  params: { claim: claimNo },
  crumbs: ({ say, params }) => claimCrumbs(say, params.claim),
  fields: { reason: reasonField },
  run: ({ services, params }, { reason }, { envelope }) =>
    returnClaim(services, envelope, { number: params.claim, reason }),
  preview: ({ number }, { say }, { reason }) => ({
    changes: [
      { what: number, before: say('办理中', 'under way'), after: say(`退回：${reason}`, `returned: ${reason}`) },
    ],
    button: say(`退回 ${number}`, `return ${number}`),
  }),
  done: ({ number }, { say }) => ({
    to: claimAddress(number),
    said: say(`已退回 ${number}。`, `${number} is returned.`),
  }),
})

// Agreements

const agreementsPage = page('/office/settlement/agreements', {
  title: { zh: '特许经营协议', en: 'concession agreements' },
  permits: 'settlement.read',
  show: async ({ services, say, may }) => {
    const agreements = await concessionsOf(services.db)
    const names = new Map((await listPlants(services.db)).map(({ plantId, name }) => [plantId, name]))
    return {
      title: say('特许经营协议', 'concession agreements'),
      next: may('settlement.propose-concession') ? (
        <PrimaryLink href="/office/settlement/agreements/new">{say('提交协议', 'propose an agreement')}</PrimaryLink>
      ) : null,
      body:
        agreements.length === 0 ? (
          <Notice>
            {say(
              '还没有协议。服务费只按已批准的协议计算。',
              'No agreements yet: fees are computed by approved agreements alone.',
            )}
          </Notice>
        ) : (
          agreements.map((each) => (
            <Section title={`${each.code}　${each.title}`}>
              <Facts
                of={[
                  [say('污水厂', 'plant'), names.get(each.plantId)],
                  [say('依据', 'document'), each.document],
                  [
                    say('执行', 'in force'),
                    daysInWords(
                      civilDate(each.validFrom),
                      each.validUntil === null ? null : civilDate(each.validUntil),
                      say,
                    ),
                  ],
                ]}
              />
              <ul class="plain">
                {termLines(each.terms, say.language).map((line) => (
                  <li>{line.trim()}</li>
                ))}
              </ul>
              {each.validUntil === null && may('settlement.propose-concession-end') ? (
                <p class="buttons">
                  <ButtonLink href={`/office/settlement/agreements/${each.code}/end`}>
                    {say('提交终止', 'propose its end')}
                  </ButtonLink>
                </p>
              ) : null}
            </Section>
          ))
        ),
    }
  },
})

const agreementForm = formPage('/office/settlement/agreements/new', {
  title: { zh: '提交特许经营协议', en: 'propose a concession agreement' },
  permits: 'settlement.propose-concession',
  crumbs: ({ say }) => [agreementsCrumb(say)],
  fields: { plant: plantField, ...agreementFields },
  run: async ({ services }, values, { envelope }) => {
    const agreement = agreementOf(values)
    return isRefusal(agreement) ? agreement : proposeConcession(services, envelope, agreement)
  },
  preview: ({ code }, { say }, values) => {
    const agreement = agreementOf(values)
    return {
      changes: isRefusal(agreement)
        ? []
        : [
            {
              what: code,
              before: '—',
              after: termLines(agreement.terms, say.language).map((line) => <p>{line.trim()}</p>),
            },
          ],
      button: say(`提交协议 ${code}`, `propose ${code}`),
    }
  },
  done: ({ proposalId, code }, { say }) => ({
    to: `/office/settlement/agreement-proposals/${proposalId}`,
    said: say(`已提交协议 ${code}，需他人批准。`, `${code} is proposed; another person approves it.`),
  }),
})

const agreementDecision = proposalPages('/office/settlement/agreement-proposals', {
  kind: concessionProposal,
  title: { zh: '特许经营协议', en: 'a proposed agreement' },
  crumbs: ({ say }) => [agreementsCrumb(say)],
  permits: {
    read: 'settlement.read',
    approve: 'settlement.approve-concession',
    giveBack: 'settlement.return-concession',
  },
  show: (content, { say }) => {
    const entered = content as unknown as EnteredConcession
    return (
      <>
        <Facts
          of={[
            [say('协议', 'agreement'), `${entered.code}　${entered.title}`],
            [say('依据', 'document'), entered.document],
            [say('执行', 'in force from'), entered.validFrom],
          ]}
        />
        <ul class="plain">
          {termLines(entered.terms, say.language).map((line) => (
            <li>{line.trim()}</li>
          ))}
        </ul>
      </>
    )
  },
  approve: ({ services }, envelope, decision) => approveConcession(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) =>
    returnConcession(services, envelope, { ...decision, what: 'agreement' }),
  preview: ({ code, validFrom }, { say }) => ({
    changes: [
      {
        what: code,
        before: say('待批准', 'proposed'),
        after: say(`自 ${validFrom} 起执行`, `in force from ${validFrom}`),
      },
    ],
    button: say(`批准协议 ${code}`, `approve ${code}`),
  }),
  approved: ({ code, validFrom }, { say }) => ({
    to: '/office/settlement/agreements',
    said: say(`协议 ${code} 自 ${validFrom} 起执行。`, `${code} is in force from ${validFrom}.`),
  }),
})

const endForm = formPage('/office/settlement/agreements/{agreement}/end', {
  title: { zh: '提交协议终止', en: 'propose the end of an agreement' },
  permits: 'settlement.propose-concession-end',
  params: { agreement: text(40) },
  crumbs: ({ say }) => [agreementsCrumb(say)],
  fields: {
    until: { label: { zh: '自哪一天起终止', en: 'first day without force' }, kind: 'date', schema: date },
    reason: reasonField,
  },
  run: ({ services, params }, values, { envelope }) =>
    proposeConcessionEnd(services, envelope, { code: params.agreement, ...values }),
  preview: ({ code }, { say }, { until, reason }) => ({
    changes: [
      {
        what: code,
        before: say('执行中', 'in force'),
        after: say(`自 ${until} 起终止：${reason}`, `ends on ${until}: ${reason}`),
      },
    ],
    button: say(`提交终止 ${code}`, `propose the end of ${code}`),
  }),
  done: ({ proposalId, code }, { say }) => ({
    to: `/office/settlement/agreement-ends/${proposalId}`,
    said: say(`已提交 ${code} 的终止，需他人批准。`, `The end of ${code} is proposed.`),
  }),
})

const endDecision = proposalPages('/office/settlement/agreement-ends', {
  kind: concessionEndProposal,
  title: { zh: '协议终止', en: 'the end of an agreement' },
  crumbs: ({ say }) => [agreementsCrumb(say)],
  permits: {
    read: 'settlement.read',
    approve: 'settlement.approve-concession-end',
    giveBack: 'settlement.return-concession',
  },
  show: (content, { say }) => {
    const end = content as unknown as ConcessionEnd
    return (
      <Facts
        of={[
          [say('协议', 'agreement'), end.code],
          [say('自哪一天起终止', 'first day without force'), end.until],
          [say('理由', 'why'), end.reason],
        ]}
      />
    )
  },
  approve: ({ services }, envelope, decision) => approveConcessionEnd(services, envelope, decision),
  giveBack: ({ services }, envelope, decision) => returnConcession(services, envelope, { ...decision, what: 'end' }),
  preview: ({ code, validUntil }, { say }) => ({
    changes: [
      { what: code, before: say('执行中', 'in force'), after: say(`自 ${validUntil} 起终止`, `ends on ${validUntil}`) },
    ],
    button: say(`批准终止 ${code}`, `approve the end of ${code}`),
  }),
  approved: ({ code, validUntil }, { say }) => ({
    to: '/office/settlement/agreements',
    said: say(`协议 ${code} 自 ${validUntil} 起终止。`, `${code} ends on ${validUntil}.`),
  }),
})

// Days of a plant

interface ImportRow {
  readonly id: number
  readonly plant: string
  readonly file_name: string
  readonly acting_on: string
  readonly imported_by: string
  readonly rows_in: number
  readonly accepted: number
  readonly held: number
  readonly rejected: number
  readonly undecided: number
  readonly volume_m3: string
}
const importCol = columnsOf<ImportRow>()

const importList = tablePage('/office/settlement/imports', {
  title: { zh: '污水厂日报导入', en: 'files of plants taken in' },
  permits: 'settlement.read',
  query: { plant: plantCode.optional(), ...periodQuery, open: z.enum(['yes']).optional() },
  filters: async (asked) => [await plantFilter(asked), ...periodFilters('导入', 'taken in'), openFilter],
  columns: [
    importCol.text('id', '导入', 'import', (row) => String(row.id)),
    importCol.text('plant', '污水厂', 'plant', (row) => row.plant),
    importCol.text('file_name', '文件', 'file', (row) => row.file_name),
    importCol.text('acting_on', '日期', 'on', (row) => row.acting_on, { wide: true }),
    importCol.count('rows_in', '行数', 'rows', (row) => row.rows_in),
    importCol.count('accepted', '通过', 'accepted', (row) => row.accepted),
    importCol.count('held', '待审', 'held', (row) => row.held),
    importCol.count('rejected', '拒绝', 'rejected', (row) => row.rejected),
    importCol.count('undecided', '待处理', 'to be decided', (row) => row.undecided),
    importCol.volume('volume_m3', '水量', 'volume', (row) => row.volume_m3),
  ],
  rows: async ({ services, query }) =>
    listed<ImportRow>(
      {
        id: 'integer',
        plant: 'text',
        file_name: 'text',
        acting_on: 'date',
        imported_by: 'text',
        rows_in: 'integer',
        accepted: 'integer',
        held: 'integer',
        rejected: 'integer',
        undecided: 'integer',
        volume_m3: 'numeric',
      },
      (await plantImports(services.db, { plantCode: query.plant, limit: 10_000 }))
        .filter(({ actingOn, undecided }) => liesIn(actingOn, query) && (query.open === undefined || undecided > 0))
        .map((each) => ({
          id: Number(each.importId),
          plant: each.plantName,
          file_name: each.fileName,
          acting_on: each.actingOn,
          imported_by: each.importedBy,
          rows_in: each.rows.in,
          accepted: each.rows.accepted,
          held: each.rows.held,
          rejected: each.rows.rejected,
          undecided: each.undecided,
          volume_m3: each.volumeInM3,
        })),
    ),
  order: { by: 'id', direction: 'desc' },
  unique: 'id',
  open: (row) => `/office/settlement/imports/${row.id}`,
  next: ({ say, may }) =>
    may('settlement.import-plant-days') ? (
      <PrimaryLink href="/office/settlement/imports/upload">{say('上传日报', 'upload a file')}</PrimaryLink>
    ) : null,
  file: { zh: '污水厂日报导入', en: 'plant files' },
  empty: ({ say }) => ({
    text: say(
      '还没有日报。上传污水厂每日处理水量和出水水质的文件。',
      'No files yet: upload daily volumes and values of the effluent.',
    ),
    action: <a href="/office/settlement/template">{say('下载空白日报', 'a blank form')}</a>,
  }),
})

const uploadPage = formPage('/office/settlement/imports/upload', {
  title: { zh: '上传污水厂日报', en: 'upload a plant’s days' },
  permits: 'settlement.import-plant-days',
  crumbs: ({ say }) => [importsCrumb(say)],
  about: ({ say }) => (
    <p>
      <a href="/office/settlement/template">{say('下载空白日报', 'a blank form')}</a>
    </p>
  ),
  fields: {
    plant: plantField,
    file: {
      label: { zh: '日报文件（XLSX、XLS 或 CSV）', en: 'the file (XLSX, XLS or CSV)' },
      kind: 'file',
      accept: '.xlsx,.xls,.csv',
    },
  },
  submit: { zh: '试读', en: 'try it' },
  run: (asked, { plant, file }, { envelope }) =>
    withFile(asked, file, ({ path }) => importPlantDays(asked.services, envelope, { plantCode: plant, path })),
  preview: ({ rows, volumes, mapping, stored, unchanged }, { say }) => ({
    changes: [
      { what: say('行数', 'rows'), before: '—', after: <Count of={rows.in} /> },
      { what: say('通过（行）', 'accepted'), before: '—', after: <Count of={rows.accepted} /> },
      { what: say('待审（行）', 'held'), before: '—', after: <Count of={rows.held} /> },
      { what: say('拒绝（行）', 'rejected'), before: '—', after: <Count of={rows.rejected} /> },
      { what: say('通过的水量（m³）', 'volume accepted (m³)'), before: '—', after: <VolumeM3 of={volumes.accepted} /> },
      { what: say('新增或更正的日', 'days stored'), before: '—', after: <Count of={stored} /> },
      { what: say('未变的日', 'days unchanged'), before: '—', after: <Count of={unchanged} /> },
    ],
    more: (
      <p class="quiet">
        {say('列对应：', 'columns: ')}
        {Object.entries(mapping)
          .map(([field, column]) => `${say(fieldName(field))} ← ${column}`)
          .join(say('，', ', '))}
      </p>
    ),
    button: say(`导入 ${rows.in} 行`, `take in ${rows.in} rows`),
  }),
  done: ({ importId, rows }, { say }) => ({
    to: `/office/settlement/imports/${importId}`,
    said: say(
      `已导入 ${rows.in} 行：通过 ${rows.accepted}，待审 ${rows.held}，拒绝 ${rows.rejected}。`,
      `Took in ${rows.in} rows: ${rows.accepted} accepted, ${rows.held} held, ${rows.rejected} rejected.`,
    ),
  }),
})

/** What chooses a row that nobody has decided. */
const Chosen = ({ row, say }: { readonly row: PlantImportRow; readonly say: Say }) =>
  row.decision === undefined ? (
    <input
      type="checkbox"
      name="chosen"
      value={String(row.rowNo)}
      aria-label={say(`选择第 ${row.rowNo} 行`, `choose row ${row.rowNo}`)}
    />
  ) : null

const importPage = page('/office/settlement/imports/{import}', {
  title: { zh: '一份日报', en: 'one file of a plant' },
  permits: 'settlement.read',
  params: { import: id() },
  show: async (asked) => {
    const { services, params, say, may } = asked
    const found = await findPlantImport(services.db, params.import)
    if (isRefusal(found)) return found
    const rows = await plantRowsOf(services.db, found.importId)
    const at = `/office/settlement/imports/${found.importId}`
    const mayDecide = may('settlement.accept-rows') || may('settlement.reject-rows')
    return {
      title: found.fileName,
      crumbs: [importsCrumb(say)],
      state:
        found.undecided === 0 ? (
          <State tone="settled">{say('已处理', 'settled')}</State>
        ) : (
          <State tone="waiting">{say(`待处理 ${found.undecided} 行`, `${found.undecided} rows to decide`)}</State>
        ),
      figures: [
        { label: say('行数', 'rows'), value: <Count of={found.rows.in} /> },
        { label: say('通过', 'accepted'), value: <Count of={found.rows.accepted} /> },
        { label: say('待审', 'held'), value: <Count of={found.rows.held} /> },
        { label: say('拒绝', 'rejected'), value: <Count of={found.rows.rejected} /> },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('污水厂', 'plant'), found.plantName],
              [
                say('导入', 'taken in'),
                <>
                  {found.importedBy} <Instant of={found.recordedAt} />
                </>,
              ],
              [say('水量（m³）', 'volume (m³)'), <VolumeM3 of={found.volumeInM3} />],
              [
                say('列对应', 'columns'),
                Object.entries(found.mapping)
                  .map(([field, column]) => `${say(fieldName(field))} ← ${column}`)
                  .join(say('，', ', ')),
              ],
            ]}
          />
          {rows.length === 0 ? (
            <Notice tone="settled">{say('每一行都通过了。', 'Every row was accepted.')}</Notice>
          ) : (
            <>
              <p class="buttons">
                <ButtonLink href={`${at}/rows`} download>
                  {say('导出待审和拒绝的行', 'held and rejected rows')} XLSX
                </ButtonLink>
              </p>
              <form method="post" action={`${at}/acceptance`}>
                <input type="hidden" name="_csrf" value={asked.csrf} />
                <input type="hidden" name="_id" value={crypto.randomUUID()} />
                <input type="hidden" name="_back" value={at} />
                <PlainTable
                  caption={say('待审和拒绝的行', 'held and rejected rows')}
                  columns={[
                    ...(mayDecide ? [{ title: say('选', 'choose') }] : []),
                    { title: say('行', 'row'), number: true },
                    { title: say('内容', 'as in the file') },
                    { title: say('结论', 'verdict') },
                    { title: say('原因 → 建议', 'why → remedy') },
                    { title: say('处理', 'decision') },
                  ]}
                  rows={rows.map((row) => [
                    ...(mayDecide ? [<Chosen row={row} say={say} />] : []),
                    <Count of={row.rowNo} />,
                    row.cells.filter((cell) => cell !== '').join(say('，', ', ')),
                    row.verdict === 'held' ? (
                      <State tone="waiting">{say('待审', 'held')}</State>
                    ) : (
                      <State tone="overdue">{say('拒绝', 'rejected')}</State>
                    ),
                    row.reasons.map((reason) => {
                      const { cause, remedy } = sayPlantReason(reason, say.language)
                      return (
                        <p class="reason">
                          {cause} → {remedy}
                        </p>
                      )
                    }),
                    row.decision !== undefined ? (
                      `${row.decision.by} ${row.decision.reason}`
                    ) : may('settlement.correct-row') ? (
                      <a href={`${at}/rows/${row.rowNo}/correction`}>{say('改正', 'correct')}</a>
                    ) : (
                      ''
                    ),
                  ])}
                />
                <div class="bulk">
                  {may('settlement.accept-rows') ? (
                    <button type="submit">{say('接受所选', 'accept the chosen')}</button>
                  ) : null}
                  {may('settlement.reject-rows') ? (
                    <button type="submit" formaction={`${at}/rejection`}>
                      {say('拒绝所选', 'reject the chosen')}
                    </button>
                  ) : null}
                </div>
              </form>
            </>
          )}
        </>
      ),
    }
  },
})

const chosenField = { label: { zh: '所选的行', en: 'the chosen rows' }, kind: 'hidden' } as const
const rowNosOf = (chosen: string): number[] =>
  chosen
    .split(',')
    .map(Number)
    .filter((row) => Number.isInteger(row) && row > 0)

const rowsForm = (word: 'acceptance' | 'rejection') => {
  const accepts = word === 'acceptance'
  return formPage(`/office/settlement/imports/{import}/${word}`, {
    title: accepts ? { zh: '接受待审的行', en: 'accept held rows' } : { zh: '拒绝行', en: 'reject rows' },
    permits: accepts ? 'settlement.accept-rows' : 'settlement.reject-rows',
    params: { import: id() },
    crumbs: ({ say, params }) => [
      importsCrumb(say),
      { text: params.import, href: `/office/settlement/imports/${params.import}` },
    ],
    fields: { chosen: chosenField, reason: reasonField },
    run: ({ services, params }, { chosen, reason }, { envelope }) =>
      (accepts ? acceptPlantRows : rejectPlantRows)(services, envelope, {
        importId: params.import,
        rowNos: rowNosOf(chosen),
        reason,
      }),
    preview: ({ decided, stored }, { say }, { chosen, reason }) => ({
      changes: [
        {
          what: say(`第 ${chosen} 行`, `rows ${chosen}`),
          before: say('待处理', 'to be decided'),
          after: accepts
            ? say(`接受：${reason}`, `accepted: ${reason}`)
            : say(`拒绝：${reason}`, `rejected: ${reason}`),
        },
        { what: say('记入的日', 'days stored'), before: '0', after: <Count of={stored} /> },
      ],
      button: accepts
        ? say(`接受 ${decided} 行`, `accept ${decided} rows`)
        : say(`拒绝 ${decided} 行`, `reject ${decided} rows`),
    }),
    done: ({ importId, decided }, { say }) => ({
      to: `/office/settlement/imports/${importId}`,
      said: accepts
        ? say(`已接受 ${decided} 行。`, `Accepted ${decided} rows.`)
        : say(`已拒绝 ${decided} 行。`, `Rejected ${decided} rows.`),
    }),
  })
}

const correctionPage = formPage('/office/settlement/imports/{import}/rows/{row}/correction', {
  title: { zh: '改正一行日报', en: 'correct one row' },
  permits: 'settlement.correct-row',
  params: { import: id(), row: id() },
  crumbs: ({ say, params }) => [
    importsCrumb(say),
    { text: params.import, href: `/office/settlement/imports/${params.import}` },
  ],
  about: async ({ services, params, say }) => {
    const found = await findPlantImport(services.db, params.import)
    if (isRefusal(found)) return found
    const [row] = await plantRowsOf(services.db, found.importId, { rowNos: [Number(params.row)] })
    if (row === undefined) return refuseSettlement('plant_import_unknown', { importId: params.import })
    return (
      <>
        <Facts of={Object.entries(row.stated).map(([field, value]) => [say(fieldName(field)), value ?? ''])} />
        {row.reasons.map((reason) => {
          const { cause, remedy } = sayPlantReason(reason, say.language)
          return (
            <Notice tone="waiting">
              {cause} → {remedy}
            </Notice>
          )
        })}
      </>
    )
  },
  fields: {
    field: {
      label: { zh: '改哪一列', en: 'which column' },
      kind: 'choice',
      choices: ({ say }) => correctablePlantFields.map((field) => [field, say(fieldName(field))] as const),
    },
    value: { label: { zh: '改为', en: 'its value' }, schema: text(100) },
    reason: reasonField,
  },
  run: ({ services, params }, { field, value, reason }, { envelope }) =>
    correctPlantRow(services, envelope, {
      importId: params.import,
      rowNo: Number(params.row),
      values: { [field]: value },
      reason,
    }),
  preview: ({ stored }, { say, params }, { field, value }) => ({
    changes: [
      {
        what: say(`第 ${params.row} 行 ${fieldName(field).zh}`, `row ${params.row}, ${fieldName(field).en}`),
        before: say('如文件', 'as in the file'),
        after: value,
      },
      { what: say('记入的日', 'days stored'), before: '0', after: <Count of={stored} /> },
    ],
    button: say(`改正第 ${params.row} 行`, `correct row ${params.row}`),
  }),
  done: ({ importId }, { say, params }) => ({
    to: `/office/settlement/imports/${importId}`,
    said: say(`已改正第 ${params.row} 行。`, `Row ${params.row} is corrected.`),
  }),
})

const daysPage = page('/office/settlement/days', {
  title: { zh: '污水厂每日水量水质', en: 'days of a plant' },
  permits: 'settlement.read',
  query: { plant: plantCode.optional(), month: month.optional() },
  show: async ({ services, query, say }) => {
    const plants = await listPlants(services.db)
    const code = query.plant ?? plants[0]?.code
    if (code === undefined)
      return {
        title: say('污水厂每日水量水质', 'days of a plant'),
        body: <Notice>{say('还没有污水厂。', 'There is no plant.')}</Notice>,
      }
    const plant = await findPlant(services.db, code)
    if (isRefusal(plant)) return plant
    const shown = query.month ?? (services.clock.today().slice(0, 7) as NonNullable<typeof query.month>)
    const days = [
      ...(
        await plantDays(services.db, plant.plantId, { from: firstDay(shown), until: firstDay(plusMonths(shown, 1)) })
      ).values(),
    ]
    const codes = [...new Set(days.flatMap(({ effluent }) => Object.keys(effluent)))]
    return {
      title: say(`${plant.name} ${shown}`, `${plant.name} ${shown}`),
      crumbs: [importsCrumb(say)],
      figures: [
        {
          label: say('处理水量（m³）', 'treated (m³)'),
          value: <VolumeM3 of={volumeText(addVolumes(days.map(({ treatedM3 }) => treatedM3)))} />,
        },
        { label: say('已报（天）', 'days'), value: <Count of={days.length} /> },
      ],
      body: (
        <>
          <form class="filters" method="get" action="/office/settlement/days">
            <div>
              <label for="plant">{say('污水厂', 'plant')}</label>
              <select id="plant" name="plant">
                {plants.map((each) => (
                  <option value={each.code} selected={each.code === code}>
                    {each.name}
                  </option>
                ))}
              </select>
            </div>
            <div>
              <label for="month">{say('月份', 'month')}</label>
              <input id="month" name="month" value={shown} size={9} inputmode="numeric" autocomplete="off" />
            </div>
            <button type="submit">{say('查看', 'show')}</button>
          </form>
          {days.length === 0 ? (
            <Notice>{say('这个月还没有日报。', 'No days of this month yet.')}</Notice>
          ) : (
            <PlainTable
              columns={[
                { title: say('日期', 'day') },
                { title: say('处理（m³）', 'treated (m³)'), number: true },
                { title: say('进水（m³）', 'inflow (m³)'), number: true },
                ...codes.map((each) => ({ title: indicatorTitle(each, say), number: true })),
                { title: say('来源', 'from') },
              ]}
              rows={days.map((day) => [
                day.day,
                <VolumeM3 of={volumeText(day.treatedM3)} />,
                <VolumeM3 of={day.inflowM3 === null ? null : volumeText(day.inflowM3)} />,
                ...codes.map((each) => (day.effluent as Readonly<Record<string, string>>)[each] ?? '—'),
                <a class="unbroken" href={`/office/settlement/imports/${day.importId}`}>
                  {say(`导入 ${day.importId} 第 ${day.rowNo} 行`, `import ${day.importId} row ${day.rowNo}`)}
                </a>,
              ])}
            />
          )}
        </>
      ),
    }
  },
})

const balancePage = page('/office/settlement/balance', {
  title: { zh: '水量平衡', en: 'water balance' },
  // What companies sold and were billed for is not the plant's to see.
  permits: 'settlement.verify',
  show: async ({ services, say }) => {
    const months = await waterBalance(services.db)
    const sum = (
      name: 'soldM3' | 'billedM3' | 'inflowM3' | 'treatedM3' | 'billedLessSoldM3' | 'inflowLessBilledM3',
    ) => <VolumeM3 of={volumeText(addVolumes(months.flatMap((each) => each[name] ?? [])))} />
    return {
      title: say('水量平衡', 'water balance'),
      body:
        months.length === 0 ? (
          <Notice>{say('还没有抄表、账单或日报。', 'No readings, bills or days yet.')}</Notice>
        ) : (
          <>
            <PlainTable
              caption={say('售水 → 开账 → 进厂 → 处理（m³）', 'sold → billed → arrived → treated (m³)')}
              columns={[
                { title: say('月份', 'month') },
                { title: say('售水', 'sold'), number: true },
                { title: say('开账', 'billed'), number: true },
                { title: say('开账 − 售水', 'billed − sold'), number: true },
                { title: say('进厂', 'arrived'), number: true },
                { title: say('进厂 − 开账', 'arrived − billed'), number: true },
                { title: say('处理', 'treated'), number: true },
                { title: say('日报（天）', 'days'), number: true },
              ]}
              rows={months.map((each) => [
                each.month,
                <VolumeM3 of={each.soldM3 && volumeText(each.soldM3)} />,
                <VolumeM3 of={each.billedM3 && volumeText(each.billedM3)} />,
                <VolumeM3 of={each.billedLessSoldM3 && volumeText(each.billedLessSoldM3)} />,
                <VolumeM3 of={each.inflowM3 && volumeText(each.inflowM3)} />,
                <VolumeM3 of={each.inflowLessBilledM3 && volumeText(each.inflowLessBilledM3)} />,
                <VolumeM3 of={each.treatedM3 && volumeText(each.treatedM3)} />,
                <Count of={each.plantDays} />,
              ])}
              totals={[
                say('合计', 'total'),
                sum('soldM3'),
                sum('billedM3'),
                sum('billedLessSoldM3'),
                sum('inflowM3'),
                sum('inflowLessBilledM3'),
                sum('treatedM3'),
                '',
              ]}
            />
            {months.some((each) => each.billedLessSoldM3 === null || each.inflowLessBilledM3 === null) && (
              <p class="quiet">
                {say(
                  '— 为当月尚无抄表、账单或日报；合计只含有数的月份，差额的合计只含两项都有数的月份。',
                  '— means no reading, bill or day yet; totals are of the months that have a figure, totals of differences of those that have both.',
                )}
              </p>
            )}
          </>
        ),
    }
  },
})

/** The plant's side: agreements, days, claims from application to payment, and where the water goes. */
export const settlementPages: readonly PageRoute[] = [
  claimList,
  claimPage,
  claimingPage,
  seenForm('review'),
  seenForm('approval'),
  paidForm('payment'),
  paidForm('reconciliation'),
  returnPage,
  agreementsPage,
  agreementForm,
  ...agreementDecision,
  endForm,
  ...endDecision,
  importList,
  uploadPage,
  importPage,
  rowsForm('acceptance'),
  rowsForm('rejection'),
  correctionPage,
  daysPage,
  balancePage,
  downloadPage(
    '/office/settlement/claims/{claim}/pdf',
    'settlement.read',
    routeAt(settlementFileRoutes, '/settlement/claims/{claim}/pdf', 'get'),
  ),
  downloadPage(
    '/office/settlement/claims/{claim}/file',
    'settlement.read',
    routeAt(settlementFileRoutes, '/settlement/claims/{claim}/file', 'get'),
  ),
  downloadPage(
    '/office/settlement/imports/{import}/rows',
    'settlement.read',
    routeAt(settlementFileRoutes, '/settlement/imports/{import}/rows/file', 'get'),
  ),
  downloadPage(
    '/office/settlement/template',
    'settlement.import-plant-days',
    routeAt(settlementFileRoutes, '/settlement/template', 'get'),
  ),
]
