import type { Hono } from 'hono'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import type { Services } from '../../src/platform/command.ts'
import type { SignInAccess } from '../../src/platform/http/access.ts'
import { rememberAddress } from '../../src/platform/sign-in/client-address.ts'
import { signInWith } from '../../src/platform/sign-in/sign-in.ts'

export const testSecret = 'a secret of tests, longer than 32 characters'

/** An installation where people sign in, over open services. */
export function appWithSignIn(
  services: () => Services,
  more: Partial<SignInAccess> & { readonly secure?: boolean } = {},
): { app: Hono<{ Bindings: object }>; failures: unknown[] } {
  const failures: unknown[] = []
  const { secure = false, ...access } = more
  const door = signInWith({ secret: testSecret, secure })
  const app = createApp<object>(() => services(), {
    access: { kind: 'sign-in', door, loopbackOnly: true, secure, ...access },
    parts: partsOnNode((_, error) => void failures.push(error), testSecret),
    report: ({ error }) => void failures.push(error),
  })
  return { app, failures }
}

/** A browser at one address: keeps cookies, sends where it comes from, fills in forms as the page gave them. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #app: Hono<{ Bindings: object }>
  readonly #address: string
  readonly #program: string

  constructor(app: Hono<{ Bindings: object }>, address = '192.0.2.1', program = '') {
    this.#app = app
    this.#address = address
    this.#program = program
  }

  async send(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const headers = new Headers({ host: 'localhost', 'user-agent': this.#program, ...init.headers })
    if (this.cookies.size > 0)
      headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const request = new Request(`http://localhost${path}`, { ...init, headers })
    rememberAddress(request, this.#address)
    const response = await this.#app.fetch(request, {})
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }

  async open(path: string): Promise<{ status: number; to: string | null; text: string }> {
    const response = await this.send(path)
    return { status: response.status, to: response.headers.get('location'), text: await response.text() }
  }

  /** Fills in the form of a page and sends it from there. */
  async fill(
    path: string,
    fields: Readonly<Record<string, string>>,
    action = path,
  ): Promise<{ status: number; to: string | null; text: string }> {
    const page = await this.open(path)
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)?.[1] ?? ''
    const body = new URLSearchParams({ _csrf: hidden('_csrf'), _id: hidden('_id'), ...fields })
    const response = await this.send(action, {
      method: 'POST',
      body: body.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
    })
    return { status: response.status, to: response.headers.get('location'), text: await response.text() }
  }
}
