// The mapping over the real manifest of the hydrology centre: what its fork of SL 323 becomes.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { compileMappings } from './compile-mappings.ts';
import { CONTEXT, DIVISIONS } from './mapping.fixture.ts';
import type { ObjectMapping } from './outcome.ts';

const DRAFTS = new URL('../manifest/fixtures/drafts/', import.meta.url);

async function openMappings(name: string): Promise<readonly ObjectMapping[]> {
  const text = await readFile(new URL(`${name}.yaml`, DRAFTS), 'utf8');
  const { unit } = parseManifest(text, { file: `${name}.yaml`, folder: name });
  if (unit === null) throw new Error(`${name}.yaml must be a manifest`);
  return compileMappings(unit, { divisions: DIVISIONS });
}
const mappings = await openMappings('hydrology');
const mappingOf = (object: string): ObjectMapping => {
  const found = mappings.find((mapping) => mapping.object === object);
  if (found === undefined) throw new Error(`no mapping for ${object}`);
  return found;
};

describe('hydrology', () => {
  test('a station of the fork, with its thresholds from the 1:1 table', () => {
    const mapping = mappingOf('st_stbprp_b');
    expect(mapping.extends).toMatchObject([{ object: 'st_rvfcch_b', as: 'cch' }]);
    expect(mapping.columns).toEqual(expect.arrayContaining(['stcd', 'addvcd', 'tenant_id', 'deleted']));
    const record = {
      stcd: '61512000',
      rtu_addr: '0010100001',
      stnm: '道县　',
      rvnm: '潇水',
      bsnm: '湘江',
      sttp: 'ZQ',
      lgtd: '111.591600',
      lttd: '25.518400',
      usesymb: '1',
      addvcd: '431124',
      deleted: 0,
      tenant_id: '431100',
      'cch.wrz': '175.500',
    };
    expect(mapping.map(record, CONTEXT)).toMatchObject([
      {
        kind: 'row',
        row: {
          key: '61512000',
          values: {
            name: '道县',
            kind: 'FLOW',
            inUse: true,
            warnLevel: 175.5,
            warnFlow: null,
            location: { lon: 111.5916, lat: 25.5184 },
          },
          division: { code: '431124', basis: 'CODE' },
          observedAt: null,
          deleted: false,
          faults: [],
        },
      },
    ]);
    expect(mapping.map({ ...record, tenant_id: '430100' }, CONTEXT)).toEqual([
      { kind: 'notOurs', type: 'HydroStation' },
    ]);
  });

  test('rain: `dr` counts minutes here, and the value would be refused if it counted hours', () => {
    const record = {
      stcd: '61512000',
      tm: '2026-04-05 08:00:00',
      p: '12.5',
      dr: 60,
      cump: '130.0',
      deleted: 0,
    };
    expect(mappingOf('st_pptn_r').map(record, CONTEXT)).toMatchObject([
      {
        row: {
          key: '61512000~2026-04-05T00:00:00Z',
          values: { amount: 12.5, period: 'PT1H', total: 130 },
          links: [{ link: 'station', key: '61512000' }],
          division: { basis: 'PARENT' },
        },
      },
    ]);
  });

  test('telemetry feeds rain and stage from one report, found by its telemetry address', () => {
    const record = {
      station: '0010100001',
      observedAt: '2604050830',
      elements: { '20': 13, '22': 4, '39': 0.55 },
    };
    const outcomes = mappingOf('report').map(record, CONTEXT);
    expect(outcomes).toMatchObject([
      { row: { type: 'RiverReading', form: 1, key: null, values: { stage: 0.55, flow: null } } },
      { row: { type: 'RainReading', form: 1, key: null, values: { amount: 4, period: 'PT5M', total: 13 } } },
    ]);
    for (const outcome of outcomes)
      expect(outcome.kind === 'row' && outcome.row.links).toEqual([
        { link: 'station', key: null, lookup: { fields: ['rtu'], values: ['0010100001'] } },
      ]);
    const dry = mappingOf('report').map({ ...record, elements: { '39': 0.55 } }, CONTEXT);
    expect(dry.map(({ kind }) => kind)).toEqual(['row', 'notOurs']);
  });
});

describe('the other units', () => {
  test.each([
    'weather',
    'forestry',
    'water',
    'transport',
    'education',
    'ecology',
    'maritime',
    'fire-rescue',
    'housing',
    'urban-management',
  ])('the manifest of %s compiles', async (name) => {
    expect((await openMappings(name)).length).toBeGreaterThan(0);
  });
});
