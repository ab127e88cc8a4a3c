import * as z from 'zod'
import { type ApiRequest, apiHandler, ok } from './http/api.ts'
import { callerOf } from './http/caller.ts'
import { noParameters, parseBody, parseQuery } from './http/request.ts'
import { aliasesOf, type Person } from './identity/person.ts'
import { mergeByHand, mergeSchema, reasonField } from './operations/merge-persons.ts'
import { deviceSchema, shareDevice } from './operations/share-device.ts'
import { undoMerge } from './operations/undo-merge.ts'
import { createDynamoDB, readHmacKeys, table } from './runtime/clients.ts'
import { createIdGenerator, now, pause } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { once } from './runtime/once.ts'
import { createIdentityStore } from './store/identity.ts'

const settings = environment.settings()
const identity = createIdentityStore(table(createDynamoDB(), environment.identityTable()))
const operating = { identity, newId: createIdGenerator(now), now, pause, random: Math.random }
/** What only shared devices need is loaded with the first. */
const sharing = once(async () => {
  const { createIdentifierNormaliser } = await import('./identity/identifier.ts')
  return {
    ...operating,
    normalise: createIdentifierNormaliser(settings),
    settings,
    hmacKeys: await readHmacKeys(environment.hmacSecretArn()),
    keepAnchors: settings.keepAnchors,
  }
})

const undoSchema = z.strictObject({ reason: reasonField.optional() }, 'send {"reason"} or nothing')

/** What operators change by hand. Each may be sent again: done already, it changes nothing. */
export const handler = apiHandler({
  'POST /v1/customers/{personId}/merges': async ({ path, query, body, context }) => {
    parseQuery(query, noParameters)
    const { with: otherId, reason } = parseBody(body, mergeSchema)
    const cause = { operator: callerOf(context), reason }
    const { person, mergeId } = await mergeByHand(path.personId ?? '', otherId, cause, operating)
    return ok({ mergeId, ...shown([person]) })
  },
  'POST /v1/customers/{personId}/merges/{mergeId}/undo': async ({ path, query, body, context }) => {
    parseQuery(query, noParameters)
    const { reason = null } = body.length === 0 ? {} : parseBody(body, undoSchema)
    const cause = { operator: callerOf(context), reason }
    return ok(shown(await undoMerge(path.personId ?? '', path.mergeId ?? '', cause, operating)))
  },
  'PUT /v1/identifiers/shared': (request) => mark(request, true),
  'DELETE /v1/identifiers/shared': (request) => mark(request, false),
})

async function mark({ query, body, context }: ApiRequest, shared: boolean) {
  parseQuery(query, noParameters)
  const { reason = null, ...device } = parseBody(body, deviceSchema)
  return ok(
    shown(await shareDevice(device, shared, { operator: callerOf(context), reason }, await sharing())),
  )
}

/** The persons after, the one that was asked about first. */
function shown(persons: readonly Person[]) {
  const views = persons.map((person) => ({
    personId: person.personId,
    kind: person.kind,
    aliases: aliasesOf(person),
  }))
  return { personId: views[0]?.personId, persons: views }
}
