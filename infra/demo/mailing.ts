import { atHour, dayMs, hourMs } from './calendar.ts'
import { emailHash } from './contact.ts'
import type { Customer } from './customer.ts'
import type { SentIdentifier } from './event.ts'
import { createWish } from './goods.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { newsletter, webshop } from './systems.ts'
import { cookieOf } from './web-visit.ts'

const everyMs = 14 * dayMs

/** The newsletters of these days: sent, sometimes opened, clicked or passed on. */
export function receiveNewsletters(stage: Stage, customer: Customer): void {
  const { random, span } = stage
  const address = customer.addresses.at(-1)
  if (!customer.getsNewsletter || address === undefined) return
  const hash = [emailHash(address, 'newsletter')]
  let issue = 0
  for (let dayOfIssue = span.startMs; dayOfIssue < span.endMs; dayOfIssue += everyMs) {
    issue++
    const sentMs = atHour(dayOfIssue + dayMs, 7)
    const campaign = { id: `newsletter-${issue}`, source: 'newsletter', medium: 'email' }
    const tell = (by: Customer, type: string, atMs: number) =>
      openVisit(stage, { system: newsletter, customer: by.number, atMs }).touch(type, hash, { campaign })
    tell(customer, 'email_sent', sentMs + random.below(hourMs))
    if (!random.chance(rates.opensNewsletter)) continue
    const openedMs = sentMs + random.between(hourMs, 30 * hourMs)
    tell(customer, 'email_open', openedMs)
    const reader = random.chance(rates.forwardsNewsletter) ? random.oneOf(stage.customers) : customer
    if (reader === customer && !random.chance(rates.clicksNewsletter)) continue
    const clickedMs = openedMs + (reader === customer ? 20_000 : random.between(hourMs, 40 * hourMs))
    tell(reader, 'email_click', clickedMs)
    land(stage, reader, clickedMs + 3_000, hash, campaign)
  }
}

/** The link carries the hash of the address it was sent to, whoever follows it. */
function land(
  stage: Stage,
  reader: Customer,
  atMs: number,
  hash: readonly SentIdentifier[],
  campaign: { id: string; source: string; medium: string },
): void {
  const { random } = stage
  const cookie = cookieOf(stage, reader, atMs)
  const visit = openVisit(stage, { system: webshop, customer: reader.number, atMs })
  const page = `https://shop.example/news?recipient=${hash[0]?.value}`
  visit.touch('page_view', [cookie, ...hash], { campaign, location: { page } })
  for (let looks = random.below(4); looks > 0; looks--)
    visit.touch('view_item', [cookie], { items: [createWish(random)] })
}
