// Secrets that come as files, one a secret, as Docker and Kubernetes give them (HUB_SECRETS_DIR): a running worker reads what a
// unit needs that joins later. Nothing is kept: a changed file counts from the next opening of a source.
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HubError } from '../schema/errors.ts';

/** The names that manifests give: none leads out of the folder. */
const NAME = /^[A-Z][A-Z0-9_]{0,127}$/;
const MOST_BYTES = 65_536;
/** Group and others may not write. Reading is left to the system: Kubernetes gives 0644. */
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** Without the line break at its end; undefined where there is no such file, or it is empty. Throws HUB_CONFIG_INVALID naming the file, never what is in it. */
export function readSecretFile(folder: string, name: string): string | undefined {
  if (!NAME.test(name)) return undefined;
  const path = join(folder, name);
  const file = openIfThere(path);
  if (file === null) return undefined;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw toUnfit(path, 'must be a file');
    if ((stat.mode & WRITABLE_BY_OTHERS) !== 0 || isOpenToOthers(folder))
      throw toUnfit(path, 'may be changed by others than its owner: chmod go-w the file and its folder');
    if (stat.size > MOST_BYTES) throw toUnfit(path, `is larger than ${MOST_BYTES} bytes`);
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
  } finally {
    closeSync(file);
  }
}

// In a folder that is sticky (as Kubernetes' is) only the owner of a file may replace it.
function isOpenToOthers(folder: string): boolean {
  const { mode } = statSync(folder);
  return (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw toUnfit(path, 'cannot be read');
  }
}

function toUnfit(path: string, words: string): HubError {
  return new HubError('HUB_CONFIG_INVALID', `secret file ${path} ${words}`, { place: { file: path } });
}
