import type { DynamoDBRecord } from 'aws-lambda'
import { type Journey, journeySchema } from '../journey/journey.ts'
import { firstGeneration } from '../journey/refold.ts'
import { type Checkpoint, parseCheckpoint } from '../store/checkpoint.ts'
import { type Item, textOf } from '../store/dynamodb.ts'
import { parseRow } from '../store/journeys.ts'
import { kindOfJourneyRow, personPartition } from '../store/keys.ts'
import { toItem } from '../store/stream-image.ts'

/** What a batch of the stream of `journeys` says of a person: which journeys to look at, and where their fold stands. */
export type JourneyChanges = {
  /** As they were last seen, by their id. */
  seen: Map<string, SeenJourney>
  /** All that the person has now was written beside what it had before. */
  isAnew: boolean
  /** As the last of the changes left it; null if it was not among them. */
  checkpoint: Checkpoint | null
}

type SeenJourney = {
  journey: Journey
  /** Of a row that was written: nobody reads it before its generation comes into use. */
  writtenFor: string | null
}

type Images = { before: Item | null; after: Item | null }

/** By person. */
export function journeyChanges(records: readonly DynamoDBRecord[]): Map<string, JourneyChanges> {
  const byItem = Map.groupBy(records.flatMap(imagesOf), ({ before, after }) => {
    const item = after ?? before ?? {}
    return `${textOf(item, 'pk')} ${textOf(item, 'sk')}`
  })
  const persons = new Map<string, JourneyChanges>()
  for (const images of byItem.values()) {
    const item = images[0]?.after ?? images[0]?.before ?? {}
    const personId = textOf(item, 'pk').slice(personPartition('').length)
    const changes = persons.get(personId) ?? { seen: new Map(), isAnew: false, checkpoint: null }
    persons.set(personId, changes)
    if (textOf(item, 'sk') === 'C') noteCheckpoints(images, changes)
    else noteRows(images, changes)
  }
  return persons
}

function imagesOf({ dynamodb }: DynamoDBRecord): Images[] {
  const before = dynamodb?.OldImage ? toItem(dynamodb.OldImage) : null
  const after = dynamodb?.NewImage ? toItem(dynamodb.NewImage) : null
  const item = after ?? before
  if (!item || !textOf(item, 'pk').startsWith(personPartition(''))) return []
  const kind = kindOfJourneyRow(textOf(item, 'sk'))
  return kind === 'checkpoint' || kind === 'journey' ? [{ before, after }] : []
}

/** Also what began and ended within the batch: part of it may have been told before, in a batch that was another one. */
function noteCheckpoints(images: readonly Images[], changes: JourneyChanges): void {
  const items = [images[0]?.before, ...images.map(({ after }) => after)]
  const checkpoints = items.map((item) => (item ? parseCheckpoint(item) : null))
  changes.checkpoint = checkpoints.at(-1) ?? null
  for (const checkpoint of checkpoints) {
    const running = checkpoint?.state?.running
    if (running) note(changes, { journey: running, writtenFor: null })
  }
  const generations = images.map(({ before, after }) => [before, after].map((item) => item?.g?.S))
  changes.isAnew = generations.some(([before = firstGeneration, after = before]) => before !== after)
}

function noteRows(images: readonly Images[], changes: JourneyChanges): void {
  const last = images.at(-1)
  for (const item of [images[0]?.before, last?.after ?? last?.before]) {
    const { sk, data } = item ? parseRow(item) : { sk: '', data: undefined }
    if (data === undefined) continue
    const journey = journeySchema.safeParse(JSON.parse(data)).data
    const [generation = ''] = sk.split('#', 1)
    if (journey) note(changes, { journey, writtenFor: last?.after ? generation : null })
  }
}

/** One journey may be told of by several items: what says more about it holds. */
function note({ seen }: JourneyChanges, one: SeenJourney): void {
  const known = seen.get(one.journey.journeyId)
  if (known?.writtenFor !== null) seen.set(one.journey.journeyId, one)
}
