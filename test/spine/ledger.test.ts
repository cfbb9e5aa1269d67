// The store against the sandbox's ledger of true values, row by row, and three lies that the comparison has to find.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { type Close, closeAll, closeWorld } from './close-all.ts';
import { compareWithLedger, EVERYTHING, type What } from './compare.ts';
import { HOUR, type Legacy, MINUTE, openLegacy, UNSETTLED_START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy, replaced } from './units-copy.ts';

describe('everything in the store', () => {
  let legacy: Legacy;
  let spine: Spine;
  beforeAll(async () => {
    legacy = await openLegacy({ start: UNSETTLED_START, stations: parseStations() });
    spine = await openSpine({ legacy });
    await spine.firstLoad;
  });
  afterAll(() => closeWorld(spine, legacy));
  const compare = (what: What) => compareWithLedger(what, legacy.query, spine.query);

  test.each([
    ['station', 44],
    ['travel', 20],
    ['rain', 10_000],
    ['river', 4000],
  ] as const)('equals the ledger: %s', async (what, atLeast) => {
    const { compared, differences } = await compare(what);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(atLeast);
  });

  test('is this city’s: the foreign tenant’s rows stand in the tables and nowhere in the hub', async () => {
    const foreign = `tenant_id <> '431100'`;
    const [source] = await legacy.query(
      `select (select count(*) from st_stbprp_b where ${foreign})::int as stations, (select count(*) from st_pptn_r where ${foreign}) > 0 as rain`,
    );
    expect(source).toEqual({ stations: 3, rain: true });
    const found = await spine.query(
      `select code from hydrology.hydro_station where code like '6150%' union all
       select station_code from hydrology.rain_reading where station_code like '6150%' union all
       select station_code from hydrology.river_reading where station_code like '6150%' union all
       select record->>'stcd' from hub.set_aside`,
    );
    expect(found).toEqual([]);
  });

  test('names what the vendor deleted as gone, not as missing', async () => {
    const gone = await spine.query('select code from hydrology.hydro_station where _gone_at is not null');
    expect(gone).toEqual([{ code: '61521310' }]);
  });

  test('still equals it an hour and a half later: new rows, corrections and withdrawals have come over', async () => {
    expect((await compare('rain')).unsettled).toBeGreaterThan(0);
    await legacy.database.tick(UNSETTLED_START + 25 * MINUTE);
    await spine.sync('st_pptn_r');
    await spine.sync('st_river_r');
    await legacy.database.tick(UNSETTLED_START + 1.5 * HOUR);
    const runs = [await spine.sync('st_pptn_r'), await spine.sync('st_river_r')];
    expect(runs.map(({ state, error_code }) => [state, error_code])).toEqual([
      ['SUCCEEDED', null],
      ['SUCCEEDED', null],
    ]);
    for (const what of EVERYTHING) expect((await compare(what)).differences).toEqual([]);
    const [past] = await spine.query('select count(*)::int as n from hydrology.rain_reading_history');
    expect(past).not.toEqual({ n: 0 });
  });
});

describe('the comparison finds', () => {
  const opened: Close[] = [];
  // One gauge of each pace is enough for a lie.
  const stations = parseStations().filter(({ name }) => ['道县', '邮亭圩', '上江圩'].includes(name));
  let legacy: Legacy;
  beforeAll(async () => {
    legacy = await openLegacy({ stations });
  });
  afterEach(() => closeAll(opened));
  afterAll(() => legacy?.close());

  async function openLiar(change: (manifest: string) => string): Promise<Spine> {
    const units = await openUnitsCopy(change);
    opened.push(units.close);
    const spine = await openSpine({ legacy, unitsFolder: units.folder });
    opened.push(spine.close);
    expect((await spine.firstLoad).every(({ state }) => state === 'complete')).toBe(true);
    return spine;
  }
  const differ = async (what: What, spine: Spine) =>
    (await compareWithLedger(what, legacy.query, spine.query)).differences;

  test('nothing where nobody lies', async () => {
    const spine = await openLiar((text) => text);
    for (const what of EVERYTHING) expect(await differ(what, spine)).toEqual([]);
  });

  test('a centimetre too much, and a row that is lost', async () => {
    const spine = await openLiar((text) => text);
    const at = `station_code = '61521090' and observed_at = '2026-04-04T20:00Z'`;
    await spine.query(`update hydrology.river_reading set stage = stage + 0.01 where ${at}`);
    expect(await differ('river', spine)).toEqual([
      expect.stringMatching(/^61521090~2026-04-04T20:00:00Z: ledger/),
    ]);
    await spine.query(`delete from hydrology.river_reading where ${at}`);
    expect(await differ('river', spine)).toEqual([
      expect.stringMatching(/^61521090~2026-04-04T20:00:00Z: only in the ledger/),
    ]);
  });

  test('`dr` read as hours: every period sixty times too long', async () => {
    const spine = await openLiar((text) =>
      replaced(text, 'duration: dr, unit: min', 'duration: dr, unit: h'),
    );
    const lines = await differ('rain', spine);
    const [truth] = await legacy.query('select count(*)::int as n from ledger.settled_rain');
    expect(truth).toEqual({ n: lines.length });
    expect(lines.filter((line) => /^61521090\S+ ledger \S+ PT5M, store \S+ PT5H$/.test(line))).toHaveLength(
      288,
    );
    expect(await differ('river', spine)).toEqual([]);
  });

  test('Beijing’s wall clock read as UTC: every reading eight hours late', async () => {
    const spine = await openLiar((text) => replaced(text, 'zone: Asia/Shanghai', 'zone: UTC'));
    const lines = await differ('river', spine);
    const count = (kind: string) =>
      lines.filter((line) => new RegExp(`^61521090~\\S+: ${kind}`).test(line)).length;
    const [aside] = await spine.query<{ n: number }>(
      `select count(*)::int as n from hub.set_aside where type = 'RiverReading' and code = 'HUB_MAP_TIME_FUTURE' and record->>'stcd' like '61521090%'`,
    );
    // The first eight hours of twelve readings are missing, the others stand where other values belong, and what would lie in
    // the future has been set aside by the hub itself, but for the tolerance of ten minutes.
    expect(count('only in the ledger')).toBe(8 * 12);
    expect(count('ledger')).toBeGreaterThan(150);
    expect([count('only in the store'), aside?.n]).toEqual([2, 8 * 12 - 2]);
  });
});
