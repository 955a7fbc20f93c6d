import type { Refusal } from '../src/kernel/refusal.ts'
import type { Services } from '../src/platform/command.ts'
import { refusePlatform } from '../src/platform/platform.refusals.ts'
import { migrate, schemaGap } from './migrate.ts'

/** What whoever starts on the embedded database must know (it survives a killed process, not always a power cut). */
export const durabilityOfEmbedded = {
  zh: '内嵌数据库不逐笔刷盘，断电可能丢失最近的改动：适合试用和小单位；生产请设置 DATABASE_URL 使用 PostgreSQL。',
  en: 'The embedded database does not flush every change to disk, so a power cut may lose the latest: for trials and small offices; in production set DATABASE_URL to use PostgreSQL.',
} as const

/**
 * Brings a new embedded folder up to date by itself and says so (`told`); refuses any other database that does not fit
 * this program.
 */
export async function refuseUnfitSchema(
  services: Services,
  told: (sentences: { readonly zh: string; readonly en: string }) => void,
): Promise<Refusal | undefined> {
  const { lacking, unknown } = await schemaGap(services.db)
  const [newer] = unknown
  if (newer !== undefined) return refusePlatform('database_is_newer', { migration: newer })
  if (lacking.length === 0) return undefined
  const isNew = lacking.includes('0001-platform')
  if (services.engine === 'postgres' || !isNew)
    return refusePlatform('database_not_prepared', { count: lacking.length })
  await migrate(services.db)
  told({ zh: '已新建内嵌数据库。', en: 'A new embedded database was made.' })
  return undefined
}
