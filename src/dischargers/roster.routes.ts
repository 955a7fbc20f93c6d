import { z } from '@hono/zod-openapi'
import { count, date, digestSeen, id, text } from '../platform/http/fields.ts'
import { command, list, query, type Route } from '../platform/http/route.ts'
import { oneProposal, returnRoute } from '../platform/platform.routes.ts'
import { findCollector } from './account.queries.ts'
import { collectorCode } from './account.routes.ts'
import { approveRoster, returnRoster } from './approve-roster.ts'
import { refuse } from './dischargers.refusals.ts'
import { freezeRoster } from './freeze-roster.ts'
import { publishRoster } from './publish-roster.ts'
import { findRoster, listRosters, rosterLinePage } from './roster.queries.ts'

const roster = z
  .object({
    versionId: id(),
    versionNo: z.number().int(),
    asOf: date,
    accountCount: z.number().int(),
    digest: z.string(),
    proposalId: id(),
    state: z.enum(['proposed', 'approved', 'returned']),
    publishedOn: date.nullable(),
  })
  .openapi('RosterVersion')

const version = count(1, 999_999_999).openapi({ example: 3 })

const oneRoster = query('/rosters/{version}', {
  cli: 'dischargers rosters',
  permits: 'rosters.read',
  title: { zh: '征收名单的一版', en: 'one version of the roster' },
  params: { version },
  answer: roster,
  read: ({ services, params }) => findRoster(services.db, params.version),
})

/** The roster: its versions, their entries, and how a version gets in force. */
export const rosterRoutes: readonly Route[] = [
  list('/rosters', {
    cli: 'dischargers rosters',
    permits: 'rosters.read',
    title: { zh: '征收名单各版，最近的在前', en: 'every version of the roster, newest first' },
    item: roster,
    key: [id()],
    rows: ({ services }, page) => listRosters(services.db, page),
    keyOf: (row) => [String(row.versionNo)],
    show: (row) => row,
  }),
  oneRoster,
  list('/rosters/{version}/collectors/{collector}/entries', {
    cli: 'dischargers roster',
    permits: 'rosters.read',
    title: { zh: '某版名单中一家供水公司的清单', en: 'a collector’s list of a version' },
    params: { version, collector: collectorCode },
    item: z
      .object({
        accountNo: z.string(),
        dischargerName: z.string(),
        payerGroup: z.string(),
        payerGroupName: z.string(),
        categoryCode: z.string(),
        categoryName: z.string(),
        supply: z.enum(['public', 'own_source']),
        address: z.string(),
      })
      .openapi('RosterEntry'),
    key: [text()],
    rows: async ({ services: { db }, params }, { after, limit }) => {
      const found = await findRoster(db, params.version)
      if (found === undefined) return refuse('roster_unknown', { versionNo: params.version })
      const collector = await findCollector(db, params.collector)
      if (collector === undefined) return refuse('collector_unknown', { code: params.collector })
      return rosterLinePage(db, found.versionId, collector.collectorId, after?.[0] ?? '', limit)
    },
    keyOf: (row) => [row.accountNo],
    show: (row) => row,
  }),
  command('post', '/rosters', {
    cli: 'dischargers freeze-roster',
    permits: 'dischargers.freeze-roster',
    title: { zh: '冻结征收名单，报批（办法第十条）', en: 'freeze the roster as of a day and propose it' },
    body: { asOf: date },
    example: { asOf: '2026-03-31' },
    answer: z.object({
      versionNo: z.number().int(),
      asOf: date,
      accountCount: z.number().int(),
      rosterDigest: z.string(),
      proposalId: id(),
      digest: z.string(),
    }),
    run: ({ services, envelope, body }) => freezeRoster(services, envelope, body),
  }),
  command('post', '/rosters/proposals/{proposal}/approval', {
    cli: 'dischargers approve-roster',
    permits: 'dischargers.approve-roster',
    title: { zh: '批准征收名单（须他人）', en: 'put a frozen roster in force' },
    params: { proposal: id() },
    body: { digestSeen: digestSeen.optional() },
    example: { digestSeen: '3f9a0c12' },
    ifMatch: oneProposal,
    answer: z.object({ versionNo: z.number().int(), asOf: date, accountCount: z.number().int() }),
    run: ({ services, envelope, params, body }) =>
      approveRoster(services, envelope, { proposalId: params.proposal, ...body }),
  }),
  returnRoute('/rosters/proposals', 'dischargers return-roster', 'dischargers.return-roster', returnRoster),
  command('post', '/rosters/{version}/publication', {
    cli: 'dischargers publish-roster',
    permits: 'dischargers.publish-roster',
    title: { zh: '发布已批准的名单', en: 'publish an approved roster' },
    note: {
      zh: '给供水公司的清单由 entries 读取或下载。',
      en: 'The collectors’ lists are read or downloaded from its entries.',
    },
    params: { version },
    body: { on: date.optional().openapi({ description: '默认当天 today unless given' }) },
    example: { on: '2026-04-01' },
    ifMatch: oneRoster,
    answer: z.object({
      versionNo: z.number().int(),
      publishedOn: date,
      accountCount: z.number().int(),
      digest: z.string(),
    }),
    run: ({ services, envelope, params, body }) =>
      publishRoster(services, envelope, { versionNo: params.version, on: body.on ?? services.clock.today() }),
  }),
]
