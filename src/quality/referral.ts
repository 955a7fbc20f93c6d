/** What was referred: an exceedance found in a sample, an accident, or a total above its limit (`17-2025`, see total.ts). */
export const matterKinds = ['sample', 'accident', 'total'] as const
export type MatterKind = (typeof matterKinds)[number]
export type ReferralMatter = { readonly kind: MatterKind; readonly id: string }
export const matterNames: Record<MatterKind, { readonly zh: string; readonly en: string }> = {
  sample: { zh: '样品', en: 'sample' },
  accident: { zh: '事故', en: 'accident' },
  total: { zh: '排放总量', en: 'total' },
}

/** What another person approves before the letter goes out. */
export type ReferralProposal = {
  readonly matter: ReferralMatter
  readonly recipient: string
  readonly facts: string
  readonly evidence: readonly { readonly digest: string; readonly name: string }[]
  /** What the letter will say was exceeded, for the approver to see: judged again on approval. */
  readonly exceeded: readonly string[]
}
