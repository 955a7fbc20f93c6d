import { type Command, Option } from 'commander'
import { type CivilDate, parseCivilDate } from '../kernel/calendar.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { addOrganisation } from './add-organisation.ts'
import { addStaff } from './add-staff.ts'
import { newestAuditEvents } from './audit.queries.ts'
import { type Cli, type Language, type Lines, malformed, readCount } from './cli.ts'
import { alignColumns, instantForPeople, readableJson } from './cli-text.ts'
import { endRole } from './end-role.ts'
import { grantRole } from './grant-role.ts'
import { organisationKindNames, organisationKinds } from './organisation.ts'
import { refusePlatform } from './platform.refusals.ts'
import type { Json } from './platform.tables.ts'
import { type DecidedProposal, findProposal, listProposals, type Proposal } from './proposals.ts'
import { setSetting } from './set-setting.ts'
import { settingCatalogue, settingsInForce } from './settings.ts'
import { setUpOffice } from './setup.ts'
import { listStaff } from './staff.queries.ts'
import { roleNames, roles } from './staff.ts'

/** How a stage shows what waits for a second person, in the approver's words. */
export interface ProposalView {
  readonly zh: string
  readonly en: string
  /** The command by which another person decides it. */
  decide(proposal: Proposal): string
  /** What it is about as people call it (an account number, a bill number); without it the stored subject is shown. */
  subject?(content: Json, language: Language): string
  /** The content in words; without it the content is shown as indented JSON. */
  lines?(content: Json, language: Language): Lines
}

/** By kind of proposal; a kind without a view is shown as plain JSON, indented. */
export type ProposalViews = Readonly<Record<string, ProposalView>>

/** `setup`, `staff`, `settings`, `approvals`, `audit`. The views of the stages are loaded only where they are shown. */
export function registerPlatformCommands(program: Command, cli: Cli, views: () => Promise<ProposalViews>): void {
  registerSetup(program, cli)
  registerStaff(program, cli)
  registerSettings(program, cli)
  registerApprovals(program, cli, views)
  registerAudit(program, cli)
}

const kindsForPeople = organisationKinds.map((kind) => `${kind} ${organisationKindNames[kind].zh}`).join('、')

function registerSetup(program: Command, cli: Cli): void {
  program
    .command('setup')
    .description('初始化：登记首个单位与系统管理员（仅限空库） the first organisation and its administrator, once')
    .requiredOption('--organisation <code:name:kind>', `单位 代码:名称:类型（${kindsForPeople}）`)
    .requiredOption('--administrator <code:name>', '系统管理员 代码:姓名 the administrator')
    .option('--actor-by-flag <citation>', '生产环境允许 --as，写明依据 let production use --as, on this ground')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu setup --organisation bureau:区城管局:bureau --administrator admin:管理员',
    )
    .action(async (options: { organisation: string; administrator: string; actorByFlag?: string }) => {
      const organisation = /^([^:：]*)[:：](.*)[:：]([^:：]*)$/.exec(options.organisation)
      if (organisation === null) {
        return cli.refuse(malformed('--organisation', options.organisation, '代码:名称:类型 code:name:kind'))
      }
      const administrator = /^([^:：]*)[:：](.*)$/.exec(options.administrator)
      if (administrator === null) {
        return cli.refuse(malformed('--administrator', options.administrator, '代码:姓名 code:name'))
      }
      const [, code = '', name = '', kind = ''] = organisation
      const [, adminCode = '', adminName = ''] = administrator
      const services = await cli.services()
      const office = {
        organisation: { code, name, kind },
        administrator: { code: adminCode, name: adminName },
        ...(options.actorByFlag === undefined ? {} : { actorByFlagCitation: options.actorByFlag }),
      }
      const envelope = cli.envelope(['setup', JSON.stringify(office)], adminCode)
      cli.showOutcome(await setUpOffice(services, envelope, office), (answer, language) =>
        language === 'zh'
          ? [
              `已初始化：单位 ${answer.organisation}，系统管理员 ${answer.administrator}。`,
              `下一步：qingliu users invite ${answer.administrator}（取得设置密码的链接），再 qingliu staff add CODE 姓名 --organisation ${answer.organisation} --role bureau_clerk --as ${answer.administrator}`,
            ]
          : [
              `Set up: organisation ${answer.organisation}, administrator ${answer.administrator}.`,
              `Next: qingliu users invite ${answer.administrator} (for the link that sets the password), then qingliu staff add CODE NAME --organisation ${answer.organisation} --role bureau_clerk --as ${answer.administrator}`,
            ],
      )
    })
}

function registerStaff(program: Command, cli: Cli): void {
  const staff = program.command('staff').description('人员、单位与岗位 people, organisations and roles')
  const collect = (value: string, before: string[]) => [...before, ...value.split(/[,，]/)]

  staff
    .command('add <code> <name>')
    .description('增加人员 add a person')
    .requiredOption('--organisation <code>', '单位代码 organisation')
    .option('--role <role>', `岗位，可多次 role, repeatable: ${roles.join('、')}`, collect, [])
    .option('--from <date>', '岗位起始日 first day of the roles')
    .option('--certificate <no>', '执法证号 number of the law-enforcement certificate')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu staff add clerk 张三 --organisation bureau --role bureau_clerk --as admin',
    )
    .action(
      async (
        code: string,
        name: string,
        options: { organisation: string; role: string[]; from?: string; certificate?: string },
      ) => {
        const from = readDate('--from', options.from)
        if (isRefusal(from)) return cli.refuse(from)
        const outcome = await addStaff(await cli.services(), cli.envelope(), {
          code,
          name,
          organisationCode: options.organisation,
          roles: options.role,
          ...(from === undefined ? {} : { from }),
          ...(options.certificate === undefined ? {} : { certificateNo: options.certificate }),
        })
        cli.showOutcome(outcome, (answer, language) => {
          const held = answer.roles.map((role) => roleNames[role][language]).join(language === 'zh' ? '、' : ', ')
          return [
            language === 'zh'
              ? `已增加人员 ${answer.staff}（${held || '暂无岗位'}）。`
              : `Added ${answer.staff} (${held || 'no role yet'}).`,
          ]
        })
      },
    )

  staff
    .command('add-organisation <code> <name>')
    .description('增加单位 add an organisation')
    .addOption(
      new Option('--kind <kind>', `类型 kind（${kindsForPeople}）`).choices(organisationKinds).makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu staff add-organisation water 供水公司 --kind water_company --as admin',
    )
    .action(async (code: string, name: string, options: { kind: string }) => {
      const outcome = await addOrganisation(await cli.services(), cli.envelope(), { code, name, kind: options.kind })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh' ? `已增加单位 ${answer.organisation}。` : `Added the organisation ${answer.organisation}.`,
      ])
    })

  staff
    .command('list')
    .description('人员与岗位 people and their roles')
    .addHelpText('after', '\n例 Example:\n  qingliu staff list')
    .action(async () => {
      const members = await listStaff((await cli.services()).db, cli.today())
      cli.show(
        members.map(({ roles: held, ...member }) => ({
          ...member,
          roles: held.map(({ role, validity }) => ({ role, from: validity.from, until: validity.until })),
        })),
        (language) =>
          alignColumns(
            language === 'zh' ? ['代码', '姓名', '单位', '岗位'] : ['code', 'name', 'organisation', 'roles'],
            members.map((member) => [
              member.code,
              member.name,
              member.organisationName,
              member.roles
                .map(({ role, validity }) => {
                  const name = roleNames[role][language]
                  if (validity.from > cli.today()) return `${name}（${validity.from} →）`
                  return validity.until === null ? name : `${name}（→ ${validity.until}）`
                })
                .join(language === 'zh' ? '、' : ', '),
            ]),
          ),
      )
    })

  staff
    .command('grant <code> <role>')
    .description('授予岗位 give a person a role')
    .option('--from <date>', '起始日 first day')
    .addHelpText('after', '\n例 Example:\n  qingliu staff grant clerk bureau_approver --as admin')
    .action(async (code: string, role: string, options: { from?: string }) => {
      const from = readDate('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const grant = { staffCode: code, role, ...(from === undefined ? {} : { from }) }
      cli.showOutcome(await grantRole(await cli.services(), cli.envelope(), grant), (answer, language) => [
        language === 'zh'
          ? `${answer.staff} 自 ${answer.from} 起任 ${answer.role}。`
          : `${answer.staff} is ${answer.role} from ${answer.from}.`,
      ])
    })

  staff
    .command('end <code> <role>')
    .description('终止岗位 end a person’s role')
    .option('--until <date>', '自此日起不再任此岗位 first day without the role')
    .addHelpText('after', '\n例 Example:\n  qingliu staff end clerk bureau_approver --until 2026-07-01 --as admin')
    .action(async (code: string, role: string, options: { until?: string }) => {
      const until = readDate('--until', options.until)
      if (isRefusal(until)) return cli.refuse(until)
      const end = { staffCode: code, role, ...(until === undefined ? {} : { until }) }
      cli.showOutcome(await endRole(await cli.services(), cli.envelope(), end), (answer, language) => [
        language === 'zh'
          ? `${answer.staff} 自 ${answer.until} 起不再任 ${answer.role}。`
          : `${answer.staff} is no longer ${answer.role} from ${answer.until}.`,
      ])
    })
}

function registerSettings(program: Command, cli: Cli): void {
  const settings = program.command('settings').description('设置及其依据 settings and the ground of each')

  settings
    .command('list')
    .description('全部设置 every setting')
    .addHelpText('after', '\n例 Example:\n  qingliu settings list')
    .action(async () => {
      const inForce = await settingsInForce((await cli.services()).db)
      cli.show(
        inForce.map(({ recordedAt, setBy, ...setting }) => ({
          ...setting,
          setBy: setBy ?? null,
          recordedAt: recordedAt?.toISOString() ?? null,
          zh: settingCatalogue[setting.name].zh,
          en: settingCatalogue[setting.name].en,
        })),
        (language) =>
          alignColumns(
            language === 'zh'
              ? ['设置', '值', '依据', '设定人', '说明']
              : ['setting', 'value', 'ground', 'set by', 'meaning'],
            inForce.map((setting) => [
              setting.name,
              String(setting.value),
              setting.citation,
              setting.setBy ?? (language === 'zh' ? '默认' : 'default'),
              settingCatalogue[setting.name][language],
            ]),
            [1],
          ),
      )
    })

  settings
    .command('set <name> <value>')
    .description('修改设置 change a setting')
    .requiredOption('--citation <text>', '依据：文件、文号或决定 the document or decision it rests on')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu settings set estimates.maximum_in_a_row 2 --citation 局务会2026年第3次会议 --as admin',
    )
    .action(async (name: string, value: string, options: { citation: string }) => {
      const change = { name, value, citation: options.citation }
      cli.showOutcome(await setSetting(await cli.services(), cli.envelope(), change), (answer, language) => [
        language === 'zh'
          ? `${answer.name} 已设为 ${String(answer.value)}（依据：${answer.citation}）。`
          : `${answer.name} is now ${String(answer.value)} (on the ground of: ${answer.citation}).`,
      ])
    })
}

function registerApprovals(program: Command, cli: Cli, views: () => Promise<ProposalViews>): void {
  const approvals = program.command('approvals').description('待第二人审批的事项 what waits for a second person')

  approvals
    .command('list')
    .description('待审批事项 what waits to be decided')
    .option('--all', '含已审批的 decided ones too')
    .addHelpText('after', '\n例 Example:\n  qingliu approvals list')
    .action(async (options: { all?: boolean }) => {
      const { db } = await cli.services()
      const [proposals, known] = await Promise.all([listProposals(db, { undecided: !options.all }), views()])
      cli.show(
        proposals.map((proposal) => proposalFields(proposal, known)),
        (language) => {
          if (proposals.length === 0) return [language === 'zh' ? '没有待审批的事项。' : 'Nothing waits for approval.']
          return alignColumns(
            language === 'zh'
              ? ['编号', '事项', '对象', '经办', '经办时间', '内容摘要', '审批']
              : ['no.', 'what', 'subject', 'maker', 'made at', 'digest', 'decision'],
            proposals.map((proposal) => [
              proposal.id,
              known[proposal.kind]?.[language] ?? proposal.kind,
              subjectOf(proposal, known, language),
              proposal.makerName,
              instantForPeople(proposal.recordedAt),
              proposal.contentDigest.slice(0, 12),
              decisionText(proposal, language),
            ]),
            [0],
          )
        },
      )
    })

  approvals
    .command('show <id>')
    .description('一项的全部内容 one of them in full')
    .addHelpText('after', '\n例 Example:\n  qingliu approvals show 12')
    .action(async (id: string) => {
      const { db } = await cli.services()
      const proposal = /^\d{1,18}$/.test(id) ? await findProposal(db, id) : undefined
      if (proposal === undefined)
        return cli.refuse(refusePlatform('proposal_missing', { proposal: id, kind: '任何类别 any kind' }))
      const known = await views()
      const view = known[proposal.kind]
      cli.show({ ...proposalFields(proposal, known), content: proposal.content }, (language) => {
        const decided = proposal.decision
        const subject = subjectOf(proposal, known, language)
        const head =
          language === 'zh'
            ? [
                `事项 ${proposal.id}：${view?.zh ?? proposal.kind}　${subject}`,
                `经办：${proposal.makerName}（${proposal.makerCode}）　${instantForPeople(proposal.recordedAt)}`,
                `内容摘要：${proposal.contentDigest}`,
              ]
            : [
                `No. ${proposal.id}: ${view?.en ?? proposal.kind}  ${subject}`,
                `Maker: ${proposal.makerName} (${proposal.makerCode})  ${instantForPeople(proposal.recordedAt)}`,
                `Digest: ${proposal.contentDigest}`,
              ]
        return [
          ...head,
          ...(decided === undefined ? [] : [decisionText(proposal, language)]),
          '',
          ...(view?.lines?.(proposal.content, language) ?? readableJson(proposal.content)),
          ...(decided !== undefined || view === undefined
            ? []
            : ['', `${language === 'zh' ? '由他人审批' : 'Another person decides it'}: ${view.decide(proposal)}`]),
        ]
      })
    })
}

function subjectOf(proposal: Proposal, views: ProposalViews, language: Language): string {
  return views[proposal.kind]?.subject?.(proposal.content, language) ?? proposal.subject
}

function proposalFields(proposal: DecidedProposal, views: ProposalViews): { [field: string]: Json } {
  const { decision } = proposal
  return {
    id: proposal.id,
    kind: proposal.kind,
    subject: subjectOf(proposal, views, 'zh'),
    digest: proposal.contentDigest,
    maker: { code: proposal.makerCode, name: proposal.makerName },
    recordedAt: proposal.recordedAt.toISOString(),
    decision:
      decision === undefined
        ? null
        : {
            outcome: decision.outcome,
            person: decision.personName,
            reason: decision.reason,
            at: decision.at.toISOString(),
          },
  }
}

function decisionText({ decision }: DecidedProposal, language: Language): string {
  if (decision === undefined) return ''
  const zh = { approved: '批准', returned: '退回', withdrawn: '撤回' }[decision.outcome]
  const reason = decision.reason === '' ? '' : `（${decision.reason}）`
  return `${decision.personName} ${language === 'zh' ? zh : decision.outcome}${reason}`
}

function registerAudit(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('审计记录 the audit trail')

  audit
    .command('list')
    .description('最近的办理记录 the newest events')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', '\n例 Example:\n  qingliu audit list --limit 20')
    .action(async (options: { limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const events = await newestAuditEvents((await cli.services()).db, limit)
      cli.show(
        events.map((event) => ({ ...event, recordedAt: event.recordedAt.toISOString() })),
        (language) =>
          alignColumns(
            language === 'zh'
              ? ['序号', '记录时间', '办理日', '经办', '命令', '命令编号', '哈希']
              : ['seq', 'recorded at', 'acting on', 'actor', 'command', 'command id', 'hash'],
            events.map((event) => [
              event.seq,
              instantForPeople(event.recordedAt),
              event.actingOn,
              event.actorName,
              event.command,
              event.commandId,
              event.hash.slice(0, 12),
            ]),
            [0],
          ),
      )
    })
}

/** Reads an optional date of the command line; `undefined` where it was not given. */
export function readDate(field: string, text: string | undefined): CivilDate | undefined | Refusal {
  if (text === undefined) return undefined
  return parseCivilDate(text) ?? malformed(field, text, 'YYYY-MM-DD')
}
