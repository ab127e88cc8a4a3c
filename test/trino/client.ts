import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'

export type TypeSignature = { rawType: string; arguments: { kind: string; value: unknown }[] }

const signature = z.object({
  rawType: z.string(),
  arguments: z.array(z.object({ kind: z.string(), value: z.unknown() })),
})

const answerSchema = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), typeSignature: signature })).optional(),
  data: z.array(z.array(z.unknown())).optional(),
  error: z.object({ message: z.string(), errorName: z.string() }).optional(),
  stats: z.object({
    elapsedTimeMillis: z.coerce.number(),
    physicalInputBytes: z.coerce.number(),
    peakMemoryBytes: z.coerce.number(),
  }),
})

export type Column = NonNullable<z.infer<typeof answerSchema>['columns']>[number]
/** What a statement took; bytes are those that it read from files. */
type Stats = z.infer<typeof answerSchema>['stats']
/** Numbers are as Trino wrote them, as text: JavaScript's own would lose digits. */
export type Result = { columns: Column[]; rows: unknown[][]; stats: Stats }

/** @throws Error with the message of Trino */
export type Trino = { query: (sql: string) => Promise<Result> }

/** Trino's client protocol. */
export function createTrino(url: string, schema = 'default'): Trino {
  const headers = {
    'x-trino-user': 'test',
    'x-trino-catalog': 'awsdatacatalog',
    'x-trino-schema': schema,
    'x-trino-time-zone': 'UTC',
    // Else timestamps are shown without microseconds.
    'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
  }
  return {
    async query(sql) {
      let answer = await ask(`${url}/v1/statement`, { method: 'POST', body: sql, headers })
      const result: Result = { columns: [], rows: [], stats: answer.stats }
      for (;;) {
        const { error, columns, data, nextUri, stats } = answer
        result.stats = stats
        if (error) throw new Error(`${error.errorName}: ${error.message}`)
        if (columns) result.columns = columns
        if (data) result.rows.push(...data)
        if (nextUri === undefined) return result
        answer = await ask(nextUri, { headers })
      }
    },
  }
}

async function ask(url: string, request: RequestInit): Promise<z.infer<typeof answerSchema>> {
  for (;;) {
    const response = await fetch(url, request)
    const text = await response.text()
    if (response.ok) return answerSchema.parse(JSON.parse(withQuotedNumbers(text)))
    // "Try again", says the protocol.
    if (![502, 503, 504].includes(response.status)) throw new Error(`HTTP ${response.status} ${text}`)
    await delay(50)
  }
}

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

const withQuotedNumbers = (json: string): string =>
  json.replace(stringOrNumber, (part) => (part.startsWith('"') ? part : `"${part}"`))
