import { describe, expect, test } from '@jest/globals';
import { HYDROLOGY, RIVER, STATION, toField, toLink, toType, WATER } from './fixtures/units.ts';
import { toCatalog, toHubCatalog } from './to-catalog.ts';

const catalog = toCatalog(HYDROLOGY, [HYDROLOGY, WATER]);

function kindOf(type: string, field: string): string | undefined {
  return catalog.types.get(type)?.fields.get(field)?.kind;
}

describe('what the graph offers of a unit', () => {
  test.each([
    ['HydroStation', 'warnLevel', 'value'],
    ['HydroStation', 'location', 'location'],
    ['HydroStation', 'river', 'list'],
    ['HydroStation', 'latestRiver', 'latest'],
    ['HydroStation', 'floodTravelDown', 'list'],
    ['HydroStation', 'riverAggregate', 'groups'],
    ['HydroStation', 'floodTravelDownAggregate', 'groups'],
    ['HydroStation', 'lastAlarmAggregate', undefined],
    ['HydroStation', 'lastAlarm', 'single'],
    ['HydroStation', 'nearestReservoir', 'nearest'],
    ['RiverReading', 'station', 'link'],
    ['StationAlarm', 'reservoir', 'stub'],
    ['RiverReading', 'stationCode', undefined],
  ])('%s.%s leads to a %s', (type, field, kind) => expect(kindOf(type, field)).toBe(kind));

  test('leaves the division and location of a reading to its thing', () => {
    const reading = catalog.types.get('RiverReading');
    expect(reading?.divisionBy).toMatchObject({ by: 'station', always: true });
    expect(reading?.locationBy?.to.type.name).toBe('HydroStation');
  });

  test('lets an event that states a division keep it', () => {
    expect(catalog.types.get('StationAlarm')?.divisionBy).toMatchObject({ by: 'station', always: false });
    expect(catalog.types.get('StationAlarm')?.locationBy).toBeNull();
  });

  test('lets a reading without any way of its own inherit the division of its thing', () => {
    const unit = { ...HYDROLOGY, types: [STATION, { ...RIVER, division: [] }] };
    expect(toCatalog(unit).types.get('RiverReading')?.divisionBy).toMatchObject({
      by: 'station',
      always: true,
    });
  });

  test('reads a division through a link into another unit where that unit is known', () => {
    const valve = toType('Valve', {
      division: [{ by: 'link', link: 'reservoir' }],
      links: [toLink('reservoir', 'water', 'Reservoir')],
    });
    const unit = { ...HYDROLOGY, types: [valve] };
    expect(toCatalog(unit, [unit, WATER]).types.get('Valve')?.divisionBy?.to.unit).toBe('water');
    expect(toCatalog(unit).types.get('Valve')?.divisionBy).toBeNull();
  });
});

describe('what the whole hub offers', () => {
  const hub = toHubCatalog([HYDROLOGY, WATER]);

  test('has the types of all units, and follows a link into another unit', () => {
    expect([...hub.types.keys()]).toEqual(expect.arrayContaining(['HydroStation', 'Reservoir']));
    expect(hub.types.get('StationAlarm')?.fields.get('reservoir')).toMatchObject({
      kind: 'link',
      to: { unit: 'water', type: { name: 'Reservoir' } },
    });
  });

  test('offers under each type the fields that its unit offers', () => {
    for (const [name, type] of catalog.types)
      expect([...(hub.types.get(name)?.fields.keys() ?? [])]).toEqual([...type.fields.keys()]);
  });

  test('refuses two units whose types would be asked by one name', () => {
    const other = { ...WATER, types: [toType('HydroStations', {})] };
    expect(() => toHubCatalog([HYDROLOGY, other])).toThrow('would both be asked as "hydroStations"');
  });
});

describe('an inverse across units', () => {
  const toLake = (unit: string, type: string, inverse = 'reservoir') => {
    const links = [toLink('gauge', 'hydrology', 'HydroStation', { inverse, one: true })];
    return { ...WATER, unit, types: [toType(type, { links })] };
  };
  const lake = toLake('water', 'Reservoir');
  const units = [HYDROLOGY, lake];
  const addedBy = (unit: typeof HYDROLOGY, type: string) => [
    ...(toCatalog(unit, units).added.get(type)?.fields.keys() ?? []),
  ];

  test('is added by the unit that has the link, with the id by which it is asked', () => {
    expect(addedBy(lake, 'HydroStation')).toEqual(['id', 'reservoir']);
    expect(addedBy(HYDROLOGY, 'Reservoir')).toEqual(['id', 'alarms', 'alarmsAggregate']);
    expect(addedBy(HYDROLOGY, 'HydroStation')).toEqual([]);
  });

  test('is known to the other unit and to the hub, so that conditions can lead through it', () => {
    for (const known of [toCatalog(HYDROLOGY, units), toHubCatalog(units)]) {
      const field = known.types.get('HydroStation')?.fields.get('reservoir');
      expect(field).toMatchObject({ kind: 'single', by: 'gauge', type: { unit: 'water' } });
    }
  });

  test('is nowhere while the other unit is absent', () => {
    expect(toCatalog(lake).added.size).toBe(0);
    expect(toHubCatalog([lake]).types.get('Reservoir')?.fields.has('alarms')).toBe(false);
  });

  test('under a name that the other unit has is refused, with both', () => {
    const clash = toLake('water', 'Reservoir', 'name');
    const message =
      'water: Reservoir.gauge would add name to hydrology.HydroStation, which has that name from hydrology already';
    expect(() => toCatalog(clash, [HYDROLOGY, clash])).toThrow(message);
    expect(() => toHubCatalog([clash, HYDROLOGY])).toThrow(message);
    expect(() => toCatalog(HYDROLOGY, [HYDROLOGY, clash])).not.toThrow();
  });

  test('under one name by two units is refused of the later one, with both', () => {
    const port = toLake('maritime', 'Ferry');
    const all = [...units, port];
    const message =
      'maritime: Ferry.gauge would add reservoir to hydrology.HydroStation, which has that name from water';
    expect(() => toCatalog(port, all)).toThrow(message);
    expect(() => toHubCatalog(all)).toThrow(message);
    expect(() => [toCatalog(lake, all), toCatalog(HYDROLOGY, all)]).not.toThrow();
  });
});

describe('two things under one name', () => {
  test('as a field and a reading are refused with the name', () => {
    const clash = { ...STATION, fields: [...STATION.fields, toField('river', 'String')] };
    const unit = { ...HYDROLOGY, types: [clash, RIVER] };
    expect(() => toCatalog(unit)).toThrow('HydroStation.river would stand for two things');
    const grouped = { ...STATION, fields: [...STATION.fields, toField('riverAggregate', 'String')] };
    expect(() => toCatalog({ ...HYDROLOGY, types: [grouped, RIVER] })).toThrow(
      'HydroStation.riverAggregate would stand for two things',
    );
  });

  test('as roots of two types are refused with both', () => {
    const unit = { ...HYDROLOGY, types: [toType('Bus', {}), toType('Buses', {})] };
    expect(() => toCatalog(unit)).toThrow('types Bus and Buses would both be asked as "buses"');
    const groups = { ...HYDROLOGY, types: [toType('Bus', {}), toType('BusesAggregate', {})] };
    expect(() => toCatalog(groups)).toThrow('would both be asked as "busesAggregate"');
  });
});
