import type { Endpoints } from './endpoints.ts'
import type { Client } from './issuer-clients.ts'

export interface Welcome {
  endpoints: Endpoints
  /** Whether callers need tokens. */
  auth: boolean
  clients: ReadonlyMap<string, Client>
}

/** What runs where, and the first things to try. */
export function welcome({ endpoints, auth, clients }: Welcome): string {
  const { api, kinesis, dynamodb, athena, s3, stepFunctions, issuer, token, stream, region } = endpoints
  const header = auth ? ` -H "authorization: Bearer $TOKEN"` : ''
  return `
omnijourney runs on this machine (Ctrl-C ends it; its state stays in .local)

  API             ${api}/v1   ${auth ? 'for callers with a token' : 'open to everybody here; npm start -- --auth asks for tokens'}
  Tokens          ${token ?? `by ${issuer}`}${token ? '   clients and their secrets: .local/clients.json' : ''}
  Status          ${api}/local/status
  Kinesis         ${kinesis}   stream ${stream}, region ${region}
  DynamoDB        ${dynamodb}
  Athena          ${athena}   and Firehose; npm run athena -- "select …"
  Step Functions  ${stepFunctions}   npm run analyse
  S3, SQS         ${s3}
  Events          .local/events.ndjson, what goes out on the event bus
  Logs            .local/logs
${auth ? firstToken(token, clients) : ''}
Send a first event:

  curl ${api}/v1/events${header} -H 'content-type: application/json' -d '{"id":"1","source":"pos/berlin/till-4","time":"${new Date().toISOString()}","channel":"store","type":"purchase","identifiers":[{"type":"loyalty_id","value":"L-77"}],"order":{"id":"R-1","total":19.9}}'

and ask who it was:

  curl ${api}/v1/customers/lookup${header} -H 'content-type: application/json' -d '{"type":"loyalty_id","value":"L-77"}'
`
}

function firstToken(token: string | null, clients: ReadonlyMap<string, Client>) {
  const [client] = clients.values()
  if (token === null) return '\nGet a token from the issuer, as TOKEN=…\n'
  if (!client) return '\nThere are no clients: name one in cdk.json, option access.clients.\n'
  const secret = `$(node -p 'require("./.local/clients.json")["${client.id}"]')`
  return `
Get a token, as the client ${client.id}:

  TOKEN=$(curl -s ${token} -u "${client.id}:${secret}" -d grant_type=client_credentials | node -p 'JSON.parse(require("fs").readFileSync(0)).access_token')
`
}
