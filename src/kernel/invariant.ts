/** Says what must be true here; a failure is a bug in the program, never a user's mistake, and stops the work. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${sentence}`)
}

/** The value, or a stop where `undefined` or `null` would mean a bug. */
export function present<T>(value: T | undefined | null, sentence: string): T {
  invariant(value !== undefined && value !== null, sentence)
  return value
}
