// What the answer of a SOAP service is taken for: documents in return elements, lists, pages, faults and everything else.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SourceSettings } from '../../kit/contract.ts';
import { type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { NAMESPACE, toBody, toFault11, toHarness, toReturn, toXmlText } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const UNWRAP = { unwrap: [{ path: 'getYhdListReturn', codec: 'xml' }], records: 'list.yhd' };
const COLUMNS = { columns: ['yhdbh', 'pos.lat'] };
const ask = async (reply: Reply, object: SourceSettings['options'] = UNWRAP, more = {}) => {
  const service = await harness.serve(() => reply);
  const [page] = await readAll(await harness.open(service.url, object, {}, more), COLUMNS);
  return page?.records;
};
const TWO = '<list><yhd><yhdbh>01</yhdbh><pos><lat>25</lat></pos></yhd><yhd><yhdbh>02</yhdbh></yhd></list>';
const RECORDS = [{ yhdbh: '01', pos: { lat: '25' } }, { yhdbh: '02' }];

describe('the records of an answer', () => {
  test.each<[string, Reply, SourceSettings['options']]>([
    ['lie in XML that is the text of the return element', toReturn(toXmlText(TWO)), UNWRAP],
    [
      'lie in a text with a declaration of its own',
      toReturn(toXmlText(`<?xml version="1.0" encoding="GB2312"?>${TWO}`)),
      UNWRAP,
    ],
    ['lie in CDATA', toReturn(`<![CDATA[${TWO}]]>`), UNWRAP],
    ['lie in the return element as elements', toReturn(TWO), { records: 'getYhdListReturn.list.yhd' }],
    [
      'lie in an element that is called otherwise',
      toBody(`<n:any xmlns:n="urn:x">${TWO}</n:any>`),
      { records: 'list.yhd' },
    ],
    [
      'lie in JSON in the return element',
      toReturn('{"list":{"yhd":[{"yhdbh":"01","pos":{"lat":"25"}},{"yhdbh":"02"}]}}'),
      { unwrap: [{ path: 'getYhdListReturn', codec: 'json' }], records: 'list.yhd' },
    ],
  ])('%s', async (_, reply, object) => {
    expect(await ask(reply, object)).toEqual(RECORDS);
  });

  test.each([
    ['a list without elements', '<list/>'],
    ['a blank return element', ' '],
  ])('are none where %s says so', async (_, content) => {
    expect(await ask(toReturn(toXmlText(content)))).toEqual([]);
  });

  test.each<[string, Reply]>([
    ['no return element', toBody(`<getYhdListResponse xmlns="${NAMESPACE}"/>`)],
    ['no body', toBody('')],
    ['another document', { body: '<html><body>proxy 13900000000</body></html>' }],
    ['no XML', { body: 'garbage 13900000000' }],
    ['half an answer', { body: '<S:Envelope xmlns:S="x"><S:Body><getYhdListResponse>13900000000' }],
    ['a torn document in the return element', toReturn(toXmlText('<list><yhd>13900000000</list>'))],
    ['a document type', { body: `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>` }],
    ['a document type in the return element', toReturn(toXmlText('<!DOCTYPE a SYSTEM "http://x/"><a/>'))],
  ])('are never none because of %s: HUB_SOURCE_FORMAT', async (_, reply) => {
    const error = await ask(reply).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HUB_SOURCE_FORMAT', place: { unit: 'test', object: 'list' } });
    expect(String(error)).not.toContain('139');
  });

  test('come page by page, by number', async () => {
    const all = Array.from({ length: 23 }, (_, index) => `<yhd><yhdbh>${index}</yhdbh></yhd>`);
    const service = await harness.serve(({ body }) => {
      const [no = 0, size = 0] = [/<pageNo>(\d+)</, /<pageSize>(\d+)</].map((one) =>
        Number(one.exec(body)?.[1]),
      );
      return toReturn(toXmlText(`<list>${all.slice((no - 1) * size, no * size).join('')}</list>`));
    });
    const args = { pageNo: { slot: 'page.number' }, pageSize: { slot: 'page.size' } };
    const source = await harness.open(service.url, {
      ...UNWRAP,
      request: { operation: 'getYhdList', namespace: NAMESPACE, args },
      paging: { by: 'page', first: 1, size: 10 },
    });
    const pages = await readAll(source, COLUMNS);
    expect(pages.flatMap(({ records }) => records.map(({ yhdbh }) => yhdbh))).toEqual(
      all.map((_, index) => String(index)),
    );
    expect(service.asked).toHaveLength(3);
  });
});

describe('a fault', () => {
  const said = (code: string, words: string) => ({ code, message: expect.stringContaining(words) });

  test.each([
    ['soap:Server', 'HUB_SOURCE_QUERY', 'with a fault Server: a fault of the service'],
    ['S:Server.userException', 'HUB_SOURCE_QUERY', 'Server.userException'],
    ['1001', 'HUB_SOURCE_QUERY', '1001'],
    ['soap:Client', 'HUB_SOURCE_REQUEST', 'with a fault Client: it does not understand'],
    ['soap:Client.Authentication', 'HUB_SOURCE_REFUSED', 'Client.Authentication'],
    ['wsse:FailedAuthentication', 'HUB_SOURCE_REFUSED', 'FailedAuthentication'],
    ['wsse:SecurityTokenExpired', 'HUB_SOURCE_REFUSED', 'SecurityTokenExpired'],
    ['soap:VersionMismatch', 'HUB_SOURCE_REQUEST', 'version'],
    ['soap:MustUnderstand', 'HUB_SOURCE_REQUEST', 'MustUnderstand'],
    ['张三 has no rights', 'HUB_SOURCE_QUERY', 'answers getYhdList with a fault: '],
  ])('%s is %s, whatever else it says', async (code, wanted, words) => {
    const reply = toFault11(code, '张三 13900000000', '<trace>at cn.gov.Secret</trace>');
    const error = await ask(reply).catch((reason: unknown) => reason);
    expect(error).toMatchObject(said(wanted, words));
    expect(String(error)).not.toMatch(/139|张三|Secret/);
  });

  test.each([
    ['env:Sender', '', 'HUB_SOURCE_REQUEST'],
    ['env:Receiver', '', 'HUB_SOURCE_QUERY'],
    ['env:Sender', 'wsse:InvalidSecurity', 'HUB_SOURCE_REFUSED'],
  ])('of SOAP 1.2, %s %s, is %s', async (code, inner, wanted) => {
    const subcode = inner === '' ? '' : `<e:Subcode><e:Value>${inner}</e:Value></e:Subcode>`;
    const reason = '<e:Reason><e:Text xml:lang="zh">张三</e:Text></e:Reason>';
    const reply = toBody(
      `<e:Fault xmlns:e="x"><e:Code><e:Value>${code}</e:Value>${subcode}</e:Code>${reason}</e:Fault>`,
      400,
    );
    await expect(ask(reply)).rejects.toMatchObject(said(wanted, code.slice(4)));
  });

  test('is one even under HTTP 200', async () => {
    const { body } = toFault11('soap:Server') as { readonly body: string };
    await expect(ask({ body })).rejects.toMatchObject({ code: 'HUB_SOURCE_QUERY' });
  });

  test.each<[string, Reply, string]>([
    ['HTTP 500 without an envelope', { status: 500, body: 'stack 13900000000' }, 'HUB_SOURCE_QUERY'],
    [
      'HTTP 500 with an answer in it',
      { ...(toReturn('') as object), status: 500 } as Reply,
      'HUB_SOURCE_QUERY',
    ],
    ['HTTP 401', { status: 401, body: '' }, 'HUB_SOURCE_REFUSED'],
    ['HTTP 503', { status: 503, body: '' }, 'HUB_SOURCE_BUSY'],
    ['HTTP 404', { status: 404, body: '<html/>' }, 'HUB_SOURCE_QUERY'],
    ['a redirect', { status: 302, headers: { location: 'http://x/' }, body: '' }, 'HUB_SOURCE_QUERY'],
    ['a connection that breaks', (response) => response.socket?.destroy(), 'HUB_SOURCE_UNREACHABLE'],
  ])('%s is %s', async (_, reply, code) => {
    await expect(ask(reply)).rejects.toMatchObject({ code });
  });

  test('a service that hangs, or stops in the middle, is left at the time-out', async () => {
    await expect(ask(() => undefined, UNWRAP, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'HUB_SOURCE_TIMEOUT',
    });
    const half: Reply = (response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('<S:Envelope');
    };
    await expect(ask(half, UNWRAP, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'HUB_SOURCE_TIMEOUT' });
  });
});
