import type { Command } from 'commander'
import { isRefusal } from '../../kernel/refusal.ts'
import { type Cli, type Language, malformed, readCount } from '../cli.ts'
import { alignColumns, instantForPeople } from '../cli-text.ts'
import { readDate } from '../platform.cli.ts'
import { keyStateNames, listApiKeys } from './api-key.queries.ts'
import { createApiKey, daysOfKeyMaximum, revokeApiKey } from './api-keys.ts'
import { endAccess, endSessions, resetSecondFactor } from './end-access.ts'
import { endEnterpriseTie, type FindDischarger, inviteEnterpriseUser } from './enterprise-user.ts'
import { invite } from './invite.ts'
import { listSecurityEvents, securityEventNames } from './security-events.ts'
import { isFirstAdministrator, listSessions, listUsers, userStateNames } from './sign-in.queries.ts'

/** What a person is sent: the path of the server's address, which the command line does not know. */
function linkLines(token: string | null, expiresAt: string | null, language: Language): string[] {
  const zh = language === 'zh'
  if (token === null)
    return expiresAt === null
      ? []
      : [zh ? '链接只显示一次；需要时请重新邀请。' : 'The link was shown once; invite anew if it is needed.']
  const until = expiresAt === null ? '' : instantForPeople(new Date(expiresAt))
  return zh
    ? [`请把链接交给本人，${until} 前用一次：`, `  <服务地址>/invitation?token=${token}`]
    : [
        `Hand the link to the person; it works once until ${until}:`,
        `  <address of the server>/invitation?token=${token}`,
      ]
}

/** `users` and `keys`: who signs in, by which sessions and keys. */
export function registerSignInCommands(program: Command, cli: Cli, findDischarger: FindDischarger): void {
  registerUsers(program, cli, findDischarger)
  registerKeys(program, cli)
}

function registerUsers(program: Command, cli: Cli, findDischarger: FindDischarger): void {
  const users = program
    .command('users')
    .description('登录：邀请、会话、第二因素 who signs in: invitations, sessions, second factors')

  users
    .command('list')
    .description('人员登录情况 how people sign in')
    .addHelpText('after', '\n例 Example:\n  qingliu users list')
    .action(async () => {
      const { db, clock } = await cli.services()
      const found = await listUsers(db, { now: clock.now(), limit: 10_000 })
      cli.show(
        found.map((user) => ({ ...user, lastSignedInAt: user.lastSignedInAt?.toISOString() ?? null })),
        (language) =>
          alignColumns(
            language === 'zh'
              ? ['代码', '姓名', '单位', '状态', '第二因素', '会话', '最近登录']
              : ['code', 'name', 'organisation', 'state', 'second factor', 'sessions', 'last signed in'],
            found.map((user) => [
              user.code,
              user.name,
              user.organisation,
              userStateNames[user.state][language],
              user.secondFactor ? '✓' : '—',
              String(user.sessions),
              user.lastSignedInAt === null ? '—' : instantForPeople(user.lastSignedInAt),
            ]),
            [5],
          ),
      )
    })

  users
    .command('invite <code>')
    .description(
      '邀请设置密码，首个管理员也由此开始 invite a person to set a password; the first administrator begins here',
    )
    .addHelpText('after', '\n例 Example:\n  qingliu users invite clerk --as admin')
    .action(async (code: string) => {
      const services = await cli.services()
      // Until somebody administers by signing in, whoever runs the installation lets the first one in.
      const founder = (await isFirstAdministrator(services.db, code, cli.today())) ? code : undefined
      const outcome = await invite(services, cli.envelope(undefined, founder), { staffCode: code })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh' ? `已邀请 ${answer.staff}。` : `Invited ${answer.staff}.`,
        ...linkLines(answer.token, answer.expiresAt, language),
      ])
    })

  users
    .command('invite-enterprise <code> <name>')
    .description('邀请排污企业人员，只看到所列排污者 invite a person of an enterprise, who sees that discharger alone')
    .requiredOption('--discharger <code>', '排污者编号 discharger')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu users invite-enterprise shili-zhang 张三 --discharger P1001 --as clerk',
    )
    .action(async (code: string, name: string, options: { discharger: string }) => {
      const entry = { code, name, discharger: options.discharger }
      const outcome = await inviteEnterpriseUser(await cli.services(), cli.envelope(), entry, findDischarger)
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `${answer.staff} 自 ${answer.from} 起可查看排污者 ${answer.discharger}。`
          : `${answer.staff} sees the discharger ${answer.discharger} from ${answer.from}.`,
        ...linkLines(answer.token, answer.expiresAt, language),
      ])
    })

  users
    .command('end-enterprise <code>')
    .description('终止企业人员的查看范围 end what a person of an enterprise sees')
    .requiredOption('--discharger <code>', '排污者编号 discharger')
    .option('--until <date>', '自此日起不再可见，默认今天 first day without it, today by default')
    .addHelpText('after', '\n例 Example:\n  qingliu users end-enterprise shili-zhang --discharger P1001 --as clerk')
    .action(async (code: string, options: { discharger: string; until?: string }) => {
      const until = readDate('--until', options.until)
      if (isRefusal(until)) return cli.refuse(until)
      const end = { code, discharger: options.discharger, until }
      cli.showOutcome(
        await endEnterpriseTie(await cli.services(), cli.envelope(), end, findDischarger),
        (answer, language) => [
          language === 'zh'
            ? `${answer.staff} 自 ${answer.until} 起不再查看排污者 ${answer.discharger}。`
            : `${answer.staff} no longer sees the discharger ${answer.discharger} from ${answer.until}.`,
        ],
      )
    })

  users
    .command('reset-second-factor <code>')
    .description('重置第二因素，须他人办理 reset a second factor, by somebody else')
    .requiredOption('--reason <text>', '原因 reason')
    .addHelpText('after', '\n例 Example:\n  qingliu users reset-second-factor approver --reason 手机丢失 --as admin')
    .action(async (code: string, options: { reason: string }) => {
      const reset = { staffCode: code, reason: options.reason }
      cli.showOutcome(await resetSecondFactor(await cli.services(), cli.envelope(), reset), (answer, language) => [
        language === 'zh'
          ? `已重置 ${answer.staff} 的第二因素，其会话已结束；下次登录须重新设置。`
          : `Reset the second factor of ${answer.staff}; their sessions have ended, and they set up another at the next sign-in.`,
      ])
    })

  users
    .command('sessions')
    .description('登录会话 sessions that stand')
    .option('--user <code>', '只看一人 of one person')
    .addHelpText('after', '\n例 Example:\n  qingliu users sessions --user clerk')
    .action(async (options: { user?: string }) => {
      const { db, clock } = await cli.services()
      const found = await listSessions(db, { now: clock.now(), code: options.user })
      cli.show(
        found.map((each) => ({
          ...each,
          beganAt: each.beganAt.toISOString(),
          expiresAt: each.expiresAt.toISOString(),
        })),
        (language) =>
          alignColumns(
            language === 'zh'
              ? ['编号', '代码', '姓名', '开始', '来自', '到期']
              : ['session', 'code', 'name', 'since', 'from', 'until'],
            found.map((each) => [
              each.session,
              each.code,
              each.name,
              instantForPeople(each.beganAt),
              each.address,
              instantForPeople(each.expiresAt),
            ]),
          ),
      )
    })

  users
    .command('end-sessions <code>')
    .description('终止登录会话 end sessions')
    .option('--session <id>', '只终止这一个 this one only')
    .addHelpText('after', '\n例 Example:\n  qingliu users end-sessions clerk --as admin')
    .action(async (code: string, options: { session?: string }) => {
      const which = { staffCode: code, session: options.session }
      cli.showOutcome(await endSessions(await cli.services(), cli.envelope(), which), (answer, language) => [
        language === 'zh'
          ? `已终止 ${answer.staff} 的 ${answer.sessions} 个会话。`
          : `Sessions of ${answer.staff} ended: ${answer.sessions}.`,
      ])
    })

  users
    .command('end-access <code>')
    .description('停用登录：会话、密码、第二因素、密钥 end a person’s access: sessions, password, second factor, keys')
    .requiredOption('--reason <text>', '原因 reason')
    .addHelpText('after', '\n例 Example:\n  qingliu users end-access clerk --reason 离岗 --as admin')
    .action(async (code: string, options: { reason: string }) => {
      const end = { staffCode: code, reason: options.reason }
      cli.showOutcome(await endAccess(await cli.services(), cli.envelope(), end), (answer, language) => [
        language === 'zh'
          ? `已停用 ${answer.staff} 的登录，结束 ${answer.sessions} 个会话。`
          : `Ended the access of ${answer.staff}; sessions ended: ${answer.sessions}.`,
      ])
    })

  users
    .command('events')
    .description('登录安全事件 what happened at the door')
    .option('--user <code>', '只看一人 of one person')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', '\n例 Example:\n  qingliu users events --user clerk')
    .action(async (options: { user?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const found = await listSecurityEvents((await cli.services()).db, { code: options.user, limit })
      cli.show(
        found.map((event) => ({ ...event, happenedAt: event.happenedAt.toISOString() })),
        (language) =>
          alignColumns(
            language === 'zh' ? ['时间', '事件', '代码', '姓名', '来自'] : ['at', 'event', 'code', 'name', 'from'],
            found.map((event) => [
              instantForPeople(event.happenedAt),
              securityEventNames[event.event][language],
              event.code ?? '—',
              event.name ?? '—',
              event.address || '—',
            ]),
          ),
      )
    })
}

function registerKeys(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('API 密钥：供其他系统使用 API keys, for other systems')

  keys
    .command('create <code> <name>')
    .description('为某人名下的系统创建密钥，只显示一次 make a key for a system in a person’s name; it is shown once')
    .requiredOption('--permission <names>', '权限，逗号分隔 permissions, separated by commas')
    .option('--days <count>', '有效天数 days it lasts', '180')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu keys create water-system 营收系统对接 --permission readings.import,payments.import --as admin',
    )
    .action(async (code: string, name: string, options: { permission: string; days: string }) => {
      if (!/^\d{1,4}$/.test(options.days))
        return cli.refuse(malformed('--days', options.days, `1 … ${daysOfKeyMaximum}`))
      const permissions = options.permission.split(/[,，]/).map((each) => each.trim())
      const wanted = { staffCode: code, name, permissions, days: Number(options.days) }
      cli.showOutcome(await createApiKey(await cli.services(), cli.envelope(), wanted), (answer, language) => {
        const zh = language === 'zh'
        const until = instantForPeople(new Date(answer.expiresAt))
        return [
          zh
            ? `已为 ${answer.staff} 创建密钥 ${answer.key}（${answer.permissions.join('、')}），${until} 到期。`
            : `Made the key ${answer.key} for ${answer.staff} (${answer.permissions.join(', ')}), until ${until}.`,
          ...(answer.token === null
            ? []
            : [zh ? '密钥只显示这一次：' : 'The key is shown this once:', `  ${answer.token}`]),
        ]
      })
    })

  keys
    .command('list')
    .description('全部密钥 every key')
    .option('--user <code>', '只看一人 of one person')
    .addHelpText('after', '\n例 Example:\n  qingliu keys list')
    .action(async (options: { user?: string }) => {
      const { db, clock } = await cli.services()
      const found = await listApiKeys(db, { code: options.user, now: clock.now(), limit: 10_000 })
      cli.show(
        found.map((key) => ({
          ...key,
          expiresAt: key.expiresAt.toISOString(),
          recordedAt: key.recordedAt.toISOString(),
        })),
        (language) =>
          alignColumns(
            language === 'zh'
              ? ['编号', '代码', '名称', '开头', '权限', '到期', '状态']
              : ['no.', 'code', 'name', 'begins', 'permissions', 'until', 'state'],
            found.map((key) => [
              key.keyId,
              key.code,
              key.name,
              `${key.hint}…`,
              key.permissions.join(' '),
              instantForPeople(key.expiresAt),
              keyStateNames[key.state][language],
            ]),
            [0],
          ),
      )
    })

  keys
    .command('revoke <id>')
    .description('吊销密钥 revoke a key')
    .requiredOption('--reason <text>', '原因 reason')
    .addHelpText('after', '\n例 Example:\n  qingliu keys revoke 3 --reason 系统更换 --as admin')
    .action(async (id: string, options: { reason: string }) => {
      const revoked = { key: id, reason: options.reason }
      cli.showOutcome(await revokeApiKey(await cli.services(), cli.envelope(), revoked), (answer, language) => [
        language === 'zh'
          ? `已吊销 ${answer.staff} 的密钥 ${answer.key}。`
          : `Revoked the key ${answer.key} of ${answer.staff}.`,
      ])
    })
}
