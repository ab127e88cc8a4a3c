import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, expect, it, vi } from 'vitest'
import { awsSuccess, serveAws } from '../../../infra/local/aws-server.ts'

const server = await serveAws(0, new Map([['Things.Say', () => awsSuccess({ said: true })]]))
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
afterAll(async () => {
  agent.destroy()
  await server.close()
})

function ask(): Promise<{ answer: string; port: number | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ port: server.port, host: '127.0.0.1', method: 'POST', agent },
        headers: { 'x-amz-target': 'Things.Say' },
      },
      (response) => {
        const port = response.socket.localPort
        text(response).then((answer) => resolve({ answer, port }), reject)
      },
    )
    asked.on('error', reject)
    asked.end('{}')
  })
}

it('keeps a connection for a client that is busy for longer than servers usually wait', async () => {
  const first = await ask()
  const idleSince = Date.now()
  // Node.js closes after 5 s, unless told otherwise.
  await vi.waitUntil(() => Date.now() - idleSince > 7_000, { timeout: 10_000, interval: 100 })
  const second = await ask()
  expect(second).toEqual(first)
})
