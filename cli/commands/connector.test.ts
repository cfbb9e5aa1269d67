// The connector commands as a department runs them: exit codes and what is printed.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { toHubArguments } from '../../test/support/program.ts';

const UNIT = fileURLToPath(new URL('../../connectors/units/hydrology', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'hub-connector-')), 'hydrology');
  await cp(UNIT, folder, { recursive: true });
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

function run(...words: string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...toHubArguments('connector', ...words)],
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? 1, out: stdout + stderr }),
    );
  });
}

test('a lock that is as it should be is left alone, and building it again is no failure', async () => {
  expect(await run('lint', folder)).toEqual({ code: 0, out: `${folder}: 0 error(s), 0 other\n` });
  expect(await run('build', folder)).toEqual({
    code: 0,
    out: `${folder}: schema.graphql is as it should be\n`,
  });
  await writeFile(join(folder, 'schema.graphql'), '');
  expect((await run('lint', folder)).code).toBe(1);
  expect(await run('build', folder)).toEqual({ code: 0, out: `${folder}: schema.graphql written\n` });
});

test('faults are printed with file, line, column and id, and nothing is written', async () => {
  const file = join(folder, 'unit.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('unit: hydrology', 'unit: other'));
  for (const command of ['lint', 'build']) {
    const { code, out } = await run(command, folder);
    expect(code).toBe(1);
    expect(out).toContain(`${file}:`);
    expect(out).toMatch(/unit\.yaml:\d+:\d+ {2}M002 {2}/);
  }
});
