import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Refusal } from '../kernel/refusal.ts'
import { refuseHttp } from './http/http.refusals.ts'
import type { FilesOfRequests, ReceivedFile, Workplace } from './http/route.ts'

/** Folders of their own for the files of requests, on a machine that has a disk. */
export const filesOnDisk: FilesOfRequests = {
  async workplace(): Promise<Workplace> {
    const folder = await mkdtemp(join(tmpdir(), 'qingliu-'))
    return {
      path: (name) => join(folder, name),
      receive: (body, name, limitBytes) => receive(body, join(folder, name), name, limitBytes),
      async send(name) {
        const path = join(folder, name)
        const { size } = await stat(path)
        const stream = createReadStream(path)
        stream.once('close', () => void rm(folder, { recursive: true, force: true }))
        return { body: Readable.toWeb(stream) as ReadableStream<Uint8Array>, size }
      },
      clear: () => rm(folder, { recursive: true, force: true }),
    }
  },
  async keep(key, file) {
    const folder = keptAt(key)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // Where anybody may write, somebody else may have made the folder first, and would read along.
    if ((await stat(keptFolder)).uid !== userInfo().uid) throw new Error(`${keptFolder} belongs to somebody else`)
    await writeFile(join(folder, 'name'), file.name)
    await writeFile(join(folder, 'bytes'), Readable.fromWeb(file.stream() as never))
    await clearBefore((await stat(folder)).mtimeMs - keptHours * 3_600_000)
  },
  async kept(key) {
    try {
      const [name, bytes] = await Promise.all([
        readFile(join(keptAt(key), 'name'), 'utf8'),
        readFile(join(keptAt(key), 'bytes')),
      ])
      return new File([bytes], name)
    } catch {
      return undefined
    }
  },
}

const keptFolder = join(tmpdir(), `qingliu-tried-${userInfo().uid}`)
const keptHours = 24

/** Named by a digest: the key comes from a request and must not choose a path. */
function keptAt(key: string): string {
  return join(keptFolder, createHash('sha256').update(key).digest('hex'))
}

/** Whoever keeps a file clears what nobody came back for; the disk's own clock tells how old it is. */
async function clearBefore(oldestMs: number): Promise<void> {
  for (const name of await readdir(keptFolder)) {
    const path = join(keptFolder, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && found.mtimeMs < oldestMs) await rm(path, { recursive: true, force: true })
  }
}

/** Streams a body to a file and hashes it on the way. Refuses more than the limit as soon as it is passed. */
async function receive(
  body: ReadableStream<Uint8Array> | null,
  path: string,
  name: string,
  limitBytes: number,
): Promise<ReceivedFile | Refusal> {
  const hash = createHash('sha256')
  let byteCount = 0
  const file = await open(path, 'wx')
  try {
    for await (const bytes of parts(body)) {
      byteCount += bytes.byteLength
      if (byteCount > limitBytes) return refuseHttp('body_too_large', { limit: limitBytes })
      hash.update(bytes)
      await file.write(bytes)
    }
  } finally {
    await file.close()
  }
  return { path, name, byteCount, digest: hash.digest('hex') }
}

async function* parts(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // A body that is too large is not read to its end.
    await reader.cancel().catch(() => undefined)
  }
}
