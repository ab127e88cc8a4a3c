import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { acknowledgeGrants } from './acknowledged.ts'
import { createApiFunctions } from './api-functions.ts'
import type { FunctionName } from './build.ts'
import type { Config } from './config.ts'
import { consumeStream, consumeTable } from './event-sources.ts'
import { createFunction, type FunctionOptions, grantSecret, type Site } from './function.ts'
import { allow, allowIndex, allowPut, allowTable, transactions } from './grants.ts'
import { createHttpApi } from './http-api.ts'
import { lakeStreamName } from './lake-delivery.ts'
import { routesTo } from './routes.ts'
import type { Stateful } from './stateful.ts'
import { tableChanges } from './table-changes.ts'

interface StatelessOptions extends StackProps {
  config: Config
  data: Stateful
  bundles: string
}

const streamTimeout = Duration.seconds(60)
/** A history of 100,000 touchpoints that is folded from the start takes half a minute. */
const longestFold = Duration.minutes(5)
/** So that what a deployment has replaced, and is still folding, has ended before the second round. */
const refoldInterval = Duration.minutes(15)
const timersInterval = Duration.minutes(1)
/** Whoever appears several times in a batch is read and written once. */
const foldedTogether = 500

/** The code and who may call it; can be deleted and deployed again without losing anything. */
export class Stateless extends Stack {
  readonly #site: Site
  readonly #data: Stateful

  constructor(scope: Construct, id: string, { config, data, bundles, ...props }: StatelessOptions) {
    super(scope, id, { ...props, description: 'omnijourney: functions and API' })
    this.#data = data
    // Said beforehand, grants on the key go to the roles here and not into the key's policy there.
    this.addStackDependency(data)
    this.#site = { scope: this, config, data, bundles }
    this.#process(config)
    this.#journey()
    this.#publish(config)
    this.#refold()
    this.#timers()
    this.#notify()
    const { api } = createHttpApi(this, {
      config,
      data,
      routes: routesTo(createApiFunctions(this.#site)),
    })
    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint })
    new CfnOutput(this, 'StreamName', { value: data.stream.streamName })
    new CfnOutput(this, 'EventBusName', { value: data.eventBus.eventBusName })
    acknowledgeGrants(this, data)
  }

  #process({ parallelizationFactor }: Config) {
    const { stream, identity, touchpoints, quarantine } = this.#data
    const handler = createFunction(this.#site, 'process', {
      description: 'Finds out whose event it is and stores it',
      timeout: streamTimeout,
      memorySize: 1024,
      places: ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'HMAC_SECRET_ARN', 'SETTINGS'],
    })
    const writes = ['PartiQLUpdate', ...transactions] as const
    allowTable(this.#data, { table: identity, grantee: handler }, 'BatchGetItem', ...writes)
    allowTable(this.#data, { table: touchpoints, grantee: handler }, 'BatchGetItem', 'PartiQLInsert')
    allowPut(this.#data, { bucket: quarantine, grantee: handler }, 'records/')
    grantSecret(this.#site, handler)
    consumeStream(handler, { stream, failures: quarantine, parallelizationFactor })
  }

  #journey() {
    const { identity, touchpoints, quarantine } = this.#data
    const handler = this.#folding('journey', {
      description: 'Folds touchpoints into journeys',
      timeout: longestFold,
    })
    consumeTable(handler, {
      table: touchpoints,
      failures: quarantine,
      filters: [tableChanges.newTouchpoint],
      batchSize: foldedTogether,
    })
    consumeTable(handler, {
      table: identity,
      failures: quarantine,
      filters: [tableChanges.changedPerson],
      batchSize: foldedTogether,
    })
  }

  #publish(config: Config) {
    const { identity, touchpoints, journeys, insights, quarantine } = this.#data
    const handler = createFunction(this.#site, 'publish', {
      description: 'Sends to the lake what was stored',
      timeout: streamTimeout,
      places: ['LAKE_STREAM', 'IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS'],
    })
    const lakeStream = this.formatArn({
      service: 'firehose',
      resource: 'deliverystream',
      resourceName: lakeStreamName(config),
    })
    allow(handler, ['firehose:PutRecordBatch'], [lakeStream])
    /** The lake waits for minutes anyway: waiting here, too, reads once who appears several times. */
    const sentTogether = { batchSize: 10_000, window: Duration.seconds(config.publishWindowSeconds) }
    for (const table of [identity, touchpoints, journeys])
      allowTable(this.#data, { table, grantee: handler }, 'BatchGetItem', 'Query')
    allowIndex(handler, identity, 'byNode')
    consumeTable(handler, {
      table: touchpoints,
      failures: quarantine,
      filters: [tableChanges.storedEvent],
      ...sentTogether,
    })
    consumeTable(handler, {
      table: identity,
      failures: quarantine,
      filters: [tableChanges.writtenNode, tableChanges.writtenHousehold],
      ...sentTogether,
    })
    consumeTable(handler, {
      table: journeys,
      failures: quarantine,
      filters: [tableChanges.changedJourneys],
      ...sentTogether,
    })
    consumeTable(handler, {
      table: insights,
      failures: quarantine,
      filters: [tableChanges.writtenCampaign],
      ...sentTogether,
    })
  }

  #refold() {
    const handler = this.#folding('refold', {
      description: 'Folds journeys anew that were folded by another model',
      timeout: refoldInterval,
      memorySize: 1024,
    })
    // It looks through all of them for who was folded by other rules.
    allowTable(this.#data, { table: this.#data.journeys, grantee: handler }, 'Scan')
    this.#callEvery(refoldInterval, handler)
  }

  #timers() {
    const handler = this.#folding('timers', {
      description: 'Tells of journeys that have gone quiet',
      timeout: longestFold,
    })
    this.#callEvery(timersInterval, handler)
  }

  #notify() {
    const { journeys, quarantine, eventBus } = this.#data
    const handler = createFunction(this.#site, 'notify', {
      description: 'Puts on the event bus what happens on journeys',
      timeout: streamTimeout,
      places: ['EVENT_BUS'],
    })
    eventBus.grantPutEventsTo(handler)
    // A second of waiting is half of the calls.
    const window = Duration.seconds(1)
    consumeTable(handler, {
      table: journeys,
      failures: quarantine,
      filters: [tableChanges.toldEvents],
      window,
    })
  }

  #folding(name: FunctionName, options: Omit<FunctionOptions, 'places'>) {
    const { identity, touchpoints, journeys } = this.#data
    const handler = createFunction(this.#site, name, {
      ...options,
      places: ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS'],
    })
    allowTable(this.#data, { table: identity, grantee: handler }, 'BatchGetItem')
    allowTable(this.#data, { table: touchpoints, grantee: handler }, 'BatchGetItem', 'Query')
    const statements = ['PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'] as const
    const rows = { table: journeys, grantee: handler }
    allowTable(this.#data, rows, 'BatchGetItem', 'Query', ...statements, ...transactions)
    return handler
  }

  #callEvery(interval: Duration, handler: IFunction) {
    const schedule = Schedule.rate(interval)
    new Rule(this, `${handler.node.id}Schedule`, { schedule, targets: [new LambdaTarget(handler)] })
  }
}
