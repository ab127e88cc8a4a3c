import { setTimeout as sleep } from 'node:timers/promises'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import type { Arguments, RemoteStream } from './arguments.ts'
import { createEntryMaker, type Entry } from './entry.ts'
import { ReplayFailure } from './failure.ts'
import { addressOf, createPut, type StreamAddress } from './kinesis.ts'
import { findLocalSystem } from './local-system.ts'
import { type Sending, sendAndFollow } from './outcome.ts'
import type { Progress } from './progress.ts'
import { reportLocal, reportRemote } from './report.ts'
import { sendAll } from './send.ts'
import { openSource, type Source } from './source.ts'

export type ReplayOptions = { endpointsFile: string; progress: Progress }

/** Sends a file and tells what became of it. */
export async function replay(
  { file, format, ordered, remote }: Arguments,
  options: ReplayOptions,
): Promise<string> {
  const source = await openSource(file, format)
  const fixedKey = ordered ? 'replay' : undefined
  return remote === undefined
    ? replayLocally(source, fixedKey, options)
    : replayRemotely(source, fixedKey, remote, options)
}

async function replayRemotely(
  source: Source,
  fixedKey: string | undefined,
  remote: RemoteStream,
  { progress }: ReplayOptions,
): Promise<string> {
  const { sent } = await send(source, fixedKey, { ...remote, endpoint: undefined }, progress)
  return reportRemote(sent)
}

async function replayLocally(
  source: Source,
  fixedKey: string | undefined,
  { endpointsFile, progress }: ReplayOptions,
): Promise<string> {
  const system = await findLocalSystem(endpointsFile)
  const outcome = await sendAndFollow(system, {
    send: () => send(source, fixedKey, addressOf(system), progress),
    sleep,
    onBehind: progress.waiting,
  })
  return reportLocal(outcome)
}

async function send(
  source: Source,
  fixedKey: string | undefined,
  address: StreamAddress,
  progress: Progress,
): Promise<Sending> {
  const nowMs = () => performance.now()
  const toEntry = createEntryMaker(settingsSchema.parse({}), { now: () => new Date(), fixedKey })
  let startedMs = nowMs()
  let read = 0
  let sent = 0
  async function* entries(): AsyncGenerator<Entry> {
    for await (const record of source.records) {
      // Some formats are read wholly before the first record.
      if (read++ === 0) startedMs = nowMs()
      yield toEntry(record)
    }
  }

  let lastArrivalMs = startedMs
  try {
    await sendAll(entries(), {
      put: createPut(address),
      sleep,
      nowMs,
      onArrived(count) {
        sent += count
        lastArrivalMs = nowMs()
        progress.sending({
          sent,
          read,
          fraction: source.fractionRead(),
          elapsedMs: lastArrivalMs - startedMs,
        })
      },
    })
  } catch (error) {
    // What was sent stays sent; sent again it will be duplicates.
    if (sent === 0 || !(error instanceof ReplayFailure)) throw error
    throw new ReplayFailure(`${error.message} (${sent} records had been sent)`, { cause: error })
  }
  return { sent, startedMs, lastArrivalMs }
}
