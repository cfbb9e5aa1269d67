// The transport bureau with the hub's worker as a process that is killed while terminals send: what was answered is in the store.
import { afterAll, describe, expect, test } from '@jest/globals';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll } from './close-all.ts';
import type { Compared } from './compare.ts';
import { type Ask, compareTransport, SAME_TRANSPORT, TRANSPORT_PAIRS } from './compare-transport.ts';
import { openHubProcess } from './open-hub-process.ts';
import { MINUTE, openPlainPool } from './open-legacy.ts';
import { openTransport } from './open-transport.ts';
import { openUnitsCopy, replaced } from './units-copy.ts';

/** The record is read every other second. */
const toHasty = (text: string) => replaced(text, 'every: PT1M', 'every: PT2S');

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
    const units = await open(openUnitsCopy(toHasty, ['transport']));
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
    const compare = () => compareTransport(bureau.legacy.query, store, 0);
    const isSame = async () => Object.values(await compare()).every((lines) => lines.length === 0);
    await eventually(isSame, { what: 'the record of the minutes without a worker', everyMs: 500 }).catch(
      () => undefined,
    );
    expect(await compare()).toEqual(SAME_TRANSPORT);
  }, 240_000);
});
