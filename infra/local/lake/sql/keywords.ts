/** Reserved in Trino's grammar: never the name of anything unless quoted. */
const reserved = new Set(
  `alter and as between by case cast constraint create cross cube current_catalog current_date current_path
  current_role current_schema current_time current_timestamp current_user deallocate delete describe distinct drop
  else end escape except execute exists extract false for from full group grouping having in inner insert intersect
  into is join left like localtime localtimestamp natural not null on or order outer prepare recursive right rollup
  select skip table then true try_cast uescape union unnest using values when where with`.split(/\s+/),
)

/** Not reserved, and before a bracket still no function: the grammar's, or types. */
const beforeBracket = new Set(
  'all any array char decimal lateral over rows sets some time timestamp varchar within'.split(' '),
)

/** Not reserved, and what follows may still be an expression. */
const beforeExpression = new Set('all any limit offset over rows range set some'.split(' '))

/** Names in Trino that DuckDB takes for words of a grammar of its own, unless they are quoted. */
const ownOfDuck = new Set(
  `analyse anti asof asymmetric at authorization binary check collate collation column columns concurrently default
  deferrable do foreign freeze generated glob ilike initially isnull lambda notnull overlaps pivot pivot_longer
  pivot_wider placing positional primary qualify references returning semi show similar struct summarize symmetric
  to unique unpack unpivot variadic verbose`.split(/\s+/),
)

export const mustBeQuoted = (word: string): boolean => ownOfDuck.has(word)
export const isReserved = (word: string): boolean => reserved.has(word)
export const takesBracket = (word: string): boolean => reserved.has(word) || beforeBracket.has(word)
export const takesExpression = (word: string): boolean => reserved.has(word) || beforeExpression.has(word)
