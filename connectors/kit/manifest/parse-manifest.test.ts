// The entry as a department meets it: drafts that pass, one finding at a time at its place, five at once, and noise.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FAULTS, toFaultText } from './faults.ts';
import { parseManifest } from './parse-manifest.ts';
import { FILE_AND_SOURCES, OBJECTS_AND_CODES, type Provocation } from './provocations.fixture.ts';
import { FORMS_AND_TYPES, KEYS_AND_LINKS, TIME_AND_POLICY } from './provocations-of-types.fixture.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SAMPLE = readFileSync(new URL('sample.yaml', FIXTURES), 'utf8');
const HYDROLOGY = readFileSync(new URL('../../units/hydrology/unit.yaml', import.meta.url), 'utf8');
const DRAFTS = readdirSync(new URL('drafts/', FIXTURES)).sort();
const PROVOCATIONS = [
  FILE_AND_SOURCES,
  OBJECTS_AND_CODES,
  FORMS_AND_TYPES,
  KEYS_AND_LINKS,
  TIME_AND_POLICY,
].flat();

const parseSample = (text: string) => parseManifest(text, { file: 'sample/unit.yaml', folder: 'sample' });

describe('the fifteen drafts', () => {
  test('are all there', () => {
    expect(DRAFTS).toHaveLength(15);
  });

  test.each(DRAFTS)('%s is read without an error', (name) => {
    const text = readFileSync(new URL(`drafts/${name}`, FIXTURES), 'utf8');
    const { unit, faults } = parseManifest(text, { file: name, folder: name.replace('.yaml', '') });
    expect(faults.filter(({ severity }) => severity === 'error').map(toFaultText)).toEqual([]);
    expect(unit?.manifest).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('a single finding', () => {
  test('the sample that the tests change has none', () => {
    expect(parseSample(SAMPLE).faults.map(toFaultText)).toEqual([]);
  });

  const cases = PROVOCATIONS.map((one) => [`${one.id}: ${one.about}`, one] as const);
  test.each(cases)('%s', (_name, { id, change }) => {
    const { text, place } = toProvoked(change);
    const { unit, faults } = parseSample(text);
    const found = faults.filter((fault) => fault.id === id);
    expect(found.map(toFaultText)).not.toEqual([]);
    if (place !== null) expect(found.map(({ line, column }) => ({ line, column }))).toContainEqual(place);
    expect(faults.filter((fault) => fault.id !== id).map(toFaultText)).toEqual([]);
    expect(unit === null).toBe(faults.some(({ severity }) => severity === 'error'));
  });

  test('every id that a file alone can show is provoked', () => {
    const ids = Object.entries(FAULTS).flatMap(([id, { judged }]) => (judged === 'file' ? [id] : []));
    const provoked = new Set<string>(PROVOCATIONS.map(({ id }) => id));
    expect(ids.filter((id) => !provoked.has(id))).toEqual([]);
  });
});

/** The sample with the changes made, the mark taken out, and the line and column where it stood. */
function toProvoked(change: Provocation['change']): {
  text: string;
  place: { line: number; column: number } | null;
} {
  let marked = SAMPLE;
  for (const [from, to] of change) {
    expect(marked).toContain(from);
    marked = marked.replace(from, () => to);
  }
  const at = marked.indexOf('§');
  if (at < 0) return { text: marked, place: null };
  const before = marked.slice(0, at).split('\n');
  return {
    text: marked.replace('§', ''),
    place: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
  };
}

test('five different faults in one manifest give five messages, each with its line and column', () => {
  const text = HYDROLOGY.replace('from: [PP]', 'from: [01]')
    .replace('text: stnm', 'texts: stnm')
    .replace('every: PT1H', 'every: 1h')
    .replace('{ secret: HYDROLOGY_URL }', 'postgres://hub:geheim@10.0.0.1/fork')
    .replace('key: [upstream, downstream]', 'key: [upstreem, downstream]');
  const { unit, faults } = parseManifest(text, { file: 'hydrology/unit.yaml', folder: 'hydrology' });
  expect(unit).toBeNull();
  expect(faults.map(toFaultText)).toEqual([
    'hydrology/unit.yaml:10:10  M012  sources.fork.url  a URL with credentials must be { secret: NAME }',
    'hydrology/unit.yaml:30:22  M004  codes.HydroStationKind.values.RAIN.from[0]  quote this raw code; unquoted, YAML makes it a number or truth value',
    'hydrology/unit.yaml:49:40  M001  types.HydroStation.sync.every  must be an ISO 8601 duration without months, such as PT5M',
    'hydrology/unit.yaml:56:7  M001  types.HydroStation.fields.name  names no converter; did you mean "text"?',
    'hydrology/unit.yaml:153:11  M050  types.FloodTravel.key[0]  FloodTravel has no field or link upstreem; did you mean "upstream"?',
  ]);
});

test('a secret that was written out is not repeated in the message', () => {
  for (const { change } of PROVOCATIONS.filter(({ id }) => id === 'M012')) {
    const { faults } = parseSample(toProvoked(change).text);
    expect(faults.map(toFaultText).join('\n')).not.toContain('geheim');
  }
});

describe('hostile texts are refused with a position and never throw', () => {
  const texts = {
    'an empty file': '',
    'a list': '- a\n- b\n',
    'a single word': 'manifest',
    'a number': '1',
    'brackets without end': '['.repeat(100_000),
    'dashes without end': '- '.repeat(100_000),
    'anchors without end': '&a '.repeat(80_000),
    'a mapping in a mapping in a mapping': '{a: '.repeat(60_000),
    'more than 256 KiB': `# ${'x'.repeat(256 * 1024)}`,
    'names of Object.prototype':
      'manifest: 1\n__proto__: { unit: x }\nconstructor: 1\ntypes: { toString: {} }\n',
    'nulls everywhere': 'manifest:\nunit:\nname:\nowner:\nsources:\n  a:\ntypes:\n  B:\npolicy:\n',
  };
  test.each(Object.entries(texts))('%s', (_name, text) => {
    const { unit, faults } = parseSample(text);
    expect(unit).toBeNull();
    expect(faults.length).toBeGreaterThan(0);
    expectInside(faults, text);
  });
});

test('whatever is corrupted, a manifest gives a unit or faults inside the file', () => {
  const lines = HYDROLOGY.split('\n');
  const corruption = fc.record({
    line: fc.nat(lines.length - 1),
    at: fc.nat(60),
    cut: fc.nat(12),
    put: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('[', '}', ': ', '- ', '&a ', '*a', '01', 'null', '"', '#', '\t'),
    ),
  });
  fc.assert(
    fc.property(fc.array(corruption, { minLength: 1, maxLength: 4 }), (corruptions) => {
      const changed = [...lines];
      for (const { line, at, cut, put } of corruptions) {
        const own = changed[line] ?? '';
        changed[line] = own.slice(0, at) + put + own.slice(at + cut);
      }
      const text = changed.join('\n');
      const { unit, faults } = parseManifest(text, { file: 'unit.yaml', folder: 'hydrology' });
      expect(unit === null).toBe(faults.some(({ severity }) => severity === 'error'));
      expectInside(faults, text);
    }),
    { numRuns: 80 },
  );
});

function expectInside(faults: readonly { line: number; column: number }[], text: string): void {
  const lines = text.split('\n');
  for (const { line, column } of faults) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
}
