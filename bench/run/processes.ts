// The processes of a measurement: each contender's, the services behind it, and the load. A process sends one message when
// it is ready and ends when its parent does.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isCompiled, toPeerFile } from '../world/peer-files.ts';

/** Of which kind a process is, and so on which core it runs. What stands behind the measured ones goes where there is room. */
export type Place = 'measured' | 'load' | 'anywhere';

export type Started = {
  /** What the process sent when it was ready. */
  readonly told: { readonly url: string; readonly urls?: { readonly [name: string]: string } };
  readonly child: ChildProcess;
};

const START_MS = 60_000;

const CORES: { readonly [P in Place]: string | null } = { measured: '0', load: '1', anywhere: null };

/** Whether the measured process and the load can be held on different cores. */
export const isPinned = availableParallelism() > 1 && hasTaskset();

/** One of bench/peers, with its order as JSON. */
export function startPeer(name: string, order: unknown, place: Place): Promise<Started> {
  return start(fileURLToPath(toPeerFile(`${name}.mjs`)), [JSON.stringify(order)], place);
}

/** One of bench/servers. */
export function startServer(name: string, given: readonly string[], place: Place): Promise<Started> {
  const file = new URL(`../servers/${name}.${isCompiled ? 'js' : 'ts'}`, import.meta.url);
  return start(fileURLToPath(file), given, place);
}

/** Rejects, with nothing left running, when the process ends or is not ready in a minute. */
async function start(file: string, given: readonly string[], place: Place): Promise<Started> {
  const core = isPinned ? CORES[place] : null;
  const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  // A peer's own warnings (listeners of an abort signal, say) are not ours to read in the run's output.
  const quiet = file.endsWith('.mjs') ? ['--no-warnings'] : [];
  const command = [process.execPath, ...loader, ...quiet, file, ...given];
  const [program = '', ...args] = core === null ? command : ['taskset', '-c', core, ...command];
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
  });
  try {
    return { child, told: (await receive(child, file, START_MS)) as Started['told'] };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** The next message of a process. Rejects when it ends, or sends none in time. */
export function receive(child: ChildProcess, what: string, milliseconds: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onError);
      finish();
    };
    const onMessage = (message: unknown) => settle(() => resolve(message));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number | null) =>
      settle(() => reject(new Error(`${what} ended with ${code ?? 'a signal'}`)));
    const timer = setTimeout(
      () => settle(() => reject(new Error(`${what} sent nothing in ${milliseconds / 1000} s`))),
      milliseconds,
    );
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.on('error', onError);
  });
}

/** Asks a process to end by letting go of it, and makes it after two seconds. */
export async function end({ child }: Started): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(timer);
}

/** The most memory that the processes have held since they began, MB together; null where the system does not tell it. */
export function readPeakMegabytes(started: readonly Started[]): number | null {
  try {
    const peaks = started.map(({ child }) => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    });
    return Math.round(peaks.reduce((sum, peak) => sum + peak, 0));
  } catch {
    return null;
  }
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
