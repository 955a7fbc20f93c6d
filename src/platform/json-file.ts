import type { z } from 'zod'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { readTextFile } from './files.ts'
import { ruleOf } from './schema-words.ts'

/** Why a JSON file is not what it should be, for a stage's own refusal. */
export interface Cause {
  readonly causeZh: string
  readonly causeEn: string
}

/**
 * Reads a JSON file by its shape, or says what is wrong with it place by place, in both languages; the parser's own
 * words are English alone and never shown. Refuses a file that cannot be read.
 */
export async function readJsonFile<T>(path: string, shape: z.ZodType<T>): Promise<{ value: T } | Cause | Refusal> {
  const text = await readTextFile(path)
  if (isRefusal(text)) return text
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { causeZh: '内容不是 JSON', causeEn: 'its content is not JSON' }
  }
  const read = shape.safeParse(json, { reportInput: true })
  if (read.success) return { value: read.data }
  const faults = read.error.issues.map(faultOf)
  return { causeZh: faults.map(({ zh }) => zh).join('；'), causeEn: faults.map(({ en }) => en).join('; ') }
}

function faultOf(issue: z.core.$ZodIssue): { readonly zh: string; readonly en: string } {
  const place = issue.path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : String(part))).join(' ')
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `${place} ${key}`.trim())
    return { zh: `没有 ${keys.join('、')} 这样的项目`, en: `there is no such field as ${keys.join(', ')}` }
  }
  if (issue.input === undefined) return { zh: `缺少 ${place}`, en: `${place} is missing` }
  const { zh, en } = ruleOf(issue)
  return place === '' ? { zh, en } : { zh: `${place} ${zh}`, en: `${place}: ${en}` }
}
