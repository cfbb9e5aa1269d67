import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ERRORS, HubError, isHubError, isRetryable } from './errors.ts';

const FOLDERS = ['schema', 'postgres', 'connectors', 'store', 'jobs', 'gateway', 'cli'];

/** Rows of the tables in docs/errors.md: | `CODE` | recovery | status | meaning | */
const readDocumented = async () => {
  const text = await readFile('docs/errors.md', 'utf8');
  const rows = [...text.matchAll(/^\| `(HUB_[A-Z_]+)` \| (\w+) \| (\d+) \| (.*) \|$/gm)];
  return Object.fromEntries(
    rows.map(([, code = '', recovery, status, meaning]) => [
      code,
      { recovery, status: Number(status), meaning },
    ]),
  );
};

describe('the error table', () => {
  test('docs/errors.md lists every code with the same recovery, status and meaning, and no other', async () => {
    expect(await readDocumented()).toEqual(ERRORS);
  });

  test('every code that stands in the sources is in the table', async () => {
    const unknown: string[] = [];
    for (const folder of FOLDERS) {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts')) continue;
        const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
        for (const [code] of text.matchAll(
          /'HUB_(?:CONFIG|SCHEMA|REQUEST|POSTGRES|MANIFEST|SOURCE|MAP|STORE|SYNC|QUEUE|QUERY|AUTH|UNIT)_[A-Z_]+'/g,
        ))
          if (!(code.slice(1, -1) in ERRORS) && !entry.name.startsWith('config'))
            unknown.push(`${entry.name}: ${code}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  test('a fault that may pass is retryable, a fault of the hub is not', () => {
    expect(isRetryable(new HubError('HUB_SOURCE_TIMEOUT', 'late'))).toBe(true);
    expect(isRetryable(new HubError('HUB_SOURCE_SHAPE', 'a column is gone'))).toBe(false);
    expect(isRetryable(new Error('bug'))).toBe(false);
  });

  test('codes are told apart', () => {
    const error = new HubError('HUB_SOURCE_TIMEOUT', 'late');
    expect(isHubError(error, 'HUB_SOURCE_OPEN')).toBe(false);
    expect(isHubError(error, 'HUB_SOURCE_OPEN', 'HUB_SOURCE_TIMEOUT')).toBe(true);
  });
});
