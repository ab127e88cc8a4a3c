import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/deploy/**/*.deploy.ts'],
    // Each has an emulator and bundles of its own to build.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
