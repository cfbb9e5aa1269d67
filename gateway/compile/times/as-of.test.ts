import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import {
  deletedRow,
  RIVER,
  readingRow,
  STATIONS,
  samplePage,
  sampleRow,
} from '../../../store/sample/sample-rows.fixture.ts';
import { namedStation, openTimes, type Times } from '../fixtures/open-times.ts';

let times: Times;
beforeAll(async () => {
  times = await openTimes();
});
afterAll(() => times.sample.close());

const DAY = '2026-04-05';
const DEVICES = { unit: 'sample', source: 'fork', object: 'device', strategy: 'snapshot' } as const;
const NOTICES = { unit: 'sample', source: 'fork', object: 'notice', strategy: 'push' } as const;

async function writeAt(clock: string, feed: typeof STATIONS, ...rows: Parameters<typeof samplePage>[0]) {
  times.sample.at(clock);
  await times.sample.sync(feed, samplePage(rows, { receivedAt: new Date(clock).toISOString() }));
}

function toFaultOf(value: unknown): GraphQLError {
  if (!(value instanceof GraphQLError)) throw new Error(`no fault: ${JSON.stringify(value)}`);
  return value;
}

/** Station A is created at 8, corrected at 9 and 10, deleted at 11, back at 12; B stands from 8 on; now is 13. */
beforeEach(async () => {
  await times.sample.reset();
  await writeAt(`${DAY}T08:00:00Z`, STATIONS, namedStation('A', 'eight'), namedStation('B', 'other'));
  await writeAt(`${DAY}T09:00:00Z`, STATIONS, namedStation('A', 'nine', '431125'));
  await writeAt(`${DAY}T10:00:00Z`, STATIONS, namedStation('A', 'ten'));
  await writeAt(`${DAY}T11:00:00Z`, STATIONS, deletedRow(namedStation('A', 'ten')));
  await writeAt(`${DAY}T12:00:00Z`, STATIONS, namedStation('A', 'twelve'));
  times.sample.at(`${DAY}T13:00:00Z`);
});

describe('a row as of an instant', () => {
  test.each([
    ['07:59:59.999Z', null, 0],
    ['08:00:00Z', 'eight', 2],
    ['08:59:59.999Z', 'eight', 2],
    ['08:59:59.999999Z', 'eight', 2],
    ['09:00:00Z', 'nine', 2],
    ['17:00:00+08:00', 'nine', 2],
    ['10:00:00Z', 'ten', 2],
    ['10:59:59.999Z', 'ten', 2],
    ['11:00:00Z', null, 1],
    ['11:59:59.999Z', null, 1],
    ['12:00:00Z', 'twelve', 2],
    ['13:00:00Z', 'twelve', 2],
  ])('at %s is %s, of %i rows', async (clock, name, total) => {
    const data = await times.ask(
      `query ($at: DateTime) {
        one: station(id: "sample:Station:A", asOf: $at) { name }
        all: stations(asOf: $at) { totalCount nodes { id name } }
        named: stations(asOf: $at, where: { name: { eq: "${name}" } }) { totalCount }
      }`,
      { at: `${DAY}T${clock}` },
    );
    expect(data.one).toEqual(name === null ? null : { name });
    const { totalCount, nodes } = data.all as { totalCount: number; nodes: { id: string; name: string }[] };
    expect([totalCount, nodes.length]).toEqual([total, total]);
    expect(nodes.find(({ id }) => id.endsWith(':A'))?.name ?? null).toBe(name);
    expect(data.named).toEqual({ totalCount: name === null ? 0 : 1 });
    expect(times.statements).toHaveLength(3);
  });

  test('is one whose forms merge by field, too', async () => {
    const device = (code: string, name: string) => sampleRow('Device', code, { values: { code, name } });
    const notice = (code: string, status: string) =>
      sampleRow('Device', code, { form: 1, values: { code, status } });
    await writeAt(`${DAY}T14:00:00Z`, DEVICES, device('D', 'pump'));
    await writeAt(`${DAY}T15:00:00Z`, NOTICES, notice('D', 'on'));
    await writeAt(`${DAY}T16:00:00Z`, NOTICES, notice('D', 'off'));
    const at = (clock: string) => `device(id: "sample:Device:D", asOf: "${DAY}T${clock}Z") { name status }`;
    expect(
      await times.ask(
        `{ a: ${at('13:59:59')} b: ${at('14:30:00')} c: ${at('15:30:00')} d: ${at('16:00:00')} }`,
      ),
    ).toEqual({
      a: null,
      b: { name: 'pump', status: null },
      c: { name: 'pump', status: 'on' },
      d: { name: 'pump', status: 'off' },
    });
  });
});

describe('what stands below an instant', () => {
  const T1 = `${DAY}T07:00:00Z`;
  const T2 = `${DAY}T07:30:00Z`;

  beforeEach(async () => {
    await writeAt(`${DAY}T13:00:00Z`, RIVER, readingRow('A', T1, 1), readingRow('A', T2, 2));
    await writeAt(`${DAY}T14:00:00Z`, RIVER, readingRow('A', T2, 20));
    await writeAt(`${DAY}T15:00:00Z`, RIVER, deletedRow(readingRow('A', T2, 20)));
    await writeAt(`${DAY}T16:00:00Z`, STATIONS, namedStation('A', 'sixteen', '431125'));
    times.sample.at(`${DAY}T17:00:00Z`);
  });

  test.each([
    ['12:59:59', null, 0, 'twelve'],
    ['13:30:00', 2, 2, 'twelve'],
    ['14:00:00', 20, 2, 'twelve'],
    ['15:30:00', 1, 1, 'twelve'],
    ['16:00:00', 1, 1, 'sixteen'],
  ])('is read as of it: at %s the latest reading is %s of %i, of %s', async (clock, stage, total, name) => {
    const data = await times.ask(
      `query ($at: DateTime) { station(id: "sample:Station:A", asOf: $at) {
         latestRiver { stage station { name } }
         river(last: 1, asOf: $at) { totalCount nodes { stage station { name latestRiver { stage } } } } } }`,
      { at: `${DAY}T${clock}Z` },
    );
    expect(data.station).toEqual({
      latestRiver: stage === null ? null : { stage, station: { name } },
      river: {
        totalCount: total,
        nodes: stage === null ? [] : [{ stage, station: { name, latestRiver: { stage } } }],
      },
    });
    expect(times.statements).toHaveLength(1);
  });

  test.each([
    ['08:30:00', ['A', 'B'], [], 0],
    ['09:30:00', ['B'], ['A'], 0],
    ['13:30:00', ['A', 'B'], [], 2],
    ['16:30:00', ['B'], ['A'], 0],
  ])('lies where it lay: at %s', async (clock, there, beside, readings) => {
    const data = await times.ask(
      `query ($at: DateTime) { _sampleDivisions(codes: ["431124", "431125"]) {
         stations(asOf: $at) { nodes { id division { code } } } riverReadings(asOf: $at) { totalCount } }
         within: stations(asOf: $at, where: { within: { division: "431125" } }) { totalCount } }`,
      { at: `${DAY}T${clock}Z` },
    );
    const of = (codes: readonly string[], code: string) =>
      codes.map((key) => ({ id: `sample:Station:${key}`, division: { code } }));
    expect(data._sampleDivisions).toMatchObject([
      { stations: { nodes: of(there, '431124') }, riverReadings: { totalCount: readings } },
      { stations: { nodes: of(beside, '431125') } },
    ]);
    expect(data.within).toEqual({ totalCount: beside.length });
  });

  test('decides conditions and orders', async () => {
    const data = await times.ask(
      `query ($at: DateTime) {
         high: stations(asOf: $at, where: { latestRiver: { stage: { gt: 10 } } }) { nodes { id } }
         none: stations(asOf: $at, where: { river: { none: { stage: { eq: 20 } } } }) { nodes { id } }
         order: riverReadings(asOf: $at, orderBy: [{ station: { name: ASC } }, { stage: DESC }]) { nodes { stage } }
         now: stations(where: { latestRiver: { stage: { gt: 10 } } }) { nodes { id } } }`,
      { at: `${DAY}T14:30:00Z` },
    );
    expect(data).toEqual({
      high: { nodes: [{ id: 'sample:Station:A' }] },
      none: { nodes: [{ id: 'sample:Station:B' }] },
      order: { nodes: [{ stage: 20 }, { stage: 1 }] },
      now: { nodes: [] },
    });
  });

  test('has its own provenance: when that version came, and how old a reading was then', async () => {
    const data = await times.ask(
      `{ riverReadings(asOf: "${DAY}T13:00:00Z", last: 1) { nodes { source { receivedAt freshness } } }
         station(id: "sample:Station:A", asOf: "${DAY}T09:30:00Z") { source { receivedAt freshness via } } }`,
    );
    expect(data.riverReadings).toEqual({
      nodes: [{ source: { receivedAt: `${DAY}T13:00:00Z`, freshness: 'STALE' } }],
    });
    expect(data.station).toEqual({
      source: { receivedAt: `${DAY}T09:00:00Z`, freshness: 'LIVE', via: 'STORE' },
    });
  });
});

test('pages as of an instant stay what they were while the present changes', async () => {
  const keys = Array.from({ length: 9 }, (_none, index) => `S${index}`);
  await writeAt(`${DAY}T14:00:00Z`, STATIONS, ...keys.map((key) => namedStation(key, 'then')));
  const seen: string[] = [];
  let after: string | null = null;
  for (let round = 15; round < 20; round += 1) {
    const data = await times.ask(
      `query ($after: String) { stations(asOf: "${DAY}T14:00:00Z", first: 3, after: $after, where: { name: { eq: "then" } }) {
         totalCount nodes { id name } pageInfo { endCursor hasNextPage } } }`,
      { after },
    );
    const page = data.stations as {
      totalCount: number;
      nodes: { id: string; name: string }[];
      pageInfo: { endCursor: string | null };
    };
    expect(page.totalCount).toBe(9);
    seen.push(...page.nodes.map(({ id, name }) => `${id} ${name}`));
    after = page.pageInfo.endCursor ?? after;
    await writeAt(
      `${DAY}T${round}:00:00Z`,
      STATIONS,
      namedStation(`R${round}`, 'then'),
      namedStation(`S${round - 11}`, 'now'),
      deletedRow(namedStation(`S${23 - round}`, 'then')),
    );
  }
  expect(seen).toEqual(keys.map((key) => `sample:Station:${key} then`));
});

describe('an instant that cannot be asked', () => {
  const LATER = `${DAY}T13:00:00.001Z`;

  test.each([
    ['list: stations(asOf: $at) { totalCount }'],
    ['list: station(id: "sample:Station:A", asOf: $at) { id }'],
  ])('is one to come: %s', async (root) => {
    const { list } = await times.ask(`query ($at: DateTime) { ${root} }`, { at: LATER });
    expect(toFaultOf(list)).toMatchObject({
      message: `Argument "asOf" must not be later than now, ${DAY}T13:00:00.000Z, but got: ${LATER}`,
      extensions: { code: 'HUB_QUERY_LIMIT' },
    });
    expect(times.statements).toHaveLength(0);
  });

  test('is another one than that around it', async () => {
    await writeAt(`${DAY}T13:00:00Z`, RIVER, readingRow('A', `${DAY}T12:00:00Z`, 1));
    const { stations } = await times.ask(
      `{ stations(asOf: "${DAY}T10:00:00Z") { nodes {
           same: river(asOf: "${DAY}T18:00+08:00") { totalCount }
           other: river(asOf: "${DAY}T10:00:00.000001Z") { totalCount } } } }`,
    );
    const [first] = (stations as { nodes: { same: unknown; other: unknown }[] }).nodes;
    expect(first?.same).toEqual({ totalCount: 0 });
    expect(toFaultOf(first?.other)).toMatchObject({
      message: `Argument "asOf" of "other" must be the one around it, ${DAY}T10:00:00.000Z, or be left out, but got: ${DAY}T10:00:00.000001Z`,
      extensions: { code: 'HUB_QUERY_INVALID' },
    });
  });

  // Readings keep 30 days, stations 90: what is asked decides.
  test.each([
    ['stations(asOf: "2026-03-06T13:00:00Z") { nodes { latestRiver { stage } } }', null],
    ['stations(asOf: "2026-03-06T12:59:59Z") { nodes { name } }', null],
    ['stations(asOf: "2026-03-06T12:59:59Z") { nodes { latestRiver { stage } } }', 'RiverReading'],
    ['stations(asOf: "2026-03-06T12:59:59Z", where: { river: { some: {} } }) { totalCount }', 'RiverReading'],
    [
      'stations(asOf: "2026-03-06T12:59:59Z", orderBy: { latestRiver: { stage: ASC } }) { nodes { id } }',
      'RiverReading',
    ],
    ['riverReadings(asOf: "2026-03-06T12:59:59Z") { totalCount }', 'RiverReading'],
    ['station(id: "sample:Station:A", asOf: "2026-01-05T12:59:59Z") { id }', 'Station'],
    ['stations(asOf: "0000-01-01T00:00:00Z") { totalCount }', 'Station'],
  ])('is older than the history of a type that it reads: %s', async (root, type) => {
    const { list } = await times.ask(`{ list: ${root} }`);
    if (type === null) {
      expect(list).not.toBeInstanceOf(Error);
      return;
    }
    const fault = toFaultOf(list);
    const [kept, oldest] =
      type === 'Station' ? ['P90D', '2026-01-05T13:00:00.000Z'] : ['P30D', '2026-03-06T13:00:00.000Z'];
    expect(fault.extensions).toEqual({ code: 'HUB_QUERY_HISTORY_EXPIRED', unit: 'sample', retryable: false });
    expect(fault.message).toContain(`the history of ${type} is kept for ${kept}: it begins at ${oldest}.`);
    expect(times.statements).toHaveLength(0);
  });

  test('leaves its neighbours answered', async () => {
    await writeAt(`${DAY}T13:00:00Z`, RIVER, readingRow('A', `${DAY}T12:00:00Z`, 1));
    const { stations } = await times.ask(
      `{ stations(first: 1) { nodes { name old: river(asOf: "0000-01-01T00:00:00Z") { totalCount } river { totalCount } } } }`,
    );
    const [first] = (stations as { nodes: { name: string; old: unknown; river: unknown }[] }).nodes;
    expect(first).toMatchObject({ name: 'twelve', river: { totalCount: 1 } });
    expect(toFaultOf(first?.old).extensions.code).toBe('HUB_QUERY_HISTORY_EXPIRED');
  });
});

describe('changedSince', () => {
  test.each([
    ['07:59:59.999', ['A', 'B'], 2],
    ['08:00:00', ['A'], 1],
    ['11:59:59.999', ['A'], 1],
    ['12:00:00', [], 0],
  ])('%s lists what is known so since later', async (clock, codes, totalCount) => {
    const data = await times.ask(
      `query ($since: DateTime) { stations(changedSince: $since) { totalCount nodes { id } }
         _sampleDivisions(codes: ["431124"]) { stations(changedSince: $since) { totalCount } } }`,
      { since: `${DAY}T${clock}Z` },
    );
    expect(data.stations).toEqual({ totalCount, nodes: codes.map((id) => ({ id: `sample:Station:${id}` })) });
    expect(data._sampleDivisions).toEqual([{ stations: { totalCount } }]);
  });

  test('goes back as far as one likes, since what stands is never forgotten', async () => {
    const data = await times.ask('{ stations(changedSince: "0000-01-01T00:00:00Z") { totalCount } }');
    expect(data.stations).toEqual({ totalCount: 2 });
  });

  test('and asOf together ask what had changed by then', async () => {
    const data = await times.ask(
      `{ stations(asOf: "${DAY}T09:30:00Z", changedSince: "${DAY}T08:30:00Z") { nodes { name } } }`,
    );
    expect(data.stations).toEqual({ nodes: [{ name: 'nine' }] });
  });
});
