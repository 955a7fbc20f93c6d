import { type RawBuilder, sql } from 'kysely'
import { present } from '../../kernel/invariant.ts'
import { channels, type Language, languages, type MessageField, type MessageKind } from './message.ts'

const placeholder = /\{(\w+)\}/g

/**
 * The title and the text of a kind's messages as expressions over its rows `t` and a contact `c`: the words of the
 * contact's channel and language, with the row's fields in them. So a hundred thousand are written by one statement.
 */
export function composed(kind: MessageKind, office: string): { title: RawBuilder<string>; body: RawBuilder<string> } {
  const write = (text: string, language: Language) => concatenated(text, kind.fields, office, language)
  const cases = (which: (channel: 'email' | 'sms', words: MessageKind['words'][string][Language]) => string) =>
    Object.entries(kind.words).flatMap(([variant, spoken]) =>
      languages.flatMap((language) =>
        channels.map(
          (channel) =>
            sql`when t.variant = ${variant} and c.language = ${language} and c.channel = ${channel} then ${write(which(channel, spoken[language]), language)}`,
        ),
      ),
    )
  const choose = (whens: readonly RawBuilder<unknown>[]) => sql<string>`case ${sql.join([...whens], sql` `)} end`
  return {
    // A line break in a header would begin another header.
    title: sql<string>`btrim(regexp_replace(${choose(cases((channel, { title }) => (channel === 'email' ? title : '')))}, '[[:cntrl:]]+', ' ', 'g'))`,
    body: choose(cases((channel, words) => words[channel])),
  }
}

function concatenated(
  text: string,
  fields: MessageKind['fields'],
  office: string,
  language: Language,
): RawBuilder<string> {
  const pieces: RawBuilder<unknown>[] = []
  let from = 0
  for (const match of text.matchAll(placeholder)) {
    const [whole, name = ''] = match
    pieces.push(sql`${text.slice(from, match.index)}::text`)
    pieces.push(name === 'office' ? sql`${office}::text` : written(name, fields[name], language))
    from = match.index + whole.length
  }
  pieces.push(sql`${text.slice(from)}::text`)
  return sql<string>`concat(${sql.join(pieces)})`
}

/** A field as people read it; the same forms as the kernel's, which a test compares. */
function written(name: string, field: MessageField | undefined, language: Language): RawBuilder<unknown> {
  const column = sql.ref(`t.${name}`)
  const zh = language === 'zh'
  switch (present(field, `a message has the field ${name}`)) {
    // Text of others stands in one line: it can begin no paragraph of ours.
    case 'text':
      return sql`regexp_replace(${column}::text, '[[:cntrl:]]+', ' ', 'g')`
    case 'date':
      return sql`to_char(${column}::date, ${zh ? 'YYYY"年"FMMM"月"FMDD"日"' : 'FMDD FMMonth YYYY'})`
    case 'month':
      return sql`to_char(${column}::date, ${zh ? 'YYYY"年"FMMM"月"' : 'FMMonth YYYY'})`
    case 'money':
      return sql`to_char(${column}::numeric, 'FM999,999,999,999,999,990.00')`
    case 'volume':
      return sql`regexp_replace(to_char(${column}::numeric, 'FM999,999,999,999,990.000'), '\\.?0+$', '')`
    default:
      return sql`case ${column}::text ${sql.join(
        Object.entries(field as Exclude<MessageField, string>).map(
          ([code, said]) => sql`when ${code} then ${said[language]}::text`,
        ),
        sql` `,
      )} end`
  }
}
