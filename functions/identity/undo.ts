import { type Connection, type Person, succeed } from './person.ts'

/** A connection taken away: the person it was of, and the two that it leaves. */
export type Undoing = {
  connection: Connection & { undoneAt: string }
  before: Person
  /** The one that keeps the id first. */
  after: readonly [Person, Person]
}

/**
 * Rule 7 of the contract's section Identity: the nodes on either side of the connection are one person each, with what
 * hangs on them; the two are kept apart from then on. Null if the person is not held together by this merge.
 * @param at UTC ISO 8601
 */
export function planUndo(before: Person, mergeId: string, at: string): Undoing | null {
  const connection = inForce(before).find((one) => one.mergeId === mergeId)
  if (!connection) return null
  const undone = { ...connection, undoneAt: at }
  const connections = before.connections.map((one) => (one.mergeId === mergeId ? undone : one))
  const [start, other] = connection.nodes
  const sides = [start, other].map((nodeId) => {
    const nodeIds = reachable(nodeId, inForce({ connections }))
    return personOf(nodeIds, { ...before, connections })
  })
  const [kept, freed] = sides.sort((a, b) => (a.personId < b.personId ? -1 : 1))
  if (!kept || !freed) throw new Error('a connection has two ends')
  return { connection: undone, before, after: [kept, freed] }
}

const inForce = ({ connections }: Pick<Person, 'connections'>) =>
  connections.filter(({ undoneAt }) => undoneAt === null)

function reachable(start: string, connections: readonly Connection[]): Set<string> {
  const reached = new Set([start])
  for (let size = 0; size < reached.size; ) {
    size = reached.size
    for (const { nodes } of connections) {
      if (nodes.some((nodeId) => reached.has(nodeId))) for (const nodeId of nodes) reached.add(nodeId)
    }
  }
  return reached
}

/** The part of a person with these nodes; connections stay with every side that has an end of them. */
function personOf(nodeIds: ReadonlySet<string>, whole: Person): Person {
  const nodes = Object.fromEntries(Object.entries(whole.nodes).filter(([nodeId]) => nodeIds.has(nodeId)))
  const [personId = ''] = Object.keys(nodes).sort()
  const connections = whole.connections.filter(({ nodes: ends }) => ends.some((end) => nodeIds.has(end)))
  return succeed({ ...whole, personId, nodes, connections }, [whole])
}
