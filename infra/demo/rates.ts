/** How often what happens: all that makes this world plausible, in one place. Shares are from 0 to 1. */
export const rates = {
  /** Of customers with an address: live with another one of them. */
  inHousehold: 0.24,
  /** Of households: three grown-ups, not two. */
  householdOfThree: 0.25,
  /** Of households: a tablet in the living room whose browser all of them use. */
  sharesTablet: 0.4,
  /** Of web visits of those who share one: on that tablet. */
  onTablet: 0.35,
  /** Of households: two pay with one card. */
  sharesCard: 0.4,
  /** Of households: all give the number of the landline. */
  sharesLandline: 0.12,

  /** Of accounts, loyalty cards and apps: new within these days, not from before. */
  signsUpMidway: 0.3,
  /** Of those with a loyalty card and an account: have entered the card in the account. */
  linksCardToAccount: 0.75,
  /** Of those with an address: read the newsletter under another one than they shop with. */
  secondAddress: 0.05,
  /** Of those with an address: tell their phone number, if they are asked. */
  hasPhone: 0.6,
  /** Of all: a second browser, the phone's or the one at work. */
  secondBrowser: 0.4,
  /** Of those: a third. */
  thirdBrowser: 0.2,
  /** Of web visits of those with several: not with the usual one. */
  inOtherBrowser: 0.35,
  /** Of browsers: their cookies are deleted every few weeks. */
  deletesCookies: 0.15,
  /** Of app users: install it again once, on the same phone. */
  reinstallsApp: 0.1,
  /** Of all: the phone has the store's Wi-Fi switched on. */
  usesStoreWifi: 0.3,
  /** Of cardholders: have a second card. */
  secondCard: 0.2,

  /** Of web visits of those with an account, before they buy: signed in. */
  signsIn: 0.45,
  /** Of visits of app users, online: in the app. */
  prefersApp: 0.5,
  /** Of app visits of those who could: signed in. */
  signedInToApp: 0.75,
  /** Of web visits of those with an address: come by an advertisement aimed at its hash. */
  seesAd: 0.06,
  /** Of orders and forms: with the phone number, if there is one. */
  leavesPhone: 0.4,
  /** Of calls of those with an account: the agent finds it. */
  agentFindsAccount: 0.5,
  /** Of store purchases of those with a loyalty card: it is shown. */
  showsLoyaltyCard: 0.85,
  /** The same where something is handed out or taken back. */
  showsCardAtCounter: 0.3,
  /** Of store purchases of cardholders: paid by card. */
  paysByCard: 0.7,
  /** Of those: with the second one, if there is one. */
  paysWithSecondCard: 0.25,
  /** Of store purchases: the receipt by e-mail, to an address read out at the till. */
  receiptByEmail: 0.12,
  /** Of walks through a store with app and Wi-Fi: something is scanned with the app. */
  scansWithApp: 0.5,

  /** Of newsletters: opened. */
  opensNewsletter: 0.35,
  /** Of those opened: clicked. */
  clicksNewsletter: 0.25,
  /** Of those opened: passed on to somebody who clicks. */
  forwardsNewsletter: 0.008,
  /** Of online orders: reported by the order management as well as by the shop. */
  reportedTwice: 0.4,
  /** Of online orders: given back by post. */
  returnsByPost: 0.12,
  /** Of all other orders: given back in a store. */
  returnsInStore: 0.08,
  /** Of orders of those with a phone: a question or complaint. */
  contactsAboutOrder: 0.14,
  /** Of those: a complaint. */
  complains: 0.5,
  /** Of orders: a survey is answered. */
  answersSurvey: 0.12,
  /** Of orders: a review is written. */
  reviews: 0.08,

  /** Of addresses read out: typed wrongly. */
  mistypedAddress: 0.06,
  /** Of those: what is typed is somebody else's. */
  someoneElsesAddress: 0.08,
  /** Of anonymous web visits: with a placeholder for the customer. */
  webPlaceholder: 0.05,
  /** Of web visits: without a usable cookie. */
  refusesCookies: 0.03,
  /** Of receipts without loyalty card: zeros, a test address or the like in its place. */
  tillPlaceholder: 0.12,
  /** Of card payments: an old terminal sends the card's number and no token. */
  rawCardNumber: 0.01,

  /** Of tills: the clock is minutes off. */
  tillClockOff: 0.25,
  /** Of app visits: the phone's clock is. */
  phoneClockOff: 0.03,
  /** Of days of a store: its tills are offline, receipts arrive together the next morning. */
  tillsOffline: 0.04,
  /** Of app visits: without network, sent hours later. */
  appOffline: 0.05,
  /** Of events: sent twice. */
  sentTwice: 0.015,

  /** Cash sales to people who never appear otherwise, for each customer and day. */
  cashSales: 0.007,
  /** Visitors of a kiosk who do not say who they are, for each kiosk and day. */
  kioskPlay: 0.6,
  /** Receipts of the till that staff train on, for each store and week. */
  testReceipts: 1,
} as const

/** A store, with one kiosk and one tablet of the staff, for so many customers. */
export const customersPerStore = 150
