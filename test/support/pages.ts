import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import type { Services } from '../../src/platform/command.ts'
import { readable } from './page-person.ts'

/** The sites over a database, as a developer's machine serves them: asked in the name of whoever a request names. */
export function pagesOver(services: () => Services) {
  const app = createApp(services, {
    access: { kind: 'development', actor: 'clerk' },
    parts: partsOnNode(() => undefined),
    report: ({ error }) => {
      throw error
    },
  })
  const ask = async (path: string, as: string, init: RequestInit = {}) => {
    const headers = { 'qingliu-actor': as, 'accept-language': 'zh', ...(init.headers as Record<string, string>) }
    const response = await app.request(path, { redirect: 'manual', ...init, headers })
    return { status: response.status, headers: response.headers, text: readable(await response.text()) }
  }
  return {
    ask,
    /** The hidden fields of the form of a page: its proof and the id it was rendered with. */
    form: async (path: string, as: string) => {
      const { text } = await ask(path, as)
      const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
      return { _csrf: hidden('_csrf'), _id: hidden('_id') }
    },
    /** Sends a form with its files, as a browser does. */
    send: async (path: string, as: string, fields: Readonly<Record<string, string | readonly File[]>>) => {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields))
        for (const each of typeof value === 'string' ? [value] : value) body.append(name, each)
      return ask(path, as, { method: 'POST', body })
    },
  }
}
