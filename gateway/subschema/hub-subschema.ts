// The hub's own part of the graph: what belongs to no unit and what all units meet in. It is small, so graphql-js answers it,
// from memory and with a handful of statements; the units' parts are compiled.
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { buildSchema, execute } from 'graphql';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { Divisions } from '../../schema/divisions/divisions.ts';
import type { ReadStore } from '../../store/contract.ts';
import { toFault, toFreshFault } from '../compile/fault.ts';
import type { MaskPolicy } from '../compile/mask.ts';
import { type Selected, toSelection } from '../compile/selection.ts';
import { toFaultyBatch } from './answer.ts';
import type { OperationContext, Subschema } from './contract.ts';
import { DIVISION_CAP, isWithinDivisions } from './division-budget.ts';
import { toEntitiesPart } from './hub-entities.ts';
import { toHubRead } from './hub-part.ts';
import { toUnitsPart } from './hub-units.ts';

type Division = Divisions['all'][number];

const LEVELS = ['CITY', 'COUNTY', 'TOWN', 'VILLAGE'] as const satisfies readonly Division['level'][];

const HUB_SDL = /* GraphQL */ `
"Level of an administrative division (GB/T 2260)."
enum DivisionLevel { ${LEVELS.join(' ')} }

"An administrative division: where agencies meet."
type Division {
  code: ID!
  name: String
  level: DivisionLevel
  parent: Division
  children: [Division]
}

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

export type HubSubschemaOptions = {
  readonly divisions: Divisions;
  readonly units: readonly Unit[];
  readonly reader: ReadStore;
  readonly isMasked?: MaskPolicy;
  /** Milliseconds that one statement may take; 8 s. */
  readonly deadlineMs?: number;
};

type Args = { readonly code: string; readonly codes: readonly string[]; readonly level?: string | null };

/** The subschema of divisions, units, entities and the viewer. A key that nobody knows is null, in its place. */
export function toHubSubschema(options: HubSubschemaOptions): Subschema {
  const { divisions, units } = options;
  const read = toHubRead(options.reader, options.deadlineMs);
  const parts = [toUnitsPart(units, read), toEntitiesPart({ ...options, read })];
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
      // What cannot be read is refused by graphql-js, in its own words.
      if (roots !== null && !isWithinDivisions(roots, divisions)) return { data: toRefused(roots) };
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
function toRefused(roots: readonly Selected[]): Record<string, unknown> {
  const fault = toFault(
    'HUB_QUERY_LIMIT',
    `The answer would hold more than ${DIVISION_CAP} divisions: ask for one level, or for "parent" and "children" less often.`,
    'hub',
  );
  return Object.fromEntries(
    roots.map((root) => [
      root.key,
      Array.isArray(root.args.codes)
        ? toFaultyBatch(root, 'code', root.args.codes, fault)
        : toFreshFault(fault),
    ]),
  );
}

type DivisionNode = Omit<Division, 'parent'> & {
  readonly parent: () => DivisionNode | null;
  readonly children: () => readonly (DivisionNode | null)[];
};

function toDivisionNode(divisions: Divisions, division: Division | null): DivisionNode | null {
  if (division === null) return null;
  const { code, name, level, parent } = division;
  return {
    code,
    name,
    level,
    parent: () => (parent === null ? null : toDivisionNode(divisions, divisions.find(parent))),
    children: () => divisions.children(code).map((child) => toDivisionNode(divisions, child)),
  };
}
