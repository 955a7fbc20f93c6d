import { type Clock, clockNames } from '../enforcement/clocks.rules.ts'
import type { PartyFile } from '../enforcement/party-files.queries.ts'
import { lastStep } from '../enforcement/step-log.ts'
import { type CivilDate, daysBetween } from '../kernel/calendar.ts'
import { moneyForPeople, parseMoney } from '../kernel/money.ts'
import { cited } from '../platform/cited.ts'
import type { Tone } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'

/** Something an enterprise must or may do about an order or a case, until when, and where. */
export interface Right {
  readonly key: Clock['what']
  readonly title: string
  readonly until: CivilDate | null
  readonly daysLeft: number | undefined
  readonly clause: string
  readonly said: string
  readonly tone: Tone
  /** Where on this site it is used; absent where it is used elsewhere. */
  readonly form: { readonly href: string; readonly words: string } | undefined
}

/** The terms of the party, each with what it means and where it is used, the first to end first. */
export function rightsIn(file: PartyFile, today: CivilDate, say: Say): Right[] {
  return file.clocks
    .map((clock) => rightOf(file, clock, today, say))
    .toSorted((a, b) => ((a.until ?? '9999') < (b.until ?? '9999') ? -1 : 1))
}

function rightOf(file: PartyFile, clock: Clock, today: CivilDate, say: Say): Right {
  const { what, until, about, calendarMissing } = clock
  const amount = parseMoney(about)
  const yuan = amount === undefined ? about : `${moneyForPeople(amount)}${say(' 元', ' yuan')}`
  const { title, said, form } = wordsOf(file, what, yuan, say)
  const unknown =
    calendarMissing === null
      ? ''
      : say(
          `最后一天要待 ${calendarMissing} 年放假安排公布后才能确定。`,
          ` The last day is known once the rest days of ${calendarMissing} are published.`,
        )
  return {
    key: what,
    title,
    until,
    daysLeft: until === null ? undefined : daysBetween(today, until),
    clause: cited(clockNames[what].clause, say.language),
    said: `${said}${unknown}`,
    tone:
      what === 'pay_fee' || what === 'pay_fine' || what === 'perform' || what === 'addition_runs'
        ? 'overdue'
        : 'waiting',
    form,
  }
}

interface Words {
  readonly title: string
  readonly said: string
  readonly form: Right['form']
}

function wordsOf(file: PartyFile, what: Clock['what'], yuan: string, say: Say): Words {
  const at = pathOf(file)
  const decided = lastStep(file.matter.steps, 'decided')?.particulars
  switch (what) {
    case 'pay_fee':
      return {
        title: say('请缴清欠费', 'pay what is owed'),
        said: say(
          `期限内缴清 ${yuan}，这件事就到此为止；逾期不缴可能被处欠费 1 至 3 倍的罚款。`,
          `Paid within the term, ${yuan}, the matter ends here; unpaid, a fine of 1 to 3 times may follow.`,
        ),
        form: { href: '/portal#pay', words: say('怎么缴', 'how to pay') },
      }
    case 'hear_party':
      return {
        title: say('您可以陈述、申辩', 'you may state your defence'),
        said: say(
          '写明事实、理由，可附材料；机关必须复核，不会因为您申辩而罚得更重。',
          'Say the facts and reasons, with papers if you like; it must be looked into, and never makes the fine higher.',
        ),
        form: { href: `${at}/defence`, words: say('提交陈述、申辩', 'file a defence') },
      }
    case 'ask_hearing':
      return {
        title: say('您可以要求听证', 'you may ask for a hearing'),
        said: say(
          '听证不收费，主持人不是办案人员。',
          'A hearing costs nothing; its host is not an officer of the case.',
        ),
        form: { href: `${at}/hearing`, words: say('申请听证', 'ask for a hearing') },
      }
    case 'pay_fine':
      return {
        title: say('请缴纳罚款', 'pay the fine'),
        said: say(
          `罚款 ${yuan}，缴至 ${decided?.bank ?? '文书写明的银行'}（${decided?.payee ?? '决定书写明的账户'}），不能缴给办案人员。逾期每日加处百分之三。`,
          `The fine of ${yuan} is paid at ${decided?.bank ?? 'the bank named in the decision'} (${decided?.payee ?? 'the account named there'}), never to an officer. Late, three per cent a day are added.`,
        ),
        form: undefined,
      }
    case 'addition_runs':
      return {
        title: say('加处罚款正在计算', 'the addition is running'),
        said: say(
          `罚款逾期未缴，已加处 ${yuan}，最多等于罚款本身。请尽快缴纳。`,
          `The fine is late; ${yuan} have been added so far, at most as much as the fine itself. Pay soon.`,
        ),
        form: undefined,
      }
    case 'perform':
      return {
        title: say('催告：请履行', 'the demand: pay'),
        said: say(
          `期满仍未缴清 ${yuan} 的，机关可以申请法院强制执行。您仍可以陈述、申辩。`,
          `Unpaid after this term, ${yuan}, the court may be asked to enforce it. You may still state your defence.`,
        ),
        form: { href: `${at}/defence`, words: say('提交陈述、申辩', 'file a defence') },
      }
    case 'ask_review':
      return {
        title: say('您可以申请行政复议', 'you may ask for a review'),
        said: say(
          `向${decided?.reviewBody ?? '文书写明的复议机关'}提出，不在本网站办理；复议期间不停止执行，但不加处罚款。`,
          `Ask ${decided?.reviewBody ?? 'the review body named in the paper'}, not here; meanwhile it stays in force, but nothing is added.`,
        ),
        form: undefined,
      }
    case 'sue':
      return {
        title: say('您可以提起行政诉讼', 'you may sue'),
        said: say(
          `向${decided?.court ?? '有管辖权的人民法院'}起诉，不在本网站办理。`,
          `Sue at ${decided?.court ?? 'the court that has jurisdiction'}, not here.`,
        ),
        form: undefined,
      }
    default:
      return { title: say(clockNames[what]), said: '', form: undefined }
  }
}

/** Where a file has its page. */
export const pathOf = ({ log, number }: Pick<PartyFile, 'log' | 'number'>): string =>
  `/portal/${log === 'order' ? 'orders' : 'cases'}/${number}`
