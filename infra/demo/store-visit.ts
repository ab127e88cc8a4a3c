import { phoneWithApp } from './app-visit.ts'
import type { Customer } from './customer.ts'
import { type Line, named } from './event.ts'
import { zones } from './goods.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { app } from './systems.ts'

/** Walks through the store; the Wi-Fi sees the phones that have it switched on. */
export function walkThrough(stage: Stage, customer: Customer, atMs: number, wish: Line): number {
  const { random } = stage
  const { store, wifi } = customer
  if (wifi === null) return atMs
  const here = [named('wifi_id', wifi)]
  const visit = openVisit(stage, { system: store.wifi, customer: customer.number, atMs })
  const location = { storeId: store.id }
  visit.touch('store_enter', here, { location })
  for (let zones = 1 + random.below(3); zones > 0; zones--) dwell()
  const phone = phoneWithApp(customer, atMs)
  if (phone && random.chance(rates.scansWithApp)) {
    const scanning = openVisit(stage, { system: app, customer: customer.number, atMs: visit.nowMs() })
    scanning.touch('scan_item', [...phone, ...here], { items: [wish], location })
  }
  if (random.chance(0.3)) visit.touch('store_exit', here, { location })
  return visit.nowMs()

  function dwell() {
    const dwellSeconds = random.between(10, 240)
    visit.touch('zone_dwell', here, { location: { ...location, zone: random.oneOf(zones) }, dwellSeconds })
  }
}
