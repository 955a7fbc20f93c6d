// What drivers and PostgreSQL say when the server cannot be spoken to: 08 connection, 28 sign-in, 3D no such database,
// 57P shut down, 53300 too many connections.
const unreachableCodes = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENETUNREACH|08|28|3D|57P|53300)/

/** Whether an error says that the database cannot be spoken to, rather than that something is wrong with a statement. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string') return unreachableCodes.test(error.code)
  return /^Connection terminated/.test(error.message)
}

/** What an error says, in one text that is never empty. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
