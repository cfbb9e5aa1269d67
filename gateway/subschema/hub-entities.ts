// The part of the hub's subschema that finds what units know, whatever its unit: by id and by place. It answers with stubs.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { isPersonalMasked, type MaskPolicy } from '../compile/mask.ts';
import { ENTITY_CAP } from '../compile/plan-entities.ts';
import { RADIUS_CAP_KM, ROWS } from '../compile/plan-nearby.ts';
import type { OperationContext } from './contract.ts';
import { toEntityBudget } from './hub-entity-budget.ts';
import { toEntityLookup } from './hub-entity-lookup.ts';
import { toNearby } from './hub-nearby.ts';
import type { HubPart, HubRead } from './hub-part.ts';

const SDL = /* GraphQL */ `
"Anything that a unit knows."
interface Entity { id: ID! }

"WGS84, degrees."
input PointInput { lon: Float! lat: Float! }

"Something near a point."
type Nearby {
  "Along the great circle, to the metre."
  distanceKm: Float!
  entity: Entity
}

extend type Query {
  "Anything by its global id, \`unit:Type:key\`; null where nothing has it. At most ${ENTITY_CAP} ids in one operation."
  node(id: ID!): Entity
  "The same for many ids, in their order, one answer for each: null where nothing has it."
  nodes(ids: [ID!]!): [Entity]
  "What has its place within \`radiusKm\` (more than 0, at most ${RADIUS_CAP_KM}) of a point, nearest first, at one distance by id. Without \`types\`: all things and events of all units. Readings are found by the thing that they are of; those that carry a place of their own, where \`types\` names them. Types whose place you may not see exactly are not found."
  nearby(point: PointInput!, radiusKm: Float!, types: [String!], first: Int = ${ROWS}): [Nearby]
}
`;

export type EntitiesOptions = {
  readonly units: readonly Unit[];
  readonly read: HubRead;
  readonly isMasked?: MaskPolicy;
};

export function toEntitiesPart({ units, read, isMasked = isPersonalMasked }: EntitiesOptions): HubPart {
  const find = toEntityLookup(units, read);
  const budget = toEntityBudget();
  return {
    typeDefs: [SDL, ...toStubs(units)].join('\n'),
    rootValue: {
      node: ({ id }: { readonly id: string }, context: OperationContext) => {
        budget(context, 'node', 1);
        return find(id, context);
      },
      nodes: ({ ids }: { readonly ids: readonly string[] }, context: OperationContext) => {
        budget(context, 'nodes', ids.length);
        return Promise.all(ids.map((id) => find(id, context)));
      },
      nearby: toNearby({ units, read, budget, isMasked }),
    },
  };
}

// What the hub knows of a type: that it has an id. Two units of one type name are a conflict that the stitching reports.
function toStubs(units: readonly Unit[]): readonly string[] {
  const names = new Set(units.flatMap(({ types }) => types.map(({ name }) => name)));
  return [...names].map((name) => `type ${name} implements Entity { id: ID! }`);
}
