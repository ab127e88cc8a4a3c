export type Timestamp = {
  /** UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`, cut to the millisecond. */
  utc: string
  /** Minutes east of UTC as sent: what the clock on the wall showed is utc plus this. */
  offsetMinutes: number
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/

/** Reads an RFC 3339 date-time, which always has an offset; null if it is none or no such moment exists. */
export function parseTimestamp(text: string): Timestamp | null {
  const match = rfc3339.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinute] = match
  const offset = Number(offsetHours ?? 0) * 60 + Number(offsetMinute ?? 0)
  // `|| 0`: -00:00 is a legal offset, and -0 would not equal 0.
  const offsetMinutes = (sign === '-' ? -offset : offset) || 0

  const wall = new Date(0)
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  wall.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (wall.getUTCMonth() !== Number(month) - 1 || wall.getUTCDate() !== Number(day)) return null
  const milliseconds = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'))
  wall.setUTCHours(Number(hour), Number(minute) - offsetMinutes, Number(second), milliseconds)

  if (second === '60' && !startsMonth(wall)) return null
  const utc = wall.toISOString()
  return utc.length === 24 ? { utc, offsetMinutes } : null
}

/** A leap second ends a month in UTC; as in POSIX time it falls together with the first second of the next. */
function startsMonth(date: Date): boolean {
  return date.getUTCDate() === 1 && date.getUTCHours() === 0 && date.getUTCMinutes() === 0
}
