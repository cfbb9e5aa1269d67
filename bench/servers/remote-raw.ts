// A contender's process: four requests written by hand, one after the other, each for all that the one before has named.
// Argument: the services' addresses as JSON.
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

type Row = { id: string; [field: string]: unknown };

/** The list that leads on, the service that knows its rows, and what is asked of it. */
const STEPS = [
  { list: 'sites', lookup: '_sites', fields: 'id name devices { id }' },
  { list: 'devices', lookup: '_devices', fields: 'id model alarms { id }' },
  { list: 'alarms', lookup: '_alarms', fields: 'id level message' },
] as const;

const urls = JSON.parse(process.argv[2] ?? '{}') as { readonly [name: string]: string };
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500).end(String(error));
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}/` });
});
process.on('disconnect', () => process.exit(0));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { id } = JSON.parse(await readText(request)) as { readonly id: string };
  const query = 'query ($id: ID!) { district(id: $id) { id name sites { id } } }';
  const { district } = (await ask('districts', query, { id })) as { readonly district: Row };
  let rows: Row[] = [district];
  for (const { list, lookup, fields } of STEPS) {
    const ids = rows.flatMap((row) => (row[list] as readonly Row[]).map((one) => one.id));
    const data = await ask(list, `query ($ids: [ID!]!) { ${lookup}(ids: $ids) { ${fields} } }`, { ids });
    const below = data[lookup] as Row[];
    let taken = 0;
    for (const row of rows) {
      const count = (row[list] as readonly Row[]).length;
      row[list] = below.slice(taken, taken + count);
      taken += count;
    }
    rows = below;
  }
  const body = JSON.stringify({ data: { district } });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function ask(
  service: string,
  query: string,
  variables: object,
): Promise<{ readonly [name: string]: unknown }> {
  const body = JSON.stringify({ query, variables });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(urls[service] ?? '', { agent, method: 'POST', headers }, (response) => {
      readText(response).then((text) => resolve(JSON.parse(text).data), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readText(stream: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
