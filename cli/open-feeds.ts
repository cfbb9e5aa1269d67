// What a command that reads a unit's sources by itself begins with: the unit, its feeds as the worker plans them, and their
// sources, each behind its resilience.

import type { Unit } from '../connectors/kit/manifest/model.ts';
import { compileMappings } from '../connectors/kit/mapping/compile-mappings.ts';
import type { ObjectMapping } from '../connectors/kit/mapping/outcome.ts';
import { wallClock } from '../connectors/kit/resilience/clock.ts';
import { toResilientSource } from '../connectors/kit/resilience/to-resilient-source.ts';
import type { Feed } from '../jobs/plan/feed.ts';
import { findMapping } from '../jobs/plan/find-mapping.ts';
import { planFeeds } from '../jobs/plan/plan-feeds.ts';
import { type OpenSources, openSources } from '../jobs/worker/open-sources.ts';
import { toKinds } from './kinds.ts';
import { openLog } from './log.ts';
import { findUnit, type Operator } from './open-operator.ts';

export type PlannedUnit = {
  readonly unit: Unit;
  /** In the order of the first load. */
  readonly feeds: readonly Feed[];
  mappingOf(feed: Feed): ObjectMapping;
  /** Rejects with HUB_CONFIG_INVALID naming the secrets that are missing. */
  open(feeds: readonly Feed[]): Promise<OpenSources>;
};

/** Throws HUB_CONFIG_INVALID naming the units that there are. */
export function planUnit(operator: Operator, name: string): PlannedUnit {
  return planOf(operator, findUnit(operator, name));
}

/** Of a unit that need not take part yet. */
export function planOf(operator: Operator, unit: Unit): PlannedUnit {
  const { divisions, store, secret, privateTargets } = operator;
  const mappings = compileMappings(unit, { divisions });
  const kinds = toKinds(divisions, openLog({ logLevel: 'error' }, 'operator', 2), privateTargets);
  return {
    unit,
    feeds: planFeeds(unit, mappings, (kind) => kinds[kind]?.capabilities),
    mappingOf: (feed) => findMapping(mappings, feed),
    open: (feeds) =>
      openSources(unit, feeds, {
        kinds,
        secrets: secret,
        bookCall: (...call) => store.sync.bookCall(...call),
        protect: (source, settings) => toResilientSource(source, settings, wallClock),
      }),
  };
}
