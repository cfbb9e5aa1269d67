import { describe, expect, test } from '@jest/globals';
import type { SourceRecord } from '../contract.ts';
import { compileMappings } from './compile-mappings.ts';
import { DIVISIONS, field, form, mapRecord, mapRow, reading, unit, unitType } from './mapping.fixture.ts';
import { RECORD, rain } from './rain.fixture.ts';

describe('a row', () => {
  test('has key, link, time, division and the native columns of its key', () => {
    expect(mapRow(rain(), RECORD)).toEqual({
      type: 'Rain',
      form: 0,
      source: 'main',
      key: '61512000~2026-04-05T00:30:00Z',
      values: { code: '61512000', rtu: null, observedAt: '2026-04-05T00:30:00Z', amount: 1.5 },
      links: [{ link: 'station', key: '61512000', lookup: null }],
      observedAt: '2026-04-05T00:30:00Z',
      division: { code: null, basis: 'PARENT' },
      deleted: false,
      native: { stcd: '61512000  ', rtu: null, tm: '2026-04-05 08:30:00' },
      faults: [],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('waits for a lookup where its link rests on a unique field', () => {
    const row = mapRow(rain(), { ...RECORD, stcd: null, rtu: '0010100001' });
    expect(row).toMatchObject({
      key: null,
      links: [{ link: 'station', key: null, lookup: { fields: ['rtu'], values: ['0010100001'] } }],
      division: { code: null, basis: 'PARENT' },
    });
  });

  test.each([
    [{ stcd: ' ' }, 'HUB_MAP_KEY_EMPTY', 'station'],
    [{ stcd: '锟斤拷' }, 'HUB_MAP_DAMAGED', 'code'],
    [{ tm: 'yesterday' }, 'HUB_MAP_TIME', 'observedAt'],
    [{ tm: null }, 'HUB_MAP_KEY_EMPTY', 'observedAt'],
  ])('with %j is set aside as %s', (change, code, name) => {
    expect(mapRecord(rain(), { ...RECORD, ...change })).toMatchObject([
      { kind: 'setAside', type: 'Rain', fault: { code, field: name } },
    ]);
  });

  test('an event without its time is set aside, even where its key has none', () => {
    const event = rain({ role: 'event', key: ['code'], links: [], division: [] });
    expect(mapRecord(event, { ...RECORD, tm: null })).toMatchObject([
      { kind: 'setAside', fault: { code: 'HUB_MAP_TIME' } },
    ]);
  });

  test.each([
    [1, true],
    ['1 ', true],
    [true, true],
    [0, false],
    [false, false],
    [null, false],
  ])('marked deleted as %p is deleted: %p', (deleted, expected) => {
    expect(mapRow(rain(), { ...RECORD, deleted }).deleted).toBe(expected);
  });

  test('observedAt stands beside a time of another name', () => {
    const type = unitType('Event', {
      fields: [
        field('id', 'text'),
        field('sent', 'time'),
        field('observedAt', 'time', { derived: { from: 'sent', as: 'observedAt' } }),
      ],
      forms: [form([reading('id', 'text', ['id']), reading('sent', 'time', ['sent'])])],
      role: 'event',
      time: 'sent',
    });
    const row = mapRow(unit([type]), { id: '1', sent: '2026-04-05 08:30:00' });
    expect(row.values).toEqual({ id: '1', sent: '2026-04-05T00:30:00Z', observedAt: '2026-04-05T00:30:00Z' });
    expect(row.observedAt).toBe('2026-04-05T00:30:00Z');
  });
});

describe('the columns that a table must have', () => {
  const shaped = unitType('Hotspot', {
    fields: [field('code', 'text'), field('heat', 'number', { unit: 'K' })],
    forms: [
      form([reading('code', 'text', ['id']), reading('heat', 'number', ['bright_ti4'])], {
        shape: { has: ['bright_ti4'] },
      }),
      form([
        reading('code', 'text', ['id']),
        reading('heat', 'number', ['brightness'], {}, { optional: true }),
      ]),
    ],
  });
  const [mapping] = compileMappings(unit([shaped]), { divisions: DIVISIONS });
  const lacks = (record: SourceRecord) => mapping?.lacks(record);

  test('are those of the form that takes the record by its shape, captures and optional ones left out', () => {
    expect(lacks({ id: '1', bright_ti4: '330' })).toEqual([]);
    expect(lacks({ bright_ti4: '330' })).toEqual(['id']);
    expect(lacks({ id: '1' })).toEqual([]);
    expect(lacks({ other: null })).toEqual(['id']);
  });

  test('are there when they stand there empty', () => {
    expect(lacks({ id: null, bright_ti4: null })).toEqual([]);
  });
});
