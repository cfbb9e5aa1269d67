// The content hash of a row: what tells the writer that nothing changed. Native keys and times of receipt are no content.
import { hash } from 'node:crypto';
import type { MappedRow } from './outcome.ts';

export type RowContent = Pick<MappedRow, 'values' | 'links' | 'division' | 'deleted' | 'faults'>;

/**
 * SHA-256 (hex) over the content in a canonical order: fields by name, whatever their order in the manifest. Null fields
 * are left out, so that a field added to a manifest rewrites only the rows that have it. `fields` are the names, sorted.
 */
export function toRowHash(content: RowContent, fields: readonly string[]): string {
  return hash('sha256', toCanonicalContent(content, fields), 'hex');
}

function toCanonicalContent(
  { values, links, division, deleted, faults }: RowContent,
  fields: readonly string[],
): string {
  const written: unknown[] = [];
  for (const field of fields) {
    const value = values[field];
    if (value !== null && value !== undefined) written.push(field, value);
  }
  return JSON.stringify([
    written,
    links.map(({ link, key, lookup }) => [link, key, lookup?.fields ?? null, lookup?.values ?? null]),
    [division.code, division.basis],
    deleted,
    // A message may be worded better one day: that is no new content.
    faults.map(({ code, field, column, raw }) => [code, field, column, raw]),
  ]);
}
