import { afterAll, describe, expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { routeGroups } from '../../src/api/routes.ts'
import { filesBelow } from '../architecture/tree.ts'
import { apiOver } from '../support/api.ts'
import { commandWords, wholeProgram } from '../support/command-line.ts'
import { servicesOn, testDatabases } from '../support/databases.ts'
import { openOffice } from '../support/office.ts'

const parts = partsOnNode(() => undefined)
const groups = [...routeGroups, ...parts.routes]
const routes = groups.flatMap((group) => group.routes)

/** Commands without a route, each for a reason. */
const withoutRoute: Readonly<Record<string, string>> = {
  setup: 'makes the first person who may act: on the machine itself, before anybody could sign in',
  'db migrate': 'changes the schema: by whoever runs the installation, over a direct connection',
  'db status': 'is about the installation; /health says whether it can work',
  'jobs due': 'is for whoever runs the installation; a running server does what is due by itself',
  'jobs run': 'ticks by hand where no server runs; where the API answers, one does',
  'messages send': 'sends by hand where no server runs; where the API answers, one does',
  'settlement agreement-template': 'is the example of the body that proposes an agreement',
  'documents templates preview': 'prints a text at hand; a proposal with dryRun=true checks the same text',
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly { name: string; in: string; schema?: Schema; example?: unknown; required?: boolean }[]
  readonly requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> }
  readonly responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}
interface Schema {
  readonly example?: unknown
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly [key: string]: unknown
}
interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: Record<string, Record<string, unknown>>
}

describe('every command of the command line', () => {
  it('has its counterpart in the API, or a reason to have none', () => {
    const words = commandWords(wholeProgram())
    expect(words.length).toBeGreaterThan(100)
    const served = new Set(routes.flatMap(({ cli }) => cli))
    expect(words.filter((each) => !served.has(each) && withoutRoute[each] === undefined)).toEqual([])
    expect(Object.keys(withoutRoute).filter((each) => served.has(each) || !words.includes(each))).toEqual([])
    expect([...served].filter((each) => !words.includes(each))).toEqual([])
  })

  it('is served by a routes file of its own stage', () => {
    const stages = new Set(filesBelow('src').flatMap((path) => /^src\/(\w+)\/.*\.cli\.ts$/.exec(path)?.slice(1) ?? []))
    const withRoutes = new Set(
      filesBelow('src').flatMap((path) => /^src\/(\w+)\/.*\.routes\.ts$/.exec(path)?.slice(1) ?? []),
    )
    expect([...stages].filter((stage) => !withRoutes.has(stage))).toEqual([])
  })
})

const database = await testDatabases[0]?.open()
if (database === undefined) throw new Error('no database to test with')
afterAll(() => database.close())
const services = servicesOn(database, '2026-03-31')
await openOffice(services)

describe('the OpenAPI document', async () => {
  const api = apiOver(() => services, { parts })
  const { status, body } = await api.get('/openapi.json')
  const document = body as Document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

  it('describes every route that is served, and nothing else', () => {
    expect([status, document.openapi]).toEqual([200, '3.1.0'])
    expect(document.components['securitySchemes']).toMatchObject({ key: { type: 'http', scheme: 'bearer' } })
    const described = operations.map(({ path, method }) => `${method} ${path}`).sort()
    const about = ['get /openapi.json', 'get /problems', 'get /problems/{code}']
    expect(described).toEqual([...routes.map(({ method, path }) => `${method} ${path}`), ...about].sort())
    expect(operations.length).toBeGreaterThan(130)
  })

  it('names each operation once, in Chinese and English', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { operation } of operations) {
      expect(operation.summary).toMatch(/\p{Script=Han}.* · .*[a-z]/u)
      expect(operation.tags).toHaveLength(1)
    }
  })

  it('follows its own references', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(50)
    const dangling = references.filter(([, kind = '', name = '']) => document.components[kind]?.[name] === undefined)
    expect(dangling.map(([whole]) => whole)).toEqual([])
  })

  it('has every {name} of a path as a parameter, and no other', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
      const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(parameters.map(({ name }) => name).sort(), path).toEqual(inPath)
    }
  })

  it('gives an example of every body that its own schema takes, and of every parameter that is needed', () => {
    for (const route of routes) {
      if (route.body === undefined) continue
      expect(route.bodyExample, route.path).toBeDefined()
      expect(route.body.safeParse(route.bodyExample).error, route.path).toBeUndefined()
    }
    for (const { path, operation } of operations) {
      for (const { name, required, schema, example } of operation.parameters ?? []) {
        if (!required) continue
        expect(example ?? schema?.example ?? schema?.enum?.[0], `${path} ${name}`).toBeDefined()
      }
    }
  })

  it('says of every operation what a refusal looks like, and of every write that it needs a key', () => {
    for (const { method, operation } of operations) {
      expect(operation.responses['default']?.content?.['application/problem+json']).toBeDefined()
      const headers = (operation.parameters ?? []).filter((parameter) => parameter.in === 'header')
      const needed = headers.filter(({ required }) => required).map(({ name }) => name)
      if (method === 'get') expect(needed).toEqual([])
      else expect(needed).toContain('Idempotency-Key')
    }
  })

  it('has a page that loads from its own origin alone, without inline script', async () => {
    const page = await api.raw('/docs/', {})
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|https?:\/\//)
    const needed = [...page.body.matchAll(/(?:src|href)="([\w.-]+)"/g)].map(([, name]) => name as string)
    expect(needed).toContain('swagger-ui-bundle.js')
    for (const name of needed) {
      const file = await api.raw(`/docs/${name}`, {})
      expect([file.status, file.headers.get('x-content-type-options')], name).toEqual([200, 'nosniff'])
      expect(file.body.length).toBeGreaterThan(0)
    }
    for (const name of ['index.html', '..%2Fpackage.json', 'swagger-ui-bundle.js.map', '__proto__'])
      expect((await api.raw(`/docs/${name}`, {})).status, name).toBe(404)
  })
})

describe('a worker', () => {
  it('serves what needs no folder and says so in its document', async () => {
    const { body } = await apiOver(() => services).get('/openapi.json')
    const paths = Object.keys((body as Document).paths)
    expect(paths).toContain('/bills/{bill}')
    expect(paths).not.toContain('/bill-export')
  })
})
