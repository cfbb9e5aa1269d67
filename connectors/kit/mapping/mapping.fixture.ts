// Small units for the tests of the mapping: the shortest way to say "a field read so, from a record like this".
import type { Divisions } from '../../../schema/divisions/divisions.ts';
import { openDivisions } from '../../../schema/divisions/open-divisions.ts';
import type { SourceRecord } from '../contract.ts';
import type {
  CodeList,
  ConverterName,
  Crs,
  Field,
  Form,
  Reading,
  SourceSpec,
  Unit,
  UnitType,
} from '../manifest/model.ts';
import { compileMappings } from './compile-mappings.ts';
import type { Fault, MappedRow, MappedValue, MappingContext, Outcome } from './outcome.ts';

export const NOW = Date.parse('2026-04-05T12:00:00Z');
export const CONTEXT: MappingContext = { now: NOW, receivedAt: '2026-04-05T12:00:00Z' };
export const DIVISIONS: Divisions = await openDivisions();

const LABEL = { zh: '名', en: 'Name' };
const GRAPHQL: { readonly [Name in ConverterName]: string } = {
  text: 'String',
  number: 'Float',
  integer: 'Int',
  decimal: 'Decimal',
  flag: 'Boolean',
  flags: 'Kind',
  code: 'Kind',
  time: 'DateTime',
  date: 'Date',
  monthDay: 'MonthDay',
  duration: 'Duration',
  point: 'Point',
  shape: 'GeoJSON',
  divisions: 'Division',
  plate: 'String',
  phone: 'PhoneNumber',
  idNumber: 'IdNumber',
  concat: 'String',
  const: 'String',
};

export function field(name: string, converter: ConverterName, more: Partial<Field> = {}): Field {
  return {
    name,
    label: LABEL,
    description: null,
    converter,
    graphql: {
      name: GRAPHQL[converter],
      list: converter === 'flags' || converter === 'divisions',
      isEnum: false,
    },
    hidden: false,
    class: 'public',
    mask: null,
    unit: null,
    unitBy: null,
    measure: null,
    period: null,
    derived: null,
    ...more,
  };
}

export function reading(
  name: string,
  converter: ConverterName,
  columns: readonly string[],
  options: Reading['options'] = {},
  more: Partial<Reading> = {},
): Reading {
  return {
    field: name,
    converter,
    columns,
    point: null,
    flags: [],
    options,
    onBad: 'null',
    optional: false,
    ...more,
  };
}

export function form(readings: readonly Reading[], more: Partial<Form> = {}): Form {
  return {
    index: 0,
    source: 'main',
    object: 'records',
    shape: null,
    where: [],
    extend: [],
    each: null,
    fan: null,
    unpivot: null,
    only: null,
    adds: true,
    sync: { strategy: 'push', every: null, overlap: 'PT0S', late: 'PT0S', cursor: null, scope: [] },
    readings,
    ...more,
  };
}

export function unitType(
  name: string,
  more: Partial<UnitType> & Pick<UnitType, 'fields' | 'forms'>,
): UnitType {
  return {
    name,
    label: LABEL,
    description: null,
    role: 'thing',
    key: ['id'],
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
    links: [],
    ...more,
  };
}

export function source(more: Partial<SourceSpec> = {}): SourceSpec {
  return {
    name: 'main',
    kind: 'sql',
    url: { secret: 'URL' },
    zone: 'Asia/Shanghai',
    crs: 'WGS84',
    columnCase: 'exact',
    limits: {
      inFlight: 2,
      timeout: 'PT10S',
      rate: null,
      rows: 1000,
      fileBytes: 1,
      connections: 1,
      frameBytes: 1,
    },
    settings: {},
    objects: [],
    ...more,
  };
}

export function unit(types: readonly UnitType[], more: Partial<Unit> = {}): Unit {
  return {
    unit: 'sample',
    name: LABEL,
    owner: { contact: '科', phone: { secret: 'PHONE' } },
    zone: 'Asia/Shanghai',
    sources: [source()],
    codes: [],
    types,
    policy: { default: 'public', minGroup: 1, purposes: [] },
    manifest: '0'.repeat(64),
    ...more,
  };
}

export function codeList(
  name: string,
  values: { [value: string]: readonly string[] },
  more: Partial<CodeList> = {},
): CodeList {
  return {
    name,
    label: LABEL,
    ignoreCase: false,
    to: null,
    values: Object.entries(values).map(([value, from]) => ({
      name: value,
      label: LABEL,
      from,
      band: null,
      unit: null,
    })),
    other: null,
    ...more,
  };
}

/** The outcomes of one record under the only object of a unit. */
export function mapRecord(
  of: Unit,
  record: SourceRecord,
  context: MappingContext = CONTEXT,
  divisions: Divisions = DIVISIONS,
): readonly Outcome[] {
  const [mapping] = compileMappings(of, { divisions });
  return mapping === undefined ? [] : mapping.map(record, context);
}

/** The row of a record that must land as exactly one. */
export function mapRow(
  of: Unit,
  record: SourceRecord,
  context?: MappingContext,
  divisions?: Divisions,
): MappedRow {
  const outcomes = mapRecord(of, record, context, divisions);
  const [outcome] = outcomes;
  if (outcome?.kind !== 'row' || outcomes.length > 1)
    throw new Error(`must be one row, but got: ${JSON.stringify(outcomes)}`);
  return outcome.row;
}

export type OneField = {
  readonly converter: ConverterName;
  readonly columns?: readonly string[];
  readonly options?: Reading['options'];
  readonly reading?: Partial<Reading>;
  readonly field?: Partial<Field>;
  readonly codes?: readonly CodeList[];
  readonly zone?: string;
  readonly crs?: Crs | null;
};

/** A unit whose type has a key and one field `x`, read as said from the column `x` unless others are named. */
export function unitOf({
  converter,
  columns = ['x'],
  options = {},
  zone,
  crs,
  codes = [],
  ...more
}: OneField): Unit {
  const type = unitType('Sample', {
    fields: [field('id', 'text'), field('x', converter, more.field)],
    forms: [form([reading('id', 'text', ['id']), reading('x', converter, columns, options, more.reading)])],
  });
  const own = source({ ...(zone === undefined ? {} : { zone }), ...(crs === undefined ? {} : { crs }) });
  return unit([type], { codes, sources: [own] });
}

/** What such a field becomes: its value, and the code of its fault if it has one. */
export function readField(
  of: OneField,
  record: SourceRecord,
): { readonly value: MappedValue | undefined; readonly fault: Fault | null } {
  const row = mapRow(unitOf(of), { id: '1', ...record });
  return { value: row.values.x, fault: row.faults[0] ?? null };
}

/** The value, or the fault's code where there is none: what most tables of tests compare. */
export function readBrief(of: OneField, record: SourceRecord): unknown {
  const { value, fault } = readField(of, record);
  return fault === null ? value : value === null ? fault.code : { value, noted: fault.code };
}
