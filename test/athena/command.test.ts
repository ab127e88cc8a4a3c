import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findTarget } from '../../infra/athena/target.ts'
import { lakeResources } from '../infra/local/lake/lake-resources.ts'
import { type Lake, type Place, startLake, startPlace } from '../infra/local/lake/local-lake.ts'

const main = join(import.meta.dirname, '..', '..', 'infra', 'athena', 'main.ts')

let place: Place
let lake: Lake

/** As in the template: what is ours is told by its name. */
function ours() {
  const text = JSON.stringify(lakeResources()).replaceAll('test_lake', 'omnijourney_test')
  return JSON.parse(text.replaceAll('"name":"test-lake"', '"name":"omnijourney-test"'))
}

beforeAll(async () => {
  place = await startPlace()
  lake = await startLake(place, ours())
  writeFileSync(
    join(place.directory, 'aws'),
    '[profile test]\nregion = eu-central-1\naws_access_key_id = a\naws_secret_access_key = b\n',
  )
  writeFileSync(join(place.directory, 'query.sql'), '-- from a file\nselect 1 as a')
})

afterAll(async () => {
  await lake.close()
  await place.close()
})

async function command(args: string[], { input = '', endpoint = lake.endpoint } = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH: process.env.PATH,
      INIT_CWD: place.directory,
      AWS_CONFIG_FILE: join(place.directory, 'aws'),
      AWS_SHARED_CREDENTIALS_FILE: join(place.directory, 'none'),
      AWS_ENDPOINT_URL_ATHENA: endpoint,
    },
  })
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, exitCode: child.exitCode }
}

const query = (sql: string, ...more: string[]) => command([sql, '--profile', 'test', ...more])
const figures = /^(\d+) rows?( changed)?, \d+\.\d\d s, [\d.]+ k?B scanned$/

it('prints a table with what it took', async () => {
  const { stdout, stderr, exitCode } = await query(
    `select * from (values ('ä', 1, 1.5e0), ('Köln\tx', 20, null)) as t(city, n, share) order by n`,
  )
  expect([stderr, exitCode]).toEqual(['', 0])
  const lines = stdout.trimEnd().split('\n')
  expect(lines.slice(0, -1)).toEqual([
    'city      n  share',
    '───────  ──  ─────',
    'ä         1    1.5',
    'Köln\\tx  20   null',
  ])
  expect(lines.at(-1)).toMatch(figures)
})

it('prints CSV alone, and what it took elsewhere', async () => {
  const { stdout, stderr, exitCode } = await query(`select 'a "b"' as x, null as y`, '--csv')
  expect([stdout, exitCode]).toEqual(['"x","y"\n"a ""b""",\n', 0])
  expect(stderr.trimEnd()).toMatch(figures)
})

it('prints every row of many', { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await query(
    'select x from unnest(sequence(1, 2500)) as t(x) order by x',
    '--csv',
  )
  expect(stdout.trimEnd().split('\n')).toHaveLength(2501)
  expect(stderr).toMatch(/^2500 rows, /)
})

it('says what it changed, and what there is', async () => {
  expect((await query(`insert into quarantine_log (id) values ('a'), ('b')`)).stdout).toMatch(
    /^2 rows changed, /,
  )
  expect((await query('describe identity_map')).stdout).toMatch(
    /^col_name +data_type +comment\n.*\nnode_id +string +What/,
  )
  expect((await query('show tables')).stdout).toMatch(/^tab_name\n─+\nanalysis_run\nassociation_rule\n/)
})

it('reads SQL from a file or a pipe', async () => {
  expect((await query('@query.sql', '--csv')).stdout).toBe('"a"\n"1"\n')
  expect((await command(['-', '--csv', '--profile', 'test'], { input: 'select 2 as b' })).stdout).toBe(
    '"b"\n"2"\n',
  )
})

it.each([
  [
    'an error in the SQL',
    () => query('select nope'),
    1,
    /^COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be/,
  ],
  [
    'no statement',
    () => command([]),
    2,
    /^expected one statement, got 0; put it in quotes \(usage: npm run athena/,
  ],
  ['several', () => command(['select', '1']), 2, /^expected one statement, got 2/],
  ['an unknown option', () => command(['select 1', '--fast']), 2, /^Unknown option '--fast' \(usage/],
  ['a region here', () => command(['select 1', '--region', 'x']), 2, /^--region is for AWS/],
  ['a missing file', () => query('@none.sql'), 1, /none\.sql cannot be read: ENOENT/],
  ['an unknown workgroup', () => query('select 1', '--workgroup', 'x'), 1, /^WorkGroup x is not found\.$/],
  [
    'an unknown profile',
    () => command(['select 1', '--profile', 'x']),
    1,
    /^the profile x names no region; name one with --region$/,
  ],
  [
    'nobody there',
    () => command(['select 1', '--profile', 'test'], { endpoint: 'http://127.0.0.1:9' }),
    1,
    /ECONNREFUSED/,
  ],
] as const)('answers %s with one clear line', { timeout: 60_000 }, async (_, run, exitCode, line) => {
  const result = await run()
  expect(result).toMatchObject({ stdout: '', exitCode })
  expect(result.stderr.trimEnd()).toMatch(line)
  expect(result.stderr.trimEnd()).not.toContain('\n')
})

it('finds the system on this machine', async () => {
  const given = {
    sql: '',
    csv: false,
    profile: undefined,
    region: undefined,
    workGroup: undefined,
    database: undefined,
  }
  const file = join(place.directory, 'endpoints.json')
  await expect(findTarget(given, file)).rejects.toThrow('nothing is running here: `npm start` first')
  writeFileSync(file, JSON.stringify({ athena: lake.endpoint, region: 'eu-central-1' }))
  const found = await findTarget(given, file)
  expect(found).toMatchObject({ workGroup: 'omnijourney-test', database: 'omnijourney_test' })
})
