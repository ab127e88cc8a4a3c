import { JqError, loadJq } from 'jq-wasm'
import { z } from 'zod'
import { type Catalog, findTable, type Table } from '../catalog.ts'
import type { DeliveryStreamResource } from '../resources.ts'
import { Undeliverable } from './record.ts'

/** Where each of some records goes, by their JSON. */
export type Route = (records: readonly string[]) => (Table | Undeliverable)[]

const destinationSchema = z.tuple([
  z.object({
    destinationDatabaseName: z.string(),
    destinationTableName: z.string(),
    operation: z.literal('insert').default('insert'),
  }),
])
const failureSchema = z.tuple([z.object({ error: z.unknown() })])

/** By the stream's jq expression, or to its one table. */
export async function createRoute(stream: DeliveryStreamResource, catalog: Catalog): Promise<Route> {
  const { ProcessingConfiguration, DestinationTableConfigurationList } =
    stream.properties.IcebergDestinationConfiguration
  const query = ProcessingConfiguration?.Processors.flatMap(({ Parameters }) => Parameters).find(
    ({ ParameterName }) => ParameterName === 'MetadataExtractionQuery',
  )?.ParameterValue
  const place = (database: string, name: string) =>
    findTable(catalog, database, name) ??
    new Undeliverable('Iceberg.GlueTableNotFound', `There is no table ${database}.${name}`)
  if (query === undefined) {
    const [only] = DestinationTableConfigurationList
    const table = place(only?.DestinationDatabaseName ?? '', only?.DestinationTableName ?? '')
    return (records) => records.map(() => table)
  }
  const extract = await createExtraction(stream.name, query)
  return (records) =>
    extract(records).map((extracted) => {
      const destination = destinationSchema.safeParse(extracted)
      if (!destination.success) return notExtracted(extracted)
      const [{ destinationDatabaseName, destinationTableName }] = destination.data
      return place(destinationDatabaseName, destinationTableName)
    })
}

/** All that the expression gives for each record, or its error. */
async function createExtraction(streamName: string, query: string) {
  const jq = await loadJq()
  const filter = `[try (${query}) catch {error: .}]`
  const extract = (records: readonly string[]) => jq.json(records.join('\n'), filter)
  try {
    extract(['{}'])
  } catch (error) {
    if (!(error instanceof JqError)) throw error
    throw new Error(`The jq expression of delivery stream ${streamName} is wrong: ${error.stderr}`)
  }
  const extractOne = (record: string): unknown => {
    try {
      return extract([record])[0]
    } catch (error) {
      if (error instanceof JqError) return [{ error: error.stderr.trim() }]
      throw error
    }
  }
  return (records: readonly string[]): unknown[] => {
    try {
      const extracted = records.length === 0 ? [] : extract(records)
      if (extracted.length === records.length) return extracted
    } catch (error) {
      if (!(error instanceof JqError)) throw error
    }
    // JSON that jq does not read, such as half a pair of surrogates, shall not stop the other records.
    return records.map(extractOne)
  }
}

function notExtracted(extracted: unknown): Undeliverable {
  const failure = failureSchema.safeParse(extracted)
  const reason = failure.success ? String(failure.data[0].error) : `it gave ${JSON.stringify(extracted)}`
  const code = 'DynamicPartitioning.MetadataExtractionFailed'
  return new Undeliverable(code, `The jq expression names no destination: ${reason}`)
}
