// A manifest of construction sites, cranes and pits over a GraphQL endpoint: one document for all the types of an object, and
// rows of all of them from its answer.
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from '@jest/globals';
import { openDivisions } from '../../../schema/divisions/open-divisions.ts';
import { parseManifest } from '../../kit/manifest/parse-manifest.ts';
import { compileMappings } from '../../kit/mapping/compile-mappings.ts';
import { known } from '../../kit/web/service.fixture.ts';
import {
  isIntrospection,
  openSource,
  toConnection,
  toHarness,
  toPosted,
  toService,
} from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const SDL = `
  type Company { name: String uscc: String } type Person { name: String mobile: String }
  type Crane { deviceNo: ID! ratedMoment: Float updatedAt: String moment: Float radius: Float height: Float windSpeed: Float tilt: Float secret: String }
  type Pit { pitNo: ID! depth: Float settlement: Float }
  type Site { projectCode: ID! name: String stage: String lng: Float lat: Float divisionCode: String contractor: Company
    manager: Person workersOnSite: Int towerCranes: [Crane!]! deepPits: [Pit!] }
  type PageInfo { endCursor: String hasNextPage: Boolean! }
  type Sites { nodes: [Site!]! pageInfo: PageInfo! }
  type Query { sites(first: Int, after: String): Sites }`;

const toSite = (index: number) => ({
  projectCode: `yz${index}`,
  name: `工地${index}`,
  stage: 'MAIN',
  lng: 111.62,
  lat: 26.43,
  divisionCode: '431103',
  contractor: { name: '市建', uscc: '914311000000000000' },
  manager: null,
  workersOnSite: 12,
  towerCranes: [0, 1].map((crane) => ({
    deviceNo: `C${index}-${crane}`,
    ratedMoment: 800.5,
    updatedAt: '2026-04-05T08:00:00+08:00',
    moment: 12.25,
    tilt: 0,
  })),
  deepPits: index === 0 ? [{ pitNo: 'P0', depth: 9.5, settlement: null }] : null,
});

test('one document asks for the columns of all types, lists included, and the answer gives rows of each', async () => {
  const text = await readFile(
    new URL('../../kit/manifest/fixtures/drafts/housing.yaml', import.meta.url),
    'utf8',
  );
  const { unit } = parseManifest(text, { file: 'unit.yaml', folder: 'housing' });
  if (unit === null) throw new Error('the manifest has faults');
  const mapping = compileMappings(unit, { divisions: await openDivisions() }).find(
    ({ object }) => object === 'sites',
  );
  const [spec] = unit.sources;
  if (mapping === undefined || spec === undefined) throw new Error('the draft has another source');
  const all = Array.from({ length: 60 }, (_, index) => toSite(index));
  const service = await harness.serve(toService(SDL, { sites: (args: object) => toConnection(all, args) }));
  const source = harness.keep(
    await openSource({
      ...{ unit: 'housing', name: spec.name, url: `${service.url}/graphql`, zone: spec.zone },
      ...{
        inFlight: 2,
        timeoutMs: 5000,
        pageRows: 100,
        rate: null,
        fileBytes: 1_000_000,
        columnCase: 'exact',
      },
      options: { ...spec.settings, auth: { bearer: known('token') } },
      objects: spec.objects.map(({ name, settings }) => ({ name, options: settings })),
    }),
  );
  const pages = [];
  const { columns, items } = mapping;
  const request = { columns, limit: 100, ...(items === undefined ? {} : { items }) };
  for await (const page of source.scan('sites', request)) pages.push(page);
  expect(pages.map(({ records }) => records.length)).toEqual([50, 10]);

  const query = service.asked
    .filter((asked) => !isIntrospection(asked))
    .map((asked) => toPosted(asked).query)[0];
  expect(query).toContain('contractor { name uscc }');
  expect(query).toMatch(
    /towerCranes \{ deviceNo ratedMoment updatedAt moment radius height windSpeed tilt \}/,
  );
  expect(query).toMatch(/deepPits \{ pitNo depth settlement \}/);
  expect(query).not.toContain('secret');

  const now = Date.parse('2026-04-05T00:01:00Z');
  const receivedAt = '2026-04-05T00:01:00Z';
  const counts = new Map<string, number>();
  for (const record of pages.flatMap(({ records }) => records))
    for (const outcome of mapping.map(record, { now, receivedAt })) {
      const name = outcome.kind === 'row' ? outcome.row.type : `${outcome.kind} ${outcome.type}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  expect(Object.fromEntries(counts)).toEqual({
    ConstructionSite: 60,
    TowerCrane: 120,
    CraneReading: 120,
    DeepPit: 1,
    // A site without a pit.
    'notOurs DeepPit': 59,
  });
});
