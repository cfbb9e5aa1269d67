// From a manifest to what is read: forms are grouped by source, object and strategy into feeds, in the order of the
// first load. Pure; the worker schedules what this returns, the sync reads one feed at a time.
import type { Capabilities, Condition } from '../../connectors/kit/contract.ts';
import type { Form, SourceKind, Sync, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { toMillis } from '../../schema/duration.ts';
import { HubError } from '../../schema/errors.ts';
import type { Asks, Feed, FeedExtend, LooseFeed, StagedFeed } from './feed.ts';
import {
  type FormOf,
  isOwnColumn,
  type TimeColumn,
  toCursorColumn,
  toKeyColumns,
  toTimeColumn,
} from './form-columns.ts';
import { toColumnUses, toMeaning } from './meaning.ts';
import { toStages } from './stages.ts';

/**
 * The feeds of a unit, in the order of the first load (by stage, then as the manifest names them). Feeds that this hub
 * cannot run yet are listed too, with the reason in `unsupported`. Throws HUB_MANIFEST_INVALID when types wait for each
 * other in a circle, and when a form's object has no compiled mapping.
 */
export function planFeeds(
  unit: Unit,
  mappings: readonly ObjectMapping[],
  capabilitiesOf: CapabilitiesOf = () => undefined,
): readonly Feed[] {
  const groups = new Map<string, FormOf[]>();
  for (const type of unit.types) {
    for (const form of type.forms) {
      const name = toFeedName(form.source, form.object, form.sync.strategy);
      groups.set(name, [...(groups.get(name) ?? []), { type, form }]);
    }
  }
  const feeds = [...groups].map(([name, forms]) => toFeed(unit, name, forms, mappings, capabilitiesOf));
  const staged = toStages(
    unit,
    feeds.map((feed) => ({ ...feed, unsupported: feed.unsupported ?? toRivalry(feed, feeds) })),
  );
  return staged.map((feed) => ({ ...feed, most: toMost(unit, feed, staged) }));
}

// A run makes one call at a time, so that feeds that run are calls in flight. A folder is no service that could be overrun, and what
// sends by itself is never called: whoever listens to it holds all its feeds at once.
function toMost(unit: Unit, { key, asks }: StagedFeed, feeds: readonly StagedFeed[]): number | null {
  if (asks === 'deliveries' || asks === 'batches') return null;
  const inFlight = unit.sources.find((source) => source.name === key.source)?.limits.inFlight ?? null;
  const running = feeds.filter((feed) => feed.key.source === key.source && feed.unsupported === null);
  return inFlight === null || running.length <= inFlight ? null : inFlight;
}

// A delivery is read once and put away: a second feed of its object would never see it.
function toRivalry({ name, asks, key }: LooseFeed, feeds: readonly LooseFeed[]): string | null {
  const rival = feeds.find(
    (other) => other.name !== name && other.key.source === key.source && other.key.object === key.object,
  );
  if (asks !== 'deliveries' || rival === undefined) return null;
  return `its files would be read as ${key.strategy} or as ${rival.key.strategy}, whichever looks first: give all forms of the object one strategy`;
}

/** What the kind of a source can do; undefined for a kind that this hub does not have (which is found when it is opened). */
export type CapabilitiesOf = (
  kind: SourceKind,
) =>
  | (Pick<Capabilities, 'spans' | 'deliveries' | 'listen'> & Partial<Pick<Capabilities, 'scan'>>)
  | undefined;

/** The name of a feed in its unit. */
export function toFeedName(source: string, object: string, strategy: Sync['strategy']): string {
  return `${source}/${object}/${strategy}`;
}

function toFeed(
  unit: Unit,
  name: string,
  forms: readonly FormOf[],
  mappings: readonly ObjectMapping[],
  capabilitiesOf: CapabilitiesOf,
): LooseFeed {
  const [first] = forms;
  const source = unit.sources.find((candidate) => candidate.name === first?.form.source);
  if (first === undefined || source === undefined)
    throw new HubError('HUB_MANIFEST_INVALID', `feed ${name} names a source that the unit does not have`, {
      place: { unit: unit.unit },
    });
  const { form } = first;
  if (!mappings.some((mapping) => mapping.source === form.source && mapping.object === form.object))
    throw new HubError('HUB_MANIFEST_INVALID', `no mapping was compiled for ${form.source}/${form.object}`, {
      place: { unit: unit.unit, source: form.source, object: form.object },
    });
  const types = [...new Set(forms.map(({ type }) => type))];
  const every = forms.flatMap((item) =>
    item.form.sync.every === null ? [] : [toMillis(item.form.sync.every)],
  );
  const asks = toAsks(form.sync.strategy, capabilitiesOf(source.kind));
  if (every.length === 0 && asks === 'deliveries') every.push(LOOK_MS);
  const { timeColumn, timeFormats, unsupported } = toBounds(asks, forms, every.length > 0);
  return {
    key: { unit: unit.unit, source: form.source, object: form.object, strategy: form.sync.strategy },
    name,
    types: types.map((type) => type.name),
    asks,
    unsupported,
    everyMs: every.length === 0 ? 0 : Math.min(...every),
    overlapMs: Math.max(...forms.map((item) => toMillis(item.form.sync.overlap))),
    lateMs: Math.max(...forms.map((item) => toMillis(item.form.sync.late))),
    backfillMs: Math.max(...types.map((type) => toMillis(type.backfill))),
    fromBeginning: form.sync.strategy === 'cursor' && types.some(({ role }) => role === 'thing'),
    timeColumn,
    timeFormats,
    zone: source.zone,
    filter: toFilter(forms.map((item) => item.form)),
    order: timeColumn === null || asks !== 'rows' ? [] : [timeColumn],
    keyHint: [...new Set(forms.flatMap(toKeyColumns))],
    pageRows: source.limits.rows,
    holdMs: toHoldMs(source.limits.timeout, forms),
    extends: toExtends(forms),
    scope: toScope(forms),
    heartbeats: toHeartbeats(form.source, types),
    uses: toColumnUses(unit, forms),
    meaning: toMeaning(unit, forms),
    absence:
      form.sync.strategy === 'snapshot'
        ? types.filter((type) => type.deletes.absence).map((type) => type.name)
        : [],
  };
}

function toScope(forms: readonly FormOf[]): readonly string[] {
  return forms[0]?.form.sync.scope ?? [];
}

const SHORTEST_HOLD_MS = 30_000;
/** Tries of one call, each waiting for a place and for the answer up to the time-out, and the pauses between them. */
const TRIES = 3;
const PAUSES_MS = 10_000;

// A page is one call for the object and one for each table that is joined to it. A lease that ends before its page would be
// taken over, and the one who took it over would be taken over: no page would ever be written.
function toHoldMs(timeout: string, forms: readonly FormOf[]): number {
  const calls = 1 + toExtends(forms).length;
  return Math.max(SHORTEST_HOLD_MS, calls * (TRIES * 2 * toMillis(timeout) + PAUSES_MS));
}

type Bounds = Pick<LooseFeed, 'timeColumn' | 'timeFormats' | 'unsupported'>;

/** Between two looks for deliveries, where the manifest does not say. */
const LOOK_MS = 10_000;

function toAsks(strategy: Sync['strategy'], can: ReturnType<CapabilitiesOf>): Asks {
  if (can?.deliveries) return 'deliveries';
  // A list of a source that only sends comes when it was asked for, over the same connection as all that it sends.
  if (can?.listen && (strategy === 'push' || (strategy === 'snapshot' && can.scan === false)))
    return 'batches';
  return can?.spans && (strategy === 'window' || strategy === 'cursor') ? 'span' : 'rows';
}

function toBounds(asks: Asks, forms: readonly FormOf[], polled: boolean): Bounds {
  const strategy = forms[0]?.form.sync.strategy;
  const plain = (unsupported: string | null): Bounds => ({ timeColumn: null, timeFormats: [], unsupported });
  const scopes = new Set(forms.map(({ form }) => form.sync.scope.join()));
  if (scopes.size > 1) return plain('its forms have different sync.scope: give all of them one');
  if (asks !== 'deliveries' && toScope(forms).length > 0)
    return plain('sync.scope needs lists that come as files: nothing else has captures in its name');
  if (asks === 'deliveries' && (strategy === 'push' || strategy === 'snapshot')) return plain(null);
  if (asks === 'batches') return plain(null);
  if (strategy === 'push') return plain('this hub cannot listen to a source of its kind yet');
  if (!polled) return plain(`strategy ${strategy} without sync.every`);
  if (asks === 'deliveries') return plain(`strategy ${strategy} does not fit deliveries`);
  if (strategy === 'snapshot' || (strategy === 'window' && asks === 'span')) return plain(null);
  const found = forms.map((form) =>
    strategy === 'cursor' ? toCursorColumn(form, asks === 'rows') : toTimeColumn(form),
  );
  return toOneColumn(found, plain);
}

function toOneColumn(found: readonly TimeColumn[], plain: (unsupported: string) => Bounds): Bounds {
  const columns = new Map<string, Bounds>();
  for (const one of found) {
    if ('reason' in one) return plain(one.reason);
    const { column, formats } = one;
    const name = formats.length === 0 ? column : `${column} (${formats.join(', ')})`;
    columns.set(name, { timeColumn: column, timeFormats: formats, unsupported: null });
  }
  const [bounds, ...more] = columns.values();
  if (bounds === undefined || more.length > 0)
    return plain(`its forms read different time columns: ${[...columns.keys()].join(', ')}`);
  return bounds;
}

// A condition may be left to the source only if no form of the feed could want a record that fails it; the mapping
// evaluates every form's own `where` again in any case.
function toFilter(forms: readonly Form[]): readonly Condition[] {
  const [first, ...rest] = forms.map(toPushable);
  if (first === undefined) return [];
  const text = JSON.stringify(first);
  return rest.every((other) => JSON.stringify(other) === text) ? first : [];
}

// Where a record becomes many (each, fan, unpivot), a condition is about the part and not about the record.
function toPushable(form: Form): readonly Condition[] {
  if (form.each !== null || form.fan !== null || form.unpivot !== null) return [];
  return form.where.filter((condition) => isOwnColumn(condition.column, form));
}

// `quiet.heartbeat` names source and object; another source's heart says nothing of this one.
function toHeartbeats(source: string, types: readonly UnitType[]): readonly string[] {
  const names = types.flatMap(({ quiet }) => quiet?.heartbeat ?? []);
  return [...new Set(names)]
    .filter((name) => name.startsWith(`${source}.`))
    .map((name) => name.slice(source.length + 1));
}

function toExtends(forms: readonly FormOf[]): readonly FeedExtend[] {
  const types = new Map<string, Set<string>>();
  for (const { type, form } of forms)
    for (const { as } of form.extend) types.set(as, (types.get(as) ?? new Set()).add(type.name));
  return [...types].map(([as, names]) => ({ as, types: [...names] }));
}
