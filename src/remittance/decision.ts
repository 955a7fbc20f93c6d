/** What a second person says of a proposal; a return has its reason. */
export interface ProposalDecision {
  readonly proposalId: string
  readonly outcome: 'approved' | 'returned'
  readonly reason: string
  readonly digestSeen?: string | undefined
}
