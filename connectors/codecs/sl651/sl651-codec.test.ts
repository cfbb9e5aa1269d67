import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectSteady, NOW, OPTIONS, readAll } from '../../kit/frame-codec.fixture.ts';
import { toJoined } from '../../kit/frame-parts.ts';
import { expectSoundFound, faultsOf, framesOf, fromText, toStreams } from '../frames/read-stream.fixture.ts';
import {
  ETB,
  encodeAscii,
  encodeAsciiPackets,
  encodeHex,
  encodeHexBody,
  encodeHexNumbered,
  encodeHexPackets,
  type Group,
  type Report,
} from './encode.fixture.ts';
import { sl651Codec } from './sl651-codec.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array | null | undefined) =>
  Buffer.from(bytes ?? [])
    .toString('hex')
    .toUpperCase();
const toText = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('latin1');
const read = (...frames: readonly Uint8Array[]) => readAll(sl651Codec, toJoined(frames));
const recordsOf = (...frames: readonly Uint8Array[]) =>
  framesOf(read(...frames)).flatMap(({ records }) => records);

/** A timed report of a river station, whose check value 8397 others have computed too. */
const TIMED = hex(
  `7E7E 01 0010100001 A000 32 002B 02 000C 200724172349 F1F1 0010100001 48 F0F0 2007241723 2019 000130
   2219 000040 3923 00000550 3812 1268 03 8397`.replaceAll('\n', ''),
);
const HEAD = { center: 1, address: '0010100001', password: 'A000', serial: '000C', sentAt: '200724172349' };
const GROUP: Group = {
  station: '0010100001',
  type: 'H',
  observedAt: '2007241723',
  elements: { '20': '13.0', '22': '4.0', '39': '0.550', '38': '12.68' },
};
const REPORT: Report = { ...HEAD, word: '32', groups: [GROUP] };
const RECORD = {
  '@message': '32',
  '@device': '0010100001',
  center: 1,
  serial: 12,
  sentAt: '200724172349',
  station: '0010100001',
  stationType: 'H',
  observedAt: '2007241723',
  elements: { '20': '13.0', '22': '4.0', '39': '0.550', '38': '12.68' },
};

describe('a report', () => {
  test('is read as the standard codes it, whichever its coding', () => {
    expect(read(TIMED)).toEqual([
      {
        kind: 'frame',
        message: '32',
        device: '0010100001',
        records: [RECORD],
        credentials: { password: 'A000' },
        raw: TIMED,
        reply: expect.any(Uint8Array),
      },
    ]);
    expect(recordsOf(encodeAscii(REPORT))).toEqual([RECORD]);
  });

  test('says its password in no record', () => {
    expect(JSON.stringify(recordsOf(TIMED))).not.toContain('A000');
  });

  test('has a record for each station, each time and each round of elements', () => {
    const groups = [
      { ...GROUP, elements: { '39': '100.001' } },
      { ...GROUP, observedAt: '2007241728', elements: { '39': '100.002' } },
      { ...GROUP, station: '0010100002', elements: { '39': null } },
    ];
    const told = [
      ['0010100001', '2007241723', { '39': '100.001' }],
      ['0010100001', '2007241728', { '39': '100.002' }],
      ['0010100002', '2007241723', { '39': null }],
    ];
    const of = (bytes: Uint8Array) =>
      recordsOf(bytes).map(({ station, observedAt, elements }) => [station, observedAt, elements]);
    expect(of(encodeHex({ ...REPORT, groups }))).toEqual(told);
    expect(of(encodeAscii({ ...REPORT, groups }))).toEqual(told);
    const gates = encodeHexBody(
      { ...HEAD, word: '32' },
      '0A1000010912 0120 0A1000020912 0000'.replaceAll(' ', ''),
    );
    expect(recordsOf(gates).map(({ elements }) => elements)).toEqual([
      { '0A': '1', '09': '1.20' },
      { '0A': '2', '09': '0.00' },
    ]);
  });

  test('gives numbers digit for digit: negative ones, missing ones, and what is no number marked with an H', () => {
    const body = '0219FF0035 0219FFFFFF 0219000000 3923FF001205 45200000008F 2018 1E0512 FF0110 0007 3800';
    const frame = encodeHexBody({ ...HEAD, word: '33' }, body.replaceAll(' ', ''));
    expect(recordsOf(frame).map(({ elements }) => elements)).toEqual([
      { '02': '-3.5' },
      { '02': null },
      { '02': '0.0', '39': '-1.205', '45': '0000008F', '20': '1E0512H', FF01: '7', '38': null },
    ]);
  });

  test('of a station that is not hydrological has its division and number as twelve digits', () => {
    const [frame] = framesOf(read(encodeHexBody({ ...HEAD, address: '431102EA60', word: '2F' }, '')));
    expect(frame?.device).toBe('431102060000');
  });
});

describe('values at intervals', () => {
  test('have the time at which each was observed, over midnight and the turn of the year', () => {
    const body = 'F1F1001010000148 F0F02512312355 0418000005 3923 00000550 FFFFFFFF 00000560';
    const frame = encodeHexBody({ ...HEAD, word: '31' }, body.replaceAll(' ', ''));
    const expected = [
      ['2512312355', { '39': '0.550' }],
      ['2601010000', { '39': null }],
      ['2601010005', { '39': '0.560' }],
    ];
    expect(recordsOf(frame).map(({ observedAt, elements }) => [observedAt, elements])).toEqual(expected);
  });

  test('may be of several elements in the ASCII coding', () => {
    const body = '000C200724172349ST 0010100001 H TT 2007241700 DRH01 PJ Z 1.5 0.550 M 0.560 ';
    expect(
      recordsOf(encodeAscii({ ...REPORT, word: '31' }, body)).map((record) => [
        record.observedAt,
        record.elements,
      ]),
    ).toEqual([
      ['2007241700', { '20': '1.5', '39': '0.550' }],
      ['2007241800', { '20': null, '39': '0.560' }],
    ]);
  });

  test('of an hour are twelve, beside the sums of the hour', () => {
    const rain = `F460 000C${'00'.repeat(9)}FF`.replaceAll(' ', '');
    const stage = `F5C0${'0064'.repeat(11)}FFFF`;
    const body = `F1F1001010000150F0F02007241605${rain}262200001234${stage}`;
    const records = recordsOf(encodeHexBody({ ...HEAD, word: '34' }, body));
    expect(records).toHaveLength(25);
    expect(records.slice(0, 2).map(({ observedAt, elements }) => [observedAt, elements])).toEqual([
      ['2007241605', { F4: '0.0' }],
      ['2007241610', { F4: '1.2' }],
    ]);
    expect(records[11]?.elements).toEqual({ F4: null });
    expect(records[12]).toMatchObject({ observedAt: '2007241605', elements: { F5: '1.00' } });
    expect(records[24]).toMatchObject({ observedAt: '2007241605', elements: { '26': '12.34' } });
    const ascii = `000C200724172349ST 0010100001 P TT 2007241605 DRH00 DRP ${'0C'.repeat(12)} PT 12.3 `;
    expect(recordsOf(encodeAscii({ ...REPORT, word: '34' }, ascii))).toHaveLength(13);
  });

  test('without a sound time, step or whole number of values are refused', () => {
    const of = (body: string) =>
      faultsOf(read(encodeHexBody({ ...HEAD, word: '31' }, body.replaceAll(' ', ''))));
    expect(of('0418000005 3923 00000550')).toEqual(['FORMAT@0']);
    expect(of('F0F02513012355 0418000005 3923 00000550')).toEqual(['FORMAT@0']);
    expect(of('F0F02512312355 0418000005 3923 000005')).toEqual(['LENGTH@0']);
    expect(of('F0F02512312355 0418000005 3900')).toEqual(['FORMAT@0']);
    expect(of('F0F02512312355 0418000005')).toEqual(['FORMAT@0']);
  });
});

describe('packets', () => {
  const inHex = encodeHexPackets(REPORT, 3);
  const inAscii = encodeAsciiPackets(REPORT, 3);

  test('are one report, in whatever order they come', () => {
    for (const [a, b, c] of [inHex, inAscii].map(
      (packets) => packets as [Uint8Array, Uint8Array, Uint8Array],
    )) {
      expect(recordsOf(c, a, b)).toEqual([RECORD]);
      expect(framesOf(read(a, b, b, c))).toHaveLength(1);
      expect(framesOf(read(a, b, c))[0]?.raw).toEqual(toJoined([a, b, c]));
    }
  });

  test('that stay alone are refused when their time is over, or the station has gone', () => {
    const [first = hex(''), second = hex('')] = inHex;
    const begun = sl651Codec.step(sl651Codec.begin(OPTIONS), toJoined([first, second]), NOW);
    const none = new Uint8Array(0);
    expect(sl651Codec.step(begun.state, none, NOW + 29_999).items).toEqual([]);
    const over = sl651Codec.step(begun.state, none, NOW + 30_000);
    expect(over.items).toMatchObject([
      {
        reason: 'INCOMPLETE',
        offset: 0,
        raw: first,
        message: 'a part of a message, 2 of 3 are here: its other parts did not come',
      },
      { reason: 'INCOMPLETE', offset: first.length, raw: second },
    ]);
    expect(sl651Codec.end(over.state, NOW).items).toEqual([]);
    expect(faultsOf(read(first, second))).toEqual(['INCOMPLETE@0', `INCOMPLETE@${first.length}`]);
  });

  test('never wait in a greater number than allowed', () => {
    const packets = encodeHexPackets(REPORT, 5);
    const faults = faultsOf(readAll(sl651Codec, toJoined(packets), { parts: 3 }));
    expect(faults.map((fault) => fault.split('@')[0])).toEqual([...Array(4).fill('LIMIT'), 'INCOMPLETE']);
    const begun = ['01', '02', '03'].map(
      (end) => encodeHexPackets({ ...REPORT, address: `00101000${end}` }, 2)[0],
    );
    const told = faultsOf(readAll(sl651Codec, toJoined(begun.flatMap((each) => each ?? [])), { parts: 2 }));
    expect(told.map((fault) => fault.split('@')[0])).toEqual(['LIMIT', 'INCOMPLETE', 'INCOMPLETE']);
  });

  test('that say no sound number are refused', () => {
    const zero = encodeHexNumbered(REPORT, '003000');
    expect(faultsOf(read(zero, encodeHexNumbered(REPORT, '003004')))).toEqual([
      'FORMAT@0',
      `FORMAT@${zero.length}`,
    ]);
  });
});

describe('the answer', () => {
  const replyTo = (bytes: Uint8Array) => framesOf(read(bytes))[0]?.reply;

  test('repeats serial number and password under the time of the centre, and lets the station go (EOT)', () => {
    expect(toHex(replyTo(TIMED))).toMatch(/^7E7E001010000101A00032800802000C26040508300004[0-9A-F]{4}$/);
    expect(toText(replyTo(encodeAscii(REPORT)))).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the standard's signs
      /^\x01001010000101A000328010\x02000C260405083000\x04[0-9A-F]{4}$/,
    );
  });

  test('is ACK where another report follows, and one to all packets', () => {
    expect(toHex(replyTo(encodeHex(REPORT, { end: ETB })))).toMatch(/^7E7E.*02000C26040508300006....$/);
    const answers = framesOf(read(...encodeHexPackets(REPORT, 3))).map(({ reply }) => toHex(reply));
    expect(answers).toEqual([
      expect.stringMatching(/^7E7E001010000101A00032800B16003003000C26040508300004....$/),
    ]);
  });

  test('ends with a check value that a station finds right', () => {
    // The station's own reader: the same frame upwards, its two addresses exchanged.
    const reply = replyTo(TIMED) ?? hex('');
    let crc = 0xffff;
    for (const byte of reply.slice(0, -2)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    expect(toHex(reply.slice(-2))).toBe(crc.toString(16).toUpperCase().padStart(4, '0'));
  });

  test('is not given to what keeps up the link, and such a frame has no record', () => {
    const [frame] = framesOf(read(encodeHexBody({ ...HEAD, word: '2F' }, '')));
    expect(frame).toMatchObject({ message: '2F', device: '0010100001', records: [], reply: null });
  });
});

describe('functions that are no report of elements', () => {
  test('of people give the text that they typed', () => {
    const frame = encodeHexBody(
      { ...HEAD, word: '35' },
      `F2F2${Buffer.from('60201 Z 12.3').toString('hex')}`,
    );
    expect(recordsOf(frame)).toMatchObject([{ '@message': '35', elements: { F2: '60201 Z 12.3' } }]);
    const ascii = '000C200724172349RGZS 60201 Z 12.3 ';
    expect(recordsOf(encodeAscii({ ...REPORT, word: '35' }, ascii))).toMatchObject([
      { elements: { F2: '60201 Z 12.3' } },
    ]);
  });

  test('of pictures give their bytes', () => {
    const frame = encodeHexBody({ ...HEAD, word: '36' }, 'F0F02007241723F3F3FFD8FF7E7E02');
    expect(recordsOf(frame)[0]?.elements).toEqual({ F3: hex('FFD8FF7E7E02') });
  });

  test('of parameters are known by their head alone, since they carry the password', () => {
    const frame = encodeHexBody({ ...HEAD, word: '41' }, 'F1F100101000010310A000');
    expect(recordsOf(frame)).toEqual([
      {
        '@message': '41',
        '@device': '0010100001',
        center: 1,
        serial: 12,
        sentAt: '200724172349',
        station: '0010100001',
      },
    ]);
  });
});

describe('what is no sound frame', () => {
  const noise = fromText('GET / HTTP/1.1\r\n');

  test('is told by reason and place, and reading goes on behind it', () => {
    const wrong = TIMED.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
    expect(faultsOf(read(noise, TIMED, wrong, TIMED, noise))).toEqual([
      'NOISE@0',
      `CHECKSUM@${noise.length + TIMED.length}`,
      `NOISE@${noise.length + 3 * TIMED.length}`,
    ]);
    expect(framesOf(read(noise, TIMED, wrong, TIMED, noise))).toHaveLength(2);
  });

  test('has a length that does not fit: too long, too short, of the body or of an element', () => {
    const say = (length: string) => hex(toHex(TIMED).replace('32002B02', `32${length}02`));
    expect(faultsOf(read(say('002A')))).toEqual(['LENGTH@0', `NOISE@${TIMED.length - 1}`]);
    expect(faultsOf(read(say('002F')))).toEqual(['BROKEN@0']);
    expect(faultsOf(read(say('002F'), TIMED))).toEqual(['LENGTH@0']);
    expect(framesOf(read(say('002F'), TIMED))).toHaveLength(1);
    expect(faultsOf(read(encodeHexBody({ ...HEAD, word: '32' }, '39230000')))).toEqual(['LENGTH@0']);
    expect(faultsOf(read(encodeHexBody({ ...HEAD, word: '32' }, '39')))).toEqual(['LENGTH@0']);
  });

  test('is longer than allowed: the head is refused before the rest has come', () => {
    const small = { ...OPTIONS, frameBytes: 50 };
    const step = sl651Codec.step(sl651Codec.begin(small), TIMED.slice(0, 14), NOW);
    expect(faultsOf(step.items)).toEqual(['LIMIT@0']);
    expect(readAll(sl651Codec, TIMED, small).map((item) => item.kind)).not.toContain('frame');
  });

  test('comes from the centre itself: an echo is noise', () => {
    const reply = framesOf(read(TIMED))[0]?.reply ?? hex('');
    expect(faultsOf(read(reply))).toEqual(['NOISE@0']);
  });

  test('ends in its middle', () => {
    expect(faultsOf(read(TIMED.slice(0, 30)))).toEqual(['BROKEN@0']);
  });

  test('shows nothing of its content', () => {
    const items = read(TIMED.map((byte, at) => (at === 40 ? byte ^ 1 : byte)));
    expect(items.map((item) => item.kind === 'refused' && item.message)).toEqual(['the CRC differs']);
  });
});

describe('any stream', () => {
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
  const decimal = fc
    .tuple(fc.nat(9_999_999), fc.integer({ min: 0, max: 3 }), fc.boolean())
    .map(([value, places, isNegative]) => {
      const text = String(value).padStart(places + 1, '0');
      const pointed = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
      return isNegative ? `-${pointed}` : pointed;
    });
  const group: fc.Arbitrary<Group> = fc.record({
    station: digits(8).map((own) => `00${own}`),
    type: fc.constantFrom('H', 'P', 'K'),
    observedAt: digits(10),
    elements: fc.dictionary(fc.constantFrom('20', '22', '26', '27', '38', '39', '02'), fc.option(decimal), {
      minKeys: 1,
    }),
  });
  const report: fc.Arbitrary<Report> = fc.record({
    center: fc.integer({ min: 1, max: 255 }),
    address: digits(8).map((own) => `00${own}`),
    password: digits(4),
    word: fc.constantFrom('30', '32', '33'),
    serial: digits(4),
    sentAt: digits(12),
    groups: fc.array(group, { minLength: 1, maxLength: 3 }),
  });
  const frame = fc
    .tuple(report, fc.boolean())
    .map(([one, isAscii]) => (isAscii ? encodeAscii(one) : encodeHex(one)));

  test('a report comes back as it was told, in either coding, whole or in packets', () => {
    fc.assert(
      fc.property(report, fc.integer({ min: 2, max: 5 }), (told, total) => {
        const { word, address, center, serial, sentAt, groups } = told;
        const records = groups.map(({ station, type, observedAt, elements }) => ({
          '@message': word,
          '@device': address,
          center,
          serial: Number.parseInt(serial, 16),
          sentAt,
          station,
          stationType: type,
          observedAt,
          elements: { ...elements },
        }));
        expect(recordsOf(encodeHex(told))).toEqual(records);
        expect(recordsOf(encodeAscii(told))).toEqual(records);
        expect(recordsOf(...encodeHexPackets(told, total))).toEqual(records);
        expect(recordsOf(...encodeAsciiPackets(told, total))).toEqual(records);
      }),
      { numRuns: 200 },
    );
  });

  test('hides no sound frame', () => {
    expectSoundFound(sl651Codec, frame, '\x7E\x01\x02\x16\x03\x000A ');
  });

  test('of frames, damage and noise, or of any bytes at all, gives the same items however it was cut', () => {
    expectSteady(sl651Codec, toStreams(frame, '\x7E\x01\x02\x16\x03\x000'));
  });
});
