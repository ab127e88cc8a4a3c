import type { AttributeValue as StreamValue } from 'aws-lambda'
import { describe, expect, test } from 'vitest'
import { emptyState } from '../../functions/journey/fold-state.ts'
import { startJourney } from '../../functions/journey/journey.ts'
import { journeyChanges } from '../../functions/lake/journey-changes.ts'
import { parseCheckpoint } from '../../functions/store/checkpoint.ts'
import type { Item } from '../../functions/store/dynamodb.ts'
import { checkpointItem } from '../../functions/store/keys.ts'
import { touch } from '../journey/touches.ts'

type Said = { version: number; start?: string; person?: number; alone?: number }

/** A checkpoint as it is stored, of a person whose running journey began then. */
function checkpointOf({ version, start, person = 1, alone }: Said) {
  const running = start === undefined ? null : startJourney(touch(start, 'view_item'))
  const { pk, sk } = checkpointItem('01HZ')
  return {
    ...{ pk: { S: pk }, sk: { S: sk }, v: { N: String(version) }, h: { N: '0' }, g: { S: '' } },
    ...{ n: { N: String(person) }, ...(alone !== undefined && { a: { N: String(alone) } }) },
    d: { S: JSON.stringify({ ...emptyState, running }) },
  } satisfies Item & Record<string, StreamValue>
}

test('a journey that began and ended within a batch is looked at: an earlier batch may have told of it', () => {
  const images = [
    undefined,
    checkpointOf({ version: 1, start: '2026-11-02T10:00:00.000Z' }),
    checkpointOf({ version: 2, start: '2026-11-01T10:00:00.000Z' }),
  ]
  const records = images.slice(1).map((NewImage, before) => {
    const OldImage = images[before]
    return { dynamodb: { ...(OldImage && { OldImage }), ...(NewImage && { NewImage }) } }
  })
  const { seen, checkpoint } = journeyChanges(records).get('01HZ') ?? {}
  const starts = [...(seen?.values() ?? [])].map(({ journey }) => journey.startedAt)
  expect(starts.sort()).toEqual(['2026-11-01T10:00:00.000Z', '2026-11-02T10:00:00.000Z'])
  expect(checkpoint?.version).toBe(2)
})

describe('a checkpoint says that its person is alone', () => {
  test.each([
    ['if it was said of the person that it was folded for', { person: 3, alone: 3 }, true],
    ['not if it was said of an earlier one, by a writer that knew the field', { person: 4, alone: 3 }, false],
    ['not if the person has other nodes', { person: 4, alone: -1 }, false],
    ['not if it does not say', { person: 4 }, false],
  ])('%s', (_, said, expected) => {
    expect(parseCheckpoint(checkpointOf({ version: 1, ...said })).isAlone).toBe(expected)
  })
})
