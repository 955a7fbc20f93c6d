import { type Command, Option } from 'commander'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { rolesFor } from '../platform/authorisation/authorisation.ts'
import { type Cli, malformed } from '../platform/cli.ts'
import { readStoredFile, readWholeFile, writeWholeFile } from '../platform/files.ts'
import { readDate } from '../platform/platform.cli.ts'
import type { Evidence } from '../platform/scanned-paper.ts'
import { clockLines } from './clock-words.ts'
import { viewFile } from './enforcement.queries.ts'
import { unknownLog } from './enforcement.refusals.ts'
import { evidenceOf } from './evidence.ts'
import type { LogKind } from './matter.queries.ts'
import { papersOf, printReceipt, type ServedPaper } from './print-receipt.ts'
import { labelOf, sampleOf, stepWords } from './step-entry.ts'
import { particularsInWords } from './step-words.ts'
import { type StepName, stepKind, stepNames } from './steps.ts'
import { proposeStep, recordStep } from './take-step.ts'

/** `hearingOn` as people type it: `hearing-on`. */
const optionOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const samplePeople: Partial<Record<string, string>> = {
  brigade_officer: 'officer',
  bureau_clerk: 'clerk',
  bureau_approver: 'approver',
  legal_reviewer: 'reviewer',
  hearing_host: 'host',
}

/** The evidence file given, if any; refuses one that cannot be read. */
export async function evidenceFrom(path: string | undefined): Promise<Evidence | undefined | Refusal> {
  return path === undefined ? undefined : readWholeFile(path)
}

/** The steps of one log as commands of `parent`, from the list of steps; and its evidence files. */
export function registerSteps(parent: Command, cli: Cli, log: LogKind): void {
  for (const name of stepNames) {
    const { of } = stepKind(name)
    if (of === log || of === 'claim') registerStep(parent, cli, log, name)
  }
  registerReceipt(parent, cli, log)
  const top = parent.name()
  parent
    .command('evidence <number> <step>')
    .description(
      '某一步骤的证据文件（标准输出） the evidence file of a step, by its place in the log, to standard output',
    )
    .addHelpText('after', `\n例 Example:\n  qingliu ${top} evidence 2025-0001 1 > scan.pdf`)
    .action(async (number: string, place: string) => {
      const { db } = await cli.services()
      const evidence = await evidenceOf(db, log, number, place)
      if (isRefusal(evidence)) return cli.refuse(evidence)
      for await (const bytes of readStoredFile(db, evidence.digest)) {
        if (!process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once('drain', resolve))
      }
    })
}

function registerReceipt(parent: Command, cli: Cli, log: LogKind): void {
  const words = papersOf[log]
  parent
    .command('receipt <number>')
    .description('送达回证（PDF），送达前空白、送达后填好 the receipt of service, to take along or filled in')
    .addOption(new Option('--of <paper>', '哪份文书 of which paper').choices([...words]).default(words[0]))
    .requiredOption('--to <file>', '目标文件 target file')
    .addHelpText(
      'after',
      `\n例 Example:\n  qingliu ${parent.name()} receipt 2025-0001 --of ${words[0]} --to 送达回证.pdf`,
    )
    .action(async (number: string, options: { of: ServedPaper; to: string }) => {
      const { db, printer } = await cli.services()
      const found = await viewFile(db, log, number, cli.today())
      if (found === undefined) return cli.refuse(unknownLog(log, number))
      const printed = await printReceipt(db, printer, found.matter, options.of)
      if (isRefusal(printed)) return cli.refuse(printed)
      const unwritten = await writeWholeFile(options.to, printed.bytes)
      if (unwritten !== undefined) return cli.refuse(unwritten)
      cli.show({ file: options.to, digest: printed.digest }, (language) => [
        language === 'zh' ? `送达回证已写入 ${options.to}。` : `The receipt is in ${options.to}.`,
      ])
    })
}

interface StepOptions extends Readonly<Record<string, string | undefined>> {
  readonly on?: string
  readonly evidence?: string
}

function registerStep(parent: Command, cli: Cli, log: LogKind, name: StepName): void {
  const { zh, en, clause, evidence, twoPersons, fields } = stepKind(name)
  const word = stepWords[name]
  const two = twoPersons ? '（须他人审批 another person approves）' : ''
  const command = parent.command(`${word} <number>`).description(`${zh} ${en}${two}`)
  for (const field of fields) {
    const choices = field.choices?.map((each) => `${each.value} ${each.zh}`).join('、')
    const optional = field.optional ? '，可空 optional' : ''
    command.option(
      `--${optionOf(field.name)} <value>`,
      `${labelOf(field, 'zh')} ${labelOf(field, 'en')}${optional}${choices === undefined ? '' : `：${choices}`}`,
    )
  }
  command.option('--evidence <file>', `证据文件 evidence${evidence === 'required' ? '' : '，可空 optional'}`)
  if (!twoPersons) command.option('--on <date>', '发生日期，默认今天 the day it happened, today by default')
  const sample = fields
    .filter((field) => !field.optional || field.name === 'capacity')
    .map((field) => `--${optionOf(field.name)} ${field.name === 'capacity' ? 'mail_receiver' : sampleOf(field)}`)
  const [role = ''] = rolesFor(`enforcement.step.${name}`)
  const words = [...sample, ...(evidence === 'required' ? ['--evidence scan.pdf'] : []), `--as ${samplePeople[role]}`]
  command.addHelpText(
    'after',
    `\n依据 Clause: ${clause}\n例 Example:\n  qingliu ${parent.name()} ${word} 2025-0001 ${words.join(' ')}`,
  )
  command.action(async (number: string, options: StepOptions) => {
    const file = await evidenceFrom(options.evidence)
    if (isRefusal(file)) return cli.refuse(file)
    const on = readDate('--on', options.on)
    if (isRefusal(on)) return cli.refuse(on)
    const typed = fields.map((field) => [field.name, options[field.name]] as const)
    const input = { log, number, step: name, fields: Object.fromEntries(typed), evidence: file }
    const services = await cli.services()
    if (twoPersons) {
      cli.showOutcome(await proposeStep(services, cli.envelope(), input), (answer, language) => {
        const said = particularsInWords(name, answer.computed, language)
        const decide = `qingliu ${parent.name()} decide ${answer.proposalId} --approve --digest ${answer.digest.slice(0, 12)}`
        return language === 'zh'
          ? [`已提出${zh}，提案 ${answer.proposalId}。`, ...said, `由他人审批: ${decide}`]
          : [`Proposed: ${en}, proposal ${answer.proposalId}.`, ...said, `Another person decides: ${decide}`]
      })
      return
    }
    const outcome = await recordStep(services, cli.envelope(), { ...input, on })
    const next =
      isRefusal(outcome) || outcome.dryRun ? undefined : await viewFile(services.db, log, number, cli.today())
    cli.showOutcome(outcome, (answer, language) => [
      `${number}  ${answer.on}  ${language === 'zh' ? zh : en}`,
      ...particularsInWords(name, answer.particulars, language).map((line) => `  ${line}`),
      ...clockLines(next?.clocks ?? [], cli.today(), language),
    ])
  })
}

/** `--approve` or `--return <reason>`: which of both, or the refusal where it is neither or both. */
export function decisionOf(
  proposalId: string,
  options: { readonly approve?: boolean; readonly return?: string; readonly digest?: string },
): { proposalId: string; digestSeen: string | undefined; reason: string | undefined } | Refusal {
  if ((options.approve ?? false) === (options.return !== undefined))
    return malformed('decide', proposalId, '--approve | --return "原因"')
  return { proposalId, digestSeen: options.digest, reason: options.return }
}
