/** What was referred: an exceedance found in a sample, or an accident. */
export type ReferralMatter = { readonly kind: 'sample' | 'accident'; readonly id: string }

/** What another person approves before the letter goes out. */
export type ReferralProposal = {
  readonly matter: ReferralMatter
  readonly recipient: string
  readonly facts: string
  readonly evidence: readonly { readonly digest: string; readonly name: string }[]
  /** What the letter will say was exceeded, for the approver to see: judged again on approval. */
  readonly exceeded: readonly string[]
}
