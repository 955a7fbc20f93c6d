import { type CivilDate, civilDateOf } from './calendar.ts'

/** What time it is. Only entries (CLI, servers, jobs) own one; rules take the date to act for. */
export interface Clock {
  /** The instant to record as "recorded at". */
  now(): Date
  /** The civil date in China to act for; the CLI's `--today` sets it. */
  today(): CivilDate
}

export const systemClock: Clock = { now: () => new Date(), today: () => civilDateOf(new Date()) }

/** A clock that acts for a given day while records keep the true instant. */
export function clockActingOn(today: CivilDate): Clock {
  return { now: () => new Date(), today: () => today }
}
