import type { ModelDefinition } from './model-definition.ts'

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
}

/** The contract's default model, written as a retailer would write it. */
export const retailDefinition: ModelDefinition = {
  name: 'retail',
  phases: Object.keys(typesByPhase),
  converts: 'purchase',
  afterSales: 'after_sales',
  types: {
    ...Object.fromEntries(
      Object.entries(typesByPhase).flatMap(([phase, types]) => types.split(' ').map((type) => [type, phase])),
    ),
    // Standing a minute in front of a shelf is more than passing by.
    zone_dwell: [{ phase: 'desire', minDwellSeconds: 60 }, { phase: 'interest' }],
  },
  exposures: ['ad_impression', 'email_sent'],
  abandonedAfterDays: 30,
  afterSalesWindowDays: 60,
}

/** The contract's second model differs in the names of the phases only, so it is told from the same fold. */
export const funnelNames: Readonly<Record<string, string>> = {
  need: 'awareness',
  interest: 'favorability',
  desire: 'consideration',
  decision: 'decision',
  purchase: 'conversion',
  after_sales: 'after_sales',
}
