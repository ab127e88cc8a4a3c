import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type AwsCall, isAwsError } from './aws-json.ts'
import type { System, TableResource } from './system.ts'

type Described = Pick<System, 'tables' | 'streams' | 'buckets'>

export interface ProvisionPorts {
  kinesis: AwsCall
  tables: AwsCall
  s3Endpoint: string
}

const streamStatus = z.object({ StreamDescription: z.object({ StreamStatus: z.string() }) })

const tableStatus = z.object({
  Table: z.object({
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string(), IndexStatus: z.string() })).default([]),
  }),
})

/** Creates what the templates name and is not there yet. */
export async function provision(system: Described, { kinesis, tables, s3Endpoint }: ProvisionPorts) {
  await Promise.all([
    ...system.tables.map((table) => createTable(tables, table)),
    ...system.streams.map(({ name, properties }) => createStream(kinesis, name, properties.ShardCount)),
    ...system.buckets.map(({ name }) => createBucket(s3Endpoint, name)),
  ])
}

async function createTable(call: AwsCall, table: TableResource) {
  const { name, properties } = table
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = properties
  const isNew = await unlessThere(
    call('CreateTable', {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
    }),
  )
  if (!isNew) await addIndexes(call, table)
}

/** A table of an older state gets the indexes that were thought of since, one after the other, as on AWS. */
async function addIndexes(call: AwsCall, { name: TableName, properties }: TableResource) {
  const { AttributeDefinitions, GlobalSecondaryIndexes = [] } = properties
  const present = async () =>
    tableStatus.parse(await call('DescribeTable', { TableName })).Table.GlobalSecondaryIndexes
  const names = (await present()).map(({ IndexName }) => IndexName)
  for (const index of GlobalSecondaryIndexes.filter(({ IndexName }) => !names.includes(IndexName))) {
    const GlobalSecondaryIndexUpdates = [{ Create: index }]
    await call('UpdateTable', { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates })
    while ((await present()).some(({ IndexStatus }) => IndexStatus !== 'ACTIVE')) await delay(10)
  }
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

/** @returns whether it was not there */
async function unlessThere(created: Promise<unknown>): Promise<boolean> {
  try {
    await created
    return true
  } catch (error) {
    if (!isAwsError(error, 'ResourceInUseException')) throw error
    return false
  }
}
