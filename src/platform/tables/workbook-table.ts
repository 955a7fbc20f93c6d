import { type ChildProcess, fork } from 'node:child_process'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { FileBytes } from './file-bytes.ts'
import type { TableBlock, TableSource } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'
import type { RowsAnswer, RowsAsked, WorkbookAnswer } from './workbook-process.ts'
import type { WorkbookRequest } from './workbook-rows.ts'

export interface WorkbookOptions {
  readonly sheet?: string | number
  readonly blockRows: number
  readonly limits: WorkbookLimits
}

export interface WorkbookLimits {
  /** All parts of an .xlsx together, unpacked. */
  readonly inflatedBytes: number
  /** Heap of the process that reads it. */
  readonly heapMegabytes: number
  /** From the start of the process until the sheet is read. */
  readonly seconds: number
}

/**
 * A workbook, read whole in a process of its own: its libraries do not stream, and a file that makes them crash, run
 * out of memory or never end must only cost that process (a thread that runs out takes its process along). Rows are then
 * fetched from it block by block.
 */
export async function openWorkbook(
  file: FileBytes,
  container: WorkbookRequest['container'],
  options: WorkbookOptions,
): Promise<TableSource | Refusal> {
  const { limits } = options
  const request: WorkbookRequest = {
    input: file.input,
    container,
    inflatedBytesLimit: limits.inflatedBytes,
    ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
  }
  const reader = fork(new URL('./workbook-process.mjs', import.meta.url), {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${limits.heapMegabytes}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const close = async () => void reader.kill('SIGKILL')
  const opened = await ask<Extract<WorkbookAnswer, { name: string } | { refused: string }>>(
    reader,
    request,
    file.name,
    limits.seconds,
  )
  if (isRefusal(opened) || 'refused' in opened) {
    await close()
    return isRefusal(opened) ? opened : refuseTable(opened.refused, opened.parameters)
  }
  return {
    name: file.name,
    format: container === 'zip' ? 'xlsx' : 'xls',
    bytesTotal: file.size,
    dateSystem: opened.dateSystem,
    sheet: opened.name,
    ignoredSheets: opened.ignoredSheets,
    async *blocks(): AsyncGenerator<TableBlock | Refusal> {
      for (let from = 0; from < opened.rowCount; from += options.blockRows) {
        const until = Math.min(from + options.blockRows, opened.rowCount)
        const asked: RowsAsked = { from, until }
        const block = await ask<Extract<RowsAnswer, { rows: unknown }>>(reader, asked, file.name, limits.seconds)
        if (isRefusal(block)) {
          yield block
          return
        }
        yield { rows: block.rows, bytesRead: Math.floor((file.size * until) / opened.rowCount) }
      }
    },
    close,
  }
}

/**
 * Sends the process something and waits for its answer, or for the refusal that its end means. While nobody waits, it
 * keeps nothing alive.
 */
async function ask<Answer extends object>(
  reader: ChildProcess,
  message: WorkbookRequest | RowsAsked,
  file: string,
  seconds: number,
): Promise<Answer | Refusal> {
  // The library's own words stay beside the sentence: they are English, and of its inside.
  const broken = (cause: string) => refuseTable('workbook_broken', { file, cause })
  reader.ref()
  reader.channel?.ref()
  let clock: NodeJS.Timeout | undefined
  let release = () => {}
  try {
    return await new Promise<Answer | Refusal>((resolve) => {
      const onAnswer = (answer: Answer | { broke: string }) =>
        resolve('broke' in answer ? broken(answer.broke) : answer)
      const onError = (error: Error) => resolve(broken(error.message))
      // V8 gives up with an abort where a heap is full.
      const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
        resolve(
          signal === 'SIGABRT' || code === 134 ? refuseTable('workbook_out_of_memory', { file }) : broken('closed'),
        )
      reader.once('message', onAnswer).once('error', onError).once('exit', onExit)
      clock = setTimeout(() => resolve(refuseTable('workbook_too_slow', { file, seconds })), seconds * 1000)
      release = () => reader.off('message', onAnswer).off('error', onError).off('exit', onExit)
      reader.send(message, (error) => {
        if (error !== null) onError(error)
      })
    })
  } finally {
    clearTimeout(clock)
    release()
    reader.unref()
    reader.channel?.unref()
  }
}
