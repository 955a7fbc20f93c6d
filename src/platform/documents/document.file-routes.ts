import { readStoredFile } from '../files.ts'
import { text } from '../http/fields.ts'
import type { Route } from '../http/route.ts'
import { fileDownload } from '../http/work-route.ts'
import { issuedDocuments } from './documents.queries.ts'
import { refuseDocument } from './documents.refusals.ts'

/** The very files of documents that were issued. */
export const documentFileRoutes: readonly Route[] = [
  fileDownload('/documents/{number}/file', {
    cli: 'documents save',
    permits: 'documents.read',
    title: { zh: '已出具文书的 PDF 原件', en: 'the very file of a document that was issued' },
    params: { number: text(100).openapi({ example: '移送〔2026〕1号' }) },
    file: async ({ services: { db }, params }) => {
      const [found] = await issuedDocuments(db, { number: params.number })
      if (found === undefined) return refuseDocument('document_missing', { number: params.number })
      const pieces: Uint8Array[] = []
      for await (const piece of readStoredFile(db, found.fileDigest)) pieces.push(piece)
      return { name: `${params.number}.pdf`, type: 'application/pdf', bytes: Buffer.concat(pieces) }
    },
  }),
]
