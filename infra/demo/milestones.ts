import { membership } from './app-visit.ts'
import { dayMs, leisureTime } from './calendar.ts'
import { email, phone } from './contact.ts'
import type { Customer, Since } from './customer.ts'
import { named, type SentIdentifier } from './event.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { app, webshop } from './systems.ts'
import { cookieOf } from './web-visit.ts'

/** Opens an account, takes a loyalty card and installs the app, as far as that is within these days. */
export function passMilestones(stage: Stage, customer: Customer): void {
  const { random, span } = stage
  const { account, loyalty, installations } = customer
  const isNew = (sinceMs: number) => sinceMs >= span.startMs
  if (account && isNew(account.sinceMs)) openAccount(stage, customer, account)
  if (loyalty && isNew(loyalty.sinceMs)) takeCard(stage, customer, loyalty)
  for (const { app: installed, device, sinceMs } of installations) {
    const atMs = isNew(sinceMs) ? sinceMs : leisureTime(random, span.startMs + random.below(14) * dayMs)
    const visit = openVisit(stage, { system: app, customer: customer.number, atMs })
    const onPhone = [named('app_install_id', installed), named('device_id', device)]
    if (isNew(sinceMs)) visit.touch('app_install', onPhone)
    // The app asks for the Wi-Fi's id when it signs in.
    const wifi = customer.wifi === null ? [] : [named('wifi_id', customer.wifi)]
    visit.touch('login', [...onPhone, ...wifi, ...membership(customer, atMs)])
  }
}

function openAccount(stage: Stage, customer: Customer, { value, sinceMs }: Since): void {
  const cookie = cookieOf(stage, customer, sinceMs)
  const who = [cookie, named('customer_id', value), ...contactsOf(stage, customer)]
  openVisit(stage, { system: webshop, customer: customer.number, atMs: sinceMs }).touch('sign_up', who, {
    profile: { ...formOf(customer), language: 'de' },
    consents: [{ purpose: 'personalisation', status: stage.random.chance(0.8) ? 'granted' : 'denied' }],
  })
}

function takeCard(stage: Stage, customer: Customer, { value, sinceMs }: Since): void {
  const till = stage.random.oneOf(customer.store.tills)
  const who = [named('loyalty_id', value), ...contactsOf(stage, customer)]
  openVisit(stage, { system: till, customer: customer.number, atMs: sinceMs }).touch('sign_up', who, {
    profile: { ...formOf(customer), loyaltyTier: 'basic' },
    location: { storeId: customer.store.id },
  })
}

function contactsOf({ random }: Stage, { addresses: [address], phone: number }: Customer): SentIdentifier[] {
  return [
    ...(address === undefined ? [] : [email(random, address)]),
    ...(number && random.chance(rates.leavesPhone) ? [phone(random, number)] : []),
  ]
}

/** Forms send along what must not be kept. */
function formOf({ addresses: [address] }: Customer): Record<string, string> {
  return address === undefined ? {} : { email: address, first_name: address.split('.', 1)[0] ?? '' }
}
