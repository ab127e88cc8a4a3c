import { z } from 'zod'
import { type AwsCall, isAwsError } from './aws-json.ts'
import type { System, TableResource } from './system.ts'

export interface ProvisionPorts {
  kinesis: AwsCall
  tables: AwsCall
  s3Endpoint: string
}

const streamStatus = z.object({ StreamDescription: z.object({ StreamStatus: z.string() }) })

/** Creates what the templates name and is not there yet. */
export async function provision(system: System, { kinesis, tables, s3Endpoint }: ProvisionPorts) {
  await Promise.all([
    ...system.tables.map((table) => createTable(tables, table)),
    ...system.streams.map(({ name, properties }) => createStream(kinesis, name, properties.ShardCount)),
    ...system.buckets.map(({ name }) => createBucket(s3Endpoint, name)),
  ])
}

async function createTable(call: AwsCall, { name, properties }: TableResource) {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = properties
  await unlessThere(
    call('CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
    }),
  )
}

async function createStream(call: AwsCall, name: string, shardCount: number) {
  await unlessThere(call('CreateStream', { StreamName: name, ShardCount: shardCount }))
  for (;;) {
    const { StreamDescription } = streamStatus.parse(await call('DescribeStream', { StreamName: name }))
    if (StreamDescription.StreamStatus === 'ACTIVE') return
  }
}

async function createBucket(endpoint: string, name: string) {
  const response = await fetch(`${endpoint}/${name}`, { method: 'PUT' })
  if (!response.ok && response.status !== 409) {
    throw new Error(`Bucket ${name} could not be created: ${await response.text()}`)
  }
}

async function unlessThere(created: Promise<unknown>) {
  try {
    await created
  } catch (error) {
    if (!isAwsError(error, 'ResourceInUseException')) throw error
  }
}
