import { date, id, text } from '../http/fields.ts'
import { columnsOf } from '../pages/columns.tsx'
import { type Filter, offeredAtMost, offeredByName, periodFilters, periodQuery } from '../pages/filters.tsx'
import { formPage } from '../pages/forms.tsx'
import { type PageRoute, page } from '../pages/page-route.ts'
import { Code, Doings, Facts, Instant, Notice, PlainTable, Section, State, type Tone } from '../pages/parts.tsx'
import type { Say } from '../pages/say.ts'
import { tablePage } from '../pages/table.tsx'
import { type Contact, contactedLike, contactRows, endContact, listContacts } from './contacts.ts'
import { retryMessage, stopMessage } from './decide-message.ts'
import { answerSaid } from './message.json.ts'
import { attemptsOf, listMessages, type MessageRow, messageRows } from './message.queries.ts'
import {
  channelNames,
  channels,
  type MessageKind,
  type MessageState,
  messageStateNames,
  messageStates,
} from './message.ts'
import { refuseOutbox } from './outbox.refusals.ts'

const home = '/office/messages'
const contactsHome = '/office/contacts'
const crumb = (say: Say) => ({ text: say('通知', 'messages'), href: home })
const contactsCrumb = (say: Say) => ({ text: say('联系方式', 'contacts'), href: contactsHome })

const tones: Record<MessageState, Tone> = {
  waiting: 'waiting',
  sending: 'waiting',
  sent: 'settled',
  failed: 'overdue',
  stopped: 'plain',
  unknown: 'overdue',
}
function Stands({ of, say }: { readonly of: MessageState; readonly say: Say }) {
  return <State tone={tones[of]}>{say(messageStateNames[of])}</State>
}
const whyField = { label: { zh: '理由', en: 'why' }, kind: 'long', schema: text(500) } as const
const choicesOf = <Name extends string>(
  names: readonly Name[],
  words: Record<Name, { readonly zh: string; readonly en: string }>,
) => ({
  kind: 'choice' as const,
  choices: (say: Say) => names.map((name) => [name, say(words[name])] as const),
})

/** By who has contacts: nobody else is written to. */
const findsContacted = {
  kind: 'text',
  find: async ({ services, say }, typed) => offeredByName(await contactedLike(services.db, typed, offeredAtMost), say),
} as const satisfies Omit<Filter, 'name' | 'label'>

function messageList(kinds: readonly MessageKind[]): PageRoute {
  const kindNames = new Map(kinds.map(({ name, zh, en }) => [name, { zh, en }]))
  const kindOf = ({ kind }: MessageRow, say: Say) => say(kindNames.get(kind) ?? { zh: kind, en: kind })
  const col = columnsOf<MessageRow>()
  return tablePage(home, {
    title: { zh: '通知', en: 'messages' },
    permits: 'outbox.read',
    query: {
      state: text(20).optional(),
      kind: text(40).optional(),
      channel: text(20).optional(),
      recipient: text(100).optional(),
      subject: text(100).optional(),
      ...periodQuery,
    },
    filters: [
      { name: 'recipient', label: { zh: '收件方', en: 'to' }, ...findsContacted },
      {
        name: 'subject',
        label: { zh: '事由', en: 'about' },
        kind: 'text',
        placeholder: { zh: '账单号', en: 'a bill' },
      },
      {
        name: 'kind',
        label: { zh: '种类', en: 'kind' },
        kind: 'choice',
        choices: (say) => kinds.map(({ name, zh, en }) => [name, say(zh, en)]),
      },
      { name: 'channel', label: { zh: '渠道', en: 'channel' }, ...choicesOf(channels, channelNames) },
      { name: 'state', label: { zh: '状态', en: 'state' }, ...choicesOf(messageStates, messageStateNames) },
      ...periodFilters('生成', 'made'),
    ],
    columns: [
      col.code('id', '编号', 'no.', ({ id: number }) => number),
      col.text('made_on', '生成', 'made', ({ made_on }) => made_on, { wide: true }),
      col.text('kind', '种类', 'kind', kindOf),
      col.code('subject', '事由', 'about', ({ subject }) => subject, { wide: true }),
      col.text('name', '收件方', 'to', ({ name }) => name),
      col.text('channel', '渠道', 'channel', ({ channel }, say) => say(channelNames[channel]), {
        wide: true,
      }),
      col.text('address', '地址', 'address', ({ address }) => address, { wide: true }),
      col.count('attempts', '发送次数', 'tries', ({ attempts }) => attempts, { wide: true }),
      col.text('state', '状态', 'state', ({ state }, say) => say(messageStateNames[state]), {
        cell: ({ state }, say) => <Stands of={state} say={say} />,
      }),
    ],
    rows: ({ query }) => {
      const within = <Name extends string>(known: readonly Name[], given: string | undefined) =>
        known.find((each) => each === given)
      return messageRows({
        state: within(messageStates, query.state),
        channel: within(channels, query.channel),
        kind: query.kind || undefined,
        recipient: query.recipient || undefined,
        subject: query.subject || undefined,
        from: query.from,
        to: query.to,
      })
    },
    order: { by: 'id', direction: 'desc' },
    indexed: ['id'],
    unique: 'id',
    open: (row) => `${home}/${row.id}`,
    file: { zh: '通知', en: 'messages' },
    empty: ({ say }) => ({
      text: say(
        '没有这样的通知。登记联系方式后，开账、临期、逾期、送达通知书时自动生成。',
        'There are no such messages. They are made by themselves of bills and terms once contacts are recorded.',
      ),
      action: <a href={contactsHome}>{say('联系方式', 'contacts')}</a>,
    }),
  })
}

const outcomeNames: Record<string, { readonly zh: string; readonly en: string }> = {
  accepted: { zh: '对方已收', en: 'accepted' },
  deferred: { zh: '稍后再试', en: 'to be tried later' },
  refused: { zh: '对方拒收', en: 'refused' },
  given_up: { zh: '不再尝试', en: 'given up' },
  unknown: { zh: '没有回音', en: 'no answer' },
  stopped: { zh: '停止', en: 'stopped' },
}

const messagePage = page(`${home}/{message}`, {
  title: { zh: '一条通知', en: 'one message' },
  permits: 'outbox.read',
  params: { message: id() },
  show: async ({ services: { db }, params, say, visitor }) => {
    const [found] = await listMessages(db, { messageId: params.message, limit: 1 })
    if (found === undefined) return refuseOutbox('message_missing', { message: params.message })
    const attempts = await attemptsOf(db, found.messageId)
    const answer = answerSaid(found.answer)
    const isOver = found.state === 'failed' || found.state === 'stopped' || found.state === 'unknown'
    const at = `${home}/${found.messageId}`
    return {
      title: say(`通知 ${found.messageId}`, `message ${found.messageId}`),
      crumbs: [crumb(say)],
      state: <Stands of={found.state} say={say} />,
      body: (
        <>
          <Facts
            of={[
              [say('收件方', 'to'), `${found.recipientName}（${found.recipientCode}）`],
              [say(channelNames[found.channel]), <Code of={found.address} />],
              [say('事由', 'about'), found.subject],
              [say('生成', 'made'), found.madeOn],
              [say('下次发送', 'tried next'), found.dueAt === undefined ? null : <Instant of={found.dueAt} />],
              [say('说明', 'what was said'), answer === null ? null : say(answer)],
            ]}
          />
          <Section title={found.title}>
            {found.body.split('\n').map((line) => (
              <p>{line}</p>
            ))}
          </Section>
          {attempts.length === 0 ? (
            <Notice>{say('还没有发送过。', 'It was not sent yet.')}</Notice>
          ) : (
            <PlainTable
              caption={say('历次发送', 'each sending')}
              columns={[
                { title: say('次', 'no.'), number: true },
                { title: say('开始', 'begun') },
                { title: say('交出', 'handed over') },
                { title: say('结果', 'outcome') },
                { title: say('对方回答', 'answer') },
              ]}
              rows={attempts.map((each) => {
                const told = answerSaid(each.answer)
                return [
                  String(each.attemptNo),
                  <Instant of={each.begunAt} />,
                  each.handedOverAt === undefined ? null : <Instant of={each.handedOverAt} />,
                  each.outcome === undefined
                    ? say('发送中', 'under way')
                    : say(outcomeNames[each.outcome] ?? { zh: each.outcome, en: each.outcome }),
                  told === null ? null : say(told),
                ]
              })}
            />
          )}
          <Doings
            visitor={visitor}
            of={[
              isOver ? ['outbox.retry-message', `${at}/retry`, say('再发一次', 'send it once more')] : undefined,
              found.state === 'waiting' ? ['outbox.stop-message', `${at}/stop`, say('停止发送', 'stop it')] : undefined,
            ]}
          />
        </>
      ),
    }
  },
})

const messageCrumbs = ({ say, params }: { readonly say: Say; readonly params: { readonly message: string } }) => [
  crumb(say),
  { text: params.message, href: `${home}/${params.message}` },
]

const retryPage = (kinds: readonly MessageKind[]): PageRoute =>
  formPage(`${home}/{message}/retry`, {
    title: { zh: '再发一次', en: 'send a message once more' },
    permits: 'outbox.retry-message',
    params: { message: id() },
    crumbs: messageCrumbs,
    fields: { reason: whyField },
    run: ({ services, params }, { reason }, { envelope }) =>
      retryMessage(services, envelope, { messageId: params.message, reason }, kinds),
    preview: ({ message }, { say }) => ({
      changes: [
        {
          what: say(`通知 ${message}`, `message ${message}`),
          before: say('不再发送', 'not sent any more'),
          after: say(messageStateNames.waiting),
        },
      ],
      button: say('再发一次', 'send it once more'),
    }),
    done: ({ message }, { say }) => ({
      to: `${home}/${message}`,
      said: say(`通知 ${message} 待发。`, `Message ${message} waits to be sent.`),
    }),
  })

const stopPage = formPage(`${home}/{message}/stop`, {
  title: { zh: '停止发送', en: 'stop a message' },
  permits: 'outbox.stop-message',
  params: { message: id() },
  crumbs: messageCrumbs,
  fields: { reason: whyField },
  run: ({ services, params }, { reason }, { envelope }) =>
    stopMessage(services, envelope, { messageId: params.message, reason }),
  preview: ({ message }, { say }) => ({
    changes: [
      {
        what: say(`通知 ${message}`, `message ${message}`),
        before: say(messageStateNames.waiting),
        after: say(messageStateNames.stopped),
      },
    ],
    button: say('停止发送', 'stop it'),
  }),
  done: ({ message }, { say }) => ({
    to: `${home}/${message}`,
    said: say(`通知 ${message} 不再发送。`, `Message ${message} is not sent.`),
  }),
})

const contact = columnsOf<Contact>()
const contactList = tablePage(contactsHome, {
  title: { zh: '联系方式', en: 'contacts' },
  permits: 'outbox.read',
  query: { party: text(100).optional(), on: date.optional() },
  filters: [
    { name: 'party', label: { zh: '排污者或单位', en: 'discharger or body' }, ...findsContacted },
    { name: 'on', label: { zh: '当日有效', en: 'in force on' }, kind: 'date' },
  ],
  columns: ({ may }) => [
    contact.code('contactId', '编号', 'no.', ({ contactId }) => contactId),
    contact.text('partyName', '排污者或单位', 'whose', ({ partyName }) => partyName),
    contact.text('channel', '渠道', 'channel', ({ channel }, say) => say(channelNames[channel])),
    contact.text('address', '地址', 'address', ({ address }) => address),
    contact.text('person', '联系人', 'person', ({ person }) => person || null, { wide: true }),
    contact.text('consent', '同意的依据', 'consent', ({ consent }) => consent, { wide: true }),
    contact.text('from', '自', 'from', ({ from }) => from, { wide: true }),
    contact.text('until', '至', 'until', ({ until }) => until),
    ...(may('outbox.end-contact')
      ? [
          contact.text('ends', '办理', 'to do', () => null, {
            pressed: true,
            sort: false,
            cell: ({ contactId, until }, say) =>
              until === null ? <a href={`${contactsHome}/${contactId}/end`}>{say('终止', 'end it')}</a> : '',
          }),
        ]
      : []),
  ],
  rows: ({ query }) => contactRows({ party: query.party || undefined, on: query.on }),
  order: { by: 'contactId', direction: 'asc' },
  indexed: ['contactId'],
  unique: 'contactId',
  file: { zh: '联系方式', en: 'contacts' },
  empty: ({ say }) => ({
    text: say(
      '没有这样的联系方式。在排污者页面登记电子邮箱或手机号后，通知发往该处。',
      'There are no such contacts. Record an e-mail address or mobile number at the page of a discharger.',
    ),
    action: <a href="/office/dischargers">{say('排污者', 'dischargers')}</a>,
  }),
})

const endContactPage = formPage(`${contactsHome}/{contact}/end`, {
  title: { zh: '终止联系方式', en: 'end a contact' },
  permits: 'outbox.end-contact',
  params: { contact: id() },
  crumbs: ({ say }) => [contactsCrumb(say)],
  about: async ({ services, params, say }) => {
    const before = String(BigInt(params.contact) - 1n)
    const [found] = await listContacts(services.db, { after: before, limit: 1 })
    if (found?.contactId !== params.contact) return refuseOutbox('contact_missing', { contact: params.contact })
    return (
      <Facts
        of={[
          [say('排污者或单位', 'whose'), found.partyName],
          [say(channelNames[found.channel]), <Code of={found.address} />],
          [say('自', 'from'), found.from],
        ]}
      />
    )
  },
  fields: {
    until: {
      label: { zh: '自何日起不再发送', en: 'from which day nothing is sent' },
      help: { zh: '不填为今日。', en: 'Today unless given.' },
      kind: 'date',
      optional: true,
      schema: date,
    },
  },
  run: ({ services, params }, { until }, { envelope }) =>
    endContact(services, envelope, { contactId: params.contact, until }),
  preview: ({ until }, { say }) => ({
    changes: [{ what: say('使用至', 'in use until'), before: say('长期', 'open'), after: until }],
    button: say('终止', 'end it'),
  }),
  done: ({ until }, { say }) => ({
    to: contactsHome,
    said: say(`该联系方式自 ${until} 起不再使用。`, `Nothing is sent there from ${until} on.`),
  }),
})

/** What goes out to payers and collectors, and where to; the kinds of messages are the stages’. */
export const messagePages = (kinds: readonly MessageKind[]): readonly PageRoute[] => [
  messageList(kinds),
  messagePage,
  retryPage(kinds),
  stopPage,
  contactList,
  endContactPage,
]
