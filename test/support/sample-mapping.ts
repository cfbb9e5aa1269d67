// The mappings of sample-unit.ts written by hand, so that the jobs can be tested without the mapping engine.
import { createHash } from 'node:crypto';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type {
  MappedRow,
  MappingContext,
  ObjectMapping,
  Outcome,
} from '../../connectors/kit/mapping/outcome.ts';

const NONE = { code: null, basis: 'NONE' } as const;

function toRow(row: Pick<MappedRow, 'type' | 'key' | 'values' | 'links' | 'observedAt' | 'native'>): Outcome {
  const hash = createHash('sha256')
    .update(JSON.stringify([row.values, row.links]))
    .digest('hex');
  return {
    kind: 'row',
    row: { ...row, form: 0, source: 'fork', division: NONE, deleted: false, faults: [], hash },
  };
}

function toSetAside(
  type: string,
  field: string,
  column: string,
  code: 'HUB_MAP_KEY_EMPTY' | 'HUB_MAP_TIME',
): Outcome {
  return {
    kind: 'setAside',
    type,
    fault: { code, field, column, raw: null, message: `${field} cannot be read` },
  };
}

export const STATION_MAPPING: ObjectMapping = {
  source: 'fork',
  object: 'st_stbprp_b',
  columns: ['stcd', 'stnm'],
  extends: [
    { object: 'st_rvfcch_b', as: 'cch', on: [{ its: 'stcd', own: 'stcd' }], columns: ['stcd', 'wrz'] },
  ],
  optional: ['stnm'],
  lacks: () => [],
  map: (record) => {
    const code = toText(record, 'stcd');
    if (code === null) return [toSetAside('HydroStation', 'code', 'stcd', 'HUB_MAP_KEY_EMPTY')];
    const level = toText(record, 'cch.wrz');
    return [
      toRow({
        type: 'HydroStation',
        key: code,
        values: { code, name: toText(record, 'stnm'), warnLevel: level === null ? null : Number(level) },
        links: [],
        observedAt: null,
        native: { stcd: code },
      }),
    ];
  },
};

export const READING_MAPPING: ObjectMapping = {
  source: 'fork',
  object: 'st_river_r',
  columns: ['stcd', 'tm', 'z'],
  extends: [],
  optional: [],
  lacks: () => [],
  map: (record, context: MappingContext) => {
    const code = toText(record, 'stcd');
    const time = toText(record, 'tm');
    if (code === null) return [toSetAside('RiverReading', 'stationCode', 'stcd', 'HUB_MAP_KEY_EMPTY')];
    // The sample's zone is Asia/Shanghai, which has been eight hours ahead for as long as its tests look back.
    const at = time === null ? Number.NaN : Date.parse(`${time.replace(' ', 'T').slice(0, 23)}+08:00`);
    if (Number.isNaN(at) || at > context.now)
      return [toSetAside('RiverReading', 'observedAt', 'tm', 'HUB_MAP_TIME')];
    const observedAt = new Date(at).toISOString();
    const stage = toText(record, 'z');
    return [
      toRow({
        type: 'RiverReading',
        key: `${code}~${observedAt}`,
        values: { stationCode: code, observedAt, stage: stage === null ? null : Number(stage) },
        links: [{ link: 'station', key: code, lookup: null }],
        observedAt,
        native: { stcd: code, tm: time },
      }),
    ];
  },
};

function toText(record: SourceRecord, column: string): string | null {
  const value = record[column];
  return value === undefined || value === null ? null : String(value).trim();
}
