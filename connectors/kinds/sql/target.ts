// A source's URL taken apart, once, at opening. Nothing that this file throws or returns in a message shows the URL.
import { HubError } from '../../../schema/errors.ts';
import { SCHEMES, toDialect } from './dialects/choose.ts';
import type { Dialect, Target, Tls } from './dialects/dialect.ts';

/** Words of the URL's one option, `sslmode`, as PostgreSQL's clients know them. */
const TLS: { readonly [word: string]: Tls } = {
  disable: 'off',
  require: 'unverified',
  'verify-full': 'verified',
};

/**
 * `scheme://user:password@host:port/database?sslmode=disable|require|verify-full`, percent-encoded where needed.
 * Throws HUB_CONFIG_INVALID naming the unit, the source and the part that is wrong, never its value.
 */
export function parseTarget(
  url: string,
  place: { readonly unit: string; readonly source: string },
): { readonly dialect: Dialect; readonly target: Target } {
  const refuse = (what: string) =>
    new HubError('HUB_CONFIG_INVALID', `${place.unit}.${place.source}: the url ${what}`, { place });
  if (!URL.canParse(url)) throw refuse('is no URL; percent-encode special characters of the password');
  const parts = new URL(url);
  const dialect = toDialect(parts.protocol.slice(0, -1));
  if (dialect === null) throw refuse(`must begin with one of: ${SCHEMES.join(' ')}`);
  for (const name of parts.searchParams.keys())
    if (name !== 'sslmode') throw refuse(`has an option that is not known: ${name} (only sslmode is)`);
  const tls = TLS[parts.searchParams.get('sslmode') ?? 'disable'];
  if (tls === undefined) throw refuse(`has an sslmode that is none of: ${Object.keys(TLS).join(' ')}`);
  const database = decode(parts.pathname.replace(/^\//, ''));
  const user = decode(parts.username);
  const password = decode(parts.password);
  if (database === null || user === null || password === null)
    throw refuse('has a % that begins no percent-encoded character');
  if (parts.hostname === '') throw refuse('names no host');
  if (database === '') throw refuse('names no database');
  return {
    dialect,
    target: {
      host: parts.hostname.replace(/^\[|\]$/g, ''),
      port: parts.port === '' ? null : Number(parts.port),
      user,
      password,
      database,
      tls,
    },
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
