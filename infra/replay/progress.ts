const lineEveryMs = 3_000
const redrawEveryMs = 100
const barLength = 24

export type Terminal = { isTTY?: boolean; write(text: string): unknown }

export type SendingState = {
  sent: number
  /** Records taken from the source so far, which is `fraction` of it. */
  read: number
  fraction: number
  elapsedMs: number
  /** What the records have come to, if that says something. */
  at?: string
}

export type Progress = ReturnType<typeof createProgress>

/** A bar that redraws itself on a terminal; elsewhere, in a log, a line every few seconds. */
export function createProgress(terminal: Terminal, nowMs: () => number) {
  const live = terminal.isTTY === true
  let lastShownMs = live ? 0 : nowMs()
  let drawn = false

  function show(text: string) {
    if (nowMs() - lastShownMs < (live ? redrawEveryMs : lineEveryMs)) return
    lastShownMs = nowMs()
    drawn = true
    terminal.write(live ? `\r\x1b[K${text}` : `${text}\n`)
  }

  return {
    /** What was there before is handled first. */
    beginning: (behind: number) => show(`${behind} records from before still to be handled`),
    sending: (state: SendingState) => show(sendingText(state)),
    waiting: (behind: number) => show(`sent; ${behind} records still to be handled`),
    /** Leaves the line to others. */
    clear() {
      if (live && drawn) terminal.write('\r\x1b[K')
    },
  }
}

function sendingText({ sent, read, fraction, elapsedMs, at }: SendingState): string {
  const total = fraction > 0 ? Math.round(read / fraction) : read
  const filled = Math.round((sent / Math.max(total, 1)) * barLength)
  const bar = `${'#'.repeat(filled)}${'.'.repeat(barLength - filled)}`
  const rate = (sent / Math.max(elapsedMs, 1)) * 1000
  const left = rate > 0 ? Math.ceil((total - sent) / rate) : 0
  return `[${bar}] ${sent}/${fraction < 1 ? '~' : ''}${total}  ${Math.round(rate)}/s  ${left} s left${at === undefined ? '' : `  ${at}`}`
}
