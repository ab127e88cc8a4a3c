/** An event with identifiers as `type:value`. */
export type IdentityEvent = { id: string; time: string; identifiers: readonly string[] }

/** As a shop sends it, of an ordinary size. */
export function bytesOf({ id, time, identifiers }: IdentityEvent): Buffer {
  const sent = {
    id,
    source: 'shop/web',
    time,
    channel: 'web',
    type: 'view_item',
    identifiers: identifiers.map(sentIdentifier),
    items: [{ sku: '20417-2', name: 'linen lantern', category: 'Home/Lighting', quantity: 1, price: 49.9 }],
  }
  return Buffer.from(JSON.stringify(sent))
}

export function sentIdentifier(text: string): { type: string; value: string } {
  const [type = '', value = ''] = text.split(':')
  return { type, value }
}

export const dayOf = (day: number): string => `2026-05-${String(day).padStart(2, '0')}T12:00:00.000Z`

/** Something of a person, who is told from others by a name. */
export const customer = (name: string) => `customer_id:c-${name}`
export const loyalty = (name: string) => `loyalty_id:L-${name}`
export const email = (name: string) => `email:${name}@example.org`
export const card = (name: string) => `payment_card:tok-${name}`
export const order = (name: string) => `order_id:O-${name}`
export const cookie = (name: string) => `cookie_id:k-${name}`
