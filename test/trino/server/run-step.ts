import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** @throws Error with `problem` and what the program said, if it fails or is not there */
export async function runStep(program: string, args: readonly string[], problem: string): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text
    })
  const [code] = await once(child, 'close').catch((cause) => {
    throw new Error(`${problem}: ${program} cannot be run`, { cause })
  })
  if (code !== 0) throw new Error(`${problem}: ${program} ended with ${code}\n${said.slice(-3000)}`)
}
