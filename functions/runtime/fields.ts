import * as z from 'zod'

/** Fields that many shapes have: made once, for each schema that is made costs every start of a function. */
export const string = z.string()
export const stringOrNull = string.nullable()
export const optionalString = string.optional()
export const number = z.number()
export const numberOrNull = number.nullable()
export const optionalNumber = number.optional()
export const boolean = z.boolean()
