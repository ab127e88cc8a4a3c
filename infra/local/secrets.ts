import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import { host } from './ports.ts'
import type { System } from './system.ts'

const fileSchema = z.record(z.string(), z.string())
const requestSchema = z.object({ SecretId: z.string() })
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** GetSecretValue for the secrets of the templates, each generated once and kept with the state. */
export async function serveSecrets(secrets: System['secrets'], options: { port: number; directory: string }) {
  const values = loadOrGenerate(secrets, join(options.directory, 'secrets.json'))
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, secrets, values)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, resolve)
  })
  return {
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(request: IncomingMessage, secrets: System['secrets'], values: Map<string, string>) {
  const body = requestSchema.safeParse(await json(request).catch(() => undefined))
  if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue' || !body.success) {
    return failure('InvalidRequestException', 'Only GetSecretValue is known on this machine')
  }
  const wanted = body.data.SecretId
  const secret = secrets.find(({ arn, name }) => wanted === arn || wanted === name)
  const value = secret && values.get(secret.id)
  if (!secret || value === undefined) return failure('ResourceNotFoundException', `No secret ${wanted}`)
  return {
    status: 200,
    body: {
      ARN: secret.arn,
      Name: secret.name,
      SecretString: value,
      VersionId: 'local',
      VersionStages: ['AWSCURRENT'],
    },
  }
}

function failure(code: string, message: string) {
  return { status: 400, body: { __type: code, message } }
}

function loadOrGenerate(secrets: System['secrets'], file: string) {
  const kept = existsSync(file) ? fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const values = new Map(Object.entries(kept))
  for (const { id, properties } of secrets) {
    const length = properties.GenerateSecretString.PasswordLength
    if (!values.has(id)) values.set(id, generate(length))
  }
  writeFileSync(file, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 })
  return values
}

function generate(length: number) {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
