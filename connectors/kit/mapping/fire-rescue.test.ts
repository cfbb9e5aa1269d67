// The mapping over the real manifest of the fire brigade: what the codec makes of a frame, or a JSON message, becomes one row a
// signal, named by its site, part and time.
import { describe, expect, test } from '@jest/globals';
import type { SourceRecord } from '../contract.ts';
import { openUnitMappings } from './unit-mappings.fixture.ts';

const { map, toRow } = await openUnitMappings('fire-rescue');
const PLACE = { '@site': 'zd431124017', '@topic': 'fire/zd431124017/up/frame' };
const PART = {
  ...{ type: 2, systemType: 1, systemAddress: 1, partType: 40, partAddress: 217, state: 98 },
  ...{ signals: ['started', 'feedback'], text: '三层厨房感烟探测器', time: '260405083000' },
};
const FRAME = { '@message': '2', serial: 7, sentAt: '260405083002', type: 2, items: [PART], ...PLACE };
const frame = (...items: readonly SourceRecord[]) => map('frames', { ...FRAME, items });
const keys = (outcomes: ReturnType<typeof map>) =>
  outcomes.map((outcome) => (outcome.kind === 'row' ? outcome.row.key : outcome.kind));

describe('a frame', () => {
  test('is a row for each signal of each part, of a site whose code is written in capitals', () => {
    expect(keys(frame(PART, { ...PART, partAddress: 218, signals: ['fire'] }))).toEqual([
      'ZD431124017~1~217~STARTED~2026-04-05T00:30:00Z',
      'ZD431124017~1~217~FEEDBACK~2026-04-05T00:30:00Z',
      'ZD431124017~1~218~FIRE~2026-04-05T00:30:00Z',
    ]);
    expect(frame(PART)).toMatchObject([
      {
        row: {
          links: [{ link: 'site', key: 'ZD431124017' }],
          values: { partText: '三层厨房感烟探测器' },
          faults: [],
        },
      },
      {},
    ]);
  });

  test('with a bit that no document names keeps the others, and that one for a person', () => {
    expect(frame({ ...PART, signals: ['fire', 'bit9'] })).toMatchObject([
      { kind: 'row', row: { values: { signal: 'FIRE' } } },
      { kind: 'setAside', fault: { code: 'HUB_MAP_CODE' } },
    ]);
  });

  test('of another type of data is not ours, and one whose text cannot be read is an alarm all the same', () => {
    expect(keys(frame({ type: 21, state: 1, signals: ['fire'], time: '260405083000' }))).toEqual(['notOurs']);
    expect(frame({ ...PART, signals: ['fire'], text: null })).toMatchObject([{ kind: 'row' }]);
  });
});

describe('a JSON message', () => {
  const JSON_ROW = { sysAddr: 1, devAddr: '217', state: '8', desc: '配电室', ...PLACE };

  test.each([
    [1_775_349_000_123, '2026-04-05T00:30:00.123Z'],
    [1_775_349_000, '2026-04-05T00:30:00Z'],
  ])('of %i is of %s: milliseconds and seconds are told apart by their size', (ts, observedAt) => {
    expect(toRow('json', { ...JSON_ROW, ts })).toMatchObject({
      ...{ key: `ZD431124017~1~217~POWER_FAULT~${observedAt}`, observedAt, faults: [] },
    });
  });

  test('without a time is set aside, never dropped as not ours', () => {
    for (const record of [JSON_ROW, { ...JSON_ROW, ts: null }, { ...JSON_ROW, ts: 'gestern' }])
      expect(map('json', record)).toMatchObject([{ kind: 'setAside' }]);
  });
});

describe('the registers', () => {
  test('name a key unit by its code in capitals, where it is, in today’s county', () => {
    const site = {
      siteCode: 'zd431181034',
      siteName: '粮库',
      uscc: '办理中',
      xzqhdm: '431121',
      lng: 111.9,
      lat: 26.66,
    };
    expect(toRow('sites', site)).toMatchObject({
      ...{ key: 'ZD431181034', division: { code: '431181', basis: 'CODE' } },
      values: { creditCode: null, location: { lon: expect.closeTo(111.8948, 3) } },
      faults: [{ code: 'HUB_MAP_TEXT' }],
    });
  });

  test('name an engine by its plate, however it is written; a state that nobody knows is a fault of that field', () => {
    for (const plateNo of ['湘MX1034', '湘M·X1034', ' 湘mx1034'])
      expect(
        toRow('engines', { plateNo, status: '训练', stationCode: 'XF43112401', foam: '2.5' }),
      ).toMatchObject({
        ...{ key: '湘MX1034', values: { state: null, foam: 2.5 }, faults: [{ code: 'HUB_MAP_CODE' }] },
        links: [{ link: 'station', key: 'XF43112401' }],
      });
  });
});
