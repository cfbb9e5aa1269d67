// Global ids: `unit:Type:key`. The key is made of normalised parts, percent-encoded, joined by `~` (design §3, manifest §8).

export type EntityId = { readonly unit: string; readonly type: string; readonly key: string };

const MARKS = /[%~]/;
const FORM = /^([a-z][a-z-]{1,30}):([A-Z][A-Za-z0-9]*):(.+)$/s;

/** One key from its normalised parts; `%` and `~` are percent-encoded, so that no two keys can coincide. */
export function toKey(parts: readonly string[]): string {
  const [only = ''] = parts;
  if (parts.length === 1 && !MARKS.test(only)) return only;
  return parts.map((part) => part.replace(/[%~]/g, (mark) => (mark === '%' ? '%25' : '%7E'))).join('~');
}

/** The parts of a key, as `toKey` was given them. */
export function parseKey(key: string): string[] {
  return key.split('~').map((part) => part.replace(/%7E/g, '~').replace(/%25/g, '%'));
}

export function toId(id: EntityId): string {
  return `${id.unit}:${id.type}:${id.key}`;
}

/** The parts of a global id, or null when the text is none. */
export function parseId(id: string): EntityId | null {
  const parts = FORM.exec(id);
  if (parts === null) return null;
  const [, unit = '', type = '', key = ''] = parts;
  return { unit, type, key };
}
