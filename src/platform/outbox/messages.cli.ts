import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { plusDays } from '../../kernel/calendar.ts'
import { isRefusal } from '../../kernel/refusal.ts'
import { type Cli, type Language, readCount } from '../cli.ts'
import { alignColumns, instantForPeople, listed } from '../cli-text.ts'
import { retryMessage, stopMessage } from './decide-message.ts'
import { answerSaid, messageInFull, messageJson } from './message.json.ts'
import { attemptsOf, countMessages, listMessages, type Message } from './message.queries.ts'
import {
  type Channel,
  channelNames,
  channels,
  type MessageKind,
  type MessageState,
  messageStateNames,
  messageStates,
} from './message.ts'
import { refuseOutbox } from './outbox.refusals.ts'
import { sendMessages } from './send-messages.ts'

const example = (words: string) => `\n例 Example:\n  qingliu messages ${words}`
const daysCounted = 31
const idOf = (text: string) => (/^\d{1,18}$/.test(text) ? text : '0')

/** `qingliu messages …`: what goes out to payers and collectors by e-mail and SMS, and how it went. */
export function registerMessagesCommands(program: Command, cli: Cli, kinds: readonly MessageKind[]): void {
  const messages = program.command('messages').description('发出的通知（邮件、短信） messages by e-mail and SMS')
  registerReads(messages, cli, kinds)

  messages
    .command('retry <message>')
    .description('再发一次（失败、可能已发或已停止的） send one once more that failed, was stopped or was maybe sent')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('retry 12 --reason 邮箱已恢复 --as clerk'))
    .action(async (message: string, { reason }: { reason: string }) => {
      const decision = { messageId: idOf(message), reason }
      cli.showOutcome(await retryMessage(await cli.services(), cli.envelope(), decision, kinds), (answer, language) => [
        language === 'zh' ? `通知 ${answer.message} 待发。` : `Message ${answer.message} waits to be sent.`,
      ])
    })

  messages
    .command('stop <message>')
    .description('停止发送一条待发的 stop one that waits')
    .requiredOption('--reason <text>', '原因 why')
    .addHelpText('after', example('stop 12 --reason 电话已联系 --as clerk'))
    .action(async (message: string, { reason }: { reason: string }) => {
      const decision = { messageId: idOf(message), reason }
      cli.showOutcome(await stopMessage(await cli.services(), cli.envelope(), decision), (answer, language) => [
        language === 'zh' ? `通知 ${answer.message} 不再发送。` : `Message ${answer.message} is not sent.`,
      ])
    })

  messages
    .command('send')
    .description(
      '手工发送一批到时的通知；服务在运行时会自动发送 send what is due by hand; a running server does it by itself',
    )
    .option('--limit <count>', '至多几条 how many at most', '200')
    .addHelpText('after', example('send'))
    .action(async (options: { limit: string }) => {
      const limit = readCount('--limit', options.limit, 10_000)
      if (isRefusal(limit)) return cli.refuse(limit)
      const services = await cli.sendingServices()
      if (Object.keys(services.carriers ?? {}).length === 0) return cli.refuse(refuseOutbox('no_carrier'))
      const report = await sendMessages(services, services.clock.now(), {
        runner: `cli-${randomUUID()}`,
        kinds,
        most: limit,
      })
      cli.show({ ...report }, (language) => [
        language === 'zh'
          ? `已发 ${report.accepted}，稍后再试 ${report.deferred}，失败 ${report.refused + report.given_up}，可能已发 ${report.unknown}，不再发送 ${report.stopped}。`
          : `Sent ${report.accepted}, to be tried again ${report.deferred}, failed ${report.refused + report.given_up}, maybe sent ${report.unknown}, stopped ${report.stopped}.`,
      ])
    })
}

function registerReads(messages: Command, cli: Cli, kinds: readonly MessageKind[]): void {
  const kindName = (name: string, language: Language) => kinds.find((each) => each.name === name)?.[language] ?? name

  messages
    .command('list')
    .description('通知，新的在前 messages, newest first')
    .addOption(new Option('--state <state>', statesForPeople).choices(messageStates))
    .addOption(new Option('--kind <kind>', '种类 kind').choices(kinds.map(({ name }) => name)))
    .addOption(new Option('--channel <channel>', '方式 channel').choices(channels))
    .option('--about <subject>', '事由，如账单号 what it is about, e.g. the number of a bill')
    .option('--to <code>', '排污者或单位代码 code of a discharger or body')
    .option('--limit <count>', '最多列出 at most', '50')
    .addHelpText('after', example('list --state failed'))
    .action(
      async (options: {
        state?: MessageState
        kind?: string
        channel?: Channel
        about?: string
        to?: string
        limit: string
      }) => {
        const limit = readCount('--limit', options.limit, 10_000)
        if (isRefusal(limit)) return cli.refuse(limit)
        const { db } = await cli.services()
        const { state, kind, channel, about: subject, to: recipient } = options
        const found = await listMessages(db, { state, kind, channel, subject, recipient, limit })
        const counts = await countMessages(db, plusDays(cli.today(), -daysCounted))
        cli.show(found.map(messageJson), (language) => {
          const zh = language === 'zh'
          const lines = alignColumns(
            zh
              ? ['编号', '种类', '事由', '收件人', '方式', '地址', '状态', '说明']
              : ['id', 'kind', 'about', 'to', 'channel', 'address', 'state', 'said'],
            found.map((message) => [
              message.messageId,
              kindName(message.kind, language),
              message.subject,
              message.recipientName,
              channelNames[message.channel][language],
              message.address,
              messageStateNames[message.state][language],
              saidOf(message, language),
            ]),
          )
          const counted = messageStates.map((each) => `${messageStateNames[each][language]} ${counts[each]}`)
          return [
            ...listed(found.length, limit, language, { zh: '没有通知。', en: 'No message.' }, lines),
            `${zh ? `近 ${daysCounted} 日` : `Of the last ${daysCounted} days`}: ${counted.join(zh ? '、' : ', ')}`,
          ]
        })
      },
    )

  messages
    .command('show <message>')
    .description('一条通知的正文与历次发送 one message with its text and each sending')
    .addHelpText('after', example('show 12'))
    .action(async (text: string) => {
      const { db } = await cli.services()
      const [message] = await listMessages(db, { messageId: idOf(text), limit: 1 })
      if (message === undefined) return cli.refuse(refuseOutbox('message_missing', { message: text }))
      const attempts = await attemptsOf(db, message.messageId)
      cli.show(messageInFull(message, attempts), (language) => {
        const zh = language === 'zh'
        const { channel, address, recipientCode, recipientName, title, body, state } = message
        return [
          `${message.messageId}  ${kindName(message.kind, language)}  ${message.subject}  ${messageStateNames[state][language]}`,
          `${zh ? '收件人' : 'To'}: ${recipientCode} ${recipientName}  ${channelNames[channel][language]} ${address}`,
          ...(title === '' ? [] : ['', title]),
          '',
          ...body.split('\n'),
          '',
          ...alignColumns(
            zh ? ['次', '开始', '移交', '结果', '答复'] : ['no', 'begun', 'handed over', 'outcome', 'answer'],
            attempts.map((attempt) => [
              String(attempt.attemptNo),
              instantForPeople(attempt.begunAt),
              attempt.handedOverAt === undefined ? '—' : instantForPeople(attempt.handedOverAt),
              attempt.outcome ?? '…',
              answerSaid(attempt.answer)?.[language] ?? '',
            ]),
          ),
        ]
      })
    })
}

const statesForPeople = `状态 state：${messageStates.map((state) => `${state} ${messageStateNames[state].zh}`).join('、')}`

function saidOf({ answer, dueAt, state }: Message, language: Language): string {
  const said = answerSaid(answer)?.[language] ?? ''
  if (state !== 'waiting' || dueAt === undefined || said === '') return said
  return `${said}　${language === 'zh' ? '再试' : 'again'} ${instantForPeople(dueAt).slice(0, 16)}`
}
