// Two units, one of them broken in five places: every fault is named where it stands, and the other unit answers.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toFaultText } from '../../connectors/kit/manifest/faults.ts';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { closeWorld } from './close-all.ts';
import { type Legacy, openLegacy } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy, replaced, type UnitsCopy } from './units-copy.ts';

/** What a clerk may mistype; `§` marks where the message must point to, and is not written. */
const MISTAKES = [
  ['M005', 'zone: Asia/Shanghai', 'zone: §Asia/Changsha'],
  ['M001', 'limits: { inFlight: 4,', 'limits: { §inFlights: 4,'],
  ['M003', 'riverName: { zh: 河流, en: River,', '§riverName: { zh: 河流,'],
  ['M020', 'source: fork\n        object: st_river_r', 'source: §fokr\n        object: st_river_r'],
  ['M050', 'key: [upstream, downstream]', 'key: [upstream, §downstraem]'],
] as const;

let legacy: Legacy;
let units: UnitsCopy;
let spine: Spine;
let file: string;
let marked: string;
beforeAll(async () => {
  legacy = await openLegacy({ stations: parseStations().filter(({ addvcd }) => addvcd === '431124') });
  units = await openUnitsCopy();
  const text = await readFile(join(units.folder, 'hydrology/unit.yaml'), 'utf8');
  const copy = replaced(text, 'unit: hydrology', 'unit: harbour');
  marked = MISTAKES.reduce((sum, [, from, to]) => replaced(sum, from, to), copy);
  await mkdir(join(units.folder, 'harbour'));
  file = join(units.folder, 'harbour/unit.yaml');
  await writeFile(file, marked.replaceAll('§', ''));
  spine = await openSpine({ legacy, unitsFolder: units.folder });
  await spine.firstLoad;
});
afterAll(() => closeWorld(spine, units, legacy));

/** Lines and columns of the marks, counted from 1 in the text without them. */
function toPlaces(text: string): string[] {
  return text.split('\n').flatMap((line, row) => {
    const columns = [...line.matchAll(/§/g)].map(({ index }, before) => index - before + 1);
    return columns.map((column) => `${row + 1}:${column}`);
  });
}

test('five mistakes are five messages, each with its id, line and column', () => {
  const errors = spine.faults.filter(({ severity }) => severity === 'error').map(toFaultText);
  const expected = toPlaces(marked).map((place, index) => `${file}:${place}  ${MISTAKES[index]?.[0]}  `);
  expect(errors.map((text) => text.slice(0, text.indexOf('  ', text.indexOf('  ') + 2) + 2))).toEqual(
    expected,
  );
  expect(errors.every((text) => text.length > 100)).toBe(true);
});

test('hydrology is unaffected: loaded, answering, and nothing of the broken unit in the schema', async () => {
  const { status, data, errors, sources } = await spine.ask(
    '{ units { code } division(code: "431124") { hydroStations { totalCount } floodTravels { totalCount } riverReadings { totalCount } } }',
  );
  const [truth] = await legacy.query(
    'select (select count(*) from ledger.station)::int as stations, (select count(*) from ledger.settled_river)::int as river',
  );
  expect([status, errors]).toEqual([200, []]);
  expect(data).toMatchObject({
    units: [{ code: 'hydrology' }],
    division: { hydroStations: { totalCount: truth?.stations }, riverReadings: { totalCount: truth?.river } },
  });
  expect(sources).toMatchObject([{ unit: 'hydrology', status: 'OK' }]);
  expect(await spine.query(`select 1 from pg_namespace where nspname = 'harbour'`)).toEqual([]);
  expect(await spine.query('select distinct unit from hub.run')).toEqual([{ unit: 'hydrology' }]);
});
