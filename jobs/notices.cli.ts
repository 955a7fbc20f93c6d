import type { Command } from 'commander'
import { type CivilDate, civilDate } from '../src/kernel/calendar.ts'
import { moneyForPeople, moneyText } from '../src/kernel/money.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { overdueListLines } from '../src/payments/overdue-list.queries.ts'
import { type Cli, type Language, readCount } from '../src/platform/cli.ts'
import { alignColumns } from '../src/platform/cli-text.ts'
import { findActor } from '../src/platform/command.ts'
import type { Db } from '../src/platform/database.ts'
import { listNotices, type Notice } from '../src/platform/notices.ts'
import { refusePlatform } from '../src/platform/platform.refusals.ts'
import { roleNames } from '../src/platform/staff.ts'
import { instantText } from './job.ts'
import { retryCommand } from './jobs.cli.ts'
import { refuseJob } from './jobs.refusals.ts'
import { noticeKinds } from './notice-kinds.ts'
import { noticeJson, noticesWithState, openAmong, sentenceOf } from './notices-with-state.queries.ts'
import { schedule } from './schedule.ts'
import { newestSlots, type SlotState } from './slots.queries.ts'

/** `qingliu notices …`: what people are to know or to do, as the schedule found it. */
export function registerNoticesCommands(program: Command, cli: Cli): void {
  const notices = program.command('notices').description('给工作人员的提醒 what staff are to know or to do')

  notices
    .command('list')
    .description('未处理的提醒与搁置的任务 notices nobody has dealt with, and parked jobs')
    .option('--all', '含已处理的 those dealt with too')
    .option('--for <code>', '只看给某人的 only what this person is told')
    .option('--limit <count>', '列出几条 how many', '50')
    .addHelpText('after', '\n例 Example:\n  qingliu notices list --for clerk')
    .action(async (options: { all?: boolean; for?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const actor = options.for === undefined ? undefined : await findActor(db, options.for, cli.today())
      if (options.for !== undefined && actor === undefined) {
        return cli.refuse(refusePlatform('actor_unknown', { actor: options.for }))
      }
      const shown = await noticesWithState(db, { actor, all: options.all ?? false, today: cli.today(), limit })
      // A parked job is for the clerks and the administrators; it is told by its slots.
      const mayRetry =
        actor === undefined || actor.roles.some((role) => role === 'bureau_clerk' || role === 'administrator')
      const stuck = mayRetry ? await parkedSlots(db) : []
      cli.show(
        {
          notices: shown.map((notice) => noticeJson(notice, notice.open)),
          parkedJobs: stuck.map(({ slot, parked }) => ({
            job: slot.job,
            dueAt: slot.dueAt.toISOString(),
            parked: [...parked],
          })),
        },
        (language) => listLines(shown, stuck, options.all ?? false, language),
      )
    })

  notices
    .command('show <id>')
    .description('一条提醒的全部内容；逾期清单列出各户 one notice in full; an overdue list with its bills')
    .option('--limit <count>', '清单列出几行 how many lines of a list', '200')
    .addHelpText('after', '\n例 Example:\n  qingliu notices show 3')
    .action(async (id: string, options: { limit: string }) => {
      const limit = readCount('--limit', options.limit, 100_000)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const [notice] = /^\d{1,18}$/.test(id) ? await listNotices(db, { id, limit: 1 }) : []
      if (notice === undefined) return cli.refuse(refuseJob('notice_missing', { notice: id }))
      const open = (await openAmong(db, [notice], cli.today())).has(notice.id)
      const lines = notice.kind === 'overdue_list' ? await overdueListLines(db, asOf(notice), limit) : []
      cli.show(
        {
          ...noticeJson(notice, open),
          lines: lines.map(({ billId: _, outstanding, outstandingNow, ...line }) => ({
            ...line,
            outstanding: moneyText(outstanding),
            outstandingNow: moneyText(outstandingNow),
          })),
        },
        (language) => {
          const zh = language === 'zh'
          const kind = noticeKinds[notice.kind]
          const table = alignColumns(
            zh
              ? ['账单', '户号', '缴费人', '缴费期限', '当时未缴(元)', '现在未缴(元)']
              : ['bill', 'account', 'payer', 'due on', 'unpaid then', 'unpaid now'],
            lines.map((line) => [
              line.bill,
              line.accountNo,
              line.dischargerName,
              line.dueOn,
              moneyForPeople(line.outstanding),
              moneyForPeople(line.outstandingNow),
            ]),
            [4, 5],
          )
          const total = Number(notice.particulars['bills'] ?? 0)
          return [
            `${zh ? '提醒' : 'Notice'} ${notice.id}: ${kind?.[language] ?? notice.kind}　${notice.subject}`,
            sentenceOf(notice, kind, language),
            `${zh ? '给' : 'For'}: ${forWhom(notice, language)}　${zh ? '起' : 'since'} ${notice.since}　${stateText(open, language)}`,
            ...(open && kind !== undefined ? [`${zh ? '处理' : 'What to do'}: ${kind.remedy(notice, language)}`] : []),
            ...(lines.length === 0 ? [] : ['', ...table]),
            ...(lines.length > 0 && lines.length < total
              ? [
                  zh
                    ? `共 ${total} 行，列出前 ${lines.length} 行（--limit）`
                    : `${lines.length} of ${total} lines (--limit)`,
                ]
              : []),
          ]
        },
      )
    })
}

/** Parked slots that nothing has made up for: of each job the latest, and of a job whose days stand alone every one. */
async function parkedSlots(db: Db): Promise<SlotState[]> {
  const stuck: SlotState[] = []
  for (const { name: job, daysStandAlone = false } of schedule) {
    const slots = await newestSlots(db, daysStandAlone ? { job, parkedOnly: true, limit: 100 } : { job, limit: 1 })
    stuck.push(...slots.filter(({ outcome }) => outcome === 'parked'))
  }
  return stuck
}

const asOf = (notice: Notice): CivilDate => civilDate(notice.subject)

function listLines(
  notices: readonly (Notice & { readonly open: boolean })[],
  stuck: readonly SlotState[],
  all: boolean,
  language: Language,
): string[] {
  const zh = language === 'zh'
  if (notices.length + stuck.length === 0) {
    return [
      zh
        ? '没有未处理的提醒。已处理的见 --all；任务见 qingliu jobs list。'
        : 'No notice waits. Those dealt with: --all; the jobs: qingliu jobs list.',
    ]
  }
  const lines: string[] = []
  for (const notice of notices) {
    const kind = noticeKinds[notice.kind]
    const state = all ? `　${stateText(notice.open, language)}` : ''
    lines.push(`${notice.id.padStart(4)}  ${notice.since}  ${sentenceOf(notice, kind, language)}${state}`)
    lines.push(
      `      → ${forWhom(notice, language)}${notice.open && kind !== undefined ? `: ${kind.remedy(notice, language)}` : ''}`,
    )
  }
  for (const { slot, parked } of stuck) {
    const [first] = parked
    lines.push(
      `${zh ? '搁置' : 'parked'}  ${instantText(slot.dueAt)} ${slot.job} · ${first?.subject ?? ''}: ${first?.[language] ?? ''}`,
    )
    lines.push(`      → ${retryCommand(slot.job, slot.dueAt)}`)
  }
  return lines
}

function stateText(open: boolean, language: Language): string {
  if (language === 'zh') return open ? '未处理' : '已处理'
  return open ? 'open' : 'dealt with'
}

function forWhom({ roles, organisationCode }: Notice, language: Language): string {
  const names: string[] = roles.map((role) => roleNames[role][language])
  if (organisationCode !== null) names.push(organisationCode)
  return names.join(language === 'zh' ? '、' : ', ')
}
