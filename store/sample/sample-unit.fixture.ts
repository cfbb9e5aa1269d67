// A unit in miniature for the store's tests: stations, their river readings, alarms, devices that several forms describe,
// and areas that form a tree. Made by hand, so that these tests need no manifest parser.
import type { Field, Form, Link, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import type { Role } from '../../schema/provenance.ts';

const LABEL = { zh: '名', en: 'Name' };

export function sampleField(name: string, graphql: string, options: Partial<Field> = {}): Field {
  return {
    name,
    label: LABEL,
    description: null,
    converter: 'text',
    graphql: { name: graphql, list: false, isEnum: false },
    hidden: false,
    class: 'internal',
    mask: null,
    unit: null,
    unitBy: null,
    measure: null,
    period: null,
    derived: null,
    ...options,
  };
}

export function sampleLink(name: string, to: string, on: Link['on'], options: Partial<Link> = {}): Link {
  return {
    name,
    label: LABEL,
    to: { unit: 'sample', type: to },
    on,
    inverse: null,
    one: false,
    current: null,
    onMissing: 'keep',
    nearest: null,
    ...options,
  };
}

/** A form of source `fork` that reads each of `fields` from a column of the same name. */
export function sampleForm(
  index: number,
  object: string,
  fields: readonly string[],
  options: Partial<Form> = {},
): Form {
  return {
    index,
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
    sync: { strategy: 'snapshot', every: 'PT1H', overlap: 'PT0S', late: 'PT0S', cursor: null, scope: [] },
    readings: fields.map((field) => ({
      field,
      converter: 'text',
      columns: [field],
      point: null,
      flags: [],
      options: {},
      onBad: 'null',
      optional: false,
    })),
    ...options,
  };
}

export function sampleType(
  name: string,
  role: Role,
  key: readonly string[],
  options: Partial<UnitType>,
): UnitType {
  const fields = options.fields ?? [];
  return {
    name,
    label: LABEL,
    description: null,
    role,
    forms: [
      sampleForm(
        0,
        name.toLowerCase(),
        fields.map((field) => field.name),
      ),
    ],
    key,
    unique: [],
    merge: 'row',
    time: null,
    valid: null,
    of: null,
    as: null,
    deletes: { absence: false, column: null, when: [], maxPercent: 10 },
    quiet: null,
    promise: 'PT1H',
    backfill: 'P60D',
    keep: 'P20Y',
    history: 'P90D',
    retains: null,
    read: 'store',
    division: [],
    class: 'internal',
    fields,
    links: [],
    ...options,
  };
}

const ABSENCE = { absence: true, column: null, when: [], maxPercent: 40 };

/** Snapshot with absence; `rtu` is another way to name it. */
export const STATION = sampleType('Station', 'thing', ['code'], {
  fields: [
    sampleField('code', 'String'),
    sampleField('rtu', 'String', { hidden: true }),
    sampleField('name', 'String'),
    sampleField('location', 'Point', { converter: 'point' }),
    sampleField('warnLevel', 'Float'),
    sampleField('count', 'Int'),
  ],
  unique: [['rtu']],
  deletes: ABSENCE,
});

const READING_FIELDS = ['stationCode', 'observedAt', 'stage', 'period'];

/** Partitioned; the checked form comes before the telemetry's, which names the station by its `rtu`. */
export const READING = sampleType('RiverReading', 'reading', ['station', 'observedAt'], {
  time: 'observedAt',
  of: 'station',
  as: 'river',
  forms: [
    sampleForm(0, 'river', READING_FIELDS, { sync: toSync('window') }),
    sampleForm(1, 'report', ['rtu', 'observedAt', 'stage'], { source: 'telemetry', sync: toSync('push') }),
  ],
  fields: [
    sampleField('stationCode', 'String', { hidden: true }),
    sampleField('rtu', 'String', { hidden: true }),
    sampleField('observedAt', 'DateTime'),
    sampleField('stage', 'Float'),
    sampleField('period', 'Duration'),
  ],
  links: [
    sampleLink(
      'station',
      'Station',
      [
        { pairs: [{ own: 'stationCode', target: 'code' }], over: 'key' },
        { pairs: [{ own: 'rtu', target: 'rtu' }], over: 'unique' },
      ],
      { onMissing: 'wait' },
    ),
  ],
});

export const ALARM = sampleType('Alarm', 'event', ['number'], {
  time: 'at',
  fields: [
    sampleField('number', 'String'),
    sampleField('at', 'DateTime'),
    sampleField('tags', 'String', { graphql: { name: 'String', list: true, isEnum: false } }),
    sampleField('shape', 'GeoJSON'),
    sampleField('cost', 'Decimal'),
    sampleField('total', 'Long'),
    sampleField('open', 'Boolean'),
    sampleField('day', 'Date'),
    sampleField('stationCode', 'String', { hidden: true }),
  ],
  links: [
    sampleLink('station', 'Station', [{ pairs: [{ own: 'stationCode', target: 'code' }], over: 'key' }], {
      onMissing: 'setAside',
    }),
  ],
});

/** Two forms that each know a part of it. */
export const DEVICE = sampleType('Device', 'thing', ['code'], {
  merge: 'fields',
  fields: [sampleField('code', 'String'), sampleField('name', 'String'), sampleField('status', 'String')],
  forms: [
    sampleForm(0, 'device', ['code', 'name']),
    sampleForm(1, 'notice', ['code', 'status'], { sync: toSync('push') }),
  ],
});

export const AREA = sampleType('Area', 'thing', ['code'], {
  fields: [sampleField('code', 'String'), sampleField('parentCode', 'String', { hidden: true })],
  links: [
    sampleLink('parent', 'Area', [{ pairs: [{ own: 'parentCode', target: 'code' }], over: 'key' }], {
      onMissing: 'wait',
    }),
  ],
});

export function sampleUnit(types: readonly UnitType[] = [STATION, READING, ALARM, DEVICE, AREA]): Unit {
  return {
    unit: 'sample',
    name: LABEL,
    owner: { contact: 'nobody', phone: { secret: 'PHONE' } },
    zone: 'Asia/Shanghai',
    sources: [],
    codes: [],
    types,
    policy: { default: 'internal', minGroup: 1, purposes: [] },
    manifest: 'a'.repeat(64),
  };
}

function toSync(strategy: Form['sync']['strategy']): Form['sync'] {
  return { strategy, every: null, overlap: 'PT0S', late: 'PT0S', cursor: null, scope: [] };
}
