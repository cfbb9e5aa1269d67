// The hub's side of bench/sync.ts, a process of its own: hydrology's manifest as it stands, the kind, its resilience and
// the store as the worker wires them. Loads the stations, then measures the rain feed: first, again with nothing new, and
// the hourly late re-read with nothing new.
import { fileURLToPath } from 'node:url';
import { sqlKind } from '../../connectors/kinds/sql/sql-kind.ts';
import { openUnitFolder } from '../../connectors/kit/manifest/unit-folder.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { wallClock } from '../../connectors/kit/resilience/clock.ts';
import { toResilientSource } from '../../connectors/kit/resilience/to-resilient-source.ts';
import type { Feed } from '../../jobs/plan/feed.ts';
import { planFeeds } from '../../jobs/plan/plan-feeds.ts';
import { type RunReport, syncFeed } from '../../jobs/sync/sync-feed.ts';
import { keepHeapSmall } from '../../jobs/worker/keep-heap-small.ts';
import { openSources } from '../../jobs/worker/open-sources.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { openStore } from '../../store/open-store.ts';

export type WorkerReport = {
  readonly seconds: number;
  /** The process's peak so far, bytes: before the rain, and behind all of it. */
  readonly idleBytes: number;
  readonly peakBytes: number;
  readonly cpuSeconds: number;
  readonly againMs: number;
  readonly late: { readonly ms: number; readonly rows: number };
};

const STATIONS = 'fork/st_stbprp_b/snapshot';
const RAIN = 'fork/st_pptn_r/window';
/** The late re-read is due again after an hour. */
const LATER_MS = 3_700_000;

keepHeapSmall();
const [source = '', target = ''] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../../connectors/units/hydrology', import.meta.url));
const { unit } = await openUnitFolder(folder);
if (unit === null) throw new Error('connectors/units/hydrology/unit.yaml has errors');
const mappings = compileMappings(unit, { divisions: await openDivisions() });
const feeds = planFeeds(unit, mappings, () => sqlKind.capabilities);
const store = await openStore({ url: target });
await store.migrate([unit]);
const sources = await openSources(unit, feeds, {
  kinds: { sql: sqlKind },
  secrets: (name) => (name === 'HYDROLOGY_URL' ? source : undefined),
  protect: (opened, settings) => toResilientSource(opened, settings, wallClock),
});

const sync = async (name: string, ahead = 0): Promise<RunReport> => {
  const feed = feeds.find((one) => one.name === name);
  const mapping = mappings.find((one) => one.object === feed?.key.object);
  if (feed === undefined || mapping === undefined) throw new Error(`the manifest has no feed ${name}`);
  return syncFeed(feed as Feed, {
    source: sources.of(feed),
    mapping,
    store: store.sync,
    clock: () => Date.now() + ahead,
    signal: new AbortController().signal,
    reason: 'manual',
    holder: 'bench',
  });
};
const timed = async (name: string, ahead = 0) => {
  const begun = performance.now();
  const report = await sync(name, ahead);
  return { ms: performance.now() - begun, report };
};

try {
  await sync(STATIONS);
  const idleBytes = process.resourceUsage().maxRSS * 1024;
  const cpu = process.cpuUsage();
  const first = await timed(RAIN);
  const spent = process.cpuUsage(cpu);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const again = await timed(RAIN);
  const late = await timed(RAIN, LATER_MS);
  for (const { report } of [again, late])
    if (report.counts?.written !== 0) throw new Error('a run with nothing new has written');
  const answer: WorkerReport = {
    seconds: first.ms / 1000,
    idleBytes,
    peakBytes,
    cpuSeconds: (spent.user + spent.system) / 1e6,
    againMs: again.ms,
    late: { ms: late.ms, rows: late.report.counts?.read ?? 0 },
  };
  process.send?.(answer);
} finally {
  await sources.close();
  await store.close();
}
