// One change of fixtures/sample.yaml for each file-level finding. `§` marks where the finding must stand; it is taken
// out before parsing. parse-manifest.test.ts runs them all, and checks that no id of faults.ts is without one.
import type { FaultId } from './faults.ts';

export type Provocation = {
  readonly id: FaultId;
  readonly about: string;
  /** Text of the sample → text with the mark. */
  readonly change: readonly (readonly [from: string, to: string])[];
};

const one = (id: FaultId, about: string, from: string, to: string): Provocation => ({
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
  one('M015', 'a codec that the transport does not carry', 'codec: hj212', 'codec: §xlsx'),
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

/** Forms (M034–M039, M041) and types (M040–M047). */
export const FORMS_AND_TYPES: readonly Provocation[] = [
  {
    id: 'M034',
    about: 'a form behind one that takes everything',
    change: [
      ['        where: [{ column: 办学, op: eq, value: 是 }]\n', ''],
      [
        '      - source: drop\n        object: schools\n        fields',
        '      - §source: drop\n        object: schools\n        fields',
      ],
    ],
  },
  one(
    'M035',
    'one value where two are wanted',
    '{ column: tenant, op: eq, value: "431100" }',
    '§{ column: tenant, op: between, value: "431100" }',
  ),
  one('M036', 'a column of a table that is not joined', 'number: lv.wrz', 'number: §lw.wrz'),
  one(
    'M036',
    'an alias used twice',
    'on: { stcd: stcd } }]',
    'on: { stcd: stcd } }, { object: more, as: §lv, on: { stcd: stcd } }]',
  ),
  one('M037', 'the item of a fan that is not there', 'object: alarms, fan: signals', 'object: alarms'),
  one('M037', "a parent's column without each", 'text: stnm', 'text: §"^.stnm"'),
  one(
    'M038',
    'a form that yields another type',
    '{ integer: 学生数/小学, emptyAs: "0" }',
    '§{ text: 学生数/小学 }',
  ),
  one('M039', 'a field that no form gives', '{ integer: 学生数/小学, emptyAs: "0" }', 'absent'),
  one('M040', 'a thing with a time', 'valid: { from: begins', '§time: begins\n    valid: { from: begins'),
  one('M041', 'only without merge: fields', '    merge: fields\n', ''),
  one('M041', 'only with a name that is no field', 'only: [code, name]', 'only: [code, name, §head]'),
  one('M042', 'an event without a time', '    time: happenedAt\n', ''),
  one('M042', 'a time that is none', 'time: happenedAt\n', 'time: §number\n'),
  one(
    'M043',
    'a point whose coordinates mean nothing',
    '    url: { secret: SAMPLE_API }\n    crs: WGS84\n',
    '    url: { secret: SAMPLE_API }\n',
  ),
  one('M044', 'an interval of a wrong kind', 'to: ends, yearly: true', 'to: §stationCode, yearly: true'),
  one('M045', 'a reading without its name at the thing', '    as: emission\n', ''),
  one('M045', 'a reading of what is no link', 'of: station\n', 'of: §stations\n'),
  one('M046', 'a name that the hub uses itself', 'lasted: {', '§sourceKey: {'),
  one('M046', 'a name that the hub adds', 'lasted: {', '§observedAt: {'),
  one('M046', 'a location that is no point', 'point: { text: lnglat, order: lonLat }', 'text: lnglat'),
  one(
    'M047',
    'a division by a link that does not exist',
    'division: [{ link: station }]\n    fields:\n      stationCode',
    'division: [{ link: §stations }]\n    fields:\n      stationCode',
  ),
];

/** Keys and links (M050–M057). */
export const KEYS_AND_LINKS: readonly Provocation[] = [
  one('M050', 'a key that names nothing', 'key: [number]', 'key: [§numbr]'),
  one('M050', 'a key part that a form does not give', 'only: [code, name]', 'only: [name]'),
  one(
    'M051',
    'a number as a key part',
    'key: [station, pollutant, observedAt]',
    'key: [station, §value, observedAt]',
  ),
  one(
    'M052',
    'a row asked of what only sends',
    'quiet: { feed: PT5M',
    'read: §live\n    quiet: { feed: PT5M',
  ),
  one('M053', 'a key that changes with the delivery', 'text: ["@site"]', 'text: "@site"'),
  one('M054', 'on names a field that the target lacks', '{ device: device }', '{ device: §rtu }'),
  one('M054', 'on covers no key', 'on: { stationCode: code }', 'on: §{ stationCode: name }'),
  one('M054', 'on compares a code with a text', 'on: { device: device }', 'on: { pollutant: §device }'),
  one('M055', 'an inverse with the name of a field', 'inverse: seasons', 'inverse: §name'),
  one('M055', 'a reading with the name of a field', 'as: emission', 'as: §kind'),
  one('M056', 'a key that may stay open', ', onMissing: wait', ''),
  one('M057', 'near what has no place', 'nearest: { to: Station,', 'nearest: { to: §School,'),
];

/** Time behaviour and policy (M060–M075), and M080, M081 as far as one file shows them. */
export const TIME_AND_POLICY: readonly Provocation[] = [
  one('M060', 'a database that pushes', '{ strategy: snapshot, every: P1D }', '{ strategy: §push }'),
  one('M060', 'a window that the request does not know', 'from: { slot: window.from, format: iso }, ', ''),
  one('M061', 'no interval', '{ strategy: snapshot, every: P1D }', '§{ strategy: snapshot }'),
  one('M061', 'an interval shorter than one request', 'every: PT1M,', 'every: §PT0.5S,'),
  one('M062', 'a window without overlap', 'overlap: PT10M, ', ''),
  one(
    'M063',
    'a cursor that is not said',
    '{ strategy: snapshot, every: PT1H }',
    '{ strategy: cursor, every: PT1H }',
  ),
  one(
    'M063',
    'a cursor that does not sort',
    '{ strategy: snapshot, every: PT1H }',
    '{ strategy: cursor, every: PT1H, cursor: { column: moditime, format: §dd/MM/yyyy } }',
  ),
  one(
    'M064',
    'a joined table that a cursor does not see',
    '{ strategy: snapshot, every: PT1H }',
    '{ strategy: cursor, every: PT1H, cursor: { column: moditime } }',
  ),
  one('M065', 'a scope that nothing captures', '["@county"]', '[§"@city"]'),
  one('M066', 'a snapshot that says nothing of absence', '    deletes: { by: never }\n', ''),
  one(
    'M067',
    'absence where nothing is whole',
    'freshness: { promise: PT1M }',
    'deletes: { by: §absence }\n    freshness: { promise: PT1M }',
  ),
  one(
    'M068',
    'silence without a heartbeat',
    'quiet: { feed: PT10M, heartbeat: broker.online }',
    '§quiet: { feed: PT10M }',
  ),
  one('M068', 'a heartbeat that is none', 'heartbeat: broker.online', 'heartbeat: §broker.alarms'),
  one(
    'M069',
    'a promise that cannot be kept',
    'freshness: { promise: P2D }',
    'freshness: { promise: §PT1H }',
  ),
  one('M070', 'rows kept for less than is loaded', 'keep: P1Y', 'keep: §P1D'),
  one('M071', 'a personal field without a mask', ', class: personal, mask: name }', ', class: personal }'),
  one('M071', 'a mask that does not fit', 'mask: name }', 'mask: §grid1km }'),
  one('M072', 'personal fields without purposes', ', purposes: [incident-response]', ''),
  one('M073', 'aggregates of few persons', 'minGroup: 5', 'minGroup: §2'),
  one('M074', 'a number without a unit', 'number: lv.wrz, unit: m,', 'number: lv.wrz,'),
  one(
    'M074',
    'a unit by codes that have none',
    'code: code, list: Pollutant',
    'code: code, list: StationKind',
  ),
  one('M075', 'a number without a range', 'unit: m, range: [0, 2000]', 'unit: m'),
  one('M080', 'a link to a type that does not exist', 'to: Station, maxMetres', 'to: §Statoin, maxMetres'),
  one('M081', "a type with a name of the hub's vocabulary", '  Season:\n', '  §Source:\n'),
];
