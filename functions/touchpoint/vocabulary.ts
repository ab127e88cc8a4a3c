/** The closed lists of the contract; types are open (an unknown one is accepted and has no phase). */
export const channels = [
  'store',
  'web',
  'app',
  'email',
  'sms',
  'push',
  'call_center',
  'social',
  'marketplace',
  'messenger',
  'print',
  'kiosk',
  'ad',
] as const

export const fulfilments = ['in_store', 'ship', 'pickup'] as const

export const consentStatuses = ['granted', 'denied', 'revoked'] as const

/** Types whose figures say what is given back, all of them positive. */
export const returnTypes: readonly string[] = ['refund', 'cancellation']

/** Why a record is in quarantine, in the order in which the reasons apply. */
export const rejectionReasons = [
  'too_large',
  'invalid_json',
  'invalid_event',
  'time_in_future',
  'identifier_conflict',
  'event_conflict',
  'internal_error',
] as const

export type RejectionReason = (typeof rejectionReasons)[number]

/** The purposes of consent that the contract names: whatever else is said, what was said of these is kept. */
export const usualPurposes: ReadonlySet<string> = new Set([
  'analytics',
  'personalisation',
  'ads',
  'email_marketing',
  'sms_marketing',
  'phone_marketing',
])
