/** DuckDB does not know `$["a b"]`, it writes `$."a b"`. */
const duckPath = `system.main.regexp_replace(path, '\\["([^"]*)"\\]', '."\\1"', 'g')`

/**
 * Trino's functions that DuckDB lacks, or has with another meaning under the same name, as DuckDB's macros: by name,
 * one body for each number of parameters. What is meant is in Trino's documentation ("Functions and operators");
 * `system.main` is where DuckDB's own of the same name is.
 */
export const macros: Readonly<Record<string, readonly string[]>> = {
  // Conditions: Trino's are null as soon as one value is.
  greatest: nullIfAnyIs('greatest'),
  least: nullIfAnyIs('least'),

  // Strings
  replace: [
    `(s, search) as system.main.replace(s, search, '')`,
    '(s, search, other) as system.main.replace(s, search, other)',
  ],
  substr: upTo(3, 2, outsideIsEmpty),
  substring: upTo(3, 2, outsideIsEmpty),
  concat: upTo(10, 2, (names) => names.join(' || ')),
  codepoint: ['(s) as unicode(s)'],
  levenshtein_distance: ['(a, b) as levenshtein(a, b)'],
  split_part: [
    `(s, delimiter, n) as case when n > len(string_split(s, delimiter)) then null
      else system.main.split_part(s, delimiter, n) end`,
  ],
  regexp_like: ['(s, pattern) as regexp_matches(s, pattern)'],
  regexp_extract: [
    '(s, pattern) as case when regexp_matches(s, pattern) then system.main.regexp_extract(s, pattern) end',
    `(s, pattern, n) as case when regexp_matches(s, pattern)
      then nullif(system.main.regexp_extract(s, pattern, n), '') end`,
  ],
  regexp_replace: [
    `(s, pattern) as system.main.regexp_replace(s, pattern, '', 'g')`,
    `(s, pattern, replacement) as system.main.regexp_replace(s, pattern,
      system.main.regexp_replace(replacement, '\\$(\\d)', '\\\\\\1', 'g'), 'g')`,
  ],
  regexp_split: ['(s, pattern) as string_split_regex(s, pattern)'],
  to_utf8: ['(s) as encode(s)'],
  from_utf8: ['(b) as decode(b)'],
  to_hex: ['(b) as hex(b)'],
  from_hex: ['(s) as unhex(s)'],
  md5: ['(b) as unhex(system.main.md5(b))'],
  sha256: ['(b) as unhex(system.main.sha256(b))'],
  url_extract_host: [
    `(url) as case when not regexp_matches(url, '[\\s<>"{}|^\`\\\\]') then system.main.regexp_extract(url,
      '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:@]*)(?::\\d*)?(?:[/?#]|$)', 1) end`,
  ],

  // JSON: what is no JSON, or not there, or not a scalar, is null.
  json_parse: ['(s) as cast(s as json)'],
  json_extract: [`(j, path) as case when json_valid(j) then system.main.json_extract(j, ${duckPath}) end`],
  json_extract_scalar: [
    `(j, path) as case when json_valid(j) and json_type(j, ${duckPath}) not in ('OBJECT', 'ARRAY')
      then json_extract_string(j, ${duckPath}) end`,
  ],
  json_array_length: [
    `(j) as case when json_valid(j) and json_type(j) = 'ARRAY'
      then cast(system.main.json_array_length(j) as bigint) end`,
  ],

  // Arrays and maps
  cardinality: ['(x) as cast(len(x) as bigint)'],
  element_at: ['(x, i) as x[i]'],
  contains: [
    `(l, x) as case when list_contains(l, x) then true
      when x is not null and list_count(l) = len(l) then false end`,
  ],
  array_sort: [`(l) as list_sort(l, 'ASC', 'NULLS LAST')`],
  array_distinct: ['(l) as list_filter(l, (x, i) -> list_position(l, x) = i)'],
  array_union: [
    '(a, b) as list_filter(list_concat(a, b), (x, i) -> list_position(list_concat(a, b), x) = i)',
  ],
  array_except: [
    '(a, b) as list_filter(a, (x, i) -> list_position(a, x) = i and list_position(b, x) is null)',
  ],
  array_intersect: ['(a, b) as list_sort(list_intersect(a, b))'],
  arrays_overlap: ['(a, b) as list_has_any(a, b)'],
  array_max: ['(l) as case when list_count(l) = len(l) then list_max(l) end'],
  array_min: ['(l) as case when list_count(l) = len(l) then list_min(l) end'],
  array_position: [
    '(l, x) as case when l is not null and x is not null then coalesce(list_position(l, x), 0) end',
  ],
  array_remove: ['(l, x) as list_filter(l, e -> e <> x)'],
  array_join: [
    '(l, delimiter) as array_to_string(l, delimiter)',
    `(l, delimiter, other) as array_to_string(list_transform(l, x -> coalesce(cast(x as varchar), other)),
      delimiter)`,
  ],
  sequence: [
    '(a, b) as cast_to_type(generate_series(a, b), [a])',
    '(a, b, step) as cast_to_type(generate_series(a, b, step), [a])',
  ],
  slice: [
    `(l, i, n) as case when i > 0 then list_slice(l, i, i + n - 1)
      when -i > len(l) then l[1:0] else list_slice(l, len(l) + i + 1, len(l) + i + n) end`,
  ],
  repeat: ['(x, n) as list_transform(range(n), i -> x)'],
  zip: ['(a, b) as list_zip(a, b)'],
  // Around list_transform, whose lambda a macro cannot take.
  any_of: ['(l) as case when list_contains(l, true) then true when list_count(l) = len(l) then false end'],
  all_of: ['(l) as case when list_contains(l, false) then false when list_count(l) = len(l) then true end'],
  none_of: ['(l) as case when list_contains(l, true) then false when list_count(l) = len(l) then true end'],

  // Times: Trino counts whole units and knows none below a millisecond; DuckDB's date_diff counts boundaries.
  date_diff: [
    `(unit, a, b) as date_sub(unit, system.main.date_trunc('millisecond', a),
      system.main.date_trunc('millisecond', b))`,
  ],
  date_add: [
    `(unit, n, t) as cast_to_type(case unit
      when 'microsecond' then t + to_microseconds(n) when 'millisecond' then t + to_milliseconds(n)
      when 'second' then t + to_seconds(n) when 'minute' then t + to_minutes(n) when 'hour' then t + to_hours(n)
      when 'day' then t + to_days(n::integer) when 'week' then t + to_weeks(n::integer)
      when 'month' then t + to_months(n::integer) when 'quarter' then t + to_months((3 * n)::integer)
      when 'year' then t + to_years(n::integer)
      else error('''' || unit || ''' is not a valid Timestamp field') end, t)`,
  ],
  date_trunc: ['(unit, t) as cast_to_type(system.main.date_trunc(unit, t), t)'],
  date: ['(x) as cast(x as date)'],
  day_of_month: ['(t) as day(t)'],
  day_of_week: ['(t) as isodow(t)'],
  dow: ['(t) as isodow(t)'],
  day_of_year: ['(t) as dayofyear(t)'],
  doy: ['(t) as dayofyear(t)'],
  week_of_year: ['(t) as week(t)'],
  year_of_week: ['(t) as isoyear(t)'],
  yow: ['(t) as isoyear(t)'],
  millisecond: ['(t) as system.main.millisecond(t) % 1000'],
  last_day_of_month: ['(t) as last_day(t)'],
  from_iso8601_timestamp: ['(s) as cast(s as timestamptz)'],
  from_iso8601_date: ['(s) as cast(s as date)'],
  from_unixtime: ['(n) as make_timestamptz(system.main.round(n::double * 1000)::bigint * 1000)'],
  to_unixtime: ['(t) as epoch(t)'],

  // Numbers
  round: ['(x) as system.main.round(x)', '(x, n) as cast_to_type(system.main.round(x, n), x)'],
  // An approximation there; here, and there for few values, the value at this place.
  approx_percentile: [
    `(x, p) as (list_sort(list(x) filter (where x is not null)))[least(floor(p::double * count(x)),
      count(x) - 1)::bigint + 1]`,
  ],
  truncate: ['(x) as trunc(x)'],
  is_nan: ['(x) as isnan(x)'],
  is_finite: ['(x) as isfinite(x)'],
  is_infinite: ['(x) as isinf(x)'],
  infinity: [`() as 'Infinity'::double`],
  nan: [`() as 'NaN'::double`],
  e: ['() as exp(1.0::double)'],
  bitwise_and: ['(a, b) as a & b'],
  bitwise_or: ['(a, b) as a | b'],
  bitwise_xor: ['(a, b) as xor(a, b)'],
}

/** Before the first character of a string there is nothing, not the first character. */
function outsideIsEmpty([s, start, ...length]: string[]) {
  return `case when ${start} = 0 or ${start} < -length(${s}) then ''
      else system.main.substr(${[s, start, ...length].join(', ')}) end`
}

function nullIfAnyIs(name: string) {
  return upTo(6, 2, (names) => {
    const none = names.map((one) => `${one} is not null`).join(' and ')
    return `case when ${none} then system.main.${name}(${names.join(', ')}) end`
  })
}

function upTo(most: number, least: number, body: (names: string[]) => string) {
  return Array.from({ length: most - least + 1 }, (_, more) => {
    const names = Array.from({ length: least + more }, (_, at) => `v${at}`)
    return `(${names.join(', ')}) as ${body(names)}`
  })
}
