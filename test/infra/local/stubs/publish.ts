/** Has nothing to do. */
export const handler = async () => null
