// The records that a world holds, as a source must give them back. Names are lower case here; a world may spell them
// otherwise. Numbers beyond a double are text with all their digits, times are wall clocks.
import type { ColumnKind, SourceRecord } from '../contract.ts';

export type ObjectName = 'stations' | 'readings' | 'loose' | 'gbk' | 'empty';

/** `width` for text, digits for decimals. */
export type FixtureColumn = {
  readonly name: string;
  readonly kind: Extract<ColumnKind, 'text' | 'integer' | 'decimal' | 'timestamp'>;
  /** `padded`: fixed width, filled with blanks where the source has such a type. */
  readonly padded?: number;
  readonly nullable: boolean;
};
export type FixtureObject = {
  readonly columns: readonly FixtureColumn[];
  /** Empty: the source must not know a key. */
  readonly key: readonly string[];
  readonly records: readonly SourceRecord[];
};

const text = (name: string, nullable = true): FixtureColumn => ({ name, kind: 'text', nullable });
const code: FixtureColumn = { name: 'code', kind: 'text', padded: 8, nullable: false };

const STATIONS: readonly SourceRecord[] = [
  [
    '61512000',
    '永州水文站',
    '湘江',
    '99999999999999999999999999999999999999',
    '9223372036854775807',
    '2026-04-05 08:00:00.123456',
  ],
  [
    '61512001',
    '㑇村·𠮷田 (rare)',
    '潇水',
    '-12345678901234567890123456789012345678',
    '9007199254740993',
    '1991-04-14 02:30:00',
  ],
  ['A1', `O'Neil "quoted" \\back\\slash\\`, null, '0', '0', '2021-12-31 23:59:59.999999'],
  ['A2', '100%_sure', '', '1', '-9223372036854775808', '1950-01-01 00:00:00'],
  ['A3', "'); drop table stations; --", '湘江', '10', '-1', '2026-03-08 02:30:00.5'],
  ['A4', 'line\nbreak\ttab', null, '38', '42', null],
  ['b5', 'ＦＵＬＬ width', '100%', null, null, '2024-02-29 12:00:00.000001'],
].map(([own = null, name = null, basin = null, huge = null, big = null, opened = null]) => ({
  code: own,
  name,
  basin,
  huge,
  big,
  opened,
}));

/** Many ties in time and many nulls in value: orders that only the key makes total. */
const READINGS: readonly SourceRecord[] = Array.from({ length: 240 }, (_, index) => ({
  code: `S${index % 12}`,
  tm: `2026-04-05 0${Math.floor(index / 60) % 4}:00:00${index % 7 === 0 ? '.000001' : ''}`,
  seq: index,
  value: index % 3 === 0 ? null : String(index % 5),
}));

/** No key, null parts, records that are wholly equal, and texts that a generous collation would hold equal. */
const LOOSE: readonly SourceRecord[] = [
  ...Array.from({ length: 9 }, () => ({ code: 'D1', note: 'the same', value: '1.5' })),
  { code: 'D2', note: null, value: null },
  { code: 'D2', note: null, value: null },
  { code: 'D3', note: 'only one', value: '2.25' },
  { code: 'D4', note: 'Case', value: '3' },
  { code: 'D5', note: 'case', value: '3' },
  { code: 'D6', note: '𠮷', value: '3' },
  { code: 'D7', note: '𡈽', value: '3' },
  { code: null, note: 'no code', value: '4' },
];

/** Stands in a GBK table where the source has such a thing: all of it exists in GBK. */
const GBK: readonly SourceRecord[] = [
  { code: 'G1', name: '永州市冷水滩区' },
  { code: 'G2', name: '祁陽縣茅竹鎮' },
  { code: 'G3', name: '¤§°±×÷＋－' },
];

export const FIXTURE: { readonly [name in ObjectName]: FixtureObject } = {
  stations: {
    columns: [
      code,
      text('name'),
      text('basin'),
      { name: 'huge', kind: 'decimal', nullable: true },
      { name: 'big', kind: 'integer', nullable: true },
      { name: 'opened', kind: 'timestamp', nullable: true },
    ],
    key: ['code'],
    records: STATIONS,
  },
  readings: {
    columns: [
      code,
      { name: 'tm', kind: 'timestamp', nullable: false },
      { name: 'seq', kind: 'integer', nullable: false },
      { name: 'value', kind: 'decimal', nullable: true },
    ],
    key: ['code', 'seq'],
    records: READINGS,
  },
  loose: {
    columns: [text('code'), text('note'), { name: 'value', kind: 'decimal', nullable: true }],
    key: [],
    records: LOOSE,
  },
  gbk: { columns: [code, text('name')], key: ['code'], records: GBK },
  empty: { columns: [code, text('name')], key: ['code'], records: [] },
};
