import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type AwsAnswer, awsFailure, serveAws } from './aws-server.ts'
import { type CheckedEntry, checkEntry, entrySchema, sizeOf } from './event-entry.ts'
import type { System } from './system.ts'

const requestSchema = z.object({ Entries: z.array(entrySchema).min(1).max(10) })
/** Of all entries of a request. */
const maxBytes = 256 * 1024

/** PutEvents for the event buses of the templates: what goes out is a line of a file, as a target would get it. */
export async function serveEventBus(
  buses: System['eventBuses'],
  { port, directory }: { port: number; directory: string },
) {
  const file = join(directory, 'events.ndjson')
  dropTornLine(file)
  // So that it can be followed before there is anything in it.
  appendFileSync(file, '')
  const names = new Set(buses.flatMap(({ name, arn }) => [name, arn]))
  return serveAws(port, new Map([['AWSEvents.PutEvents', (input) => putEvents(input, names, file)]]))
}

function putEvents(input: unknown, busNames: ReadonlySet<string>, file: string): AwsAnswer {
  const request = requestSchema.safeParse(input)
  if (!request.success)
    return awsFailure(
      'ValidationException',
      `1 validation error detected: ${request.error.issues[0]?.message}`,
    )
  const { Entries } = request.data
  if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maxBytes)
    return awsFailure('ValidationException', 'Total size of the entries in the request is over the limit.')
  const checked = Entries.map((entry) => checkEntry(entry, busNames, new Date()))
  const lines = checked.flatMap((one) => (one.kind === 'event' ? [`${JSON.stringify(one.event)}\n`] : []))
  // It is with the operating system before the answer: it survives the end of this process, also a sudden one.
  appendFileSync(file, lines.join(''))
  const FailedEntryCount = checked.length - lines.length
  return { status: 200, body: { FailedEntryCount, Entries: checked.map(resultOf) } }
}

function resultOf(checked: CheckedEntry) {
  if (checked.kind === 'event') return { EventId: checked.event.id }
  return { ErrorCode: checked.code, ErrorMessage: checked.message }
}

/** A line that a killed runtime did not finish was not answered for either, and is sent again. */
function dropTornLine(file: string) {
  if (!existsSync(file)) return
  const bytes = readFileSync(file)
  truncateSync(file, bytes.lastIndexOf('\n') + 1)
}
