// The row of a thing that counts: by the seasons of the year or by an interval of time, at the instant of the operation.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toContext } from '../../subschema/fixtures/ask.ts';
import { type Doors, openDoors } from '../../whole/fixtures/open-doors.ts';
import { toInsertSql } from '../fixtures/rows.ts';
import { HYDROLOGY, toField, toLink, toType, WATER } from '../fixtures/units.ts';

/** Who is on duty, from one time to the next. */
const DUTY = toType('Duty', {
  key: ['name'],
  valid: { from: 'begins', to: 'ends', yearly: false },
  division: [],
  fields: [
    toField('name', 'String'),
    toField('begins', 'DateTime', { converter: 'time' }),
    toField('ends', 'DateTime', { converter: 'time' }),
  ],
  links: [toLink('station', 'hydrology', 'HydroStation', { inverse: 'duties', current: 'onDuty' })],
});
const CITY = { ...HYDROLOGY, types: [...HYDROLOGY.types, DUTY] };

const toDuty = (name: string, begins: string, ends: string | null): string => {
  const row = {
    ...{
      _key: name,
      name,
      begins,
      ends,
      station_key: '61512001',
      _source: 'fork',
      _form: 0,
      _native: {},
      _run: 1,
    },
    ...{
      _received_at: begins,
      _manifest: 'm',
      _hash: '\\x00',
      _known_from: begins,
      _version: 1,
      _division_basis: 'NONE',
    },
  };
  return `insert into hydrology.duty select * from jsonb_populate_record(null::hydrology.duty, '${JSON.stringify(row)}')`;
};

let doors: Doors;
beforeAll(async () => {
  const rows = [
    toInsertSql(),
    toDuty('早班', '2026-04-05T00:00:00Z', '2026-04-05T08:00:00Z'),
    toDuty('晚班', '2026-04-05T08:00:00Z', '2026-04-05T16:00:00Z'),
    toDuty('值守', '2026-04-06T00:00:00Z', null),
    `update hub.type_state set last_complete_at = now(), rows_landed = 3, version = 1`,
  ].join(';\n');
  doors = await openDoors({ units: [CITY, WATER], isMasked: () => false }, undefined, { rows });
});
afterAll(() => doors.close());

/** Both doors' answer, which is the same. */
async function ask(text: string, now: string): Promise<unknown> {
  const at = () => toContext({ now: Date.parse(now) });
  const { answer } = await doors.whole(text, {}, at());
  if (answer.kind !== 'ANSWERED') throw new Error(`must be answered whole, but: ${JSON.stringify(answer)}`);
  const stitched = await doors.stitch(text, {}, at());
  expect(stitched.errors).toEqual([]);
  expect(answer.text).toBe(stitched.text);
  return JSON.parse(answer.text);
}

describe('the season that counts', () => {
  const ofStation = async (index: number, now: string) => {
    const question = `{ hydroStation(id: "hydrology:HydroStation:${61512000 + index}") { stageLimit { begins } } }`;
    const { hydroStation } = (await ask(question, now)) as { hydroStation: { stageLimit: object | null } };
    return hydroStation.stageLimit;
  };

  test.each([
    ['2026-04-14T15:59:59Z', '10-01'],
    // Midnight in the unit's zone.
    ['2026-04-14T16:00:00Z', '04-15'],
    ['2026-09-30T15:59:59Z', '04-15'],
    ['2026-09-30T16:00:00Z', '10-01'],
    ['2026-12-31T15:59:59Z', '10-01'],
    ['2026-12-31T16:00:00Z', '10-01'],
    ['2028-02-29T04:00:00Z', '10-01'],
  ])('at %s is the one that began on %s, also over the turn of the year', async (now, begins) => {
    expect(await ofStation(0, now)).toEqual({ begins });
  });

  test.each([
    ['2026-04-05T12:00:00Z', { begins: '11-01' }],
    ['2026-04-05T16:00:00Z', null],
    ['2026-10-31T16:00:00Z', { begins: '11-01' }],
  ])('counts on its last day, and then none does: %s', async (now, expected) => {
    expect(await ofStation(1, now)).toEqual(expected);
  });

  test('is none where its row is gone', async () => {
    expect(await ofStation(4, '2026-04-05T12:00:00Z')).toBeNull();
  });

  test('can be asked about and ordered by', async () => {
    const question = `{ hydroStations(where: { stageLimit: { begins: { ne: "04-15" } } }, orderBy: [{ stageLimit: { stage: DESC } }]) { nodes { code stageLimit { stage } } } }`;
    expect(await ask(question, '2026-04-05T12:00:00Z')).toEqual({
      hydroStations: {
        nodes: [
          { code: '61512002', stageLimit: { stage: 102.04 } },
          { code: '61512001', stageLimit: { stage: 101.11 } },
          { code: '61512000', stageLimit: { stage: 100.1 } },
        ],
      },
    });
  });
});

describe('the interval that counts', () => {
  test.each([
    ['2026-04-04T23:59:59Z', null],
    ['2026-04-05T07:59:59Z', { name: '早班' }],
    ['2026-04-05T08:00:00Z', { name: '晚班' }],
    ['2026-04-05T20:00:00Z', null],
    // Without an end it counts on.
    ['2027-04-05T20:00:00Z', { name: '值守' }],
  ])('at %s', async (now, onDuty) => {
    const question = '{ hydroStation(id: "hydrology:HydroStation:61512001") { onDuty { name } } }';
    expect(await ask(question, now)).toEqual({ hydroStation: { onDuty } });
  });
});
