import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

/** The stream of a worker knows no corks: there each statement is a write, as ever. */
type Client = pg.PoolClient & { readonly connection: { readonly stream: { cork?(): void; uncork?(): void } } }

/** A statement that was asked for and has not left yet. */
interface Waiting {
  readonly text: string
  readonly values: unknown[]
  readonly answered: (answer: pg.QueryResult) => void
  readonly failed: (error: unknown) => void
}

/** What waits behind others on one connection; the rest goes over another. */
const gatheredAtMost = 16

/**
 * A pool for reading: what is asked for at once goes over one connection in one write, and is answered one after the other.
 * A write wakes the server, which costs more than most reads of a page. Each statement stands for itself, as ever: one
 * that fails leaves the others alone. What begins a transaction gets a connection of its own.
 */
export class GatheringPool implements PostgresPool {
  readonly #pool: pg.Pool
  #waiting: Waiting[] = []

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  connect(): Promise<PostgresPoolClient> {
    const pool = this.#pool
    let own: pg.PoolClient | undefined
    let isGivenBack = false
    const query = async (text: string, values: readonly unknown[]) => {
      // A read that was begun beside one that failed would meet the transaction of whoever has the connection now.
      if (isGivenBack) throw new Error('the connection of this query was given back')
      if (own === undefined && !/^(?:begin|start transaction)\b/.test(text)) return this.#gather(text, [...values])
      own ??= await pool.connect()
      return own.query(text, [...values])
    }
    const release = () => {
      isGivenBack = true
      own?.release()
    }
    return Promise.resolve({ query, release } as unknown as PostgresPoolClient)
  }

  end(): Promise<void> {
    return this.#pool.end()
  }

  #gather(text: string, values: unknown[]): Promise<pg.QueryResult> {
    return new Promise((answered, failed) => {
      this.#waiting.push({ text, values, answered, failed })
      if (this.#waiting.length === 1) process.nextTick(() => this.#send())
    })
  }

  #send(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (let from = 0; from < waiting.length; from += gatheredAtMost)
      void this.#ask(waiting.slice(from, from + gatheredAtMost))
  }

  async #ask(waiting: readonly Waiting[]): Promise<void> {
    let client: Client
    try {
      client = (await this.#pool.connect()) as Client
    } catch (error) {
      for (const { failed } of waiting) failed(error)
      return
    }
    const { stream } = client.connection
    stream.cork?.()
    const all = waiting.map(({ text, values, answered, failed }) => client.query(text, values).then(answered, failed))
    stream.uncork?.()
    await Promise.all(all)
    client.release()
  }
}
