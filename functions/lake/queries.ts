import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type NamedQuery = { name: string; description: string; sql: string }

const directory = join(import.meta.dirname, 'queries')

const named = (name: string, description: string): NamedQuery => ({
  name,
  description,
  sql: readFileSync(join(directory, `${name}.sql`), 'utf8'),
})

/** What analysts ask first, to begin with and to change. Each says in its head what it means, of what and in which time. */
export const namedQueries: readonly NamedQuery[] = [
  named(
    'net_revenue_by_channel_and_store',
    'What is left of orders after refunds, by where they were bought',
  ),
  named('new_and_returning_customers', 'Orders and net revenue of first and of later orders, by month'),
  named('value_of_cross_channel_customers', 'Who buys online and elsewhere, against who buys one way only'),
  named('repeat_rate_by_cohort', 'How many customers buy again, by the month of their first order'),
  named('baskets_by_channel', 'How many pieces and how much money an order has'),
  named('top_products', 'The fifty products with most net revenue'),
  named('return_rate_by_category', 'How much of what was sold came back'),
  named('conversion_by_first_channel', 'Which share of journeys ends in a purchase, by where they began'),
  named('time_to_purchase', 'How long journeys take, from the first touchpoint to the purchase'),
  named(
    'showrooming_and_webrooming_by_category',
    'Who looks in a store and buys online, and the other way round',
  ),
  named('click_and_collect_share', 'Which share of what is bought online is collected in a store'),
  named('store_visits_to_purchase', 'Which share of visits to a store ends at its till'),
  named('abandoned_carts_by_category', 'What was in the cart of journeys that were given up'),
  named('campaign_reach_and_orders', 'Whom campaigns reached, and which orders followed'),
  named('nps_by_phase_and_channel', 'Net promoter score by where and when it was asked for'),
  named('pain_points', 'Complaints, refunds and cancellations, by where they happen'),
  named('consent_rates', 'What customers allow, by purpose'),
  named('households', 'Households and what they bought together'),
  named(
    'as_known_on_a_day',
    'Journeys as they were known on a day, before what came late or was merged since',
  ),
  named('quarantine_by_reason_and_source', 'What could not be accepted, and why'),
  named('trace_an_event', 'Where one event is, by the id that the logs name it by'),
]
