/** A view of the lake, for people: its text is in views/, in the SQL that Trino and the lake of one machine both run. */
export type LakeView = {
  name: string
  comment: string
  columns: readonly ViewColumn[]
}

/** @property type as Trino shows it, such as `decimal(18,4)` or `array(varchar)` */
export type ViewColumn = { name: string; type: string; comment: string }

export const column = (name: string, type: string, comment: string): ViewColumn => ({ name, type, comment })
