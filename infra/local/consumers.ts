import { setTimeout as delay } from 'node:timers/promises'
import { countDuplicates, createCounters } from './counters.ts'
import { createDynamoDbSource } from './dynamodb-source.ts'
import { createEventSource } from './event-source.ts'
import { createKinesisSource } from './kinesis-source.ts'
import type { Lambda } from './lambda.ts'
import type { RecordSource } from './record-source.ts'
import type { Servers } from './servers.ts'
import type { Follower } from './shard-follower.ts'
import { shareReads } from './shared-source.ts'
import type { State } from './state.ts'
import type { EventSourceResource, System } from './system.ts'

export interface ConsumerPorts {
  system: System
  servers: Servers
  lambdas: Map<string, Lambda>
  state: State
  onError(error: unknown): void
}

const finishingMs = 2_000

/** Everything that reads a stream: the event sources of the templates, and the counters. */
export function createConsumers(ports: ConsumerPorts): Follower[] {
  const { system, state, onError } = ports
  const touchpoints = system.tables.find(({ id }) => id === 'touchpoints')
  if (!touchpoints) throw new Error('The templates have no table of touchpoints')
  const sources = new Map<string, RecordSource>()
  const sourceFor = (arn: string) => {
    const source = sources.get(arn) ?? shareReads(sourceOf(arn, ports))
    sources.set(arn, source)
    return source
  }
  const streamArn = (mapping: EventSourceResource) => mapping.properties.EventSourceArn
  const follows = system.eventSources.find((mapping) => streamArn(mapping).startsWith(`${touchpoints.arn}/`))
  if (!follows) throw new Error('Nothing follows the stream of touchpoints')
  return [
    ...system.eventSources.map((mapping) => createConsumer(mapping, sourceFor(streamArn(mapping)), ports)),
    createCounters(sourceFor(streamArn(follows)), state, onError),
  ]
}

function createConsumer(mapping: EventSourceResource, source: RecordSource, ports: ConsumerPorts) {
  const { system, servers, state, onError } = ports
  const lambda = system.functions.find(({ name }) => name === mapping.properties.FunctionName)
  const running = lambda && ports.lambdas.get(lambda.arn)
  if (!lambda || !running) throw new Error(`Event source ${mapping.logicalId} feeds no function`)
  return createEventSource({
    mapping,
    lambda,
    running,
    source,
    state,
    onError,
    onPrinted: (lines) => state.count('duplicate', countDuplicates(lines)),
    putObject: (bucketArn, key, body) =>
      putObject(`${servers.s3Endpoint}/${bucketArn.replace(/^.*:/, '')}/${key}`, body),
  })
}

function sourceOf(arn: string, { system, servers }: ConsumerPorts): RecordSource {
  const stream = system.streams.find((found) => found.arn === arn)
  if (stream) return createKinesisSource(servers.kinesis, stream)
  const table = system.tables.find((found) => arn.startsWith(`${found.arn}/stream/`))
  if (table) return createDynamoDbSource(servers, { tableName: table.name, arn })
  throw new Error(`An event source reads ${arn}, which the local runtime does not have`)
}

async function putObject(url: string, body: string) {
  const response = await fetch(url, { method: 'PUT', body })
  if (!response.ok) throw new Error(`${url} could not be written: ${await response.text()}`)
}

/** Lets invocations that run come to their end, for a while; what is cut off is delivered again later. */
export async function stopConsumers(consumers: Follower[], lambdas: Map<string, Lambda>) {
  const stopped = Promise.all(consumers.map((consumer) => consumer.stop()))
  const impatience = new AbortController()
  await Promise.race([
    stopped,
    delay(finishingMs, undefined, { signal: impatience.signal }).catch(() => undefined),
  ])
  impatience.abort()
  await Promise.all([...lambdas.values()].map((lambda) => lambda.close()))
  await stopped
}
