// The political-legal commission's whole way: a video platform that registers, is asked for its cameras and tells of changes, and
// the counties' lists of grid members; every row compared with the truth, also after the hub was away.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openVideo } from '../../sandbox/political-legal/open.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll } from './close-all.ts';
import { type Compared, toDifferences } from './compare.ts';
import { DAY, HOUR, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy, replaced, type UnitsCopy } from './units-copy.ts';

const opened: Close[] = [];
let video: Awaited<ReturnType<typeof openVideo>>;
let units: UnitsCopy;
let spine: Spine;
let databaseUrl: string;
const openHub = async () => {
  spine = await openSpine({
    ...{ legacy: { now: () => START + 2 * DAY, url: '' }, unitsFolder: units.folder, databaseUrl },
    secrets: video.secrets,
  });
  await spine.firstLoad;
};
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-political-legal-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
  video = await openVideo({
    ...{ folder, port: 0, seed: 1, days: 1, clock, log: () => undefined, slowMs: 200 },
    ...{ keepaliveMs: 300, retryMs: 100 },
  });
  opened.push(video.close);
  const database = await openTestDatabase();
  opened.push(database.close);
  databaseUrl = database.url;
  // A list of which a message was lost is asked for again when its time is over.
  units = await openUnitsCopy((text) => replaced(text, 'within: PT2M', 'within: PT4S'), ['political-legal']);
  opened.push(units.close);
  await openHub();
  opened.push(() => spine.close());
}, 60_000);
afterAll(() => closeAll(opened));

const readCameras = () =>
  spine.query<Compared>(`select code as key, concat_ws(' ', name, maker, model, address, state, _division) as value
    from "political-legal".camera where _gone_at is null and _key = code`);
const toTrueCameras = (): readonly Compared[] =>
  video.ledger().cameras.flatMap(({ isSecret, ...camera }) =>
    isSecret
      ? []
      : [
          {
            key: camera.id,
            value: [
              camera.name,
              camera.maker,
              camera.model,
              camera.address,
              camera.state,
              camera.countyCode,
            ].join(' '),
          },
        ],
  );
const compareCameras = async () => toDifferences(toTrueCameras(), await readCameras());
const settled = (what: string) =>
  eventually(async () => (await compareCameras()).length === 0, { what }).catch(async () => {
    throw new Error(`${what}: ${(await compareCameras()).slice(0, 5).join('\n')}`);
  });
/** Catalogues of which every part was sent, and that were written as the whole list that they are. */
const readWhole = () => video.ledger().catalogs.filter(({ lost, isDone }) => isDone && !lost).length;

describe('the cameras', () => {
  test('of a catalogue in many messages, out of order and lying about their encoding, are rows as the ledger has them', async () => {
    await eventually(() => readWhole() > 0, { what: 'a whole catalogue' });
    await settled('the first catalogue');
    expect(toTrueCameras().length).toBeGreaterThan(250);
    const places = new Map(video.ledger().cameras.map(({ id, lon, lat }) => [id, { lon, lat }]));
    const rows = await spine.query<{ code: string; lon: string; lat: string }>(
      'select code, location_lon as lon, location_lat as lat from "political-legal".camera where _gone_at is null',
    );
    const metres = rows.map(({ code, lon, lat }) => {
      const place = places.get(code) ?? { lon: 0, lat: 0 };
      return Math.hypot((Number(lon) - place.lon) * 100_400, (Number(lat) - place.lat) * 110_800);
    });
    expect(rows.length).toBeGreaterThan(250);
    expect(Math.max(...metres)).toBeLessThan(1);
    const aside = await spine.query("select code from hub.set_aside where source = 'video'");
    expect(aside).toEqual([]);
  });

  test('that fail, come or go are told of, answered when durable, and a client sees it', async () => {
    await eventually(() => video.ledger().isRegistered, { what: 'the registration' });
    await video.tick(START + 1.5 * HOUR);
    const { notices, gone } = video.ledger();
    expect(notices.length).toBeGreaterThan(5);
    expect(gone.length).toBeGreaterThan(0);
    await eventually(() => video.ledger().notices.every(({ answered }) => answered), { what: 'all answers' });
    await settled('every change');
    const secret = new Set(video.ledger().cameras.flatMap(({ id, isSecret }) => (isSecret ? [id] : [])));
    expect(notices.filter(({ id }) => secret.has(id)).length).toBeGreaterThan(0);
    const kept = await spine.query<{ code: string }>(
      'select code from "political-legal".camera union select code from "political-legal".camera_history',
    );
    expect(kept.filter(({ code }) => secret.has(code))).toEqual([]);
    const off = video.ledger().cameras.find(({ state, isSecret }) => state === 'OFF' && !isSecret);
    const { data, errors } = await spine.ask<{
      camera: { state: string; division: { code: string } } | null;
    }>('query ($id: ID!) { camera(id: $id) { state division { code } } }', {
      id: `political-legal:Camera:${off?.id}`,
    });
    expect(errors).toEqual([]);
    expect(data?.camera).toEqual({ state: 'OFF', division: { code: off?.countyCode } });
  });

  test('are right again when the hub was away: the platform registers anew and is asked', async () => {
    const before = readWhole();
    await spine.close();
    await video.tick(START + 3 * HOUR);
    await eventually(() => !video.ledger().isRegistered, { what: 'the silence' });
    await openHub();
    await eventually(() => readWhole() > before, { what: 'the next whole catalogue' });
    await settled('what happened meanwhile');
  }, 60_000);

  test('stay when the platform loses a part of each list, or fails; nothing is taken for gone', async () => {
    const before = await readCameras();
    for (const fault of ['half', 'error'] as const) {
      const given = video.ledger().catalogs.length;
      await video.setFault('down');
      await video.setFault(fault);
      if (fault === 'half')
        await eventually(
          () =>
            video
              .ledger()
              .catalogs.slice(given)
              .some(({ isDone }) => isDone),
          { what: fault },
        );
      else await eventually(() => video.ledger().isRegistered, { what: fault });
      expect(await readCameras()).toHaveLength(before.length);
    }
    await video.setFault('none');
    await settled('the same as before');
  }, 60_000);
});

test('The grid members of every county are rows as the ledger has them, their numbers masked for whoever asks', async () => {
  const read = () =>
    spine.query<Compared>(`select number as key, concat_ws(' ', name, id_number, phone, grid, households, "full", _division) as value
      from "political-legal".grid_member where _gone_at is null and _key = number`);
  const truth = () =>
    video.ledger().members.map((one) => ({
      key: one.number,
      value: [
        one.name,
        one.idNumber,
        one.phone,
        one.grid,
        one.households,
        one.isFull ? 't' : 'f',
        one.villageCode,
      ].join(' '),
    }));
  await eventually(async () => (await read()).length === truth().length, { what: 'all members' });
  expect(toDifferences(truth(), await read())).toEqual([]);
  expect(truth().some(({ value }) => value.includes('㘭'))).toBe(true);
  const { data } = await spine.ask<{
    gridMembers: { nodes: { name: unknown; phone: unknown; idNumber: unknown }[] };
  }>('{ gridMembers(first: 3) { nodes { name phone idNumber } } }');
  expect(data?.gridMembers.nodes).toHaveLength(3);
  const names = new Set(
    video.ledger().members.flatMap(({ name, phone, idNumber }) => [name, phone, idNumber]),
  );
  for (const { name, phone, idNumber } of data?.gridMembers.nodes ?? [])
    for (const shown of [name, phone, idNumber]) expect(names.has(String(shown))).toBe(false);
});
