import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectSteady, NOW, OPTIONS, readAll } from '../../kit/frame-codec.fixture.ts';
import { toJoined } from '../../kit/frame-parts.ts';
import {
  expectSoundFound,
  faultsOf,
  framesOf,
  fromText,
  refusedOf,
  toStreams,
} from '../frames/read-stream.fixture.ts';
import { encodePacket, encodeUpload, type Upload } from './encode.fixture.ts';
import { hj212Codec } from './hj212-codec.ts';

const read = (...texts: readonly (string | Uint8Array)[]) =>
  readAll(hj212Codec, toJoined(texts.map((text) => (typeof text === 'string' ? fromText(text) : text))));
const recordsOf = (...texts: readonly (string | Uint8Array)[]) =>
  framesOf(read(...texts)).flatMap(({ records }) => records);
const toText = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('latin1');

/** The standard's own example. */
const INTERVAL =
  '##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80';
/** Sent by a real station: says that it is a source of air (31) and tells of water. */
const WATER =
  '##0354QN=20230803171130538;ST=31;CN=2011;PW=123456;MN=88888880000001234567;Flag=5;CP=&&DataTime=20230803165500;w01001-Rtd=0.000,w01001-Flag=N;w21003-Rtd=0.000,w21003-Flag=N;w01018-Rtd=0.000,w01018-Flag=N;e01002-Rtd=0.000,e01002-Flag=N;w01010-Rtd=0.000,w01010-Flag=N;e01001-Rtd=0.000,e01001-Flag=N;w01003-Rtd=0.000,w01003-Flag=N;w21011-Rtd=0.000,w21011-Flag=N&&A141';
/** The form of 2005: no QN, no Flag, codes of three characters; a check value in small letters. */
const OLD =
  '##0136ST=32;CN=2011;PW=000000;MN=LD130133000015;CP=&&DataTime=20160824003817;011-Rtd=231.0,011-Flag=N;B01-Rtd=36.91;060-Rtd=1.803,060-Flag=N&&1dc0';

describe('packets that circulate', () => {
  test('the example of the standard', () => {
    expect(read(INTERVAL)).toMatchObject([
      {
        message: '1062',
        device: '010000A8900016F000169DC0',
        records: [
          {
            '@message': '1062',
            '@device': '010000A8900016F000169DC0',
            QN: '20160801085857223',
            ST: '32',
            CN: '1062',
            MN: '010000A8900016F000169DC0',
            Flag: '5',
            RtdInterval: '30',
            items: [],
          },
        ],
        credentials: { PW: '100000' },
        raw: fromText(INTERVAL),
      },
    ]);
  });

  test('a packet of 2017 whose kind of outlet does not fit what it measures is sound all the same', () => {
    const codes = ['w01001', 'w21003', 'w01018', 'e01002', 'w01010', 'e01001', 'w01003', 'w21011'];
    expect(recordsOf(`${WATER}\r\n`)).toEqual([
      {
        '@message': '2011',
        '@device': '88888880000001234567',
        QN: '20230803171130538',
        ST: '31',
        CN: '2011',
        MN: '88888880000001234567',
        Flag: '5',
        DataTime: '20230803165500',
        items: codes.map((code) => ({ code, Rtd: '0.000', Flag: 'N' })),
      },
    ]);
  });

  test('a packet of 2005 with a check value in small letters', () => {
    expect(recordsOf(`${OLD}\r\n`)).toEqual([
      {
        '@message': '2011',
        '@device': 'LD130133000015',
        ST: '32',
        CN: '2011',
        MN: 'LD130133000015',
        DataTime: '20160824003817',
        items: [
          { code: '011', Rtd: '231.0', Flag: 'N' },
          { code: 'B01', Rtd: '36.91' },
          { code: '060', Rtd: '1.803', Flag: 'N' },
        ],
      },
    ]);
  });

  test('those that are wrong are refused for what is wrong', () => {
    // Says 139 characters, has 136; with the length put right, the check value of another text still stands in it.
    const sample =
      '##0139ST=32;CN=2011;PW=123456;MN=LD130133000015;CP=&&DataTime=20160824003817;B01-Rtd=36.91;011-Rtd=231.0,011-Flag=N;060-Rtd=1.803,060-Flag=N&&4980\r\n';
    expect(faultsOf(read(sample))).toEqual(['LENGTH@0']);
    expect(faultsOf(read(sample.replace('0139', '0136')))).toEqual(['CHECKSUM@0']);
    expect(recordsOf(sample.replace('0139', '0136').replace('4980', '3C00'))).toHaveLength(1);
    expect(recordsOf(sample.replace('20160824003817', '20160824003817000'))).toMatchObject([
      { DataTime: '20160824003817000' },
    ]);
    const says428 =
      '##0428QN=20190630144452444;ST=32;CN=2011;PW=123456;MN=888888800000020123456781;Flag=4;CP=&&DataTime=20190630141200;a21026-Rtd=1.0000,a21026-ZsRtd=2.0000,a21026-Flag=N;a21002-Rtd=3.0000,a21002-ZsRtd=4.0000,a21002-Flag=N;a34013-Rtd=5.0000,a34013-ZsRtd=6.0000,a34013-Flag=N;a01011-Rtd=7,a01011-Flag=N;a19001-Rtd=9,a19001-Flag=N;a01012-Rtd=10,a01012-Flag=N;a01013-Rtd=11,a01013-Flag=N;a00000-Rtd=12,a00000-Flag=N;a01014-Rtd=8,a01014-Flag=N&&0b40';
    const says265 =
      '##0265ST=22;CN=2011;PW=123456;MN=WWYC0010000001;CP=&&DataTime=20160719000100;925-Rtd=32.9,925-Flag=N;107-Rtd=56.2,107-Flag=N;126-Rtd=28.1,126-Flag=N;128-Rtd=81.0,128-Flag=N;129-Rtd=0.1,129-Flag=N;130-Rtd=315.0,130-Flag=N;127-Rtd=99.803,127-Flag=N;DI1-Rtd=1.0,DI1-Flag=N;103-Rtd=2.80,103-Flag=N;B03-Rtd=65.0,B03-Flag=N;926-Rtd=299.803,926-Flag=N;927-Rtd=199.803,927-Flag=N&&BC81';
    for (const text of [says428, says265]) {
      expect(faultsOf(read(text, '\r\n', WATER))).toEqual(['LENGTH@0']);
      expect(refusedOf(read(text, '\r\n', WATER))[0]?.raw).toEqual(fromText(text));
      expect(framesOf(read(text, WATER))).toHaveLength(1);
      expect(faultsOf(read(text, WATER))).toEqual(['LENGTH@0']);
    }
  });
});

describe('a packet', () => {
  test('says its password in no record, nor the one that it sets', () => {
    const data = 'QN=1;ST=32;CN=1072;PW=123456;MN=1;Flag=5;CP=&&PW=654321;NewPW=654321;x-PW=9&&';
    const [frame] = framesOf(read(encodePacket(data)));
    expect(JSON.stringify(frame?.records)).not.toMatch(/123456|654321/);
    expect(frame?.credentials).toEqual({ PW: '123456' });
  });

  test('may tell the time to the minute, or to the thousandth of a second', () => {
    for (const time of ['201608240038', '20160824003817000'])
      expect(recordsOf(encodePacket(`ST=32;CN=2011;MN=1;CP=&&DataTime=${time}&&`))).toMatchObject([
        { DataTime: time },
      ]);
  });

  test('of several times has a record for each', () => {
    const content = 'DataTime=20160801084000;w01018-Avg=1.0;DataTime=20160801085000;w01018-Avg=2.0';
    expect(recordsOf(encodePacket(`ST=32;CN=2051;MN=1;CP=&&${content}&&`))).toMatchObject([
      { DataTime: '20160801084000', items: [{ code: 'w01018', Avg: '1.0' }] },
      { DataTime: '20160801085000', items: [{ code: 'w01018', Avg: '2.0' }] },
    ]);
  });

  test('may hold text for people in GBK, and is refused where its text is none', () => {
    const of = (bytes: Buffer) =>
      encodePacket(`ST=31;CN=3020;MN=1;CP=&&i11001-Info=${bytes.toString('latin1')}&&`);
    const info = recordsOf(of(Buffer.from('c7e5cfb4b9dcc2b7', 'hex')))[0]?.items;
    expect(info).toEqual([{ code: 'i11001', Info: '清洗管路' }]);
    expect(faultsOf(read(of(Buffer.from('ff', 'hex'))))).toEqual(['FORMAT@0']);
  });

  test('keeps the names of its head where its content uses them too', () => {
    const content = 'QN=20040516010101001;CN=2051;@message=9;items=3;__proto__=1';
    const [record] = recordsOf(encodePacket(`ST=91;CN=2099;MN=1;CP=&&${content}&&`));
    expect(record).toMatchObject({ '@message': '2099', CN: '2099', QN: '20040516010101001', items: [] });
    expect(({} as Record<string, unknown>).items).toBeUndefined();
  });

  test('without a command or a content is refused', () => {
    expect(faultsOf(read(encodePacket('ST=32;MN=1;CP=&&&&')))).toEqual(['FORMAT@0']);
    expect(faultsOf(read(encodePacket('ST=32;CN=2011;MN=1;&&')))).toEqual(['FORMAT@0']);
    expect(faultsOf(read(encodePacket('ST=32;CN=2011;CP=&&')))).toEqual(['FORMAT@0']);
  });
});

describe('the answer', () => {
  const replyTo = (data: string) => toText(framesOf(read(encodePacket(data)))[0]?.reply);
  const of2017 = 'QN=20160801085000001;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&';

  test('is 9014 to data, as others compute it', () => {
    expect(replyTo(of2017)).toBe(
      '##0087QN=20160801085000001;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&C241\r\n',
    );
  });

  test('is 9013 to a notice, and none to an answer', () => {
    expect(replyTo(of2017.replace('2011', '1013'))).toContain(';ST=91;CN=9013;');
    expect(replyTo(of2017.replace('2011', '9014'))).toBe('');
    expect(framesOf(read(encodePacket(of2017.replace('2011', '9014'))))[0]?.records).toEqual([]);
  });

  test('is given only where Flag asks for it', () => {
    expect(replyTo(of2017.replace('Flag=5', 'Flag=4'))).toBe('');
    expect(replyTo(of2017.replace('Flag=5;', ''))).toBe('');
    expect(replyTo(of2017.replace('Flag=5', 'Flag=x'))).toBe('');
  });

  test('has the form of 2005 for a sender of 2005', () => {
    expect(replyTo('QN=20040516010101001;ST=32;CN=2051;PW=123456;MN=8888888;Flag=1;CP=&&&&')).toContain(
      'ST=91;CN=9014;PW=123456;MN=8888888;CP=&&QN=20040516010101001;CN=2051&&',
    );
  });

  test('is itself a sound packet', () => {
    expect(framesOf(read(replyTo(of2017)))).toMatchObject([{ message: '9014', reply: null }]);
  });
});

describe('parts', () => {
  const part = (number: number, content: string, qn = '1') =>
    encodePacket(`QN=${qn};ST=32;CN=2051;PW=1;MN=1;Flag=7;PNUM=2;PNO=${number};CP=&&${content}&&`);
  const first = part(1, 'DataTime=20160801084000;w01018-Avg=1.0');
  const second = part(2, 'w01018-Flag=N;w21003-Avg=2.0');

  test('are one message, in whatever order they come, and each is answered', () => {
    const told = [{ DataTime: '20160801084000', items: [{ Avg: '1.0', Flag: 'N' }, { Avg: '2.0' }] }];
    expect(recordsOf(first, second)).toMatchObject(told);
    expect(recordsOf(second, first)).toMatchObject(told);
    expect(recordsOf(first, second)[0]).not.toHaveProperty('PNO');
    const frames = framesOf(read(first, second));
    expect(frames.map(({ records }) => records.length)).toEqual([0, 1]);
    for (const { reply } of frames) expect(toText(reply)).toContain('QN=1;ST=91;CN=9014;');
  });

  test('of two messages are not mixed, and those that stay alone are refused', () => {
    const items = read(first, part(2, 'w01018-Avg=9', '2'));
    expect(faultsOf(items)).toEqual(['INCOMPLETE@0', `INCOMPLETE@${first.length}`]);
    expect(framesOf(items).flatMap(({ records }) => records)).toEqual([]);
  });

  test('that come with another content begin their message anew', () => {
    const items = read(first, part(1, 'DataTime=20160801085000'), second);
    expect(faultsOf(items)).toEqual(['INCOMPLETE@0']);
    expect(framesOf(items).at(-1)?.records).toMatchObject([{ DataTime: '20160801085000' }]);
  });

  test('that say no sound number are refused; a single part is a whole', () => {
    const of = (numbers: string) => read(encodePacket(`ST=32;CN=2011;MN=1;${numbers};CP=&&&&`));
    for (const numbers of ['PNUM=2', 'PNUM=2;PNO=3', 'PNUM=2;PNO=0', 'PNUM=x;PNO=1'])
      expect(faultsOf(of(numbers))).toEqual(['FORMAT@0']);
    expect(framesOf(of('PNUM=1;PNO=11'))).toHaveLength(1);
  });
});

describe('what is no sound packet', () => {
  test('is told by reason and place, and reading goes on behind it', () => {
    const wrong = WATER.replace('0.000', '0.001');
    const items = read('hello\r\n', INTERVAL, '\r\n', wrong, '\r\n', OLD, '##01');
    expect(faultsOf(items)).toEqual([
      'NOISE@0',
      `CHECKSUM@${7 + INTERVAL.length + 2}`,
      `BROKEN@${7 + INTERVAL.length + 2 + WATER.length + 2 + OLD.length}`,
    ]);
    expect(framesOf(items)).toHaveLength(2);
  });

  test('is shorter than it says: its line ends, or the next begins', () => {
    const short = INTERVAL.replace('##0101', '##0199');
    expect(faultsOf(read(short, '\r\n', WATER))).toEqual(['LENGTH@0']);
    expect(framesOf(read(short, WATER))).toHaveLength(1);
    expect(faultsOf(read(short))).toEqual(['BROKEN@0']);
  });

  test('is longer than allowed', () => {
    const items = readAll(hj212Codec, fromText(`##9999${'x'.repeat(5000)}`));
    expect(faultsOf(items)).toEqual(['LIMIT@0', 'NOISE@6', 'NOISE@4102']);
  });

  test('shows nothing of its content', () => {
    const messages = refusedOf(read(WATER.replace('0354', '0300'), WATER.replace('N&&', 'T&&'))).map(
      ({ message }) => message,
    );
    expect(messages).toHaveLength(2);
    expect(messages.join()).not.toMatch(/123456|w01018|8888/);
  });
});

describe('any stream', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abwLA0123456789'), minLength: 1, maxLength: 6 });
  const number = fc
    .tuple(fc.nat(99_999), fc.nat(9999))
    .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
  const upload: fc.Arbitrary<Upload> = fc.record({
    head: fc.record({
      QN: digits(17),
      ST: fc.constantFrom('21', '22', '31', '32'),
      CN: fc.constantFrom('2011', '2051', '2061'),
      MN: digits(14),
      Flag: fc.constantFrom('4', '5', '0', '1'),
    }),
    dataTime: digits(14),
    items: fc.dictionary(word, fc.record({ Rtd: number, Flag: fc.constantFrom('N', 'D', 'T') })),
  });
  const packet = upload.map((told) => encodeUpload(told).slice(0, -2));

  test('an upload comes back as it was told', () => {
    fc.assert(
      fc.property(upload, (told) => {
        const { head, dataTime, items } = told;
        expect(recordsOf(encodeUpload(told))).toEqual([
          {
            '@message': head.CN,
            '@device': head.MN,
            ...head,
            DataTime: dataTime,
            items: Object.entries(items).map(([code, values]) => ({ code, ...values })),
          },
        ]);
      }),
      { numRuns: 300 },
    );
  });

  test('hides no sound packet', () => {
    expectSoundFound(hj212Codec, packet, '#01&;=\r\n');
  });

  test('of frames, damage and noise, or of any bytes at all, gives the same items however it was cut', () => {
    expectSteady(hj212Codec, toStreams(packet, '#01&;=CPNN\r\n'));
  });

  test('gives up parts when their time is over, though nothing comes', () => {
    const part = encodePacket('QN=1;ST=32;CN=2011;MN=1;Flag=6;PNUM=2;PNO=1;CP=&&&&');
    const { state } = hj212Codec.step(hj212Codec.begin(OPTIONS), part, NOW);
    expect(faultsOf(hj212Codec.step(state, new Uint8Array(0), NOW + 30_000).items)).toEqual(['INCOMPLETE@0']);
  });
});
