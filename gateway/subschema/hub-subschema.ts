// The hub's own part of the graph: what belongs to no unit and what all units meet in. It is small, so graphql-js answers it,
// from memory and with a handful of statements; the units' parts are compiled.
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { buildSchema, execute } from 'graphql';
import { PLACE_SDL } from '../../schema/sdl.ts';
import { toFault, toFreshFault } from '../compile/fault.ts';
import { type Selected, toSelection } from '../compile/selection.ts';
import { toFaultyBatch } from './answer.ts';
import type { OperationContext, Subschema } from './contract.ts';
import { findDivisionExcess } from './division-budget.ts';
import { toDevicesPart } from './hub-devices.ts';
import { DIVISION_SDL, toDivisionNode } from './hub-divisions.ts';
import { toEntitiesPart } from './hub-entities.ts';
import { toHubRead } from './hub-part.ts';
import { toRunsPart } from './hub-runs.ts';
import { toUnitsPart } from './hub-units.ts';
import type { StoreOptions } from './store-options.ts';

const HUB_SDL = /* GraphQL */ `
${PLACE_SDL}
${DIVISION_SDL}

"Who asks."
type Viewer {
  id: ID!
  kind: String
}

type Query {
  "All divisions of the city, or those of one level."
  divisions(level: DivisionLevel): [Division]
  "A division by its code; former codes are followed (431121 is 431181 today). Null when unknown."
  division(code: ID!): Division
  viewer: Viewer
  _hubDivisions(codes: [ID!]!): [Division]! @merge(keyField: "code")
}
`;

type Args = { readonly code: string; readonly codes: readonly string[]; readonly level?: string | null };

/** The subschema of divisions, units, entities and the viewer. A key that nobody knows is null, in its place. */
export function toHubSubschema(options: StoreOptions): Subschema {
  const { divisions, units } = options;
  const read = toHubRead(options.reader, options.deadlineMs);
  const parts = [
    toUnitsPart(units, read),
    toRunsPart(units, read, options.cursorKey),
    toDevicesPart(units, read, options.cursorKey),
    toEntitiesPart({ ...options, read }),
  ];
  const sdl = [HUB_SDL, ...parts.map((part) => part.typeDefs)].join('\n');
  const typeDefs = `${stitchingDirectives().allStitchingDirectivesTypeDefs}\n${sdl}`;
  const schema = buildSchema(typeDefs);
  const findDivision = (code: string) => toDivisionNode(divisions, divisions.find(code));
  const rootValue = {
    ...Object.assign({}, ...parts.map((part) => part.rootValue)),
    divisions: ({ level }: Args) =>
      divisions.all
        .filter((one) => level == null || one.level === level)
        .map((one) => toDivisionNode(divisions, one)),
    division: ({ code }: Args) => findDivision(code),
    viewer: (_args: unknown, context: OperationContext) => context.viewer,
    _hubDivisions: ({ codes }: Args) => codes.map(findDivision),
  };
  return {
    name: 'hub',
    typeDefs,
    executor: async ({ document, variables, operationName, context }) => {
      const { roots } = toSelection(schema, document, variables, operationName);
      const rows = context?.sources.reduce((sum, source) => sum + source.rows, 0) ?? 0;
      // What cannot be read is refused by graphql-js, in its own words.
      const excess = roots === null ? null : findDivisionExcess(roots, divisions, rows);
      if (roots !== null && excess !== null) return { data: toRefused(roots, excess) };
      return execute({
        schema,
        document,
        rootValue,
        contextValue: context,
        variableValues: variables ?? null,
        operationName: operationName ?? null,
      });
    },
  };
}

/** Nothing of the request is answered: the refusal stands at each of its roots, and in each field of each looked-up key. */
function toRefused(roots: readonly Selected[], excess: string): Record<string, unknown> {
  const fault = toFault('HUB_QUERY_LIMIT', excess, 'hub');
  return Object.fromEntries(
    roots.map((root) => [
      root.key,
      Array.isArray(root.args.codes)
        ? toFaultyBatch(root, 'code', root.args.codes, fault)
        : toFreshFault(fault),
    ]),
  );
}
