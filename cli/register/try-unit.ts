// The dry run of a unit by a command: every source that can be asked is opened, a sample of each feed is read and mapped, and
// all is closed again.
import type { Source } from '../../connectors/kit/contract.ts';
import type { SourceSpec } from '../../connectors/kit/manifest/model.ts';
import type { Feed } from '../../jobs/plan/feed.ts';
import type { FeedTrial } from '../../jobs/trial/contract.ts';
import { tryFeed } from '../../jobs/trial/try-feed.ts';
import { toWait } from '../../jobs/wait.ts';
import { toSecretNames } from '../../jobs/worker/known-secrets.ts';
import type { OpenSources } from '../../jobs/worker/open-sources.ts';
import { toMillis } from '../../schema/duration.ts';
import type { PlannedUnit } from '../open-feeds.ts';
import type { Operator } from '../open-operator.ts';

/** Names of secrets that runnable feeds need and that are not to be had here. */
export function toMissingSecrets(
  { unit, feeds }: PlannedUnit,
  secret: Operator['secret'],
): readonly string[] {
  const read = new Set(feeds.filter((feed) => feed.unsupported === null).map(({ key }) => key.source));
  const names = unit.sources.filter(({ name }) => read.has(name)).flatMap(toSecretNames);
  return [...new Set(names)].filter((name) => secret(name) === undefined);
}

/** One feed after the other: a department's system answers one question at a time. */
export async function tryUnit(
  planned: PlannedUnit,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<readonly FeedTrial[]> {
  const asked = planned.feeds.filter(({ asks }) => asks !== 'batches');
  const sources = await planned.open(asked);
  const trials: FeedTrial[] = [];
  try {
    await letSettle(planned, asked, sources, signal);
    for (const feed of planned.feeds) {
      if (signal.aborted) break;
      const mapping = planned.mappingOf(feed);
      const isOpen = feed.asks !== 'batches' && feed.unsupported === null;
      const shared = { mapping, types: planned.unit.types, now, signal };
      trials.push(await tryFeed(feed, isOpen ? { ...shared, source: sources.of(feed) } : shared));
    }
  } finally {
    await sources.close();
  }
  return trials;
}

const LONGEST_SETTLE_MS = 60_000;
/** As the file kind has it. */
const DEFAULT_SETTLE_MS = 30_000;

// A file counts once it has been seen unchanged for as long as the manifest says (`stable`): all folders are looked at, and then
// once more after that time.
async function letSettle(
  { unit }: PlannedUnit,
  feeds: readonly Feed[],
  sources: OpenSources,
  signal: AbortSignal,
): Promise<void> {
  const dropped = feeds.filter(({ asks, unsupported }) => asks === 'deliveries' && unsupported === null);
  // What is wrong with a folder is told when its feed is tried.
  const look = ({ key }: Feed, source: Source) =>
    source.deliveries(key.object, { again: true, signal }).catch(() => undefined);
  await Promise.all(dropped.map((feed) => look(feed, sources.of(feed))));
  const names = new Set(dropped.map(({ key }) => key.source));
  const times = unit.sources.filter(({ name }) => names.has(name)).map(toSettleMs);
  if (times.length > 0) await toWait(Math.min(Math.max(...times) + 100, LONGEST_SETTLE_MS), signal);
}

function toSettleMs({ settings: { stable } }: SourceSpec): number {
  return typeof stable === 'string' ? toMillis(stable) : DEFAULT_SETTLE_MS;
}
