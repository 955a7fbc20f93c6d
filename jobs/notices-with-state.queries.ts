import type { CivilDate } from '../src/kernel/calendar.ts'
import { readableJson } from '../src/platform/cli-text.ts'
import type { Db } from '../src/platform/database.ts'
import { listNotices, type Notice, type NoticeKind } from '../src/platform/notices.ts'
import type { Actor } from '../src/platform/staff.ts'
import { noticeKinds } from './notice-kinds.ts'

/** A notice with whether it still waits. */
export interface NoticeWithState extends Notice {
  readonly open: boolean
}

const noticesPerRead = 200

/** Notices that wait on a day (or all), newest first, for one person or everybody; those before the notice `before`. */
export async function noticesWithState(
  db: Db,
  wanted: {
    readonly actor?: Actor | undefined
    readonly all: boolean
    readonly today: CivilDate
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<NoticeWithState[]> {
  const found: NoticeWithState[] = []
  let before = wanted.before
  while (found.length < wanted.limit) {
    const page = await listNotices(db, {
      limit: noticesPerRead,
      ...(wanted.actor === undefined ? {} : { forActor: wanted.actor }),
      ...(before === undefined ? {} : { before }),
    })
    const open = await openAmong(db, page, wanted.today)
    const told = page.map((notice) => ({ ...notice, open: open.has(notice.id) }))
    found.push(...told.filter((notice) => wanted.all || notice.open))
    before = page.at(-1)?.id
    if (page.length < noticesPerRead) break
  }
  return found.slice(0, wanted.limit)
}

/** Which of some notices nobody has dealt with on a day. */
export async function openAmong(
  db: Parameters<NoticeKind['open']>[0],
  notices: readonly Notice[],
  today: CivilDate,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>()
  for (const [name, kind] of Object.entries(noticeKinds)) {
    const ofKind = notices.filter((notice) => notice.kind === name)
    if (ofKind.length > 0) for (const id of await kind.open(db, ofKind, today)) open.add(id)
  }
  // A kind this program does not know cannot be dealt with here: it stays in sight.
  for (const notice of notices) if (noticeKinds[notice.kind] === undefined) open.add(notice.id)
  return open
}

/** A notice in a sentence. */
export function sentenceOf(notice: Notice, kind: NoticeKind | undefined, language: 'zh' | 'en'): string {
  return kind?.sentence(notice, language) ?? readableJson(notice.particulars).join(' ')
}

/** A notice as JSON, on the command line and in the API. */
export function noticeJson(notice: Notice, open: boolean) {
  const kind = noticeKinds[notice.kind]
  return {
    id: notice.id,
    kind: notice.kind,
    subject: notice.subject,
    roles: [...notice.roles],
    organisation: notice.organisationCode,
    since: notice.since,
    open,
    zh: sentenceOf(notice, kind, 'zh'),
    en: sentenceOf(notice, kind, 'en'),
    remedy: kind?.remedy(notice, 'zh') ?? null,
    particulars: notice.particulars,
    recordedAt: notice.recordedAt.toISOString(),
  }
}
