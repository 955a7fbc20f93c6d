// Checks an evidence pack without the database, the product or any package:
//   node verify-pack.mjs PACK.json [HEAD]
// HEAD is the digest printed on a signed statement, or its first 12 characters or more. Exit code 0: everything holds.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const faults = []
const counts = { rows: 0, events: 0, links: 0, sums: 0 }
const check = (holds, zh, en) => {
  if (!holds) faults.push(`${zh} · ${en}`)
}

/** The text of a row, as PostgreSQL writes it: (1,"a ""b""",,x). An empty field is null. */
function fieldsOf(text) {
  const fields = []
  let field = null
  let quoted = false
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at]
    if (quoted) {
      // A quote or a backslash inside is doubled: the second one counts.
      if (character === '\\' || (character === '"' && text[at + 1] === '"')) {
        at += 1
        field += text[at]
      } else if (character === '"') quoted = false
      else field += character
    } else if (character === '"') {
      quoted = true
      field ??= ''
    } else if (character === ',' || (character === ')' && at === text.length - 1)) {
      fields.push(field)
      field = null
    } else field = (field ?? '') + character
  }
  return fields
}

/** JSON with sorted keys, as the product digests it. */
const canonical = (value) =>
  JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

// Exact decimals: whole numbers of 10^-20.
const places = 20n
const scale = 10n ** places
function exact(text) {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text)) ?? []
  if (whole === undefined) throw new Error(`not a decimal: ${text}`)
  const value = BigInt(whole) * scale + BigInt(fraction.padEnd(Number(places), '0').slice(0, Number(places)))
  return sign === '-' ? -value : value
}
const times = (a, b) => (a * b) / scale
/** Half-up to the fen, away from zero. */
function fen(value) {
  const unit = scale / 100n
  const positive = value < 0n ? -value : value
  const rounded = ((positive + unit / 2n) / unit) * unit
  return value < 0n ? -rounded : rounded
}
const sum = (values) => values.reduce((total, value) => total + value, 0n)
const equal = (a, b, zh, en) => {
  counts.sums += 1
  check(a === b, zh, en)
}

function checkChain(pack, headAsked) {
  let hash = pack.chain.previousHash
  let seq = BigInt(pack.chain.from)
  for (const digest of pack.chain.digests) {
    const event = pack.events[seq]
    if (event !== undefined) {
      const { said, contentDigest, lines } = event
      const own = contentDigest === null ? said.join('\n') : sha256([...said, contentDigest].join('\n'))
      const inChain = said[0] === String(seq) && own === digest
      const saysWhatItWrote = contentDigest === null || sha256(lines.join('\n')) === contentDigest
      check(inChain, `事件 ${seq} 的内容与链不符`, `event ${seq} is not what the chain holds`)
      check(saysWhatItWrote, `事件 ${seq} 写入内容的摘要不符`, `what event ${seq} wrote does not give its digest`)
      if (inChain && saysWhatItWrote && contentDigest !== null) proven.add(String(seq))
      counts.events += 1
    }
    hash = sha256(`${hash}\n${digest}`)
    counts.links += 1
    if (headAsked !== undefined && hash.startsWith(headAsked)) reached = seq
    seq += 1n
  }
  check(
    hash === pack.head.hash && String(seq - 1n) === pack.head.seq,
    '链没有通到证据包所载的链头',
    'the chain does not lead to the head of the pack',
  )
  return hash
}
/** The event after which the chain had the head that was given. */
let reached
/** The events of the chain whose written rows their digest covers: nothing else in the pack proves a row. */
const proven = new Set()

function checkRows(pack) {
  for (const { table, text, event: seq, line } of pack.rows) {
    const event = proven.has(seq) ? pack.events[seq] : undefined
    const list = event?.added[line] ?? ''
    const [named, added] = (event?.lines[line] ?? '').split(' ')
    const digest = sha256(text).slice(0, 32)
    const listed = (list.match(/.{32}/g) ?? []).includes(digest)
    check(
      named === table && sha256(Buffer.from(list, 'hex')) === added && listed,
      `${table} 的一行不是事件 ${seq} 所写：${text.slice(0, 60)}`,
      `a row of ${table} is not what event ${seq} wrote: ${text.slice(0, 60)}`,
    )
    counts.rows += 1
  }
}

/** Who acted is said by code; the name beside it is the one under which that code was registered. */
function checkNames(pack) {
  const staff = pack.rows.filter(({ table }) => table === 'staff').map(({ text }) => fieldsOf(text))
  for (const [seq, { said, actorName }] of Object.entries(pack.events))
    check(
      staff.some(([, code, name]) => code === said[3] && name === actorName),
      `事件 ${seq} 的经办人 ${said[3]} 不是 ${actorName}`,
      `who acted in event ${seq}, ${said[3]}, is not ${actorName}`,
    )
}

/** Where each keeps its number: the table, and which of its columns has the year, the next one the number. */
const subjectTables = {
  bill: ['bills', 1],
  service_fee_claim: ['service_fee_claims', 3],
  fine_case: ['fine_cases', 1],
  remittance_statement: ['remittance_statements', 1],
  reconciliation: ['reconciliations', 1],
  annual_settlement: ['annual_settlements', 1],
}

/**
 * What the pack says it is about must be among its rows: nobody gives the papers of one bill for those of another. Which
 * column is which is said by the pack and proved by nothing, so where the number stands is known here.
 */
function checkSubject({ subject, columns }, rows) {
  const [, year, number] = /^[A-Z]?(\d{4})-(\d+)$/.exec(subject.number.trim().toUpperCase()) ?? []
  const [table, at] = subjectTables[subject.kind] ?? ['', 0]
  check(
    columns[table]?.[at] === 'number_year' && columns[table]?.[at + 1] === 'number',
    `${table} 的列不是本来的次序`,
    `the columns of ${table} are not in their own order`,
  )
  check(
    rows(table).some((row) => row.number_year === year && BigInt(row.number) === BigInt(number ?? -1)),
    `证据包中没有 ${subject.kind} ${subject.number} 本身`,
    `the pack does not hold ${subject.kind} ${subject.number} itself`,
  )
}

function checkSums(pack) {
  const rows = (table) =>
    pack.rows
      .filter((row) => row.table === table)
      .map(({ text }) => Object.fromEntries(fieldsOf(text).map((value, index) => [pack.columns[table][index], value])))
  checkSubject(pack, rows)
  const lines = rows('bill_lines')
  for (const bill of rows('bills')) {
    const own = lines.filter(({ bill_id }) => bill_id === bill.id)
    equal(
      sum(own.map(({ amount }) => exact(amount))),
      exact(bill.total_amount),
      `账单 ${bill.id} 合计不等于各行之和`,
      `bill ${bill.id} is not the sum of its lines`,
    )
    equal(
      sum(own.map((line) => exact(line.volume_m3))),
      exact(bill.volume_m3),
      `账单 ${bill.id} 水量不等于各行之和`,
      `the volume of bill ${bill.id} is not the sum of its lines`,
    )
  }
  for (const line of lines) checkLine(line)
  const postings = rows('postings')
  for (const { id } of rows('journal_entries'))
    equal(
      sum(postings.filter(({ entry_id }) => entry_id === id).map(({ amount }) => exact(amount))),
      0n,
      `凭证 ${id} 不平`,
      `entry ${id} does not balance`,
    )
  for (const { id, content, content_digest: digest } of rows('proposals'))
    equal(
      sha256(canonical(JSON.parse(content))),
      digest,
      `事项 ${id} 内容与摘要不符`,
      `proposal ${id} does not give its digest`,
    )
  const allocations = rows('allocations')
  const lapsed = new Set(rows('allocation_lapses').map(({ allocation_id }) => allocation_id))
  for (const { id, amount } of rows('payments')) {
    const used = sum(
      allocations.filter((each) => each.payment_id === id && !lapsed.has(each.id)).map((each) => exact(each.amount)),
    )
    counts.sums += 1
    check(used <= exact(amount), `缴款 ${id} 核销超过其金额`, `payment ${id} is used beyond its amount`)
  }
  for (const claim of rows('service_fee_claims')) checkClaim(claim)
  checkRemittance(rows)
  for (const { case_id: id, base_amount: base, multiplier, fine_amount: fine } of rows('fines')) {
    equal(
      fen(times(exact(base), exact(multiplier))),
      exact(fine),
      `案件 ${id} 的罚款不是基数乘以倍数`,
      `the fine of case ${id} is not its base times its multiple`,
    )
    const own = rows('fine_case_bills').filter(({ case_id }) => case_id === id)
    equal(
      sum(own.map(({ base_amount }) => exact(base_amount))),
      exact(base),
      `案件 ${id} 的基数不等于各账单之和`,
      `the base of case ${id} is not the sum of its bills`,
    )
  }
  const ordered = rows('order_bills')
  for (const { id, amount } of rows('orders_to_pay'))
    equal(
      sum(ordered.filter(({ order_id }) => order_id === id).map((each) => exact(each.amount))),
      exact(amount),
      `责令 ${id} 的金额不等于各账单之和`,
      `order ${id} is not the sum of its bills`,
    )
}

/** What a collector remits is the sum of its lines, what is signed is what was drawn, a year's balance is its rest. */
function checkRemittance(rows) {
  const lines = rows('remittance_lines')
  for (const { id, total_amount: total } of rows('remittance_statements'))
    equal(
      sum(lines.filter(({ statement_id }) => statement_id === id).map(({ amount }) => exact(amount))),
      exact(total),
      `结算单 ${id} 的应划缴不等于各行之和`,
      `statement ${id} is not the sum of its lines`,
    )
  for (const { id, content_digest: digest } of rows('reconciliations'))
    for (const { reconciliation_id, party, digest_seen: seen } of rows('reconciliation_signatures'))
      if (reconciliation_id === id)
        equal(
          seen,
          digest,
          `对账 ${id} 的 ${party} 所签不是所编制的`,
          `what ${party} signed of reconciliation ${id} is not it`,
        )
  const settled = rows('annual_settlement_lines')
  for (const { id, due_amount: due, remitted_amount, direct_amount, balance_amount } of rows('annual_settlements')) {
    equal(
      sum(settled.filter(({ settlement_id }) => settlement_id === id).map(({ due_amount }) => exact(due_amount))),
      exact(due),
      `清缴 ${id} 的应缴不等于各行之和`,
      `what settlement ${id} asks for is not the sum of its lines`,
    )
    equal(
      exact(due) - exact(remitted_amount) - exact(direct_amount),
      exact(balance_amount),
      `清缴 ${id} 的差额不符`,
      `the balance of settlement ${id} is not its rest`,
    )
  }
}

/** The amount of a line from its own derivation; an opening line has nothing behind it but the signed list. */
function checkLine({ bill_id, line_no, amount, derivation }) {
  const { difference, mirrors, opening, unrounded, uses, meteredM3 } = JSON.parse(derivation)
  if (opening !== undefined) return
  const where = [`账单 ${bill_id} 第 ${line_no} 行`, `line ${line_no} of bill ${bill_id}`]
  const computed =
    difference === undefined
      ? fen(exact(unrounded))
      : exact(difference.recomputed.amount) - exact(difference.billed.amount)
  equal(
    mirrors === undefined ? computed : -computed,
    exact(amount),
    `${where[0]}金额不是其计算结果`,
    `the amount of ${where[1]} is not what its arithmetic gives`,
  )
  if (difference === undefined)
    equal(
      sum(uses.map(({ m3 }) => exact(m3))),
      exact(meteredM3),
      `${where[0]}水量不等于各段之和`,
      `the volume of ${where[1]} is not the sum of its uses`,
    )
}

function checkClaim({ calculation, calculation_digest: digest, fee_amount: feeAmount, payable_amount: payable }) {
  const content = JSON.parse(calculation)
  const { fee, corrections, corrected, carriedIn } = content
  equal(
    sha256(canonical(content)),
    digest,
    '申请的计算与摘要不符',
    'the calculation of the claim does not give its digest',
  )
  const priced = [
    ...fee.parts.flatMap(({ lines }) => lines),
    ...fee.yearGuarantees.map(({ shortfallM3, perM3, amount }) => ({ m3: shortfallM3, perM3, amount })),
  ]
  for (const { m3, perM3, amount } of [...priced, ...fee.rewards])
    equal(
      fen(times(exact(m3), exact(perM3))),
      exact(amount),
      `${m3} × ${perM3} 不等于 ${amount}`,
      `${m3} × ${perM3} is not ${amount}`,
    )
  const amounts = (list) => sum(list.map(({ amount }) => exact(amount)))
  equal(
    amounts(priced) - exact(fee.deducted) + amounts(fee.rewards),
    exact(fee.amount),
    '当月服务费不等于各行之和',
    'the fee of the month is not the sum of its lines',
  )
  equal(exact(fee.amount), exact(feeAmount), '申请金额与计算不符', 'the claim does not say what was computed')
  equal(
    sum(corrections.map(({ difference }) => exact(difference))),
    exact(corrected),
    '更正合计不符',
    'the corrections do not add up',
  )
  const total = exact(fee.amount) + exact(corrected) + exact(carriedIn)
  equal(total < 0n ? 0n : total, exact(payable), '应付金额不符', 'what is payable does not add up')
}

let written = []
const [path, asked] = process.argv.slice(2)
if (path === undefined) {
  console.error('用法 Usage: node verify-pack.mjs PACK.json [HEAD]')
  process.exit(64)
}
const headAsked = asked?.toLowerCase()
if (headAsked !== undefined && !/^[0-9a-f]{12,64}$/.test(headAsked)) {
  console.error('链头摘要须为 12 至 64 位十六进制数 · The head is 12 to 64 hexadecimal digits')
  process.exit(64)
}
try {
  const pack = JSON.parse(readFileSync(path, 'utf8'))
  check(pack.format === 'qingliu-evidence-1', '不认识的格式', 'an unknown format')
  checkChain(pack, headAsked)
  checkRows(pack)
  checkNames(pack)
  written = pack.rows
  checkSums(pack)
  if (headAsked !== undefined)
    check(reached !== undefined, '链不经过所给的链头', 'the chain does not pass through the head that was given')
  console.log(`${pack.subject.kind} ${pack.subject.number}　链头 head ${pack.head.seq} ${pack.head.hash}`)
} catch (error) {
  faults.push(`证据包读不懂 · the pack cannot be read: ${error.message}`)
}
const { rows, events, links, sums } = counts
console.log(`行 rows ${rows}，事件 events ${events}，链环 links ${links}，算式 sums ${sums}`)
for (const fault of faults) console.error(`✗ ${fault}`)
if (faults.length > 0) process.exit(65)
// What was written after the head on paper is proved by the pack's own head alone.
const later = reached === undefined ? [] : written.filter(({ event }) => BigInt(event) > reached)
const tables = [...new Set(later.map(({ table }) => table))]
for (const table of tables) {
  const of = later.filter((row) => row.table === table)
  const seqs = [...new Set(of.map(({ event }) => event))].join('、')
  console.log(
    `! 所给链头之后写入，不受其证明：${table} ${of.length} 行（事件 ${seqs}） · written after that head, which does not prove it: ${table}, events ${seqs}`,
  )
}
console.log(
  headAsked === undefined
    ? '✓ 全部成立（未与纸面链头比对） · everything holds (not compared with a head on paper)'
    : later.length === 0
      ? '✓ 全部成立 · everything holds'
      : `✓ 成立；其中 ${later.length} 行写于所给链头之后 · everything holds; ${later.length} rows were written after the head that was given`,
)
