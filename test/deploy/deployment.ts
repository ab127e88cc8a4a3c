import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena'
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { z } from 'zod'
import type { Outputs } from './cdk.ts'
import { type Emulator, region } from './emulator.ts'
import { until } from './until.ts'

const answerSchema = z.object({ access_token: z.string(), expires_in: z.number() })

interface Answer {
  status: number
  body: unknown
}

export type Deployment = ReturnType<typeof reach>

/** What integrators, shops and operators do with what was deployed: through its stream and its API, with real clients. */
export function reach({ endpoint, certificate }: Emulator, outputs: Outputs, prefix: string) {
  if (certificate)
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificate, 'utf8')])
  const output = (stack: string, name: string) => {
    const [, value] = Object.entries(outputs[stack] ?? {}).find(([key]) => key.startsWith(name)) ?? []
    if (value === undefined) throw new Error(`${stack} has no output ${name}`)
    return value
  }
  const configuration = {
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler({ requestTimeout: 60_000 }),
  }
  const kinesis = new KinesisClient(configuration)
  const lambda = new LambdaClient(configuration)
  const cognito = new CognitoIdentityProviderClient(configuration)
  const logs = new CloudWatchLogsClient(configuration)
  const athena = new AthenaClient(configuration)
  // The host of the API has no address here; the emulator takes its id as part of the path.
  const [apiId] = new URL(output(prefix, 'ApiUrl')).host.split('.')
  const api = `${endpoint}/_aws/execute-api/${apiId}`

  return {
    /** Each under a partition key of its own. */
    async send(records: readonly { key: string; data: string }[]) {
      const Records = records.map(({ key, data }) => ({ PartitionKey: key, Data: Buffer.from(data) }))
      for (let from = 0; from < Records.length; from += 500) {
        const command = new PutRecordsCommand({
          StreamName: output(prefix, 'StreamName'),
          Records: Records.slice(from, from + 500),
        })
        const { FailedRecordCount } = await kinesis.send(command)
        if (FailedRecordCount) throw new Error(`${FailedRecordCount} records were not taken`)
      }
    },
    async call(method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) {
      const response = await fetch(`${api}${path}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = /json/.test(response.headers.get('content-type') ?? '')
      return {
        status: response.status,
        body: isJson ? JSON.parse(text) : text,
      } satisfies Answer
    },
    /** As the README has an integrator get one. */
    async token(client: string): Promise<string> {
      const data = `${prefix}-data`
      const ClientId = output(data, `UserPoolClientId${client}`)
      const UserPoolId = new URL(output(data, 'IssuerUrl')).pathname.slice(1)
      const { UserPoolClient } = await cognito.send(
        new DescribeUserPoolClientCommand({ ClientId, UserPoolId }),
      )
      const basic = Buffer.from(`${ClientId}:${UserPoolClient?.ClientSecret}`).toString('base64')
      const response = await fetch(`${endpoint}/oauth2/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
      return answerSchema.parse(await response.json()).access_token
    },
    async invoke(functionName: string, payload: unknown): Promise<unknown> {
      const Payload = Buffer.from(JSON.stringify(payload))
      const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }))
      const told: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null')
      if (answer.FunctionError) throw new Error(`${functionName} failed: ${JSON.stringify(told)}`)
      return told
    },
    /** What Athena has been asked and has answered: the execution's id. */
    async ask(sql: string): Promise<string> {
      const asked = await athena.send(new StartQueryExecutionCommand({ QueryString: sql, WorkGroup: prefix }))
      const { QueryExecutionId = '' } = asked
      await until('the query is answered', async () => {
        const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
        return QueryExecution?.Status?.State === 'SUCCEEDED'
      })
      return QueryExecutionId
    },
    /** Lines of what functions have logged that have this in them. */
    async logged(pattern: RegExp): Promise<string[]> {
      const found: string[] = []
      for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
        for (const { logGroupName } of logGroups)
          for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName }))
            for (const { message = '' } of events)
              if (pattern.test(message)) found.push(`${logGroupName}: ${message}`)
      return found
    },
    close() {
      for (const client of [kinesis, lambda, cognito, logs, athena]) client.destroy()
    },
  }
}
