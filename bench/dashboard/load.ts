// A process of bench/dashboard.ts: keeps some questions in flight for some seconds, each with variables of its own. Its one
// argument is a LoadOrder as JSON; it sends a LoadReport, or ends with a code when an answer is no answer.
import { Agent } from 'node:http';
import { post } from './post.ts';
import { toVariables, type Variables } from './question.ts';

export type LoadOrder = {
  readonly url: string;
  /** What the gateway is asked; null for the hand-written server, which knows its question. */
  readonly query: string | null;
  readonly connections: number;
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly newest: number;
  /** The number of the first request. */
  readonly first: number;
  /** The door that every answer has to have taken; null where there are none. */
  readonly door: string | null;
};

/** `p50`, `p95`: milliseconds. `asked`: requests that were sent, warm-up included. */
export type LoadReport = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly asked: number;
};

const WARM_UP_SECONDS = 2;

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const agent = new Agent({ keepAlive: true, maxSockets: order.connections });
let asked = 0;
await runFor(WARM_UP_SECONDS);
const { latencies, elapsed } = await runFor(order.seconds);
agent.destroy();
const sorted = latencies.toSorted((left, right) => left - right);
const report: LoadReport = {
  perSecond: latencies.length / elapsed,
  p50: toPercentile(0.5),
  p95: toPercentile(0.95),
  asked,
};
process.send?.(report, () => process.disconnect());

async function runFor(seconds: number): Promise<{ readonly latencies: number[]; readonly elapsed: number }> {
  const latencies: number[] = [];
  const begun = performance.now();
  const ask = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1000) {
      const body = toBody(toVariables(order.newest, order.first + asked));
      asked += 1;
      const sent = performance.now();
      check(await post(order.url, body, agent));
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: order.connections }, ask));
  return { latencies, elapsed: (performance.now() - begun) / 1000 };
}

function toBody(variables: Variables): string {
  return JSON.stringify(order.query === null ? variables : { query: order.query, variables });
}

/** Cheap, so that the load does not take the processor from those that are measured. */
function check(text: string): void {
  const isOther = order.door !== null && !text.includes(`"door":"${order.door}"`);
  if (isOther || text.includes('"errors"'))
    throw new Error(`no answer of ${order.door ?? 'the statement'}: ${text.slice(0, 500)}`);
}

function toPercentile(share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
