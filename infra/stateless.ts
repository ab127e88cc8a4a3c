import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { DeliveryStreamGrants } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { acknowledgeGrants } from './acknowledged.ts'
import { createAnalysis } from './analysis.ts'
import { createApiFunctions } from './api-functions.ts'
import type { FunctionName } from './build.ts'
import { type Config, rulesOf } from './config.ts'
import { createEventSchemas } from './event-schemas.ts'
import { consumeStream, consumeTable } from './event-sources.ts'
import { createFunction, type FunctionOptions, grantSecret, type Site } from './function.ts'
import { createHttpApi } from './http-api.ts'
import { createLakeAlarms } from './lake-alarms.ts'
import { createLakeDelivery } from './lake-delivery.ts'
import { createLakeMaintenance } from './lake-maintenance.ts'
import { createLakeViews, createSavedQueries } from './lake-views.ts'
import { routesTo } from './routes.ts'
import type { Stateful } from './stateful.ts'
import { tableChanges } from './table-changes.ts'

interface StatelessOptions {
  config: Config
  stateful: Stateful
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
/** The lake waits for minutes anyway: half a minute of waiting here makes few calls of many. */
const sentTogether = { batchSize: 1000, window: Duration.seconds(30) }

/** The code and who may call it; can be deleted and deployed again without losing anything. */
export class Stateless extends Stack {
  readonly #site: Site
  readonly #data: Stateful

  constructor(scope: Construct, id: string, { config, stateful, bundles }: StatelessOptions) {
    super(scope, id, { description: 'omnijourney: functions and API' })
    this.#data = stateful
    // Said beforehand, grants on the key go to the roles here and not into the key's policy there.
    this.addStackDependency(stateful)
    const hmacSecret = Secret.fromSecretCompleteArn(this, 'HmacSecret', stateful.hmacSecret.secretArn)
    const { database } = stateful.lake
    createLakeViews(this, { database, rules: rulesOf(config) })
    createSavedQueries(this, { database, workGroup: `omnijourney-${config.stage}` })
    const lakeStream = createLakeDelivery(this, { config, data: stateful })
    const maintenance = createLakeMaintenance(this, { config, data: stateful })
    this.#site = { scope: this, config, data: stateful, lakeStream, hmacSecret, bundles }
    const analysis = createAnalysis(this.#site)
    createLakeAlarms(this, { config, lakeStream, maintenance, analysis })

    this.#process(config)
    this.#journey()
    this.#publish()
    this.#refold()
    this.#timers()
    this.#notify()
    const { api } = createHttpApi(this, routesTo(createApiFunctions(this.#site)))
    createEventSchemas(this, config.stage)
    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint })
    new CfnOutput(this, 'StreamName', { value: stateful.stream.streamName })
    new CfnOutput(this, 'EventBusName', { value: stateful.eventBus.eventBusName })
    acknowledgeGrants(this, stateful)
  }

  #process({ parallelizationFactor }: Config) {
    const { stream, identity, touchpoints, quarantine } = this.#data
    const handler = createFunction(this.#site, 'process', {
      description: 'Finds out whose event it is and stores it',
      timeout: streamTimeout,
      memorySize: 1024,
      places: ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'HMAC_SECRET_ARN', 'SETTINGS'],
    })
    for (const table of [identity, touchpoints]) {
      table.grantReadWriteData(handler)
      table.grant(handler, 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate')
    }
    quarantine.grantPut(handler, 'records/*')
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

  #publish() {
    const { identity, touchpoints, journeys, insights, quarantine } = this.#data
    const handler = createFunction(this.#site, 'publish', {
      description: 'Sends to the lake what was stored',
      timeout: streamTimeout,
      places: ['LAKE_STREAM', 'IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS'],
    })
    const lakeStream = DeliveryStreamGrants.fromDeliveryStream(this.#site.lakeStream)
    lakeStream.actions(handler, ['firehose:PutRecordBatch'])
    for (const table of [identity, touchpoints, journeys]) table.grantReadData(handler)
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
    consumeTable(handler, { table: journeys, failures: quarantine, filters: [tableChanges.toldEvents] })
  }

  #folding(name: FunctionName, options: Omit<FunctionOptions, 'places'>) {
    const { identity, touchpoints, journeys } = this.#data
    const handler = createFunction(this.#site, name, {
      ...options,
      places: ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS'],
    })
    identity.grantReadData(handler)
    touchpoints.grantReadData(handler)
    journeys.grantReadWriteData(handler)
    journeys.grant(handler, 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete')
    return handler
  }

  #callEvery(interval: Duration, handler: IFunction) {
    const schedule = Schedule.rate(interval)
    new Rule(this, `${handler.node.id}Schedule`, { schedule, targets: [new LambdaTarget(handler)] })
  }
}
