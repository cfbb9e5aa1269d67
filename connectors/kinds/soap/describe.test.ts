// What a SOAP service says that it has in its WSDL, and which WSDLs are refused.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SourceSettings } from '../../kit/contract.ts';
import type { Reply } from '../../kit/web/service.fixture.ts';
import { NAMESPACE, toHarness, toReturn, toXmlText } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const TYPES = `
  <xs:element name="getYhdList"><xs:complexType><xs:sequence><xs:element name="pageNo" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="getYhdListResponse"><xs:complexType><xs:sequence>
    <xs:element name="yhd" type="tns:Yhd" minOccurs="0" maxOccurs="unbounded"/><xs:element name="total" type="xs:int"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="getJcgjListResponse" type="tns:Text"/>
  <xs:complexType name="Text"><xs:sequence><xs:element name="return" type="xs:string"/></xs:sequence></xs:complexType>
  <xs:simpleType name="Code"><xs:restriction base="xs:string"/></xs:simpleType>
  <xs:complexType name="Base"><xs:sequence><xs:element name="yhdbh" type="tns:Code"/></xs:sequence></xs:complexType>
  <xs:complexType name="Yhd"><xs:complexContent><xs:extension base="tns:Base"><xs:sequence>
    <xs:element name="zhgm" type="xs:decimal" minOccurs="0"/><xs:element name="wxrsr" type="xs:int" nillable="true"/>
    <xs:element name="yhdfxsj" type="xs:dateTime"/><xs:element name="zb" type="tns:Zb"/><xs:element name="parent" type="tns:Yhd" minOccurs="0"/>
  </xs:sequence><xs:attribute name="lang" type="xs:string"/></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="Zb"><xs:all><xs:element name="lon" type="xs:double"/><xs:element name="lat" type="xs:double"/></xs:all></xs:complexType>`;
const toSchema = (inner: string) =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="${NAMESPACE}">${inner}</xs:schema>`;
const toWsdl = (address: string, types = toSchema(TYPES)) =>
  `<?xml version="1.0"?><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="${NAMESPACE}">
  <wsdl:types>${types}</wsdl:types>
  ${['getYhdList', 'getJcgjList'].map((name) => `<wsdl:message name="${name}Out"><wsdl:part name="parameters" element="tns:${name}Response"/></wsdl:message>`).join('')}
  <wsdl:portType name="Yhd">${['getYhdList', 'getJcgjList'].map((name) => `<wsdl:operation name="${name}"><wsdl:input message="tns:in"/><wsdl:output message="tns:${name}Out"/></wsdl:operation>`).join('')}</wsdl:portType>
  <wsdl:service name="S"><wsdl:port name="P" binding="tns:b"><soap:address location="${address}"/></wsdl:port></wsdl:service></wsdl:definitions>`;

const LIST =
  '<list><yhd><yhdbh>01</yhdbh><rq>2026-04-05</rq><sj>2026-04-05 08:00:00</sj><n>12</n></yhd></list>';
const toXml = (text: string): Reply => ({ headers: { 'content-type': 'text/xml' }, body: text });
/** Answers `?wsdl` and what it imports; all else is asked for a page. */
const open = async (
  wsdl: (url: string) => Reply,
  {
    object = {},
    options = {},
  }: { object?: SourceSettings['options']; options?: SourceSettings['options'] } = {},
  page: Reply = toReturn(toXmlText(LIST)),
) => {
  let url = '';
  const service = await harness.serve(({ method, search }) =>
    method === 'GET' ? (search === '?xsd=1' ? toXml(toSchema(TYPES)) : wsdl(url)) : page,
  );
  url = `${service.url}/services/Yhd`;
  return { service, source: await harness.open(url, { records: 'yhd', ...object }, options) };
};

describe('what is there', () => {
  test('is told by the WSDL: columns with their kinds, inherited and nested ones, and what else it offers', async () => {
    const { service, source } = await open((url) => toXml(toWsdl(url)));
    const shapes = await source.describe();
    expect(shapes.map(({ name }) => name)).toEqual(['list', 'getJcgjList']);
    expect(
      shapes[0]?.columns.map(({ name, kind, nullable }) => `${name} ${kind}${nullable ? '' : '!'}`),
    ).toEqual([
      ...[
        'yhdbh text!',
        'zhgm decimal',
        'wxrsr integer',
        'yhdfxsj timestamp!',
        'zb.lon float!',
        'zb.lat float!',
      ],
      ...['parent.yhdbh text!', 'parent.zhgm decimal', 'parent.wxrsr integer', 'parent.yhdfxsj timestamp!'],
      ...[
        'parent.zb.lon float!',
        'parent.zb.lat float!',
        'parent.parent json',
        'parent.$lang text',
        '$lang text',
      ],
    ]);
    expect(shapes[1]?.columns).toEqual([{ name: 'return', kind: 'text', native: 'string', nullable: false }]);
    expect(service.asked[0]).toMatchObject({ method: 'GET', path: '/services/Yhd', search: '?wsdl' });
  });

  test('is told by schemas on the same host too', async () => {
    const types = toSchema('<xs:import schemaLocation="?xsd=1"/>');
    const { source } = await open((url) => toXml(toWsdl(url, types)));
    expect((await source.describe(['list']))[0]?.columns.length).toBeGreaterThan(5);
  });

  test('is told by a page where the return element is a document of its own, or there is no WSDL', async () => {
    const object = { unwrap: [{ path: 'getYhdListReturn', codec: 'xml' }], records: 'list.yhd' };
    for (const wsdl of [(url: string) => toXml(toWsdl(url)), () => ({ status: 404, body: '' })]) {
      const { source } = await open(wsdl, { object });
      const [shape] = await source.describe(['list']);
      expect(shape?.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
        ...['yhdbh text', 'rq date', 'sj timestamp', 'n text'],
      ]);
      expect(shape?.sample).toEqual([{ yhdbh: '01', rq: '2026-04-05', sj: '2026-04-05 08:00:00', n: '12' }]);
    }
  });

  test('is asked where the manifest says', async () => {
    const { service, source } = await open((url) => toXml(toWsdl(url)), {
      options: { contract: '/docs/yhd.wsdl' },
    });
    await source.describe(['list']);
    expect(service.asked[0]).toMatchObject({ method: 'GET', path: '/docs/yhd.wsdl' });
  });

  test.each([
    [{ request: { operation: 'getYhdLst' } }, 'no operation getYhdLst; did you mean "getYhdList"?'],
    [{ records: 'list.yhd' }, 'nothing at list.yhd'],
  ])('lacks what the manifest names: %j', async (object, words) => {
    const { source } = await open((url) => toXml(toWsdl(url)), { object });
    await expect(source.describe()).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
      message: expect.stringContaining(words),
    });
  });
});

describe('a WSDL is refused with its reason', () => {
  const laughs = `<!DOCTYPE a [<!ENTITY l0 "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')}]>`;
  test.each<[string, (url: string) => Reply, string]>([
    ['another host', () => toXml(toWsdl('http://10.0.0.1/services/Yhd')), 'another host'],
    ['another port', () => toXml(toWsdl('http://127.0.0.1:1/services/Yhd')), 'another host'],
    ['another scheme', () => toXml(toWsdl('jms:queue:yhd')), 'http:// or https://'],
    ['a file for an address', () => toXml(toWsdl('file:///etc/passwd')), 'http:// or https://'],
    ['no address', () => toXml(toWsdl('')), 'soap:address'],
    [
      'an external entity',
      (url) => toXml(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${toWsdl(url)}`),
      'document type',
    ],
    ['a billion laughs', (url) => toXml(laughs + toWsdl(url)), 'document type'],
    ['nesting without end', () => toXml('<a>'.repeat(5000) + '</a>'.repeat(5000)), 'nested deeper'],
    [
      'a schema on another host',
      (url) => toXml(toWsdl(url, toSchema('<xs:import schemaLocation="http://169.254.169.254/x"/>'))),
      'another host',
    ],
    ['no XML', () => ({ body: 'garbage 13900000000' }), 'is refused: xml: line 1'],
    ['another document', () => toXml('<html/>'), 'is none (WSDL 1.1)'],
    ['no end', (url) => toXml(toWsdl(url).slice(0, 600)), 'is refused: xml'],
  ])('for %s', async (_, wsdl, words) => {
    const { service, source } = await open(wsdl);
    const error = await source.describe().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HUB_SOURCE_CONTRACT', message: expect.stringContaining(words) });
    expect(String(error)).not.toMatch(/139|passwd|169\./);
    expect(service.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('for parts without end', async () => {
    let part = 0;
    const next = () => toSchema(`<xs:include schemaLocation="/more/${part++}"/>`);
    const { source } = await open((url) => toXml(part === 0 ? toWsdl(url, next()) : next()));
    await expect(source.describe()).rejects.toMatchObject({
      code: 'HUB_SOURCE_CONTRACT',
      message: expect.stringContaining('more than 16 parts'),
    });
  });

  test('that the manifest names and that is not there', async () => {
    const { source } = await open(() => ({ status: 404, body: '' }), { options: { contract: '?wsdl' } });
    await expect(source.describe()).rejects.toMatchObject({
      code: 'HUB_SOURCE_CONTRACT',
      message: expect.stringContaining('HTTP 404'),
    });
  });

  test('but not for a moment of the service', async () => {
    const { source } = await open(() => ({ status: 503, body: '' }));
    await expect(source.describe()).rejects.toMatchObject({ code: 'HUB_SOURCE_BUSY' });
  });
});
