import { z } from '@hono/zod-openapi'
import { percentText } from '../kernel/decimal.ts'
import { cited } from '../platform/cited.ts'
import { date, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { type Fields, formPage, given, previewOfTyped } from '../platform/pages/forms.tsx'
import { type Crumb, type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import { Amount, ButtonLink, Empty, NextStep, PlainTable, Section } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { organisationNames } from '../platform/staff.queries.ts'
import { collectorCode } from './account.routes.ts'
import { addCollector } from './add-collector.ts'
import { addCollectorContract } from './add-collector-contract.ts'
import { addPayerGroup } from './add-payer-group.ts'
import { addPriceCategory } from './add-price-category.ts'
import { listCollectors } from './discharger.queries.ts'
import { type Charge, type CollectorContract, chargeNames, feeBases, remittancePeriods } from './discharger.ts'
import { endCollectorContract } from './end-collector-contract.ts'
import { listPayerGroups, listPriceCategories } from './price-category.queries.ts'

const title: Said = { zh: '代征单位', en: 'collectors' }
const home = '/office/collectors'
const crumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(title), href: home }]

const periodNames: Record<(typeof remittancePeriods)[number], Said> = {
  quarter: { zh: '按季', en: 'quarterly' },
  month: { zh: '按月', en: 'monthly' },
}
const baseNames: Record<(typeof feeBases)[number], Said> = {
  collected: { zh: '实收', en: 'collected' },
  remitted: { zh: '已划缴', en: 'remitted' },
  confirmed: { zh: '国库确认', en: 'confirmed' },
}

const percent = ({ feeRate, feeBase }: CollectorContract, say: Say) =>
  feeRate === null
    ? say('未约定', 'none agreed')
    : `${percentText(feeRate)} × ${feeBase === null ? '' : say(baseNames[feeBase])}`

const listPage = page(home, {
  title,
  permits: 'collectors.read',
  show: async ({ services: { db }, visitor, say, may }) => {
    const collectors = await listCollectors(db)
    return {
      title: say(title),
      next: (
        <NextStep permits="dischargers.add-collector" visitor={visitor} href={`${home}/new`}>
          {say('增加代征单位', 'add a collector')}
        </NextStep>
      ),
      body:
        collectors.length === 0 ? (
          <Empty>{say('还没有代征单位（办法第十三条）。', 'No collector yet (Measures art. 13).')}</Empty>
        ) : (
          collectors.map((collector) => (
            <Section title={`${collector.name}（${collector.code}）`}>
              {collector.contracts.length === 0 ? (
                <Empty>
                  {say(
                    '没有代征合同：没有手续费率，也没有合并缴款的抵扣顺序。',
                    'No contract: no fee rate, and no order for combined amounts.',
                  )}
                </Empty>
              ) : (
                <PlainTable
                  columns={[
                    { title: say('合同号', 'contract') },
                    { title: say('划缴', 'remitted') },
                    { title: say('手续费', 'fee') },
                    { title: say('年封顶（元）', 'cap (yuan)'), number: true },
                    { title: say('合并缴款先抵', 'combined pays first') },
                    { title: say('自', 'from') },
                    { title: say('至', 'until') },
                    { title: say('办理', 'do'), pressed: may('dischargers.end-collector-contract') },
                  ]}
                  rows={collector.contracts.map((contract) => [
                    <code>{contract.contractNo}</code>,
                    say(periodNames[contract.remittancePeriod]),
                    percent(contract, say),
                    <Amount of={contract.feeCapAmount} />,
                    contract.combinedOrder?.map((charge) => say(chargeNames[charge])).join(' → ') ?? '—',
                    contract.validity.from,
                    contract.validity.until ?? say('长期', 'open'),
                    contract.validity.until === null ? (
                      <a href={`${home}/contracts/${encodeURIComponent(contract.contractNo)}/end`}>
                        {say('终止', 'end')}
                      </a>
                    ) : (
                      ''
                    ),
                  ])}
                />
              )}
              <p class="buttons">
                <ButtonLink href={`${home}/${encodeURIComponent(collector.code)}/contracts/new`}>
                  {say('登记代征合同', 'enter a contract')}
                </ButtonLink>
                <ButtonLink href={`/office/accounts?collector=${encodeURIComponent(collector.code)}`}>
                  {say('看用水户', 'its accounts')}
                </ButtonLink>
              </p>
            </Section>
          ))
        ),
    }
  },
})

const addFields = {
  code: { label: { zh: '代码', en: 'code' }, schema: text(40) },
  name: { label: { zh: '名称', en: 'name' }, schema: text() },
  creditCode: { label: { zh: '统一社会信用代码', en: 'credit code' }, optional: true, schema: text(40) },
  organisationCode: {
    label: { zh: '所属单位', en: 'its organisation' },
    help: {
      zh: '其人员可办理本公司的抄表和缴款；没有则由城管局经办。',
      en: 'Whose staff act for it; without one the bureau does.',
    },
    kind: 'choice',
    choices: ({ services }: PageAsked) => organisationNames(services.db, ['water_company']),
    optional: true,
  },
} as const satisfies Fields

const addPage = formPage(`${home}/new`, {
  title: { zh: '增加代征单位', en: 'add a collector' },
  permits: 'dischargers.add-collector',
  crumbs,
  fields: addFields,
  run: ({ services }, values, { envelope }) => addCollector(services, envelope, given(values)),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, addFields, values, {
      button: asked.say(`增加“${answer.name}”`, `add “${answer.name}”`),
    }),
  done: (answer, { say }) => ({
    to: home,
    said: say(`已增加代征单位 ${answer.code} ${answer.name}。`, `Added ${answer.code} ${answer.name}.`),
  }),
})

const charges = Object.keys(chargeNames) as Charge[]
const chargeWords = {
  zh: charges.map((charge) => chargeNames[charge].zh).join('、'),
  en: charges.map((charge) => chargeNames[charge].en).join(', '),
}
/** By its name in either language, or by its code. */
const chargeCalled = (said: string): Charge | undefined =>
  charges.find((charge) => charge === said || chargeNames[charge].zh === said || chargeNames[charge].en === said)
const combined = z
  .string()
  .transform((said) =>
    said
      .split(/[,，、;；→>]+/)
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .map((each) => chargeCalled(each)),
  )
  .refine((each) => !each.includes(undefined), `只能是${chargeWords.zh} · only ${chargeWords.en}`)
  .transform((each) => each as Charge[])

const contractFields = {
  contractNo: { label: { zh: '合同号', en: 'contract' }, schema: text(100) },
  document: { label: { zh: '文件', en: 'document' }, schema: text(500) },
  remittancePeriod: {
    label: { zh: '划缴', en: 'remitted' },
    kind: 'choice',
    choices: ({ say }: PageAsked) => remittancePeriods.map((each) => [each, say(periodNames[each])] as const),
    schema: z.enum(remittancePeriods) as z.ZodType<(typeof remittancePeriods)[number], string>,
  },
  feeRate: {
    label: { zh: '手续费率', en: 'fee rate' },
    help: { zh: '2 % 写作 0.02；与计费基数同填。', en: '2 % is 0.02; comes with its base.' },
    kind: 'number',
    optional: true,
    schema: text(40),
  },
  feeBase: {
    label: { zh: '手续费基数', en: 'fee base' },
    kind: 'choice',
    optional: true,
    choices: ({ say }: PageAsked) => feeBases.map((each) => [each, say(baseNames[each])] as const),
    schema: z.enum(feeBases) as z.ZodType<(typeof feeBases)[number], string>,
  },
  feeCapAmount: {
    label: { zh: '年封顶（元）', en: 'cap a year (yuan)' },
    kind: 'amount',
    optional: true,
    schema: text(40),
  },
  combinedOrder: {
    label: { zh: '合并缴款的抵扣顺序', en: 'order for combined amounts' },
    help: {
      zh: `合同写明时按先后填写，以“、”隔开，如：污水处理费、水费。可用：${chargeWords.zh}。`,
      en: `In their order, where the contract says, separated by commas. Known: ${chargeWords.en}.`,
    },
    optional: true,
    schema: combined,
  },
  from: { label: { zh: '自', en: 'from' }, kind: 'date', schema: date },
  until: {
    label: { zh: '至', en: 'until' },
    help: { zh: '自该日起不再有效。', en: 'The first day it no longer holds.' },
    kind: 'date',
    optional: true,
    schema: date,
  },
} as const satisfies Fields

const contractPage = formPage('/office/collectors/{collector}/contracts/new', {
  title: { zh: '登记代征合同', en: 'enter a collector’s contract' },
  permits: 'dischargers.add-collector-contract',
  params: { collector: collectorCode },
  crumbs,
  initial: () => ({ remittancePeriod: 'quarter' }),
  fields: contractFields,
  run: ({ services, params }, values, { envelope }) =>
    addCollectorContract(services, envelope, { collectorCode: params.collector, ...given(values) }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, contractFields, values, {
      after: { combinedOrder: values.combinedOrder?.map((charge) => asked.say(chargeNames[charge])).join(' → ') },
      button: asked.say(`登记合同 ${answer.contractNo}`, `enter contract ${answer.contractNo}`),
    }),
  done: (answer, { say }) => ({
    to: home,
    said: say(
      `已登记代征合同 ${answer.contractNo}，${answer.from} 起。`,
      `Contract ${answer.contractNo} holds from ${answer.from}.`,
    ),
  }),
})

const endFields = {
  until: {
    label: { zh: '终止日', en: 'until' },
    help: { zh: '自该日起不再有效。', en: 'The first day it no longer holds.' },
    kind: 'date',
    schema: date,
  },
} as const satisfies Fields

const endPage = formPage('/office/collectors/contracts/{contract}/end', {
  title: { zh: '终止代征合同', en: 'end a contract' },
  permits: 'dischargers.end-collector-contract',
  params: { contract: text(100) },
  crumbs,
  fields: endFields,
  run: ({ services, params }, { until }, { envelope }) =>
    endCollectorContract(services, envelope, { contractNo: params.contract, until }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, endFields, values, {
      before: { until: asked.say('长期', 'open') },
      button: asked.say(`终止合同 ${answer.contractNo}`, `end contract ${answer.contractNo}`),
    }),
  done: (answer, { say }) => ({
    to: home,
    said: say(
      `合同 ${answer.contractNo} 自 ${answer.until} 起终止。`,
      `Contract ${answer.contractNo} ends on ${answer.until}.`,
    ),
  }),
})

// The words accounts are priced by

const wordsHome = '/office/categories'
const wordsTitle: Said = { zh: '群体与价格类别', en: 'groups and categories' }
const wordsCrumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(wordsTitle), href: wordsHome }]

const wordsPage = page(wordsHome, {
  title: wordsTitle,
  permits: 'categories.read',
  show: async ({ services: { db }, say }) => ({
    title: say(wordsTitle),
    body: (
      <>
        <Section title={say('价格类别', 'price categories')}>
          <PlainTable
            columns={[say('代码', 'code'), say('中文', 'Chinese'), say('英文', 'English')].map((each) => ({
              title: each,
            }))}
            rows={(await listPriceCategories(db)).map(({ code, nameZh, nameEn }) => [
              <code>{code}</code>,
              nameZh,
              nameEn,
            ])}
          />
          <p class="buttons">
            <ButtonLink href={`${wordsHome}/new`}>{say('增加价格类别', 'add a category')}</ButtonLink>
          </p>
        </Section>
        <Section title={say('用户群体（办法第九条）', 'groups of payers (Measures art. 9)')}>
          <PlainTable
            columns={[
              say('代码', 'code'),
              say('名称', 'name'),
              say('条款', 'clause'),
              say('须纳管协议', 'needs an agreement'),
            ].map((each) => ({ title: each }))}
            rows={(await listPayerGroups(db)).map(({ code, nameZh, nameEn, clause, needsAgreement }) => [
              <code>{code}</code>,
              say(nameZh, nameEn),
              cited(clause, say.language),
              needsAgreement ? say('是', 'yes') : say('否', 'no'),
            ])}
          />
          <p class="buttons">
            <ButtonLink href={`${wordsHome}/groups/new`}>{say('增加用户群体', 'add a group')}</ButtonLink>
          </p>
        </Section>
      </>
    ),
  }),
})

const nameFields = {
  code: { label: { zh: '代码', en: 'code' }, schema: text(40) },
  nameZh: { label: { zh: '中文名', en: 'Chinese name' }, schema: text() },
  nameEn: { label: { zh: '英文名', en: 'English name' }, schema: text() },
} as const satisfies Fields
const groupFields = {
  ...nameFields,
  clause: { label: { zh: '依据条款', en: 'clause' }, schema: text(500) },
  needsAgreement: { label: { zh: '须先签纳管协议', en: 'needs an agreement first' }, kind: 'check' },
} as const satisfies Fields

const categoryPage = formPage(`${wordsHome}/new`, {
  title: { zh: '增加价格类别', en: 'add a price category' },
  permits: 'dischargers.add-price-category',
  crumbs: wordsCrumbs,
  fields: nameFields,
  run: ({ services }, values, { envelope }) => addPriceCategory(services, envelope, values),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, nameFields, values, {
      button: asked.say(`增加类别 ${answer.code}`, `add ${answer.code}`),
    }),
  done: (answer, { say }) => ({
    to: wordsHome,
    said: say(`已增加价格类别 ${answer.code}。`, `Added category ${answer.code}.`),
  }),
})

const groupPage = formPage(`${wordsHome}/groups/new`, {
  title: { zh: '增加用户群体', en: 'add a group of payers' },
  permits: 'dischargers.add-payer-group',
  crumbs: wordsCrumbs,
  fields: groupFields,
  run: ({ services }, values, { envelope }) => addPayerGroup(services, envelope, values),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, groupFields, values, {
      button: asked.say(`增加群体 ${answer.code}`, `add ${answer.code}`),
    }),
  done: (answer, { say }) => ({
    to: wordsHome,
    said: say(`已增加用户群体 ${answer.code}。`, `Added group ${answer.code}.`),
  }),
})

/** Collectors with their contracts, and the words by which accounts are priced. */
export const collectorPages: readonly PageRoute[] = [
  listPage,
  addPage,
  contractPage,
  endPage,
  wordsPage,
  categoryPage,
  groupPage,
]
