import type { DocumentPrinter } from './document.ts'

/** Fonts are megabytes: they are read when a document is made. `font` names a file to print with instead of the usual one. */
export function printerWhenUsed(font: string | undefined): DocumentPrinter {
  let printer: Promise<DocumentPrinter> | undefined
  return {
    print: async (document) => {
      printer ??= import('./pdf-printer.ts').then(({ pdfPrinter }) => pdfPrinter(font))
      return (await printer).print(document)
    },
  }
}
