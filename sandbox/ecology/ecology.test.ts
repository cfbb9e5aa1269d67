// The packets of the loggers against the standard's example, the messages that fall due, and the loggers over a real socket.
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { hj212Codec } from '../../connectors/codecs/hj212/hj212-codec.ts';
import type { Frame } from '../../connectors/kit/frame-codec.ts';
import { eventually } from '../../test/support/eventually.ts';
import { forkSystem, hear } from '../process/forked.fixture.ts';
import { openCodecHub } from '../sender/codec-hub.fixture.ts';
import { type Message, toMessages } from './messages.ts';
import { toOutlets } from './outlet.ts';
import { toPacket } from './packet.ts';
import { openEcologySystem, type SystemOptions } from './system.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 05:20 in Yongzhou. */
const START = Date.parse('2026-04-04T21:20:00Z');

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function openPair(
  change: Partial<SystemOptions> = {},
  isAnswered: (frame: Frame) => boolean = () => true,
) {
  const folder = await mkdtemp(join(tmpdir(), 'one-network-ecology-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  const hub = await openCodecHub({ codec: hj212Codec, now: START, isAnswered });
  open.push(hub.close);
  const system = await openEcologySystem({
    ...{ folder, hubPort: hub.port, password: '123456', seed: 1, log: () => undefined, retryMs: 5 },
    clock: { start: START, frozen: true, wall: () => START + 24 * HOUR },
    ...change,
  });
  open.push(system.close);
  await eventually(system.isConnected, { what: 'all lines' });
  return { hub, system };
}

test('a packet is byte by byte that of the example of HJ 212, in capitals and in small letters', () => {
  const data =
    'QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&';
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  expect(text(toPacket(data))).toBe(`##0101${data}1C80\r\n`);
  expect(text(toPacket(data, { isLower: true, hasBreak: false }))).toBe(`##0101${data}1c80`);
});

describe('what falls due', () => {
  const outlets = toOutlets();
  const due = toMessages(1, outlets, START, START + 2 * HOUR);
  const count = (is: (message: Message) => boolean) => due.filter(is).length;

  test('does not depend on the steps in which a time is reached', () => {
    const steps = Array.from({ length: 240 }, (_, at) => START + (at * MINUTE) / 2);
    expect(steps.flatMap((from) => toMessages(1, outlets, from, from + MINUTE / 2))).toEqual(due);
  });

  test('is a message each half minute, ten minutes and hour, each of its own number', () => {
    const quick = outlets.filter(({ manner }) => manner !== 'minute').length;
    const slow = outlets.length - quick;
    expect(count(({ cadence }) => cadence === 'realTime')).toBe(240 * quick + 120 * slow);
    expect(count(({ cadence }) => cadence === 'tenMinutes')).toBe(12 * outlets.length);
    expect(count(({ cadence }) => cadence === 'hourly')).toBe(2 * outlets.length);
    expect(new Set(due.map(({ outlet, qn }) => `${outlet.mn} ${qn}`)).size).toBe(due.length);
  });

  test('has every manner, mishap and condition in it', () => {
    const conditions = new Set(due.flatMap(({ measured }) => measured.map(({ condition }) => condition)));
    expect([...conditions].toSorted().join('')).toBe('BCDFMNST');
    expect(new Set(outlets.map(({ manner }) => manner)).size).toBe(11);
    const mishaps = [
      count(({ damage }) => damage === 'length'),
      count(({ damage }) => damage === 'check'),
      count(({ isDoubled }) => isDoubled),
      count(({ isAsked }) => !isAsked),
    ];
    expect(Math.min(...mishaps)).toBeGreaterThan(20);
  });
});

describe('the loggers', () => {
  test('are read by the hub as the ledger has it, and know which of their messages were answered', async () => {
    const { hub, system } = await openPair();
    const sent = await system.tick(START + 45 * MINUTE);
    expect(sent).toBeGreaterThan(1000);
    await eventually(() => system.waiting() === 0, { what: 'all answers' });
    const { readings } = system.ledger();
    expect(readings.filter(({ isAsked, answeredAt }) => isAsked !== (answeredAt !== null))).toEqual([]);
    const told = new Map(
      hub.frames.flatMap(({ message, records }) => records.map((record) => [toKey(message, record), record])),
    );
    for (const { mn, cadence, observedAt, value, factor } of readings) {
      const items = told.get(`${mn} ${COMMANDS[cadence]} ${observedAt}`)?.items;
      const own = (Array.isArray(items) ? items : []).find(({ code }) => (OLD[code] ?? code) === factor);
      expect(Number(cadence === 'realTime' ? own?.Rtd : own?.Avg)).toBe(value);
    }
    expect(hub.refused.filter((reason) => reason === 'LENGTH').length).toBeGreaterThan(0);
    expect(hub.refused.filter((reason) => reason === 'CHECKSUM').length).toBeGreaterThan(0);
    expect(hub.frames.some(({ message, device }) => message === '9015' && device !== null)).toBe(true);
  });

  test('send a message in two parts again from its first, until both are answered', async () => {
    let isOpen = false;
    const isReceipt = ({ message, records }: Frame) => message === '2061' && records.length === 0;
    // The first part is answered, the whole is not: what a hub has of it then is lost with the line.
    const start = START + 39.5 * MINUTE;
    const { hub, system } = await openPair(
      { patienceMs: 400, clock: { start, frozen: true, wall: () => start + HOUR } },
      (frame) => isOpen || isReceipt(frame),
    );
    await system.tick(START + 40 * MINUTE);
    const readings = () => system.ledger().readings.filter(({ answeredAt }) => answeredAt !== null);
    expect(readings()).toEqual([]);
    await eventually(() => hub.frames.filter(isReceipt).length > 3, { what: 'first parts, again' });
    expect(readings()).toEqual([]);
    isOpen = true;
    await eventually(() => system.waiting() === 0, { what: 'all answers' });
    const hourly = readings().filter(({ cadence, isAsked }) => cadence === 'hourly' && isAsked);
    expect(hourly.length).toBeGreaterThan(20);
  });

  test('are away while the bureau is down, the folder too, and come back with what fell due', async () => {
    const { system } = await openPair();
    await system.setFault('down');
    await expect(readdir(system.registerFolder)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await system.tick(START + 2 * MINUTE)).toBeGreaterThan(50);
    expect(system.waiting()).toBeGreaterThan(50);
    await system.setFault('none');
    await eventually(() => system.waiting() === 0, { what: 'all answers' });
    expect(await readdir(system.registerFolder)).toHaveLength(1);
  });

  test('leave the list of their points in GB 18030, with a character that GBK lacks', async () => {
    const { system } = await openPair();
    const [name = ''] = await readdir(system.registerFolder);
    const text = iconv.decode(await readFile(join(system.registerFolder, name)), 'gb18030');
    const lines = text.trim().split('\r\n');
    expect(lines).toHaveLength(21);
    expect(text).toContain('湘㙦建材有限公司');
    expect(iconv.decode(iconv.encode('㙦', 'gbk'), 'gbk')).not.toBe('㙦');
  });
});

test('the process tells its parent the secrets, sends to where the hub is to listen, goes down and stops when told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'one-network-ecology-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  const clock = { SANDBOX_CLOCK_START: '2026-04-05T05:20:00+08:00', SANDBOX_CLOCK_SPEED: '60' };
  const bureau = forkSystem('ecology', { SANDBOX_FOLDER: folder, SANDBOX_PORT: '56450', ...clock });
  open.push(async () => bureau.kill('SIGKILL'));
  const { secrets = {} } = await hear(bureau, 'ready');
  expect(secrets).toEqual({
    ECOLOGY_HJ212_PORT: expect.stringMatching(/^56\d{3}$/),
    ECOLOGY_HJ212_PASSWORD: expect.stringMatching(/^\d{6}$/),
    ECOLOGY_FOLDER: expect.stringMatching(/^file:.*register$/),
    ECOLOGY_OWNER_PHONE: '13900000010',
  });
  const port = Number(secrets.ECOLOGY_HJ212_PORT);
  const hub = await openCodecHub({ codec: hj212Codec, now: START, port });
  open.push(hub.close);
  const isHeard = () =>
    hub.frames.some(
      ({ message, credentials }) => message === '2011' && credentials?.PW === secrets.ECOLOGY_HJ212_PASSWORD,
    );
  await eventually(isHeard, { what: 'a message' });
  bureau.send({ type: 'fault', fault: 'down' });
  await hear(bureau, 'fault');
  bureau.send({ type: 'counters' });
  expect((await hear(bureau, 'counters')).counters).toMatchObject({ down: { activations: 1 } });
  bureau.send({ type: 'stop' });
  expect((await once(bureau, 'exit'))[0]).toBe(0);
});

const COMMANDS = { realTime: '2011', tenMinutes: '2051', hourly: '2061' } as const;
const OLD: Readonly<Record<string, string>> = {
  '001': 'w01001',
  '011': 'w01018',
  '060': 'w21003',
  B01: 'w00000',
};

/** Times of 12, 14 and 17 digits are one instant. */
function toKey(message: string, record: { readonly [column: string]: unknown }): string {
  const digits = String(record.DataTime).padEnd(17, '0');
  const [year, month, day, hour, minute, second] = [0, 4, 6, 8, 10, 12].map((at) =>
    Number(digits.slice(at, at === 0 ? 4 : at + 2)),
  );
  const at = Date.UTC(year ?? 0, (month ?? 0) - 1, day, (hour ?? 0) - 8, minute, second);
  return `${String(record['@device']).toUpperCase()} ${message} ${new Date(at).toISOString()}`;
}
