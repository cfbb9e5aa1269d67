// Load on a running gateway: the one-network view of the README over keep-alive connections, answers per second and
// latencies. `node --import tsx bench/gateway.ts [address] [seconds] [connections,…]`; start the hub with `npm start` first.
import { Agent, request } from 'node:http';

/** The question of the README's picture: counties, their first stations, the latest stage and the last rain of each. */
const QUERY = `{ divisions(level: COUNTY) { code name hydroStations(first: 3) { nodes { id name
  latestRiver { stage flow observedAt } rain(last: 3) { nodes { amount period observedAt } }
  source { freshness via receivedAt } } } } }`;

type Answer = { readonly status: number; readonly text: string };

const [address = 'http://127.0.0.1:4000', seconds = '10', connections = '1,8'] = process.argv.slice(2);
const url = new URL('/graphql', address);

for (const text of connections.split(',')) {
  const count = Number(text);
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  await runLoad(agent, count, 2);
  const { latencies, elapsed, bytes } = await runLoad(agent, count, Number(seconds));
  agent.destroy();
  const perSecond = (latencies.length / elapsed).toFixed(1);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => toPercentile(latencies, share).toFixed(1));
  process.stdout.write(
    `${count} connection(s): ${perSecond} answers/s, p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, ${bytes} bytes an answer\n`,
  );
}

/** Keeps `count` questions in flight for some seconds; an answer with errors ends the measurement. */
async function runLoad(agent: Agent, count: number, forSeconds: number) {
  const latencies: number[] = [];
  const begun = performance.now();
  let bytes = 0;
  const ask = async (): Promise<void> => {
    while (performance.now() - begun < forSeconds * 1000) {
      const sent = performance.now();
      const { status, text } = await runQuestion(agent);
      if (status !== 200 || text.includes('"errors"'))
        throw new Error(`The gateway answered ${status}: ${text.slice(0, 500)}`);
      latencies.push(performance.now() - sent);
      bytes = text.length;
    }
  };
  await Promise.all(Array.from({ length: count }, ask));
  return { latencies, elapsed: (performance.now() - begun) / 1000, bytes };
}

function runQuestion(agent: Agent): Promise<Answer> {
  const body = JSON.stringify({ query: QUERY });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function toPercentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
