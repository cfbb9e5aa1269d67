// What an answer is taken for: verdicts, lists, columns, texts, and everything that is none of these.

import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Codecs } from '../../kit/codec.ts';
import type { SourceSettings } from '../../kit/contract.ts';
import { CODECS, type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { openSource, toHarness, toSettings } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

type Setting = {
  readonly options?: SourceSettings['options'];
  readonly object?: SourceSettings['options'];
  readonly more?: Partial<SourceSettings>;
  readonly columns?: readonly string[];
};
const ask = async (
  reply: Reply,
  { options = {}, object = {}, more = {}, columns = ['id'] }: Setting = {},
) => {
  const service = await harness.serve(() => reply);
  const source = await harness.open(service.url, options, object, more);
  const [page] = await readAll(source, { columns });
  return page;
};
const recordsOf = async (reply: Reply, setting: Setting) => (await ask(reply, setting))?.records;
const fault = (code: string, words = '') => ({ code, message: expect.stringContaining(words) });

describe('the verdict of a body', () => {
  const success = { path: 'head.code', ok: ['0', '200'], empty: ['-1'] };
  const setting = { options: { success }, object: { records: 'data' } };

  test.each([[0], ['0'], [' 200 ']])('%j is success', async (code) => {
    expect(await recordsOf({ body: { head: { code }, data: [{ id: 1 }] } }, setting)).toEqual([{ id: 1 }]);
  });

  test('an empty one has no records, whatever else it has', async () => {
    expect(await ask({ body: { head: { code: -1 } } }, setting)).toEqual({
      records: [],
      cursor: null,
      last: true,
      unpushed: [],
    });
  });

  test('any other is HUB_SOURCE_QUERY, shown when it is a code and not when it is a sentence', async () => {
    const refused = ask({ body: { head: { code: '50012' }, data: [] } }, setting);
    await expect(refused).rejects.toMatchObject(fault('HUB_SOURCE_QUERY', 'says 50012 at head.code'));
    const told = ask({ body: { head: { code: '张三 has no rights' } } }, setting);
    await expect(told).rejects.toMatchObject(fault('HUB_SOURCE_QUERY', 'says at head.code'));
  });

  test('none at all is HUB_SOURCE_FORMAT: an HTTP 200 alone is no success', async () => {
    await expect(ask({ body: { data: [] } }, setting)).rejects.toMatchObject(
      fault('HUB_SOURCE_FORMAT', 'head.code'),
    );
  });
});

describe('the records', () => {
  test.each<[string, unknown, object, unknown]>([
    ['a list', { a: { b: [{ id: 1 }, { id: 2 }] } }, { records: 'a.b' }, [{ id: 1 }, { id: 2 }]],
    ['a single object', { a: { b: { id: 1 } } }, { records: 'a.b' }, [{ id: 1 }]],
    [
      'the lists of every group',
      { a: [{ b: [{ id: 1 }] }, { b: { id: 2 } }] },
      { records: 'a.b' },
      [{ id: 1 }, { id: 2 }],
    ],
    ['one of several lists', { a: [[{ id: 1 }], [{ id: 2 }]] }, { records: 'a.1' }, [{ id: 2 }]],
    ['the whole answer', { id: 1 }, {}, [{ id: 1 }]],
    ['the whole answer, a list', [{ id: 1 }], {}, [{ id: 1 }]],
    ['an empty list', { a: { b: [] } }, { records: 'a.b' }, []],
    ['null for a list', { a: { b: null } }, { records: 'a.b' }, []],
    ['null around the list', { a: null }, { records: 'a.b' }, []],
    ['an empty object around the list', { a: {} }, { records: 'a.b' }, []],
  ])('%s', async (_, body, object, records) => {
    expect(await recordsOf({ body: JSON.stringify(body) }, { object: { ...object } })).toEqual(records);
  });

  test.each([
    ['is missing', { a: { other: 1 } }],
    ['is a text', { a: { b: 'no rights' } }],
    ['lies in a text', { a: 'no rights' }],
  ])('a path that %s is HUB_SOURCE_FORMAT with the path', async (_, body) => {
    const refused = ask({ body }, { object: { records: 'a.b' } });
    await expect(refused).rejects.toMatchObject(fault('HUB_SOURCE_FORMAT', 'neither list nor object at a.b'));
  });

  test('an element that is no object is handed over as it is, the others land', async () => {
    expect(await ask({ body: [{ id: 1 }, 'torn', null, { id: 2 }] })).toMatchObject({
      records: [{ id: 1 }, { id: 2 }],
      unreadable: [
        { raw: { '@raw': '"torn"', '@row': 2 }, message: 'element 2 of the answer is no object' },
        { raw: { '@raw': 'null', '@row': 3 } },
      ],
    });
  });

  test('an archive of warnings in XML: none, one and many', async () => {
    const query = { p: { slot: 'page.number' } };
    const object = {
      request: { method: 'GET', path: '/list', query },
      paging: { by: 'page', first: 1, size: 50, total: 'alerts.total' },
      records: 'alerts.alert',
    };
    const setting = { options: { codec: 'xml' }, object, columns: ['identifier', 'info.area.geocode.value'] };
    const alert = (id: string) =>
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${id}</identifier><info><area><geocode><value>431124</value></geocode><geocode><value>431126</value></geocode></area></info></alert>`;
    const archive = (...all: string[]) => ({
      body: `<alerts><total>${all.length}</total>${all.map(alert).join('')}</alerts>`,
    });
    const info = { area: { geocode: [{ value: '431124' }, { value: '431126' }] } };
    expect(await recordsOf(archive(), setting)).toEqual([]);
    expect(await recordsOf(archive('A'), setting)).toEqual([{ identifier: 'A', info }]);
    expect(await recordsOf(archive('A', 'B'), setting)).toEqual([
      { identifier: 'A', info },
      { identifier: 'B', info },
    ]);
    const torn = ask({ body: '<alerts><total>2</total></alerts>' }, setting);
    await expect(torn).rejects.toMatchObject(fault('HUB_SOURCE_FORMAT', 'alerts.alert'));
  });

  test('values within values are parsed again, each in its own format', async () => {
    const inner = JSON.stringify({ list: '<r><item><id>7</id></item><item><id>8</id></item></r>' });
    const object = {
      unwrap: [
        { path: 'out', codec: 'json' },
        { path: 'out.list', codec: 'xml' },
      ],
      records: 'out.list.r.item',
    };
    expect(await recordsOf({ body: { out: inner } }, { object })).toEqual([{ id: '7' }, { id: '8' }]);
    expect(await recordsOf({ body: { out: '' } }, { object })).toEqual([]);
    await expect(ask({ body: { out: '{]' } }, { object })).rejects.toMatchObject(
      fault('HUB_SOURCE_FORMAT', 'json: line 1, column 2'),
    );
  });

  test('a broken MUSIC answer is mended, and the page counts it', async () => {
    const options = { repair: ['musicFieldNames', 'jsonp'], success: { path: 'returnCode', ok: ['0'] } };
    const body = 'callback({"returnCode":"0",fieldNames="id Lat","DS":[{"id":"57866"}]});';
    expect(await ask({ body }, { options, object: { records: 'DS' } })).toMatchObject({
      records: [{ id: '57866' }],
      repairs: { jsonp: 1, musicFieldNames: 1 },
    });
    const whole = await ask({ body: '{"returnCode":"0","DS":[]}' }, { options, object: { records: 'DS' } });
    expect(whole).not.toHaveProperty('repairs');
  });

  test('a table comes line by line, with what cannot be read', async () => {
    const tables: Codecs['tables'] = new Map([
      [
        'csv',
        {
          name: 'csv',
          open: ({ header }) => ({
            columns: () => null,
            step: (text) => ({
              records: text
                .split('\n')
                .slice(header.rows.length)
                .map((line, row) => ({ id: line, 'a.b': 'x', '@row': row + 2 })),
              unreadable: [],
            }),
            end: () => ({
              records: [],
              unreadable: [{ raw: { '@raw': 'torn', '@row': 9 }, message: 'line 9 is torn' }],
            }),
          }),
        },
      ],
    ]);
    const service = await harness.serve(() => ({ body: 'id\n1\n2' }));
    const settings = toSettings(service.url, { codec: 'csv' });
    const source = harness.keep(await openSource(settings, undefined, { ...CODECS, tables }));
    expect(await source.select('list', { columns: ['id', 'a.b'], limit: 9 })).toMatchObject({
      records: [
        { id: '1', 'a.b': 'x', '@row': 2 },
        { id: '2', 'a.b': 'x', '@row': 3 },
      ],
      unreadable: [{ raw: { '@row': 9 } }],
    });
  });
});

describe('the columns', () => {
  const body = [
    {
      Station_ID_C: '57866',
      pre_1h: '0.5',
      Info: { AREA: [{ Code: 'a', x: 1 }, { code: 'b' }], y: 2 },
      z: 3,
    },
  ];
  const columns = ['Station_Id_C', 'PRE_1h', 'info.area.code', 'gone'];

  test('are found under any case where the manifest says so, in paths too; what is missing stays missing', async () => {
    expect(await recordsOf({ body }, { columns, more: { columnCase: 'ignore' } })).toEqual([
      { Station_Id_C: '57866', PRE_1h: '0.5', info: { area: [{ code: 'a', x: 1 }, { code: 'b' }], y: 2 } },
    ]);
  });

  test('are taken as they are written where it does not', async () => {
    expect(await recordsOf({ body }, { columns: [...columns, 'pre_1h', 'Info.y'] })).toEqual([
      { pre_1h: '0.5', Info: body[0]?.Info },
    ]);
  });

  test.each([
    ['PRE_1h', [{ PRE_1h: '1', pre_1h: '2' }]],
    ['a.b', [{ a: [{ b: 1 }, { b: 1, B: 2 }] }]],
  ])('that coincide are HUB_MAP_SHAPE with both names: %s', async (column, twice) => {
    const refused = ask({ body: twice }, { columns: [column], more: { columnCase: 'ignore' } });
    await expect(refused).rejects.toMatchObject(fault('HUB_MAP_SHAPE', ' and '));
    await expect(refused).rejects.toMatchObject({ place: { object: 'list' } });
    expect(await recordsOf({ body: twice }, { columns: ['other'], more: { columnCase: 'ignore' } })).toEqual([
      {},
    ]);
  });

  test('numbers keep their digits', async () => {
    const text = '[{"id":9007199254740993,"money":12.50}]';
    expect(await recordsOf({ body: text }, { columns: ['id', 'money'] })).toEqual([
      { id: '9007199254740993', money: '12.50' },
    ]);
  });
});

const GBK = Buffer.from('7b226964223a22d3c0d6ddcad0227d', 'hex');

describe('the encoding', () => {
  test.each([
    ['declared by the header', 'application/json;charset=GB2312', GBK],
    ['found in the bytes', 'application/json', GBK],
    ['declared wrongly', 'application/json; charset=utf-8', GBK],
    ['utf-8 after all', 'application/json; charset=gbk', Buffer.from('{"id":"永州市"}')],
  ])('detect: %s', async (_, type, body) => {
    const reply = { headers: { 'content-type': type }, body };
    expect(await recordsOf(reply, { options: { encoding: 'detect' } })).toEqual([{ id: '永州市' }]);
  });

  test('of an XML document is what it says of itself', async () => {
    const body = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="GB2312"?><r><id>'),
      GBK.subarray(7, 13),
      Buffer.from('</id></r>'),
    ]);
    const setting = { options: { encoding: 'detect', codec: 'xml' }, object: { records: 'r' } };
    expect(await recordsOf({ headers: { 'content-type': 'text/xml' }, body }, setting)).toEqual([
      { id: '永州市' },
    ]);
  });

  test('that does not fit is refused with the place and the one that fits', async () => {
    await expect(ask({ body: GBK })).rejects.toMatchObject(fault('HUB_SOURCE_ENCODING', 'gb18030 fits'));
    await expect(ask({ body: GBK })).rejects.toMatchObject({
      place: { unit: 'test', source: 'api', object: 'list', line: 1 },
    });
  });
});

describe('an answer that is none', () => {
  test.each<[number, string, string]>([
    [301, 'HUB_SOURCE_QUERY', 'redirects are not followed'],
    [400, 'HUB_SOURCE_QUERY', 'HTTP 400'],
    [401, 'HUB_SOURCE_REFUSED', 'HTTP 401'],
    [403, 'HUB_SOURCE_REFUSED', 'HTTP 403'],
    [404, 'HUB_SOURCE_QUERY', 'HTTP 404'],
    [429, 'HUB_SOURCE_BUSY', 'HTTP 429'],
    [500, 'HUB_SOURCE_QUERY', 'HTTP 500'],
    [503, 'HUB_SOURCE_BUSY', 'HTTP 503'],
  ])('HTTP %d is %s', async (status, code, words) => {
    await expect(
      ask({ status, headers: { location: 'http://127.0.0.1:1/' }, body: {} }),
    ).rejects.toMatchObject(fault(code, words));
  });

  test('garbage is HUB_SOURCE_FORMAT with its place', async () => {
    const refused = ask({ body: '{"id":\n<html>' });
    await expect(refused).rejects.toMatchObject({
      code: 'HUB_SOURCE_FORMAT',
      message: 'test.api (object list): json: line 2, column 1: is not JSON here',
      place: { unit: 'test', source: 'api', object: 'list', line: 2 },
    });
    await expect(ask({ body: '' })).rejects.toMatchObject(fault('HUB_SOURCE_FORMAT'));
    await expect(ask((response) => response.socket?.end('SSH-2.0-x\r\n'))).rejects.toMatchObject(
      fault('HUB_SOURCE_FORMAT', 'no HTTP'),
    );
  });

  test('a service that asked for a pause is not asked before it is over', async () => {
    const service = await harness.serve(() => ({ status: 503, headers: { 'retry-after': '120' }, body: '' }));
    const source = await harness.open(service.url, {});
    for (let call = 0; call < 5; call++)
      await expect(readAll(source)).rejects.toMatchObject(fault('HUB_SOURCE_BUSY'));
    expect(service.asked).toHaveLength(1);
  });

  test('one that breaks off is HUB_SOURCE_UNREACHABLE, and the next call may succeed', async () => {
    const world = { breaks: true };
    const service = await harness.serve(() =>
      world.breaks
        ? (response) => {
            response.writeHead(200, { 'content-length': '100' });
            response.write('{"id":', () => response.socket?.destroy());
          }
        : { body: { id: 1 } },
    );
    const source = await harness.open(service.url, {});
    await expect(readAll(source)).rejects.toMatchObject(fault('HUB_SOURCE_UNREACHABLE'));
    world.breaks = false;
    expect((await readAll(source))[0]?.records).toEqual([{ id: 1 }]);
  });

  test('an idle connection that the service dropped is no fault', async () => {
    const used = new WeakSet<object>();
    const service = await harness.serve(() => (response) => {
      const socket = response.socket;
      if (socket === null) return;
      if (used.has(socket)) socket.resetAndDestroy();
      else response.end('{"id":1}');
      used.add(socket);
    });
    const source = await harness.open(service.url, {});
    for (let call = 0; call < 5; call++) expect((await readAll(source))[0]?.records).toEqual([{ id: 1 }]);
    expect(service.asked).toHaveLength(9);
  });
});

describe('the size of an answer', () => {
  const more = { fileBytes: 2000 };
  const large = JSON.stringify([{ id: 'x'.repeat(100_000) }]);

  test.each<[string, Reply]>([
    ['that says so', { body: large }],
    [
      'that does not say so',
      (response) => {
        response.writeHead(200);
        response.write(large.slice(0, 50_000));
        response.end(large.slice(50_000));
      },
    ],
    ['once it is unpacked', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(large) }],
  ])('is bounded: one %s is HUB_SOURCE_LIMIT', async (_, reply) => {
    await expect(ask(reply, { more })).rejects.toMatchObject(fault('HUB_SOURCE_LIMIT', '2000 bytes'));
  });

  test('one that never ends is left as soon as it is too long', async () => {
    const endless: Reply = (response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(500), () => setImmediate(more));
      };
      more();
    };
    await expect(ask(endless, { more })).rejects.toMatchObject(fault('HUB_SOURCE_LIMIT'));
  });

  test('packed answers are unpacked, and what is falsely called packed is refused', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect(await recordsOf({ headers, body: gzipSync('{"id":1}') }, {})).toEqual([{ id: 1 }]);
    await expect(ask({ headers, body: '{"id":1}' })).rejects.toMatchObject(
      fault('HUB_SOURCE_FORMAT', 'compressed'),
    );
  });
});
