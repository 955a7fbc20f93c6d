import type { Refusal } from '../kernel/refusal.ts'
import type { Services } from '../platform/command.ts'
import type { Db } from '../platform/database.ts'
import type { FieldValues } from '../platform/documents/document.ts'
import { type PrintedDocument, printDocument } from '../platform/documents/print-document.ts'
import { readSettings } from '../platform/settings.ts'
import { refuseEnforcement } from './enforcement.refusals.ts'
import type { Matter } from './enforcement.ts'
import type { LogKind } from './matter.queries.ts'
import { receiptDocument } from './penalty.documents.ts'
import { headOf, hearingNumber, noticeTitle, numberOnPaper, orderWord, papers, partyOf } from './print-papers.ts'
import { isAfter, lastStep, stepsOf } from './step-log.ts'
import { type Step, stepKind } from './steps.ts'

/** Papers that are served, by the word people use. */
export const servedPapers = ['order', 'notice', 'hearing', 'decision', 'demand'] as const
export type ServedPaper = (typeof servedPapers)[number]
/** Those of each log, the usual one first. */
export const papersOf: Readonly<Record<LogKind, readonly [ServedPaper, ...ServedPaper[]]>> = {
  order: ['order', 'demand'],
  case: ['notice', 'hearing', 'decision', 'demand'],
}

const served = {
  order: { name: 'order_served', paper: '责令限期缴纳通知书', issued: undefined },
  notice: { name: 'notice_served', paper: '', issued: 'notice_issued' },
  hearing: { name: 'hearing_notified', paper: '行政处罚听证通知书', issued: 'hearing_requested' },
  decision: { name: 'decision_served', paper: '行政处罚决定书', issued: 'decided' },
  demand: { name: 'demand_served', paper: '催告书', issued: 'demand_issued' },
} as const

/**
 * A receipt of service as a PDF, to take along, or filled in where the service is on record; nothing is stored. Refuses a
 * paper that was not issued yet, and what `printDocument` refuses.
 */
export async function printReceipt(
  db: Db,
  printer: Services['printer'],
  matter: Matter,
  of: ServedPaper,
): Promise<PrintedDocument | Refusal> {
  const settings = await readSettings(db)
  const { name, paper, issued } = served[of]
  const paperStep = issued === undefined ? undefined : lastStep(matter.steps, issued)
  const running = issued === undefined ? matter.order.number : paperStep && numberIn(matter, paperStep.particulars)
  if (running === undefined)
    return refuseEnforcement('paper_not_issued', { number: matter.fineCase?.number ?? matter.order.number })
  const latest = lastStep(matter.steps, name)
  // A paper issued anew has not been served by the service of the one before.
  const service = isAfter(latest, paperStep) ? latest : undefined
  const { address, party } = await partyOf(db, matter)
  const label = (field: string, value: string | undefined) =>
    stepKind(name)
      .fields.find((each) => each.name === field)
      ?.choices?.find((each) => each.value === value)?.zh ?? ''
  const notified = stepsOf(matter.steps, 'hearing_notified').length
  const number =
    of === 'hearing'
      ? hearingNumber(settings, running, service === undefined ? notified + 1 : notified)
      : numberOnPaper(settings, issued === undefined ? orderWord : (papers[issued]?.word ?? ''), running)
  const capacity = label('capacity', service?.particulars.capacity)
  const receiver = service?.particulars.to
  const values: FieldValues = {
    ...(await headOf(db, number, matter.today)),
    party,
    address,
    paper: of === 'notice' ? noticeTitle(lastStep(matter.steps, 'notice_issued')?.particulars.hearingRight) : paper,
    paper_number: number,
    place: address,
    how: label('how', service?.particulars.how),
    received_by: receiver === undefined ? '' : `${receiver}${capacity === '' ? '' : `（${capacity}）`}`,
    received_on: service?.particulars.servedOn ?? '',
    note: [
      service?.particulars.witness,
      service?.particulars.authority,
      service?.particulars.consent,
      service?.particulars.ground,
    ]
      .filter((each) => each !== undefined)
      .join('；'),
  }
  return printDocument(db, printer, { kind: receiptDocument, number, datedOn: matter.today, values })
}

/** A notice of a hearing has no number of its own but that of its case. */
function numberIn({ fineCase }: Matter, particulars: Step['particulars']): string | undefined {
  return 'number' in particulars ? particulars.number : fineCase?.number
}
