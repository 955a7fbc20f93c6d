import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
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
import { timeZone } from './kernel/calendar.ts'
import { systemClock } from './kernel/clock.ts'
import { isRefusal, type Refusal, refusalKinds } from './kernel/refusal.ts'
import type { Services } from './platform/command.ts'
import { printerWhenUsed } from './platform/documents/printer-when-used.ts'
import { type Access, accessFrom } from './platform/http/access.ts'
import { openDatabase } from './platform/open-database.ts'
import { carriersFrom } from './platform/outbox/carriers-when-used.ts'
import { refusePlatform } from './platform/platform.refusals.ts'
import { causeOf, isUnreachable } from './platform/unreachable.ts'

/** How long a stop waits for requests, and for the slot that is being worked on. */
const requestPatience = 10_000
const jobPatience = 30_000
/** Two signals closer than this are one. */
const sameSignal = 500

const usage = `清流服务 · the server of Qingliu

  --port <port>    端口 port; 0 takes any free one (QINGLIU_PORT, 8787)
  --host <host>    只能是 127.0.0.1 only 127.0.0.1 (QINGLIU_HOST)
  --data <folder>  内嵌数据库目录 folder of the embedded database (QINGLIU_DATA, .qingliu)
  --help

  QINGLIU_DEV_ACTOR=<code>  开发时以某人的名义开放接口；生产环境不接受
                            opens the API as this person, for development; production refuses it

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
}

/** Reads the command line over the environment. Refuses what is no port, and every address but this machine's own. */
function readOptions(words: readonly string[]): ServerOptions | 'help' | Refusal {
  const { env } = process
  let given: { port?: string; host?: string; data?: string; help?: boolean }
  try {
    given = parseArgs({
      args: [...words],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
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
  if (host !== '127.0.0.1') return refusePlatform('host_not_loopback', { host })
  return { port: Number(port), host, folder: given.data ?? env['QINGLIU_DATA'] ?? '.qingliu' }
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

/**
 * Answers a request and logs it by its path. A page of another site must not reach this machine's server under a name of
 * its own, so only requests that name this machine are answered.
 */
function answering(services: Services, api: Api): (request: Request) => Promise<Response> {
  const app = createApp(() => services, {
    access: api.access,
    parts: api.parts,
    report: ({ error, ...failure }) => log.error({ ...failure, err: error }, 'a request failed'),
  })
  return async (request) => {
    const began = performance.now()
    const { hostname, pathname } = new URL(request.url)
    const response =
      hostname === '127.0.0.1' || hostname === 'localhost'
        ? await app.fetch(request, {})
        : new Response('This server answers for 127.0.0.1 only.\n', { status: 421 })
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
  const access = accessFrom(process.env)
  if (isRefusal(access)) return refuse(access)
  const api = {
    access,
    parts: partsOnNode((reference, error) => log.error({ reference, err: error }, 'a work failed')),
  }
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
    say('接口关闭：尚无登录功能；开发时设置 QINGLIU_DEV_ACTOR=人员代码。')
    say('The JSON API is closed: there is no sign-in yet; for development set QINGLIU_DEV_ACTOR=CODE.')
  }
  log.info({ address, engine: services.engine }, 'started')
  ticking.tick()
}

process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'a bug in the program')
  process.exit(70)
})
await run(process.argv.slice(2))
