// The order of the first load: a feed whose rows wait for other rows, or carry them in their key, comes after those
// rows' feeds. Topological, in stages; used by plan-feeds.ts alone.
import type { Link, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import type { LooseFeed, StagedFeed } from './feed.ts';

/** A dependency of one feed on another and the types by which it came about. */
type Need = { readonly on: string; readonly type: string; readonly target: string };

/** The feeds with their stages and prerequisites, sorted by stage. Throws HUB_MANIFEST_INVALID naming a cycle. */
export function toStages(unit: Unit, feeds: readonly LooseFeed[]): readonly StagedFeed[] {
  const needs = new Map(feeds.map((feed) => [feed.name, toNeeds(unit, feed, feeds)]));
  const stages = new Map<string, number>();
  for (const feed of feeds) stageOf(feed.name, needs, stages, [], unit.unit);
  return feeds
    .map((feed) => ({
      ...feed,
      after: [...new Set((needs.get(feed.name) ?? []).map((need) => need.on))],
      stage: stages.get(feed.name) ?? 0,
    }))
    .sort((left, right) => left.stage - right.stage);
}

// Depth first; `path` holds the needs that led here, so that a cycle can be named in the words of the manifest.
function stageOf(
  name: string,
  needs: ReadonlyMap<string, readonly Need[]>,
  stages: Map<string, number>,
  path: readonly Need[],
  unit: string,
): number {
  const known = stages.get(name);
  if (known !== undefined) return known;
  let stage = 0;
  for (const need of needs.get(name) ?? []) {
    const begun = path.findIndex((earlier) => earlier.on === need.on);
    const next = [...path, need];
    if (begun >= 0) throw toCycleError(next.slice(begun + 1), unit);
    stage = Math.max(stage, stageOf(need.on, needs, stages, next, unit) + 1);
  }
  stages.set(name, stage);
  return stage;
}

function toCycleError(cycle: readonly Need[], unit: string): HubError {
  const steps = cycle.map((need) => `${need.type} waits for ${need.target} (${need.on})`);
  return new HubError(
    'HUB_MANIFEST_INVALID',
    `unit ${unit}: the first load has no order: ${steps.join(', ')}; give one of these links onMissing: keep, or take it out of the key`,
    { place: { unit } },
  );
}

// A feed that waits for itself (a tree in one table) is no cycle: its records are replayed by its next run.
function toNeeds(unit: Unit, feed: LooseFeed, feeds: readonly LooseFeed[]): readonly Need[] {
  if (!isLoaded(feed)) return [];
  return unit.types
    .filter((type) => feed.types.includes(type.name))
    .flatMap((type) =>
      type.links
        .filter((link) => isOrdering(link, type, unit.unit))
        .flatMap((link) =>
          feeds
            .filter((other) => isLoaded(other) && other.name !== feed.name)
            .filter((other) => other.types.includes(link.to?.type ?? ''))
            // A type that comes from both feeds is no dependency of one on the other.
            .filter((other) => !other.types.includes(type.name))
            .map((other) => ({ on: other.name, type: type.name, target: link.to?.type ?? '' })),
        ),
    );
}

// What is listened to has no first load: nobody waits for it, and it waits for nobody. Its records wait, one by one.
function isLoaded({ unsupported, asks }: LooseFeed): boolean {
  return unsupported === null && asks !== 'batches';
}

function isOrdering(link: Link, type: UnitType, unit: string): boolean {
  if (link.to === null || link.to.unit !== unit) return false;
  return link.onMissing === 'wait' || type.key.includes(link.name);
}
