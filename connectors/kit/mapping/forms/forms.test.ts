import { describe, expect, test } from '@jest/globals';
import type { Condition, SourceRecord } from '../../contract.ts';
import type { Form, UnitType } from '../../manifest/model.ts';
import { compileMappings } from '../compile-mappings.ts';
import {
  CONTEXT,
  codeList,
  DIVISIONS,
  field,
  form,
  mapRecord,
  reading,
  unit,
  unitType,
} from '../mapping.fixture.ts';
import type { Outcome } from '../outcome.ts';

const ID = reading('id', 'text', ['id']);
const X = reading('x', 'text', ['x']);
const FIELDS = [field('id', 'text'), field('x', 'text')];
const typeOf = (forms: readonly Form[], more: Partial<UnitType> = {}): UnitType =>
  unitType('Sample', { fields: FIELDS, forms, ...more });
const brief = (outcome: Outcome): string => {
  if (outcome.kind === 'row') return `${outcome.row.key}=${String(outcome.row.values.x)}`;
  return outcome.kind === 'setAside' ? outcome.fault.code : 'notOurs';
};
const map = (type: UnitType, record: SourceRecord): readonly string[] =>
  mapRecord(unit([type]), record).map(brief);

describe('where', () => {
  test.each<[Condition, SourceRecord, boolean]>([
    [{ column: 'c', op: 'eq', value: 'RR' }, { c: 'RR ' }, true],
    [{ column: 'c', op: 'eq', value: 'RR' }, { c: null }, false],
    [{ column: 'c', op: 'eq', value: 2 }, { c: '2.0' }, true],
    [{ column: 'c', op: 'eq', value: true }, { c: true }, true],
    [{ column: 'c', op: 'eq', value: true }, { c: 1 }, true],
    [{ column: 'c', op: 'eq', value: '431100' }, { c: 431100 }, true],
    [{ column: 'c', op: 'ne', value: '0' }, { c: null }, true],
    [{ column: 'c', op: 'ne', value: '0' }, { c: ' 0' }, false],
    [{ column: 'c', op: 'in', value: ['a', 'b'] }, { c: 'b' }, true],
    [{ column: 'c', op: 'notIn', value: ['a', 'b'] }, {}, true],
    [{ column: 'c', op: 'notIn', value: ['a', 'b'] }, { c: 'a' }, false],
    [{ column: 'c', op: 'between', value: [24.5, 27] }, { c: '24.5' }, true],
    [{ column: 'c', op: 'between', value: [24.5, 27] }, { c: '27.1' }, false],
    [{ column: 'c', op: 'between', value: [24.5, 27] }, { c: 'n/a' }, false],
    [{ column: 'c', op: 'lt', value: 10 }, { c: '9' }, true],
    [{ column: 'c', op: 'lte', value: 10 }, { c: 10 }, true],
    [{ column: 'c', op: 'gt', value: '10' }, { c: '9' }, true],
    [{ column: 'c', op: 'gte', value: 10 }, { c: '9' }, false],
    [{ column: 'c', op: 'isNull' }, { c: '　' }, true],
    [{ column: 'c', op: 'notNull' }, { c: 0 }, true],
    [{ column: 'c', op: 'startsWith', value: '4311' }, { c: '431124' }, true],
    [{ column: 'c', op: 'startsWith', value: '4311' }, { c: null }, false],
  ])('%j holds for %j: %p', (condition, record, ours) => {
    const type = typeOf([form([ID, X], { where: [condition] })]);
    expect(map(type, { id: '1', x: 'v', ...record })).toEqual([ours ? '1=v' : 'notOurs']);
  });
});

describe('the choice of a form', () => {
  const viirs = form([ID, reading('x', 'const', [], { const: 'VIIRS' })], { shape: { has: ['bright_ti4'] } });
  const modis = form([ID, reading('x', 'const', [], { const: 'MODIS' })], {
    index: 1,
    shape: { has: ['brightness'] },
  });

  test('is made by the columns that a record has, even where they are null', () => {
    const type = typeOf([viirs, modis]);
    expect(map(type, { id: '1', bright_ti4: null })).toEqual(['1=VIIRS']);
    expect(map(type, { id: '1', brightness: '300' })).toEqual(['1=MODIS']);
  });

  test('that nobody makes sets the record aside, once and for no type', () => {
    const other = unitType('Other', { fields: FIELDS, forms: [viirs] });
    const outcomes = mapRecord(unit([typeOf([viirs, modis]), other]), { id: '1' });
    expect(outcomes).toMatchObject([{ kind: 'setAside', type: null, fault: { code: 'HUB_MAP_NO_FORM' } }]);
  });

  test('of one type leaves the record to be not another’s', () => {
    const other = unitType('Other', { fields: FIELDS, forms: [modis] });
    const outcomes = mapRecord(unit([typeOf([viirs]), other]), { id: '1', bright_ti4: 1 });
    expect(outcomes.map(brief)).toEqual(['1=VIIRS', 'notOurs']);
  });

  test('falls to the first whose conditions hold', () => {
    const checked = form([ID, X], { where: [{ column: 'ok', op: 'eq', value: 1 }] });
    const rest = form([ID, reading('x', 'const', [], { const: 'rest' })], { index: 1 });
    const type = typeOf([checked, rest]);
    expect(map(type, { id: '1', x: 'v', ok: 1 })).toEqual(['1=v']);
    expect(map(type, { id: '1', x: 'v', ok: 0 })).toEqual(['1=rest']);
  });

  test('shows in the row, with the fields of that form alone', () => {
    const lacking = form([ID], { index: 1, shape: { has: ['brightness'] } });
    const [outcome] = mapRecord(unit([typeOf([viirs, lacking])]), { id: '1', brightness: 1 });
    expect(outcome).toMatchObject({ kind: 'row', row: { form: 1, values: { id: '1' } } });
    expect(outcome?.kind === 'row' && 'x' in outcome.row.values).toBe(false);
  });
});

describe('one record to many rows', () => {
  test('each takes the items of a list, with the record around them', () => {
    const type = typeOf([
      form([reading('id', 'text', ['code']), reading('x', 'text', ['^.mn'])], { each: 'items' }),
    ]);
    expect(map(type, { mn: 'M1', items: [{ code: 'a' }, { code: 'b' }] })).toEqual(['a=M1', 'b=M1']);
    expect(map(type, { mn: 'M1', items: { code: 'only' } })).toEqual(['only=M1']);
    expect(map(type, { mn: 'M1', items: ['no record', { code: 'a' }] })).toEqual(['a=M1']);
  });

  test('fan gives a row for each scalar, after each', () => {
    const bits = form([reading('id', 'text', ['@item']), reading('x', 'text', ['code'])], {
      each: 'items',
      fan: 'bits',
    });
    expect(
      map(typeOf([bits]), {
        items: [
          { code: 'a', bits: [1, 2] },
          { code: 'b', bits: [] },
        ],
      }),
    ).toEqual(['1=a', '2=a']);
  });

  test('a condition may be about the item or about the record around it', () => {
    const where: Condition[] = [
      { column: 'type', op: 'eq', value: 2 },
      { column: 'kind', op: 'eq', value: 'fire' },
    ];
    const type = typeOf([
      form([reading('id', 'text', ['code']), reading('x', 'text', ['kind'])], { each: 'items', where }),
    ]);
    const items = [
      { code: 'a', kind: 'fire' },
      { code: 'b', kind: 'fault' },
    ];
    expect(map(type, { type: 2, items })).toEqual(['a=fire', 'notOurs']);
    expect(map(type, { type: 1, items })).toEqual(['notOurs']);
  });

  test('unpivot gives a row for each column that has a value', () => {
    const unpivot = {
      columns: [
        { column: 'LA', label: 'FILED' },
        { column: 'PQ', label: 'SENT' },
        { column: 'JA', label: 'CLOSED' },
      ],
      skip: ['1900-01-01'],
    };
    const type = typeOf([
      form([reading('id', 'text', ['@name']), reading('x', 'text', ['@value'])], { unpivot }),
    ]);
    expect(map(type, { LA: '2026-04-05', PQ: ' 1900-01-01', JA: null })).toEqual(['FILED=2026-04-05']);
  });

  test('an empty list still ends in an outcome, so that counts add up', () => {
    const type = typeOf([form([reading('id', 'text', ['@item']), X], { fan: 'bits' })]);
    expect(map(type, { bits: [] })).toEqual(['notOurs']);
    expect(map(type, {})).toEqual(['notOurs']);
  });
});

describe('bad fields', () => {
  const numbers = (onBad: 'null' | 'setAside'): UnitType =>
    unitType('Sample', {
      fields: [field('id', 'text'), field('x', 'number')],
      forms: [form([ID, reading('x', 'number', ['x'], {}, { onBad })])],
    });

  test('are null and kept beside the row, or set it aside, as the manifest says', () => {
    expect(mapRecord(unit([numbers('null')]), { id: '1', x: 'abc' })).toMatchObject([
      { kind: 'row', row: { values: { x: null }, faults: [{ code: 'HUB_MAP_NUMBER', raw: 'abc' }] } },
    ]);
    expect(mapRecord(unit([numbers('setAside')]), { id: '1', x: 'abc' })).toMatchObject([
      { kind: 'setAside', type: 'Sample', fault: { code: 'HUB_MAP_NUMBER', field: 'x', raw: 'abc' } },
    ]);
  });

  test('a quality and a unit come with their value', () => {
    const derived = (from: string, as: 'quality' | 'unit') => ({ derived: { from, as } });
    const type = unitType('Sample', {
      fields: [
        field('id', 'text'),
        field('pollutant', 'code'),
        field('x', 'number'),
        field('xQuality', 'code', derived('x', 'quality')),
        field('xUnit', 'text', derived('x', 'unit')),
      ],
      forms: [
        form([
          ID,
          reading('pollutant', 'code', ['p'], { list: 'Pollutant' }),
          reading('x', 'number', ['x'], {
            unitBy: 'pollutant',
            quality: { column: 'flag', list: 'Flag', emptyAs: 'N' },
          }),
        ]),
      ],
    });
    const pollutant = {
      ...codeList('Pollutant', {}),
      values: [{ name: 'COD', label: null, from: ['w01018'], band: null, unit: 'mg/L' }],
    };
    const of = unit([type], {
      codes: [pollutant, codeList('Flag', { GOOD: ['N'], BAD: ['D'] }, { to: 'hub.DataQuality' })],
    });
    const row = (record: SourceRecord) => mapRecord(of, { id: '1', p: 'w01018', x: 5, ...record })[0];
    expect(row({})).toMatchObject({ row: { values: { x: 5, xQuality: 'GOOD', xUnit: 'mg/L' }, faults: [] } });
    expect(row({ flag: 'D' })).toMatchObject({ row: { values: { x: 5, xQuality: 'BAD' } } });
    expect(row({ flag: '?' })).toMatchObject({
      row: {
        values: { x: 5, xQuality: null },
        faults: [{ field: 'xQuality', column: 'flag', code: 'HUB_MAP_CODE' }],
      },
    });
  });
});

describe('what is asked of the source', () => {
  test('the columns that are used, of the object and of its 1:1 tables, and which may be missing', () => {
    const cch = { object: 'st_rvfcch_b', as: 'cch', on: [{ its: 'stcd', own: 'stcd' }] };
    const type = unitType('Sample', {
      fields: [field('id', 'text'), field('warn', 'number'), field('mp', 'text')],
      forms: [
        form(
          [
            reading('id', 'text', ['stcd']),
            reading('warn', 'number', ['cch.wrz']),
            reading('mp', 'text', ['mpcd'], {}, { optional: true }),
            reading('mp', 'text', ['@file']),
          ],
          { extend: [cch], where: [{ column: 'tenant_id', op: 'eq', value: '1' }] },
        ),
      ],
      deletes: { absence: false, column: 'deleted', when: ['1'], maxPercent: 10 },
      division: [
        { by: 'code', column: 'addvcd', digits: null },
        { by: 'name', columns: ['qx'] },
      ],
    });
    const [mapping] = compileMappings(unit([type]), { divisions: DIVISIONS });
    expect(mapping).toMatchObject({
      columns: ['stcd', 'mpcd', 'tenant_id', 'addvcd', 'qx', 'deleted'],
      extends: [{ ...cch, columns: ['stcd', 'wrz'] }],
      optional: ['mpcd'],
    });
  });

  test('a column that one type may miss and another may not is required', () => {
    const loose = typeOf([form([ID, reading('x', 'text', ['c'], {}, { optional: true })])]);
    const strict = unitType('Strict', { fields: FIELDS, forms: [form([ID, reading('x', 'text', ['c'])])] });
    expect(compileMappings(unit([loose, strict]), { divisions: DIVISIONS })[0]?.optional).toEqual([]);
  });

  test('of items only their list and what is around them', () => {
    const type = typeOf([
      form([reading('id', 'text', ['code']), reading('x', 'text', ['^.mn'])], { each: 'items' }),
    ]);
    expect(compileMappings(unit([type]), { divisions: DIVISIONS })[0]?.columns).toEqual(['items', 'mn']);
  });

  test('two tables under one alias are refused', () => {
    const extend = (object: string) => [{ object, as: 'cch', on: [{ its: 'a', own: 'a' }] }];
    const one = typeOf([form([ID, X], { extend: extend('t1') })]);
    const two = unitType('Two', { fields: FIELDS, forms: [form([ID, X], { extend: extend('t2') })] });
    expect(() => compileMappings(unit([one, two]), { divisions: DIVISIONS })).toThrow('give them two names');
  });

  test('each object of each source has one mapping, for all its types', () => {
    const elsewhere = unitType('Two', {
      fields: FIELDS,
      forms: [form([ID, X]), form([ID, X], { index: 1, object: 'more' })],
    });
    const mappings = compileMappings(unit([typeOf([form([ID, X])]), elsewhere]), { divisions: DIVISIONS });
    expect(mappings.map(({ object }) => object)).toEqual(['records', 'more']);
    expect(mappings[0]?.map({ id: '1', x: 'v' }, CONTEXT)).toHaveLength(2);
  });
});
