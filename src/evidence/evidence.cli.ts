import type { Command } from 'commander'
import type { TieOutOf } from '../journal/subledger.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { chainHead } from '../platform/audit.queries.ts'
import type { Cli, Language } from '../platform/cli.ts'
import { alignColumns } from '../platform/cli-text.ts'
import { copyBeside, writeWholeFile } from '../platform/files.ts'
import { refuseEvidence } from './evidence.refusals.ts'
import { evidencePack } from './evidence-pack.ts'
import { type PackKindName, packKindNames, packKinds } from './subject-of.ts'
import type { Verification } from './verification.ts'
import { verifyAll } from './verify.ts'

const example = (...lines: string[]) => `\n例 Example:\n${lines.map((line) => `  ${line}`).join('\n')}`
const checker = new URL('./verify-pack.mjs', import.meta.url)

/** `qingliu verify`: everything that can be checked, and whether a digest on paper is still in the chain. */
export function registerVerifyCommand(program: Command, cli: Cli, tieOutOf: TieOutOf): void {
  program
    .command('verify')
    .description(
      '核对全部：事件链、各表各行、文件、编号、账簿、重算 check everything: chain, rows, files, numbers, books, arithmetic',
    )
    .option(
      '--head <digest>',
      '签字文件上的链头摘要（至少 12 位） the head printed on a signed paper, 12 characters or more',
    )
    .addHelpText('after', example('qingliu verify', 'qingliu verify --head 5f2c8a10b3d4'))
    .action(async (options: { head?: string }) => {
      const verification = await verifyAll(await cli.services(), { head: options.head, tieOutOf })
      if (!verification.sound) process.exitCode = 65
      cli.show(verification, (language) => verificationLines(verification, language))
    })
}

function verificationLines({ head, headAsked, checks, sound }: Verification, language: Language): string[] {
  const zh = language === 'zh'
  return [
    ...alignColumns(
      zh ? ['核对', '数量', '结果'] : ['check', 'counted', 'result'],
      checks.map((check) => [
        check[language],
        check.counted
          .map(({ what, zh: name, count }) => `${count.toLocaleString('en')} ${zh ? name : what}`)
          .join(zh ? '，' : ', '),
        check.findings.length === 0
          ? zh
            ? '一致'
            : 'holds'
          : zh
            ? `${check.findings.length} 处不符`
            : `${check.findings.length} findings`,
      ]),
    ),
    '',
    ...checks.flatMap(({ findings }) =>
      findings.map((finding) => {
        const event = finding.event === null ? '' : zh ? `　事件 ${finding.event}` : `  event ${finding.event}`
        return `✗ ${finding.table}  ${finding.row}${event}${zh ? '：' : ': '}${finding[language]}`
      }),
    ),
    ...(headAsked === null || headAsked.seq === null
      ? []
      : [
          zh
            ? `所给摘要是事件 ${headAsked.seq} 的哈希；此后 ${headAsked.eventsAfter} 个事件不在其覆盖之内。`
            : `The digest is the hash of event ${headAsked.seq}; it does not cover the ${headAsked.eventsAfter} events after it.`,
        ]),
    zh ? `链头 ${head.seq}　${head.hash}` : `Head ${head.seq}  ${head.hash}`,
    sound ? (zh ? '全部一致。' : 'Everything holds.') : zh ? '有不符之处，见上。' : 'There are findings, see above.',
  ]
}

/** `qingliu evidence head`, `pack`. */
export function registerEvidenceCommands(program: Command, cli: Cli): void {
  const evidence = program.command('evidence').description('证据：链头与证据包 the head of the chain, evidence packs')

  evidence
    .command('head')
    .description('事件链的链头，印在签字文件上 the head of the chain, to be printed on signed papers')
    .addHelpText('after', example('qingliu evidence head'))
    .action(async () => {
      const head = await chainHead((await cli.services()).db)
      cli.show(head, (language) => [
        language === 'zh' ? `事件 ${head.seq}　${head.hash}` : `Event ${head.seq}  ${head.hash}`,
        language === 'zh' ? '以后核对：' : 'To check it later:',
        `  qingliu verify --head ${head.hash}`,
      ])
    })

  const pack = evidence
    .command('pack <path>')
    .description(
      '一份账单、案件、结算单、对账、清缴或申请的证据包（JSON），附独立核对程序 an evidence pack with the script that checks it',
    )
  for (const name of packKindNames) {
    const { zh, en } = packKinds[name]
    pack.option(`--${name} <number>`, `${zh}号 ${en}`)
  }
  pack
    .addHelpText(
      'after',
      example(...packKindNames.map((name) => `qingliu evidence pack 证据.json --${name} ${packKinds[name].example}`)),
    )
    .action(async (path: string, options: Readonly<Partial<Record<PackKindName, string>>>) => {
      const [only, other] = packKindNames.filter((name) => options[name] !== undefined)
      if (only === undefined || other !== undefined) return cli.refuse(refuseEvidence('evidence_subject_unnamed'))
      const services = await cli.services()
      const subject = await packKinds[only].subject(services.db, options[only] ?? '')
      if (isRefusal(subject)) return cli.refuse(subject)
      const pack = await evidencePack(services, subject)
      if (isRefusal(pack)) return cli.refuse(pack)
      const unwritten = await writeWholeFile(path, `${JSON.stringify(pack)}\n`)
      if (unwritten !== undefined) return cli.refuse(unwritten)
      const beside = await copyBeside(path, checker)
      const told = {
        path,
        script: beside,
        rows: pack.rows.length,
        events: Object.keys(pack.events).length,
        head: pack.head,
      }
      cli.show(told, (language) => [
        language === 'zh'
          ? `已生成 ${path}：${told.rows} 行，${told.events} 个事件，链头 ${pack.head.seq} ${pack.head.hash}`
          : `Written ${path}: ${told.rows} rows, ${told.events} events, head ${pack.head.seq} ${pack.head.hash}`,
        language === 'zh' ? '不用数据库即可核对：' : 'To check it without the database:',
        `  node ${beside} ${path} ${pack.head.hash.slice(0, 16)}`,
      ])
    })
}
