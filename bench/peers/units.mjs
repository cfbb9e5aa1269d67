// The graph of the three units and of the city's divisions, as somebody writes it by hand: type definitions and resolvers for
// each, put together to one schema by hand-written.mjs and to four subgraphs by subgraphs.mjs. Names are the hub's.
import {
  readAges,
  readByKeys,
  readHighest,
  readHighestByHour,
  TABLES,
  toEvents,
  toLatest,
  toReadings,
  toThings,
  toTravels,
} from './rows.mjs';

/** Of every subgraph, and once of the one schema. `share`: '@shareable' in a subgraph. */
export const toSharedSdl = (share) => /* GraphQL */ `
  scalar DateTime
  scalar Duration
  enum DivisionLevel { CITY COUNTY TOWN VILLAGE }
  type Point ${share} { lon: Float! lat: Float! }
  type Source ${share} { freshness: String receivedAt: DateTime }
  input FloatTest { gt: Float }
  input TimeTest { gte: DateTime lte: DateTime }
  input TimeWhere { observedAt: TimeTest }
`;

const COUNTY = (code) => code.slice(0, 6);

/** A field of a division with one batch for all divisions of the request. `toRead`: arguments → batch. */
function toCountyField(name, toRead) {
  return async ({ code }, args, { load }) => ({
    nodes: await load(`${name}${JSON.stringify(args)}`, () => toRead(args)).load(COUNTY(code)),
  });
}

function toReadingsField(name, type) {
  return toCountyField(name, ({ where, last }) =>
    toReadings(TABLES[type], { until: where.observedAt.lte, last }),
  );
}

function toEventsField(name, type) {
  return toCountyField(name, ({ where, last }) =>
    toEvents(TABLES[type], { until: where.observedAt.lte, last }),
  );
}

function toThingsField(name, type) {
  return toCountyField(name, ({ where, first }) =>
    toThings(TABLES[type], { first, above: where?.warnLevel?.gt }),
  );
}

function toStation(type, column) {
  return (row, _args, { load }) =>
    load(type, () => (db, keys) => readByKeys(db, TABLES[type], keys)).load(row[column]);
}

function toSource(type, promise) {
  return async ({ receivedAt }, _args, { load }) => {
    const age = await load('ages', () => readAges).load(type);
    const within = [
      [1, 'LIVE'],
      [3, 'LATE'],
      [24, 'STALE'],
    ].find(([times]) => age <= promise * times);
    return { receivedAt, freshness: within?.[1] ?? 'DEAD' };
  };
}

const location = ({ lon, lat }) => ({ lon, lat });

const toDivision = (code, { divisions }) => ({ code, name: divisions.get(code)?.name ?? null });

const divisionName = ({ code, name }, _args, { divisions }) => name ?? divisions.get(code)?.name ?? null;

const CITY = {
  name: 'city',
  toSdl: (key, share) => /* GraphQL */ `
    type Query { divisions(level: DivisionLevel!): [Division] }
    type Division ${key} { code: ID! name: String ${share} }
  `,
  resolvers: {
    Query: {
      divisions: (_root, { level }, { divisions }) =>
        [...divisions.values()].filter((one) => one.level === level),
    },
    Division: { name: divisionName },
  },
};

const HYDROLOGY = {
  name: 'hydrology',
  toSdl: (key, share) => /* GraphQL */ `
    ${key === '' ? 'extend type Query' : 'type Query'} {
      hydroStation(id: ID!): HydroStation
      riverReadings(where: RiverReadingWhere, orderBy: [RiverReadingOrder!], first: Int = 20): RiverReadingConnection
      riverReadingsAggregate(where: RiverReadingWhere, groupBy: [RiverReadingGroup!], first: Int = 100): [RiverReadingAggregate]
    }
    ${key === '' ? 'extend type Division' : `type Division ${key}`} {
      ${key === '' ? '' : `code: ID! name: String ${share}`}
      hydroStations(where: HydroStationWhere, first: Int = 20): HydroStationConnection
      riverReadings(where: TimeWhere, last: Int = 20): RiverReadingConnection
      rainReadings(where: TimeWhere, last: Int = 20): RainReadingConnection
      floodTravels(first: Int = 20): FloodTravelConnection
    }
    input HydroStationWhere { warnLevel: FloatTest }
    input RiverReadingWhere { observedAt: TimeTest stage: FloatTest }
    enum Direction { ASC DESC }
    input RiverReadingOrder { stage: Direction observedAt: Direction }
    input TimeGroup { bucket: Duration }
    input RiverReadingGroup { division: DivisionLevel observedAt: TimeGroup }
    type HydroStation {
      id: ID! name: String riverName: String kind: String warnLevel: Float guaranteeLevel: Float location: Point division: Division
      latestRiver: RiverReading rain(last: Int = 20): RainReadingConnection source: Source!
    }
    type RiverReading { id: ID! observedAt: DateTime stage: Float flow: Float station: HydroStation division: Division }
    type RainReading { id: ID! observedAt: DateTime amount: Float period: Duration station: HydroStation }
    type FloodTravel { id: ID! shortest: Duration longest: Duration mean: Duration upstream: HydroStation downstream: HydroStation }
    type RiverReadingGroupKey { division: Division observedAt: DateTime }
    type RiverReadingMax { stage: Float }
    type RiverReadingAggregate { group: RiverReadingGroupKey max: RiverReadingMax }
    type HydroStationConnection { nodes: [HydroStation] }
    type RiverReadingConnection { nodes: [RiverReading] }
    type RainReadingConnection { nodes: [RainReading] }
    type FloodTravelConnection { nodes: [FloodTravel] }
  `,
  resolvers: {
    Query: {
      hydroStation: (_root, { id }, { load }) =>
        load('HydroStation', () => (db, keys) => readByKeys(db, TABLES.HydroStation, keys)).load(
          id.slice('hydrology:HydroStation:'.length),
        ),
      riverReadings: async (_root, { where, first }, { db }) => ({
        nodes: await readHighest(db, {
          from: where.observedAt.gte,
          until: where.observedAt.lte,
          above: where.stage.gt,
          first,
        }),
      }),
      riverReadingsAggregate: async (_root, { where, groupBy, first }, { db }) => {
        const bucket = groupBy.find((one) => one.observedAt != null).observedAt.bucket;
        const bounds = { until: where.observedAt.lte, above: where.stage.gt };
        const rows = await readHighestByHour(db, { ...bounds, bucket, first });
        return rows.map(({ county, hour, stage }) => ({
          group: { division: { code: county }, observedAt: hour },
          max: { stage },
        }));
      },
    },
    Division: {
      // Shared: hydrology knows the names too, so that 500 rows with their divisions need no second subgraph.
      name: divisionName,
      hydroStations: toThingsField('hydroStations', 'HydroStation'),
      riverReadings: toReadingsField('riverReadings', 'RiverReading'),
      rainReadings: toReadingsField('rainReadings', 'RainReading'),
      floodTravels: toCountyField('floodTravels', toTravels),
    },
    HydroStation: {
      location,
      division: ({ division_code: code }, _args, context) => toDivision(code, context),
      latestRiver: async ({ key }, _args, { load }) =>
        (await load('latestRiver', () => toLatest(TABLES.RiverReading, { last: 1 })).load(key))[0] ?? null,
      rain: async ({ key }, { last }, { load }) => ({
        nodes: await load(`rain${last}`, () => toLatest(TABLES.RainReading, { last })).load(key),
      }),
      source: toSource('HydroStation', 7200),
    },
    RiverReading: {
      station: toStation('HydroStation', 'station_key'),
      division: async (row, args, context) => {
        const station = await toStation('HydroStation', 'station_key')(row, args, context);
        return station === null ? null : toDivision(station.division_code, context);
      },
    },
    RainReading: { station: toStation('HydroStation', 'station_key') },
    FloodTravel: {
      upstream: toStation('HydroStation', 'upstream_key'),
      downstream: toStation('HydroStation', 'downstream_key'),
    },
  },
};

const WEATHER = {
  name: 'weather',
  toSdl: (key) => /* GraphQL */ `
    ${key === '' ? 'extend type Division' : `type Division ${key}`} {
      ${key === '' ? '' : 'code: ID!'}
      weatherStations(first: Int = 20): WeatherStationConnection
      observations(where: TimeWhere, last: Int = 20): ObservationConnection
      warnings(where: TimeWhere, last: Int = 20): WarningConnection
    }
    type WeatherStation { id: ID! name: String altitude: Float location: Point source: Source! }
    type Observation {
      id: ID! observedAt: DateTime cadence: String temperature: Float humidity: Float pressure: Float rain1h: Float windSpeed: Float
      windDirection: Float visibility: Float station: WeatherStation
    }
    type Warning { id: ID! sent: DateTime expires: DateTime status: String severity: String colour: String headline: String }
    type WeatherStationConnection { nodes: [WeatherStation] }
    type ObservationConnection { nodes: [Observation] }
    type WarningConnection { nodes: [Warning] }
  `,
  resolvers: {
    Division: {
      weatherStations: toThingsField('weatherStations', 'WeatherStation'),
      observations: toReadingsField('observations', 'Observation'),
      warnings: toEventsField('warnings', 'Warning'),
    },
    WeatherStation: { location, source: toSource('WeatherStation', 900) },
    Observation: { station: toStation('WeatherStation', 'station_key') },
  },
};

const FORESTRY = {
  name: 'forestry',
  toSdl: (key) => /* GraphQL */ `
    ${key === '' ? 'extend type Division' : `type Division ${key}`} {
      ${key === '' ? '' : 'code: ID!'}
      fireHotspots(where: TimeWhere, last: Int = 20): FireHotspotConnection
      watchTowers(first: Int = 20): WatchTowerConnection
      rangers(first: Int = 20): RangerConnection
    }
    type FireHotspot { id: ID! observedAt: DateTime satellite: String confidence: String brightness: Float power: Float location: Point }
    type WatchTower { id: ID! name: String height: Float location: Point }
    type Ranger { id: ID! name: String phone: String area: Float }
    type FireHotspotConnection { nodes: [FireHotspot] }
    type WatchTowerConnection { nodes: [WatchTower] }
    type RangerConnection { nodes: [Ranger] }
  `,
  resolvers: {
    Division: {
      fireHotspots: toEventsField('fireHotspots', 'FireHotspot'),
      watchTowers: toThingsField('watchTowers', 'WatchTower'),
      rangers: toThingsField('rangers', 'Ranger'),
    },
    FireHotspot: { location },
    WatchTower: { location },
  },
};

export const PARTS = [CITY, HYDROLOGY, WEATHER, FORESTRY];
