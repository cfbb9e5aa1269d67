// What one statement for a whole question is worth: a dashboard of eleven counties, asked of the gateway with both doors, of
// the gateway that only stitches, and of a statement written by hand behind a bare server. Same PostgreSQL, same rows, rounds
// in turn. `npm run bench:dashboard [-- --readings 200000 --rounds 3 --seconds 10 --connections 4 --database URL --profile FOLDER]`
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { compareAnswers } from './dashboard/compare.ts';
import { type Contender, openContenders } from './dashboard/contenders.ts';
import { fillWorld, openRealUnits } from './dashboard/fill.ts';
import type { LoadReport } from './dashboard/load.ts';
import { openServer } from './sync/world.ts';

const { values: flags } = parseArgs({
  options: {
    readings: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '4' },
    database: { type: 'string' },
    profile: { type: 'string' },
  },
});

type Round = ReadonlyMap<string, LoadReport>;

const server = await openServer(flags.database ?? process.env.HUB_DATABASE_URL);
try {
  tell(
    `${server.name}; Node ${process.version}; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}; all processes share them; load before: ${toLoad()}.`,
  );
  await measure(await server.openDatabase('dashboard'));
} finally {
  await server.close();
}

async function measure(database: string): Promise<void> {
  const newest = Math.floor(Date.now() / 1000) * 1000;
  const rows = await fillWorld(database, await openRealUnits(), { readings: Number(flags.readings), newest });
  tell(`rows: ${[...rows].map(([type, count]) => `${type} ${count}`).join(', ')}`);
  const { contenders, close } = await openContenders(database, flags.profile);
  try {
    for (const line of await compareAnswers(contenders, newest)) tell(line);
    const rounds: Round[] = [];
    let first = 0;
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      const reports = new Map<string, LoadReport>();
      // Who begins changes from round to round.
      for (const contender of rotate(contenders, round)) {
        const report = await contender.runLoad({
          connections: Number(flags.connections),
          seconds: Number(flags.seconds),
          newest,
          first,
        });
        first += report.asked;
        reports.set(contender.name, report);
      }
      rounds.push(reports);
    }
    tellRounds(contenders, rounds);
  } finally {
    await close();
  }
}

function tellRounds(contenders: readonly Contender[], rounds: readonly Round[]): void {
  tell('');
  tell(`${flags.connections} in flight, ${rounds.length} rounds of ${flags.seconds} s: median (min–max)`);
  tell('contender │             answers/s │               p50 ms │               p95 ms');
  for (const { name } of contenders) {
    const reports = rounds.flatMap((round) => round.get(name) ?? []);
    const cells = [
      toSpread(reports.map((report) => report.perSecond)),
      toSpread(reports.map((report) => report.p50)),
      toSpread(reports.map((report) => report.p95)),
    ];
    tell(`${name.padEnd(9)} │ ${cells.map((cell) => cell.padStart(21)).join(' │ ')}`);
  }
  for (const other of ['raw', 'stitched']) {
    const ratios = rounds.map(
      (round) => (round.get('whole')?.perSecond ?? Number.NaN) / (round.get(other)?.perSecond ?? Number.NaN),
    );
    tell(`whole/${other} of each round: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`);
  }
  tell(`load after: ${toLoad()}`);
}

function rotate<T>(values: readonly T[], by: number): readonly T[] {
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}

function toSpread(values: readonly number[]): string {
  const sorted = values.toSorted((left, right) => left - right);
  const [median, least, most] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)].map(
    (value) => (value ?? Number.NaN).toFixed(1),
  );
  return `${median} (${least}–${most})`;
}

/** Of the last minute, as the system counts it. */
function toLoad(): string {
  return (loadavg()[0] ?? Number.NaN).toFixed(1);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
