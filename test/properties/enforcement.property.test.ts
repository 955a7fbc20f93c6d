import { isWorkday } from 'chinese-days'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import seeds from '../../db/seeds/calendars.json' with { type: 'json' }
import { calendarsOf, checkCalendarYear } from '../../src/calendars/calendar.rules.ts'
import type { CalendarYear } from '../../src/calendars/calendar.ts'
import { finePaymentsOf, standingFine } from '../../src/enforcement/claim.rules.ts'
import { clocksOf } from '../../src/enforcement/clocks.rules.ts'
import type { FormerCase, Matter, OrderToPay, Person } from '../../src/enforcement/enforcement.ts'
import { endOf, judgeStep } from '../../src/enforcement/gates.rules.ts'
import { filingObstacle, orderState } from '../../src/enforcement/order.rules.ts'
import { readFields } from '../../src/enforcement/step-input.rules.ts'
import { type Step, type StepName, stepKind, stepNames } from '../../src/enforcement/steps.ts'
import { type CivilDate, civilDate, feeMonth, plusDays } from '../../src/kernel/calendar.ts'
import type { AccountId, BillId, DischargerId } from '../../src/kernel/ids.ts'
import { addMoney, type Money, money, moneyText } from '../../src/kernel/money.ts'
import { isRefusal } from '../../src/kernel/refusal.ts'

const years = seeds.map((entered) => {
  const year = checkCalendarYear(entered)
  if (Array.isArray(year)) throw new Error(`the seed of ${entered.year} is in order`)
  return year as CalendarYear
})
const calendars = calendarsOf(years.filter(({ year }) => year >= 2024 && year <= 2027))

// An independent day counter: another library's holidays, days as UTC noon, counted one by one.
const next = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T12:00Z`) + days * 864e5).toISOString().slice(0, 10)
const rolled = (day: string): string => (isWorkday(day) ? day : rolled(next(day)))
function workingDays(from: string, count: number): string {
  let day = from
  for (let left = count; left > 0; ) {
    day = next(day)
    if (isWorkday(day)) left -= 1
  }
  return day
}

const people: readonly Person[] = ['a', 'b', 'approver', 'head', 'reviewer', 'host', 'clerk'].map((code) => ({
  id: code,
  code,
  name: code,
  isHearingHost: code === 'host' || code === 'head' || code === 'a',
}))
const byCode = new Map(people.map((person) => [person.code, person]))

interface World {
  /** Days from 1 January 2024 to the issue of the order. */
  readonly starts: number
  readonly isOrganisation: boolean
  readonly named: string
  readonly paid: readonly { readonly day: number; readonly amount: string }[]
  readonly estimated: boolean
  readonly objected: boolean
  readonly collective: boolean
  readonly grid: boolean
}
interface Act {
  readonly wait: number
  readonly back: number
  /** What comes next, what disturbs or hurries it, or anything. */
  readonly way: 'next' | 'bold' | 'any'
  readonly pick: number
  readonly multiplier: string
  readonly person: string
  readonly approver: string
  readonly choice: number
  readonly evidence: boolean
  readonly days: number
}

const world: fc.Arbitrary<World> = fc.record({
  starts: fc.integer({ min: 0, max: 900 }),
  isOrganisation: fc.boolean(),
  named: fc.constantFrom('17283.00', '500.00', '9999.99', '1000.01'),
  paid: fc.array(
    fc.record({ day: fc.integer({ min: 0, max: 60 }), amount: fc.constantFrom('100.00', '499.99', '0.01') }),
    { maxLength: 2 },
  ),
  estimated: fc.constantFrom(false, false, false, true),
  objected: fc.constantFrom(false, false, false, true),
  collective: fc.boolean(),
  grid: fc.boolean(),
})
const act: fc.Arbitrary<Act> = fc.record({
  wait: fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(0, 0, 0, 1, 2, 3, 8, 16) },
    { weight: 1, arbitrary: fc.constant(90) },
  ),
  back: fc.constantFrom(0, 0, 0, 0, 1, 5, -1),
  way: fc.constantFrom('next', 'next', 'next', 'bold', 'bold', 'any'),
  pick: fc.nat(1000),
  multiplier: fc.constantFrom('1', '2', '3', '1.5', '2.5', '1.25', '0.9999', '3.0001'),
  person: fc.constantFrom('a', 'b', 'head', 'reviewer', 'host', 'clerk', ''),
  approver: fc.constantFrom('approver', 'head', 'reviewer', 'host', 'a', '', '', '', '', ''),
  choice: fc.nat(10),
  evidence: fc.nat(20).map((one) => one > 0),
  days: fc.integer({ min: 1, max: 25 }),
})

/** Whoever usually does it, so that walks get far; '' in an act leaves it to this. */
const usual: Partial<Record<StepName, readonly [string, string]>> = {
  investigated: ['b', ''],
  legal_reviewed: ['reviewer', ''],
  hearing_held: ['host', ''],
  decided: ['a', 'head'],
  no_penalty: ['a', 'head'],
}

/** What hurries a case, or disturbs it just before its end. */
const bold: readonly StepName[] = [
  'decided',
  'decided',
  'legal_reviewed',
  'defence_received',
  'hearing_requested',
  'notice_issued',
  'order_served',
  'annulled',
  'closed',
]

/** One file walked from an issued order: the order's log and one case after another. */
class Walk {
  today: CivilDate
  readonly order: OrderToPay
  readonly orderSteps: Step[] = []
  readonly cases: { filedOn: CivilDate; steps: Step[] }[] = []
  readonly world: World

  constructor(world: World) {
    this.world = world
    this.today = plusDays(civilDate('2024-01-01'), world.starts)
    this.order = {
      orderId: '1',
      number: '2025-0001',
      dischargerId: '1' as DischargerId,
      dischargerCode: 'D1',
      dischargerName: '示例',
      issuedOn: this.today,
      termDays: 15,
      makerId: 'clerk',
      approverId: 'approver',
      bills: [
        {
          billId: '1' as BillId,
          number: '2025-000001',
          accountId: '1' as AccountId,
          accountNo: '1',
          feeMonth: feeMonth('2025-03'),
          dueOn: plusDays(this.today, -1),
          named: money(world.named),
          payable: money(world.named),
          paid: world.paid.map(({ day, amount }) => ({
            amount: money(amount),
            paidOn: plusDays(this.today, day),
            reversedOn: null,
          })),
          estimated: world.estimated,
          reviewed: false,
          objected: world.objected,
        },
      ],
    }
  }

  /** The cases filed before one of them, all on the one period of the walk. */
  former(before: number): FormerCase[] {
    return this.cases.slice(0, before).map(({ filedOn, steps }, index) => ({
      caseId: String(index),
      number: `2025-000${index}`,
      filedOn,
      periods: [{ accountId: '1' as AccountId, feeMonth: feeMonth('2025-03') }],
      steps,
    }))
  }

  matter(caseNo: number | undefined): Matter {
    const found = caseNo === undefined ? undefined : this.cases[caseNo]
    const steps = found?.steps ?? this.orderSteps
    const row = (factor: string, minimum: string, maximum: string) => ({ factor, zh: factor, minimum, maximum })
    return {
      today: this.today,
      calendars,
      settings: {
        publicNoticeDays: 30,
        defenceDays: 5,
        hearingThresholdOrganisation: money('20000'),
        hearingThresholdIndividual: money('3000'),
        hearingThresholdIncluded: true,
        collectiveDiscussion: this.world.collective,
      },
      party: { isOrganisation: this.world.isOrganisation, address: '示例路1号' },
      order: this.order,
      orderSteps: this.orderSteps,
      fineCase: found && {
        caseId: String(caseNo),
        number: `2025-000${caseNo}`,
        filedOn: found.filedOn,
        reporterId: 'a',
        secondId: 'b',
        filedById: 'approver',
      },
      steps,
      liveCase: this.cases.some((each) => endOf(each.steps) === undefined) ? 'live' : undefined,
      judgedCase: this.cases.some(
        ({ steps: taken }) => taken.some(({ name }) => name === 'no_penalty') || standingFine(taken).gt(money('0.00')),
      )
        ? 'judged'
        : undefined,
      formerCases: this.former(caseNo ?? this.cases.length),
      finePayments: finePaymentsOf(steps),
      people: byCode,
      certificates: new Map(),
      referenceUse: undefined,
      grids: {
        atLapse: this.world.grid
          ? {
              documentNumber: '示例基准',
              validFrom: civilDate('2024-01-01'),
              rows: [row('slight', '1', '1.5'), row('serious', '1.5', '3')],
            }
          : undefined,
        since: [],
      },
    }
  }
}

function fieldsFor(name: StepName, chosen: Act, today: CivilDate, walk: Walk): Record<string, string | undefined> {
  const fields = stepKind(name).fields.map((field) => {
    const value = () => {
      if (field.name === 'capacity') return walk.world.isOrganisation ? 'mail_receiver' : 'party'
      if (field.name === 'factor')
        return walk.world.grid
          ? chosen.multiplier < '1.5' === (chosen.choice !== 5)
            ? 'slight'
            : 'serious'
          : undefined
      // An outcome that annuls orders a new decision half of the time.
      if (field.name === 'anew') return chosen.choice % 6 === 2 ? 'true' : undefined
      if (field.name === 'servedOn') return plusDays(today, -(chosen.choice % 3))
      switch (field.kind) {
        case 'choice':
          if (name === 'legal_reviewed' && chosen.choice > 1) return 'agreed'
          return field.choices?.[chosen.choice % field.choices.length]?.value
        case 'date':
          return plusDays(today, chosen.days)
        case 'money':
          return chosen.choice % 2 === 0 ? '100.00' : '1000.00'
        case 'multiplier':
          return chosen.multiplier
        case 'flag':
          return 'true'
        case 'staff':
          return chosen.choice % 4 === 0 ? 'a' : 'host'
        case 'bill':
          return '2025-000001'
        case 'schedule':
          return `${plusDays(today, 30)}=100.00`
        default:
          return field.name === 'reference' ? `R${chosen.pick}-${today}` : '示例'
      }
    }
    return [field.name, value()] as const
  })
  return Object.fromEntries(fields)
}

const lastOf = (steps: readonly Step[], ...names: StepName[]) => steps.findLast(({ name }) => names.includes(name))
const seqOf = (step: Step | undefined) => step?.seq ?? 0
const particular = (step: Step | undefined, key: string): string =>
  String((step?.particulars as unknown as Record<string, unknown> | undefined)?.[key] ?? '')

/** Unpaid at the end of a day, counted in fen, without the rules. */
function unpaidFen(walk: Walk, on: string): number {
  const fen = (text: string) => Number(text.replace('.', ''))
  const { named, paid, starts } = walk.world
  const counted = paid.filter(({ day }) => next('2024-01-01', starts + day) <= on).map(({ amount }) => fen(amount))
  return Math.max(0, fen(named) - counted.reduce((sum, each) => sum + each, 0))
}

/** What former cases leave for one: the day its 90 days run from, and the least the party was told once it had spoken. */
function carriedInto(walk: Walk, caseNo: number): { runsFrom: string; toldWhenHeard: number } {
  let runsFrom = ''
  let least = Number.POSITIVE_INFINITY
  let spoke = false
  for (const { filedOn, steps } of walk.cases.slice(0, caseNo + 1)) {
    if (runsFrom === '') runsFrom = filedOn
    if (steps === walk.cases[caseNo]?.steps) break
    let issued = Number.POSITIVE_INFINITY
    for (const step of steps) {
      if (step.name === 'notice_issued') issued = Number(particular(step, 'multiplier'))
      if (step.name === 'notice_served') least = Math.min(least, issued)
      if (step.name === 'decided') least = Math.min(least, Number(particular(step, 'multiplier')))
      if (step.name === 'defence_received' || step.name === 'hearing_requested') spoke = true
      if (particular(step, 'anew') === 'true') runsFrom = particular(step, 'servedOn')
    }
  }
  return { runsFrom, toldWhenHeard: spoke ? least : Number.POSITIVE_INFINITY }
}

/** What the law asks of a decision, said once more over the bare log. */
function whatADecisionLacks(walk: Walk, caseNo: number, before: readonly Step[], decided: Step): string[] {
  const { runsFrom, toldWhenHeard } = carriedInto(walk, caseNo)
  const service = walk.orderSteps.find(({ name }) => name === 'order_served')
  const termEndsOn = particular(service, 'termEndsOn')
  const told = lastOf(before, 'notice_served')
  const notice = lastOf(before, 'notice_issued')
  const asked = lastOf(before, 'hearing_requested')
  const waived = seqOf(lastOf(before, 'rights_waived')) > seqOf(told)
  const heardNames: readonly StepName[] = [
    'notice_served',
    'defence_received',
    'defence_rechecked',
    'rights_waived',
    'hearing_requested',
    'hearing_notified',
    'hearing_held',
    'hearing_dropped',
  ]
  const heardSteps = before.filter(({ name }) => heardNames.includes(name))
  const heard = Math.max(...heardSteps.map(seqOf))
  const followsAll = (step: Step | undefined) =>
    step !== undefined && seqOf(step) > heard && heardSteps.every(({ on }) => on <= step.on)
  const review = lastOf(before, 'legal_reviewed')
  const base = unpaidFen(walk, termEndsOn)
  const fine = Number(particular(decided, 'fineAmount').replace('.', ''))
  const forbidden = [
    'a',
    'b',
    decided.by,
    ...before.filter(({ name }) => name === 'legal_reviewed' || name === 'notice_issued').map(({ by }) => by),
    ...before.filter(({ name }) => name === 'hearing_notified').map((step) => particular(step, 'host')),
  ]
  const checks: [string, boolean][] = [
    ['a served order', service !== undefined],
    ['a lapsed term', termEndsOn !== '' && termEndsOn < decided.on],
    ['something unpaid', base > 0],
    ['an answered objection', !walk.world.objected],
    ['a reviewed estimate', !walk.world.estimated],
    ['a second officer', before.some(({ name, by }) => name === 'investigated' && by === 'b')],
    ['a notice served', seqOf(told) > seqOf(notice) && particular(told, 'servedOn') <= decided.on],
    ['a re-checked defence', seqOf(lastOf(before, 'defence_received')) <= seqOf(lastOf(before, 'defence_rechecked'))],
    [
      'the hearing asked for or called',
      seqOf(lastOf(before, 'hearing_requested', 'hearing_notified')) <=
        seqOf(lastOf(before, 'hearing_held', 'hearing_dropped')),
    ],
    [
      'the time to ask and to defend',
      waived ||
        (decided.on > particular(told, 'defenceBy') &&
          (seqOf(asked) > seqOf(told) ||
            particular(told, 'askHearingBy') === 'null' ||
            particular(told, 'askHearingBy') === '' ||
            decided.on > particular(told, 'askHearingBy'))),
    ],
    ['an agreed review after everything', followsAll(review) && particular(review, 'outcome') === 'agreed'],
    ['a discussion', !walk.world.collective || followsAll(lastOf(before, 'discussed'))],
    ['90 days', decided.on <= next(runsFrom, 90)],
    ['no more than told before it spoke', Number(particular(decided, 'multiplier')) <= toldWhenHeard],
    ['a head without another part', decided.approvedBy !== null && !forbidden.includes(decided.approvedBy)],
    ['1 to 3 times', fine >= base && fine <= 3 * base],
    ['no more than told', fine <= Number(particular(notice, 'fineAmount').replace('.', ''))],
    ['one decision', !before.some(({ name }) => name === 'decided')],
  ]
  return checks.filter(([, holds]) => !holds).map(([what]) => what)
}

/** The dates a step has fixed, counted again. */
function datesAgain(step: Step): [string, string][] {
  const dated = (key: string, again: () => string): [string, string][] =>
    particular(step, key) === '' || particular(step, key) === 'null' ? [] : [[particular(step, key), again()]]
  const served = particular(step, 'servedOn')
  const how = particular(step, 'how')
  const counted = how === 'public_notice' ? rolled(next(step.on, 30)) : step.on
  const ofService = how === '' ? [] : dated('servedOn', () => counted)
  if (step.name === 'hearing_notified') {
    expect(particular(step, 'hearingOn') > workingDays(served, 7)).toBe(true)
    return ofService
  }
  return [
    ...ofService,
    ...dated('termEndsOn', () => rolled(next(served, 15))),
    ...dated('defenceBy', () => workingDays(served, 5)),
    ...dated('askHearingBy', () => workingDays(served, 5)),
    ...dated('payBy', () => rolled(next(served, 15))),
    ...dated('performBy', () => workingDays(served, 10)),
  ]
}

it('no walk of steps reaches a decision without its grounds, or a fine outside the law', () => {
  const reached = new Set<StepName>()
  const decidedIn = new Set<string>()
  let refiled = 0
  fc.assert(
    fc.property(world, fc.array(act, { minLength: 30, maxLength: 60 }), (w, acts) => {
      const walk = new Walk(w)
      for (const chosen of acts) {
        walk.today = plusDays(walk.today, chosen.wait)
        if (walk.today > '2026-10-01') break
        const { base } = orderState(walk.order, walk.orderSteps, walk.today)
        // Filing is a command of its own: here whenever nothing stands in its way and nothing was judged.
        const { liveCase, judgedCase } = walk.matter(undefined)
        const former = walk.former(walk.cases.length)
        if (
          judgedCase === undefined &&
          chosen.pick % 3 === 0 &&
          filingObstacle(walk.order, walk.orderSteps, liveCase, former, walk.today) === undefined
        ) {
          if (former.length > 0) refiled += 1
          walk.cases.push({ filedOn: walk.today, steps: [] })
          continue
        }
        const caseNo = walk.cases.length === 0 || chosen.pick % 7 === 0 ? undefined : walk.cases.length - 1
        const matter = walk.matter(caseNo)
        const sensible = clocksOf(matter).flatMap(({ step }) => (step === null ? [] : [step]))
        const names = { next: sensible.length > 0 ? sensible : bold, bold, any: stepNames }[chosen.way]
        const name = names[chosen.pick % names.length] as StepName
        const [by = 'a', approves = 'approver'] = usual[name] ?? ['a', 'approver']
        const on = plusDays(walk.today, stepKind(name).twoPersons ? 0 : -chosen.back)
        const maker = chosen.person === '' || chosen.way !== 'any' ? by : chosen.person
        const approver = chosen.approver === '' ? approves : chosen.approver
        const entered = readFields(name, fieldsFor(name, chosen, walk.today, walk))
        if (isRefusal(entered)) continue
        const acting = {
          on,
          by: maker,
          approver: stepKind(name).twoPersons ? approver : null,
          hasEvidence: chosen.evidence,
        }
        const computed = judgeStep(matter, name, entered, acting)
        if (isRefusal(computed)) continue
        const steps = caseNo === undefined ? walk.orderSteps : (walk.cases[caseNo]?.steps ?? [])
        const step = {
          seq: steps.length + 1,
          name,
          on,
          particulars: { ...entered, ...computed },
          by: maker,
          approvedBy: acting.approver,
          evidenceDigest: chosen.evidence ? 'x' : null,
        } as unknown as Step
        expect(on <= walk.today).toBe(true)
        if (stepKind(name).evidence === 'required') expect(chosen.evidence).toBe(true)
        for (const [stored, again] of datesAgain(step)) expect(stored).toBe(again)
        if (name === 'decided') {
          decidedIn.add(on.slice(0, 4))
          expect(whatADecisionLacks(walk, caseNo ?? 0, steps, step)).toEqual([])
          expect(moneyText(base)).toBe(particular(step, 'baseAmount'))
        }
        if (name === 'notice_issued') {
          const told = lastOf(steps, 'notice_issued')
          const spoke = steps.some((each) => each.name === 'defence_received' || each.name === 'hearing_requested')
          if (told !== undefined && spoke)
            expect(Number(particular(step, 'multiplier'))).toBeLessThanOrEqual(Number(particular(told, 'multiplier')))
        }
        steps.push(step)
        reached.add(name)
        const judged = walk.cases.filter(
          ({ steps: taken }) =>
            taken.some((each) => each.name === 'decided') &&
            !taken.some((each) => each.name === 'annulled' || particular(each, 'outcome') === 'annulled'),
        )
        expect(judged.length).toBeLessThanOrEqual(1)
        const payments = finePaymentsOf(steps)
        if (caseNo !== undefined) {
          const paid: Money = addMoney(payments.map(({ amount }) => amount))
          const fine = lastOf(steps, 'decided')
          if (fine !== undefined) expect(paid.lte(money(particular(fine, 'fineAmount')).times(2))).toBe(true)
        }
      }
    }),
    { numRuns: 1500 },
  )
  // The walks went everywhere that matters, or they would prove nothing.
  const wanted: readonly StepName[] = [
    'decided',
    'no_penalty',
    'hearing_held',
    'demand_served',
    'fine_paid',
    'annulled',
    'closed',
    'review_decided',
  ]
  expect([...decidedIn].toSorted()).toEqual(['2024', '2025', '2026'])
  expect(refiled).toBeGreaterThan(0)
  expect(wanted.filter((name) => !reached.has(name))).toEqual([])
})
