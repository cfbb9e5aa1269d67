// `hub decode` as people call it: a process of its own, and its parts for the codecs that are documents.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Codecs } from '../../connectors/kit/codec.ts';
import type { RawValue } from '../../connectors/kit/contract.ts';
import type { FrameCodec } from '../../connectors/kit/frame-codec.ts';
import { untilEnd } from '../../test/support/command-end.ts';
import { toHubArguments } from '../../test/support/program.ts';
import { codecs as allCodecs } from '../codecs.ts';
import { type DecodeOptions, runDecoding } from './decode.ts';

/** 市,区 / 永州市,冷水滩区 in GBK. */
const GBK = Buffer.from('cad02cc7f80ad3c0d6ddcad02cc0e4cbaeccb2c7f80a', 'hex');

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hub-decode-'));
});
afterAll(() => rm(home, { recursive: true }));

async function hub(words: readonly string[], input: Uint8Array | string = '') {
  const child = spawn(process.execPath, toHubArguments('decode', ...words));
  child.stdin.end(input);
  const { out, err, code } = await untilEnd(child);
  const records: unknown[] = out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { code, records, err };
}

async function file(name: string, bytes: string | Uint8Array): Promise<string> {
  await writeFile(join(home, name), bytes);
  return join(home, name);
}

describe('hub decode csv', () => {
  test('prints a JSON line a record, from a file or from stdin', async () => {
    const text = '编号,名称\n1,"a\nb"\n2,道县\n';
    const records = [
      { 编号: '1', 名称: 'a\nb', '@row': 2 },
      { 编号: '2', 名称: '道县', '@row': 4 },
    ];
    expect(await hub(['csv', await file('a.csv', text)])).toEqual({ code: 0, records, err: '' });
    expect(await hub(['csv'], text)).toEqual({ code: 0, records, err: '' });
  }, 60_000);

  test('finds the encoding, and says so when it is not UTF-8', async () => {
    expect(await hub(['csv', await file('g.csv', GBK)])).toEqual({
      code: 0,
      records: [{ 市: '永州市', 区: '冷水滩区', '@row': 2 }],
      err: 'g.csv  read as gb18030, found in its bytes\n',
    });
  }, 60_000);

  test('names file, line and the encoding that fits, and ends with 1', async () => {
    const { code, records, err } = await hub(['csv', '--encoding', 'utf-8', await file('热点.csv', GBK)]);
    expect([code, records]).toEqual([1, []]);
    expect(err).toBe(
      '热点.csv:1  HUB_SOURCE_ENCODING  line 1, byte 0: not utf-8; gb18030 fits: say `encoding: gb18030`\n',
    );
  }, 60_000);

  test('prints the records around rows that cannot be read, and the rows to stderr', async () => {
    const { code, records, err } = await hub(['csv'], 'id,x\n1,a\n2\n3,c\n4,"d\n');
    expect([code, records]).toEqual([
      1,
      [
        { id: '1', x: 'a', '@row': 2 },
        { id: '3', x: 'c', '@row': 4 },
      ],
    ]);
    expect(err.split('\n')).toEqual([
      'stdin:3  HUB_MAP_RECORD  line 3: 1 cells, the header has 2 columns',
      expect.stringMatching(/^stdin:5 {2}HUB_SOURCE_FORMAT {2}line 5: a quote opens here and never closes/),
      '',
    ]);
  }, 60_000);

  test('says what it lacks: a file, a codec, an option', async () => {
    const [missing, unknown, option] = await Promise.all([
      hub(['csv', join(home, 'none.csv')]),
      hub(['dbf']),
      hub(['csv', '--encoding', 'latin1']),
    ]);
    expect([missing?.code, unknown?.code, option?.code]).toEqual([1, 1, 1]);
    expect(missing?.err).toBe('none.csv  HUB_CONFIG_INVALID  cannot be read: ENOENT\n');
    expect(unknown?.err).toContain(
      'no codec dbf; there are csv, xlsx, music, cap, ais, gb26875, hj212, jt808, sl651',
    );
    expect(option?.err).toContain('Allowed choices are utf-8, gb18030, detect');
  }, 60_000);
});

describe('hub decode xlsx', () => {
  const book = 'connectors/codecs/xlsx/fixtures/exceljs.xlsx';

  test('prints a sheet under the header rows that it is told, and complains of cells in error', async () => {
    const { code, records, err } = await hub(['xlsx', '--sheet', '学校', '--header', '3,4', book]);
    expect(code).toBe(1);
    expect(records).toMatchObject([
      { 学校代码: 431102001, '学生数/小学': 10, 建校时间: '2019-09-01', '@row': 5 },
      { 学校代码: '0431102002', 乡镇: null },
    ]);
    expect(err).toBe('exceljs.xlsx:7  HUB_MAP_RECORD  sheet 学校, row 7, column 学生数/初中 (C7): #N/A\n');
  }, 60_000);

  test('from stdin too, and says what is wrong with the file or the words', async () => {
    const [piped, text, rows, none] = await Promise.all([
      hub(['xlsx', '--header', '3,4'], await readFile(book)),
      hub(['xlsx'], 'id,x\n'),
      hub(['xlsx', '--header', '4,3', book]),
      hub(['csv', '--sheet', '学校']),
    ]);
    expect(piped?.records).toHaveLength(2);
    expect(text).toMatchObject({ code: 1, records: [] });
    expect(text?.err).toMatch(/^stdin {2}HUB_SOURCE_FORMAT {2}is text, such as CSV/);
    expect(rows?.err).toContain('must be row numbers in their order');
    expect(none?.err).toContain('--sheet: csv has no sheets');
  }, 60_000);
});

describe('documents', () => {
  const codecs: Codecs = {
    tables: new Map(),
    books: new Map(),
    frames: new Map(),
    documents: new Map(
      ['json', 'xml'].map((name) => [
        name,
        {
          name,
          decode: (text, { repair }) => ({
            value: JSON.parse(text) as RawValue,
            repaired: repair.slice(0, 1),
          }),
        },
      ]),
    ),
  };
  const decode = async (word: string, value: RawValue, options: Partial<DecodeOptions> = {}) => {
    const [out, err]: [string[], string[]] = [[], []];
    const isClean = await runDecoding(word, { encoding: 'detect', ...options }, codecs, {
      input: (async function* () {
        yield new TextEncoder().encode(JSON.stringify(value));
      })(),
      name: 'answer',
      now: () => 0,
      print: async (line) => void out.push(line),
      complain: (line) => err.push(line),
    });
    return { isClean, out, err };
  };

  test('music prints its DS and says what had to be repaired', async () => {
    expect(await decode('music', { returnCode: '0', DS: [{ TEM: '1' }, { TEM: '2' }] })).toEqual({
      isClean: true,
      out: ['{"TEM":"1"}', '{"TEM":"2"}'],
      err: ['answer  repaired: musicFieldNames'],
    });
  });

  test('cap prints alerts, of a list or alone', async () => {
    expect((await decode('cap', { alerts: { alert: [{ id: '1' }, { id: '2' }] } })).out).toHaveLength(2);
    expect((await decode('cap', { alerts: { alert: { id: '1' } } })).out).toEqual(['{"id":"1"}']);
    expect((await decode('cap', { alert: { id: '1' } })).out).toEqual(['{"id":"1"}']);
  });

  test('records may lie elsewhere; where nothing lies, it is a fault', async () => {
    expect((await decode('music', { a: { b: [{ id: 1 }] } }, { records: 'a.b' })).out).toEqual(['{"id":1}']);
    expect(await decode('music', { returnCode: '-1' })).toEqual({
      isClean: false,
      out: [],
      err: ['answer  HUB_SOURCE_FORMAT  nothing at DS'],
    });
  });

  test('a codec that this hub does not have is refused before anything is read', async () => {
    const none: Codecs = { tables: new Map(), books: new Map(), frames: new Map(), documents: new Map() };
    const streams = {
      input: (async function* () {})(),
      name: '',
      now: () => 0,
      print: async () => undefined,
      complain: () => undefined,
    };
    await expect(runDecoding('cap', { encoding: 'detect' }, none, streams)).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNSUPPORTED',
    });
  });
});

describe('frames', () => {
  /** A timed report of a river station (SL 651-2014). */
  const TIMED =
    '7E7E 01 0010100001 A000 32 002B 02 000C 200724172349 F1F1 0010100001 48 F0F0 2007241723\n2019 000130 2219 000040 3923 00000550 3812 1268 03 8397\n';
  const NOTICE =
    '##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n';
  const decode = async (
    word: string,
    pieces: readonly (string | Uint8Array)[],
    options: Partial<DecodeOptions> = {},
    codecs = allCodecs,
  ) => {
    const [out, err]: [unknown[], string[]] = [[], []];
    const isClean = await runDecoding(word, { encoding: 'detect', ...options }, codecs, {
      input: (async function* () {
        for (const piece of pieces) yield Buffer.from(piece);
      })(),
      name: 'frames',
      now: () => Date.UTC(2026, 3, 5, 0, 30, 15),
      print: async (line) => void out.push(JSON.parse(line)),
      complain: (line) => err.push(line),
    });
    return { isClean, out, err };
  };

  test('are read from hexadecimal digits with blanks and line breaks, in pieces of any length', async () => {
    const { isClean, out, err } = await decode('sl651', ['\n 7', TIMED.slice(1, 50), TIMED.slice(50)]);
    expect([isClean, err]).toEqual([true, []]);
    expect(out).toMatchObject([{ '@message': '32', observedAt: '2007241723', elements: { 39: '0.550' } }]);
  });

  test('are read from their bytes, and from text', async () => {
    const bytes = Buffer.from(TIMED.replace(/\s/g, ''), 'hex');
    expect((await decode('sl651', [bytes])).out).toHaveLength(1);
    expect((await decode('hj212', [NOTICE.slice(0, 20), NOTICE.slice(20)])).out).toMatchObject([
      { '@message': '1062', RtdInterval: '30' },
    ]);
    expect((await decode('ais', ['!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n'])).out).toMatchObject([
      { mmsi: '477553000', at: '2026-04-05T00:30:15Z' },
    ]);
  });

  test('that are not sound are told by reason and place, and the others are printed', async () => {
    const { isClean, out, err } = await decode('hj212', ['A', NOTICE.replace('1C80', '1C81'), NOTICE], {
      raw: true,
    });
    expect([isClean, out.length]).toEqual([false, 1]);
    expect(err).toEqual([
      'frames  NOISE  byte 0: 1 bytes between frames',
      'frames  CHECKSUM  byte 1: the CRC differs',
    ]);
  });

  test('without a record show that they came, and bytes are printed as hexadecimal digits', async () => {
    const codec: FrameCodec = {
      name: 'own',
      begin: () => null,
      step: () => ({ state: null, items: [] }),
      end: () => ({
        state: null,
        items: [[], [{ picture: Uint8Array.of(0xff, 0xd8) }]].map((records) => ({
          kind: 'frame',
          message: '2F',
          device: '7',
          records,
          raw: new Uint8Array(0),
          reply: null,
        })),
      }),
    };
    const { out } = await decode('own', [], {}, { ...allCodecs, frames: new Map([['own', codec]]) });
    expect(out).toEqual([{ '@message': '2F', '@device': '7' }, { picture: 'ffd8' }]);
  });

  test('in broken hexadecimal text are refused at the line', async () => {
    expect((await decode('sl651', ['7E7E\n01 zz'])).err).toEqual([
      'frames:2  HUB_SOURCE_FORMAT  line 2: is no hexadecimal digit; for bytes as they are say --raw',
    ]);
    expect((await decode('sl651', ['7E7E 0'])).err).toEqual([
      'frames:1  HUB_SOURCE_FORMAT  line 1: ends in the middle of a byte',
    ]);
  });

  test('have no path of records, and nothing else has --raw', async () => {
    await expect(decode('ais', [], { records: 'a' })).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
    await expect(decode('csv', [], { raw: true })).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
  });

  test('from stdin: JSON lines, and 1 when one was refused', async () => {
    expect(await hub(['sl651'], TIMED)).toMatchObject({ code: 0, records: [{ '@message': '32' }], err: '' });
    expect(await hub(['hj212', '--raw'], `x${NOTICE}`)).toMatchObject({
      code: 1,
      records: [{ '@message': '1062' }],
    });
  }, 60_000);
});
