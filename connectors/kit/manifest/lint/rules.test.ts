// What the rules must not do: cry wolf over what is lawful, follow one fault with others, or hide one behind another.
// What each must find stands in provocations.fixture.ts.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseManifest } from '../parse-manifest.ts';

const SAMPLE = readFileSync(new URL('../fixtures/sample.yaml', import.meta.url), 'utf8');

type Change = readonly (readonly [from: string, to: string])[];

function findings(change: Change): string[] {
  let text = SAMPLE;
  for (const [from, to] of change) {
    expect(text).toContain(from);
    text = text.replace(from, () => to);
  }
  const { faults } = parseManifest(text, { file: 'unit.yaml', folder: 'sample' });
  return faults.map(({ id, path }) => `${id} ${path}`);
}

describe('what is lawful brings no finding', () => {
  const lawful: { readonly [about: string]: Change } = {
    'a key of one plain text can be asked live': [
      ['    unique: [[device]]\n', '    unique: [[device]]\n    read: live\n'],
    ],
    'a link as a key part of a link': [
      [
        '  Event:\n',
        '  Sluice:\n    zh: 闸\n    en: Sluice\n    role: thing\n    from: [{ source: base, object: sluices }]\n    key: [number]\n    sync: { strategy: snapshot, every: P1D }\n    deletes: { by: never }\n    freshness: { promise: P2D }\n    division: [none]\n    fields:\n      number: { zh: 号, en: Number, text: no }\n      stcd: { zh: 码, en: Code, text: stcd }\n      from: { zh: 始, en: From, monthDay: bgmd, formats: [MMdd] }\n    links:\n      season: { zh: 汛期, en: Season, to: Season, on: { from: begins, stcd: stationCode } }\n  Event:\n',
      ],
    ],
    'a form with the same object and another condition': [['value: 是 }]', 'value: 否 }]']],
    'constants of many kinds': [['duration: mins, unit: min', 'const: PT5M']],
    'a condition for each operator': [
      [
        '{ column: tenant, op: eq, value: "431100" }',
        '{ column: a, op: in, value: [1, "2"] }, { column: b, op: between, value: [1, 2] }, { column: c, op: isNull }, { column: d, op: startsWith, value: x }, { column: e, op: gte, value: 3 }',
      ],
    ],
    'a url of ours in a text': [['en: Sample Bureau', 'en: "see https://example.org/a?b=c@d"']],
    'a raw code that is a word of YAML 1.1': [['from: ["02"]', 'from: ["02", ON, NO, Y]']],
    'an exact code inside the band of another value': [['from: ["01"]', 'from: ["01", "12"]']],
    'a second way into the division': [['division: [none]', 'division: [{ code: "@site", digits: 6 }]']],
    'a unit that is a plain one': [['unit: { by: pollutant }', 'unit: "10*6.m3"']],
  };
  test.each(Object.entries(lawful))('%s', (_about, change) => {
    expect(findings(change)).toEqual([]);
  });
});

describe('one fault brings no other', () => {
  const faults: { readonly [about: string]: readonly [string, Change] } = {
    'a faulty field that a key names': [
      'M001 types.Event.fields.number.txet',
      [
        [
          'number: { zh: 编号, en: Number, text: id }',
          'number: { zh: 编号, en: Number, text: id, txet: id }',
        ],
      ],
    ],
    'a faulty form': [
      'M001 types.Alarm.from[0].fna',
      [['object: alarms, fan: signals', 'object: alarms, fna: signals']],
    ],
    'a faulty source': ['M001 sources.devices.codec', [['codec: hj212', 'codec: hj211']]],
    'a faulty object': [
      'M001 sources.drop.objects.schools.file',
      [['files: "学校', 'files: a\n        file: "学校']],
    ],
    'a faulty code list': [
      'M001 codes.StationKind.ignorecase',
      [['    en: Kind of station\n', '    en: Kind of station\n    ignorecase: true\n']],
    ],
    'a faulty link': [
      'M001 types.DeviceReading.links.station.onMissing',
      [['onMissing: wait', 'onMissing: waits']],
    ],
    'a faulty head of a type that others link to': [
      'M001 types.Station.uniqe',
      [['    unique: [[device]]\n', '    uniqe: [[device]]\n']],
    ],
    'fields that are no mapping': [
      'M001 types.School.fields',
      [
        [
          '    fields:\n      code: { zh: 代码, en: Code, text: 学校代码, pad: 10 }\n      name: { zh: 名称, en: Name, text: 学校名称 }\n      pupils: { zh: 学生数, en: Pupils, absent: integer, range: [0, 20000] }\n',
          '    fields: []\n',
        ],
      ],
    ],
  };
  test.each(Object.entries(faults))('%s', (_about, [expected, change]) => {
    expect(findings(change)).toEqual([expected]);
  });
});

test('a fault of shape hides no fault of meaning elsewhere, not even in the same type', () => {
  expect(
    findings([
      ['freshness: { promise: PT2H }', 'freshness: { promise: 2h }'],
      ['on: { stationCode: code }', 'on: { stationCode: cod }'],
      ['code: sttp, list: StationKind', 'code: sttp, list: StationKin, nope: 1'],
      ['from: ["02"]', 'from: ["01"]'],
      ['minGroup: 5', 'minGroup: 1'],
    ]),
  ).toEqual([
    'M032 codes.StationKind.values.STAGE.from[0]',
    'M001 types.Station.freshness.promise',
    'M001 types.Station.fields.kind.nope',
    'M054 types.Season.links.station.on.stationCode',
    'M073 policy.minGroup',
  ]);
});

describe('a form’s constant must be of the kind of its field', () => {
  const put = (literal: string): Change => [
    [
      '[{ source: api, object: events }]',
      `[{ source: api, object: events, fields: { lasted: { const: ${literal} } } }]`,
    ],
  ];
  test.each(['5 minutes', '5', 'true', 'P1M'])('%s is no duration', (literal) => {
    expect(findings(put(literal))).toEqual(['M031 types.Event.from[0].fields.lasted.const']);
  });
  test.each(['PT5M', 'P1D'])('%s is one', (literal) => {
    expect(findings(put(literal))).toEqual([]);
  });
});

test('a key that rests on itself through its links is told of', () => {
  expect(
    findings([
      ['    key: [code]\n    unique', '    key: [season]\n    unique'],
      ['warden: {', 'begins: { zh: 始, en: Begins, monthDay: bgmd, hidden: true }\n      warden: {'],
      [
        '  DeviceReading:\n',
        '    links:\n      season: { zh: 汛期, en: Season, to: Season, on: { begins: begins } }\n  DeviceReading:\n',
      ],
    ]).filter((line) => line.startsWith('M051')),
  ).toEqual(['M051 types.Station.key', 'M051 types.Season.key']);
});
