// Names inside SQL text: quoted always, never longer than PostgreSQL keeps. Values never come here; they are bound.
import { createHash } from 'node:crypto';
import { HubError } from '../schema/errors.ts';

/** PostgreSQL cuts longer identifiers silently, and two cut names could coincide. */
export const IDENTIFIER_BYTES = 63;

/** `"name"`. Throws HUB_STORE_MIGRATION for a name that PostgreSQL would cut. */
export function quoteIdentifier(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > IDENTIFIER_BYTES || name.includes('\0'))
    throw new HubError(
      'HUB_STORE_MIGRATION',
      `the name ${JSON.stringify(name)} must have 1 to ${IDENTIFIER_BYTES} bytes in the store, but has ${bytes}: shorten the type or field in unit.yaml`,
    );
  return `"${name.replaceAll('"', '""')}"`;
}

/** A quoted list: `"a", "b"`, each behind `prefix` (`t.`). */
export function quoteList(names: readonly string[], prefix = ''): string {
  return names.map((name) => prefix + quoteIdentifier(name)).join(', ');
}

/** `'text'`: for names of the manifest inside SQL text. Values of records are bound instead. */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new RangeError('must be text without NUL');
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** A name for an index or a staging table: as it is when it fits, else its head and a hash of the whole. */
export function toShortName(name: string): string {
  if (Buffer.byteLength(name) <= IDENTIFIER_BYTES) return name;
  return `${name.slice(0, IDENTIFIER_BYTES - 9)}_${toDigest(name)}`;
}

/** Eight hexadecimal characters that stand for a longer text. */
export function toDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
