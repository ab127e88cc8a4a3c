import { type Race, sends } from './race.ts'
import { event } from './sent-event.ts'

const twoCustomers = [
  event('b1', 'customer_id:c-1', 'email:ann'),
  event('b2', 'customer_id:c-2', 'email:bob'),
]

/** Races with events whose join is refused without a mark, or is by the end. */
export const refusalRaces: Race[] = [
  {
    name: 'two persons join the one that a card has been so far',
    before: [event('b1', 'payment_card:tok-1')],
    acts: [
      sends(event('e1', 'email:ann', 'payment_card:tok-1')),
      sends(event('e2', 'email:bob', 'payment_card:tok-1')),
    ],
  },
  {
    name: 'two persons join the one that an order has been so far',
    before: [event('b1', 'order_id:O-1')],
    acts: [sends(event('e1', 'email:ann', 'order_id:O-1')), sends(event('e2', 'email:bob', 'order_id:O-1'))],
  },
  {
    name: 'refusal that marks a device ‖ merge of the two persons',
    before: [event('b1', 'email:ann', 'device_id:d-1'), event('b2', 'email:bob')],
    acts: [sends(event('r1', 'email:bob', 'device_id:d-1')), sends(event('e1', 'email:ann', 'email:bob'))],
  },
  {
    name: 'refusal ‖ merge of the refused person with another',
    before: [...twoCustomers, event('b3', 'email:cat')],
    acts: [
      sends(event('r1', 'email:ann', 'email:bob')),
      sends(event('e1', 'email:bob', 'email:cat'), { conflicts: 0 }),
    ],
  },
  {
    name: 'refusal that also binds ‖ merge of its person with another',
    before: [...twoCustomers, event('b3', 'email:cat')],
    acts: [
      sends(event('r1', 'email:ann', 'email:bob', 'cookie_id:k-1')),
      sends(event('e1', 'email:ann', 'email:cat')),
    ],
  },
  {
    name: 'refusal ‖ refusal of the same identifier',
    before: twoCustomers,
    acts: [sends(event('r1', 'email:ann', 'email:bob')), sends(event('r2', 'email:ann', 'email:bob'))],
  },
  {
    name: 'refusal ‖ refusal of the same identifier at two nodes of one person',
    before: [...twoCustomers, event('b3', 'email:amy'), event('b4', 'email:ann', 'email:amy')],
    acts: [
      sends(event('r1', 'email:ann', 'email:bob'), { conflicts: 0 }),
      sends(event('r2', 'email:amy', 'email:bob'), { conflicts: 0 }),
    ],
  },
  {
    name: 'refusal for want of place ‖ bind that takes the last',
    before: [event('b1', 'email:a-1', 'email:a-2', 'email:a-3', 'email:a-4')],
    acts: [
      sends(event('e1', 'email:a-1', 'email:a-5'), { at: { kind: 'read nodes' }, conflicts: 'any' }),
      sends(event('e2', 'email:a-1', 'email:a-5')),
    ],
  },
]
