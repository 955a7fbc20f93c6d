/**
 * Work that goes on beside other work: its failure is met where the promise is awaited, and does not count as unhandled
 * until then.
 */
export function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

/**
 * Pieces of work on one connection, each begun when the one before it is done, in the order they were asked for: what a
 * piece sees does not depend on who is faster.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  next<T>(work: () => Promise<T>): Promise<T> {
    const done = ahead(this.#last.then(work))
    this.#last = done
    return done
  }

  /** Fails where the last piece failed. */
  async done(): Promise<void> {
    await this.#last
  }

  /** Nothing may come after the end of a transaction, however it ends. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#last])
  }
}

/** Lets what waits for this thread go first, such as a query that was asked for and has not left yet. */
export function letOthersGo(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
