import * as z from 'zod'
import type { Model } from '../journey/model.ts'
import type { StoredTouchpoint } from '../store/touchpoints.ts'
import { ownChannelGroup } from './channel-group.ts'
import { decimalText, microseconds, type Row } from './row.ts'

const money = (value: number | undefined) => decimalText(value, 4)

const text = z.string().optional()
const figure = z.number().optional()

/** What the lake keeps of a stored touchpoint. */
const schema = z.object({
  channel: z.string(),
  type: z.string(),
  offsetMinutes: z.number().default(0),
  sessionId: text,
  items: z
    .array(
      z.object({
        sku: z.string(),
        productId: text,
        name: text,
        variant: text,
        category: text,
        brand: text,
        quantity: z.number(),
        price: figure,
        amount: figure,
        discount: figure,
        tax: figure,
        promotion: text,
      }),
    )
    .optional(),
  order: z
    .object({
      id: text,
      refundId: text,
      total: figure,
      tax: figure,
      shipping: figure,
      discount: figure,
      currency: text,
      fulfilment: text,
      coupon: text,
    })
    .default({}),
  campaign: z.object({ id: text, source: text, medium: text, content: text, term: text }).default({}),
  location: z.object({ storeId: text, zone: text, page: text, referrer: text, country: text }).default({}),
  dwellSeconds: figure,
  query: text,
  feedback: z.object({ nps: figure, rating: figure, sentiment: figure, text }).default({}),
  consents: z.array(z.object({ purpose: z.string(), status: z.string() })).optional(),
  profile: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  test: z.boolean().default(false),
})

/**
 * The row of `touchpoint_log`.
 * @param nodeId null: nobody's
 * @param receivedAt when it was stored
 */
export function touchpointRow(
  touchpoint: StoredTouchpoint,
  { nodeId, receivedAt, model }: { nodeId: string | null; receivedAt: Date; model: Model },
): Row {
  const told = schema.parse(touchpoint)
  const { order, campaign, location, feedback } = told
  const eventTime = microseconds(touchpoint.time)
  return {
    event_id: touchpoint.id,
    source: touchpoint.source,
    event_time: eventTime,
    local_time: eventTime + told.offsetMinutes * 60_000_000,
    received_at: microseconds(receivedAt),
    channel: told.channel,
    type: told.type,
    phase: model.phaseOf(told),
    node_id: nodeId,
    session_id: told.sessionId ?? null,
    order_id: order.id ?? null,
    refund_id: order.refundId ?? null,
    order_total: money(order.total),
    order_tax: money(order.tax),
    order_shipping: money(order.shipping),
    order_discount: money(order.discount),
    currency: order.currency ?? null,
    fulfilment: order.fulfilment ?? null,
    coupon: order.coupon ?? null,
    campaign_id: campaign.id ?? null,
    campaign_source: campaign.source ?? null,
    campaign_medium: campaign.medium ?? null,
    campaign_content: campaign.content ?? null,
    campaign_term: campaign.term ?? null,
    store_id: location.storeId ?? null,
    zone: location.zone ?? null,
    page: location.page ?? null,
    referrer: location.referrer ?? null,
    country: location.country ?? null,
    dwell_seconds: told.dwellSeconds ?? null,
    query: told.query ?? null,
    nps: feedback.nps ?? null,
    rating: feedback.rating ?? null,
    sentiment: feedback.sentiment ?? null,
    feedback_text: feedback.text ?? null,
    consents: told.consents ?? null,
    items: told.items?.map(itemRow) ?? null,
    profile: told.profile ? JSON.stringify(told.profile) : null,
    properties: told.properties ? JSON.stringify(told.properties) : null,
    is_test: told.test,
    own_channel_group: ownChannelGroup(told),
  }
}

type StoredItem = NonNullable<z.infer<typeof schema>['items']>[number]

function itemRow({ productId, ...item }: StoredItem): Row {
  return {
    sku: item.sku,
    product_id: productId ?? null,
    name: item.name ?? null,
    variant: item.variant ?? null,
    category: item.category ?? null,
    brand: item.brand ?? null,
    quantity: decimalText(item.quantity, 3),
    price: money(item.price),
    amount: money(item.amount),
    discount: money(item.discount),
    tax: money(item.tax),
    promotion: item.promotion ?? null,
  }
}
