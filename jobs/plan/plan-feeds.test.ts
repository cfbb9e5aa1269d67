// From manifests to feeds: grouping, bounds, pushdown, and the order of the first load.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Condition } from '../../connectors/kit/contract.ts';
import type { Sync, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { isHubError } from '../../schema/errors.ts';
import {
  readingType,
  sampleField,
  sampleForm,
  sampleLink,
  sampleReading,
  sampleSync,
  sampleType,
  sampleUnit,
  stationType,
} from '../../test/support/sample-unit.ts';
import { planFeeds } from './plan-feeds.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Mappings as the compiler makes them, one an object: the plan reads their names only. */
function mappingsOf(unit: Unit): readonly ObjectMapping[] {
  const names = new Set(unit.types.flatMap((type) => type.forms.map((form) => form.object)));
  return [...names].map((object) => {
    return { source: 'fork', object, columns: [], extends: [], optional: [], lacks: () => [], map: () => [] };
  });
}

const plan = (...types: UnitType[]) => planFeeds(sampleUnit(types), mappingsOf(sampleUnit(types)));

describe('a feed', () => {
  test('is one object of one source with one strategy, with everything that its run needs', () => {
    const [stations, readings] = plan(readingType(), stationType());
    expect(stations).toMatchObject({
      name: 'fork/st_stbprp_b/snapshot',
      key: { unit: 'hydrology', source: 'fork', object: 'st_stbprp_b', strategy: 'snapshot' },
      types: ['HydroStation'],
      everyMs: 60 * MINUTE,
      timeColumn: null,
      order: [],
      keyHint: ['stcd'],
      extends: [{ as: 'cch', types: ['HydroStation'] }],
      absence: ['HydroStation'],
      unsupported: null,
      pageRows: 3,
    });
    expect(readings).toMatchObject({
      name: 'fork/st_river_r/window',
      everyMs: 5 * MINUTE,
      overlapMs: 30 * MINUTE,
      lateMs: 3 * DAY,
      backfillMs: 7 * DAY,
      timeColumn: 'tm',
      order: ['tm'],
      keyHint: ['stcd', 'tm'],
      zone: 'Asia/Shanghai',
      absence: [],
      unsupported: null,
    });
  });

  test('that several types share is read at the shortest interval and as far back as any of them wants', () => {
    const second = sampleType('FlowReading', {
      ...readingType(),
      name: 'FlowReading',
      backfill: 'P1Y',
      forms: [
        {
          ...(readingType().forms[0] ?? sampleForm('')),
          sync: sampleSync('window', { every: 'PT1M', overlap: 'PT1H' }),
        },
      ],
    });
    const feeds = plan(stationType(), readingType(), second);
    expect(feeds).toHaveLength(2);
    expect(feeds[1]).toMatchObject({
      types: ['RiverReading', 'FlowReading'],
      everyMs: MINUTE,
      overlapMs: 60 * MINUTE,
      lateMs: 3 * DAY,
      backfillMs: 365 * DAY,
    });
  });

  test.each([
    ['push', 'this hub cannot listen to a source of its kind yet'],
    ['cursor', 'strategy cursor without sync.every'],
  ] as const)('with strategy %s is listed with the reason and is not dropped', (strategy, reason) => {
    const type = sampleType('Alarm', {
      forms: [sampleForm('alarm', { sync: sampleSync(strategy, { every: null }) })],
    });
    expect(plan(type)).toMatchObject([{ name: `fork/alarm/${strategy}`, unsupported: reason }]);
  });

  test('by window needs one column in the order of time, and says what is wrong otherwise', () => {
    const withTime = (change: object) =>
      sampleType('Reading', {
        time: 'at',
        fields: [sampleField('at')],
        forms: [
          sampleForm('r', { sync: sampleSync('window'), readings: [sampleReading('at', 'tm', change)] }),
        ],
      });
    expect(plan(withTime({}))[0]?.unsupported).toBeNull();
    expect(plan(withTime({ options: { formats: ['yyyyMMdd'] } }))).toMatchObject([
      { timeFormats: ['yyyyMMdd'], unsupported: null },
    ]);
    for (const format of ['dd/MM/yyyy', 'yyyyMd', 'epochMillis', 'iso', 'yyyy-MM-ddTHH:mm:ssZ'])
      expect(plan(withTime({ options: { formats: [format] } }))[0]?.unsupported).toContain(
        'do not sort by time',
      );
    expect(plan(withTime({ columns: ['d', 't'] }))[0]?.unsupported).toContain('exactly one column');
    expect(plan(withTime({ columns: ['@file'] }))[0]?.unsupported).toContain('not a column of r itself');
    const untimed = sampleType('Thing', { forms: [sampleForm('r', { sync: sampleSync('window') })] });
    expect(plan(untimed)[0]?.unsupported).toBe('Thing has no time field');
  });

  describe('by cursor', () => {
    const withCursor = (cursor: Sync['cursor'], change: Partial<UnitType> = {}) =>
      sampleType('Case', {
        ...change,
        forms: [sampleForm('r', { sync: sampleSync('cursor', { cursor }) })],
      });
    const by = (column: string, format: string | null = null) => withCursor({ column, format });

    test('is ordered and bounded by the column of the mark', () => {
      expect(plan(by('upd'))).toMatchObject([
        { timeColumn: 'upd', timeFormats: [], order: ['upd'], asks: 'rows', unsupported: null },
      ]);
      expect(plan(by('upd', 'epochMillis'))).toMatchObject([
        { timeFormats: ['epochMillis'], order: ['upd'], unsupported: null },
      ]);
    });

    test('loads things from their beginning, and what happened as far back as is said', () => {
      expect(plan(by('upd'))[0]?.fromBeginning).toBe(true);
      const event = withCursor({ column: 'upd', format: null }, { role: 'event' });
      expect(plan(event)[0]?.fromBeginning).toBe(false);
    });

    test('says what a database cannot be asked by', () => {
      expect(plan(by('upd', 'dd.MM.yyyy'))[0]?.unsupported).toContain('does not sort by time');
      expect(plan(by('@row'))[0]?.unsupported).toContain('not a column of r itself');
      expect(plan(withCursor(null))[0]?.unsupported).toContain('without sync.cursor');
      const two = { ...by('changed'), name: 'Other' };
      expect(plan(by('upd'), two)[0]?.unsupported).toBe(
        'its forms read different time columns: upd, changed',
      );
    });

    test('over a kind that answers by a span takes any format', () => {
      const type = by('upd', 'dd.MM.yyyy');
      const spans = () => ({ spans: true, deliveries: false, listen: false });
      expect(planFeeds(sampleUnit([type]), mappingsOf(sampleUnit([type])), spans)).toMatchObject([
        { asks: 'span', timeColumn: 'upd', timeFormats: ['dd.MM.yyyy'], order: [], unsupported: null },
      ]);
    });
  });

  test('whose forms read different time columns is not guessed at', () => {
    const form = (column: string) =>
      sampleForm('r', { sync: sampleSync('window'), readings: [sampleReading('at', column)] });
    const one = sampleType('One', { time: 'at', forms: [form('tm')] });
    const two = sampleType('Two', { time: 'at', forms: [form('modified')] });
    expect(plan(one, two)[0]?.unsupported).toBe('its forms read different time columns: tm, modified');
  });
});

describe('what the source may filter', () => {
  const tenant: Condition = { column: 'tenant_id', op: 'eq', value: '431100' };
  const live: Condition = { column: 'deleted', op: 'ne', value: '1' };
  const withWhere = (name: string, where: readonly Condition[], change: object = {}) =>
    sampleType(name, { forms: [sampleForm('t', { where, ...change })] });

  test('is what every form of the object agrees on', () => {
    expect(plan(withWhere('A', [tenant]), withWhere('B', [tenant]))[0]?.filter).toEqual([tenant]);
  });

  test('is nothing where the forms differ: a record that one refuses may be wanted by the other', () => {
    expect(plan(withWhere('A', [tenant]), withWhere('B', [tenant, live]))[0]?.filter).toEqual([]);
    expect(plan(withWhere('A', [tenant]), withWhere('B', []))[0]?.filter).toEqual([]);
  });

  test('leaves out conditions on joined tables, captures and parts of a record', () => {
    const extend = [{ object: 'x', as: 'cch', on: [{ its: 'a', own: 'a' }] }];
    const joined: Condition = { column: 'cch.kind', op: 'notNull' };
    const capture: Condition = { column: '@county', op: 'eq', value: '431102' };
    expect(plan(withWhere('A', [tenant, joined, capture], { extend }))[0]?.filter).toEqual([tenant]);
    expect(plan(withWhere('A', [tenant], { each: 'items' }))[0]?.filter).toEqual([]);
  });
});

describe('the first load', () => {
  test('loads stations before the readings that wait for them', () => {
    const feeds = plan(readingType(), stationType());
    expect(feeds.map((feed) => [feed.name, feed.stage, feed.after])).toEqual([
      ['fork/st_stbprp_b/snapshot', 0, []],
      ['fork/st_river_r/window', 1, ['fork/st_stbprp_b/snapshot']],
    ]);
  });

  test('counts a link in the key as an order, and a link that keeps its row as none', () => {
    const target = sampleType('Target', { forms: [sampleForm('target')] });
    const keyed = sampleType('Keyed', {
      key: ['to'],
      links: [sampleLink('to', 'Target', [])],
      forms: [sampleForm('keyed')],
    });
    const loose = sampleType('Loose', {
      links: [sampleLink('to', 'Target', [])],
      forms: [sampleForm('loose')],
    });
    expect(plan(keyed, loose, target).map((feed) => [feed.key.object, feed.stage])).toEqual([
      ['loose', 0],
      ['target', 0],
      ['keyed', 1],
    ]);
  });

  test('a tree in one table waits for nothing', () => {
    const tree = sampleType('Office', {
      links: [{ ...sampleLink('parent', 'Office', []), onMissing: 'wait' }],
      forms: [sampleForm('office')],
    });
    expect(plan(tree)).toMatchObject([{ stage: 0, after: [] }]);
  });

  test('types that wait for each other are refused, and the circle is named', () => {
    const waits = (name: string, to: string) =>
      sampleType(name, {
        links: [{ ...sampleLink('next', to, []), onMissing: 'wait' }],
        forms: [sampleForm(name.toLowerCase())],
      });
    const fault = (() => {
      try {
        return plan(waits('Alpha', 'Beta'), waits('Beta', 'Gamma'), waits('Gamma', 'Alpha'));
      } catch (error) {
        return error;
      }
    })();
    expect(isHubError(fault, 'HUB_MANIFEST_INVALID')).toBe(true);
    for (const step of ['Alpha waits for Beta', 'Beta waits for Gamma', 'Gamma waits for Alpha'])
      expect(String(fault)).toContain(step);
  });

  test('never begins a feed before those it waits for, whatever the types', () => {
    const graph = fc
      .integer({ min: 1, max: 8 })
      .chain((size) =>
        fc
          .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 })
          .map((edges) => ({ size, edges })),
      );
    fc.assert(
      fc.property(graph, ({ size, edges }) => {
        // Only edges to smaller numbers: no circles.
        const types = Array.from({ length: size }, (_, from) =>
          sampleType(`Type${from}`, {
            forms: [sampleForm(`object${from}`)],
            links: edges
              .filter((edge) => Math.max(...edge) === from && edge[0] !== edge[1])
              .map((edge, index) => ({
                ...sampleLink(`link${index}`, `Type${Math.min(...edge)}`, []),
                onMissing: 'wait' as const,
              })),
          }),
        ).toReversed();
        const feeds = plan(...types);
        expect(feeds).toHaveLength(size);
        feeds.forEach((feed, index) => {
          const before = feeds.slice(0, index).map((other) => other.name);
          expect(before).toEqual(expect.arrayContaining([...feed.after]));
        });
      }),
    );
  });
});

describe('how a source is asked', () => {
  const kinds =
    (spans: boolean, deliveries: boolean, listen = false) =>
    () => ({ spans, deliveries, listen });
  const planAs = (can: ReturnType<typeof kinds>, ...types: UnitType[]) =>
    planFeeds(sampleUnit(types), mappingsOf(sampleUnit(types)), can);
  const withSync = (type: UnitType, sync: Sync): UnitType => {
    return { ...type, forms: type.forms.map((form) => ({ ...form, sync })) };
  };

  test('by a span where its kind answers by time, whatever columns hold the time', () => {
    const [feed] = planAs(kinds(true, false), readingType());
    expect(feed).toMatchObject({ asks: 'span', timeColumn: null, order: [], unsupported: null });
    expect(planAs(kinds(true, false), stationType())).toMatchObject([{ asks: 'rows', unsupported: null }]);
  });

  test('by deliveries where its kind has them: pushed or whole lists, looked for by themselves', () => {
    const pushed = withSync(readingType(), sampleSync('push', { every: null }));
    expect(planAs(kinds(false, true), pushed)).toMatchObject([
      { asks: 'deliveries', everyMs: 10_000, unsupported: null },
    ]);
    const listed = withSync(stationType(), sampleSync('snapshot', { every: null }));
    expect(planAs(kinds(false, true), listed)).toMatchObject([
      { asks: 'deliveries', absence: ['HydroStation'], unsupported: null },
    ]);
    expect(planAs(kinds(false, true), readingType())[0]?.unsupported).toMatch(
      /window does not fit deliveries/,
    );
  });

  test('not at all where its kind is listened to: no interval, no first load, nobody waits for it', () => {
    const pushed = withSync(readingType(), sampleSync('push', { every: null }));
    const quiet = { feed: 'PT5M', thing: null, heartbeat: 'fork.online' };
    expect(planAs(kinds(false, false, true), stationType(), { ...pushed, quiet })).toMatchObject([
      { asks: 'rows', heartbeats: [], unsupported: null },
      { asks: 'batches', everyMs: 0, after: [], stage: 0, heartbeats: ['online'], unsupported: null },
    ]);
  });

  test('not at all where two strategies would take turns with the deliveries of one object', () => {
    const listed = withSync(stationType(), sampleSync('snapshot', { every: null }));
    const [form] = listed.forms;
    const other = sampleType('Alarm', {
      forms: form === undefined ? [] : [{ ...form, sync: sampleSync('push', { every: null }) }],
    });
    expect(planAs(kinds(false, true), listed, other).map(({ unsupported }) => unsupported)).toEqual([
      expect.stringContaining('as snapshot or as push'),
      expect.stringContaining('as push or as snapshot'),
    ]);
  });

  test('for as long as a page may take: every try of every call, up to its time-out', () => {
    const [stations, readings] = plan(stationType(), readingType());
    // PT5S: three tries of ten seconds and their pauses, once more for the joined table.
    expect([stations?.holdMs, readings?.holdMs]).toEqual([80_000, 40_000]);
  });

  test('by a list a scope where files are one list a county, and not where nothing has a name to tell it from', () => {
    const scoped = withSync(stationType(), sampleSync('snapshot', { scope: ['@county'] }));
    expect(planAs(kinds(false, true), scoped)).toMatchObject([{ scope: ['@county'], unsupported: null }]);
    expect(plan(scoped)[0]?.unsupported).toMatch(/sync.scope needs lists that come as files/);
    const whole = { ...withSync(stationType(), sampleSync('snapshot')), name: 'Other' };
    expect(planAs(kinds(false, true), scoped, whole)[0]?.unsupported).toMatch(/different sync.scope/);
  });
});
