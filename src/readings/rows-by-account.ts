import type { RowKey } from './reading-columns.ts'

interface RepeatedRow {
  readonly rowNo: number
  /** 0 where the row names no meter. */
  readonly meter: number
  /** Kind and month. */
  readonly of: number
}

const slotsAtFirst = 1 << 12
const fullest = 0.6

/**
 * Which rows of a file are of the same account and meter, found in one reading of a million rows. Texts are kept as
 * hashes of 64 bits in plain arrays, outside the heap: a million of them as strings cost 300 MB and a third of an
 * import's time for collecting garbage. Two accounts of a million share a hash once in 40 million files; their rows
 * would be held for a person.
 */
export class RowsByAccount {
  #slots = slotsAtFirst
  #count = 0
  #hashes = new Uint32Array(2 * slotsAtFirst)
  /** Of the first row of each account: its number (0 marks a free slot), meter, kind and month. */
  #first = new Uint32Array(3 * slotsAtFirst)
  readonly #repeated = new Map<number, RepeatedRow[]>()

  /** Notes a row; those without an account number are of no account. */
  add(rowNo: number, { accountNo, meterNo, kind, feeMonth }: RowKey): void {
    if (accountNo === '') return
    if (this.#count >= this.#slots * fullest) this.#grow()
    const slot = this.#slotOf(accountNo)
    const row = {
      rowNo,
      meter: meterNo === '' ? 0 : hashOf(meterNo, 1) || 1,
      of: hashOf(kind, feeMonth === undefined ? 0 : hashOf(feeMonth, 1)),
    }
    if (this.#first[3 * slot] === 0) {
      this.#count += 1
      this.#hashes[2 * slot] = hashOf(accountNo, seeds[0])
      this.#hashes[2 * slot + 1] = hashOf(accountNo, seeds[1])
      this.#first[3 * slot] = row.rowNo
      this.#first[3 * slot + 1] = row.meter
      this.#first[3 * slot + 2] = row.of
      return
    }
    const rows = this.#repeated.get(this.#firstRowOf(slot).rowNo)
    if (rows === undefined) this.#repeated.set(this.#firstRowOf(slot).rowNo, [this.#firstRowOf(slot), row])
    else rows.push(row)
  }

  /** Whether any row is of this account. */
  has(accountNo: string): boolean {
    return accountNo !== '' && this.#first[3 * this.#slotOf(accountNo)] !== 0
  }

  /** Whether several rows are. */
  hasSeveral(accountNo: string): boolean {
    // Most files name no account twice, and then nothing is looked for.
    return (
      this.#repeated.size > 0 &&
      this.has(accountNo) &&
      this.#repeated.has(this.#firstRowOf(this.#slotOf(accountNo)).rowNo)
    )
  }

  /**
   * For each row that shares account, meter, kind and month with others: all of them. A row that names no meter may be
   * of any, so it is like every row of its account.
   */
  alike(): Map<number, readonly number[]> {
    const alike = new Map<number, readonly number[]>()
    for (const rows of this.#repeated.values()) {
      const withUnnamed = new Set(rows.filter(({ meter }) => meter === 0).map(({ of }) => of))
      const groups = new Map<string, number[]>()
      for (const { rowNo, meter, of } of rows) {
        const group = withUnnamed.has(of) ? `${of}` : `${of} ${meter}`
        const rowNos = groups.get(group)
        if (rowNos === undefined) groups.set(group, [rowNo])
        else rowNos.push(rowNo)
      }
      for (const rowNos of groups.values()) {
        if (rowNos.length > 1) for (const rowNo of rowNos) alike.set(rowNo, rowNos)
      }
    }
    return alike
  }

  #firstRowOf(slot: number): RepeatedRow {
    const [rowNo = 0, meter = 0, of = 0] = this.#first.subarray(3 * slot, 3 * slot + 3)
    return { rowNo, meter, of }
  }

  /** The slot of an account, or the free one where it belongs. */
  #slotOf(accountNo: string): number {
    return this.#slotOfHashes(hashOf(accountNo, seeds[0]), hashOf(accountNo, seeds[1]))
  }

  #slotOfHashes(one: number, other: number): number {
    let slot = one & (this.#slots - 1)
    while (this.#first[3 * slot] !== 0 && (this.#hashes[2 * slot] !== one || this.#hashes[2 * slot + 1] !== other)) {
      slot = (slot + 1) & (this.#slots - 1)
    }
    return slot
  }

  #grow(): void {
    const [hashes, first, slots] = [this.#hashes, this.#first, this.#slots]
    this.#slots = slots * 2
    this.#hashes = new Uint32Array(2 * this.#slots)
    this.#first = new Uint32Array(3 * this.#slots)
    for (let before = 0; before < slots; before += 1) {
      if (first[3 * before] === 0) continue
      const slot = this.#slotOfHashes(hashes[2 * before] ?? 0, hashes[2 * before + 1] ?? 0)
      // Copying piece by piece through views costs more than the rest of an import's first reading.
      for (const part of [0, 1]) this.#hashes[2 * slot + part] = hashes[2 * before + part] ?? 0
      for (const part of [0, 1, 2]) this.#first[3 * slot + part] = first[3 * before + part] ?? 0
    }
  }
}

const seeds = [0x9e3779b9, 0x85ebca6b] as const

/** 32 bits of a text: the multiply-and-shift steps of MurmurHash3 for each character, and its finish. */
function hashOf(text: string, seed: number): number {
  let hash = seed | 0
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0xcc9e2d51)
    hash = (hash << 15) | (hash >>> 17)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
