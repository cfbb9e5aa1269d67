import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Store } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { toField } from './fixtures/units.ts';
import { isPersonalMasked, toMaskedCoordinate, toMaskedText } from './mask.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await openTestDatabase();
  store = await openStore({ url: database.url, maxConnections: 3 });
});

afterAll(async () => {
  await store.close();
  await database.close();
});

async function mask(name: Parameters<typeof toMaskedText>[0], value: string | null): Promise<unknown> {
  const text = `select ${toMaskedText(name, 'v.t')} as masked from (select $1::text as t) v`;
  const [row] = await store.reader.read<{ masked: unknown }>({ text, values: [value] });
  return row?.masked;
}

describe('a masked value', () => {
  test.each([
    ['name', '张三', '张**'],
    ['name', '欧阳修文', '欧**'],
    ['phone', '13912340000', '139****0000'],
    ['phone', '07468321234', '074****1234'],
    ['phone', '8321234', '****'],
    ['idNumber', '43112419900101123X', '431124************'],
    ['address', '道县濂溪街道东门路1号', '道县濂溪街道***'],
    ['address', '江永县上江圩镇浦尾村3组', '江永县上江圩镇***'],
    ['address', '道县东门路1号', '道县***'],
    ['address', '东门路1号', '***'],
    ['text', '堤上渗水', null],
    [null, '堤上渗水', null],
  ] as const)('as %s: %s is %s', async (name, value, masked) => expect(await mask(name, value)).toBe(masked));

  test.each(['name', 'phone', 'idNumber', 'address', 'text'] as const)(
    'as %s: nothing stays nothing',
    async (name) => expect(await mask(name, null)).toBeNull(),
  );

  test('as grid1km: a coordinate is the middle of its cell', async () => {
    const text = `select (${toMaskedCoordinate('grid1km', 'v.t')})::text as masked from (select $1::float8 as t) v`;
    const ask = async (value: number) =>
      (await store.reader.read<{ masked: string }>({ text, values: [value] }))[0]?.masked;
    expect(await ask(111.512345)).toBe('111.515');
    expect(await ask(111.5199)).toBe('111.515');
  });
});

test('personal fields are masked for a viewer without that class, other fields are not', () => {
  const viewer = { id: 'v', kind: 'key' as const, classes: [] };
  const [open, personal] = [
    toField('a', 'String'),
    toField('b', 'String', { class: 'personal', mask: 'name' }),
  ];
  const type = {} as never;
  expect([isPersonalMasked(open, type, viewer), isPersonalMasked(personal, type, viewer)]).toEqual([
    false,
    true,
  ]);
  expect(isPersonalMasked(personal, type, { ...viewer, classes: ['personal'] })).toBe(false);
});
