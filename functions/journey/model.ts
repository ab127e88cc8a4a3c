/** A journey model: the phases in order, what belongs to which, and the windows. */
export type Model = {
  /** In order; the one before the last converts, the last is what follows. */
  phases: readonly string[]
  converts: string
  afterSales: string
  /** The phase of a touchpoint by its type; null: none. */
  phaseOf: (touch: { type: string; dwellSeconds?: number | undefined }) => string | null
  /** Types by which the retailer reaches out; they belong to a running journey but start and prolong none. */
  exposures: ReadonlySet<string>
  abandonedAfterMs: number
  afterSalesWindowMs: number
}

const dayMs = 24 * 60 * 60 * 1000

const typesByPhase = {
  need: 'ad_click email_open email_click push_open sms_click flyer_scan social_engagement ad_impression email_sent',
  interest:
    'search view_item_list select_item view_item view_promotion select_promotion page_view product_question review_read store_enter',
  desire:
    'add_to_wishlist remove_from_wishlist compare_items check_availability view_store try_on scan_item consultation',
  decision:
    'add_to_cart remove_from_cart view_cart begin_checkout add_shipping_info add_payment_info coupon_receive offer_view',
  purchase: 'purchase',
  after_sales: 'delivery pickup refund cancellation complaint support_contact review_write feedback',
} as const

const phaseByType = new Map(
  Object.entries(typesByPhase).flatMap(([phase, types]) => types.split(' ').map((type) => [type, phase])),
)

/** Standing this long in front of a shelf is more than passing by. */
const desireDwellSeconds = 60

/** The contract's default model. */
export const retail: Model = {
  phases: ['need', 'interest', 'desire', 'decision', 'purchase', 'after_sales'],
  converts: 'purchase',
  afterSales: 'after_sales',
  phaseOf: ({ type, dwellSeconds }) =>
    type === 'zone_dwell'
      ? (dwellSeconds ?? 0) >= desireDwellSeconds
        ? 'desire'
        : 'interest'
      : (phaseByType.get(type) ?? null),
  exposures: new Set(['ad_impression', 'email_sent']),
  abandonedAfterMs: 30 * dayMs,
  afterSalesWindowMs: 60 * dayMs,
}

/** The contract's second model differs in the names of the phases only, so it is told from the same fold. */
const funnelNames: Readonly<Record<string, string>> = {
  need: 'awareness',
  interest: 'favorability',
  desire: 'consideration',
  decision: 'decision',
  purchase: 'conversion',
  after_sales: 'after_sales',
}

export const modelNames = ['retail', 'funnel'] as const
export type ModelName = (typeof modelNames)[number]

export function phaseName(phase: string, model: ModelName): string {
  return model === 'funnel' ? (funnelNames[phase] ?? phase) : phase
}

export const onlineChannels: ReadonlySet<string> = new Set(['web', 'app', 'marketplace'])
