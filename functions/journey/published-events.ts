import * as z from 'zod'
import { details } from './journey-event.ts'
import type { JourneyEventName } from './journey-event-names.ts'

const lateSeconds = z
  .number()
  .describe(
    'From `at` until it was stored: a rule with {"numeric": ["<", 3600]} leaves back-filled history out',
  )

/** The `detail` that goes out under each name. */
export const publishedDetails: { [N in JourneyEventName]: z.ZodObject } = {
  JourneyStarted: details.JourneyStarted.extend({ lateSeconds }),
  PhaseEntered: details.PhaseEntered.extend({ lateSeconds }),
  JourneyConverted: details.JourneyConverted.extend({ lateSeconds }),
  JourneyAbandoned: details.JourneyAbandoned.extend({ lateSeconds }),
  PainPoint: details.PainPoint.extend({ lateSeconds }),
  QuietTime: details.QuietTime.extend({ lateSeconds }),
  PersonsMerged: details.PersonsMerged.extend({ lateSeconds }),
  MergeUndone: details.MergeUndone.extend({ lateSeconds }),
}
