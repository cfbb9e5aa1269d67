// From a global id to a row's key, as far as it is one of this type's.
import { parseId } from '../../schema/identity.ts';
import { isSoundText } from '../../store/write/copy-text.ts';
import type { CatalogType } from './catalog.ts';

/** Null for what is no id of this type, and so no row's; PostgreSQL would refuse text that no column can hold. */
export function toOwnKey(type: CatalogType, id: unknown): string | null {
  const parsed = parseId(String(id));
  if (parsed === null || parsed.unit !== type.unit || parsed.type !== type.type.name) return null;
  return isSoundText(parsed.key) ? parsed.key : null;
}
