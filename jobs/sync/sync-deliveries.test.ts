// One run a file: what is taken, refused, passed over and left lying, over a folder and a store in memory.
import { describe, expect, test } from '@jest/globals';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';
import { type MemoryFile, openMemoryFolder } from '../../test/support/memory-folder.ts';
import { openMemoryStore } from '../../test/support/memory-store.ts';
import { NOW, stations } from '../../test/support/sample-city.ts';
import { STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import type { Feed } from '../plan/feed.ts';
import { syncFeed } from './sync-feed.ts';

const DROPS: Feed = {
  ...stations,
  key: { ...stations.key, strategy: 'push' },
  asks: 'deliveries',
  absence: [],
};
const LISTS: Feed = { ...stations, asks: 'deliveries' };

const toFile = (name: string, codes: readonly string[], change: Partial<MemoryFile> = {}): MemoryFile => ({
  id: `/drop/${name}`,
  name,
  receivedAt: '2026-04-05T00:00:00Z',
  rows: codes.map((stcd): SourceRecord => ({ stcd, stnm: `站${stcd}` })),
  ...change,
});

function openWorld(feed: Feed, files: readonly MemoryFile[], mapping = STATION_MAPPING) {
  const folder = openMemoryFolder(files);
  const store = openMemoryStore();
  const stopping = new AbortController();
  const run = () =>
    syncFeed(feed, {
      source: folder,
      // Its extended table is no part of a file.
      mapping: { ...mapping, extends: [] },
      store: store.sync,
      clock: () => NOW,
      signal: stopping.signal,
      reason: 'schedule',
      holder: 'test',
    });
  const keys = () => [...store.rows].filter(([, { gone }]) => !gone).map(([name]) => name.split(':')[1]);
  return { folder, store, run, keys, stop: () => stopping.abort() };
}

describe('files that add rows', () => {
  test('are read one after the other, a run each, and put away', async () => {
    const world = openWorld(DROPS, [toFile('1.csv', ['A', 'B', 'C']), toFile('2.csv', ['D'])]);
    expect(await world.run()).toMatchObject({ state: 'succeeded', refused: [] });
    expect(world.keys()).toEqual(['A', 'B', 'C', 'D']);
    expect(world.folder.settled).toEqual([
      { name: '1.csv', state: 'taken' },
      { name: '2.csv', state: 'taken' },
    ]);
    expect(world.store.runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  });

  test('an empty folder opens no run: it is no sign of life', async () => {
    const world = openWorld(DROPS, []);
    expect(await world.run()).toMatchObject({ state: 'idle', run: null });
    expect(world.store.runs).toEqual([]);
  });

  test('an empty folder is no reason to let records lie that may land now', async () => {
    const world = openWorld(DROPS, [toFile('1.csv', ['B'])]);
    await world.run();
    world.store.waiting.set('HydroStation:A', {
      id: 'HydroStation:A HydroStation:B',
      type: 'HydroStation',
      record: { stcd: 'A', stnm: '站A' },
      digest: null,
      receivedAt: '2026-04-05T00:00:00Z',
      seenAt: '2026-04-05T00:00:00Z',
      seenIn: '1',
    });
    expect(await world.run()).toMatchObject({ state: 'idle', run: '2' });
    expect(world.keys()).toEqual(['B', 'A']);
    expect(await world.run()).toMatchObject({ state: 'idle', run: null });
  });

  test('a file without rows is one', async () => {
    const world = openWorld(DROPS, [toFile('empty.csv', [])]);
    expect(await world.run()).toMatchObject({ state: 'succeeded' });
    expect(world.store.markOf(DROPS.key).watermark).toBe('2026-04-05T12:00:00Z');
    expect(world.folder.settled).toEqual([{ name: 'empty.csv', state: 'taken' }]);
  });

  test.each(['HUB_SOURCE_ENCODING', 'HUB_SOURCE_FORMAT', 'HUB_SOURCE_LIMIT'] as const)(
    'one that cannot be read (%s) is refused and the rest goes on',
    async (code) => {
      const fault = new HubError(code, 'line 3: gb18030 would fit');
      const world = openWorld(DROPS, [
        toFile('1.csv', ['A']),
        toFile('2.csv', ['B'], { fault }),
        toFile('3.csv', ['C']),
      ]);
      const report = await world.run();
      expect(report).toMatchObject({ state: 'succeeded', refused: [{ delivery: '2.csv', error: fault }] });
      expect(world.keys()).toEqual(['A', 'C']);
      expect(world.folder.settled.map(({ state }) => state)).toEqual(['taken', 'refused', 'taken']);
      expect(world.store.runs.map(({ state }) => state)).toEqual(['succeeded', 'failed', 'succeeded']);
    },
  );

  test('one that lacks a column is refused before a row of it is written, naming file and column', async () => {
    const lacks = (record: SourceRecord) => (Object.hasOwn(record, 'stnm') ? [] : ['stnm']);
    const world = openWorld(
      DROPS,
      [toFile('1.csv', [], { rows: [{ stcd: 'A' }, { stcd: 'B' }] }), toFile('2.csv', ['C'])],
      { ...STATION_MAPPING, lacks },
    );
    const { refused } = await world.run();
    expect(refused.map(({ error }) => [error.code, error.message])).toEqual([
      ['HUB_MAP_SHAPE', expect.stringContaining('1.csv has no column stnm')],
    ]);
    expect(world.keys()).toEqual(['C']);
  });

  test('a folder that is away and a store that dies leave the file where it is, for the next run', async () => {
    const away = new HubError('HUB_SOURCE_UNREACHABLE', 'the folder is away');
    const world = openWorld(DROPS, [toFile('1.csv', ['A', 'B', 'C'])]);
    const { deliveries } = world.folder;
    world.folder.deliveries = async () => {
      throw away;
    };
    await expect(world.run()).rejects.toBe(away);
    world.folder.deliveries = deliveries;
    world.store.beforeCommit = (commit) => {
      if (commit === 2) throw new HubError('HUB_STORE_UNREACHABLE', 'the store is away');
    };
    await expect(world.run()).rejects.toMatchObject({ code: 'HUB_STORE_UNREACHABLE' });
    expect(world.folder.settled).toEqual([]);
    world.store.beforeCommit = () => undefined;
    // Read from its beginning: what was written of it already stays as it is.
    expect((await world.run()).counts).toMatchObject({ read: 3, written: 1, unchanged: 2 });
    expect(world.folder.settled).toEqual([{ name: '1.csv', state: 'taken' }]);
  });

  describe('a folder that cannot be looked at', () => {
    const away = new HubError('HUB_SOURCE_UNREACHABLE', 'the folder is away');
    const toStates = (world: ReturnType<typeof openWorld>) => world.store.runs.map(({ state }) => state);
    const openAway = (files: readonly MemoryFile[]) => {
      const world = openWorld(DROPS, files);
      const { deliveries } = world.folder;
      const leave = () => {
        world.folder.deliveries = async () => {
          throw away;
        };
      };
      const comeBack = () => {
        world.folder.deliveries = deliveries;
      };
      return { world, leave, comeBack };
    };

    test('is a run that failed, and well again once it is seen, though nothing lies in it', async () => {
      const { world, leave, comeBack } = openAway([]);
      leave();
      await expect(world.run()).rejects.toBe(away);
      expect(world.store.runs).toMatchObject([{ state: 'failed', error: away }]);
      comeBack();
      const mark = world.store.markOf(DROPS.key);
      expect(await world.run()).toMatchObject({ state: 'idle', run: '2' });
      expect(toStates(world)).toEqual(['failed', 'succeeded']);
      expect(world.store.markOf(DROPS.key)).toEqual(mark);
      expect(await world.run()).toMatchObject({ state: 'idle', run: null });
    });

    test('lets no refused file be forgotten: only one that is read mends that', async () => {
      const fault = new HubError('HUB_SOURCE_ENCODING', 'line 3: gb18030 would fit');
      const { world, leave, comeBack } = openAway([toFile('1.csv', ['A'], { fault })]);
      await world.run();
      leave();
      await expect(world.run()).rejects.toBe(away);
      comeBack();
      expect(await world.run()).toMatchObject({ state: 'idle', run: null });
      expect(world.store.runs).toMatchObject([{ state: 'failed', error: fault }]);
      world.folder.files.push(toFile('2.csv', ['B']));
      await world.run();
      expect(toStates(world)).toEqual(['failed', 'succeeded']);
    });

    test('is no fault of the folder when the worker stops', async () => {
      const { world, leave } = openAway([]);
      leave();
      world.stop();
      await expect(world.run()).rejects.toBe(away);
      expect(world.store.runs).toEqual([]);
    });
  });

  test('a worker that is told to stop finishes its page and leaves the file for the next one', async () => {
    const world = openWorld(DROPS, [toFile('1.csv', ['A', 'B', 'C']), toFile('2.csv', ['D'])]);
    world.store.afterCommit = () => world.stop();
    expect(await world.run()).toMatchObject({ state: 'stopped' });
    expect(world.keys()).toEqual(['A', 'B']);
    expect(world.folder.settled).toEqual([]);
  });
});

describe('files that are whole lists', () => {
  test('the newest is read, the others are passed over, and what it lacks is gone', async () => {
    const world = openWorld(LISTS, [toFile('1.csv', ['A', 'B', 'C'])]);
    await world.run();
    world.folder.files.push(toFile('2.csv', ['A']), toFile('3.csv', ['A', 'B', 'D']));
    expect((await world.run()).counts).toMatchObject({ read: 3, written: 1, deleted: 1 });
    expect(world.folder.readings).toEqual(['1.csv', '3.csv']);
    expect(world.folder.settled.slice(1)).toEqual([
      { name: '2.csv', state: 'passed' },
      { name: '3.csv', state: 'taken' },
    ]);
    expect(world.keys()).toEqual(['A', 'B', 'D']);
  });

  test.each([1, 2])(
    'a worker that is cut off at putting away (%i) never leaves an older list to be read',
    async (call) => {
      const files = [
        toFile('1.csv', ['A', 'B']),
        toFile('2.csv', ['A', 'C']),
        toFile('3.csv', ['A', 'B', 'C']),
      ];
      const world = openWorld(LISTS, files);
      const { settle } = world.folder;
      let calls = 0;
      world.folder.settle = async (...given) => {
        calls += 1;
        if (calls === call) throw new HubError('HUB_SOURCE_UNREACHABLE', 'cut off');
        return settle(...given);
      };
      await expect(world.run()).rejects.toThrow('cut off');
      await world.run();
      expect(world.keys()).toEqual(['A', 'B', 'C']);
      expect(new Set(world.folder.readings)).toEqual(new Set(['3.csv']));
      expect(world.folder.files).toEqual([]);
    },
  );

  test('one that the delete brake holds back is left alone until another list comes', async () => {
    const world = openWorld(LISTS, [toFile('1.csv', ['A', 'B', 'C'])]);
    await world.run();
    world.folder.files.push(toFile('2.csv', ['A']));
    await expect(world.run()).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
    const { length } = world.store.runs;
    expect(await world.run()).toMatchObject({ state: 'idle', run: null });
    expect(world.store.runs).toHaveLength(length);
    expect(world.folder.settled).toEqual([{ name: '1.csv', state: 'taken' }]);
    world.folder.files.push(toFile('3.csv', ['A', 'B']));
    expect(await world.run()).toMatchObject({ state: 'succeeded' });
    expect(world.keys()).toEqual(['A', 'B']);
  });

  test('a worker that is told to stop behind the newest puts the older ones away all the same', async () => {
    const world = openWorld(LISTS, [toFile('1.csv', ['A']), toFile('2.csv', ['B'])]);
    world.store.afterCommit = () => world.stop();
    await world.run();
    expect(world.folder.settled.map(({ name }) => name)).toEqual(['1.csv', '2.csv']);
    expect(world.keys()).toEqual(['B']);
  });

  test('one that goes back to what it was before is read again: it is what is there now', async () => {
    const before = toFile('list.csv', ['A', 'B', 'C']);
    const world = openWorld(LISTS, [before]);
    await world.run();
    world.folder.files.push(toFile('list.csv', ['A', 'B', 'D'], { id: '/drop/list.csv#2' }));
    await world.run();
    expect(world.keys()).toEqual(['A', 'B', 'D']);
    world.folder.files.push(before);
    await world.run();
    expect(world.keys()).toEqual(['A', 'B', 'C']);
  });

  test('one that is older than what was taken before is put away unread, however late it arrives', async () => {
    const at = (hour: number) => ({ receivedAt: `2026-04-05T0${hour}:00:00Z` });
    const world = openWorld(LISTS, [toFile('2.csv', ['A', 'B', 'C'], at(2))]);
    await world.run();
    world.folder.files.push(toFile('1.csv', ['A', 'B'], at(1)));
    expect(await world.run()).toMatchObject({ state: 'idle', outdated: ['1.csv'] });
    expect(world.keys()).toEqual(['A', 'B', 'C']);
    expect(world.folder.settled.at(-1)).toEqual({ name: '1.csv', state: 'passed' });
    world.folder.files.push(toFile('1b.csv', ['A'], at(1)), toFile('3.csv', ['A', 'B', 'D'], at(3)));
    expect(await world.run()).toMatchObject({ state: 'succeeded', outdated: ['1b.csv'] });
    expect(world.keys()).toEqual(['A', 'B', 'D']);
  });

  test('one with a line that cannot be taken apart deletes nothing: what is missing may stand in that line', async () => {
    const unreadable = [{ raw: { '@raw': 'C,,', '@row': 4 }, message: '2.csv: line 4 has 3 cells of 2' }];
    const world = openWorld(LISTS, [toFile('1.csv', ['A', 'B', 'C'])]);
    await world.run();
    world.folder.files.push(toFile('2.csv', ['A', 'B', 'D'], { unreadable }));
    expect((await world.run()).counts).toMatchObject({ written: 1, deleted: 0, setAside: 1 });
    expect(world.keys()).toEqual(['A', 'B', 'C', 'D']);
    world.folder.files.push(toFile('3.csv', ['A', 'B', 'D']));
    await world.run();
    expect(world.keys()).toEqual(['A', 'B', 'D']);
  });

  test('an empty folder deletes nothing', async () => {
    const world = openWorld(LISTS, [toFile('1.csv', ['A'])]);
    await world.run();
    expect(await world.run()).toMatchObject({ state: 'idle' });
    expect(world.keys()).toEqual(['A']);
  });

  test('when the newest cannot be read, the one before it counts', async () => {
    const fault = new HubError('HUB_SOURCE_ENCODING', 'gb18030 would fit');
    const world = openWorld(LISTS, [toFile('1.csv', ['A']), toFile('2.csv', ['B'], { fault })]);
    await world.run();
    expect(world.keys()).toEqual(['A']);
    expect(world.folder.settled).toEqual([
      { name: '2.csv', state: 'refused' },
      { name: '1.csv', state: 'taken' },
    ]);
  });

  test('one that would delete too much stops for a person and stays where it is', async () => {
    const world = openWorld(LISTS, [toFile('1.csv', ['A', 'B', 'C', 'D'])]);
    await world.run();
    world.folder.files.push(toFile('2.csv', ['A']));
    await expect(world.run()).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
    expect(world.keys()).toEqual(['A', 'B', 'C', 'D']);
    expect(world.folder.files.map(({ name }) => name)).toEqual(['2.csv']);
  });
});
