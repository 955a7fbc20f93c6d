import type { Command } from 'commander'
import type { Refusal } from '../kernel/refusal.ts'
import { refusePayment } from '../payments/payment.refusals.ts'
import type { Cli, Language, Lines } from '../platform/cli.ts'
import type { CommandAnswer, Envelope, Services } from '../platform/command.ts'
import type { Json } from '../platform/platform.tables.ts'
import type { ProposalDecision } from './decision.ts'

/** `--approve` or `--return` of a proposal by its number, the same for everything that a second person decides here. */
export function decisionOf<Answer extends Json>(
  command: Command,
  cli: Cli,
  of: {
    readonly command: string
    readonly example: string
    readonly decide: (
      services: Services,
      envelope: Envelope,
      decision: ProposalDecision,
    ) => Promise<CommandAnswer<Answer> | Refusal>
    readonly lines: (answer: Answer, language: Language) => Lines
  },
): void {
  command
    .option('--approve', '批准 approve')
    .option('--return', '退回 return')
    .option('--reason <text>', '理由，退回必填 reason, needed for a return', '')
    .option('--digest <digest>', '所见摘要 digest that was seen')
    .addHelpText('after', `\n例 Example:\n  ${of.example}`)
    .action(
      async (proposalId: string, options: { approve?: boolean; return?: boolean; reason: string; digest?: string }) => {
        if ((options.approve ?? false) === (options.return ?? false))
          return cli.refuse(refusePayment('decision_unnamed'))
        const outcome = options.approve ? ('approved' as const) : ('returned' as const)
        const decision = { proposalId, outcome, reason: options.reason, digestSeen: options.digest }
        const envelope = cli.envelope([of.command, proposalId, outcome, options.reason])
        cli.showOutcome(await of.decide(await cli.services(), envelope, decision), of.lines)
      },
    )
}
