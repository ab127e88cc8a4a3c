export type SentIdentifier = { type: string; value: string }

export type Line = {
  sku: string
  productId: string
  name: string
  category: string
  brand: string
  quantity: number
  price: number
}

type SentOrder = {
  id?: string
  refundId?: string
  total?: number
  tax?: number
  shipping?: number
  currency?: string
  fulfilment?: 'in_store' | 'ship' | 'pickup'
}

/** What an event tells beside who, where and when; the fields are those of the contract. */
export type Details = {
  sessionId?: string
  items?: readonly Line[]
  order?: SentOrder
  campaign?: { id?: string; source: string; medium: string; content?: string }
  location?: { storeId?: string; zone?: string; page?: string; referrer?: string; country?: string }
  dwellSeconds?: number
  query?: string
  feedback?: { nps?: number; rating?: number; sentiment?: number; text?: string }
  consents?: readonly { purpose: string; status: 'granted' | 'denied' | 'revoked' }[]
  profile?: Readonly<Record<string, string>>
  test?: boolean
}

/** An event as a channel system sends it. */
export type SentEvent = Details & {
  id: string
  source: string
  time: string
  channel: string
  type: string
  identifiers: readonly SentIdentifier[]
}

export function named(type: string, value: string): SentIdentifier {
  return { type, value }
}
