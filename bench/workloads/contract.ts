// A workload: one question that every contender is asked, with variables that differ from request to request.

export type Variables = { readonly [name: string]: string | number };

/** One statement written by hand that makes the JSON text `data`; `binds`: the variables that are $1, $2 … of it. */
export type RawStatement = { readonly text: string; readonly binds: readonly string[] };

export type Workload = {
  readonly name: string;
  /** What is asked, for the report. */
  readonly title: string;
  /** Asked of the hub, of the hand-written server and, over subgraphs that have the hub's names, of the federation gateways. */
  readonly query: string;
  /** PostGraphile's arguments and scalars have other names; fields and shape of the answer are the same. */
  readonly postgraphile: string | null;
  /** Null: asked of remote sources, not of the database. */
  readonly raw: RawStatement | null;
  /** Requests in flight, unless the run says otherwise. */
  readonly connections: number;
  /** The variables of the request `index`. `newest`: the instant of the newest readings, UTC milliseconds since 1970. */
  toVariables(newest: number, index: number): Variables;
};

/** ISO 8601, UTC, whole seconds, as many before `newest` as said. */
export function toInstantBefore(newest: number, seconds: number): string {
  return new Date(newest - seconds * 1000).toISOString().replace('.000Z', 'Z');
}
