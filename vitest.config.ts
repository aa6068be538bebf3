import { defineConfig } from 'vitest/config'

/** Real servers take a moment to start on a busy machine: limits are generous, and no test waits by the clock. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    // What is asked again and again until it holds: a second, the default, is not enough while other tests run.
    expect: { poll: { timeout: 30_000 } },
    // ClickHouse embedded must stay on the main thread of its process: one process a file.
    pool: 'forks',
    maxWorkers: 2,
  },
})
