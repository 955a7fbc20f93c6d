import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import { type CommandAnswer, canonicalJson, type Progress, type Services, sha256 } from '../command.ts'
import type { Db } from '../database.ts'
import { behind, type Page } from '../page.ts'
import { refusePlatform } from '../platform.refusals.ts'
import type { Json } from '../platform.tables.ts'
import { refuseHttp } from './http.refusals.ts'
import { type Problem, problemOf } from './problem.ts'

/**
 * Long work that a request starts and nobody waits for: an import, the draft of a month. The process that took the
 * request does it; a row says that it was asked for, another how it ended, and a third, renewed while it goes on, that
 * the process lives. So any process can tell how it stands, and work of a process that died is called interrupted.
 */
export interface WorkAsked {
  /** The command id. */
  readonly key: string
  readonly actor: string
  /** The route by its operation id. */
  readonly route: string
  readonly input: Json
  readonly file: { readonly name: string; readonly byteCount: number; readonly digest: string } | undefined
}

export interface WorkReport {
  readonly workId: string
  readonly route: string
  readonly state: 'running' | 'done' | 'refused' | 'failed' | 'interrupted'
  readonly fileName: string | null
  readonly byteCount: number | null
  readonly startedAt: string
  readonly endedAt: string | null
  readonly progress: WorkProgress | null
  /** What the command answered. */
  readonly answer: Json
  readonly repeated: boolean
  readonly dryRun: boolean
  /** Why it was refused, failed or interrupted. */
  readonly problem: Problem | null
}

/** How far it is; `total` and `perSecond` are null while nobody knows. */
export interface WorkProgress {
  readonly [field: string]: Json
  readonly what: string
  readonly done: number
  readonly total: number | null
  readonly perSecond: number | null
}

type Outcome = Pick<WorkReport, 'state' | 'answer' | 'repeated' | 'dryRun' | 'problem'>

interface Running {
  readonly asked: WorkAsked
  readonly inputDigest: string
  readonly startedAt: string
  progress: WorkProgress | null
  ended: { readonly outcome: Outcome; readonly at: string } | undefined
}

const beatMilliseconds = 2_000
/** Without a sign of life for this long the process is gone. */
const lifeSeconds = 30
/** Each takes a connection of the pool for as long as it lasts. */
const atOnce = 2
const endedKept = 100

const noOutcome = { answer: null, repeated: false, dryRun: false, problem: null }

/** The long work of this process. */
export class Works {
  readonly #known = new Map<string, Running>()
  readonly #unfinished = new Set<Promise<void>>()
  #working = 0
  readonly #waiting: (() => void)[] = []
  readonly #report: (reference: string, error: unknown) => void

  constructor(report: (reference: string, error: unknown) => void) {
    this.#report = report
  }

  /**
   * Starts the work, or finds it where it goes on or is done under the same key. Refuses the key of other work. What was
   * refused, failed or was interrupted begins anew: nothing of it was kept, or the command gives its first answer.
   * `release` is called when nothing is needed any more of what the request brought.
   */
  async start(
    services: Services,
    asked: WorkAsked,
    run: (services: Services) => Promise<CommandAnswer<Json> | Refusal>,
    release: () => Promise<void>,
  ): Promise<{ readonly workId: string; readonly repeated: boolean } | Refusal> {
    const inputDigest = digestOf(asked)
    const earlier = this.#runningUnder(asked.key) ?? (await newestUnder(services.db, asked.key))
    if (earlier !== undefined) {
      if (earlier.inputDigest !== inputDigest) {
        await release()
        return refusePlatform('command_id_reused', { commandId: asked.key, name: earlier.route })
      }
      const state = (await this.find(services.db, earlier.workId))?.state
      if (state === 'running' || state === 'done') {
        await release()
        return { workId: earlier.workId, repeated: true }
      }
    }
    const workId = randomUUID()
    const startedAt = services.clock.now()
    const running: Running = {
      asked,
      inputDigest,
      startedAt: startedAt.toISOString(),
      progress: null,
      ended: undefined,
    }
    this.#known.set(workId, running)
    try {
      await insertWork(services, workId, asked, inputDigest, startedAt)
    } catch (error) {
      this.#known.delete(workId)
      await release()
      throw error
    }
    const work = this.#work(services, workId, running, run).finally(release)
    this.#unfinished.add(work)
    void work.finally(() => this.#unfinished.delete(work))
    return { workId, repeated: false }
  }

  /** When all that this process has begun is over. */
  async settled(): Promise<void> {
    while (this.#unfinished.size > 0) await Promise.allSettled([...this.#unfinished])
  }

  /** How the work stands: from memory where this process does it, else from what other processes left. */
  async find(db: Db, workId: string, of?: string): Promise<WorkReport | undefined> {
    const running = this.#known.get(workId)
    if (running !== undefined)
      return of === undefined || running.asked.actor === of ? reportOf(workId, running) : undefined
    const [row] = await storedWorks(db, sql`w.id = ${workId}::uuid and ${begunBy(of)}`, 1)
    return row === undefined ? undefined : reportOfRow(row)
  }

  /** Works newest first, everybody's or those a person began. */
  async list(db: Db, page: Page<readonly [string, string]>, of?: string): Promise<WorkReport[]> {
    const after = behind(['w.started_at', 'w.id'], page.after, 'desc')
    const rows = await storedWorks(db, sql`${after} and ${begunBy(of)}`, page.limit)
    return rows.map((row) => {
      const running = this.#known.get(row.id)
      return running === undefined ? reportOfRow(row) : reportOf(row.id, running)
    })
  }

  /** What a work was asked for: its input, and the id its file was kept under. */
  async asked(db: Db, workId: string): Promise<Pick<WorkAsked, 'key' | 'actor' | 'route' | 'input'> | undefined> {
    const { rows } = await sql<Pick<WorkAsked, 'key' | 'actor' | 'route' | 'input'>>`
      select command_id as key, actor, route, input from works where id = ${workId}::uuid`.execute(db)
    return rows[0]
  }

  #runningUnder(key: string) {
    for (const [workId, { asked, ended, inputDigest }] of this.#known) {
      if (ended === undefined && asked.key === key && !isTrial(asked.input))
        return { workId, inputDigest, route: asked.route }
    }
    return undefined
  }

  async #work(
    services: Services,
    workId: string,
    running: Running,
    run: (services: Services) => Promise<CommandAnswer<Json> | Refusal>,
  ): Promise<void> {
    // The embedded database has one connection, which the work itself holds; its folder is this process's alone anyway.
    const beating =
      services.engine === 'postgres'
        ? setInterval(() => void beat(services.db, workId, running.progress).catch(() => undefined), beatMilliseconds)
        : undefined
    await this.#turn()
    let outcome: Outcome
    try {
      const answered = await run({ ...services, progress: progressOf(running) })
      outcome = isRefusal(answered)
        ? { ...noOutcome, state: 'refused', problem: problemOf(answered, 'zh') }
        : { ...noOutcome, state: 'done', ...answered }
    } catch (error) {
      const reference = randomUUID()
      this.#report(reference, error)
      outcome = { ...noOutcome, state: 'failed', problem: problemOf(refuseHttp('program_error', { reference }), 'zh') }
    }
    this.#next()
    clearInterval(beating)
    const endedAt = services.clock.now()
    running.ended = { outcome, at: endedAt.toISOString() }
    this.#forgetOldest()
    await services.db
      .insertInto('work_ends')
      .values({ work_id: workId, outcome: JSON.stringify(outcome), ended_at: endedAt })
      .execute()
      // The database is gone: this process still knows, and others are told by the command's own answer, or to ask again.
      .catch((error: unknown) => this.#report(workId, error))
  }

  async #turn(): Promise<void> {
    if (this.#working < atOnce) this.#working += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #next(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#working -= 1
    else next()
  }

  #forgetOldest(): void {
    const ended = [...this.#known].filter(([, running]) => running.ended !== undefined)
    for (const [workId] of ended.slice(0, -endedKept)) this.#known.delete(workId)
  }
}

/** A trial leaves nothing that a repeat could be given. */
function isTrial(input: Json): boolean {
  return typeof input === 'object' && input !== null && 'dryRun' in input && input['dryRun'] === true
}

/** What makes a repeat the same work: who asks, the route, its input, the content of the file. */
function digestOf({ actor, route, input, file }: WorkAsked): string {
  return sha256(canonicalJson({ actor, route, input, file: file?.digest ?? null }))
}

function progressOf(running: Running): (step: Progress) => void {
  let began = performance.now()
  return ({ what, done, total }) => {
    if (running.progress?.what !== what) began = performance.now()
    const seconds = (performance.now() - began) / 1000
    const perSecond = seconds > 0.5 ? Math.round(done / seconds) : null
    running.progress = { what, done, total: total ?? null, perSecond }
  }
}

function reportOf(workId: string, { asked, startedAt, progress, ended }: Running): WorkReport {
  return {
    workId,
    route: asked.route,
    fileName: asked.file?.name ?? null,
    byteCount: asked.file?.byteCount ?? null,
    startedAt,
    endedAt: ended?.at ?? null,
    progress,
    ...(ended?.outcome ?? { ...noOutcome, state: 'running' }),
  }
}

interface WorkRow {
  readonly id: string
  readonly route: string
  readonly file_name: string | null
  readonly byte_count: string | null
  readonly started_at: Date
  readonly outcome: Outcome | null
  readonly ended_at: Date | null
  readonly progress: WorkProgress | null
  readonly lives: boolean
  readonly answered: boolean
  readonly answer: Json
}

const begunBy = (actor: string | undefined) => (actor === undefined ? sql`true` : sql`w.actor = ${actor}`)

async function storedWorks(db: Db, where: ReturnType<typeof sql>, limit: number): Promise<readonly WorkRow[]> {
  const { rows } = await sql<WorkRow>`
    select w.id, w.route, w.file_name, w.byte_count, w.started_at, e.outcome, e.ended_at, b.progress,
      coalesce(b.beat_at > now() - make_interval(secs => ${lifeSeconds}), false) as lives,
      a.seq is not null as answered, a.answer
    from works w left join work_ends e on e.work_id = w.id left join work_beats b on b.work_id = w.id
      left join audit_events a on a.command_id = w.command_id
    where ${where} order by w.started_at desc, w.id desc limit ${limit}`.execute(db)
  return rows
}

function reportOfRow(row: WorkRow): WorkReport {
  const told = {
    workId: row.id,
    route: row.route,
    fileName: row.file_name,
    byteCount: row.byte_count === null ? null : Number(row.byte_count),
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    progress: row.progress,
  }
  if (row.outcome !== null) return { ...told, ...row.outcome }
  // The process died after its command was done: the command's own answer stands.
  if (row.answered) return { ...told, ...noOutcome, state: 'done', answer: row.answer }
  if (row.lives) return { ...told, ...noOutcome, state: 'running' }
  return { ...told, ...noOutcome, state: 'interrupted', problem: problemOf(refuseHttp('work_interrupted'), 'zh') }
}

async function newestUnder(db: Db, key: string) {
  const { rows } = await sql<{ workId: string; inputDigest: string; route: string }>`
    select id as "workId", input_digest as "inputDigest", route from works
    where command_id = ${key} and input->'dryRun' is distinct from 'true' order by started_at desc, id desc limit 1`.execute(
    db,
  )
  return rows[0]
}

async function insertWork(
  { db, engine }: Services,
  workId: string,
  asked: WorkAsked,
  inputDigest: string,
  startedAt: Date,
): Promise<void> {
  await db
    .insertInto('works')
    .values({
      id: workId,
      command_id: asked.key,
      actor: asked.actor,
      route: asked.route,
      input: JSON.stringify(asked.input),
      input_digest: inputDigest,
      file_name: asked.file?.name ?? null,
      byte_count: asked.file === undefined ? null : String(asked.file.byteCount),
      started_at: startedAt,
    })
    .execute()
  if (engine === 'postgres') await beat(db, workId, null)
}

async function beat(db: Db, workId: string, progress: WorkProgress | null): Promise<void> {
  await sql`
    insert into work_beats (work_id, progress, beat_at) values (${workId}::uuid, ${JSON.stringify(progress)}::jsonb, now())
    on conflict (work_id) do update set progress = excluded.progress, beat_at = excluded.beat_at`.execute(db)
}
