// How operators' commands reach the sandbox city beside a running `hub start`: the secrets that its systems made at their
// start lie in the data folder for as long as it runs. Secrets of the environment never do.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export type SandboxSecrets = Readonly<Record<string, string | undefined>>;

const SECRETS = z.record(z.string(), z.string());

/** Keeps them for their owner alone, in place of those of a start that was killed. */
export async function keepSandboxSecrets(dataDir: string, secrets: SandboxSecrets): Promise<void> {
  const file = toFile(dataDir);
  const made = `${file}.${process.pid}`;
  // Made new each time: an older file keeps the mode that it has.
  await rm(made, { force: true });
  await writeFile(made, JSON.stringify(secrets), { mode: 0o600, flag: 'wx' });
  await rename(made, file);
}

export async function forgetSandboxSecrets(dataDir: string): Promise<void> {
  await rm(toFile(dataDir), { force: true });
}

/** Empty where no start keeps any. */
export async function readSandboxSecrets(dataDir: string): Promise<SandboxSecrets> {
  const text = await readFile(toFile(dataDir), 'utf8').catch(() => '{}');
  try {
    return SECRETS.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

function toFile(dataDir: string): string {
  return join(dataDir, 'sandbox-secrets.json');
}
