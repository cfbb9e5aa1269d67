// The conformance suite over real folders: FIXTURE as CSV files, a clock that the world turns. A folder has no tables, so
// for the checks of tables the world leaves an object's file when it is first asked for, and reads that delivery.
import { renameSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, test } from '@jest/globals';
import { csvCodec } from '../../codecs/csv/csv-codec.ts';
import { FIXTURE, type ObjectName } from '../../kit/conformance/fixture.ts';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import type { Waiver, World } from '../../kit/conformance/world.ts';
import type { Page, SelectRequest, Source, SourceRecord } from '../../kit/contract.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import { toFileKind } from './file-kind.ts';

const SECRET = 's3cr3t-folder';
const MINUTE = 60_000;
const OBJECTS = Object.keys(FIXTURE) as ObjectName[];

const WAIVERS: readonly Waiver[] = [
  { id: 'C01', reason: 'CSV has no kinds of columns and no keys' },
  { id: 'C02', reason: 'a record keeps all columns of its file; file-kind.test.ts shows names of any case' },
  { id: 'C11', reason: 'a file is read in its own order; C44 asks for its pages' },
  { id: 'C12', reason: 'a file is read in its own order; C45 asks for its cursors' },
  { id: 'C13', reason: 'a file is read in its own order' },
  { id: 'C14', reason: 'a delivery does not change; a file that does is another delivery' },
  { id: 'C18', reason: 'a file is read in its own order; C45 asks for foreign cursors' },
  { id: 'C22', reason: 'files of one object differ in columns; the mapping says which one lacks what' },
  { id: 'C23', reason: 'a local folder does not hang on demand; deadlines are put around every kind' },
  { id: 'C24', reason: 'a local folder does not die on demand; C45 resumes from anywhere' },
  { id: 'C25', reason: 'a file with another header is another delivery with other columns' },
  { id: 'C26', reason: 'a local folder does not hang on demand; C48 asks for cancelled calls' },
  { id: 'C27', reason: 'a local folder does not hang on demand; C48 asks for closed sources' },
  { id: 'C28', reason: 'nothing is open between two calls: there is no connection to count' },
  { id: 'C30', reason: 'there is no connection to count; the bulkhead is put around every kind' },
];

describe('the file kind', () => {
  test.each(toChecks(WAIVERS))('$id $title', (check) => runCheck(check, openWorld), 60_000);
});

async function openWorld(): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'hub-file-'));
  const folder = join(home, SECRET);
  await mkdir(folder);
  let now = Date.UTC(2026, 3, 5, 8);
  let isDown = false;
  const kind = toFileKind({
    codecs: { documents: new Map(), tables: new Map([['csv', csvCodec]]), books: new Map() },
    clock: { ...wallClock, now: () => now },
  });
  const leave = async (name: string, bytes: string | Uint8Array, minutes: number) => {
    await writeFile(join(folder, `${name}.csv`), bytes);
    const time = new Date(now - minutes * MINUTE);
    await utimes(join(folder, `${name}.csv`), time, time);
  };
  const sources: Source[] = [];
  return {
    names: Object.fromEntries(OBJECTS.map((name) => [name, name])) as World['names'],
    secret: SECRET,
    async open(overrides = {}) {
      const source = await kind.open({
        unit: 'test',
        name: 'folder',
        url: pathToFileURL(folder).href,
        zone: 'Asia/Shanghai',
        inFlight: 2,
        timeoutMs: 5000,
        pageRows: 1000,
        rate: null,
        fileBytes: 1_000_000,
        columnCase: 'exact',
        options: { codec: 'csv', stable: 'PT30S' },
        objects: OBJECTS.map((name) => ({
          name,
          options: { files: name === 'stations' ? '*.csv' : `${name}.csv` },
        })),
        ...overrides,
      });
      sources.push(source);
      const deliveryOf = async (object: string): Promise<string> => {
        const lying = await source.deliveries(object);
        if (lying.length > 0) return lying[0]?.id ?? '';
        if (!isDown && !(await readdir(folder)).includes(`${object}.csv`)) {
          const { records } = FIXTURE[object as ObjectName];
          await leave(object, toCsv(object as ObjectName, records), 60);
        }
        await source.deliveries(object);
        now += MINUTE;
        return (await source.deliveries(object))[0]?.id ?? '';
      };
      return toTables(source, deliveryOf);
    },
    insert: (object, records) => appendFile(join(folder, `${object}.csv`), toRows(object, records)),
    dropColumn: async () => undefined,
    faults: {
      hang: () => undefined,
      dieAfter: () => undefined,
      down: () => {
        renameSync(folder, `${folder}.away`);
        isDown = true;
      },
      heal: () => {
        if (isDown) renameSync(`${folder}.away`, folder);
        isDown = false;
      },
    },
    deliveries: {
      leave: (name, records, minutes) => leave(name, toCsv('stations', records), minutes),
      writeOn: async (name) => {
        await appendFile(
          join(folder, `${name}.csv`),
          toCsv('stations', FIXTURE.stations.records.slice(0, 1)),
        );
        const time = new Date(now - 90 * MINUTE);
        await utimes(join(folder, `${name}.csv`), time, time);
      },
      leaveSpoilt: (name, minutes) => {
        const text = Buffer.from(toCsv('stations', FIXTURE.stations.records));
        return leave(name, Buffer.concat([text, Buffer.of(0xd3, 0xc0, 0x0a)]), minutes);
      },
      wait: async () => {
        now += MINUTE;
      },
      lying: async () => (await readdir(folder)).filter((name) => name.endsWith('.csv')),
    },
    connections: async () => 0,
    async close() {
      await Promise.all(sources.map((source) => source.close()));
      await rm(home, { recursive: true });
    },
  };
}

/** Reads an object's only delivery where none is named; an empty cell is null, and what the hub adds is left out. */
function toTables(source: Source, deliveryOf: (object: string) => Promise<string>): Source {
  const toPage = (page: Page): Page => ({ ...page, records: page.records.map(toRecord) });
  const toRequest = async (object: string, request: SelectRequest): Promise<SelectRequest> =>
    request.delivery === undefined ? { ...request, delivery: await deliveryOf(object) } : request;
  return {
    ...source,
    select: async (object, request, options) =>
      toPage(await source.select(object, await toRequest(object, request), options)),
    async *scan(object, request, options) {
      for await (const page of source.scan(object, await toRequest(object, request), options))
        yield toPage(page);
    },
  };
}

function toRecord(record: SourceRecord): SourceRecord {
  const own = Object.entries(record).filter(([name]) => !name.startsWith('@'));
  return Object.fromEntries(own.map(([name, value]) => [name, value === '' ? null : value]));
}

function toCsv(object: ObjectName, records: readonly SourceRecord[]): string {
  return `${FIXTURE[object].columns.map(({ name }) => name).join(',')}\n${toRows(object, records)}`;
}

function toRows(object: ObjectName, records: readonly SourceRecord[]): string {
  const cell = (value: unknown) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`);
  const rows = records.map((record) =>
    FIXTURE[object].columns.map(({ name }) => cell(record[name])).join(','),
  );
  return rows.map((row) => `${row}\n`).join('');
}
