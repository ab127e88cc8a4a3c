/** One line that says what is at work, where people look; lines that stay above it. */
export function createProgress(stream: NodeJS.WriteStream) {
  const clear = () => void (stream.isTTY && stream.write('\r\x1b[K'))
  return {
    clear,
    show(text: string) {
      if (stream.isTTY) stream.write(`\r\x1b[K${text}`)
    },
    line(text: string) {
      clear()
      stream.write(`${text}\n`)
    },
  }
}
