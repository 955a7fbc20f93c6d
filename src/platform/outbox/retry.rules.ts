/** Minutes from a deferred attempt to the next; after the last of them it is given up. Some 43 hours in all. */
export const pauses = [1, 5, 15, 60, 180, 360, 720, 1440] as const

/** When the next attempt is due after so many deferred ones; `undefined` where it is given up. */
export function nextAttempt(after: Date, deferred: number): Date | undefined {
  const pause = pauses[deferred - 1]
  return pause === undefined ? undefined : new Date(after.getTime() + pause * 60_000)
}

/** The hours in which messages go out, `08:00-20:00` in China: nobody is woken by a bill. */
export const hoursForm = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/

/** Whether a time of day, `HH:MM`, lies within the hours. */
export function withinHours(time: string, hours: string): boolean {
  const [from = '', until = ''] = hours.split('-')
  return time >= from && time < until
}
