import { type RefusalTable, refuser } from '../../kernel/refusal.ts'

export const signInRefusals = {
  not_signed_in: {
    kind: 'unauthenticated',
    zh: '请先登录。程序请在 Authorization 中附 API 密钥（Bearer）。',
    en: 'Sign in first. Programs send an API key in Authorization (Bearer).',
  },
  second_factor_missing: {
    kind: 'forbidden',
    zh: '{name} 的岗位须用第二因素登录。请先在“账号”页设置验证器，设置好之前不能查看和办理。',
    en: 'The roles of {name} need a second factor. Set an authenticator up on the page of your account; until then nothing can be seen or done.',
  },
  sign_in_failed: {
    kind: 'unauthenticated',
    zh: '代码或密码不对，或该账号尚未启用。请核对；忘记密码请系统管理员重新邀请。',
    en: 'The code or the password is wrong, or the account is not set up. Check them; if the password is forgotten, ask the administrator for a new invitation.',
  },
  sign_in_throttled: {
    kind: 'unavailable',
    zh: '失败次数过多，请 {minutes} 分钟后再试。此前从同一地址登录成功过的人不受他人失败的影响。',
    en: 'Too many failures; try again in {minutes} minutes. Who signed in from their address before is not held up by the failures of others.',
  },
  second_factor_wrong: {
    kind: 'unauthenticated',
    zh: '验证码不对或已过期。请输入验证器上当前的 6 位数字，或一个未用过的备用码。',
    en: 'The code is wrong or has expired. Enter the six digits your authenticator shows now, or a backup code that was not used.',
  },
  second_factor_used: {
    kind: 'unauthenticated',
    zh: '这个验证码刚才已用过一次，不能再用。请等验证器显示下一个 6 位数字再输入。',
    en: 'This code was used a moment ago and works once. Wait for the next six digits your authenticator shows, and enter them.',
  },
  second_factor_step_over: {
    kind: 'unauthenticated',
    zh: '输入密码之后已过 10 分钟，或不是在这个浏览器输入的。请重新登录，再输入验证码。',
    en: 'The password was entered more than 10 minutes ago, or in another browser. Sign in again, then enter the code.',
  },
  second_factor_locked: {
    kind: 'unavailable',
    zh: '验证码错误次数过多，请 15 分钟后重新登录；或请系统管理员重置第二因素。',
    en: 'Too many wrong codes. Sign in again in 15 minutes, or ask the administrator to reset the second factor.',
  },
  second_factor_set_before: {
    kind: 'conflict',
    zh: '已设置第二因素。更换验证器请系统管理员重置。',
    en: 'A second factor is set. To change the authenticator ask the administrator to reset it.',
  },
  second_factor_not_set: {
    kind: 'missing',
    zh: '{person} 没有设置第二因素，无需重置。',
    en: '{person} has set no second factor; there is nothing to reset.',
  },
  second_factor_own: {
    kind: 'forbidden',
    zh: '不能重置自己的第二因素，须由另一名系统管理员办理。',
    en: 'Nobody resets their own second factor; another administrator does.',
  },
  password_too_short: {
    kind: 'invalid',
    zh: '密码须有 {minimum} 至 {maximum} 个字符，收到 {length} 个。一句自己记得住的话就很好。',
    en: 'A password has {minimum} to {maximum} characters; {length} were given. A sentence you remember does well.',
  },
  password_common: {
    kind: 'invalid',
    zh: '这个密码太常见，或只是代码、姓名的变形。请换一个别人想不到的。',
    en: 'That password is one of the commonest, or just the code or name again. Choose one nobody would think of.',
  },
  password_not_repeated: {
    kind: 'invalid',
    zh: '两次输入的密码不一致。请重新输入。',
    en: 'The two entries of the password differ. Enter it again.',
  },
  password_wrong: {
    kind: 'unauthenticated',
    zh: '现在的密码不对。请重新输入；忘记密码请系统管理员重新邀请。',
    en: 'The present password is wrong. Enter it again; if it is forgotten, ask the administrator for a new invitation.',
  },
  password_unchanged: {
    kind: 'invalid',
    zh: '新密码和现在的相同。请换一个。',
    en: 'The new password is the present one. Choose another.',
  },
  invitation_expired: {
    kind: 'forbidden',
    title: { zh: '邀请已过期', en: 'The invitation has expired' },
    zh: '给 {person} 的邀请已于 {expiredAt} 过期。请向发出邀请的{inviter}（{organisation}）要一份新的。',
    en: 'The invitation of {person} expired at {expiredAt}. Ask {inviter} ({organisation}), who sent it, for a new one.',
  },
  invitation_unusable: {
    kind: 'forbidden',
    title: { zh: '邀请不能再用', en: 'The invitation cannot be used' },
    zh: '这个邀请链接不完整、已用过，或已被更新的邀请代替。已设置过密码的请直接登录；否则请向发出邀请的人要一份新的。',
    en: 'This link is not complete, was used, or was replaced by a newer one. Sign in if you have set your password; else ask whoever sent it for a new one.',
  },
  sign_in_unknown: {
    kind: 'missing',
    zh: '{person} 尚未启用登录。请先邀请：qingliu users invite {code}',
    en: '{person} has no sign-in yet. Invite first: qingliu users invite {code}',
  },
  access_own: {
    kind: 'forbidden',
    zh: '不能停用自己的登录，须由另一名系统管理员办理。',
    en: 'Nobody ends their own access; another administrator does.',
  },
  session_unknown: {
    kind: 'missing',
    zh: '没有编号为 {session} 的登录会话，或已结束。见 qingliu users sessions。',
    en: 'There is no session {session}, or it has ended. See qingliu users sessions.',
  },
  session_of_other: {
    kind: 'forbidden',
    zh: '只能结束自己的登录会话；结束他人的由系统管理员办理。',
    en: 'You may end your own sessions; those of others are ended by an administrator.',
  },
  reason_missing: {
    kind: 'usage',
    zh: '请写明原因。',
    en: 'State the reason.',
  },
  scheduler_signs_in_not: {
    kind: 'invalid',
    zh: '{person} 是定时任务，不登录。',
    en: '{person} is the schedule and does not sign in.',
  },
  api_key_unknown: {
    kind: 'unauthenticated',
    zh: 'API 密钥不存在、已吊销或已过期。请系统管理员另发：qingliu keys create',
    en: 'The API key does not exist, was revoked or has expired. Ask the administrator for another: qingliu keys create',
  },
  api_key_not_for: {
    kind: 'forbidden',
    zh: '这个 API 密钥不用于“{ofZh}”（{permission}）。请系统管理员另发一个。',
    en: 'This API key is not for this: {ofEn} ({permission}). Ask the administrator for another.',
  },
  api_key_needs_person: {
    kind: 'forbidden',
    zh: '{name} 的岗位须用第二因素登录，不能用 API 密钥。请为系统单独登记一名人员（qingliu staff add）。',
    en: 'The roles of {name} need a second factor, so no API key stands in for them. Add a person of its own for the system (qingliu staff add).',
  },
  api_key_permission_unknown: {
    kind: 'usage',
    zh: '没有名为 {permission} 的权限，或 {person} 的岗位不包括它。可用：{known}',
    en: 'There is no permission {permission}, or the roles of {person} do not include it. Known: {known}',
  },
  api_key_term_malformed: {
    kind: 'usage',
    zh: '密钥的有效期为 1 至 {maximum} 天，收到 {days}。',
    en: 'A key lasts 1 to {maximum} days; {days} were given.',
  },
  api_key_missing: {
    kind: 'missing',
    zh: '没有编号为 {key} 的有效 API 密钥。见 qingliu keys list。',
    en: 'There is no API key {key} in force. See qingliu keys list.',
  },
  enterprise_code_taken: {
    kind: 'conflict',
    zh: '代码 {code} 已属于一名不是排污企业人员的人。请换一个代码。',
    en: 'The code {code} belongs to somebody who is not of an enterprise. Choose another.',
  },
  enterprise_tied_already: {
    kind: 'conflict',
    zh: '{person} 已能查看排污者 {discharger}。重新邀请请用 qingliu users invite {code}',
    en: '{person} sees the discharger {discharger} already. For a new invitation: qingliu users invite {code}',
  },
  enterprise_not_tied: {
    kind: 'missing',
    zh: '{code} 在该日不查看排污者 {discharger}，没有可终止的。',
    en: '{code} does not see the discharger {discharger} on that day; there is nothing to end.',
  },
  secret_missing: {
    kind: 'unavailable',
    zh: '生产环境须设置 QINGLIU_SECRET（32 个字符以上的随机文字），登录会话与第二因素用它加密。',
    en: 'Production needs QINGLIU_SECRET (32 random characters or more): sessions and second factors are protected by it.',
  },
  secret_weak: {
    kind: 'invalid',
    zh: 'QINGLIU_SECRET 只有 {length} 个字符，须 32 个以上。例如：openssl rand -base64 48',
    en: 'QINGLIU_SECRET has {length} characters and needs 32 or more, for example from: openssl rand -base64 48',
  },
  day_in_production: {
    kind: 'forbidden',
    zh: '生产环境不接受 --today：每个人都按真实的日期办理。',
    en: 'Production refuses --today: everybody acts on the true day.',
  },
} as const satisfies RefusalTable

export const refuseSignIn = refuser(signInRefusals)
