import { type Command, CommanderError } from 'commander'
import { migrate, schemaGap } from '../db/migrate.ts'
import { durabilityOfEmbedded, refuseUnfitSchema } from '../db/refuse-unfit-schema.ts'
import packageFile from '../package.json' with { type: 'json' }
import { type Cli, createProgram, Ended } from './platform/cli.ts'
import { type ProposalViews, registerPlatformCommands } from './platform/platform.cli.ts'
import { refusePlatform } from './platform/platform.refusals.ts'
import { refuseUnwritable, UnwritableFile } from './platform/tables/unwritable-file.ts'
import { causeOf, isUnreachable } from './platform/unreachable.ts'

type Register = (program: Command, cli: Cli) => void

/** The commands of each stage, by its word on the command line; only the stage that is asked for is loaded. */
const stageCommands: Readonly<Record<string, () => Promise<Register>>> = {
  calendars: async () => (await import('./calendars/calendars.cli.ts')).registerCalendarsCommands,
  journal: async () => {
    const { registerJournalCommands } = await import('./journal/journal.cli.ts')
    const { tieOutOfAll } = await import('./later-stages.ts')
    return (program, cli) => registerJournalCommands(program, cli, tieOutOfAll)
  },
  dischargers: async () => {
    const { registerDischargersCommands } = await import('./dischargers/dischargers.cli.ts')
    const guards = async () => (await import('./later-stages.ts')).dischargerGuards
    return (program, cli) => registerDischargersCommands(program, cli, guards)
  },
  quality: async () => {
    const { registerQualityCommands } = await import('./quality/quality.cli.ts')
    const { outletVolumes } = await import('./volumes/outlet-volume.queries.ts')
    return (program, cli) => registerQualityCommands(program, cli, outletVolumes)
  },
  tariffs: async () => {
    const { registerTariffsCommands } = await import('./tariffs/tariffs.cli.ts')
    const { lastDayBilledBy } = await import('./bills/last-day-billed.queries.ts')
    return (program, cli) => registerTariffsCommands(program, cli, lastDayBilledBy)
  },
  readings: async () => (await import('./readings/readings.cli.ts')).registerReadingsCommands,
  volumes: async () => {
    const { registerVolumesCommands } = await import('./volumes/volumes.cli.ts')
    const { lastBilledDays } = await import('./bills/bill.queries.ts')
    return (program, cli) =>
      registerVolumesCommands(program, cli, async (db, accountId) =>
        (await lastBilledDays(db, [accountId])).get(accountId),
      )
  },
  bills: async () => {
    const { registerBillsCommands } = await import('./bills/bills.cli.ts')
    const { settleIssued } = await import('./payments/settle-issued.ts')
    const { takeOverMoney } = await import('./payments/take-over-money.ts')
    const { correctionGuards } = await import('./later-stages.ts')
    return (program, cli) => registerBillsCommands(program, cli, settleIssued, takeOverMoney, correctionGuards)
  },
  payments: async () => {
    const { registerPaymentsCommands } = await import('./payments/payments.cli.ts')
    const { afterPayments } = await import('./later-stages.ts')
    return (program, cli) => registerPaymentsCommands(program, cli, afterPayments)
  },
  receipts: async () => (await import('./receipts/receipts.cli.ts')).registerReceiptsCommands,
  remittance: async () => {
    const { registerRemittanceCommands } = await import('./remittance/remittance.cli.ts')
    const { usesOfFee } = await import('./later-stages.ts')
    return (program, cli) => registerRemittanceCommands(program, cli, usesOfFee)
  },
  users: signInCommands,
  keys: signInCommands,
  documents: async () => {
    const { registerDocumentCommands } = await import('./platform/documents/documents.cli.ts')
    const { documentKinds } = await import('./document-kinds.ts')
    return (program, cli) => registerDocumentCommands(program, cli, documentKinds)
  },
  objections: async () => (await import('./payments/objections.cli.ts')).registerObjectionsCommands,
  orders: async () => (await import('./enforcement/orders.cli.ts')).registerOrdersCommands,
  cases: async () => (await import('./enforcement/cases.cli.ts')).registerCasesCommands,
  enforcement: async () => (await import('./enforcement/cases.cli.ts')).registerEnforcementCommands,
  settlement: async () => (await import('./settlement/settlement.cli.ts')).registerSettlementCommands,
  evidence: async () => (await import('./evidence/evidence.cli.ts')).registerEvidenceCommands,
  verify: async () => {
    const { registerVerifyCommand } = await import('./evidence/evidence.cli.ts')
    const { tieOutOfAll } = await import('./later-stages.ts')
    return (program, cli) => registerVerifyCommand(program, cli, tieOutOfAll)
  },
  contacts: async () => (await import('./dischargers/contacts.cli.ts')).registerContactsCommands,
  messages: async () => {
    const { registerMessagesCommands } = await import('./platform/outbox/messages.cli.ts')
    const { messageKinds } = await import('./message-kinds.ts')
    return (program, cli) => registerMessagesCommands(program, cli, messageKinds)
  },
  jobs: async () => (await import('../jobs/jobs.cli.ts')).registerJobsCommands,
  notices: async () => (await import('../jobs/notices.cli.ts')).registerNoticesCommands,
}

async function signInCommands(): Promise<Register> {
  const { registerSignInCommands } = await import('./platform/sign-in/sign-in.cli.ts')
  const { findDischarger } = await import('./dischargers/account.queries.ts')
  return (program, cli) => registerSignInCommands(program, cli, findDischarger)
}

/** How each stage shows what waits for a second person. */
async function proposalViews(): Promise<ProposalViews> {
  const { documentProposalViews } = await import('./platform/documents/documents.cli.ts')
  const { calendarProposalViews } = await import('./calendars/calendars.cli.ts')
  const { rosterProposalViews } = await import('./dischargers/dischargers.cli.ts')
  const { qualityProposalViews } = await import('./quality/quality.cli.ts')
  const { tariffProposalViews } = await import('./tariffs/tariffs.cli.ts')
  const { volumeProposalViews } = await import('./volumes/volumes.cli.ts')
  const { billProposalViews } = await import('./bills/bills.cli.ts')
  const { refundProposalKind } = await import('./payments/refund-payment.ts')
  const { enforcementProposalViews } = await import('./enforcement/cases.cli.ts')
  const { remittanceProposalViews } = await import('./remittance/remittance.cli.ts')
  const { settlementProposalViews } = await import('./settlement/concession.cli.ts')
  return {
    ...documentProposalViews,
    ...calendarProposalViews,
    ...rosterProposalViews,
    ...qualityProposalViews,
    ...tariffProposalViews,
    ...volumeProposalViews,
    ...billProposalViews,
    ...enforcementProposalViews,
    ...remittanceProposalViews,
    ...settlementProposalViews,
    [refundProposalKind]: {
      zh: '退款',
      en: 'refund',
      decide: ({ id, contentDigest }) =>
        `qingliu payments decide-refund ${id} --approve --digest ${contentDigest.slice(0, 12)} --as approver`,
    },
  }
}

/**
 * Runs one command line. Exit codes: 0 done; 64 wrong usage; 65, 66, 69, 75, 77 a refusal by its kind; 70 a bug, said
 * in one line (its stack with QINGLIU_DEBUG=1).
 */
async function run(words: readonly string[]): Promise<void> {
  const { program, cli, close } = createProgram((services) =>
    refuseUnfitSchema(services, ({ zh, en }) => {
      process.stderr.write(`${zh}${durabilityOfEmbedded.zh}\n${en} ${durabilityOfEmbedded.en}\n`)
    }),
  )
  program.version(packageFile.version, '--version', '版本 version')
  try {
    registerDatabaseCommands(program, cli)
    registerPlatformCommands(program, cli, proposalViews)
    const { operands } = program.parseOptions([...words])
    for (const register of await stagesFor(operands[0] ?? '', program)) register(program, cli)
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (error instanceof Ended) return
    // commander has said what is wrong and shown the usage; asking for help is no error.
    if (error instanceof CommanderError) {
      if (error.code === 'commander.help' && error.exitCode !== 0) cli.refuse(refusePlatform('command_incomplete'))
      process.exitCode = error.exitCode === 0 ? 0 : 64
    } else if (error instanceof UnwritableFile) cli.refuse(refuseUnwritable(error.file, error.cause))
    else if (isUnreachable(error)) cli.refuse(refusePlatform('database_unreachable', { cause: causeOf(error) }))
    else reportBug(error)
  } finally {
    await close()
  }
}

/** The commands to load for a word: one stage's, none for a word of the platform, all of them for help or a slip. */
async function stagesFor(word: string, program: Command): Promise<readonly Register[]> {
  const load = stageCommands[word]
  if (load !== undefined) return [await load()]
  if (program.commands.some((command) => command.name() === word)) return []
  // Two words may be of one stage: it is loaded once.
  return Promise.all([...new Set(Object.values(stageCommands))].map((each) => each()))
}

function registerDatabaseCommands(program: Command, cli: Cli): void {
  const database = program.command('db').description('数据库结构 the schema of the database')

  database
    .command('migrate')
    .description('升级数据库结构 bring the schema up to date')
    .addHelpText('after', '\n例 Example:\n  qingliu db migrate')
    .action(async () => {
      const { db } = await cli.unpreparedServices()
      const [newer] = (await schemaGap(db)).unknown
      if (newer !== undefined) return cli.refuse(refusePlatform('database_is_newer', { migration: newer }))
      const applied = await migrate(db)
      cli.show({ applied }, (language) => {
        if (applied.length === 0) return [language === 'zh' ? '数据库结构已是最新。' : 'The schema is up to date.']
        return [language === 'zh' ? '已升级：' : 'Applied:', ...applied.map((name) => `  ${name}`)]
      })
    })

  database
    .command('status')
    .description('数据库结构是否与程序一致 whether the schema fits this program')
    .addHelpText('after', '\n例 Example:\n  qingliu db status')
    .action(async () => {
      const { db, engine } = await cli.unpreparedServices()
      const { lacking, unknown } = await schemaGap(db)
      cli.show({ engine, lacking, unknown }, (language) => {
        const zh = language === 'zh'
        const name = { embedded: zh ? '内嵌数据库（PGlite）' : 'embedded (PGlite)', postgres: 'PostgreSQL' }[engine]
        const lines = [`${zh ? '数据库' : 'Database'}: ${name}`]
        if (lacking.length > 0)
          lines.push(zh ? '缺少（请运行 qingliu db migrate）：' : 'Lacking (run qingliu db migrate):')
        lines.push(...lacking.map((migration) => `  ${migration}`))
        if (unknown.length > 0)
          lines.push(zh ? '本程序不认识（请升级程序）：' : 'Unknown to this program (upgrade it):')
        lines.push(...unknown.map((migration) => `  ${migration}`))
        if (lacking.length + unknown.length === 0) lines.push(zh ? '结构与程序一致。' : 'The schema fits this program.')
        return lines
      })
    })
}

function reportBug(error: unknown): void {
  process.exitCode = 70
  const [firstLine] = causeOf(error).split('\n')
  process.stderr.write(
    `程序出错（不是您的操作问题），未保存的改动已撤销：${firstLine}　设 QINGLIU_DEBUG=1 重试可看详情 · A bug in the program; QINGLIU_DEBUG=1 shows where.\n`,
  )
  if (process.env['QINGLIU_DEBUG'] === '1')
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
}

// A reader that stops early (`| head`) closes the pipe: the command still finishes its work and closes the database.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
await run(process.argv.slice(2))
