import { expect, it } from 'vitest'
import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { joinRules } from '../../functions/identity/person.ts'
import { type Candidate, createResolver } from '../../functions/identity/resolve.ts'
import { storedIdentifier } from '../../functions/identity/stored-identifier.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { createSchedule } from '../simulation/schedule.ts'
import { shapes } from '../simulation/shapes.ts'
import { hmacKey, settings } from './sequential.ts'

const normalise = createIdentifierNormaliser(settings)
const now = () => new Date('2026-07-01T00:00:00Z')

function candidate(id: string, ...values: string[]): Candidate {
  const sent = values.map((value) => ({ type: 'cookie_id', value: `v-${value}` }))
  const identifiers = normalise(sent, 's').identifiers.map((one) =>
    storedIdentifier(one, { hmacKeys: [hmacKey], keepAnchors: true }),
  )
  return { event: { id, source: 's', time: '2026-05-01T00:00:00.000Z' }, fingerprints: [id], identifiers }
}

/** What one chain of a batch forgets, because somebody else has changed it, another may be about to plan with. */
it('two chains of a batch, whose persons another container merges with each other, both come to their end', async () => {
  for (let seed = 1; seed <= 1_200; seed++) {
    const schedule = createSchedule({ seed })
    const store = createSimulatedDynamoDB({ tables: shapes, admission: schedule })
    let made = 0
    const newId = () => String(++made).padStart(20, '0')
    const container = (name: string) => {
      const client = store.client(name)
      const pause = schedule.pause(name)
      return createResolver({
        identity: createIdentityStore({ client, name: 'identity', pause }),
        touchpoints: createTouchpointStore({ client, name: 'touchpoints', pause }),
        rules: joinRules(settings),
        newId,
        now,
        pause,
        random: schedule.random.next,
      })
    }
    const before = ['x', 'y', 'z', 'w'].map((value) => candidate(`before-${value}`, value))
    await container('before')(before)
    const [one, two] = [container('one'), container('two')]
    const kinds: string[] = []
    await schedule.run({
      one: async () => {
        const resolutions = await one([candidate('A', 'x', 'y'), candidate('B', 'z', 'w')])
        kinds.push(...resolutions.map(({ kind }) => kind))
      },
      two: async () => {
        for (const event of [candidate('C', 'y', 'w'), candidate('D', 'y', '1'), candidate('E', 'w', '2')])
          kinds.push(...(await two([event])).map(({ kind }) => kind))
      },
    })
    expect(kinds, `seed ${seed}`).toEqual(Array.from({ length: 5 }, () => 'home'))
  }
}, 60_000)
