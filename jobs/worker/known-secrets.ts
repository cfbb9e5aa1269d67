// The secrets that a manifest names anywhere in a source: found by name before anything is opened, put in their places for
// the kind that opens it. A value is held behind `reveal` and prints as ***.
import type { Known } from '../../connectors/kit/contract.ts';
import type { SourceSpec } from '../../connectors/kit/manifest/model.ts';

export type Secrets = (name: string) => string | undefined;

/** Every secret that a source names: its address, and whatever stands in its own and its objects' keys. */
export function toSecretNames(spec: SourceSpec): readonly string[] {
  const names = new Set(spec.url === null ? [] : [spec.url.secret]);
  const look = (value: unknown): void => {
    const name = toSecretName(value);
    if (name !== null) names.add(name);
    else if (Array.isArray(value)) value.forEach(look);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  look(spec.settings);
  for (const object of spec.objects) look(object.settings);
  return [...names];
}

/** The same keys with each `{ secret: NAME }` as a `Known`. All names must be there (`toSecretNames`). */
export function withSecrets(
  keys: { readonly [key: string]: unknown },
  secrets: Secrets,
): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, reveal(value, secrets)]));
}

function reveal(value: unknown, secrets: Secrets): unknown {
  const name = toSecretName(value);
  if (name !== null) {
    const known = toKnown(secrets(name) ?? '');
    return isFrameSecret(value) ? { ...value, secret: known } : known;
  }
  if (Array.isArray(value)) return value.map((item) => reveal(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return withSecrets(value as { readonly [key: string]: unknown }, secrets);
}

function toSecretName(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('secret' in value)) return null;
  const isSecret = Object.keys(value).length === 1 || isFrameSecret(value);
  return typeof value.secret === 'string' && isSecret ? value.secret : null;
}

/** `auth.frame` names its secret beside the column in which frames show it (manifest §3.3). */
function isFrameSecret(value: unknown): value is { readonly column: string; readonly secret: string } {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).toSorted().join() === 'column,secret';
}

function toKnown(value: string): Known {
  return { reveal: () => value, toString: () => '***', toJSON: () => '***' };
}
