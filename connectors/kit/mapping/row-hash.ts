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

const NO_FAULTS = '[]';

// The JSON text of [fields and values, links, division, deleted, faults], put together by hand: made once a row, and lists
// made only to be written cost more than the text. Hashes are stored: its form must never change.
function toCanonicalContent(
  { values, links, division, deleted, faults }: RowContent,
  fields: readonly string[],
): string {
  let written = '';
  for (const field of fields) {
    const value = values[field];
    if (value === null || value === undefined) continue;
    written += `${written === '' ? '' : ','}${toJson(field)},${toJson(value)}`;
  }
  let linked = '';
  for (const { link, key, lookup } of links)
    linked += `${linked === '' ? '' : ','}[${toJson(link)},${toJson(key)},${toJson(lookup?.fields ?? null)},${toJson(lookup?.values ?? null)}]`;
  // A message may be worded better one day: that is no new content.
  const noted =
    faults.length === 0
      ? NO_FAULTS
      : JSON.stringify(faults.map(({ code, field, column, raw }) => [code, field, column, raw]));
  return `[[${written}],[${linked}],[${toJson(division.code)},${toJson(division.basis)}],${deleted},${noted}]`;
}

/** Texts that JSON writes as they are. */
const PLAIN = /^[\w :~.+-]*$/;

function toJson(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
    return Object.is(value, -0) ? '0' : String(value);
  return JSON.stringify(value);
}
