// Whole lists of a source that is listened to: what they no longer have is gone, what came in parts deletes nothing.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Batch } from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';
import { eventually } from '../../test/support/eventually.ts';
import { lineKind, openLineSource } from '../../test/support/line-kind.ts';
import { openMemoryStore } from '../../test/support/memory-store.ts';
import { mappingOf, PUSHED_MAPPINGS, pushedUnit } from '../../test/support/sample-push.ts';
import { sampleSync } from '../../test/support/sample-unit.ts';
import type { Log } from '../log.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import { toIso } from '../sync/open-run.ts';
import { listenToSource } from './listen-to-source.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NOW = Date.parse('2026-04-05T12:00:00Z');

/** Stations come as whole lists that are asked for each day, levels as they are. */
function listedFeeds() {
  const unit = pushedUnit();
  const types = unit.types.map((type) =>
    type.name === 'HydroStation'
      ? {
          ...type,
          deletes: { ...type.deletes, absence: true },
          forms: type.forms.map((form) => ({ ...form, sync: sampleSync('snapshot', { every: 'P1D' }) })),
        }
      : type,
  );
  return planFeeds({ ...unit, types }, PUSHED_MAPPINGS, () => lineKind.capabilities);
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function begin() {
  const memory = openMemoryStore();
  const source = openLineSource(0);
  const stopping = new AbortController();
  const asked: ReadonlyMap<string, number>[] = [];
  const listen: typeof source.listen = (take, options = {}) => {
    asked.push(options.every ?? new Map());
    return source.listen(take, options);
  };
  const end = listenToSource(listedFeeds(), {
    ...{ source: { ...source, listen }, store: memory.sync, clock: () => NOW, mappingOf, log: SILENT },
    ...{ holder: 'test', signal: stopping.signal },
  });
  closing.push(async () => {
    stopping.abort();
    await end;
  });
  await eventually(() => source.port() !== null, { what: 'listening' });
  const list = (names: readonly string[], change: Partial<Batch> = {}): Promise<void> =>
    source.bring({
      ...{ object: 'station', receivedAt: toIso(NOW), whole: true },
      records: names.map((stcd) => ({ stcd, stnm: stcd })),
      ...change,
    });
  const living = () =>
    [...memory.rows]
      .flatMap(([key, { gone }]) => (gone ? [] : [key.replace('HydroStation:', '')]))
      .toSorted();
  return { memory, list, living, asked };
}

describe('a whole list', () => {
  test('is asked for as often as its feed says, and takes away what it no longer has', async () => {
    const { memory, list, living, asked } = await begin();
    expect(asked).toEqual([new Map([['station', 86_400_000]])]);
    await list(['A', 'B', 'C']);
    expect(living()).toEqual(['A', 'B', 'C']);
    await list(['A', 'C', 'D']);
    expect(living()).toEqual(['A', 'C', 'D']);
    // Runs of their own between those that roll.
    expect(memory.runs.filter(({ state }) => state === 'succeeded')).toHaveLength(4);
  });

  test('of which parts come by themselves lands what they say, and takes nothing away', async () => {
    const { memory, list, living } = await begin();
    await list(['A', 'B', 'C']);
    const [feed] = listedFeeds();
    const before = feed && memory.markOf(feed.key);
    const { whole: _none, ...part } = { object: 'station', receivedAt: toIso(NOW), whole: true };
    await Promise.all([list(['D'], { ...part, records: [{ stcd: 'D' }] }), list(['A', 'B', 'C', 'D'])]);
    expect(living()).toEqual(['A', 'B', 'C', 'D']);
    expect(feed && memory.markOf(feed.key)).toEqual(before);
  });

  test('that would take away too much lands and is answered; its run waits for an operator', async () => {
    const { memory, list, living } = await begin();
    await list(['A', 'B', 'C']);
    await list(['D']);
    expect(living()).toEqual(['A', 'B', 'C', 'D']);
    expect(memory.runs.filter(({ state }) => state === 'failed')).toHaveLength(1);
    await list(['A', 'B', 'D']);
    expect(living()).toEqual(['A', 'B', 'D']);
  });

  test('that the store cannot take is not answered, and is taken when it comes again', async () => {
    const { memory, list, living } = await begin();
    await list(['A', 'B']);
    const commits = memory.pages.length;
    memory.beforeCommit = (commit) => {
      if (commit === commits + 1) throw new HubError('HUB_STORE_UNREACHABLE', 'the store is away');
    };
    await expect(list(['A'])).rejects.toMatchObject({ code: 'HUB_STORE_UNREACHABLE' });
    expect(living()).toEqual(['A', 'B']);
    await list(['A']);
    expect(living()).toEqual(['A']);
  });
});
