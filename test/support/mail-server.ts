import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail as a server took it. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
}

/** What the next servers' answers are; without one everything is accepted. */
export interface MailManners {
  /** Answers RCPT with this code. */
  rcpt?: number
  /** Answers the whole content with this code. */
  data?: number
  /** Takes the content and then drops the connection without an answer. */
  silent?: boolean
  /** Takes the content and never answers. */
  mute?: boolean
  /** Waited for before a recipient is answered. */
  envelope?: () => Promise<void>
  /** Waited for when the content has come, before it is answered. */
  taken?: () => Promise<void> | void
}

/** A real SMTP server on this machine, without encryption. */
export async function mailServer() {
  const mails: ReceivedMail[] = []
  const manners: MailManners = {}
  const coded = (code: number) => Object.assign(new Error(`as the test wants it`), { responseCode: code })
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 500,
    onRcptTo: async (_address, _session, done) => {
      await manners.envelope?.()
      done(manners.rcpt === undefined ? null : coded(manners.rcpt))
    },
    onData: (stream, session, done) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', async () => {
        await manners.taken?.()
        const { mailFrom, rcptTo } = session.envelope
        if (manners.data !== undefined) return done(coded(manners.data))
        mails.push({
          from: mailFrom === false ? '' : (mailFrom?.address ?? ''),
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(pieces).toString('utf8'),
        })
        if (manners.mute) return undefined
        if (!manners.silent) return done(null, 'taken')
        for (const connection of server.connections) connection.close()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return {
    mails,
    manners,
    port,
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

interface Part {
  readonly headers: Map<string, string>
  readonly names: string[]
  readonly text: string
}

/** Header lines of a mail, unfolded, its text, decoded, and the files that go with it, by name. */
export function readMail(mail: ReceivedMail): Part & { readonly files: Map<string, Buffer> } {
  const whole = readPart(mail.raw)
  const boundary = /^multipart\/mixed;.*boundary="([^"]+)"/.exec(whole.headers.get('content-type') ?? '')?.[1]
  if (boundary === undefined) return { ...whole, files: new Map() }
  const [text, ...others] = mail.raw.split(`--${boundary}\r\n`).slice(1)
  const files = others.map((part): [string, Buffer] => {
    const [head = '', content = ''] = (part.split(`\r\n--${boundary}`)[0] ?? '').split('\r\n\r\n')
    return [/filename="?([^"\r\n;]+)/.exec(head)?.[1] ?? '', Buffer.from(content, 'base64')]
  })
  return { ...whole, text: readPart(text ?? '').text, files: new Map(files) }
}

function readPart(raw: string): Part {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const pairs = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    decodedWords(line.slice(line.indexOf(':') + 1).trim()),
  ])
  const headers = new Map(pairs)
  const body = rest.join('\r\n\r\n')
  const encoding = headers.get('content-transfer-encoding')
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString('utf8')
      : encoding === 'quoted-printable'
        ? Buffer.from(
            body
              .replace(/=\r\n/g, '')
              .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ).toString('utf8')
        : body
  return { headers, names: pairs.map(([name]) => name), text: text.replaceAll('\r\n', '\n') }
}

function decodedWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, form: string, word: string) =>
      form.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('latin1')
        : word
            .replaceAll('_', ' ')
            .replace(/=([0-9A-F]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'))
}

/** A request to the hook as it came. */
export interface HookRequest {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A real HTTP server that takes SMS; `answer` says how it answers, 0 for not at all. */
export async function smsGateway() {
  const requests: HookRequest[] = []
  const manners: { answer: number; taken?: () => Promise<void> } = { answer: 202 }
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', async () => {
      requests.push({ headers: request.headers, body: Buffer.concat(pieces).toString('utf8') })
      await manners.taken?.()
      if (manners.answer === 0) request.socket.destroy()
      else response.writeHead(manners.answer, { 'content-type': 'application/json' }).end('{"ok":true}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  return {
    requests,
    manners,
    url: `http://127.0.0.1:${port}/sms`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}
