import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import { createProgress } from '../../infra/replay/progress.ts'
import { replay } from '../../infra/replay/replay.ts'
import { startSystem } from './local-system.ts'

const story = join(import.meta.dirname, '..', '..', 'infra', 'replay', 'story.jsonl')
const decode = createDecoder(settingsSchema.parse({}))

/** Counts as the system would, for records that come in any order. */
function judge(records: readonly Buffer[]) {
  const decoded = records.flatMap((data) => decode(data, new Date()))
  const keys = decoded.flatMap((record) =>
    record.kind === 'event' ? [`${record.event.source} ${record.event.id} ${record.event.time}`] : [],
  )
  const accepted = new Set(keys).size
  return {
    received: decoded.length,
    accepted,
    duplicate: keys.length - accepted,
    quarantined: decoded.length - keys.length,
  }
}

let system: Awaited<ReturnType<typeof startSystem>>

beforeAll(async () => {
  system = await startSystem(judge)
})

afterAll(() => system.close())

function replayed(file: string, ordered: boolean) {
  const silent = createProgress({ write: () => true }, () => 0)
  return replay(
    { file, format: 'native', ordered, remote: undefined },
    { endpointsFile: system.endpointsFile, progress: silent },
  )
}

it('tells what became of a story, with its last line for programs', async () => {
  const report = await replayed(story, false)
  expect(report).toMatch(/\n {2}invalid_json +1, such as: the record is not JSON\n/)
  expect(report).toMatch(/\nvisible +\d+ ms after the last was sent\nrate +\d+ events\/s\n/)
  expect(report.trimEnd().split('\n').at(-1)).toBe('sent 26 accepted 24 duplicate 1 quarantined 1')
})

it('keeps the order of a file under one key, unpacks it, and counts only what it sent', async () => {
  const before = (await system.records()).length
  const file = join(system.directory, 'story.gz')
  writeFileSync(file, gzipSync(readFileSync(story)))
  const report = await replayed(file, true)
  expect(report.trimEnd().split('\n').at(-1)).toBe('sent 26 accepted 0 duplicate 25 quarantined 1')

  const sent = (await system.records()).slice(before)
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  const lines = readFileSync(story, 'utf8').trimEnd().split('\n')
  expect(sent.map(({ data }) => data.toString())).toEqual(lines)
})

it('sends nothing for an empty file', async () => {
  const file = join(system.directory, 'empty')
  writeFileSync(file, '\n \r\n')
  const report = await replayed(file, false)
  expect(report.trimEnd().split('\n').at(-1)).toBe('sent 0 accepted 0 duplicate 0 quarantined 0')
})
