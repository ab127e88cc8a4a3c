import type { JourneyEvent } from '../journey/journey-event.ts'

/** An event as EventBridge takes it. */
export type Entry = {
  Source: string
  DetailType: string
  Detail: string
  Time: Date
  EventBusName: string
}

/** By which rules tell the events of this app from others. */
export const eventSource = 'omnijourney'

/** @param storedAt when it was stored beside the journey that it tells of */
export function toEntry({ name, detail }: JourneyEvent, storedAt: Date, bus: string): Entry {
  // Streams tell the time to the second, so it may lie before that of the event.
  const lateSeconds = Math.max(0, Math.round((storedAt.getTime() - Date.parse(detail.at)) / 1000))
  return {
    Source: eventSource,
    DetailType: name,
    Detail: JSON.stringify({ ...detail, lateSeconds }),
    Time: storedAt,
    EventBusName: bus,
  }
}

const timeBytes = 14

/** As EventBridge counts it (User Guide, "Calculating PutEvents event entry size"). */
export function entryBytes({ Source, DetailType, Detail }: Entry): number {
  return timeBytes + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail)
}
