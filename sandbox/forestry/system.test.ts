import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.ts';
import type { DropOptions } from '../drop/drop-system.ts';
import { HOUR } from '../storm/storm.ts';
import { DAY } from './fire.ts';
import { type ForestrySystem, openForestrySystem } from './system.ts';

const START = Date.parse('2026-04-05T00:00:00Z');

let folder: string;
let system: ForestrySystem;

const open = (options: Partial<DropOptions> = {}) =>
  openForestrySystem({
    folder,
    seed: 1,
    days: 3,
    clock: { start: START, frozen: true, wall: () => START + 30 * DAY },
    log: () => undefined,
    growMs: 5,
    ...options,
  });
const at = (...names: string[]) => join(folder, ...names);
const decode = (bytes: Buffer, encoding: string) => new TextDecoder(encoding, { fatal: true }).decode(bytes);
/** Every file in both folders, by its bytes. */
const readAll = async (root = folder) => {
  const found: Record<string, string> = {};
  for (const name of ['firms', 'drop'])
    for (const entry of await readdir(join(root, name), { withFileTypes: true }))
      if (entry.isFile()) {
        const bytes = await readFile(join(root, name, entry.name));
        found[`${name}/${entry.name}`] = createHash('sha256').update(bytes).digest('hex');
      }
  return found;
};
const dropped = () =>
  Object.fromEntries(
    system.ledger().filesDropped.map((file) => [`${file.folder}/${file.name}`, file.sha256]),
  );

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-forestry-'));
  system = await open();
});

afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the forestry bureau', () => {
  test('has dropped its history at the start, as the ledger says, and nothing else', async () => {
    const files = await readAll();
    expect(files).toEqual(dropped());
    expect(Object.keys(files).length).toBeGreaterThan(20);
    expect((await readdir(folder)).toSorted()).toEqual(['drop', 'firms', 'forestry-state.json']);
  });

  test('writes FIRMS in UTF-8 and its own files in GBK, each line as the ledger has it', async () => {
    for (const { folder: where, name, rows } of system.ledger().filesDropped) {
      const text = decode(await readFile(at(where, name)), where === 'firms' ? 'utf-8' : 'gb18030');
      expect(text.trimEnd().split(/\r?\n/)).toHaveLength(rows + 1);
    }
    for (const { written } of system.ledger().hotspots)
      for (const { folder: where, file, line, text } of written) {
        const bytes = await readFile(at(where, file));
        expect(decode(bytes, where === 'firms' ? 'utf-8' : 'gb18030').split(/\r?\n/)[line - 1]).toBe(text);
      }
  });

  test('makes the same bytes for the same seed and others for another', async () => {
    const roots = await Promise.all(
      [1, 2].map((seed) => mkdtemp(join(tmpdir(), `one-network-forestry-${seed}-`))),
    );
    for (const [index, root] of roots.entries()) {
      const other = await open({ folder: root, seed: index + 1 });
      await other.close();
    }
    const [same = '', different = ''] = roots;
    expect(await readAll(same)).toEqual(await readAll());
    expect(await readAll(different)).not.toEqual(await readAll());
    for (const root of roots) await rm(root, { recursive: true });
  });

  test('writes one pixel twice, in near real time and in the archive, and the ledger has it once', () => {
    const twice = system.ledger().hotspots.filter(({ written }) => written.length > 1);
    const times = (entry: (typeof twice)[number]) =>
      entry.written.map(({ text }) => /-\d\d,(\d+),/.exec(text)?.[1]);
    expect(twice.length).toBeGreaterThan(10);
    expect(twice.map(times)).toContainEqual(['0041', '41']);
  });

  test('drops what falls due, up to the clock’s now and never later', async () => {
    expect(await system.tick(START + 30 * HOUR)).toBe(START + 30 * HOUR);
    const { hotspots, filesDropped } = system.ledger();
    expect(filesDropped.length).toBeGreaterThan(35);
    expect(await readAll()).toEqual(dropped());
    for (const { observedAt } of hotspots) expect(Date.parse(observedAt)).toBeLessThan(START + 30 * HOUR);
    expect(Math.max(...hotspots.map(({ observedAt }) => Date.parse(observedAt)))).toBeGreaterThan(START);
  });

  test('tells in the ledger who retired and whose phone was corrected', async () => {
    expect(system.ledger().rangers).toHaveLength(200);
    await system.tick(START + 30 * HOUR);
    const { rangers, towers } = system.ledger();
    const ended = rangers.filter(({ validTo }) => validTo !== null);
    const begun = rangers.filter(({ validFrom }) => Date.parse(validFrom) > START);
    expect([rangers.length, ended.length, begun.length]).toEqual([201, 3, 1]);
    expect(ended.map(({ number }) => number)).toContain(begun[0]?.number);
    expect(rangers[0]).toMatchObject({ county: '零陵区', town: '邮亭圩镇', areaM2: expect.any(Number) });
    expect(towers).toHaveLength(30);
  });

  test('has hotspots in SI, with null for what a sensor does not say', () => {
    const { hotspots } = system.ledger();
    const of = (sensor: string) => hotspots.filter((entry) => entry.sensor === sensor);
    expect(of('VIIRS')[0]).toMatchObject({ confidencePercent: null, openFlameM2: null, number: null });
    expect(of('MODIS')[0]).toMatchObject({ confidencePercent: expect.any(Number), landUse: null });
    expect(of('domestic')[0]).toMatchObject({ brightnessK: null, powerMW: null, confidence: null });
    for (const { openFlameM2, written } of of('domestic'))
      expect(openFlameM2).toBe(Math.round(Number(written[0]?.text.split(',')[5]) * 10_000));
    expect(hotspots.some(({ county }) => county === null)).toBe(true);
  });
});

describe('a half-written file', () => {
  test('stays half under its final name until it is finished, while others go on', async () => {
    const begun = await system.beginFile('drop');
    expect((await stat(at('drop', begun.name))).size).toBe(begun.written);
    expect(begun.written).toBeLessThan(begun.of);
    await system.tick(START + 12 * HOUR);
    expect(Object.keys(dropped())).not.toContain(`drop/${begun.name}`);
    await system.finishFile();
    expect((await stat(at('drop', begun.name))).size).toBe(begun.of);
    expect(await readAll()).toEqual(dropped());
  });

  test('is one at a time, and is written whole after a restart', async () => {
    const begun = await system.beginFile('firms');
    await expect(system.beginFile('drop')).rejects.toThrow(`finish ${begun.name} first`);
    await system.close();
    expect((await stat(at('firms', begun.name))).size).toBe(begun.written);
    system = await open({ clock: { start: START + DAY, frozen: true, wall: () => START + 30 * DAY } });
    expect((await stat(at('firms', begun.name))).size).toBe(begun.of);
    await expect(system.finishFile()).rejects.toThrow('must be half written');
  });
});

describe('a restart', () => {
  const moveAway = async () => {
    for (const name of ['firms', 'drop']) {
      await mkdir(at(name, 'archive'), { recursive: true });
      for (const file of await readdir(at(name)))
        if (file.endsWith('.csv')) await rename(at(name, file), at(name, 'archive', file));
    }
  };

  test('does not write again what the hub has moved away, and goes on from where it stopped', async () => {
    const before = system.ledger();
    await moveAway();
    await system.close();
    system = await open();
    expect(await readAll()).toEqual({});
    expect(system.ledger()).toEqual(before);
    await system.tick(START + 6 * HOUR);
    expect(Object.keys(await readAll()).length).toBeGreaterThan(2);
  });

  test('knows its files again even if the process ended before it remembered them', async () => {
    await moveAway();
    await system.close();
    await rm(at('forestry-state.json'));
    system = await open();
    expect(await readAll()).toEqual({});
    expect(system.ledger().filesDropped.length).toBeGreaterThan(20);
  });

  test('takes the clock no further back than its files', async () => {
    await system.tick(START + 12 * HOUR);
    await system.close();
    system = await open();
    expect(await system.tick()).toBe(START + 12 * HOUR);
  });

  test('with another seed is another city, whose folders hold nothing of the first', async () => {
    await system.close();
    system = await open({ seed: 2 });
    expect(await readAll()).toEqual(dropped());
  });
});

describe('faults', () => {
  test('down: the folders are gone and come back with every unread file', async () => {
    const before = await readAll();
    await system.setFault('down');
    await expect(readdir(at('firms'))).rejects.toMatchObject({ code: 'ENOENT' });
    await system.tick(START + 6 * HOUR);
    await expect(system.dropBroken('bom')).rejects.toThrow('are down');
    await system.setFault('none');
    expect(await readAll()).toEqual(before);
    await system.tick();
    expect(Object.keys(await readAll()).length).toBeGreaterThan(Object.keys(before).length);
    expect(system.faultCounters().down).toMatchObject({ activations: 1, bytesToClient: 0 });
  });

  test('hang: a file grows in each folder and nothing else arrives; then it ends with rows that are known', async () => {
    const before = Object.keys(await readAll());
    await system.setFault('hang');
    const { hotspots } = system.ledger();
    await system.tick(START + 6 * HOUR);
    const grown = Object.keys(await readAll()).filter((name) => !before.includes(name));
    expect(grown.map((name) => name.split('/')[0]).toSorted()).toEqual(['drop', 'firms']);
    for (const name of grown) {
      const { size } = await stat(at(name));
      await eventually(async () => (await stat(at(name))).size > size + 100);
    }
    await system.setFault('none');
    expect(await readAll()).toEqual(dropped());
    expect(system.ledger().hotspots).toEqual(hotspots);
    const drop = decode(await readFile(at(grown.find((name) => name.startsWith('drop')) ?? '')), 'gb18030');
    const lines = new Set(drop.trimEnd().split('\n').slice(1));
    const known = hotspots.flatMap(({ written }) => written.map(({ text }) => text));
    for (const line of lines) expect(known).toContain(line);
    expect(system.faultCounters().hang.bytesToClient).toBeGreaterThan(200);
  });

  test('slow: files come two hours late', async () => {
    await system.tick(START + 5 * HOUR);
    const { length } = system.ledger().filesDropped;
    await system.setFault('slow');
    // Due since half past six.
    await system.tick(START + 8 * HOUR);
    expect(system.ledger().filesDropped).toHaveLength(length);
    await system.tick(START + 8.9 * HOUR);
    expect(system.ledger().filesDropped).toHaveLength(length + 1);
    expect(system.faultCounters().slow.bytesToClient).toBeGreaterThan(0);
    await system.setFault('none');
    await system.tick();
    expect(system.ledger().filesDropped.length).toBeGreaterThan(length + 1);
  });

  test('garbage: a file of no encoding under a name that fits, in each folder, each time', async () => {
    await system.setFault('garbage');
    await system.setFault('none');
    await system.setFault('garbage');
    const files = system.ledger().filesDropped.filter(({ sort }) => sort === 'garbage');
    expect(files.map(({ name }) => name)).toEqual([
      'fire_nrt_202604050800_garbage.csv',
      '热点_202604050800_garbage.csv',
      'fire_nrt_202604050800_garbage_2.csv',
      '热点_202604050800_garbage_2.csv',
    ]);
    for (const { folder: where, name } of files)
      for (const encoding of ['utf-8', 'gb18030']) {
        const bytes = await readFile(at(where, name));
        expect(() => decode(bytes, encoding)).toThrow();
      }
    expect(system.faultCounters().garbage).toMatchObject({ activations: 2, bytesToClient: 4 * 4096 });
    expect(await readAll()).toEqual(dropped());
  });

  test('end with the process, whatever they were', async () => {
    const before = await readAll();
    await system.setFault('down');
    await system.close();
    expect(await readAll()).toEqual(before);
  });

  test('hang before any row is known leaves a header only', async () => {
    const root = await mkdtemp(join(tmpdir(), 'one-network-forestry-empty-'));
    const young = await open({ folder: root, days: 0, growMs: 10_000 });
    await young.setFault('hang');
    await young.close();
    const name = (await readdir(join(root, 'drop'))).find((file) => file.startsWith('热点')) ?? '';
    expect(decode(await readFile(join(root, 'drop', name)), 'gb18030')).toMatch(
      /^热点编号,[^\n]*观测时间\n$/,
    );
    await rm(root, { recursive: true });
  });
});
