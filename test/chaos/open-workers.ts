// The workers of one chaos, each a process of its own in a place that is never empty for long: who was killed is followed by
// another, who was stopped goes on when others have worked on what it holds.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../support/eventually.ts';
import { toProgram } from '../support/program.ts';
import type { Blow, FromWorker, ToWorker, WorkerTask } from './messages.ts';

export type Place = { readonly source: string; readonly object: string };

export type WorkersOptions = {
  /** Of place `slot` its `life`th worker. */
  readonly toTask: (slot: number, life: number) => WorkerTask;
  readonly slots: number;
  /** While a worker stands still: resolves when it may go on. */
  readonly whileStopped: (place: Place) => Promise<void>;
};

export type Workers = {
  /** Until all places have a worker that works. */
  ready(): Promise<void>;
  readonly facts: { kills: number; stops: number };
  /** Until nobody stands still. */
  settled(): Promise<void>;
  /** From here on nobody falls, whoever stands still goes on, and every place is filled. Rejects when one could not go on. */
  calm(): Promise<void>;
  /** What they printed, the last lines of each. */
  said(): string;
  /** SIGTERM to all; what they ended with. */
  stop(): Promise<readonly (number | string)[]>;
  close(): Promise<void>;
};

type Life = {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<number | string>;
};

export function openWorkers({ toTask, slots, whileStopped }: WorkersOptions): Workers {
  const facts = { kills: 0, stops: 0 };
  const lives: Life[] = [];
  const lines: string[] = [];
  const faults: unknown[] = [];
  const falling = new Set<Promise<void>>();
  let [isCalm, isClosing] = [false, false];

  const fill = (slot: number, life: number) => {
    const task = toTask(slot, life);
    const one = openLife(isCalm ? { ...task, blow: null } : task, (line) => {
      lines.push(`${slot}.${life} ${line}`);
      if (lines.length > 4000) lines.shift();
    });
    lives[slot] = one;
    one.child.on('message', (message: FromWorker) => {
      if (message.type === 'blow' && task.blow !== null) decide(one.child, task.blow, message.place);
    });
    void one.ended.then(() => {
      if (!isClosing) fill(slot, life + 1);
    });
  };
  // One at a time, so that there is always somebody who works on.
  const decide = (child: ChildProcess, blow: Blow, place: Place) => {
    if (isCalm || falling.size > 0) return send(child, { type: 'spared' });
    facts[blow.act === 'kill' ? 'kills' : 'stops'] += 1;
    send(child, { type: 'fall' });
    const fall = toFall(child, blow, () => whileStopped(place)).catch((error: unknown) => {
      faults.push(error);
    });
    falling.add(fall);
    void fall.finally(() => falling.delete(fall));
  };
  for (let slot = 0; slot < slots; slot += 1) fill(slot, 0);
  return {
    facts,
    ready: async () => void (await Promise.all(lives.map(({ ready }) => ready))),
    settled: async () => void (await Promise.all(falling)),
    calm: async () => {
      isCalm = true;
      await Promise.all(falling);
      if (faults.length > 0) throw faults[0];
      await Promise.all(lives.map(({ ready }) => ready));
    },
    said: () => lines.join('\n'),
    stop: async () => {
      isClosing = true;
      for (const { child } of lives) child.kill('SIGTERM');
      return Promise.all(lives.map(({ ended }) => ended));
    },
    close: async () => {
      isClosing = true;
      for (const { child } of lives) child.kill('SIGKILL');
      await Promise.all(lives.map(({ ended }) => ended));
    },
  };
}

async function toFall(child: ChildProcess, blow: Blow, whileStopped: () => Promise<void>): Promise<void> {
  if (blow.act === 'kill') {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return;
  }
  let isAwake = false;
  const hear = (message: FromWorker) => {
    isAwake ||= message.type === 'woken';
  };
  child.on('message', hear);
  try {
    await whileStopped();
  } finally {
    // It may not have come to its stop yet: then this wakes nobody, and is said again.
    await eventually(
      () => {
        child.kill('SIGCONT');
        return isAwake || child.exitCode !== null || child.signalCode !== null;
      },
      { what: 'a worker that wakes up', everyMs: 20 },
    ).finally(() => child.off('message', hear));
  }
}

function openLife(task: WorkerTask, onLine: (line: string) => void): Life {
  const { PATH, HOME, TMPDIR } = process.env;
  const kept = Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined);
  const { file, execArgv } = toProgram('test/chaos/worker-main.ts');
  const child = fork(file, [], {
    execArgv: [...execArgv],
    env: { ...Object.fromEntries(kept), CHAOS_TASK: JSON.stringify(task) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trimEnd().split('\n')) onLine(line);
    });
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve();
    });
    // Its successor takes the place; whoever waited for this one has nothing more to wait for.
    void ended.then(() => resolve());
  });
  return { child, ready, ended };
}

function send(child: ChildProcess, message: ToWorker): void {
  // One that has gone meanwhile hears nothing.
  child.send(message, () => undefined);
}
