// Both doors give the same answer: the same JSON, keys in order, and the same lines of sources.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Doors, openDoors } from './fixtures/open-doors.ts';

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

type Case = {
  readonly text: string;
  readonly variables?: object;
  /** 1 unless the hub knows everything by heart. */
  readonly statements?: number;
  /** Stitching reads a row of another unit once, however often it stands in the answer: it tells fewer rows. */
  readonly repeats?: true;
};

const STATION =
  'id name kind location { lat lon } divisionBasis inUse warnLevel rank serial cost built season visit checkedAt area tags';
const SOURCE =
  'source { unit { code name nameEn __typename } nativeKey observedAt receivedAt freshness via __typename }';
const PAGE =
  'pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename } totalCount __typename';

/** In this order: the first two live, then of what there is none. */
const ID_ODDITIES = [
  'water:Reservoir:R1',
  'hydrology:HydroStation:61512001',
  'hydrology:HydroStation:61512005',
  'hydrology:StationAlarm:A1',
  'water:Reservoir:none',
  'water:HydroStation:61512001',
  'moon:Crater:1',
  '',
  'hydrology:HydroStation:6151\0',
  'hydrology:HydroStation:\ud800',
  'water:Reservoir:R1',
];

const CASES: Readonly<Record<string, Case>> = {
  'a masked number of a row that is asked for twice': {
    text: '{ nodes(ids: ["water:Reservoir:R1", "water:Reservoir:R1"]) { ... on Reservoir { gauge { lastAlarm { number phone idNumber caller } } } } }',
    repeats: true,
  },
  'one row by id, with every kind of value': {
    text: `{ hydroStation(id: "hydrology:HydroStation:61512001") { __typename ${STATION} ${SOURCE} } }`,
  },
  'a row that is not there, one that is gone, and an id of another type': {
    text: `{ a: hydroStation(id: "hydrology:HydroStation:none") { id } b: hydroStation(id: "hydrology:HydroStation:61512005") { id } c: hydroStation(id: "water:Reservoir:R1") { id } }`,
  },
  'all rows of several types of two units': {
    text: `{ hydroStations(first: 4) { nodes { ${STATION} ${SOURCE} } ${PAGE} } reservoirs { edges { cursor __typename node { id code location { lon __typename } } } ${PAGE} } releases(last: 2) { nodes { observedAt flow } } }`,
  },
  'roots in the order of the question, with __typename between them': {
    text: '{ z: __typename reservoirs { totalCount } viewer { kind id __typename } __typename hydroStations { totalCount } }',
  },
  'readings, the latest of them, inverses and what lies nearest': {
    text: '{ hydroStations(first: 3) { nodes { river(last: 2) { nodes { stage observedAt station { name } location { lon } } } latestRiver { stage flow } latestRain { amount period } floodTravelDown { totalCount nodes { mean downstream { name } } } lastAlarm { number } nearestStation { id name } } } }',
  },
  'lists in lists': {
    text: '{ reservoirs { nodes { releases(first: 2) { nodes { reservoir { gates { nodes { code reservoir { code } } } } } } } } }',
  },
  'a link into another unit: there, gone, never there, empty': {
    text: '{ stationAlarms { nodes { number reservoir { id __typename code location { lat } division { name } releases { totalCount } } } } }',
  },
  'lists that are asked for by conditions and in an order, over rows of both units': {
    text: `query ($where: HydroStationWhere, $order: [HydroStationOrder!]) { hydroStations(where: $where, orderBy: $order, first: 5) { nodes { name } ${PAGE} }
      stationAlarms(where: { reservoir: { gauge: { rank: { gt: 0 } } } }, orderBy: { reservoir: { code: DESC } }) { nodes { number reservoir { code } } }
      releases(where: { reservoir: { within: { division: "431124" } } }) { totalCount } }`,
    variables: { where: { latestRiver: { stage: { gt: 1 } } }, order: [{ latestRiver: { stage: 'DESC' } }] },
    repeats: true,
  },
  'groups of rows, at the root, in divisions and of a row, with the divisions that they are of': {
    text: `{ hydroStationsAggregate(groupBy: [{ division: COUNTY }, { kind: true }]) { group { kind division { code name } } count max { warnLevel } }
      riverReadingsAggregate(groupBy: { observedAt: { bucket: "PT1H" } }) { group { observedAt } count avg { stage } }
      divisions(level: COUNTY) { code reservoirsAggregate { count } riverReadingsAggregate { count min { stage } } }
      hydroStations(first: 2) { nodes { riverAggregate { count sum { flow } } river(bucket: "PT30M") { totalCount } } } }`,
  },
  'only the id of a row of another unit, which stays untouched': {
    text: '{ stationAlarms { nodes { reservoir { id t: __typename } } } gates { nodes { below { id } } } }',
  },
  'links from one unit to the other and back': {
    text: '{ gates { nodes { code below { name latestRiver { stage } lastAlarm { reservoir { code gauge { name } } } } } } reservoirs { nodes { gauge { name nearestReservoir { code } } } } }',
    repeats: true,
  },
  'what links of another unit add to a row: the only one, a list, groups': {
    text: `{ hydroStations { nodes { name reservoir { code location { lat } gauge { name } releases(last: 1) { nodes { flow } } } } }
      reservoirs { nodes { code alarms(first: 1, orderBy: { number: DESC }) { nodes { number station { name } } ${PAGE} } alarmsAggregate(groupBy: { division: COUNTY }) { group { division { name } } count } } } }`,
    repeats: true,
  },
  'only the id of what links of another unit add': {
    text: '{ hydroStation(id: "hydrology:HydroStation:61512001") { reservoir { id __typename } } none: hydroStation(id: "hydrology:HydroStation:61512003") { reservoir { id } } }',
  },
  'what links add to rows of which nothing else is asked: these are not read, be they gone or never there': {
    text: '{ stationAlarms { nodes { reservoir { id alarms { nodes { number } totalCount } } } } gates { nodes { below { t: __typename reservoir { code } } } } reservoirs { nodes { gauge { reservoir { code } } } } }',
    repeats: true,
  },
  'what links add to rows that are gone or were never there, beside what is null then': {
    text: '{ stationAlarms { nodes { number reservoir { code location { lat } alarms { totalCount } alarmsAggregate { count } } } } reservoirs { nodes { gauge { name reservoir { code } } } } }',
    repeats: true,
  },
  'conditions, orders and groups through what links of another unit add': {
    text: `{ hydroStations(where: { reservoir: { code: { startsWith: "R" } } }, orderBy: { reservoir: { code: DESC } }) { nodes { name } ${PAGE} }
      none: hydroStations(where: { not: { reservoir: {} } }) { totalCount } reservoirs(where: { alarms: { some: { number: { eq: "A1" } } } }) { nodes { code } }
      hydroStationsAggregate(groupBy: { reservoir: { code: true } }) { group { reservoir { code } } count } }`,
  },
  'what links of another unit add to anything, by id and around a point': {
    text: `{ node(id: "hydrology:HydroStation:61512001") { id ... on HydroStation { reservoir { code } } } nodes(ids: ["hydrology:HydroStation:61512001", "water:Reservoir:R1", "water:Reservoir:none"]) { ... on HydroStation { name reservoir { code } } ... on Reservoir { alarms { nodes { number } } } }
      nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 5) { entity { __typename ... on HydroStation { reservoir { code } } ... on Reservoir { code alarms { totalCount } } } } }`,
    repeats: true,
  },
  'what lies nearest in another unit': {
    text: '{ hydroStations(first: 3) { nodes { name nearestReservoir { id code releases(first: 1) { nodes { flow } } } only: nearestReservoir { id } } } }',
    repeats: true,
  },
  'the division of a row, with what the hub knows of it': {
    text: '{ hydroStations { nodes { division { code name level population area centre { lat lon __typename } predecessors { code name until __typename } parent { name parent { code parent { code } } } __typename } covers { name code } } } }',
  },
  'the division of a row, with lists of its own unit and of the other': {
    text: '{ hydroStations(first: 4) { nodes { division { name hydroStations(first: 1) { nodes { name } } reservoirs { nodes { code division { hydroStations(first: 1) { totalCount } gates { totalCount } } } } } } } }',
    repeats: true,
  },
  'divisions that a field holds, with lists': {
    text: '{ hydroStation(id: "hydrology:HydroStation:61512004") { covers { code name reservoirs { nodes { code } } hydroStations(first: 1) { nodes { name } } } } }',
  },
  'a division, with lists of both units': {
    text: '{ division(code: "431124") { code name boundary hydroStations(first: 2) { nodes { name latestRiver { stage } } ...Page } reservoirs { nodes { code gauge { name } } } gates { nodes { code } } stationAlarms { totalCount } } } fragment Page on HydroStationConnection { pageInfo { endCursor } totalCount }',
  },
  'a division by its former code, and one that nobody knows': {
    text: '{ former: division(code: "431121") { code name predecessors { code } reservoirs { totalCount } } none: division(code: "999999") { name reservoirs { totalCount } } }',
  },
  'every county, with lists of both units': {
    text: '{ divisions(level: COUNTY) { code name population hydroStations(first: 2) { nodes { id name } } riverReadings(last: 1) { nodes { stage station { name } } } reservoirs { nodes { id } } releases { nodes { flow reservoir { code } } } } }',
  },
  'lists below the parent and the children of divisions': {
    text: '{ division(code: "431100") { name parent { reservoirs { totalCount } } children { code reservoirs { nodes { code } } parent { hydroStations(first: 1) { nodes { name } } } } } divisions(level: COUNTY) { name parent { name gates { totalCount } } children { children { name } } } village: division(code: "431102001202") { children { gates { totalCount } } parent { parent { name gates { totalCount } } } } }',
    repeats: true,
  },
  'divisions by heart alone': {
    text: '{ divisions(level: COUNTY) { code name level boundary area __typename children { code name } parent { name } } division(code: "431102001") { name centre { lon } children { name } } none: division(code: "1") { name } }',
    statements: 0,
  },
  'the viewer alone': { text: '{ viewer { id k: kind __typename } __typename }', statements: 0 },
  'aliases that are names of fields, and doubled fields that are merged': {
    text: '{ hydroStations(first: 2) { nodes { code: name name: id id division { code name: code } division { code hydroStations(first: 1) { totalCount } } } nodes { kind } } hydroStations(first: 2) { totalCount } }',
  },
  'aliases that mean something to JavaScript': {
    text: '{ hydroStations(first: 1) { nodes { __proto__: name constructor: id prototype: kind } } __proto__: __typename }',
  },
  'fragments: named, inline, nested, on an interface': {
    text: `query Q { ...Root } fragment Root on Query { reservoirs { nodes { ...Place ... on Reservoir { code ... { gates { totalCount } } } } } } fragment Place on Entity { id division { ...Name } ${SOURCE} } fragment Name on Division { name }`,
  },
  'fragments in which nothing but __typename stands': {
    text: `query ($yes: Boolean!) { gates { ... on GateConnection { __typename } } hydroStations(first: 2) { ... { ... on HydroStationConnection { __typename __typename } } nodes { ... @include(if: $yes) { __typename name @skip(if: $yes) } lastAlarm { ... on StationAlarm { __typename } name: number } } } division(code: "431124") { ... on Division { __typename } code __typename }
      stationAlarms { nodes { reservoir { ... on Reservoir { __typename } } } } node(id: "water:Gate:G1") { ... on Gate { __typename } ... on Reservoir { __typename } } nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 3) { ... { __typename } } }`,
    variables: { yes: true },
  },
  '@skip and @include, of everything in an object too': {
    text: 'query ($yes: Boolean!, $no: Boolean!) { hydroStations(first: 2) { nodes { id @skip(if: $yes) name @include(if: $yes) source @skip(if: $no) { via @include(if: $no) } division { name @include(if: $no) } lastAlarm { reservoir { code @skip(if: $yes) } } } totalCount @skip(if: $yes) } reservoirs @include(if: $no) { totalCount } ... @include(if: $yes) { gates { totalCount } } }',
    variables: { yes: true, no: false },
  },
  'an operation of which nothing is left': {
    text: 'query ($yes: Boolean!) { hydroStations @skip(if: $yes) { totalCount } }',
    variables: { yes: true },
    statements: 0,
  },
  'variables with defaults, with null, and left out': {
    text: 'query ($n: Int = 2, $none: Int, $id: ID!, $level: DivisionLevel) { hydroStations(first: $n) { nodes { name } } reservoirs(first: $none, after: null) { nodes { code } } hydroStation(id: $id) { name } divisions(level: $level) { name } }',
    variables: { id: 'hydrology:HydroStation:61512000', level: 'COUNTY', none: null },
  },
  'lists of nothing': {
    text: '{ hydroStations(first: 0) { nodes { id reservoir: nearestReservoir { code } } ...P } division(code: "431129") { reservoirs { nodes { code } edges { node { code } } pageInfo { startCursor hasNextPage } } } } fragment P on HydroStationConnection { pageInfo { hasNextPage endCursor } }',
  },
  'anything by its id: of both units, gone, never there, of no type, no id at all': {
    text: `query ($ids: [ID!]!) { node(id: "hydrology:HydroStation:61512001") { __typename id ${SOURCE} division { code name parent { name } } location { lon lat __typename } }
      nodes(ids: $ids) { id ... on HydroStation { name latestRiver { stage } lastAlarm { reservoir { code gauge { name } } } } ... on Reservoir { code division { name } } ... on StationAlarm { number caller } __typename } }`,
    variables: { ids: [...ID_ODDITIES] },
    repeats: true,
  },
  'only what the hub knows of an id: the units stay untouched': {
    text: `query ($ids: [ID!]!) { a: node(id: "water:Gate:G1") { id t: __typename } nodes(ids: $ids) { __typename ... on HydroStation { i: id } } none: node(id: "x") { id } nobody: nodes(ids: []) { id source { via } } }`,
    variables: { ids: [...ID_ODDITIES] },
  },
  'fragments of other types, of the interface, named and in each other': {
    text: `query ($yes: Boolean!) { n: node(id: "hydrology:HydroStation:61512003") { ... on Reservoir { code } ... on Entity { ...Any ... on HydroStation { rank @include(if: $yes) name @skip(if: $yes) } } } o: node(id: "water:Reservoir:R1") { ... on HydroStation { name } } }
      fragment Any on Entity { id location { lat } ... on Reservoir { code } }`,
    variables: { yes: true },
  },
  'lists and readings below anything': {
    text: `{ nodes(ids: ["hydrology:HydroStation:61512001", "water:Reservoir:R1", "water:Gate:G2"]) { division { name code } ... on HydroStation { river(last: 2) { nodes { stage } totalCount } riverAggregate { count } } ... on Reservoir { releases(first: 2) { nodes { flow reservoir { code } } } gates { nodes { code below { name } } } } ... on Gate { reservoir { code gauge { name } } } } }`,
    repeats: true,
  },
  'what lies around a point, of both units, nearest first': {
    text: `{ nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 100, first: 9) { distanceKm __typename entity { id __typename ${SOURCE} ... on HydroStation { name latestRiver { stage } } ... on Reservoir { code gauge { code } } } } }`,
    repeats: true,
  },
  'what lies around a point: distances alone, ids alone, some types alone, none': {
    text: `query ($point: PointInput!, $types: [String!], $none: Int) { a: nearby(point: $point, radiusKm: 2.1) { distanceKm } b: nearby(point: $point, radiusKm: 2.1, first: $none) { entity { id t: __typename } } c: nearby(point: $point, radiusKm: 50, types: $types) { d: distanceKm entity { ... on Reservoir { code } } } d: nearby(point: $point, radiusKm: 50, types: []) { distanceKm } e: nearby(point: $point, radiusKm: 3, first: 0) { distanceKm entity { source { via } } } far: nearby(point: { lon: 3, lat: 90 }, radiusKm: 1) { entity { id } } }`,
    variables: { point: { lon: 111.5, lat: 25.5 }, types: ['Reservoir', 'Reservoir'], none: null },
  },
  'what lies around a point, under other names for some types': {
    text: `{ nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 5) { e: entity { ... on Reservoir { z: id y: __typename } ... on HydroStation { id } } distanceKm entity { ... on Reservoir { location { lon } } } } hydroStations(first: 1) { totalCount } }`,
  },
  'masked fields': {
    text: '{ stationAlarms { nodes { caller phone idNumber place content location { lon lat } source { nativeKey } } } gates { nodes { keeper } } }',
  },
};

describe('one statement gives what stitching gives', () => {
  test.each(Object.entries(CASES))(
    'for %s',
    async (_what, { text, variables = {}, statements = 1, repeats }) => {
      const stitched = await doors.stitch(text, variables);
      expect(stitched.errors).toEqual([]);
      const whole = await doors.whole(text, variables);
      expect(whole.answer).toMatchObject({ kind: 'ANSWERED' });
      if (whole.answer.kind !== 'ANSWERED') return;
      expect(JSON.stringify(JSON.parse(whole.answer.text), null, 1)).toBe(
        JSON.stringify(JSON.parse(stitched.text), null, 1),
      );
      expect(whole.statements).toBe(statements);
      const toLines = (sources: typeof whole.sources) =>
        sources.map(({ milliseconds: _ms, requests: _requests, rows, ...line }) => ({
          ...line,
          ...(repeats === true ? {} : { rows }),
        }));
      expect(toLines(whole.sources)).toEqual(toLines(stitched.sources));
      expect(whole.sources.every(({ requests }) => requests <= 1)).toBe(true);
    },
  );

  test('and tells how fresh another unit is at whose rows conditions, orders and groups only look', async () => {
    const setFailing = (since: string) =>
      doors.city.run(`update hub.type_state set failing_since = ${since} where type = 'Reservoir'`);
    const text = `{ stationAlarmsAggregate(groupBy: [{ reservoir: { code: true } }]) { count }
      stationAlarms(where: { not: { reservoir: {} } }, orderBy: { reservoir: { code: ASC } }) { totalCount } }`;
    await setFailing('now()');
    for (const { sources } of [await doors.whole(text), await doors.stitch(text)])
      expect(sources).toMatchObject([
        { unit: 'hydrology', status: 'OK', via: 'STORE', requests: expect.any(Number) },
        { unit: 'water', status: 'DEGRADED', via: 'FALLBACK', requests: 0, rows: 0 },
      ]);
    await setFailing('null');
  });

  test('and takes the cursors of the other door', async () => {
    const text =
      'query ($after: String, $before: String) { riverReadings(first: 7, after: $after, before: $before) { nodes { id } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }';
    let cursors: { after?: string; before?: string } = {};
    for (let page = 0; page < 4; page += 1) {
      const [whole, stitched] = [await doors.whole(text, cursors), await doors.stitch(text, cursors)];
      if (whole.answer.kind !== 'ANSWERED') throw new Error('the whole door declined');
      expect(JSON.parse(whole.answer.text)).toEqual(JSON.parse(stitched.text));
      const from = page % 2 === 0 ? whole.answer.text : stitched.text;
      cursors = { after: JSON.parse(from).riverReadings.pageInfo.endCursor };
    }
    const before = await doors.whole(text, { before: cursors.after });
    expect(before.answer).toMatchObject({ kind: 'ANSWERED' });
    expect(JSON.parse((before.answer as { text: string }).text)).toEqual(
      JSON.parse((await doors.stitch(text, { before: cursors.after })).text),
    );
  });

  test('and tells rows as often as they stand in the answer, where stitching tells those that it read', async () => {
    const text = '{ gates { nodes { below { name } } } }';
    const rowsOf = (sources: readonly { unit: string; rows: number }[]) =>
      sources.map(({ unit, rows }) => [unit, rows]);
    expect(rowsOf((await doors.whole(text)).sources)).toEqual([
      ['hydrology', 2],
      ['water', 3],
    ]);
    expect(rowsOf((await doors.stitch(text)).sources)).toEqual([
      ['hydrology', 1],
      ['water', 3],
    ]);
  });

  test('for the same operation with other variables by the same statement', async () => {
    const text =
      'query ($code: ID!, $first: Int) { division(code: $code) { name reservoirs(first: $first) { nodes { code } } } }';
    for (const variables of [{ code: '431124', first: 1 }, { code: '431102' }, { code: '0', first: 5 }])
      await doors.whole(text, variables);
    const [last, ...others] = doors.city.statements.slice(-3).map((statement) => statement.text);
    expect(others).toEqual([last, last]);
  });
});
