// What the hub holds of the fire brigade against its ledger of true values, row by row: registers over REST, alarms over MQTT in
// frames and in JSON; then a broker that is away, a hub that is away, and a site that comes into the register late.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FireSystem, openFireSystem, USER } from '../../sandbox/fire-rescue/system.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll } from './close-all.ts';
import { compareFire, type FireWhat } from './compare-fire-rescue.ts';
import { DAY, HOUR, START } from './open-legacy.ts';
import { assertLoaded, openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy, replaced } from './units-copy.ts';

const EVERYTHING: readonly (readonly [FireWhat, number])[] = [
  ['station', 20],
  ['engine', 100],
  ['team', 20],
  ['site', 129],
  ['alarm', 150],
];

let brigade: FireSystem;
let spine: Spine;
let databaseUrl: string;
const opened: Close[] = [];

const openHub = () =>
  openSpine({
    legacy: { now: brigade.clock.now, url: '' },
    ...{ units: ['fire-rescue'], databaseUrl, secrets: toSecrets() },
  });
const toSecrets = () => ({
  FIRE_RESCUE_MQTT_URL: brigade.brokerUrl,
  FIRE_RESCUE_MQTT_USER: USER,
  FIRE_RESCUE_MQTT_PASSWORD: brigade.credentials.password,
  FIRE_RESCUE_REST_URL: brigade.url,
  FIRE_RESCUE_TOKEN: brigade.credentials.token,
});

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-fire-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  brigade = await openFireSystem({
    ...{ folder, port: 0, seed: 1, days: 1, log: () => undefined },
    clock: { start: START, frozen: true, wall: () => START + 30 * DAY },
  });
  opened.push(brigade.close);
  const database = await openTestDatabase();
  opened.push(database.close);
  databaseUrl = database.url;
  spine = await openHub();
  opened.push(() => spine.close());
  await assertLoaded(spine);
  // The registers are there: none of the alarms waits for them. Nothing is sent before the hub has subscribed.
  await eventually(() => brigade.tick().then(() => brigade.ledger().alarms.length > 0), {
    what: 'the hub at the broker',
  });
  await untilTaken();
}, 90_000);
afterAll(() => closeAll(opened));

/** All that was published is acknowledged, so that it must stand in the store. */
function untilTaken() {
  const isTaken = () => {
    const { alarms, lost } = brigade.ledger();
    return alarms.length > 0 && [...alarms, ...lost].every(({ acknowledged }) => acknowledged);
  };
  return eventually(isTaken, { what: 'the acknowledgement of all alarms' });
}
const differ = async (what: FireWhat) => (await compareFire(what, brigade.ledger(), spine.query)).differences;
const count = async (text: string) =>
  (await spine.query<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n;
const open = (alarms: readonly { readonly acknowledged: boolean }[]) =>
  alarms.filter(({ acknowledged }) => !acknowledged).length;

describe('a day of the fire brigade', () => {
  test.each(EVERYTHING)('is as the ledger says: %s', async (what, atLeast) => {
    const { compared, differences } = await compareFire(what, brigade.ledger(), spine.query);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(atLeast);
  });

  test('had what is hard to read: bits beside each other, cut texts, unknown and damaged ones, a site that nobody knows', async () => {
    const { alarms, lost, sites } = brigade.ledger();
    const known = new Set(sites.map(({ code }) => code));
    const traps = [
      alarms.filter(({ signal }) => signal === 'NORMAL').length,
      alarms.filter(({ signal }) => signal === 'FIRE').length,
      alarms.filter(({ text }) => text.length >= 15).length,
      alarms.filter(({ observedAt }) => !observedAt.endsWith('.000Z')).length,
      alarms.filter(({ site }) => !known.has(site)).length,
      lost.filter(({ why }) => why === 'DAMAGED').length,
      lost.filter(({ why }) => why === 'UNKNOWN').length,
    ];
    expect(traps.map((found) => found > 0)).toEqual(traps.map(() => true));
  });

  test('keeps what cannot be read with its original, and what nobody knows under its code', async () => {
    const { lost } = brigade.ledger();
    const toCount = (why: string) => lost.filter((one) => one.why === why).length;
    const rows = await spine.query<{ code: string; n: number }>(
      'select code, count(*)::int as n from hub.set_aside group by code order by code',
    );
    expect(rows).toContainEqual({ code: 'HUB_MAP_CODE', n: toCount('UNKNOWN') });
    expect(rows).toContainEqual({ code: 'HUB_MAP_RECORD', n: toCount('DAMAGED') });
  });

  test('leads from an alarm to its site, its county and back, by both doors; a leader is masked', async () => {
    const { alarms, sites, teams } = brigade.ledger();
    const known = new Map(sites.map((site) => [site.code, site]));
    const alarm = alarms.find(({ site, signal }) => known.has(site) && signal === 'FIRE');
    const site = known.get(alarm?.site ?? '');
    const id = `fire-rescue:FireAlarm:${[alarm?.site, alarm?.system, alarm?.part, 'FIRE', alarm?.observedAt.replace('.000Z', 'Z')].join('~')}`;
    const question = `{ fireAlarm(id: "${id}") { signal partText division { code } site { code name alarms(first: 100) { totalCount } } }
      rescueTeams(first: 30) { nodes { code leader leaderPhone } } }`;
    const [whole, stitched] = [await spine.ask(question), await spine.askStitched(question)];
    expect([whole.errors, stitched.data]).toEqual([[], whole.data]);
    expect(whole.data).toMatchObject({
      fireAlarm: {
        ...{ signal: 'FIRE', partText: alarm?.text, division: { code: site?.county } },
        site: {
          ...{ code: site?.code, name: site?.name },
          alarms: { totalCount: alarms.filter((one) => one.site === site?.code).length },
        },
      },
    });
    expect(
      teams.filter(({ leader, leaderPhone }) =>
        [leader, leaderPhone].some((one) => whole.text.includes(one)),
      ),
    ).toEqual([]);
  });
});

describe('a manifest that takes', () => {
  test('the maps’ positions for true ones has every station and site wrong by half a kilometre', async () => {
    const units = await openUnitsCopy(
      (text) =>
        // A session belongs to one hub.
        replaced(replaced(text, 'crs: GCJ02', 'crs: WGS84'), 'client: hub-fire-rescue', 'client: liar'),
      ['fire-rescue'],
    );
    const liars: Close[] = [units.close];
    try {
      const liar = await openSpine({
        legacy: { now: brigade.clock.now, url: '' },
        ...{ unitsFolder: units.folder, secrets: toSecrets() },
      });
      liars.push(liar.close);
      await assertLoaded(liar);
      const { differences } = await compareFire('site', brigade.ledger(), liar.query);
      expect(differences).toHaveLength(brigade.ledger().sites.length);
    } finally {
      await closeAll(liars);
    }
  }, 60_000);
});

describe('later', () => {
  test('while the broker is away the last copy answers; what was sent meanwhile comes when it is back', async () => {
    const before = await count('"fire-rescue".fire_alarm');
    await brigade.setFault('down');
    await brigade.tick(START + 2 * HOUR);
    expect(open(brigade.ledger().alarms)).toBeGreaterThan(5);
    const { data, errors } = await spine.ask<{ fireAlarms: { totalCount: number } }>(
      '{ fireAlarms(first: 1) { totalCount } }',
    );
    expect([errors, data.fireAlarms.totalCount]).toEqual([[], before]);
    await brigade.setFault('none');
    await untilTaken();
    expect(await differ('alarm')).toEqual([]);
    expect(await count('"fire-rescue".fire_alarm')).toBeGreaterThan(before ?? 0);
  }, 60_000);

  test.each(['hang', 'garbage', 'expired'] as const)(
    '%s at its doors costs no alarm',
    async (fault) => {
      const heard = () => brigade.faultCounters()[fault].bytesToClient;
      const before = heard();
      await brigade.setFault(fault);
      await brigade.tick(brigade.clock.now() + HOUR);
      // Who is hung up on hears nothing.
      await eventually(() => fault === 'hang' || heard() > before, { what: 'the hub at the door' });
      await brigade.setFault('none');
      await untilTaken();
      expect(await differ('alarm')).toEqual([]);
    },
    60_000,
  );

  test('what is sent while the hub is away is kept by the broker, and none of it is lost or doubled', async () => {
    await spine.close();
    await brigade.tick(brigade.clock.now() + 3 * HOUR);
    expect(open(brigade.ledger().alarms)).toBeGreaterThan(10);
    spine = await openHub();
    await untilTaken();
    expect(await differ('alarm')).toEqual([]);
    expect(
      await spine.query(`select 1 from "fire-rescue".fire_alarm group by _key having count(*) > 1`),
    ).toEqual([]);
  }, 60_000);

  test('alarms of a site that the register names a day later have waited for it', async () => {
    const known = new Set(brigade.ledger().sites.map(({ code }) => code));
    await brigade.tick(START + 21 * HOUR);
    await untilTaken();
    const late = brigade.ledger().alarms.filter(({ site }) => !known.has(site));
    expect(late.length).toBeGreaterThan(0);
    expect(await count(`"fire-rescue".fire_alarm where site_key = '${late[0]?.site}'`)).toBe(0);
    expect(await spine.sync('sites')).toMatchObject({ state: 'SUCCEEDED', deleted: 0 });
    // What waits is tried anew every 20 s, and when listening begins.
    await spine.close();
    spine = await openHub();
    await eventually(async () => (await differ('alarm')).length === 0, { what: 'the alarms that waited' });
    expect(await differ('site')).toEqual([]);
  }, 60_000);
});
