// A contender's process: a statement written by hand behind node:http, with nothing around it. Arguments: the database's
// URL, the workload. Sends its own URL when it listens and ends with its parent.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { toWorkload } from '../workloads/all.ts';
import type { Variables } from '../workloads/contract.ts';

const [databaseUrl = '', workload = ''] = process.argv.slice(2);
const { raw } = toWorkload(workload);
if (raw === null) throw new Error(`Workload "${workload}" has no statement.`);
const { text, binds } = raw;
/** As many connections and the same planner as the gateway's reading sessions; durations in the form that the graph has. */
const pool = new pg.Pool({
  connectionString: databaseUrl,
  max: 8,
  options: '-c intervalstyle=iso_8601 -c jit=off -c random_page_cost=1.1',
});

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
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const variables = JSON.parse(Buffer.concat(parts).toString('utf8')) as Variables;
  const values = binds.map((name) => variables[name]);
  const { rows } = await pool.query<{ data: string }>({ name: workload, text, values });
  const body = `{"data":${rows[0]?.data ?? 'null'}}`;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
