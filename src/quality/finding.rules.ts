import { type Exact, parseExact, plainText } from '../kernel/decimal.ts'
import type { Finding } from './sample.ts'

export type FindingFault = 'finding_empty' | 'finding_zero' | 'finding_without_detection_limit' | 'finding_unreadable'

const notDetected = /^(?:nd|n\.d\.?|未检出|低于检出限|<dl|<mdl)$/i
const belowSign = /^[<＜]\s*(\S+)$/
// HJ standards write the detection limit with an L: 0.04L is "below 0.04".
const withL = /^(\d+(?:\.\d+)?)\s*[lLＬ]$/

/**
 * Reads a result as laboratories write it: `85`, `<0.05`, `0.05L`, `ND` with the detection limit beside it. A plain 0 is
 * refused: nobody measures nothing; write the detection limit.
 */
export function readFinding(written: string, detectionLimit = ''): Finding | FindingFault {
  const text = written.normalize('NFKC').trim()
  if (text === '') return 'finding_empty'
  const stated = detectionLimit.trim() === '' ? undefined : positive(detectionLimit.normalize('NFKC').trim())
  if (detectionLimit.trim() !== '' && stated === undefined) return 'finding_unreadable'
  if (notDetected.test(text)) {
    return stated === undefined ? 'finding_without_detection_limit' : { kind: 'below', detectionLimit: stated }
  }
  const below = belowSign.exec(text)?.[1] ?? withL.exec(text)?.[1]
  if (below !== undefined) {
    const limit = positive(below)
    return limit === undefined ? 'finding_unreadable' : { kind: 'below', detectionLimit: limit }
  }
  const value = parseExact(text)
  if (value === undefined || value.isNegative()) return 'finding_unreadable'
  return value.isZero() ? 'finding_zero' : { kind: 'measured', value }
}

function positive(text: string): Exact | undefined {
  const value = parseExact(text)
  return value === undefined || !value.gt(0) ? undefined : value
}

/** `85`, `<0.05`. */
export function findingText(finding: Finding): string {
  return finding.kind === 'measured' ? plainText(finding.value) : `<${plainText(finding.detectionLimit)}`
}
