// Four services elsewhere, each of which knows one step: districts → sites → devices → alarms. Type definitions for the
// federation gateways and for stitching, and rows that follow from their ids alone.
import { parse } from 'graphql';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])`;

/** `below`: how many of the next type each has. */
const STEPS = [
  { name: 'districts', type: 'District', fields: 'name: String', next: 'Site', list: 'sites', below: 3 },
  { name: 'sites', type: 'Site', fields: 'name: String', next: 'Device', list: 'devices', below: 3 },
  { name: 'devices', type: 'Device', fields: 'model: String', next: 'Alarm', list: 'alarms', below: 2 },
  { name: 'alarms', type: 'Alarm', fields: 'level: Int message: String', next: null, list: null, below: 0 },
];

function toRow({ list, below, type }, id) {
  const row = { __typename: type, id, name: `${type} ${id}`, model: `M-${id.length}`, level: id.length % 4 };
  row.message = `水位越限 ${id}`;
  if (list !== null) row[list] = Array.from({ length: below }, (_, index) => ({ id: `${id}-${index}` }));
  return row;
}

/** `lookup`: the field by which stitching merges; federation has `_entities`. */
export const REMOTE_SUBGRAPHS = STEPS.map((step) => {
  const { name, type, fields, next, list } = step;
  const lookup = `_${name}`;
  const own = list === null ? fields : `${fields} ${list}: [${next}]`;
  const root = name === 'districts' ? 'type Query { district(id: ID!): District }' : '';
  const stub = next === null ? '' : `type ${next} @key(fields: "id", resolvable: false) { id: ID! }`;
  const federated = `${LINK}\n${root}\ntype ${type} @key(fields: "id") { id: ID! ${own} }\n${stub}`;
  const lookups = `${root === '' ? 'type Query' : 'extend type Query'} { ${lookup}(ids: [ID!]!): [${type}]! }`;
  return {
    name,
    typeDefs: parse(federated),
    /** What the service itself serves: both ways in. */
    served: parse(`${federated}\n${lookups}`),
    resolvers: {
      Query: {
        ...(root === '' ? {} : { district: (_root, { id }) => toRow(step, id) }),
        [lookup]: (_root, { ids }) => ids.map((id) => toRow(step, id)),
      },
      [type]: { __resolveReference: ({ id }) => toRow(step, id) },
    },
  };
});
