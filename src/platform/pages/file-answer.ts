/** A file as the answer of a page: always saved under its name, never shown in the place of a page. */
export function fileAnswer(name: string, type: string, bytes: Uint8Array): Response {
  return new Response(Uint8Array.from(bytes), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
