// What links of one unit add to rows of another: the unit that has the link is asked for it, once, and the other for the rest.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Doors, openDoors } from './fixtures/open-doors.ts';

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
