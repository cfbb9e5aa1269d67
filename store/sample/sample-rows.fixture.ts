// Rows as the mapping would give them, for the store's tests: a row's hash follows its content.
import { createHash } from 'node:crypto';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type { MappedRow, MappedValue } from '../../connectors/kit/mapping/outcome.ts';
import { toKey } from '../../schema/identity.ts';
import type { FeedKey, PageCommit } from '../contract.ts';

export const STATIONS: FeedKey = { unit: 'sample', source: 'fork', object: 'station', strategy: 'snapshot' };
export const RIVER: FeedKey = { unit: 'sample', source: 'fork', object: 'river', strategy: 'window' };
export const REPORT: FeedKey = { unit: 'sample', source: 'telemetry', object: 'report', strategy: 'push' };

export function sampleRow(type: string, key: string | null, options: Partial<MappedRow> = {}): MappedRow {
  const row = {
    type,
    form: 0,
    source: 'fork',
    key,
    values: {},
    links: [],
    observedAt: null,
    division: { code: null, basis: 'NONE' as const },
    deleted: false,
    native: {},
    faults: [],
    ...options,
  };
  const content = [row.values, row.links, row.division, row.deleted, row.faults];
  return { ...row, hash: createHash('sha256').update(JSON.stringify(content)).digest('hex') };
}

export function stationRow(code: string, values: { readonly [field: string]: MappedValue } = {}): MappedRow {
  return sampleRow('Station', code, {
    values: {
      code,
      rtu: null,
      name: `站 ${code}`,
      location: { lon: 111.6, lat: 26.4 },
      warnLevel: 98.5,
      count: 1,
      ...values,
    },
    native: { code },
    division: { code: '431124', basis: 'CODE' },
  });
}

export function readingRow(station: string, observedAt: string, stage: number | null): MappedRow {
  return sampleRow('RiverReading', toKey([station, observedAt]), {
    values: { stationCode: station, observedAt, stage, period: 'PT5M' },
    links: [{ link: 'station', key: station, lookup: null }],
    observedAt,
    native: { stationCode: station, observedAt },
    division: { code: null, basis: 'PARENT' },
  });
}

/** The telemetry's form: its station is found by the address of the device. */
export function reportRow(rtu: string, observedAt: string, stage: number): MappedRow {
  return sampleRow('RiverReading', null, {
    form: 1,
    source: 'telemetry',
    values: { rtu, observedAt, stage },
    links: [{ link: 'station', key: null, lookup: { fields: ['rtu'], values: [rtu] } }],
    observedAt,
    native: { rtu, observedAt },
    division: { code: null, basis: 'PARENT' },
  });
}

export function deletedRow(row: MappedRow): MappedRow {
  return sampleRow(row.type, row.key, { ...row, deleted: true });
}

/** A page of these rows; each row's record is its native key and its values. */
export function samplePage(rows: readonly MappedRow[], options: Partial<PageCommit> = {}): PageCommit {
  return {
    rows,
    setAside: [],
    recordOf: (index) => toSampleRecord(rows[index]),
    digestOf: () => null,
    notOurs: 0,
    read: rows.length,
    receivedAt: '2026-04-05T00:00:00.000Z',
    mark: { watermark: null, lateAt: null, scan: null },
    remember: false,
    ...options,
  };
}

function toSampleRecord(row: MappedRow | undefined): SourceRecord {
  return row === undefined ? {} : { ...row.native, type: row.type, hash: row.hash };
}
