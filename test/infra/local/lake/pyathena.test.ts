import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { database, workGroup } from './lake-resources.ts'
import { type Lake, type Place, startLake, startPlace } from './local-lake.ts'

const python = process.env.PYTHON ?? 'python3'
const isThere = spawnSync(python, ['-c', 'import pyathena']).status === 0

const answers = z.record(z.string(), z.unknown())

/** A client of Athena that knows nothing of this project: `pip install pyathena`, found as `python3` or `$PYTHON`. */
describe.skipIf(!isThere)('PyAthena', () => {
  let place: Place
  let lake: Lake

  beforeAll(async () => {
    place = await startPlace()
    lake = await startLake(place)
    const line = { sku: 'S', price: '1.5', at: null }
    const row = {
      text: 'ä',
      flag: true,
      small: 1,
      large: '9',
      single: 1,
      real_number: 0.5,
      money: '1.5',
      day: 20_779,
    }
    await lake.put([{ ...row, large: 9, at: 1_795_338_900_000_001, texts: ['a'], lines: [line] }])
  })

  afterAll(async () => {
    await lake.close()
    await place.close()
  })

  it('reads what is there, with its types', async () => {
    // The S3 of this test is in this process, which must not wait for the other one.
    const child = spawn(python, [
      join(import.meta.dirname, 'pyathena-client.py'),
      lake.endpoint,
      workGroup,
      database,
    ])
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect(stderr).toBe('')
    expect(answers.parse(JSON.parse(stdout))).toEqual({
      row: [
        "'ä'",
        'True',
        '1',
        '9',
        "Decimal('1.5000')",
        'datetime.datetime(2026, 11, 22, 9, 15, 0, 1)',
        'datetime.date(2026, 11, 22)',
        "['a']",
        'None',
      ],
      types: ['varchar', 'boolean', 'integer', 'bigint', 'decimal', 'timestamp', 'date', 'array', 'varchar'],
      parameter: 1,
      pages: 2500,
      failure: "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.test_lake.nope' does not exist",
      tables: ['every_type', 'identity_map', 'quarantine_log', 'touchpoint_log'],
      columns: ['id', 'reason', 'detail', 'event_id', 'source', 'received_at', 'shard_id', 'sequence_number'],
    })
  })
})
