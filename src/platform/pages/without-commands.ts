/** A command as a sentence names it, with what follows it: `qingliu orders open-correction 2026-0001 --bill 2026-000002`. */
const command = String.raw`qingliu(?:[ ](?![\u4e00-\u9fff])[^\s，。；：、（）,;:()]+)+`

/** Phrases that lead to a command, with what becomes of them. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`（${command}）`, 'gu'), ''],
  [new RegExp(String.raw` ?\(${command}\)`, 'gu'), ''],
  // 「请用 qingliu orders list 查编号」：请查编号
  [new RegExp(`(?:用|运行) ?${command} ?`, 'gu'), ''],
  // 「……。见 qingliu bills runs」, “… . See qingliu bills runs”: nothing is left of it
  [new RegExp(`[，；。]?[^，。；]{0,12}见 ${command}[^。；]*`, 'gu'), ''],
  [new RegExp(String.raw`(?:; |\. |, )?(?:[Ss]ee|[Cc]heck|[Ff]ind it with) ${command}`, 'gu'), ''],
  // “Record it with qingliu orders review-estimate …”
  [new RegExp(`,? (?:with|by|in|running) ${command}`, 'gu'), ''],
  // 「请先终止原依据：qingliu volumes end-basis」
  [new RegExp(`[：:] ?${command}(?: [^。；;.]*)?`, 'gu'), ''],
  [new RegExp(` ?${command}`, 'gu'), ''],
  // 「请写明原因（--reason）」：请写明原因
  [/（--[a-z-]+）| \(--[a-z-]+\)/g, ''],
  // 「请写明接受哪些：--accept jump」: what is typed stays, the option it is typed after goes
  [/(?<=[：:])( ?)--[a-z-]+ /g, '$1'],
  [/--(?=[a-z])/g, ''],
]

/**
 * A sentence for people at a page: what it says of commands and options of the command line is left out, since the page has the menu and
 * the buttons for it. The cause always stays. Nothing
 * is left of a sentence that only names a command.
 */
export function withoutCommands(sentence: string): string {
  if (!/qingliu |--[a-z]/.test(sentence)) return sentence
  const cut = phrases
    .reduce((text, [phrase, rest]) => text.replaceAll(phrase, rest), sentence)
    .trim()
    .replace(/[，；：。,;:.\s]+$/u, '')
  if (cut === '') return ''
  return `${cut}${/\p{Script=Han}/u.test(cut) ? '。' : '.'}`
}
