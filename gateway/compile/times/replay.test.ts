// Random writes at random times, by workers whose clocks differ, asked as of random instants: what the statements answer is
// compared with a naive replay of all that was written.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  deletedRow,
  RIVER,
  readingRow,
  STATIONS,
  samplePage,
} from '../../../store/sample/sample-rows.fixture.ts';
import { type Ledger, type Told, toLedger } from '../fixtures/ledger.ts';
import { namedStation, openTimes, type Times } from '../fixtures/open-times.ts';

type Station = Told & { readonly name: string; readonly division: string };
type Reading = Told & { readonly station: string; readonly observedAt: string; readonly stage: number };
type Ledgers = { readonly stations: Ledger<Station>; readonly readings: Ledger<Reading> };

const BEGIN = Date.parse('2026-04-05T08:00:00Z');
const CODES = ['A', 'B', 'C'];
const DIVISIONS = ['431124', '431125'];

type Write = {
  readonly kind: 'station' | 'reading';
  readonly code: string;
  readonly value: number;
  readonly hour: number;
  readonly gone: boolean;
  /** Milliseconds since the write before; negative where another worker's clock is behind. */
  readonly later: number;
};

const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom('station', 'reading', 'reading'),
  code: fc.constantFrom(...CODES),
  value: fc.nat(3),
  hour: fc.nat(2),
  gone: fc.boolean().chain((maybe) => (maybe ? fc.boolean() : fc.constant(false))),
  later: fc.constantFrom(-1500, 0, 1, 1000, 1000, 60_000),
});

let times: Times;
beforeAll(async () => {
  times = await openTimes();
});
afterAll(() => times.sample.close());

async function writeOne(one: Write, clock: number, { stations, readings }: Ledgers): Promise<void> {
  const { kind, code, value, hour, gone } = one;
  times.sample.at(new Date(clock).toISOString());
  if (kind === 'station') {
    const station = { name: `n${value}`, division: DIVISIONS[value % 2] ?? '', gone };
    const row = namedStation(code, station.name, station.division);
    stations.write(code, station, clock);
    await times.sample.sync(STATIONS, samplePage([gone ? deletedRow(row) : row]));
    return;
  }
  // A reading without its station would wait for it.
  if (!stations.has(code)) return;
  const observedAt = `2026-04-05T0${hour}:00:00Z`;
  const row = readingRow(code, observedAt, value);
  readings.write(`${code}~${observedAt}`, { station: code, observedAt, stage: value, gone }, clock);
  await times.sample.sync(RIVER, samplePage([gone ? deletedRow(row) : row]));
}

const QUESTION = `query ($at: DateTime) {
  all: stations(asOf: $at) { totalCount nodes { id name latestRiver { stage } river { totalCount nodes { stage } } division { code } } }
  readings: riverReadings(asOf: $at, last: 4) { totalCount nodes { id station { name } } }
  a: station(id: "sample:Station:A", asOf: $at) { name }
  high: stations(asOf: $at, where: { latestRiver: { stage: { gte: 2 } } }) { totalCount nodes { id } }
  none: stations(asOf: $at, where: { river: { none: { stage: { gte: 2 } } } }) { nodes { id } }
  order: riverReadings(asOf: $at, orderBy: [{ station: { name: DESC } }, { stage: ASC }]) { nodes { id } }
  _sampleDivisions(codes: ["431124", "431125"]) { stations(asOf: $at) { nodes { id } } riverReadings(asOf: $at, first: 5) { totalCount nodes { id } } }
}`;

/** The answer to QUESTION, read from the ledgers alone. */
function replay({ stations, readings }: Ledgers, instant: number): object {
  const known = stations.at(instant);
  const living = CODES.flatMap((code) => {
    const station = known.get(code);
    if (station === undefined || station.gone) return [];
    return [{ code, id: `sample:Station:${code}`, ...station }];
  });
  const read = [...readings.at(instant)]
    .flatMap(([key, reading]) => (reading.gone ? [] : [{ id: `sample:RiverReading:${key}`, ...reading }]))
    .sort((one, other) => compare(one.observedAt, other.observedAt) || compare(one.id, other.id));
  const nameOf = (key: string) => living.find(({ code }) => code === key)?.name ?? null;
  const of = (code: string) => read.filter(({ station }) => station === code);
  const toIds = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => ({ id }));
  const latest = (code: string) => of(code).at(-1)?.stage ?? null;
  const high = living.filter(({ code }) => Number(latest(code) ?? 0) >= 2);
  const ordered = [...read].sort(
    (one, other) =>
      compareNames(nameOf(one.station), nameOf(other.station)) ||
      one.stage - other.stage ||
      compare(one.id, other.id),
  );
  return {
    all: {
      totalCount: living.length,
      nodes: living.map(({ id, name, code, division }) => ({
        id,
        name,
        latestRiver: latest(code) === null ? null : { stage: latest(code) },
        river: { totalCount: of(code).length, nodes: of(code).map(({ stage }) => ({ stage })) },
        division: { code: division },
      })),
    },
    readings: {
      totalCount: read.length,
      nodes: read.slice(-4).map(({ id, station }) => {
        const name = nameOf(station);
        return { id, station: name === null ? null : { name } };
      }),
    },
    a: nameOf('A') === null ? null : { name: nameOf('A') },
    high: { totalCount: high.length, nodes: toIds(high) },
    none: { nodes: toIds(living.filter(({ code }) => of(code).every(({ stage }) => stage < 2))) },
    order: { nodes: toIds(ordered) },
    _sampleDivisions: DIVISIONS.map((division) => {
      // A tombstone still says where it stood.
      const there = read.filter(({ station }) => known.get(station)?.division === division);
      return {
        stations: { nodes: toIds(living.filter((station) => station.division === division)) },
        riverReadings: { totalCount: there.length, nodes: toIds(there.slice(0, 5)) },
      };
    }),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Descending, unknown first. */
function compareNames(one: string | null, other: string | null): number {
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  return compare(other, one);
}

test('what was known at any instant is what a replay of the writes gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 4, maxLength: 24 }),
      fc.array(fc.tuple(fc.nat(23), fc.constantFrom(-1, 0, 1, 400)), { minLength: 6, maxLength: 6 }),
      async (writes, asked) => {
        await times.sample.reset();
        const ledgers: Ledgers = { stations: toLedger(), readings: toLedger() };
        await writeOne(FIRST, BEGIN, ledgers);
        await writeOne({ ...FIRST, kind: 'reading' }, BEGIN, ledgers);
        const clocks = [BEGIN];
        for (const one of writes) {
          const clock = (clocks.at(-1) ?? BEGIN) + one.later;
          clocks.push(clock);
          await writeOne(one, clock, ledgers);
        }
        times.sample.at(new Date(Math.max(...clocks) + 3_600_000).toISOString());
        for (const [index, beside] of asked) {
          const instant = (clocks[index % clocks.length] ?? BEGIN) + beside;
          const answer = await times.ask(QUESTION, { at: new Date(instant).toISOString() });
          expect(answer).toEqual(replay(ledgers, instant));
          expect(times.statements).toHaveLength(7);
        }
      },
    ),
    { numRuns: 25 },
  );
}, 240_000);

/** So that each type has a row: before its first it would not be loaded. */
const FIRST: Write = { kind: 'station', code: 'A', value: 0, hour: 0, gone: false, later: 0 };
