import type { Child } from 'hono/jsx'
import type { Tone } from '../platform/pages/parts.tsx'

/** One line of what waits for the visitor. */
export interface Task {
  readonly tone: Tone
  readonly what: string
  readonly detail: Child
  readonly count: number
  readonly href: string
  /** Shown in the strip at the top: the word beside the number. */
  readonly figure?: string
}
