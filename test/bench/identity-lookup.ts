import { lookUp } from '../../functions/customers/lookup.ts'
import { readPerson } from '../../functions/customers/person.ts'
import { Problem } from '../../functions/http/problem.ts'
import { createBindingCache } from '../../functions/identity/binding-cache.ts'
import type { KeyRing } from '../../functions/runtime/key-ring.ts'
import { createTrips } from '../simulation/trips.ts'
import { createBenchOperator } from './bench-operator.ts'
import { newRing } from './identity-cost.ts'
import { cookie, customer, email, order, sentIdentifier } from './identity-event.ts'
import { type Column, printTable } from './report.ts'
import { dollarsPerMillion, usageOf } from './usage.ts'

type Asked = { name: string; identifiers: string[]; isRemembered?: boolean; hmacKeys?: KeyRing }

const strangers = ['1', '2', '3', '4'].map(email)
const asked: readonly Asked[] = [
  { name: 'one identifier, unknown', identifiers: [customer('nobody')] },
  { name: 'one identifier', identifiers: [customer('known')] },
  { name: 'one identifier, remembered', identifiers: [customer('known')], isRemembered: true },
  { name: 'the fifth of five', identifiers: [...strangers, customer('known')] },
  {
    name: 'the fifth of five, remembered',
    identifiers: [...strangers, customer('known')],
    isRemembered: true,
  },
  { name: 'of an alias of 2 nodes', identifiers: [order('small1')] },
  { name: 'of an alias of 2 nodes, remembered', identifiers: [order('small1')], isRemembered: true },
  { name: 'of an alias of 90 nodes', identifiers: [order('large1')] },
  { name: 'of the oldest of 90 nodes', identifiers: [order('large0')] },
  { name: 'of the oldest of 90 nodes, remembered', identifiers: [order('large0')], isRemembered: true },
  { name: 'a shared device', identifiers: [cookie('small0')] },
  { name: 'one identifier, two versions of the key', identifiers: [customer('known')], hmacKeys: newRing },
]

/** How long somebody at the till waits, in reads that depend on each other, and what they cost. */
export async function printLookups(): Promise<void> {
  const trips = createTrips()
  const { store, deps, take, grow, mark } = createBenchOperator({ admission: trips.admission })
  await take(customer('known'))
  await grow('small', 2)
  await grow('large', 90)
  await mark(cookie('small0'), true)

  const figuresOf = async (
    { identifiers, isRemembered, hmacKeys = deps.hmacKeys }: Asked,
    include: boolean,
  ) => {
    const cache = createBindingCache()
    const read = async () => {
      const sent = { identifiers: identifiers.map(sentIdentifier) }
      const nodeId = await lookUp(sent, { ...deps, hmacKeys, cache }).catch(nobody)
      if (nodeId === null) return
      await (include ? readPerson(nodeId, deps.identity) : deps.identity.personIds([nodeId]))
    }
    if (isRemembered) await read()
    const [tripsBefore, before] = [trips.count(), store.log.length]
    await read()
    const usage = usageOf(store.log.slice(before))
    return [trips.count() - tripsBefore, usage.requests, usage.read, dollarsPerMillion(usage)]
  }
  const rows: Column[][] = []
  for (const one of asked) {
    rows.push([one.name, ...(await figuresOf(one, false)), ...(await figuresOf(one, true))])
  }
  const figures = ['requests', 'read units', '$ per million']
  const header = ['', 'trips', ...figures, 'include: trips', ...figures]
  printTable('identity: lookup, without and with the person that include reads', header, rows)
  console.log('  Per lookup, on demand, us-east-1. Trips: requests that had to wait for the one before.\n')
}

function nobody(error: unknown): null {
  if (error instanceof Problem) return null
  throw error
}
