// The education bureau's whole way: twenty-two workbooks with every lie that clerks tell, every row compared with the truth; then a
// county corrects itself, errs in every way, and no other county's schools are touched by it.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CORRECTED } from '../../sandbox/education/register.ts';
import { type EducationSystem, openEducationSystem } from '../../sandbox/education/system.ts';
import { toTransport } from '../../sandbox/transport/simulation.ts';
import { toVehicles } from '../../sandbox/transport/vehicle.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer } from './ask.ts';
import { type Close, closeAll } from './close-all.ts';
import { compareEducation, EDUCATION, measureSchools } from './compare-education.ts';
import { settleFolders } from './open-city.ts';
import { DAY, openDepartment, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const opened: Close[] = [];
let education: EducationSystem;
let spine: Spine;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-education-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
  education = await openEducationSystem({
    folder,
    seed: 1,
    days: 1,
    clock,
    growMs: 20,
    log: () => undefined,
  });
  opened.push(education.close);
  // School buses have terminals: the register of vehicles stands beside, and no terminal speaks.
  const vehicles = await openDepartment(toTransport(1), { days: 0.01 });
  opened.push(vehicles.close);
  spine = await openSpine({
    legacy: { now: () => START + 2 * DAY, url: '' },
    units: ['education', 'transport'],
    secrets: {
      EDUCATION_FOLDER: pathToFileURL(education.uploadFolder).href,
      TRANSPORT_URL: vehicles.url,
      TRANSPORT_JT808_PORT: '0',
      TRANSPORT_JT808_AUTH: 'x',
    },
  });
  opened.push(spine.close);
  await spine.firstLoad;
  await settle();
}, 120_000);
afterAll(() => closeAll(opened));

const settle = () => settleFolders(spine, [education.uploadFolder], ['upload']);
const compareAll = async () => {
  const found: Record<string, readonly string[]> = {};
  for (const what of EDUCATION)
    found[what] = (await compareEducation(what, education.ledger(), spine.query)).differences;
  return found;
};
const SAME = { school: [], shelter: [], bus: [] };
const LIVING = `select type, rows_living::int as living from hub.type_state where unit = 'education' order by type`;
const readLastRun = async () =>
  (await spine.query<{ id: string }>('select coalesce(max(id), 0) as id from hub.run'))[0]?.id ?? '0';
type Run = {
  state: string;
  read: number;
  written: number;
  deleted: number;
  set_aside: number;
  code: string | null;
};
const readRuns = (since: string) =>
  spine.query<Run>(
    `select state, read::int, written::int, deleted::int, set_aside::int, error_code as code from hub.run where id > $1 and task = 'sync' and unit = 'education' order by id`,
    [since],
  );

describe('what the counties dropped', () => {
  test('is in the store, row by row as the ledger says, with no record set aside', async () => {
    const { schools, buses } = education.ledger();
    expect([schools.length, buses.length]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(schools.length).toBeGreaterThan(70);
    expect(await compareAll()).toEqual(SAME);
    expect(await spine.query('select code, record from hub.set_aside')).toEqual([]);
    expect(
      await spine.query(`select distinct state from hub.run where task = 'sync' and unit = 'education'`),
    ).toEqual([{ state: 'SUCCEEDED' }]);
  });

  test('lies where it is: BD-09 came back to WGS84 within a third of a metre', async () => {
    const { places, metres } = await measureSchools(education.ledger(), spine.query);
    expect(places).toBe(education.ledger().schools.length);
    expect(metres).toBeLessThan(0.34);
  });
});

test('a school bus is found by plate and colour among the vehicles that have a terminal, and from there again', async () => {
  const query =
    '{ schoolBuses(first: 100) { nodes { plate colour vehicle { plate colour simNo schoolBus { plate } } } } }';
  type Bus = { plate: string; vehicle: { simNo: string | null; schoolBus: { plate: string } } };
  const { data, errors } = await spine.ask<{ schoolBuses: { nodes: Bus[] } }>(query);
  expect(errors).toEqual([]);
  expect((await spine.askStitched(query)).data).toEqual(data);
  const known = new Map(toVehicles(1, 60).map(({ plate, simNo }) => [plate, simNo]));
  const { nodes } = data.schoolBuses;
  // A bus without a terminal keeps its link, which leads to no row yet.
  expect(nodes.filter(({ vehicle }) => vehicle.simNo !== null)).toHaveLength(12);
  for (const { plate, vehicle } of nodes)
    expect(vehicle).toMatchObject({ simNo: known.get(plate) ?? null, schoolBus: { plate } });
});

describe('asked through both doors', () => {
  type School = { code: string; head: string; headPhone: string };
  type Data = {
    division: {
      schools: { nodes: (School & { buses: { nodes: { driver: string; driverPhone: string }[] } })[] };
    };
    school: School & { shelter: { name: string; school: { code: string } } | null };
    byPerson: { totalCount: number };
  };
  const toQuery = (code: string) => `{
    division(code: "431124") { schools(first: 50) { nodes { code head headPhone buses(first: 9) { nodes { plate driver driverPhone } } } } }
    school(id: "education:School:${code}") { code head headPhone division { code } shelter { name people school { code } division { code } } } }`;

  test.each([
    ['whole', (query: string) => spine.ask<Data>(query)],
    ['stitched', (query: string) => spine.askStitched<Data>(query)],
  ] as const)('%s: heads and drivers are masked, links lead both ways', async (_, ask) => {
    const { schools, buses } = education.ledger();
    const own = schools.filter(({ county }) => county === CORRECTED);
    const sheltering = own.find(({ shelter }) => shelter !== null);
    const { data, errors, text }: Answer<Data> = await ask(toQuery(sheltering?.code ?? ''));
    expect(errors).toEqual([]);
    const mask = (name: string) => `${[...name][0]}**`;
    const hide = (phone: string) => `${phone.slice(0, 3)}****${phone.slice(-4)}`;
    const nodes = data.division.schools.nodes.toSorted((a, b) => (a.code < b.code ? -1 : 1));
    expect(nodes.map(({ code, head }) => [code, head])).toEqual(
      own.map(({ code, head }) => [code, mask(head)]),
    );
    for (const { code, headPhone, buses: ridden } of nodes) {
      const truth = own.find((one) => one.code === code);
      if (truth?.headPhone.startsWith('1')) expect(headPhone).toBe(hide(truth.headPhone));
      const theirs = buses.filter(({ schoolCode }) => schoolCode === code);
      expect(ridden.nodes.map(({ driver }) => driver).toSorted()).toEqual(
        theirs.map(({ driver }) => mask(driver)).toSorted(),
      );
    }
    expect(data.school).toMatchObject({
      code: sheltering?.code,
      division: { code: sheltering?.villageCode },
      shelter: {
        name: `${sheltering?.name}避难场所`,
        school: { code: sheltering?.code },
        division: { code: sheltering?.villageCode },
      },
    });
    const secrets = [
      ...own.flatMap(({ head, headPhone }) => [head, headPhone]),
      ...buses.flatMap(({ driver, driverPhone }) => [driver, driverPhone]),
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  test('nobody filters by a head’s name', async () => {
    const { codes } = await spine.ask('{ schools(where: { head: { eq: "唐志强" } }) { totalCount } }');
    expect(codes).toEqual(['HUB_QUERY_MASKED']);
  });
});

describe('a county that corrects itself', () => {
  test('loses the school that its new register lacks, and no other county loses any', async () => {
    const since = await readLastRun();
    await education.tick(START + 2 * DAY);
    await settle();
    const runs = await readRuns(since);
    expect(runs.map(({ state }) => state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(runs.reduce((sum, { deleted }) => sum + deleted, 0)).toBeGreaterThan(0);
    expect(await compareAll()).toEqual(SAME);
    const [closed] = education.ledger().closed;
    expect(await spine.query('select code, _scope from education.school where _gone_at is not null')).toEqual(
      [{ code: closed, _scope: CORRECTED }],
    );
  });
});

describe('a county that errs', () => {
  const rejectOf = async (name: string) =>
    JSON.parse(await readFile(join(education.uploadFolder, 'reject', `${name}.reason.json`), 'utf8'));

  test.each([
    ['csv', 'HUB_SOURCE_FORMAT', /is text, such as CSV/],
    ['xls', 'HUB_SOURCE_FORMAT', /Excel 97–2003/],
    ['password', 'HUB_SOURCE_FORMAT', /password/],
    ['cut-off', 'HUB_SOURCE_FORMAT', /cut off/],
    ['bomb', 'HUB_SOURCE_LIMIT', /200 times its size/],
    ['no-sheet', 'HUB_MAP_SHAPE', /no sheet 学校; it has 填表说明, Sheet2/],
    ['no-column', 'HUB_MAP_SHAPE', /学校代码/],
  ] as const)('%s is refused with its reason, and nothing of it is written', async (sort, code, words) => {
    const since = await readLastRun();
    const { name } = await education.dropBroken(sort, '宁远县');
    await settle();
    expect(await readRuns(since)).toMatchObject([{ state: 'FAILED', written: 0, deleted: 0, code }]);
    expect(await rejectOf(name)).toMatchObject({
      code,
      file: name,
      message: expect.stringMatching(words),
      zh: expect.stringContaining('未写入任何记录'),
    });
    expect(await compareAll()).toEqual(SAME);
  });

  test('with #N/A in one school’s pupils has that row set aside by file, sheet, row and column, and loses no school', async () => {
    const since = await readLastRun();
    const { name } = await education.dropBroken('error-cell', '宁远县');
    await settle();
    expect(await readRuns(since)).toMatchObject([{ state: 'SUCCEEDED', deleted: 0, set_aside: 1 }]);
    const [aside] = await spine.query<{ code: string; message: string }>(
      'select code, message from hub.set_aside where run > $1',
      [since],
    );
    expect(aside?.code).toBe('HUB_MAP_RECORD');
    expect(aside?.message).toContain(`${name}: sheet 学校, row 5, column 学生数/小学 (J5): #N/A`);
    expect(await compareAll()).toEqual(SAME);
  });

  test('a register like the one before changes nothing', async () => {
    const before = await spine.query(LIVING);
    const since = await readLastRun();
    await education.dropBroken('again', '宁远县');
    await settle();
    expect(await readRuns(since)).toMatchObject([{ state: 'SUCCEEDED', written: 0, deleted: 0 }]);
    expect(await spine.query(LIVING)).toEqual(before);
  });

  test('with a file of random bytes is told so, and one that grows for ever is read once it is whole', async () => {
    const since = await readLastRun();
    await education.setFault('garbage');
    await settle();
    expect(await readRuns(since)).toMatchObject([{ state: 'FAILED', written: 0, code: 'HUB_SOURCE_FORMAT' }]);
    await education.setFault('hang');
    const [grown = ''] = await readdir(education.uploadFolder).then((names) =>
      names.filter((name) => name.includes('growing')),
    );
    const other = await education.dropBroken('again', '双牌县');
    const isTaken = async () => {
      await spine.look(['upload']);
      return !(await readdir(education.uploadFolder)).includes(other.name);
    };
    await eventually(isTaken, { what: 'the other county’s file', everyMs: 100, withinMs: 30_000 });
    expect(await readdir(education.uploadFolder)).toContain(grown);
    await education.setFault('none');
    await settle();
    expect(await compareAll()).toEqual(SAME);
    expect(await readdir(join(education.uploadFolder, 'reject'))).not.toContain(grown);
  });

  test('whose folder is away is failing, and well again once it is there', async () => {
    const failing = async () =>
      (await spine.query(`select last_error_code as code from hub.feed where object = 'schools'`))[0]?.code;
    await education.setFault('down');
    const isFailing = async () => {
      await spine.look(['upload']);
      return (await failing()) === 'HUB_SOURCE_UNREACHABLE';
    };
    await eventually(isFailing, { what: 'a failing feed', everyMs: 100, withinMs: 60_000 });
    const { data } = await spine.ask<{ schools: { totalCount: number } }>('{ schools { totalCount } }');
    expect(data.schools.totalCount).toBe(education.ledger().schools.length);
    await education.setFault('none');
    const isWell = async () => {
      await spine.look(['upload']);
      return (await failing()) === null;
    };
    await eventually(isWell, { what: 'a feed that is well', everyMs: 100, withinMs: 60_000 });
    expect(await compareAll()).toEqual(SAME);
  });

  // The last one: its file stays where it lies.
  test('with no school in it is held back by the brake, while other counties go on', async () => {
    const { name } = await education.dropBroken('emptied', '宁远县');
    const isBraked = async () => {
      await spine.look(['upload']);
      const [row] = await spine.query<{ n: number }>(
        `select count(*)::int as n from hub.run where error_code = 'HUB_SYNC_DELETE_BRAKE'`,
      );
      return (row?.n ?? 0) > 0;
    };
    await eventually(isBraked, { what: 'the brake', everyMs: 100, withinMs: 30_000 });
    expect(await readdir(education.uploadFolder)).toContain(name);
    expect(await compareAll()).toEqual(SAME);
    const again = await education.dropBroken('again', '蓝山县');
    const isTaken = async () => {
      await spine.look(['upload']);
      return !(await readdir(education.uploadFolder)).includes(again.name);
    };
    await eventually(isTaken, { what: 'the other county’s file', everyMs: 100, withinMs: 30_000 });
    expect(await readdir(education.uploadFolder)).toContain(name);
    expect(await compareAll()).toEqual(SAME);
    // The county that was read mends nothing of the one that is held back.
    const [held] = await spine.query(
      `select jsonb_object_keys(braked) as county, last_error_code as code from hub.feed where braked is not null`,
    );
    expect(held).toEqual({ county: '宁远县', code: 'HUB_SYNC_DELETE_BRAKE' });
  });
});
