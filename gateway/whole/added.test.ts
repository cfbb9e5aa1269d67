// What links of one unit add to rows of another: the unit that has the link is asked for it, once, and the other for the rest.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Doors, openDoors } from './fixtures/open-doors.ts';
import { THREE_UNITS, toThreeSql } from './fixtures/three-units.ts';

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

const STATIONS = '{ hydroStations { nodes { name reservoir { code } } } }';
const ALARMS = '{ reservoirs { nodes { code alarms { nodes { number } totalCount } } } }';

describe('what links of another unit add to rows', () => {
  test('is one row for whom it names and nothing for all others', async () => {
    const { hydroStations } = JSON.parse((await doors.stitch(STATIONS)).text);
    const named = hydroStations.nodes.filter(({ reservoir }: { reservoir: unknown }) => reservoir !== null);
    expect(named).toEqual([{ name: '道县"站"\\1\n', reservoir: { code: 'R1' } }]);
    expect(hydroStations.nodes.length).toBeGreaterThan(10);
  });

  test('is a list, empty where nobody names the row', async () => {
    const { reservoirs } = JSON.parse((await doors.stitch(ALARMS)).text);
    expect(reservoirs.nodes).toEqual([
      { code: 'R1', alarms: { nodes: [{ number: 'A1' }], totalCount: 1 } },
      { code: 'R2', alarms: { nodes: [], totalCount: 0 } },
      { code: 'R3', alarms: { nodes: [], totalCount: 0 } },
    ]);
  });

  test.each([STATIONS, ALARMS])('costs one statement a unit, and each has its line: %s', async (text) => {
    const { statements, sources } = await doors.stitch(text);
    expect(statements).toBe(2);
    expect(sources).toMatchObject([
      { unit: 'hydrology', status: 'OK', requests: 1 },
      { unit: 'water', status: 'OK', requests: 1 },
    ]);
    expect((await doors.whole(text)).statements).toBe(1);
  });

  test('leaves the unit of the row alone where nothing else is asked of it', async () => {
    const { statements, sources } = await doors.stitch(
      '{ gates { nodes { below { id reservoir { code } } } } }',
    );
    expect([statements, sources.map(({ unit }) => unit)]).toEqual([1, ['water']]);
  });

  test('is the only fault while nothing has arrived of it', async () => {
    await doors.city.run(
      `update hub.type_state set last_complete_at = null, rows_landed = 0 where type = 'Reservoir'`,
    );
    const { text, errors } = await doors.stitch(
      '{ hydroStations(first: 2) { nodes { name reservoir { code } } } }',
    );
    expect(errors).toEqual([
      'hydroStations.nodes.0.reservoir: No Reservoir has arrived from water yet.',
      'hydroStations.nodes.1.reservoir: No Reservoir has arrived from water yet.',
    ]);
    expect(JSON.parse(text).hydroStations.nodes).toMatchObject([
      { name: '站0', reservoir: null },
      { name: expect.stringMatching(/^道县/), reservoir: null },
    ]);
    expect((await doors.whole(STATIONS)).answer).toEqual({
      kind: 'DECLINED',
      reason: 'NOT_LOADED',
      at: 'Reservoir',
    });
  });
});

describe('what two units add to rows of a third one', () => {
  let three: Doors;
  beforeAll(async () => {
    three = await openDoors({ units: THREE_UNITS }, undefined, { rows: toThreeSql() });
  });
  afterAll(() => three.close());

  test.each([
    [
      'comes by its id alone',
      '{ buoys { nodes { code gauge { id reservoir { code } } } } }',
      ['port', 'water'],
    ],
    [
      'stands beside what its own unit knows of it, be it gone or never there',
      '{ buoys { nodes { gauge { name latestRiver { stage } reservoir { code alarms { totalCount } } } } } }',
      ['hydrology', 'port', 'water'],
    ],
    [
      'may be readings, the latest of them and groups',
      '{ hydroStations(first: 3) { nodes { name salt(last: 2, bucket: "PT1H") { nodes { share division { code } station { name } } totalCount } latestSalt { share location { lat } } saltAggregate { count max { share } } } } }',
      ['hydrology', 'water'],
    ],
    [
      'is what conditions and orders lead through',
      '{ buoys(where: { gauge: { reservoir: { code: { eq: "R1" } }, latestSalt: { share: { gt: 0 } } } }, orderBy: { gauge: { latestSalt: { share: DESC } } }) { nodes { code } } }',
      ['hydrology', 'port', 'water'],
    ],
  ])('%s, by both doors alike', async (_how, text, units) => {
    const [stitched, whole] = [await three.stitch(text), await three.whole(text)];
    expect(stitched.errors).toEqual([]);
    expect(whole.answer).toMatchObject({ kind: 'ANSWERED' });
    expect(JSON.parse((whole.answer as { text: string }).text)).toEqual(JSON.parse(stitched.text));
    for (const { sources } of [stitched, whole]) expect(sources.map(({ unit }) => unit)).toEqual(units);
    expect(stitched.statements).toBeLessThanOrEqual(units.length + 1);
    expect(whole.statements).toBe(1);
  });

  test('stands where the row is gone or never was, since it is found by its id', async () => {
    const { text } = await three.stitch(
      '{ buoys { nodes { gauge { name reservoir { code } latestSalt { share } } } } }',
    );
    expect(JSON.parse(text).buoys.nodes.map(({ gauge }: { gauge: unknown }) => gauge)).toEqual([
      { name: '道县"站"\\1\n', reservoir: { code: 'R1' }, latestSalt: { share: 0.3 } },
      { name: null, reservoir: { code: 'R2' }, latestSalt: null },
      { name: null, reservoir: { code: 'R3' }, latestSalt: { share: 0.4 } },
      null,
    ]);
  });
});
