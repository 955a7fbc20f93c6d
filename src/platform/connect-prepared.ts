import { createHash } from 'node:crypto'
import pg from 'pg'

/** A text asked so often is prepared, so that it is planned once and not for every page: the threshold of pgJDBC. */
const preparedFrom = 5
/** A connection keeps so many plans; texts beyond are planned each time, as all were. */
const plansOfConnection = 250
/** Texts that are counted: lists of other lengths are other texts, and must not pile up. */
const countedTexts = 2_000

/**
 * What ends a prepared text and leaves nothing done: a pooler gave another connection of the server (26000, 42P05), or a
 * migration gave a table another shape (0A000).
 */
const forgotten = new Set(['26000', '42P05', '0A000'])

/**
 * A connection whose reads outside a transaction are prepared once they repeat. Inside a transaction, where commands
 * write blocks of any size and a fence reads as another role, each text is planned for the values it comes with.
 * Nothing depends on what a connection keeps: what the server has forgotten is asked again as any text.
 */
export class PreparingClient extends pg.Client {
  readonly #asked = new Map<string, number>()
  readonly #prepared = new Map<string, string | undefined>()

  // The driver's own signatures are many; the pool and Kysely use this one for every statement with parameters.
  override query(...asked: unknown[]): never {
    const plain = super.query as unknown as (...asked: unknown[]) => unknown
    const [text, values, more] = asked
    if (typeof text !== 'string' || !Array.isArray(values) || more !== undefined)
      return plain.apply(this, asked) as never
    const name = this.getTransactionStatus() === 'I' ? this.#nameOf(text) : undefined
    if (name === undefined) return plain.call(this, text, values) as never
    const answer = plain.call(this, { name, text, values }) as Promise<unknown>
    return answer.catch((error: unknown) => {
      if (!forgotten.has((error as { code?: string }).code ?? '')) throw error
      this.#prepared.set(text, undefined)
      return plain.call(this, text, values)
    }) as never
  }

  /** By its digest, so that behind a pooler one name can only mean one text. `undefined` where it is not prepared. */
  #nameOf(text: string): string | undefined {
    if (this.#prepared.has(text)) return this.#prepared.get(text)
    const times = (this.#asked.get(text) ?? 0) + 1
    if (times < preparedFrom || this.#prepared.size >= plansOfConnection) {
      if (this.#asked.size >= countedTexts) this.#asked.clear()
      this.#asked.set(text, times)
      return undefined
    }
    this.#asked.delete(text)
    const name = createHash('sha256').update(text).digest('hex').slice(0, 40)
    this.#prepared.set(text, name)
    return name
  }
}
