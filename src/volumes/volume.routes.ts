import { z } from '@hono/zod-openapi'
import { findAccount } from '../dischargers/account.queries.ts'
import { accountNo, collectorCode } from '../dischargers/account.routes.ts'
import type { CivilDate } from '../kernel/calendar.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { date, decimalText, id, month, text } from '../platform/http/fields.ts'
import type { RouteGroup } from '../platform/http/openapi.ts'
import { command, query } from '../platform/http/route.ts'
import { decisionRoute } from '../platform/platform.routes.ts'
import { decideDeclaration, decideRatedFlow, declareOwnSource, proposeRatedFlow } from './declare-own-source.ts'
import { decideVolumeBasis, endVolumeBasis, type LastBilledDay, proposeVolumeBasis } from './propose-volume-basis.ts'
import { basesOf } from './volume.queries.ts'
import { volumeBases } from './volume-basis.ts'

const ofAccount = { collector: collectorCode, account: accountNo }
const atAccount = '/collectors/{collector}/accounts/{account}'
const proposed = z.object({ proposalId: id(), digest: z.string() })
const decided = z.object({ proposalId: id(), outcome: z.string() })
const evidence = text(500)
const decimal = text(40)
const allDays = { from: '1990-01-01' as CivilDate, until: '2199-12-31' as CivilDate }

/** Grounds of billing other than the public meter, own sources, rated flow. A later stage knows the last billed day. */
export function volumeRoutes(lastBilledDay: LastBilledDay): RouteGroup {
  return {
    name: 'volumes',
    title: { zh: '计费水量：计量依据与自备水源', en: 'billable volume: bases and own sources' },
    routes: [
      query(`${atAccount}/volume-bases`, {
        cli: 'volumes bases',
        permits: 'volumes.read',
        title: { zh: '一个户的计量依据', en: 'the bases of an account' },
        params: ofAccount,
        answer: z.object({
          bases: z.array(
            z
              .object({
                basisId: id(),
                accountId: id(),
                basis: z.enum(volumeBases),
                ratedFlowM3PerHour: decimalText.nullable(),
                quotaM3PerMonth: decimalText.nullable(),
                determinationNo: z.string().nullable(),
                evidence: z.string(),
                clause: z.string(),
                from: date,
                until: date.nullable(),
              })
              .openapi('VolumeBasis'),
          ),
        }),
        read: async ({ services: { db }, params }) => {
          const account = await findAccount(db, params.collector, params.account)
          if (isRefusal(account)) return account
          const bases = (await basesOf(db, [account.accountId], allDays)).get(account.accountId) ?? []
          return { bases: bases.map(({ validity, ...basis }) => ({ ...basis, ...validity })) }
        },
      }),
      command('post', `${atAccount}/volume-bases/proposals`, {
        cli: 'volumes propose-basis',
        permits: 'volumes.propose-basis',
        title: { zh: '提出计量依据（须他人审批）', en: 'propose on which ground an account is billed' },
        params: ofAccount,
        body: {
          basis: z.enum(volumeBases),
          ratedFlowM3PerHour: decimal.optional(),
          quotaM3PerMonth: decimal.optional(),
          outletNo: text(100).optional(),
          determinationNo: text(200).optional(),
          postedFrom: date.optional(),
          postedUntil: date.optional(),
          evidence,
          validFrom: date,
          validUntil: date.optional(),
        },
        example: {
          basis: 'rated_flow',
          ratedFlowM3PerHour: '25',
          validFrom: '2026-01-01',
          evidence: '取水许可示例12号',
        },
        answer: proposed.extend({ accountNo: z.string() }),
        run: ({ services, envelope, params, body }) =>
          proposeVolumeBasis(services, envelope, { ...chosen(params), ...body }),
      }),
      decisionRoute(
        '/volume-bases/proposals',
        {
          cli: 'volumes decide-basis',
          permits: 'volumes.decide-basis',
          title: { zh: '审批计量依据', en: 'decide a proposed basis' },
          answer: decided.extend({ basisId: id().nullable() }),
        },
        decideVolumeBasis,
      ),
      command('post', '/volume-bases/{basis}/end', {
        cli: 'volumes end-basis',
        permits: 'volumes.end-basis',
        title: { zh: '终止计量依据（一次）', en: 'end a basis, once' },
        params: { basis: id() },
        body: { validUntil: date, reason: text(500) },
        example: { validUntil: '2026-04-01', reason: '已装表' },
        answer: z.object({ basisId: id(), validUntil: date }),
        run: ({ services, envelope, params, body }) =>
          endVolumeBasis(services, envelope, { basisId: params.basis, ...body }, lastBilledDay),
      }),
      command('post', `${atAccount}/own-source-declarations`, {
        cli: 'volumes declare',
        permits: 'volumes.declare-own-source',
        title: { zh: '登记自备水源申报（须审核）', en: 'declare an own-source month, for review' },
        params: ofAccount,
        body: { feeMonth: month, volumeM3: decimal, evidence, corrects: z.boolean().optional() },
        example: { feeMonth: '2026-03', volumeM3: '4200', evidence: '申报表示例03' },
        answer: proposed,
        run: ({ services, envelope, params, body }) =>
          declareOwnSource(services, envelope, { ...chosen(params), ...body }),
      }),
      decisionRoute(
        '/own-source-declarations/proposals',
        {
          cli: 'volumes decide-declaration',
          permits: 'volumes.decide-declaration',
          title: { zh: '审核自备水源申报', en: 'review a declaration' },
          answer: decided,
        },
        decideDeclaration,
      ),
      command('post', `${atAccount}/rated-flows`, {
        cli: 'volumes propose-rated-flow',
        permits: 'volumes.propose-rated-flow',
        title: { zh: '未申报：提出按额定流量×24小时计', en: 'propose rated flow × 24 h where nothing was declared' },
        params: ofAccount,
        body: { feeMonth: month, ratedFlowM3PerHour: decimal, reason: text(500) },
        example: { feeMonth: '2026-03', ratedFlowM3PerHour: '25', reason: '逾期未申报' },
        answer: proposed,
        run: ({ services, envelope, params, body }) =>
          proposeRatedFlow(services, envelope, { ...chosen(params), ...body }),
      }),
      decisionRoute(
        '/rated-flows/proposals',
        {
          cli: 'volumes decide-rated-flow',
          permits: 'volumes.decide-rated-flow',
          title: { zh: '审批按额定流量计费', en: 'decide a proposed rated flow' },
          answer: decided,
        },
        decideRatedFlow,
      ),
    ],
  }
}

const chosen = (params: { readonly collector: string; readonly account: string }) => ({
  collectorCode: params.collector,
  accountNo: params.account,
})
