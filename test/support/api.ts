import type { RuntimeParts } from '../../src/api/api.ts'
import { createApp } from '../../src/app.tsx'
import type { Services } from '../../src/platform/command.ts'
import type { Access } from '../../src/platform/http/access.ts'
import type { Failure } from '../../src/platform/http/serve-routes.ts'

/** What a test reads of an answer. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any form
  readonly body: any
}

export interface Api {
  get(path: string, headers?: Record<string, string>): Promise<Answered>
  /** A write with a key of its own unless one is given; `as` names the actor. */
  write(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>
  raw(path: string, init: RequestInit): Promise<Answered>
  readonly failures: Failure[]
}

let keysSoFar = 0

/** The API over open services, acting as a clerk unless a request says otherwise. */
export function apiOver(
  services: () => Services | undefined,
  options: { access?: Access; parts?: RuntimeParts } = {},
): Api {
  const failures: Failure[] = []
  const app = createApp(() => services(), {
    access: { kind: 'development', actor: 'clerk' },
    report: (failure) => void failures.push(failure),
    ...options,
  })
  const raw = async (path: string, init: RequestInit): Promise<Answered> => {
    const response = await app.request(`/api/v1${path}`, init)
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text }
  }
  return {
    failures,
    raw,
    get: (path, headers = {}) => raw(path, { headers }),
    write: (method, path, body, headers = {}) => {
      keysSoFar += 1
      return raw(path, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'idempotency-key': `test-key-${keysSoFar}`, ...headers },
      })
    },
  }
}
