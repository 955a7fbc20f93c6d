import { Argument, type Command } from 'commander'
import { withThousands } from '../kernel/decimal.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { Cli, Language } from '../platform/cli.ts'
import { alignColumns, instantForPeople } from '../platform/cli-text.ts'
import { exportRegistry, exportRejected, writeRegistryTemplate } from './export-registry.ts'
import type { Guards } from './guards.ts'
import { importRegistry, type RegistryImportAnswer } from './import-registry.ts'
import { example, given } from './options.cli.ts'
import { listRegistryImports } from './registry.queries.ts'
import { type RegistryKind, registryFiles, registryKinds } from './registry.ts'

const kindArgument = () =>
  new Argument(
    '<kind>',
    `哪种登记表 which file：${registryKinds.map((kind) => `${kind} ${registryFiles[kind].zh}`).join('、')}`,
  ).choices(registryKinds)

/** `dischargers import|imports|export-rejected|export|template`. */
export function registerRegistryCommands(dischargers: Command, cli: Cli, guards: () => Promise<Guards>): void {
  example(
    dischargers
      .command('import')
      .description('导入登记表（CSV、XLSX），逐行给出结论 take a file of the registry, row by row')
      .addArgument(kindArgument())
      .argument('<file>', '文件 file')
      .option('--collector <code>', '代征单位（户号、水表、分摊、变更须说明） collector, for what belongs to one')
      .option('--sheet <name>', '工作表 sheet of a workbook'),
    'qingliu dischargers import accounts 户号.xlsx --collector water --as clerk',
  ).action(async (kind: RegistryKind, path: string, options: { collector?: string; sheet?: string }) => {
    const input = {
      kind,
      path,
      ...given<{ collectorCode: string; sheet: string }>({ collectorCode: options.collector, sheet: options.sheet }),
    }
    const outcome = await importRegistry(await cli.services(), cli.envelope(), input, { guards: await guards() })
    cli.showOutcome(outcome, importLines)
  })

  example(
    dischargers.command('imports').description('登记表导入记录 the imports of registry files'),
    'qingliu dischargers imports',
  ).action(async () => {
    const imports = await listRegistryImports((await cli.services()).db)
    cli.show(
      imports.map((each) => ({ ...each, recordedAt: each.recordedAt.toISOString() })),
      (language) =>
        alignColumns(
          language === 'zh'
            ? ['编号', '登记表', '代征单位', '文件', '行数', '接受', '拒绝', '时间']
            : ['no.', 'kind', 'collector', 'file', 'rows', 'accepted', 'rejected', 'at'],
          imports.map((each) => [
            each.importId,
            each.kind.replace(/^registry\./, ''),
            each.scope,
            each.fileName,
            withThousands(String(each.rowsIn)),
            withThousands(String(each.rowsAccepted)),
            withThousands(String(each.rowsRejected)),
            instantForPeople(each.recordedAt),
          ]),
          [0, 4, 5, 6],
        ),
    )
  })

  example(
    dischargers
      .command('export-rejected <import>')
      .description('导出被拒绝的行（原列加结论、原因、建议），改正后可直接再导入 the rejected rows with their reasons')
      .requiredOption('--to <file>', '.xlsx 或 .csv'),
    'qingliu dischargers export-rejected 12 --to 待改.xlsx',
  ).action(async (importId: string, options: { to: string }) => {
    const { db } = await cli.services()
    const rows = await exportRejected(db, { importId, to: options.to, language: cli.language })
    if (isRefusal(rows)) return cli.refuse(rows)
    cli.show({ file: options.to, rows }, (language) => [
      language === 'zh'
        ? `已写出 ${withThousands(String(rows))} 行：${options.to}`
        : `${withThousands(String(rows))} rows: ${options.to}`,
    ])
  })

  example(
    dischargers
      .command('export')
      .description('导出登记表，与导入同列 write a registry file in the columns of its import')
      .addArgument(kindArgument())
      .option('--collector <code>', '代征单位 collector')
      .requiredOption('--to <file>', '.xlsx 或 .csv'),
    'qingliu dischargers export accounts --collector water --to 户号.csv',
  ).action(async (kind: RegistryKind, options: { collector?: string; to: string }) => {
    const { db } = await cli.services()
    const wanted = { kind, to: options.to, ...given<{ collectorCode: string }>({ collectorCode: options.collector }) }
    const rows = await exportRegistry(db, wanted)
    if (isRefusal(rows)) return cli.refuse(rows)
    cli.show({ file: options.to, rows }, (language) => [
      language === 'zh'
        ? `已写出 ${withThousands(String(rows))} 行：${options.to}`
        : `${withThousands(String(rows))} rows: ${options.to}`,
    ])
  })

  example(
    dischargers
      .command('template')
      .description('空白登记表，含填写说明 a blank form with its explanations')
      .addArgument(kindArgument())
      .requiredOption('--to <file>', '.xlsx 或 .csv'),
    'qingliu dischargers template accounts --to 户号.xlsx',
  ).action(async (kind: RegistryKind, options: { to: string }) => {
    const refusal = await writeRegistryTemplate(kind, options.to)
    if (refusal !== undefined) return cli.refuse(refusal)
    cli.show({ file: options.to }, (language) => [
      language === 'zh' ? `已写出空白表：${options.to}` : `The blank form: ${options.to}`,
    ])
  })
}

function importLines(answer: RegistryImportAnswer, language: Language): string[] {
  const zh = language === 'zh'
  const count = (value: number) => withThousands(String(value))
  const lines = [
    zh
      ? `${registryFiles[answer.kind].zh}：${answer.file}，导入编号 ${answer.importId}`
      : `${registryFiles[answer.kind].en}: ${answer.file}, import ${answer.importId}`,
    zh
      ? `共 ${count(answer.rowsIn)} 行：新登记 ${count(answer.added)}，已有相同 ${count(answer.alreadyThere)}，拒绝 ${count(answer.rejected)}`
      : `${count(answer.rowsIn)} rows: ${count(answer.added)} added, ${count(answer.alreadyThere)} there already, ${count(answer.rejected)} rejected`,
  ]
  if (answer.rejected === 0) return lines
  return [
    ...lines,
    '',
    ...answer.reasons.flatMap(({ code, count: rows, first }) => [
      zh ? `拒绝 ${count(rows)} 行（${code}）：` : `${count(rows)} rows rejected (${code}):`,
      ...first.map((each) =>
        zh
          ? `  第 ${count(each.row)} 行，“${each.column}”为“${each.value}”：${each.zh}`
          : `  Row ${count(each.row)}, "${each.column}" is "${each.value}": ${each.en}`,
      ),
      ...(rows > first.length
        ? [zh ? `  另有 ${count(rows - first.length)} 行。` : `  ${count(rows - first.length)} more.`]
        : []),
    ]),
    '',
    zh
      ? `导出被拒绝的行：qingliu dischargers export-rejected ${answer.importId} --to 待改.xlsx`
      : `Write the rejected rows: qingliu dischargers export-rejected ${answer.importId} --to rejected.xlsx`,
  ]
}
