import { defineConfig } from 'vitest/config'
import { patience } from './test/helpers/patience.ts'
import { quickly } from './test/helpers/quickly.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'adapters/**/*.test.ts', 'test/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}'],
    reporters: ['default', './test/helpers/summary-reporter.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // Processes, not threads: a test file may change its working directory or be killed with its children.
    pool: 'forks',
    execArgv: quickly,
    // Half of the time is waiting: for leases, for processes that start, for PostgreSQL.
    maxWorkers: 2,
    testTimeout: 15_000 * patience,
    hookTimeout: 30_000 * patience,
    // At the gate a test that fails is tried once more, and the last lines name it.
    retry: process.env.CI ? 1 : 0,
  },
})
