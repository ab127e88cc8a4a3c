import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { place } from './template.ts'

export const entrySchema = z.object({
  Time: z.number().optional(),
  Source: z.string().default(''),
  Resources: z.array(z.string()).default([]),
  DetailType: z.string().default(''),
  Detail: z.string().default(''),
  EventBusName: z.string().default('default'),
})

type Entry = z.infer<typeof entrySchema>

export type CheckedEntry =
  | { kind: 'event'; event: ReturnType<typeof deliveredEvent> }
  | { kind: 'wrong'; code: string; message: string }

/** @param busNames names and ARNs of the event buses that there are */
export function checkEntry(entry: Entry, busNames: ReadonlySet<string>, now: Date): CheckedEntry {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    const reason = `${name} is a required argument.`
    if (!entry[name]) return wrong('InvalidArgument', `Parameter ${name} is not valid. Reason: ${reason}`)
  }
  if (entry.Source.startsWith('aws.'))
    return wrong('NotAuthorizedForSourceException', 'Not authorized for the source.')
  const detail = parseObject(entry.Detail)
  if (!detail) return wrong('MalformedDetail', 'Detail is malformed.')
  // AWS says yes and drops the event (aws/aws-sdk#186), which would only hide a mistake here.
  if (!busNames.has(entry.EventBusName))
    return wrong('ResourceNotFoundException', `Event bus ${entry.EventBusName} does not exist.`)
  return { kind: 'event', event: deliveredEvent(entry, detail, now) }
}

/** As AWS counts it (EventBridge User Guide, "Calculating PutEvents event entry size"). */
export function sizeOf({ Time, Source, DetailType, Detail, Resources }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources]
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14)
}

/** What EventBridge hands to a target. */
function deliveredEvent({ Source, DetailType, Resources, Time }: Entry, detail: object, now: Date) {
  const seconds = Math.floor(Time ?? now.getTime() / 1000)
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: place.accountId,
    time: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
    region: place.region,
    resources: Resources,
    detail,
  }
}

function parseObject(text: string): object | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const wrong = (code: string, message: string): CheckedEntry => ({ kind: 'wrong', code, message })
