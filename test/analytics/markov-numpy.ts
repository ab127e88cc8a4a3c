import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Path } from './markov-paths.ts'

/** An interpreter that has numpy and ChannelAttribution. */
export const python = process.env.OMNIJOURNEY_PYTHON

/** Answers of a script beside this file to a question, both in JSON. */
export async function askPython(script: string, question: unknown): Promise<unknown> {
  const child = spawn(python ?? 'python3', [join(import.meta.dirname, script)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(question))
  const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
  return JSON.parse(answer.trimEnd().split('\n').at(-1) ?? '')
}

/** Removal effects by value. */
export async function numpyEffects(paths: readonly Path[], order: number): Promise<Record<string, number>> {
  const told = paths.map(({ touches, isConversion }) => [touches, isConversion])
  return z.record(z.string(), z.number()).parse(await askPython('markov.py', { paths: told, order }))
}
