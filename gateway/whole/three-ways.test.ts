// The same operation by three ways: one statement for all of it, the stitched parts, and a second evaluation over plain
// objects that knows nothing of the compiler. `npm run test:agreement` asks 2,000 operations, the suite 350 that it seeds.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parse } from 'graphql';
import type { ReadStore } from '../../store/contract.ts';
import { answerNaively } from '../compile/fixtures/naive.ts';
import { type RandomQuery, toQueries } from '../compile/fixtures/queries.ts';
import { RESERVOIRS_ARE_LOADED, ROWS, toInsertSql } from '../compile/fixtures/rows.ts';
import { HYDROLOGY, WATER } from '../compile/fixtures/units.ts';
import { toCatalog } from '../compile/to-catalog.ts';
import { toUnitSubschemaSdl } from '../subschema/unit-sdl.ts';
import { type Doors, openDoors } from './fixtures/open-doors.ts';

const UNITS = [HYDROLOGY, WATER];
/** What the second evaluation can be asked: the public schema has all of it, and more. */
const SDL = `${toUnitSubschemaSdl(HYDROLOGY, UNITS)}
  type Nearby { distanceKm: Float! entity: Entity }
  extend type Query { node(id: ID!): Entity nodes(ids: [ID!]!): [Entity] nearby(point: PointInput!, radiusKm: Float!, first: Int = 20): [Nearby] }`;
const SCHEMA = buildSchema(SDL);
const WORLD = { catalog: toCatalog(HYDROLOGY, UNITS), rows: ROWS };

const ROOTS = [
  [
    'HydroStationConnection',
    'hydroStations(first: 9, where: $b_HydroStationWhere, orderBy: $b_HydroStationOrder)',
  ],
  [
    'RiverReadingConnection',
    'riverReadings(last: 7, where: $b_RiverReadingWhere, orderBy: $b_RiverReadingOrder)',
  ],
  ['StationAlarmConnection', 'stationAlarms(where: $b_StationAlarmWhere, orderBy: $b_StationAlarmOrder)'],
  ['HydroStation', 'hydroStation(id: "hydrology:HydroStation:61512001")'],
  ['Entity', 'node(id: "hydrology:StationAlarm:A1")'],
  [
    'Entity',
    'nodes(ids: ["hydrology:HydroStation:61512003", "x", "hydrology:FloodTravel:61512000~61512001", "hydrology:HydroStation:61512005", "hydrology:StationAlarm:A0"])',
  ],
  ['Nearby', 'nearby(point: { lon: 111.509, lat: 25.51 }, radiusKm: 3, first: 7)'],
] as const;

const LONG = process.env.AGREEMENT_OPERATIONS;
const RUNS = LONG === undefined ? 50 : Math.ceil(Number(LONG) / ROOTS.length);
/** A busy machine takes half a second for one of them. */
const LONGEST_MS = Math.max(60_000, RUNS * 1000);
const SEED = LONG === undefined ? { seed: 20_260_405 } : {};

/** What a fault of the compiler would have made of a statement's text. */
type Change = (text: string) => string;
const SAME: Change = (text) => text;
let change = SAME;
const toChanged = (reader: ReadStore): ReadStore => ({
  read: (statement, options) => reader.read({ ...statement, text: change(statement.text) }, options),
});

let doors: Doors;
beforeAll(async () => {
  const rows = `${toInsertSql()}; ${RESERVOIRS_ARE_LOADED}`;
  doors = await openDoors({ units: UNITS, isMasked: () => false }, undefined, { rows, wrap: toChanged });
});
afterAll(() => doors.close());

type Runs = { readonly numRuns: number; readonly seed?: number; readonly endOnFailure?: boolean };

async function agree(type: string, root: string, runs: Runs): Promise<number> {
  let whole = 0;
  const asOne = async ({ text, variables }: RandomQuery) => {
    const naive = JSON.stringify(answerNaively(SDL, WORLD, parse(text), { ...variables }), null, 1);
    const stitched = await doors.stitch(text, variables);
    // A fault that PostgreSQL would refuse proves nothing: then this throws what no caller expects.
    if (stitched.errors.length > 0) throw new SyntaxError(stitched.errors.join());
    expect(JSON.stringify(JSON.parse(stitched.text), null, 1)).toBe(naive);
    const { answer } = await doors.whole(text, variables);
    if (answer.kind !== 'ANSWERED') return;
    whole += 1;
    expect(JSON.stringify(JSON.parse(answer.text), null, 1)).toBe(naive);
  };
  await fc.assert(fc.asyncProperty(toQueries(SCHEMA, root, type), asOne), runs);
  return whole;
}

describe('three ways give the same JSON, keys in order', () => {
  test.each(ROOTS)(
    'for any selection of %s at %s',
    async (type, root) => {
      const whole = await agree(type, root, { numRuns: RUNS, ...SEED });
      // What is stitched only says little of the other door.
      expect(whole).toBeGreaterThan(RUNS / 3);
    },
    LONGEST_MS,
  );
});

describe('a fault of the compiler does not go unseen', () => {
  const FAULTS: readonly (readonly [string, Change])[] = [
    ['a lost `and`', (text) => text.replaceAll(/t\d+\._gone_at is null and (?=\(?t\d+\.")/g, '')],
    ['a wrong tie-break', (text) => text.replaceAll(/, (t\d+\._key)(?! desc)(?= limit|\))/g, ', $1 desc')],
    [
      'a null that counts as false',
      (text) =>
        text
          .replaceAll(') is not true', ') is not distinct from false')
          .replaceAll(' is distinct from ', ' <> '),
    ],
  ];
  test.each(FAULTS)('%s', async (_name, toFaulty) => {
    change = toFaulty;
    try {
      const [type, root] = ROOTS[0];
      const fault = await agree(type, root, { numRuns: 500, seed: 7, endOnFailure: true }).catch(
        (error: Error) => error,
      );
      expect(fault).toMatchObject({ message: expect.stringMatching(/^Property failed/) });
      expect(
        fault instanceof Error && fault.cause instanceof SyntaxError ? fault.cause.message : null,
      ).toBeNull();
    } finally {
      change = SAME;
    }
  });
});
