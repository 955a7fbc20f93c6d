import type { Command } from 'commander'
import { registerJobsCommands } from '../../jobs/jobs.cli.ts'
import { registerNoticesCommands } from '../../jobs/notices.cli.ts'
import { registerBillsCommands } from '../../src/bills/bills.cli.ts'
import { registerCalendarsCommands } from '../../src/calendars/calendars.cli.ts'
import { findDischarger } from '../../src/dischargers/account.queries.ts'
import { registerContactsCommands } from '../../src/dischargers/contacts.cli.ts'
import { registerDischargersCommands } from '../../src/dischargers/dischargers.cli.ts'
import { documentKinds } from '../../src/document-kinds.ts'
import { registerCasesCommands, registerEnforcementCommands } from '../../src/enforcement/cases.cli.ts'
import { registerOrdersCommands } from '../../src/enforcement/orders.cli.ts'
import { registerEvidenceCommands, registerVerifyCommand } from '../../src/evidence/evidence.cli.ts'
import { registerJournalCommands } from '../../src/journal/journal.cli.ts'
import { messageKinds } from '../../src/message-kinds.ts'
import { noLaterStages } from '../../src/payments/later-stages.ts'
import { registerObjectionsCommands } from '../../src/payments/objections.cli.ts'
import { registerPaymentsCommands } from '../../src/payments/payments.cli.ts'
import { createProgram } from '../../src/platform/cli.ts'
import { registerDocumentCommands } from '../../src/platform/documents/documents.cli.ts'
import { registerMessagesCommands } from '../../src/platform/outbox/messages.cli.ts'
import { registerPlatformCommands } from '../../src/platform/platform.cli.ts'
import { registerSignInCommands } from '../../src/platform/sign-in/sign-in.cli.ts'
import { registerQualityCommands } from '../../src/quality/quality.cli.ts'
import { registerReadingsCommands } from '../../src/readings/readings.cli.ts'
import { registerReceiptsCommands } from '../../src/receipts/receipts.cli.ts'
import { registerRemittanceCommands } from '../../src/remittance/remittance.cli.ts'
import { registerSettlementCommands } from '../../src/settlement/settlement.cli.ts'
import { registerTariffsCommands } from '../../src/tariffs/tariffs.cli.ts'
import { registerVolumesCommands } from '../../src/volumes/volumes.cli.ts'

/** The command line with all its commands, to be looked at and not run. */
export function wholeProgram(): Command {
  const { program, cli } = createProgram(async () => undefined)
  registerPlatformCommands(program, cli, async () => ({}))
  registerSignInCommands(program, cli, findDischarger)
  registerCalendarsCommands(program, cli)
  registerJournalCommands(program, cli, async () => [])
  registerDischargersCommands(program, cli)
  registerQualityCommands(program, cli, async () => () => ({ why: 'no_account', accounts: [] }))
  registerTariffsCommands(program, cli, async () => undefined)
  registerReadingsCommands(program, cli)
  registerVolumesCommands(program, cli, async () => undefined)
  registerBillsCommands(
    program,
    cli,
    async () => {},
    async () => async () => {},
    [],
  )
  registerPaymentsCommands(program, cli, noLaterStages)
  registerObjectionsCommands(program, cli)
  registerOrdersCommands(program, cli)
  registerCasesCommands(program, cli)
  registerEnforcementCommands(program, cli)
  registerReceiptsCommands(program, cli)
  registerRemittanceCommands(program, cli, [])
  registerSettlementCommands(program, cli)
  registerEvidenceCommands(program, cli)
  registerVerifyCommand(program, cli, async () => [])
  registerDocumentCommands(program, cli, documentKinds)
  registerContactsCommands(program, cli)
  registerMessagesCommands(program, cli, messageKinds)
  registerJobsCommands(program, cli)
  registerNoticesCommands(program, cli)
  const database = program.command('db')
  for (const name of ['migrate', 'status']) database.command(name)
  return program
}

/** Every command that does something, by its words: `bills show`. */
export function commandWords(command: Command, before: readonly string[] = []): string[] {
  return command.commands.flatMap((below) => {
    const words = [...before, below.name()]
    return below.commands.length > 0 ? commandWords(below, words) : [words.join(' ')]
  })
}
