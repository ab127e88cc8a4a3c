import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { System } from './system.ts'

export type Client = System['clients'][number] & { secret: string }

const fileSchema = z.record(z.string(), z.string())

/** The clients of the templates, each with a secret that is made once and kept with the state. */
export function openClients(clients: System['clients'], directory: string): Map<string, Client> {
  const file = join(directory, 'clients.json')
  const kept = existsSync(file) ? fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const secrets = new Map(Object.entries(kept))
  const opened = clients.map((client) => {
    const secret = secrets.get(client.id) ?? randomBytes(32).toString('base64url')
    return [client.id, { ...client, secret }] as const
  })
  const known = opened.map(([id, { secret }]) => [id, secret])
  writeFileSync(file, JSON.stringify({ ...kept, ...Object.fromEntries(known) }, null, 2), { mode: 0o600 })
  return new Map(opened)
}
