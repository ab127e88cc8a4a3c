import { checkOut } from './checkout.ts'
import { email, emailHash } from './contact.ts'
import { type Customer, currently, ifBy } from './customer.ts'
import { type Details, type Line, named, type SentIdentifier } from './event.ts'
import { fillBasket } from './goods.ts'
import { lookFor } from './looking.ts'
import { placeholder } from './mistakes.ts'
import { type Order, placeOrder } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { ads, webshop } from './systems.ts'

export type Shopping = {
  atMs: number
  wish: Line
  /** With it the visit ends with an order. */
  fulfilment?: 'ship' | 'pickup'
}

const landings: readonly Details[] = [
  { location: { page: 'https://shop.example/' } },
  { location: { page: 'https://shop.example/', referrer: 'https://search.example/?q=lamp' } },
  { location: { page: 'https://shop.example/sale' }, campaign: { source: 'google', medium: 'cpc' } },
  { location: { page: 'https://shop.example/rooms' }, campaign: { source: 'blog', medium: 'referral' } },
]

export function visitWeb(
  stage: Stage,
  customer: Customer,
  { atMs, wish, fulfilment }: Shopping,
): Order | null {
  const { random } = stage
  const cookie = cookieOf(stage, customer, atMs)
  const guest = [cookie, ...(random.chance(rates.webPlaceholder) ? [placeholder(random, 'customer_id')] : [])]
  const account = ifBy(customer.account, atMs)
  const member = account === null ? null : [cookie, named('customer_id', account)]
  const visit = openVisit(stage, { system: webshop, customer: customer.number, atMs })
  const signIn = (as: readonly SentIdentifier[]) =>
    visit.touch('login', [...as, ...signInName(stage, customer), ...cardInAccount(customer, atMs)])

  seeAd(stage, customer, atMs)
  visit.touch('page_view', guest, random.oneOf(landings))
  const signsInEarly = member && random.chance(rates.signsIn)
  if (signsInEarly) signIn(member)
  const who = signsInEarly ? member : guest
  lookFor(stage, visit, wish, who)
  if (!fulfilment && random.chance(0.8)) return null
  const basket = fillBasket(random, wish)
  visit.touch('add_to_cart', who, { items: basket })
  if (!fulfilment) return null
  if (member && !signsInEarly) signIn(member)
  const buyer = member ?? guest
  visit.touch('begin_checkout', buyer, { items: basket })
  const order = placeOrder(stage, basket, fulfilment, visit.nowMs())
  checkOut(stage, customer, visit, order, buyer)
  return order
}

/** Of the browser in use, as far as it may be told. */
export function cookieOf({ random }: Stage, customer: Customer, atMs: number): SentIdentifier {
  if (random.chance(rates.refusesCookies)) return placeholder(random, 'cookie_id')
  const [usual = [], ...others] = customer.browsers
  const own = others.length > 0 && random.chance(rates.inOtherBrowser) ? random.oneOf(others) : usual
  const browser = customer.tablet && random.chance(rates.onTablet) ? customer.tablet : own
  return named('cookie_id', currently(browser, atMs)?.value ?? '')
}

/** People sign in with their address. */
function signInName({ random }: Stage, { addresses: [address] }: Customer): SentIdentifier[] {
  return address === undefined ? [] : [email(random, address)]
}

/** The account may know the loyalty card. */
function cardInAccount(customer: Customer, atMs: number): SentIdentifier[] {
  const card = ifBy(customer.loyalty, atMs)
  return card !== null && customer.linksCardToAccount ? [named('loyalty_id', card)] : []
}

/** Advertisers find customers again by their hashed addresses. */
function seeAd(stage: Stage, customer: Customer, atMs: number): void {
  const [address] = customer.addresses
  if (address === undefined || !stage.random.chance(rates.seesAd)) return
  const campaign = { id: 'look-again', source: 'social', medium: 'paid_social' }
  const visit = openVisit(stage, { system: ads, customer: customer.number, atMs: atMs - 20_000 })
  visit.touch('ad_click', [emailHash(address, 'ads')], { campaign })
}
