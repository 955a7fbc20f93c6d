import type { CommandContext } from '../platform/command.ts'

/**
 * What else happens in the transaction that issues bills: a bill knows nothing of payments, so what makes it an open
 * item, and pays it from credit, is handed in where the entries are composed.
 */
export type AfterIssue = (context: CommandContext, issued: { readonly issueId: string }) => Promise<void>
