import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, isObjectType } from 'graphql';
import { toBd09 } from '../map/shift.ts';
import { HOUR } from '../storm/storm.ts';
import { type HousingSystem, openHousingSystem } from './system.ts';

const START = Date.parse('2026-04-04T21:20:00Z');

type Crane = { readonly deviceNo: string; readonly updatedAt: string | null; readonly moment: number | null };
type Site = {
  readonly projectCode: string;
  readonly lng: number;
  readonly lat: number;
  readonly stage: string;
  readonly divisionCode: string;
  readonly contractor: { readonly uscc: string };
  readonly manager: { readonly name: string; readonly mobile: string } | null;
  readonly towerCranes: readonly Crane[] | null;
};
type Alarm = { readonly id: string; readonly alarmTime: string };
type Page<Node> = {
  readonly nodes: readonly Node[];
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
};
type Answer = {
  readonly data?: { readonly sites: Page<Site>; readonly craneAlarms: Page<Alarm> } | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
};

const PAGE = 'totalCount pageInfo { endCursor hasNextPage }';
const SITES = `query ($first: Int, $after: String) { sites(first: $first, after: $after) { ${PAGE} nodes {
  projectCode lng lat stage divisionCode contractor { uscc } manager { name mobile } towerCranes { deviceNo updatedAt moment } } } }`;
const ALARMS = `query ($from: DateTime!, $to: DateTime!) { craneAlarms(from: $from, to: $to, first: 50) { ${PAGE} nodes { id alarmTime } } }`;

let folder: string;
let system: HousingSystem;
let isAway: boolean;
const open = () =>
  openHousingSystem({
    ...{ folder, port: 0, seed: 1, days: 2, log: () => undefined, isPersonnelAway: () => isAway },
    clock: { start: START, frozen: true, wall: () => START + 90 * 24 * HOUR },
  });
const post = (body: string, token = system.credentials.token) =>
  fetch(system.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  });
const ask = async (query: string, variables: object = {}): Promise<Answer> =>
  (await post(JSON.stringify({ query, variables }))).json() as Promise<Answer>;
const askSites = async (): Promise<Site[]> => {
  const sites: Site[] = [];
  let after: string | null = null;
  do {
    const { data }: Answer = await ask(SITES, { first: 50, after });
    sites.push(...(data?.sites.nodes ?? []));
    after = data?.sites.pageInfo.hasNextPage ? data.sites.pageInfo.endCursor : null;
  } while (after !== null);
  return sites;
};

beforeEach(async () => {
  isAway = false;
  folder = await mkdtemp(join(tmpdir(), 'one-network-housing-'));
  system = await open();
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the housing bureau’s graph', () => {
  test('shows the sites of its ledger page by page, where 百度 puts them', async () => {
    const sites = await askSites();
    const { sites: truth } = system.ledger();
    expect(sites.map(({ projectCode }) => projectCode.toUpperCase())).toEqual(truth.map(({ code }) => code));
    for (const [index, { lng, lat }] of sites.entries()) {
      const place = toBd09(truth[index]?.position ?? { lon: 0, lat: 0 });
      expect([lng, lat]).toEqual([expect.closeTo(place.lon, 6), expect.closeTo(place.lat, 6)]);
    }
  });

  test('has every trap: lower case, old codes, stages and companies without a word, cranes that do not stand yet', async () => {
    const sites = await askSites();
    const count = (holds: (site: Site) => boolean) => sites.filter(holds).length;
    const traps = [
      count(({ projectCode }) => projectCode.startsWith('yz')),
      count(({ divisionCode }) => divisionCode === '431121'),
      count(({ divisionCode }) => divisionCode.length === 12),
      count(({ stage }) => stage === 'ACCEPTANCE'),
      count(({ contractor }) => contractor.uscc === '申办中'),
      count(({ towerCranes }) => towerCranes === null),
      count(({ towerCranes }) => towerCranes?.length === 0),
      count(({ towerCranes }) => towerCranes?.some(({ updatedAt }) => updatedAt === null) ?? false),
      ...['-', ' ', '+86'].map((word) => count(({ manager }) => manager?.mobile.includes(word) ?? false)),
    ];
    expect(traps.map((found) => found > 0)).toEqual(traps.map(() => true));
  });

  test('tells the alarms of a span, both ends with it, in Beijing’s time', async () => {
    const { alarms } = system.ledger();
    const [first] = alarms;
    const at = first?.observedAt ?? '';
    const one = await ask(ALARMS, { from: at, to: at });
    expect(one.data?.craneAlarms.nodes.map(({ id }) => id)).toContain(first?.number);
    expect(Date.parse(one.data?.craneAlarms.nodes[0]?.alarmTime ?? '')).toBe(Date.parse(at));
    const all = await ask(ALARMS, { from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00Z' });
    expect(all.data?.craneAlarms.totalCount).toBe(alarms.length);
    expect(alarms.length).toBeGreaterThan(50);
  });

  test('gives errors beside data while the personnel system is away', async () => {
    isAway = true;
    const { data, errors = [] } = await ask(SITES, { first: 50 });
    expect(errors.length).toBeGreaterThan(2);
    expect(errors[0]).toMatchObject({ message: '人员系统无响应', path: ['sites', 'nodes', 2, 'manager'] });
    expect(data?.sites.nodes[2]?.manager).toBeNull();
    expect(data?.sites.nodes).toHaveLength(50);
  });

  test('refuses in the ways that GraphQL over HTTP has', async () => {
    expect((await post('{}')).status).toBe(400);
    expect((await post('no json')).status).toBe(400);
    expect((await post(JSON.stringify({ query: SITES }), 'wrong')).status).toBe(401);
    expect((await fetch(`${system.url}x`, { method: 'POST' })).status).toBe(404);
    for (const variables of [{ first: 51 }, { first: 0 }, { after: 'bad' }])
      expect((await ask(SITES, variables)).errors).toHaveLength(1);
    expect((await ask('{ sites { nodes { secret } } }')).errors).toHaveLength(1);
    const turned = { from: '2026-04-05T00:00:00Z', to: '2026-04-04T00:00:00Z' };
    expect((await ask(ALARMS, turned)).errors).toHaveLength(1);
    expect(
      (await ask(ALARMS, { from: '2026-04-05 00:00:00', to: '2026-04-05 00:00:00' })).errors,
    ).toHaveLength(1);
  });

  test('describes itself by introspection', async () => {
    const answer = (await ask(getIntrospectionQuery())) as unknown as { readonly data: IntrospectionQuery };
    const site = buildClientSchema(answer.data).getType('Site');
    expect(isObjectType(site) && site.getFields().towerCranes?.type.toString()).toBe('[TowerCrane!]');
  });

  test('takes a finished site off its list, and keeps its alarms', async () => {
    const before = system.ledger();
    system.clock.moveTo(system.finishedAt);
    const after = system.ledger();
    expect(before.sites.length - after.sites.length).toBe(1);
    expect(await askSites()).toHaveLength(after.sites.length);
    expect(after.alarms.slice(0, before.alarms.length)).toEqual(before.alarms);
  });
});
