import { inflateSync } from 'node:zlib'

/** A piece of text where it stands on its page, in points from the top left. */
export interface Placed {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly text: string
}

/**
 * The text of a PDF made by our printer, page by page, through the maps that readers copy and search by. It reads what
 * the file says, not what we meant to write, and knows only the operators that our files use.
 */
export function textOfPdf(bytes: Uint8Array): Placed[][] {
  const file = Buffer.from(bytes).toString('latin1')
  const objects = new Map<string, string>()
  for (const [, id = '', body = ''] of file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(id, body)
  const object = (id: string | undefined): string => objects.get(id ?? '') ?? ''
  const reference = (text: string, key: string) => new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1]
  const catalog = [...objects.values()].find((body) => body.includes('/Type /Catalog')) ?? ''
  const kids = /\/Kids \[([^\]]*)\]/.exec(object(reference(catalog, 'Pages')))?.[1] ?? ''
  return [...kids.matchAll(/(\d+) 0 R/g)].map(([, id]) => {
    const page = object(id)
    const resources = reference(page, 'Resources') === undefined ? page : object(reference(page, 'Resources'))
    const fonts = new Map<string, ReadonlyMap<string, string>>()
    for (const [, name = '', font] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      fonts.set(name, charactersOf(streamOf(object(reference(object(font), 'ToUnicode')))))
    }
    const height = Number(/\/MediaBox \[0 0 [\d.]+ ([\d.]+)\]/.exec(page)?.[1])
    return placedIn(streamOf(object(reference(page, 'Contents'))), fonts, height)
  })
}

/** The lines of a page as a reader sees them: pieces on one height from left to right. */
export function linesOfPage(page: readonly Placed[]): string[] {
  const lines = new Map<number, Placed[]>()
  for (const placed of page) {
    const y = Math.round(placed.y)
    lines.set(y, [...(lines.get(y) ?? []), placed])
  }
  return [...lines.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, pieces]) =>
      pieces
        .sort((a, b) => a.x - b.x)
        .map(({ text }) => text)
        .join(' '),
    )
}

/** The black rectangles a page is made of where many stand together: the squares of a QR code, in points. */
export function squaresOfPdf(bytes: Uint8Array): { x: number; y: number; width: number; height: number }[] {
  const file = Buffer.from(bytes).toString('latin1')
  const squares: { x: number; y: number; width: number; height: number }[] = []
  for (const [, body = ''] of file.matchAll(/(?:^|\n)\d+ 0 obj\n([\s\S]*?)\nendobj/g)) {
    if (!body.includes('stream\n') || body.includes('/FontFile') || body.includes('/Subtype /XML')) continue
    const content = body.includes('/FlateDecode') ? streamOf(body) : ''
    for (const [path] of content.matchAll(/(?:[-\d.]+ [-\d.]+ [-\d.]+ [-\d.]+ re\n){30,}/g)) {
      for (const [, x, y, width, height] of path.matchAll(/([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re/g))
        squares.push({ x: Number(x), y: Number(y), width: Number(width), height: Number(height) })
    }
  }
  return squares
}

function streamOf(body: string): string {
  const start = body.indexOf('stream\n') + 'stream\n'.length
  const stream = Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1')
  return (body.includes('/FlateDecode') ? inflateSync(stream) : stream).toString('latin1')
}

/** Glyph → characters, from a ToUnicode map. */
function charactersOf(map: string): ReadonlyMap<string, string> {
  const characters = new Map<string, string>()
  for (const [, first = '', , list = ''] of map.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi)) {
    for (const [at, [, code = '']] of [...list.matchAll(/<([0-9a-f ]+)>/gi)].entries()) {
      const glyph = (Number.parseInt(first, 16) + at).toString(16).padStart(4, '0')
      characters.set(glyph, Buffer.from(code.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'))
    }
  }
  return characters
}

function placedIn(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>, height: number): Placed[] {
  const placed: Placed[] = []
  let [x, y, size] = [0, 0, 0]
  let characters: ReadonlyMap<string, string> = new Map()
  for (const line of content.split('\n')) {
    const at = /^1 0 0 1 ([-\d.]+) ([-\d.]+) Tm$/.exec(line)
    const font = /^\/(F\d+) ([\d.]+) Tf$/.exec(line)
    const shown = /^\[(.*)\] TJ$/.exec(line)
    if (at !== null) [x, y] = [Number(at[1]), height - Number(at[2])]
    else if (font !== null) {
      characters = fonts.get(font[1] ?? '') ?? new Map()
      size = Number(font[2])
    } else if (shown !== null) {
      const glyphs = [...(shown[1] ?? '').matchAll(/<([0-9a-f]*)>/gi)].map(([, hex]) => hex).join('')
      const text = (glyphs.match(/.{4}/g) ?? [])
        .map((glyph) => characters.get(glyph.toLowerCase()) ?? '\uFFFD')
        .join('')
      placed.push({ x, y, size, text })
    }
  }
  return placed
}
