// C01–C10: what is there, and that values come as they stand in the source.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Condition, Source } from '../contract.ts';
import { toHeld } from './conditions.ts';
import { all, columnsOf, isRecord, refused, sameRecords, toPlain, toPlainRecord } from './expect.ts';
import { FIXTURE, type ObjectName } from './fixture.ts';
import { toCheck } from './to-check.ts';
import type { Check, World } from './world.ts';

async function readAll(world: World, source: Source, object: ObjectName) {
  return (await source.select(world.names[object], all(object, 500))).records;
}

/** The stations for which a condition holds, wherever it is evaluated. */
async function readHeld(world: World, source: Source, condition: Condition) {
  const page = await source.select(world.names.stations, all('stations', 9, { filter: [condition] }));
  return toHeld(page);
}

async function keepsColumn(world: World, object: ObjectName, column: string): Promise<void> {
  const source = await world.open();
  const got = await readAll(world, source, object);
  const pick = (records: typeof got) =>
    Object.fromEntries(records.map((record) => [toPlain(record.code), record[column] ?? null]));
  const wanted = pick(FIXTURE[object].records);
  for (const [code, value] of Object.entries(pick(got)))
    equal(value === null ? null : String(value), wanted[code], `${object} ${code}: ${column}`);
  equal(got.length, FIXTURE[object].records.length, 'all records came');
}

export const VALUE_CHECKS: readonly Check[] = [
  toCheck('C01', 'describe() tells columns, kinds, keys and an estimate', 'describe', async (world) => {
    const source = await world.open();
    const objects = Object.keys(FIXTURE) as ObjectName[];
    const shapes = await source.describe(objects.map((object) => world.names[object]));
    for (const [index, object] of objects.entries()) {
      const shape = shapes[index];
      const fold = (names: readonly string[] | undefined) => names?.map((name) => name.toLowerCase());
      deepEqual(fold(shape?.columns.map((column) => column.name)), columnsOf(object), `${object}: columns`);
      deepEqual(fold(shape?.key), FIXTURE[object].key, `${object}: key`);
      deepEqual(
        shape?.columns.map((column) => column.kind),
        FIXTURE[object].columns.map((column) => column.kind),
        `${object}: kinds`,
      );
      ok(shape?.rows === null || Number.isFinite(shape?.rows), `${object}: rows is an estimate or null`);
    }
    ok((await source.describe()).length >= objects.length, 'describe() without names lists everything');
  }),

  toCheck(
    'C02',
    'names are found whatever their case, and kept in the asked order',
    'describe',
    async (world) => {
      const source = await world.open();
      const shout = world.names.readings.toUpperCase();
      const shapes = await source.describe([shout, world.names.empty.toLowerCase()]);
      deepEqual(
        shapes.map((shape) => shape.name.toLowerCase()),
        [shout.toLowerCase(), world.names.empty.toLowerCase()],
      );
      const page = await source.select(shout, { columns: ['CODE', 'Seq'], limit: 1 });
      deepEqual(
        Object.keys(page.records[0] ?? {}),
        ['CODE', 'Seq'],
        'records keep the names that were asked for',
      );
      const wrong = await refused(world, source.describe([`${world.names.empty}x`]), 'HUB_SOURCE_SHAPE');
      match(wrong.message, new RegExp(world.names.empty, 'i'), 'the message names the nearest object');
    },
  ),

  toCheck(
    'C03',
    'readMany() answers in key order, null for unknown keys, again for repeated ones',
    'readMany',
    async (world) => {
      const source = await world.open();
      const keys = [['A2'], ['nobody'], ['61512000'], ['A2'], ['a2'], ['']];
      const answers = await source.readMany(world.names.stations, {
        columns: ['code', 'name'],
        by: ['code'],
        keys,
      });
      deepEqual(
        answers.map((answer) => (isRecord(answer) ? toPlain(answer.code) : answer)),
        ['A2', null, '61512000', 'A2', null, null],
      );
      deepEqual(
        await source.readMany(world.names.stations, { columns: ['code'], by: ['code'], keys: [] }),
        [],
      );
    },
  ),

  toCheck('C04', 'two records for one key are that key’s error and no other’s', 'readMany', async (world) => {
    const source = await world.open();
    const keys = [['D3'], ['D1'], ['D9']];
    const answers = await source.readMany(world.names.loose, { columns: ['note'], by: ['code'], keys });
    ok(isRecord(answers[0]), 'the key with one record has it');
    equal((answers[1] as { code?: unknown }).code, 'HUB_MAP_EXTEND_MANY');
    equal(answers[2], null);
  }),

  toCheck('C05', 'a key list longer than any database takes is answered whole', 'readMany', async (world) => {
    const source = await world.open({ timeoutMs: 20_000 });
    const keys = Array.from({ length: 70_000 }, (_, index) => [index === 69_999 ? 'b5' : `N${index}`]);
    const answers = await source.readMany(world.names.stations, { columns: ['name'], by: ['code'], keys });
    equal(answers.length, keys.length);
    equal(answers.filter(isRecord).length, 1);
    ok(isRecord(answers.at(-1)), 'the last key has its record');
  }),

  toCheck('C06', 'keys of several columns find padded, long and numeric parts', 'readMany', async (world) => {
    const source = await world.open();
    const keys = [
      ['S3', 3],
      ['S3      ', '15'],
      ['S3', '003'],
      ['S3', 'three'],
      ['S3', '99999999999999999999'],
    ];
    const answers = await source.readMany(world.names.readings, {
      columns: ['seq'],
      by: ['code', 'seq'],
      keys,
    });
    deepEqual(
      answers.map((answer) => (isRecord(answer) ? toPlain(answer.seq) : answer)),
      ['3', '15', '3', null, null],
    );
  }),

  toCheck(
    'C07',
    'text comes back character by character: rare ones, quotes, backslashes',
    'select',
    async (world) => {
      await keepsColumn(world, 'stations', 'name');
      const source = await world.open();
      if (!source.capabilities.readMany) return;
      const names = FIXTURE.stations.records.map((record) => String(record.name));
      const answers = await source.readMany(world.names.stations, {
        columns: ['name'],
        by: ['name'],
        keys: names.map((name) => [name]),
      });
      deepEqual(
        answers.map((answer) => (isRecord(answer) ? answer.name : answer)),
        names,
      );
    },
  ),

  toCheck('C08', 'GBK text comes back character by character', 'select', async (world) => {
    await keepsColumn(world, 'gbk', 'name');
    const source = await world.open();
    if (!source.capabilities.readMany) return;
    const keys = [['祁陽縣茅竹鎮'], ['㑇村𠮷']];
    const answers = await source.readMany(world.names.gbk, { columns: ['code'], by: ['name'], keys });
    ok(isRecord(answers[0]), 'a GBK text is found by its characters');
    equal(answers[1], null, 'a character that GBK lacks finds nothing and fails nothing');
  }),

  toCheck('C09', 'numbers of 38 digits and 64 bits keep all their digits', 'select', async (world) => {
    await keepsColumn(world, 'stations', 'huge');
    await keepsColumn(world, 'stations', 'big');
    const source = await world.open();
    const eq = (column: string, value: string) => readHeld(world, source, { column, op: 'eq', value });
    equal((await eq('huge', '99999999999999999999999999999999999999')).length, 1);
    equal((await eq('big', '9007199254740993')).length, 1);
    equal((await eq('big', '9007199254740992')).length, 0, 'a neighbour within a double is another number');
  }),

  toCheck('C10', 'a wall clock is not moved, and keeps its fraction', 'select', async (world) => {
    await keepsColumn(world, 'stations', 'opened');
    const source = await world.open();
    const [first, third] = [FIXTURE.stations.records[0], FIXTURE.stations.records[2]];
    const value = [String(third?.opened), String(first?.opened)];
    const got = await readHeld(world, source, { column: 'opened', op: 'between', value });
    const wanted = FIXTURE.stations.records.filter((record) =>
      ['61512000', 'A2', 'A3', 'A1', 'b5'].includes(String(record.code)),
    );
    sameRecords(
      got,
      wanted.filter((record) => record.code !== 'A2'),
      'between includes both ends to the microsecond',
    );
    equal(toPlainRecord(got[0] ?? {}).code, '61512000');
  }),
];
