// Lists the licence of every installed dependency, and fails on one that was not agreed to.
// `npm run licences` prints a line a licence with its packages; `--all` a line a package.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Permissive licences that ask no more than a notice; MPL-2.0 is used unchanged, as files of its own. */
const AGREED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-3.0',
  'Python-2.0',
  'PostgreSQL',
  'UPL-1.0',
  'MPL-2.0',
  'Zlib',
  'WTFPL',
  'Artistic-2.0',
]);

/** Packages whose package.json says it in another way, read by a person. */
const READ_BY_HAND = {};

const packages = await listPackages('node_modules');
const byLicence = groupByLicence(packages);
const refused = packages.filter((entry) => !isAgreed(entry.licence));

if (process.argv.includes('--all'))
  for (const { name, version, licence } of packages) console.log(`${licence}\t${name}@${version}`);
else
  for (const [licence, entries] of [...byLicence].sort((a, b) => b[1].length - a[1].length))
    console.log(`${String(entries.length).padStart(4)}  ${licence}`);
console.log(`${packages.length} packages, ${refused.length} with a licence that was not agreed to`);
for (const { name, version, licence } of refused) console.error(`REFUSED  ${name}@${version}: ${licence}`);
process.exitCode = refused.length === 0 ? 0 : 1;

async function listPackages(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const at = join(folder, entry.name);
    if (entry.name.startsWith('@')) found.push(...(await listPackages(at)));
    else {
      const described = await readPackage(at);
      if (described !== null) found.push(described);
      found.push(...(await listPackages(join(at, 'node_modules'))));
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

async function readPackage(folder) {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { name, version, license, licenses } = JSON.parse(text);
  if (name === undefined || version === undefined) return null;
  const stated =
    typeof license === 'string'
      ? license
      : (license?.type ?? licenses?.map((one) => one.type ?? one).join(' OR '));
  return { name, version, licence: READ_BY_HAND[name] ?? stated ?? 'NONE STATED' };
}

/** `A OR B`: one agreed is enough. `A AND B`: all. */
function isAgreed(licence) {
  const text = licence.replace(/[()]/g, '');
  if (text.includes(' OR ')) return text.split(' OR ').some((one) => isAgreed(one.trim()));
  return text.split(' AND ').every((one) => AGREED.has(one.trim()));
}

function groupByLicence(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.licence, [...(groups.get(entry.licence) ?? []), entry]);
  return groups;
}
