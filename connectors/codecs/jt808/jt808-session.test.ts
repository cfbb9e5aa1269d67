import { describe, expect, test } from '@jest/globals';
import { fromHex, toHex, toHexReader } from '../../kit/frame-codec.fixture.ts';
import { encodeFrame, frame, LOCATION, NONE, REGISTRATION } from './jt808.fixture.ts';
import { jt808Codec } from './jt808-codec.ts';

const { read, only } = toHexReader(jt808Codec);

describe('a registration', () => {
  test('tells the plate with its colour, and is answered with the number as code', () => {
    expect(only(REGISTRATION)).toMatchObject({
      message: '0100',
      records: [
        {
          phone: '000123456789',
          province: 40,
          county: 50,
          maker: '12340',
          model: 'smallchi123000000000',
          terminal: 'CHI1230',
          plateColour: 1,
          plate: '粤A12345',
        },
      ],
      reply: encodeFrame({
        message: '8100',
        phone: '000123456789',
        serial: 0,
        body: new Uint8Array(Buffer.from('000A00303030313233343536373839', 'hex')),
      }),
    });
  });

  test('by 2019 has longer fields; with a secret the code is made of it and of the number', () => {
    const item = only(
      '7E010040540100000000000123456789000A00280032303030303030303132333430303030303030303030303030303030303030736D616C6C63686931323330303030303030303030303030303030303030303030303043484931323301D4C1413132333435B27E',
      { password: 'A0' },
    );
    expect(item).toMatchObject({
      device: '000123456789',
      records: [{ plateColour: 1, plate: '粤A12345', maker: '00000001234' }],
      reply: encodeFrame({
        message: '8100',
        phone: '123456789',
        serial: 0,
        is2019: true,
        // `openssl dgst -sha256 -hmac A0` of 000123456789.
        body: Uint8Array.from([0, 10, 0, ...Buffer.from('0e4799dd0896431b')]),
      }),
    });
  });

  test('by the first print of 2011 has a model of 8 bytes; makers put numbers where text should be', () => {
    const body = fromHex('002B 0000 0102030405 4D4F44454C000000 43484931323300 02 CFE6 4D3132333435 00');
    expect(only(frame('0100', body))).toMatchObject({
      records: [
        { maker: '0102030405', model: 'MODEL', terminal: 'CHI123', plateColour: 2, plate: '湘M12345' },
      ],
    });
    expect(only(frame('0100', body.subarray(0, 24)))).toMatchObject({ kind: 'refused', reason: 'LENGTH' });
  });
});

describe('an authentication', () => {
  test.each([
    ['2011', false, '38333030', '8300', { imei: null, software: null }],
    [
      '2019',
      true,
      `0441424344${'35'.repeat(15)}56312E30${'00'.repeat(16)}`,
      'ABCD',
      { imei: '555555555555555', software: 'V1.0' },
    ],
  ])('by %s shows its code beside the records, never in them', (_, is2019, body, code, rest) => {
    const item = only(frame('0102', fromHex(body), { is2019 }));
    if (item?.kind !== 'frame') throw new Error('no frame');
    expect(item.credentials).toEqual({ authCode: code });
    expect(item.records).toMatchObject([rest]);
    expect(JSON.stringify(item.records)).not.toContain(code);
  });

  test('that is too short is refused without its code', () => {
    const item = only(frame('0102', fromHex('0541424344'), { is2019: true }));
    expect(item).toMatchObject({ kind: 'refused', reason: 'LENGTH' });
    expect(item?.kind === 'refused' && item.message).not.toContain('ABCD');
  });
});

describe('what is answered', () => {
  test('heartbeat and logout say nothing and are answered with their own serial number', () => {
    for (const message of ['0002', '0003'])
      expect(only(frame(message, NONE))).toMatchObject({
        message,
        records: [],
        reply: encodeFrame({
          message: '8001',
          phone: '013907460001',
          serial: 0,
          body: fromHex(`0007${message}00`),
        }),
      });
  });

  test('the terminal’s own general reply is answered by nothing', () => {
    expect(only(frame('0001', fromHex('0000810300')))).toMatchObject({ records: [], reply: null });
  });

  test('a message that the hub does not read keeps its body, and is told to be unknown', () => {
    const item = only(frame('0900', fromHex('F001')));
    expect(item).toMatchObject({ message: '0900', records: [{ body: fromHex('F001') }] });
    expect(item?.kind === 'frame' && toHex(item.reply)).toMatch(/0007090003..7E$/);
  });

  test('a message that comes twice is read twice alike; the platform’s own numbers go on', () => {
    const [first, second] = read(LOCATION + LOCATION);
    expect(second).toMatchObject({ records: first?.kind === 'frame' ? first.records : null });
    expect(
      [first, second].map((item) => (item?.kind === 'frame' ? toHex(item.reply)?.slice(22, 26) : null)),
    ).toEqual(['0000', '0001']);
  });
});
