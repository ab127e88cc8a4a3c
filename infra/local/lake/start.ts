import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild } from '../child.ts'
import type { LakeResources } from './resources.ts'

export interface LakeOptions {
  port: number
  directory: string
  logDirectory: string
  s3Endpoint: string
  onExit(message: string): void
}

/** Starts the lake in a process of its own: what DuckDB is at does not hold up the others. */
export function startLake(resources: LakeResources, options: LakeOptions): Child {
  const directory = join(options.directory, 'lake')
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'resources.json')
  writeFileSync(file, JSON.stringify(resources))
  return startChild({
    script: 'lake-server.ts',
    name: 'lake',
    arguments: [String(options.port), directory, file, options.s3Endpoint],
    logDirectory: options.logDirectory,
    // A query waits in a thread of its own; the file system and the writer need some, too.
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: '8' },
    onExit: options.onExit,
  })
}
