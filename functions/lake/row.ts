/** A row as Firehose takes it: all columns of its table, null where there is nothing; times in microseconds. */
export type Row = Readonly<Record<string, unknown>>

/** Iceberg's timestamps through Firehose are microseconds since 1970. */
export const microseconds = (time: Date | string): number => new Date(time).getTime() * 1000
