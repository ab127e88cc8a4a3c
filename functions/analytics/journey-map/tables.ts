import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

export const journeyMap = resultTable(
  'journey_map',
  'What happens in each phase of journeys on each channel, and how it is experienced',
  [
    field(2, 'phase', 'string', 'Of the touchpoints, not of the journeys'),
    field(3, 'channel', 'string', 'As in touchpoint'),
    field(4, 'touchpoints', 'long', 'That belong to a journey'),
    field(5, 'journeys', 'long', 'That have such a touchpoint'),
    field(
      6,
      'median_hours',
      'double',
      'Over these journeys: from the start of the journey to its first such touchpoint in the time of the run',
    ),
    field(7, 'nps', 'double', 'Mean of what was said with these touchpoints; null: nothing was'),
    field(8, 'rating', 'double', 'Mean of what was said with these touchpoints; null: nothing was'),
    field(9, 'sentiment', 'double', 'Mean of what was said with these touchpoints; null: nothing was'),
    field(10, 'pain_points', 'long', 'Complaints, refunds and cancellations'),
  ],
)

export const workJourneyMap = workTable(
  'journey_map',
  'Every touchpoint with a phase that belongs to a journey',
  [
    field(2, 'phase', 'string', 'As in touchpoint'),
    field(3, 'channel', 'string', 'As in touchpoint'),
    field(4, 'journey_id', 'string', 'As in touchpoint'),
    field(5, 'hours', 'double', 'Since the journey began'),
    field(6, 'nps', 'int', 'As in touchpoint'),
    field(7, 'rating', 'double', 'As in touchpoint'),
    field(8, 'sentiment', 'double', 'As in touchpoint'),
    field(9, 'is_pain_point', 'boolean', 'Complaint, refund or cancellation'),
  ],
)
