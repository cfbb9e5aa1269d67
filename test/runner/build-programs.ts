// What tests start as processes, as JavaScript: a process that translates itself at its start takes two seconds of a core for it,
// and a run starts some three hundred. Types are only stripped, as for the tests themselves; what has not changed since the run
// before stays as it is. The folder lies in node_modules, so that packages are found from it.
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { transform } from '@swc/core';

const ROOT = join(import.meta.dirname, '../..');
const TARGET = join(ROOT, 'node_modules/.cache/test-programs');
const FOLDERS = ['schema', 'postgres', 'connectors', 'store', 'jobs', 'gateway', 'cli', 'sandbox', 'test'];
/** Beside the code, what it reads; tools/copy-assets.mjs has the same of the product. */
const ASSETS = new Set(['.yaml', '.graphql', '.csv', '.geojson', '.json']);

/** The last is an option of swc that its types do not know yet. */
const STRIPPED = {
  parser: { syntax: 'typescript' },
  target: 'es2022',
  rewriteRelativeImportExtensions: true,
} as const;

/** The folder of the built programs: `cli/hub.js` and so on. */
export async function buildPrograms(): Promise<string> {
  const wanted = new Map<string, string>([['package.json', 'package.json']]);
  for (const folder of FOLDERS)
    for (const name of await listFiles(folder)) {
      if (name.endsWith('.test.ts') || name.endsWith('.check.ts')) continue;
      if (extname(name) === '.ts') wanted.set(name.replace(/ts$/, 'js'), name);
      else if (ASSETS.has(extname(name))) wanted.set(name, name);
    }
  await mkdir(TARGET, { recursive: true });
  const standing = (await readdir(TARGET, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );
  for (const { parentPath, name } of standing) {
    const file = join(parentPath, name);
    if (!wanted.has(file.slice(TARGET.length + 1))) await rm(file, { force: true });
  }
  const left = [...wanted];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await build(...next);
    }),
  );
  return TARGET;
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1));
}

/** Under its name only when it is whole, and with its source's time: two runs may build at once. */
async function build(to: string, from: string): Promise<void> {
  const [source, target] = [join(ROOT, from), join(TARGET, to)];
  const { mtime } = await stat(source);
  const built = await stat(target).catch(() => null);
  if (built !== null && Math.abs(built.mtimeMs - mtime.getTime()) < 1) return;
  const draft = `${target}.${process.pid}`;
  await mkdir(dirname(target), { recursive: true });
  if (extname(from) !== '.ts') await copyFile(source, draft);
  else {
    const { code } = await transform(await readFile(source, 'utf8'), {
      filename: source,
      swcrc: false,
      jsc: STRIPPED,
      module: { type: 'es6' },
      sourceMaps: 'inline',
    });
    await writeFile(draft, code);
  }
  await utimes(draft, mtime, mtime);
  await rename(draft, target);
}
