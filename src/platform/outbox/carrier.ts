import type { Attachment, Channel, Language } from './message.ts'

/** A message as it goes out. */
export interface Outgoing {
  /** Stays the same however often it is sent: the other side can tell a repeat by it. */
  readonly uid: string
  readonly kind: string
  readonly subject: string
  readonly address: string
  readonly language: Language
  readonly title: string
  readonly body: string
  /** Carried by mail alone. */
  readonly attachment?: Attachment | undefined
}

/**
 * How a sending ended: `accepted` by the other side; `deferred`, to be tried again; `refused` for good; `unknown`, handed
 * over without an answer. `answer` is what the other side said.
 */
export interface Carried {
  readonly outcome: 'accepted' | 'deferred' | 'refused' | 'unknown'
  readonly answer: string
}

/** What brings messages of one channel out. It never throws for what the other side does. */
export interface Carrier {
  /**
   * Sends one message. `handingOver` is called, once, before the last byte goes out: where it answers false the message
   * is no longer ours and nothing may be completed.
   */
  send(message: Outgoing, handingOver: () => Promise<boolean>): Promise<Carried>
  /** A repeat after a crash does no harm: the other side discards it by its key. */
  readonly discardsRepeats: boolean
  close(): Promise<void>
}

/** The channels an installation has; entries hand them in with the services. */
export type Carriers = Readonly<Partial<Record<Channel, Carrier>>>
