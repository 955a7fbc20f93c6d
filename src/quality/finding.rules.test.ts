import { describe, expect, it } from 'vitest'
import { findingText, readFinding } from './finding.rules.ts'

const read = (text: string, detectionLimit?: string) => {
  const finding = readFinding(text, detectionLimit)
  return typeof finding === 'string' ? finding : findingText(finding)
}

describe('a result as laboratories write it', () => {
  it('is a number, kept exactly', () => {
    expect(read('85')).toBe('85')
    expect(read('７.20')).toBe('7.2')
    expect(read('0.000030')).toBe('0.00003')
    expect(read('85', '4')).toBe('85')
  })

  it('is below what the method can see, in any of its forms', () => {
    for (const text of ['<0.05', '＜0.05', '< 0.05', '0.05L', '0.05 l']) expect(read(text)).toBe('<0.05')
    for (const text of ['ND', 'nd', '未检出', '低于检出限']) expect(read(text, '0.05')).toBe('<0.05')
  })

  it('is never 0, and not detected says how far the method sees', () => {
    expect(read('0')).toBe('finding_zero')
    expect(read('0.000')).toBe('finding_zero')
    expect(read('ND')).toBe('finding_without_detection_limit')
    expect(read('ND', '0')).toBe('finding_unreadable')
    expect(read('<0')).toBe('finding_unreadable')
  })

  it('is refused where it is anything else', () => {
    expect(read(' ')).toBe('finding_empty')
    for (const text of ['-1', '1.2E-3', '约85', '85mg/L', '80~90', '<']) expect(read(text)).toBe('finding_unreadable')
  })
})
