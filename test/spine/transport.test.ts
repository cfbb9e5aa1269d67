// The transport bureau from its vehicles' terminals and its database to a client: every position and alarm against the ledger. Then
// the same with the hub's worker killed while they send.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toVehicleEntry } from '../../sandbox/transport/ledger.ts';
import { toVehicleRow } from '../../sandbox/transport/legacy.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll, closeWorld } from './close-all.ts';
import { type Compared, comparePair } from './compare.ts';
import { TRANSPORT_PAIRS } from './compare-transport.ts';
import { openHubProcess } from './open-hub-process.ts';
import { MINUTE, openPlainPool } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { openTransport, type Transport } from './open-transport.ts';
import { openUnitsCopy } from './units-copy.ts';

const TYPES = Object.keys(TRANSPORT_PAIRS) as (keyof typeof TRANSPORT_PAIRS)[];
const SAME = Object.fromEntries(TYPES.map((type) => [type, []]));
type Ask = (text: string) => Promise<Compared[]>;

async function compareAll(ledger: Ask, store: Ask): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const type of TYPES) {
    const { compared, differences } = await comparePair(TRANSPORT_PAIRS[type], ledger, store);
    found[type] = compared < 20 ? [`${compared} rows are too few`] : differences.slice(0, 5);
  }
  return found;
}

describe('a quarter of an hour of twenty vehicles', () => {
  let bureau: Transport;
  let spine: Spine;
  beforeAll(async () => {
    bureau = await openTransport();
    spine = await openSpine({
      legacy: { now: bureau.legacy.now, url: '' },
      units: ['transport'],
      secrets: bureau.secrets,
    });
    expect((await spine.firstLoad).filter(({ state }) => state !== 'complete')).toEqual([]);
    await eventually(() => bureau.terminals.connected() > 10, { what: 'terminals on the line' });
    await bureau.drive(17);
    expect(await spine.sync('gps_record')).toMatchObject({ state: 'SUCCEEDED' });
  }, 120_000);
  afterAll(() => closeWorld(spine, bureau));

  test('is in the store as the ledger has it, the terminals’ word before the record’s', async () => {
    const { refused, ...counts } = bureau.terminals.counts();
    expect(refused).toBe(0);
    // Each oddity was met: what was kept without network, in one frame and in several, twice the same, a wrong code.
    for (const times of Object.values(counts)) expect(times).toBeGreaterThan(0);
    expect(await compareAll(bureau.legacy.query, spine.query)).toEqual(SAME);
    const sources = await spine.query<{ source: string }>(
      'select distinct _source as source from transport.vehicle_position order by 1',
    );
    expect(sources.map(({ source }) => source)).toEqual(['record', 'terminals']);
  });

  test('would not agree with speeds that are ten times too high, or without alarms', async () => {
    const { VehiclePosition, VehicleAlarm } = TRANSPORT_PAIRS;
    for (const [pair, change] of [
      [VehiclePosition, ['speed_kmh', '10 * speed_kmh']],
      [VehicleAlarm, ['unnest(alarms)', 'unnest(alarms[2:])']],
    ] as const) {
      const wrong = { ...pair, truth: pair.truth.replace(change[0], change[1]) };
      const { differences } = await comparePair(wrong, bureau.legacy.query, spine.query);
      expect(differences.length).toBeGreaterThan(10);
    }
  });

  test('leaves its damaged frames with the hub, byte by byte, and nothing else', async () => {
    const kept = await spine.query<{ source: string; reason: string; n: number }>(
      `select source, record->>'@reason' as reason, count(*)::int as n from hub.set_aside where state <> 'WAITING' group by 1, 2`,
    );
    const { damaged } = bureau.terminals.counts();
    expect(kept).toEqual([{ source: 'terminals', reason: 'CHECKSUM', n: damaged }]);
  });

  test('is told to a client with plate, colour, newest position and alarms, the same in both doors', async () => {
    const question =
      '{ transportVehicles(first: 30) { nodes { plate colour latestPosition { speed location { lon lat } } alarms(first: 200) { nodes { kind } } } } }';
    type Vehicle = {
      plate: string;
      colour: string;
      latestPosition: { speed: number; location: { lon: number; lat: number } | null };
      alarms: { nodes: { kind: string }[] };
    };
    const { data, errors } = await spine.ask<{ transportVehicles: { nodes: Vehicle[] } }>(question);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(question)).data).toEqual(data);
    const truth = await bureau.legacy.query<{ plate: string; speed: number; lon: number; alarms: number }>(
      `select distinct on (plate) plate, speed_kmh::float8 as speed, lon::float8 as lon, (
         select coalesce(sum(cardinality(alarms)), 0)::int from ledger.position a
         where a.plate = p.plate and a.source = 'terminal' and acknowledged_at is not null) as alarms
       from ledger.position p join ledger.vehicle using (plate, colour) where source = 'record' or acknowledged_at is not null
       order by plate, observed_at desc, source desc`,
    );
    const told = data.transportVehicles.nodes.map(({ plate, latestPosition, alarms }) => ({
      plate,
      ...{ speed: latestPosition.speed, lon: latestPosition.location?.lon ?? null },
      alarms: alarms.nodes.length,
    }));
    const byPlate = (a: { plate: string }, b: { plate: string }) => (a.plate < b.plate ? -1 : 1);
    expect(told.toSorted(byPlate)).toEqual(truth.toSorted(byPlate));
  });

  test('waits where the register lacks the vehicle, and lands when it stands there', async () => {
    const { newcomer, legacy } = bureau;
    const waiting = await spine.query<{ type: string; n: number }>(
      `select type, count(*)::int as n from hub.set_aside where state = 'WAITING' and record->>'phone' = '${newcomer.simNo}' group by 1`,
    );
    const [sent] = await legacy.query<{ n: number }>(
      `select count(*)::int as n from ledger.position where plate = '${newcomer.plate}' and acknowledged_at is not null`,
    );
    expect(sent?.n).toBeGreaterThan(2);
    expect(waiting.find(({ type }) => type === 'VehiclePosition')?.n).toBe(sent?.n);
    for (const [table, row] of [
      ['public.vehicle_info', toVehicleRow(newcomer)],
      ['ledger.vehicle', toVehicleEntry(newcomer)],
    ] as const)
      await legacy.query(`insert into ${table} values (${row.map((_, at) => `$${at + 1}`).join(', ')})`, row);
    expect(await spine.sync('vehicle_info')).toMatchObject({ state: 'SUCCEEDED', written: 1 });
    await eventually(
      async () => (await compareAll(legacy.query, spine.query)).VehiclePosition?.length === 0,
      {
        what: 'the positions that waited',
      },
    );
    expect(await compareAll(legacy.query, spine.query)).toEqual(SAME);
  });

  test('goes on over the line while the database is down', async () => {
    await bureau.legacy.front.setFault('down');
    await bureau.drive(1);
    expect(await spine.sync('gps_record')).toMatchObject({ state: 'FAILED' });
    await bureau.legacy.front.setFault('none');
    await eventually(async () => (await spine.sync('gps_record')).state === 'SUCCEEDED', {
      what: 'the record again',
      everyMs: 500,
    });
    expect(await compareAll(bureau.legacy.query, spine.query)).toEqual(SAME);
  });
});

describe('a worker that is killed while they send', () => {
  const opened: Close[] = [];
  afterAll(() => closeAll(opened));
  const open = async <Part extends { close(): Promise<unknown> }>(opening: Promise<Part>): Promise<Part> => {
    const part = await opening;
    opened.push(part.close);
    return part;
  };

  test('has answered nothing that is not in the store, and its follower gets the rest', async () => {
    const database = await open(openTestDatabase());
    const units = await open(openUnitsCopy((text) => text, ['transport']));
    // The worker's clock is the wall's: what they drive lies behind it.
    const bureau = await open(openTransport({ start: Date.now() - 20 * MINUTE, fleet: 12, days: 0.05 }));
    const pool = openPlainPool(database.url, 2);
    opened.push(() => pool.end());
    const store: Ask = async (text) => (await pool.query(text)).rows as Compared[];
    const openWorker = () => {
      const worker = openHubProcess('worker', {
        ...bureau.secrets,
        HUB_DATABASE_URL: database.url,
        HUB_UNITS_DIR: units.folder,
      });
      opened.push(async () => {
        worker.kill('SIGKILL');
        await worker.ended;
      });
      return worker;
    };
    const first = openWorker();
    await eventually(() => bureau.terminals.connected() > 8, { what: 'terminals on the line' });
    const { TransportVehicle, VehiclePosition } = TRANSPORT_PAIRS;
    const isLoaded = async () => (await store(TransportVehicle.stored).catch(() => [])).length === 12;
    await eventually(isLoaded, { what: 'the register' });
    await bureau.drive(2);
    await bureau.drive(2, { answered: false });
    first.kill('SIGKILL');
    await first.ended;
    await bureau.flush();
    const [answered, stored] = await Promise.all([
      bureau.legacy.query<Compared>(VehiclePosition.truth),
      store(VehiclePosition.stored),
    ]);
    const kept = new Set(stored.map(({ key, value }) => `${key} ${value}`));
    const terminals = answered.filter(({ value }) => value.startsWith('terminal '));
    expect(terminals.length).toBeGreaterThan(50);
    expect(terminals.filter(({ key, value }) => !kept.has(`${key} ${value}`))).toEqual([]);
    await bureau.drive(1, { answered: false });
    openWorker();
    await bureau.settle();
    await bureau.flush();
    const isSame = async () =>
      Object.values(await compareAll(bureau.legacy.query, store)).every((lines) => lines.length === 0);
    await eventually(isSame, { what: 'the record of the minutes without a worker', everyMs: 500 });
  }, 120_000);
});
