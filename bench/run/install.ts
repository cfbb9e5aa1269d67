// The peers' packages stand in bench/node_modules only: they never enter the product's dependencies.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toPeerFile } from '../world/peer-files.ts';

/** Installs what bench/package-lock.json says where nothing stands yet. No install script runs. */
export function installPeers(tell: (line: string) => void): void {
  const bench = dirname(dirname(fileURLToPath(toPeerFile('process.mjs'))));
  if (existsSync(`${bench}/node_modules/autocannon`)) return;
  tell('npm ci --prefix bench: the peers are not installed yet');
  execFileSync('npm', ['ci', '--prefix', bench, '--ignore-scripts', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
