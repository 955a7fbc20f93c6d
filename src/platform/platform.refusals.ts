import { type RefusalTable, refuser } from '../kernel/refusal.ts'

export const platformRefusals = {
  database_in_use: {
    kind: 'unavailable',
    zh: '数据库目录 {folder} 正被另一个进程使用。请等它结束，或设置 DATABASE_URL 使用 PostgreSQL。',
    en: 'The database folder {folder} is in use by another process. Wait for it to end, or set DATABASE_URL to use PostgreSQL.',
  },
  database_not_prepared: {
    kind: 'unavailable',
    zh: '数据库结构缺 {count} 个版本。请先运行：qingliu db migrate',
    en: 'The database lacks {count} [migration|migrations]. Run first: qingliu db migrate',
  },
  database_is_newer: {
    kind: 'unavailable',
    zh: '数据库结构（{migration}）比本程序新。请升级程序。',
    en: 'The database ({migration}) is newer than this program. Upgrade the program.',
  },
  database_unreachable: {
    kind: 'unavailable',
    zh: '连不上数据库：{cause}。请检查 DATABASE_URL 与数据库服务。',
    en: 'The database cannot be reached: {cause}. Check DATABASE_URL and the server.',
  },
  database_busy: {
    kind: 'unavailable',
    zh: '数据库繁忙，重试 {attempts} 次未成功，未作任何改动。请稍后再试。',
    en: 'The database was busy through {attempts} attempts; nothing was changed. Try again later.',
  },
  file_unwritable: {
    kind: 'unavailable',
    zh: '写不了文件 {file}：{causeZh}。请换一个位置。',
    en: 'The file {file} cannot be written: {causeEn}. Choose another place.',
  },
  actor_missing: {
    kind: 'usage',
    zh: '未说明经办人。请加 --as 人员代码（例：--as clerk），人员见 qingliu staff list。',
    en: 'The command names no actor. Add --as CODE (for example --as clerk); see qingliu staff list.',
  },
  actor_unknown: {
    kind: 'forbidden',
    zh: '没有代码为 {actor} 的人员。人员见 qingliu staff list。',
    en: 'There is no staff member with the code {actor}. See qingliu staff list.',
  },
  actor_flag_not_allowed: {
    kind: 'forbidden',
    zh: '生产环境不允许用 --as 指定经办人（设置 cli.actor_by_flag 未开启）。请由管理员开启，或登录后操作。',
    en: 'In production the actor may not be named with --as (the setting cli.actor_by_flag is off). Let an administrator turn it on, or sign in.',
  },
  role_of_other_body: {
    kind: 'invalid',
    zh: '“{roleZh}”不是{kindZh}人员的岗位，不能授予 {organisation} 的人。请核对单位：qingliu staff list',
    en: '"{roleEn}" is no role of a person of this kind of body ({kindEn}): {organisation}. Check the organisation: qingliu staff list',
  },
  role_missing: {
    kind: 'forbidden',
    zh: '{actor} 无权办理“{commandZh}”，需要的岗位：{rolesZh}。岗位由系统管理员授予：qingliu staff grant',
    en: '{actor} may not do this: {commandEn}; it takes the role: {rolesEn}. An administrator grants roles: qingliu staff grant',
  },
  command_id_reused: {
    kind: 'conflict',
    zh: '命令编号 {commandId} 已用于另一内容（{name}）。请换一个编号；原命令未受影响。',
    en: 'The command id {commandId} was used before for other content ({name}). Choose another id; the first command stands.',
  },
  command_id_malformed: {
    kind: 'usage',
    zh: '命令编号须为 8 至 200 个字符：{commandId}',
    en: 'A command id has 8 to 200 characters: {commandId}',
  },
  setting_unknown: {
    kind: 'missing',
    zh: '没有名为 {name} 的设置。可用的设置：{known}',
    en: 'There is no setting named {name}. Known settings: {known}',
  },
  setting_value_invalid: {
    kind: 'invalid',
    zh: '设置 {name} 的值“{value}”不合要求：{rule}',
    en: 'The value "{value}" does not fit the setting {name}: {rule}',
  },
  proposal_missing: {
    kind: 'missing',
    zh: '没有编号为 {proposal} 的待审批事项（{kind}）。见 qingliu approvals list。',
    en: 'There is no proposal {proposal} ({kind}) to decide. See qingliu approvals list.',
  },
  proposal_decided: {
    kind: 'conflict',
    zh: '事项 {proposal} 已由 {person} {decisionZh}，不能再次审批。',
    en: 'Proposal {proposal} was already {decisionEn} by {person}.',
  },
  proposal_own_work: {
    kind: 'forbidden',
    zh: '事项 {proposal} 由 {maker} 本人经办，须由他人审批。',
    en: 'Proposal {proposal} is the work of {maker}; another person must decide it.',
  },
  proposal_digest_differs: {
    kind: 'conflict',
    zh: '事项 {proposal} 的内容摘要为 {actual}，与您看到的 {seen} 不同。请重新查看后再审批。',
    en: 'Proposal {proposal} has the digest {actual}, not {seen} as you saw it. Look again before deciding.',
  },
  proposal_return_needs_reason: {
    kind: 'usage',
    zh: '退回须写明原因。',
    en: 'A return needs a reason.',
  },
  staff_not_first: {
    kind: 'conflict',
    zh: '已有 {count} 名人员，不能再次初始化。请由管理员用 qingliu staff add 增加。',
    en: 'There is staff already ({count}); setup runs once. An administrator adds others with qingliu staff add.',
  },
  staff_code_taken: {
    kind: 'conflict',
    zh: '人员代码 {code} 已被使用。请换一个代码，或用 qingliu staff grant 给该人员增加岗位。',
    en: 'The staff code {code} is taken. Choose another, or give that person a role with qingliu staff grant.',
  },
  staff_unknown: {
    kind: 'missing',
    zh: '没有代码为 {code} 的人员。人员见 qingliu staff list。',
    en: 'There is no staff member with the code {code}. See qingliu staff list.',
  },
  organisation_code_taken: {
    kind: 'conflict',
    zh: '单位代码 {code} 已被使用。请换一个代码。',
    en: 'The organisation code {code} is taken. Choose another.',
  },
  role_held: {
    kind: 'conflict',
    zh: '{person} 在 {from} 或之后已有岗位“{role}”，无需再次授予。',
    en: '{person} already holds the role {role} on {from} or later; there is nothing to grant.',
  },
  scheduler_taken: {
    kind: 'conflict',
    zh: '{from} 或之后已有人担任“{role}”，同一时间只能有一个；请先终止其岗位（qingliu staff list、qingliu staff end），再由 {person} 担任。',
    en: 'Somebody is the {role} on {from} or later, and there is one at a time; end that role first (qingliu staff list, qingliu staff end), then give it to {person}.',
  },
  scheduler_stands_alone: {
    kind: 'conflict',
    zh: '“定时任务”岗位不与其他岗位并存：{person} 在 {from} 或之后另有岗位。请为定时任务单独登记一名（qingliu staff add），它只试算和提醒，从不审批。',
    en: 'The role scheduler stands alone: {person} has another role on {from} or later. Add a member of its own for it (qingliu staff add); it drafts and tells, and never approves.',
  },
  enterprise_role_alone: {
    kind: 'conflict',
    zh: '“排污企业”岗位只属于排污企业单位的人员，他们也不任其他岗位。企业人员请用 qingliu users invite-enterprise 邀请。',
    en: 'The role of an enterprise belongs to people of enterprises alone, who hold no other. Invite them with qingliu users invite-enterprise.',
  },
  role_not_held: {
    kind: 'missing',
    zh: '人员 {code} 没有可终止的岗位“{role}”（没有该人员、未授予或已终止）。见 qingliu staff list。',
    en: 'Staff {code} has no open role {role} to end (no such person, never granted, or ended). See qingliu staff list.',
  },
  role_ends_before_start: {
    kind: 'invalid',
    zh: '{person} 的岗位自 {from} 起，不能在 {until} 终止。请核对日期。',
    en: 'The role of {person} starts on {from}; it cannot end on {until}. Check the date.',
  },
  administrator_last: {
    kind: 'conflict',
    zh: '{person} 是唯一的系统管理员，终止后无人能增加人员。请先授予另一人系统管理员岗位。',
    en: '{person} is the only administrator; without one nobody could add staff. Make another person administrator first.',
  },
  setting_needs_citation: {
    kind: 'usage',
    zh: '修改设置 {name} 须写明依据：请加 --citation（文件名称、文号或决定）。',
    en: 'A change of the setting {name} needs its ground: add --citation with the document or decision.',
  },
  organisation_unknown: {
    kind: 'missing',
    zh: '没有代码为 {code} 的单位。请系统管理员增加：qingliu staff add-organisation',
    en: 'There is no organisation with the code {code}. Let an administrator add it: qingliu staff add-organisation',
  },
  role_unknown: {
    kind: 'usage',
    zh: '没有“{role}”这个岗位。可用：{roles}',
    en: 'There is no role "{role}". Known roles: {roles}',
  },
  value_malformed: {
    kind: 'usage',
    zh: '{field} 的值“{value}”不合要求：{rule}',
    en: 'The value "{value}" of {field} does not fit: {rule}',
  },
  option_unknown: {
    kind: 'usage',
    zh: '没有“{option}”这个选项。{likelyZh}可用的选项见 --help。',
    en: 'There is no option "{option}".{likelyEn} See --help.',
  },
  option_required: {
    kind: 'usage',
    zh: '缺少必填的选项：{option}。请补上，例子见 --help。',
    en: 'The option {option} is required. Add it; --help shows an example.',
  },
  option_without_value: {
    kind: 'usage',
    zh: '选项 {option} 后面没有写值。请补上。',
    en: 'The option {option} lacks its value. Write it behind the option.',
  },
  option_value_unknown: {
    kind: 'usage',
    zh: '选项 {option} 不能是“{value}”。可用：{choices}',
    en: 'The option {option} cannot be "{value}". Choices: {choices}',
  },
  argument_missing: {
    kind: 'usage',
    zh: '少写了 <{argument}>。请补上，例子见 --help。',
    en: 'The argument <{argument}> is missing. Add it; --help shows an example.',
  },
  arguments_too_many: {
    kind: 'usage',
    zh: '多写了内容：应有 {expected} 项，写了 {given} 项。含空格的文字请用引号括起。',
    en: 'Too many arguments: {expected} expected, {given} given. Put a text with blanks in quotes.',
  },
  command_unknown: {
    kind: 'usage',
    zh: '没有“{command}”这个命令。{likelyZh}可用的命令见 --help。',
    en: 'There is no command "{command}".{likelyEn} See --help.',
  },
  command_incomplete: {
    kind: 'usage',
    zh: '命令没有写完：请选一个下级命令，有哪些、怎么用见 --help。',
    en: 'The command is incomplete: choose one of its subcommands; --help lists them with examples.',
  },
  command_line_wrong: {
    kind: 'usage',
    zh: '命令写得不对：{cause}。用法见 --help。',
    en: 'The command line is wrong: {cause}. See --help.',
  },
  host_not_loopback: {
    kind: 'forbidden',
    zh: '设置了 QINGLIU_DEV_ACTOR 时只能在本机地址 127.0.0.1 上监听：任何能连上 {host} 的人都能以其名义读取和办理。请去掉 --host（或 QINGLIU_HOST），或去掉 QINGLIU_DEV_ACTOR 改用登录。',
    en: 'With QINGLIU_DEV_ACTOR the server listens on 127.0.0.1 alone: whoever reaches {host} could read and act as that person. Leave --host (or QINGLIU_HOST) out, or unset QINGLIU_DEV_ACTOR and sign in.',
  },
  port_taken: {
    kind: 'unavailable',
    zh: '端口 {port} 已被别的程序占用。请换一个：--port（或 QINGLIU_PORT），0 表示任选空闲端口。',
    en: 'Port {port} is in use by another program. Choose another with --port (or QINGLIU_PORT); 0 takes any free one.',
  },
  production_needs_postgres: {
    kind: 'unavailable',
    zh: '生产环境须用 PostgreSQL：请设置 DATABASE_URL。',
    en: 'Production runs on PostgreSQL: set DATABASE_URL.',
  },
  evidence_empty: {
    kind: 'invalid',
    zh: '文件 {file} 是空的（0 字节），不能作为证据。请重新扫描或导出。',
    en: 'The file {file} is empty (0 bytes) and proves nothing. Scan or export it again.',
  },
  evidence_unknown: {
    kind: 'missing',
    zh: '没有摘要为 {digest} 的文件。请先经 /evidence 存入，再以摘要引用。',
    en: 'No file with the digest {digest} is kept. Send it to /evidence first, then name it by its digest.',
  },
} as const satisfies RefusalTable

export const refusePlatform = refuser(platformRefusals)
