import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../../schema/errors.ts';
import type { RawValue } from '../../kit/contract.ts';
import { xmlCodec } from './xml-codec.ts';

const decode = (text: string) => xmlCodec.decode(text, { repair: [] }).value;
const faultOf = (text: string): HubError => {
  try {
    decode(text);
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

/** An alert in the form of GB/T 34283 over CAP 1.2. */
const CAP = `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>43112400000000_20260405063000_1</identifier>
  <msgType>Cancle</msgType>
  <info>
    <eventType>11B03</eventType>
    <severity>Severe</severity>
    <description><![CDATA[预计未来6小时 <50毫米> & 以上]]></description>
    <area><areaDesc>道县</areaDesc><geocode><valueName>行政区划代码</valueName><value>431124</value></geocode></area>
    <area><areaDesc>宁远县</areaDesc><geocode><valueName>行政区划代码</valueName><value>431126</value></geocode></area>
  </info>
</alert>`;

describe('the codec xml', () => {
  test('reads a warning as a tree of texts: the root is the first step, repeated elements are a list', () => {
    expect(decode(CAP)).toEqual({
      alert: {
        identifier: '43112400000000_20260405063000_1',
        msgType: 'Cancle',
        info: {
          eventType: '11B03',
          severity: 'Severe',
          description: '预计未来6小时 <50毫米> & 以上',
          area: [
            { areaDesc: '道县', geocode: { valueName: '行政区划代码', value: '431124' } },
            { areaDesc: '宁远县', geocode: { valueName: '行政区划代码', value: '431126' } },
          ],
        },
      },
    });
  });

  test.each<[string, RawValue]>([
    ['<a>01</a>', '01'],
    ['<a>99999999999999999999.50</a>', '99999999999999999999.50'],
    ['<a>true</a>', 'true'],
    ['<a/>', ''],
    ['<a></a>', ''],
    ['<a> x </a>', ' x '],
    ['<a>&lt;&#20013;&#x4e2d;&amp;&quot;&apos;&gt;</a>', '<中中&"\'>'],
    ['<a>&amp;lt;</a>', '&lt;'],
    ['<a>1<![CDATA[&amp;<b>]]>2</a>', '1&amp;<b>2'],
    ['<a>1<!-- not data --><?nor this?>2</a>', '12'],
    ['<a><b>1</b><c/></a>', { b: '1', c: '' }],
    ['<a><b>1</b><c>x</c><b>2</b></a>', { b: ['1', '2'], c: 'x' }],
    ['<a><中文>1</中文></a>', { 中文: '1' }],
    ['<a><toString>1</toString></a>', { toString: '1' }],
  ])('reads %s', (text, value) => {
    expect(decode(text)).toEqual({ a: value });
  });

  test.each<[string, RawValue]>([
    ['<a Num="2">text</a>', { $Num: '2', $: 'text' }],
    ["<a Num='2'/>", { $Num: '2', $: '' }],
    ['<a Num="2">\n <b>1</b>\n</a>', { $Num: '2', b: '1' }],
    ['<a>text <b>1</b> and more</a>', { $: 'text  and more', b: '1' }],
    ['<a x="1 &lt; 2 &#10;"/>', { $x: '1 < 2 \n', $: '' }],
  ])('keeps attributes as $name and the text beside them as $: %s', (text, value) => {
    expect(decode(text)).toEqual({ a: value });
  });

  test('drops prefixes and declarations of namespaces, and what XML Schema says about an element', () => {
    const text = `<ebm:EBM xmlns:ebm="urn:x" xmlns="urn:y" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
      <ebm:EBMID xsi:type="xsd:string">4311</ebm:EBMID><Gone xsi:nil="true"/><t xml:lang="zh">标题</t></ebm:EBM>`;
    expect(decode(text)).toEqual({ EBM: { EBMID: '4311', Gone: null, t: { $lang: 'zh', $: '标题' } } });
  });

  test('takes a byte order mark and a declaration', () => {
    expect(decode('\uFEFF<?xml version="1.0" encoding="GB2312"?>\r\n<a>1</a>\r\n')).toEqual({ a: '1' });
  });

  test.each([
    ['<a>\n<phone>13900000000</b></a>', 2, 19],
    ['<a><b>1</b>', 1, 1],
    ['<a x=1/>', 1, 4],
    ['<a x="1" x="2"/>', 1, 10],
    ['<a>1 & 2</a>', 1, 6],
    ['<a>1</a>x', 1, 9],
    ['', 1, 1],
    ['plain 13900000000', 1, 1],
    ['<a><b>1</b', 1, 11],
    ['<a>&unknown;</a>', 1, 4],
    ['<a>\n <b c="&#0;"/></a>', 2, 8],
    ['<a>&#xd800;</a>', 1, 4],
    ['<a/><b/>', 1, 9],
    ['<a><constructor/></a>', 1, 1],
  ])('refuses %j at its line and column, and shows nothing of it', (text, line, column) => {
    const { code, message } = faultOf(text);
    expect(code).toBe('HUB_SOURCE_FORMAT');
    expect(message).toMatch(new RegExp(`^xml: line ${line}, column ${column}: `));
    expect(message).not.toMatch(/139|unknown|phone|constructor/);
  });

  test('refuses every document type: nothing is expanded, nothing outside is fetched', () => {
    const laughs = `<!DOCTYPE a [<!ENTITY l0 "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')}]>`;
    for (const text of [
      `${laughs}<a>&l9;</a>`,
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      '<!DOCTYPE a SYSTEM "http://127.0.0.1/evil.dtd"><a/>',
      '<!-- first --><!doctype a><a/>',
      `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(100_000)}">]><a>${'&x;'.repeat(100_000)}</a>`,
      '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/p.dtd"> %p;]><a/>',
      '<a><!ENTITY x "y"></a>',
      '\uFEFF<?xml version="1.0"?><!DOCTYPE a><a/>',
    ]) {
      const { code, message } = faultOf(text);
      expect(code).toBe('HUB_SOURCE_FORMAT');
      expect(message).toMatch(/^xml: line 1, column \d+: a document type is refused/);
    }
    expect(decode('<a><!-- <!DOCTYPE b> --><![CDATA[<!DOCTYPE c>]]></a>')).toEqual({ a: '<!DOCTYPE c>' });
  });

  test.each([
    ['blanks', `<a>\n<b ${' '.repeat(1_000_000)}/></a>`],
    ['attributes', `<a>\n<b ${'x="1" '.repeat(200_000)}/></a>`],
    ['an open quote', `<a>\n<b c="${'>'.repeat(1_000_000)}</a>`],
  ])('refuses at once a tag that is far too long: %s', (_, long) => {
    expect(faultOf(long).message).toMatch(/^xml: line 2, column 1: a tag is longer than/);
  });

  test('takes a text or a comment of any length, whatever marks it holds', () => {
    const long = '> " \' '.repeat(50_000);
    expect(decode(`<a x='">'><!-- ${long} -->${long}<![CDATA[${long}]]></a>`)).toEqual({
      a: { $x: '">', $: long + long },
    });
  });

  test('takes what points outside for data: nothing is included, no schema and no style is fetched', () => {
    const text = `<?xml-stylesheet href="file:///etc/passwd"?><a xmlns:xi="urn:i" xmlns:xsi="urn:s" xsi:schemaLocation="urn:s http://127.0.0.1/x.xsd"><xi:include href="file:///etc/passwd"/></a>`;
    expect(decode(text)).toEqual({ a: { include: { $href: 'file:///etc/passwd', $: '' } } });
  });

  test('takes 64 levels and refuses the 65th where it begins', () => {
    const nested = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
    expect(decode(nested(64))).toHaveProperty(Array(64).fill('a'), '');
    expect(faultOf(nested(65)).message).toBe('xml: line 1, column 193: is nested deeper than 64 elements');
    expect(decode(`<r>${'<a/>'.repeat(100)}${'<b></b>'.repeat(100)}</r>`)).toMatchObject({ r: {} });
  });

  test('refuses more elements than the machine could hold, before it holds any', () => {
    const { code, message } = faultOf(`<r>${'<a/>'.repeat(2_000_000)}</r>`);
    expect({ code, message }).toMatchObject({
      code: 'HUB_SOURCE_LIMIT',
      message: expect.stringContaining('has more than 2000000 elements'),
    });
  });

  test('refuses what is nested without end', () => {
    expect(faultOf('<a>'.repeat(50_000) + '</a>'.repeat(50_000)).message).toMatch(/nested deeper than 64/);
  });

  test('any tree that is written as XML comes back', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(decode(`<root>${encode(value)}</root>`)).toEqual({ root: value });
      }),
    );
  });

  test('any text is read or refused with HUB_SOURCE_FORMAT', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '<a>',
        '</a>',
        '<',
        '>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
        '&',
        ';',
        '"',
        '=',
        ' b',
        '/',
        'x',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((all) => all.join('')),
        ),
        (text) => {
          try {
            decode(text);
          } catch (error) {
            expect((error as HubError).code).toBe('HUB_SOURCE_FORMAT');
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

type Branch = { readonly [name: string]: RawValue };
const name = fc
  .stringMatching(/^[a-z_][a-z0-9_.-]{0,5}$/)
  .filter((text) => !/^(xmlns|__proto__|prototype)$/.test(text));
// XML has no control characters, and joins the ends of lines.
const text = fc
  .string({ unit: 'grapheme-ascii' })
  .map((own) => `${own}中&<>"'`)
  .filter((own) => !/[\r\n\t]/.test(own));
const { tree } = fc.letrec<{ tree: Branch; value: RawValue; leaf: RawValue }>((tie) => ({
  leaf: fc.oneof(text, fc.constant('')),
  tree: fc.dictionary(name, tie('value'), {
    minKeys: 1,
    maxKeys: 4,
    noNullPrototype: true,
  }) as fc.Arbitrary<Branch>,
  value: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc.array(tie('leaf'), { minLength: 2, maxLength: 3 }),
    tie('tree'),
    fc.record({ $id: text, $: tie('leaf') }),
  ),
}));

function encode(value: RawValue): string {
  if (typeof value === 'string')
    return value.length % 2 === 0
      ? toEscaped(value)
      : `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return Object.entries(value as Branch)
    .filter(([key]) => !key.startsWith('$'))
    .flatMap(([key, inner]) =>
      (Array.isArray(inner) ? inner : [inner]).map((each: RawValue) => toElement(key, each)),
    )
    .join('');
}

function toElement(key: string, value: RawValue): string {
  const { $id, $ } = (typeof value === 'object' && value !== null ? value : {}) as Branch;
  const attribute = $id === undefined ? '' : ` id="${toEscaped(String($id))}"`;
  return `<p:${key}${attribute}>${encode($ ?? '')}${encode(value)}</p:${key}>`;
}

function toEscaped(own: string): string {
  return own
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
