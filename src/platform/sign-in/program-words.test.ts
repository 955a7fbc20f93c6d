import { expect, it } from 'vitest'
import { programInWords } from './program-words.ts'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

it.each([
  [chrome, 'Chrome，Windows', 'Chrome, Windows'],
  [`${chrome} Edg/140.0.0.0`, 'Edge，Windows', 'Edge, Windows'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    'Safari，Mac',
    'Safari, Mac',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.54',
    '微信，iPhone',
    'WeChat, iPhone',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox，Linux', 'Firefox, Linux'],
  [
    'Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36',
    '华为浏览器，鸿蒙',
    'Huawei Browser, HarmonyOS',
  ],
  ['curl/8.5.0', 'curl', 'curl'],
  ['', '—', '—'],
  ['x'.repeat(300), 'x'.repeat(40), 'x'.repeat(40)],
])('says of %s what people call it', (userAgent, zh, en) => {
  expect(programInWords(userAgent)).toEqual({ zh, en })
})
