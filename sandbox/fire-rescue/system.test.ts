// The brigade's two doors as the hub meets them: registers over REST, a broker that lets in nobody else, frames that a reader
// of the standard understands, and faults at both.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodePart, encodeUnit, frame } from '../../connectors/codecs/gb26875/gb26875.fixture.ts';
import { openPublisher } from '../../test/support/mqtt-publisher.ts';
import { toGcj02 } from '../map/shift.ts';
import { HOUR } from '../storm/storm.ts';
import { toReports } from './alarm.ts';
import { encodeReport } from './frame.ts';
import { toMessages } from './message.ts';
import { isLate, LATE_HOURS, toRegistered, toSites } from './site.ts';
import { type FireSystem, openFireSystem, USER } from './system.ts';

const START = Date.parse('2026-04-04T21:20:00Z');

describe('the doors', () => {
  let folder: string;
  let system: FireSystem;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'one-network-fire-'));
    system = await openFireSystem({
      ...{ folder, port: 0, seed: 1, days: 1, log: () => undefined },
      clock: { start: START, frozen: true, wall: () => START + 90 * 24 * HOUR },
    });
  });
  afterEach(async () => {
    await system.close();
    await rm(folder, { recursive: true, force: true });
  });
  const ask = (path: string, token = system.credentials.token) =>
    fetch(`${system.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const rows = async (path: string) =>
    ((await (await ask(path)).json()) as { readonly data: readonly Record<string, unknown>[] }).data;

  test('show the registers in pages, with shifted places, codes of whatever year and in whatever letters', async () => {
    const { stations, sites, engines } = system.ledger();
    const [first] = await rows('/stations');
    const shifted = toGcj02(stations[0]?.position ?? { lon: 0, lat: 0 });
    expect(first).toMatchObject({ stationCode: stations[0]?.code, lng: Number(shifted.lon.toFixed(6)) });
    const units = [
      ...(await rows('/keyUnits?offset=0&limit=100')),
      ...(await rows('/keyUnits?offset=100&limit=100')),
    ];
    expect(units.map(({ siteCode }) => String(siteCode).toUpperCase())).toEqual(
      sites.map(({ code }) => code),
    );
    expect(
      units.filter(({ siteCode }) => siteCode !== String(siteCode).toUpperCase()).length,
    ).toBeGreaterThan(50);
    expect(units.some(({ xzqhdm }) => xzqhdm === '431181')).toBe(false);
    expect(units.filter(({ xzqhdm }) => xzqhdm === '431121')).toHaveLength(
      sites.filter(({ county }) => county === '431181').length,
    );
    expect(await rows('/engines?offset=0&limit=100')).toHaveLength(Math.min(100, engines.length));
    expect((await ask('/teams', 'wrong')).status).toBe(401);
    expect(await (await ask('/keyUnits?limit=1000')).json()).toMatchObject({ code: '400' });
  });

  test('let in who has the password, and nobody publishes from outside', async () => {
    const port = system.brokerPort;
    await expect(openPublisher({ port, user: USER, password: 'wrong' })).rejects.toThrow(/closed/);
    const { password } = system.credentials;
    const inside = await openPublisher({ port, user: USER, password });
    const refused = Promise.race([
      inside.publish('fire/x/up/json', '{}').then(() => 'taken'),
      inside.closed.then(() => 'closed'),
    ]);
    expect(await refused).toBe('closed');
    expect(system.ledger().alarms).toEqual([]);
  });

  test('go down together and come back', async () => {
    await system.setFault('down');
    await expect(ask('/teams')).rejects.toThrow(/fetch failed/);
    await expect(openPublisher({ port: system.brokerPort })).rejects.toThrow();
    await system.setFault('error');
    expect((await ask('/teams')).status).toBe(500);
    await system.setFault('none');
    expect((await ask('/teams')).status).toBe(200);
    expect(system.faultCounters().down.activations).toBe(1);
    expect(system.faultCounters().error.bytesToClient).toBeGreaterThan(0);
  });
});

describe('what devices send', () => {
  const sites = toSites(1);

  test('is the same for the same seed, however the time is cut', () => {
    const [from, to] = [START - 48 * HOUR, START];
    const whole = toReports(1, sites, from, to);
    const cut = Array.from({ length: 96 }, (_, half) =>
      toReports(1, sites, from + (half * HOUR) / 2, from + ((half + 1) * HOUR) / 2),
    ).flat();
    expect(cut).toEqual(whole);
    expect(toReports(2, toSites(2), from, to)).not.toEqual(whole);
    expect(whole.some(({ site }) => isLate(site))).toBe(true);
  });

  test('has no alarm whose key stands twice, and topics in small letters too', () => {
    const reports = toReports(1, sites, START - 240 * HOUR, START);
    const keys = reports.flatMap(({ site, parts }) =>
      parts.flatMap(({ system, address, signals, at }) =>
        signals.map((signal) => [site.code, system, address, signal, at].join(' ')),
      ),
    );
    expect(new Set(keys).size).toBe(keys.length);
    const topics = reports.flatMap(toMessages).map(({ topic }) => topic);
    expect(topics.every((topic) => /^fire\/zd\d{9}\/up\/(frame|json)$/i.test(topic))).toBe(true);
    expect(topics.filter((topic) => topic.includes('/zd')).length).toBeGreaterThan(100);
  });

  test('is a frame that another writer of the standard makes byte by byte', () => {
    const part = fc.record({
      systemType: fc.nat(255),
      systemAddress: fc.nat(255),
      partType: fc.nat(255),
      partAddress: fc.nat(0xff_ff_ff),
      state: fc.nat(0xff_ff),
      text: fc.constantFrom('', '三楼东侧烟感', '地下一层消防水泵房可燃气体探测器一号'),
    });
    fc.assert(
      fc.property(fc.nat(0xff_ff), fc.array(part, { minLength: 1, maxLength: 9 }), (serial, parts) => {
        const at = Date.parse('2026-04-05T00:30:07Z');
        const own = encodeReport(
          { serial, source: '074600000017', at },
          parts.map((one) => ({ ...one, at })),
        );
        const time = '260405083007';
        const other = frame(
          encodeUnit(
            2,
            parts.map((one) => encodePart({ ...one, time })),
          ),
          {
            ...{ serial, sentAt: time, source: '074600000017' },
          },
        );
        expect(own.toString('hex')).toBe(Buffer.from(other).toString('hex'));
      }),
      { numRuns: 50 },
    );
  });

  test('comes from one site that the register names only later', () => {
    const before = toRegistered(sites, START, START + LATE_HOURS * HOUR - 1);
    expect(sites.length - before.length).toBe(1);
    expect(toRegistered(sites, START, START + LATE_HOURS * HOUR)).toHaveLength(sites.length);
  });
});
