// What the terminals say, read by the hub's codec, which was written apart from them; and the example that the documents hand on.
import { describe, expect, test } from '@jest/globals';
import { jt808Codec } from '../../connectors/codecs/jt808/jt808-codec.ts';
import type { Frame, FrameItem } from '../../connectors/kit/frame-codec.ts';
import { START } from '../database/open-simulation.fixture.ts';
import { type Fix, SEND_EVERY, toFix } from './drive.ts';
import {
  encodeAuthentication,
  encodeBatch,
  encodeMessage,
  encodePosition,
  encodeRegistration,
  MESSAGES,
  openAnswerReader,
  toDamaged,
  toSaid,
} from './jt808.ts';
import { toVehicles } from './vehicle.ts';

const EXAMPLE =
  '7E 02 00 00 26 12 34 56 78 90 12 00 7D 02 00 00 00 01 00 00 00 02 00 BA 7F 0E 07 E4 F1 1C 00 28 00 3C 00 00 18 10 15 10 10 10 01 04 00 00 00 64 02 02 00 7D 01 13 7E';
const vehicles = toVehicles(1, 4);
const [older, newer] = vehicles;
if (older === undefined || newer === undefined) throw new Error('There must be two vehicles.');
const BOTH = [
  ['2011', older],
  ['2019', newer],
] as const;

function readAll(bytes: Uint8Array, password = 'S3cret'): readonly FrameItem[] {
  const options = { frameBytes: 8192, withinMs: 30_000, parts: 16, password };
  return jt808Codec.step(jt808Codec.begin(options), bytes, START).items;
}
function readFrame(bytes: Uint8Array): Frame {
  const [item, ...more] = readAll(bytes);
  if (item?.kind !== 'frame' || more.length > 0) throw new Error('There must be one sound frame.');
  return item;
}
const toTold = ({ place, speed, heading, altitude, mileage, alarms }: Fix) => ({
  lon: Math.round((place?.lon ?? 0) * 1e6),
  lat: Math.round((place?.lat ?? 0) * 1e6),
  speed: Math.round(speed * 10),
  direction: heading,
  altitude,
  alarmBits: alarms,
  extra: { mileage: Math.round(mileage * 10), networkSignal: 24 },
});

test('the example of the documents comes out byte for byte, escapes and all', () => {
  const example = Buffer.from(EXAMPLE.replaceAll(' ', ''), 'hex');
  const body = Buffer.from(
    '000000010000000200BA7F0E07E4F11C0028003C00001810151010100104000000640202007D',
    'hex',
  );
  const [frame] = encodeMessage({ simNo: '123456789012', is2019: false }, MESSAGES.position, 126, body);
  expect(frame?.toString('hex')).toBe(example.toString('hex'));
});

describe.each(BOTH)('a terminal of %s', (_year, vehicle) => {
  const say = (message: number, body: Buffer, serial = 7) =>
    Buffer.concat(encodeMessage(vehicle, message, serial, body));

  test('tells its position', () => {
    const fix = toFix(1, vehicle, START);
    const { message, device, records } = readFrame(say(MESSAGES.position, encodePosition(fix)));
    expect([message, device]).toEqual(['0200', vehicle.simNo]);
    expect(records).toMatchObject([{ ...toTold(fix), time: '260405080000' }]);
  });

  test('tells what it kept, in as many frames as it takes', () => {
    const fixes = Array.from({ length: 60 }, (_, at) => toFix(1, vehicle, START + at * SEND_EVERY));
    const bytes = say(MESSAGES.batch, encodeBatch(fixes), 65_535);
    const { message, records, reply } = readFrame(bytes);
    expect(message).toBe('0704');
    expect(records).toMatchObject([{ kind: 1, items: fixes.map(toTold) }]);
    // Each part is answered, and the terminal waits for the last one's answer.
    const answers = openAnswerReader()(reply ?? Buffer.alloc(0));
    expect(answers.map(({ key }) => key)).toEqual(['65535', '0', '1']);
    expect(answers.map((answer) => toSaid(answer).result)).toEqual([0, 0, 0]);
  });

  test('registers with its plate, is given a code of its own, and shows it', () => {
    const registration = readFrame(say(MESSAGES.register, encodeRegistration(vehicle)));
    expect(registration.records).toMatchObject([
      { plate: vehicle.plate, plateColour: vehicle.colour, province: 43 },
    ]);
    const [answer] = openAnswerReader()(registration.reply ?? Buffer.alloc(0));
    if (answer === undefined) throw new Error('There must be an answer.');
    const { result, code } = toSaid(answer);
    expect([answer.key, result]).toEqual(['7', 0]);
    const shown = readFrame(say(MESSAGES.authenticate, encodeAuthentication(vehicle, code)));
    expect(shown.credentials).toEqual({ authCode: jt808Codec.codeOf?.('S3cret', vehicle.simNo) });
  });

  test('is not believed over a bad line', () => {
    const [frame = Buffer.alloc(0)] = encodeMessage(vehicle, MESSAGES.heartbeat, 1, Buffer.alloc(0));
    expect(readAll(toDamaged(frame))).toMatchObject([{ kind: 'refused', reason: 'CHECKSUM' }]);
  });
});

test('answers are read however the line cuts them', () => {
  const reply = readFrame(
    Buffer.concat(encodeMessage(older, MESSAGES.heartbeat, 0x7d7e, Buffer.alloc(0))),
  ).reply;
  const read = openAnswerReader();
  const answers = [...(reply ?? [])].flatMap((byte) => read(Uint8Array.of(byte)));
  expect(answers.map(({ key }) => key)).toEqual([String(0x7d7e)]);
});
