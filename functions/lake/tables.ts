import { field } from './column.ts'
import type { LakeTable } from './table.ts'

/**
 * The raw tables of the lake: they keep everything, the views are for people. Everything about them comes from here:
 * what the stacks create, by what Firehose tells rows apart, what `publish` may write.
 */
export type PublishedTable = LakeTable & {
  /** A column that every row has and no other table: by this Firehose knows where a row goes. */
  toldBy: string
}

const touchpointLog: PublishedTable = {
  name: 'touchpoint_log',
  comment:
    'Every accepted event as it came, without its identifiers; tests and duplicates of delivery included',
  partitionedBy: { column: 'event_time', by: 'day' },
  sortedBy: ['event_time'],
  toldBy: 'event_time',
  fields: [
    field(
      1,
      'event_id',
      'string',
      'The id that its source gave it; unique together with source and event_time',
    ),
    field(2, 'source', 'string', 'The system that sent it'),
    field(3, 'event_time', 'timestamp', 'When it happened, UTC'),
    field(4, 'local_time', 'timestamp', 'When it happened, by the clock on the wall'),
    field(5, 'received_at', 'timestamp', 'When it was stored, UTC'),
    field(
      6,
      'channel',
      'string',
      'store web app email sms push call_center social marketplace messenger print kiosk ad',
    ),
    field(7, 'type', 'string', 'What happened, such as view_item or purchase'),
    field(8, 'phase', 'string', 'The phase of the journey model that the type belongs to; null: none'),
    field(9, 'node_id', 'string', 'The internal identity that it is stored under; null: nobody is known'),
    field(10, 'session_id', 'string', 'The session of its source'),
    field(11, 'order_id', 'string', 'The number of the order that it speaks of'),
    field(12, 'refund_id', 'string', 'The number of the refund or cancellation'),
    field(13, 'order_total', 'money', 'What the customer pays in all, with tax and shipping'),
    field(14, 'order_tax', 'money', 'The part of order_total that is tax'),
    field(15, 'order_shipping', 'money', 'The part of order_total that is shipping'),
    field(16, 'order_discount', 'money', 'Taken off the whole order, for information'),
    field(17, 'currency', 'string', 'Of the order, as the event says; ISO 4217'),
    field(18, 'fulfilment', 'string', 'in_store, ship or pickup'),
    field(19, 'coupon', 'string', 'Used with the order'),
    field(20, 'campaign_id', 'string', 'The campaign that the touchpoint came from'),
    field(21, 'campaign_source', 'string', 'Such as newsletter or google'),
    field(22, 'campaign_medium', 'string', 'Such as email or cpc'),
    field(23, 'campaign_content', 'string', 'Which of its variants'),
    field(24, 'campaign_term', 'string', 'The keyword that was paid for'),
    field(25, 'store_id', 'string', 'Where it happened'),
    field(26, 'zone', 'string', 'The part of the store'),
    field(27, 'page', 'string', 'The address of the page without query and fragment'),
    field(28, 'referrer', 'string', 'The page before, without query and fragment'),
    field(29, 'country', 'string', 'ISO 3166'),
    field(30, 'dwell_seconds', 'double', 'How long it lasted'),
    field(31, 'query', 'string', 'What was searched for'),
    field(32, 'nps', 'int', '0 to 10: would recommend'),
    field(33, 'rating', 'double', '1 to 5 stars'),
    field(34, 'sentiment', 'double', '-1 to 1'),
    field(35, 'feedback_text', 'string', "In the customer's words"),
    field(
      36,
      'consents',
      {
        elementId: 37,
        element: {
          fields: [
            field(38, 'purpose', 'string', 'What for'),
            field(39, 'status', 'string', 'granted, denied or revoked'),
          ],
        },
      },
      'What the customer allowed or forbade with it',
    ),
    field(
      40,
      'items',
      {
        elementId: 41,
        element: {
          fields: [
            field(42, 'sku', 'string', 'What is scanned'),
            field(43, 'product_id', 'string', 'The style above the sku'),
            field(44, 'name', 'string', 'As the source calls it'),
            field(45, 'variant', 'string', 'Such as size or colour'),
            field(46, 'category', 'string', 'A path, broadest first'),
            field(47, 'brand', 'string', 'Who made it'),
            field(48, 'quantity', 'quantity', 'Negative: given back in the same order'),
            field(49, 'price', 'money', 'Of one unit, after discount'),
            field(50, 'amount', 'money', 'Of the line, where it is not quantity times price'),
            field(51, 'discount', 'money', 'Per unit, for information'),
            field(52, 'tax', 'money', 'Contained in the amount'),
            field(53, 'promotion', 'string', 'By which it was offered'),
          ],
        },
      },
      'The products that it is about',
    ),
    field(54, 'profile', 'string', 'What it says about the customer, JSON'),
    field(55, 'properties', 'string', 'Anything else that the source wants to keep, JSON'),
    field(56, 'is_test', 'boolean', 'Test orders, training tills, known bots'),
    field(
      57,
      'own_channel_group',
      'string',
      "GA4's channel group by its own campaign or referrer; null: it has neither",
    ),
  ],
}

const identityMap: PublishedTable = {
  name: 'identity_map',
  comment: 'Which person a node belonged to, one row per change; the latest version holds',
  partitionedBy: null,
  sortedBy: ['node_id'],
  toldBy: 'kind',
  fields: [
    field(1, 'node_id', 'string', 'What touchpoints are stored under, for good'),
    field(2, 'person_id', 'string', 'Whose node it is from this version on'),
    field(3, 'kind', 'string', 'person, or shared_device for the neutral person of a device that many use'),
    field(4, 'customer_id', 'string', "The retailer's own key, where anchors are kept readable"),
    field(5, 'loyalty_id', 'string', 'The number of the loyalty card, where anchors are kept readable'),
    field(6, 'household_id', 'string', 'Of those whom a refused card or device connects'),
    field(7, 'version', 'long', 'Rises with every change of the person and never starts again'),
    field(8, 'changed_at', 'timestamp', 'When it was stored, UTC'),
  ],
}

const journeyLog: PublishedTable = {
  name: 'journey_log',
  comment:
    'Journeys as they were, one row per version; the latest version of a person and journey holds, while the person is one',
  partitionedBy: { column: 'started_at', by: 'day' },
  sortedBy: ['person_id', 'started_at'],
  toldBy: 'started_at',
  fields: [
    field(1, 'journey_id', 'string', 'Derived from node and first touchpoint'),
    field(2, 'person_id', 'string', 'Whose journey it was'),
    field(3, 'started_at', 'timestamp', 'Of its first touchpoint, UTC'),
    field(4, 'last_touch_at', 'timestamp', 'Of the last touchpoint that it has, also after the purchase'),
    field(5, 'converted_at', 'timestamp', 'Of the purchase; null: none'),
    field(
      6,
      'ended_at',
      'timestamp',
      'Of the purchase; without one, of the last touchpoint that prolonged it, at which it ended if it is abandoned',
    ),
    field(7, 'hours_to_purchase', 'double', 'From started_at to converted_at'),
    field(8, 'phase', 'string', "The furthest reached, in the model's order"),
    field(9, 'channels', { elementId: 10, element: 'string' }, 'In order of first use'),
    field(11, 'first_channel', 'string', 'Of its first touchpoint'),
    field(12, 'first_channel_group', 'string', 'Of its first touchpoint'),
    field(13, 'first_campaign_id', 'string', 'Of its first touchpoint'),
    field(14, 'last_channel', 'string', 'Of the last touchpoint with a phase before the purchase'),
    field(15, 'last_channel_group', 'string', 'Of the same'),
    field(16, 'last_campaign_id', 'string', 'Of the same'),
    field(17, 'purchase_channel', 'string', 'Of the purchase'),
    field(18, 'purchase_store_id', 'string', 'Of the purchase'),
    field(19, 'patterns', { elementId: 20, element: 'string' }, 'Such as webroomer, sorted'),
    field(21, 'touchpoint_count', 'long', 'All that belong to it'),
    field(22, 'order_key', 'string', 'Of its order in sales_order; null: none'),
    field(23, 'currency', 'string', 'Of its order; null: none'),
    field(24, 'gross_value', 'money', 'The amount of its order'),
    field(25, 'value', 'money', 'gross_value less what was given back of it in this journey'),
    field(26, 'is_first_order', 'boolean', 'Whether its order is the first of the person'),
    field(27, 'nps', 'double', 'Mean of what was said in it'),
    field(28, 'rating', 'double', 'Mean of what was said in it'),
    field(29, 'sentiment', 'double', 'Mean of what was said in it'),
    field(30, 'pain_points', 'long', 'Complaints, refunds and cancellations'),
    field(31, 'version', 'long', "Of the person's journeys; rises and never starts again"),
    field(32, 'changed_at', 'timestamp', 'When this row was made, UTC'),
    field(
      33,
      'steps',
      {
        elementId: 34,
        element: {
          fields: [
            field(35, 'source', 'string', 'With event_id and event_time it identifies the touchpoint'),
            field(36, 'event_id', 'string', 'With source and event_time it identifies the touchpoint'),
            field(37, 'event_time', 'timestamp', 'UTC'),
          ],
        },
      },
      'Its touchpoints as of this version; null: over 500, or in doubt. The view journey_step has them all',
    ),
    field(38, 'start_key', 'string', 'Where its first touchpoint stands in the list of the person'),
    field(39, 'purchase_key', 'string', 'Where its purchase stands there; null: none'),
    field(40, 'is_gone', 'boolean', 'There is no such journey any more as of this version'),
  ],
}

const campaignLog: PublishedTable = {
  name: 'campaign_log',
  comment: 'Campaigns as they were planned, one row per version; the latest version holds',
  partitionedBy: null,
  sortedBy: ['campaign_id'],
  toldBy: 'holdout_share',
  fields: [
    field(1, 'campaign_id', 'string', 'As in the campaign of events'),
    field(2, 'name', 'string', 'As people call it'),
    field(3, 'channel', 'string', 'On which it runs'),
    field(4, 'starts_on', 'date', 'Its first day'),
    field(5, 'ends_on', 'date', 'Its last day'),
    field(6, 'currency', 'string', 'Of its costs and targets; ISO 4217'),
    field(7, 'target_conversions', 'double', 'Orders that it shall bring'),
    field(8, 'target_revenue', 'money', 'That it shall bring'),
    field(9, 'target_roas', 'double', 'Revenue by cost that it shall reach'),
    field(10, 'holdout_share', 'double', 'Share of its audience that is left out, to compare with'),
    field(
      11,
      'costs',
      {
        elementId: 12,
        element: { fields: [field(13, 'day', 'date', 'When'), field(14, 'amount', 'money', 'How much')] },
      },
      'What it cost by day',
    ),
    field(15, 'version', 'long', 'Rises with every change'),
    field(16, 'changed_at', 'timestamp', 'When it was stored, UTC'),
    field(17, 'is_gone', 'boolean', 'It was deleted'),
  ],
}

const quarantineLog: PublishedTable = {
  name: 'quarantine_log',
  comment: 'What could not be accepted, and why; the bytes are in the quarantine bucket',
  partitionedBy: { column: 'received_at', by: 'day' },
  sortedBy: ['received_at'],
  toldBy: 'detail',
  fields: [
    field(1, 'id', 'string', 'As in GET /v1/quarantine/{id}'),
    field(2, 'reason', 'string', 'The first that applies'),
    field(3, 'detail', 'string', 'What was wrong, where, and what would be right'),
    field(4, 'event_id', 'string', 'If it could be read'),
    field(5, 'source', 'string', 'If it could be read'),
    field(6, 'received_at', 'timestamp', 'When it was rejected, UTC'),
    field(7, 'shard_id', 'string', 'Of the stream that it came from'),
    field(8, 'sequence_number', 'string', 'In that shard'),
  ],
}

export const lakeTables: readonly PublishedTable[] = [
  touchpointLog,
  identityMap,
  journeyLog,
  quarantineLog,
  campaignLog,
]
