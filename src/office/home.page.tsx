import type { Child } from 'hono/jsx'
import { listRuns } from '../bills/bill.queries.ts'
import { runProposalKind } from '../bills/draft-run.ts'
import { listCollectors } from '../dischargers/discharger.queries.ts'
import { type Clock, type ClockParty, clockNames, clockPartyNames, isWait } from '../enforcement/clocks.rules.ts'
import { type WorkItem, workOn } from '../enforcement/enforcement.queries.ts'
import { type CivilDate, daysBetween, holdsOn, plusDays } from '../kernel/calendar.ts'
import type { BillId } from '../kernel/ids.ts'
import { addMoney, moneyText } from '../kernel/money.ts'
import { listObjections } from '../payments/objections.ts'
import { ageing, listOutstanding } from '../payments/payment.queries.ts'
import { fenced } from '../platform/authorisation/fence.ts'
import type { PermissionName } from '../platform/authorisation/permissions.ts'
import { cited } from '../platform/cited.ts'
import type { Services } from '../platform/command.ts'
import { type Figure, type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, Count, Notice, PlainTable, Section, State, unbroken } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { undecidedRows, waitingProposals } from '../platform/proposal-list.queries.ts'
import type { Role } from '../platform/staff.ts'
import { lastDayOf, type Period, periodContaining } from '../remittance/period.ts'
import { listStatements } from '../remittance/statement.queries.ts'
import { fiscalTasks } from './fiscal-tasks.tsx'
import { proposalKinds } from './proposal-kinds.ts'
import { kindWords } from './proposals.page.tsx'
import type { Task } from './task.ts'

/** A notice for the visitor that still waits, in a sentence. */
export interface OpenNotice {
  readonly sentence: string
  readonly since: CivilDate
}
/** The kinds of notices are known to the jobs, which stand above the office: the list is handed in. */
export type OpenNoticesOf = (asked: PageAsked) => Promise<readonly OpenNotice[]>

/** Legal clocks are shown this many days ahead. */
const daysAhead = 30
const clocksShown = 40

/** Who acts for a party of a clock. The bureau's people see what its brigade has to do, too. */
const rolesOf: Record<ClockParty, readonly Role[]> = {
  bureau: ['bureau_clerk', 'bureau_approver', 'bureau_head'],
  brigade: ['brigade_officer', 'bureau_clerk', 'bureau_approver'],
  head: ['bureau_head', 'bureau_approver'],
  reviewer: ['legal_reviewer'],
  host: ['hearing_host'],
  party: [],
  court: [],
}

const importPlaces: Readonly<
  Record<string, { readonly zh: string; readonly en: string; readonly permits: PermissionName; readonly href: string }>
> = {
  readings: {
    zh: '抄表',
    en: 'readings',
    permits: 'readings.reject-rows',
    href: '/office/readings/imports?open=yes',
  },
  payments: {
    zh: '缴款',
    en: 'payments',
    permits: 'payments.reject-rows',
    href: '/office/payments/imports?open=yes',
  },
}

/** Rows of files that nobody has decided: of a company, those of its own files, as its list of files shows them. */
async function heldTasks({ services, visitor, say, may }: PageAsked): Promise<Task[]> {
  const tasks: Task[] = []
  for (const [kind, place] of Object.entries(importPlaces)) {
    if (!may(place.permits)) continue
    const undecided = await fenced(services, visitor, place.permits, ({ db }) => undecidedRows(db))
    const { rows = 0, imports = 0 } = undecided.find((each) => each.kind === kind) ?? {}
    if (rows === 0) continue
    tasks.push({
      tone: 'waiting',
      what: say(`待审${place.zh}行`, `held rows of ${place.en}`),
      detail: say(`${imports} 个文件`, `${imports} files`),
      count: rows,
      href: place.href,
      figure: say(`待审${place.zh}（行）`, `held ${place.en} (rows)`),
    })
  }
  return tasks
}

async function proposalTasks({ services, say, may, visitor }: PageAsked): Promise<Task[]> {
  const waiting = await waitingProposals(services.db, visitor.code)
  const mine = waiting.flatMap(({ kind, others }): Task[] => {
    const known = proposalKinds[kind]
    if (others === 0 || known === undefined || !may(known.permits)) return []
    return [
      {
        tone: 'waiting',
        what: say(`待我审批：${known.zh}`, `to be decided: ${known.en}`),
        detail: say('他人提出', 'proposed by others'),
        count: others,
        href: `/office/proposals?kind=${encodeURIComponent(kind)}`,
      },
    ]
  })
  const own = waiting.filter((each) => each.own > 0)
  return [
    ...mine,
    ...(own.length === 0
      ? []
      : [
          {
            tone: 'plain' as const,
            what: say('我提出、待他人审批', 'mine, waiting for another person'),
            detail: own.map(({ kind, own: count }) => `${kindWords(kind, say)} ${count}`).join(say('、', ', ')),
            count: own.reduce((sum, each) => sum + each.own, 0),
            href: '/office/proposals',
          },
        ]),
  ]
}

async function runTasks({ services, say, may, visitor }: PageAsked): Promise<Task[]> {
  if (!may('bills.open-run')) return []
  const open = await listRuns(services.db, { openOnly: true })
  const waiting = await waitingProposals(services.db, visitor.code)
  const submitted = waiting.find(({ kind }) => kind === runProposalKind)
  const all = submitted === undefined ? 0 : submitted.own + submitted.others
  if (open.length <= all) return []
  return open.map((run) => ({
    tone: 'waiting' as const,
    what: say('开账批次未提交或已退回', 'a run that is not submitted, or was returned'),
    detail: say(`${run.feeMonth}，${run.makerName} 制单`, `${run.feeMonth}, by ${run.makerName}`),
    count: 1,
    href: `/office/bill-runs/${run.runId}`,
  }))
}

async function overdueTask({ services, say, may }: PageAsked, today: CivilDate): Promise<Task[]> {
  if (!may('enforcement.draft-order')) return []
  const classes = await ageing(services.db, today)
  const bills = classes.reduce((sum, each) => sum + each.bills, 0)
  if (bills === 0) return []
  return [
    {
      tone: 'overdue',
      what: say('逾期账单', 'overdue bills'),
      detail: (
        <>
          {say('合计 ', 'in all ')}
          <Amount of={moneyText(addMoney(classes.map(({ amount }) => amount)))} />
          {say(' 元', ' yuan')}
        </>
      ),
      count: bills,
      href: `/office/overdue?asOf=${today}`,
      figure: say('逾期账单（张）', 'overdue bills'),
    },
  ]
}

interface Deadline {
  readonly clause: string
  readonly what: string
  readonly by: string
  readonly about: string
  readonly href: string | undefined
  /** Null where the law sets no last day: as soon as possible. */
  readonly until: CivilDate | null
  /** The year whose calendar has to be entered before the last day can be told. */
  readonly calendarMissing?: number | null
}

const fileAddress = ({ log, number }: Pick<WorkItem, 'log' | 'number'>): string =>
  `/office/${log === 'order' ? 'orders' : 'cases'}/${encodeURIComponent(number)}`

const forVisitor = ({ by }: Pick<Clock, 'by'>, roles: readonly Role[]): boolean =>
  rolesOf[by].some((role) => roles.includes(role))

async function enforcementDeadlines({ services, say, may, visitor }: PageAsked, today: CivilDate): Promise<Deadline[]> {
  if (!may('enforcement.read')) return []
  const items = await workOn(services.db, today, { within: daysAhead })
  return items
    .filter((item) => !isWait(item) && forVisitor(item, visitor.roles))
    .map((item) => ({
      clause: cited(clockNames[item.what].clause, say.language),
      what: say(clockNames[item.what]),
      by: say(clockPartyNames[item.by]),
      about: `${item.log === 'order' ? say('责令', 'order') : say('案', 'case')} ${item.number}　${item.dischargerName}`,
      href: fileAddress(item),
      until: item.until,
      calendarMissing: item.calendarMissing,
    }))
}

async function objectionDeadlines({ services, say, may }: PageAsked): Promise<Deadline[]> {
  if (!may('objections.answer') && !may('objections.receive')) return []
  return (await listObjections(services.db, { unanswered: true, limit: clocksShown })).map((each) => ({
    clause: say('答复期限（设置）', 'days to answer (a setting)'),
    what: say('答复异议', 'answer the objection'),
    by: say('城管局', 'bureau'),
    about: `${say('账单', 'bill')} ${each.bill}　${each.from}`,
    href: `/office/objections/${each.objectionId}`,
    until: each.answerDueOn,
  }))
}

/** Periods that have ended and of which a collector has drawn no statement that stands (办法第十三条). */
async function statementDeadlines({ services, say, may, visitor }: PageAsked, today: CivilDate): Promise<Deadline[]> {
  if (!(['draw', 'review', 'approve'] as const).some((step) => may(`remittance.${step}-statement`))) return []
  const due: Deadline[] = []
  for (const collector of await listCollectors(services.db)) {
    const isCompany = visitor.organisation.kind === 'water_company'
    if (isCompany && collector.organisationId !== visitor.organisation.id) continue
    for (const { remittancePeriod, validity } of collector.contracts) {
      const running = periodContaining(today, remittancePeriod)
      const period = periodContaining(plusDays(running.from, -1), remittancePeriod)
      if (!holdsOn(validity, lastDayOf(period)) || (await isDrawn(services, collector.code, period))) continue
      due.push({
        clause: say('办法第十三条', 'Measures art. 13'),
        what: say(`编制 ${period.name} 划缴结算单`, `draw the remittance statement of ${period.name}`),
        by: say('代征单位', 'collector'),
        about: collector.name,
        href: may('remittance.draw-statement')
          ? `/office/remittance/drawing?collector=${collector.code}&period=${period.name}`
          : undefined,
        until: null,
      })
    }
  }
  return due
}

async function isDrawn({ db }: Services, collectorCode: string, period: Period): Promise<boolean> {
  const drawn = await listStatements(db, { collectorCode, standing: true, limit: 20 })
  return drawn.some((statement) => statement.period.from <= period.from && statement.period.until >= period.until)
}

function daysLeft({ until, calendarMissing = null }: Deadline, today: CivilDate, say: Say): Child {
  if (calendarMissing !== null) return say(`缺 ${calendarMissing} 年日历`, `calendar of ${calendarMissing} missing`)
  if (until === null) return <State tone="waiting">{say('尽快', 'now')}</State>
  const days = daysBetween(today, until)
  if (days < 0) return <State tone="overdue">{say(`已过 ${-days} 天`, `${-days} days past`)}</State>
  if (days === 0) return <State tone="overdue">{say('今天', 'today')}</State>
  return <State tone={days <= 7 ? 'waiting' : 'plain'}>{say(`${days} 天`, `${days} days`)}</State>
}

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const
const weekdaysEn = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: CivilDate): number => (((daysBetween('1970-01-01' as CivilDate, day) + 4) % 7) + 7) % 7

/** The next day on which unpaid bills fall due, and of which month they are. */
async function nextDue({ services, say, may }: PageAsked, today: CivilDate): Promise<string> {
  if (!may('payments.read')) return ''
  const [next] = await listOutstanding(services.db, { limit: 1, after: { dueOn: today, billId: '0' as BillId } })
  if (next === undefined) return ''
  const days = daysBetween(today, next.dueOn)
  return days === 0
    ? say(`${next.feeMonth} 账单今天到期`, `bills of ${next.feeMonth} are due today`)
    : say(
        `距 ${next.feeMonth} 账单到期 ${days} 天（${next.dueOn}）`,
        `bills of ${next.feeMonth} are due in ${days} days (${next.dueOn})`,
      )
}

const homePage = (openNoticesOf: OpenNoticesOf): PageRoute =>
  page('/office', {
    title: { zh: '今日待办', en: 'today' },
    permits: 'notices.read',
    show: async (given) => {
      const asked = given as unknown as PageAsked
      const { services, say, visitor } = asked
      const today = services.clock.today()
      const tasks = [
        ...(await heldTasks(asked)),
        ...(await proposalTasks(asked)),
        ...(await runTasks(asked)),
        ...(await fiscalTasks(asked)),
        ...(await overdueTask(asked, today)),
      ]
      const deadlines = [
        ...(await enforcementDeadlines(asked, today)),
        ...(await objectionDeadlines(asked)),
        ...(await statementDeadlines(asked, today)),
      ].toSorted((a, b) =>
        (a.until ?? today) < (b.until ?? today) ? -1 : (a.until ?? today) > (b.until ?? today) ? 1 : 0,
      )
      const notices = await openNoticesOf(asked)
      const weekday = weekdayOf(today)
      const due = await nextDue(asked, today)
      return {
        title: say('今日待办', 'today'),
        figures: figuresOf(tasks, deadlines, today, say),
        body: (
          <>
            <p>
              <strong>{today}</strong> {say(weekdays[weekday] ?? '', weekdaysEn[weekday] ?? '')}
              {due === '' ? null : `　${due}`}
              <span class="quiet">{`　${visitor.name} · ${visitor.organisation.name}`}</span>
            </p>
            <Section title={say('等我办理', 'waiting for me')}>
              {tasks.length === 0 ? (
                <Notice tone="settled">{say('现在没有等您办理的事项。', 'Nothing waits for you now.')}</Notice>
              ) : (
                <PlainTable
                  columns={[
                    { title: say('事项', 'what') },
                    { title: say('数量', 'count'), number: true },
                    { title: say('说明', 'details') },
                  ]}
                  rows={tasks.map((task) => [
                    <a href={task.href}>
                      <State tone={task.tone}>{task.what}</State>
                    </a>,
                    <Count of={task.count} />,
                    task.detail,
                  ])}
                />
              )}
            </Section>
            <Section title={say('法定时限', 'legal clocks')}>
              {deadlines.length === 0 ? (
                <Notice tone="settled">
                  {say(`${daysAhead} 天内没有到期的时限。`, `No term ends within ${daysAhead} days.`)}
                </Notice>
              ) : (
                <PlainTable
                  columns={[
                    { title: say('依据', 'clause'), wide: true },
                    { title: say('事项', 'what') },
                    { title: say('对象', 'about') },
                    { title: say('由谁', 'by'), wide: true },
                    { title: say('期限', 'last day') },
                    { title: say('剩余', 'left') },
                  ]}
                  rows={deadlines
                    .slice(0, clocksShown)
                    .map((each) => [
                      each.clause,
                      each.what,
                      each.href === undefined ? each.about : <a href={each.href}>{unbroken(each.about)}</a>,
                      each.by,
                      each.until ?? '—',
                      daysLeft(each, today, say),
                    ])}
                />
              )}
            </Section>
            {notices.length === 0 ? null : (
              <Section title={say('系统提醒', 'notices')}>
                <PlainTable
                  columns={[{ title: say('自', 'since') }, { title: say('提醒', 'notice') }]}
                  rows={notices.map(({ since, sentence }) => [since, sentence])}
                />
              </Section>
            )}
          </>
        ),
      }
    },
  })

function figuresOf(
  tasks: readonly Task[],
  deadlines: readonly Deadline[],
  today: CivilDate,
  say: Say,
): readonly Figure[] {
  const soon = deadlines.filter(({ until }) => until !== null && daysBetween(today, until) <= 7)
  const proposals = tasks.filter(({ href, tone }) => href.startsWith('/office/proposals?') && tone === 'waiting')
  return [
    ...tasks.flatMap(({ figure, count, tone }) =>
      figure === undefined
        ? []
        : [{ label: figure, value: <Count of={count} />, ...(tone === 'plain' ? {} : { tone }) }],
    ),
    ...(proposals.length === 0
      ? []
      : [
          {
            label: say('待我审批（件）', 'to be decided by me'),
            value: <Count of={proposals.reduce((sum, { count }) => sum + count, 0)} />,
            tone: 'waiting' as const,
          },
        ]),
    {
      label: say('7 天内到期的时限（项）', 'terms ending within 7 days'),
      value: <Count of={soon.length} />,
      ...(soon.length === 0 ? {} : { tone: 'overdue' as const }),
    },
  ].slice(-4)
}

/** The first page of the office. */
export const homePages = (openNoticesOf: OpenNoticesOf): readonly PageRoute[] => [homePage(openNoticesOf)]
