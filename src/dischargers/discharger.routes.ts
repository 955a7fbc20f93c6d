import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { date, decimalText, id, text } from '../platform/http/fields.ts'
import { command, list, query, type Route } from '../platform/http/route.ts'
import { channels, languages } from '../platform/outbox/message.ts'
import { pageOf } from '../platform/page.ts'
import { findDischarger } from './account.queries.ts'
import { accountLine, collectorCode, dischargerCode } from './account.routes.ts'
import { addCollector } from './add-collector.ts'
import { addCollectorContract } from './add-collector-contract.ts'
import { addContact } from './add-contact.ts'
import { addOutlet } from './add-outlet.ts'
import { addPayerGroup } from './add-payer-group.ts'
import { addPriceCategory } from './add-price-category.ts'
import { listCollectors, paperOf, searchAccounts, searchDischargers } from './discharger.queries.ts'
import { type Charge, chargeNames, dischargerKinds, feeBases, remittancePeriods } from './discharger.ts'
import { endAgreement } from './end-agreement.ts'
import { endCollectorContract } from './end-collector-contract.ts'
import { endOutlet } from './end-outlet.ts'
import { listPayerGroups, listPriceCategories } from './price-category.queries.ts'
import { registerDischarger } from './register-discharger.ts'
import { signAgreement } from './sign-agreement.ts'

const discharger = z
  .object({
    dischargerId: id(),
    code: z.string(),
    name: z.string(),
    kind: z.enum(dischargerKinds),
    creditCode: z.string().nullable(),
    productIsMainlyWater: z.boolean(),
    address: z.string(),
    phone: z.string(),
  })
  .openapi('Discharger')

const agreementNo = text(100).openapi({ example: 'NG-2026-001' })

/** Dischargers with their agreements and outlets. */
export const dischargerRoutes: readonly Route[] = [
  list('/dischargers', {
    cli: 'dischargers list',
    permits: 'dischargers.read',
    title: { zh: '按编号、名称或信用代码查找排污者', en: 'find dischargers by code, name or credit code' },
    query: { text: text(100).optional() },
    item: discharger,
    key: [text()],
    rows: ({ services, query }, { after, limit }) =>
      searchDischargers(services.db, query.text ?? '', limit, after?.[0]),
    keyOf: (row) => [row.code],
    show: (row) => row,
  }),
  query('/dischargers/{discharger}', {
    cli: 'dischargers show',
    permits: 'dischargers.read',
    title: { zh: '一个排污者及其协议、排污口与户号', en: 'one discharger with all it has' },
    params: { discharger: dischargerCode },
    answer: discharger
      .extend({
        agreements: z.array(
          z.object({
            agreementNo: z.string(),
            signedOn: date,
            document: z.string(),
            from: date,
            until: date.nullable(),
          }),
        ),
        outlets: z.array(
          z.object({
            outletNo: z.string(),
            place: z.string(),
            hasSamplingWell: z.boolean(),
            hasOnlineMeter: z.boolean(),
            exceptionReason: z.string(),
            from: date,
            until: date.nullable(),
          }),
        ),
        accounts: z.array(accountLine).openapi({ description: '最多 1000 个 at most 1000' }),
      })
      .openapi('DischargerInFull'),
    read: async ({ services: { db }, params }) => {
      const found = await findDischarger(db, params.discharger)
      if (isRefusal(found)) return found
      const { dischargerId } = found
      const { agreements, outlets } = await paperOf(db, dischargerId)
      return {
        ...found,
        agreements: agreements.map(({ agreementNo, signedOn, document, validity }) => ({
          agreementNo,
          signedOn,
          document,
          ...validity,
        })),
        outlets: outlets.map(({ outletNo, place, hasSamplingWell, hasOnlineMeter, exceptionReason, validity }) => {
          return { outletNo, place, hasSamplingWell, hasOnlineMeter, exceptionReason, ...validity }
        }),
        accounts: await searchAccounts(db, { text: '', dischargerId, limit: 1000 }),
      }
    },
  }),
  command('post', '/dischargers', {
    cli: 'dischargers register',
    permits: 'dischargers.register-discharger',
    title: { zh: '登记排污者', en: 'register a discharger' },
    body: {
      code: text(100),
      name: text(),
      kind: z.enum(dischargerKinds),
      creditCode: text(40).optional(),
      productIsMainlyWater: z.boolean().default(false),
      address: text(500).optional(),
      phone: text(100).optional(),
    },
    example: { code: 'D0001', name: '示例电子有限公司', kind: 'enterprise', creditCode: '91350100M000100Y43' },
    answer: z.object({ code: z.string(), name: z.string() }),
    run: ({ services, envelope, body }) => registerDischarger(services, envelope, body),
  }),
  command('post', '/agreements', {
    cli: 'dischargers sign-agreement',
    permits: 'dischargers.sign-agreement',
    title: { zh: '登记《污水统一纳管处理协议》（办法第二条）', en: 'record a signed connection agreement' },
    body: {
      agreementNo,
      dischargerCode,
      signedOn: date,
      from: date.optional().openapi({ description: '生效日，默认签订日 first day in force' }),
      until: date.optional(),
      document: text(500).optional(),
    },
    example: { agreementNo: 'NG-2026-001', dischargerCode: 'D0001', signedOn: '2026-03-01' },
    answer: z.object({ agreementNo: z.string(), discharger: z.string(), from: date }),
    run: ({ services, envelope, body }) =>
      signAgreement(services, envelope, { ...body, from: body.from ?? body.signedOn }),
  }),
  command('post', '/agreements/{agreement}/end', {
    cli: 'dischargers end-agreement',
    permits: 'dischargers.end-agreement',
    title: { zh: '终止协议', en: 'end an agreement' },
    params: { agreement: agreementNo },
    body: { until: date },
    example: { until: '2026-07-01' },
    answer: z.object({ agreementNo: z.string(), until: date }),
    run: ({ services, envelope, params, body }) =>
      endAgreement(services, envelope, { agreementNo: params.agreement, ...body }),
  }),
  command('post', '/dischargers/{discharger}/outlets', {
    cli: 'dischargers add-outlet',
    permits: 'dischargers.add-outlet',
    title: { zh: '登记排污口（办法第七条）', en: 'register an outlet' },
    params: { discharger: dischargerCode },
    body: {
      outletNo: text(100),
      from: date,
      place: text(500).optional(),
      hasSamplingWell: z.boolean().default(false),
      hasOnlineMeter: z.boolean().default(false),
      exceptionReason: text(500).optional(),
    },
    example: { outletNo: 'P1', from: '2026-01-01', place: '厂区东门', hasSamplingWell: true },
    answer: z.object({ discharger: z.string(), outletNo: z.string(), from: date }),
    run: ({ services, envelope, params, body }) =>
      addOutlet(services, envelope, { dischargerCode: params.discharger, ...body }),
  }),
  command('post', '/dischargers/{discharger}/outlets/{outlet}/end', {
    cli: 'dischargers end-outlet',
    permits: 'dischargers.end-outlet',
    title: { zh: '终止排污口', en: 'end an outlet' },
    params: { discharger: dischargerCode, outlet: text(100).openapi({ example: 'P1' }) },
    body: { until: date },
    example: { until: '2026-07-01' },
    answer: z.object({ discharger: z.string(), outletNo: z.string(), until: date }),
    run: ({ services, envelope, params, body }) =>
      endOutlet(services, envelope, { dischargerCode: params.discharger, outletNo: params.outlet, ...body }),
  }),
  command('post', '/contacts', {
    permits: 'dischargers.add-contact',
    cli: 'contacts add',
    title: { zh: '登记排污者或单位的邮箱、手机', en: 'record where a discharger or body can be reached' },
    body: {
      dischargerCode: dischargerCode.optional(),
      organisationCode: text(40).optional(),
      channel: z.enum(channels),
      address: text(254),
      language: z.enum(languages).default('zh'),
      person: text(100).optional(),
      consent: text(300).openapi({ description: '凭什么可以发 on what it may be written to' }),
      from: date.optional(),
    },
    example: {
      dischargerCode: 'D0001',
      channel: 'email',
      address: 'finance@example.com',
      consent: '纳管协议第八条',
    },
    answer: z.object({ contact: z.string(), address: z.string(), from: date }),
    run: ({ services, envelope, body }) => addContact(services, envelope, body),
  }),
]

const charges = Object.keys(chargeNames) as [Charge, ...Charge[]]
const contractNo = text(100).openapi({ example: 'DZ-2026' })
const feeRate = decimalText.openapi({ description: '费率 rate', example: '0.02' })

/** Collectors with their contracts. */
export const collectorRoutes: readonly Route[] = [
  list('/collectors', {
    cli: 'dischargers collectors',
    permits: 'collectors.read',
    title: { zh: '代征单位及其合同', en: 'collectors and their contracts' },
    item: z
      .object({
        collectorId: id(),
        code: z.string(),
        name: z.string(),
        creditCode: z.string().nullable(),
        organisationId: id().nullable(),
        contracts: z.array(
          z.object({
            contractNo: z.string(),
            collectorId: id(),
            document: z.string(),
            remittancePeriod: z.enum(remittancePeriods),
            feeRate: feeRate.nullable(),
            feeBase: z.enum(feeBases).nullable(),
            feeCapAmount: decimalText.nullable(),
            combinedOrder: z.array(z.enum(charges)).nullable(),
            from: date,
            until: date.nullable(),
          }),
        ),
      })
      .openapi('Collector'),
    key: [text()],
    rows: async ({ services }, page) => pageOf(await listCollectors(services.db), ({ code }) => code, page),
    keyOf: (row) => [row.code],
    show: ({ contracts, ...collector }) => ({
      ...collector,
      contracts: contracts.map(({ validity, ...contract }) => ({ ...contract, ...validity })),
    }),
  }),
  command('post', '/collectors', {
    cli: 'dischargers add-collector',
    permits: 'dischargers.add-collector',
    title: { zh: '增加代征单位（办法第十三条）', en: 'add a collector' },
    body: {
      code: collectorCode,
      name: text(),
      creditCode: text(40).optional(),
      organisationCode: text(40).optional(),
    },
    example: { code: 'water', name: '示例自来水有限公司', organisationCode: 'water' },
    answer: z.object({ code: z.string(), name: z.string() }),
    run: ({ services, envelope, body }) => addCollector(services, envelope, body),
  }),
  command('post', '/collectors/{collector}/contracts', {
    cli: 'dischargers add-collector-contract',
    permits: 'dischargers.add-collector-contract',
    title: { zh: '登记代征合同', en: 'record a collector’s contract' },
    params: { collector: collectorCode },
    body: {
      contractNo,
      document: text(500),
      remittancePeriod: z.enum(remittancePeriods).default(remittancePeriods[0]),
      feeRate: text(40).optional(),
      feeBase: z.enum(feeBases).optional(),
      feeCapAmount: text(40).optional(),
      combinedOrder: z.array(z.enum(charges)).max(10).optional().openapi({
        description: '合并缴款先抵何项 what a combined amount pays first, second',
      }),
      from: date,
      until: date.optional(),
    },
    example: {
      contractNo: 'DZ-2026',
      document: '代征协议2026',
      feeRate: '0.02',
      feeBase: 'collected',
      from: '2026-01-01',
    },
    answer: z.object({ contractNo: z.string(), collector: z.string(), from: date }),
    run: ({ services, envelope, params, body }) =>
      addCollectorContract(services, envelope, { collectorCode: params.collector, ...body }),
  }),
  command('post', '/collector-contracts/{contract}/end', {
    cli: 'dischargers end-collector-contract',
    permits: 'dischargers.end-collector-contract',
    title: { zh: '终止代征合同', en: 'end a collector’s contract' },
    params: { contract: contractNo },
    body: { until: date },
    example: { until: '2027-01-01' },
    answer: z.object({ contractNo: z.string(), until: date }),
    run: ({ services, envelope, params, body }) =>
      endCollectorContract(services, envelope, { contractNo: params.contract, ...body }),
  }),
]

/** The words by which accounts are priced. */
export const wordRoutes: readonly Route[] = [
  list('/price-categories', {
    cli: 'dischargers price-categories',
    permits: 'categories.read',
    title: { zh: '全部价格类别', en: 'every price category' },
    item: z.object({ code: z.string(), nameZh: z.string(), nameEn: z.string() }).openapi('PriceCategory'),
    key: [text()],
    rows: async ({ services }, page) => pageOf(await listPriceCategories(services.db), ({ code }) => code, page),
    keyOf: (row) => [row.code],
    show: (row) => row,
  }),
  command('post', '/price-categories', {
    cli: 'dischargers add-price-category',
    permits: 'dischargers.add-price-category',
    title: { zh: '增加价格类别', en: 'add a price category' },
    body: { code: text(40), nameZh: text(), nameEn: text() },
    example: { code: 'NR', nameZh: '非居民', nameEn: 'non-resident' },
    answer: z.object({ code: z.string() }),
    run: ({ services, envelope, body }) => addPriceCategory(services, envelope, body),
  }),
  list('/payer-groups', {
    cli: 'dischargers payer-groups',
    permits: 'categories.read',
    title: { zh: '全部用户群体', en: 'every payer group' },
    item: z
      .object({
        code: z.string(),
        nameZh: z.string(),
        nameEn: z.string(),
        clause: z.string(),
        needsAgreement: z.boolean(),
      })
      .openapi('PayerGroup'),
    key: [text()],
    rows: async ({ services }, page) => pageOf(await listPayerGroups(services.db), ({ code }) => code, page),
    keyOf: (row) => [row.code],
    show: (row) => row,
  }),
  command('post', '/payer-groups', {
    cli: 'dischargers add-payer-group',
    permits: 'dischargers.add-payer-group',
    title: { zh: '增加用户群体（办法第九条之外）', en: 'add a group of payers beside art. 9' },
    body: {
      code: text(40),
      nameZh: text(),
      nameEn: text(),
      clause: text(500),
      needsAgreement: z.boolean().default(false),
    },
    example: { code: 'hospital', nameZh: '医疗机构', nameEn: 'hospital', clause: '某文件第三条' },
    answer: z.object({ code: z.string() }),
    run: ({ services, envelope, body }) => addPayerGroup(services, envelope, body),
  }),
]
