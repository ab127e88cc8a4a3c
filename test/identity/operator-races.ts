import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import type { Person } from '../../functions/identity/person.ts'
import { mergeByHand } from '../../functions/operations/merge-persons.ts'
import { shareDevice } from '../../functions/operations/share-device.ts'
import { undoMerge } from '../../functions/operations/undo-merge.ts'
import { type IngestProcess, noPause } from './ingest-process.ts'
import { type Act, type Race, sends } from './race.ts'
import { event, keysOf } from './sent-event.ts'
import { hmacKey, type SentIdentifier, settings } from './sequential.ts'

const normalise = createIdentifierNormaliser(settings)
const hmacKeys = [hmacKey] as const
const now = () => new Date('2026-07-02T00:00:00Z')
const cause = { operator: 'somebody', reason: 'because' }

const identifier = (text: string): SentIdentifier => {
  const [type = '', value = ''] = text.split(':')
  return { type, value: type === 'email' ? `${value}@example.org` : value }
}

async function bindingOf({ identity }: IngestProcess, text: string) {
  const [key = ''] = keysOf([identifier(text)])
  const binding = (await identity.bindings([{ key, formerKeys: [] }])).get(key)
  if (!binding) throw new Error(`nobody has ${text}`)
  return { key, ...binding }
}

const oldestMerge = ({ connections }: Person): string | undefined =>
  connections.map(({ mergeId }) => mergeId).sort()[0]

/** An operator who does something by hand, held before the first transaction. */
function operates(name: string, act: Pick<Act, 'run' | 'steps'>, held: Partial<Act['held']> = {}): Act {
  return { ...sends([], held), name, ...act }
}

const depsOf = ({ identity, newId }: IngestProcess) => ({
  identity,
  newId,
  now,
  pause: noPause,
  random: () => 0,
})

/** Undoes the first merge of the person whom an identifier belongs to. */
const undoes = (text: string, held: Partial<Act['held']> = {}): Act =>
  operates(
    'undo',
    {
      run: async (process) => {
        const { nodeId } = await bindingOf(process, text)
        const person = (await process.identity.persons([nodeId])).get(nodeId)
        const mergeId = person && oldestMerge(person)
        if (mergeId !== undefined) await undoMerge(nodeId, mergeId, cause, depsOf(process))
      },
      steps: [
        ({ world }) => {
          const nodeId = world.nodeOf(identifier(text))
          const person = nodeId === undefined ? undefined : world.personOf(nodeId)
          const mergeId = person && oldestMerge(person)
          if (person && mergeId !== undefined) world.undo(person, mergeId)
        },
      ],
    },
    held,
  )

const merges = (a: string, b: string, held: Partial<Act['held']> = {}): Act =>
  operates(
    'merge by hand',
    {
      run: async (process) => {
        const [one, other] = [await bindingOf(process, a), await bindingOf(process, b)]
        await mergeByHand(one.nodeId, other.nodeId, cause, depsOf(process))
      },
      steps: [
        ({ world }) => {
          const [one, other] = [a, b].map((text) => world.personOf(world.nodeOf(identifier(text)) ?? ''))
          if (one && other && one !== other) world.mergeByHand(one, other)
        },
      ],
    },
    held,
  )

const marks = (device: string, shared: boolean, held: Partial<Act['held']> = {}): Act =>
  operates(
    shared ? 'mark' : 'lift',
    {
      run: async (process) => {
        const [sent, deps] = [identifier(device), depsOf(process)]
        await shareDevice(sent, shared, cause, { ...deps, normalise, settings, hmacKeys, keepAnchors: true })
      },
      steps: [({ world }) => world.mark(identifier(device), shared)],
    },
    { conflicts: 'any', ...held },
  )

const joined = [event('b1', 'email:ann'), event('b2', 'email:bob'), event('b3', 'email:ann', 'email:bob')]
const kiosk = [event('b1', 'email:ann', 'device_id:d-1'), event('b2', 'email:bob')]

/** Races of operators with events and with each other. */
export const operatorRaces: Race[] = [
  {
    name: 'merge ‖ undo of another merge of the same person',
    before: [...joined, event('b4', 'email:cat')],
    acts: [sends(event('e1', 'email:ann', 'email:cat')), undoes('email:ann')],
  },
  {
    name: 'undo ‖ bind to the side that is set free',
    before: joined,
    acts: [undoes('email:ann'), sends(event('e1', 'email:bob', 'cookie_id:k-1'))],
  },
  {
    name: 'undo ‖ an event that brings both sides',
    before: joined,
    acts: [
      undoes('email:ann', { conflicts: 0 }),
      sends(event('e1', 'email:ann', 'email:bob'), {
        at: { kind: 'write touchpoints' },
        conflicts: 0,
        comes: 'any',
      }),
    ],
  },
  {
    name: 'undo ‖ an event that brings both sides and something new',
    before: joined,
    acts: [undoes('email:ann'), sends(event('e1', 'email:ann', 'email:bob', 'cookie_id:k-1'))],
  },
  {
    name: 'undo ‖ undo of the same merge',
    before: joined,
    acts: [undoes('email:ann'), { ...undoes('email:bob'), name: 'undo again' }],
  },
  {
    name: 'undo ‖ merge by hand of another person',
    before: [...joined, event('b4', 'email:cat')],
    acts: [undoes('email:ann'), merges('email:cat', 'email:ann')],
  },
  {
    name: 'merge by hand ‖ merge of the same two by an event',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob')],
    acts: [merges('email:ann', 'email:bob'), sends(event('e1', 'email:ann', 'email:bob'))],
  },
  {
    name: 'merge by hand ‖ merge by hand, the other way round',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob')],
    acts: [merges('email:ann', 'email:bob'), { ...merges('email:bob', 'email:ann'), name: 'and back' }],
  },
  {
    name: 'merge by hand ‖ bind to one of the two',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob')],
    acts: [merges('email:ann', 'email:bob'), sends(event('e1', 'email:bob', 'cookie_id:k-1'))],
  },
  {
    name: 'mark by hand ‖ an event that joins by the device',
    before: kiosk,
    acts: [marks('device_id:d-1', true), sends(event('e1', 'device_id:d-1', 'cookie_id:k-1'))],
  },
  {
    name: 'mark by hand ‖ an event with nothing but the device',
    before: kiosk,
    acts: [
      marks('device_id:d-1', true),
      sends(event('e1', 'device_id:d-1'), {
        at: { kind: 'write touchpoints' },
        conflicts: 0,
        comes: 'first',
      }),
    ],
  },
]
