import { expect, it } from 'vitest'
import { partsOnNode } from '../../src/api/on-node.ts'
import { createApp } from '../../src/app.tsx'
import { onEveryDatabase } from '../support/databases.ts'
import { SmallTown } from '../support/small-town.ts'

onEveryDatabase('the frame of the pages', (connection) => {
  it('shows a list with its headers, its language and its security headers', async () => {
    const town = await SmallTown.found(connection(), '2026-01-20')
    const app = createApp(() => town.services, {
      access: { kind: 'development', actor: 'clerk' },
      parts: partsOnNode(() => undefined),
    })
    const answer = await app.request('/office/bills')
    expect(await answer.text()).toContain('还没有账单')
    expect(answer.status).toBe(200)
  })
})
