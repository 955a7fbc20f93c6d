import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'db/**/*.test.ts', 'jobs/**/*.test.ts', 'fixtures/**/*.test.ts'],
    setupFiles: ['test/support/seeded.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // Left alone it keeps a core for a watcher that does not run here.
    maxWorkers: availableParallelism(),
  },
})
