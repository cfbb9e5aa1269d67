// Four GraphQL services elsewhere, each a step of the question further: a district's sites, their devices, their alarms.
// Nothing of it lies in the database.
import type { Workload } from './contract.ts';

const DISTRICTS = 200;

export const REMOTE: Workload = {
  name: 'remote',
  title: 'four deep over four remote GraphQL services, 5 ms each',
  query: `query Remote($id: ID!) { district(id: $id) { id name sites { id name devices { id model alarms { id level message } } } } }`,
  postgraphile: null,
  raw: null,
  connections: 16,
  toVariables: (_newest, index) => ({ id: `d${(index * 7) % DISTRICTS}` }),
};
