import { type RefusalTable, refuser } from '../../kernel/refusal.ts'

/** What a request may be refused for before any command or query has seen it. */
export const httpRefusals = {
  route_unknown: {
    kind: 'missing',
    zh: '没有 {path} 这个地址。全部接口见 /api/v1/openapi.json。',
    en: 'There is nothing at {path}. /api/v1/openapi.json lists every route.',
  },
  resource_missing: {
    kind: 'missing',
    zh: '没有找到：{path}。请核对编号。',
    en: 'Nothing was found at {path}. Check the number in it.',
  },
  method_not_allowed: {
    kind: 'method',
    zh: '{path} 不接受 {method}，可用：{allowed}。',
    en: '{path} does not take {method}; it takes: {allowed}.',
  },
  media_type_unsupported: {
    kind: 'media_type',
    zh: '内容类型“{given}”不受理，请用 Content-Type: {expected}。',
    en: 'The content type "{given}" is not taken; send Content-Type: {expected}.',
  },
  body_not_json: {
    kind: 'usage',
    zh: '正文不是合法的 JSON（UTF-8）。请核对引号、逗号与括号。',
    en: 'The body is not valid JSON in UTF-8. Check quotes, commas and brackets.',
  },
  body_too_large: {
    kind: 'too_large',
    zh: '正文超过 {limit} 字节。请分次提交，或改用文件上传的接口。',
    en: 'The body is larger than {limit} bytes. Send less at once, or use the route that takes files.',
  },
  body_too_deep: {
    kind: 'usage',
    zh: '正文的嵌套超过 {limit} 层。请按接口文档的格式填写。',
    en: 'The body is nested more than {limit} levels deep. Send it as the document of the API describes.',
  },
  query_unknown: {
    kind: 'usage',
    zh: '没有名为 {names} 的查询参数。可用：{known}。',
    en: 'There is no query parameter named {names}. Known: {known}.',
  },
  input_invalid: {
    kind: 'usage',
    zh: '请求有 {count} 处不合要求：{faultsZh}',
    en: 'The request does not fit; faults in it: {count}.{faultsEn}',
  },
  too_many_rows_to_export: {
    kind: 'too_large',
    zh: '筛选后超过 {limit} 行，一个表格放不下。请再筛选，例如按月份；全部数据用命令行或接口导出。',
    en: 'More than {limit} rows fit the filter, too many for one table. Narrow it, for example to a month; the command line and the API export everything.',
  },
  page_unknown: {
    kind: 'missing',
    zh: '没有 {path} 这个页面。请从菜单进入，或用搜索查找。',
    en: 'There is no page at {path}. Use the menu, or search.',
  },
  page_not_permitted: {
    kind: 'forbidden',
    zh: '{name} 的岗位不办理“{page}”。如确需办理，请系统管理员调整岗位，或由有权的人办理。',
    en: 'The roles of {name} do not include "{page}". Ask the administrator, or somebody whose role it is.',
  },
  form_signed_out: {
    kind: 'unauthenticated',
    zh: '登录已结束（到时自动结束，或已在别处结束），未作任何改动。请重新登录，再打开这一页办理。',
    en: 'You are signed in no longer (a sign-in ends by itself, or was ended elsewhere); nothing was changed. Sign in, then open this page again.',
  },
  form_expired: {
    kind: 'forbidden',
    zh: '这张表单不是本次登录打开的，或已失效，未作任何改动。请返回重新打开页面再提交。',
    en: 'This form was not opened in this session, or has expired; nothing was changed. Open the page again and submit it anew.',
  },
  cursor_invalid: {
    kind: 'usage',
    zh: 'cursor 不是本列表给出的。请从第一页开始，并沿用答复里的 next。',
    en: 'The cursor was not given by this list. Begin at the first page and follow the next of each answer.',
  },
  idempotency_key_missing: {
    kind: 'usage',
    zh: '写入须带 Idempotency-Key：8 至 200 个可见 ASCII 字符，每件事一个；重发同一件事用同一个，不会重复办理。',
    en: 'A write needs an Idempotency-Key: 8 to 200 visible ASCII characters, one for each thing to do; sending the same again under the same key does nothing twice.',
  },
  idempotency_key_malformed: {
    kind: 'usage',
    zh: '这个 Idempotency-Key 有 {length} 个字符，或含不可见、非 ASCII 的字符。须为 8 至 200 个可见 ASCII 字符，例如一个 UUID。',
    en: 'This Idempotency-Key has {length} characters, or invisible or non-ASCII ones. It must be 8 to 200 visible ASCII characters, a UUID for example.',
  },
  if_match_missing: {
    kind: 'condition_missing',
    zh: '请带 If-Match：先 GET {resource}，把答复的 ETag 原样放入，以免改掉别人刚做的决定。',
    en: 'If-Match is missing: GET {resource} first and send its ETag as it is, so that nobody’s fresh decision is overwritten.',
  },
  resource_changed: {
    kind: 'changed',
    zh: '{resource} 在您查看之后已经变动，未作任何改动。请重新 GET 后再决定。',
    en: '{resource} has changed since you looked; nothing was done. GET it again before you decide.',
  },
  request_host_not_loopback: {
    kind: 'forbidden',
    zh: '未启用登录时只在本机使用：Host 须为 127.0.0.1、localhost 或 [::1]，收到的是“{host}”。',
    en: 'Without sign-in this machine alone is served: Host is 127.0.0.1, localhost or [::1], not "{host}".',
  },
  request_cross_site: {
    kind: 'forbidden',
    zh: '不接受其他网站的页面发来的请求（{origin}）。',
    en: 'Requests from pages of other sites are not taken ({origin}).',
  },
  request_origin_missing: {
    kind: 'forbidden',
    zh: '以登录会话写入须由本站页面发出：浏览器没有说明来源（Origin），未作任何改动。程序请改用 API 密钥（Authorization: Bearer）。',
    en: 'A write under a session comes from a page of this site: no Origin was sent, and nothing was changed. Programs use an API key (Authorization: Bearer).',
  },
  sign_in_missing: {
    kind: 'unauthenticated',
    zh: '此处未启用登录，接口关闭。请用 qingliu 服务（npm run serve）；开发时可设置 QINGLIU_DEV_ACTOR=人员代码（生产环境不接受）。',
    en: 'Nobody can sign in here, so the API is closed. Use the server (npm run serve); for development set QINGLIU_DEV_ACTOR=CODE (production refuses it).',
  },
  development_actor_in_production: {
    kind: 'forbidden',
    zh: '生产环境（QINGLIU_ENV=production）不接受 QINGLIU_DEV_ACTOR。请去掉其中一个。',
    en: 'Production (QINGLIU_ENV=production) refuses QINGLIU_DEV_ACTOR. Unset one of them.',
  },
  database_absent: {
    kind: 'unavailable',
    zh: '此安装没有连接数据库。',
    en: 'This installation has no database.',
  },
  database_not_answering: {
    kind: 'unavailable',
    zh: '数据库没有应答，未作任何改动。请稍后再试。',
    en: 'The database does not answer; nothing was changed. Try again later.',
  },
  file_name_missing: {
    kind: 'usage',
    zh: '请求缺少文件 {part}。请以 multipart/form-data 提交：{expected}。',
    en: 'The request lacks the file {part}. Send multipart/form-data with: {expected}.',
  },
  body_not_multipart: {
    kind: 'usage',
    zh: '正文不是完整的 multipart/form-data。请核对分隔符与各部分。',
    en: 'The body is not complete multipart/form-data. Check the boundary and the parts.',
  },
  file_not_chosen: {
    kind: 'usage',
    zh: '还没有选择文件。请选择要上传的文件。',
    en: 'No file was chosen. Choose the one to upload.',
  },
  tried_file_gone: {
    kind: 'missing',
    zh: '试读的文件已不在服务器上（只保留一天）。请重新选择文件上传。',
    en: 'The file that was tried is no longer on the server, which keeps it for a day. Choose it again.',
  },
  work_interrupted: {
    kind: 'unavailable',
    zh: '办理它的程序已停止，没有办完。请用同一 Idempotency-Key 重新提交同样的内容：已办的不会重复，未办的从头再来。',
    en: 'The process that did it has stopped before the end. Send the same again under the same Idempotency-Key: nothing is done twice, and what was not done begins anew.',
  },
  program_error: {
    kind: 'bug',
    zh: '程序出错（不是您的操作问题），未保存的改动已撤销。请把编号 {reference} 告诉管理员。',
    en: 'The program failed; unsaved changes were undone. Tell the administrator the reference {reference}.',
  },
} as const satisfies RefusalTable

export const refuseHttp = refuser(httpRefusals)
