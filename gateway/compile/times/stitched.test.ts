// Questions about time through the stitching: what each unit answers for itself, and what it leaves to others.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStitched, type Stitched } from '../../subschema/fixtures/open-stitched.ts';

let stitched: Stitched;
beforeAll(async () => {
  stitched = await openStitched();
});
afterAll(() => stitched.close());

const BEFORE = '2026-04-05T08:00:00.249Z';
const SINCE = '2026-04-05T08:00:00.25Z';

test('lists of a division are read as of an instant', async () => {
  const { data, errors } = await stitched.ask(
    `{ division(code: "431122") { before: hydroStations(asOf: "${BEFORE}") { totalCount } since: hydroStations(asOf: "${SINCE}") { totalCount } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    division: { before: { totalCount: 0 }, since: { totalCount: 1 } },
  });
});

test('a row of another unit comes as it is now', async () => {
  await stitched.city.run("update water.reservoir set _known_from = '2026-04-05T08:05:00Z'");
  await stitched.city.run(
    "update hydrology.station_alarm set reservoir_key = 'R1' where reservoir_key is not null",
  );
  const { data, errors } = await stitched.ask(
    `{ stationAlarm(id: "hydrology:StationAlarm:A0", asOf: "${SINCE}") { number reservoir { id code } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    stationAlarm: { number: 'A0', reservoir: { id: 'water:Reservoir:R1', code: 'R1' } },
  });
});

test('changes are followed, rows and all', async () => {
  type Answer = { reservoirsChanges: { nodes: object[]; next: string; more: boolean } };
  const { data, errors } = await stitched.ask<Answer>(
    '{ reservoirsChanges(first: 1) { nodes { kind row { code division { name } } } next more } }',
  );
  expect(errors).toBeUndefined();
  expect(data.reservoirsChanges).toMatchObject({
    nodes: [{ kind: 'CREATED', row: { code: 'R1', division: { name: '道县' } } }],
    more: true,
  });
});
