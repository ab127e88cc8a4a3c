import { type Race, sends } from './race.ts'
import { event } from './sent-event.ts'

/** Races between events that create, bind and merge. */
export const mergeRaces: Race[] = [
  {
    name: 'two events create a person for the same unseen identifier',
    acts: [
      sends(event('e1', 'email:ann', 'cookie_id:k-1')),
      sends(event('e2', 'email:ann', 'phone:+4930123456')),
    ],
  },
  {
    name: 'two events with different first identifiers bring the same unseen device',
    acts: [
      sends(event('e1', 'email:ann', 'cookie_id:k-1')),
      sends(event('e2', 'phone:+4930123456', 'cookie_id:k-1')),
    ],
  },
  {
    name: 'two events of different days show an identifier for the first time',
    acts: [sends(event('e9', 'email:ann')), sends(event('e3', 'email:ann'))],
  },
  {
    name: 'the same event twice',
    acts: [
      sends(event('e1', 'email:ann', 'cookie_id:k-1')),
      sends(event('e1', 'email:ann', 'cookie_id:k-1')),
    ],
  },
  {
    name: 'create ‖ bind: the same unseen identifier, new to one and of a known person to the other',
    before: [event('b1', 'customer_id:c-1')],
    acts: [
      sends(event('e1', 'email:ann', 'cookie_id:k-1')),
      sends(event('e2', 'customer_id:c-1', 'email:ann')),
    ],
  },
  {
    name: 'bind ‖ bind to one person',
    before: [event('b1', 'email:ann')],
    acts: [
      sends(event('e1', 'email:ann', 'cookie_id:k-1')),
      sends(event('e2', 'email:ann', 'cookie_id:k-2')),
    ],
  },
  {
    name: 'bind ‖ bind where there is place for one',
    before: [event('b1', 'email:a-1', 'email:a-2', 'email:a-3', 'email:a-4')],
    acts: [sends(event('e1', 'email:a-1', 'email:a-5')), sends(event('e2', 'email:a-1', 'email:a-6'))],
  },
  {
    name: 'two customer numbers for one person',
    before: [event('b1', 'email:ann')],
    acts: [
      sends(event('e1', 'customer_id:c-1', 'email:ann')),
      sends(event('e2', 'customer_id:c-2', 'email:ann')),
    ],
  },
  {
    name: 'bind ‖ merge of the person with another',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob')],
    acts: [sends(event('e1', 'email:ann', 'cookie_id:k-1')), sends(event('e2', 'email:ann', 'email:bob'))],
  },
  {
    name: 'bind ‖ merge of the person into an older one',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob')],
    acts: [sends(event('e1', 'email:bob', 'cookie_id:k-1')), sends(event('e2', 'email:ann', 'email:bob'))],
  },
  {
    name: 'bind that fills a person up ‖ merge that would exceed its limit',
    before: [event('b1', 'email:a-1', 'email:a-2', 'email:a-3'), event('b2', 'email:b-1', 'email:b-2')],
    acts: [sends(event('e1', 'email:a-1', 'email:a-4')), sends(event('e2', 'email:a-1', 'email:b-1'))],
  },
  {
    name: 'merge ‖ merge of the same two in both directions',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob')],
    acts: [sends(event('e1', 'email:ann', 'email:bob')), sends(event('e2', 'email:bob', 'email:ann'))],
  },
  {
    name: 'merge ‖ merge that share a person',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob'), event('b3', 'email:cat')],
    acts: [sends(event('e1', 'email:ann', 'email:bob')), sends(event('e2', 'email:bob', 'email:cat'))],
  },
  {
    name: 'merge ‖ merge of which one must be refused',
    before: [
      event('b1', 'customer_id:c-1', 'email:ann'),
      event('b2', 'email:bob'),
      event('b3', 'customer_id:c-3', 'email:cat'),
    ],
    acts: [sends(event('e1', 'email:ann', 'email:bob')), sends(event('e2', 'email:bob', 'email:cat'))],
  },
  {
    name: 'a triangle of merges',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob'), event('b3', 'email:cat')],
    acts: [
      sends(event('e1', 'email:ann', 'email:bob')),
      sends(event('e2', 'email:bob', 'email:cat')),
      sends(event('e3', 'email:cat', 'email:ann')),
    ],
  },
  {
    name: 'a chain of merges',
    before: [
      event('b1', 'email:ann'),
      event('b2', 'email:bob'),
      event('b3', 'email:cat'),
      event('b4', 'email:dan'),
    ],
    acts: [
      sends(event('e1', 'email:ann', 'email:bob'), { conflicts: 'any' }),
      sends(event('e2', 'email:bob', 'email:cat')),
      sends(event('e3', 'email:cat', 'email:dan'), { conflicts: 'any' }),
    ],
  },
  {
    name: 'two batches, each of which meets what the other does',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob'), event('b3', 'email:cat')],
    acts: [
      sends([event('e1', 'email:ann', 'cookie_id:k-1'), event('e2', 'email:bob', 'email:cat')], {
        conflicts: 'any',
        comes: 'any',
      }),
      sends([event('e3', 'email:ann', 'email:bob'), event('e4', 'email:cat', 'cookie_id:k-1')], {
        conflicts: 'any',
        comes: 'any',
      }),
    ],
  },
  {
    name: 'read ‖ merge: the root that a node points at is none any more when it is read',
    before: [
      event('b1', 'email:zoe'),
      event('b2', 'email:ann'),
      event('b3', 'email:bob'),
      event('b4', 'email:ann', 'email:bob'),
    ],
    acts: [
      sends(event('e1', 'email:bob', 'cookie_id:k-1'), {
        at: { kind: 'read nodes', nth: 2 },
        conflicts: 0,
        requests: { 'read nodes': 4 },
      }),
      sends(event('e2', 'email:zoe', 'email:ann')),
    ],
  },
  {
    name: 'remembered bindings ‖ merge of a person since',
    before: [event('b1', 'email:ann'), event('b2', 'email:bob'), event('b3', 'email:cat')],
    remembered: [
      event('b4', 'email:ann', 'phone:+4930123456'),
      event('b5', 'email:cat', 'phone:+4930654321'),
    ],
    since: [event('b6', 'email:bob', 'email:ann')],
    acts: [
      // Both of what it remembers: it reads none for this event.
      sends(event('e1', 'email:ann', 'email:cat'), { requests: { 'read identifiers': 2 } }),
      sends(event('e2', 'email:ann', 'email:dan')),
    ],
  },
]
