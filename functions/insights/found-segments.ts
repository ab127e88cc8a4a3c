import * as z from 'zod'
import { literalText } from '../analytics/statement.ts'
import { type InsightPart, segmentsPart } from '../store/insight-items.ts'
import type { ReadLake } from './lake.ts'

/** On average no bucket has more persons: about 6 KB, read in a single request. */
const mostPersons = 200

/** How many digits of the hash tell buckets apart, so that each has 12 to 200 persons. */
export async function bucketDigitsOf(runId: string, read: ReadLake): Promise<number> {
  const [row] = await Array.fromAsync(
    read(`select count(*) as persons from rfm where run_id = ${literalText(runId)}`),
  )
  let digits = 0
  for (let persons = Number(row?.persons ?? 0); persons > mostPersons; persons /= 16) digits++
  return digits
}

const rowSchema = z.object({ bucket: z.string(), persons: z.string() })

/** The bucket of a person is as `personBucket` has it. */
export async function* segmentsFound(
  runId: string,
  bucketDigits: number,
  read: ReadLake,
): AsyncGenerator<InsightPart> {
  const rows = read(`select bucket, array_join(array_agg(person order by person), ',') as persons
    from (
      select
        substr(lower(to_hex(sha256(to_utf8(person_id)))), 1, ${bucketDigits}) as bucket,
        person_id || ' ' || segment as person
      from rfm
      where run_id = ${literalText(runId)} and person_id is not null and segment is not null
    ) as placed
    group by bucket
    order by bucket`)
  for await (const row of rows) {
    const { bucket, persons } = rowSchema.parse(row)
    const pairs = persons.split(',').map((pair) => pair.split(' '))
    yield segmentsPart(runId, bucket, Object.fromEntries(pairs))
  }
}
