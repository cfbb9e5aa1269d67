import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY } from './fire.ts';
import { type ForestrySystem, openForestrySystem } from './system.ts';

const START = Date.parse('2026-04-05T00:00:00Z');
const VIIRS = 'latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence';

let root: string;
let system: ForestrySystem;

const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
const drop = async (...asked: Parameters<ForestrySystem['dropBroken']>) => {
  const file = await system.dropBroken(...asked);
  return { ...file, bytes: await readFile(join(root, file.folder, file.name)) };
};
const decode = (bytes: Buffer, encoding: string) => new TextDecoder(encoding, { fatal: true }).decode(bytes);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'one-network-broken-'));
  system = await openForestrySystem({ folder: root, seed: 1, days: 3, clock, log: () => undefined });
});

afterAll(async () => {
  await system.close();
  await rm(root, { recursive: true, force: true });
});

describe('a file with a mistake', () => {
  test('gbk-in-utf8 is the domestic list in the FIRMS folder: no UTF-8, but GBK', async () => {
    const { folder, bytes } = await drop('gbk-in-utf8');
    expect(folder).toBe('firms');
    expect(bytes.subarray(0, 8).toString('hex')).toBe('c8c8b5e3b1e0bac5');
    expect(() => decode(bytes, 'utf-8')).toThrow();
    expect(decode(bytes, 'gb18030')).toMatch(/^热点编号,经度/);
  });

  test('utf8-in-gbk is the domestic list saved as UTF-8: read as GBK it has another header', async () => {
    const { folder, name, bytes } = await drop('utf8-in-gbk');
    expect([folder, name]).toEqual(['drop', '热点_202604050800_utf8-in-gbk.csv']);
    expect(decode(bytes, 'utf-8')).toMatch(/^热点编号,经度/);
    expect(new TextDecoder('gb18030').decode(bytes)).not.toContain('热点');
  });

  test('unknown-header fits no form', async () => {
    const firms = decode((await drop('unknown-header')).bytes, 'utf-8');
    expect(firms).toMatch(/^latitude,longitude,path,row,/);
    expect(firms).not.toMatch(/bright/);
    const domestic = await drop('unknown-header', 'drop');
    expect(decode(domestic.bytes, 'gb18030')).toMatch(/^编号,X,Y,时间/);
  });

  test('unclosed-quote opens a quotation in its last row and never closes it', async () => {
    for (const folder of ['firms', 'drop'] as const) {
      const { bytes, rows } = await drop('unclosed-quote', folder);
      const text = decode(bytes, folder === 'firms' ? 'utf-8' : 'gb18030');
      const lines = text.trimEnd().split(/\r?\n/);
      expect(lines).toHaveLength(rows + 1);
      expect(text.split('"')).toHaveLength(2);
      expect(lines.at(-1)).toMatch(/,"[^",]+$/);
    }
  });

  test('bom has U+FEFF before the first column', async () => {
    const { bytes } = await drop('bom');
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(bytes.subarray(3).toString('utf8')).toMatch(/^(country_id,)?latitude,/);
  });

  test('crlf and lf differ in their line ends only', async () => {
    for (const folder of ['firms', 'drop'] as const) {
      const crlf = (await drop('crlf', folder)).bytes.toString('latin1');
      const lf = (await drop('lf', folder)).bytes.toString('latin1');
      expect(crlf).toContain('\r\n');
      expect(lf).not.toContain('\r');
      expect(crlf.replaceAll('\r\n', '\n')).toBe(lf);
    }
  });

  test('empty has its header only', async () => {
    const { bytes, rows } = await drop('empty');
    expect(rows).toBe(0);
    expect(decode(bytes, 'utf-8').trimEnd()).toMatch(new RegExp(`^(country_id,)?${VIIRS}[^\n]*$`));
  });

  test('same-name and same-bytes are a file once more, as it was and as a copy', async () => {
    const again = await drop('same-name', 'drop');
    const copy = await drop('same-bytes', 'drop');
    expect(again.name).toBe(again.copyOf);
    expect(copy.name).toBe(again.name.replace('.csv', ' - 副本.csv'));
    expect(copy.sha256).toBe(again.sha256);
    expect(copy.bytes.equals(again.bytes)).toBe(true);
  });

  test('adds no hotspot; only what is to be read is one more writing of known ones', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'one-network-broken-'));
    const calm = await openForestrySystem({ folder: fresh, seed: 1, days: 3, clock, log: () => undefined });
    const plain = ({ hotspots }: ReturnType<typeof calm.ledger>) =>
      hotspots.map(({ written, ...entry }) => ({ ...entry, written: written.length > 0 }));
    expect(plain(system.ledger())).toEqual(plain(calm.ledger()));
    const files = new Set(system.ledger().hotspots.flatMap(({ written }) => written.map(({ file }) => file)));
    expect([...files].filter((file) => /bom|crlf|_lf|副本/.test(file)).length).toBe(6);
    expect([...files].filter((file) => /gbk|utf8|unknown|unclosed|empty/.test(file))).toEqual([]);
    await calm.close();
    await rm(fresh, { recursive: true });
  });

  test('needs a file to repeat', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'one-network-broken-'));
    const young = await openForestrySystem({ folder: fresh, seed: 1, days: 0, clock, log: () => undefined });
    await expect(young.dropBroken('bom')).rejects.toThrow('tick first');
    await young.close();
    await rm(fresh, { recursive: true });
  });
});
