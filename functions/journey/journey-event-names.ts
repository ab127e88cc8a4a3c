export const journeyEventNames = [
  'JourneyStarted',
  'PhaseEntered',
  'JourneyConverted',
  'JourneyAbandoned',
  'PainPoint',
  'QuietTime',
  'PersonsMerged',
  'MergeUndone',
] as const

export type JourneyEventName = (typeof journeyEventNames)[number]

/** What is told unless configured otherwise: each costs a millionth of a dollar. */
export const defaultJourneyEvents: JourneyEventName[] = [
  'JourneyConverted',
  'JourneyAbandoned',
  'PainPoint',
  'PersonsMerged',
  'MergeUndone',
]
