// The ecology bureau, which is not among the city's from the beginning: its loggers send HJ 212, its list lies in a folder, and each
// row in the store is the ledger's; what was answered is durable, whatever happened to the line.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findAnyPort } from '../../postgres/ports.ts';
import { type EcologySystem, openEcologySystem } from '../../sandbox/ecology/system.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll } from './close-all.ts';
import { compareEcology, toReadingKey } from './compare-ecology.ts';
import { DAY, MINUTE, START } from './open-legacy.ts';
import type { Spine } from './open-spine.ts';
import { openUnit } from './open-unit.ts';

/** From 05:20 to past 06:00, so that hours end, too. */
const MINUTES = 41;

let bureau: EcologySystem;
let spine: Spine;
const opened: Close[] = [];
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-ecology-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const [hubPort, password] = [await findAnyPort(), '654321'];
  bureau = await openEcologySystem({
    ...{ folder, hubPort, password, seed: 1, log: () => undefined, retryMs: 20 },
    clock: { start: START, frozen: true, wall: () => START + 30 * DAY },
  });
  opened.push(bureau.close);
  const secrets = {
    ECOLOGY_HJ212_PORT: String(hubPort),
    ECOLOGY_HJ212_PASSWORD: password,
    ECOLOGY_FOLDER: pathToFileURL(bureau.registerFolder).href,
  };
  spine = await openUnit({ unit: 'ecology', now: bureau.clock.now, secrets }, opened);
  const isListed = async () => {
    await spine.look(['register']);
    return (await count('ecology.emission_outlet')) === bureau.ledger().outlets.length;
  };
  await eventually(isListed, { what: 'the list of outlets', everyMs: 100 });
  await eventually(bureau.isConnected, { what: 'all lines' });
  await bureau.tick(START + MINUTES * MINUTE);
  await eventually(() => bureau.waiting() === 0, { what: 'all answers' });
}, 120_000);
afterAll(() => closeAll(opened));

const count = async (text: string) =>
  (await spine.query<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n ?? 0;
/** What was not asked for has no answer to wait for. */
const isThere = () =>
  eventually(
    async () => (await compareEcology('reading', bureau.ledger(), spine.query)).differences.length === 0,
    {
      what: 'the readings of the ledger',
      withinMs: 20_000,
      everyMs: 100,
    },
  ).catch(() => undefined);

describe('the points and their readings', () => {
  test('are as the ledger says: the list', async () => {
    const { compared, differences } = await compareEcology('outlet', bureau.ledger(), spine.query);
    expect(differences).toEqual([]);
    expect(compared).toBe(20);
  });

  test('are as the ledger says: each reading with its unit and its quality, once', async () => {
    await isThere();
    const { compared, differences } = await compareEcology('reading', bureau.ledger(), spine.query);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(5000);
    expect(await count('ecology.emission_reading_history')).toBe(0);
    const qualities = await spine.query<{ q: string }>(
      'select distinct value_quality as q from ecology.emission_reading order by 1',
    );
    expect(qualities.map(({ q }) => q)).toEqual(['BAD', 'GOOD', 'SUSPECT', 'UNCHECKED']);
  });

  test('leave what nobody can read and what is in no list for a person: damaged packets, one factor, one credit code', async () => {
    const { readings, outlets } = bureau.ledger();
    const kept = await spine.query<{ code: string; n: number }>(
      'select code, count(*)::int as n from hub.set_aside group by code order by code',
    );
    const unlisted = readings.filter(({ isListed }) => !isListed).length;
    expect(kept).toEqual([
      { code: 'HUB_MAP_CODE', n: unlisted },
      { code: 'HUB_MAP_RECORD', n: expect.any(Number) },
    ]);
    expect(kept[1]?.n).toBeGreaterThan(30);
    const uncoded = outlets.filter(({ creditCode }) => creditCode === null).length;
    expect(await count('ecology.emission_outlet where credit_code is null and _faults is not null')).toBe(
      uncoded,
    );
  });

  test('are answered by both doors: a county’s points, their latest values and what they count', async () => {
    const question = `{ division(code: "431124") { emissionOutlets(first: 10) { nodes { code name kind latestEmission { observedAt }
      emission(where: { cadence: { eq: HOURLY } }, last: 3) { nodes { pollutant value valueUnit valueQuality total observedAt } } } } } }`;
    const [whole, stitched] = [await spine.ask(question), await spine.askStitched(question)];
    expect([whole.errors, stitched.errors]).toEqual([[], []]);
    expect(stitched.data).toEqual(whole.data);
    expect(whole.data).toMatchObject({
      division: {
        emissionOutlets: { nodes: [{ kind: 'WATER_SOURCE' }, { kind: 'AIR_SOURCE' }, { kind: 'AIR' }] },
      },
    });
  });
});

describe('a logger whose line is cut again and again', () => {
  test('has nothing answered that is not in the store', async () => {
    const from = bureau.clock.now();
    for (let half = 1; half <= 40; half += 1) {
      await bureau.tick(from + (half * MINUTE) / 2);
      if (half % 6 === 0) bureau.cut();
    }
    await eventually(() => bureau.waiting() === 0, { what: 'all answers' });
    const answered = bureau
      .ledger()
      .readings.filter(({ answeredAt, isListed }) => isListed && answeredAt !== null);
    const rows = await spine.query<{ key: string }>('select _key as key from ecology.emission_reading');
    const stored = new Set(rows.map(({ key }) => key));
    expect(answered.length).toBeGreaterThan(5000);
    expect(answered.map(toReadingKey).filter((key) => !stored.has(key))).toEqual([]);
  });
});
