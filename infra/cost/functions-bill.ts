import { type Line, secondsOfMonth } from './line.ts'
import { callsOf, type Demand, publishingIn, type StreamFunction, waitOf } from './load.ts'
import {
  batchLineBytes,
  changedPerEvent,
  correlationIdBytes,
  cpuMicros,
  metricLineBytes,
  sdkMicros,
  storing,
  toldPerEvent,
} from './measured.ts'
import { prices } from './prices.ts'

/**
 * Assumed: so long an answer of DynamoDB takes, and so many requests of a function are under way at once; and what a call
 * itself takes.
 */
const requestMs = 5
const requestsAtOnce = { process: 1, journey: 1, publish: 20, notify: 1, timers: 1, refold: 1 }
const callMs = 3
/** A function has a whole core with so many MB, and a part of it with less. */
const megabytesOfCore = 1_769
const defaultMegabytes = {
  process: 1_024,
  journey: 512,
  publish: 512,
  notify: 512,
  timers: 512,
  refold: 1_024,
}

/** GB-seconds of a second. */
function gbSecondsOf(name: StreamFunction, calls: number, demand: Demand): number {
  const megabytes = demand.scale.memory[name] ?? defaultMegabytes[name]
  const { eventsPerSecond } = demand
  const publish = publishingIn(waitOf(demand, 'journeys')).requests
  const requests = { ...requestsOf, publish }[name]
  const micros = { ...cpuMicros, refold: 0, publish: cpuMicros.publish + publish * sdkMicros }[name]
  const cpuSeconds = (eventsPerSecond * micros) / 1e6 / Math.min(1, megabytes / megabytesOfCore)
  const waitSeconds =
    ((eventsPerSecond * requests * requestMs) / requestsAtOnce[name] + calls * callMs) / 1000
  return (cpuSeconds + waitSeconds) * (megabytes / 1024)
}

const requestsOf = {
  process: storing.process.requests,
  journey: storing.journey.requests,
  timers: storing.timers.requests,
  notify: toldPerEvent,
  refold: 0,
}

const streamFunctions = ['process', 'journey', 'publish', 'notify', 'timers', 'refold'] as const

export function functionLines(demand: Demand): Line[] {
  const calls = callsOf(demand, toldPerEvent, changedPerEvent)
  const { gbSecond, millionRequests } = prices.lambda
  const all = streamFunctions.reduce((sum, name) => sum + calls[name], 0)
  return [
    ...streamFunctions.map((name) => ({
      what: `Lambda, ${name}`,
      quantity: gbSecondsOf(name, calls[name], demand) * secondsOfMonth,
      unit: 'GB-s',
      price: gbSecond,
    })),
    {
      what: 'Lambda, calls',
      quantity: (all * secondsOfMonth) / 1e6,
      unit: 'million',
      price: millionRequests,
    },
  ]
}

/** Assumed: START, END and REPORT of a call, each with the 26 bytes that CloudWatch adds. */
const platformBytes = 500
/** Outcomes and the commonest reasons of rejection. */
const customMetrics = 10
/** X-Ray takes the first call of a second and 5% of the others. */
const traced = (callsPerSecond: number) => Math.min(callsPerSecond, 1 + 0.05 * (callsPerSecond - 1))
/** Assumed: who uses the key asks for it every five minutes: stream, tables, lake and logs, by each function. */
const keyCallers = 20

export function watchLines(demand: Demand): Line[] {
  const calls = callsOf(demand, toldPerEvent, changedPerEvent)
  const all = streamFunctions.reduce((sum, name) => sum + calls[name], 0)
  const told = 3 * demand.eventsPerSecond + toldPerEvent * demand.eventsPerSecond
  const batches = calls.process + calls.journey + calls.publish + calls.notify
  const bytes =
    (demand.build.platformLogs ? all * platformBytes : 0) +
    calls.process * metricLineBytes +
    batches * batchLineBytes +
    told * correlationIdBytes
  const traces = streamFunctions.reduce((sum, name) => sum + traced(calls[name]), 0)
  return [
    {
      what: 'CloudWatch, logs',
      quantity: (bytes * secondsOfMonth) / 1e9,
      unit: 'GB',
      price: prices.logs.gigabyteIn,
    },
    {
      what: 'CloudWatch, metrics',
      quantity: customMetrics,
      unit: 'metrics',
      price: prices.cloudWatch.metricMonth,
    },
    {
      what: 'X-Ray, traces',
      quantity: demand.build.tracedStreams ? (traces * secondsOfMonth) / 1e6 : 0,
      unit: 'million',
      price: prices.xray.millionTraces,
    },
    {
      what: 'KMS, requests',
      quantity: (keyCallers * secondsOfMonth) / 300 / 1e4,
      unit: 'ten thousand',
      price: prices.kms.tenThousandRequests,
    },
  ]
}
