// What the hub holds of the weather bureau and the forestry bureau against their ledgers of true values, value by value: the
// day that is there at first, then what arrives late, is corrected, is withdrawn.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RIDGE } from '../../sandbox/map/place-table.ts';
import { closeWorld } from './close-all.ts';
import { type CityWhat, compareCity, isOurs } from './compare-city.ts';
import { type Move, moveCity } from './move-city.ts';
import { type City, openCity } from './open-city.ts';
import { HOUR, START } from './open-legacy.ts';
import { readMessages } from './read-messages.ts';

/** Both silent stations have delivered what they kept. */
const SILENCE_BROKEN = START + 3.75 * HOUR;
/** The second registers are there, and FIRMS's archive of the day whose hotspots came as they were seen. */
const DAY_AFTER = START + 29.9 * HOUR;
const iso = (time: number) => new Date(time).toISOString();

let city: City;
beforeAll(async () => {
  city = await openCity();
}, 180_000);
afterAll(() => closeWorld(city));

const compare = (what: CityWhat) => compareCity(what, city, city.spine.query);
const count = async (text: string) =>
  (await city.spine.query<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n;

const EVERYTHING: readonly (readonly [CityWhat, number])[] = [
  ['station', 36],
  ['observation', 50_000],
  ['warning', 20],
  ['hotspot', 100],
  ['tower', 30],
  ['ranger', 200],
];

describe('a day of the city', () => {
  test.each(EVERYTHING)('is as the ledgers say: %s', async (what, atLeast) => {
    const { compared, differences } = await compare(what);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(atLeast);
  });

  test('left nothing behind', async () => {
    expect(await count('hub.set_aside')).toBe(0);
    // What is listened to runs on.
    expect(
      await count(`hub.run where state <> 'SUCCEEDED' and task = 'sync' and source <> 'telemetry'`),
    ).toBe(0);
  });
});

describe('of the weather', () => {
  test('the day had what is hard to read: values missing, bad, wrong and not yet corrected, traces, calms', () => {
    const { hourly } = city.weather.ledger();
    const has = (quality: string) => hourly.some(({ statedQuality }) => statedQuality === quality);
    expect(
      ['MISSING', 'SUSPECT', 'BAD', 'ESTIMATED', 'CORRECTED', 'UNCHECKED'].filter((one) => !has(one)),
    ).toEqual([]);
    expect(hourly.some(({ trace }) => trace)).toBe(true);
    expect(hourly.some(({ truth }) => truth === null)).toBe(true);
    expect(hourly.some(({ correctedAt }) => correctedAt !== null && Date.parse(correctedAt) > START)).toBe(
      true,
    );
  });

  test('and the service its ways: broken JSON, names in another case than asked', async () => {
    const { url, credentials } = city.weather;
    const query = new URLSearchParams({
      interfaceId: 'getSurfEleInRegionByTimeRange',
      ...{ userId: credentials.musicUser, pwd: credentials.musicPassword, dataCode: 'SURF_CHN_MUL_MIN' },
      ...{
        elements: 'Station_Id_C,TEM',
        timeRange: '[20260404210000,20260404210000]',
        adminCodes: '431100',
        dataFormat: 'json',
      },
    });
    const texts: string[] = [];
    while (texts.length < 30) texts.push(await (await fetch(`${url}/cimiss-web/api?${query}`)).text());
    expect(texts.filter((text) => text.includes(',fieldNames=')).length).toBeGreaterThan(0);
    expect(texts.every((text) => text.includes('"Station_ID_C":') && text.includes('"tem":'))).toBe(true);
  });

  test('each quantity is in the ledger’s unit', async () => {
    const lock = await readFile(
      new URL('../../connectors/units/weather/schema.graphql', import.meta.url),
      'utf8',
    );
    const type = /type Observation [\s\S]*?\n}/.exec(lock)?.[0] ?? '';
    const units = [...type.matchAll(/(\w+): Float @measure\(unit: "(.*?)"/g)].map(([, name, unit]) => [
      name,
      unit,
    ]);
    expect(Object.fromEntries(units)).toEqual({
      ...{ temperature: 'Cel', humidity: '%', pressure: 'hPa', rain1h: 'mm', hourRain: 'mm', rain24h: 'mm' },
      ...{ windSpeed: 'm/s', windDirection: 'deg', visibility: 'm' },
    });
  });

  test('祁阳’s old code is today’s county, and 上江圩 keeps the county it states, with the fault recorded', async () => {
    const places = await city.spine.query(
      `select name, _division, _faults->0->>'code' as fault from weather.weather_station where name in ('祁阳', '上江圩') order by code`,
    );
    expect(places).toEqual([
      { name: '祁阳', _division: '431181', fault: null },
      { name: '上江圩', _division: '431124', fault: 'HUB_MAP_DIVISION_CONFLICT' },
    ]);
  });

  test('warnings say what their messages say, drawn where they are drawn', async () => {
    const messages = await readMessages(city.weather);
    const stored = await city.spine.query<{ identifier: string }>(
      `select identifier, headline, body, instruction, extent from weather.warning order by sent, identifier`,
    );
    expect(stored).toEqual(messages.map(({ msgType, ...told }) => told));
  });

  test('an exercise is no ACTUAL warning', async () => {
    expect(
      await city.spine.query(
        `select status, count(*)::int as n from weather.warning where body like '【演练】%' group by 1`,
      ),
    ).toEqual([{ status: 'EXERCISE', n: 1 }]);
  });
});

describe('of the fires', () => {
  test('those beyond the manifest’s box are counted as not ours, line by line', async () => {
    expectLinesCounted(await city.spine.query(LINES));
  });

  test('the kiln 310 m from the border lies in its own county, whoever saw it', async () => {
    expect(
      await city.spine.query(
        `select _division, count(*)::int > 3 as often, count(distinct satellite)::int > 2 as "by many" from forestry.fire_hotspot
         where location_lon = $1 and location_lat = $2 group by 1`,
        [RIDGE.lon, RIDGE.lat],
      ),
    ).toEqual([{ _division: RIDGE.county, often: true, 'by many': true }]);
  });
});

const LINES = `select sum(read)::int as lines, sum(not_ours)::int as foreign from hub.run where source = 'firms' and task = 'sync'`;

function expectLinesCounted(runs: readonly object[]): void {
  const written = city.forestry
    .ledger()
    .hotspots.flatMap((hotspot) => hotspot.written.map(({ folder }) => ({ folder, ours: isOurs(hotspot) })))
    .filter(({ folder }) => folder === 'firms');
  expect(runs).toEqual([{ lines: written.length, foreign: written.filter(({ ours }) => !ours).length }]);
}

describe('a ranger’s name and number', () => {
  type Person = { number: string; name: string; phone: string };
  const PERSON = '{ number name phone source { nativeKey } }';

  test('are whole in the table and masked for whoever asks, by whatever way', async () => {
    const rangers = city.forestry.ledger().rangers.filter(({ county }) => county === '道县');
    const [first] = rangers;
    const id = `forestry:Ranger:${first?.number}`;
    const { data, errors, text } = await city.spine.ask<{
      division: { rangers: { nodes: Person[] } };
      ranger: Person;
      node: Person;
    }>(`{ division(code: "431124") { rangers(first: 50) { nodes ${PERSON} } }
      ranger(id: "${id}") ${PERSON} node(id: "${id}") { ... on Ranger ${PERSON} } }`);
    expect(errors).toEqual([]);
    const masked = rangers.map(({ number, name, phone }) => ({
      ...{ number, name: `${name.slice(0, 1)}**`, phone: `${phone.slice(0, 3)}****${phone.slice(-4)}` },
      source: { nativeKey: `护林员编号=${number}` },
    }));
    expect(data.division.rangers.nodes.toSorted((a, b) => (a.number < b.number ? -1 : 1))).toEqual(masked);
    expect([data.ranger, data.node]).toEqual([masked[0], masked[0]]);
    expect(rangers.filter(({ name, phone }) => text.includes(phone) || text.includes(name))).toEqual([]);
  });
});

describe('later', () => {
  /** Exactly the rows that came or changed are new, and every version that was replaced is kept with its times. */
  async function expectMoved(time: number, since: number): Promise<Move> {
    const move = await moveCity(city, time);
    for (const run of move.runs) expect(run).toMatchObject({ state: 'SUCCEEDED', set_aside: 0, deleted: 0 });
    expect(move.fresh).toEqual(move.due.fresh);
    expect(move.replaced).toEqual(move.dueReplaced);
    expect(Math.max(...move.replacedSince)).toBeLessThanOrEqual(since);
    return move;
  }

  test('a silent station’s block arrives, corrections replace what was wrong, and nothing else changes', async () => {
    const late = city.weather
      .ledger()
      .silences.filter(({ deliveredAt }) => Date.parse(deliveredAt ?? '') > START)
      .map(({ station, from }) => ({ station, from }));
    expect(late.map(({ station }) => station)).toEqual(['P3123', 'P3202']);
    const { due, fresh } = await expectMoved(SILENCE_BROKEN, START);
    expect(due.corrected.length).toBeGreaterThan(0);
    for (const { station, from } of late) {
      const kept = fresh
        .map((row) => row.split(' '))
        .filter(([, code, at = '']) => code === station && at > from);
      expect(kept.filter(([, , at = '']) => at < iso(START)).length).toBeGreaterThan(5);
    }
    for (const what of ['station', 'observation', 'warning', 'hotspot'] as const)
      expect((await compare(what)).differences).toEqual([]);
  }, 180_000);

  test('a day on all is still as the ledgers say, with every correction in its place', async () => {
    const { due } = await expectMoved(DAY_AFTER, SILENCE_BROKEN);
    expect(due.corrected.length).toBeGreaterThan(20);
    for (const [what] of EVERYTHING) expect((await compare(what)).differences).toEqual([]);
    expectLinesCounted(await city.spine.query(LINES));
    expect(await count('hub.set_aside')).toBe(0);
  }, 180_000);

  test('a cancel is one, and so is a Cancle', async () => {
    const spellings = new Set((await readMessages(city.weather)).map(({ msgType }) => msgType));
    expect([...spellings].toSorted()).toEqual(['Alert', 'Cancel', 'Cancle', 'Update']);
    expect(await city.spine.query(`select distinct msg_type from weather.warning order by 1`)).toEqual(
      ['ALERT', 'CANCEL', 'UPDATE'].map((msg_type) => ({ msg_type })),
    );
  });

  test('a hotspot that came as it was seen and again in the archive, 0542 and 542, is one and untouched', async () => {
    const twice = city.forestry
      .ledger()
      .hotspots.filter((hotspot) => isOurs(hotspot) && hotspot.written.length > 1);
    const times = twice.map(({ written }) => written.map(({ text }) => /-\d\d,(\d+),/.exec(text)?.[1] ?? ''));
    expect(times.some((ways) => ways.some((way) => way.startsWith('0')) && new Set(ways).size > 1)).toBe(
      true,
    );
    expect(await count('forestry.fire_hotspot_history')).toBe(0);
  });

  test('the second register withdrew two rangers and corrected one number; the rest is as it was', async () => {
    const gone = await city.spine.query(
      `select number, _gone_at from forestry.ranger where _gone_at is not null order by number`,
    );
    const { rangers } = city.forestry.ledger();
    const ended = rangers.filter(({ validTo }) => validTo !== null);
    const stays = new Set(rangers.filter(({ validTo }) => validTo === null).map(({ number }) => number));
    expect(ended.map(({ number }) => stays.has(number)).toSorted()).toEqual([false, false, true]);
    expect(gone).toEqual(
      ended
        .filter(({ number }) => !stays.has(number))
        .map(({ number, validTo }) => ({ number, _gone_at: new Date(validTo ?? 0) })),
    );
    expect(await count('forestry.ranger_history')).toBe(3);
    expect(await count(`forestry.ranger where _known_from = '${iso(START)}'`)).toBe(197);
    expect(await count('forestry.watch_tower_history')).toBe(0);
  });
});
