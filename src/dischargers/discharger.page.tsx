import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { date, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { type Contact, listContacts } from '../platform/outbox/contacts.ts'
import { type Channel, channelNames, channels, type Language, languages } from '../platform/outbox/message.ts'
import { formPage, given, previewOfTyped } from '../platform/pages/forms.tsx'
import { type Crumb, type PageAsked, type PageRoute, page } from '../platform/pages/page-route.ts'
import {
  Code,
  Count,
  Doings,
  Empty,
  Facts,
  NextStep,
  Notice,
  PlainTable,
  PrimaryLink,
  Section,
  State,
} from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { findDischarger } from './account.queries.ts'
import { dischargerCode } from './account.routes.ts'
import { supplyNames } from './account.ts'
import { addContact } from './add-contact.ts'
import { addOutlet } from './add-outlet.ts'
import { paperOf, searchAccounts } from './discharger.queries.ts'
import { type DischargerKind, dischargerKindNames, dischargerKinds } from './discharger.ts'
import { type DischargerListRow, dischargerListCounted, dischargerListRows } from './discharger-list.queries.ts'
import { endAgreement } from './end-agreement.ts'
import { endOutlet } from './end-outlet.ts'
import { collectorNames } from './known-names.queries.ts'
import { peopleOf } from './people.page.tsx'
import { registerDischarger } from './register-discharger.ts'
import { signAgreement } from './sign-agreement.ts'

const title: Said = { zh: '排污者', en: 'dischargers' }
const home = '/office/dischargers'
const pathOf = (code: string): string => `${home}/${encodeURIComponent(code)}`
const crumbs = ({ say }: { readonly say: Say }): readonly Crumb[] => [{ text: say(title), href: home }]
const crumbsOf = ({ say, params }: { readonly say: Say; readonly params: { readonly discharger: string } }) => [
  ...crumbs({ say }),
  { text: params.discharger, href: pathOf(params.discharger) },
]

const columns: readonly Column<DischargerListRow>[] = [
  {
    key: 'code',
    title: { zh: '编号', en: 'code' },
    cell: (row) => <code>{row.code}</code>,
    text: (row) => row.code,
    sort: 'code',
  },
  { key: 'name', title: { zh: '名称', en: 'name' }, cell: (row) => row.name, text: (row) => row.name, sort: 'name' },
  {
    key: 'kind',
    title: { zh: '类型', en: 'kind' },
    cell: (row, say) => say(dischargerKindNames[row.kind]),
    text: (row, say) => say(dischargerKindNames[row.kind]),
    sort: 'kind',
  },
  {
    key: 'credit',
    title: { zh: '统一社会信用代码', en: 'credit code' },
    cell: (row) => (row.credit_code === null ? '—' : <code>{row.credit_code}</code>),
    text: (row) => row.credit_code ?? '',
    sort: 'credit_code',
    wide: true,
  },
  {
    key: 'accounts',
    title: { zh: '户号（个）', en: 'accounts' },
    number: true,
    decimals: 0,
    cell: (row) => <Count of={row.accounts} />,
    text: (row) => String(row.accounts),
    sort: 'accounts',
  },
]

const listPage = tablePage(home, {
  title,
  permits: 'dischargers.read',
  query: { q: text(100).optional(), kind: z.enum(dischargerKinds).optional() },
  filters: [
    {
      name: 'q',
      label: { zh: '名称、编号、信用代码或户号', en: 'name, code, credit code or account' },
      kind: 'text',
    },
    {
      name: 'kind',
      label: { zh: '类型', en: 'kind' },
      kind: 'choice',
      choices: (say) => dischargerKinds.map((kind) => [kind, say(dischargerKindNames[kind])]),
    },
  ],
  columns,
  rows: ({ query }) => dischargerListRows(query),
  counted: ({ query }) => dischargerListCounted(query),
  order: { by: 'code', direction: 'asc' },
  indexed: ['code'],
  unique: 'code',
  open: (row) => pathOf(row.code),
  file: title,
  next: ({ say, visitor }) => (
    <NextStep permits="dischargers.register-discharger" visitor={visitor} href="/office/dischargers/new">
      {say('登记排污者', 'register one')}
    </NextStep>
  ),
  empty: ({ say }) => ({
    text: say(
      '还没有登记排污者。从登记表成批导入，或逐个登记。',
      'No dischargers yet. Import them from a registry file, or register them one by one.',
    ),
    action: <PrimaryLink href="/office/registry/upload">{say('导入登记表', 'import a registry file')}</PrimaryLink>,
  }),
})

const until = (day: string | null, say: Say) => day ?? say('长期', 'open')

const dischargerPage = page('/office/dischargers/{discharger}', {
  title: { zh: '一个排污者', en: 'one discharger' },
  permits: 'dischargers.read',
  params: { discharger: dischargerCode },
  show: async (asked) => {
    const {
      services: { db, clock },
      params,
      visitor,
      say,
      may,
    } = asked
    const found = await findDischarger(db, params.discharger)
    if (isRefusal(found)) return found
    const { agreements, outlets } = await paperOf(db, found.dischargerId)
    const accounts = await searchAccounts(db, {
      text: '',
      dischargerId: found.dischargerId,
      language: say.language,
      limit: 1000,
    })
    const collectors = await collectorNames(db)
    const today = clock.today()
    const inForce = agreements.find(
      ({ validity }) => validity.from <= today && (validity.until === null || validity.until > today),
    )
    const at = pathOf(found.code)
    return {
      title: found.name,
      crumbs: crumbs({ say }),
      state: <State tone="plain">{say(dischargerKindNames[found.kind])}</State>,
      next: (
        <PrimaryLink href={`/office/accounts/new?discharger=${encodeURIComponent(found.code)}`}>
          {say('为其开户', 'open an account')}
        </PrimaryLink>
      ),
      figures: [
        { label: say('户号（个）', 'accounts'), value: <Count of={accounts.length} /> },
        {
          label: say('纳管协议', 'agreement'),
          value: inForce === undefined ? say('无', 'none') : inForce.agreementNo,
          ...(inForce === undefined && found.kind === 'enterprise' ? { tone: 'waiting' as const } : {}),
        },
        { label: say('排污口（个）', 'outlets'), value: <Count of={outlets.length} /> },
      ],
      body: (
        <>
          <Facts
            of={[
              [say('编号', 'code'), <Code of={found.code} copy say={say} />],
              [
                say('统一社会信用代码', 'credit code'),
                found.creditCode === null ? null : <Code of={found.creditCode} copy say={say} />,
              ],
              [
                say('以水为主要产品', 'product is mainly water'),
                found.productIsMainlyWater ? say('是', 'yes') : say('否', 'no'),
              ],
              [say('地址', 'address'), found.address || null],
              [say('电话', 'telephone'), found.phone || null],
            ]}
          />
          <Section title={say('用水户', 'accounts')}>
            {accounts.length === 0 ? (
              <Empty>{say('还没有户号。', 'No account yet.')}</Empty>
            ) : (
              <PlainTable
                columns={[
                  say('户号', 'account'),
                  say('代征单位', 'collector'),
                  say('价格类别', 'category'),
                  say('水源', 'supply'),
                  say('开户', 'opened'),
                  say('状态', 'state'),
                ].map((each) => ({ title: each }))}
                rows={accounts.map((account) => [
                  <a
                    href={`/office/accounts/${encodeURIComponent(account.collectorCode)}/${encodeURIComponent(account.accountNo)}`}
                  >
                    <code>{account.accountNo}</code>
                  </a>,
                  collectors.get(account.collectorCode) ?? account.collectorCode,
                  account.categoryName,
                  say(supplyNames[account.supply]),
                  account.openedOn,
                  <OpenState closedOn={account.closedOn} say={say} />,
                ])}
              />
            )}
          </Section>
          <Section title={say('纳管协议（办法第二条）', 'connection agreements (Measures art. 2)')}>
            {agreements.length === 0 ? (
              <Empty>
                {say(
                  '没有登记协议。生产企业须先签协议才能开户。',
                  'None. A production enterprise signs one before it is supplied.',
                )}
              </Empty>
            ) : (
              <PlainTable
                columns={[
                  { title: say('协议号', 'number') },
                  { title: say('签订', 'signed') },
                  { title: say('生效', 'from') },
                  { title: say('终止', 'until') },
                  { title: say('文件', 'document') },
                  { title: say('办理', 'do'), pressed: may('dischargers.end-agreement') },
                ]}
                rows={agreements.map(({ agreementNo, signedOn, document, validity }) => [
                  <code>{agreementNo}</code>,
                  signedOn,
                  validity.from,
                  until(validity.until, say),
                  document || '—',
                  validity.until === null ? (
                    <a href={`${at}/agreements/${encodeURIComponent(agreementNo)}/end`}>{say('终止', 'end')}</a>
                  ) : (
                    ''
                  ),
                ])}
              />
            )}
            <Doings
              visitor={visitor}
              of={[['dischargers.sign-agreement', `${at}/agreements/new`, say('登记协议', 'enter an agreement')]]}
            />
          </Section>
          <Section title={say('排污口（办法第七条）', 'outlets (Measures art. 7)')}>
            {outlets.length === 0 ? (
              <Empty>{say('没有登记排污口。', 'No outlet.')}</Empty>
            ) : (
              <PlainTable
                columns={[
                  { title: say('编号', 'number') },
                  { title: say('位置', 'place') },
                  { title: say('取样井', 'sampling well') },
                  { title: say('在线计量', 'online meter') },
                  { title: say('自', 'from') },
                  { title: say('至', 'until') },
                  { title: say('办理', 'do'), pressed: may('dischargers.end-outlet') },
                ]}
                rows={outlets.map((outlet) => [
                  <code>{outlet.outletNo}</code>,
                  outlet.place || '—',
                  outlet.hasSamplingWell ? say('有', 'yes') : say('无', 'no'),
                  outlet.hasOnlineMeter ? say('有', 'yes') : say('无', 'no'),
                  outlet.validity.from,
                  until(outlet.validity.until, say),
                  outlet.validity.until === null ? (
                    <a href={`${at}/outlets/${encodeURIComponent(outlet.outletNo)}/end`}>{say('终止', 'end')}</a>
                  ) : (
                    ''
                  ),
                ])}
              />
            )}
            <Doings
              visitor={visitor}
              of={[['dischargers.add-outlet', `${at}/outlets/new`, say('登记排污口', 'enter an outlet')]]}
            />
          </Section>
          {may('outbox.read') ? (
            <Section title={say('联系方式', 'contacts')}>
              <Contacts of={await listContacts(db, { party: found.code, limit: contactsShown })} say={say} />
              <Doings
                visitor={visitor}
                of={[['dischargers.add-contact', `${at}/contacts/new`, say('登记联系方式', 'record a contact')]]}
              />
            </Section>
          ) : null}
          {await peopleOf(asked as never, found)}
        </>
      ),
    }
  },
})

const contactsShown = 50

/** Where they are told of bills and terms. */
function Contacts({ of, say }: { readonly of: readonly Contact[]; readonly say: Say }) {
  if (of.length === 0)
    return (
      <Empty>
        {say(
          '没有联系方式：账单和期限不会以邮件、短信告知。',
          'There are none: bills and terms are not told by mail or SMS.',
        )}
      </Empty>
    )
  return (
    <PlainTable
      columns={[
        { title: say('渠道', 'channel') },
        { title: say('地址', 'address') },
        { title: say('联系人', 'person') },
        { title: say('同意的依据', 'consent') },
        { title: say('自', 'from') },
        { title: say('至', 'until') },
      ]}
      rows={of.map((each) => [
        say(channelNames[each.channel]),
        each.address,
        each.person || null,
        each.consent,
        each.from,
        each.until,
      ])}
    />
  )
}

export const OpenState = ({ closedOn, say }: { readonly closedOn: string | null; readonly say: Say }) =>
  closedOn === null ? (
    <State tone="settled">{say('在用', 'open')}</State>
  ) : (
    <State tone="plain">{say(`已销户 ${closedOn}`, `closed ${closedOn}`)}</State>
  )

const registerFields = {
  code: { label: { zh: '编号', en: 'code' }, schema: text(100) },
  name: { label: { zh: '名称', en: 'name' }, schema: text() },
  kind: {
    label: { zh: '类型', en: 'kind' },
    kind: 'choice',
    choices: ({ say }: PageAsked) => dischargerKinds.map((kind) => [kind, say(dischargerKindNames[kind])] as const),
    schema: z.enum(dischargerKinds) as z.ZodType<DischargerKind, string>,
  },
  creditCode: {
    label: { zh: '统一社会信用代码', en: 'credit code' },
    help: { zh: '居民没有；其余必填，18 位。', en: 'Residents have none; 18 characters for everybody else.' },
    optional: true,
    schema: text(40),
  },
  productIsMainlyWater: {
    label: {
      zh: '产品以水为主要原料（151 号文第十一条）',
      en: 'its product is mainly water (Cai Shui [2014] No. 151 art. 11)',
    },
    kind: 'check',
  },
  address: { label: { zh: '地址', en: 'address' }, optional: true, schema: text(500) },
  phone: { label: { zh: '电话', en: 'telephone' }, optional: true, schema: text(100) },
} as const

const registerPage = formPage('/office/dischargers/new', {
  title: { zh: '登记排污者', en: 'register a discharger' },
  permits: 'dischargers.register-discharger',
  crumbs,
  fields: registerFields,
  run: ({ services }, values, { envelope }) => registerDischarger(services, envelope, given(values)),
  preview: (_answer, asked, values) =>
    previewOfTyped(asked as never, registerFields, values, {
      button: asked.say(`登记“${values.name}”`, `register “${values.name}”`),
    }),
  done: (answer, { say }) => ({
    to: pathOf(answer.code),
    said: say(`已登记排污者 ${answer.code} ${answer.name}。`, `Registered ${answer.code} ${answer.name}.`),
  }),
})

const whose = async ({ services, params, say }: PageAsked<{ discharger: z.ZodType<string, string> }>) => {
  const found = await findDischarger(services.db, params.discharger)
  if (isRefusal(found)) return found
  return (
    <Notice>
      {found.name}　{say('编号', 'code')} <code>{found.code}</code>
    </Notice>
  )
}

const agreementFields = {
  agreementNo: { label: { zh: '协议号', en: 'number' }, schema: text(100) },
  signedOn: { label: { zh: '签订日', en: 'signed on' }, kind: 'date', schema: date },
  from: {
    label: { zh: '生效日', en: 'in force from' },
    help: { zh: '不填即签订日。', en: 'The day of signing if left out.' },
    kind: 'date',
    optional: true,
    schema: date,
  },
  until: {
    label: { zh: '终止日', en: 'until' },
    help: { zh: '自该日起不再有效；长期有效不填。', en: 'The first day it no longer holds; none if open.' },
    kind: 'date',
    optional: true,
    schema: date,
  },
  document: { label: { zh: '文件', en: 'document' }, optional: true, schema: text(500) },
} as const

const agreementPage = formPage('/office/dischargers/{discharger}/agreements/new', {
  title: { zh: '登记纳管协议', en: 'enter a connection agreement' },
  permits: 'dischargers.sign-agreement',
  params: { discharger: dischargerCode },
  crumbs: crumbsOf,
  about: whose,
  fields: agreementFields,
  run: ({ services, params }, values, { envelope }) =>
    signAgreement(services, envelope, {
      dischargerCode: params.discharger,
      ...given(values),
      from: values.from ?? values.signedOn,
    }),
  preview: (_answer, asked, values) =>
    previewOfTyped(asked as never, agreementFields, values, {
      button: asked.say(`登记协议 ${values.agreementNo}`, `enter agreement ${values.agreementNo}`),
    }),
  done: (answer, { say, params }) => ({
    to: pathOf(params.discharger),
    said: say(
      `已登记协议 ${answer.agreementNo}，${answer.from} 生效。`,
      `Agreement ${answer.agreementNo} holds from ${answer.from}.`,
    ),
  }),
})

const untilFields = {
  until: {
    label: { zh: '终止日', en: 'until' },
    help: { zh: '自该日起不再有效。', en: 'The first day it no longer holds.' },
    kind: 'date',
    schema: date,
  },
} as const

const endAgreementPage = formPage('/office/dischargers/{discharger}/agreements/{agreement}/end', {
  title: { zh: '终止协议', en: 'end an agreement' },
  permits: 'dischargers.end-agreement',
  params: { discharger: dischargerCode, agreement: text(100) },
  crumbs: crumbsOf,
  about: whose,
  fields: untilFields,
  run: ({ services, params }, { until }, { envelope }) =>
    endAgreement(services, envelope, { agreementNo: params.agreement, until }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, untilFields, values, {
      before: { until: asked.say('长期', 'open') },
      button: asked.say(`终止协议 ${answer.agreementNo}`, `end agreement ${answer.agreementNo}`),
    }),
  done: (answer, { say, params }) => ({
    to: pathOf(params.discharger),
    said: say(
      `协议 ${answer.agreementNo} 自 ${answer.until} 起终止。`,
      `Agreement ${answer.agreementNo} ends on ${answer.until}.`,
    ),
  }),
})

const outletFields = {
  outletNo: { label: { zh: '编号', en: 'number' }, schema: text(100) },
  from: { label: { zh: '启用日', en: 'from' }, kind: 'date', schema: date },
  place: { label: { zh: '位置', en: 'place' }, optional: true, schema: text(500) },
  hasSamplingWell: { label: { zh: '有开放的取样井', en: 'has an open sampling well' }, kind: 'check' },
  hasOnlineMeter: { label: { zh: '有在线流量计', en: 'has an online meter' }, kind: 'check' },
  exceptionReason: {
    label: { zh: '另设排污口的理由', en: 'why there is another one' },
    help: {
      zh: '原则上一企一口；已有排污口时必填。',
      en: 'One outlet each in principle; needed where there is one already.',
    },
    kind: 'long',
    optional: true,
    schema: text(500),
  },
} as const

const outletPage = formPage('/office/dischargers/{discharger}/outlets/new', {
  title: { zh: '登记排污口', en: 'enter an outlet' },
  permits: 'dischargers.add-outlet',
  params: { discharger: dischargerCode },
  crumbs: crumbsOf,
  about: whose,
  fields: outletFields,
  run: ({ services, params }, values, { envelope }) =>
    addOutlet(services, envelope, { dischargerCode: params.discharger, ...given(values) }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, outletFields, values, {
      button: asked.say(`登记排污口 ${answer.outletNo}`, `enter outlet ${answer.outletNo}`),
    }),
  done: (answer, { say, params }) => ({
    to: pathOf(params.discharger),
    said: say(`已登记排污口 ${answer.outletNo}。`, `Entered outlet ${answer.outletNo}.`),
  }),
})

const contactFields = {
  channel: {
    label: { zh: '渠道', en: 'channel' },
    kind: 'choice',
    choices: ({ say }: PageAsked) => channels.map((channel) => [channel, say(channelNames[channel])] as const),
    schema: z.enum(channels) as z.ZodType<Channel, string>,
  },
  address: { label: { zh: '邮箱或手机号', en: 'e-mail address or mobile number' }, schema: text(254) },
  language: {
    label: { zh: '通知的语言', en: 'language of messages' },
    kind: 'choice',
    choices: () => [['zh', '中文'] as const, ['en', 'English'] as const],
    schema: z.enum(languages) as z.ZodType<Language, string>,
  },
  person: { label: { zh: '联系人', en: 'person' }, optional: true, schema: text(100) },
  consent: {
    label: { zh: '同意的依据', en: 'on what it may be written to' },
    help: { zh: '如纳管协议的条款。', en: 'As a clause of the agreement.' },
    schema: text(500),
  },
} as const

const contactPage = formPage('/office/dischargers/{discharger}/contacts/new', {
  title: { zh: '登记联系方式', en: 'record a contact' },
  permits: 'dischargers.add-contact',
  params: { discharger: dischargerCode },
  crumbs: crumbsOf,
  about: whose,
  fields: contactFields,
  run: ({ services, params }, values, { envelope }) =>
    addContact(services, envelope, { dischargerCode: params.discharger, ...values }),
  preview: ({ address }, asked, values) =>
    previewOfTyped(asked as never, contactFields, values, {
      button: asked.say(`登记 ${address}`, `record ${address}`),
    }),
  done: ({ address }, { say, params }) => ({
    to: pathOf(params.discharger),
    said: say(`已登记联系方式 ${address}。`, `Recorded contact ${address}.`),
  }),
})

const endOutletPage = formPage('/office/dischargers/{discharger}/outlets/{outlet}/end', {
  title: { zh: '终止排污口', en: 'end an outlet' },
  permits: 'dischargers.end-outlet',
  params: { discharger: dischargerCode, outlet: text(100) },
  crumbs: crumbsOf,
  about: whose,
  fields: untilFields,
  run: ({ services, params }, { until }, { envelope }) =>
    endOutlet(services, envelope, { dischargerCode: params.discharger, outletNo: params.outlet, until }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, untilFields, values, {
      before: { until: asked.say('长期', 'open') },
      button: asked.say(`终止排污口 ${answer.outletNo}`, `end outlet ${answer.outletNo}`),
    }),
  done: (answer, { say, params }) => ({
    to: pathOf(params.discharger),
    said: say(
      `排污口 ${answer.outletNo} 自 ${answer.until} 起终止。`,
      `Outlet ${answer.outletNo} ends on ${answer.until}.`,
    ),
  }),
})

/** Who discharges: the list, one with its papers, what is registered about it. */
export const dischargerPages: readonly PageRoute[] = [
  listPage,
  dischargerPage,
  registerPage,
  agreementPage,
  endAgreementPage,
  outletPage,
  endOutletPage,
  contactPage,
]
