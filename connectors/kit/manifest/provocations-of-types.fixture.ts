// The changes of provocations.fixture.ts that concern types: forms, keys, links, time behaviour and policy (M034–M081).
import { one, type Provocation } from './provocations.fixture.ts';

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
  one('M041', 'a form of whole rows that makes none', 'only: [code, name]', '§adds: false'),
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
  one(
    'M046',
    'a name that is no text',
    'name: { zh: 名称, en: Name, text: 学校名称 }',
    '§name: { zh: 名称, en: Name, date: 学校名称, formats: [yyyy] }',
  ),
  one(
    'M047',
    'a division by a link that does not exist',
    'division: [{ link: station }]\n    fields:\n      stationCode',
    'division: [{ link: §stations }]\n    fields:\n      stationCode',
  ),
];

/** From the key of an event to the field that it names. */
const EVENT_KEY = `key: [number]
    time: happenedAt
    sync: { strategy: window, every: PT1M, overlap: PT10M, late: P1D }
    freshness: { promise: PT2M }
    division: [{ code: xzqh }, { point: location }]
    fields:
      number: { zh: 编号, en: Number, text: id }`;

/** Keys and links (M050–M058). */
export const KEYS_AND_LINKS: readonly Provocation[] = [
  one('M050', 'a key that names nothing', 'key: [number]', 'key: [§numbr]'),
  one('M050', 'a key part that stands twice', 'key: [number]', 'key: [number, §number]'),
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
  one('M053', 'a key that changes with the delivery', 'text: "@site"', 'text: §"@receivedAt"'),
  one(
    'M058',
    'a personal field in a key',
    EVENT_KEY,
    EVENT_KEY.replace('[number]', '[§number]').replace(
      'text: id }',
      'text: id, class: personal, mask: text }',
    ),
  ),
  one('M054', 'on names a field that the target lacks', '{ device: device }', '{ device: §rtu }'),
  one('M054', 'on covers no key', 'on: { stationCode: code }', 'on: §{ stationCode: name }'),
  one('M054', 'on compares a code with a text', 'on: { device: device }', 'on: { pollutant: §device }'),
  one('M055', 'an inverse with the name of a field', 'inverse: seasons', 'inverse: §name'),
  one('M055', 'an inverse with a name that every type has', 'inverse: seasons', 'inverse: §source'),
  one('M055', 'a reading that would be called id', 'as: emission', 'as: §id'),
  one(
    'M055',
    'a current row called like the latest of a reading',
    'current: season',
    'current: §latestEmission',
  ),
  one('M055', 'a reading with the name of a field', 'as: emission', 'as: §kind'),
  one('M056', 'a key that may stay open', ', onMissing: wait', ''),
  one('M057', 'near what has no place', 'nearest: { to: Station,', 'nearest: { to: §School,'),
];

/** Time behaviour and policy (M060–M075), and M080, M081 as far as one file shows them. */
export const TIME_AND_POLICY: readonly Provocation[] = [
  one('M060', 'a database that pushes', '{ strategy: snapshot, every: P1D }', '{ strategy: §push }'),
  one('M060', 'a window that the request does not know', 'from: { slot: window.from, format: iso }, ', ''),
  {
    id: 'M060',
    about: 'a database asked by a text',
    change: [
      [
        '{ source: api, object: events }',
        '{ source: api, object: events }, { source: base, object: events }',
      ],
      ['{ strategy: window,', '{ strategy: §window,'],
    ],
  },
  one(
    'M060',
    'a database asked by a mark that is a text',
    '{ source: api, object: events }',
    '{ source: api, object: events }, { source: base, object: events, sync: { strategy: §cursor, every: PT1M, cursor: { column: upd, format: iso } } }',
  ),
  one(
    'M060',
    'one table read by two marks',
    '[{ source: base, object: seasons }]',
    '[{ source: base, object: seasons, where: [{ column: a, op: notNull }], sync: { strategy: cursor, every: PT1H, cursor: { column: upd } } }, { source: base, object: seasons, where: [{ column: a, op: isNull }], sync: { strategy: §cursor, every: PT1H, cursor: { column: changed } } }]',
  ),
  one('M061', 'no interval', 'sync: { strategy: snapshot, every: P1D }', '§sync: { strategy: snapshot }'),
  one('M061', 'an interval shorter than one request', 'every: PT1M,', 'every: §PT0.5S,'),
  one('M062', 'a window without overlap', 'overlap: PT10M, ', ''),
  one(
    'M063',
    'a cursor that is not said',
    '{ strategy: snapshot, every: P1D }',
    '{ strategy: cursor, every: P1D }',
  ),
  one(
    'M063',
    'a cursor that does not sort',
    '{ strategy: snapshot, every: P1D }',
    '{ strategy: cursor, every: P1D, cursor: { column: moditime, format: §dd/MM/yyyy } }',
  ),
  {
    id: 'M064',
    about: 'a joined table that a cursor does not see',
    change: [
      [
        '{ strategy: snapshot, every: PT1H }',
        '{ strategy: cursor, every: PT1H, cursor: { column: moditime } }',
      ],
      ['{ by: absence, maxPercent: 5 }', '{ by: never }'],
      ['        extend:', '        §extend:'],
    ],
  },
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
  one(
    'M001',
    'a mark of deletion that nobody reads',
    '{ by: absence, maxPercent: 5 }',
    '§{ by: absence, column: gone, when: ["1"] }',
  ),
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
