import { z } from '@hono/zod-openapi'
import type { Route } from '../platform/http/route.ts'
import { upload } from '../platform/http/work-route.ts'
import { keepEvidence } from './evidence.ts'

/** Scanned papers, kept before the step that names them by their digest. */
export const enforcementFileRoutes: readonly Route[] = [
  upload('/evidence', {
    cli: [],
    title: { zh: '存入证据文件（扫描件），步骤以摘要引用', en: 'keep a scanned paper; a step names it by its digest' },
    answer: z.object({ digest: z.string(), name: z.string() }),
    take: ({ services, envelope, file }) => keepEvidence(services, envelope, file),
  }),
]
