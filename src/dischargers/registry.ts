import { addressForms, channelNames, channels, type Language } from '../platform/outbox/message.ts'
import { meterPurposeNames, meterPurposes, supplies, supplyNames } from './account.ts'
import { dischargerKindNames, dischargerKinds } from './discharger.ts'

/**
 * The files in which a registry comes and goes, in the order in which they are taken: each row refers only to what the
 * files before it hold. Export writes the same columns that import reads.
 */
export const registryKinds = [
  'dischargers',
  'agreements',
  'accounts',
  'meters',
  'shares',
  'changes',
  'outlets',
  'contacts',
] as const
export type RegistryKind = (typeof registryKinds)[number]

export interface RegistryColumn {
  /** Known names of the column, the first being ours. */
  readonly titles: readonly [string, ...string[]]
  readonly kind: 'text' | 'number'
  /** Whether every row must have a value. */
  readonly required: boolean
  readonly example: string
  /** What may stand there, for people: in templates and in rejections. */
  readonly rule: string
}
export type RegistryColumns = Readonly<Record<string, RegistryColumn>>

export interface RegistryFile {
  readonly zh: string
  readonly en: string
  /** Numbers of accounts and meters are a collector's own. */
  readonly ofCollector: boolean
  readonly columns: RegistryColumns
}

const accountNo: RegistryColumn = {
  titles: ['户号', '用户编号', '客户编号', '用户号', '资料号'],
  kind: 'text',
  required: true,
  example: '0010233',
  rule: '供水公司的户号，文本格式（保留前导零） the supplier’s number as text, with its leading zeros',
}
const dischargerCode: RegistryColumn = {
  titles: ['排污者编号', '排污者代码', '排污户编号'],
  kind: 'text',
  required: true,
  example: 'D0001',
  rule: '已登记的排污者编号 the code of a registered discharger',
}
const day = (titles: readonly [string, ...string[]], required: boolean, rule: string): RegistryColumn => ({
  titles,
  kind: 'text',
  required,
  example: '2026-03-31',
  rule: `${rule}，如 2026-03-31`,
})
const yesOrNo = (title: string, required: boolean, rule: string): RegistryColumn => ({
  titles: [title],
  kind: 'text',
  required,
  example: '否',
  rule: `是 或 否 yes or no：${rule}`,
})
/** The languages of messages as a file names them. */
export const contactLanguages = { zh: '中文', en: '英文' } as const satisfies Record<Language, string>
const oneOf = (names: readonly { readonly zh: string }[]) => names.map(({ zh }) => zh).join('、')

export const registryFiles = {
  dischargers: {
    zh: '排污者',
    en: 'dischargers',
    ofCollector: false,
    columns: {
      code: { ...dischargerCode, rule: '本单位给排污者的编号，不重复 the office’s own code, used once' },
      name: {
        titles: ['名称', '排污者名称', '单位名称', '户名', '用户名称'],
        kind: 'text',
        required: true,
        example: '示例电子有限公司',
        rule: '全称 its full name',
      },
      kind: {
        titles: ['类型', '排污者类型'],
        kind: 'text',
        required: true,
        example: '企业',
        rule: oneOf(dischargerKinds.map((kind) => dischargerKindNames[kind])),
      },
      creditCode: {
        titles: ['统一社会信用代码', '信用代码', '社会信用代码'],
        kind: 'text',
        required: false,
        example: '91350100M000100Y43',
        rule: '18 位，企业必填，居民不填 18 characters; enterprises must, residents must not',
      },
      productIsMainlyWater: yesOrNo('产品以水为主', false, '企业必填 enterprises must say (财税〔2014〕151号第十一条)'),
      address: {
        titles: ['地址', '单位地址'],
        kind: 'text',
        required: false,
        example: '示例路 1 号',
        rule: '可空 may be empty',
      },
      phone: {
        titles: ['电话', '联系电话'],
        kind: 'text',
        required: false,
        example: '0797-0000000',
        rule: '可空 may be empty',
      },
    },
  },
  agreements: {
    zh: '纳管协议',
    en: 'agreements',
    ofCollector: false,
    columns: {
      agreementNo: {
        titles: ['协议编号', '协议号'],
        kind: 'text',
        required: true,
        example: 'NG-2026-001',
        rule: '《污水统一纳管处理协议》的编号 the number of the connection agreement',
      },
      dischargerCode,
      signedOn: day(['签订日期', '签订日'], true, '签订之日 day of signing'),
      from: day(['生效日期', '起始日期'], true, '自此日起有效，不早于签订日期 first day in force, not before signing'),
      until: day(
        ['终止日期', '到期日期'],
        false,
        '自此日起不再有效；无期限则空 first day without it; empty where open',
      ),
      document: {
        titles: ['协议文件', '文件'],
        kind: 'text',
        required: false,
        example: '档 2026-15',
        rule: '可空 may be empty',
      },
    },
  },
  accounts: {
    zh: '户号',
    en: 'accounts',
    ofCollector: true,
    columns: {
      accountNo,
      dischargerCode,
      supply: {
        titles: ['供水方式'],
        kind: 'text',
        required: true,
        example: '公共供水',
        rule: oneOf(supplies.map((supply) => supplyNames[supply])),
      },
      payerGroup: {
        titles: ['用户群体', '用户类别'],
        kind: 'text',
        required: true,
        example: '城区居民',
        rule: '用户群体的名称或代码（办法第九条） name or code of a payer group (art. 9)',
      },
      category: {
        titles: ['价格类别', '价格分类', '用水性质', '用水类别'],
        kind: 'text',
        required: true,
        example: '居民',
        rule: '价格类别的名称或代码 name or code of a price category',
      },
      address: {
        titles: ['用水地址', '地址'],
        kind: 'text',
        required: false,
        example: '示例路 1 号',
        rule: '可空 may be empty',
      },
      openedOn: day(['开户日期', '开户日'], true, '开户之日 day of opening'),
    },
  },
  meters: {
    zh: '水表',
    en: 'meters',
    ofCollector: true,
    columns: {
      accountNo,
      meterNo: {
        titles: ['表号', '水表编号', '表身码', '水表号'],
        kind: 'text',
        required: true,
        example: 'M-77120',
        rule: '水表上的编号，文本格式 the number on the meter, as text',
      },
      sizeMm: {
        titles: ['口径', '水表口径'],
        kind: 'number',
        required: false,
        example: '50',
        rule: '毫米，8 至 3000，可空 mm, 8 to 3000, may be empty',
      },
      digits: {
        titles: ['位数', '表位数'],
        kind: 'number',
        required: true,
        example: '6',
        rule: '计数器整数位数，3 至 10 places of the counter, 3 to 10',
      },
      multiplier: {
        titles: ['倍率'],
        kind: 'number',
        required: true,
        example: '1',
        rule: '大于 0，没有倍率填 1 above 0; 1 where there is none',
      },
      purpose: {
        titles: ['用途', '水表用途'],
        kind: 'text',
        required: true,
        example: '供水',
        rule: oneOf(meterPurposes.map((purpose) => meterPurposeNames[purpose])),
      },
      from: day(['安装日期', '装表日期'], true, '自此日起计量 first day it measures'),
      initialReading: {
        titles: ['初始读数', '装表读数', '起始读数'],
        kind: 'number',
        required: true,
        example: '0',
        rule: '装表时读数，最多 3 位小数 its reading when hung, at most 3 decimals',
      },
      until: day(
        ['拆表日期'],
        false,
        '自此日起不再计量；在用则空 first day it no longer measures; empty while it hangs',
      ),
      finalReading: {
        titles: ['拆表读数'],
        kind: 'number',
        required: false,
        example: '',
        rule: '拆表时读数，与拆表日期一并填写 its reading when removed, together with the day',
      },
      removalReason: {
        titles: ['拆表原因'],
        kind: 'text',
        required: false,
        example: '',
        rule: '与拆表日期一并填写 together with the day of removal',
      },
      replacesMeterNo: {
        titles: ['换下表号'],
        kind: 'text',
        required: false,
        example: '',
        rule: '本表换下的旧表表号，旧表须有拆表记录 the meter this one replaced, itself removed',
      },
      masterMeterNo: {
        titles: ['总表表号'],
        kind: 'text',
        required: false,
        example: '',
        rule: '分表填总表表号 the master, for a sub-meter',
      },
      runsBackwards: yesOrNo('倒表', false, '表针倒走，空为否 runs backwards; empty means no'),
    },
  },
  shares: {
    zh: '水表分摊',
    en: 'shares',
    ofCollector: true,
    columns: {
      meterNo: {
        titles: ['表号', '水表编号', '表身码', '水表号'],
        kind: 'text',
        required: true,
        example: 'M-77120',
        rule: '在生效日期在用的水表 a meter that hangs on the day',
      },
      shareNo: {
        titles: ['顺序', '序号'],
        kind: 'number',
        required: true,
        example: '1',
        rule: '从 1 起连续，最后一户取余数 1, 2, 3 …; the last takes the rest',
      },
      accountNo,
      ratio: {
        titles: ['比例', '分摊比例'],
        kind: 'text',
        required: true,
        example: '30%',
        rule: '0.3 或 30%，同组合计恰好为 1 as 0.3 or 30 %; a set adds up to exactly 1',
      },
      unitM3: {
        titles: ['单位', '取整单位'],
        kind: 'text',
        required: true,
        example: '1',
        rule: '1 或 0.001（立方米） 1 or 0.001 m³',
      },
      agreement: {
        titles: ['协议', '分摊协议'],
        kind: 'text',
        required: true,
        example: '分摊协议 2026-3',
        rule: '各方的分摊协议 the users’ agreement',
      },
      from: day(
        ['生效日期', '起始日期'],
        true,
        '自此日起按此分摊，取代以前的分摊 from this day on, in place of the shares before',
      ),
    },
  },
  changes: {
    zh: '户号变更',
    en: 'changes of accounts',
    ofCollector: true,
    columns: {
      accountNo,
      change: {
        titles: ['变更', '变更类型'],
        kind: 'text',
        required: true,
        example: '过户',
        rule: '过户、类别变更、报停、复用、销户 transfer, category, suspension, resumption, closing',
      },
      on: day(
        ['日期', '变更日期', '生效日期'],
        true,
        '自此日起为新状态；销户为不再用水的首日 first day of the new state',
      ),
      dischargerCode: { ...dischargerCode, required: false, rule: '过户填新用户 the new holder, for a transfer' },
      payerGroup: {
        titles: ['用户群体', '用户类别'],
        kind: 'text',
        required: false,
        example: '',
        rule: '类别变更填，名称或代码 for a change of category',
      },
      category: {
        titles: ['价格类别', '价格分类', '用水性质', '用水类别'],
        kind: 'text',
        required: false,
        example: '',
        rule: '类别变更填，名称或代码 for a change of category',
      },
      reason: {
        titles: ['原因', '依据', '变更原因'],
        kind: 'text',
        required: false,
        example: '',
        rule: '类别变更、报停、销户须填 for category, suspension and closing',
      },
    },
  },
  outlets: {
    zh: '排污口',
    en: 'outlets',
    ofCollector: false,
    columns: {
      dischargerCode,
      outletNo: {
        titles: ['排污口编号', '排口编号'],
        kind: 'text',
        required: true,
        example: 'P1',
        rule: '同一排污者内不重复 used once per discharger',
      },
      place: {
        titles: ['位置', '排污口位置'],
        kind: 'text',
        required: false,
        example: '厂区东门',
        rule: '可空 may be empty',
      },
      hasSamplingWell: yesOrNo('采样井', true, '是否设敞开式监测采样井（办法第七条） an open sampling well (art. 7)'),
      hasOnlineMeter: yesOrNo('在线流量计', true, '是否装有在线流量计 an online flow meter'),
      exceptionReason: {
        titles: ['例外原因'],
        kind: 'text',
        required: false,
        example: '',
        rule: '第二个及以上排污口须填（办法第七条） for every outlet beyond the first (art. 7)',
      },
      from: day(['生效日期', '启用日期'], true, '自此日起使用 first day of use'),
      until: day(
        ['终止日期', '停用日期'],
        false,
        '自此日起不再使用；在用则空 first day without it; empty while in use',
      ),
    },
  },
  contacts: {
    zh: '联系方式',
    en: 'contacts',
    ofCollector: false,
    columns: {
      dischargerCode,
      channel: {
        titles: ['渠道', '通知渠道', '方式'],
        kind: 'text',
        required: true,
        example: '电子邮件',
        rule: oneOf(channels.map((channel) => channelNames[channel])),
      },
      address: {
        titles: ['地址', '邮箱或手机', '邮箱', '手机'],
        kind: 'text',
        required: true,
        example: 'finance@example.com',
        rule: `${channels.map((channel) => `${channelNames[channel].zh}：${addressForms[channel].rule}`).join('；')}`,
      },
      language: {
        titles: ['语言', '通知语言'],
        kind: 'text',
        required: false,
        example: '中文',
        rule: `${Object.values(contactLanguages).join('、')}，空为中文 empty means Chinese`,
      },
      person: {
        titles: ['联系人'],
        kind: 'text',
        required: false,
        example: '示例会计',
        rule: '可空 may be empty',
      },
      consent: {
        titles: ['同意的依据', '依据'],
        kind: 'text',
        required: true,
        example: '纳管协议第八条',
        rule: '凭什么可以发到这里 on what it may be written to',
      },
      from: day(['生效日期', '起始日期'], true, '自此日起通知 first day it is written to'),
      until: day(['终止日期'], false, '自此日起不再通知；有效则空 first day it is not; empty while it is'),
    },
  },
} as const satisfies Record<RegistryKind, RegistryFile>

export type RegistryField<K extends RegistryKind> = keyof (typeof registryFiles)[K]['columns'] & string

/** Our own name of each column, in order: the header of templates and exports. */
export function registryTitles(kind: RegistryKind): string[] {
  return Object.values<RegistryColumn>(registryFiles[kind].columns).map(({ titles }) => titles[0])
}

/** Changes of an account as a file names them. */
export const changeWords = {
  transfer: '过户',
  category: '类别变更',
  suspension: '报停',
  resumption: '复用',
  closing: '销户',
} as const
