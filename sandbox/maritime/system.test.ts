import { createSocket, type Socket } from 'node:dgram';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { eventually } from '../../test/support/eventually.ts';
import { openHubPort } from '../sender/hub-port.ts';
import { type MaritimeSystem, openMaritimeSystem } from './system.ts';

const START = Date.parse('2026-04-04T21:20:00Z');
const MINUTE = 60_000;
const SENTENCE = /^!AIVDM,([12]),([12]),(\d?),[AB],([0-W`-w]+),[0-5]\*[0-9A-F]{2}\r\n$/;

let folder: string;
let maritime: MaritimeSystem;
let listener: Socket;
let heard: { readonly text: string; readonly port: number }[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-maritime-'));
  const clock = { start: START, frozen: true, wall: () => START + 30 * 24 * 60 * MINUTE };
  maritime = await openMaritimeSystem({
    folder,
    port: 0,
    seed: 1,
    days: 1,
    clock,
    growMs: 20,
    log: () => undefined,
  });
  heard = [];
  listener = createSocket('udp4');
  listener.on('message', (bytes, { port }) => heard.push({ text: bytes.toString('latin1'), port }));
  await new Promise<void>((resolve) => listener.bind(maritime.aisPort, '127.0.0.1', resolve));
});
afterEach(async () => {
  await maritime.close();
  await new Promise<void>((resolve) => listener.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** Ends when a mark that is sent behind everything has come. */
async function settled(): Promise<void> {
  const mark = createSocket('udp4');
  mark.send('mark', maritime.aisPort, '127.0.0.1');
  await eventually(() => heard.some(({ text }) => text === 'mark'), { what: 'the mark' });
  heard = heard.filter(({ text }) => text !== 'mark');
  await new Promise<void>((resolve) => mark.close(resolve));
}
const sendMinutes = async (minutes: number) => {
  for (let at = 0; at < minutes * 60; at += 20) {
    await maritime.send(START + at * 1000);
    await settled();
  }
};
const isSound = (text: string) => {
  const sum = [...text.slice(1, text.indexOf('*'))].reduce((xor, letter) => xor ^ letter.charCodeAt(0), 0);
  return Number.parseInt(text.slice(-4, -2), 16) === sum;
};

describe('the receivers', () => {
  test('send one sentence a datagram: both the same of some, some broken, some with their second half lost', async () => {
    await sendMinutes(20);
    expect(heard.filter(({ text }) => !SENTENCE.test(text))).toEqual([]);
    const { positions, words, strays, heartbeats, vessels } = maritime.ledger();
    const of = (sort: string) => strays.filter((stray) => stray.sort === sort).length;
    expect(heard.filter(({ text }) => !isSound(text))).toHaveLength(of('checksum'));
    const firsts = heard.filter(({ text }) => text.startsWith('!AIVDM,2,1')).length;
    const seconds = heard.filter(({ text }) => text.startsWith('!AIVDM,2,2')).length;
    expect(firsts - seconds).toBe(of('half'));
    expect([of('checksum'), of('half')].every((count) => count > 0)).toBe(true);
    const [first, second] = [...new Set(heard.map(({ port }) => port))].map(
      (port) => new Set(heard.filter((one) => one.port === port).map(({ text }) => text)),
    );
    expect([...(first ?? [])].filter((text) => second?.has(text)).length).toBeGreaterThan(100);
    expect(heartbeats).toBeGreaterThan(110);
    expect(new Set(positions.map(({ mmsi }) => mmsi)).size).toBe(vessels.length);
    expect(new Set(words.map(({ message }) => message))).toEqual(new Set(['5', '24A', '24B']));
    for (const { leftAt, observedAt } of positions) {
      const waited = Date.parse(leftAt) - Date.parse(observedAt);
      expect(waited >= 0 && waited < 60_000).toBe(true);
    }
  });

  test('are silent while the bureau is down, and make nothing up for it', async () => {
    await maritime.setFault('down');
    await sendMinutes(1);
    expect(heard).toEqual([]);
    await expect(readdir(maritime.listsFolder)).rejects.toMatchObject({ code: 'ENOENT' });
    await maritime.setFault('none');
    await maritime.send(START + MINUTE);
    await settled();
    expect(heard.length).toBeGreaterThan(10);
    expect(
      maritime.ledger().positions.every(({ observedAt }) => Date.parse(observedAt) > START + 40_000),
    ).toBe(true);
    expect(await readdir(maritime.listsFolder)).toHaveLength(2);
  });

  test('send bytes of no protocol when told, and say so', async () => {
    await maritime.setFault('garbage');
    await sendMinutes(1);
    expect(heard.length).toBeGreaterThan(5);
    expect(heard.every(({ text }) => !text.includes('!'))).toBe(true);
    expect(maritime.ledger()).toMatchObject({
      positions: [],
      strays: heard.map(() => ({ sort: 'garbage' })),
    });
    expect(maritime.faultCounters().garbage).toMatchObject({
      activations: 1,
      bytesToClient: 2048 + 60 * heard.length,
    });
  });
});

describe('the lists', () => {
  const read = async (name: string) =>
    iconv.decode(await readFile(join(maritime.listsFolder, name)), 'gb18030');

  test('are written in GB18030, with what clerks make of numbers, and anew on the next morning', async () => {
    const ferries = await read('渡船台账_20260404.csv');
    expect(ferries.split('\r\n')[0]).toBe('船舶登记号,船名,核定载客,渡口编号,MMSI');
    expect(ferries).toMatch(/,41377005\r\n/);
    expect(ferries).toMatch(/,无\r\n/);
    expect(await read('渡口台账_20260404.csv')).toMatch(/㘵头渡/);
    const { ferries: before, struckOff } = maritime.ledger();
    expect([before.length, struckOff]).toEqual([22, []]);
    await maritime.tick(START + 28 * 60 * MINUTE);
    expect(await readdir(maritime.listsFolder)).toHaveLength(4);
    const after = maritime.ledger();
    expect([after.ferries.length, after.struckOff.length]).toEqual([21, 1]);
  });

  test('grow without an end while the bureau hangs, and end whole', async () => {
    await maritime.setFault('hang');
    const growing = '渡船台账_growing.csv';
    expect(await readdir(maritime.listsFolder)).toContain(growing);
    await maritime.setFault('none');
    expect(await read(growing)).toBe(await read('渡船台账_20260404.csv'));
  });
});

describe('the port', () => {
  test('is free when it is chosen, and the same for a process that is started again, listened to or not', async () => {
    const first = maritime.aisPort;
    const other = await openHubPort({ folder: join(folder, 'other'), name: 'ais', first, isUdp: true });
    expect(other).toBeGreaterThan(first);
    expect(await openHubPort({ folder, name: 'ais', first: 0, isUdp: true })).toBe(first);
  });
});
