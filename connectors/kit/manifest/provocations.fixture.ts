// One change of fixtures/sample.yaml for each file-level finding. `§` marks where the finding must stand; it is taken
// out before parsing. parse-manifest.test.ts runs them all, and checks that no id of faults.ts is without one.
import type { FaultId } from './faults.ts';

export type Provocation = {
  readonly id: FaultId;
  readonly about: string;
  /** Text of the sample → text with the mark. */
  readonly change: readonly (readonly [from: string, to: string])[];
};

export const one = (id: FaultId, about: string, from: string, to: string): Provocation => ({
  id,
  about,
  change: [[from, to]],
});

/** M001–M007 and sources (M010–M018). */
export const FILE_AND_SOURCES: readonly Provocation[] = [
  one('M001', 'an unknown key stands at the key itself', 'key: [number]', '§kye: x\n    key: [number]'),
  one(
    'M001',
    'a missing key stands at what lacks it',
    'role: event\n    from: [{ source: api',
    'from: [{ source: api',
  ),
  one('M001', 'a doubled key stands at the second one', 'en: Event\n', 'en: Event\n    §en: Event\n'),
  one('M001', 'a value of the wrong kind stands at the value', 'inFlight: 2', 'inFlight: §two'),
  one('M001', 'two converters in one field', 'text: stnm', 'text: stnm, §code: stnm'),
  one('M001', 'an option that the converter does not have', 'text: stnm', 'text: stnm, §scale: "0.1"'),
  one('M001', 'a code without a list', 'code: sttp, list: StationKind', 'code: sttp'),
  one(
    'M001',
    'a list that does not exist',
    'code: sttp, list: StationKind',
    'code: sttp, list: §StationKinds',
  ),
  one('M001', 'a text time without formats', 'time: ts, formats: [epochMillis]', 'time: ts'),
  one('M001', 'a time format with an unknown token', '[yyyyMMddHHmmss]', '[§YYYYMMDD]'),
  one('M001', 'a time format without a year', '[yyyyMMddHHmmss]', '[§"MM-dd HH:mm"]'),
  one(
    'M001',
    'a day of the year with a year',
    'monthDay: bgmd, formats: [MMdd, Mdd]',
    'monthDay: bgmd, formats: [MMdd, §yyyyMMdd]',
  ),
  one(
    'M001',
    'a code list without a value',
    'Flag:\n    to',
    'Empty:\n    zh: 空\n    en: Empty\n    values: §{}\n  Flag:\n    to',
  ),
  one(
    'M001',
    'an interval of nothing',
    'sync: { strategy: snapshot, every: PT1H }',
    'sync: { strategy: snapshot, every: §PT0S }',
  ),
  one('M001', 'a time-out of nothing', 'inFlight: 2', 'timeout: §PT0S'),
  one('M001', 'a width that no text has', 'pad: 10', 'pad: §100000'),
  one('M001', 'a bound that is no number', 'range: [0, 2000]', 'range: [0, §.inf]'),
  one('M001', 'a pattern that RE2 does not take', 'text: stnm', 'text: stnm, pattern: §"(?<=a)b"'),
  one('M001', 'a form reads a field that the type lacks', 'pupils: { integer: 学', '§pupil: { integer: 学'),
  one('M002', 'the unit is not called like its folder', 'unit: sample', 'unit: §simple'),
  one('M002', 'a unit name with capitals', 'unit: sample', 'unit: §Sample'),
  one(
    'M003',
    'a label without its English',
    '{ zh: 名称, en: Name, text: stnm }',
    '{ zh: 名称, text: stnm }',
  ),
  one('M004', 'an unquoted number as a raw code', 'RAIN: { from: ["01"]', 'RAIN: { from: [§01]'),
  one(
    'M004',
    'an unquoted number as a key',
    'quality: { column: Flag',
    'valueWhen: { §999990: 0 }, quality: { column: Flag',
  ),
  one('M005', 'a zone that is an offset', 'zone: Asia/Shanghai', 'zone: §"+08:00"'),
  one('M006', 'an anchor', 'inFlight: 2', 'inFlight: &x §2'),
  one('M006', 'an alias', 'emptyAs: N }', 'emptyAs: §*x }'),
  one('M006', 'a tag', 'text: stnm', 'text: !!str §stnm'),
  one('M006', 'a merge key', 'fillDown: [区县]', 'fillDown: [区县]\n        §<<: { records: x }'),
  one('M006', 'a second document', 'policy: {', '§---\npolicy: {'),
  one('M006', 'a directive', 'manifest: 1', '§%YAML 1.1\n---\nmanifest: 1'),
  one('M007', 'a text that is no YAML', 'key: [number]', 'key: [number\n    §time: x'),
  {
    id: 'M010',
    about: 'a source that no form reads',
    change: [['  drop:\n', '  §spare:\n    kind: sql\n    url: { secret: SPARE_URL }\n  drop:\n']],
  },
  one('M011', 'a URL of another kind', '{ secret: SAMPLE_URL }', '§mqtt://10.0.0.1/db'),
  one('M012', 'a URL with credentials', '{ secret: SAMPLE_URL }', '§postgres://hub:geheim@db/x'),
  one(
    'M012',
    'a literal password',
    'crs: CGCS2000\n',
    'crs: CGCS2000\n    auth: { basic: { user: { secret: U }, password: §geheim } }\n',
  ),
  one('M012', 'a literal token in a request', 'query: { from:', 'query: { accessToken: §geheim, from:'),
  one('M013', "a limit above the hub's ceiling", 'inFlight: 2', 'inFlight: §5000'),
  one(
    'M014',
    'a bearer token for a database',
    'limits: { inFlight',
    'auth: §{ bearer: { secret: T } }\n    limits: { inFlight',
  ),
  one('M015', 'an encoding for bytes that have none', 'codec: hj212', 'codec: hj212\n    encoding: §gb18030'),
  one('M016', 'an http source without success', '    success: { path: code, ok: ["0"] }\n', ''),
  one(
    'M017',
    'a durable answer to a protocol that has none',
    'success: { path',
    'ack: §durable\n    success: { path',
  ),
  one('M017', 'a qos without a session', '    session: { client: hub-sample, expires: P1D }\n', ''),
  one(
    'M018',
    'parts that wait for ever',
    '{ within: PT60S, incomplete: setAside }',
    '§{ incomplete: setAside }',
  ),
  one(
    'M018',
    'parts that nothing joins',
    '{ topics: ["fire/{site}/up"] }',
    '{ topics: ["fire/{site}/up"], assemble: §{ within: PT1M } }',
  ),
];

/** Objects (M020–M029), fields and codes (M030–M033). */
export const OBJECTS_AND_CODES: readonly Provocation[] = [
  one(
    'M020',
    'a form that names no source',
    '[{ source: api, object: events }]',
    '[{ source: §apis, object: events }]',
  ),
  {
    id: 'M020',
    about: 'a form that reads a heartbeat',
    change: [
      [
        '- { source: devices, object: values, each: items }',
        '- { source: devices, object: values, each: items }\n      - { source: devices, object: §alive, each: items }',
      ],
    ],
  },
  one(
    'M021',
    'an object that nobody reads',
    'message: ["2011"] }',
    'message: ["2011"] }\n      §more: { message: ["2051"] }',
  ),
  one('M022', 'an unknown slot', 'slot: window.from, format: iso', 'slot: §window.form, format: iso'),
  one('M022', 'a slot without its format', '{ slot: window.from, format: iso }', '§{ slot: window.from }'),
  one('M023', 'a page slot without paging', '        paging: { by: page, first: 1, size: 50 }\n', ''),
  one('M023', 'paging without its slot', ', page: { slot: page.number }', ''),
  one(
    'M024',
    'paging by page without its first',
    '{ by: page, first: 1, size: 50 }',
    '§{ by: page, size: 50 }',
  ),
  one('M025', 'an answer whose list is not named', '        records: data.list\n', ''),
  one('M026', 'one name captured twice', '"学校-{county}.csv"', '§"{county}-{county}.csv"'),
  one('M026', 'a capture that no pattern has', 'text: "@site"', 'text: §"@sites"'),
  {
    id: 'M026',
    about: 'a file that two objects would take',
    change: [
      [
        '        fillDown: [区县]\n',
        '        fillDown: [区县]\n      more: { files: §"{county}.csv", header: { rows: [1, 2], join: "/" } }\n',
      ],
      [
        '        object: schools\n        fields:\n          pupils',
        '        object: more\n        fields:\n          pupils',
      ],
    ],
  },
  one('M027', 'header rows that descend', 'rows: [1, 2]', 'rows: §[2, 1]'),
  one('M028', 'a column filled down that nobody uses', 'fillDown: [区县]', 'fillDown: [区县, §街道]'),
  one('M029', 'a message claimed twice', 'message: ["9015"]', 'message: ["9015", §"2011"]'),
  one(
    'M030',
    'day and month that can be taken for each other',
    'formats: [yyyyMMddHHmmss]',
    'formats: [dd/MM/yyyy, §MM/dd/yyyy]',
  ),
  one('M031', 'a constant that is no value of its list', 'const: mqtt', 'const: §SNOW, list: StationKind'),
  one('M032', 'a raw code in two values', 'from: ["02"]', 'from: ["02", §"01"]'),
  one('M033', 'bands that overlap', 'from: ["01"]', 'from: ["01"], band: [15, 30]'),
];
