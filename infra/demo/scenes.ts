import { followUp } from './after-sales.ts'
import { visitApp } from './app-visit.ts'
import { dayMs, leisureTime, openingTime } from './calendar.ts'
import type { Customer } from './customer.ts'
import type { Line } from './event.ts'
import type { SceneName } from './habits.ts'
import { askAtKiosk, consult, orderByPhone } from './in-person.ts'
import type { Order } from './order.ts'
import { rates } from './rates.ts'
import type { Stage } from './stage.ts'
import { walkThrough } from './store-visit.ts'
import { buyAtTill } from './till.ts'
import { visitWeb } from './web-visit.ts'

/** A journey from the first look to what follows a purchase, if there is one. */
export function play(scene: SceneName, stage: Stage, customer: Customer, fromMs: number, wish: Line): void {
  const order = act(scene, stage, customer, fromMs, wish)
  if (order) followUp(stage, customer, order)
}

function act(scene: SceneName, stage: Stage, customer: Customer, fromMs: number, wish: Line): Order | null {
  const { random } = stage
  const inDays = (most: number) => fromMs + random.between(0, most) * dayMs
  const atHome = (ms: number) => leisureTime(random, ms)
  const inStore = (ms: number) => openingTime(random, ms)
  const lookOnline = (times: number) => {
    for (let left = times; left > 0; left--) {
      const visit = random.chance(rates.prefersApp) ? visitApp : visitWeb
      visit(stage, customer, { atMs: atHome(inDays(3)), wish })
    }
  }
  const nextDays = fromMs + 4 * dayMs

  switch (scene) {
    case 'browse':
      lookOnline(random.between(1, 2))
      return null
    case 'lookAround':
      walkThrough(stage, customer, inStore(fromMs), wish)
      return null
    case 'orderOnline':
      lookOnline(random.below(3))
      return visitWeb(stage, customer, { atMs: atHome(nextDays), wish, fulfilment: 'ship' })
    case 'orderInApp':
      visitApp(stage, customer, { atMs: atHome(fromMs), wish })
      return visitApp(stage, customer, { atMs: atHome(nextDays), wish, fulfilment: 'ship' })
    case 'clickAndCollect':
      lookOnline(random.below(2))
      return visitWeb(stage, customer, { atMs: atHome(nextDays), wish, fulfilment: 'pickup' })
    case 'webroom':
      lookOnline(random.between(1, 2))
      return buyAtTill(stage, customer, walkThrough(stage, customer, inStore(nextDays), wish), wish)
    case 'showroom':
      walkThrough(stage, customer, inStore(fromMs), wish)
      return visitApp(stage, customer, { atMs: atHome(nextDays), wish, fulfilment: 'ship' })
    case 'buyInStore':
      return buyAtTill(stage, customer, walkThrough(stage, customer, inStore(fromMs), wish), wish)
    case 'askAtKiosk': {
      const atMs = askAtKiosk(stage, customer, inStore(fromMs), wish)
      return random.chance(0.5) ? buyAtTill(stage, customer, atMs, wish) : null
    }
    case 'consult':
      return consult(stage, customer, inStore(fromMs), wish)
    case 'orderByPhone':
      return orderByPhone(stage, customer, inStore(fromMs), wish)
  }
}
