// The department can fail, the city cannot: hydrology down at start, down later, hanging, and answering nonsense.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/front/fault.ts';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { eventually } from '../support/eventually.ts';
import type { AnswerError } from './ask.ts';
import { closeWorld } from './close-all.ts';
import { HOUR, type Legacy, openLegacy } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy, replaced, type UnitsCopy } from './units-copy.ts';

type Stations = {
  hydroStations: { nodes: { name: string; source: { via: string; freshness: string } }[] } | null;
};
type Counties = { divisions: ({ code: string } & Stations)[] };

const STATIONS = '{ hydroStations(first: 2) { nodes { name source { via freshness } } } }';
const COUNTIES =
  '{ divisions(level: COUNTY) { code hydroStations(first: 2) { nodes { name source { via freshness } } } } }';
/** Deadline, retries and breaker wait so many times shorter; with a longer time-out the source still has half a second. */
const HURRY = 20;

let legacy: Legacy;
let units: UnitsCopy;
let spine: Spine;
beforeAll(async () => {
  const stations = parseStations().filter(({ addvcd }) => addvcd === '431124');
  legacy = await openLegacy({ stations });
  units = await openUnitsCopy((text) => replaced(text, 'timeout: PT5S', 'timeout: PT10S'));
  await legacy.front.setFault('down');
  spine = await openSpine({ legacy, unitsFolder: units.folder, hurry: () => HURRY });
});
afterAll(async () => {
  // A source that hangs is let go first: closing waits for what is under way.
  await legacy?.front.setFault('none');
  await closeWorld(spine, units, legacy);
});

const met = (fault: Fault) => legacy.front.faultCounters()[fault];
const ready = async () => {
  const response = await fetch(`${spine.url}/health/ready`);
  return { status: response.status, body: (await response.json()) as object };
};
const places = (errors: readonly AnswerError[]) =>
  errors.map(({ path, extensions }) => ({ path, extensions }));
const unavailable = { code: 'HUB_UNIT_UNAVAILABLE', unit: 'hydrology', retryable: true };

describe('hydrology is down when the hub starts', () => {
  test('and the fault is real: the port refuses', async () => {
    expect(legacy.front.fault()).toBe('down');
    await expect(fetch(`http://127.0.0.1:${legacy.front.port}/`)).rejects.toThrow();
    const loads = await spine.firstLoad;
    expect(loads.map(({ state, error }) => [state, error])).toEqual([
      ['failed', expect.objectContaining({ code: expect.stringMatching(/^HUB_SOURCE_(UNREACHABLE|OPEN)$/) })],
      // They wait for the stations.
      ['held', null],
      ['held', null],
      ['held', null],
    ]);
    expect(met('none')).toMatchObject({ connections: 0, bytesToClient: 0 });
  });

  test('the gateway answers what is not hydrology’s', async () => {
    const { status, data, errors, sources } = await spine.ask(
      '{ division(code: "431124") { name level } units { code } }',
    );
    expect({ status, data, errors, sources }).toEqual({
      status: 200,
      data: { division: { name: '道县', level: 'COUNTY' }, units: [{ code: 'hydrology' }] },
      errors: [],
      sources: [],
    });
  });

  test('its list is null, with an error that says where, what, who, and that asking again may help', async () => {
    const { status, data, errors, sources } = await spine.ask<Stations>(STATIONS);
    expect([status, data]).toEqual([200, { hydroStations: null }]);
    expect(places(errors)).toEqual([{ path: ['hydroStations'], extensions: unavailable }]);
    expect(errors[0]?.locations).toEqual([{ line: 1, column: 3 }]);
    expect(sources).toMatchObject([{ unit: 'hydrology', status: 'DOWN', via: null }]);
  });

  test('every county stands, its list null with its own error', async () => {
    const { status, data, errors } = await spine.ask<Counties>(COUNTIES);
    expect(status).toBe(200);
    expect(data.divisions.map(({ hydroStations }) => hydroStations)).toEqual(data.divisions.map(() => null));
    expect(data.divisions.map(({ code }) => code)).toContain('431124');
    const expected = data.divisions.map((_one, index) => ({
      path: ['divisions', index, 'hydroStations'],
      extensions: unavailable,
    }));
    expect(places(errors)).toEqual(expected);
  });

  test('what was never asked of the source yet is not loaded, rather than unavailable', async () => {
    const { data, errors } = await spine.ask('{ riverReadings { nodes { stage } } }');
    expect(data).toEqual({ riverReadings: null });
    expect(places(errors)).toEqual([
      { path: ['riverReadings'], extensions: { ...unavailable, code: 'HUB_UNIT_NOT_LOADED' } },
    ]);
  });

  test('the gateway is ready all the same, and says which unit is not well', async () => {
    expect(await ready()).toEqual({
      status: 200,
      body: expect.objectContaining({
        ready: true,
        units: { hydrology: expect.objectContaining({ ok: false }) },
      }),
    });
  });

  test('and it comes back by itself', async () => {
    await legacy.front.setFault('none');
    const answer = await eventually(
      async () => {
        const asked = await spine.ask<Stations>(
          '{ hydroStations { nodes { name source { via freshness } } } riverReadings { totalCount } rainReadings { totalCount } }',
        );
        return asked.errors.length === 0 && asked.sources[0]?.status === 'OK' ? asked : null;
      },
      { what: 'an answer without errors' },
    );
    const truth = await legacy.query<{ name: string }>(
      'select name from ledger.station order by stcd collate "C"',
    );
    const source = { via: 'STORE', freshness: 'LIVE' };
    expect(answer.data.hydroStations?.nodes).toEqual(truth.map(({ name }) => ({ name, source })));
    expect(met('none').bytesToClient).toBeGreaterThan(0);
    expect(await ready()).toMatchObject({ status: 200, body: { units: { hydrology: { ok: true } } } });
  });
});

describe('hydrology fails after a good load', () => {
  let before: Stations;
  beforeAll(async () => {
    // The worker may still be loading the last of it.
    await eventually(
      async () => (await spine.ask('{ floodTravels { totalCount } }')).sources[0]?.status === 'OK',
    );
    before = (await spine.ask<Stations>(STATIONS)).data;
  });

  /** A client must see the fault at work, not only its switch. */
  const proofs: { readonly [fault: string]: () => number } = {
    down: () => met('down').activations,
    hang: () => met('hang').bytesFromClient,
    garbage: () => met('garbage').bytesToClient,
  };

  test.each([
    ['down', /^HUB_SOURCE_(UNREACHABLE|OPEN)$/],
    ['hang', /^HUB_SOURCE_(TIMEOUT|OPEN)$/],
    ['garbage', /^HUB_SOURCE_/],
  ] as const)(
    '%s: the last copy answers with its age, and the store again afterwards',
    async (fault, code) => {
      const seen = proofs[fault]?.() ?? 0;
      const served = met('none').bytesToClient;
      await legacy.front.setFault(fault);
      legacy.database.clock.moveTo(legacy.now() + HOUR);
      expect(await spine.sync('st_stbprp_b')).toMatchObject({
        state: 'FAILED',
        error_code: expect.stringMatching(code),
      });
      expect(proofs[fault]?.()).toBeGreaterThan(seen);
      expect(met('none').bytesToClient).toBe(served);

      const during = await spine.ask<Stations>(STATIONS);
      expect(during.errors).toEqual([]);
      const names = ({ hydroStations }: Stations) => hydroStations?.nodes.map(({ name }) => name);
      expect(names(during.data)).toEqual(names(before));
      const copy = { via: 'FALLBACK', freshness: 'LIVE' };
      expect(during.data.hydroStations?.nodes.map(({ source }) => source)).toEqual([copy, copy]);
      expect(during.sources).toMatchObject([
        { unit: 'hydrology', status: 'DEGRADED', via: 'FALLBACK', ageSeconds: 3600, requests: 1, rows: 2 },
      ]);
      expect((await ready()).status).toBe(200);

      await legacy.front.setFault('none');
      const isBack = async () => (await spine.sync('st_stbprp_b')).state === 'SUCCEEDED';
      await eventually(isBack, { what: `a run after ${fault}` });
      const after = await spine.ask<Stations>(STATIONS);
      expect(after.data).toEqual(before);
      expect(after.sources).toMatchObject([{ status: 'OK', via: 'STORE', ageSeconds: 0 }]);
    },
  );
});
