import { Readable } from 'node:stream'
import { createTransport, type NodemailerError } from 'nodemailer'
import type { Carried, Carrier, Outgoing } from './carrier.ts'
import type { SmtpSettings } from './carrier-settings.ts'

/** A server that says nothing for so long has failed; all of it ends well before another process may take over. */
const patience = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 }
const wholePatience = 60_000

/**
 * Mail by SMTP, a connection for each message. Plain text, with the paper it tells of where there is one: no address, file
 * or picture of elsewhere is fetched. The
 * Message-ID is the message's own, so that a repeat is the same message to whoever keeps them.
 */
export function smtpCarrier(settings: SmtpSettings): Carrier {
  const { host, port, secure, onThisMachine, user, password, from } = settings
  const transport = createTransport({
    host,
    port,
    secure,
    // Names and passwords go to nobody who only says that there is no encryption.
    requireTLS: !secure && !onThisMachine,
    ignoreTLS: !secure && onThisMachine,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const handing = new Map<string, () => Promise<boolean>>()
  transport.use('stream', (mail, done) => {
    const handingOver = handing.get(String(mail.data.messageId))
    if (handingOver !== undefined) mail.message.processFunc((content: Readable) => heldBack(content, handingOver))
    done()
  })
  const domain = from.address.split('@')[1] ?? 'localhost'

  return {
    discardsRepeats: false,
    async send(message, handingOver) {
      const messageId = `<${message.uid}@${domain}>`
      let handedOver = false
      handing.set(messageId, async () => {
        handedOver = await handingOver()
        return handedOver
      })
      try {
        const { response } = await transport.sendMail({
          messageId,
          from,
          to: { name: '', address: message.address },
          envelope: { from: from.address, to: message.address },
          subject: message.title,
          text: message.body,
          attachments: attachmentsOf(message),
          headers: headersOf(message),
          signal: AbortSignal.timeout(wholePatience),
        })
        return { outcome: 'accepted', answer: shortened(response) }
      } catch (error) {
        return failed(error as NodemailerError, handedOver)
      } finally {
        handing.delete(messageId)
      }
    },
    close: async () => transport.close(),
  }
}

const attachmentsOf = ({ attachment }: Outgoing) =>
  attachment === undefined
    ? []
    : [{ filename: attachment.name, contentType: attachment.type, content: Buffer.from(attachment.bytes) }]

/** No machine is to answer a machine. */
const headersOf = ({ language }: Outgoing) => ({
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
  'Content-Language': language === 'zh' ? 'zh-CN' : 'en',
})

/**
 * Lets the end of a message out only when that has been noted: before it a server has nothing that it could accept. It is
 * read, and so noted, only once the server has taken the recipient and asked for the content.
 */
const heldBack = (content: Readable, handingOver: () => Promise<boolean>): Readable =>
  Readable.from(
    (async function* () {
      yield* content
      if (!(await handingOver())) throw new Error('another process has taken the message over')
    })(),
    { objectMode: false },
  )

/**
 * What a failure means for the message. A refusal of the recipient or of the content is for good; of the sender, of a
 * password or of the whole server it is the office's to mend, and the message waits.
 */
function failed({ message, response, responseCode, command }: NodemailerError, handedOver: boolean): Carried {
  const answer = shortened(response ?? message)
  const answered = typeof responseCode === 'number' ? responseCode : undefined
  if (answered === undefined) return { outcome: handedOver ? 'unknown' : 'deferred', answer }
  const isOfMessage = command === 'RCPT TO' || command === 'DATA'
  return { outcome: isOfMessage && answered >= 500 ? 'refused' : 'deferred', answer }
}

const shortened = (text: string | undefined) => (text ?? '').replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 500)
