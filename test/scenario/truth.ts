import { chainsOf } from '../../functions/identity/chains.ts'
import { createEventSchema } from '../../functions/touchpoint/event.ts'
import { createRetailWorld, type RetailWorldOptions, truthKey } from '../../infra/demo/world.ts'
import { createSequentialWorld, settings } from '../identity/sequential.ts'
import { type Variant, type VariantName, variants } from './ablation.ts'
import { type Placement, type Scores, score } from './clustering.ts'

export type Finding = Scores & {
  /** Persons found, neutral ones of shared devices left out. */
  persons: number
  /** Nobody's touchpoints that were given to a person. */
  strays: number
}

/**
 * A retail world whose customers can be found by any variant of the rules. What is scored are the touchpoints that
 * truly are somebody's; one that was put with nobody or with a shared device's neutral person stands by itself.
 */
export function createTruthTrial(options: RetailWorldOptions) {
  const retail = createRetailWorld(options)
  const schema = createEventSchema(settings)
  const events = retail.events.map((sent) => schema.parse(sent))

  const resolve = (variant: Variant) => {
    const world = createSequentialWorld(variant)
    for (const event of events) world.send(event)
    return world
  }

  return {
    retail,
    events,
    resolve,
    find: (name: VariantName): Finding => {
      const world = resolve(variants[name])
      const persons = new Map<string, string>()
      for (const { event, nodeId } of world.stored()) {
        const { kind, personId } = world.personOf(nodeId)
        if (kind === 'person') persons.set(truthKey(event), personId)
      }
      const placements: Placement[] = []
      let strays = 0
      for (const [key, truly] of retail.truth) {
        const found = persons.get(key) ?? null
        if (truly !== null) placements.push({ truly, found })
        else if (found !== null) strays++
      }
      const count = world.persons().filter(({ kind }) => kind === 'person').length
      return { ...score(placements), persons: count, strays }
    },
    /** What could be found at best: whatever a customer's own identifiers connect, and nothing of anybody else's. */
    findAtBest: (): Finding => {
      const known = new Map(events.map((event) => [truthKey(event), event]))
      const { normalise } = variants['full rules']
      const touches = [...retail.truth].flatMap(([key, truly]) => {
        const event = truly === null ? undefined : known.get(key)
        if (!event || truly === null) return []
        const { identifiers } = normalise(event.identifiers, event.source)
        return [{ truly, names: identifiers.map(({ type, value }) => `${truly} ${type} ${value}`) }]
      })
      const isSilent = ({ names }: { names: string[] }) => names.length === 0
      const silent = touches.filter(isSilent)
      const groups = chainsOf(
        touches.filter((touch) => !isSilent(touch)),
        ({ names }) => names,
      )
      const placements = [
        ...groups.flatMap((group, at) => group.map(({ truly }) => ({ truly, found: String(at) }))),
        ...silent.map(({ truly }) => ({ truly, found: null })),
      ]
      return { ...score(placements), persons: groups.length, strays: 0 }
    },
  }
}
