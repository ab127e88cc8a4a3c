import { type HttpAnswer, jsonAnswer } from './http-event.ts'
import type { Client } from './issuer-clients.ts'

export interface TokenRequest {
  authorization: string | undefined
  /** The parameters, as a form sends them. */
  body: string
}

export interface TokenOptions {
  clients: ReadonlyMap<string, Client>
  sign(client: Client, scopes: readonly string[]): Promise<string>
}

/** The client credentials grant of Cognito's token endpoint; errors as in RFC 6749, 5.2. */
export async function answerToken(
  request: TokenRequest,
  { clients, sign }: TokenOptions,
): Promise<HttpAnswer> {
  const form = new URLSearchParams(request.body)
  const grant = form.get('grant_type')
  if (grant === null) return refused('invalid_request')
  const { id, secret } = credentialsOf(request.authorization, form)
  const client = clients.get(id)
  if (!client || client.secret !== secret) return refused('invalid_client')
  if (grant !== 'client_credentials') return refused('unsupported_grant_type')
  const wanted = form.get('scope')?.split(' ').filter(Boolean) ?? []
  if (wanted.some((scope) => !client.scopes.includes(scope))) return refused('invalid_scope')
  const token = await sign(client, wanted.length > 0 ? wanted : client.scopes)
  return jsonAnswer(200, { access_token: token, expires_in: client.validSeconds, token_type: 'Bearer' })
}

const refused = (error: string) => jsonAnswer(400, { error })

/** From the header or from the form. */
function credentialsOf(authorization: string | undefined, form: URLSearchParams) {
  const [, encoded] = /^basic +(\S+)$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined)
    return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { id, secret: rest.join(':') }
}
