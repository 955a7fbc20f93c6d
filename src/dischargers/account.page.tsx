import { z } from '@hono/zod-openapi'
import { isRefusal } from '../kernel/refusal.ts'
import { count, date, text } from '../platform/http/fields.ts'
import type { Said } from '../platform/http/route.ts'
import { type Fields, formPage, given, previewOfTyped, type Values } from '../platform/pages/forms.tsx'
import type { Crumb, PageAsked, PageRoute } from '../platform/pages/page-route.ts'
import { NextStep, Notice, PrimaryLink } from '../platform/pages/parts.tsx'
import type { Say } from '../platform/pages/say.ts'
import { type Column, tablePage } from '../platform/pages/table.tsx'
import { findAccount } from './account.queries.ts'
import { accountNo, collectorCode } from './account.routes.ts'
import { loadLives } from './account.store.ts'
import { type MeterPurpose, meterPurposeNames, meterPurposes, type Supply, supplies, supplyNames } from './account.ts'
import { changeAccountCategory } from './change-account-category.ts'
import { closeAccount } from './close-account.ts'
import { collectorFilter } from './collector-filter.ts'
import { OpenState } from './discharger.page.tsx'
import { listCollectors } from './discharger.queries.ts'
import { dischargerField } from './discharger-field.ts'
import { type AccountListRow, accountListCounted, accountListRows } from './discharger-list.queries.ts'
import type { Guards } from './guards.ts'
import { installMeter } from './install-meter.ts'
import { openAccount } from './open-account.ts'
import { listPayerGroups, listPriceCategories } from './price-category.queries.ts'
import { removeMeter } from './remove-meter.ts'
import { replaceMeter } from './replace-meter.ts'
import { resumeAccount } from './resume-account.ts'
import { setMeterShares } from './set-meter-shares.ts'
import { suspendAccount } from './suspend-account.ts'
import { transferAccount } from './transfer-account.ts'

const title: Said = { zh: '用水户', en: 'accounts' }
const home = '/office/accounts'
const pathOf = (collector: string, account: string): string =>
  `${home}/${encodeURIComponent(collector)}/${encodeURIComponent(account)}`

const columns: readonly Column<AccountListRow>[] = [
  {
    key: 'account',
    title: { zh: '户号', en: 'account' },
    cell: (row) => <code>{row.account_no}</code>,
    text: (row) => row.account_no,
    sort: 'account_no',
  },
  {
    key: 'holder',
    title: { zh: '户名', en: 'holder' },
    cell: (row) => row.holder ?? '—',
    text: (row) => row.holder ?? '',
    sort: 'holder',
  },
  {
    key: 'collector',
    title: { zh: '代征单位', en: 'collector' },
    cell: (row) => row.collector_name,
    text: (row) => row.collector_name,
    sort: 'collector_name',
    wide: true,
  },
  {
    key: 'category',
    title: { zh: '价格类别', en: 'category' },
    cell: (row) => row.category ?? '—',
    text: (row) => row.category ?? '',
    sort: 'category',
  },
  {
    key: 'supply',
    title: { zh: '水源', en: 'supply' },
    cell: (row, say) => say(supplyNames[row.supply]),
    text: (row, say) => say(supplyNames[row.supply]),
    sort: 'supply',
    wide: true,
  },
  {
    key: 'opened',
    title: { zh: '开户', en: 'opened' },
    cell: (row) => row.opened_on,
    text: (row) => row.opened_on,
    sort: 'opened_on',
    wide: true,
  },
  {
    key: 'state',
    title: { zh: '状态', en: 'state' },
    cell: (row, say) => <OpenState closedOn={row.closed_on} say={say} />,
    text: (row, say) => (row.closed_on === null ? say('在用', 'open') : say('已销户', 'closed')),
    sort: 'closed_on',
  },
]

const states = { open: { zh: '在用', en: 'open' }, closed: { zh: '已销户', en: 'closed' } } as const

const listPage = tablePage(home, {
  title,
  permits: 'accounts.read',
  query: {
    q: text(100).optional(),
    collector: collectorCode.optional(),
    supply: z.enum(supplies).optional(),
    state: z.enum(['open', 'closed']).optional(),
  },
  filters: async ({ services }) => [
    { name: 'q', label: { zh: '户号或户名', en: 'number or name' }, kind: 'text' },
    await collectorFilter(services.db),
    {
      name: 'supply',
      label: { zh: '水源', en: 'supply' },
      kind: 'choice',
      choices: (say) => supplies.map((each) => [each, say(supplyNames[each])]),
    },
    {
      name: 'state',
      label: { zh: '状态', en: 'state' },
      kind: 'choice',
      choices: (say) => (['open', 'closed'] as const).map((each) => [each, say(states[each])]),
    },
  ],
  columns,
  rows: ({ query, say }) => accountListRows(query, say.language),
  counted: ({ query }) => accountListCounted(query),
  order: { by: 'account_no', direction: 'asc' },
  indexed: ['account_no'],
  unique: 'id',
  open: (row) => pathOf(row.collector_code, row.account_no),
  file: title,
  next: ({ say, visitor }) => (
    <NextStep permits="dischargers.open-account" visitor={visitor} href="/office/accounts/new">
      {say('开户', 'open an account')}
    </NextStep>
  ),
  empty: ({ say }) => ({
    text: say(
      '还没有用水户。从登记表成批导入，或逐户开户。',
      'No accounts yet. Import a registry file, or open them one by one.',
    ),
    action: <PrimaryLink href="/office/registry/upload">{say('导入登记表', 'import a registry file')}</PrimaryLink>,
  }),
})

const ofAccount = { collector: collectorCode, account: accountNo }
type OfAccount = PageAsked<typeof ofAccount>

const crumbsOf = ({
  say,
  params,
}: {
  readonly say: Say
  readonly params: { readonly collector: string; readonly account: string }
}): readonly Crumb[] => [
  { text: say(title), href: home },
  { text: params.account, href: pathOf(params.collector, params.account) },
]

const chosen = ({ params }: OfAccount) => ({ collectorCode: params.collector, accountNo: params.account })

const whose = async ({ services, params, say }: OfAccount) => {
  const found = await findAccount(services.db, params.collector, params.account)
  if (isRefusal(found)) return found
  return (
    <Notice>
      {found.holderName}　{say('户号', 'account')} <code>{found.accountNo}</code>
    </Notice>
  )
}

/** The life of the account a page is about, where there is one. */
async function lifeOf({ services, params }: OfAccount) {
  const found = await findAccount(services.db, params.collector, params.account)
  return isRefusal(found) ? undefined : (await loadLives(services.db, [found.accountId])).get(found.accountId)
}

const back = (asked: OfAccount, zh: string, en: string) => ({
  to: pathOf(asked.params.collector, asked.params.account),
  said: asked.say(zh, en),
})

const dayField = (zh: string, en: string) =>
  ({
    label: { zh, en },
    help: { zh: '当日起生效。', en: 'Holds from that day on.' },
    kind: 'date',
    schema: date,
  }) as const
const reasonField = { label: { zh: '原因', en: 'reason' }, kind: 'long', schema: text(500) } as const

const groupField = {
  label: { zh: '用户群体（办法第九条）', en: 'group of payers (Measures art. 9)' },
  kind: 'choice',
  choices: async ({ services, say }: PageAsked) =>
    (await listPayerGroups(services.db)).map(({ code, nameZh, nameEn }) => [code, say(nameZh, nameEn)] as const),
  schema: text(),
} as const
const categoryField = {
  label: { zh: '价格类别', en: 'price category' },
  kind: 'choice',
  choices: async ({ services, say }: PageAsked) =>
    (await listPriceCategories(services.db)).map(({ code, nameZh, nameEn }) => [code, say(nameZh, nameEn)] as const),
  schema: text(),
} as const

const openFields = {
  collector: {
    label: { zh: '代征单位', en: 'collector' },
    kind: 'choice',
    choices: async ({ services }: PageAsked) =>
      (await listCollectors(services.db)).map(({ code, name }) => [code, name] as const),
  },
  accountNo: { label: { zh: '户号', en: 'account number' }, schema: text(40) },
  dischargerCode: dischargerField,
  supply: {
    label: { zh: '水源', en: 'supply' },
    kind: 'choice',
    choices: ({ say }: PageAsked) => supplies.map((each) => [each, say(supplyNames[each])] as const),
    schema: z.enum(supplies) as z.ZodType<Supply, string>,
  },
  payerGroup: groupField,
  category: categoryField,
  address: { label: { zh: '地址', en: 'address' }, optional: true, schema: text(500) },
  openedOn: dayField('开户日', 'opened on'),
} as const satisfies Fields

const openPage = formPage('/office/accounts/new', {
  title: { zh: '开户', en: 'open an account' },
  permits: 'dischargers.open-account',
  query: { discharger: text(100).optional() },
  crumbs: ({ say }) => [{ text: say(title), href: home }],
  about: ({ say }) => (
    <Notice>
      {say(
        '生产企业须先有生效的《污水统一纳管处理协议》（办法第二条）。',
        'A production enterprise needs a connection agreement in force first (Measures art. 2).',
      )}
    </Notice>
  ),
  initial: ({ query }) => ({ dischargerCode: query.discharger ?? '', supply: 'public' }),
  fields: openFields,
  run: ({ services }, { collector, ...values }, { envelope }) =>
    openAccount(services, envelope, { collectorCode: collector, ...given(values) }),
  preview: (answer, asked, values) =>
    previewOfTyped(asked as never, openFields, values, {
      button: asked.say(
        `为“${answer.holder}”开户 ${answer.accountNo}`,
        `open ${answer.accountNo} for “${answer.holder}”`,
      ),
    }),
  done: (answer, { say }) => ({
    to: pathOf(answer.collector, answer.accountNo),
    said: say(
      `已为“${answer.holder}”开户 ${answer.accountNo}，${answer.openedOn} 起。`,
      `Opened ${answer.accountNo} for “${answer.holder}” from ${answer.openedOn}.`,
    ),
  }),
})

const transferFields = {
  toDischargerCode: { ...dischargerField, label: { zh: '新用户', en: 'new holder' } },
  on: dayField('过户日', 'day of transfer'),
} as const satisfies Fields

const categoryFields = {
  payerGroup: { ...groupField, optional: true },
  category: categoryField,
  on: dayField('变更日', 'day of the change'),
  evidence: { label: { zh: '依据', en: 'evidence' }, schema: text(500) },
} as const satisfies Fields

const suspensionFields = {
  from: dayField('报停日', 'suspended from'),
  until: {
    label: { zh: '恢复日', en: 'until' },
    help: { zh: '已知时填；自该日起恢复。', en: 'Where it is known: the first day of use again.' },
    kind: 'date',
    optional: true,
    schema: date,
  },
  reason: reasonField,
} as const satisfies Fields

const resumptionFields = { on: dayField('恢复日', 'resumed on') } as const satisfies Fields

const readings = z
  .string()
  .refine(
    (said) => said.split('\n').every((line) => line.trim() === '' || /^\S+[=＝\s]+\S+$/.test(line.trim())),
    '每行写作 表号=读数 · each line as meter=reading',
  )
  .transform((said) => pairsOf(said).map(([meterNo, reading]) => ({ meterNo, reading })))

function pairsOf(said: string): (readonly [string, string])[] {
  return said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [left = '', right = ''] = line.split(/[=＝\s]+/)
      return [left, right] as const
    })
}

const closingFields = {
  on: {
    ...dayField('销户日', 'closed on'),
    help: { zh: '自该日起没有这个户。', en: 'The first day without the account.' },
  },
  finalReadings: {
    label: { zh: '拆表读数', en: 'final readings' },
    help: { zh: '每只在用的表一行：表号=读数。', en: 'A line for each meter that hangs: meter=reading.' },
    kind: 'long',
    optional: true,
    schema: readings,
  },
  reason: reasonField,
} as const satisfies Fields

const counterFields = {
  meterNo: { label: { zh: '表号', en: 'meter' }, schema: text(100) },
  sizeMm: { label: { zh: '口径（mm）', en: 'size (mm)' }, kind: 'number', optional: true, schema: count(1, 10_000) },
  digits: {
    label: { zh: '位数', en: 'digits' },
    help: { zh: '计数器整数位，用于判断翻转。', en: 'Places of the counter: it turns over beyond them.' },
    kind: 'number',
    schema: count(1, 12),
  },
  multiplier: { label: { zh: '倍率', en: 'multiplier' }, kind: 'number', schema: text(40) },
  initialReading: { label: { zh: '装表读数', en: 'initial reading' }, kind: 'number', schema: text(40) },
  runsBackwards: { label: { zh: '倒装', en: 'runs backwards' }, kind: 'check' },
} as const satisfies Fields

const installFields = {
  ...counterFields,
  purpose: {
    label: { zh: '用途', en: 'purpose' },
    kind: 'choice',
    choices: ({ say }: PageAsked) => meterPurposes.map((each) => [each, say(meterPurposeNames[each])] as const),
    schema: z.enum(meterPurposes) as z.ZodType<MeterPurpose, string>,
  },
  masterMeterNo: { label: { zh: '总表表号', en: 'master meter' }, optional: true, schema: text(100) },
  on: dayField('装表日', 'installed on'),
} as const satisfies Fields

const replaceFields = {
  on: dayField('换表日', 'replaced on'),
  finalReading: { label: { zh: '旧表拆表读数', en: 'final reading of the old one' }, kind: 'number', schema: text(40) },
  ...counterFields,
  reason: reasonField,
} as const satisfies Fields

const removeFields = {
  on: dayField('拆表日', 'removed on'),
  finalReading: { label: { zh: '拆表读数', en: 'final reading' }, kind: 'number', schema: text(40) },
  reason: reasonField,
} as const satisfies Fields

const shares = z
  .string()
  .refine(
    (said) => said.split('\n').every((line) => line.trim() === '' || /^\S+[=＝\s]+\S+$/.test(line.trim())),
    '每行写作 户号=比例 · each line as account=ratio',
  )
  .transform((said) => pairsOf(said).map(([account, ratio]) => ({ accountNo: account, ratio })))

const shareFields = {
  from: dayField('自', 'from'),
  shares: {
    label: { zh: '分摊', en: 'shares' },
    help: {
      zh: '每户一行：户号=30%，合计须为 100%；最后一户取余数。只写一户 100% 即结束分摊。',
      en: 'A line each: account=30%, 100% in all; the last takes the rest. One account with 100% ends the sharing.',
    },
    kind: 'long',
    schema: shares,
  },
  unitM3: {
    label: { zh: '分到', en: 'divided to' },
    kind: 'choice',
    choices: ({ say }: PageAsked) =>
      [
        ['1', say('整立方米', 'whole m³')],
        ['0.001', say('三位小数', 'three decimals')],
      ] as const,
    schema: z.enum(['1', '0.001']) as z.ZodType<'1' | '0.001', string>,
  },
  agreement: { label: { zh: '分摊协议', en: 'the users’ agreement' }, schema: text(500) },
} as const satisfies Fields

const linesOf = (pairs: readonly object[]): string =>
  pairs.map((pair) => Object.values(pair as Record<string, string>).join(' = ')).join('；') || '—'

/** The list of accounts, and every command of an account's life. The guards of the stages that bill are handed in. */
export function accountPages(guards: Guards): readonly PageRoute[] {
  const options = { guards }
  const at = '/office/accounts/{collector}/{account}'
  return [
    listPage,
    openPage,
    formPage(`${at}/transfer`, {
      title: { zh: '过户', en: 'hand the account over' },
      permits: 'dischargers.transfer-account',
      params: ofAccount,
      crumbs: crumbsOf,
      about: whose,
      fields: transferFields,
      run: (asked, values, { envelope }) =>
        transferAccount(asked.services, envelope, { ...chosen(asked), ...values }, options),
      preview: (answer, { say }) => ({
        changes: [
          { what: say(`${answer.on} 起的缴费人`, `payer from ${answer.on}`), before: answer.from, after: answer.to },
        ],
        button: say(`过户给“${answer.to}”`, `hand over to “${answer.to}”`),
      }),
      done: (answer, asked) =>
        back(
          asked,
          `户号 ${answer.accountNo} 自 ${answer.on} 起由“${answer.to}”缴费。`,
          `“${answer.to}” pays for ${answer.accountNo} from ${answer.on}.`,
        ),
    }),
    formPage(`${at}/category`, {
      title: { zh: '变更群体或价格类别', en: 'change group or category' },
      permits: 'dischargers.change-account-category',
      params: ofAccount,
      crumbs: crumbsOf,
      about: whose,
      initial: async (asked) => {
        const present = (await lifeOf(asked))?.categories.findLast(({ until }) => until === null)
        return { payerGroup: present?.payerGroup ?? '', category: present?.categoryCode ?? '' }
      },
      fields: categoryFields,
      run: (asked, values, { envelope }) =>
        changeAccountCategory(asked.services, envelope, { ...chosen(asked), ...given(values) }, options),
      preview: async (answer, asked, values) => {
        const present = (await lifeOf(asked))?.categories.findLast(({ until }) => until === null)
        const groups = await categoryFields.payerGroup.choices(asked as never)
        const categories = await categoryFields.category.choices(asked as never)
        const named = (all: readonly (readonly [string, string])[], code: string | undefined) =>
          all.find(([each]) => each === code)?.[1] ?? code ?? '—'
        return previewOfTyped(asked as never, categoryFields, values, {
          before: {
            payerGroup: named(groups, present?.payerGroup),
            category: named(categories, present?.categoryCode),
          },
          button: asked.say(`自 ${answer.on} 起变更`, `change from ${answer.on}`),
        })
      },
      done: (answer, asked) =>
        back(
          asked,
          `户号 ${answer.accountNo} 自 ${answer.on} 起变更类别。`,
          `Category of ${answer.accountNo} changes on ${answer.on}.`,
        ),
    }),
    formPage(`${at}/suspension`, {
      title: { zh: '报停', en: 'suspend the account' },
      permits: 'dischargers.suspend-account',
      params: ofAccount,
      crumbs: crumbsOf,
      about: whose,
      fields: suspensionFields,
      run: (asked, values, { envelope }) =>
        suspendAccount(asked.services, envelope, { ...chosen(asked), ...given(values) }, options),
      preview: (answer, { say }) => ({
        changes: [
          {
            what: say('状态', 'state'),
            before: say('在用', 'open'),
            after: say(
              `${answer.from} 起报停${answer.until === null ? '' : `，${answer.until} 恢复`}`,
              `suspended from ${answer.from}${answer.until === null ? '' : ` until ${answer.until}`}`,
            ),
          },
        ],
        button: say(`报停户号 ${answer.accountNo}`, `suspend ${answer.accountNo}`),
      }),
      done: (answer, asked) =>
        back(
          asked,
          `户号 ${answer.accountNo} 自 ${answer.from} 起报停。`,
          `${answer.accountNo} is suspended from ${answer.from}.`,
        ),
    }),
    formPage(`${at}/resumption`, {
      title: { zh: '恢复用水', en: 'resume the account' },
      permits: 'dischargers.resume-account',
      params: ofAccount,
      crumbs: crumbsOf,
      about: whose,
      fields: resumptionFields,
      run: (asked, values, { envelope }) =>
        resumeAccount(asked.services, envelope, { ...chosen(asked), ...values }, options),
      preview: (answer, { say }) => ({
        changes: [
          {
            what: say('状态', 'state'),
            before: say('报停', 'suspended'),
            after: say(`${answer.on} 起在用`, `open from ${answer.on}`),
          },
        ],
        button: say(`恢复户号 ${answer.accountNo}`, `resume ${answer.accountNo}`),
      }),
      done: (answer, asked) =>
        back(
          asked,
          `户号 ${answer.accountNo} 自 ${answer.on} 起恢复用水。`,
          `${answer.accountNo} is open again from ${answer.on}.`,
        ),
    }),
    formPage(`${at}/closing`, {
      title: { zh: '销户', en: 'close the account' },
      permits: 'dischargers.close-account',
      params: ofAccount,
      crumbs: crumbsOf,
      about: async (asked) => {
        const who = await whose(asked)
        if (isRefusal(who)) return who
        return (
          <>
            {who}
            <Notice tone="waiting">
              {asked.say(
                '销户后不可恢复；再用水须另开新户。',
                'An account is closed for good; further use needs a new one.',
              )}
            </Notice>
          </>
        )
      },
      initial: async (asked) => ({
        finalReadings:
          (await lifeOf(asked))?.installations
            .filter(({ until }) => until === null)
            .map(({ meterNo }) => `${meterNo}=`)
            .join('\n') ?? '',
      }),
      fields: closingFields,
      run: (asked, { finalReadings = [], ...values }, { envelope }) =>
        closeAccount(asked.services, envelope, { ...chosen(asked), ...values, finalReadings }, options),
      preview: (answer, { say }, { finalReadings = [] }) => ({
        changes: [
          {
            what: say('状态', 'state'),
            before: say('在用', 'open'),
            after: say(`${answer.closedOn} 起销户`, `closed from ${answer.closedOn}`),
          },
          { what: say('拆表读数', 'final readings'), before: '—', after: linesOf(finalReadings) },
        ],
        button: say(`销户 ${answer.accountNo}`, `close ${answer.accountNo}`),
      }),
      done: (answer, asked) =>
        back(
          asked,
          `户号 ${answer.accountNo} 自 ${answer.closedOn} 起销户。`,
          `${answer.accountNo} is closed from ${answer.closedOn}.`,
        ),
    }),
    formPage(`${at}/meters/new`, {
      title: { zh: '装表', en: 'install a meter' },
      permits: 'dischargers.install-meter',
      params: ofAccount,
      crumbs: crumbsOf,
      about: whose,
      initial: () => ({ purpose: 'supply', multiplier: '' }),
      fields: installFields,
      run: (asked, values, { envelope }) =>
        installMeter(asked.services, envelope, { ...chosen(asked), ...given(values) }, options),
      preview: (answer, asked, values) =>
        previewOfTyped(asked as never, installFields, values, {
          button: asked.say(
            `在户号 ${answer.accountNo} 装表 ${answer.meterNo}`,
            `install ${answer.meterNo} at ${answer.accountNo}`,
          ),
        }),
      done: (answer, asked) =>
        back(asked, `已登记装表 ${answer.meterNo}，${answer.on}。`, `Meter ${answer.meterNo} hangs from ${answer.on}.`),
    }),
    formPage(`${at}/meters/{meter}/replacement`, {
      title: { zh: '换表', en: 'replace the meter' },
      permits: 'dischargers.replace-meter',
      params: { ...ofAccount, meter: text(100) },
      crumbs: crumbsOf,
      about: whose,
      initial: async (asked) => {
        const old = (await lifeOf(asked))?.installations.find(({ meterNo }) => meterNo === asked.params.meter)
        return { digits: old === undefined ? '' : String(old.digits), multiplier: old?.multiplier ?? '' }
      },
      fields: replaceFields,
      run: (asked, { on, finalReading, reason, ...fresh }, { envelope }) =>
        replaceMeter(
          asked.services,
          envelope,
          { ...chosen(asked), on, reason, old: { meterNo: asked.params.meter, finalReading }, fresh: given(fresh) },
          options,
        ),
      preview: (answer, { say }, values) => ({
        changes: [
          {
            what: say(`${answer.on} 起的水表`, `meter from ${answer.on}`),
            before: say(
              `${answer.removed}，拆表 ${values.finalReading}`,
              `${answer.removed}, final ${values.finalReading}`,
            ),
            after: say(
              `${answer.installed}，装表 ${values.initialReading}`,
              `${answer.installed}, initial ${values.initialReading}`,
            ),
          },
          {
            what: say('位数、倍率', 'digits, multiplier'),
            before: '',
            after: `${values.digits}，×${values.multiplier}`,
          },
        ],
        button: say(`换表 ${answer.removed} → ${answer.installed}`, `replace ${answer.removed} by ${answer.installed}`),
      }),
      done: (answer, asked) =>
        back(
          asked,
          `已登记换表 ${answer.removed} → ${answer.installed}，${answer.on}。`,
          `${answer.installed} took the place of ${answer.removed} on ${answer.on}.`,
        ),
    }),
    formPage(`${at}/meters/{meter}/removal`, {
      title: { zh: '拆表', en: 'take the meter down' },
      permits: 'dischargers.remove-meter',
      params: { ...ofAccount, meter: text(100) },
      crumbs: crumbsOf,
      about: whose,
      fields: removeFields,
      run: (asked, values, { envelope }) =>
        removeMeter(asked.services, envelope, { ...chosen(asked), meterNo: asked.params.meter, ...values }, options),
      preview: (answer, { say }) => ({
        changes: [
          {
            what: say(`水表 ${answer.meterNo}`, `meter ${answer.meterNo}`),
            before: say('在用', 'in place'),
            after: say(
              `${answer.on} 拆表，读数 ${answer.finalReading}`,
              `down on ${answer.on} at ${answer.finalReading}`,
            ),
          },
        ],
        button: say(`拆表 ${answer.meterNo}`, `take ${answer.meterNo} down`),
      }),
      done: (answer, asked) =>
        back(
          asked,
          `已登记拆表 ${answer.meterNo}，${answer.on}。`,
          `Meter ${answer.meterNo} is down from ${answer.on}.`,
        ),
    }),
    formPage(`${at}/meters/{meter}/shares`, {
      title: { zh: '一表多户分摊', en: 'share the meter' },
      permits: 'dischargers.set-meter-shares',
      params: { ...ofAccount, meter: text(100) },
      crumbs: crumbsOf,
      about: whose,
      initial: ({ params }) => ({ shares: `${params.account}=100%`, unitM3: '1' }),
      fields: shareFields,
      run: (asked, values: Values<typeof shareFields>, { envelope }) =>
        setMeterShares(
          asked.services,
          envelope,
          { collectorCode: asked.params.collector, meterNo: asked.params.meter, ...values },
          options,
        ),
      preview: (answer, { say }, values) => ({
        changes: [
          {
            what: say(
              `水表 ${answer.meterNo} 自 ${answer.from} 起的分摊`,
              `shares of ${answer.meterNo} from ${answer.from}`,
            ),
            before: '—',
            after: linesOf(values.shares),
          },
        ],
        button: say(
          `${answer.accounts} 户分摊水表 ${answer.meterNo}`,
          `share ${answer.meterNo} among ${answer.accounts}`,
        ),
      }),
      done: (answer, asked) =>
        back(
          asked,
          `水表 ${answer.meterNo} 自 ${answer.from} 起由 ${answer.accounts} 户分摊。`,
          `${answer.accounts} accounts share ${answer.meterNo} from ${answer.from}.`,
        ),
    }),
  ]
}
