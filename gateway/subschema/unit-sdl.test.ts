import { readdir, readFile } from 'node:fs/promises';
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { describe, expect, test } from '@jest/globals';
import { buildSchema, isInputObjectType, isNonNullType, isObjectType } from 'graphql';
import { parseManifest } from '../../connectors/kit/manifest/parse-manifest.ts';
import { QUESTION_TYPES } from '../../schema/sdl.ts';
import { HYDROLOGY, WATER } from '../compile/fixtures/units.ts';
import { toUnitSubschemaSdl } from './unit-sdl.ts';

const SDL = toUnitSubschemaSdl(HYDROLOGY);
const SCHEMA = buildSchema(SDL);

function show(type: string, field: string): string {
  const of = SCHEMA.getType(type);
  const found = isObjectType(of) ? of.getFields()[field] : undefined;
  return `(${found?.args.map((arg) => `${arg.name}: ${arg.type}`).join(', ')}): ${found?.type}`;
}

describe('the SDL of a unit', () => {
  const toPage = (type: string, more = '') =>
    `(where: ${type}Where, orderBy: [${type}Order!], first: Int, after: String, last: Int, before: String, asOf: DateTime, changedSince: DateTime${more})`;
  const ofBuckets = toPage('RiverReading', ', bucket: Duration');
  const toGroups = (type: string) =>
    `(where: ${type}Where, groupBy: [${type}Group!], having: ${type}Having, orderBy: [${type}AggregateOrder!], first: Int): [${type}Aggregate]`;

  test.each([
    ['Query', 'hydroStation', '(id: ID!, asOf: DateTime): HydroStation'],
    ['Query', 'hydroStationsChanges', '(since: String, first: Int): HydroStationChanges'],
    ['HydroStationChanges', 'nodes', '(): [HydroStationChange]'],
    ['HydroStationChange', 'row', '(): HydroStation'],
    ['Query', 'hydroStations', `${toPage('HydroStation')}: HydroStationConnection`],
    ['Query', 'riverReadings', `${ofBuckets}: RiverReadingConnection`],
    ['Query', 'riverReadingsAggregate', toGroups('RiverReading')],
    ['Query', '_hydrologyHydroStations', '(ids: [ID!]!): [HydroStation]!'],
    ['Query', '_hydrologyDivisions', '(codes: [ID!]!): [Division]!'],
    ['Division', 'hydroStations', `${toPage('HydroStation')}: HydroStationConnection`],
    ['Division', 'stationAlarmsAggregate', toGroups('StationAlarm')],
    ['HydroStation', 'river', `${ofBuckets}: RiverReadingConnection`],
    ['HydroStation', 'riverAggregate', toGroups('RiverReading')],
    ['HydroStation', 'floodTravelDownAggregate', toGroups('FloodTravel')],
    ['RiverReadingAggregate', 'count', '(): Int'],
    ['RiverReadingAggregate', 'percentile', '(p: Float!): RiverReadingPercentiles'],
    ['HydroStationSums', 'rank', '(): Float'],
    ['HydroStationSums', 'cost', '(): Decimal'],
    ['HydroStationSums', 'name', '(undefined): undefined'],
    ['HydroStationMeans', 'serial', '(): Decimal'],
    ['HydroStationExtremes', 'checkedAt', '(): DateTime'],
    ['HydroStationExtremes', 'kind', '(undefined): undefined'],
    ['HydroStationDistinct', 'kind', '(): Int'],
    ['FloodTravelAggregate', 'sum', '(undefined): undefined'],
    ['RiverReadingGroupKey', 'station', '(): HydroStationGroupKey'],
    ['StationAlarmGroupKey', 'reservoir', '(undefined): undefined'],
    ['HydroStationGroupKey', 'division', '(): Division'],
    ['HydroStation', 'latestRiver', '(): RiverReading'],
    ['HydroStation', 'floodTravelDown', `${toPage('FloodTravel')}: FloodTravelConnection`],
    ['HydroStation', 'lastAlarm', '(): StationAlarm'],
    ['StationAlarm', 'reservoir', '(): Reservoir'],
    ['Reservoir', 'id', '(): ID!'],
    ['Unit', 'code', '(): ID!'],
    ['HydroStationConnection', 'nodes', '(): [HydroStation]'],
    ['HydroStationConnection', 'edges', '(): [HydroStationEdge]'],
    ['HydroStationConnection', 'pageInfo', '(): PageInfo!'],
    ['HydroStationConnection', 'totalCount', '(): Int'],
  ])('offers %s.%s%s', (type, field, shape) => expect(show(type, field)).toBe(shape));

  test.each([
    ['HydroStationWhere', 'warnLevel', 'FloatFilter'],
    ['HydroStationWhere', 'kind', 'StationKindFilter'],
    ['HydroStationWhere', 'tags', 'StringListFilter'],
    ['HydroStationWhere', 'latestRiver', 'RiverReadingWhere'],
    ['HydroStationWhere', 'river', 'RiverReadingRowsWhere'],
    ['HydroStationWhere', 'and', '[HydroStationWhere!]'],
    ['StationAlarmWhere', 'reservoir', 'ReservoirWhere'],
    ['ReservoirWhere', 'code', 'StringFilter'],
    ['FloatFilter', 'between', '[Float!]'],
    ['HydroStationOrder', 'lastAlarm', 'StationAlarmOrder'],
    ['HydroStationOrder', 'area', undefined],
    ['HydroStationOrder', 'river', undefined],
    ['HydroStationGroup', 'checkedAt', 'TimeGroup'],
    ['HydroStationGroup', 'kind', 'Boolean'],
    ['HydroStationGroup', 'division', 'DivisionLevel'],
    ['HydroStationGroup', 'lastAlarm', 'StationAlarmGroup'],
    ['HydroStationGroup', 'tags', undefined],
    ['StationAlarmGroup', 'reservoir', 'ReservoirGroup'],
    ['HydroStationHaving', 'max', 'HydroStationExtremesHaving'],
    ['HydroStationSumsHaving', 'serial', 'DecimalFilter'],
    ['HydroStationAggregateOrder', 'group', 'HydroStationGroupOrder'],
  ])('takes %s.%s: %s', (type, field, shape) => {
    const of = buildSchema(toUnitSubschemaSdl(HYDROLOGY, [HYDROLOGY, WATER])).getType(type);
    expect(isInputObjectType(of) ? of.getFields()[field]?.type.toString() : null).toBe(shape);
  });

  test('has inputs whose names no unit can take', () => {
    const inputs = Object.values(SCHEMA.getTypeMap()).filter((type) => isInputObjectType(type));
    const own = /^(?:HydroStation|RiverReading|RainReading|FloodTravel|StageLimit|StationAlarm|StationKind)/;
    const names = inputs.map(({ name }) => name).filter((name) => !own.test(name));
    expect([...names, 'OrderDirection'].sort()).toEqual([...QUESTION_TYPES, 'PointInput'].sort());
  });

  test('never lets one of its rows null a list of the city', () => {
    const lists = Object.values(SCHEMA.getQueryType()?.getFields() ?? {}).filter(
      (field) => !field.name.startsWith('_'),
    );
    expect(lists.filter((field) => isNonNullType(field.type))).toEqual([]);
    const elements = Object.values(SCHEMA.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()).map((field) => String(field.type)));
    expect(elements.filter((type) => /\[(?!ID|String|Division|__)\w+!\]/.test(type))).toEqual([]);
  });

  test('merges by keyField alone: a key on the type would ask the unit twice', () => {
    expect(SDL).toContain('@merge(keyField: "id")');
    expect(SDL).not.toMatch(/type \w+ [^{]*@key/);
    const { stitchingDirectivesValidator } = stitchingDirectives();
    expect(() => stitchingDirectivesValidator(SCHEMA)).not.toThrow();
  });

  test('has no default for first: what is not said is 20', () => expect(SDL).not.toMatch(/first: Int =/));

  test('adds to a type of another unit what its links name there, and how it is asked for it', () => {
    const schema = buildSchema(toUnitSubschemaSdl(HYDROLOGY, [HYDROLOGY, WATER]));
    const toFields = (name: string) => {
      const type = schema.getType(name);
      return isObjectType(type)
        ? Object.values(type.getFields()).map((field) => `${field.name}: ${field.type}`)
        : [];
    };
    expect(toFields('Reservoir')).toEqual([
      'id: ID!',
      'alarms: StationAlarmConnection',
      'alarmsAggregate: [StationAlarmAggregate]',
    ]);
    expect(toFields('Query')).toContain('_hydrologyReservoirs: [Reservoir]!');
    const water = toUnitSubschemaSdl(WATER, [HYDROLOGY, WATER]);
    expect(water).not.toContain('alarms(');
    expect(water).toContain('  alarms: StationAlarmRowsWhere');
  });

  test('of a second unit shares no lookup with the first', () => {
    const lookups = (sdl: string): readonly string[] => sdl.match(/^ {2}_\w+/gm) ?? [];
    expect(lookups(toUnitSubschemaSdl(WATER)).filter((name) => lookups(SDL).includes(name))).toEqual([]);
  });
});

describe('the manifests of the repository', () => {
  test('all give an SDL that builds', async () => {
    const folder = new URL('../../connectors/units/', import.meta.url);
    const built = [];
    for (const name of await readdir(folder)) {
      const text = await readFile(new URL(`${name}/unit.yaml`, folder), 'utf8').catch(() => null);
      if (text === null) continue;
      const { unit, faults } = parseManifest(text, { file: 'unit.yaml', folder: name });
      if (unit === null) throw new Error(`${name}: ${JSON.stringify(faults)}`);
      built.push([name, buildSchema(toUnitSubschemaSdl(unit)).getType('Division') !== undefined]);
    }
    expect(built).toContainEqual(['hydrology', true]);
  });
});
