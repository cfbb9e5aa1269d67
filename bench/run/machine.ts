// What a figure was measured on and with: machine, versions, commit.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { toPeerFile } from '../world/peer-files.ts';
import { isPinned } from './processes.ts';

export type Machine = {
  /** One line. */
  readonly text: string;
  readonly versions: string;
  /** With `+` where files differed from it. */
  readonly commit: string;
  /** UTC. */
  readonly at: string;
};

const PEERS = [
  '@apollo/gateway',
  '@apollo/server',
  '@graphql-hive/gateway-runtime',
  '@graphql-hive/router-runtime',
  'graphql-yoga',
  'dataloader',
  'knex',
  'postgraphile',
  'autocannon',
];

/** `postgres`: which one, in words. */
export function readMachine(postgres: string): Machine {
  const cores = cpus();
  const memory = Math.round(totalmem() / 1e9);
  const place = isPinned
    ? 'each measured server on core 0, the load on core 1, PostgreSQL, subgraphs and remote services where there is room'
    : 'no process held on a core';
  const load = (loadavg()[0] ?? Number.NaN).toFixed(1);
  return {
    text: `${cores.length} × ${cores[0]?.model ?? 'unknown'}, ${memory} GB, ${process.platform}; ${place}; load before ${load}`,
    versions: [`Node ${process.version}`, postgres, ...PEERS.map(toVersion)].join('; '),
    commit: readCommit(),
    at: new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
}

function toVersion(name: string): string {
  const { version } = JSON.parse(
    readFileSync(toPeerFile(`../node_modules/${name}/package.json`), 'utf8'),
  ) as { readonly version: string };
  return `${name} ${version}`;
}

function readCommit(): string {
  const git = (...args: readonly string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
