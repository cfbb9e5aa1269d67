import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { buildSchema, Kind, parse, visit } from 'graphql';
import { VOCABULARY_SDL } from '../../../schema/sdl.ts';
import { toUnitSdl } from './derive-sdl.ts';
import type { Unit } from './model.ts';
import { parseManifest } from './parse-manifest.ts';

const DRAFTS = new URL('fixtures/drafts/', import.meta.url);
const NAMES = readdirSync(DRAFTS).sort();

function toDraft(name: string): Unit {
  const text = readFileSync(new URL(name, DRAFTS), 'utf8');
  const { unit } = parseManifest(text, { file: name, folder: name.replace('.yaml', '') });
  if (unit === null) throw new Error(`${name} has errors`);
  return unit;
}

const BASE = `${VOCABULARY_SDL}\ntype Unit { code: ID! }\ntype Division { code: ID! }\ntype Query { _: Boolean }\n`;
const BUILT_IN = ['ID', 'String', 'Int', 'Float', 'Boolean'];

/** Types of other units, and hub lists that the vocabulary does not print yet, as empty types. */
function toStubs(sdl: string): string {
  const defined = new Set<string>(BUILT_IN);
  const named = new Set<string>();
  visit(parse(BASE + sdl), {
    enter(node) {
      if (node.kind === Kind.NAMED_TYPE) named.add(node.name.value);
      else if (node.kind.endsWith('TypeDefinition') && 'name' in node && node.name?.kind === Kind.NAME)
        defined.add(node.name.value);
    },
  });
  return [...named]
    .filter((name) => !defined.has(name))
    .map((name) => `type ${name} { id: ID! }`)
    .join('\n');
}

describe('the derived schema', () => {
  test.each(NAMES)('of %s builds with the shared vocabulary', (name) => {
    const unit = toDraft(name);
    const sdl = toUnitSdl(unit);
    const schema = buildSchema(BASE + sdl + toStubs(sdl));
    for (const type of unit.types) expect(schema.getType(type.name)).toBeDefined();
    for (const definition of parse(sdl).definitions)
      expect([Kind.OBJECT_TYPE_DEFINITION, Kind.ENUM_TYPE_DEFINITION]).toContain(definition.kind);
  });

  test('leaves out hidden fields and keeps the order of the manifest', () => {
    for (const unit of NAMES.map(toDraft)) {
      const { definitions } = parse(toUnitSdl(unit));
      for (const type of unit.types) {
        const node = definitions.find(
          (one) => one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value === type.name,
        );
        const printed =
          node?.kind === Kind.OBJECT_TYPE_DEFINITION
            ? (node.fields ?? []).map((field) => field.name.value)
            : [];
        const shown = type.fields
          .filter((field) => !field.hidden && field.name !== 'location')
          .map((field) => field.name);
        const basis = ['id', 'source', 'location', 'division', 'divisionBasis'];
        expect(printed).toEqual([...basis, ...type.links.map((link) => link.name), ...shown]);
      }
    }
  });

  test('labels are descriptions, with the description behind them', () => {
    const sdl = toUnitSdl(toDraft('water.yaml'));
    expect(sdl).toContain('"水库 · Reservoir"\ntype Reservoir implements Entity {');
    expect(sdl).toContain('  "时间 · Time. End of the period."\n  observedAt: DateTime\n');
    expect(sdl).toContain('  day: Float @measure(unit: "mm", kind: ROLLING)\n');
  });

  test('a reading says of what it is and how it reads there', () => {
    expect(toUnitSdl(toDraft('hydrology.yaml'))).toContain(
      'type RiverReading implements Entity @reading(of: "station", as: "river") {',
    );
  });

  test('quality, unit and observedAt come with the fields that bring them', () => {
    const ecology = toUnitSdl(toDraft('ecology.yaml'));
    expect(ecology).toMatch(
      / {2}value: Float @measure\(kind: LEVEL\)\n.*\n {2}valueQuality: DataQuality\n.*\n {2}valueUnit: String\n/,
    );
    const police = toUnitSdl(toDraft('traffic-police.yaml'));
    expect(police).toMatch(/ {2}begins: DateTime\n.*\n {2}observedAt: DateTime\n/);
  });

  test('lists, enums of the hub and near things have their types', () => {
    expect(toUnitSdl(toDraft('transport.yaml'))).toContain('  alarms: [VehicleAlarmKind!]\n');
    expect(toUnitSdl(toDraft('weather.yaml'))).toContain('  areas: [Division!]\n');
    const natural = toUnitSdl(toDraft('natural-resources.yaml'));
    expect(natural).toContain('  nearestStation: HydroStation\n');
    expect(natural).toContain(
      '  "位置 · Location. The service names its axes the wrong way round."\n  location: Point\n',
    );
    expect(toUnitSdl(toDraft('weather.yaml'))).not.toContain('enum MusicQuality');
  });

  test('is printed canonically: deriving it twice gives the same text', () => {
    const unit = toDraft('maritime.yaml');
    expect(toUnitSdl(unit)).toBe(toUnitSdl(JSON.parse(JSON.stringify(unit)) as Unit));
  });
});
