import { z } from '@hono/zod-openapi'
import { addOrganisation } from './add-organisation.ts'
import { addStaff } from './add-staff.ts'
import { cited } from './cited.ts'
import { endRole } from './end-role.ts'
import { grantRole } from './grant-role.ts'
import { date, text } from './http/fields.ts'
import type { Said } from './http/route.ts'
import { type OrganisationKind, organisationKindNames, organisationKinds } from './organisation.ts'
import { columnsOf, listed } from './pages/columns.tsx'
import { type Fields, formPage } from './pages/forms.tsx'
import { type PageRoute, page } from './pages/page-route.ts'
import { ButtonLink, Facts, Notice, PlainTable, PrimaryLink } from './pages/parts.tsx'
import type { Say } from './pages/say.ts'
import { tablePage } from './pages/table.tsx'
import { refusePlatform } from './platform.refusals.ts'
import { setSetting } from './set-setting.ts'
import { isSettingName, settingCatalogue, settingNames, settingsInForce } from './settings.ts'
import { accessOfPerson } from './sign-in/access.page.tsx'
import { listStaff, organisationNames, type StaffMember } from './staff.queries.ts'
import { type Role, roleNames, roles } from './staff.ts'

const staffTitle: Said = { zh: '人员与岗位', en: 'people and roles' }
const staffCrumb = (say: Say) => ({ text: say(staffTitle), href: '/office/staff' })
const code = text(40)
/** People of enterprises are invited with their discharger, not entered here. */
const ownKinds = organisationKinds.filter((kind) => kind !== 'enterprise')
const roleSchema = z.enum(roles) as unknown as z.ZodType<Role, string>
const roleChoices = ({ say }: { readonly say: Say }) => roles.map((role) => [role, say(roleNames[role])] as const)

interface StaffRow {
  readonly code: string
  readonly name: string
  readonly organisation: string
  readonly certificate: string | null
  readonly roles: string
}
const col = columnsOf<StaffRow>()

/** Whether a person is one of those who are looked for. */
const answersTo = (member: StaffMember, q: string | undefined, role: Role | undefined): boolean =>
  (q === undefined ||
    [member.name, member.code, member.organisationName].some((text) => text.toLowerCase().includes(q.toLowerCase()))) &&
  (role === undefined || member.roles.some((each) => each.role === role))

const staffList = tablePage('/office/staff', {
  title: staffTitle,
  permits: 'staff.read',
  query: { q: text(100).optional(), role: roleSchema.optional() },
  filters: [
    { name: 'q', label: { zh: '姓名、代码或单位', en: 'name, code or organisation' }, kind: 'text' },
    { name: 'role', label: { zh: '岗位', en: 'role' }, kind: 'choice', choices: (say) => roleChoices({ say }) },
  ],
  columns: [
    col.code('code', '代码', 'code', (row) => row.code),
    col.text('name', '姓名', 'name', (row) => row.name),
    col.text('organisation', '单位', 'organisation', (row) => row.organisation),
    col.text('roles', '岗位', 'roles', (row) => row.roles),
    col.code('certificate', '执法证号', 'certificate', (row) => row.certificate, { wide: true }),
  ],
  rows: async ({ services, query: { q, role }, say }) =>
    listed<StaffRow>(
      { code: 'text', name: 'text', organisation: 'text', certificate: 'text', roles: 'text' },
      (await listStaff(services.db, services.clock.today()))
        .filter((member) => answersTo(member, q, role))
        .map((member) => ({
          code: member.code,
          name: member.name,
          organisation: member.organisationName,
          certificate: member.certificateNo,
          roles: member.roles.map(({ role }) => say(roleNames[role])).join(say('、', ', ')),
        })),
    ),
  order: { by: 'code', direction: 'asc' },
  unique: 'code',
  open: (row) => `/office/staff/${encodeURIComponent(row.code)}`,
  next: ({ say, may }) =>
    may('platform.add-staff') ? (
      <PrimaryLink href="/office/staff/new">{say('增加人员', 'add a person')}</PrimaryLink>
    ) : null,
  intro: ({ say }) => (
    <p class="buttons">
      <ButtonLink href="/office/organisations">{say('单位', 'organisations')}</ButtonLink>
    </p>
  ),
  file: staffTitle,
  empty: ({ say }) => ({ text: say('还没有人员。', 'Nobody yet.') }),
})

const personPage = page('/office/staff/{staff}', {
  title: { zh: '一个人员', en: 'one person' },
  permits: 'staff.read',
  params: { staff: code },
  show: async (asked) => {
    const { services, params, say, may } = asked
    const found = (await listStaff(services.db, services.clock.today())).find((member) => member.code === params.staff)
    if (found === undefined) return refusePlatform('staff_unknown', { staff: params.staff })
    const at = `/office/staff/${encodeURIComponent(found.code)}`
    return {
      title: found.name,
      crumbs: [staffCrumb(say)],
      next: may('platform.grant-role') ? (
        <PrimaryLink href={`${at}/grant`}>{say('授予岗位', 'give a role')}</PrimaryLink>
      ) : null,
      body: (
        <>
          <Facts
            of={[
              [say('代码', 'code'), <code>{found.code}</code>],
              [say('单位', 'organisation'), found.organisationName],
              [say('执法证号', 'certificate'), found.certificateNo],
            ]}
          />
          {found.roles.length === 0 ? (
            <Notice>{say('没有岗位：只能看人人可看的页面。', 'No role: nothing can be done.')}</Notice>
          ) : (
            <PlainTable
              columns={[
                { title: say('岗位', 'role') },
                { title: say('自', 'from') },
                { title: say('至（不含）', 'until') },
                { title: say('办理', 'change'), pressed: may('platform.end-role') },
              ]}
              rows={found.roles.map(({ role, validity }) => [
                say(roleNames[role]),
                validity.from,
                validity.until,
                may('platform.end-role') && validity.until === null ? (
                  <a href={`${at}/roles/${role}/end`}>{say('终止', 'end it')}</a>
                ) : (
                  ''
                ),
              ])}
            />
          )}
          {await accessOfPerson(asked as never, found)}
        </>
      ),
    }
  },
})

const addPage = formPage('/office/staff/new', {
  title: { zh: '增加人员', en: 'add a person' },
  permits: 'platform.add-staff',
  crumbs: ({ say }) => [staffCrumb(say)],
  initial: ({ services }) => ({ from: services.clock.today() }),
  fields: {
    code: {
      label: { zh: '代码', en: 'code' },
      help: { zh: '登录和办理记录用，定了不改。', en: 'Used to sign in and on record; it never changes.' },
      schema: code,
    },
    name: { label: { zh: '姓名', en: 'name' }, schema: text() },
    organisation: {
      label: { zh: '单位', en: 'organisation' },
      kind: 'choice',
      choices: ({ services }) => organisationNames(services.db, ownKinds),
    },
    role: {
      label: { zh: '岗位', en: 'role' },
      kind: 'choice',
      choices: roleChoices,
      optional: true,
      schema: roleSchema,
    },
    from: { label: { zh: '岗位自', en: 'role from' }, kind: 'date', optional: true, schema: date },
    certificateNo: { label: { zh: '执法证号', en: 'certificate' }, optional: true, schema: text(100) },
  },
  run: ({ services }, { organisation, role, from, certificateNo, ...values }, { envelope }) =>
    addStaff(services, envelope, {
      ...values,
      organisationCode: organisation,
      roles: role === undefined ? [] : [role],
      ...(from === undefined ? {} : { from }),
      ...(certificateNo === undefined ? {} : { certificateNo }),
    }),
  preview: ({ staff }, { say }, { name, organisation, role }) => ({
    changes: [
      { what: say('人员', 'person'), before: '—', after: `${name}（${staff}，${organisation}）` },
      { what: say('岗位', 'role'), before: '—', after: role === undefined ? '—' : say(roleNames[role]) },
    ],
    button: say(`增加人员 ${name}`, `add ${name}`),
  }),
  done: ({ staff }, { say }) => ({
    to: `/office/staff/${encodeURIComponent(staff)}`,
    said: say(`已增加人员 ${staff}。请再邀请其设置密码。`, `Added ${staff}. Invite them next to set a password.`),
  }),
})

const grantPage = formPage('/office/staff/{staff}/grant', {
  title: { zh: '授予岗位', en: 'give a person a role' },
  permits: 'platform.grant-role',
  params: { staff: code },
  crumbs: ({ say, params }) => [
    staffCrumb(say),
    { text: params.staff, href: `/office/staff/${encodeURIComponent(params.staff)}` },
  ],
  initial: ({ services }) => ({ from: services.clock.today() }),
  fields: {
    role: { label: { zh: '岗位', en: 'role' }, kind: 'choice', choices: roleChoices, schema: roleSchema },
    from: { label: { zh: '自', en: 'from' }, kind: 'date', schema: date },
  },
  run: ({ services, params }, values, { envelope }) =>
    grantRole(services, envelope, { staffCode: params.staff, ...values }),
  preview: ({ staff, role, from }, { say }) => ({
    changes: [
      {
        what: say(`${staff} 的岗位`, `roles of ${staff}`),
        before: say('没有此岗位', 'not this one'),
        after: say(`${roleNames[role as Role].zh}，自 ${from} 起`, `${roleNames[role as Role].en} from ${from}`),
      },
    ],
    button: say(`授予${roleNames[role as Role].zh}`, `give ${roleNames[role as Role].en}`),
  }),
  done: ({ staff, role }, { say }) => ({
    to: `/office/staff/${encodeURIComponent(staff)}`,
    said: say(`已授予 ${staff} ${roleNames[role as Role].zh}。`, `${staff} is now ${roleNames[role as Role].en}.`),
  }),
})

const endPage = formPage('/office/staff/{staff}/roles/{role}/end', {
  title: { zh: '终止岗位', en: 'end a person’s role' },
  permits: 'platform.end-role',
  params: { staff: code, role: z.enum(roles) },
  crumbs: ({ say, params }) => [
    staffCrumb(say),
    { text: params.staff, href: `/office/staff/${encodeURIComponent(params.staff)}` },
  ],
  initial: ({ services }) => ({ until: services.clock.today() }),
  fields: { until: { label: { zh: '自哪一天起不再担任', en: 'first day without it' }, kind: 'date', schema: date } },
  run: ({ services, params }, { until }, { envelope }) =>
    endRole(services, envelope, { staffCode: params.staff, role: params.role, until }),
  preview: ({ staff, role, until }, { say }) => ({
    changes: [
      {
        what: say(`${staff}：${roleNames[role as Role].zh}`, `${staff}: ${roleNames[role as Role].en}`),
        before: say('在岗', 'held'),
        after: say(`自 ${until} 起不再担任`, `ends on ${until}`),
      },
    ],
    button: say(`终止${roleNames[role as Role].zh}`, `end ${roleNames[role as Role].en}`),
  }),
  done: ({ staff, until }, { say }) => ({
    to: `/office/staff/${encodeURIComponent(staff)}`,
    said: say(`已终止 ${staff} 的岗位，自 ${until} 起。`, `The role of ${staff} ends on ${until}.`),
  }),
})

const organisationsPage = page('/office/organisations', {
  title: { zh: '单位', en: 'organisations' },
  permits: 'staff.read',
  show: async ({ services, say, may }) => {
    const rows = await services.db
      .selectFrom('organisations')
      .select(['code', 'name', 'kind'])
      .orderBy('code')
      .execute()
    return {
      title: say('单位', 'organisations'),
      crumbs: [staffCrumb(say)],
      next: may('platform.add-organisation') ? (
        <PrimaryLink href="/office/organisations/new">{say('增加单位', 'add an organisation')}</PrimaryLink>
      ) : null,
      body: (
        <PlainTable
          columns={[{ title: say('代码', 'code') }, { title: say('名称', 'name') }, { title: say('种类', 'kind') }]}
          rows={rows.map((each) => [
            <code>{each.code}</code>,
            each.name,
            say(organisationKindNames[each.kind as OrganisationKind]),
          ])}
        />
      ),
    }
  },
})

const organisationPage = formPage('/office/organisations/new', {
  title: { zh: '增加单位', en: 'add an organisation' },
  permits: 'platform.add-organisation',
  crumbs: ({ say }) => [staffCrumb(say), { text: say('单位', 'organisations'), href: '/office/organisations' }],
  fields: {
    code: { label: { zh: '代码', en: 'code' }, schema: code },
    name: { label: { zh: '名称', en: 'name' }, schema: text() },
    kind: {
      label: { zh: '种类', en: 'kind' },
      kind: 'choice',
      choices: ({ say }) => organisationKinds.map((kind) => [kind, say(organisationKindNames[kind])] as const),
    },
  },
  run: ({ services }, values, { envelope }) => addOrganisation(services, envelope, values),
  preview: ({ organisation }, { say }, { name, kind }) => ({
    changes: [
      { what: organisation, before: '—', after: `${name}（${say(organisationKindNames[kind as OrganisationKind])}）` },
    ],
    button: say(`增加单位 ${name}`, `add ${name}`),
  }),
  done: ({ organisation }, { say }) => ({
    to: '/office/organisations',
    said: say(`已增加单位 ${organisation}。`, `Added ${organisation}.`),
  }),
})

// Settings

const settingsTitle: Said = { zh: '设置', en: 'settings' }

interface SettingRow {
  readonly place: number
  readonly name: string
  readonly words: string
  readonly value: string
  readonly is_default: boolean
  readonly citation: string
  readonly set_by: string | null
}
const settingCol = columnsOf<SettingRow>()
/** A value as people read it: what is chosen between yes and no says so. */
const settingInWords = (value: unknown, say: Say): string =>
  typeof value === 'boolean' ? (value ? say('是', 'yes') : say('否', 'no')) : String(value)

const settingList = tablePage('/office/settings', {
  title: settingsTitle,
  permits: 'settings.read',
  query: { q: text(100).optional(), from: z.enum(['default', 'set']).optional() },
  filters: [
    { name: 'q', label: { zh: '设置、名称或依据', en: 'setting, name or citation' }, kind: 'text' },
    {
      name: 'from',
      label: { zh: '来源', en: 'from' },
      kind: 'choice',
      choices: (say) => [
        ['default', say('默认', 'default')],
        ['set', say('本单位设定', 'set by the office')],
      ],
    },
  ],
  columns: [
    settingCol.text('words', '设置', 'setting', (row) => row.words, { sort: 'place' }),
    settingCol.code('name', '名称', 'name', (row) => row.name, { wide: true }),
    settingCol.text('value', '现值', 'value', (row) => row.value, {
      cell: (row, say) => (row.value === '' ? say('（空）', '(empty)') : row.value),
    }),
    settingCol.text(
      'is_default',
      '来源',
      'from',
      (row, say) => (row.is_default ? say('默认', 'default') : (row.set_by ?? '')),
      {
        wide: true,
        cell: (row, say) => (
          <span class="unbroken">{row.is_default ? say('默认', 'default') : (row.set_by ?? '')}</span>
        ),
      },
    ),
    settingCol.text('citation', '依据', 'citation', (row) => row.citation, { wide: true }),
  ],
  rows: async ({ services, query: { q, from }, say }) =>
    listed<SettingRow>(
      {
        place: 'integer',
        name: 'text',
        words: 'text',
        value: 'text',
        is_default: 'boolean',
        citation: 'text',
        set_by: 'text',
      },
      (await settingsInForce(services.db))
        .map((each, place) => ({
          place,
          name: each.name,
          words: say(settingCatalogue[each.name]),
          value: settingInWords(each.value, say),
          is_default: each.isDefault,
          citation: cited(each.citation, say.language),
          set_by: each.setBy ?? null,
        }))
        .filter(
          ({ words, name, citation }) =>
            q === undefined || [words, name, citation].some((each) => each.toLowerCase().includes(q.toLowerCase())),
        )
        .filter((each) => from === undefined || each.is_default === (from === 'default')),
    ),
  order: { by: 'place', direction: 'asc' },
  unique: 'place',
  open: (row) => `/office/settings/${row.name}`,
  file: settingsTitle,
  empty: ({ say }) => ({ text: say('没有设置。', 'There are no settings.') }),
})

const isFlag = (name: string | undefined): boolean =>
  name !== undefined && isSettingName(name) && settingCatalogue[name].kind === 'flag'
const settingFields = {
  value: {
    label: { zh: '新值', en: 'new value' },
    kind: 'choice',
    orTyped: true,
    choices: ({ params, say }) =>
      isFlag((params as { readonly setting?: string }).setting)
        ? [true, false].map((value) => [String(value), settingInWords(value, say)] as const)
        : [],
    schema: text(100),
  },
  citation: {
    label: { zh: '依据（文号或会议）', en: 'citation' },
    help: {
      zh: '每次修改都须写明依据，并留在办理记录里。',
      en: 'Every change rests on a document and stays on record.',
    },
    kind: 'long',
    schema: text(500),
  },
} as const satisfies Fields

const settingPage = formPage('/office/settings/{setting}', {
  title: { zh: '修改设置', en: 'change a setting' },
  permits: 'platform.set-setting',
  params: { setting: text(100) },
  crumbs: ({ say }) => [{ text: say(settingsTitle), href: '/office/settings' }],
  about: async ({ services, params, say }) => {
    if (!isSettingName(params.setting))
      return refusePlatform('setting_unknown', { name: params.setting, known: settingNames.join('、') })
    const found = (await settingsInForce(services.db)).find(({ name }) => name === params.setting)
    return (
      <Facts
        of={[
          [say('设置', 'setting'), say(settingCatalogue[params.setting])],
          [say('现值', 'value'), settingInWords(found?.value ?? '', say)],
          [say('依据', 'citation'), found === undefined ? undefined : cited(found.citation, say.language)],
          [say('设置人', 'set by'), found?.setBy],
        ]}
      />
    )
  },
  fields: settingFields,
  run: async ({ services, params }, values, { envelope }) =>
    setSetting(services, envelope, { name: params.setting, ...values }),
  preview: async ({ name, value }, { services, say }) => {
    const found = (await settingsInForce(services.db)).find((each) => each.name === name)
    return {
      changes: [
        {
          what: isSettingName(name) ? say(settingCatalogue[name]) : name,
          before: settingInWords(found?.value ?? '', say),
          after: settingInWords(value, say),
        },
      ],
      button: say(`改为 ${settingInWords(value, say)}`, `set it to ${settingInWords(value, say)}`),
    }
  },
  done: ({ name, value }, { say }) => ({
    to: '/office/settings',
    said: say(`已将 ${name} 改为 ${settingInWords(value, say)}。`, `${name} is now ${settingInWords(value, say)}.`),
  }),
})

/** People, organisations and settings. */
export const staffPages: readonly PageRoute[] = [
  staffList,
  personPage,
  addPage,
  grantPage,
  endPage,
  organisationsPage,
  organisationPage,
  settingList,
  settingPage,
]
