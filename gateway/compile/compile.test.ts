import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parse } from 'graphql';
import type { OperationContext } from '../subschema/contract.ts';
import { toUnitExecutor } from '../subschema/unit-executor.ts';
import { toUnitSubschemaSdl } from '../subschema/unit-sdl.ts';
import { toCatalog } from './catalog.ts';
import { answerNaively } from './fixtures/naive.ts';
import { type City, openCity } from './fixtures/open-city.ts';
import { toQueries } from './fixtures/queries.ts';
import { NOW, ROWS } from './fixtures/rows.ts';
import { HYDROLOGY, WATER } from './fixtures/units.ts';

const SDL = toUnitSubschemaSdl(HYDROLOGY);
const CATALOG = toCatalog(HYDROLOGY, [HYDROLOGY, WATER]);
let city: City;
beforeAll(async () => {
  city = await openCity();
});
afterAll(() => city.close());

const divisions = {
  range: (code: string) => (/^43\d+$/.test(code) ? { from: code, to: String(Number(code) + 1) } : null),
  codes: () => [...new Set(ROWS.flatMap((row) => [row.division ?? '431124', '431125100']))],
};

function toContext(): OperationContext {
  return {
    viewer: { id: 'a', kind: 'local', classes: [] },
    requestId: 'r',
    now: NOW,
    signal: new AbortController().signal,
    sources: [],
  };
}

async function ask(text: string, variables: Record<string, unknown> = {}) {
  const execute = toUnitExecutor({
    unit: HYDROLOGY,
    units: [HYDROLOGY, WATER],
    divisions,
    reader: city.reader,
    cursorKey: 'ab'.repeat(32),
    isMasked: () => false,
  });
  return execute({ document: parse(text), variables, context: toContext() });
}

describe('the compiler and a naive evaluator', () => {
  test.each([
    ['HydroStation', 'hydroStation(id: "hydrology:HydroStation:61512001")'],
    ['HydroStationConnection', 'hydroStations(first: 4)'],
    ['RiverReadingConnection', 'riverReadings(last: 5)'],
    ['StationAlarmConnection', 'stationAlarms'],
    ['FloodTravel', '_hydrologyFloodTravels(ids: ["x", "hydrology:FloodTravel:61512000~61512001"])'],
    ['Division', '_hydrologyDivisions(codes: ["431124", "431103", "x", "431124"])'],
  ])('agree about %s', async (type, root) => {
    const schema = buildSchema(SDL);
    await fc.assert(
      fc.asyncProperty(toQueries(schema, root, type), async ({ text, variables }) => {
        const result = await ask(text, variables);
        const naive = answerNaively(SDL, { catalog: CATALOG, rows: ROWS }, parse(text), variables);
        expect(JSON.stringify((result as { data: unknown }).data, null, 1)).toBe(
          JSON.stringify(naive, null, 1),
        );
      }),
      { numRuns: 60 },
    );
  });
});
