import { type HouseholdDeps, readHouseholds } from '../customers/households.ts'
import { anchorsIn, evidenceIn, type IdentityAudit } from '../store/identity-audit.ts'
import type { NodeDetails } from './stream-rows.ts'

type NodeDeps = HouseholdDeps & { audit: Pick<IdentityAudit, 'ofNode' | 'members'> }

/** Of several households it is the first by its id: which one a node is shown with shall not change by itself. */
export const createNodeReader =
  (deps: NodeDeps) =>
  async (nodeId: string): Promise<NodeDetails> => {
    const read = await deps.audit.ofNode(nodeId)
    const households = await readHouseholds(evidenceIn(read.items), deps)
    const [householdId = null] = households.map((household) => household.householdId).sort()
    return { anchors: anchorsIn(read), householdId }
  }
