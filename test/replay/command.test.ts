import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSystem } from './local-system.ts'

const project = join(import.meta.dirname, '..', '..')
const story = join(project, 'infra', 'replay', 'story.jsonl')
const node = join(project, 'node_modules', '.bin', 'node')

let system: Awaited<ReturnType<typeof startSystem>>

beforeAll(async () => {
  system = await startSystem(() => ({ received: 0, accepted: 0, duplicate: 0, quarantined: 0 }))
})

afterAll(() => system.close())

async function command(args: readonly string[], endpoint = system.kinesis) {
  const child = spawn(node, [join(project, 'infra', 'replay', 'main.ts'), ...args], {
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL_KINESIS: endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, exitCode: child.exitCode }
}

function file(name: string, content: string | Uint8Array) {
  const path = join(system.directory, name)
  writeFileSync(path, content)
  return path
}

const remote = ['--stream', 'events', '--region', 'eu-central-1']

it('says what it sent to a named stream, and nothing else', async () => {
  expect(await command([story, ...remote])).toEqual({ stdout: 'sent 26\n', stderr: '', exitCode: 0 })
})

const packed = gzipSync(readFileSync(story))
const csv = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,A,B,1,2010'

it.each([
  ['no file', () => [], 2, /^expected one file, got 0 \(usage: npm run replay -- FILE/],
  ['an unknown option', () => [story, '--fast'], 2, /^Unknown option '--fast' \(usage/],
  ['a wrong format', () => [story, '--format', 'xml', ...remote], 2, /^there is no format xml \(usage/],
  [
    'a format that is not there yet',
    () => [story, '--format', 'segment', ...remote],
    2,
    /^the format segment is not supported yet$/,
  ],
  ['half a destination', () => [story, '--stream', 'events'], 2, /^--stream and --region go together/],
  ['a missing file', () => ['/no/such/file', ...remote], 1, /^there is no file \/no\/such\/file$/],
  ['a directory', () => [project, ...remote], 1, /is not a file$/],
  [
    'gzip that is cut off',
    () => [file('cut.gz', packed.subarray(0, 900)), ...remote],
    1,
    /cut\.gz is cut off: its gzip data end too early$/,
  ],
  [
    'CSV that is cut off',
    () => [file('cut.csv', csv), '--format', 'online-retail', ...remote],
    1,
    /^the CSV is broken or cut off: .* on line 2$/,
  ],
  [
    'another kind of file',
    () => [story, '--format', 'online-retail', ...remote],
    1,
    /^(this is not Online Retail|the CSV is broken)/,
  ],
  [
    'a stream that is not there',
    () => [story, '--stream', 'other', '--region', 'eu-central-1'],
    1,
    /^there is no stream other in eu-central-1$/,
  ],
] as const)('answers %s with one clear line', async (_, args, exitCode, line) => {
  const result = await command(args())
  expect(result).toMatchObject({ stdout: '', exitCode })
  expect(result.stderr.trimEnd()).toMatch(line)
  expect(result.stderr.trimEnd()).not.toContain('\n')
})

it('answers an endpoint that does not answer with one clear line', async () => {
  const result = await command([story, ...remote], 'http://127.0.0.1:9')
  expect(result).toMatchObject({ stdout: '', exitCode: 1 })
  expect(result.stderr).toBe('Kinesis does not answer at eu-central-1: ECONNREFUSED\n')
})
