import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { civilDateOf, instantOf, parseCivilDate } from '../src/kernel/calendar.ts'
import { isRefusal, type Refusal } from '../src/kernel/refusal.ts'
import { type Cli, type Language, malformed, readCount } from '../src/platform/cli.ts'
import { alignColumns, instantForPeople } from '../src/platform/cli-text.ts'
import { instantText, type Job } from './job.ts'
import { refuseJob } from './jobs.refusals.ts'
import { retrySlot } from './retry-slot.ts'
import { runDueJobs, type SlotEvent, type TickReport } from './run-due-jobs.ts'
import { schedule } from './schedule.ts'
import type { Slot, Timetable } from './slot.ts'
import { appointments, lastClaimed, newestSlots, type SlotState } from './slots.queries.ts'
import { dueSlots, nextSlot } from './slots.rules.ts'
import { openRounds } from './slots.store.ts'

/** `qingliu jobs …`: what the product does by itself, when, and how it went. */
export function registerJobsCommands(program: Command, cli: Cli): void {
  const jobs = program.command('jobs').description('定时任务 what is done by itself at its time')
  registerList(jobs, cli)
  registerDue(jobs, cli)
  registerRun(jobs, cli)
  registerRetry(jobs, cli)
}

const example = (words: string) => `\n例 Example:\n  qingliu ${words}`

function registerList(jobs: Command, cli: Cli): void {
  jobs
    .command('list [job]')
    .description('时刻表、下次时间与最近结果；写明任务则列出它的各次 the schedule, or the slots of one job')
    .option('--limit <count>', '一项任务列出最近几次 how many slots of one job', '20')
    .option('--parked', '一项任务只列搁置的 only the parked slots of one job')
    .addHelpText('after', example('jobs list overdue-list --limit 5'))
    .action(async (name: string | undefined, options: { limit: string; parked?: boolean }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      if (name === undefined) return listSchedule(cli)
      const job = findJob(name)
      if (isRefusal(job)) return cli.refuse(job)
      const { db } = await cli.services()
      const slots = await newestSlots(db, { job: job.name, limit, parkedOnly: options.parked ?? false })
      cli.show(slots.map(slotFields), (language) => {
        const head = `${job.name} ${job[language]}（${timetableText(job.timetable, language)}）`
        if (slots.length === 0) return [head, language === 'zh' ? '还没有办理过。' : 'No slot yet.']
        const titles =
          language === 'zh' ? ['应办时间', '结果', '办结时间', '说明'] : ['due at', 'outcome', 'ended at', 'what']
        return [
          head,
          ...alignColumns(
            titles,
            slots.map((slot) => [
              instantText(slot.slot.dueAt),
              outcomeNames[slot.outcome ?? 'open'][language] + (slot.round > 0 ? ` (${slot.round + 1})` : ''),
              slot.endedAt === undefined ? '' : instantForPeople(slot.endedAt),
              whatCame(slot, language),
            ]),
          ),
        ]
      })
    })
}

async function listSchedule(cli: Cli): Promise<void> {
  const { db, clock } = await cli.services()
  const appointed = await appointments(db)
  const names = schedule.map(({ name }) => name)
  const facts = { appointed, lastClaimed: await lastClaimed(db, names) }
  const rows: { job: Job; latest: SlotState | undefined; next: Slot | undefined }[] = []
  for (const job of schedule) {
    const [latest] = await newestSlots(db, { job: job.name, limit: 1 })
    const next = nextSlot(job, facts, clock.now())
    rows.push({ job, latest, next })
  }
  const today = civilDateOf(clock.now())
  const actor = appointed.find(({ from, until }) => from <= today && (until === null || today < until))?.actor
  cli.show(
    {
      actor: actor ?? null,
      jobs: rows.map(({ job, latest, next }) => ({
        job: job.name,
        zh: job.zh,
        en: job.en,
        at: [...job.timetable.at],
        inMonths: job.timetable.inMonths === undefined ? null : [...job.timetable.inMonths],
        nextDueAt: next?.dueAt.toISOString() ?? null,
        latest: latest === undefined ? null : slotFields(latest),
      })),
    },
    (language) => {
      const zh = language === 'zh'
      const lines = alignColumns(
        zh
          ? ['任务', '内容', '时间', '下次应办', '最近一次', '结果', '说明']
          : ['job', 'what', 'when', 'next due', 'latest', 'outcome', 'said'],
        rows.map(({ job, latest, next }) => [
          job.name,
          job[language],
          timetableText(job.timetable, language),
          next === undefined ? '—' : instantText(next.dueAt),
          latest === undefined ? '—' : instantText(latest.slot.dueAt),
          latest === undefined ? '—' : outcomeNames[latest.outcome ?? 'open'][language],
          latest === undefined ? '' : whatCame(latest, language),
        ]),
      )
      const who = zh ? `以 ${actor} 的名义办理。` : `Carried out as ${actor}.`
      return [...lines, '', actor === undefined ? refuseJob('nobody_appointed').sentence(language) : who]
    },
  )
}

function registerDue(jobs: Command, cli: Cli): void {
  jobs
    .command('due')
    .description('应办而未办的各次，未做完的在前 what is due and not done, unfinished ones first')
    .option('--at <instant>', '截至何时，如 "2026-04-11 07:00" as of this time in China; now unless given')
    .option('--limit <count>', '列出几次 how many', '50')
    .addHelpText('after', example('jobs due --at "2026-04-11 07:00"'))
    .action(async (options: { at?: string; limit: string }) => {
      await listDue(cli, options)
    })
}

/** What a tick would find, changing nothing. */
async function listDue(cli: Cli, options: { readonly at?: string; readonly limit: string }): Promise<void> {
  const limit = readCount('--limit', options.limit, 9_999)
  if (isRefusal(limit)) return cli.refuse(limit)
  const { db, clock } = await cli.services()
  const at = readInstant(options.at, clock.now())
  if (isRefusal(at)) return cli.refuse(at)
  const appointed = await appointments(db)
  if (appointed.length === 0) return cli.refuse(refuseJob('nobody_appointed'))
  const unfinished = (await openRounds(db)).map(({ slot, round }) => ({ slot, round, unfinished: true }))
  const names = schedule.map(({ name }) => name)
  const due = dueSlots(schedule, { appointed, lastClaimed: await lastClaimed(db, names) }, at, limit + 1)
  const all = [...unfinished, ...due.map((slot) => ({ slot, round: 0, unfinished: false }))]
  const shown = all.slice(0, limit)
  cli.show(
    {
      at: at.toISOString(),
      more: all.length > limit,
      slots: shown.map(({ slot, round, unfinished: begun }) => ({
        job: slot.job,
        dueAt: slot.dueAt.toISOString(),
        day: slot.day,
        round,
        unfinished: begun,
      })),
    },
    (language) => {
      const zh = language === 'zh'
      if (shown.length === 0)
        return [zh ? `截至 ${instantText(at)} 没有应办的任务。` : `Nothing is due at ${instantText(at)}.`]
      return [
        ...alignColumns(
          zh ? ['应办时间', '任务', '状态'] : ['due at', 'job', 'state'],
          shown.map(({ slot, unfinished: begun }) => [
            instantText(slot.dueAt),
            slot.job,
            begun ? (zh ? '未做完，待接手' : 'unfinished, to be taken over') : zh ? '应办' : 'due',
          ]),
        ),
        ...(all.length > limit
          ? [zh ? `只列出最早的 ${limit} 次（--limit）` : `The oldest ${limit} only (--limit)`]
          : []),
        '',
        zh
          ? '服务在运行时会自动办理；也可以手工办理：qingliu jobs run'
          : 'A running server does them by itself; by hand: qingliu jobs run',
      ]
    },
  )
}

function registerRun(jobs: Command, cli: Cli): void {
  jobs
    .command('run')
    .description('手工触发一次：接手未做完的，再按顺序补办应办的 one tick by hand: finishes, then catches up in order')
    .option('--at <instant>', '补办到何时，如 "2026-04-11 07:00" up to this time in China; now unless given')
    .option('--limit <count>', '至多办理几次 how many slots at most', '200')
    .addHelpText('after', example('jobs run --at "2026-04-11 07:00"'))
    .action(async (options: { at?: string; limit: string }, command: Command) => {
      if (command.optsWithGlobals<{ dryRun?: boolean }>().dryRun) return listDue(cli, options)
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const services = await cli.services()
      const now = services.clock.now()
      const at = readInstant(options.at, now)
      if (isRefusal(at)) return cli.refuse(at)
      if (at > now) return cli.refuse(refuseJob('tick_in_the_future', { at: instantText(at), now: instantText(now) }))
      const report = await runDueJobs(services, at, { runner: `cli-${randomUUID()}`, slotsMaximum: limit })
      if (!report.appointed) return cli.refuse(refuseJob('nobody_appointed'))
      cli.show(
        {
          at: at.toISOString(),
          worked: report.worked.map(eventFields),
          heldByOthers: report.heldByOthers,
          leftForNextTick: report.leftForNextTick,
        },
        (language) => runLines(report, at, language),
      )
    })
}

function runLines(report: TickReport, at: Date, language: Language): string[] {
  const zh = language === 'zh'
  const { worked, heldByOthers, leftForNextTick } = report
  const told = worked.filter(({ outcome }) => outcome !== 'nothing')
  const quiet = worked.length - told.length
  const lines: string[] = []
  if (worked.length === 0)
    lines.push(zh ? `截至 ${instantText(at)} 没有应办的任务。` : `Nothing was due at ${instantText(at)}.`)
  if (told.length > 0) {
    const titles = zh ? ['应办时间', '任务', '结果', '说明'] : ['due at', 'job', 'outcome', 'what']
    const rows = told.map(({ slot, outcome, result }) => [
      instantText(slot.dueAt),
      slot.job,
      outcomeNames[outcome === 'left' ? 'open' : outcome][language],
      result?.summary[language] ?? '',
    ])
    lines.push(...alignColumns(titles, rows), '')
  }
  for (const { slot, result } of told) {
    for (const item of result?.parked ?? []) {
      lines.push(`${instantText(slot.dueAt)} ${slot.job} · ${item.subject}: ${item[language]}`)
      lines.push(`  → ${retryCommand(slot.job, slot.dueAt)}`, '')
    }
  }
  if (quiet > 0) lines.push(zh ? `${quiet} 次没有要做的事。` : `${quiet} had nothing to do.`)
  if (heldByOthers > 0)
    lines.push(zh ? `${heldByOthers} 次正由其他进程办理。` : `${heldByOthers} are being worked on by another process.`)
  if (leftForNextTick > 0) lines.push(zh ? '还有应办的，请再次触发。' : 'More is due: run it again.')
  return lines
}

function registerRetry(jobs: Command, cli: Cli): void {
  jobs
    .command('retry <job> <due-at>')
    .description('搁置的一次排除原因后重试 have a parked slot worked once more')
    .option('--reason <text>', '为什么重试 what was put right', '')
    .addHelpText('after', example('jobs retry draft-month "2026-04-03 12:30" --reason 名单已批准 --as clerk'))
    .action(async (name: string, dueAt: string, options: { reason: string }) => {
      const job = findJob(name)
      if (isRefusal(job)) return cli.refuse(job)
      const services = await cli.services()
      const at = readInstant(dueAt, services.clock.now())
      if (isRefusal(at)) return cli.refuse(at)
      const input = { job: job.name, dueAt: at, reason: options.reason }
      cli.showOutcome(await retrySlot(services, cli.envelope(), input), (answer, language) => [
        language === 'zh'
          ? `${answer.job} 应于 ${answer.dueAt} 的一次将在下次触发时重试；立即办理：qingliu jobs run`
          : `The slot of ${answer.job} due at ${answer.dueAt} is worked again at the next tick; at once: qingliu jobs run`,
      ])
    })
}

export const retryCommand = (job: string, dueAt: Date): string =>
  `qingliu jobs retry ${job} "${instantText(dueAt)}" --reason … --as clerk`

const outcomeNames = {
  done: { zh: '完成', en: 'done' },
  nothing: { zh: '无事', en: 'nothing to do' },
  parked: { zh: '搁置', en: 'parked' },
  open: { zh: '未做完', en: 'unfinished' },
} as const

function findJob(name: string): Job | Refusal {
  const known = schedule.map((job) => job.name).join('、')
  return schedule.find((job) => job.name === name) ?? refuseJob('job_unknown', { job: name, known })
}

/** `2026-04-11 07:00` on the clocks of China, or an ISO instant with its offset. */
function readInstant(written: string | undefined, otherwise: Date): Date | Refusal {
  if (written === undefined) return otherwise
  const civil = /^(\d{4}-\d{2}-\d{2})[ T]((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(written)
  const day = civil === null ? undefined : parseCivilDate(civil[1] ?? '')
  if (day !== undefined) return instantOf(day, civil?.[2] ?? '')
  const instant = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(written) ? new Date(written) : undefined
  return instant !== undefined && Number.isFinite(instant.getTime())
    ? instant
    : malformed('时间 time', written, '"YYYY-MM-DD HH:MM"（北京时间 in China）')
}

function timetableText({ at, inMonths }: Timetable, language: Language): string {
  const times = at.join(language === 'zh' ? '、' : ', ')
  if (inMonths === undefined) return language === 'zh' ? `每日 ${times}` : `daily ${times}`
  return language === 'zh'
    ? `${inMonths.join('、')} 月每日 ${times}`
    : `daily in month ${inMonths.join(', ')} at ${times}`
}

function whatCame({ parked, summary }: SlotState, language: Language): string {
  const [first] = parked
  return first === undefined ? (summary?.[language] ?? '') : `${first.subject}: ${first[language]}`
}

function slotFields({ slot, round, outcome, summary, parked, endedAt }: SlotState) {
  return {
    job: slot.job,
    dueAt: slot.dueAt.toISOString(),
    day: slot.day,
    round,
    outcome: outcome ?? null,
    summary: summary ?? null,
    parked: [...parked],
    endedAt: endedAt?.toISOString() ?? null,
  }
}

function eventFields({ slot, outcome, result }: SlotEvent) {
  return {
    job: slot.job,
    dueAt: slot.dueAt.toISOString(),
    day: slot.day,
    outcome,
    summary: result?.summary ?? null,
    parked: [...(result?.parked ?? [])],
  }
}
