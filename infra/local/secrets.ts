import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type AwsAnswer, awsFailure, serveAws } from './aws-server.ts'
import type { System } from './system.ts'

const fileSchema = z.record(z.string(), z.string())
const requestSchema = z.object({ SecretId: z.string() })
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** GetSecretValue for the secrets of the templates, each generated once and kept with the state. */
export async function serveSecrets(secrets: System['secrets'], options: { port: number; directory: string }) {
  const values = loadOrGenerate(secrets, join(options.directory, 'secrets.json'))
  const getSecretValue = (input: unknown) => answer(input, secrets, values)
  return serveAws(options.port, new Map([['secretsmanager.GetSecretValue', getSecretValue]]))
}

function answer(input: unknown, secrets: System['secrets'], values: Map<string, string>): AwsAnswer {
  const request = requestSchema.safeParse(input)
  if (!request.success) return awsFailure('InvalidRequestException', 'SecretId is missing')
  const wanted = request.data.SecretId
  const secret = secrets.find(({ arn, name }) => wanted === arn || wanted === name)
  const value = secret && values.get(secret.id)
  if (!secret || value === undefined) return awsFailure('ResourceNotFoundException', `No secret ${wanted}`)
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
