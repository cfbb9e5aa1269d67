// Peers that mean harm, against what listens: a real socket source in a process of its own, honest SL 651 stations that send a
// report a second each, and beside them one crowd after the other. Fails when an honest report has no answer, or when the
// source's process takes more than 512 MB.
// `npm run bench:stress [-- --seconds 10 --silent 10000 --only random]`
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { findFreePort } from '../postgres/ports.ts';
import type { CrowdName, CrowdOrder, CrowdReport } from './stress/crowd.ts';
import { type Honest, openHonest } from './stress/honest.ts';
import { openHonestSenders } from './stress/honest-udp.ts';
import type { SourceOrder, SourceReport } from './stress/source.ts';
import { HEAD, type Phase, toLine } from './stress/table.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    silent: { type: 'string', default: '10000' },
    only: { type: 'string' },
  },
});
const seconds = Number(flags.seconds);
const STATIONS = 20;
const MOST_MB = 512;
/** An answer that has not come so long after the crowd went is none. */
const PATIENCE_MS = 10_000;

type Plan = {
  readonly words: string;
  readonly crowd: CrowdName | null;
  readonly peers: number;
  readonly isUdp?: boolean;
};
const PLANS: readonly Plan[] = [
  { words: 'calm', crowd: null, peers: 0 },
  { words: 'silent connections', crowd: 'silent', peers: Number(flags.silent) },
  { words: 'a byte a second each', crowd: 'loris', peers: 500 },
  { words: 'random bytes, again when cut', crowd: 'random', peers: 50 },
  { words: '1 MB without a delimiter, again when cut', crowd: 'endless', peers: 20 },
  { words: 'headers in headers, again when cut', crowd: 'nested', peers: 50 },
  { words: 'sound frames as fast as it can', crowd: 'mad', peers: 1 },
  { words: 'UDP, calm', crowd: null, peers: 0, isUdp: true },
  { words: 'UDP, random datagrams from one socket', crowd: 'datagrams', peers: 1, isUdp: true },
];

const port = await findFreePort(4900);
if (port === null) throw new Error('no port is free for the source');
const source = open('source', { port } satisfies SourceOrder);
const seen: SourceReport[] = [];
source.on('message', (report: SourceReport) => seen.push(report));
await Promise.race([once(source, 'message'), toEnd(source)]);
const overTcp = openHonest(port, STATIONS);
const overUdp = await openHonestSenders(port, STATIONS);
try {
  tell(
    `Node ${process.version}; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, shared by the source, the crowd and ${STATIONS} honest stations.`,
  );
  tell(
    'A store of 5 ms a batch stands in for the hub’s. Connections: as the source has them, honest ones included. MB: given to the sockets, read or not. Why peers are sent away is told once a minute for each reason.',
  );
  tell(HEAD);
  for (const plan of PLANS)
    if (flags.only === undefined || plan.crowd === flags.only)
      tellPhase(await run(plan, plan.isUdp === true ? overUdp : overTcp));
} finally {
  await Promise.all([overTcp.close(), overUdp.close()]);
  source.disconnect();
}

/** The crowd comes, stays so many seconds, and goes; the honest ones send all the while. */
async function run({ words, crowd, peers }: Plan, honest: Honest): Promise<Phase> {
  const from = seen.length;
  const sending = honest.begin();
  let report: CrowdReport | null = null;
  if (crowd === null) await sleep(seconds * 1000);
  else {
    const child = open('crowd', { crowd, peers, port: port ?? 0 } satisfies CrowdOrder);
    await Promise.race([once(child, 'message'), toEnd(child)]);
    await sleep(seconds * 1000);
    child.send('end');
    const [last] = (await Promise.race([once(child, 'message'), toEnd(child)])) as [CrowdReport];
    report = last;
  }
  const { sent, answers } = await sending.end(PATIENCE_MS);
  const own = seen.slice(from);
  await empty();
  return { words: crowd === null ? words : `${peers} × ${words}`, sent, answers, own, crowd: report };
}

/** The next phase begins when only honest ones are left. */
async function empty(): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while ((seen.at(-1)?.connections ?? 0) > STATIONS && performance.now() < until) await sleep(100);
}

function tellPhase(phase: Phase): void {
  tell(toLine(phase));
  const megabytes = Math.max(...phase.own.map(({ rssMb }) => rssMb));
  const unanswered = phase.sent - phase.answers.length;
  if (unanswered > 0) fail(`${unanswered} honest reports have no answer`);
  if (megabytes > MOST_MB) fail(`the source took ${megabytes.toFixed(0)} MB, more than ${MOST_MB}`);
  if (phase.sent === 0) fail('no honest report was sent');
}

function fail(words: string): void {
  tell(`  FAILED: ${words}`);
  process.exitCode = 1;
}

function open(name: string, order: object): ChildProcess {
  const ending = import.meta.url.endsWith('.js') ? '.js' : '.ts';
  return fork(new URL(`./stress/${name}${ending}`, import.meta.url), [JSON.stringify(order)]);
}

async function toEnd(child: ChildProcess): Promise<never> {
  await once(child, 'exit');
  throw new Error('a process of the stress run ended before its time');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
