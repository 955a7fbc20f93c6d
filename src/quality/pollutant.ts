/** A substance or property that is limited and measured. */
export interface Pollutant {
  readonly code: string
  readonly zh: string
  readonly en: string
  /** How files call it besides. */
  readonly aliases: readonly string[]
  readonly unit: string
  /** Of GB 8978-1996, table 1: never connected above the standard (办法第五条). */
  readonly firstClass: boolean
}

const plain = (name: string): string => name.normalize('NFKC').replace(/\s/g, '').toUpperCase()

/** The pollutant a person or a file names, by code, name or alias. */
export function pollutantNamed(known: readonly Pollutant[], name: string): Pollutant | undefined {
  const wanted = plain(name)
  return known.find(({ code, zh, aliases }) => [code, zh, ...aliases].some((each) => plain(each) === wanted))
}
