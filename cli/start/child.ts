// One process of `hub start`: started with an IPC channel, its output in a log file, started again when it dies unasked.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { HubError, isErrorCode } from '../../schema/errors.ts';
import type { ChildMessage } from '../messages.ts';

export type ChildOptions = {
  readonly name: string;
  /** Arguments of node: the flags, the program, its words. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Ends a child that is not ready yet; one that is ready is stopped by `stop`. */
  readonly signal: AbortSignal;
  readonly onMessage: (message: ChildMessage) => void;
  /** Told when it died unasked and is started again, or (`gaveUp`) not any more. */
  readonly onDeath: (death: { readonly reason: string; readonly gaveUp: boolean }) => void;
};

export type Child = {
  readonly ready: Extract<ChildMessage, { type: 'ready' }>;
  /** Asks it to stop and waits; a child that hangs is killed. */
  stop(): Promise<void>;
};

const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 25_000;
/** A process that dies this often within a minute is left dead: something is wrong that starting does not mend. */
const DEATHS_A_MINUTE = 5;

/** Resolves when the child has said that it is ready; rejects with the reason that it gave. */
export async function openChild(options: ChildOptions): Promise<Child> {
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  let stopping = false;
  let current: ChildProcess;
  const deaths: number[] = [];

  const launch = async () => {
    const started = spawnChild(options, log);
    current = started.process;
    current.once('exit', (code, signal) => {
      if (!stopping && started.wasReady()) void revive(`${signal ?? `exit code ${code}`}`);
    });
    return started.ready;
  };
  const revive = async (reason: string) => {
    const now = Date.now();
    deaths.push(now);
    const gaveUp = deaths.filter((at) => at > now - 60_000).length >= DEATHS_A_MINUTE;
    options.onDeath({ reason, gaveUp });
    if (gaveUp) return;
    await wait(1000);
    if (!stopping) await launch().catch((error: unknown) => revive(String(error)));
  };

  const ready = await launch();
  return {
    ready,
    async stop() {
      stopping = true;
      await stopChild(current);
      log.end();
    },
  };
}

function spawnChild(options: ChildOptions, log: WriteStream) {
  const child = spawn(process.execPath, [...options.args], {
    env: { ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let isReady = false;
  const ready = new Promise<Child['ready']>((resolve, reject) => {
    const fail = (text: string, code: unknown = 'HUB_INTERNAL') =>
      reject(
        new HubError(
          isErrorCode(code) ? code : 'HUB_INTERNAL',
          `${options.name} did not start: ${text} (log: ${options.logFile})`,
        ),
      );
    const limit = setTimeout(() => {
      fail(`no sign of life within ${READY_LIMIT_MS / 1000} s`);
      child.kill('SIGKILL');
    }, READY_LIMIT_MS);
    const giveUp = () => {
      if (!isReady) void stopChild(child, 'SIGTERM');
    };
    options.signal.addEventListener('abort', giveUp, { once: true });
    child.once('exit', () => options.signal.removeEventListener('abort', giveUp));
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') {
        isReady = true;
        clearTimeout(limit);
        resolve(message);
      }
      if (message.type === 'failed') fail(message.message, message.code);
      options.onMessage(message);
    });
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => {
      clearTimeout(limit);
      fail(`it ended with ${signal ?? `code ${code}`}`);
    });
  });
  return { process: child, ready, wasReady: () => isReady };
}

/** By message where there is one who listens; a child that is only starting is sent the signal. */
async function stopChild(child: ChildProcess, by: 'message' | 'SIGTERM' = 'message'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (by === 'message' && child.connected) child.send({ type: 'stop' });
  else child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await gone;
  clearTimeout(limit);
}
