// Runs as a client of the stitched gateway asks for them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStitched, type Stitched } from './fixtures/open-stitched.ts';

type Node = { readonly id: string; readonly [field: string]: unknown };
type Runs = {
  readonly runs: {
    readonly nodes: readonly Node[];
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly [field: string]: unknown };
  } | null;
};

const toRun = (id: number, unit: string, more: string): string =>
  `insert into hub.run (id, unit, source, object, strategy, lease_token, manifest, reason, task, started_at, state, ended_at, read, set_aside, position, missing, error_code, error_message)
   values (${id}, '${unit}', 'fork', 'rain', 'window', 1, 'm', 'schedule', ${more})`;

let world: Stitched;
beforeAll(async () => {
  world = await openStitched();
  await world.city.run(
    [
      toRun(
        9,
        'hydrology',
        `'sync', '2026-04-05T06:00:00Z', 'SUCCEEDED', '2026-04-05T06:00:02Z', 900, 3, 1, null, null, null`,
      ),
      toRun(
        10,
        'water',
        `'sync', '2026-04-05T06:30:00Z', 'STOPPED', '2026-04-05T06:30:04Z', 8, 0, 0.5, null, null, null`,
      ),
      toRun(
        11,
        'hydrology',
        `'sync', '2026-04-05T07:00:00Z', 'FAILED', '2026-04-05T07:00:05Z', 0, 0, null, null, 'HUB_SOURCE_UNREACHABLE', 'no answer from postgres://reader:secret@10.1.2.3:5432/sl323'`,
      ),
      toRun(
        12,
        'hydrology',
        `'reconcile', '2026-04-05T07:30:00Z', 'SUCCEEDED', '2026-04-05T07:30:01Z', 40, 0, null, 4, null, null`,
      ),
      // Half done after ten minutes: the fixture's clock says 08:10.
      toRun(
        13,
        'hydrology',
        `'sync', '2026-04-05T08:00:00Z', 'RUNNING', null, 6000, 0, 0.5, null, null, null`,
      ),
    ].join(';\n'),
  );
});
afterAll(() => world.close());

const FIELDS =
  'id unitCode feed task state reason startedAt endedAt read setAside progress rowsPerSecond estimatedEndAt missing note error { code meaning }';
const ask = (args: string) =>
  world.ask<Runs>(
    `{ runs${args} { nodes { ${FIELDS} } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  );
const toIds = (runs: Runs['runs']) => runs?.nodes.map(({ id }) => id);

describe('runs', () => {
  test('tell how far a running one is, how fast, and when it should end; of an error the code only', async () => {
    const { data, errors } = await ask('(unit: "hydrology", first: 3)');
    expect(errors).toBeUndefined();
    expect(data.runs?.nodes).toMatchObject([
      {
        ...{ id: '13', unitCode: 'hydrology', feed: 'fork/rain/window', task: 'SYNC', state: 'RUNNING' },
        ...{ reason: 'SCHEDULE', startedAt: '2026-04-05T08:00:00Z', endedAt: null, read: 6000 },
        ...{ progress: 0.5, rowsPerSecond: 10, estimatedEndAt: '2026-04-05T08:20:00.000Z', error: null },
      },
      { id: '12', task: 'RECONCILE', missing: 4, progress: 1, rowsPerSecond: 40, estimatedEndAt: null },
      {
        ...{ id: '11', state: 'FAILED', progress: null, missing: null, note: null },
        error: {
          code: 'HUB_SOURCE_UNREACHABLE',
          meaning: 'The legacy system does not accept a connection.',
        },
      },
    ]);
    expect(JSON.stringify(data)).not.toMatch(/secret|10\.1\.2\.3/);
  });

  test('come newest first, page by page, each page in one statement and none twice', async () => {
    const first = await ask('(first: 2)');
    expect(toIds(first.data.runs)).toEqual(['13', '12']);
    expect(first.data.runs?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    await world.city.run(
      toRun(14, 'water', `'sync', '2026-04-05T08:05:00Z', 'RUNNING', null, 0, 0, null, null, null, null`),
    );
    const cursor = first.data.runs?.pageInfo.endCursor;
    const second = await ask(`(first: 100, after: "${cursor}")`);
    await world.city.run('delete from hub.run where id = 14');
    expect(toIds(second.data.runs)).toEqual(['11', '10', '9']);
    expect(second.data.runs?.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(second.data.runs?.edges.map(({ node }) => node.id)).toEqual(['11', '10', '9']);
    expect([first.hubStatements.length, second.hubStatements.length]).toEqual([1, 1]);
    expect([first.requests, second.requests]).toEqual([['hub'], ['hub']]);
    expect((await ask('(first: 0)')).data.runs).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true } });
  });

  test('are chosen by unit and by state', async () => {
    expect(toIds((await ask('(unit: "water")')).data.runs)).toEqual(['10']);
    expect(toIds((await ask('(unit: "hydrology", state: SUCCEEDED)')).data.runs)).toEqual(['12', '9']);
  });

  test('refuse a name that nobody knows, too long a page, and a cursor of another list or an edited one', async () => {
    const other = await world.ask<{ hydroStations: { pageInfo: { endCursor: string } } }>(
      '{ hydroStations(first: 1) { pageInfo { endCursor } } }',
    );
    const foreign = other.data.hydroStations.pageInfo.endCursor;
    const refused = [
      ['(unit: "hydro")', 'HUB_QUERY_INVALID', /"unit" names "hydro".* there are: hydrology, water/],
      ['(unit: "water", type: "RainReading")', 'HUB_QUERY_INVALID', /"type" .* there are: Reservoir$/],
      ['(first: 1001)', 'HUB_QUERY_LIMIT', /"first" must be 0 to 1000/],
      [`(after: "${foreign}")`, 'HUB_QUERY_CURSOR', /"after" is no cursor of this list of SyncRun/],
      ['(after: "MQ")', 'HUB_QUERY_CURSOR', /"after"/],
    ] as const;
    for (const [args, code, message] of refused) {
      const { data, errors } = await ask(args);
      expect(data.runs).toBeNull();
      expect(errors).toMatchObject([
        { path: ['runs'], extensions: { code }, message: expect.stringMatching(message) },
      ]);
    }
  });
});
