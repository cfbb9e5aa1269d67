import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toGcj02 } from '../map/shift.ts';
import { HOUR } from '../storm/storm.ts';
import { CLIENT_ID, openTrafficSystem, type SystemOptions, type TrafficSystem } from './system.ts';

const START = Date.parse('2026-04-04T21:20:00Z');

type Row = Readonly<Record<string, string | number | null>>;
type Body = {
  readonly code: string;
  readonly data: {
    readonly total: number;
    readonly list: readonly Row[] | null;
    readonly accessToken: string;
  };
};

let folder: string;
let system: TrafficSystem;
let token: string;

const options = (more: Partial<SystemOptions> = {}): SystemOptions => ({
  ...{ folder, port: 0, seed: 1, days: 3, log: () => undefined },
  clock: { start: START, frozen: true, wall: () => START + 90 * 24 * HOUR },
  ...more,
});
const logIn = async (clientSecret = system.credentials.clientSecret): Promise<Body> => {
  const body = JSON.stringify({ clientId: CLIENT_ID, clientSecret });
  return (await fetch(`${system.url}/api/v1/token`, { method: 'POST', body })).json() as Promise<Body>;
};
const ask = async (road: string, bearer = token) => {
  const headers = { authorization: `Bearer ${bearer}` };
  const response = await fetch(`${system.url}/api/v1/${road}`, { headers });
  return { status: response.status, body: (await response.json()) as Body };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-traffic-'));
  system = await openTrafficSystem(options());
  token = (await logIn()).data.accessToken;
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the traffic police’s service', () => {
  test('answers HTTP 200 whatever it thinks of a call: its code says', async () => {
    expect(await logIn('wrong')).toEqual({ code: '40001', msg: '客户端标识或密钥错误' });
    expect(await ask('roadEvents?pageSize=0')).toMatchObject({ status: 200, body: { code: '40002' } });
    expect(await ask('sections?xzqh=道县')).toMatchObject({ status: 200, body: { code: '40002' } });
    expect((await ask('roadEvents')).body.code).toBe('0');
    expect((await fetch(`${system.url}/api/v1/other`)).status).toBe(404);
  });

  test('lets a token end after 25 calls, by turns with 401 and with 200', async () => {
    const codes = [];
    for (let call = 0; call < 28; call += 1) codes.push(await ask('closures'));
    expect(codes.filter(({ body }) => body.code === '0')).toHaveLength(25);
    expect(codes.slice(25).map(({ status, body }) => [status, body.code])).toEqual([
      [401, '40101'],
      [200, '40101'],
      [401, '40101'],
    ]);
    expect(system.met()).toEqual({ logins: 1, ended: { as401: 2, as200: 1 } });
  });

  test('tells the events of its ledger, page by page, the latest change first', async () => {
    const pages = [];
    for (const page of [1, 2, 3, 4])
      pages.push((await ask(`roadEvents?pageNo=${page}&pageSize=80`)).body.data);
    const rows = pages.flatMap(({ list }) => list ?? []);
    const { events } = system.ledger();
    expect(rows).toHaveLength(events.length);
    expect(pages.map(({ total }) => total)).toEqual(pages.map(() => events.length));
    expect(rows.map(({ updateTime }) => updateTime)).toEqual(
      rows.map(({ updateTime }) => updateTime).toSorted((a, b) => Number(b) - Number(a)),
    );
    const first = events.find(({ position }) => position !== null);
    const { lon, lat } = toGcj02(first?.position ?? { lon: 0, lat: 0 });
    expect(rows.find(({ eventId }) => eventId === first?.number)).toMatchObject({
      lnglat: `${lon.toFixed(6)},${lat.toFixed(6)}`,
      happenTime: Date.parse(first?.observedAt ?? ''),
    });
    const since = START - 6 * HOUR;
    const late = (await ask(`roadEvents?updatedSince=${since}&pageSize=100`)).body.data;
    expect(late.total).toBe(events.filter(({ updatedAt }) => Date.parse(updatedAt) >= since).length);
  });

  test('has every trap: old codes, codes without a meaning, no place, dead detectors, ends at 0', async () => {
    const { list } = (await ask('roadEvents?pageSize=100')).body.data;
    const rows = list ?? [];
    const has = (column: string, value: string | number) => rows.some((row) => row[column] === value);
    expect([has('xzqh', '431121'), has('xzqh', '431181'), has('eventType', '9'), has('lnglat', '')]).toEqual(
      Array(4).fill(true),
    );
    expect(has('endTime', 0)).toBe(true);
    const states = (await ask('congestion?xzqh=431100')).body.data as unknown as readonly Row[];
    expect(states.filter(({ statTime }) => statTime === 0).length).toBeGreaterThan(0);
    expect(states).toHaveLength(system.ledger().sections.length);
    const found = (await ask('sections?xzqh=431181')).body.data as unknown as readonly Row[];
    const { sections } = system.ledger();
    expect(found.length).toBeLessThan(sections.filter(({ county }) => county === '431181').length);
  });

  test('has times without any closure, told as null and as [] by turns, and others with some', async () => {
    let hour = 0;
    while (system.ledger().closures.length > 0 && hour < 240) {
      hour += 1;
      system.clock.moveTo(START + hour * HOUR);
    }
    // The token's two hours are over.
    token = (await logIn()).data.accessToken;
    expect((await ask('closures')).body.data.list).toBeNull();
    expect((await ask('closures')).body.data.list).toEqual([]);
    while (system.ledger().closures.length === 0 && hour < 480) {
      hour += 1;
      system.clock.moveTo(START + hour * HOUR);
    }
    token = (await logIn()).data.accessToken;
    expect((await ask('closures')).body.data.list).toHaveLength(system.ledger().closures.length);
  });

  test.each([
    ['roadEvents?pageSize=1', 'RoadEvent'],
    ['closures?pageSize=1', 'RoadClosure'],
    ['sections?xzqh=431100', 'RoadSection'],
    ['congestion?xzqh=431100', 'Congestion'],
  ])('describes itself: what %s answers has the columns of its schema %s', async (road, name) => {
    const document = (await (await fetch(`${system.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, object>;
      components: { schemas: Record<string, { properties: object }> };
    };
    expect(document.openapi).toBe('3.0.3');
    const described = document.paths[`/api/v1/${road.split('?')[0]}`];
    expect(JSON.stringify(described)).toContain(`"$ref":"#/components/schemas/${name}"`);
    const data: unknown = (await ask(road)).body.data;
    const { list } = Array.isArray(data) ? { list: data } : (data as { readonly list: readonly Row[] });
    const row: Row = list[0] ?? {};
    expect(Object.keys(row).toSorted()).toEqual(
      Object.keys(document.components.schemas[name]?.properties ?? {}).toSorted(),
    );
  });

  test('says the same after a stop and a start, to the same client', async () => {
    const { credentials } = system;
    const before = await ask('roadEvents?pageSize=100');
    await system.close();
    system = await openTrafficSystem(options());
    expect(system.credentials).toEqual(credentials);
    token = (await logIn()).data.accessToken;
    expect(await ask('roadEvents?pageSize=100')).toEqual(before);
  });
});
