import { z } from '@hono/zod-openapi'
import { date, digestSeen, id, text } from '../http/fields.ts'
import type { RouteGroup } from '../http/openapi.ts'
import { command, list, query } from '../http/route.ts'
import { pageOf } from '../page.ts'
import { oneProposal, returnRoute } from '../platform.routes.ts'
import { approveTemplate, returnTemplate } from './approve-template.ts'
import type { DocumentFields, DocumentKind } from './document.ts'
import { issuedDocuments, templateInForce, templateVersions } from './documents.queries.ts'
import { refuseDocument } from './documents.refusals.ts'
import { proposeTemplate } from './propose-template.ts'

const whole = z.number().int()
const kindName = text(100).openapi({ example: 'bills.bill' })

/** Issued documents and the templates they are made by; the kinds of documents are the stages'. */
export function documentRoutes(documentKinds: readonly DocumentKind[]): RouteGroup {
  return {
    name: 'documents',
    title: { zh: '文书：已出具的文书与模板', en: 'official documents and templates' },
    routes: [
      list('/documents', {
        cli: 'documents list',
        permits: 'documents.read',
        title: { zh: '已出具的文书，新的在前', en: 'documents that were issued, newest first' },
        query: { kind: kindName.optional() },
        item: z
          .object({
            documentId: id(),
            kind: z.string(),
            number: z.string(),
            subject: z.string(),
            datedOn: date,
            template: z.object({ version: whole, digest: z.string() }),
            fileDigest: z.string(),
          })
          .openapi('IssuedDocument'),
        key: [date, id()],
        rows: ({ services, query }, { after, limit }) => issuedDocuments(services.db, { ...query, after, limit }),
        keyOf: ({ datedOn, documentId }) => [datedOn, documentId],
        show: (document) => document,
      }),
      list('/document-templates', {
        cli: 'documents templates list',
        permits: 'templates.read',
        title: { zh: '每种文书现用的模板', en: 'each kind of document with its template in force' },
        item: z.object({ kind: z.string(), zh: z.string(), en: z.string(), version: whole, digest: z.string() }),
        key: [text()],
        rows: async ({ services: { db, clock } }, page) =>
          Promise.all(
            pageOf(documentKinds, ({ name }) => name, page).map(async (kind) => {
              const { version, digest } = await templateInForce(db, kind, clock.today())
              return { kind: kind.name, zh: kind.zh, en: kind.en, version, digest }
            }),
          ),
        keyOf: ({ kind }) => [kind],
        show: (row) => row,
      }),
      query('/document-templates/{kind}', {
        cli: ['documents templates show', 'documents templates export'],
        permits: 'templates.read',
        title: { zh: '一种文书的字段、模板与历次版本', en: 'its fields, its template and its versions' },
        params: { kind: kindName },
        answer: z
          .object({
            kind: z.string(),
            version: whole,
            digest: z.string(),
            text: z.string(),
            shipped: z.string().openapi({ description: '程序自带的 the shipped text' }),
            fields: z.record(z.string(), z.looseObject({ kind: z.string(), zh: z.string(), en: z.string() })),
            versions: z.array(
              z.object({
                version: whole,
                digest: z.string(),
                ground: z.string(),
                from: date,
                until: date.nullable(),
              }),
            ),
          })
          .openapi('DocumentTemplate'),
        read: async ({ services: { db, clock }, params }) => {
          const kind = documentKinds.find(({ name }) => name === params.kind)
          if (kind === undefined) return refuseDocument('template_kind_unknown', { kind: params.kind })
          const { version, digest, text } = await templateInForce(db, kind, clock.today())
          const versions = await templateVersions(db, kind.name)
          return {
            kind: kind.name,
            version,
            digest,
            text,
            shipped: kind.template,
            fields: fieldsJson(kind.fields),
            versions: versions.map(({ version, digest, ground, validity }) => ({
              version,
              digest,
              ground,
              ...validity,
            })),
          }
        },
      }),
      command('post', '/document-templates/proposals', {
        cli: 'documents templates propose',
        permits: 'documents.propose-template',
        title: { zh: '提交本单位的模板，由他人审批', en: 'propose the office’s own text; another person approves it' },
        body: {
          text: z.string().max(200_000).openapi({ description: '首行写明种类 its first line names its kind' }),
          ground: text(500),
          validFrom: date.optional().openapi({ description: '启用日，默认今日 today unless given' }),
        },
        example: { text: '文书：bills.bill\n……', ground: '局务会2026年第4次会议' },
        answer: z.object({ proposalId: id(), digest: z.string(), kind: z.string(), validFrom: date }),
        run: ({ services, envelope, body }) => proposeTemplate(services, envelope, body, documentKinds),
      }),
      command('post', '/document-templates/proposals/{proposal}/approval', {
        cli: 'documents templates approve',
        permits: 'documents.approve-template',
        title: { zh: '批准模板（须他人）', en: 'approve a template, by another person' },
        params: { proposal: id() },
        body: { digestSeen: digestSeen.optional() },
        example: { digestSeen: '5f2c8a10' },
        ifMatch: oneProposal,
        answer: z.object({ kind: z.string(), version: whole, validFrom: date }),
        run: ({ services, envelope, params, body }) =>
          approveTemplate(services, envelope, { proposalId: params.proposal, ...body }, documentKinds),
      }),
      returnRoute(
        '/document-templates/proposals',
        'documents templates return',
        'documents.return-template',
        returnTemplate,
      ),
    ],
  }
}

interface FieldJson {
  readonly [part: string]: unknown
  readonly kind: string
  readonly zh: string
  readonly en: string
  readonly required: boolean
}

function fieldsJson(fields: DocumentFields): Record<string, FieldJson> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { kind, zh, en, required, ...more }]) => [
      name,
      { kind, zh, en, required: required ?? false, ...('fields' in more ? { fields: fieldsJson(more.fields) } : {}) },
    ]),
  )
}
