// What the hub needs to be let into a system: made once and kept in the system's folder, readable by nobody else.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type KeptSecrets<Name extends string> = Readonly<Record<Name, string>>;

/** The kept ones, or new ones when there are none; a file that does not hold all of them is refused. */
export async function openKeptSecrets<Name extends string>(
  folder: string,
  system: string,
  names: readonly Name[],
): Promise<KeptSecrets<Name>> {
  const file = join(folder, `${system}-credentials.json`);
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept !== null) return parseSecrets(kept, file, names);
  const made = toSecrets(names, () => randomBytes(18).toString('base64url'));
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function parseSecrets<Name extends string>(
  text: string,
  file: string,
  names: readonly Name[],
): KeptSecrets<Name> {
  const refusal = new Error(`${file} must hold ${names.join(', ')}; delete it to make new ones`);
  let parsed: Partial<Record<Name, unknown>> | null;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refusal;
  }
  return toSecrets(names, (name) => {
    const value = parsed?.[name];
    if (typeof value !== 'string' || value === '') throw refusal;
    return value;
  });
}

function toSecrets<Name extends string>(
  names: readonly Name[],
  toValue: (name: Name) => string,
): KeptSecrets<Name> {
  return Object.fromEntries(names.map((name) => [name, toValue(name)])) as KeptSecrets<Name>;
}
