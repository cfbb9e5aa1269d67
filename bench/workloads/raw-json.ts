// What the statements written by hand have in common: instants, places, freshness and divisions as the graph tells them.

export const POINT = `json_build_object('lon', r.location_lon, 'lat', r.location_lat)`;

/** `2026-04-05T00:00:00Z`; relies on whole seconds. */
export function toInstantSql(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

/** `age`: seconds since the type was last complete; `promise`: what its manifest promises, in seconds. */
export function toFreshnessSql(age: string, promise: number): string {
  return `case when ${age} <= ${promise} then 'LIVE' when ${age} <= ${promise * 3} then 'LATE' when ${age} <= ${promise * 24} then 'STALE' else 'DEAD' end`;
}
