// Who is measured by bench/dashboard.ts: three servers over one database, each a process of its own, and the load on them,
// which is another.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LoadOrder, LoadReport } from './load.ts';
import { post } from './post.ts';
import { QUERY, type Variables } from './question.ts';

export type Contender = {
  readonly name: 'whole' | 'stitched' | 'raw';
  /** One answer, as it comes. */
  ask(variables: Variables): Promise<string>;
  runLoad(order: Omit<LoadOrder, 'url' | 'query' | 'door'>): Promise<LoadReport>;
};

/** As it runs in production. Under tsx it runs too, more slowly. */
const isCompiled = import.meta.url.endsWith('.js');

const SERVERS = [
  { name: 'whole', file: 'gateway', doors: 'BOTH', door: 'WHOLE' },
  { name: 'stitched', file: 'gateway', doors: 'STITCHED', door: 'STITCHED' },
  { name: 'raw', file: 'raw', doors: '', door: null },
] as const;

/** `profile`: a folder for the processor profile of each server. */
export async function openContenders(
  database: string,
  profile: string | undefined,
): Promise<{ readonly contenders: readonly Contender[]; close(): Promise<void> }> {
  const children: ChildProcess[] = [];
  const close = async () => {
    await Promise.all(children.map(end));
  };
  const open = async ({ name, file, doors, door }: (typeof SERVERS)[number]): Promise<Contender> => {
    const flags =
      profile === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`];
    const child = start(file, [database, doors], flags);
    children.push(child);
    const { url } = await receive<{ readonly url: string }>(child, file);
    const query = door === null ? null : QUERY;
    return {
      name,
      ask: (variables) => post(url, JSON.stringify(query === null ? variables : { query, variables })),
      runLoad: (order) =>
        receive<LoadReport>(start('load', [JSON.stringify({ ...order, url, query, door })], []), 'load'),
    };
  };
  try {
    const contenders: Contender[] = [];
    for (const one of SERVERS) contenders.push(await open(one));
    return { contenders, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function start(file: string, given: readonly string[], flags: readonly string[]): ChildProcess {
  return fork(new URL(`./${file}.${isCompiled ? 'js' : 'ts'}`, import.meta.url), given, {
    execArgv: [...(isCompiled ? [] : ['--import', 'tsx']), ...flags],
  });
}

/** The one message that a process sends. Rejects when it ends without one. */
function receive<T>(child: ChildProcess, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${what} ended with ${code}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
