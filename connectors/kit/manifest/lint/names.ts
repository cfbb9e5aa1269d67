// Lint of the unit's own name (M002) and of its type and enum names against those that every schema has (M081).
import { Kind, parse } from 'graphql';
import { HUB_CODE_LISTS } from '../../../../schema/lists/hub-lists.ts';
import { HUB_TYPES, QUESTION_TYPES, VOCABULARY_SDL } from '../../../../schema/sdl.ts';
import { atKey, atValue } from '../path.ts';
import type { Rule } from './rule.ts';

const BUILT_IN = ['String', 'Int', 'Float', 'Boolean', 'ID', 'Query', 'Mutation', 'Subscription'];

/** Names of GraphQL types that no unit may take. */
export function toReservedTypes(): ReadonlySet<string> {
  const vocabulary = parse(VOCABULARY_SDL).definitions.flatMap((definition) =>
    'name' in definition && definition.name !== undefined && definition.kind !== Kind.DIRECTIVE_DEFINITION
      ? [definition.name.value]
      : [],
  );
  return new Set([
    ...vocabulary,
    ...BUILT_IN,
    ...HUB_TYPES,
    ...QUESTION_TYPES,
    ...[...HUB_CODE_LISTS.values()].map(({ enumName }) => enumName),
  ]);
}

/** M002 */
const folder: Rule = ({ head }, { folder: name }) =>
  head === null || head.unit === name
    ? []
    : [atValue('M002', ['unit'], `is ${head.unit}, but its folder is ${name}; the two must be equal`)];

/** M081, within the unit. */
const taken: Rule = ({ types, codes }) => {
  const reserved = toReservedTypes();
  const enums = [...codes.values()].filter(({ words }) => words?.to === undefined);
  return [
    ...[...types.values()].flatMap(({ name, path }) =>
      reserved.has(name) ? [atKey('M081', path, `${name} is a name of the hub's own vocabulary`)] : [],
    ),
    ...enums.flatMap(({ name, path }) => {
      if (types.has(name)) return [atKey('M081', path, `a type of this unit is called ${name}`)];
      return reserved.has(name) ? [atKey('M081', path, `${name} is a name of the hub's own vocabulary`)] : [];
    }),
  ];
};

export const NAME_RULES: readonly Rule[] = [folder, taken];
