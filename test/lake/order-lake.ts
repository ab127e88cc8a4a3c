import { retail } from '../../functions/journey/model.ts'
import { orderViews } from '../../functions/lake/order-views.ts'
import { column, type LakeView } from '../../functions/lake/view.ts'
import { viewText } from '../../functions/lake/view-text.ts'
import { hiveType } from '../../infra/lake-views.ts'
import { database, lakeResources } from '../infra/local/lake/lake-resources.ts'
import { startLake, startPlace } from '../infra/local/lake/local-lake.ts'
import { identityRows, journeyRow, rowOf, type Told } from './order-events.ts'

type Columns = LakeView['columns']

const texts = (names: string): Columns => names.split(/\s+/).map((name) => column(name, 'varchar', ''))
const amounts = (names: string): Columns =>
  names.split(/\s+/).map((name) => column(name, 'decimal(18,4)', ''))

/** As much of these views as orders need. */
const touchpoint = {
  sql: `
    with once as (
      select *, row_number() over (partition by node_id, source, event_id, event_time order by received_at) as copy
      from touchpoint_log where not is_test
    ),
    node as (select node_id, max_by(person_id, version) as person_id from identity_map group by node_id)
    select once.*, node.person_id from once left join node on node.node_id = once.node_id where copy = 1`,
  columns: [
    ...texts(
      'event_id source channel type node_id order_id refund_id currency fulfilment coupon store_id person_id',
    ),
    ...amounts('order_total order_tax order_shipping order_discount'),
    ...['event_time', 'local_time'].map((name) => column(name, 'timestamp(6)', '')),
    column(
      'items',
      `array(row(sku varchar, product_id varchar, name varchar, variant varchar, category varchar, brand varchar, quantity decimal(18,3), price decimal(18,4), amount decimal(18,4), discount decimal(18,4), tax decimal(18,4), promotion varchar))`,
      '',
    ),
  ],
}
const journey = {
  sql: 'select journey_id, order_key from journey_log',
  columns: texts('journey_id order_key'),
}

function viewOf(name: string, { sql, columns }: { sql: string; columns: Columns }) {
  const definition = { originalSql: sql, columns: columns.map(({ name: of, type }) => ({ name: of, type })) }
  return {
    DatabaseName: database,
    TableInput: {
      Name: name,
      TableType: 'VIRTUAL_VIEW',
      StorageDescriptor: { Columns: columns.map((one) => ({ Name: one.name, Type: hiveType(one.type) })) },
      ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
    },
  }
}

/** A lake with the views of orders. */
export async function startOrderLake() {
  const rules = { model: retail, currency: 'EUR' }
  const views = [
    viewOf('touchpoint', touchpoint),
    viewOf('journey', journey),
    ...orderViews.map(({ name, columns }) => viewOf(name, { sql: viewText(name, rules), columns })),
  ]
  const place = await startPlace()
  const lake = await startLake(place, lakeResources({ views }))
  await lake.put(identityRows())
  return {
    /** What has happened, and nothing else. */
    async tell(events: readonly Told[], orderKeys: readonly string[] = []) {
      await lake.query('delete from touchpoint_log')
      await lake.put([...events.map(rowOf), ...orderKeys.map(journeyRow)])
    },
    async read(sql: string) {
      const { names = [], rows } = await lake.query(sql)
      return rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at] ?? '', value])))
    },
    rows: lake.rows,
    async close() {
      await lake.close()
      await place.close()
    },
  }
}

export type OrderLake = Awaited<ReturnType<typeof startOrderLake>>
