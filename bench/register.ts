// How a department joins under load: `hub start` with the whole sandbox city in a folder of its own, autocannon that asks for every
// list, and `hub register connectors/units/ecology` meanwhile. Prints what the clients met, and when the new types answered.
// BENCH_CLIENTS, its connections: 8 unless set. Run: node --import tsx bench/register.ts
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { askGateway, listConnections, type Met, openLoad, toQuestion } from './register/load.ts';
import { installPeers } from './run/install.ts';

const HUB = ['--import', 'tsx', 'cli/hub.ts'];
const UNIT = 'connectors/units/ecology';

installPeers((line) => process.stdout.write(`${line}\n`));
const home = await mkdtemp(join(tmpdir(), 'hub-bench-register-'));
const environment = { ...process.env, HUB_DATA_DIR: home, HUB_LOG_LEVEL: 'warn' };
const hub = spawn(process.execPath, [...HUB, 'start'], {
  env: environment,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await untilReady(hub);
  const before = new Set(await listConnections(url));
  const load = await openLoad(url, Number(process.env.BENCH_CLIENTS ?? 8));
  await wait(5000);
  tell('before', await load.take());
  const begun = performance.now();
  const command = spawn(process.execPath, [...HUB, 'register', UNIT], { env: environment, stdio: 'inherit' });
  const ended = new Promise<number | null>((resolve) => command.once('close', resolve));
  const answered = watchTypes(url, before, begun);
  const code = await ended;
  const commandEnd = performance.now() - begun;
  await Promise.race([answered.all, wait(60_000)]);
  tell('during', await load.take());
  await wait(5000);
  tell('after', await load.take());
  await load.end();
  process.stdout.write(`register ended with ${code} after ${toSeconds(commandEnd)}\n`);
  for (const [field, { shown, filled }] of answered.times)
    process.stdout.write(
      `${field}: in the graph after ${toSeconds(shown)}, with rows after ${toSeconds(filled)}\n`,
    );
} finally {
  hub.kill('SIGTERM');
  await new Promise((resolve) => hub.once('close', resolve));
  await rm(home, { recursive: true, force: true });
}

type Times = { shown: number; filled: number | null };

/** From the command's beginning. A field counts as shown with its first answer of the graph, whatever lies in its table. */
function watchTypes(url: string, before: ReadonlySet<string>, begun: number) {
  const times = new Map<string, Times>();
  const watch = async () => {
    for (;;) {
      await wait(50);
      const fields = (await listConnections(url)).filter((field) => !before.has(field));
      for (const field of fields) {
        const { body } = await askGateway(url, toQuestion(field));
        const known = times.get(field) ?? { shown: performance.now() - begun, filled: null };
        times.set(field, known);
        if (known.filled === null && body.errors === undefined) known.filled = performance.now() - begun;
      }
      if (fields.length > 0 && [...times.values()].every(({ filled }) => filled !== null)) return;
    }
  };
  return { times, all: watch() };
}

/** The gateway's address, once the first sync is over. */
function untilReady({ stdout }: Pick<ChildProcess, 'stdout'>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stdout?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      const found = /GraphQL\s+(http:\S+)\/graphql/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    stdout?.once('end', () => reject(new Error(`hub start ended:\n${text}`)));
  });
}

function tell(when: string, { asked, failed, words, times }: Met): void {
  const at = (share: number) => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(0)} ms`;
  process.stdout.write(
    `${when.padEnd(7)} ${asked} requests, ${failed} failed, p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${(times.at(-1) ?? 0).toFixed(0)} ms\n`,
  );
  for (const word of words) process.stdout.write(`        ${word}\n`);
}

function toSeconds(milliseconds: number | null): string {
  return milliseconds === null ? 'never' : `${(milliseconds / 1000).toFixed(1)} s`;
}
