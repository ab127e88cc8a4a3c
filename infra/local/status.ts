import type { Follower } from './shard-follower.ts'
import type { State } from './state.ts'

const rounds = 3

/**
 * How many records some consumer still has to handle. It is 0 only if every stream was read after the
 * question, gave nothing, and nothing at all was fetched anywhere in the meantime: then no consumer did
 * anything that another one's empty read could have come too early for.
 */
export async function countBehind(followers: Follower[]): Promise<number> {
  const pending = () => followers.reduce((sum, follower) => sum + follower.pending(), 0)
  const activity = () => followers.reduce((sum, follower) => sum + follower.activity(), 0)
  for (let round = 0; round < rounds; round++) {
    const before = activity()
    if (pending() > 0) return pending()
    const looked = await Promise.all(followers.map((follower) => follower.lookAgain()))
    if (pending() > 0) return pending()
    if (looked.every(Boolean) && activity() === before) return 0
  }
  return 1
}

export async function readStatus(followers: Follower[], state: State) {
  const behind = await countBehind(followers)
  const accepted = state.counter('accepted')
  const duplicate = state.counter('duplicate')
  const quarantined = state.counter('quarantined')
  const received = accepted + duplicate + quarantined
  return { touchpoints: { received, accepted, duplicate, quarantined }, behind }
}
