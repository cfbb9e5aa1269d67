import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenedSimulation, openSimulation, START } from '../database/open-simulation.fixture.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { type Fix, RECORD_EVERY, SEND_EVERY, toFix, toMarks } from './drive.ts';
import { toTransport } from './simulation.ts';
import { toVehicles } from './vehicle.ts';

/** Reads the tables by their description alone. */
const PLATE = `upper(regexp_replace(translate(vehicle_no, 'Ｍ', 'M'), '[· ]', '', 'g'))`;
const COLOUR = `case when vehicle_color like '黄%' then 2 when vehicle_color like '绿%' then 5 else vehicle_color::int end`;
const BITS = Array.from({ length: 24 }, (_, bit) => {
  const column = `alarm${String(bit).padStart(2, '0')}`;
  return `case when ${column} = 1 then ${bit} end`;
}).join(', ');
const DIFFERENCES = `
with record as (
  select ${PLATE}, ${COLOUR}, date_time::timestamp at time zone 'Asia/Shanghai', nullif(lng, 0) / 1e6::numeric, nullif(lat, 0) / 1e6::numeric,
    velocity1::numeric, direction, altitude, mileage::numeric, array_remove(array[${BITS}], null) from public.gps_record),
truth as (
  select plate, colour, observed_at, lon, lat, speed_kmh, heading, altitude_m, mileage_km, alarms from ledger.position where source = 'record'),
register as (
  select ${PLATE}, ${COLOUR}, vehicle_type::text, is_hazmat in ('1', 'Y'), lpad(sim_no, 12, '0'), owner_name::text, nullif(cargo_name, ''),
    replace(xzqh, '431121', '431181') from public.vehicle_info),
vehicles as (select * from ledger.vehicle)
select 'record' as what, d::text from (select * from record except select * from truth) d union all
select 'truth', d::text from (select * from truth except select * from record) d union all
select 'register', d::text from (select * from register except select * from vehicles) d union all
select 'vehicle', d::text from (select * from vehicles except select * from register) d`;

describe('register and record', () => {
  let bureau: OpenedSimulation;
  beforeAll(async () => {
    bureau = await openSimulation(toTransport(1), { days: 1 });
  });
  afterAll(() => bureau.close());

  test('agree with the ledger, row by row', async () => {
    expect(await bureau.ask(DIFFERENCES)).toEqual([]);
    const [count] = await bureau.ask<{ n: number }>('select count(*)::int as n from ledger.position');
    expect(count?.n).toBe(60 * 288);
  });

  test.each([
    [
      'another time',
      `update gps_record set date_time = '2026-03-01 00:00:00' where ctid = (select ctid from gps_record limit 1)`,
    ],
    ['another colour', `update vehicle_info set vehicle_color = '1' where vehicle_color = '黄'`],
    ['lon and lat in each other’s place', 'update gps_record set lng = lat, lat = lng'],
  ])('would not agree with %s', async (_name, change) => {
    expect((await bureau.askChanged(change, DIFFERENCES)).length).toBeGreaterThan(0);
  });

  test('bring what a mapping stumbles over', async () => {
    const [found] = await bureau.ask<Record<string, number>>(`select
      (select count(*)::int from vehicle_info where vehicle_no like '%·%') as dots,
      (select count(*)::int from vehicle_info where vehicle_no like '%Ｍ%') as wide,
      (select count(*)::int from vehicle_info where vehicle_no like '%m %') as blanks,
      (select count(distinct vehicle_color)::int - 5 from vehicle_info) as colours,
      (select count(*)::int from vehicle_info where xzqh = '431121') as old_code,
      (select count(*)::int from gps_record where lng = 0) as blind,
      (select count(*)::int from gps_record where alarm01 = 1) as overspeed,
      (select count(*)::int from gps_record where alarm05 = 1) as antenna,
      (select count(*)::int from gps_record where velocity1 = 0) as resting`);
    for (const rows of Object.values(found ?? {})) expect(rows).toBeGreaterThan(0);
  });
});

test('the bureau’s time leaves the same rows in whatever steps it goes', async () => {
  const [once, often] = await Promise.all([
    openSimulation(toTransport(1), { start: START + 5 * HOUR, days: 1 + 5 / 24 }),
    openSimulation(toTransport(1)),
  ]);
  for (const minutes of [1, 65, 120, 300]) await often.database.tick(START + minutes * MINUTE);
  expect(await often.hashes()).toEqual(await once.hashes());
  await Promise.all([once.close(), often.close()]);
});

describe('a drive', () => {
  const vehicles = toVehicles(1, 60);

  test('is in the record at marks at which the terminal sends too', () => {
    for (const vehicle of vehicles) {
      const sent = new Set(toMarks(vehicle, SEND_EVERY, START, START + HOUR));
      const kept = toMarks(vehicle, RECORD_EVERY, START, START + HOUR);
      expect(kept).toHaveLength(12);
      expect(kept.every((at) => sent.has(at) && at % 1000 === 0)).toBe(true);
    }
  });

  test('goes no faster than its speed, its mileage never back, and it stays near the city', () => {
    const isSound = (fix: Fix, before: Fix) =>
      fix.mileage >= before.mileage &&
      fix.mileage - before.mileage < 2.5 &&
      fix.speed < 220 &&
      (fix.place === null || (Math.abs(fix.place.lon - 111.8) < 0.7 && Math.abs(fix.place.lat - 25.9) < 1));
    for (const vehicle of vehicles) {
      const marks = toMarks(vehicle, MINUTE, START, START + 6 * HOUR);
      const fixes = marks.map((at) => toFix(1, vehicle, at));
      expect(fixes.filter((fix, at) => !isSound(fix, fixes[at - 1] ?? fix))).toEqual([]);
    }
  });

  test('no two vehicles share a plate and colour, or a terminal number', () => {
    expect(new Set(vehicles.map(({ plate, colour }) => `${plate} ${colour}`)).size).toBe(60);
    expect(new Set(toVehicles(1, 500).map(({ simNo }) => simNo)).size).toBe(500);
    expect(new Set(toVehicles(1, 500).map(({ plate }) => plate)).size).toBe(500);
  });
});
