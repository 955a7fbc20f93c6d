import type { Command } from 'commander'
import { isRefusal } from '../../kernel/refusal.ts'
import { type Cli, type Language, readCount } from '../cli.ts'
import { alignColumns } from '../cli-text.ts'
import { sha256 } from '../command.ts'
import { faultList } from '../fault-list.ts'
import { readTextFile, wholeStoredFile, writeWholeFile } from '../files.ts'
import { type ProposalViews, readDate } from '../platform.cli.ts'
import type { Json } from '../platform.tables.ts'
import { approveTemplate, returnTemplate } from './approve-template.ts'
import type { DocumentFields, DocumentKind } from './document.ts'
import { findIssued, issuedDocuments, templateInForce, templateVersions } from './documents.queries.ts'
import { refuseDocument } from './documents.refusals.ts'
import { exampleValues } from './fill-template.ts'
import { printBy } from './print-document.ts'
import { proposeTemplate, type TemplateProposal, templateProposal } from './propose-template.ts'
import { readTemplate, templateForEditing } from './template.ts'

/** How an approver reads a proposed template: the text itself. */
export const documentProposalViews: ProposalViews = {
  [templateProposal]: {
    zh: '文书模板',
    en: 'document template',
    decide: ({ id, contentDigest }) =>
      `qingliu documents templates approve ${id} --digest ${contentDigest.slice(0, 12)} --as approver`,
    lines: (content: Json, language) => {
      const { text, validFrom, ground } = content as unknown as TemplateProposal
      return [
        language === 'zh' ? `自 ${validFrom} 起启用。依据：${ground}` : `Applies from ${validFrom}. Ground: ${ground}`,
        '',
        ...text.trimEnd().split(/\r?\n/),
      ]
    },
  },
}

/** `documents list|save` and `documents templates …`. The kinds of documents are the stages'. */
export function registerDocumentCommands(program: Command, cli: Cli, documentKinds: Kinds): void {
  const documents = program
    .command('documents')
    .description('文书：已出具的文书与模板 official documents and templates')
  registerIssued(documents, cli, documentKinds)
  const templates = documents.command('templates').description('文书模板 the templates')
  registerTemplateReads(templates, cli, documentKinds)
  registerTemplateChanges(templates, cli, documentKinds)
}

type Kinds = readonly DocumentKind[]

function registerIssued(documents: Command, cli: Cli, documentKinds: Kinds): void {
  documents
    .command('list')
    .description('已出具的文书，新的在前 documents that were issued, newest first')
    .option('--kind <kind>', '种类 kind')
    .option('--limit <count>', '条数 how many', '50')
    .addHelpText('after', '\n例 Example:\n  qingliu documents list --kind quality.referral')
    .action(async (options: { kind?: string; limit: string }) => {
      const limit = readCount('--limit', options.limit, 9_999)
      if (isRefusal(limit)) return cli.refuse(limit)
      const { db } = await cli.services()
      const found = await issuedDocuments(db, {
        limit,
        ...(options.kind === undefined ? {} : { kind: options.kind }),
      })
      const names = new Map(documentKinds.map((kind) => [kind.name, kind]))
      cli.show(
        found.map((document) => ({ ...document, template: { ...document.template } })),
        (language) => {
          const zh = language === 'zh'
          if (found.length === 0) return [zh ? '还没有出具文书。' : 'No document was issued yet.']
          return alignColumns(
            zh
              ? ['文号', '文书', '日期', '事由', '模板', '文件摘要']
              : ['number', 'document', 'dated', 'subject', 'template', 'digest of the file'],
            found.map((document) => [
              document.number,
              names.get(document.kind)?.[language] ?? document.kind,
              document.datedOn,
              document.subject,
              `${document.kind} v${document.template.version}`,
              document.fileDigest.slice(0, 12),
            ]),
          )
        },
      )
    })

  documents
    .command('save <number>')
    .description('取出已出具文书的 PDF 原件 the very file of a document that was issued')
    .requiredOption('--to <file>', '目标文件 target file')
    .option('--kind <kind>', '种类，编号相同时 kind, where several have the number')
    .addHelpText('after', '\n例 Example:\n  qingliu documents save 移送〔2026〕1号 --to 移送函.pdf')
    .action(async (number: string, options: { to: string; kind?: string }) => {
      const { db } = await cli.services()
      const found = await findIssued(db, number, options.kind)
      if (isRefusal(found)) return cli.refuse(found)
      const unwritten = await writeWholeFile(options.to, await wholeStoredFile(db, found.fileDigest))
      if (unwritten !== undefined) return cli.refuse(unwritten)
      cli.show({ file: options.to, number, digest: found.fileDigest }, (language) => [
        language === 'zh'
          ? `文书 ${number} 已写入 ${options.to}（SHA-256 ${found.fileDigest}）。`
          : `Document ${number} is in ${options.to} (SHA-256 ${found.fileDigest}).`,
      ])
    })
}

function registerTemplateReads(templates: Command, cli: Cli, documentKinds: Kinds): void {
  templates
    .command('list')
    .description('每种文书现用的模板 each kind of document with its template in force')
    .addHelpText('after', '\n例 Example:\n  qingliu documents templates list')
    .action(async () => {
      const { db } = await cli.services()
      const inForce = await Promise.all(documentKinds.map((kind) => templateInForce(db, kind, cli.today())))
      cli.show(
        documentKinds.map(({ name, zh, en }, at) => ({
          kind: name,
          zh,
          en,
          version: inForce[at]?.version ?? 0,
          digest: inForce[at]?.digest ?? '',
        })),
        (language) =>
          alignColumns(
            language === 'zh' ? ['种类', '文书', '现用模板', '摘要'] : ['kind', 'document', 'in force', 'digest'],
            documentKinds.map((kind, at) => [
              kind.name,
              kind[language],
              versionText(inForce[at]?.version ?? 0, language),
              inForce[at]?.digest.slice(0, 12) ?? '',
            ]),
          ),
      )
    })

  templates
    .command('show <kind>')
    .description('一种文书的字段、模板与历次版本 its fields, its template and its versions')
    .addHelpText('after', '\n例 Example:\n  qingliu documents templates show bills.bill')
    .action(async (name: string) => {
      const kind = documentKinds.find((each) => each.name === name)
      if (kind === undefined) return cli.refuse(refuseDocument('template_kind_unknown', { kind: name }))
      const { db } = await cli.services()
      const [inForce, versions] = await Promise.all([
        templateInForce(db, kind, cli.today()),
        templateVersions(db, kind.name),
      ])
      cli.show(
        {
          kind: kind.name,
          version: inForce.version,
          digest: inForce.digest,
          text: inForce.text,
          fields: fieldsAsJson(kind.fields),
          versions: versions.map(({ version, digest, ground, validity }) => ({
            version,
            digest,
            ground,
            from: validity.from,
            until: validity.until,
          })),
        },
        (language) => [
          `${kind[language]}（${kind.name}）　${versionText(inForce.version, language)}　${inForce.digest.slice(0, 12)}`,
          '',
          ...inForce.text.trimEnd().split(/\r?\n/),
          '',
          language === 'zh' ? '字段：' : 'Fields:',
          ...fieldLines(kind.fields, language, '  '),
          ...(versions.length === 0 ? [] : ['', language === 'zh' ? '历次版本：' : 'Versions:']),
          ...versions.map(
            ({ version, ground, validity }) => `  v${version}  ${validity.from} → ${validity.until ?? ''}  ${ground}`,
          ),
        ],
      )
    })

  templates
    .command('export <kind>')
    .description('导出模板文件以便修改 write the template to a file, to edit it')
    .requiredOption('--to <file>', '目标文件 target file')
    .option('--shipped', '程序自带的，而非现用的 the shipped text instead of the one in force')
    .addHelpText('after', '\n例 Example:\n  qingliu documents templates export bills.bill --to 账单模板.txt')
    .action(async (name: string, options: { to: string; shipped?: boolean }) => {
      const kind = documentKinds.find((each) => each.name === name)
      if (kind === undefined) return cli.refuse(refuseDocument('template_kind_unknown', { kind: name }))
      const text = options.shipped
        ? kind.template
        : (await templateInForce((await cli.services()).db, kind, cli.today())).text
      const unwritten = await writeWholeFile(options.to, templateForEditing(kind, text))
      if (unwritten !== undefined) return cli.refuse(unwritten)
      cli.show({ file: options.to, kind: kind.name }, (language) => [
        language === 'zh'
          ? `已写入 ${options.to}。改好后：qingliu documents templates preview ${options.to} --to 预览.pdf`
          : `It is in ${options.to}. After editing: qingliu documents templates preview ${options.to} --to preview.pdf`,
      ])
    })

  templates
    .command('preview <file>')
    .description('用示例内容预览模板文件，不保存 a template file as a PDF with example values; nothing is saved')
    .requiredOption('--to <file>', '目标文件 target file')
    .addHelpText('after', '\n例 Example:\n  qingliu documents templates preview 账单模板.txt --to 预览.pdf')
    .action(async (file: string, options: { to: string }) => {
      const text = await readTextFile(file)
      if (isRefusal(text)) return cli.refuse(text)
      const read = readTemplate(text, documentKinds)
      if (Array.isArray(read)) return cli.refuse(refuseDocument('template_faulty', faultList(read)))
      const { kind, template } = read
      const services = await cli.services()
      const printed = await printBy(
        services.db,
        services.printer,
        {
          kind,
          number: cli.language === 'zh' ? '预览' : 'preview',
          datedOn: cli.today(),
          values: exampleValues(kind.fields),
        },
        { version: 0, digest: sha256(text), template },
      )
      if (isRefusal(printed)) return cli.refuse(printed)
      const unwritten = await writeWholeFile(options.to, printed.bytes)
      if (unwritten !== undefined) return cli.refuse(unwritten)
      cli.show({ file: options.to, kind: kind.name, digest: printed.digest }, (language) => [
        language === 'zh'
          ? `预览已写入 ${options.to}。提交：qingliu documents templates propose ${file} --ground 依据 --as clerk`
          : `The preview is in ${options.to}. To propose it: qingliu documents templates propose ${file} --ground WHY --as clerk`,
      ])
    })
}

function registerTemplateChanges(templates: Command, cli: Cli, documentKinds: Kinds): void {
  templates
    .command('propose <file>')
    .description('提交本单位的模板，由他人审批 propose the office’s own text; another person approves it')
    .requiredOption('--ground <text>', '依据 the decision or reason')
    .option('--from <date>', '启用日，默认今日 first day of documents it applies to; today unless given')
    .addHelpText(
      'after',
      '\n例 Example:\n  qingliu documents templates propose 账单模板.txt --ground 局务会2026年第4次会议 --as clerk',
    )
    .action(async (file: string, options: { ground: string; from?: string }) => {
      const validFrom = readDate('--from', options.from)
      if (isRefusal(validFrom)) return cli.refuse(validFrom)
      const text = await readTextFile(file)
      if (isRefusal(text)) return cli.refuse(text)
      const entered = { text, ground: options.ground, validFrom }
      const outcome = await proposeTemplate(await cli.services(), cli.envelope(), entered, documentKinds)
      cli.showOutcome(outcome, (answer, language) => {
        const decide = `qingliu documents templates approve ${answer.proposalId} --digest ${answer.digest.slice(0, 12)} --as approver`
        return language === 'zh'
          ? [
              `文书 ${answer.kind} 的模板已提交（事项 ${answer.proposalId}），拟自 ${answer.validFrom} 起启用。`,
              `由他人审批：${decide}`,
            ]
          : [
              `A template of ${answer.kind} is proposed (no. ${answer.proposalId}), to apply from ${answer.validFrom}.`,
              `Another person approves it: ${decide}`,
            ]
      })
    })

  templates
    .command('approve <proposal>')
    .description('批准模板（须他人） approve a template, by another person')
    .option('--digest <digest>', '您看到的摘要（至少 8 位） the digest you saw, at least 8 characters')
    .addHelpText('after', '\n例 Example:\n  qingliu documents templates approve 12 --digest 5f2c8a10 --as approver')
    .action(async (proposalId: string, options: { digest?: string }) => {
      const envelope = cli.envelope(['documents.approve-template', proposalId, options.digest ?? ''])
      const approval = { proposalId, digestSeen: options.digest }
      const outcome = await approveTemplate(await cli.services(), envelope, approval, documentKinds)
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `文书 ${answer.kind} 的模板第 ${answer.version} 版自 ${answer.validFrom} 起启用。`
          : `Version ${answer.version} of the template of ${answer.kind} applies from ${answer.validFrom}.`,
      ])
    })

  templates
    .command('return <proposal>')
    .description('退回模板 return a template to its maker')
    .requiredOption('--reason <text>', '退回理由 why')
    .option('--digest <digest>', '您看到的摘要 the digest you saw')
    .addHelpText('after', '\n例 Example:\n  qingliu documents templates return 12 --reason 救济途径写错 --as approver')
    .action(async (proposalId: string, options: { reason: string; digest?: string }) => {
      const returned = { proposalId, reason: options.reason, digestSeen: options.digest }
      const outcome = await returnTemplate(await cli.services(), cli.envelope(), returned)
      cli.showOutcome(outcome, (answer, language) => [
        language === 'zh'
          ? `事项 ${answer.proposalId} 已退回：${answer.reason}`
          : `No. ${answer.proposalId} is returned: ${answer.reason}`,
      ])
    })
}

function versionText(version: number, language: Language): string {
  if (version === 0) return language === 'zh' ? '程序自带' : 'shipped'
  return language === 'zh' ? `第 ${version} 版` : `version ${version}`
}

function fieldLines(fields: DocumentFields, language: Language, indent: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const required = field.required ? (language === 'zh' ? '　必备' : '  required') : ''
    const mark = field.kind === 'list' ? `{{#${name}}} … {{/${name}}}` : `{{${name}}}`
    return [
      `${indent}${mark}  ${field[language]}${required}`,
      ...(field.kind === 'list' ? fieldLines(field.fields, language, `${indent}    `) : []),
    ]
  })
}

function fieldsAsJson(fields: DocumentFields): Json {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { kind, zh, en, required, ...more }]) => [
      name,
      { kind, zh, en, required, ...('fields' in more ? { fields: fieldsAsJson(more.fields) } : {}) },
    ]),
  )
}
