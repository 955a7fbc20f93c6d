import { availableParallelism } from 'node:os'
import { defaultExclude, defineConfig } from 'vitest/config'

/** What works on no database, or on an embedded folder of its own, whichever is tested: it is seen in the embedded run. */
const notOnPostgres = [
  'test/architecture/**',
  'test/browser/**',
  'test/cli/{bad-input,desk,documents,enforcement,jobs,nyc-bills,opening,payments}.test.ts',
]

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'db/**/*.test.ts', 'jobs/**/*.test.ts', 'fixtures/**/*.test.ts'],
    exclude: [...defaultExclude, ...(process.env['QINGLIU_TEST_ONLY'] === 'postgres' ? notOnPostgres : [])],
    setupFiles: ['test/support/seeded.ts'],
    testTimeout: 600_000,
    hookTimeout: 1_800_000,
    pool: 'forks',
    // Left alone it keeps a core for a watcher that does not run here.
    maxWorkers: availableParallelism(),
  },
})
