import type { Refusal } from '../src/kernel/refusal.ts'
import { instantForPeople } from '../src/platform/cli-text.ts'
import type { Envelope, Services } from '../src/platform/command.ts'
import type { Json } from '../src/platform/platform.tables.ts'
import type { Slot, Timetable } from './slot.ts'

export interface Job {
  readonly name: string
  readonly zh: string
  readonly en: string
  readonly timetable: Timetable
  /** Each slot is about its own day: a later one does not make up for one that was parked. */
  readonly daysStandAlone?: boolean
  /** Does the work of one slot. What fails is parked with its reason and the rest goes on; a bug may throw. */
  run(context: JobContext): Promise<JobResult>
}

/** What a job is given for one slot. */
export interface JobContext {
  /** They act for the day of the slot. */
  readonly services: Services
  readonly slot: Slot
  /** The staff code the schedule acts through on that day. */
  readonly actor: string
  /** An envelope whose id follows from the slot: the same part of the same slot is the same command for ever. */
  envelope(part: string): Envelope
}

/** What came of a slot, in words for people and with what they are about. */
export interface JobResult {
  /** False where there was nothing to do. */
  readonly did: boolean
  readonly summary: JobSummary
  readonly parked: readonly ParkedItem[]
}
export type JobSummary = { readonly zh: string; readonly en: string; readonly [name: string]: Json }

/** A piece of the work that waits for a person. */
export type ParkedItem = {
  readonly subject: string
  /** The code of the refusal that stopped it. */
  readonly code: string
  readonly zh: string
  readonly en: string
}

export function parked(subject: string, refusal: Refusal): ParkedItem {
  return { subject, code: refusal.code, zh: refusal.sentence('zh'), en: refusal.sentence('en') }
}

/** There was nothing to do, and why. */
export function nothing(zh: string, en: string): JobResult {
  return { did: false, summary: { zh, en }, parked: [] }
}

/** An instant as people in China write it: `2026-04-11 07:00`. */
export function instantText(at: Date): string {
  return instantForPeople(at).slice(0, 16)
}

/** `1 bill`, `2 bills`. */
export function countOfBills(count: unknown): string {
  return `${String(count)} ${Number(count) === 1 ? 'bill' : 'bills'}`
}
