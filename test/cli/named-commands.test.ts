import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { filesBelow, root } from '../architecture/tree.ts'
import { wholeProgram } from '../support/command-line.ts'

const program = wholeProgram()

function commandAt(words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((below) => below.name() === word),
    program,
  )
}

/** What is wrong with a command line as a sentence writes it: `{run}`, `户号` or `CODE` stand for what a person fills in. */
function faultOf(text: string): string | undefined {
  const words = text.split(/\s+/).slice(1)
  const depth = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word))
  const named = depth < 0 ? words : words.slice(0, depth)
  // A word after the command may be its first argument in small letters.
  const command = [named.length, 3, 2, 1].map((depth) => commandAt(named.slice(0, depth))).find((each) => each)
  if (command === undefined) return 'no such command'
  if (command.commands.length > 0) return named.length > 1 ? 'no such subcommand' : undefined
  const known = [...command.options, ...program.options].map(({ long }) => long)
  const unknown = words.find((word) => word.startsWith('--') && !known.includes(word.replace(/[^a-z-].*$/, '')))
  return unknown === undefined ? undefined : `no option ${unknown}`
}

/** Command lines in a text, each up to the sentence's end. */
const commandLines = (text: string): string[] =>
  [...text.matchAll(/qingliu (?:[a-z][a-z-]*)(?: +(?:--[a-z-]+|[a-z][a-z-]*|\{\w+\}|\$\{[^}]*\}))*/g)].map(
    ([line]) => line,
  )

describe('a command that a sentence tells people to run', () => {
  it('exists, with the options it names', () => {
    const files = [...filesBelow('src'), ...filesBelow('jobs')]
    const paths = [...files.filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.')), 'README.md']
    const faults: string[] = []
    let seen = 0
    for (const path of paths) {
      for (const line of commandLines(readFileSync(join(root, path), 'utf8'))) {
        seen += 1
        const fault = faultOf(line)
        if (fault !== undefined) faults.push(`${path}: ${line}: ${fault}`)
      }
    }
    expect(faults).toEqual([])
    expect(seen).toBeGreaterThan(200)
  })

  it('is found wanting where it is wrong', () => {
    expect(faultOf('qingliu bills discard {run}')).toBeUndefined()
    expect(faultOf('qingliu bills discrad {run}')).toBe('no such subcommand')
    expect(faultOf('qingliu accounts')).toBe('no such command')
    expect(faultOf('qingliu dischargers freeze-roster --on {date}')).toBe('no option --on')
  })
})

/** The words of a shell line; quotes hold one together. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '')

describe('the example in a help text', () => {
  const leaves: Command[] = []
  const visit = (command: Command): void => {
    if (command.commands.length === 0) leaves.push(command)
    for (const below of command.commands) visit(below)
  }
  visit(program)

  const examplesOf = (command: Command): string[] => {
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) })
    command.outputHelp()
    return (help.split('例 Example:')[1] ?? '')
      .split('\n')
      .flatMap((line) => /^ {2}(qingliu .*)$/.exec(line)?.[1] ?? [])
  }

  it('can be typed as it stands: its options exist, nothing required is left out', () => {
    const faults: string[] = []
    let seen = 0
    for (const leaf of leaves.filter((each) => each.parent?.name() !== 'db')) {
      for (const example of examplesOf(leaf)) {
        seen += 1
        const path = []
        for (let at: Command | null = leaf; at !== null && at !== program; at = at.parent) path.unshift(at.name())
        const words = wordsOf(example.replace(/ > .*$/, '')).slice(1)
        const rest = program.parseOptions(words)
        const { operands, unknown } = leaf.parseOptions([...rest.operands, ...rest.unknown].slice(path.length))
        const required = leaf.registeredArguments.filter((argument) => argument.required).length
        const missing = leaf.options.filter((option) => option.mandatory && !words.includes(option.long ?? ''))
        if (words.slice(0, path.length).join(' ') !== path.join(' ')) faults.push(`${example}: is of another command`)
        if (unknown.length > 0) faults.push(`${example}: ${unknown.join(' ')}`)
        if (operands.length < required || operands.length > leaf.registeredArguments.length)
          faults.push(`${example}: ${operands.length} arguments (${operands.join(' ')})`)
        if (missing.length > 0) faults.push(`${example}: lacks ${missing.map(({ long }) => long).join(' ')}`)
      }
    }
    expect(faults).toEqual([])
    expect(seen).toBeGreaterThanOrEqual(90)
  })
})
