// A contender's process: the stitched door over the four remote services. No kind of source is asked live in the product yet,
// so what a department's edge would be stands here: its SDL with merge directives and an executor that sends the request on.
// Everything else is the gateway's own. Argument: the services' addresses as JSON.
import { Agent, request as httpRequest } from 'node:http';
import type { ExecutionResult } from '@graphql-tools/utils';
import { print } from 'graphql';
import { openGateway } from '../../gateway/server/open-gateway.ts';
import type { Subschema, SubschemaExecutor } from '../../gateway/subschema/contract.ts';
import { profileOnDemand } from './profiler.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** By the name of the service. */
const SDL = {
  districts: `type Query { district(id: ID!): District _districts(ids: [ID!]!): [District]! @merge(keyField: "id") }
    type District { id: ID! name: String sites: [Site] } type Site { id: ID! }`,
  sites: `type Query { _sites(ids: [ID!]!): [Site]! @merge(keyField: "id") }
    type Site { id: ID! name: String devices: [Device] } type Device { id: ID! }`,
  devices: `type Query { _devices(ids: [ID!]!): [Device]! @merge(keyField: "id") }
    type Device { id: ID! model: String alarms: [Alarm] } type Alarm { id: ID! }`,
  alarms: `type Query { _alarms(ids: [ID!]!): [Alarm]! @merge(keyField: "id") }
    type Alarm { id: ID! level: Int message: String }`,
};

const urls = JSON.parse(process.argv[2] ?? '{}') as { readonly [name: string]: string };
const agent = new Agent({ keepAlive: true });
const gateway = await openGateway({
  host: '127.0.0.1',
  port: 0,
  subschemas: Object.entries(SDL).map(([name, typeDefs]) => toRemote(name, typeDefs)),
  keys: [],
  clock: Date.now,
  log: SILENT,
  health: async () => ({ store: { ok: true }, units: {} }),
});
profileOnDemand();
process.send?.({ url: `${gateway.url}/graphql` });
process.on('disconnect', () => process.exit(0));

function toRemote(name: string, typeDefs: string): Subschema {
  const url = urls[name] ?? '';
  const executor: SubschemaExecutor = ({ document, variables }) =>
    runRequest(url, JSON.stringify({ query: print(document), variables }));
  return { name, typeDefs, executor };
}

function runRequest(url: string, body: string): Promise<ExecutionResult> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { agent, method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve(JSON.parse(Buffer.concat(parts).toString('utf8'))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
