import type { Said } from '../http/route.ts'

/** What a browser calls itself by, the particular before the general: most say that they are Chrome and Safari too. */
const browsers: readonly (readonly [sign: RegExp, name: Said])[] = [
  [/MicroMessenger\//, { zh: '微信', en: 'WeChat' }],
  [/DingTalk\//i, { zh: '钉钉', en: 'DingTalk' }],
  [/QQBrowser\//, { zh: 'QQ 浏览器', en: 'QQ Browser' }],
  [/360SE|360EE|QihooBrowser|QHBrowser/, { zh: '360 浏览器', en: '360 Browser' }],
  [/UCBrowser\//, { zh: 'UC 浏览器', en: 'UC Browser' }],
  [/HuaweiBrowser\//, { zh: '华为浏览器', en: 'Huawei Browser' }],
  [/MiuiBrowser\//, { zh: '小米浏览器', en: 'Mi Browser' }],
  [/SamsungBrowser\//, { zh: '三星浏览器', en: 'Samsung Internet' }],
  [/Edg(e|A|iOS)?\//, { zh: 'Edge', en: 'Edge' }],
  [/OPR\//, { zh: 'Opera', en: 'Opera' }],
  [/Firefox\/|FxiOS\//, { zh: 'Firefox', en: 'Firefox' }],
  [/Chrome\/|CriOS\//, { zh: 'Chrome', en: 'Chrome' }],
  [/Version\/.* Safari\//, { zh: 'Safari', en: 'Safari' }],
]
const systems: readonly (readonly [sign: RegExp, name: Said])[] = [
  [/OpenHarmony|HarmonyOS/, { zh: '鸿蒙', en: 'HarmonyOS' }],
  [/Android/, { zh: '安卓', en: 'Android' }],
  [/iPhone|iPod/, { zh: 'iPhone', en: 'iPhone' }],
  [/iPad/, { zh: 'iPad', en: 'iPad' }],
  [/Windows/, { zh: 'Windows', en: 'Windows' }],
  [/Mac OS X|Macintosh/, { zh: 'Mac', en: 'Mac' }],
  [/CrOS/, { zh: 'ChromeOS', en: 'ChromeOS' }],
  [/Linux|X11/, { zh: 'Linux', en: 'Linux' }],
]

/** A longer name than this tells nobody more. */
const nameLimit = 40

/**
 * A program in words, as somebody knows it by whom a session is: `Chrome，Windows` for the line that a browser sends of
 * itself. It is told, never judged by: whoever sends that line writes it. What is no browser goes by its own first word.
 */
export function programInWords(userAgent: string): Said {
  const line = userAgent.trim()
  if (line === '') return { zh: '—', en: '—' }
  const found = [browsers, systems].flatMap((known) => known.find(([sign]) => sign.test(line))?.[1] ?? [])
  if (found.length === 0) {
    const [first = ''] = line.split(/[\s/(]/)
    const name = (first === '' ? line : first).slice(0, nameLimit)
    return { zh: name, en: name }
  }
  return { zh: found.map(({ zh }) => zh).join('，'), en: found.map(({ en }) => en).join(', ') }
}
