import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { schedule as tickEvery } from 'node-cron'
import { pino } from 'pino'
import { durabilityOfEmbedded, refuseUnfitSchema } from '../db/refuse-unfit-schema.ts'
import { refuseJob } from '../jobs/jobs.refusals.ts'
import { runDueJobs, type SlotEvent } from '../jobs/run-due-jobs.ts'
import { sendDueMessages, sentInWords } from '../jobs/send-due-messages.ts'
import { version } from '../package.json'
import { partsOnNode } from './api/on-node.ts'
import { createApp } from './app.tsx'
import { type CivilDate, parseCivilDate, timeZone } from './kernel/calendar.ts'
import { systemClock } from './kernel/clock.ts'
import { isRefusal, type Refusal, refusalKinds } from './kernel/refusal.ts'
import type { Services } from './platform/command.ts'
import { printerWhenUsed } from './platform/documents/printer-when-used.ts'
import { secretOf } from './platform/files-secret.ts'
import { type Access, accessFrom } from './platform/http/access.ts'
import { openDatabase } from './platform/open-database.ts'
import { carriersFrom } from './platform/outbox/carriers-when-used.ts'
import { refusePlatform } from './platform/platform.refusals.ts'
import { isProduction } from './platform/production.ts'
import { rememberAddress } from './platform/sign-in/client-address.ts'
import { refuseSignIn } from './platform/sign-in/sign-in.refusals.ts'
import { signInWith } from './platform/sign-in/sign-in.ts'
import { causeOf, isUnreachable } from './platform/unreachable.ts'

/** How long a stop waits for requests, and for the slot that is being worked on. */
const requestPatience = 10_000
const jobPatience = 30_000
/** Two signals closer than this are one. */
const sameSignal = 500

const usage = `清流服务 · the server of Qingliu

  --port <port>    端口 port; 0 takes any free one (QINGLIU_PORT, 8787)
  --host <host>    监听地址 the address to listen on (QINGLIU_HOST, 127.0.0.1)
  --data <folder>  内嵌数据库目录 folder of the embedded database (QINGLIU_DATA, .qingliu)
  --today <date>   所有人以此日期办理，仅供演示，生产环境不接受 everybody acts for this day: for demonstrations; production refuses it
  --help

  QINGLIU_ENV=production    生产环境（未设时看 NODE_ENV）：须有 DATABASE_URL 和 QINGLIU_SECRET，不接受 --today 和 QINGLIU_DEV_ACTOR
                            production (NODE_ENV where it is unset): needs both, refuses --today and a development actor
  QINGLIU_SECRET=<text>     登录会话的密钥，32 个字符以上；生产环境必填，否则存于数据库目录
                            protects sessions, 32 characters or more; production needs it, else it is kept in the folder
  QINGLIU_HTTPS=1           浏览器只经 https 到达（由前置代理终结 TLS） browsers come by https alone, ended by a proxy
  QINGLIU_PROXY_HEADER=<h>  前置代理写入访客地址的标头，例如 x-forwarded-for the header in which the proxy tells a visitor’s address
  QINGLIU_DEV_ACTOR=<code>  开发时不登录，人人即此人，仅限本机；生产环境不接受
                            no sign-in: everybody is this person, on this machine alone; production refuses it

  QINGLIU_SMTP_URL, QINGLIU_MAIL_FROM   发邮件的服务器与发件人 the server and the sender of mails
  QINGLIU_SMS_URL, QINGLIU_SMS_SECRET   短信接口与签名密钥 the hook for SMS and its secret

  数据库 database: DATABASE_URL (PostgreSQL), 否则用内嵌数据库 else the embedded one

例 Example:
  npm run serve -- --port 8787
`

/** Logs go to standard error, one JSON object a line; standard output is for people. */
const log = pino({ base: { app: 'qingliu', version } }, pino.destination({ fd: 2, sync: true }))
const say = (line: string) => void process.stdout.write(`${line}\n`)

interface ServerOptions {
  readonly port: number
  readonly host: string
  readonly folder: string
  readonly today: CivilDate | undefined
}

/** Reads the command line over the environment. Refuses what is no port, no address and no day, and a day in production. */
function readOptions(words: readonly string[]): ServerOptions | 'help' | Refusal {
  const { env } = process
  let given: { port?: string; host?: string; data?: string; today?: string; help?: boolean }
  try {
    given = parseArgs({
      args: [...words],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        today: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    return refusePlatform('command_line_wrong', { cause: causeOf(error) })
  }
  if (given.help) return 'help'
  const port = given.port ?? env['QINGLIU_PORT'] ?? '8787'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    return refusePlatform('value_malformed', { field: '--port', value: port, rule: '0 … 65535' })
  }
  const host = given.host ?? env['QINGLIU_HOST'] ?? '127.0.0.1'
  if (isIP(host) === 0)
    return refusePlatform('value_malformed', { field: '--host', value: host, rule: '127.0.0.1 | 0.0.0.0 | ::' })
  const today = given.today === undefined ? undefined : parseCivilDate(given.today)
  if (given.today !== undefined && today === undefined) {
    return refusePlatform('value_malformed', { field: '--today', value: given.today, rule: 'YYYY-MM-DD' })
  }
  if (today !== undefined && isProduction()) return refuseSignIn('day_in_production')
  return { port: Number(port), host, folder: given.data ?? env['QINGLIU_DATA'] ?? '.qingliu', today }
}

const isLoopback = (host: string): boolean => /^(127\.|::1$)/.test(host)

/** People sign in, unless the environment names a development actor, who is on this machine alone. */
function accessOf({ host, folder, today }: ServerOptions): Served | Refusal {
  const { env } = process
  const secret = secretOf(folder)
  if (isRefusal(secret)) return secret
  const access = accessFrom(env)
  if (isRefusal(access)) return access
  if (access.kind === 'development') {
    if (!isLoopback(host)) return refusePlatform('host_not_loopback', { host })
    return { access: { ...access, ...(today === undefined ? {} : { today }) }, secret }
  }
  // Plain http is for this machine alone: whoever serves others puts a proxy with a certificate in front.
  const secure = env['QINGLIU_HTTPS'] === '1' || !isLoopback(host)
  const door = signInWith({ secret, secure })
  const loopbackOnly = isLoopback(host) && !secure
  return { access: { kind: 'sign-in', door, loopbackOnly, secure, ...(today === undefined ? {} : { today }) }, secret }
}
interface Served {
  readonly access: Access
  readonly secret: string
}

/** Opens the database and checks that its schema fits this program, as the command line does. */
async function openServices(folder: string): Promise<Services | Refusal> {
  const carriers = carriersFrom(process.env)
  if (isRefusal(carriers)) return carriers
  const connection = await openDatabase(folder)
  if (isRefusal(connection)) return connection
  const services = {
    ...connection,
    clock: systemClock,
    printer: printerWhenUsed(process.env['QINGLIU_FONT']),
    carriers,
  }
  try {
    const unfit = await refuseUnfitSchema(services, ({ zh, en }) => say(`${zh} ${en}`))
    if (unfit === undefined) return services
    await services.close()
    return unfit
  } catch (error) {
    await services.close()
    if (isUnreachable(error)) return refusePlatform('database_unreachable', { cause: causeOf(error) })
    throw error
  }
}

/** Where a request comes from: as the connection says, or the proxy in front where one is named. */
function addressFrom(request: Request, connection: { remoteAddress?: string | undefined } | undefined): string {
  const header = process.env['QINGLIU_PROXY_HEADER']
  // The last entry is the one our own proxy wrote; what stands before it anybody could have sent.
  const told = header === undefined ? undefined : request.headers.get(header)?.split(',').at(-1)?.trim()
  return (told !== undefined && isIP(told) !== 0 ? told : (connection?.remoteAddress ?? '')).replace(/^::ffff:/, '')
}

/** What @hono/node-server hands over beside a request. */
interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } }
}

/** Answers a request and logs it by its path. */
function answering(services: Services, api: Api): (request: Request, bindings?: NodeBindings) => Promise<Response> {
  const app = createApp(() => services, {
    access: api.access,
    parts: api.parts,
    report: ({ error, ...failure }) => log.error({ ...failure, err: error }, 'a request failed'),
  })
  return async (request, bindings) => {
    const began = performance.now()
    const { pathname } = new URL(request.url)
    rememberAddress(request, addressFrom(request, bindings?.incoming?.socket))
    const response = await app.fetch(request, {})
    const milliseconds = Math.round(performance.now() - began)
    log.info({ method: request.method, path: pathname, status: response.status, milliseconds }, 'request')
    return response
  }
}

/** Who may use the API here, and what Node adds to it. */
interface Api {
  readonly access: Access
  readonly parts: ReturnType<typeof partsOnNode>
}

function listen(
  services: Services,
  api: Api,
  { port, host }: ServerOptions,
): Promise<{ server: Server; port: number } | Refusal> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: answering(services, api), port, hostname: host }, (address) =>
      resolve({ server, port: address.port }),
    ) as Server
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(refusePlatform('port_taken', { port }))
      else reject(error)
    })
  })
}

/** The schedule as this process carries it: a tick at once and then every minute; a tick that comes too early is left out. */
class Ticking {
  readonly #services: Services
  readonly #runner = `server-${randomUUID()}`
  readonly #stopping = new AbortController()
  readonly #task = tickEvery('* * * * *', () => this.tick(), { timezone: timeZone, suppressMissedWarning: true })
  #running: Promise<void> | undefined
  #warned = false

  constructor(services: Services) {
    this.#services = services
  }

  tick(): void {
    if (this.#running !== undefined || this.#stopping.signal.aborted) return
    this.#running = this.#work().finally(() => {
      this.#running = undefined
    })
  }

  /** No further slot is begun; answers once the one at work has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#task.destroy()
    await this.#running
  }

  async #work(): Promise<void> {
    try {
      const { appointed } = await runDueJobs(this.#services, systemClock.now(), {
        runner: this.#runner,
        stopping: this.#stopping.signal,
        told: logSlot,
      })
      const { signal: stopping } = this.#stopping
      const sent = sentInWords(
        await sendDueMessages(this.#services, systemClock.now(), { runner: this.#runner, stopping }),
      )
      if (sent !== undefined) log.info({ sent }, 'messages')
      if (!appointed && !this.#warned) log.warn(refuseJob('nobody_appointed').sentence('en'))
      this.#warned = !appointed
    } catch (error) {
      // The next tick finds the same slots due, or finishes what this one began.
      log.error({ err: error }, 'the tick failed')
    }
  }
}

function logSlot({ slot, outcome, result, error }: SlotEvent): void {
  const said = { job: slot.job, dueAt: slot.dueAt.toISOString(), outcome, summary: result?.summary.en }
  if (error !== undefined) log.error({ ...said, err: error }, 'job')
  else if (outcome === 'parked')
    log.warn({ ...said, parked: result?.parked.map(({ subject, en }) => `${subject}: ${en}`) }, 'job')
  else log.info(said, 'job')
}

/** Waits for the work, but no longer than this; `false` where it did not end in time. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let patience: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<boolean>((resolve) => {
    patience = setTimeout(() => resolve(false), milliseconds)
  })
  const ended = await Promise.race([work.then(() => true), silence])
  clearTimeout(patience)
  return ended
}

/** Stops accepting, finishes requests and the slot at work, closes the database. A second signal ends at once. */
async function stop(
  signal: string,
  server: Server,
  ticking: Ticking,
  { parts }: Api,
  services: Services,
): Promise<void> {
  log.info({ signal }, 'stopping')
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  const [requestsEnded, jobsEnded, worksEnded] = await Promise.all([
    within(requestPatience, closed),
    within(jobPatience, ticking.stop()),
    within(jobPatience, parts.settled()),
  ])
  if (!requestsEnded) server.closeAllConnections()
  const ended = { requestsEnded, jobsEnded, worksEnded }
  if (Object.values(ended).includes(false)) log.warn(ended, 'stopped before everything had ended')
  // What a job had not finished is finished by the next process, and long work is told as interrupted; a transaction of
  // theirs must not keep this process.
  if (jobsEnded && worksEnded) await services.close()
  log.info('stopped')
  process.exit(0)
}

function refuse(refusal: Refusal): void {
  process.exitCode = refusalKinds[refusal.entry.kind].exitCode
  process.stderr.write(`${refusal.sentence('zh')}\n${refusal.sentence('en')}\n`)
}

async function run(words: readonly string[]): Promise<void> {
  const options = readOptions(words)
  if (options === 'help') return say(usage)
  if (isRefusal(options)) return refuse(options)
  const served = accessOf(options)
  if (isRefusal(served)) return refuse(served)
  const { access, secret } = served
  const parts = partsOnNode((reference, error) => log.error({ reference, err: error }, 'a work failed'), secret)
  const api = { access, parts }
  const services = await openServices(options.folder)
  if (isRefusal(services)) return refuse(services)
  const listening = await listen(services, api, options)
  if (isRefusal(listening)) {
    await services.close()
    return refuse(listening)
  }
  const { server, port } = listening
  const ticking = new Ticking(services)
  let stoppedAt: number | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Ctrl-C under npm comes twice: from the terminal and, at the same moment, from npm.
      if (stoppedAt !== undefined && performance.now() - stoppedAt < sameSignal) return
      if (stoppedAt !== undefined) process.exit(signal === 'SIGINT' ? 130 : 143)
      stoppedAt = performance.now()
      stop(signal, server, ticking, api, services).catch((error: unknown) => {
        log.fatal({ err: error }, 'the stop failed')
        process.exit(70)
      })
    })
  }
  if (services.engine === 'embedded') say(`${durabilityOfEmbedded.zh}\n${durabilityOfEmbedded.en}`)
  const address = `http://${options.host}:${port}`
  say(`清流已启动：${address}　请打开 ${address}/health 查看是否正常；按 Ctrl-C 停止。`)
  say(`Qingliu runs at ${address}  Open ${address}/health to see that it is well; Ctrl-C stops it.`)
  if (access.kind === 'development') {
    say(`接口 JSON API：${address}/api/v1/docs/　以 ${access.actor} 的名义办理（仅供开发 for development only）`)
  } else {
    say(
      `请打开 ${address}/ 登录；首个系统管理员的邀请：qingliu users invite <代码>　接口 JSON API：${address}/api/v1/docs/`,
    )
    say(`Sign in at ${address}/ ; invite the first administrator with: qingliu users invite <code>`)
  }
  if (options.today !== undefined)
    say(`演示：所有人以 ${options.today} 办理。For demonstration everybody acts for ${options.today}.`)
  log.info({ address, engine: services.engine }, 'started')
  ticking.tick()
}

process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'a bug in the program')
  process.exit(70)
})
await run(process.argv.slice(2))
