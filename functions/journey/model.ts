import { createHash } from 'node:crypto'
import type { ModelDefinition, PhaseRule } from './model-definition.ts'
import { funnelNames, retailDefinition } from './retail.ts'

type PhaseOf = (touch: {
  type: string
  channel?: string | undefined
  dwellSeconds?: number | undefined
}) => string | null

/** A journey model: the phases in order, what belongs to which, and the windows. */
export type Model = Pick<ModelDefinition, 'name' | 'phases' | 'converts' | 'afterSales'> & {
  definition: ModelDefinition
  /** Of all that journeys depend on: of two models with the same one they are the same. */
  digest: string
  /** The phase of a touchpoint; null: none. */
  phaseOf: PhaseOf
  exposures: ReadonlySet<string>
  abandonedAfterMs: number
  afterSalesWindowMs: number
}

const dayMs = 24 * 60 * 60 * 1000

export function createModel(definition: ModelDefinition): Model {
  const { name, phases, converts, afterSales, types, exposures } = definition
  return {
    name,
    phases,
    converts,
    afterSales,
    definition,
    digest: digestOf(definition),
    phaseOf: phaseTeller(types),
    exposures: new Set(exposures),
    abandonedAfterMs: definition.abandonedAfterDays * dayMs,
    afterSalesWindowMs: definition.afterSalesWindowDays * dayMs,
  }
}

/** Raised when the fold itself comes to something else: what was folded before is folded anew, as by another model. */
const foldVersion = 3

/** Names and the order of what has none do not count. */
function digestOf({ phases, converts, afterSales, types, exposures, ...windows }: ModelDefinition): string {
  const { abandonedAfterDays, afterSalesWindowDays } = windows
  const content = [
    foldVersion,
    phases,
    converts,
    afterSales,
    Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)),
    [...exposures].sort(),
    abandonedAfterDays,
    afterSalesWindowDays,
  ]
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 6)
}

function phaseTeller(types: ModelDefinition['types']): PhaseOf {
  const byType = new Map(Object.entries(types))
  return (touch) => {
    const phase = byType.get(touch.type) ?? null
    if (phase === null || typeof phase === 'string') return phase
    return phase.find((rule) => fits(rule, touch))?.phase ?? null
  }
}

function fits({ channel, minDwellSeconds }: PhaseRule, touch: Parameters<PhaseOf>[0]): boolean {
  if (channel && (touch.channel === undefined || !channel.includes(touch.channel))) return false
  return minDwellSeconds === undefined || (touch.dwellSeconds ?? 0) >= minDwellSeconds
}

/** The contract's default model. */
export const retail = createModel(retailDefinition)

/** The names by which readers may ask for journeys of a model, its own first. */
export function modelNames({ name, definition }: Model): string[] {
  return definition === retailDefinition ? [name, 'funnel'] : [name]
}

/** A phase's name in the words asked for: only retail can be told in others. */
export function phaseName(phase: string, model: Model, words: string): string {
  return words === 'funnel' && model.digest === retail.digest ? (funnelNames[phase] ?? phase) : phase
}

export const onlineChannels: ReadonlySet<string> = new Set(['web', 'app', 'marketplace'])
