import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Table } from './catalogue-rows.ts';
import { parseCursor, toCursor, toFingerprint } from './cursor.ts';
import type { Order } from './order.ts';

const place = { unit: 'u', source: 's' };
const column = (name: string) => ({ name, kind: 'text', native: 'text', nullable: false }) as const;
const table: Table = { name: 't', schema: 'p', table: 't', columns: [column('a')], key: ['a'], rows: null };
const orderBy = (name: string): Order => ({
  terms: [{ column: column(name), exact: false, sql: name, select: name }],
  total: true,
});

describe('a cursor', () => {
  test('gives its position back, with every digit and character', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(value), fc.nat(), (values, seen) => {
        expect(parseCursor(toCursor('f', { values, seen }), 'f', place)).toEqual({ values, seen });
      }),
    );
    const fraction = { values: ['2026-04-05 08:00:00.1234567'], seen: 0 };
    expect(parseCursor(toCursor('f', fraction), 'f', place)).toEqual(fraction);
  });

  test('is base64url, and refused with any character changed', () => {
    const cursor = toCursor('f', { values: ['61512000', null], seen: 2 });
    expect(cursor).toMatch(/^[\w-]+$/);
    for (let at = 0; at < cursor.length - 1; at++) {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      const edited = `${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`;
      expect(() => parseCursor(edited, 'f', place)).toThrow(
        expect.objectContaining({ code: 'HUB_SOURCE_CURSOR' }),
      );
    }
  });

  test('of another object, order or filter is refused', () => {
    const prints = [
      toFingerprint(place, table, orderBy('a'), []),
      toFingerprint({ ...place, source: 'other' }, table, orderBy('a'), []),
      toFingerprint(place, { ...table, schema: 'q' }, orderBy('a'), []),
      toFingerprint(place, table, orderBy('b'), []),
      toFingerprint(place, table, orderBy('a'), [{ column: 'a', op: 'isNull' }]),
      toFingerprint(place, table, orderBy('a'), [{ column: 'a', op: 'eq', value: '1' }]),
      toFingerprint(place, table, orderBy('a'), [{ column: 'a', op: 'eq', value: 1 }]),
    ];
    expect(new Set(prints).size).toBe(prints.length);
    const cursor = toCursor(prints[0] ?? '', { values: ['x'], seen: 0 });
    for (const print of prints.slice(1))
      expect(() => parseCursor(cursor, print, place)).toThrow(/another object/);
  });
});
