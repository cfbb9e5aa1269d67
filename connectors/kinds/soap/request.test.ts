// What goes over the wire to a SOAP service.
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { xmlCodec } from '../../codecs/xml/xml-codec.ts';
import type { RawValue } from '../../kit/contract.ts';
import { known, readAll } from '../../kit/web/service.fixture.ts';
import { NAMESPACE, toHarness, toReturn } from './service.fixture.ts';
import { soapRequest } from './words.ts';
import { isXmlText, toEnvelope } from './write-envelope.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const EMPTY = toReturn('&lt;list/&gt;');
const UNWRAP = { unwrap: [{ path: 'getYhdListReturn', codec: 'xml' }], records: 'list.yhd' };
const askWith = async (request: object, more: Parameters<typeof harness.open>[2] = {}) => {
  const service = await harness.serve(() => EMPTY);
  const object = { request: { operation: 'getYhdList', namespace: NAMESPACE, ...request }, ...UNWRAP };
  const source = await harness.open(`${service.url}/services/Yhd/`, object, more);
  await readAll(source, { span: { from: '2026-04-05T00:00:00Z', to: '2026-04-05T01:00:00Z' } });
  const [asked] = service.asked;
  if (asked === undefined) throw new Error('the service was not asked');
  return asked;
};

describe('an envelope', () => {
  test('goes by POST to the address just as it is given, with the action of its operation', async () => {
    const asked = await askWith({});
    expect(asked).toMatchObject({ method: 'POST', path: '/services/Yhd/', search: '' });
    expect(asked.headers).toMatchObject({
      'content-type': 'text/xml; charset=utf-8',
      soapaction: `"${NAMESPACE}getYhdList"`,
    });
    expect(asked.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
        `<soap:Body><q:getYhdList xmlns:q="${NAMESPACE}"></q:getYhdList></soap:Body></soap:Envelope>`,
    );
  });

  test('holds the arguments in the order of the manifest, slots filled, secrets revealed, everything escaped', async () => {
    const args = {
      zzz: `<a> & "b" 'c' ]]>`,
      kssj: { slot: 'window.from', format: 'dateTime' },
      jssj: { slot: 'window.to', format: 'dateTime' },
      key: known('s<cret'),
      xzqh: ['431102', '431103'],
      page: { no: 1, deep: { flag: true, none: null } },
      since: { slot: 'page.token' },
    };
    const { body } = await askWith({ args });
    expect(body).toContain(
      "<zzz>&#60;a&#62; &#38; &#34;b&#34; 'c' ]]&#62;</zzz><kssj>2026-04-05 08:00:00</kssj><jssj>2026-04-05 09:00:00</jssj>" +
        '<key>s&#60;cret</key><xzqh>431102</xzqh><xzqh>431103</xzqh>' +
        '<page><no>1</no><deep><flag>true</flag><none xsi:nil="true"/></deep></page></q:getYhdList>',
    );
    expect(body).not.toContain('since');
  });

  test('of version 1.2 says its action beside the type', async () => {
    const { headers, body } = await askWith({ version: '1.2', action: 'urn:list' });
    expect(headers['content-type']).toBe('application/soap+xml; charset=utf-8; action="urn:list"');
    expect(headers.soapaction).toBeUndefined();
    expect(body).toContain('<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"');
  });

  test('for a qualified service has its arguments in the namespace too', async () => {
    const { body } = await askWith({ qualified: true, args: { a: 1 } });
    expect(body).toContain(`<getYhdList xmlns="${NAMESPACE}"><a>1</a></getYhdList>`);
  });

  test('carries the credentials of the source', async () => {
    const auth = { basic: { user: known('u'), password: known('p') } };
    const { headers } = await askWith({}, { auth });
    expect(headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
  });

  test.each([
    [{ operation: 'get list' }],
    [{ operation: 'x:getYhdList' }],
    [{ args: { '1a': 1 } }],
    [{ args: { a: [{ 'b c': 1 }] } }],
    [{ version: '2.0' }],
  ])('that no service could read is refused when the source is opened: %j', async (request) => {
    await expect(
      harness.open('http://127.0.0.1:9', { request: { operation: 'getYhdList', ...request } }),
    ).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
  });

  test('with characters that XML cannot carry is not sent', async () => {
    await expect(askWith({ args: { a: 'a\u0000b' } })).rejects.toMatchObject({ code: 'HUB_SOURCE_REQUEST' });
  });

  test('with any arguments is one document that says exactly those', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    const text = fc.string({ unit: 'grapheme' }).filter((one) => isXmlText(one) && one.trim() !== '');
    fc.assert(
      fc.property(fc.dictionary(name, text, { noNullPrototype: true }), fc.boolean(), (args, qualified) => {
        const request = soapRequest.parse({ operation: 'op', namespace: 'urn:"<&', qualified });
        const { value } = xmlCodec.decode(toEnvelope(request, args), { repair: [] });
        const { Envelope } = value as { readonly Envelope: { readonly Body: { readonly op: RawValue } } };
        expect(Envelope.Body.op).toEqual(Object.keys(args).length === 0 ? '' : args);
      }),
    );
  });
});
