import { dayMs, leisureTime, openingTime } from './calendar.ts'
import { createEmail, createPhone, type Phone } from './contact.ts'
import { type Habit, habits } from './habits.ts'
import type { Random } from './random.ts'
import { rates } from './rates.ts'
import type { Store } from './systems.ts'

/** A value that somebody has from some time on. */
export type Since = { value: string; sinceMs: number }
/** The app as installed on a phone. */
type Installation = { app: string; device: string; sinceMs: number }

/** A customer with all that ever identifies them. Nothing changes: what changes in life has times. */
export type Customer = {
  /** The truth. */
  number: number
  habit: Habit
  /** The first is for shopping, the last for newsletters. */
  addresses: readonly string[]
  phone: Phone | null
  account: Since | null
  loyalty: Since | null
  linksCardToAccount: boolean
  installations: readonly Installation[]
  /** Each with the cookies it had, the latest last. */
  browsers: readonly (readonly Since[])[]
  /** A browser that others of the household use as well. */
  tablet: readonly Since[] | null
  wifi: string | null
  cards: readonly string[]
  getsNewsletter: boolean
  store: Store
}

export type Span = { startMs: number; endMs: number }

export function createCustomer(
  random: Random,
  number: number,
  { startMs, endMs }: Span,
  stores: readonly Store[],
): Customer {
  const habit = random.byWeight(Object.values(habits), ({ share }) => share)
  const has = (share: number | undefined) => random.chance(share ?? 0)
  const token = (prefix: string) => `${prefix}-${number.toString(36)}${random.below(2 ** 30).toString(36)}`
  const since = (timeOfDay = leisureTime) => {
    const isNew = random.chance(rates.signsUpMidway)
    return isNew ? timeOfDay(random, random.between(startMs, endMs - dayMs)) : startMs - dayMs
  }

  const isReachable = has(habit.has.address)
  const addresses = [createEmail(random, number)]
  if (has(rates.secondAddress)) addresses.push(createEmail(random, 100_000 + number))
  const hasSecondBrowser = has(rates.secondBrowser)
  const browserCount = 1 + Number(hasSecondBrowser) + Number(hasSecondBrowser && has(rates.thirdBrowser))
  const hasCard = has(habit.has.card)
  return {
    number,
    habit,
    addresses: isReachable ? addresses : [],
    phone: isReachable && has(rates.hasPhone) ? createPhone(number) : null,
    account: has(habit.has.account) ? { value: `C-${10_000 + number}`, sinceMs: since() } : null,
    loyalty: has(habit.has.loyalty)
      ? { value: `L-${400_000 + number * 7}`, sinceMs: since(openingTime) }
      : null,
    linksCardToAccount: has(rates.linksCardToAccount),
    installations: has(habit.has.app) ? installations() : [],
    browsers: Array.from({ length: browserCount }, browser),
    tablet: null,
    wifi: has(rates.usesStoreWifi) ? token('wf') : null,
    cards: hasCard ? [token('tok'), ...(has(rates.secondCard) ? [token('tok')] : [])] : [],
    getsNewsletter: isReachable && has(habit.has.newsletter),
    store: random.oneOf(stores),
  }

  function browser(): Since[] {
    const cookies = [{ value: token('ck'), sinceMs: -Infinity }]
    if (!random.chance(rates.deletesCookies)) return cookies
    for (let atMs = startMs; atMs < endMs; atMs += random.between(20, 50) * dayMs)
      cookies.push({ value: token('ck'), sinceMs: atMs })
    return cookies
  }

  function installations(): Installation[] {
    const device = token('ad')
    const first = { app: token('app'), device, sinceMs: since() }
    if (!random.chance(rates.reinstallsApp)) return [first]
    const sinceMs = random.between(Math.max(first.sinceMs, startMs), endMs)
    return [first, { app: token('app'), device, sinceMs }]
  }
}

/** What they have at that time, the latest. */
export function currently<T extends { sinceMs: number }>(values: readonly T[], atMs: number): T | undefined {
  return values.findLast(({ sinceMs }) => sinceMs <= atMs)
}

/** The value if they have it by then. */
export function ifBy(since: Since | null, atMs: number): string | null {
  return since && since.sinceMs <= atMs ? since.value : null
}
