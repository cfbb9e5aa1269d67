// The hub's own units: PostgreSQL takes the statement for every field of every type, and both doors say the same of empty tables.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLObjectType, getNamedType, isObjectType, isRequiredArgument, parse } from 'graphql';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { openUnits } from '../../connectors/kit/manifest/unit-folder.ts';
import { type City, openCity } from '../compile/fixtures/open-city.ts';
import { toPlural } from '../compile/names.ts';
import { runOperation } from '../stitch/run-operation.ts';
import { type StitchedSchema, toStitchedSchema } from '../stitch/stitched-schema.ts';
import { CURSOR_KEY, DIVISIONS, toContext } from '../subschema/fixtures/ask.ts';
import { toStoreSubschemas } from '../subschema/store-subschemas.ts';
import type { WholeDoor } from './contract.ts';
import { toWholeDoor } from './whole-door.ts';

const { units } = await openUnits(fileURLToPath(new URL('../../connectors/units', import.meta.url)));
const TYPES = units.flatMap((unit: Unit) => unit.types.map(({ name }) => name));

let city: City;
let stitched: StitchedSchema;
let door: WholeDoor;
const failures: unknown[] = [];
beforeAll(async () => {
  city = await openCity('update hub.type_state set last_complete_at = now()', units);
  const shared = {
    ...{ units, divisions: DIVISIONS, reader: city.reader, cursorKey: CURSOR_KEY },
    // Some fields are personal, and every field is asked for.
    isMasked: () => false,
  };
  stitched = toStitchedSchema(toStoreSubschemas(shared));
  door = toWholeDoor(shared, stitched.schema, (error) => failures.push(error));
});
afterAll(() => city.close());

/** Every field of the type, `depth` links and lists deep. */
function toFields(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap((field): string[] => {
    const below = getNamedType(field.type);
    if (field.args.some(isRequiredArgument)) return [];
    if (!isObjectType(below)) return [field.name];
    if (below.name === 'Unit') return [`${field.name} { code name nameEn }`];
    if (below.name === 'Division') return [`${field.name} { code name level parent { name } }`];
    if (below.name === 'Source' || below.name === 'Point' || below.name === 'PageInfo')
      return [`${field.name} { ${toFields(below, 0)} }`];
    if (depth === 0) return [];
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : '';
    return [
      `${field.name}${page} { ${toFields(below, below.name.endsWith('Connection') ? depth : depth - 1)} __typename }`,
    ];
  });
  return fields.join(' ');
}

/** Both doors say the same, the first with one statement. */
async function expectSame(text: string): Promise<void> {
  const document = parse(text);
  const before = city.statements.length;
  const answer = await door.run({ document, variables: {}, context: toContext() });
  expect(failures).toEqual([]);
  expect(answer).toMatchObject({ kind: 'ANSWERED' });
  expect(city.statements).toHaveLength(before + 1);
  const result = await runOperation(stitched, { document, variables: {}, context: toContext() });
  expect(result.errors).toBeUndefined();
  expect(answer).toMatchObject({ text: JSON.stringify(result.data) });
}

describe('one statement over the hub’s own units', () => {
  test.each(TYPES)('takes every field of %s', async (name) => {
    const type = stitched.schema.getType(name);
    if (!isObjectType(type)) throw new RangeError(`${name} is no object type`);
    await expectSame(`{ ${toPlural(name)}(first: 2) { nodes { ${toFields(type, 2)} } } }`);
  });

  test('takes everything of every type of what lies nearby, and of ids of every type', async () => {
    const fragments = TYPES.map((name) => {
      const type = stitched.schema.getType(name);
      return isObjectType(type) ? `... on ${name} { ${toFields(type, 1)} }` : '';
    });
    const fields = `id source { via } location { lon } division { name } ${fragments.join(' ')}`;
    const ids = units.flatMap(({ unit, types }) => types.map(({ name }) => `"${unit}:${name}:1"`));
    await expectSame(`{ nearby(point: { lon: 111.6, lat: 26.2 }, radiusKm: 100) { distanceKm entity { ${fields} } }
      nodes(ids: [${ids.join(' ')}]) { ${fields} } }`);
  });

  test('takes the lists of every type of every unit in every county, and is one', async () => {
    const lists = TYPES.map(
      (name) => `${toPlural(name)}(first: 10) { nodes { id division { name } source { via } } totalCount }`,
    );
    await expectSame(`{ divisions(level: COUNTY) { code name ${lists.join(' ')} } }`);
  });
});
