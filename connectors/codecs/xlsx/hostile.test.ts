// What people drop by mistake, and what nobody drops by mistake: each is refused by name before it takes memory or time.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../../schema/errors.ts';
import { readBook, toBook, toMerges, toParts, toRow } from './workbook.fixture.ts';
import { toZip, type ZipPart } from './zip.fixture.ts';

const WORDS = { sheets: { 学校: `${toRow(1, '代码', '名称')}${toRow(2, 1, '一中')}` } };
const SOUND = toBook(WORDS);
const toCompound = (...texts: readonly string[]) =>
  Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(504),
    ...texts.map((text) => Buffer.from(text, 'utf16le')),
  ]);
const sheetOf = (xml: string | Buffer): ZipPart[] =>
  toParts(WORDS).map((part) => (part.name.includes('sheet1') ? { ...part, data: xml } : part));
const FORMAT = 'HUB_SOURCE_FORMAT';
const LIMIT = 'HUB_SOURCE_LIMIT';

describe('what goes by the name of a workbook', () => {
  test.each([
    ['nothing', Buffer.alloc(0), /^is empty$/],
    ['CSV', Buffer.from('代码,名称\n1,一中\n'), /text, such as CSV.*save it as .xlsx/],
    ['CSV in GBK', Buffer.from('cad02cc7f80a', 'hex'), /text, such as CSV/],
    ['a web page, as old systems export them', Buffer.from('\uFEFF<html><table>'), /web page or XML/],
    ['XML of 2003', Buffer.from('<?xml version="1.0"?><Workbook/>'), /web page or XML/],
    ['Excel 97–2003', toCompound('Workbook'), /Excel 97–2003 \(.xls\): save it as .xlsx/],
    ['one with a password', toCompound('EncryptionInfo', 'EncryptedPackage'), /password: save it without/],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), /is no workbook/],
    ['a zip of other files', toZip([{ name: '校车.csv', data: '1' }]), /is a zip, but no workbook/],
    ['a Word document', toZip(toWord()), /another document of Office/],
    ['a binary workbook', toZip(toBinary()), /\.xlsb\): save it as .xlsx/],
    ['a zip with a password', toZip([{ name: '_rels/.rels', data: 'x', flags: 1 }]), /password/],
    ['a zip packed otherwise', toZip([{ name: '_rels/.rels', data: 'x', method: 14 }]), /does not use/],
  ])('%s is called what it is', async (_, bytes, words) => {
    await expect(readBook(bytes)).rejects.toMatchObject({
      code: FORMAT,
      message: expect.stringMatching(words),
    });
  });

  test('a workbook with macros, pictures and links to others is read, and none of these is opened', async () => {
    const more: ZipPart[] = [
      { name: 'xl/vbaProject.bin', data: Buffer.alloc(64, 7), crc: 1 },
      { name: 'xl/externalLinks/externalLink1.xml', data: '<!DOCTYPE x>' },
      { name: 'xl/media/image1.png', data: toZip([{ name: 'inner', data: 'bomb' }]), stored: true },
    ];
    expect((await readBook(toBook({ ...WORDS, more }))).records).toHaveLength(1);
  });

  test('a sheet that lies in another file is none of this workbook’s', async () => {
    const parts = toParts(WORDS).map((part) =>
      part.name.endsWith('workbook.xml.rels')
        ? { ...part, data: String(part.data).replace('Id="s1"', 'Id="s1" TargetMode="External"') }
        : part,
    );
    await expect(readBook(toZip(parts))).rejects.toMatchObject({
      code: 'HUB_MAP_SHAPE',
      message: 'has no sheet number 1; it has none that can be seen',
    });
  });
});

describe('a workbook that is cut off or damaged', () => {
  test('anywhere is refused, and never read in part', async () => {
    for (let length = 4; length < SOUND.length; length += 37)
      await expect(readBook(SOUND.subarray(0, length))).rejects.toMatchObject({
        code: FORMAT,
        message: expect.stringContaining('is cut off or damaged'),
      });
  });

  test('in a single byte of its sheet is refused by its checksum', async () => {
    const parts = toParts(WORDS).map((part) => ({ ...part, stored: true }));
    const bytes = toZip(parts);
    const at = bytes.indexOf('一中');
    bytes[at + 2] = (bytes[at + 2] ?? 0) ^ 1;
    await expect(readBook(bytes)).rejects.toMatchObject({
      code: FORMAT,
      message:
        'the workbook is damaged: xl/worksheets/sheet1.xml: does not have the checksum that it should have',
    });
  });

  test.each([
    ['tags that do not close', '<worksheet><sheetData><row></sheetData></worksheet>', /no well-formed XML/],
    ['a text that ends early', '<worksheet><sheetData>', /no well-formed XML/],
    ['bytes of no encoding', Buffer.from('3c773eff3c2f773e', 'hex'), /neither UTF-8 nor UTF-16/],
    [
      'rows out of their order',
      `<w><sheetData>${toRow(3, 'a')}${toRow(2, 'b')}</sheetData></w>`,
      /behind row 3/,
    ],
    ['a row in no place', '<w><sheetData><row r="x"/></sheetData></w>', /behind row 0/],
    ['a row beyond the last', '<w><sheetData><row r="1048577"/></sheetData></w>', /behind row 0/],
    ['a cell in no column', '<w><sheetData><row r="1"><c r="ZZZZ1"/></row></sheetData></w>', /in no column/],
    [
      'a cell beyond the last column',
      '<w><sheetData><row r="1"><c r="XFE1"/></row></sheetData></w>',
      /in no column/,
    ],
    ['merges of nothing', '<w><sheetData/><mergeCell ref="B2:A1"/></w>', /no range of cells/],
  ])('by %s', async (_, xml, words) => {
    await expect(readBook(toZip(sheetOf(xml)))).rejects.toMatchObject({
      code: FORMAT,
      message: expect.stringMatching(words),
    });
  });

  test('with a part that is missing or there twice', async () => {
    const without = toParts(WORDS).filter(({ name }) => !name.includes('sheet1'));
    await expect(readBook(toZip(without))).rejects.toMatchObject({ code: FORMAT });
    const twice = [...toParts(WORDS), { name: 'XL/worksheets/SHEET1.xml', data: '<w/>' }];
    await expect(readBook(toZip(twice))).rejects.toMatchObject({
      message: expect.stringContaining('is there twice'),
    });
  });

  test('by any change of its bytes is read as it was, or refused with a code', async () => {
    const place = fc.integer({ min: 0, max: SOUND.length - 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        async (changes) => {
          const bytes = Buffer.from(SOUND);
          for (const [at, byte] of changes) bytes[at] = byte;
          const codes = [FORMAT, LIMIT, 'HUB_MAP_SHAPE'];
          const outcome = await readBook(bytes).then(
            ({ records }) => records.length,
            (error: unknown) => (error instanceof HubError ? error.code : error),
          );
          expect([1, ...codes]).toContain(outcome);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('XML that asks for more than it holds', () => {
  const entity = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w><sheetData/></w>';
  test.each([
    ['entities of its own', entity, /document type/],
    ['an entity that nobody declared', '<w>&who;</w>', /no well-formed XML/],
    ['a file of this machine', '<!DOCTYPE w SYSTEM "file:///etc/passwd"><w/>', /document type/],
    ['a text without an end', `<w a="${'x'.repeat(400_000)}"/>`, /a run of more than 262144/],
    ['a comment without an end', `<w><!--${'x'.repeat(400_000)}--></w>`, /a run of more than 262144/],
  ])('%s is refused', async (_, xml, words) => {
    await expect(readBook(toZip(sheetOf(xml)))).rejects.toMatchObject({
      code: FORMAT,
      message: expect.stringMatching(words),
    });
  });

  test('five predefined ones are text', async () => {
    const rows = `${toRow(1, 'x')}${toRow(2, '&lt;&gt;&amp;&quot;&apos;&#x5E02;')}`;
    expect((await readBook(toBook({ sheets: { 表: rows } }))).records).toEqual([
      { x: '<>&"\'市', '@row': 2 },
    ]);
  });
});

describe('a zip that unpacks to more than it is', () => {
  const big = (name: string): ZipPart => ({ name, data: Buffer.alloc(4_000_000, 32) });

  test('by its ratio is refused before it is unpacked', async () => {
    await expect(readBook(toZip([...toParts(WORDS), big('xl/media/a')]))).rejects.toMatchObject({
      code: LIMIT,
      message: expect.stringContaining('xl/media/a unpacks to more than 200 times its size'),
    });
  });

  test('by what its directory states of all parts together', async () => {
    const lying = { name: 'xl/media/a', data: 'x', unpackedBytes: 900_000_000 };
    await expect(readBook(toZip([...toParts(WORDS), lying]))).rejects.toMatchObject({
      code: LIMIT,
      message: expect.stringMatching(/unpacks to 9\d+ bytes, 805306368 are allowed/),
    });
  });

  test('by a directory that states too little: unpacking ends where it said', async () => {
    const xml = `<w>${' '.repeat(3_000_000)}</w>`;
    const parts = sheetOf(xml).map((part) => (part.data === xml ? { ...part, unpackedBytes: 100 } : part));
    await expect(readBook(toZip(parts))).rejects.toMatchObject({
      code: FORMAT,
      message: expect.stringContaining('cannot be unpacked'),
    });
  });

  test('by parts that share their bytes', async () => {
    const parts = [
      ...toParts(WORDS),
      { name: 'xl/a', data: 'x' },
      { name: 'xl/b', data: '', sameAs: 'xl/a' },
    ];
    await expect(readBook(toZip(parts))).rejects.toMatchObject({
      code: FORMAT,
      message: expect.stringContaining('shares its bytes with another part'),
    });
  });

  test.each([
    ['parts', { parts: 3 }, WORDS, /more than 3 parts/],
    ['styles', { styles: 2 }, { ...WORDS, styles: [0, 14, 14] }, /more than 2 styles/],
    [
      'shared texts',
      { strings: 1 },
      { ...WORDS, strings: '<si><t>a</t></si><si><t>b</t></si>' },
      /more than 1 texts/,
    ],
    [
      'characters in them',
      { stringUnits: 3 },
      { ...WORDS, strings: '<si><t>abcd</t></si>' },
      /more than 3 characters/,
    ],
    [
      'merged ranges',
      { merges: 1 },
      { sheets: { 表: { rows: toRow(1, 'x'), rest: toMerges('A1:A2', 'B1:B2') } } },
      /more than 1 merged ranges/,
    ],
  ])('by its number of %s', async (_, bounds, words, message) => {
    await expect(readBook(toBook(words), { bounds })).rejects.toMatchObject({
      code: LIMIT,
      message: expect.stringMatching(message),
    });
  });
});

function toWord(): ZipPart[] {
  return toParts(WORDS).map((part) =>
    part.name === 'xl/workbook.xml' ? { ...part, data: '<document/>' } : part,
  );
}

function toBinary(): ZipPart[] {
  return toParts(WORDS).map((part) =>
    part.name === '_rels/.rels'
      ? { ...part, data: String(part.data).replace('workbook.xml', 'workbook.bin') }
      : part,
  );
}
