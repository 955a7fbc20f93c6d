import type { CivilDate } from '../kernel/calendar.ts'
import { present } from '../kernel/invariant.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import type { Db } from '../platform/database.ts'
import { type PrintedDocument, printDocument } from '../platform/documents/print-document.ts'
import { readSettings } from '../platform/settings.ts'
import { caseGates } from './case-gates.rules.ts'
import type { Matter } from './enforcement.ts'
import { hearingDocument } from './hearing.document.ts'
import { peopleByCode } from './matter.queries.ts'
import { headOf, hearingNumber, numberOnPaper, officersInWords, papers, partyOf } from './print-papers.ts'
import { lastStep, stepsOf } from './step-log.ts'

export interface PlannedHearing {
  readonly hearingOn: CivilDate
  /** As the notice says it: `上午9时30分`. */
  readonly at: string
  readonly place: string
  /** Staff code. */
  readonly host: string
}

/** The service that the gate is asked about: the plainest one. */
const handedOver = {
  how: 'direct',
  to: '',
  capacity: 'agent',
  authority: undefined,
  consent: undefined,
  ground: undefined,
  witness: undefined,
} as const

/**
 * The notice of a hearing as a PDF, to be served; nothing is stored until its service is recorded. Refuses what that
 * record would refuse if it were served today: nobody asked, a day before seven full working days have passed, a host
 * who has another part (APL 64, 85); and what `printDocument` refuses.
 */
export async function printHearingNotice(
  db: Db,
  printer: Services['printer'],
  found: Matter,
  { hearingOn, at, place, host }: PlannedHearing,
): Promise<PrintedDocument | Refusal> {
  const matter = { ...found, people: await peopleByCode(db, [host], found.today) }
  const { steps, today, fineCase } = matter
  const allowed = caseGates.hearing_notified(
    matter,
    { hearingOn, place, host, ...handedOver },
    { on: today, by: '', approver: null, hasEvidence: true },
  )
  if (isRefusal(allowed)) return allowed
  const settings = await readSettings(db)
  // One that was dropped may be called again: it rests on what the party asked.
  const asked = present(lastStep(steps, 'hearing_requested'), 'the gate saw a hearing that was asked for')
  const notice = present(lastStep(steps, 'notice_issued'), 'a hearing follows a notice')
  const before = stepsOf(steps, 'hearing_notified').length
  const number = hearingNumber(settings, present(fineCase, 'a hearing is of a case').number, before + 1)
  const values = {
    ...(await headOf(db, number, today)),
    ...(await partyOf(db, matter)),
    notice_number: numberOnPaper(settings, papers.notice_issued?.word ?? '', notice.particulars.number),
    asked_on: asked.on,
    hearing_on: hearingOn,
    hearing_at: at,
    place,
    host: present(matter.people.get(host), 'the gate knows the host').name,
    officers: await officersInWords(db, matter),
  }
  return printDocument(db, printer, { kind: hearingDocument, number, datedOn: today, values })
}
