import type { Command } from 'commander'
import { isRefusal } from '../kernel/refusal.ts'
import { type Cli, readCount } from '../platform/cli.ts'
import { alignColumns, listed } from '../platform/cli-text.ts'
import { endContact, listContacts } from '../platform/outbox/contacts.ts'
import { channelNames } from '../platform/outbox/message.ts'
import { readDate } from '../platform/platform.cli.ts'
import { addContact } from './add-contact.ts'
import { choiceOption, chosen, example, validityText } from './options.cli.ts'

const languageNames = { zh: { zh: '中文' }, en: { zh: '英文' } } as const

/** `qingliu contacts …`: where payers and bodies are told of bills and terms. */
export function registerContactsCommands(program: Command, cli: Cli): void {
  const contacts = program.command('contacts').description('联系方式：通知发往何处 where messages go')

  example(
    contacts
      .command('add <address>')
      .description('登记邮箱或手机 record an e-mail address or a mobile number')
      .option('--discharger <code>', '排污者编号 whose it is')
      .option('--organisation <code>', '或单位代码 or a body’s code')
      .addOption(choiceOption('--channel <channel>', '方式 channel', channelNames).makeOptionMandatory())
      .addOption(choiceOption('--language <language>', '语言 language', languageNames).default('zh'))
      .option('--person <name>', '联系人 who reads it')
      .requiredOption('--consent <text>', '凭什么可以发 on what it may be written to')
      .option('--from <date>', '自何日起，默认今日 first day, today unless given'),
    'qingliu contacts add finance@example.com --discharger D0001 --channel email --consent 纳管协议第八条 --as clerk',
  ).action(
    async (
      address: string,
      options: {
        discharger?: string
        organisation?: string
        channel: string
        language: string
        person?: string
        consent: string
        from?: string
      },
    ) => {
      const from = readDate('--from', options.from)
      if (isRefusal(from)) return cli.refuse(from)
      const outcome = await addContact(await cli.services(), cli.envelope(), {
        dischargerCode: options.discharger,
        organisationCode: options.organisation,
        channel: chosen(options.channel, channelNames),
        address,
        language: chosen(options.language, languageNames),
        person: options.person,
        consent: options.consent,
        from,
      })
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `已登记联系方式 ${answer.contact}：${answer.address}，自 ${answer.from} 起。`
          : `Recorded contact ${answer.contact}: ${answer.address} from ${answer.from}.`,
      ])
    },
  )

  example(
    contacts
      .command('end <contact>')
      .description('终止一个联系方式 end a contact')
      .option('--until <date>', '自此日起不再发送，默认今日 first day without it, today unless given'),
    'qingliu contacts end 12 --as clerk',
  ).action(async (contactId: string, options: { until?: string }) => {
    const until = readDate('--until', options.until)
    if (isRefusal(until)) return cli.refuse(until)
    const known = /^\d{1,18}$/.test(contactId) ? contactId : '0'
    const outcome = await endContact(await cli.services(), cli.envelope(), { contactId: known, until })
    cli.showOutcome(outcome, (answer, language) => [
      language === 'zh'
        ? `联系方式 ${answer.contact} 自 ${answer.until} 起不再使用。`
        : `Contact ${answer.contact} is not written to from ${answer.until} on.`,
    ])
  })

  example(
    contacts
      .command('list [party]')
      .description('联系方式，可按排污者或单位 contacts, of one discharger or body')
      .option('--all', '含已终止的 ended ones too')
      .option('--limit <count>', '最多列出 at most', '100'),
    'qingliu contacts list D0001',
  ).action(async (party: string | undefined, options: { all?: boolean; limit: string }) => {
    const limit = readCount('--limit', options.limit, 10_000)
    if (isRefusal(limit)) return cli.refuse(limit)
    const { db } = await cli.services()
    const found = await listContacts(db, { party, limit, ...(options.all ? {} : { on: cli.today() }) })
    cli.show(
      found.map((contact) => ({ ...contact })),
      (language) => {
        const zh = language === 'zh'
        const empty = {
          zh: '没有联系方式。登记：qingliu contacts add',
          en: 'No contact. Add one: qingliu contacts add',
        }
        const lines = alignColumns(
          zh
            ? ['编号', '代码', '名称', '方式', '地址', '语言', '联系人', '有效', '依据']
            : ['id', 'code', 'name', 'channel', 'address', 'language', 'person', 'in force', 'consent'],
          found.map((each) => [
            each.contactId,
            each.partyCode,
            each.partyName,
            channelNames[each.channel][language],
            each.address,
            each.language,
            each.person,
            validityText(each, language),
            each.consent,
          ]),
        )
        return listed(found.length, limit, language, empty, lines)
      },
    )
  })
}
