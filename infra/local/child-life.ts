/**
 * For the processes that the runtime starts: they end with it, however it ends, and leave Ctrl-C, which the
 * terminal sends to all of them, to the runtime, so that it can finish what is in flight.
 */
export function liveWithParent(end: () => void) {
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', end)
  process.on('disconnect', end)
}

export function tellParentReady() {
  process.send?.('ready')
}
