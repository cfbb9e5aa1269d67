// After tsc: copies what is no TypeScript but belongs to the product (manifests, locks, division data) into dist/.
import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';

const KINDS = new Set(['.yaml', '.graphql', '.csv', '.geojson']);
/** Folders of what tests and tools read and the product does not. */
const LEFT_BEHIND = ['fixtures', 'origin'];

for (const folder of ['schema', 'connectors/units', 'sandbox']) {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (
      !entry.isFile() ||
      !KINDS.has(extname(entry.name)) ||
      entry.parentPath.split(sep).some((folder) => LEFT_BEHIND.includes(folder))
    )
      continue;
    const target = join('dist', entry.parentPath, entry.name);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(entry.parentPath, entry.name), target);
  }
}
await cp('package.json', 'dist/package.json');
