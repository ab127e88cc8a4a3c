import { newPerson, type Person, succeed } from '../../functions/identity/person.ts'
import type { NodeNews } from '../../functions/journey/keep.ts'
import type { Touch } from '../../functions/journey/touch.ts'
import { transact } from '../../functions/store/dynamodb.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { unpackedText } from '../../functions/store/packed.ts'
import { personItems } from '../../functions/store/person-items.ts'
import { noPause } from '../identity/ingest-process.ts'
import { createTellingWorld } from './telling-world.ts'

/** One person of two nodes, as `touchLists` makes its touchpoints. */
const person: Person = succeed({ ...newPerson('n1'), nodes: { n1: {}, n2: {} } }, [])

type Options = Parameters<typeof createTellingWorld>[0]

/** A person whose touchpoints are stored and heard of as a test wants it. */
export async function createToldPerson(options?: Options) {
  const world = createTellingWorld(options)
  const table = { client: world.store.client('identity'), name: 'identity', pause: noPause }
  await transact(table, personItems('identity', person, []))
  const insert = (touches: readonly Touch[]) =>
    world.process.touchpoints.insert(
      touches.map(({ nodeId, time, source, id, fingerprint, position: _, ...body }) => ({
        key: touchpointItem(nodeId, { time, source, id }),
        body: JSON.stringify(body),
        fingerprints: [fingerprint],
        expiresAt: null,
      })),
    )
  const hear = (touches: readonly Touch[]) => world.keep(newsOf(touches))
  return {
    ...world,
    insert,
    hear,
    arrive: async (touches: readonly Touch[]) => {
      await insert(touches)
      await hear(touches)
    },
    /** Somebody folds the person anew, as after a merge or a late event. */
    refold: () => world.keep([{ nodeId: 'n1', touches: [] }]),
    /** All that is kept of the journeys, but for how often it was written. */
    journeys: () => ({
      checkpoints: world.checkpoints().map((checkpoint) => ({ ...checkpoint, version: 0 })),
      rows: world.store.items('journeys').filter(({ sk }) => sk?.S !== 'C'),
    }),
    /** What is stored as told by each write of the checkpoint, unparsed. */
    toldAsStored: (): unknown[] =>
      world.store
        .stream('journeys')
        .read(0, Number.POSITIVE_INFINITY)
        .flatMap(({ dynamodb }) => {
          const { d, e } = dynamodb?.NewImage ?? {}
          if (!d || !e || e.N === '0') return []
          const B = d.B === undefined ? undefined : Buffer.from(d.B, 'base64')
          return JSON.parse(unpackedText(B ? { B } : { S: d.S ?? '' })).told
        }),
  }
}

function newsOf(touches: readonly Touch[]): NodeNews[] {
  const byNode = Map.groupBy(touches, ({ nodeId }) => nodeId)
  return [...byNode].map(([nodeId, ofNode]) => ({ nodeId, touches: ofNode }))
}

/** A list in pieces, cut before these places. */
export function piecesOf<T>(list: readonly T[], cuts: readonly number[]): T[][] {
  const ends = [...new Set([...cuts, list.length])].sort((a, b) => a - b)
  return ends.map((end, index) => list.slice(ends[index - 1] ?? 0, end))
}

/** What was told, regardless of the order. */
export const sortedJson = (told: readonly unknown[]): string[] =>
  told.map((event) => JSON.stringify(event)).sort()

export const distinctJson = (told: readonly unknown[]): string[] => [...new Set(sortedJson(told))]
