import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { dynamodb, table } from './dynamodb.ts'

/** Shows all that journey wrote, and the secret. */
export async function handler() {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: table('JOURNEYS_TABLE') }))
  const input = { SecretId: process.env.HMAC_SECRET_ARN ?? '' }
  const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand(input))
  const journeys = Items.map(({ pk, sk, from }) => ({ key: `${pk?.S}/${sk?.S}`, from: from?.S }))
  return { statusCode: 200, body: JSON.stringify({ journeys, secret: SecretString }) }
}
