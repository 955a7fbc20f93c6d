import { Worker } from 'node:worker_threads'
import { isRefusal, type Refusal } from '../../kernel/refusal.ts'
import type { FileBytes } from './file-bytes.ts'
import type { TableBlock, TableSource } from './table-file.ts'
import { refuseTable } from './tables.refusals.ts'
import type { WorkbookRequest } from './workbook-rows.ts'
import type { RowsAnswer, RowsAsked, WorkbookAnswer } from './workbook-thread.ts'

export interface WorkbookOptions {
  readonly sheet?: string | number
  readonly blockRows: number
  readonly limits: WorkbookLimits
}

export interface WorkbookLimits {
  /** All parts of an .xlsx together, unpacked. */
  readonly inflatedBytes: number
  /** Heap of the thread that reads it. */
  readonly heapMegabytes: number
  /** From the start of the thread until the sheet is read. */
  readonly seconds: number
}

/**
 * A workbook, read whole in a thread of its own: its libraries do not stream, and a file that makes them crash, run
 * out of memory or never end must only cost that thread. Rows are then fetched from it block by block.
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
  const worker = new Worker(new URL('./workbook-thread.mjs', import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
  })
  const opened = await answerOf<WorkbookAnswer>(worker, file.name, limits.seconds)
  if (isRefusal(opened) || 'refused' in opened) {
    await worker.terminate()
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
        worker.postMessage({ from, until } satisfies RowsAsked)
        const rows = await answerOf<RowsAnswer>(worker, file.name, limits.seconds)
        if (isRefusal(rows)) {
          yield rows
          return
        }
        yield { rows, bytesRead: Math.floor((file.size * until) / opened.rowCount) }
      }
    },
    close: async () => {
      await worker.terminate()
    },
  }
}

/** The thread's next message, or the refusal that its end means. While nobody waits, the thread keeps nothing alive. */
async function answerOf<T>(worker: Worker, file: string, seconds: number): Promise<T | Refusal> {
  worker.ref()
  let clock: NodeJS.Timeout | undefined
  let release = () => {}
  try {
    return await new Promise<T | Refusal>((resolve) => {
      const onError = (error: NodeJS.ErrnoException) =>
        resolve(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? refuseTable('workbook_out_of_memory', { file })
            : refuseTable('workbook_unreadable', { file, cause: error.message }),
        )
      const onExit = () => resolve(refuseTable('workbook_unreadable', { file, cause: 'closed' }))
      worker.once('message', resolve).once('error', onError).once('exit', onExit)
      clock = setTimeout(() => resolve(refuseTable('workbook_too_slow', { file, seconds })), seconds * 1000)
      release = () => worker.off('message', resolve).off('error', onError).off('exit', onExit)
    })
  } finally {
    clearTimeout(clock)
    release()
    worker.unref()
  }
}
