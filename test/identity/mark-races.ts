import { type Race, sends } from './race.ts'
import { event } from './sent-event.ts'

const anns = event('b1', 'email:ann', 'device_id:d-1')
const bobs = event('b2', 'email:bob')
/** Its join is refused and marks Ann's device. */
const mark = event('m1', 'email:bob', 'device_id:d-1')
/** What has its home already writes nothing about identities, so that nothing can be in its way. */
const settled = { at: { kind: 'write touchpoints' }, conflicts: 0, comes: 'first' } as const
const unhurt = { conflicts: 0 } as const

/** Races with events whose join is refused, and that make a device shared. */
export const markRaces: Race[] = [
  {
    name: 'mark ‖ event with just the device',
    before: [anns, bobs],
    acts: [sends(mark, unhurt), sends(event('e1', 'device_id:d-1'), settled)],
  },
  {
    name: 'mark ‖ event that knows the person of the device',
    before: [anns, bobs],
    acts: [sends(mark, unhurt), sends(event('e1', 'email:ann', 'device_id:d-1'), settled)],
  },
  {
    name: 'mark ‖ event that binds a cookie to the device',
    before: [anns, bobs],
    acts: [sends(mark), sends(event('e1', 'device_id:d-1', 'cookie_id:k-1'))],
  },
  {
    name: "mark ‖ event that joins a cookie's person by the device",
    before: [anns, bobs, event('b3', 'cookie_id:k-1')],
    acts: [sends(mark), sends(event('e1', 'device_id:d-1', 'cookie_id:k-1'))],
  },
  {
    name: 'mark ‖ event that binds a cookie to the person of the device',
    before: [anns, bobs],
    acts: [sends(mark), sends(event('e1', 'email:ann', 'device_id:d-1', 'cookie_id:k-1'))],
  },
  {
    name: 'mark ‖ mark of the same device by two persons',
    before: [anns, bobs, event('b3', 'email:cat')],
    acts: [sends(mark), sends(event('m2', 'email:cat', 'device_id:d-1'))],
  },
  {
    name: 'mark ‖ mark of the same device by the same person',
    before: [anns, bobs],
    acts: [sends(mark), sends(event('m2', 'email:bob', 'device_id:d-1'))],
  },
  {
    name: 'mark and what follows it ‖ a batch that has read the device before',
    before: [anns, bobs],
    acts: [
      sends([event('e1', 'cookie_id:k-2', 'wifi_id:w-1'), event('e2', 'device_id:d-1', 'cookie_id:k-2')], {
        conflicts: 2,
      }),
      sends([mark, event('m2', 'email:zoe', 'device_id:d-1', 'cookie_id:k-2')], {
        conflicts: 'any',
        comes: 'any',
      }),
    ],
  },
  {
    name: 'mark ‖ the same event before and after it',
    before: [anns, bobs],
    acts: [
      sends(event('e1', 'device_id:d-1'), { ...settled, isOpen: true }),
      sends([mark, event('e1', 'device_id:d-1')], unhurt),
    ],
  },
  {
    name: 'two persons bring the same unseen device',
    acts: [
      sends(event('e1', 'email:ann', 'device_id:d-1')),
      sends(event('e2', 'email:bob', 'device_id:d-1')),
    ],
  },
  {
    name: 'two persons join the one that a device has been so far',
    before: [event('b1', 'device_id:d-1', 'cookie_id:k-1')],
    acts: [
      sends(event('e1', 'email:ann', 'device_id:d-1')),
      sends(event('e2', 'email:bob', 'device_id:d-1')),
    ],
  },
]
