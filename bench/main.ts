// `npm run bench`: the hub beside what a user would take instead, on the same rows in one run. All workloads and where our time
// goes, or those that are named; `npm run bench -- profile station` only the profile. Writes bench/results/*.json, and from
// all that stand there bench/RESULTS.md.
import { parseArgs } from 'node:util';
import type { ContenderName } from './run/contenders.ts';
import { installPeers } from './run/install.ts';
import { readMachine } from './run/machine.ts';
import { measureWorkload, type Plan } from './run/measure.ts';
import { profileWorkload } from './run/profile.ts';
import type { WorkloadResult } from './run/report.ts';
import { writeProfile, writeReport, writeWorkload } from './run/results.ts';
import { openServer } from './sync/world.ts';
import { toWorkload, WORKLOADS } from './workloads/all.ts';
import type { Workload } from './workloads/contract.ts';
import { fillWorld, openRealUnits, readMegabytes } from './world/fill.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    'warm-up': { type: 'string', default: '2' },
    connections: { type: 'string' },
    readings: { type: 'string', default: '1000000' },
    others: { type: 'string', default: '100000' },
    only: { type: 'string' },
    database: { type: 'string' },
    note: { type: 'string', default: '' },
  },
});

type Filled = Pick<WorkloadResult, 'rows' | 'megabytes'>;
const NO_ROWS: Filled = { rows: null, megabytes: null };

const isProfile = positionals[0] === 'profile';
const names = isProfile ? positionals.slice(1) : positionals;
const workloads = names.length === 0 ? WORKLOADS : names.map(toWorkload);

/** Undone in the order opposite to that in which they were opened, on a signal too. */
const closers: (() => Promise<void>)[] = [];
let closing: Promise<void> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    tell(`${signal}: closing`);
    void closeAll().finally(() => process.exit(1));
  });
}
try {
  installPeers(tell);
  await run();
} finally {
  await closeAll();
}

async function run(): Promise<void> {
  const server = await openServer(flags.database ?? process.env.HUB_DATABASE_URL);
  closers.push(server.close);
  const machine = readMachine(server.name);
  tell(machine.text);
  const newest = Math.floor(Date.now() / 1000) * 1000;
  const database = await server.openDatabase('peers');
  const needsRows = workloads.some(({ raw }) => raw !== null);
  const filled = needsRows ? await fill(database, newest) : NO_ROWS;
  for (const workload of workloads) {
    const plan = toPlan(newest, workload);
    if (!isProfile) {
      const measured = await measureWorkload(database, workload, plan, tell);
      await writeWorkload({
        workload: workload.name,
        machine,
        plan,
        ...(workload.raw === null ? NO_ROWS : filled),
        measured,
        note: flags.note,
      });
    }
    if (isProfile || names.length === 0) await runProfile(database, workload, plan);
    await writeReport();
  }
  tell('written: bench/RESULTS.md');
}

async function runProfile(database: string, workload: Workload, plan: Plan): Promise<void> {
  for (const profile of await profileWorkload(database, workload, plan)) {
    await writeProfile(profile);
    for (const { bucket, milliseconds } of profile.parts)
      tell(`  ${workload.name} ${profile.name}: ${milliseconds.toFixed(2)} ms ${bucket}`);
    for (const { place, milliseconds } of profile.top) tell(`    ${milliseconds.toFixed(2)} ms ${place}`);
  }
}

function toPlan(newest: number, workload: Workload): Plan {
  const [rounds, seconds, warmUp, connections] = [
    flags.rounds,
    flags.seconds,
    flags['warm-up'],
    flags.connections ?? workload.connections,
  ].map(Number);
  if ([rounds, seconds, warmUp, connections].some((value) => !Number.isInteger(value)))
    throw new Error('--rounds, --seconds, --warm-up and --connections are whole numbers.');
  const only = (flags.only?.split(',') ?? null) as readonly ContenderName[] | null;
  return {
    rounds: rounds ?? 0,
    seconds: seconds ?? 0,
    warmUp: warmUp ?? 0,
    connections: connections ?? 0,
    newest,
    only,
  };
}

/** What is measured on, for the report. */
async function fill(database: string, newest: number): Promise<Filled> {
  tell(`filling: ${flags.readings} river readings, ${flags.others} of rain and of weather`);
  const sizes = { river: Number(flags.readings), others: Number(flags.others), newest };
  const counts = await fillWorld(database, await openRealUnits(), sizes);
  const rows = [...counts].filter(([, count]) => count > 0).map(([type, count]) => `${type} ${count}`);
  const megabytes = await readMegabytes(database);
  const text = `${megabytes} MB; ${rows.join(', ')}`;
  tell(text);
  return { rows: text, megabytes };
}

/** Once, whoever asks: a signal ends the processes that are measured, and the run then fails while the closing goes on. */
function closeAll(): Promise<void> {
  closing ??= runClose();
  return closing;
}

async function runClose(): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
