// The frames of the stations byte by byte, and over a real socket: what a station does with answers, and how many frames a load is.
import { afterEach, describe, expect, test } from '@jest/globals';
import { sl651Codec } from '../../connectors/codecs/sl651/sl651-codec.ts';
import { eventually } from '../../test/support/eventually.ts';
import { openCodecHub } from '../sender/codec-hub.fixture.ts';
import { toWorld } from './readings.ts';
import { type Observation, type Sending, toSendings, toTelemetered } from './reports.ts';
import { type Report, toAsciiFrame, toHexFrame, toHexPackets } from './sl651.ts';
import { parseStations } from './station.ts';
import { openTelemetry, type TelemetryOptions } from './telemetry.ts';
import { openTelemetryLoad } from './telemetry-load.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-04-04T21:20:00Z');
const WORLD = toWorld(1, parseStations());
const STATIONS = toTelemetered(WORLD.stations);

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A ledger beside it: what was sent and what was answered, by station and time. */
async function openPair(change: Partial<TelemetryOptions> = {}, isAnswered: () => boolean = () => true) {
  const hub = await openCodecHub({ codec: sl651Codec, now: START, isAnswered });
  open.push(hub.close);
  const [sent, acknowledged]: [string[], string[]] = [[], []];
  const toKey = ({ station, at }: Observation) => `${station.code} ${at}`;
  const options = {
    ...{ port: hub.port, password: 'A000', stations: STATIONS, now: () => START, retryMs: 5 },
    ledger: {
      sent: (observation: Observation) => sent.push(toKey(observation)),
      acknowledged: (observation: Observation) => acknowledged.push(toKey(observation)),
    },
    ...change,
  };
  return { hub, sent, acknowledged, options };
}

describe('a frame', () => {
  /** The standard's example as it circulates: 13.0 mm, 4.0 mm, 0.550 m, 12.68 V. */
  const report: Report = {
    ...{ address: '0010100001', password: 'A000', word: '32', serial: 12, type: 'H' },
    sentAt: Date.parse('2020-07-24T09:23:49Z'),
    observedAt: Date.parse('2020-07-24T09:23:00Z'),
    values: new Map([
      ['PJ', 13],
      ['PN05', 4],
      ['Z', 0.55],
      ['VT', 12.68],
    ]),
  };

  test('is byte by byte that of the example of SL 651', () => {
    expect(Buffer.from(toHexFrame(report)).toString('hex').toUpperCase()).toBe(
      '7E7E010010100001A00032002B02000C200724172349F1F1001010000148F0F02007241723' +
        '20190001302219000040392300000550381212680383' +
        '97',
    );
  });

  test('says the same in both codings, in one packet or two', () => {
    const [first, second] = toHexPackets(report);
    const streams = [toHexFrame(report), toAsciiFrame(report), Buffer.concat([first, second])];
    const read = streams.map((bytes) => {
      const begun = sl651Codec.begin({ frameBytes: 4096, withinMs: 1000, parts: 4 });
      return sl651Codec.step(begun, bytes, START).items.map((item) => item.kind === 'frame' && item.records);
    });
    const elements = [
      { '20': '13.0', '22': '4.0', '39': '0.550', '38': '12.68' },
      { '20': '13.0', '22': '4.0', '39': '0.550', '38': '12.68' },
    ];
    expect(read[0]).toMatchObject([
      [{ station: '0010100001', observedAt: '2007241723', elements: elements[0] }],
    ]);
    expect(read[2]).toEqual(read[0]);
    expect(read[1]).toMatchObject([
      [{ station: '0010100001', observedAt: '2007241723', elements: elements[1] }],
    ]);
  });
});

describe('what falls due', () => {
  const due = toSendings(WORLD, START, START + 60 * MINUTE);

  test('does not depend on the steps in which a time is reached', () => {
    const steps = Array.from({ length: 60 }, (_, at) => START + at * MINUTE);
    expect(steps.flatMap((from) => toSendings(WORLD, from, from + MINUTE))).toEqual(due);
  });

  test('is a report of every station each five minutes, and extra ones at times that no table has', () => {
    const timed = due.filter(({ word }) => word === '32');
    expect(timed).toHaveLength(STATIONS.length * 12);
    const extra = due.filter(({ word }) => word === '33');
    expect(extra.length).toBeGreaterThan(30);
    expect(extra.every(({ observation: { at, stageM } }) => at % (5 * MINUTE) !== 0 && stageM !== null)).toBe(
      true,
    );
    expect(new Set(due.map(({ observation: { station, at } }) => `${station.code} ${at}`)).size).toBe(
      due.length,
    );
  });

  test('has every mishap in it, and stages that are told from those of the tables', () => {
    const count = (is: (sending: Sending) => boolean) => due.filter(is).length;
    const mishaps = [
      count(({ coding }) => coding === 'ascii'),
      count(({ coding }) => coding === 'packets'),
      count(({ isDamagedFirst }) => isDamagedFirst),
      count(({ isDoubled }) => isDoubled),
      count(
        ({ word, observation: { station, stageM } }) =>
          word === '32' && station.stageEvery !== null && stageM === null,
      ),
    ];
    expect(mishaps.every((found) => found > 2)).toBe(true);
    const stages = due.flatMap(({ observation: { stageM } }) => (stageM === null ? [] : [stageM]));
    expect(stages.every((stage) => Math.round(stage * 1000) % 10 !== 0)).toBe(true);
  });
});

describe('the stations', () => {
  test('are read by the hub as they meant it; what is damaged is refused, what is doubled comes twice', async () => {
    const { hub, options, acknowledged } = await openPair();
    const telemetry = openTelemetry(options);
    open.push(telemetry.close);
    await eventually(telemetry.isConnected, { what: 'all lines' });
    const due = toSendings(WORLD, START, START + 5 * MINUTE);
    await Promise.all(due.map(telemetry.send));
    expect(acknowledged).toHaveLength(due.length);
    const doubled = due.filter(({ isDoubled }) => isDoubled).length;
    await eventually(() => hub.frames.length === due.length + doubled, { what: 'the doubled frames' });
    expect(hub.refused).toHaveLength(due.filter(({ isDamagedFirst }) => isDamagedFirst).length);
    const records = hub.frames.flatMap((frame) => frame.records);
    for (const { observation } of due) {
      const { station, stageM, rainMm } = observation;
      const own = records.find(
        (record) => record.station === `00${station.code}` && record.observedAt === toShort(observation.at),
      );
      expect(own?.elements).toMatchObject({
        ...(rainMm === null ? {} : { '22': rainMm.toFixed(1) }),
        ...(station.stageEvery === null ? {} : { '39': stageM?.toFixed(3) ?? null }),
      });
    }
  });

  test('send again what was not answered, over a new line, until it is', async () => {
    let answers = false;
    const { hub, options, sent, acknowledged } = await openPair({ patienceMs: 60 }, () => answers);
    const telemetry = openTelemetry(options);
    open.push(telemetry.close);
    const due = toSendings(WORLD, START, START + 5 * MINUTE).slice(0, 5);
    const sending = due.map((one) => telemetry.send(one));
    await eventually(() => hub.connections() > STATIONS.length, { what: 'a new line' });
    expect([sent.length, acknowledged.length, telemetry.waiting()]).toEqual([5, 0, 5]);
    answers = true;
    await Promise.all(sending);
    expect([sent.length, acknowledged.length, telemetry.waiting()]).toEqual([5, 5, 0]);
  });

  test('keep what falls due while their line is cut, and signs of life have no answer', async () => {
    const { hub, options, acknowledged } = await openPair();
    const telemetry = openTelemetry(options);
    open.push(telemetry.close);
    await eventually(telemetry.isConnected, { what: 'all lines' });
    telemetry.keepAlive(STATIONS);
    await eventually(() => hub.frames.length === STATIONS.length, { what: 'signs of life' });
    expect(hub.frames.every(({ message, reply }) => message === '2F' && reply === null)).toBe(true);
    telemetry.setAway(true);
    const sending = toSendings(WORLD, START, START + 5 * MINUTE).map(telemetry.send);
    await eventually(() => !telemetry.isConnected(), { what: 'the cut' });
    expect(acknowledged).toEqual([]);
    telemetry.setAway(false);
    await Promise.all(sending);
    expect(acknowledged).toHaveLength(sending.length);
  });

  test('make a load of so many frames a second over so many lines, each of another station and minute', async () => {
    const { hub, options, sent, acknowledged } = await openPair({ connections: 4 });
    const load = openTelemetryLoad({ ...options, perSecond: 400 });
    open.push(load.close);
    const began = performance.now();
    await eventually(() => acknowledged.length >= 200, { what: 'two hundred answers' });
    await load.pause();
    expect(performance.now() - began).toBeGreaterThan(450);
    await eventually(() => acknowledged.length === load.sent(), { what: 'all answers' });
    expect(new Set(sent).size).toBe(load.sent());
    expect(hub.connections()).toBe(4);
  });
});

function toShort(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(2, 12);
}
