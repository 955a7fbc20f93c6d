import { z } from '@hono/zod-openapi'
import { present } from '../kernel/invariant.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { date, decimalText, id, instant, text } from '../platform/http/fields.ts'
import { command, list, query, type Route } from '../platform/http/route.ts'
import { findAccount } from './account.queries.ts'
import { loadLives } from './account.store.ts'
import { meterPurposes, supplies } from './account.ts'
import { changeAccountCategory } from './change-account-category.ts'
import { closeAccount } from './close-account.ts'
import { accountTimeline, lifeEventKinds, searchAccounts } from './discharger.queries.ts'
import type { Guards } from './guards.ts'
import { installMeter } from './install-meter.ts'
import { openAccount } from './open-account.ts'
import { removeMeter } from './remove-meter.ts'
import { replaceMeter } from './replace-meter.ts'
import { resumeAccount } from './resume-account.ts'
import { setMeterShares } from './set-meter-shares.ts'
import { suspendAccount } from './suspend-account.ts'
import { transferAccount } from './transfer-account.ts'

export const collectorCode = text(40).openapi({ example: 'water' })
export const dischargerCode = text(100).openapi({ example: 'D0001' })
export const accountNo = text(40).openapi({ example: '0010233' })
const meterNo = text(100).openapi({ example: 'M-77120' })
const reading = text(40).openapi({ description: '读数 reading', example: '33645' })

export const accountLine = z
  .object({
    accountId: id(),
    collectorId: id(),
    accountNo: z.string(),
    collectorCode: z.string(),
    dischargerCode: z.string(),
    dischargerName: z.string(),
    payerGroupName: z.string(),
    categoryName: z.string(),
    supply: z.enum(supplies),
    openedOn: date,
    closedOn: date.nullable(),
  })
  .openapi('Account')

const ofAccount = { collector: collectorCode, account: accountNo }
const atAccount = '/collectors/{collector}/accounts/{account}'

/** One account and its life: what the routes that change it name in If-Match. */
const oneAccount = query(atAccount, {
  cli: 'dischargers show-account',
  permits: 'accounts.read',
  title: { zh: '一个户号的现状与经历', en: 'one account and its life' },
  params: ofAccount,
  answer: z
    .object({
      accountId: id(),
      accountNo: z.string(),
      collector: z.string(),
      holder: z.string(),
      supply: z.enum(supplies),
      address: z.string(),
      openedOn: date,
      closedOn: date.nullable(),
      meters: z.array(
        z.object({
          meterNo: z.string(),
          sizeMm: z.number().int().nullable(),
          digits: z.number().int(),
          multiplier: decimalText,
          purpose: z.enum(meterPurposes),
          masterMeterNo: z.string().nullable(),
          from: date,
        }),
      ),
      events: z.array(
        z.object({
          on: date,
          kind: z.enum(lifeEventKinds),
          subject: z.string(),
          detail: z.string(),
          reading: z.string().nullable().openapi({ description: '表上读数（m³） what the dial showed, m³' }),
          recordedBy: z.string().nullable(),
          recordedAt: instant.nullable(),
        }),
      ),
    })
    .openapi('AccountInFull'),
  read: async ({ services: { db }, params }) => {
    const account = await findAccount(db, params.collector, params.account)
    if (isRefusal(account)) return account
    const { accountId } = account
    const life = present((await loadLives(db, [accountId])).get(accountId), 'the account was just found')
    const events = await accountTimeline(db, accountId)
    return {
      accountId,
      accountNo: life.accountNo,
      collector: life.collectorCode,
      holder: account.holderName,
      supply: life.supply,
      address: life.address,
      openedOn: life.openedOn,
      closedOn: life.closedOn,
      meters: life.installations
        .filter(({ until }) => until === null)
        .map(({ meterNo, sizeMm, digits, multiplier, purpose, masterMeterNo, from }) => {
          return { meterNo, sizeMm, digits, multiplier, purpose, masterMeterNo, from }
        }),
      events: events.map((event) => ({ ...event, recordedAt: event.recordedAt?.toISOString() ?? null })),
    }
  },
})

const meter = {
  meterNo,
  sizeMm: z.number().int().min(1).max(10_000).optional(),
  digits: z.number().int().min(1).max(12),
  multiplier: text(40).openapi({ description: '倍率 m³ per unit of the counter', example: '1' }),
  initialReading: reading,
  runsBackwards: z.boolean().default(false),
}
const reason = text(500)

/** Accounts and their meters. The guards of the stages that bill are handed in. */
export function accountRoutes(guards: Guards): readonly Route[] {
  const options = { guards }
  return [
    list('/accounts', {
      cli: 'dischargers accounts',
      permits: 'accounts.read',
      title: { zh: '按户号或户名查找户号', en: 'find accounts by number or name' },
      query: { text: text(100).optional(), collector: collectorCode.optional() },
      item: accountLine,
      key: [id(), text()],
      rows: ({ services, query }, { after, limit }) =>
        searchAccounts(services.db, {
          text: query.text ?? '',
          limit,
          ...(query.collector === undefined ? {} : { collectorCode: query.collector }),
          ...(after === undefined ? {} : { after }),
        }),
      keyOf: (row) => [row.collectorId, row.accountNo],
      show: (row) => row,
    }),
    oneAccount,
    command('post', '/collectors/{collector}/accounts', {
      cli: 'dischargers open-account',
      permits: 'dischargers.open-account',
      title: { zh: '开户；生产企业须先有生效的纳管协议（办法第二条）', en: 'open an account' },
      params: { collector: collectorCode },
      body: {
        accountNo,
        dischargerCode,
        supply: z.enum(supplies).default('public'),
        payerGroup: text().openapi({ description: '代码或名称 code or name' }),
        category: text().openapi({ description: '代码或名称 code or name' }),
        address: text(500).optional(),
        openedOn: date,
      },
      example: {
        accountNo: '0010233',
        dischargerCode: 'D0001',
        payerGroup: '园区企业',
        category: '非居民',
        openedOn: '2026-03-01',
      },
      answer: z.object({ accountNo: z.string(), collector: z.string(), holder: z.string(), openedOn: date }),
      run: ({ services, envelope, params, body }) =>
        openAccount(services, envelope, { collectorCode: params.collector, ...body }),
    }),
    command('post', `${atAccount}/transfer`, {
      cli: 'dischargers transfer-account',
      permits: 'dischargers.transfer-account',
      title: { zh: '过户：自该日起由新用户缴费', en: 'hand an account over' },
      params: ofAccount,
      body: { toDischargerCode: dischargerCode, on: date },
      example: { toDischargerCode: 'D0002', on: '2026-04-16' },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), from: z.string(), to: z.string(), on: date }),
      run: ({ services, envelope, params, body }) =>
        transferAccount(services, envelope, { ...chosen(params), ...body }, options),
    }),
    command('post', `${atAccount}/category`, {
      cli: 'dischargers change-account-category',
      permits: 'dischargers.change-account-category',
      title: { zh: '变更用户群体或价格类别', en: 'change the payer group or the price category' },
      params: ofAccount,
      body: { payerGroup: text().optional(), category: text(), on: date, evidence: text(500) },
      example: { payerGroup: '园区企业', category: '特种', on: '2026-04-01', evidence: '现场核查2026-12' },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), payerGroup: z.string(), category: z.string(), on: date }),
      run: ({ services, envelope, params, body }) =>
        changeAccountCategory(services, envelope, { ...chosen(params), ...body }, options),
    }),
    command('post', `${atAccount}/suspension`, {
      cli: 'dischargers suspend-account',
      permits: 'dischargers.suspend-account',
      title: { zh: '报停', en: 'suspend an account' },
      params: ofAccount,
      body: { from: date, until: date.optional(), reason },
      example: { from: '2026-05-01', reason: '停产检修' },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), from: date, until: date.nullable() }),
      run: ({ services, envelope, params, body }) =>
        suspendAccount(services, envelope, { ...chosen(params), ...body }, options),
    }),
    command('post', `${atAccount}/resumption`, {
      cli: 'dischargers resume-account',
      permits: 'dischargers.resume-account',
      title: { zh: '恢复用水', en: 'resume a suspended account' },
      params: ofAccount,
      body: { on: date },
      example: { on: '2026-06-01' },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), on: date }),
      run: ({ services, envelope, params, body }) =>
        resumeAccount(services, envelope, { ...chosen(params), ...body }, options),
    }),
    command('post', `${atAccount}/closing`, {
      cli: 'dischargers close-account',
      permits: 'dischargers.close-account',
      title: { zh: '销户，连同拆表读数；不可恢复', en: 'close an account for good' },
      params: ofAccount,
      body: {
        on: date,
        reason,
        finalReadings: z.array(z.strictObject({ meterNo, reading })).max(1000).default([]),
      },
      example: { on: '2026-07-01', reason: '搬迁', finalReadings: [{ meterNo: 'M-77120', reading: '33645' }] },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), closedOn: date, metersRemoved: z.array(z.string()) }),
      run: ({ services, envelope, params, body }) =>
        closeAccount(services, envelope, { ...chosen(params), ...body }, options),
    }),
    command('post', `${atAccount}/meters`, {
      cli: 'dischargers install-meter',
      permits: 'dischargers.install-meter',
      title: { zh: '装表', en: 'hang a meter' },
      params: ofAccount,
      body: { ...meter, purpose: z.enum(meterPurposes).default('supply'), masterMeterNo: meterNo.optional(), on: date },
      example: { meterNo: 'M-77120', digits: 6, multiplier: '1', initialReading: '0', on: '2026-03-01' },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), meterNo: z.string(), on: date }),
      run: ({ services, envelope, params, body }) =>
        installMeter(services, envelope, { ...chosen(params), ...body }, options),
    }),
    command('post', `${atAccount}/meters/{meter}/replacement`, {
      cli: 'dischargers replace-meter',
      permits: 'dischargers.replace-meter',
      title: { zh: '换表：旧表拆表读数与新表一并登记', en: 'replace a meter' },
      params: { ...ofAccount, meter: meterNo },
      body: { on: date, finalReading: reading, reason, fresh: z.strictObject(meter) },
      example: {
        on: '2026-04-16',
        finalReading: '33645',
        reason: '周期换表',
        fresh: { meterNo: 'M-90001', digits: 6, multiplier: '1', initialReading: '0' },
      },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), removed: z.string(), installed: z.string(), on: date }),
      run: ({ services, envelope, params, body: { finalReading, fresh, ...body } }) => {
        const { sizeMm, ...counter } = fresh
        const old = { meterNo: params.meter, finalReading }
        const replacement = { old, fresh: { ...counter, ...(sizeMm === undefined ? {} : { sizeMm }) } }
        return replaceMeter(services, envelope, { ...chosen(params), ...body, ...replacement }, options)
      },
    }),
    command('post', `${atAccount}/meters/{meter}/removal`, {
      cli: 'dischargers remove-meter',
      permits: 'dischargers.remove-meter',
      title: { zh: '拆表', en: 'take a meter down' },
      params: { ...ofAccount, meter: meterNo },
      body: { on: date, finalReading: reading, reason },
      example: { on: '2026-07-01', finalReading: '33645', reason: '停用' },
      ifMatch: oneAccount,
      answer: z.object({ accountNo: z.string(), meterNo: z.string(), on: date, finalReading: z.string() }),
      run: ({ services, envelope, params, body }) =>
        removeMeter(services, envelope, { ...chosen(params), meterNo: params.meter, ...body }, options),
    }),
    command('put', '/collectors/{collector}/meters/{meter}/shares', {
      cli: 'dischargers set-meter-shares',
      permits: 'dischargers.set-meter-shares',
      title: { zh: '一表多户的分摊', en: 'share one meter among several accounts' },
      params: { collector: collectorCode, meter: meterNo },
      body: {
        from: date,
        unitM3: z.enum(['1', '0.001']).default('1'),
        agreement: text(500),
        shares: z.array(z.strictObject({ accountNo, ratio: text(40) })).max(1000),
      },
      example: {
        from: '2026-04-01',
        agreement: '分摊协议2026-3',
        shares: [
          { accountNo: '0010233', ratio: '30%' },
          { accountNo: '0010234', ratio: '70%' },
        ],
      },
      answer: z.object({ meterNo: z.string(), from: date, accounts: z.number().int() }),
      run: ({ services, envelope, params, body }) =>
        setMeterShares(
          services,
          envelope,
          { collectorCode: params.collector, meterNo: params.meter, ...body },
          options,
        ),
    }),
  ]
}

const chosen = (params: { readonly collector: string; readonly account: string }) => ({
  collectorCode: params.collector,
  accountNo: params.account,
})
