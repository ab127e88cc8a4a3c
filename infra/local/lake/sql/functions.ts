import { macros } from './macros.ts'

/** Functions that mean the same in Trino and in DuckDB. Those that are not here and no macro are refused. */
const same = new Set(
  `abs acos array_agg asin atan atan2 avg bool_and bool_or ceil ceiling chr coalesce concat_ws corr cos cosh
  count count_if covar_pop covar_samp cume_dist current_date day degrees dense_rank exp first_value flatten floor
  from_base64 hour if lag last_value lead length ln log log10 log2 lower lpad ltrim map map_entries
  map_from_entries map_keys map_values max min minute mod month now nth_value ntile nullif percent_rank pi position
  pow power quarter radians random rank regr_intercept regr_slope reverse row row_number rpad rtrim second sign sin
  sinh split sqrt starts_with stddev stddev_pop stddev_samp strpos sum tan tanh to_base64 translate trim try upper
  var_pop var_samp variance week year`.split(/\s+/),
)

/** The same under another name, also with `distinct`, `order by`, `filter` and `over`. */
export const renamed: Readonly<Record<string, string>> = {
  any_value: 'any_value',
  arbitrary: 'any_value',
  every: 'bool_and',
  filter: 'list_filter',
  listagg: 'string_agg',
  max_by: 'arg_max_null',
  min_by: 'arg_min_null',
  transform: 'list_transform',
}

/** Before the call, what takes it, and how often a bracket more must be closed. */
export const wrapped: Readonly<Record<string, string>> = {
  all_match: 'all_of(list_transform',
  any_match: 'any_of(list_transform',
  none_match: 'none_of(list_transform',
}

const ownMacros = new Set(['any_of', 'all_of', 'none_of'])

export function isKnownFunction(name: string): boolean {
  return (
    same.has(name) ||
    Object.hasOwn(renamed, name) ||
    Object.hasOwn(wrapped, name) ||
    name === 'approx_distinct' ||
    (Object.hasOwn(macros, name) && !ownMacros.has(name))
  )
}
