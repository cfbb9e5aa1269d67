// A small unit as the manifest parser would give it: stations (a whole list) and their river readings (a window), for
// tests that need a unit and no file.
import type {
  Field,
  Form,
  Link,
  Reading,
  Sync,
  Unit,
  UnitType,
} from '../../connectors/kit/manifest/model.ts';

const LABEL = { zh: '样', en: 'Sample' };

export function sampleField(name: string, change: Partial<Field> = {}): Field {
  return {
    name,
    label: LABEL,
    description: null,
    converter: 'text',
    graphql: { name: 'String', list: false, isEnum: false },
    hidden: false,
    class: 'public',
    mask: null,
    unit: null,
    unitBy: null,
    measure: null,
    period: null,
    derived: null,
    ...change,
  };
}

export function sampleReading(field: string, column: string, change: Partial<Reading> = {}): Reading {
  return {
    field,
    converter: 'text',
    columns: [column],
    point: null,
    flags: [],
    options: {},
    onBad: 'setAside',
    optional: false,
    ...change,
  };
}

export function sampleSync(strategy: Sync['strategy'], change: Partial<Sync> = {}): Sync {
  return { strategy, every: 'PT5M', overlap: 'PT0S', late: 'PT0S', cursor: null, scope: [], ...change };
}

export function sampleForm(object: string, change: Partial<Form> = {}): Form {
  return {
    index: 0,
    source: 'fork',
    object,
    shape: null,
    where: [],
    extend: [],
    each: null,
    fan: null,
    unpivot: null,
    only: null,
    adds: true,
    sync: sampleSync('snapshot'),
    readings: [],
    ...change,
  };
}

export function sampleLink(name: string, to: string, on: readonly (readonly [string, string])[]): Link {
  return {
    name,
    label: LABEL,
    to: { unit: 'hydrology', type: to },
    on: [{ pairs: on.map(([own, target]) => ({ own, target })), over: 'key' }],
    inverse: null,
    one: false,
    current: null,
    onMissing: 'keep',
    nearest: null,
  };
}

export function sampleType(name: string, change: Partial<UnitType> = {}): UnitType {
  return {
    name,
    label: LABEL,
    description: null,
    role: 'thing',
    forms: [],
    key: ['code'],
    unique: [],
    merge: 'row',
    time: null,
    valid: null,
    of: null,
    as: null,
    deletes: { absence: false, column: null, when: [], maxPercent: 10 },
    quiet: null,
    promise: 'PT1H',
    backfill: 'P7D',
    keep: null,
    history: 'P90D',
    retains: null,
    read: 'store',
    division: [],
    class: 'public',
    fields: [],
    links: [],
    ...change,
  };
}

export function sampleUnit(types: readonly UnitType[], change: Partial<Unit> = {}): Unit {
  return {
    unit: 'hydrology',
    name: LABEL,
    owner: { contact: '水情科', phone: { secret: 'HYDROLOGY_OWNER_PHONE' } },
    zone: 'Asia/Shanghai',
    sources: [
      {
        name: 'fork',
        kind: 'sql',
        url: { secret: 'HYDROLOGY_URL' },
        zone: 'Asia/Shanghai',
        crs: null,
        columnCase: 'exact',
        limits: {
          inFlight: 4,
          timeout: 'PT5S',
          rate: null,
          rows: 3,
          fileBytes: 1,
          connections: 1,
          frameBytes: 1,
        },
        settings: {},
        objects: [],
      },
    ],
    codes: [],
    types,
    policy: { default: 'public', minGroup: 1, purposes: [] },
    manifest: 'a'.repeat(64),
    ...change,
  };
}

/** Stations as a whole list whose missing rows go, joined 1:1 with their warning level. */
export function stationType(): UnitType {
  return sampleType('HydroStation', {
    key: ['code'],
    deletes: { absence: true, column: null, when: [], maxPercent: 60 },
    fields: [
      sampleField('code'),
      sampleField('name'),
      sampleField('warnLevel', {
        converter: 'number',
        graphql: { name: 'Float', list: false, isEnum: false },
      }),
    ],
    forms: [
      sampleForm('st_stbprp_b', {
        extend: [{ object: 'st_rvfcch_b', as: 'cch', on: [{ its: 'stcd', own: 'stcd' }] }],
        sync: sampleSync('snapshot', { every: 'PT1H' }),
        readings: [
          sampleReading('code', 'stcd'),
          sampleReading('name', 'stnm', { onBad: 'null', optional: true }),
          sampleReading('warnLevel', 'cch.wrz', { converter: 'number', onBad: 'null' }),
        ],
      }),
    ],
  });
}

/** River readings of a station, by time, re-read 30 minutes back and three days once an hour. */
export function readingType(): UnitType {
  const time = { name: 'DateTime', list: false, isEnum: false };
  return sampleType('RiverReading', {
    role: 'reading',
    of: 'station',
    as: 'river',
    key: ['station', 'observedAt'],
    time: 'observedAt',
    fields: [
      sampleField('stationCode', { hidden: true }),
      sampleField('observedAt', { converter: 'time', graphql: time }),
      sampleField('stage', { converter: 'number', graphql: { name: 'Float', list: false, isEnum: false } }),
    ],
    links: [{ ...sampleLink('station', 'HydroStation', [['stationCode', 'code']]), onMissing: 'wait' }],
    forms: [
      sampleForm('st_river_r', {
        sync: sampleSync('window', { overlap: 'PT30M', late: 'P3D' }),
        readings: [
          sampleReading('stationCode', 'stcd'),
          sampleReading('observedAt', 'tm', { converter: 'time' }),
          sampleReading('stage', 'z', { converter: 'number', onBad: 'null' }),
        ],
      }),
    ],
  });
}
