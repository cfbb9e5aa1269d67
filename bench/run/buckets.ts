// A processor profile, summed to what an engineer asks of it: where the time of an answer goes. By the file in which a
// function stands, and where that says nothing (built into Node) by its caller.
import type { Profiler } from 'node:inspector';

export const BUCKETS = [
  'HTTP',
  'parse and validate',
  'plan',
  'SQL client',
  'assembly',
  'garbage',
  'other',
  'waiting',
] as const;
export type Bucket = (typeof BUCKETS)[number];

/** The first that matches the file of a function. Stitching's packages write subqueries and merge rows in one: they are assembly. */
const PLACES: readonly (readonly [RegExp, Bucket])[] = [
  [
    /node_modules\/graphql\/(language|validation|utilities\/(TypeInfo|typeFromAST|valueFromAST))/,
    'parse and validate',
  ],
  [/gateway\/policy\//, 'parse and validate'],
  [/gateway\/(compile|whole\/(plan-operation|whole-door|contract))/, 'plan'],
  [/gateway\/subschema\//, 'plan'],
  [
    /node_modules\/(pg|pg-protocol|pg-pool|pg-types|postgres-[a-z]+|pg-connection-string)\/|\/store\//,
    'SQL client',
  ],
  [
    /node_modules\/(graphql|@graphql-tools|dataloader|@whatwg-node)\/|gateway\/(stitch|whole)\/|spliced-text/,
    'assembly',
  ],
  [
    /node_modules\/(fastify|@fastify|@as-integrations|@apollo|find-my-way|light-my-request|avvio|pino|secure-json-parse|fast-[a-z-]+|reusify)\//,
    'HTTP',
  ],
  [/gateway\/(server|observe)\/|bench\//, 'HTTP'],
  [
    /^node:(internal\/)?(http|_http|net|stream|streams|internal\/stream|tls|url|buffer|string_decoder|events)|^node:_http|^node:internal\/(streams|http|url)/,
    'HTTP',
  ],
];

/** Share of the profile's time, by bucket; together 1. */
export function toShares({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): ReadonlyMap<Bucket, number> {
  const buckets = toBuckets(nodes);
  const own = toProfilers(nodes);
  const sums = new Map<Bucket, number>(BUCKETS.map((bucket) => [bucket, 0]));
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const bucket = buckets.get(id) ?? 'other';
    // The profiler's own beginning and end, which no answer waits for.
    if (own.has(id)) continue;
    const delta = Math.max(0, timeDeltas[index] ?? 0);
    sums.set(bucket, (sums.get(bucket) ?? 0) + delta);
    total += delta;
  }
  return new Map([...sums].map(([bucket, sum]) => [bucket, total === 0 ? 0 : sum / total]));
}

/** The functions in which most time was spent themselves, waiting left out: `function file:line`, share of the profile's time. */
export function toTop(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  count: number,
): readonly { readonly place: string; readonly share: number }[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, toPlace(callFrame)]));
  const own = toProfilers(nodes);
  const sums = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    if (own.has(id)) continue;
    const delta = Math.max(0, timeDeltas[index] ?? 0);
    total += delta;
    const place = names.get(id) ?? '';
    if (place !== '(idle)') sums.set(place, (sums.get(place) ?? 0) + delta);
  }
  return [...sums]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, count)
    .map(([place, sum]) => ({ place, share: sum / total }));
}

function toProfilers(nodes: readonly Profiler.ProfileNode[]): ReadonlySet<number> {
  const own = nodes.filter(({ callFrame }) => callFrame.functionName === 'dispatch' && callFrame.url === '');
  return new Set(own.map(({ id }) => id));
}

function toPlace({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']): string {
  if (url === '') return functionName;
  const file = url.replace(/^file:.*\/(node_modules|dist)\//, '');
  return `${functionName === '' ? '(anonymous)' : functionName} ${file}:${lineNumber + 1}`;
}

/** Of each node, by its id. */
function toBuckets(nodes: readonly Profiler.ProfileNode[]): ReadonlyMap<number, Bucket> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const buckets = new Map<number, Bucket>();
  const walk = (node: Profiler.ProfileNode, above: Bucket): void => {
    const bucket = toOwn(node.callFrame) ?? above;
    buckets.set(node.id, bucket);
    for (const child of node.children ?? []) {
      const below = byId.get(child);
      if (below !== undefined) walk(below, bucket);
    }
  };
  const [root] = nodes;
  if (root !== undefined) walk(root, 'other');
  return buckets;
}

function toOwn({ functionName, url }: Profiler.ProfileNode['callFrame']): Bucket | null {
  if (functionName === '(idle)') return 'waiting';
  if (functionName === '(garbage collector)') return 'garbage';
  return PLACES.find(([place]) => place.test(url))?.[1] ?? null;
}
