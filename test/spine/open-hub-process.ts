// One process of the hub as the command line starts it: a worker or a gateway, with an environment of its own. It ends with
// its parent, whatever becomes of that one, and what it logged stays readable.
import { type ChildProcess, fork } from 'node:child_process';
import type { ChildMessage } from '../../cli/messages.ts';
import { toProgram } from '../support/program.ts';

export type HubProcess = {
  readonly pid: number;
  /** Ends when it said that it is ready: a gateway's address. Rejects with its own words when it ended before. */
  readonly ready: Promise<string>;
  /** The code or the signal that it ended with. */
  readonly ended: Promise<number | string>;
  /** Its log so far, an object a line. */
  log(): readonly LogLine[];
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
};

export type LogLine = { readonly [field: string]: unknown };

/** Of the environment only what a process cannot do without, and what is given: no variable of the machine gets in. */
export function openHubProcess(
  command: 'worker' | 'gateway',
  environment: Readonly<Record<string, string>>,
): HubProcess {
  const { PATH, HOME, TMPDIR } = process.env;
  const kept = Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined);
  const { file, execArgv } = toProgram('cli/hub.ts');
  const child = fork(file, [command], {
    execArgv: [...execArgv],
    env: { ...Object.fromEntries(kept), ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  const ready = toReady(child, ended, () => `${printed.stdout.slice(-2000)}${printed.stderr}`);
  // Whoever does not wait for it is not to be ended by its fault.
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    log: () =>
      printed.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as LogLine),
    kill: (signal) => void child.kill(signal),
  };
}

function toReady(child: ChildProcess, ended: Promise<number | string>, words: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') resolve(message.url ?? '');
    });
    child.once('error', reject);
    void ended.then((end) => reject(new Error(`it ended with ${end} before it was ready:\n${words()}`)));
  });
}
