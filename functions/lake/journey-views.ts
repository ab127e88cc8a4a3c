import type { FieldType } from './column.ts'
import { lakeTables } from './tables.ts'
import { column, type LakeView, type ViewColumn } from './view.ts'

const [text, time, money] = ['varchar', 'timestamp(6)', 'decimal(18,4)'] as const

const scalarNames: Readonly<Record<string, string>> = {
  string: text,
  int: 'integer',
  long: 'bigint',
  timestamp: time,
  money,
  quantity: 'decimal(18,3)',
}

function trinoType(type: FieldType): string {
  if (typeof type === 'string') return scalarNames[type] ?? type
  const { element } = type
  if (typeof element === 'string') return `array(${trinoType(element)})`
  const fields = element.fields.map((field) => `${field.name} ${trinoType(field.type)}`)
  return `array(row(${fields.join(', ')}))`
}

/** The columns of a raw table as a view shows them on. */
function columnsOf(table: string, { except = '' }: { except?: string } = {}): ViewColumn[] {
  const left = except.split(/\s+/)
  const { fields = [] } = lakeTables.find(({ name }) => name === table) ?? {}
  return fields.flatMap(({ name, type, comment }) =>
    left.includes(name) ? [] : [column(name, trinoType(type), comment)],
  )
}

const touchpointColumns = [
  ...columnsOf('touchpoint_log', { except: 'own_channel_group' }),
  column('person_id', text, 'Whose it is as of now; null: nobody is known'),
  column('journey_id', text, 'The journey that it belongs to; null: none'),
  column(
    'channel_group',
    text,
    "GA4's default channel group online, also of the last campaign or referrer up to 30 minutes before, else direct; elsewhere the channel",
  ),
]

const placedTouchpoint: LakeView = {
  name: 'placed_touchpoint',
  comment:
    'Behind touchpoint, journey_step, consent and customer: touchpoint with the place of each in the list',
  columns: [
    ...touchpointColumns,
    column('touch_key', text, 'Where it stands in the list of its person; text that sorts so'),
  ],
}

const touchpoint: LakeView = {
  name: 'touchpoint',
  comment: 'What happened, each once and without tests, with whose it is and the journey that it belongs to',
  columns: touchpointColumns,
}

const journeyColumns = columnsOf('journey_log', {
  except: 'is_first_order version changed_at steps start_key purchase_key is_gone',
})

const currentJourney: LakeView = {
  name: 'current_journey',
  comment: 'Behind journey, journey_step and touchpoint: journeys as they are, with their places in the list',
  columns: [
    ...journeyColumns,
    column(
      'start_key',
      text,
      'Where its first touchpoint stands in the list of its person; text that sorts so',
    ),
    column('purchase_key', text, 'Where its purchase stands there; null: none'),
    column('next_start_key', text, "Of the person's next journey"),
    column('next_purchase_key', text, "Of the person's next journey that converted"),
    column(
      'purchase_number',
      'bigint',
      "1: the person's first journey that converted; without meaning for others",
    ),
    column('is_bought', 'boolean', 'What converted it is of the type purchase'),
  ],
}

const journey: LakeView = {
  name: 'journey',
  comment: 'Journeys of persons as they are now, with their status as of the query',
  columns: shownJourney(),
}

function shownJourney(): ViewColumn[] {
  const shown = columnsOf('journey_log', {
    except: 'version changed_at steps start_key purchase_key is_gone',
  })
  const status = column('status', text, 'open, converted or abandoned, as of the query')
  const endedAt = column(
    'ended_at',
    time,
    'Of the purchase, or of the last touchpoint that prolonged it before it was abandoned; null while open',
  )
  return shown.flatMap((one) => {
    if (one.name === 'person_id') return [one, status]
    return one.name === 'ended_at' ? [endedAt] : [one]
  })
}

const journeyStep: LakeView = {
  name: 'journey_step',
  comment: 'The touchpoints of journeys in their order',
  columns: [
    column('journey_id', text, 'As in journey'),
    column('person_id', text, 'As in journey'),
    column('step', 'integer', 'From 1'),
    column('event_id', text, 'With source and event_time it identifies the touchpoint'),
    column('source', text, 'The system that sent it'),
    column('event_time', time, 'When it happened, UTC'),
    column('channel', text, 'As in touchpoint'),
    column('channel_group', text, 'As in touchpoint'),
    column('type', text, 'As in touchpoint'),
    column('phase', text, 'As in touchpoint'),
    column('campaign_id', text, 'As in touchpoint'),
    column('store_id', text, 'As in touchpoint'),
    column('seconds_since_previous', 'double', 'Since the step before; null: the first'),
    column('seconds_to_purchase', 'double', 'Until the purchase; null: there is none, or it comes after it'),
    column(
      'is_last_before_purchase',
      'boolean',
      'The last step with a phase before the purchase, or the purchase if there is none; one in each converted journey',
    ),
  ],
}

const customer: LakeView = {
  name: 'customer',
  comment:
    'One row for each person, also of those who never bought; money in the currency of the latest order',
  columns: [
    column('person_id', text, 'As of now'),
    column('kind', text, 'person, or shared_device for the neutral person of a device that many use'),
    column('customer_id', text, "The retailer's own key, where anchors are kept readable"),
    column('loyalty_id', text, 'The number of the loyalty card, where anchors are kept readable'),
    column('first_seen_at', time, 'Of the first touchpoint, UTC; null: none is told yet'),
    column('last_seen_at', time, 'Of the last touchpoint, UTC'),
    column('first_channel', text, 'Of the first touchpoint'),
    column('first_campaign_id', text, 'Of the first touchpoint'),
    column('touchpoint_count', 'bigint', 'All touchpoints'),
    column('order_count', 'bigint', 'All orders, also those given back'),
    column('first_order_at', time, 'Of the first order, UTC'),
    column('last_order_at', time, 'Of the latest order, UTC'),
    column('first_order_channel', text, 'Of the first order'),
    column('last_order_channel', text, 'Of the latest order'),
    column('purchase_channels', 'array(varchar)', 'Channels of all orders, sorted; empty: no order'),
    column('is_cross_channel', 'boolean', 'Bought both online (web, app, marketplace) and elsewhere'),
    column('home_store_id', text, 'The store with most orders, else with most touchpoints'),
    column('currency', text, 'Of the latest order; null: no order'),
    column('gross_value', money, 'Orders in that currency'),
    column('returned_value', money, 'What was given back in that currency, also of unknown orders'),
    column('net_value', money, 'gross_value less returned_value'),
    column('open_journeys', 'bigint', 'As of the query'),
    column('converted_journeys', 'bigint', 'As of now'),
    column('abandoned_journeys', 'bigint', 'As of the query'),
    column('preferred_channel', text, 'Where it looks around most; what is 90 days old weighs half'),
    column('preferred_purchase_channel', text, 'Where it buys most; what is 90 days old weighs half'),
    column(
      'household_id',
      text,
      'Of 2 to 8 persons whom a refused card or device connects; the first of several',
    ),
    column('profile', text, 'What was said last of each attribute; JSON, keys sorted'),
  ],
}

const consent: LakeView = {
  name: 'consent',
  comment: 'What each person allowed or forbade last, by purpose',
  columns: [
    column('person_id', text, 'As of now'),
    column('purpose', text, 'Such as email_marketing'),
    column('status', text, 'granted, denied or revoked'),
    column('at', time, 'When it was said, UTC'),
  ],
}

const personHistory: LakeView = {
  name: 'person_history',
  comment: 'Whose each node was, and when',
  columns: [
    column('node_id', text, 'What touchpoints are stored under, for good'),
    column('person_id', text, 'Whose node it was'),
    column('valid_from', time, 'From when on, UTC'),
    column('valid_to', time, 'Until when, UTC; null: it still is'),
  ],
}

const campaign: LakeView = {
  name: 'campaign',
  comment: 'Campaigns as they are planned now',
  columns: columnsOf('campaign_log', { except: 'costs version changed_at is_gone' }),
}

const campaignCost: LakeView = {
  name: 'campaign_cost',
  comment: 'What campaigns cost, by day',
  columns: [
    column('campaign_id', text, 'As in campaign'),
    column('day', 'date', 'When'),
    column('currency', text, 'Of the campaign; ISO 4217'),
    column('amount', money, 'How much'),
  ],
}

export const journeyViews: readonly LakeView[] = [
  placedTouchpoint,
  touchpoint,
  currentJourney,
  journey,
  journeyStep,
  customer,
  consent,
  personHistory,
  campaign,
  campaignCost,
]
