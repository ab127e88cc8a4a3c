import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import { settings } from '../identity/sequential.ts'

const identifier = z.object({ type: z.string(), value: z.string() })
const expected = z.object({
  about: z.string(),
  now: z.string(),
  quarantined: z.array(z.object({ id: z.string(), reason: z.string() })),
  refusals: z.number(),
  customers: z.array(
    z.object({
      lookup: identifier,
      kind: z.string(),
      samePersonAs: z.array(identifier),
      touchpoints: z.number(),
      outsideJourneys: z.array(z.string()),
      journeys: z.array(z.looseObject({ touchpointIds: z.array(z.string()) })),
    }),
  ),
})

/** The contract's examples: streams of events with what must come of them. */
export const exampleNames = ['story', 'anchors', 'kiosk', 'edges'] as const

export function readExample(name: (typeof exampleNames)[number]) {
  const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
  const lines = read(`${name}.jsonl`).trim().split('\n')
  const decode = createDecoder(settings)
  const events = lines.flatMap((line) =>
    decode(Buffer.from(line), new Date()).flatMap((decoded) =>
      decoded.kind === 'event' ? [decoded.event] : [],
    ),
  )
  return { lines, events, expected: expected.parse(JSON.parse(read(`${name}.expected.json`))) }
}
