import { describe, expect, test } from '@jest/globals';
import type { Fault, MapFaultCode, MappedRow } from '../../connectors/kit/mapping/outcome.ts';
import { stationType } from '../../test/support/sample-unit.ts';
import type { Feed } from '../plan/feed.ts';
import { type Sample, toSampleFindings, toTypeTrials } from './judge-sample.ts';

const TYPE = stationType();
const FEED = { types: [TYPE.name] } as unknown as Feed;
const toFault = (code: MapFaultCode, field: string | null = null): Fault => {
  return { code, field, column: null, raw: '13900000000', message: 'a value, 13900000000' };
};
const toRow = (key: string, change: Partial<MappedRow> = {}): MappedRow => ({
  ...{ type: TYPE.name, form: 0, source: 'fork', key, values: {}, links: [], observedAt: null },
  ...{ division: { code: null, basis: 'NONE' }, deleted: false, native: {}, faults: [], hash: key },
  ...change,
});
const judge = ({ rows = [], setAside = [], records = rows.length + setAside.length }: Partial<Sample>) => {
  const sample = { records, rows, setAside };
  const types = toTypeTrials(FEED, [TYPE], sample);
  return { types, ids: toSampleFindings(sample, types).map(({ id, message }) => `${id} ${message}`) };
};
const toRows = (count: number, change: Partial<MappedRow> = {}) =>
  Array.from({ length: count }, (_, at) => toRow(`S${at}`, change));
const toAsides = (count: number, code: MapFaultCode = 'HUB_MAP_KEY_EMPTY') =>
  Array.from({ length: count }, () => ({ type: TYPE.name, fault: toFault(code), record: {} }));

describe('a sample', () => {
  test('without a fault has no findings', () => {
    expect(judge({ rows: toRows(20) }).ids).toEqual([]);
  });

  test('whose keys are not unique is M092, but the same row twice is one row', () => {
    const rows = [...toRows(3), toRow('S0', { hash: 'another' }), toRow('S1')];
    const { types, ids } = judge({ rows });
    expect(types[0]?.doubled).toBe(2);
    expect(ids).toEqual([`M092 ${TYPE.name}: 2 of 5 rows share their key with another one`]);
    expect(judge({ rows: toRows(200), setAside: toAsides(1, 'HUB_MAP_EXTEND_MANY') }).ids).toEqual([
      `M092 ${TYPE.name}: a joined table has more than one row for 1 records`,
    ]);
  });

  test('of which more than one in a hundred would be set aside is M093', () => {
    expect(judge({ rows: toRows(99), setAside: toAsides(1) }).ids).toEqual([]);
    expect(judge({ rows: toRows(98), setAside: toAsides(2) }).ids).toEqual([
      'M093 2 of 100 records (2.0 %) would be set aside',
    ]);
  });

  test('in which a field cannot be read at all is M091', () => {
    const faults = [toFault('HUB_MAP_NUMBER', 'name')];
    const ids = [`M091 ${TYPE.name}.name: no row of the sample can be read (HUB_MAP_NUMBER)`];
    expect(judge({ rows: toRows(6, { faults }) }).ids).toEqual(ids);
    expect(judge({ rows: [...toRows(6, { faults }), toRow('S9')] }).ids).toEqual([]);
  });

  test('is told by counts, codes and names: no value of a record stands in it', () => {
    const told = judge({
      rows: toRows(6, { faults: [toFault('HUB_MAP_NUMBER', 'name')] }),
      setAside: toAsides(3),
    });
    expect(JSON.stringify(told)).not.toContain('13900000000');
    expect(told.types[0]).toMatchObject({ rows: 6, setAside: [{ code: 'HUB_MAP_KEY_EMPTY', records: 3 }] });
  });
});
