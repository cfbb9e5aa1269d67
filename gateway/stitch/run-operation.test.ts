import { describe, expect, test } from '@jest/globals';
import { ask } from './ask.check.ts';
import { HUB_SDL, toFire, toGraphqlJsUnit, toHub, toWater } from './hand-made.check.ts';

const UNITS = [toHub(), toWater(), toFire()];
const FIRST = { code: '431102', name: '零陵区', trucks: ['truck of 431102'] };

describe('an operation on the stitched graph', () => {
  test.each([
    'code @skip(if: true)',
    'code @skip(if: $yes)',
    'code @include(if: false)',
    '... @skip(if: $yes) { code }',
    '...Code @include(if: $no)',
  ])('finds the rows of other units when their key is not to be shown: %s', async (code) => {
    const unused = code.startsWith('...Code') ? 'fragment Code on Division { code }' : '';
    const query = `query ($yes: Boolean! = true, $no: Boolean = false) {
      divisions { ${code} name trucks ... @skip(if: $yes) { code } ... @skip(if: $no) { shown: name } } } ${unused}`;
    const { data, errors } = await ask(UNITS, query);
    expect(errors).toEqual([]);
    expect(data?.divisions).toEqual([
      { name: '零陵区', trucks: FIRST.trucks, shown: '零陵区' },
      { name: '道县', trucks: ['truck of 431124'], shown: '道县' },
    ]);
  });

  test('finds them when the client gives the name of the key to something else', async () => {
    const { data, errors } = await ask(UNITS, '{ divisions { code: name name: code trucks } }');
    expect(errors).toEqual([]);
    expect(data?.divisions).toMatchObject([{ ...FIRST, code: FIRST.name, name: FIRST.code }, {}]);
    expect(Object.keys((data?.divisions as object[] | undefined)?.[0] ?? {})).toEqual([
      'code',
      'name',
      'trucks',
    ]);
  });

  test('answers under any response key, those that JavaScript has a meaning for among them', async () => {
    const query =
      '{ divisions { __typename: name constructor: trucks prototype: gaugeCount __proto__: trucks hub_code: code } }';
    const { data, errors } = await ask(UNITS, query);
    expect(errors).toEqual([]);
    const { trucks } = FIRST;
    expect(Object.entries((data?.divisions as object[] | undefined)?.[0] ?? {})).toEqual([
      ['__typename', '零陵区'],
      ['constructor', trucks],
      ['prototype', 2],
      ['__proto__', trucks],
      ['hub_code', '431102'],
    ]);
  });

  test('shows a field that is asked twice, once under a condition that fails', async () => {
    const query = '{ divisions { name @skip(if: true) name trucks @include(if: false) trucks } }';
    const { data, errors } = await ask(UNITS, query);
    expect(errors).toEqual([]);
    expect(data?.divisions).toMatchObject([{ name: FIRST.name, trucks: FIRST.trucks }, {}]);
  });

  test('answers with empty objects where every field of them is skipped', async () => {
    const query =
      '{ divisions { ...Nothing } wettest @skip(if: true) { id } } fragment Nothing on Division { name @skip(if: true) }';
    const { data, errors } = await ask(UNITS, query);
    expect(errors).toEqual([]);
    expect(data).toEqual({ divisions: [{}, {}] });
  });

  test('places errors under the client’s response keys', async () => {
    const broken = toWater({ Division: { gaugeCount: () => Promise.reject(new Error('away')) } });
    const query = '{ divisions { code: gaugeCount } }';
    const { data, places } = await ask([toHub(), broken], query);
    expect(data).toEqual({ divisions: [{ code: null }, { code: null }] });
    expect(places).toEqual([
      ['divisions.0.code', 'HUB_UNIT_UNAVAILABLE'],
      ['divisions.1.code', 'HUB_UNIT_UNAVAILABLE'],
    ]);
  });

  test('is refused as a whole, and its unit not asked, where keys and fields multiply beyond measure', async () => {
    const many = Array.from({ length: 3500 }, (_, index) => ({ code: `4311${index}`, name: 'x' }));
    const city = toGraphqlJsUnit('hub', HUB_SDL, {
      Query: { divisions: () => many.map((row) => ({ ...row })), _hubDivisions: () => [] },
    });
    let requests = 0;
    const water = toWater({
      Query: {
        _waterDivisions: (_parent, { codes }: { codes: string[] }) => {
          requests += 1;
          return codes.map((code) => ({ code, gaugeCount: 2 }));
        },
      },
    });
    const toQuery = (fields: number) =>
      `{ divisions { ${Array.from({ length: fields }, (_, index) => `a${index}: gaugeCount`).join(' ')} } }`;
    const { data, errors } = await ask([city, water], toQuery(60));
    expect([data, requests]).toEqual([undefined, 0]);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain('the gateway takes 200,000');
    const small = await ask([city, water], toQuery(2));
    expect([small.errors, requests]).toEqual([[], 1]);
  });

  test('takes the values of variables, and leaves wrong ones to be refused', async () => {
    const query = 'query ($no: Boolean!) { divisions { name trucks @include(if: $no) } }';
    expect((await ask(UNITS, query, { variables: { no: false } })).data?.divisions).toEqual([
      { name: '零陵区' },
      { name: '道县' },
    ]);
    const { data, errors } = await ask(UNITS, query, { variables: { no: null } });
    expect(data).toBeUndefined();
    expect(errors[0]?.message).toContain('"$no" of non-null type');
  });
});
