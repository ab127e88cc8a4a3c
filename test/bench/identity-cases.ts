import { card, cookie, customer, email, loyalty, order } from './identity-event.ts'

/** What an event may find and do. */
export type Case = {
  name: string
  /** The identifiers of what the nth person, called so, sent: the last event is the one that is measured. */
  events: (name: string) => string[][]
  /** Days of the events; unless given, one after the other. */
  days?: readonly number[]
  /** How many of the events came before the key was replaced; unless given, it never was. */
  beforeNewKey?: number
  /** Whether the container has taken in the events before, too. */
  isRemembered?: boolean
  /** Touchpoints that each node has from before. */
  touchpoints?: number
  /** Whether what is measured is the same event sent a second time. */
  isDuplicate?: boolean
  /** Whether that is another case. */
  isAlsoDuplicated?: boolean
}

const merge = (name: string) => [[customer(name)], [email(name)], [customer(name), email(name)]]
/** The same address for two customers: the second keeps away from the first. */
const refusal = (name: string) => [
  [customer(name), email(name)],
  [customer(`${name}b`), email(`${name}b`)],
  [email(name), email(`${name}b`)],
]
const refusedCard = (name: string) => [
  [email(name)],
  [email(`${name}b`), card(name)],
  [email(name), card(name)],
]
const sharing = (name: string) => [
  [email(name)],
  [email(`${name}b`), cookie(name)],
  [email(name), cookie(name)],
]
const again = (events: (name: string) => string[][]) => (name: string) => {
  const sent = events(name)
  return [...sent, ...sent.slice(-1)]
}
const known = (name: string) => [[customer(name)], [customer(name)]]
const fiveAddresses = (name: string) => [1, 2, 3, 4, 5].map((at) => email(`${name}-${at}`))
const sixthAddress = (name: string) => [
  [customer(name), ...fiveAddresses(name)],
  [customer(name), email(`${name}-6`)],
]

const once: readonly Case[] = [
  { name: 'a known anchor, remembered', events: known, isRemembered: true },
  { name: 'a known anchor', events: known, isAlsoDuplicated: true },
  { name: 'a known device', events: (name) => [[cookie(name)], [cookie(name)]] },
  {
    name: 'two known identifiers of one node',
    events: again((name) => [[customer(name), email(name)]]),
  },
  { name: 'two known identifiers of two nodes of a person', events: again(merge) },
  { name: 'a known anchor, older than all before', events: known, days: [9, 1] },
  { name: 'a known anchor, older, remembered', events: known, days: [9, 1], isRemembered: true },
  {
    name: 'a known anchor, between two, remembered',
    events: again(known),
    days: [9, 1, 5],
    isRemembered: true,
  },
  { name: 'a new person with one identifier', events: (name) => [[email(name)]], isAlsoDuplicated: true },
  {
    name: 'a new person with three identifiers',
    events: (name) => [[customer(name), email(name), cookie(name)]],
  },
  { name: 'a new person with two anchors', events: (name) => [[customer(name), loyalty(name)]] },
  {
    name: 'a new identifier of a known person',
    events: (name) => [[email(name)], [email(name), cookie(name)]],
  },
  {
    name: 'a new identifier beside a known device',
    events: (name) => [
      [email(name), cookie(name)],
      [email(name), cookie(name), order(name)],
    ],
  },
  {
    name: 'a new anchor of a known person',
    events: (name) => [[email(name)], [customer(name), email(name)]],
  },
  { name: 'a merge of two persons', events: merge, isAlsoDuplicated: true },
  { name: 'a merge, each with 10 touchpoints', events: merge, touchpoints: 10 },
  { name: 'a merge, each with 10,000 touchpoints', events: merge, touchpoints: 10_000 },
  { name: 'a refused identifier (limit)', events: refusal, isAlsoDuplicated: true },
  { name: 'the same refusal again (limit)', events: again(refusal) },
  { name: 'a refused unseen identifier (limit)', events: sixthAddress },
  { name: 'the same unseen one again (limit)', events: again(sixthAddress) },
  { name: 'a refused card (household)', events: refusedCard },
  { name: 'the same refused card again', events: again(refusedCard) },
  { name: 'a device that becomes shared', events: sharing, isAlsoDuplicated: true },
  { name: 'a shared device beside a known customer', events: again(sharing), isAlsoDuplicated: true },
  {
    name: 'nothing but a shared device',
    events: (name) => [...sharing(name), [cookie(name)]],
    isAlsoDuplicated: true,
  },
  { name: 'an event of nobody', events: () => [[]], isAlsoDuplicated: true },
]

export const cases: readonly Case[] = [
  ...once,
  ...once
    .filter(({ isAlsoDuplicated }) => isAlsoDuplicated)
    .map((one) => ({ ...one, name: `duplicate: ${one.name}`, isDuplicate: true })),
]

export const casesOfNewKey: readonly Case[] = [
  { name: 'a known anchor: first sight (moved)', events: known, beforeNewKey: 1 },
  { name: 'a known anchor: a later one', events: again(known), beforeNewKey: 1 },
  {
    name: 'a known anchor: a later one, remembered',
    events: again(known),
    beforeNewKey: 1,
    isRemembered: true,
  },
  { name: 'a new person with one identifier', events: (name) => [[email(name)]], beforeNewKey: 0 },
  {
    name: 'a new identifier of a known person, moved before',
    events: (name) => [[email(name)], [email(name)], [email(name), cookie(name)]],
    beforeNewKey: 1,
  },
  {
    name: 'a new identifier of a known person, moved by it',
    events: (name) => [[email(name)], [email(name), cookie(name)]],
    beforeNewKey: 1,
  },
]
