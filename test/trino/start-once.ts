import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startTrino } from './server/start.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of Trino. */
    trino: string
  }
}

const directory = join(import.meta.dirname, '..', '..', '.trino')

export default async function startOnce(project: TestProject) {
  const { url, stop } = await startTrino(directory)
  project.provide('trino', url)
  return stop
}
