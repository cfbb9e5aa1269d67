import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import type { MappedRow } from '../../../connectors/kit/mapping/outcome.ts';
import type { FeedKey } from '../../../store/contract.ts';
import {
  deletedRow,
  REPORT,
  RIVER,
  readingRow,
  reportRow,
  STATIONS,
  samplePage,
  stationRow,
} from '../../../store/sample/sample-rows.fixture.ts';
import { namedStation, openTimes, type Times } from '../fixtures/open-times.ts';

type Change = { readonly id: string; readonly kind: string; readonly at: string; readonly row: unknown };
type Changes = { readonly nodes: readonly Change[]; readonly next: string | null; readonly more: boolean };

let times: Times;
beforeAll(async () => {
  times = await openTimes();
});
afterAll(() => times.sample.close());
beforeEach(() => times.sample.reset());

async function ask(since: string | null, first: number | null = null): Promise<Changes> {
  const data = await times.ask(
    `query ($since: String, $first: Int) { changes: stationsChanges(since: $since, first: $first) {
       next more nodes { id kind at row { name } } } }`,
    { since, first },
  );
  if (data.changes instanceof GraphQLError) throw data.changes;
  return data.changes as Changes;
}

const show = ({ nodes }: Changes) =>
  nodes.map(({ id, kind, row }) => `${kind} ${id.split(':')[2]} ${(row as { name: string } | null)?.name}`);

const write = (...rows: MappedRow[]) => times.sample.sync(STATIONS, samplePage(rows));

describe('the changes of a type', () => {
  test('begin with all that there is, page by page, and go on with what is written', async () => {
    await write(...['A', 'B', 'C', 'D', 'E'].map((code) => namedStation(code, 'one')));
    const first = await ask(null, 2);
    expect([show(first), first.more]).toEqual([['CREATED A one', 'CREATED B one'], true]);
    // What changes while a client is on its way comes last, as it is then.
    await write(namedStation('A', 'two'), namedStation('D', 'two'));
    const second = await ask(first.next, 2);
    expect([show(second), second.more]).toEqual([['CREATED C one', 'CREATED E one'], true]);
    const third = await ask(second.next, 2);
    expect([show(third), third.more]).toEqual([['UPDATED A two', 'UPDATED D two'], false]);
    expect(times.statements).toHaveLength(1);
    expect(await ask(third.next)).toEqual({ nodes: [], next: third.next, more: false });
  });

  test('tell what went, what came back, and since when', async () => {
    await write(namedStation('A', 'one'), namedStation('B', 'one'));
    const { next } = await ask(null);
    times.sample.at('2026-04-05T09:00:00Z');
    await write(deletedRow(namedStation('A', 'one')));
    const gone = await ask(next);
    expect(gone.nodes).toEqual([
      { id: 'sample:Station:A', kind: 'DELETED', at: '2026-04-05T09:00:00Z', row: null },
    ]);
    await write(namedStation('A', 'two'));
    expect(show(await ask(gone.next))).toEqual(['CREATED A two']);
    expect(show(await ask(next))).toEqual(['UPDATED A two']);
    expect(show(await ask(null))).toEqual(['CREATED B one', 'CREATED A two']);
  });

  test('tell what a whole list no longer has', async () => {
    const list = (...codes: string[]) =>
      times.sample.sync(
        STATIONS,
        samplePage(
          codes.map((code) => namedStation(code, 'one')),
          { remember: true },
        ),
      );
    await list('A', 'B', 'C');
    const { next } = await ask(null);
    await list('A', 'C');
    expect(show(await ask(next))).toEqual(['DELETED B undefined']);
  });

  test('can be followed from now on', async () => {
    await write(namedStation('A', 'one'), namedStation('B', 'one'));
    const now = await ask(null, 0);
    expect([now.nodes, now.more, now.next === null]).toEqual([[], false, false]);
    expect(await ask(now.next)).toEqual({ nodes: [], next: now.next, more: false });
    await write(namedStation('A', 'two'), namedStation('C', 'two'));
    expect(show(await ask(now.next))).toEqual(['UPDATED A two', 'CREATED C two']);
  });

  test('have lists of their own below each row', async () => {
    await write(namedStation('A', 'one'));
    await times.sample.sync(RIVER, samplePage([readingRow('A', '2026-04-05T07:00:00Z', 1)]));
    const data = await times.ask(
      '{ stationsChanges { __typename nodes { __typename row { river(first: 1) { nodes { stage station { name } } } } } } }',
    );
    expect(data.stationsChanges).toEqual({
      __typename: 'StationChanges',
      nodes: [
        {
          __typename: 'StationChange',
          row: { river: { nodes: [{ stage: 1, station: { name: 'one' } }] } },
        },
      ],
    });
  });

  test.each([
    ['since: "nonsense"', 'HUB_QUERY_CURSOR', 'Argument "since" is no place in the changes of Station'],
    ['first: 1001', 'HUB_QUERY_LIMIT', 'Argument "first" must be 0 to 1000, but got: 1001'],
  ])('are refused where the question is none: %s', async (args, code, message) => {
    const { changes } = await times.ask(`{ changes: stationsChanges(${args}) { next } }`);
    if (!(changes instanceof GraphQLError)) throw new Error('no fault');
    expect(changes.extensions.code).toBe(code);
    expect(changes.message).toContain(message);
  });

  test('take no cursor of a list', async () => {
    await write(namedStation('A', 'one'));
    const { stations } = await times.ask('{ stations { pageInfo { endCursor } } }');
    const { endCursor } = (stations as { pageInfo: { endCursor: string } }).pageInfo;
    await expect(ask(endCursor)).rejects.toMatchObject({ extensions: { code: 'HUB_QUERY_CURSOR' } });
  });
});

/** One feed's worker, with a clock of its own. */
async function runWorker(feed: FeedKey, clock: number, pages: readonly MappedRow[][]): Promise<void> {
  const { sync } = times.sample.store;
  for (const [index, rows] of pages.entries()) {
    const now = new Date(clock + index * 1000).toISOString();
    const lease = await sync.acquire(feed, { now, holdMs: 30_000, holder: feed.object });
    if (lease === null) throw new Error(`${feed.object} is held by another run`);
    const run = await sync.openRun(lease, { reason: 'manual', now });
    const page = samplePage(rows);
    await sync.commitPage(run, page, { now, holdMs: 30_000 });
    await sync.closeRun(run, { state: 'succeeded', mark: page.mark, absence: false }, { now });
    await sync.release(run.lease);
  }
}

test('who follows the changes misses nothing and is told nothing twice, whatever the clocks of the writers say', async () => {
  const at = Date.parse(times.sample.now());
  await write(...['A', 'B'].map((code) => stationRow(code, { rtu: `rtu-${code}` })));
  await times.sample.sync(RIVER, samplePage([readingRow('A', '2026-04-04T00:00:00Z', 0)]));
  const hour = (index: number) => new Date(at - (index + 1) * 3_600_000).toISOString().replace('.000Z', 'Z');
  // Twelve rows of each worker, corrected round after round, some taken back; one worker's clock is an hour behind.
  const river = Array.from({ length: 12 }, (_none, round) =>
    Array.from({ length: 12 }, (_other, index) => {
      const row = readingRow('A', hour(index), (round * (index + 1)) % 7);
      return (round + index) % 5 === 0 ? deletedRow(row) : row;
    }),
  );
  const report = Array.from({ length: 12 }, (_none, round) =>
    Array.from({ length: 12 }, (_other, index) => reportRow('rtu-B', hour(index), (round + index) % 6)),
  );
  let isDone = false;
  const writing = Promise.all([
    runWorker(RIVER, at, river),
    runWorker(REPORT, at - 3_600_000, report),
  ]).finally(() => {
    isDone = true;
  });
  const replica = new Map<string, unknown>();
  const told: string[] = [];
  let since: string | null = null;
  for (let isLast = false; !isLast; ) {
    isLast = isDone;
    let more = true;
    while (more) {
      const data = await times.ask(
        `query ($since: String) { changes: riverReadingsChanges(since: $since, first: 5) { next more nodes { id kind at row { stage } } } }`,
        { since },
      );
      const page = data.changes as Changes;
      for (const { id, kind, at: knownFrom, row } of page.nodes) {
        told.push(JSON.stringify([id, kind, knownFrom, row]));
        if (kind === 'DELETED') replica.delete(id);
        else replica.set(id, row);
      }
      ({ next: since, more } = page);
    }
  }
  await writing;
  const data = await times.ask('{ list: riverReadings(first: 100) { nodes { id stage } } }');
  const { nodes } = data.list as { nodes: { id: string; stage: number }[] };
  const byId = (one: [string, unknown], other: [string, unknown]) => (one[0] < other[0] ? -1 : 1);
  expect([...replica].sort(byId)).toEqual(
    nodes.map(({ id, stage }): [string, unknown] => [id, { stage }]).sort(byId),
  );
  expect(nodes.length).toBeGreaterThan(15);
  expect(new Set(told).size).toBe(told.length);
}, 60_000);
