import { createNodeReader } from '../../functions/lake/node-details.ts'
import type { Row } from '../../functions/lake/row.ts'
import { nodeRow } from '../../functions/lake/stream-rows.ts'
import { type Item, textOf } from '../../functions/store/dynamodb.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createIdentityAudit } from '../../functions/store/identity-audit.ts'
import type { Comparison, Telling } from './check.ts'
import { lakeRows } from './lake-rows.ts'
import type { Places } from './places.ts'
import { itemsOf } from './stored-items.ts'

const current = `select node_id, person_id, kind
  from (
    select node_id, person_id, kind, row_number() over (
      partition by node_id order by version desc, changed_at desc
    ) as place
    from identity_map
  )
  where place = 1`

/** Whose every node is. */
export async function compareNodes(places: Places, telling: Telling): Promise<Comparison> {
  const inLake = new Map<string, string>()
  for await (const [nodeId = '', personId, kind] of lakeRows(current, places))
    inLake.set(nodeId, `${personId} ${kind}`)
  let stored = 0
  const wrong: Item[] = []
  for await (const items of itemsOf(places.identity, { pk: 'N#', sk: 'N' }, telling)) {
    stored += items.length
    wrong.push(...items.filter((item) => inLake.get(nodeOf(item)) !== `${textOf(item, 'r')} ${kindOf(item)}`))
  }
  return {
    lines: [{ what: 'nodes', stored: `${stored}`, inLake: `${inLake.size}`, wrong: wrong.length }],
    async *repairs() {
      const identity = createIdentityStore(places.identity)
      const detailsOf = createNodeReader({ audit: createIdentityAudit(places.identity), identity })
      const rows: Row[] = []
      for (const item of wrong)
        rows.push(await nodeRow(item, new Date(), { detailsOf, identity, model: places.rules.model }))
      yield rows
    },
  }
}

const nodeOf = (item: Item): string => textOf(item, 'pk').slice('N#'.length)
const kindOf = (item: Item): string => item.k?.S ?? 'person'
