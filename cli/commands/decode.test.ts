// `hub decode` as people call it: a process of its own, and its parts for the codecs that are documents.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Codecs } from '../../connectors/kit/codec.ts';
import type { RawValue } from '../../connectors/kit/contract.ts';
import { untilEnd } from '../../test/support/command-end.ts';
import { type DecodeOptions, runDecoding } from './decode.ts';

/** 市,区 / 永州市,冷水滩区 in GBK. */
const GBK = Buffer.from('cad02cc7f80ad3c0d6ddcad02cc0e4cbaeccb2c7f80a', 'hex');

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hub-decode-'));
});
afterAll(() => rm(home, { recursive: true }));

async function hub(words: readonly string[], input: Uint8Array | string = '') {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/hub.ts', 'decode', ...words]);
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
    expect(unknown?.err).toContain('no codec dbf; there are csv, music, cap');
    expect(option?.err).toContain('Allowed choices are utf-8, gb18030, detect');
  }, 60_000);
});

describe('documents', () => {
  const codecs: Codecs = {
    tables: new Map(),
    books: new Map(),
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
    const none: Codecs = { tables: new Map(), books: new Map(), documents: new Map() };
    const streams = {
      input: (async function* () {})(),
      name: '',
      print: async () => undefined,
      complain: () => undefined,
    };
    await expect(runDecoding('cap', { encoding: 'detect' }, none, streams)).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNSUPPORTED',
    });
  });
});
