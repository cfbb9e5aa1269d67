// What speaks by itself, as a city sends it: telemetry frames and vehicles in real time to the whole hub of `npm start`, how soon a
// frame can be read in the graph, whether anything is lost (also when the worker is killed), and whether memory stays.
// `npm run bench:push [-- --seconds 300 --frames 200 --vehicles 500 --kills 0 --database URL]`
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { findFreePort } from '../postgres/ports.ts';
import { type City, openCity } from './push/city.ts';
import { type Compared, compareLedger, type Entry } from './push/ledger.ts';
import type { ProbeOrder, ProbeReport } from './push/probe.ts';
import type { SendOrder, SendReport } from './push/senders.ts';
import { openServer } from './sync/world.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    frames: { type: 'string', default: '200' },
    vehicles: { type: 'string', default: '500' },
    kills: { type: 'string', default: '0' },
    database: { type: 'string' },
  },
});
const [seconds, kills] = [Number(flags.seconds), Number(flags.kills)];
/** Terminals that the sandbox city has itself. */
const OWN_TERMINALS = 60;
const SEED = 1;
const DAY = 86_400_000;

type Memory = { readonly at: number; readonly worker: number | null; readonly gateway: number | null };

const server = await openServer(flags.database ?? process.env.HUB_DATABASE_URL);
try {
  tell(
    `${server.name}; Node ${process.version}; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}; hub, city, load and probe share them.`,
  );
  const database = await server.openDatabase('push');
  const port = await findFreePort(4100);
  if (port === null) throw new Error('no port is free for the gateway');
  const fleet = OWN_TERMINALS + Number(flags.vehicles);
  const city = await openCity(database, port, {
    environment: { SANDBOX_VEHICLES: String(fleet) },
    joins: ['connectors/units/ecology'],
  });
  try {
    tell(`the city of 15 units was ready after ${city.readySeconds.toFixed(1)} s`);
    await measure(city, database, fleet);
  } finally {
    await city.close();
  }
} finally {
  await server.close();
}

async function measure(city: City, database: string, fleet: number): Promise<void> {
  const secret = (name: string) => city.secrets[name] ?? '';
  const telemetry = {
    port: Number(secret('HYDROLOGY_TELEMETRY_PORT')),
    password: secret('HYDROLOGY_RTU_PASSWORD'),
  };
  const orders: { readonly senders: SendOrder; readonly probe: ProbeOrder } = {
    senders: {
      ...{
        telemetryPort: telemetry.port,
        rtuPassword: telemetry.password,
        framesPerSecond: Number(flags.frames),
      },
      ...{
        terminalPort: Number(secret('TRANSPORT_JT808_PORT')),
        seed: SEED,
        fleet,
        ownTerminals: OWN_TERMINALS,
      },
      telemetryNow: Date.now() - 90 * DAY,
    },
    probe: { ...telemetry, graphql: city.graphql, now: Date.now() - 90 * DAY, everyMs: 200 },
  };
  const senders = open('push/senders', orders.senders);
  const probe = open('push/probe', orders.probe);
  const memory = await watch(city, seconds);
  const probed = await finish<ProbeReport>(probe);
  const sent = await finish<SendReport>(senders);
  tellLatencies(probed);
  tellMemory(memory);
  tell(`unanswered at the end: ${sent.waiting}`);
  const RIVER: Compared = { table: 'hydrology.river_reading', column: 'stage', within: 1e-6 };
  const POSITION: Compared = { table: 'transport.vehicle_position', column: 'speed', within: 1e-6 };
  await tellLedger('telemetry', database, sent.telemetry, RIVER);
  await tellLedger('positions', database, sent.positions, POSITION);
}

/** Looks at the memory every two seconds, and kills the worker as often as asked for, at moments by chance. */
async function watch(at: City, forSeconds: number): Promise<readonly Memory[]> {
  const memory: Memory[] = [];
  const began = performance.now();
  // Not within a quarter of a minute of each other: the fifth death within a minute is the last one.
  const moments = Array.from(
    { length: kills },
    (_, number) => ((number + Math.random()) * forSeconds) / kills,
  );
  for (;;) {
    const now = (performance.now() - began) / 1000;
    if (now >= forSeconds) return memory;
    if (now >= (moments[0] ?? Number.POSITIVE_INFINITY)) {
      moments.shift();
      tell(`  ${now.toFixed(1)} s: the worker was ${(await at.killWorker()) ? 'killed' : 'not there'}`);
    }
    memory.push({ at: now, ...(await at.memory()) });
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

function open(name: string, order: object): ChildProcess {
  const ending = import.meta.url.endsWith('.js') ? '.js' : '.ts';
  return fork(new URL(`./${name}${ending}`, import.meta.url), [JSON.stringify(order)]);
}

async function finish<Report extends object>(child: ChildProcess): Promise<Report> {
  if (child.exitCode !== null)
    throw new Error(`a process of the measurement ended with code ${child.exitCode}`);
  child.send('finish');
  for (;;) {
    const [message] = (await Promise.race([once(child, 'message'), toEnd(child)])) as [Report];
    if (!('sent' in message)) return message;
  }
}

async function toEnd(child: ChildProcess): Promise<never> {
  await once(child, 'exit');
  throw new Error('a process of the measurement ended without its report');
}

function tellLatencies({ readable, answers }: ProbeReport): void {
  for (const [what, values] of [
    ['frame in → readable in the graph', readable],
    ['frame in → answered (durable)', answers],
  ] as const) {
    const sorted = values.toSorted((left, right) => left - right);
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(0);
    tell(
      `${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms, ${sorted.length} probes`,
    );
  }
}

function tellMemory(memory: readonly Memory[]): void {
  for (const name of ['worker', 'gateway'] as const) {
    const seen = memory.flatMap((one) => (one[name] === null ? [] : [one[name]]));
    const part = Math.max(1, Math.floor(seen.length / 5));
    const median = (values: readonly number[]) =>
      values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
    const fifths = Array.from({ length: 5 }, (_, at) =>
      median(seen.slice(at * part, (at + 1) * part)).toFixed(0),
    );
    tell(
      `${name}: resident MB, median of each fifth of the time: ${fifths.join(', ')}; most ${Math.max(...seen).toFixed(0)}`,
    );
  }
}

async function tellLedger(
  name: string,
  url: string,
  entries: readonly Entry[],
  compared: Compared,
): Promise<void> {
  const { sent, answered, lost, missing, other, twice, examples } = await compareLedger(
    url,
    entries,
    compared,
  );
  const rate = (sent / seconds).toFixed(1);
  tell(
    `${name}: ${sent} sent (${rate}/s), ${answered} answered; answered and lost ${lost}, missing ${missing}, of another value ${other}, twice ${twice}${examples.length === 0 ? '' : `: ${examples.join(', ')}`}`,
  );
  if (lost + missing + other + twice > 0) process.exitCode = 1;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
