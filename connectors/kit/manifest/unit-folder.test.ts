import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toFaultText } from './faults.ts';
import { openUnitFolder, openUnits, runConnectorBuild } from './unit-folder.ts';

const UNITS = fileURLToPath(new URL('../../units', import.meta.url));
const DRAFTS = fileURLToPath(new URL('fixtures/drafts', import.meta.url));

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'units-'));
});
afterEach(() => rm(root, { recursive: true }));

async function addUnit(name: string, change: (text: string) => string = (text) => text): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await writeFile(join(folder, 'unit.yaml'), change(await readFile(join(DRAFTS, `${name}.yaml`), 'utf8')));
  return folder;
}

async function addBuilt(name: string): Promise<string> {
  const folder = await addUnit(name);
  expect((await runConnectorBuild(folder)).written).toBe(true);
  return folder;
}

describe('the units of this hub', () => {
  test('have no error, and their locks are right', async () => {
    const { units, faults } = await openUnits(UNITS);
    const told = faults.filter(({ severity }) => severity !== 'note');
    // How an owner agrees to what others add to its types is not settled (manifest format 1): these are proposed to them.
    const proposed = told.filter(({ id }) => id === 'M082').map(({ path }) => path);
    expect(proposed).toEqual([
      'types.SchoolBus.links.vehicle.inverse',
      'types.FerryCrossing.links.gauge.inverse',
      'types.Reservoir.links.hydroStation.inverse',
    ]);
    expect(told.filter(({ id }) => id !== 'M082').map(toFaultText)).toEqual([]);
    expect(units.map(({ unit }) => unit)).toContain('hydrology');
  });
});

describe('the lock of a unit', () => {
  test('is written once and then found right', async () => {
    const folder = await addBuilt('hydrology');
    expect(await runConnectorBuild(folder)).toMatchObject({ written: false });
    const { unit, faults } = await openUnitFolder(folder);
    expect(unit?.unit).toBe('hydrology');
    expect(faults.filter(({ id }) => id === 'M094')).toEqual([]);
  });

  test('that lacks an addition is a note, and the unit is used', async () => {
    const folder = await addBuilt('hydrology');
    const file = join(folder, 'unit.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('      basin:', '      system: { zh: 水系, en: System, text: hnnm }\n      basin:'),
    );
    const { unit, faults } = await openUnitFolder(folder);
    expect(unit).not.toBeNull();
    expect(faults.map(({ id, severity }) => `${id} ${severity}`)).toContain('M094 note');
  });

  test('that would break clients is an error, and the message says what to run', async () => {
    const folder = await addBuilt('hydrology');
    const file = join(folder, 'unit.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('      basin:', '      basinName:'));
    const { unit, faults } = await openUnitFolder(folder);
    expect(unit).toBeNull();
    expect(faults.map(toFaultText)).toEqual([
      `${join(folder, 'schema.graphql')}:1:1  M094  (file)  differs from unit.yaml in a way that can break clients; run \`hub connector build\` and review the difference`,
    ]);
  });

  test('that is missing is an error', async () => {
    const { unit, faults } = await openUnitFolder(await addUnit('maritime'));
    expect(unit).toBeNull();
    expect(faults.map(({ id }) => id)).toEqual(['M094']);
  });

  test('is not written while the manifest has errors', async () => {
    const folder = await addUnit('maritime', (text) => text.replace('kind: socket', 'kind: sockte'));
    const { written, faults } = await runConnectorBuild(folder);
    expect(written).toBe(false);
    expect(faults.map(({ message }) => message)).toContain(
      'must be one of sql, http, soap, graphql, file, mqtt, socket; did you mean "socket"?',
    );
  });
});

describe('all units together', () => {
  test('the fifteen drafts stand together without an error', async () => {
    for (const name of await readdir(DRAFTS)) await addBuilt(name.replace('.yaml', ''));
    const { units, faults } = await openUnits(root);
    expect(faults.filter(({ severity }) => severity === 'error').map(toFaultText)).toEqual([]);
    expect(units).toHaveLength(15);
  });

  test('a unit with errors is reported and left out, the others are unaffected', async () => {
    await addBuilt('hydrology');
    await addBuilt('transport');
    const broken = await addBuilt('education');
    const file = join(broken, 'unit.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('codec: xlsx', 'codec: xslx'));
    const { units, faults } = await openUnits(root);
    expect(units.map(({ unit }) => unit)).toEqual(['hydrology', 'transport']);
    expect(faults.map(({ file: at, id }) => `${at} ${id}`)).toEqual([`${file} M001`]);
  });

  test('a link into a unit that is left out is warned of, and its own unit stays', async () => {
    await addBuilt('maritime');
    await addUnit('hydrology', (text) => text.replace('unit: hydrology', 'unit: hydro'));
    const { units, faults } = await openUnits(root);
    expect(units.map(({ unit }) => unit)).toEqual(['maritime']);
    expect(faults.find(({ id }) => id === 'M080')).toMatchObject({
      severity: 'warning',
      path: 'types.FerryCrossing.links.gauge.to',
    });
  });

  test('a folder without a manifest is no unit', async () => {
    await mkdir(join(root, 'notes'));
    await cp(join(UNITS, 'hydrology'), join(root, 'hydrology'), { recursive: true });
    expect((await openUnits(root)).units.map(({ unit }) => unit)).toEqual(['hydrology']);
  });

  test('a manifest in GBK is refused, not guessed at', async () => {
    await mkdir(join(root, 'forestry'));
    await writeFile(join(root, 'forestry', 'unit.yaml'), Buffer.from([0xc1, 0xd6, 0xd2, 0xb5]));
    const { units, faults } = await openUnits(root);
    expect(units).toEqual([]);
    expect(faults.map(({ id, line, column }) => ({ id, line, column }))).toEqual([
      { id: 'M007', line: 1, column: 1 },
    ]);
  });

  test('a folder of units that is not there is an error of the configuration', async () => {
    await expect(openUnits(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
  });
});
