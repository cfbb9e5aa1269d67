// The measurement of one workload: its contenders in turn, round after round, each under the load of another process.
import type { Workload } from '../workloads/contract.ts';
import { compareAnswers } from './compare.ts';
import { type Contender, type ContenderName, openContenders } from './contenders.ts';
import { end, readPeakMegabytes, receive, startPeer } from './processes.ts';

export type Plan = {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: number;
  /** In flight. */
  readonly connections: number;
  /** UTC milliseconds: the instant of the newest readings. */
  readonly newest: number;
  readonly only: readonly ContenderName[] | null;
};

/** Answers a second, and latencies in milliseconds. */
export type Shot = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly answers: number;
};

export type Measured = {
  readonly name: ContenderName;
  readonly bytes: number;
  /** Requests to remote services for one question. */
  readonly requests: number | null;
  readonly peakMegabytes: number | null;
  /** One a round, each question with variables of its own. */
  readonly rounds: readonly Shot[];
  /** One round of one and the same request. */
  readonly identical: Shot;
};

/** How many sets of variables are sent in turn: more than are in flight, and more than ten for each second. */
const VARIABLE_SETS = 2_000;

/** Rejects where contenders differ, or where an answer under load is none. */
export async function measureWorkload(
  database: string,
  workload: Workload,
  plan: Plan,
  tell: (line: string) => void,
): Promise<readonly Measured[]> {
  const opened = await openContenders(database, workload, plan.only);
  try {
    const { contenders } = opened;
    const compared = await compareAnswers(opened, workload, plan.newest);
    tell(`${workload.name}: ${contenders.map(({ name }) => name).join(', ')} say the same`);
    const shots = new Map<ContenderName, Shot[]>(contenders.map(({ name }) => [name, []]));
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const contender of rotate(contenders, round)) {
        const shot = await runLoad(contender, toBodies(contender, workload, plan, round), plan);
        shots.get(contender.name)?.push(shot);
        tell(toLine(workload, contender, `round ${round + 1}`, shot));
      }
    }
    const measured: Measured[] = [];
    for (const [index, contender] of contenders.entries()) {
      const [body = ''] = toBodies(contender, workload, plan, 0);
      const identical = await runLoad(contender, [body], plan);
      tell(toLine(workload, contender, 'identical', identical));
      measured.push({
        name: contender.name,
        bytes: compared[index]?.bytes ?? 0,
        requests: compared[index]?.requests ?? null,
        peakMegabytes: readPeakMegabytes(contender.processes),
        rounds: shots.get(contender.name) ?? [],
        identical,
      });
    }
    return measured;
  } finally {
    await opened.close();
  }
}

/** Of one round: the same for all contenders. */
export function toBodies(
  contender: Contender,
  workload: Workload,
  { newest }: Pick<Plan, 'newest'>,
  round: number,
): readonly string[] {
  return Array.from({ length: VARIABLE_SETS }, (_, index) =>
    contender.toBody(workload.toVariables(newest, round * VARIABLE_SETS + index)),
  );
}

/** Keeps `connections` requests in flight for some seconds, after a warm-up that does not count. */
export async function runLoad(
  { url, mustHave, name }: Contender,
  bodies: readonly string[],
  { connections, seconds, warmUp }: Pick<Plan, 'connections' | 'seconds' | 'warmUp'>,
): Promise<Shot> {
  const load = await startPeer('load', {}, 'load');
  try {
    const answer = receive(load.child, `the load on ${name}`, (seconds + warmUp + 60) * 1000);
    load.child.send({ url, bodies, connections, seconds, warmUp, mustHave });
    const report = (await answer) as Shot & { readonly fault?: string };
    if (report.fault !== undefined) throw new Error(`${name} under load: ${report.fault}`);
    return report;
  } finally {
    await end(load);
  }
}

/** Who begins changes from round to round. */
function rotate<T>(values: readonly T[], by: number): readonly T[] {
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}

function toLine(workload: Workload, { name }: Contender, what: string, shot: Shot): string {
  const figures = `${shot.perSecond.toFixed(1)}/s, p50 ${shot.p50.toFixed(1)} ms, p95 ${shot.p95.toFixed(1)} ms`;
  return `  ${workload.name} ${what}: ${name} ${figures}`;
}
