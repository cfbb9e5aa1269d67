// What the hub needs to be let in, made once and kept in the system's folder, readable by nobody else.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Credentials = {
  readonly musicUser: string;
  readonly musicPassword: string;
  /** X-Api-Key of the warning archive. */
  readonly capKey: string;
};

const FILE = 'weather-credentials.json';

/** The kept ones, or new ones when there are none; a file that does not hold all of them is refused. */
export async function openCredentials(folder: string): Promise<Credentials> {
  const file = join(folder, FILE);
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept !== null) return parseCredentials(kept, file);
  const secret = () => randomBytes(18).toString('base64url');
  const made = { musicUser: 'BEZZ_YZYJ_HUB', musicPassword: secret(), capKey: secret() };
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function parseCredentials(text: string, file: string): Credentials {
  const refusal = new Error(
    `${file} must hold musicUser, musicPassword and capKey; delete it to make new ones`,
  );
  let parsed: Partial<Record<keyof Credentials, unknown>> | null;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refusal;
  }
  const { musicUser, musicPassword, capKey } = parsed ?? {};
  if (typeof musicUser !== 'string' || typeof musicPassword !== 'string' || typeof capKey !== 'string')
    throw refusal;
  return { musicUser, musicPassword, capKey };
}
