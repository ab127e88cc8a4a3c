import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/trino/**/*.trino.ts'],
    globalSetup: 'test/trino/start-once.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
