// A system of the sandbox as `hub start` runs it: a process of its own that is spoken to over IPC.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { toProgram } from '../../test/support/program.ts';

export type Message = {
  readonly type: string;
  readonly fault?: string;
  readonly secrets?: Record<string, string>;
  readonly counters?: unknown;
  readonly message?: string;
};

/** Starts the system of this folder; its environment is what is given and the path. */
export function forkSystem(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): ChildProcess {
  const { file, execArgv } = toProgram(`sandbox/${name}/main.ts`);
  return fork(file, {
    execArgv: [...execArgv],
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Its next message of this type. Rejects when it tells that it did not start. */
export async function hear(child: ChildProcess, type: string): Promise<Message> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Message];
    if (message.type === type) return message;
    if (message.type === 'failed') throw new Error(message.message);
  }
}
