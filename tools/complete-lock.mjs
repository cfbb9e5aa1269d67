// Completes package-lock.json: some registries do not serve every platform's binaries, npm then leaves those out of the
// lock, and `npm ci` refuses it everywhere. This adds them by name, version and platform: `npm run lock` after a change.
import { readFile, writeFile } from 'node:fs/promises';

const SYSTEMS = [
  'android',
  'darwin',
  'win32',
  'freebsd',
  'linux',
  'openharmony',
  'sunos',
  'aix',
  'netbsd',
  'openbsd',
];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'arm'];

const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
const added = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(place, name)) continue;
    const exact = /^\d+\.\d+\.\d+[\w.-]*$/.exec(version)?.[0];
    const platform = toPlatform(name);
    // Without a platform npm would try to fetch it on every machine.
    if (exact === undefined || platform === null)
      throw new Error(`${place}: cannot complete ${name}@${version}`);
    lock.packages[`node_modules/${name}`] = {
      version: exact,
      license: entry.license,
      optional: true,
      ...(entry.dev ? { dev: true } : {}),
      ...platform,
    };
    added.push(`${name}@${exact}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} platform packages added to the lock`);

/** As npm resolves: nested under its dependant, or at the top. */
function isLocked(place, name) {
  return `${place}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
}

function toPlatform(name) {
  const words = name.split('/').at(-1).replace('windows', 'win32').split(/[-.]/);
  const system = SYSTEMS.find((one) => words.includes(one));
  const processor = PROCESSORS.find((one) => words.includes(one));
  if (system === undefined || processor === undefined) return null;
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : null;
  return { os: [system], cpu: [processor], ...(libc === null ? {} : { libc }) };
}
