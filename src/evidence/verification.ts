/** Something that is not as it must be: where it is, as exactly as can be told. */
export type Finding = {
  readonly table: string
  /** Key of the row, number of the document; `*` where the row itself is gone or it is about the whole. */
  readonly row: string
  /** Number of the event that wrote what is missing or wrong; `null` where none did. */
  readonly event: string | null
  readonly zh: string
  readonly en: string
}

/** What one check looked at, and what it found. */
export type CheckReport = {
  readonly check: string
  readonly zh: string
  readonly en: string
  /** How much was checked, by what it is. */
  readonly counted: readonly { readonly what: string; readonly zh: string; readonly count: number }[]
  readonly findings: readonly Finding[]
}

/** The end of the chain, as it is printed on statements and packs. */
export type Head = { readonly seq: string; readonly hash: string }

export type Verification = {
  readonly head: Head
  /** The event whose hash was asked for; what came after it is not covered by that digest. */
  readonly headAsked: { readonly digest: string; readonly seq: string | null; readonly eventsAfter: number } | null
  readonly checks: readonly CheckReport[]
  readonly sound: boolean
}

/** Findings shown of one check; a table rewritten as a whole would fill the screen. */
export const findingsShown = 20
