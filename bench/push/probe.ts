// A process of bench/push.ts: how long a frame takes from its sending until the graph shows it. A station of its own sends a report,
// the graph is asked for that reading until it is there; then the next one. Its one argument is a ProbeOrder as JSON; on any
// message it sends a ProbeReport and ends.
import { openTelemetry } from '../../sandbox/hydrology/telemetry.ts';
import { post } from '../run/post.ts';
import { toProbeStation } from './stations.ts';

export type ProbeOrder = {
  readonly graphql: string;
  readonly port: number;
  readonly password: string;
  /** Milliseconds since 1970: the first minute that it tells of, and all before. */
  readonly now: number;
  readonly everyMs: number;
};

/** Milliseconds, in the order of the probes. `answers`: until the station had its answer; it was then durable. */
export type ProbeReport = { readonly readable: readonly number[]; readonly answers: readonly number[] };

const MINUTE = 60_000;
/** Between two questions for one reading; the figures are up to so much too high. */
const ASK_EVERY_MS = 5;

const order = JSON.parse(process.argv[2] ?? '') as ProbeOrder;
const station = toProbeStation();
const sender = openTelemetry({
  ...{ port: order.port, password: order.password, stations: [station], now: () => order.now },
});
const [readable, answers]: [number[], number[]] = [[], []];
let isOver = false;
process.on('message', () => {
  isOver = true;
});
process.on('disconnect', () => process.exit(0));

for (let number = 0; !isOver; number += 1) {
  const began = performance.now();
  await probe(Math.floor(order.now / MINUTE) * MINUTE - number * MINUTE);
  await sleep(Math.max(0, order.everyMs - (performance.now() - began)));
}
const report: ProbeReport = { readable, answers };
process.send?.(report, () => process.exit(0));

async function probe(at: number): Promise<void> {
  const sent = performance.now();
  const observation = { station, at, stageM: 88.125, flowM3s: null, rainMm: null, dayMm: null, volts: 12.5 };
  const answered = sender
    .send({ word: '32', observation, coding: 'hex', isDamagedFirst: false, isDoubled: false })
    .then(() => answers.push(performance.now() - sent));
  while (!(await isReadable(at))) {
    if (isOver) return;
    await sleep(ASK_EVERY_MS);
  }
  readable.push(performance.now() - sent);
  await answered;
}

async function isReadable(at: number): Promise<boolean> {
  const id = `hydrology:RiverReading:${station.code}~${new Date(at).toISOString().slice(0, 19)}Z`;
  const body = JSON.stringify({
    query: 'query ($id: ID!) { riverReading(id: $id) { stage } }',
    variables: { id },
  });
  const text = await post(order.graphql, body);
  const { data, errors } = JSON.parse(text) as { data?: { riverReading: object | null }; errors?: unknown };
  if (errors !== undefined) throw new Error(`the graph answered with errors: ${text.slice(0, 500)}`);
  return data?.riverReading != null;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
