// What drivers and PostgreSQL say when the server cannot be spoken to: 08 connection, 28 sign-in, 3D no such database,
// 57P shut down, 53300 too many connections.
const unreachableCodes = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENETUNREACH|08|28|3D|57P|53300)/

/** Whether an error means that the database cannot be spoken to, rather than that the program is wrong. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string') return unreachableCodes.test(error.code)
  return /^Connection terminated/.test(error.message)
}
