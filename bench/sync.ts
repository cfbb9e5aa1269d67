// How fast and how heavy the sync is: SL 323 rain through hydrology's real manifest into the real store, beside the same rows
// by COPY between two connections, alternating in one run. `npm run bench:sync [-- --rows 200000,2000000 --rounds 3 --database URL --profile FOLDER]`
import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { compareContents } from './sync/contents.ts';
import { copyRows } from './sync/copy-rows.ts';
import { fillAgain } from './sync/store-limit.ts';
import type { WorkerReport } from './sync/worker.ts';
import { fillSource, openServer, run, type Server } from './sync/world.ts';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000,2000000' },
    rounds: { type: 'string', default: '3' },
    database: { type: 'string' },
    profile: { type: 'string' },
  },
});

type Round = WorkerReport & { readonly copySeconds: number; readonly limitSeconds: number };

/** As it runs in production. Under tsx it runs too, with a compiler that takes memory of its own. */
const isCompiled = import.meta.url.endsWith('.js');

const server = await openServer(flags.database ?? process.env.HUB_DATABASE_URL);
try {
  tell(
    `${server.name}; Node ${process.version}; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}; source, store and worker share them.`,
  );
  tell(
    'COPY: all columns of st_pptn_r into a table of the same columns with its primary key (stcd, tm), no other index.',
  );
  tell(
    `hub: syncFeed of hydrology’s st_pptn_r feed in a worker process (${isCompiled ? 'compiled, as npm run build gives it' : 'under tsx'}): all columns of its table, primary key and one index, by month.`,
  );
  tell(
    'limit: the hub’s own finished rows by one COPY into its own emptied table; no way of filling it is faster.',
  );
  tell('');
  tell(
    '     rows │ COPY rows/s │ limit rows/s │ limit/COPY │ hub rows/s │ hub/COPY │ worker CPU µs/row │ peak MB (before) │ again ms │ late re-read ms (rows)',
  );
  for (const text of flags.rows.split(',')) await measure(server, Number(text), Number(flags.rounds));
} finally {
  await server.close();
}

async function measure(at: Server, rows: number, rounds: number): Promise<void> {
  const source = await at.openDatabase('source');
  const target = await at.openDatabase('copy');
  const { stations } = await fillSource(source, rows);
  const seen: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const copySeconds = await copyRows(source, target);
    await compareContents(source, target, 'table');
    const hub = await at.openDatabase('hub');
    await run(at.url, 'checkpoint');
    const report = await runWorker(source, hub);
    await compareContents(source, hub, 'hub');
    seen.push({ ...report, copySeconds, limitSeconds: await fillAgain(hub) });
  }
  tell(toLine(rows, seen));
  tell(
    `          ${stations} stations; ${rounds} rounds, median shown; hub/COPY of each: ${seen
      .map(toRatio)
      .map((one) => `${one.toFixed(1)} %`)
      .join(', ')}`,
  );
}

function runWorker(source: string, hub: string): Promise<WorkerReport> {
  const profile = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`];
  const worker = isCompiled ? './sync/worker.js' : './sync/worker.ts';
  const child = fork(new URL(worker, import.meta.url), [source, hub], {
    execArgv: [...(isCompiled ? [] : ['--import', 'tsx']), ...profile],
  });
  return new Promise((resolve, reject) => {
    let report: WorkerReport | null = null;
    child.on('message', (message) => {
      report = message as WorkerReport;
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      report === null || code !== 0 ? reject(new Error(`the worker ended with ${code}`)) : resolve(report),
    );
  });
}

function toRatio({ copySeconds, seconds }: Round): number {
  return (copySeconds / seconds) * 100;
}

function toLine(rows: number, rounds: readonly Round[]): string {
  const median = (of: (round: Round) => number) => toMedian(rounds.map(of));
  const rate = (of: (round: Round) => number) => Math.round(rows / median(of));
  const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
  const cells = [
    String(rows).padStart(9),
    String(rate((one) => one.copySeconds)).padStart(11),
    String(rate((one) => one.limitSeconds)).padStart(12),
    `${median(({ copySeconds, limitSeconds }) => (copySeconds / limitSeconds) * 100).toFixed(1)} %`.padStart(
      10,
    ),
    String(rate((one) => one.seconds)).padStart(10),
    `${median(toRatio).toFixed(1)} %`.padStart(8),
    ((median((one) => one.cpuSeconds) / rows) * 1e6).toFixed(1).padStart(17),
    `${mb(median((one) => one.peakBytes))} (${mb(median((one) => one.idleBytes))})`.padStart(16),
    median((one) => one.againMs)
      .toFixed(0)
      .padStart(8),
    `${median((one) => one.late.ms).toFixed(0)} (${median((one) => one.late.rows)})`,
  ];
  return cells.join(' │ ');
}

function toMedian(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
