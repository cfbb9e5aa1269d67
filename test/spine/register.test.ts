// A department joins a hub that serves: gateway and worker are processes, questions go on all the while, and what is refused
// changes nothing.
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { TIDE_MANIFEST } from '../support/tide-unit.ts';
import { askGraphql } from './ask.ts';
import { closeWorld } from './close-all.ts';
import { HARBOUR_MANIFEST, MASTER, openRegisterWorld, type RegisterWorld, TIDE } from './register-world.ts';
import { replaced } from './units-copy.ts';

const BERTHS = '{ berths { nodes { name master gauge { code } } } }';
const WHOLE = {
  berths: {
    nodes: [
      { name: '一号泊位', master: '王**', gauge: { code: 'G1' } },
      { name: '二号泊位', master: '王**', gauge: { code: 'G2' } },
      { name: '三号泊位', master: '王**', gauge: { code: 'G3' } },
    ],
  },
};

let world: RegisterWorld;
beforeAll(async () => {
  world = await openRegisterWorld();
}, 120_000);
afterAll(() => closeWorld(world), 60_000);

const findUnits = () =>
  world.query('select unit, state, origin, version::int from hub.unit order by unit collate "C"');
const TIDE_ROW = { unit: 'tide', state: 'REGISTERED', origin: 'FOLDER', version: 1 };
const harbour = (state: string, version: number) => ({ unit: 'harbour', state, origin: 'COMMAND', version });

describe('a department that registers while the hub serves', () => {
  let folder: string;

  test('is refused for a manifest with faults, a name that another unit has, and secrets that are missing', async () => {
    const broken = await world.writeUnit(
      'harbour',
      HARBOUR_MANIFEST.replace('strategy: snapshot', 'strategy: sometimes'),
    );
    expect(await world.register(broken)).toMatchObject({
      state: 'REFUSED',
      faults: [{ id: 'M001', line: 22, path: 'types.Berth.sync.strategy' }],
    });
    // It comes before tide in the alphabet, and the name is tide's all the same.
    const rival = HARBOUR_MANIFEST.replaceAll('Berth:', 'TideGauge:').replace(
      / {4}links:[\s\S]*?\n(?=policy)/,
      '',
    );
    expect(await world.register(await world.writeUnit('harbour', rival))).toMatchObject({
      state: 'REFUSED',
      faults: [{ id: 'M081', message: 'tide has this name already' }],
    });
    folder = await world.writeUnit('harbour', HARBOUR_MANIFEST);
    const { out, code } = await world.hub('register', folder);
    expect(code).toBe(1);
    expect(out).toMatch(/✗ 密钥 Secrets {2}缺少 missing: HARBOUR_FOLDER\n/);
    expect(out).toMatch(/未上线，什么都没有改变 Refused: nothing was changed/);
    expect(await findUnits()).toEqual([TIDE_ROW]);
    expect(
      await world.query("select from information_schema.schemata where schema_name = 'harbour'"),
    ).toEqual([]);
    expect((await askGraphql(world.url, BERTHS)).codes).toEqual(['HUB_QUERY_INVALID']);
  }, 240_000);

  test('sees in a dry run what would become of its records, without a person’s data, and nothing is touched', async () => {
    await world.giveSecret();
    const { out, code } = await world.hub('register', folder, '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/drop\/berths\/snapshot {2}已读 read {2}1 个文件 files, 样本 sample 3\n/);
    expect(out).toMatch(/Berth {2}可入库 would land 3, 主键 keys 唯一 unique\n/);
    expect(out).toMatch(/数据表 Tables {2}将执行 to be done: CREATE TABLE ×2/);
    expect(out).not.toContain(MASTER);
    expect(await readdir(world.dropFolder)).toEqual(['berths.csv']);
    expect(await findUnits()).toEqual([TIDE_ROW]);
  }, 240_000);

  test('is live in every process, and its rows are answered', async () => {
    const report = await world.register(folder);
    expect(report).toMatchObject({ state: 'LIVE', replaces: null, refusals: [] });
    expect(report.processes.map(({ role, state }) => `${role} ${state}`).toSorted()).toEqual([
      'GATEWAY DONE',
      'WORKER DONE',
    ]);
    const isThere = async () => (await askGraphql(world.url, BERTHS)).errors.length === 0;
    await eventually(isThere, { what: 'the berths' });
    expect((await askGraphql(world.url, BERTHS)).data).toEqual(WHOLE);
    expect(await findUnits()).toEqual([harbour('REGISTERED', 1), TIDE_ROW]);
  }, 240_000);

  test('does nothing for a manifest that is live, adds a field, and refuses what would lose rows', async () => {
    expect(await world.register(folder)).toMatchObject({ state: 'UNCHANGED', tables: [] });
    const longer = replaced(
      HARBOUR_MANIFEST,
      '      gaugeCode:',
      '      length: { zh: 长度, en: Length, number: length, unit: m, range: [0, 1000] }\n      gaugeCode:',
    );
    const report = await world.register(await world.writeUnit('harbour', longer));
    expect(report).toMatchObject({ state: 'LIVE', replaces: 1 });
    expect((await askGraphql(world.url, '{ berths { nodes { length } } }')).codes).toEqual([]);
    const lossy = longer.replace('number: length', 'integer: length');
    expect(await world.register(await world.writeUnit('harbour', lossy))).toMatchObject({
      state: 'REFUSED',
      refusals: [{ code: 'HUB_STORE_MIGRATION', message: expect.stringContaining('Berth.length') }],
    });
    const clashing = TIDE_MANIFEST.replaceAll('TideGauge', 'Gauge');
    expect(await world.register(await world.writeUnit('tide', clashing))).toMatchObject({
      state: 'REFUSED',
      refusals: [
        { code: 'HUB_MANIFEST_INVALID', message: expect.stringMatching(/breaks another unit.*M080/) },
      ],
    });
    expect(await findUnits()).toEqual([harbour('REGISTERED', 2), TIDE_ROW]);
  }, 240_000);

  test('is served by a gateway that has no copy of any folder', async () => {
    const gateway = world.open('gateway', { HUB_UNITS_DIR: world.dropFolder });
    const url = await gateway.ready;
    expect((await askGraphql(url, BERTHS)).data).toEqual(WHOLE);
    expect((await askGraphql(url, TIDE)).codes).toEqual([]);
    const { out } = await world.hub('units');
    expect(out).toMatch(/harbour +在用 takes part +2 .* a test +网关 gateways 2\/2, 同步 workers 1\/1\n/);
    expect(out).toMatch(/tide +在用 takes part +1 .*\(start\) +网关 gateways 2\/2, 同步 workers 1\/1\n/);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
  }, 240_000);

  test('leaves the graph when it is taken out; its tables stay, and no question ever failed', async () => {
    const { out, code } = await world.hub('unregister', 'harbour');
    expect([code, out]).toEqual([0, expect.stringMatching(/✓ 网关 Gateway .*\n.*✓ 同步进程 Worker /)]);
    expect((await askGraphql(world.url, BERTHS)).codes).toEqual(['HUB_QUERY_INVALID']);
    expect(await world.query('select code from harbour.berth order by code')).toHaveLength(3);
    expect(await findUnits()).toEqual([harbour('UNREGISTERED', 3), TIDE_ROW]);
    const { asked, faults } = await world.endLoop();
    expect(faults).toEqual([]);
    expect(asked).toBeGreaterThan(50);
    expect(world.gateway.log().filter(({ level }) => Number(level) > 40)).toEqual([]);
  }, 240_000);
});
