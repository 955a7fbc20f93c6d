import { type RefusalTable, refuser } from '../src/kernel/refusal.ts'

export const jobRefusals = {
  job_unknown: {
    kind: 'missing',
    zh: '没有名为 {job} 的定时任务。任务有：{known}。',
    en: 'There is no job {job}. The jobs are: {known}.',
  },
  job_slot_missing: {
    kind: 'missing',
    zh: '任务 {job} 没有应于 {at} 办理且已受理的一次。各次见 qingliu jobs list。',
    en: 'The job {job} has no claimed slot that was due at {at}. See qingliu jobs list.',
  },
  job_slot_not_parked: {
    kind: 'conflict',
    zh: '任务 {job} 应于 {at} 办理的一次没有搁置，无需重试。',
    en: 'The slot of {job} that was due at {at} is not parked; there is nothing to try again.',
  },
  job_retry_needs_reason: {
    kind: 'usage',
    zh: '请用 --reason 写明为什么重试 {job} 应于 {at} 的一次（例如已排除的原因）。',
    en: 'Say with --reason why the slot of {job} due at {at} is tried again (e.g. what was put right).',
  },
  job_failed: {
    kind: 'unavailable',
    zh: '任务 {job} 应于 {at} 的一次因程序出错而中断，未完成的改动已撤销：{cause}。请查看服务日志，排除后重试：qingliu jobs retry。',
    en: 'The slot of {job} due at {at} ended by an error of the program; what it had not finished was undone: {cause}. See the log of the server, then: qingliu jobs retry.',
  },
  job_given_up: {
    kind: 'unavailable',
    zh: '任务 {job} 应于 {at} 的一次已有 {begun} 个进程开始而都没有做完，不再自动接手。请查看服务日志，排除后重试：qingliu jobs retry。',
    en: '{begun} processes began the slot of {job} due at {at} and none finished it; it is not taken over again by itself. See the log of the server, then: qingliu jobs retry.',
  },
  tick_in_the_future: {
    kind: 'usage',
    zh: '{at} 还没有到：手工触发只能补办到当前时刻（{now}）。',
    en: '{at} has not come yet: by hand the schedule is carried out up to now ({now}) at most.',
  },
  notice_missing: {
    kind: 'missing',
    zh: '没有编号为 {notice} 的提醒。提醒见 qingliu notices list --all。',
    en: 'There is no notice {notice}. See qingliu notices list --all.',
  },
  nobody_appointed: {
    kind: 'unavailable',
    zh: '还没有人员担任“定时任务”岗位，定时任务不会运行。请登记一名（它只试算和提醒，从不审批）：qingliu staff add clock 定时任务 --organisation bureau --role scheduler --as admin',
    en: 'Nobody holds the role scheduler, so no job runs. Add one (it drafts and tells, and never approves): qingliu staff add clock SCHEDULER --organisation bureau --role scheduler --as admin',
  },
} satisfies RefusalTable

export const refuseJob = refuser(jobRefusals)
