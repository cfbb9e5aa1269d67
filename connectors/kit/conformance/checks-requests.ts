// C18–C22: cursors of others, conditions, values that look like statements, names that are not there.
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Condition } from '../contract.ts';
import { holds, toHeld } from './conditions.ts';
import { all, columnsOf, refused, sameRecords, toPlain } from './expect.ts';
import { FIXTURE } from './fixture.ts';
import { toCheck } from './to-check.ts';
import type { Check } from './world.ts';

/** Every operator on text, numbers and times, over null and without. */
const CONDITIONS: readonly Condition[] = [
  { column: 'basin', op: 'eq', value: '湘江' },
  { column: 'basin', op: 'ne', value: '湘江' },
  { column: 'basin', op: 'in', value: ['湘江', '潇水', 'none'] },
  { column: 'basin', op: 'in', value: [] },
  { column: 'basin', op: 'notIn', value: ['湘江', '100%'] },
  { column: 'basin', op: 'notIn', value: [] },
  { column: 'basin', op: 'isNull' },
  { column: 'basin', op: 'notNull' },
  { column: 'name', op: 'startsWith', value: '永州' },
  { column: 'name', op: 'startsWith', value: '100%_' },
  { column: 'name', op: 'startsWith', value: '100_' },
  { column: 'name', op: 'startsWith', value: "'); drop" },
  { column: 'name', op: 'eq', value: `O'Neil "quoted" \\back\\slash\\` },
  { column: 'name', op: 'eq', value: 'full width' },
  { column: 'code', op: 'eq', value: 'a1' },
  { column: 'code', op: 'startsWith', value: 'A' },
  { column: 'huge', op: 'lt', value: '0' },
  { column: 'huge', op: 'gte', value: 10 },
  { column: 'huge', op: 'in', value: [1, '38'] },
  { column: 'huge', op: 'ne', value: '1' },
  { column: 'big', op: 'gt', value: '9007199254740992' },
  { column: 'big', op: 'lte', value: -1 },
  { column: 'big', op: 'between', value: [-1, 42] },
  { column: 'opened', op: 'lt', value: '1991-04-14 02:30:00.000001' },
  { column: 'opened', op: 'gte', value: '2026-04-05 08:00:00.123456' },
  { column: 'opened', op: 'ne', value: '1950-01-01 00:00:00' },
];
/** An empty text is null in some databases: the records that have one are left out of the comparison. */
const COMPARED = FIXTURE.stations.records.filter((record) => record.code !== 'A2');

export const REQUEST_CHECKS: readonly Check[] = [
  toCheck(
    'C18',
    'a cursor for another object, order or filter, or an edited one, is refused',
    'select',
    async (world) => {
      const source = await world.open();
      const request = all('readings', 5, { order: ['tm'] });
      const after = (await source.select(world.names.readings, request)).cursor ?? '';
      const filter = [{ column: 'seq', op: 'gt', value: 0 }] as const;
      const foreign = [
        source.select(world.names.stations, all('stations', 5, { after })),
        source.select(world.names.readings, { ...request, order: ['value'], after }),
        source.select(world.names.readings, { ...request, filter, after }),
        source.select(world.names.readings, { ...request, after: `${after.slice(0, -6)}AAAAAA` }),
        source.select(world.names.readings, { ...request, after: 'nonsense' }),
        source.select(world.names.readings, { ...request, after: '' }),
      ];
      for (const call of foreign) await refused(world, call, 'HUB_SOURCE_CURSOR');
    },
  ),

  toCheck(
    'C19',
    'every condition means what the contract says, pushed down or handed back',
    'select',
    async (world) => {
      const source = await world.open();
      for (const condition of CONDITIONS) {
        const page = await source.select(world.names.stations, all('stations', 50, { filter: [condition] }));
        const got = toHeld(page);
        sameRecords(
          got.filter((record) => toPlain(record.code) !== 'A2'),
          COMPARED.filter((record) => holds(record, condition)),
          JSON.stringify(condition),
        );
      }
    },
  ),

  toCheck('C20', 'ne and notIn hold for null', 'select', async (world) => {
    const source = await world.open();
    for (const condition of [
      { column: 'basin', op: 'ne', value: 'x' },
      { column: 'basin', op: 'notIn', value: ['x', 'y'] },
    ] as const) {
      const page = await source.select(world.names.stations, all('stations', 50, { filter: [condition] }));
      equal(page.records.filter((record) => record.basin === null && record.code !== 'A2').length, 2);
    }
  }),

  toCheck('C21', 'values that look like statements are values', 'readMany', async (world) => {
    const source = await world.open();
    const nasty = [
      `' or '1'='1`,
      `'; drop table ${world.names.stations}; --`,
      '\\',
      `\\' or 1=1 -- `,
      '"',
      '`',
      '?',
      '$1',
      ':1',
      '@p0',
      '\u0000',
      '%',
      '_%',
    ];
    const keys = nasty.map((value) => [value]);
    const answers = await source.readMany(world.names.stations, { columns: ['code'], by: ['name'], keys });
    deepEqual(
      answers,
      nasty.map(() => null),
    );
    for (const value of nasty.filter((each) => each !== '\u0000')) {
      for (const op of ['eq', 'gt', 'startsWith'] as const)
        await source.select(
          world.names.stations,
          all('stations', 1, { filter: [{ column: 'name', op, value }] }),
        );
      const got = await source.select(
        world.names.stations,
        all('stations', 9, { filter: [{ column: 'name', op: 'eq', value }] }),
      );
      equal(got.records.length, 0, value);
    }
    const bad = `code" or 1=1 --`;
    await refused(
      world,
      source.select(world.names.stations, { columns: [bad], limit: 1 }),
      'HUB_SOURCE_SHAPE',
    );
    await refused(
      world,
      source.select(`${world.names.stations}; drop table x`, all('stations', 1)),
      'HUB_SOURCE_SHAPE',
    );
    equal(
      (await source.select(world.names.stations, all('stations', 50))).records.length,
      COMPARED.length + 1,
    );
  }),

  toCheck(
    'C22',
    'a column that is not there is refused by name, with the nearest one',
    'select',
    async (world) => {
      const source = await world.open();
      const wrong = { columns: [...columnsOf('stations'), 'opend'], limit: 1 };
      const error = await refused(world, source.select(world.names.stations, wrong), 'HUB_SOURCE_SHAPE');
      ok(error.message.includes('opend') && /opened/i.test(error.message), error.message);
      equal(error.place.column, 'opend');
      const filter = [{ column: 'nowhere', op: 'isNull' }] as const;
      await refused(
        world,
        source.select(world.names.stations, all('stations', 1, { filter })),
        'HUB_SOURCE_SHAPE',
      );
      await refused(
        world,
        source.readMany(world.names.stations, { columns: ['code'], by: ['cod'], keys: [['A1']] }),
        'HUB_SOURCE_SHAPE',
      );
    },
  ),
];
