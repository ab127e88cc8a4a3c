export type SceneName =
  | 'browse'
  | 'lookAround'
  | 'orderOnline'
  | 'orderInApp'
  | 'clickAndCollect'
  | 'webroom'
  | 'showroom'
  | 'buyInStore'
  | 'askAtKiosk'
  | 'consult'
  | 'orderByPhone'

type Possession = 'address' | 'account' | 'loyalty' | 'app' | 'newsletter' | 'card'

export type Habit = {
  /** Of all customers. */
  share: number
  /** How many journeys they begin in 90 days, at least and at most. */
  journeys: readonly [number, number]
  /** How many of them have it; all others: none. */
  has: Readonly<Partial<Record<Possession, number>>>
  /** How often which scene, by weight. */
  scenes: Readonly<Partial<Record<SceneName, number>>>
}

/** The kinds of customers. */
export const habits: Readonly<Record<string, Habit>> = {
  /** Looks around, online and in stores, and never says who they are. */
  windowShopper: {
    share: 0.14,
    journeys: [1, 3],
    has: { app: 0.05 },
    scenes: { browse: 7, lookAround: 3 },
  },
  /** Known by the address that the newsletter goes to. */
  newsletterReader: {
    share: 0.1,
    journeys: [1, 3],
    has: { address: 1, newsletter: 1 },
    scenes: { browse: 7, lookAround: 2, askAtKiosk: 0.5 },
  },
  /** Orders online without an account. */
  guest: {
    share: 0.14,
    journeys: [1, 4],
    has: { address: 1, newsletter: 0.3, card: 0.3 },
    scenes: { browse: 3, orderOnline: 5, clickAndCollect: 1.5, showroom: 0.7, orderByPhone: 0.8 },
  },
  accountHolder: {
    share: 0.18,
    journeys: [1, 5],
    has: { address: 1, account: 1, loyalty: 0.15, app: 0.2, newsletter: 0.5, card: 0.6 },
    scenes: { browse: 3, orderOnline: 5, clickAndCollect: 2, webroom: 1, showroom: 1, buyInStore: 0.5 },
  },
  storeRegular: {
    share: 0.16,
    journeys: [2, 5],
    has: { address: 0.8, account: 0.1, loyalty: 1, app: 0.1, newsletter: 0.4, card: 0.8 },
    scenes: { buyInStore: 6, lookAround: 0.5, webroom: 1, askAtKiosk: 0.6, consult: 0.5, orderByPhone: 0.6 },
  },
  /** Known to the tills by the card they pay with. */
  passerBy: {
    share: 0.1,
    journeys: [2, 5],
    has: { address: 0.1, card: 1 },
    scenes: { buyInStore: 6, lookAround: 1, browse: 0.5 },
  },
  omnichannel: {
    share: 0.18,
    journeys: [2, 5],
    has: { address: 1, account: 1, loyalty: 0.9, app: 0.6, newsletter: 0.7, card: 0.9 },
    scenes: {
      browse: 2,
      orderOnline: 2,
      orderInApp: 2,
      clickAndCollect: 2,
      webroom: 2.5,
      showroom: 1.2,
      buyInStore: 2,
      askAtKiosk: 0.5,
      consult: 0.4,
    },
  },
}
