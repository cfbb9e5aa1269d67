// The file kind over real folders; the clock is turned by hand.
import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import { csvCodec } from '../../codecs/csv/csv-codec.ts';
import type { TableCodec } from '../../kit/codec.ts';
import type { Page, SelectRequest, Source, SourceSettings } from '../../kit/contract.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import { toFileKind } from './file-kind.ts';

const MINUTE = 60_000;
/** 永州市,冷水滩区 in GBK. */
const GBK = Buffer.from('d3c0d6ddcad02cc0e4cbaeccb2c7f80a', 'hex');

let home: string;
let folder: string;
let now: number;
const sources: Source[] = [];
const strangers: unknown[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hub-file-'));
  folder = join(home, 'unspoken');
  await mkdir(folder);
  now = Date.UTC(2026, 2, 31, 15, 59);
  strangers.length = 0;
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  await rm(home, { recursive: true });
});

type Words = Partial<SourceSettings> & { readonly files?: string; readonly codec?: TableCodec };

async function open({ files = '*.csv', codec = csvCodec, ...settings }: Words = {}): Promise<Source> {
  const kind = toFileKind({
    codecs: { documents: new Map(), tables: new Map([['csv', codec]]), books: new Map() },
    clock: { ...wallClock, now: () => now },
    onStranger: (place) => strangers.push(place),
  });
  const source = await kind.open({
    unit: 'forestry',
    name: 'drop',
    url: pathToFileURL(folder).href,
    zone: 'Asia/Shanghai',
    inFlight: 1,
    timeoutMs: 10_000,
    pageRows: 1000,
    rate: null,
    fileBytes: 1_000_000,
    columnCase: 'exact',
    options: { codec: 'csv', stable: 'PT30S' },
    objects: [{ name: 'towers', options: { files } }],
    ...settings,
  });
  sources.push(source);
  return source;
}

async function drop(name: string, bytes: string | Uint8Array, minutesAgo = 60): Promise<void> {
  await writeFile(join(folder, name), bytes);
  const time = new Date(now - minutesAgo * MINUTE);
  await utimes(join(folder, name), time, time);
}

/** After two looks, a minute apart. */
async function list(source: Source) {
  await source.deliveries('towers');
  now += MINUTE;
  return source.deliveries('towers');
}
const names = async (source: Source) => (await list(source)).map(({ name }) => name);

async function pagesOf(
  source: Source,
  delivery: string,
  more: Partial<SelectRequest> = {},
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for await (const page of source.scan('towers', { columns: [], limit: 100, delivery, ...more }))
    pages.push(page);
  return pages;
}

async function refusal(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => new Error('was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof HubError)) throw error;
  expect(error.message).not.toContain('unspoken');
  return error;
}

describe('which files are given', () => {
  test('regular ones of the object, in the folder itself, with a whole name', async () => {
    for (const name of ['a.csv', '.b.csv', 'c.csv.tmp', 'd.csv.part', 'e.csv.filepart', 'f.txt'])
      await drop(name, 'id\n');
    await mkdir(join(folder, 'g.csv'));
    await drop('g.csv/h.csv', 'id\n');
    await writeFile(join(home, 'outside.csv'), 'id\n');
    await symlink(join(home, 'outside.csv'), join(folder, 'i.csv'));
    expect(await names(await open({ files: '*' }))).toEqual(['a.csv', 'f.txt']);
    expect(await names(await open())).toEqual(['a.csv']);
  });

  test('those that have stayed the same for as long as the manifest says, by two looks and by their own time', async () => {
    const source = await open();
    await drop('old.csv', 'id\n', 60);
    await drop('new.csv', 'id\n', 0);
    await drop('future.csv', 'id\n', -60);
    expect(await source.deliveries('towers')).toEqual([]);
    now += 29_999;
    expect(await source.deliveries('towers')).toEqual([]);
    now += 1;
    const found = await source.deliveries('towers');
    expect(found.map(({ name }) => name)).toEqual(['old.csv', 'new.csv', 'future.csv']);
    expect(found.map(({ receivedAt }) => receivedAt)).toEqual([
      '2026-03-31T14:59:00.000Z',
      '2026-03-31T15:59:00.000Z',
      '2026-03-31T15:59:30.000Z',
    ]);
  });

  test('a file that grows with an old time on it is not given', async () => {
    const source = await open();
    await drop('a.csv', 'id\n1\n');
    await source.deliveries('towers');
    now += MINUTE;
    await drop('a.csv', 'id\n1\n2\n');
    expect(await source.deliveries('towers')).toEqual([]);
    now += MINUTE;
    expect(await source.deliveries('towers')).toHaveLength(1);
  });

  test('also with a name that another system wrote in GBK', async () => {
    const raw = Buffer.from('c8c8b5e35f312e637376', 'hex');
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), raw]), 'id\n1\n');
    now = Date.now() + 60 * MINUTE;
    const source = await open({ files: '热点_*.csv' });
    const [delivery] = await list(source);
    expect(delivery?.name).toBe('热点_1.csv');
    expect((await pagesOf(source, delivery?.id ?? ''))[0]?.records).toEqual([
      { id: '1', '@row': 2, '@file': '热点_1.csv' },
    ]);
    await source.settle('towers', delivery?.id ?? '', { state: 'taken' });
    expect(await readdir(folder)).toEqual(['archive']);
  });

  test('one that no object takes is told of once, when it is complete, and stays where it is', async () => {
    const source = await open({
      objects: [
        { name: 'towers', options: { files: '瞭望塔*.csv' } },
        { name: 'rangers', options: { files: '护林员*.csv' } },
      ],
    });
    for (const name of ['瞭望塔.csv', '护林员.csv', '瞭望台.csv', '热点.csv.part']) await drop(name, 'id\n');
    await source.deliveries('towers');
    expect(strangers).toEqual([]);
    now += MINUTE;
    await source.deliveries('towers');
    await source.deliveries('rangers');
    expect(strangers).toEqual([{ unit: 'forestry', source: 'drop', file: '瞭望台.csv' }]);
    expect(await readdir(folder)).toContain('瞭望台.csv');
  });

  test('describe() tells the columns of the newest', async () => {
    const source = await open({
      objects: [
        { name: 'towers', options: { files: '*.csv' } },
        { name: 'rangers', options: { files: 'r' } },
      ],
    });
    await drop('1.csv', 'id,高程\n', 60);
    await drop('2.csv', 'id,海拔\n1,2\n', 50);
    await list(source);
    const shapes = await source.describe();
    expect(shapes.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([
      ['towers', ['id', '海拔']],
      ['rangers', []],
    ]);
    expect((await refusal(source.describe(['tower']))).message).toContain('towers');
  });
});

describe('reading', () => {
  test('a record has its file, its row, what the name says, and every column', async () => {
    await drop('网格员-道县-1.csv', '\uFEFF编号,姓名\n1,a\n\n2,b\n');
    const source = await open({ files: '网格员-{county}-*.csv' });
    const [delivery] = await list(source);
    expect(await pagesOf(source, delivery?.id ?? '', { columns: ['编号', 'absent'] })).toMatchObject([
      {
        records: [
          { 编号: '1', 姓名: 'a', '@file': '网格员-道县-1.csv', '@row': 2, '@county': '道县' },
          { 编号: '2', 姓名: 'b', '@file': '网格员-道县-1.csv', '@row': 4, '@county': '道县' },
        ],
        last: true,
      },
    ]);
  });

  test('names of any case are the asked ones where the manifest says so, and two that become one are refused', async () => {
    await drop('1.csv', 'Station_ID_C,tem\n1,2\n', 60);
    await drop('2.csv', 'tem,TEM\n1,2\n', 50);
    const source = await open({ columnCase: 'ignore' });
    const [one, two] = await list(source);
    const request = { columns: ['Station_Id_C', 'TEM'] };
    expect((await pagesOf(source, one?.id ?? '', request))[0]?.records).toMatchObject([
      { Station_Id_C: '1', TEM: '2' },
    ]);
    expect(await refusal(pagesOf(source, two?.id ?? '', request))).toMatchObject({
      code: 'HUB_MAP_SHAPE',
      message: expect.stringContaining('tem and TEM are one column'),
    });
  });

  test('rows that cannot be taken apart go with their page, and pages count them', async () => {
    await drop('a.csv', 'id,x\n1,1\n2\n3,3\n4\n5\n');
    const source = await open();
    const [delivery] = await list(source);
    const pages = await pagesOf(source, delivery?.id ?? '', { limit: 2 });
    expect(pages.map(({ records }) => records.map(({ id }) => id))).toEqual([['1'], ['3'], []]);
    expect(pages.map(({ unreadable }) => unreadable?.map(({ raw }) => raw))).toEqual([
      [{ '@raw': '2', '@row': 3, '@file': 'a.csv' }],
      [{ '@raw': '4', '@row': 5, '@file': 'a.csv' }],
      [{ '@raw': '5', '@row': 6, '@file': 'a.csv' }],
    ]);
    expect(pages.map(({ last }) => last)).toEqual([false, false, true]);
  });

  test('GBK read as UTF-8 is refused before its first record, naming file, line and fitting encoding', async () => {
    await drop('热点.csv', Buffer.concat([Buffer.from('市,区\na,b\n'.repeat(50_000)), GBK]));
    await drop('好.csv', '市,区\n永州,道县\n', 50);
    const source = await open();
    const [bad, good] = await list(source);
    const error = await refusal(source.select('towers', { columns: [], limit: 1, delivery: bad?.id ?? '' }));
    expect(error).toMatchObject({ code: 'HUB_SOURCE_ENCODING', place: { file: '热点.csv', line: 100_001 } });
    expect(error.message).toMatch(
      /^forestry\.drop \(object towers\): 热点\.csv: line 100001, byte \d+: not utf-8 but gb18030/,
    );
    await source.settle('towers', bad?.id ?? '', { state: 'refused', error });
    expect(await names(source)).toEqual(['好.csv']);
    expect((await pagesOf(source, good?.id ?? ''))[0]?.records).toHaveLength(1);
  });

  test.each(['gb18030', 'detect'])('GBK is read as %s', async (encoding) => {
    await drop('a.csv', Buffer.concat([GBK, GBK]));
    const source = await open({ options: { encoding } });
    const [delivery] = await list(source);
    expect((await pagesOf(source, delivery?.id ?? ''))[0]?.records).toMatchObject([{ 永州市: '永州市' }]);
  });

  test('one that is too large is given, refused unread, and put away', async () => {
    await drop('a.csv', `id\n${'1\n'.repeat(100)}`);
    const source = await open({ fileBytes: 100 });
    const [delivery] = await list(source);
    const error = await refusal(pagesOf(source, delivery?.id ?? ''));
    expect(error).toMatchObject({ code: 'HUB_SOURCE_LIMIT', message: expect.stringContaining('203 bytes') });
    await source.settle('towers', delivery?.id ?? '', { state: 'refused', error });
    expect((await readdir(join(folder, 'reject'))).sort()).toEqual(['a.csv', 'a.csv.reason.json']);
  });

  test('one that changes after it was listed, or between two pages, is refused and stays where it is', async () => {
    await drop('a.csv', `id\n${'1\n'.repeat(10)}`);
    const source = await open();
    const [delivery] = await list(source);
    const scan = source
      .scan('towers', { columns: [], limit: 3, delivery: delivery?.id ?? '' })
      [Symbol.asyncIterator]();
    await scan.next();
    await appendFile(join(folder, 'a.csv'), '2\n');
    const error = await refusal(scan.next());
    expect(error).toMatchObject({
      code: 'HUB_SOURCE_FORMAT',
      message: expect.stringContaining('changed while'),
    });
    await source.settle('towers', delivery?.id ?? '', { state: 'refused', error });
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  test('content that changes without a sign is noticed by its hash', async () => {
    await drop('a.csv', 'id\n1\n');
    const source = await open();
    const [delivery] = await list(source);
    await drop('a.csv', 'id\n2\n', 61);
    expect((await refusal(pagesOf(source, delivery?.id ?? ''))).code).toBe('HUB_SOURCE_FORMAT');
  });

  test('a caller whose time was up costs no work: the next call goes on where it was', async () => {
    await drop('a.csv', `id\n${'123456789\n'.repeat(200_000)}`);
    let steps = 0;
    const stopping = new AbortController();
    const counting: TableCodec = {
      name: 'csv',
      open: (options) => {
        const reader = csvCodec.open(options);
        const step = (text: string) => {
          steps += 1;
          if (steps === 4) stopping.abort();
          return reader.step(text);
        };
        return { ...reader, step };
      },
    };
    const source = await open({ codec: counting, fileBytes: 10_000_000 });
    const [delivery] = await list(source);
    const request = { columns: [], limit: 10, delivery: delivery?.id ?? '' };
    const error = await refusal(source.select('towers', request, { signal: stopping.signal }));
    expect(error.code).toBe('HUB_SOURCE_CLOSED');
    expect((await source.select('towers', request)).records).toHaveLength(10);
    // Eight chunks and the end, and the first chunk once more for the page itself.
    expect(steps).toBe(10);
  });

  test('without a delivery, in another order or by a span it is not read', async () => {
    await drop('a.csv', 'id\n1\n');
    const source = await open();
    const [delivery] = await list(source);
    const request = { columns: [], limit: 1, delivery: delivery?.id ?? '' };
    const span = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    for (const wrong of [
      { columns: [], limit: 1 },
      { ...request, order: ['id'] },
      { ...request, span },
    ])
      expect((await refusal(source.select('towers', wrong))).code).toBe('HUB_SOURCE_UNSUPPORTED');
  });
});

describe('putting away', () => {
  const settle = async (source: Source, name: string, bytes: string, error?: Error) => {
    await drop(name, bytes);
    const found = (await list(source)).find((delivery) => delivery.name === name);
    const end = error === undefined ? ({ state: 'taken' } as const) : ({ state: 'refused', error } as const);
    await source.settle('towers', found?.id ?? '', end);
  };

  test('the archive has a folder a month, by the clock of the source', async () => {
    await settle(await open(), 'a.csv', 'id\n1\n');
    await settle(await open({ zone: 'UTC' }), 'b.csv', 'id\n1\n');
    expect(await readdir(join(folder, 'archive/2026-04'))).toEqual(['a.csv']);
    expect(await readdir(join(folder, 'archive/2026-03'))).toEqual(['b.csv']);
  });

  test('other content under the same name gets its hash into the name, and nothing is overwritten', async () => {
    const source = await open();
    await settle(source, 'a.b.csv', 'id\n1\n');
    await settle(source, 'a.b.csv', 'id\n2\n');
    const archive = join(folder, 'archive/2026-04');
    const found = (await readdir(archive)).sort();
    expect(found).toEqual([expect.stringMatching(/^a\.b\.[0-9a-f]{12}\.csv$/), 'a.b.csv']);
    expect(await readFile(join(archive, 'a.b.csv'), 'utf8')).toBe('id\n1\n');
    expect(await readFile(join(archive, found[0] ?? ''), 'utf8')).toBe('id\n2\n');
  });

  test('the same file once more is put away without being given, months later too', async () => {
    const source = await open();
    await settle(source, 'a.csv', 'id\n1\n');
    await settle(source, 'a.csv', 'id\n2\n');
    now += 90 * 1440 * MINUTE;
    for (const minutesAgo of [60, 30]) {
      await drop('a.csv', 'id\n2\n', minutesAgo);
      expect(await list(source)).toEqual([]);
      expect(await readdir(folder)).toEqual(['archive']);
    }
  });

  describe('content that comes back under its name after another', () => {
    const taken = { state: 'taken' } as const;
    const take = async (source: Source, text: string, minutesAgo: number) => {
      await drop('a.csv', text, minutesAgo);
      const [found] = await list(source);
      if (found !== undefined) await source.settle('towers', found.id, taken);
      return found !== undefined;
    };

    test('is given, as often as it changes, since it was written anew', async () => {
      const source = await open();
      const [one, two] = ['id\n1\n', 'id\n2\n'];
      expect(await take(source, one, 50)).toBe(true);
      expect(await take(source, two, 40)).toBe(true);
      expect(await take(source, one, 30)).toBe(true);
      expect(await take(source, two, 20)).toBe(true);
      expect(await take(source, two, 10)).toBe(false);
      expect(await readdir(join(folder, 'archive', '2026-04'))).toHaveLength(2);
    });

    test('is put away unread when it is older than the other: it was only sent late, or twice', async () => {
      const source = await open();
      await take(source, 'id\n1\n', 50);
      await take(source, 'id\n2\n', 40);
      expect(await take(source, 'id\n1\n', 55)).toBe(false);
      expect(await take(source, 'id\n1\n', 45)).toBe(false);
      expect(await readdir(folder)).toEqual(['archive']);
    });

    test('a file whose name only begins alike is no other content of it', async () => {
      const source = await open();
      await take(source, 'id\n1\n', 50);
      await drop('a.b.csv', 'id\n2\n', 40);
      for (const { id } of await list(source)) await source.settle('towers', id, taken);
      expect(await take(source, 'id\n1\n', 30)).toBe(false);
    });
  });

  test('a whole list that comes once more is given where it is asked for, and put away in one copy', async () => {
    const source = await open();
    await settle(source, 'a.csv', 'id\n1\n');
    await drop('a.csv', 'id\n1\n');
    await source.deliveries('towers', { again: true });
    now += MINUTE;
    const found = await source.deliveries('towers', { again: true });
    expect(found.map(({ name }) => name)).toEqual(['a.csv']);
    await source.settle('towers', found[0]?.id ?? '', { state: 'taken' });
    expect(await readdir(folder)).toEqual(['archive']);
    expect(await readdir(join(folder, 'archive/2026-04'))).toEqual(['a.csv']);
  });

  test('the reason lies beside a rejected file, for the hub and for people', async () => {
    const error = new HubError('HUB_SOURCE_ENCODING', 'a.csv: line 3: gb18030 fits');
    const source = await open();
    await settle(source, 'a.csv', 'id\n1\n', error);
    await settle(source, 'a.csv', 'id\n1\n', error);
    await settle(source, 'a.csv', 'id\n2\n', new Error('a fault with 张三 in it'));
    const reject = join(folder, 'reject');
    expect(await readdir(reject)).toHaveLength(4);
    const reason = JSON.parse(await readFile(join(reject, 'a.csv.reason.json'), 'utf8'));
    expect(reason).toEqual({
      code: 'HUB_SOURCE_ENCODING',
      zh: expect.stringContaining('编码'),
      message: 'a.csv: line 3: gb18030 fits',
      file: 'a.csv',
      at: '2026-03-31T16:01:00.000Z',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const texts = await Promise.all(
      (await readdir(reject)).map((name) => readFile(join(reject, name), 'utf8')),
    );
    expect(texts.join()).not.toContain('张三');
  });

  test('archive/ and reject/ are as open as the folder they lie in', async () => {
    const source = await open();
    const { chmod } = await import('node:fs/promises');
    await chmod(folder, 0o2775);
    await settle(source, 'a.csv', 'id\n1\n');
    await settle(source, 'b.csv', 'id\n1\n', new HubError('HUB_SOURCE_FORMAT', 'b.csv: line 1'));
    for (const name of ['archive', 'archive/2026-04', 'reject'])
      expect((await stat(join(folder, name))).mode & 0o7777).toBe(0o2775);
  });

  test.each([
    ['a file', (path: string) => writeFile(path, '')],
    ['a link', (path: string) => symlink(home, path)],
  ] as const)(
    'where %s stands in the way, it is refused with the fix and the file stays',
    async (_what, block) => {
      await block(join(folder, 'archive'));
      const source = await open();
      const error = await refusal(settle(source, 'a.csv', 'id\n1\n'));
      expect(error.code).toBe('HUB_SOURCE_REFUSED');
      expect(error.message).toMatch(/archive/);
      expect(await readdir(folder)).toContain('a.csv');
      expect(await names(source)).toEqual(['a.csv']);
    },
  );

  test('a second name of the same file changes nothing', async () => {
    const source = await open();
    await drop('a.csv', 'id\n1\n');
    await link(join(folder, 'a.csv'), join(folder, 'b.csv'));
    const found = await list(source);
    for (const { id } of found) await source.settle('towers', id, { state: 'taken' });
    expect((await readdir(join(folder, 'archive/2026-04'))).sort()).toEqual(['a.csv', 'b.csv']);
  });
});

describe('a folder', () => {
  test('that is not there is unreachable at the first call, not at open', async () => {
    await rm(folder, { recursive: true });
    const source = await open();
    expect(await refusal(source.deliveries('towers'))).toMatchObject({
      code: 'HUB_SOURCE_UNREACHABLE',
      message: 'forestry.drop: the folder is not there: make it, or mount it [ENOENT]',
    });
    await mkdir(folder);
    expect(await source.deliveries('towers')).toEqual([]);
  });

  test('on another machine is refused at open, and so is what is no folder or cannot be read', async () => {
    const code = async (words: Words) => (await refusal(open(words))).code;
    expect(await code({ url: 'sftp://unspoken:secret@host/drop' })).toBe('HUB_SOURCE_UNSUPPORTED');
    expect(await code({ url: 'file://unspoken/drop' })).toBe('HUB_CONFIG_INVALID');
    expect(await code({ url: 'unspoken' })).toBe('HUB_CONFIG_INVALID');
    expect(await code({ options: { codec: 'xlsx' } })).toBe('HUB_SOURCE_UNSUPPORTED');
  });
});
