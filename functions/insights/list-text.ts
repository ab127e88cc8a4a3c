/**
 * SQL for a list of texts as one text that `textsIn` reads: Athena's own says `[a, b]` of a list of one and of two. JSON
 * will not do, for `cast(… as json)` means something else in other engines.
 * @param list an expression; no element of it is null
 */
export const listText = (list: string): string =>
  `array_join(transform(${list}, part -> replace(replace(part, '\\', '\\\\'), ',', '\\,') || ','), '')`

export const textsIn = (text: string): string[] =>
  [...text.matchAll(/((?:[^\\,]|\\[\\,])*),/g)].map(([, part = '']) => part.replaceAll(/\\([\\,])/g, '$1'))
