import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { FilterRule, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { acknowledgeGrants } from './acknowledged.ts'
import type { FunctionName } from './build.ts'
import type { Config } from './config.ts'
import { consumeStream, consumeTable } from './event-sources.ts'
import { createFunction, type FunctionOptions } from './function.ts'
import { createHttpApi } from './http-api.ts'
import type { Stateful } from './stateful.ts'

interface StatelessOptions {
  config: Config
  stateful: Stateful
  bundles: string
}

const apiTimeout = Duration.seconds(29)
const streamTimeout = Duration.seconds(60)
/** A history of 100,000 touchpoints that is folded from the start takes half a minute. */
const longestFold = Duration.minutes(5)
/** So that what a deployment has replaced, and is still folding, has ended before the second round. */
const refoldInterval = Duration.minutes(15)

/** The code and who may call it; can be deleted and deployed again without losing anything. */
export class Stateless extends Stack {
  readonly #config: Config
  readonly #data: Stateful
  readonly #bundles: string
  readonly #hmacSecret: ISecret

  constructor(scope: Construct, id: string, { config, stateful, bundles }: StatelessOptions) {
    super(scope, id, { description: 'omnijourney: functions and API' })
    this.#config = config
    this.#data = stateful
    this.#bundles = bundles
    // Said beforehand, grants on the key go to the roles here and not into the key's policy there.
    this.addStackDependency(stateful)
    this.#hmacSecret = Secret.fromSecretCompleteArn(this, 'HmacSecret', stateful.hmacSecret.secretArn)

    this.#process()
    this.#journey()
    this.#refold()
    const customers = this.#customers()
    const operations = this.#operations()
    const quarantine = this.#quarantine()
    const collect = this.#collect()
    const customer = '/v1/customers/{personId}'
    const { api } = createHttpApi(this, [
      { method: HttpMethod.POST, path: '/v1/events', handler: collect },
      { method: HttpMethod.POST, path: '/v1/customers/lookup', handler: customers },
      { method: HttpMethod.GET, path: customer, handler: customers },
      { method: HttpMethod.GET, path: `${customer}/timeline`, handler: customers },
      { method: HttpMethod.GET, path: `${customer}/journeys`, handler: customers },
      { method: HttpMethod.GET, path: `${customer}/orders`, handler: customers },
      { method: HttpMethod.GET, path: '/v1/orders/{orderId+}', handler: customers },
      { method: HttpMethod.GET, path: `${customer}/identity`, handler: customers },
      { method: HttpMethod.GET, path: `${customer}/merges`, handler: customers },
      { method: HttpMethod.POST, path: `${customer}/merges`, handler: operations },
      { method: HttpMethod.POST, path: `${customer}/merges/{mergeId}/undo`, handler: operations },
      { method: HttpMethod.PUT, path: '/v1/identifiers/shared', handler: operations },
      { method: HttpMethod.DELETE, path: '/v1/identifiers/shared', handler: operations },
      { method: HttpMethod.GET, path: '/v1/quarantine', handler: quarantine },
      { method: HttpMethod.GET, path: '/v1/quarantine/{id}', handler: quarantine },
    ])
    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint })
    new CfnOutput(this, 'StreamName', { value: stateful.stream.streamName })
    acknowledgeGrants(this, stateful)
  }

  #process() {
    const { stream, identity, touchpoints, quarantine } = this.#data
    const handler = this.#function('process', {
      description: 'Finds out whose event it is and stores it',
      timeout: streamTimeout,
      memorySize: 1024,
      environment: this.#environment(
        'IDENTITY_TABLE',
        'TOUCHPOINTS_TABLE',
        'QUARANTINE_BUCKET',
        'HMAC_SECRET_ARN',
        'SETTINGS',
      ),
    })
    for (const table of [identity, touchpoints]) {
      table.grantReadWriteData(handler)
      table.grant(handler, 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate')
    }
    quarantine.grantPut(handler, 'records/*')
    this.#grantSecret(handler)
    const { parallelizationFactor } = this.#config
    consumeStream(handler, { stream, failures: quarantine, parallelizationFactor })
  }

  #journey() {
    const { identity, touchpoints, quarantine } = this.#data
    const handler = this.#folding('journey', {
      description: 'Folds touchpoints into journeys',
      timeout: longestFold,
    })
    const ofNode = { pk: { S: FilterRule.beginsWith('N#') } }
    const inserts = { eventName: FilterRule.isEqual('INSERT'), dynamodb: { Keys: ofNode } }
    const headerChanges = {
      eventName: FilterRule.isEqual('MODIFY'),
      dynamodb: { Keys: { ...ofNode, sk: { S: FilterRule.isEqual('N') } } },
    }
    consumeTable(handler, { table: touchpoints, failures: quarantine, filter: inserts })
    consumeTable(handler, { table: identity, failures: quarantine, filter: headerChanges })
  }

  #refold() {
    const handler = this.#folding('refold', {
      description: 'Folds journeys anew that were folded by another model',
      timeout: refoldInterval,
      memorySize: 1024,
    })
    const schedule = Schedule.rate(refoldInterval)
    new Rule(this, 'RefoldSchedule', { schedule, targets: [new LambdaTarget(handler)] })
  }

  #folding(name: FunctionName, options: Pick<FunctionOptions, 'description' | 'timeout' | 'memorySize'>) {
    const { identity, touchpoints, journeys } = this.#data
    const environment = this.#environment('IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS')
    const handler = this.#function(name, { ...options, environment })
    identity.grantReadData(handler)
    touchpoints.grantReadData(handler)
    journeys.grantReadWriteData(handler)
    journeys.grant(handler, 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete')
    return handler
  }

  #customers() {
    const { identity, touchpoints, journeys } = this.#data
    const handler = this.#function('customers', {
      description: 'Answers about one customer',
      timeout: apiTimeout,
      environment: this.#environment(
        'IDENTITY_TABLE',
        'TOUCHPOINTS_TABLE',
        'JOURNEYS_TABLE',
        'HMAC_SECRET_ARN',
        'SETTINGS',
      ),
    })
    for (const table of [identity, touchpoints, journeys]) table.grantReadData(handler)
    this.#grantSecret(handler)
    return handler
  }

  #operations() {
    const { identity } = this.#data
    const handler = this.#function('operations', {
      description: 'Merges persons, undoes merges and marks shared devices by hand',
      timeout: apiTimeout,
      environment: this.#environment('IDENTITY_TABLE', 'HMAC_SECRET_ARN', 'SETTINGS'),
    })
    identity.grantReadWriteData(handler)
    this.#grantSecret(handler)
    return handler
  }

  #quarantine() {
    const { touchpoints, quarantine } = this.#data
    const handler = this.#function('quarantine', {
      description: 'Shows what was rejected and why',
      timeout: apiTimeout,
      environment: this.#environment('TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET'),
    })
    touchpoints.grantReadData(handler)
    quarantine.grantRead(handler)
    return handler
  }

  #collect() {
    const { stream, touchpoints, quarantine } = this.#data
    const handler = this.#function('collect', {
      description: 'Takes events over HTTP',
      timeout: apiTimeout,
      environment: this.#environment('TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'STREAM_NAME', 'SETTINGS'),
    })
    stream.grantWrite(handler)
    touchpoints.grantWriteData(handler)
    touchpoints.grant(handler, 'dynamodb:PartiQLInsert')
    quarantine.grantPut(handler, 'records/*')
    return handler
  }

  /** Secret.grantRead would write the role into the policy of the key in the other stack, a cycle. */
  #grantSecret(handler: IFunction) {
    this.#hmacSecret.grantRead(handler)
    this.#data.key.grantDecrypt(handler)
  }

  #function(name: FunctionName, options: Omit<FunctionOptions, 'name' | 'bundles'>) {
    return createFunction(this, { ...options, name, bundles: this.#bundles })
  }

  #environment(...names: (keyof Places)[]) {
    const places = placesIn(this.#data, this.#config)
    return Object.fromEntries(names.map((name) => [name, places[name]]))
  }
}

type Places = ReturnType<typeof placesIn>

/** What functions find in their environment; each is given only those that it names. */
function placesIn(data: Stateful, config: Config) {
  return {
    IDENTITY_TABLE: data.identity.tableName,
    TOUCHPOINTS_TABLE: data.touchpoints.tableName,
    JOURNEYS_TABLE: data.journeys.tableName,
    QUARANTINE_BUCKET: data.quarantine.bucketName,
    STREAM_NAME: data.stream.streamName,
    HMAC_SECRET_ARN: data.hmacSecret.secretArn,
    SETTINGS: JSON.stringify(config.settings),
  }
}
