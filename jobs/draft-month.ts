import { type BillRun, listRuns } from '../src/bills/bill.queries.ts'
import { draftRun, draftWasBegun, restoreDraft, runProposalKind } from '../src/bills/draft-run.ts'
import { summariseRun } from '../src/bills/run-summary.ts'
import { listCollectors } from '../src/dischargers/discharger.queries.ts'
import { type FeeMonth, lastDay, monthOf, plusMonths } from '../src/kernel/calendar.ts'
import { money, moneyForPeople } from '../src/kernel/money.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import type { Db, Trx } from '../src/platform/database.ts'
import { type NewNotice, type NoticeKind, particular } from '../src/platform/notices.ts'
import { listProposals } from '../src/platform/proposals.ts'
import { awaitedReadings, collectorsWithReadings } from '../src/readings/files-in.queries.ts'
import { underContract } from './expected-files.ts'
import { countOfBills, type Job, type JobContext, type JobResult, nothing, parked } from './job.ts'
import { tellStaff } from './tell-staff.ts'

/**
 * Drafts last month's bills once the readings of every collector under contract have come, by the command a clerk would
 * give, and tells the approvers. While the draft waits it is computed anew where facts were added since. What a person
 * drafted, returned or gave up is theirs: the schedule then leaves the month alone. It approves nothing.
 */
export const draftMonth: Job = {
  name: 'draft-month',
  zh: '文件到齐后开账试算',
  en: 'draft run when the month’s files are in',
  timetable: { at: ['06:30', '12:30', '18:30'] },
  async run(context: JobContext): Promise<JobResult> {
    const { services, slot } = context
    const month = plusMonths(monthOf(slot.day), -1)
    const expected = underContract(await listCollectors(services.db), lastDay(month))
    if (expected.length === 0) {
      return nothing(`${month} 没有合同有效的代征单位`, `no collector was under contract in ${month}`)
    }
    const lacking = (await awaitedReadings(services.db, expected, month)).map(({ code }) => code)
    if (lacking.length > 0) {
      return nothing(`${month} 抄表文件未到齐：缺 ${lacking.join('、')}`, `${month} waits for ${lacking.join(', ')}`)
    }
    if ((await collectorsWithReadings(services.db, month)).size === 0)
      return nothing(`${month} 在启用之前已开账`, `${month} was billed before go-live`)
    const envelope = context.envelope('draft')
    // A draft of this very slot that a process left unfinished is finished, whatever else would be said of the month.
    const left = (await draftWasBegun(services.db, envelope)) ? undefined : await whyLeftAlone(context, month)
    if (left !== undefined) return left

    const outcome = await draftRun(services, envelope, { feeMonth: month })
    if (isRefusal(outcome)) {
      return {
        did: true,
        summary: { zh: `${month} 未能试算`, en: `${month} could not be drafted` },
        parked: [parked(month, outcome)],
      }
    }
    const { runId, digest } = outcome.answer
    const told = await tellStaff(context, (db) => runDrafted(db, month, runId))
    return {
      did: true,
      summary: {
        zh: `${month} 已试算，批次 ${runId} 待审批`,
        en: `${month} is drafted; run ${runId} waits`,
        runId,
        digest,
      },
      parked: isRefusal(told) ? [parked('notices', told)] : [],
    }
  },
}

/** Why there is nothing to draft; `undefined` where the month has no run, or one of the schedule that is out of date. */
async function whyLeftAlone({ services, actor }: JobContext, month: FeeMonth): Promise<JobResult | undefined> {
  const runs = await listRuns(services.db, { feeMonth: month })
  if (runs.some(({ state }) => state === 'issued')) return nothing(`${month} 已开账`, `${month} is issued`)
  const open = runs.find(({ state }) => state === 'open')
  if (open === undefined) {
    const [discarded] = runs
    if (discarded === undefined) return undefined
    return nothing(
      `${month} 的批次 ${discarded.runId} 已作废，由人员试算`,
      `run ${discarded.runId} of ${month} was given up; a person drafts it`,
    )
  }
  if (open.makerCode !== actor) {
    return nothing(
      `${month} 由 ${open.makerName} 试算（批次 ${open.runId}）`,
      `${month} is drafted by ${open.makerName} (run ${open.runId})`,
    )
  }
  // Lost in a crash of the database, it is the same draft that still waits, and no new one.
  await restoreDraft(services, open.runId)
  return standsOrIsAPersons(services.db, open)
}

async function standsOrIsAPersons(db: Db | Trx, run: BillRun): Promise<JobResult | undefined> {
  const proposals = await listProposals(db, { kind: runProposalKind })
  const latest = proposals.filter(({ subject }) => subject === run.runId).sort((a, b) => Number(b.id) - Number(a.id))[0]
  if (latest?.decision?.outcome === 'returned') {
    return nothing(`批次 ${run.runId} 已被退回，由人员处理`, `run ${run.runId} was returned; a person takes it on`)
  }
  const { complete, factsChanged } = await summariseRun(db, run)
  if (latest === undefined || latest.decision !== undefined || !complete || factsChanged) return undefined
  return nothing(
    `批次 ${run.runId} 待审批，其后没有新的资料`,
    `run ${run.runId} waits for approval; nothing was added since`,
  )
}

async function runDrafted(db: Db | Trx, month: FeeMonth, runId: string): Promise<readonly NewNotice[]> {
  const [run] = await listRuns(db, { runId })
  if (run === undefined) return []
  const { bills, amount, census } = await summariseRun(db, run)
  return [
    {
      kind: 'run_drafted',
      subject: runId,
      roles: ['bureau_approver', 'bureau_clerk'],
      particulars: { month, runId, bills, amount, held: census.held, exempt: census.exempt },
    },
  ]
}

export const runWaits: NoticeKind = {
  zh: '开账批次待审批',
  en: 'a draft run waits',
  sentence: (notice, language) => {
    const { bills, held } = notice.particulars
    const amount = moneyForPeople(money(particular(notice, 'amount')))
    return language === 'zh'
      ? `${particular(notice, 'month')} 抄表文件已到齐，已自动试算：批次 ${notice.subject}，账单 ${bills} 张共 ${amount} 元，待处理 ${held} 户（试算时）。`
      : `The files of ${particular(notice, 'month')} are in and it was drafted by itself: run ${notice.subject}, ${countOfBills(bills)} of ${amount} yuan, ${held} held (as first drafted).`
  },
  remedy: (notice) => `qingliu bills run ${notice.subject}`,
  open: async (db, notices) => {
    const open = new Set<string>()
    for (const notice of notices) {
      const [run] = await listRuns(db, { runId: notice.subject })
      if (run?.state === 'open') open.add(notice.id)
    }
    return open
  },
}
