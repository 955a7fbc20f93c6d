import type { HeaderNames } from '../platform/tables/header.ts'

/** What the columns of files of limits are called; the first name is shown and used in templates. */
export const limitColumnNames = {
  discharger: ['排污者代码', '企业代码', '排污者编号'],
  outlet: ['排污口', '排污口编号'],
  pollutant: ['污染物', '污染物名称', '项目'],
  bound: ['限值类型'],
  value: ['限值', '许可限值', '排放限值'],
  unit: ['单位'],
  document: ['批准文件', '依据文件', '文号'],
  from: ['起始日', '执行日期'],
} as const satisfies HeaderNames<string>

/** A row as it was entered; everything about it is checked by the command. */
export type EnteredLimit = { readonly [Field in keyof typeof limitColumnNames]: string } & { readonly row: number }
