// How a type is, as it stands in hub.type_state: what every statement tells beside its rows, and what the units are judged by.

/** Times in milliseconds since 1970. */
export type TypeState = {
  readonly type: string;
  readonly completeMs: number | null;
  readonly failing: boolean;
  readonly landed: boolean;
};

/** The columns of a TypeState beside its `type`; `alias` is a row of hub.type_state, or null where there is none. */
export function toStateColumns(alias: string): string {
  return [
    `round(extract(epoch from ${alias}.last_complete_at) * 1000)::float8 as "completeMs"`,
    `${alias}.failing_since is not null as failing`,
    `coalesce(${alias}.rows_landed, 0) > 0 as landed`,
  ].join(', ');
}
