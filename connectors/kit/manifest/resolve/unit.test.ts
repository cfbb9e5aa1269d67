import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Form, Reading, Unit, UnitType } from '../model.ts';
import { parseManifest } from '../parse-manifest.ts';

function open(name: string): Unit {
  const text = readFileSync(new URL(`../fixtures/drafts/${name}.yaml`, import.meta.url), 'utf8');
  const { unit } = parseManifest(text, { file: name, folder: name });
  if (unit === null) throw new Error(`${name} has errors`);
  return unit;
}
function typeOf(unit: Unit, name: string): UnitType {
  const type = unit.types.find((one) => one.name === name);
  if (type === undefined) throw new Error(`no type ${name}`);
  return type;
}
function formOf(type: UnitType, index: number): Form {
  const form = type.forms[index];
  if (form === undefined) throw new Error(`no form ${index}`);
  return form;
}
const reading = (form: Form, field: string): Reading | undefined =>
  form.readings.find((one) => one.field === field);

describe('defaults', () => {
  const water = open('water');

  test('of a unit, its sources and its limits', () => {
    expect(water.zone).toBe('Asia/Shanghai');
    expect(water.sources[0]).toMatchObject({
      kind: 'sql',
      zone: 'Asia/Shanghai',
      columnCase: 'exact',
      limits: { inFlight: 4, timeout: 'PT10S', rows: 1000, rate: null, connections: 100, frameBytes: 65_536 },
      objects: [],
    });
    expect(open('weather').sources[0]?.zone).toBe('UTC');
  });

  test('of a type', () => {
    expect(typeOf(water, 'RescueProgress')).toMatchObject({
      merge: 'row',
      backfill: 'P7D',
      keep: null,
      history: 'P90D',
      read: 'store',
      class: 'internal',
      deletes: { absence: false, column: null, when: [], maxPercent: 10 },
    });
    expect(typeOf(open('public-security'), 'Feedback').class).toBe('sensitive');
  });

  test('of a sync: a form has its own or its type’s; push and files have no interval', () => {
    expect(formOf(typeOf(water, 'FloodLimit'), 0).sync).toEqual({
      strategy: 'snapshot',
      every: 'PT6H',
      overlap: 'PT0S',
      late: 'PT0S',
      cursor: null,
      scope: [],
    });
    const river = typeOf(open('hydrology'), 'RiverReading');
    expect(formOf(river, 0).sync).toMatchObject({ strategy: 'window', every: 'PT5M', late: 'P3D' });
    expect(formOf(river, 1).sync).toMatchObject({ strategy: 'push', every: null });
    expect(formOf(typeOf(open('education'), 'School'), 0).sync).toMatchObject({
      every: null,
      scope: ['@county'],
    });
  });

  test('what a source says beyond the common keys is kept as it is written', () => {
    const [monitor] = open('fire-rescue').sources;
    expect(monitor?.settings).toMatchObject({
      qos: 1,
      ack: 'durable',
      session: { client: 'hub-fire-rescue', expires: 'P1D' },
    });
    expect(Object.keys(monitor?.settings ?? {})).not.toContain('url');
    expect(monitor?.objects.map(({ name }) => name)).toEqual(['frames', 'others', 'json', 'state']);
  });
});

describe('what a form inherits', () => {
  test('its own entry replaces columns and reading options, and keeps the meaning', () => {
    const [viirs, modis, domestic] = typeOf(open('forestry'), 'FireHotspot').forms;
    if (viirs === undefined || modis === undefined || domestic === undefined)
      throw new Error('three forms are expected');
    expect(reading(viirs, 'observedAt')).toMatchObject({
      columns: ['acq_date', 'acq_time'],
      options: { pad: { acq_time: 4 }, formats: ['yyyy-MM-dd HHmm'], future: 'PT10M' },
    });
    expect(reading(domestic, 'observedAt')?.options.pad).toBeUndefined();
    expect(reading(domestic, 'latKey')).toMatchObject({ columns: ['纬度'], options: { places: 4 } });
    expect(reading(modis, 'brightness')).toMatchObject({
      columns: ['brightness'],
      options: { range: [200, 600] },
    });
    expect(reading(modis, 'sensor')).toMatchObject({
      converter: 'const',
      options: { const: 'MODIS', list: 'FireSensor' },
    });
  });

  test('a field that is absent in a form has no reading there', () => {
    const forms = typeOf(open('forestry'), 'FireHotspot').forms;
    expect(forms.map((form) => reading(form, 'confidencePercent') !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
    expect(forms.map((form) => reading(form, 'power') !== undefined)).toEqual([true, true, false]);
  });

  test('`only` leaves all other fields out', () => {
    const forms = typeOf(open('maritime'), 'Vessel').forms;
    expect(forms.map((form) => form.readings.map(({ field }) => field))).toEqual([
      ['mmsi', 'name', 'callSign', 'kind', 'length', 'beam', 'draught'],
      ['mmsi', 'name'],
      ['mmsi', 'callSign', 'kind', 'length', 'beam'],
      ['mmsi'],
    ]);
  });

  test('flags and points name their columns', () => {
    const record = formOf(typeOf(open('transport'), 'VehiclePosition'), 2);
    expect(reading(record, 'alarms')).toMatchObject({
      converter: 'flags',
      options: { when: ['1'], list: 'VehicleAlarmKind' },
      flags: expect.arrayContaining([{ column: 'alarm01', value: 'OVERSPEED' }]),
    });
    expect(reading(record, 'location')).toMatchObject({
      columns: ['lng', 'lat'],
      point: { lon: 'lng', lat: 'lat' },
      options: { scale: '0.000001' },
    });
  });

  test('the unit of a duration is inherited with it, and a dms point keeps its form', () => {
    expect(reading(formOf(typeOf(open('water'), 'ReservoirRain'), 0), 'rained')?.options).toEqual({
      unit: 'HH.NN',
    });
    expect(reading(formOf(typeOf(open('forestry'), 'WatchTower'), 0), 'location')?.options).toEqual({
      form: 'dms',
    });
  });
});

describe('what sets a record aside', () => {
  test('a bad key part, time, or field of a link in the key; others become null', () => {
    const form = formOf(typeOf(open('water'), 'WaterLevel'), 0);
    expect(form.readings.map(({ field, onBad }) => `${field} ${onBad}`)).toEqual([
      'reservoirCode setAside',
      'measurePoint setAside',
      'observedAt setAside',
      'level null',
      'inflow null',
      'outflow null',
      'storage null',
      'trend null',
    ]);
  });
});

describe('fields', () => {
  test('have the GraphQL type of their converter', () => {
    const fields = new Map(
      typeOf(open('weather'), 'Warning').fields.map((field) => [field.name, field.graphql]),
    );
    expect(fields.get('identifier')).toEqual({ name: 'String', list: false, isEnum: false });
    expect(fields.get('status')).toEqual({ name: 'CapStatus', list: false, isEnum: true });
    expect(fields.get('areas')).toEqual({ name: 'Division', list: true, isEnum: false });
    expect(fields.get('extent')).toEqual({ name: 'GeoJSON', list: false, isEnum: false });
  });

  test('measure defaults to level for numbers, and the period may be a field or a constant', () => {
    const fields = new Map(typeOf(open('water'), 'ReservoirRain').fields.map((field) => [field.name, field]));
    expect(fields.get('amount')).toMatchObject({
      measure: 'amount',
      unit: 'mm',
      period: { field: 'period' },
    });
    expect(fields.get('day')).toMatchObject({ measure: 'rolling', period: { const: 'PT24H' } });
    expect(fields.get('period')).toMatchObject({ measure: null, unit: null, graphql: { name: 'Duration' } });
    expect(typeOf(open('water'), 'Reservoir').fields.find(({ name }) => name === 'damTop')?.measure).toBe(
      'level',
    );
  });

  test('those that the hub adds stand behind their own and say where they come from', () => {
    const { fields } = typeOf(open('ecology'), 'EmissionReading');
    expect(
      fields.filter(({ derived }) => derived !== null).map(({ name, derived }) => [name, derived]),
    ).toEqual([
      ['valueQuality', { from: 'value', as: 'quality' }],
      ['valueUnit', { from: 'value', as: 'unit' }],
      ['leastUnit', { from: 'least', as: 'unit' }],
      ['mostUnit', { from: 'most', as: 'unit' }],
    ]);
    const happened = typeOf(open('urban-management'), 'CityCase').fields.map(({ name }) => name);
    expect(happened.indexOf('observedAt')).toBe(happened.indexOf('reportedAt') + 1);
  });
});

describe('links', () => {
  test('know which alternative makes a key and which must be looked up', () => {
    const [vehicle] = typeOf(open('transport'), 'VehiclePosition').links;
    expect(vehicle?.on).toEqual([
      { over: 'unique', pairs: [{ own: 'simNo', target: 'simNo' }] },
      {
        over: 'key',
        pairs: [
          { own: 'plate', target: 'plate' },
          { own: 'colour', target: 'colour' },
        ],
      },
    ]);
    expect(vehicle).toMatchObject({
      to: { unit: 'transport', type: 'TransportVehicle' },
      onMissing: 'wait',
      nearest: null,
    });
  });

  test('into other units and to what is near carry the unit', () => {
    const links = typeOf(open('education'), 'SchoolBus').links;
    expect(links.map(({ to }) => to?.unit)).toEqual(['education', 'transport']);
    const [hazard] = typeOf(open('education'), 'School').links;
    expect(hazard).toMatchObject({
      to: null,
      on: [],
      nearest: { unit: 'natural-resources', type: 'GeoHazardPoint', maxMetres: 2000 },
    });
  });

  test('the current row of a season keeps its name', () => {
    const limit = typeOf(open('water'), 'FloodLimit');
    expect(limit.valid).toEqual({ from: 'begins', to: 'ends', yearly: true });
    expect(limit.links[0]).toMatchObject({ inverse: 'floodLimits', current: 'floodLimit' });
  });
});

test('a unit is plain JSON and can cross to a worker', () => {
  const unit = open('political-legal');
  expect(JSON.parse(JSON.stringify(unit))).toEqual(unit);
  expect(structuredClone(unit)).toEqual(unit);
});
