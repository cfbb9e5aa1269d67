// Two pushed feeds of one source (stations, and the levels that they send) with a heartbeat beside them: what the tests of
// listening share.
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import type { Feed } from '../../jobs/plan/feed.ts';
import { planFeeds } from '../../jobs/plan/plan-feeds.ts';
import { lineKind } from './line-kind.ts';
import { READING_MAPPING, STATION_MAPPING } from './sample-mapping.ts';
import { readingType, sampleSync, sampleUnit, stationType } from './sample-unit.ts';

export const PUSHED_MAPPINGS: readonly ObjectMapping[] = [
  { ...STATION_MAPPING, source: 'line', object: 'station', extends: [] },
  { ...READING_MAPPING, source: 'line', object: 'level' },
];

/** `port` as the manifest would have it; 0: any free one. */
export function pushedUnit(name = 'hydrology', port = 0): Unit {
  const pushed = (type: UnitType, object: string): UnitType => ({
    ...type,
    deletes: { ...type.deletes, absence: false },
    links: type.links.map((link) => ({ ...link, to: link.to === null ? null : { ...link.to, unit: name } })),
    forms: type.forms.map((form) => ({
      ...form,
      source: 'line',
      object,
      extend: [],
      sync: sampleSync('push', { every: null }),
    })),
  });
  const levels: UnitType = {
    ...readingType(),
    quiet: { feed: 'PT5M', thing: null, heartbeat: 'line.online' },
  };
  const unit = sampleUnit([pushed(stationType(), 'station'), pushed(levels, 'level')]);
  return {
    ...unit,
    unit: name,
    sources: unit.sources.map((source) => ({
      ...source,
      name: 'line',
      kind: 'socket',
      url: null,
      settings: { listen: { port, proto: 'tcp' } },
      objects: [],
    })),
  };
}

export function pushedFeeds(unit = pushedUnit()): readonly Feed[] {
  return planFeeds(unit, PUSHED_MAPPINGS, (kind) => (kind === 'socket' ? lineKind.capabilities : undefined));
}

export function mappingOf(feed: Feed): ObjectMapping {
  const found = PUSHED_MAPPINGS.find(({ object }) => object === feed.key.object);
  if (found === undefined) throw new Error(`no mapping for ${feed.name}`);
  return found;
}
