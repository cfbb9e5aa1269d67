import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import type { Delivery, Source } from '../contract.ts';
import { DELIVERY_CHECKS } from './checks-deliveries.ts';
import { toDeliveryWorld } from './memory-deliveries.ts';
import { runCheck } from './suite.ts';

describe('a place of deliveries that is no file system', () => {
  test.each(DELIVERY_CHECKS)('passes $id $title', (check) => runCheck(check, async () => toDeliveryWorld()));
});

const listing = (source: Source, change: (found: readonly Delivery[]) => readonly Delivery[]): Source => ({
  ...source,
  deliveries: async (...request) => change(await source.deliveries(...request)),
});

/** Faults that such sources really have, and the check that finds each. */
const SPOILT: readonly (readonly [string, string, (source: Source, now: () => number) => Source])[] = [
  [
    'C41',
    'lists by name',
    (source) => listing(source, (found) => [...found].sort((a, b) => (a.name < b.name ? -1 : 1))),
  ],
  [
    'C41',
    'gives what it gave already no more',
    (source) => {
      const given = new Set<string>();
      return listing(source, (found) => found.filter(({ id }) => !given.has(id) && given.add(id)));
    },
  ],
  [
    'C42',
    'trusts the time on a file',
    (source, now) => ({
      ...source,
      deliveries: async (object, options) => [
        ...(await source.deliveries(object, options)),
        { id: 'half', name: 'half', receivedAt: new Date(now()).toISOString() },
      ],
    }),
  ],
  [
    'C43',
    'knows a delivery by its name',
    (source) => listing(source, (found) => found.map((each) => ({ ...each, id: each.name }))),
  ],
  [
    'C43',
    'knows a delivery by its time',
    (source) => listing(source, (found) => found.map((each) => ({ ...each, id: each.receivedAt }))),
  ],
  [
    'C44',
    'ends with its last full page',
    (source) => ({
      ...source,
      select: async (object, request, options) => {
        const page = await source.select(object, request, options);
        return page.records.length < request.limit ? { ...page, records: [] } : page;
      },
    }),
  ],
  [
    'C45',
    'takes a cursor of any delivery',
    (source) => ({
      ...source,
      select: (object, request, options) =>
        source.select(object, request, options).catch(() => {
          const { after: _after, ...rest } = request;
          return source.select(object, rest, options);
        }),
    }),
  ],
  [
    'C46',
    'gives records until it meets the fault',
    (source) => ({
      ...source,
      select: (object, request, options) =>
        source.select(object, request, options).catch((error) => {
          if (!(error instanceof HubError) || error.code !== 'HUB_SOURCE_FORMAT') throw error;
          return { records: [{ code: 'A1' }], cursor: 'later', last: false, unpushed: [] };
        }),
    }),
  ],
  ['C47', 'forgets to put away', (source) => ({ ...source, settle: async () => undefined })],
  [
    'C47',
    'settles whatever lies under the name',
    (source) => ({
      ...source,
      settle: async (object, _id, end, options) => {
        for (const { id } of await source.deliveries(object)) await source.settle(object, id, end, options);
      },
    }),
  ],
  [
    'C47',
    'knows for ever what was settled',
    (source) => ({ ...source, deliveries: (object) => source.deliveries(object) }),
  ],
  [
    'C48',
    'settles although it was cancelled',
    (source) => ({
      ...source,
      settle: (object, id, end) => source.settle(object, id, end),
    }),
  ],
  ['C48', 'lives on when closed', (source) => ({ ...source, close: async () => undefined })],
];

describe('a spoilt source of deliveries', () => {
  test.each(SPOILT)('is found by %s when it %s', async (id, _fault, spoil) => {
    const check = DELIVERY_CHECKS.find((each) => each.id === id);
    if (check === undefined) throw new Error(`no check ${id}`);
    await expect(runCheck(check, async () => toDeliveryWorld(spoil))).rejects.toThrow();
  });
});
