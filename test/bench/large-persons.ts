import { itemBytes } from '../simulation/capacity.ts'
import { createBenchOperator } from './bench-operator.ts'
import { cookie, order } from './identity-event.ts'
import { type Column, printTable } from './report.ts'
import { dollarsPerMillion, usageOf } from './usage.ts'

/** Nodes of the older person, whose id stays, and of the younger one, whose nodes are moved. */
const sizes = [
  [1, 1],
  [89, 1],
  [45, 45],
  [1, 89],
] as const
const header = ['', 'nodes', 'requests', 'read units', 'write units', '$ per million']

/** What merging, undoing and marking cost by the number of nodes, and an event of who has so many. */
export async function printCostsBySize(): Promise<void> {
  const trials = await Promise.all(sizes.map(([older, younger]) => trialOf(older, younger)))
  const names = trials[0]?.steps.keys() ?? []
  const rows = [...names].flatMap((name) =>
    trials.map(({ nodes, steps }, at) => [at === 0 ? name : '', nodes, ...(steps.get(name) ?? [])]),
  )
  printTable('identity: what operators, and events of persons of many nodes, cost', header, rows)
  const bytes = trials.map(({ nodes, personBytes }) => `${personBytes} of ${nodes}`).join(', ')
  console.log(
    `  Per request of an operator, or event in a batch of 1. Bytes of the person merged: ${bytes}.\n`,
  )
}

async function trialOf(older: number, younger: number) {
  const { store, take, grow, merge, lastMerge, undo, mark } = createBenchOperator()
  const steps = new Map<string, Column[]>()
  const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const before = store.log.length
    await work()
    const usage = usageOf(store.log.slice(before))
    steps.set(name, [usage.requests, usage.read, usage.write, dollarsPerMillion(usage)])
  }
  const first = await grow('a', older)
  const second = await grow('b', younger)

  await measure('an event that merges them', () => take(order('a0'), order('b0')))
  const persons = store.items('identity').filter(({ d }) => d !== undefined)
  await measure('an event with one known identifier', () => take(order('b0')))
  await measure('an event with two, of two nodes', () => take(order('a0'), order('b0')))
  await measure('an event with a new identifier', () => take(order('b0'), order('new')))
  await measure('mark a device as shared', () => mark(cookie('b0'), true))
  await measure('lift the mark', () => mark(cookie('b0'), false))
  await measure('mark it again', () => mark(cookie('b0'), true))
  const mergeId = await lastMerge(first)
  await measure('undo the merge', () => undo(first, mergeId))
  await measure('merge them by hand', () => merge(first, second))
  return { nodes: `${older} + ${younger}`, steps, personBytes: Math.max(...persons.map(itemBytes)) }
}
