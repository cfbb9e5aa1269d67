// What a listener hears of the commits of a store, over both wires, whatever is cut.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Change, Changes, Heard } from '../../store/changes/contract.ts';
import { openSample, type Sample } from '../../store/sample/open-sample.fixture.ts';
import { deletedRow, STATIONS, samplePage, stationRow } from '../../store/sample/sample-rows.fixture.ts';
import { type TestWire, toWires } from '../../test/support/change-wires.ts';
import { eventually } from '../../test/support/eventually.ts';

type Heards = (Change & { readonly heard: Heard })[];

describe.each(toWires())('over $name', ({ open }) => {
  let wire: TestWire;
  let sample: Sample;
  let opened: Changes[] = [];
  beforeAll(async () => {
    wire = await open();
    sample = await openSample(undefined, { onChange: (change) => wire.publish(change) });
  });
  beforeEach(() => sample.reset());
  afterEach(async () => {
    for (const changes of opened) await changes.close();
    opened = [];
  });
  afterAll(async () => {
    await sample.close();
    await wire.close();
  });

  const openEar = async (): Promise<Changes> => {
    const changes = await wire.open(sample.url, sample.store.reader);
    opened.push(changes);
    return changes;
  };
  const listen = async (): Promise<Heards> => {
    const heards: Heards = [];
    (await openEar()).listen((change, heard) => heards.push({ ...change, heard }));
    return heards;
  };
  const write = (code: string, warnLevel: number) =>
    sample.sync(STATIONS, samplePage([stationRow(code, { warnLevel })]));
  const untilVersion = (heards: Heards, version: number) =>
    eventually(() => heards.some((one) => one.version >= version), { what: `version ${version}` });

  test('commits are heard in their order, each with its version, by every gateway', async () => {
    const ears = [await listen(), await listen()];
    for (const level of [1, 2, 3]) await write('1', level);
    for (const heards of ears) {
      await untilVersion(heards, 3);
      const newest = heards.filter((one, index) =>
        heards.slice(0, index).every((old) => old.version < one.version),
      );
      expect(newest.at(-1)).toMatchObject({ unit: 'sample', type: 'Station', version: 3 });
      expect(newest.map(({ version }) => version)).toEqual(
        [...new Set(heards.map(({ version }) => version))].sort(),
      );
    }
  });

  test('what was committed while the wire was cut is heard afterwards', async () => {
    const heards = await listen();
    await write('1', 1);
    await untilVersion(heards, 1);
    for (const level of [2, 3, 4]) {
      const cut = wire.cut(sample.url);
      await write('1', level);
      await cut;
    }
    await untilVersion(heards, 4);
  });

  test('a change that nobody told is found by comparison, and may have been anywhere', async () => {
    const heards = await listen();
    await sample.query(`UPDATE hub.type_state SET version = version + 7 WHERE type = 'Station'`);
    await untilVersion(heards, 7);
    expect(heards).toEqual([
      { unit: 'sample', type: 'Station', version: 7, divisions: null, heard: 'caught-up' },
    ]);
  });

  test('a listener that throws harms no other, and one that ended hears no more', async () => {
    const changes = await openEar();
    const [others, ended]: [number[], number[]] = [[], []];
    changes.listen(() => {
      throw new Error('a fault of a listener');
    });
    const end = changes.listen(({ version }) => ended.push(version));
    changes.listen(({ version }) => others.push(version));
    end();
    await write('1', 1);
    await eventually(() => others.includes(1));
    expect(ended).toEqual([]);
  });

  test('a cache that is kept by changes alone equals the table in the end, whatever is cut', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ code: fc.constantFrom('1', '2', '3'), level: fc.integer({ min: 0, max: 3 }) }),
      },
      { weight: 1, arbitrary: fc.record({ gone: fc.constantFrom('1', '2', '3') }) },
      { weight: 1, arbitrary: fc.constant('cut' as const) },
    );
    const read = async () =>
      JSON.stringify(
        await sample.query(
          'SELECT _key, warn_level, _gone_at IS NULL AS lives FROM sample.station ORDER BY 1',
        ),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const changes = await openEar();
        let cache = await read();
        let reading = Promise.resolve();
        changes.listen(() => {
          reading = reading.then(async () => {
            cache = await read();
          });
        });
        for (const one of steps) {
          if (one === 'cut') await wire.cut(sample.url);
          else if ('gone' in one) await sample.sync(STATIONS, samplePage([deletedRow(stationRow(one.gone))]));
          else await write(one.code, one.level);
        }
        const table = await read();
        await eventually(() => reading.then(() => cache === table), { what: 'the cache' });
        await changes.close();
      }),
      { numRuns: 6, seed: 4 },
    );
  });
});
