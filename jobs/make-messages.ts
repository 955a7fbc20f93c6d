import { isRefusal } from '../src/kernel/refusal.ts'
import { messageKinds } from '../src/message-kinds.ts'
import { anythingToTell, makeMessages } from '../src/platform/outbox/make-messages.ts'
import { type Job, type JobContext, type JobResult, nothing, type ParkedItem, parked } from './job.ts'

/**
 * Writes the messages to payers and collectors that the facts of the day ask for, one command for each kind. Sending is
 * another matter: what is no longer true when its turn comes is not sent (send-due-messages.ts).
 */
export const makeMessagesJob: Job = {
  name: 'make-messages',
  zh: '生成发给缴纳义务人和代征单位的通知',
  en: 'write messages to payers and collectors',
  timetable: { at: ['07:15', '12:15', '17:15'] },
  async run(context: JobContext): Promise<JobResult> {
    const { services, slot } = context
    const made: { readonly kind: string; readonly zh: string; readonly en: string; readonly count: number }[] = []
    const stuck: ParkedItem[] = []
    for (const kind of messageKinds) {
      const { name, zh, en } = kind
      if (!(await anythingToTell(services.db, kind, slot.day))) continue
      const outcome = await makeMessages(services, context.envelope(name), kind)
      if (isRefusal(outcome)) stuck.push(parked(name, outcome))
      else if (outcome.answer.made > 0) made.push({ kind: name, zh, en, count: outcome.answer.made })
    }
    if (made.length + stuck.length === 0) return nothing('没有新的通知', 'there is nothing new to tell')
    return {
      did: true,
      summary: {
        zh: `已生成：${made.map(({ zh, count }) => `${zh} ${count}`).join('、') || '无'}`,
        en: `written: ${made.map(({ en, count }) => `${en} ${count}`).join(', ') || 'none'}`,
        made: made.map(({ kind, count }) => ({ kind, count })),
      },
      parked: stuck,
    }
  },
}
