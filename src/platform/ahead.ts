/**
 * Work that goes on beside other work: its failure is met where the promise is awaited, and does not count as unhandled
 * until then.
 */
export function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

/** Lets what waits for this thread go first, such as a query that was asked for and has not left yet. */
export function letOthersGo(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
