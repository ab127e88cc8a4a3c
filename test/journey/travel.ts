import { createModel } from '../../functions/journey/model.ts'

/** A model of a travel shop's own, as it would write it into a file. */
export const travelFile = {
  name: 'travel',
  phases: ['inspiration', 'planning', 'booking', 'trip'],
  converts: 'booking',
  afterSales: 'trip',
  types: {
    email_sent: 'inspiration',
    email_open: 'inspiration',
    search: [{ phase: 'planning', channel: ['web', 'app'] }, { phase: 'inspiration' }],
    view_item: [{ phase: 'planning', channel: ['web', 'app'] }, { phase: 'inspiration' }],
    zone_dwell: [{ phase: 'planning', channel: ['store'], minDwellSeconds: 300 }],
    add_to_cart: 'planning',
    login: null,
    purchase: 'booking',
    check_in: 'trip',
    complaint: 'trip',
    refund: 'trip',
    cancellation: 'trip',
    feedback: 'trip',
  },
  exposures: ['email_sent'],
  abandonedAfterDays: 90,
  afterSalesWindowDays: 400,
}

export const travel = createModel(travelFile)
