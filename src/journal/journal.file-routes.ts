import { z } from '@hono/zod-openapi'
import { plusDays } from '../kernel/calendar.ts'
import { date } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { textDownload } from '../platform/http/work-route.ts'
import { journalFormats, journalText } from './export-journal.ts'

/** The books as text for other programs: read while it is sent, so it needs a process that outlives its answer. */
export const journalFileRoutes: readonly Route[] = [
  textDownload('/journal/export', {
    cli: 'journal export',
    permits: 'journal.read',
    title: { zh: '导出为 hledger 或 ledger 文本', en: 'the books as text for hledger or ledger' },
    query: {
      format: z.enum(journalFormats).default('hledger'),
      until: date.optional().openapi({ description: '截至该日（含） up to and with this day' }),
    },
    name: ({ query }) => `books.${query.format === 'hledger' ? 'journal' : 'ledger'}`,
    text: ({ services, query }) =>
      journalText(services.db, query.format, query.until === undefined ? {} : { until: plusDays(query.until, 1) }),
  }),
]
